#include "support/page.h"

#include <libxml/HTMLparser.h>
#include <libxml/xpath.h>

#include <functional>
#include <stdexcept>

namespace support {
namespace {

std::string collapsed(const std::string& text) {
    std::string out;
    for (const char c : text) {
        const bool isSpace = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (!isSpace) out += c;
        else if (!out.empty() && out.back() != ' ') out += ' ';
    }
    if (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

std::string textOf(xmlNode* node) {
    const std::unique_ptr<xmlChar, void (*)(void*)> content(xmlNodeGetContent(node),
                                                            [](void* p) { xmlFree(p); });
    return collapsed(content ? reinterpret_cast<const char*>(content.get()) : "");
}

/// As a text in XPath, which has no way to write both kinds of quotes in one.
std::string quoted(const std::string& text) {
    if (text.find('\'') == std::string::npos) return "'" + text + "'";
    std::string parts = "concat(''";
    for (const char c : text) parts += c == '\'' ? ",\"'\"" : std::string(",'") + c + "'";
    return parts + ")";
}

}  // namespace

struct Page::Document {
    explicit Document(const std::string& html)
        : tree(htmlReadMemory(html.data(), static_cast<int>(html.size()), nullptr, "UTF-8",
                              HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING),
               xmlFreeDoc) {}

    std::vector<std::string> find(const std::string& xpath) const {
        std::vector<std::string> found;
        if (!tree) return found;
        const std::unique_ptr<xmlXPathContext, void (*)(xmlXPathContext*)> context(
            xmlXPathNewContext(tree.get()), xmlXPathFreeContext);
        const std::unique_ptr<xmlXPathObject, void (*)(xmlXPathObject*)> result(
            xmlXPathEvalExpression(reinterpret_cast<const xmlChar*>(xpath.c_str()), context.get()),
            xmlXPathFreeObject);
        if (!result) throw std::logic_error("not an XPath expression: " + xpath);
        if (result->nodesetval != nullptr)
            for (int i = 0; i < result->nodesetval->nodeNr; ++i)
                found.push_back(textOf(result->nodesetval->nodeTab[i]));
        return found;
    }
    std::size_t count(const std::string& xpath) const { return find(xpath).size(); }
    std::string first(const std::string& xpath, const std::string& what) const {
        const auto found = find(xpath);
        if (found.empty()) throw std::out_of_range("the page has no " + what);
        return found.front();
    }

    std::unique_ptr<xmlDoc, void (*)(xmlDoc*)> tree;
};

Page::Page(const platform::Response& response)
    : status_(response.status),
      html_(response.body),
      document_(std::make_shared<const Document>(response.body)) {
    for (const auto& [name, value] : response.headers)
        if (name == "Location") location_ = value;
}

std::string Page::text() const {
    std::string all;
    for (const auto& part : document_->find("//body//text()[normalize-space()][not(ancestor::script)]"))
        all += (all.empty() ? "" : " ") + part;
    return all;
}

std::string Page::heading() const { return document_->first("//h1", "first heading"); }
std::vector<std::string> Page::headings() const { return document_->find("//h1|//h2|//h3|//h4"); }

namespace {

std::string tableOf(const std::string& caption) {
    return caption.empty() ? "//table" : "//table[normalize-space(caption)=" + quoted(caption) + "]";
}

}  // namespace

Page::Row Page::row(const std::string& heading, const std::string& caption) const {
    const auto place =
        "(" + tableOf(caption) + "//tr[normalize-space(th[@scope='row'])=" + quoted(heading) + "])[1]";
    document_->first(place, "row " + heading);
    return document_->find(place + "/td");
}

std::vector<Page::Row> Page::table(const std::string& caption) const {
    document_->first(tableOf(caption), "table " + caption);
    std::vector<Row> rows;
    const auto place = "(" + tableOf(caption) + ")[1]/tbody/tr";
    for (std::size_t i = 1; i <= document_->count(place); ++i)
        rows.push_back(document_->find("(" + place + ")[" + std::to_string(i) + "]/*"));
    return rows;
}

bool Page::hasTable(const std::string& caption) const { return document_->count(tableOf(caption)) > 0; }

std::string Page::fact(const std::string& name) const {
    return document_->first("//dt[normalize-space()=" + quoted(name) + "]/following-sibling::dd[1]",
                            "fact " + name);
}

std::vector<std::string> Page::items() const { return document_->find("//main//li"); }

std::string Page::link(const std::string& text) const {
    return document_->first("//a[normalize-space()=" + quoted(text) + "]/@href", "link " + text);
}
bool Page::hasLink(const std::string& text) const {
    return document_->count("//a[normalize-space()=" + quoted(text) + "]") > 0;
}

std::string Page::field(const std::string& name) const {
    const auto named = "[@name=" + quoted(name) + "]";
    if (document_->count("//select" + named) > 0) {
        const auto chosen = document_->find("//select" + named + "/option[@selected]/@value");
        return chosen.empty() ? "" : chosen.front();
    }
    if (document_->count("//textarea" + named) > 0) return document_->find("//textarea" + named).front();
    document_->first("//input" + named, "field " + name);
    const auto values = document_->find("(//input" + named + ")[1]/@value");
    return values.empty() ? "" : values.front();
}

bool Page::hasField(const std::string& name) const {
    return document_->count("//*[self::input or self::select or self::textarea][@name=" + quoted(name) +
                            "]") > 0;
}

std::vector<std::string> Page::choices(const std::string& name) const {
    return document_->find("//select[@name=" + quoted(name) + "]/option/@value");
}

std::vector<std::string> Page::errors() const {
    return document_->find("//*[contains(@class,'govuk-error-summary__list')]/li");
}

std::string Page::errorAt(const std::string& field) const {
    const auto found = document_->find("//*[@id=" + quoted(field + "-error") + "]");
    if (found.empty()) return "";
    const std::string prefix = "Error: ";
    return found.front().rfind(prefix, 0) == 0 ? found.front().substr(prefix.size()) : found.front();
}

std::vector<std::string> Page::charts() const { return document_->find("//figure/@data-chart"); }

std::vector<std::string> Page::at(const std::string& xpath) const { return document_->find(xpath); }

}  // namespace support
