#pragma once

#include <map>
#include <optional>
#include <string>

#include "inspections/inspections.h"

namespace inspections {

/// What an authority says of itself about one expectation, for the yearly talk with the inspectorate.
struct SelfStatement {
    std::string known;      ///< what do we know about the quality and impact of practice
    std::string knownBy;    ///< how do we know it
    std::string plans;      ///< what are our plans
    std::string changedAt;  ///< UTC, as the database keeps it
    std::string changedBy;

    bool isEmpty() const { return known.empty() && knownBy.empty() && plans.empty(); }
};

/// Headings and evidence to edit, never a form that looks official. Years are financial: 2026 begins in April
/// 2026.
class SelfEvaluation {
public:
    static int yearOf(values::Date day);
    /// By expectation.
    static std::map<std::string, SelfStatement> of(platform::Transaction& tx, identity::AuthorityId authority,
                                                   int year);
    /// Audited with what was before and after.
    static void put(platform::Transaction& tx, identity::AuthorityId authority, int year,
                    const std::string& expectation, const SelfStatement& statement);

    /// Freezes a year's words, as JSON that the caller made of them, and gives them to an inspection.
    static void give(platform::Transaction& tx, const Inspection& inspection, const std::string& content);
    struct Given {
        std::string at;  ///< UTC, as the database keeps it
        std::string by;
        std::string fingerprint;
        std::string content;
    };
    /// The one that was given last; nothing where none was.
    static std::optional<Given> given(platform::Transaction& tx, const Inspection& inspection);
};

}  // namespace inspections
