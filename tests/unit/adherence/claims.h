#pragma once

#include <functional>
#include <string>
#include <vector>

#include "adherence/rules.h"
#include "unit/adherence/evidence_builder.h"

/// What each rule of reports claims, as a table: the smallest evidence in which it finds something, what it
/// then says, and its neighbours, in which it says nothing.
namespace claims {

using adherence::Rule;
using in_memory::EvidenceBuilder;
using Kind = Rule::Kind;

/// What a rule finds, to the letter.
struct Found {
    std::string text;
    std::string enquiry;
    std::vector<std::string> recommendations = {};
    std::vector<std::string> services = {};
};

struct Case {
    std::string when;
    std::function<void(EvidenceBuilder&)> evidence;
    std::vector<Found> found;  ///< by the rule; none where it must not fire
    std::vector<std::string> besides =
        {};  ///< the other rules that find something, in the order of the report
};

struct Claim {
    std::string rule;
    Kind kind;
    std::string about;  ///< the word that an expectation has to speak for the finding to stand beside it
    std::vector<Case> cases;
};

std::vector<Claim> ofRecommendations();
std::vector<Claim> ofServices();
std::vector<Claim> ofLeadership();
std::vector<Claim> ofTheUnknown();

}  // namespace claims
