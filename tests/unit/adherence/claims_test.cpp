// Every rule of reports: what it finds in the smallest evidence for it, that it finds nothing next to that,
// and beside which expectations a finding stands.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/adherence/claims.h"
#include "unit/adherence/judged.h"

namespace adherence {
/// As gtest names a rule.
void PrintTo(const Rule& rule, std::ostream* out) { *out << rule.id; }
}  // namespace adherence

namespace {

using adherence::Finding;
using adherence::Judgement;
using adherence::kRules;
using adherence::Rule;
using claims::Case;
using claims::Claim;
using claims::Found;
using in_memory::EvidenceBuilder;
using in_memory::judged;
using ::testing::Contains;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::Not;

/// Everything that an expectation may speak of, by the schema of guidance.
const std::vector<std::string> kSpoken{"declarations", "actions",     "feedback", "meetings",
                                       "equality",     "spread",      "stages",   "partners",
                                       "levels",       "unevidenced", "quality",  "returns"};

std::vector<Claim> allClaims() {
    std::vector<Claim> all;
    for (const auto& family :
         {claims::ofRecommendations(), claims::ofServices(), claims::ofLeadership(), claims::ofTheUnknown()})
        all.insert(all.end(), family.begin(), family.end());
    return all;
}

std::vector<std::string> rulesOf(const Judgement& judgement) {
    std::vector<std::string> rules;
    for (const auto& one : judgement.findings) rules.emplace_back(one.rule->id);
    return rules;
}

class EachRule : public testing::TestWithParam<Rule> {
protected:
    /// The rule's claim. A rule without one is a failure.
    const Claim& claim() const {
        static const auto all = allClaims();
        const auto found = std::ranges::find(all, GetParam().id, &Claim::rule);
        if (found == all.end()) throw std::runtime_error(std::string(GetParam().id) + " claims nothing");
        return *found;
    }
    std::vector<const Finding*> foundBy(const Judgement& judgement) const {
        std::vector<const Finding*> found;
        for (const auto& one : judgement.findings)
            if (one.rule->id == GetParam().id) found.push_back(&one);
        return found;
    }
};

void expectFound(const Finding& finding, const Found& expected) {
    EXPECT_EQ(finding.text, expected.text);
    EXPECT_EQ(finding.enquiry, expected.enquiry);
    EXPECT_EQ(finding.recommendations, expected.recommendations);
    EXPECT_EQ(finding.services, expected.services);
}

}  // namespace

TEST_P(EachRule, HasEvidenceThatFiresItAndANeighbourThatDoesNot) {
    const auto fires = [](const Case& one) { return !one.found.empty(); };
    EXPECT_TRUE(std::ranges::any_of(claim().cases, fires));
    EXPECT_FALSE(std::ranges::all_of(claim().cases, fires));
}

TEST_P(EachRule, FindsExactlyWhatItClaims) {
    EXPECT_EQ(GetParam().kind, claim().kind);
    for (const auto& one : claim().cases) {
        SCOPED_TRACE(one.when);
        const auto all = judged(one.evidence);
        const auto found = foundBy(all->judgement);
        EXPECT_EQ(found.size(), one.found.size());
        for (std::size_t i = 0; i < std::min(found.size(), one.found.size()); ++i)
            expectFound(*found[i], one.found[i]);
        auto besides = rulesOf(all->judgement);
        std::erase(besides, GetParam().id);
        EXPECT_EQ(besides, one.besides);
    }
}

/// By what the expectation speaks of, or by a recommendation that both name.
TEST_P(EachRule, StandsBesideTheExpectationsThatItIsAbout) {
    const auto& one =
        *std::ranges::find_if(claim().cases, [](const Case& fires) { return !fires.found.empty(); });
    auto others = kSpoken;
    std::erase(others, claim().about);
    const auto& own = one.found.front().recommendations;
    const auto all = judged([&](EvidenceBuilder& evidence) {
        one.evidence(evidence);
        evidence.expect(others).expect(kSpoken).expect(others, {"offer-nothing"}).expect(kSpoken, own);
    });
    const auto found = foundBy(all->judgement);
    ASSERT_FALSE(found.empty());
    const auto place = static_cast<std::size_t>(found.front() - all->judgement.findings.data());
    const auto& expectations = all->judgement.expectations;
    EXPECT_THAT(expectations[0].findings, Not(Contains(place)));
    const bool isSpokenOf = !claim().about.empty();
    EXPECT_EQ(std::ranges::count(expectations[1].findings, place), isSpokenOf ? 1 : 0);
    EXPECT_THAT(expectations[2].findings, Not(Contains(place)));
    EXPECT_EQ(std::ranges::count(expectations[3].findings, place), isSpokenOf || !own.empty() ? 1 : 0);
}

INSTANTIATE_TEST_SUITE_P(Reports, EachRule, testing::ValuesIn(kRules), [](const auto& one) {
    std::string name(one.param.id);
    std::ranges::replace(name, '-', '_');
    return name;
});

TEST(Claims, AreOfRulesThatThereAre) {
    std::vector<std::string> claimed;
    std::vector<std::string> known;
    for (const auto& one : allClaims()) claimed.push_back(one.rule);
    for (const auto& one : kRules) known.emplace_back(one.id);
    std::ranges::sort(claimed);
    std::ranges::sort(known);
    EXPECT_THAT(claimed, ElementsAreArray(known));
    EXPECT_EQ(std::ranges::adjacent_find(known), known.end());
}

TEST(Claims, BeginWithEvidenceInWhichNoRuleFindsAnything) {
    EXPECT_THAT(rulesOf(judged([](EvidenceBuilder&) {})->judgement), IsEmpty());
    EXPECT_THAT(rulesOf(judged([](EvidenceBuilder& evidence) { evidence.service("S1"); })->judgement),
                IsEmpty());
}

/// An action is everybody's: an expectation of single recommendations shows its own in a line.
TEST(Findings, OfActionsStandBesideNoExpectationOfSingleRecommendations) {
    const auto all = judged([](EvidenceBuilder& evidence) {
        evidence.openAction(in_memory::kLastDay).expect({"actions"}).expect({"actions"}, {"offer-visits"});
    });
    ASSERT_THAT(rulesOf(all->judgement), ElementsAreArray({"actions-overdue"}));
    EXPECT_EQ(all->judgement.expectations[0].findings.size(), 1U);
    EXPECT_THAT(all->judgement.expectations[1].findings, IsEmpty());
}

TEST(Findings, StandByKindAndWithinItWhatIsSurestFirst) {
    const auto all = judged([](EvidenceBuilder& evidence) {
        evidence.recommend("letters")
            .recommend("visits", {in_memory::standard("dose"), in_memory::standard("fidelity")})
            .declare("offer-visits", "in place")
            .closedAction(in_memory::kLastDay, true);
        evidence.approach("S0");
        evidence.service("S1").figure("dose", 13, 20).figure("fidelity", 12, 20);
        evidence.rest().england.neighbours.clear();
    });
    EXPECT_THAT(rulesOf(all->judgement),
                ElementsAreArray({"declared-in-place", "standard-missed", "standard-missed-perhaps",
                                  "in-use-not-evidenced", "not-offered", "actions-closed", "no-neighbours"}));
}
