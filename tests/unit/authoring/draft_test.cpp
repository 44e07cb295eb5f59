// A draft of a guide: begun from the version before, changed by a form, exported and taken back.

#include "authoring/draft.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "values/errors.h"

using namespace authoring;  // NOLINT: the room under test
using nlohmann::json;

namespace {

const std::string kCatalogue = R"({"guides": [
    {"id": "g", "version": "1", "title": "Guide", "publisher": "P", "effective_from": "2025-01-01", "recommendations": []},
    {"id": "g", "version": "2", "title": "Guide", "publisher": "P", "published": "2025-03-01",
     "effective_from": "2025-04-01", "changes": "Second.", "key_principles": [{"id": "p1", "text": "Be kind."}],
     "recommendations": [{"id": "r", "title": "Offer it", "strength": "good", "confirmed": true, "population": "Parents",
        "interventions": ["group"], "standards": [
          {"measure": "dose", "at_least": 0.7, "required": true, "min_n": 30, "basis": "guide", "reason": "most of it"},
          {"measure": "fidelity", "at_least": 0.8, "required": false, "min_n": 5, "basis": "local", "reason": "held"}]}]}
]})";

std::vector<std::string> faultsOf(const std::string& content, const values::Fields& form) {
    std::vector<std::string> fields;
    try {
        withForm(content, form);
    } catch (const values::Invalid& invalid) {
        for (const auto& one : invalid.problems()) fields.push_back(one.where.column);
    }
    return fields;
}

}  // namespace

TEST(Draft, BeginsFromTheNewestVersionWithoutItsDays) {
    const auto draft = json::parse(nextVersionOf(kCatalogue, "g"));
    EXPECT_EQ(draft.at("version"), "");
    EXPECT_FALSE(draft.contains("effective_from"));
    EXPECT_FALSE(draft.contains("published"));
    EXPECT_EQ(draft.at("key_principles").size(), 1U);
    EXPECT_EQ(draft.at("recommendations")[0].at("standards").size(), 2U);
    EXPECT_THROW(nextVersionOf(kCatalogue, "other"), values::NotFound);
    EXPECT_THROW(nextVersionOf("", "g"), values::NotFound);
}

TEST(Draft, TakesWhatTheFormSaysAndKeepsTheRest) {
    const auto changed = withForm(nextVersionOf(kCatalogue, "g"), {{"version", "3"},
                                                                   {"changes", "More of it."},
                                                                   {"effective_from", "1/4/2027"},
                                                                   {"r0.title", "Offer it to all"},
                                                                   {"r0.strength", ""},
                                                                   {"r0.s0.at_least", "72.5"},
                                                                   {"r0.s0.min_n", "40"},
                                                                   {"r0.s0.reason", "more of it"},
                                                                   {"r0.s1.remove", "yes"},
                                                                   {"r0.new.measure", "completers"},
                                                                   {"r0.new.at_least", "65"},
                                                                   {"r0.new.min_n", "10"},
                                                                   {"r0.new.required", "yes"},
                                                                   {"r0.new.reason", "enough"},
                                                                   {"new.id", "second"},
                                                                   {"new.title", "Offer that"},
                                                                   {"new.strength", "promising"},
                                                                   {"new.intervention", "visits"}});
    const auto guide = json::parse(changed);
    EXPECT_EQ(guide.at("version"), "3");
    EXPECT_EQ(guide.at("effective_from"), "2027-04-01");
    EXPECT_EQ(guide.at("key_principles").size(), 1U);
    ASSERT_EQ(guide.at("recommendations").size(), 2U);
    const auto& first = guide.at("recommendations")[0];
    EXPECT_EQ(first.at("title"), "Offer it to all");
    EXPECT_TRUE(first.at("strength").is_null());
    EXPECT_EQ(first.at("population"), "Parents");
    ASSERT_EQ(first.at("standards").size(), 2U);
    EXPECT_EQ(first.at("standards")[0].at("at_least"), 0.725);
    EXPECT_EQ(first.at("standards")[0].at("required"), false);  // a box that is not ticked sends nothing
    EXPECT_EQ(first.at("standards")[0].at("basis"), "guide");
    EXPECT_EQ(first.at("standards")[1].at("measure"), "completers");
    EXPECT_EQ(guide.at("recommendations")[1].at("interventions")[0], "visits");
    EXPECT_EQ(formOf(changed).recommendations[0].standards[0].atLeast, "72.5");
}

TEST(Draft, NamesEveryFieldThatIsWrong) {
    EXPECT_EQ(
        faultsOf(nextVersionOf(kCatalogue, "g"), {{"version", ""},
                                                  {"effective_from", "31/2/2027"},
                                                  {"r0.title", ""},
                                                  {"r0.strength", "huge"},
                                                  {"r0.s0.at_least", "120"},
                                                  {"r0.s0.min_n", "0"},
                                                  {"r0.s0.reason", ""},
                                                  {"new.id", "Not An Id"},
                                                  {"new.title", "T"}}),
        (std::vector<std::string>{"version", "effective_from", "r0.title", "r0.strength", "r0.s0.at_least",
                                  "r0.s0.min_n", "r0.s0.reason", "new.id", "new.intervention"}));
}

TEST(Draft, GoesOutAndComesBackUnchanged) {
    const auto draft = nextVersionOf(kCatalogue, "g");
    EXPECT_EQ(imported(exported(draft), "g"), draft);
    for (
        const auto* wrong :
        {"no JSON", "[]", R"({"id": "other", "recommendations": []})", R"({"id": "g"})",
         R"({"id": "g", "recommendations": [{"id": "r"}]})",
         R"({"id": "g", "recommendations": [{"id": "r", "interventions": [], "standards": [{"measure": 1}]}]})"})
        EXPECT_THROW(imported(wrong, "g"), values::Invalid) << wrong;
}
