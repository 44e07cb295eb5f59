#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace adherence {

/// A rule by which a report finds something in its evidence.
struct Rule {
    enum class Kind { contradiction, gap, strength, unknown };  ///< in the order of a report
    enum class Place { first, middle, last };                   ///< within its kind: what is surest first

    std::string_view id;
    Kind kind;
    /// What an expectation has to speak of for a finding to stand beside it. Empty: a finding stands beside
    /// expectations that share a recommendation with it, and no others.
    std::string_view about;
    Place place = Place::middle;
};
std::string kindName(Rule::Kind kind);

/// Every rule of reports.
inline constexpr Rule kRules[]{
    // recommendation_rules.cpp
    {"delivered-as-intended", Rule::Kind::strength, ""},
    {"not-offered", Rule::Kind::gap, "", Rule::Place::last},
    {"standard-missed", Rule::Kind::gap, "", Rule::Place::first},
    {"standard-missed-perhaps", Rule::Kind::gap, ""},
    {"standard-surely-met", Rule::Kind::strength, ""},
    {"good-fidelity-few-reviewed", Rule::Kind::contradiction, ""},
    {"declared-in-place", Rule::Kind::contradiction, ""},
    {"declared-absent", Rule::Kind::contradiction, ""},
    {"plan-overdue", Rule::Kind::gap, ""},
    {"level-risen", Rule::Kind::strength, ""},
    {"level-fallen", Rule::Kind::gap, ""},
    // service_rules.cpp
    {"in-use-not-evidenced", Rule::Kind::gap, "unevidenced"},
    {"uneven", Rule::Kind::gap, "spread"},
    {"results-without-return", Rule::Kind::contradiction, ""},
    {"uneven-group", Rule::Kind::gap, "equality"},
    // leadership_rules.cpp
    {"actions-overdue", Rule::Kind::gap, "actions"},
    {"closed-without-evidence", Rule::Kind::contradiction, "actions"},
    {"actions-closed", Rule::Kind::strength, "actions"},
    {"meeting-not-offered", Rule::Kind::gap, "meetings"},
    {"family-plans-not-reviewed", Rule::Kind::gap, "meetings"},
    {"changed-since-signed", Rule::Kind::contradiction, "returns"},
    {"no-signed-return", Rule::Kind::unknown, "returns"},
    // unknown_rules.cpp
    {"too-little", Rule::Kind::unknown, ""},
    {"counts-only", Rule::Kind::unknown, ""},
    {"no-records", Rule::Kind::unknown, ""},
    {"characteristics-not-known", Rule::Kind::unknown, "equality"},
    {"little-feedback", Rule::Kind::unknown, "feedback"},
    {"no-comparison", Rule::Kind::unknown, ""},
    {"no-neighbours", Rule::Kind::unknown, ""},
};

/// The rule of this id. One that stands in no row of the table does not compile.
consteval const Rule* rule(std::string_view id) {
    for (const auto& one : kRules)
        if (one.id == id) return &one;
    throw std::invalid_argument("no rule of reports has this id");
}

}  // namespace adherence
