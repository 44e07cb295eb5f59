#include "guidance/loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "values/errors.h"

using guidance::Document;
using nlohmann::json;
using ::testing::HasSubstr;

namespace {

const std::string kSource = PLUMBLINE_SOURCE;

std::string textOf(const std::string& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

guidance::Vocabulary words() {
    return {{"stay-together", "family-network", "safe", "stable-homes"},
            {"multi-agency", "leaders", "workforce"}};
}

/// The smallest catalogue that is right; tests then break one thing.
json smallest() {
    return json::parse(R"({
        "guides": [{"id": "g", "version": "1", "title": "Guide", "publisher": "P", "recommendations": [
            {"id": "r", "title": "Offer it", "strength": null, "confirmed": false, "outcomes": ["safe"],
             "interventions": ["i"], "standards": [
                {"measure": "dose", "at_least": 0.7, "required": true, "min_n": 10, "basis": "local", "reason": "enough"}]}]}],
        "interventions": [{"id": "i", "name": "I", "dose": {"expected_sessions": 8, "minimum_share": 0.8},
            "start_within_days": 28, "supervision_within_days": 60, "fidelity": {"checklist": "c", "threshold": 0.8},
            "instruments": ["s"]}],
        "approaches": [{"id": "a", "name": "A", "evidence": "None."}],
        "checklists": [{"id": "c", "version": 1, "items": [
            {"id": "x", "text": "X", "dimension": "adherence", "max": 2, "required": true}]}],
        "instruments": [{"id": "s", "name": "S", "min": 0, "max": 40, "better": "lower", "sd": 5.8,
            "reliability": 0.82, "basis": "literature"}]})");
}

/// Over the standard measures.
guidance::LoadedCatalogue load(std::vector<Document> documents) {
    for (auto& document : documents) ++document.layer;
    documents.insert(documents.begin(), {"standard", textOf(kSource + "/schema/guidance/measures.json"), 0});
    return guidance::load(documents, textOf(kSource + "/schema/guidance/schema/catalogue.schema.json"),
                          words());
}

std::vector<values::FieldProblem> problemsOf(const json& catalogue) {
    try {
        load({{"file.json", catalogue.dump()}});
    } catch (const values::Invalid& refusal) {
        return refusal.problems();
    }
    return {};
}

/// Exactly one problem, at this pointer, with these words in its rule.
void expectProblem(const json& catalogue, const std::string& pointer, const std::string& rule) {
    const auto problems = problemsOf(catalogue);
    ASSERT_EQ(problems.size(), 1U) << pointer;
    EXPECT_EQ(problems[0].where.file, "file.json");
    EXPECT_EQ(problems[0].where.column, pointer);
    EXPECT_THAT(problems[0].wanted, HasSubstr(rule));
}

}  // namespace

TEST(Catalogue, LoadsWhatIsRight) {
    const auto loaded = load({{"file.json", smallest().dump()}});
    EXPECT_EQ(loaded.guidance.latest().guides.size(), 1U);
    EXPECT_EQ(loaded.guidance.latest().intervention("i")->completerSessions(), 7);
    EXPECT_EQ(loaded.guidance.latest().nameOf("a"), "A");
    EXPECT_EQ(loaded.guidance.latest().latestChecklist("c")->items.size(), 1U);
}

TEST(Catalogue, LoadsItsOwnTextAgain) {
    const auto loaded = load({{"file.json", smallest().dump()}});
    EXPECT_EQ(load({{"again", loaded.text}}).text, loaded.text);
}

TEST(Catalogue, RefusesAStandardOnAMeasureThatDoesNotExist) {
    auto broken = smallest();
    broken["guides"][0]["recommendations"][0]["standards"][0]["measure"] = "happiness";
    expectProblem(broken, "/guides/0/recommendations/0/standards/0/measure", "measure that exists");
}

TEST(Catalogue, RefusesAThresholdWithoutABasis) {
    auto broken = smallest();
    broken["guides"][0]["recommendations"][0]["standards"][0].erase("basis");
    expectProblem(broken, "/guides/0/recommendations/0/standards/0", "basis");
}

TEST(Catalogue, RefusesReferencesToWhatIsNotThere) {
    auto broken = smallest();
    broken["guides"][0]["recommendations"][0]["interventions"][0] = "nothing";
    expectProblem(broken, "/guides/0/recommendations/0/interventions/0", "an intervention");
    broken = smallest();
    broken["guides"][0]["recommendations"][0]["outcomes"][0] = "wealth";
    expectProblem(broken, "/guides/0/recommendations/0/outcomes/0", "an outcome");
    broken = smallest();
    broken["interventions"][0]["fidelity"]["checklist"] = "nothing";
    expectProblem(broken, "/interventions/0/fidelity/checklist", "a checklist");
    broken = smallest();
    broken["interventions"][0]["instruments"][0] = "nothing";
    expectProblem(broken, "/interventions/0/instruments/0", "an instrument");
    broken = smallest();
    broken["guides"][0]["recommendations"][0]["standards"][0]["measure"] = "outcome_improved:nothing";
    expectProblem(broken, "/guides/0/recommendations/0/standards/0/measure", "measure that exists");
}

TEST(Catalogue, RefusesIdsGivenTwiceAlsoAcrossFiles) {
    auto broken = smallest();
    broken["approaches"].push_back(broken["approaches"][0]);
    expectProblem(broken, "/approaches/1/id", "given twice");
    const json second{{"instruments", smallest()["instruments"]}};
    EXPECT_THROW(load({{"one.json", smallest().dump()}, {"two.json", second.dump()}}), values::Invalid);
}

TEST(Catalogue, RefusesAMisspeltField) {
    auto broken = smallest();
    broken["interventions"][0]["evidence_ratting"] = "3";
    EXPECT_EQ(problemsOf(broken).size(), 1U);
}

TEST(Catalogue, RefusesValuesOutOfRange) {
    auto broken = smallest();
    broken["guides"][0]["recommendations"][0]["standards"][0]["at_least"] = 70;
    const auto problems = problemsOf(broken);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].where.column, "/guides/0/recommendations/0/standards/0/at_least");
    EXPECT_EQ(problems[0].got, "70");
}

TEST(Catalogue, SaysWhereJsonBreaksOff) {
    EXPECT_THROW(load({{"broken.json", "{\"guides\": ["}}), values::Invalid);
}

namespace {

/// A second version of the guide that wants more, from a day on.
json secondVersion(const std::string& from) {
    auto second = json{{"guides", smallest()["guides"]}};
    auto& guide = second["guides"][0];
    guide["version"] = "2";
    if (!from.empty()) guide["effective_from"] = from;
    guide["recommendations"][0]["standards"][0]["at_least"] = 0.9;
    return second;
}

double standardOn(const guidance::LoadedCatalogue& loaded, values::Date day) {
    return loaded.guidance.on(day).guides.at(0).recommendations.at(0).standards.at(0).atLeast;
}

}  // namespace

TEST(Version, CountsFromItsDayAndTheOneBeforeUntilThen) {
    const auto loaded =
        load({{"one.json", smallest().dump()}, {"two.json", secondVersion("2026-10-01").dump()}});
    EXPECT_DOUBLE_EQ(standardOn(loaded, values::Date(2026, 9, 30)), 0.7);
    EXPECT_DOUBLE_EQ(standardOn(loaded, values::Date(2026, 10, 1)), 0.9);
    EXPECT_EQ(loaded.guidance.changes(), std::vector{values::Date(2026, 10, 1)});
    EXPECT_EQ(loaded.guidance.versionsOf("g").size(), 2U);
    const auto supposed = loaded.guidance.on(values::Date(2025, 4, 1), "g", "2");
    EXPECT_DOUBLE_EQ(supposed.guides.at(0).recommendations.at(0).standards.at(0).atLeast, 0.9);
}

TEST(Version, MustSayFromWhichDayItCounts) {
    try {
        load({{"one.json", smallest().dump()}, {"two.json", secondVersion("").dump()}});
        FAIL();
    } catch (const values::Invalid& refusal) {
        ASSERT_EQ(refusal.problems().size(), 1U);
        EXPECT_EQ(refusal.problems()[0].where.column, "/guides/0/effective_from");
    }
}

TEST(Version, MayBeWithdrawn) {
    auto only = smallest();
    only["guides"][0]["withdrawn_on"] = "2026-10-01";
    const auto loaded = load({{"one.json", only.dump()}});
    EXPECT_EQ(loaded.guidance.on(values::Date(2026, 9, 30)).guides.size(), 1U);
    EXPECT_TRUE(loaded.guidance.on(values::Date(2026, 10, 1)).guides.empty());
}

TEST(Version, NeedsWhatItNamesOnTheDaysOnWhichItCounts) {
    auto second = secondVersion("2026-10-01");
    second["guides"][0]["recommendations"][0]["interventions"] = {"later"};
    auto later = smallest()["interventions"][0];
    later["id"] = "later";
    later["effective_from"] = "2027-01-01";
    second["interventions"] = {later};
    const std::vector<Document> documents{{"one.json", smallest().dump()}, {"two.json", second.dump()}};
    EXPECT_THROW(load(documents), values::Invalid);
    second["interventions"][0]["effective_from"] = "2026-10-01";
    EXPECT_NO_THROW(load({{"one.json", smallest().dump()}, {"two.json", second.dump()}}));
}

TEST(Layers, PutAnEntryInThePlaceOfTheSameOneBelow) {
    const auto below = load({{"one.json", smallest().dump()}});
    auto changed = json{{"approaches", smallest()["approaches"]}};
    changed["approaches"][0]["name"] = "Another name";
    const auto loaded = load({{"kept", below.text, 0}, {"two.json", changed.dump(), 1}});
    EXPECT_EQ(loaded.guidance.latest().nameOf("a"), "Another name");
    EXPECT_EQ(loaded.guidance.guides.size(), 1U);
    EXPECT_EQ(load({{"kept", loaded.text, 0}, {"two.json", changed.dump(), 1}}).text, loaded.text)
        << "loading the same again changes nothing";
}

/// Everything that the product itself ships: it loads, and each statement says where it was read and when.
TEST(OwnGuidance, LoadsAndNamesItsSources) {
    std::vector<Document> documents{{"instruments", textOf(kSource + "/schema/reference/instruments.json")}};
    for (const auto& entry : std::filesystem::directory_iterator(kSource + "/schema/guidance"))
        if (entry.path().extension() == ".json" && entry.path().filename() != "measures.json")
            documents.push_back({entry.path().filename(), textOf(entry.path())});
    const auto loaded = load(documents);
    EXPECT_GE(loaded.guidance.latest().guides.size(), 5U);
    const auto content = json::parse(loaded.text);
    for (const auto& guide : content["guides"]) {
        EXPECT_TRUE(guide.contains("source")) << guide["id"];
        for (const auto* kind : {"recommendations", "evidence_gaps", "key_principles"})
            for (const auto& statement : guide.value(kind, json::array()))
                EXPECT_TRUE(statement.contains("source")) << statement["id"];
        for (const auto& recommendation : guide["recommendations"]) {
            EXPECT_TRUE(std::ranges::any_of(recommendation["standards"], [](const auto& s) {
                return s["required"] == true;
            })) << recommendation["id"];
            EXPECT_FALSE(recommendation["interventions"].empty()) << recommendation["id"];
        }
    }
    for (const auto* kind : {"interventions", "approaches", "checklists", "instruments"})
        for (const auto& statement : content[kind])
            EXPECT_TRUE(statement.contains("source")) << statement["id"];
}
