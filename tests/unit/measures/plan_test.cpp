#include "measures/plan.h"

#include <gmock/gmock.h>

#include "measures/evaluate.h"
#include "unit/measures/small_service.h"

using nlohmann::json;
using ::testing::HasSubstr;
using values::Date;

namespace {

json measure(const json& parts) {
    json whole =
        json::parse(R"({"id": "new", "version": "1", "title": "New", "explanation": "E.", "why": "W.",
        "unit": "records", "direction": "higher", "author": "A", "checker": "C", "reviewed_on": "2026-01-01",
        "next_review_on": "2027-01-01", "population": "episodes", "aggregate": "count"})");
    whole.update(parts);
    return {{"measures", json::array({whole})}};
}

std::vector<values::FieldProblem> problemsOf(const json& added) {
    try {
        const auto catalogue = small::catalogueWith(added);
        const measures::Plan plan(catalogue);
    } catch (const values::Invalid& refusal) {
        return refusal.problems();
    }
    return {};
}

/// Refused at this pointer of the first measure, with these words in its rule, and for nothing else.
void expectRefused(const json& parts, const std::string& pointer, const std::string& rule) {
    const auto problems = problemsOf(measure(parts));
    ASSERT_EQ(problems.size(), 1U) << parts.dump();
    EXPECT_EQ(problems[0].where.file, "file.json");
    EXPECT_EQ(problems[0].where.column, "/measures/0" + pointer);
    EXPECT_THAT(problems[0].wanted, HasSubstr(rule));
}

measures::Figure figureOf(const json& parts, const small::Service& service,
                          values::Quarter quarter = small::kQuarter) {
    const auto catalogue = small::catalogueWith(measure(parts));
    const measures::Plan plan(catalogue);
    const auto facts = service.facts();
    return measures::Evaluator(plan, facts, *catalogue.intervention("i"))
        .figure(*plan.measure("new"), quarter);
}

small::Service threeEpisodes() {
    small::Service service;
    service.episodes = {{Date(2025, 4, 1), Date(2025, 4, 11), Date(2025, 6, 1), 3, "completed", "male"},
                        {Date(2025, 4, 1), Date(2025, 5, 1), Date(2025, 6, 2), 5, "moved"},
                        {Date(2025, 4, 2), std::nullopt, std::nullopt, 0}};
    return service;
}

}  // namespace

TEST(Plan, RefusesUnknownNamesAtTheirPlace) {
    expectRefused({{"where", {{"field", "colour"}, {"is", "red"}}}}, "/where/field",
                  "Name a field of episodes");
    expectRefused({{"where", {{"field", "school.name"}, {"is", "x"}}}}, "/where/field", "belongs to");
    expectRefused({{"where", {{"term", "nowhere"}}}}, "/where/term", "Name a term");
    expectRefused(
        {{"where",
          {{"all", {{{"field", "started_on"}, {"known", true}}, {{"parameter", "luck"}, {"at_least", 1}}}}}}},
        "/where/all/1/parameter", "Name a parameter");
    expectRefused({{"date", "sent_on"}}, "/date", "Name a field");
    expectRefused({{"breakdowns", {"colour"}}}, "/breakdowns/0", "Name a field");
}

TEST(Plan, RefusesTypesThatDoNotGoTogether) {
    expectRefused({{"where", {{"field", "sex"}, {"is", 3}}}}, "/where/is", "Compare a word with a word");
    expectRefused({{"where", {{"field", "sex"}, {"at_least", "male"}}}}, "/where/at_least",
                  "Compare numbers or dates");
    expectRefused({{"where", {{"field", "started_on"}, {"at_least", "soon"}}}}, "/where/at_least",
                  "Give a date");
    expectRefused({{"date", "sex"}}, "/date", "whether it is in the quarter");
    expectRefused({{"where", {{"field", "end_reason"}, {"is", "bored"}}}}, "/where/is",
                  "completed, withdrew");
    expectRefused({{"where", {{"plus", {1, {{"field", "sex"}}}}, {"at_least", 1}}}}, "/where/plus/1",
                  "Give a number");
    expectRefused({{"breakdowns", {"started_on"}}}, "/breakdowns/0", "holds a word");
}

TEST(Plan, RefusesASharesWithoutAnythingToBeOutOf) {
    expectRefused({{"aggregate", "ratio"}}, "", "out of");
    expectRefused({{"aggregate", "ratio"}, {"numerator", 1}, {"denominator", 0}}, "/denominator",
                  "above nothing");
    expectRefused({{"aggregate", "mean"}, {"value", {{"divided_by", {1, 0}}}}}, "/value/divided_by/1",
                  "other than nothing");
}

TEST(Plan, RefusesWhatWouldDoNothing) {
    expectRefused({{"counts", {{"field", "started_on"}, {"known", true}}}}, "/counts", "no use for it");
    expectRefused({{"where", {{"field", "sex"}, {"to", 3}, {"is", "male"}}}}, "/where/to", "means nothing");
}

TEST(Plan, RefusesRecordsThatBelongElsewhere) {
    expectRefused({{"population", "practitioners"}, {"where", {{"number_of", "episodes"}, {"at_least", 1}}}},
                  "/where/number_of", "do not");
    expectRefused({{"for_each", "instrument"}}, "/for_each", "pairs or scores");
}

TEST(Plan, RefusesATermThatNeedsItself) {
    auto added = measure(json::object());
    added["terms"] = json::array(
        {{{"id", "a"}, {"population", "episodes"}, {"title", "A"}, {"condition", {{"term", "b"}}}},
         {{"id", "b"},
          {"population", "episodes"},
          {"title", "B"},
          {"condition", {{"not", {{"term", "a"}}}}}}});
    const auto problems = problemsOf(added);
    ASSERT_FALSE(problems.empty());
    EXPECT_EQ(problems[0].where.column, "/terms/1/condition/not/term");
    EXPECT_THAT(problems[0].wanted, HasSubstr("cannot need itself"));
}

TEST(Plan, GathersEveryFault) {
    EXPECT_EQ(problemsOf(
                  measure({{"where", {{"all", {{{"field", "x"}, {"is", 1}}, {{"field", "y"}, {"is", 1}}}}}}}))
                  .size(),
              2U);
}

TEST(Plan, ComputesEqualExpressionsOnce) {
    const auto& nodes = small::plan().nodes();
    // Started, ended and the like ask again and again whether a date is in the quarter.
    std::size_t quarterDays = 0;
    for (const auto& node : nodes) quarterDays += node.operation == measures::Operation::quarterFirst ? 1 : 0;
    EXPECT_EQ(quarterDays, 1U);
}

TEST(Measure, CanCountByAnyDateAndCondition) {
    EXPECT_EQ(
        figureOf({{"date", "started_on"}, {"where", {{"field", "sex"}, {"is", "male"}}}}, threeEpisodes())
            .parts.proportion.numerator,
        1);
    EXPECT_EQ(
        figureOf(
            {{"where",
              {{"any", {{{"field", "sex"}, {"is", "male"}}, {{"field", "started_on"}, {"known", false}}}}}}},
            threeEpisodes())
            .parts.proportion.numerator,
        2);
}

TEST(Measure, TakesABlankAsNotMeetingAnyComparison) {
    const json before = {{"field", "started_on"}, {"less_than", "2030-01-01"}};
    EXPECT_EQ(figureOf({{"where", before}}, threeEpisodes()).parts.proportion.numerator, 2);
    EXPECT_EQ(figureOf({{"where", {{"not", before}}}}, threeEpisodes()).parts.proportion.numerator, 1);
}

/// Waits of 10 and 30 days, and one that is not known: each operator on both sides of where it turns.
TEST(Measure, ComparesAsItsOperatorsSay) {
    const auto count = [](json subject, const char* name, const json& with) {
        subject[name] = with;
        return figureOf({{"where", subject}}, threeEpisodes()).parts.proportion.numerator;
    };
    const json wait = {{"days_from", {{"field", "referred_on"}}}, {"to", {{"field", "started_on"}}}};
    EXPECT_EQ(count(wait, "at_least", 10), 2);
    EXPECT_EQ(count(wait, "at_least", 11), 1);
    EXPECT_EQ(count(wait, "at_most", 30), 2);
    EXPECT_EQ(count(wait, "at_most", 29), 1);
    EXPECT_EQ(count(wait, "more_than", 10), 1);
    EXPECT_EQ(count(wait, "more_than", 9), 2);
    EXPECT_EQ(count(wait, "less_than", 30), 1);
    EXPECT_EQ(count(wait, "less_than", 31), 2);
    EXPECT_EQ(count(wait, "is", 10), 1);
    EXPECT_EQ(count(wait, "is_not", 10), 1);
    EXPECT_EQ(count(wait, "is_one_of", {10, 11, 30}), 2);
    // 0.1 and 0.2 make a little more than 0.3 in binary, and 0.3 as they are written.
    const json sum = {{"plus", {0.1, 0.2}}};
    EXPECT_EQ(count(sum, "at_most", 0.3), 3);
    EXPECT_EQ(count(sum, "is", 0.3), 3);
    EXPECT_EQ(count(sum, "is_not", 0.3), 0);
    EXPECT_EQ(count(sum, "more_than", 0.3), 0);
}

TEST(Measure, TakesTheLeastOrTheMostOfWhatIsKnownWhole) {
    const json wait = {{"days_from", {{"field", "referred_on"}}}, {"to", {{"field", "started_on"}}}};
    const auto mean = [](const json& value) {
        const auto parts = figureOf({{"aggregate", "mean"}, {"value", value}}, threeEpisodes()).parts;
        EXPECT_EQ(parts.proportion.denominator, 2) << "a wait that is not known is none of 15 days";
        return *parts.mean();
    };
    EXPECT_EQ(mean({{"least", {wait, 15}}}), 12.5);
    EXPECT_EQ(mean({{"least", {15, wait}}}), 12.5);
    EXPECT_EQ(mean({{"most", {wait, 15}}}), 22.5);
    EXPECT_EQ(mean({{"most", {15, wait}}}), 22.5);
    EXPECT_EQ(mean({{"minus", {wait, 5}}}), 15);
    EXPECT_EQ(mean({{"divided_by", {wait, 2}}}), 10);
}

TEST(Measure, CanBeAMeanOrAMedianOfAnyNumber) {
    const json wait = {{"days_from", {{"field", "referred_on"}}}, {"to", {{"field", "started_on"}}}};
    EXPECT_EQ(*figureOf({{"aggregate", "mean"}, {"value", wait}}, threeEpisodes()).parts.mean(), 20);
    EXPECT_EQ(*figureOf({{"aggregate", "median"}, {"value", wait}}, threeEpisodes()).parts.median(1), 20);
    EXPECT_EQ(
        *figureOf({{"aggregate", "median"}, {"step", 7}, {"value", wait}}, threeEpisodes()).parts.median(7),
        17.5);
}

TEST(Measure, CanSumAndSearchWhatBelongsToARecord) {
    EXPECT_EQ(*figureOf({{"aggregate", "mean"},
                         {"value", {{"sum_of", "sessions"}, {"value", {{"field", "minutes"}}}}}},
                        threeEpisodes())
                   .parts.mean(),
              (3 + 5) * 60 / 3.0);
    EXPECT_EQ(
        figureOf(
            {{"where", {{"latest_of", "sessions"}, {"value", {{"field", "held_on"}}}, {"is", "2024-01-01"}}}},
            threeEpisodes())
            .parts.proportion.numerator,
        2);
    EXPECT_EQ(figureOf({{"population", "sessions"}, {"where", {{"field", "episode.sex"}, {"is", "male"}}}},
                       threeEpisodes())
                  .parts.proportion.numerator,
              3);
}

TEST(Measure, CanAskWhetherAServiceHasAnyAtAll) {
    const json presence = {{"aggregate", "presence"}, {"date", "ended_on"}};
    EXPECT_EQ(figureOf(presence, threeEpisodes()).parts.proportion, (values::Proportion{1, 1}));
    EXPECT_EQ(figureOf(presence, threeEpisodes(), small::kQuarter.next()).parts.proportion,
              (values::Proportion{0, 1}));
}

TEST(Measure, WithAParameterOfItsOwnIsForInterventionsThatStateIt) {
    auto added = measure({{"where", {{"number_of", "sessions"}, {"more_than", {{"parameter", "few"}}}}}});
    added["interventions"] = small::guidance()["interventions"];
    auto other = added["interventions"][0];
    other["id"] = "other";
    other["parameters"] = {{"few", 3}};
    added["interventions"].push_back(other);
    const auto catalogue = small::catalogueWith(added);
    const measures::Plan plan(catalogue);
    EXPECT_FALSE(measures::Plan::applies(*plan.measure("new"), *catalogue.intervention("i")));
    EXPECT_TRUE(measures::Plan::applies(*plan.measure("new"), *catalogue.intervention("other")));
}

TEST(Rules, ReadAsSentences) {
    const auto& dose = *small::plan().measure("dose");
    ASSERT_EQ(dose.own.rules.size(), 2U);
    EXPECT_EQ(dose.own.rules[0].words, "the date ended is in the quarter");
    EXPECT_EQ(dose.own.rules[1].words, "the episode started");
    const auto& timely = *small::plan().measure("start_timeliness");
    EXPECT_EQ(
        timely.own.counts.front().words,
        "days from the date referred to the date started is at most the days allowed from referral to start");
}

namespace {

std::string documentation() { return small::textOf("deploy/docs/measures.md"); }

/// Every fenced JSON block of the page, in order.
std::vector<json> examples() {
    std::vector<json> found;
    const auto page = documentation();
    for (auto at = page.find("```json"); at != std::string::npos; at = page.find("```json", at + 1)) {
        const auto start = page.find('\n', at);
        found.push_back(json::parse(page.substr(start, page.find("```", start) - start)));
    }
    return found;
}

}  // namespace

/// What a guidance author writes who has read the page and nothing else.
TEST(Documentation, ExampleIsComputedAsItSays) {
    const auto catalogue = small::catalogueWith(examples().at(0));
    const measures::Plan plan(catalogue);
    small::Service service;
    service.episodes = {{Date(2025, 1, 1), Date(2025, 3, 1), Date(2025, 5, 24), 3, "completed", "male"},
                        {Date(2025, 1, 1), Date(2025, 3, 1), Date(2025, 5, 25), 3, "completed"},
                        {Date(2025, 1, 1), std::nullopt, Date(2025, 5, 1), 0},
                        {Date(2025, 1, 1), Date(2025, 3, 1), Date(2025, 7, 1), 3}};
    const auto facts = service.facts();
    const auto figure = measures::Evaluator(plan, facts, *catalogue.intervention("i"))
                            .figure(*plan.measure("ended_within_twelve_weeks"), small::kQuarter);
    EXPECT_EQ(figure.parts.proportion, (values::Proportion{1, 2})) << "84 days are within, 85 are not";
    EXPECT_EQ(figure.groups.at("sex").at("male").proportion, (values::Proportion{1, 1}));
}

TEST(Documentation, SecondExampleIsComputedAsItSays) {
    const auto catalogue = small::catalogueWith(examples().at(1));
    const measures::Plan plan(catalogue);
    small::Service service;
    service.practitioners = {{Date(2025, 1, 1), Date(2026, 1, 1), {Date(2025, 4, 1), Date(2025, 5, 1)}},
                             {Date(2025, 1, 1), Date(2026, 1, 1), {Date(2025, 3, 31)}}};
    const auto facts = service.facts();
    EXPECT_EQ(measures::Evaluator(plan, facts, *catalogue.intervention("i"))
                  .figure(*plan.measure("supervised_this_quarter"), small::kQuarter)
                  .parts.proportion,
              (values::Proportion{1, 2}));
}

TEST(Documentation, ListsEveryPopulationAndFieldThereIs) {
    std::string table;
    for (std::size_t p = 0; p < measures::kPopulations; ++p) {
        const auto population = static_cast<measures::Population>(p);
        std::string owners;
        for (const auto owner : measures::ownersOf(population))
            owners += (owners.empty() ? "" : ", ") + std::string(measures::recordName(owner));
        std::string fields;
        for (const auto& field : measures::fieldsOf(population)) {
            fields += (fields.empty() ? "`" : ", `") + std::string(field.name) + "`";
            if (field.allowed.empty()) continue;
            auto words = std::string(field.allowed.substr(1, field.allowed.size() - 2));
            for (auto at = words.find('|'); at != std::string::npos; at = words.find('|'))
                words.replace(at, 1, ", ");
            fields += " (" + words + ")";
        }
        table += "| `" + std::string(measures::populationName(population)) + "` | " +
                 std::string(measures::recordName(population)) + " | " + (owners.empty() ? "–" : owners) +
                 " | " + fields + " |\n";
    }
    EXPECT_THAT(documentation(), HasSubstr(table));
}

TEST(Documentation, NamesEveryParameter) {
    for (const auto& parameter : measures::commonParameters())
        EXPECT_THAT(documentation(), HasSubstr("`" + std::string(parameter.name) + "`"));
}
