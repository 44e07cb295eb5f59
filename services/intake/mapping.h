#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "identity/authority_id.h"

namespace intake {

/// A header without case, spaces and underscores.
std::string folded(std::string_view header);

/// What the columns and words of a case system's export mean, as its authority said once.
struct Mapping {
    std::string stem;  ///< what a file of ours would be called: `episodes`, `fidelity_reviews.support-visit`
    std::map<std::string, std::string> columns;    ///< our column by their folded header
    std::map<std::string, std::string> constants;  ///< what a column holds in every row, by our column
    /// Our word for each of theirs, in lower case, by our column.
    std::map<std::string, std::map<std::string, std::string>> words;

    /// Empty where the header means nothing of ours.
    std::string columnOf(std::string_view header) const;
    /// The cell itself where no other word was given for it.
    std::string_view wordFor(const std::string& column, std::string_view cell) const;

    std::string json() const;
    static Mapping fromJson(const std::string& text);
};

/// What authorities said of their files' columns.
class Mappings {
public:
    /// What names a header: alike for the same columns in any order.
    static std::string nameOf(const std::vector<std::string>& header);
    static std::optional<Mapping> find(platform::Transaction& tx, identity::AuthorityId authority,
                                       const std::string& header);
    static void keep(platform::Transaction& tx, identity::AuthorityId authority, const std::string& header,
                     const Mapping& mapping);
};

}  // namespace intake
