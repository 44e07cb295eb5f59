#pragma once

#include <memory>
#include <string>
#include <vector>

#include "platform/http.h"

namespace support {

/// An answer as the person who asked reads it: parsed once, asked by what people see. White space counts
/// once. What is asked for and not there throws std::out_of_range, which names it.
class Page {
public:
    explicit Page(const platform::Response& response);

    int status() const { return status_; }
    const std::string& html() const { return html_; }
    /// Where it sends the browser; empty for nowhere.
    const std::string& location() const { return location_; }

    /// All that can be read, without markup.
    std::string text() const;
    bool says(const std::string& words) const { return text().find(words) != std::string::npos; }
    /// The first heading.
    std::string heading() const;
    std::vector<std::string> headings() const;

    using Row = std::vector<std::string>;
    /// The cells of the row that begins with this heading, without it; of the first such row of the page, or
    /// of the table with this caption.
    Row row(const std::string& heading, const std::string& caption = "") const;
    /// All rows of the table with this caption, each with its heading.
    std::vector<Row> table(const std::string& caption) const;
    bool hasTable(const std::string& caption) const;
    /// What a list of facts says of this.
    std::string fact(const std::string& name) const;
    /// The texts of a list's items, of all lists.
    std::vector<std::string> items() const;

    /// Where the first link with this text leads.
    std::string link(const std::string& text) const;
    bool hasLink(const std::string& text) const;
    /// What a form's field holds, also a hidden one; of a list, the chosen value.
    std::string field(const std::string& name) const;
    bool hasField(const std::string& name) const;
    /// The values that a list offers.
    std::vector<std::string> choices(const std::string& name) const;
    /// What the error summary says.
    std::vector<std::string> errors() const;
    /// What is said at a field that is wrong; empty where nothing is.
    std::string errorAt(const std::string& field) const;
    /// The name of each chart's drawing: `funnel`.
    std::vector<std::string> charts() const;

    /// The texts that an XPath expression finds: for what has no question above.
    std::vector<std::string> at(const std::string& xpath) const;

private:
    struct Document;
    int status_;
    std::string html_;
    std::string location_;
    std::shared_ptr<const Document> document_;
};

}  // namespace support
