// The rules about the quality of data, each with the examples that stand beside it: one record that keeps the
// rule, one that breaks it.

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "guidance/loader.h"
#include "measures/evaluate.h"
#include "measures/plan.h"

using measures::Facts;
using measures::Population;
using nlohmann::json;

namespace {

std::string textOf(const std::string& path) {
    std::ifstream file(std::string(PLUMBLINE_SOURCE) + "/" + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

guidance::Catalogue catalogue() {
    const std::string small = R"({"checklists": [{"id": "c", "version": 1, "items": [
        {"id": "a", "text": "a", "dimension": "adherence", "max": 2, "required": true},
        {"id": "b", "text": "b", "dimension": "adherence", "max": 2, "required": false}]}]})";
    return guidance::load(std::vector<guidance::Document>{{"quality-rules.json",
                                                           textOf("schema/guidance/quality-rules.json"), 0},
                                                          {"small.json", small, 0}},
                          textOf("schema/guidance/schema/catalogue.schema.json"), {})
        .guidance.latest();
}

double numberOf(const json& value, const measures::Field& field, Facts& facts) {
    if (value.is_null()) return measures::kUnknown;
    if (field.type == measures::Type::date)
        return values::Date::fromIso(value.get<std::string>()).value().serial();
    if (field.type == measures::Type::yesNo) return value.get<bool>() ? 1 : 0;
    return value.is_string() ? facts.code(value.get<std::string>()) : value.get<double>();
}

/// Facts from an example: records by population, each with its fields; `episode` says which one a record
/// belongs to.
Facts factsOf(const json& example, const guidance::Catalogue& guide) {
    Facts facts;
    for (const auto& [name, records] : example.items()) {
        const auto population = measures::populationNamed(name).value();
        auto& table = facts.table(population);
        for (const auto& record : records) {
            const auto fields = measures::fieldsOf(population);
            for (std::size_t f = 0; f < fields.size(); ++f) {
                const auto found = record.find(std::string(fields[f].name));
                const bool isFilled = f < table.columns.size();
                if (!isFilled) continue;
                table.columns[f].push_back(found == record.end() ? measures::kUnknown
                                                                 : numberOf(*found, fields[f], facts));
            }
            ++table.rows;
            for (const auto owner : measures::ownersOf(population))
                table.owners[measures::placeOf(owner)].push_back(
                    owner == Population::services || owner == Population::episodes ? 0 : measures::kNobody);
            if (population != Population::reviews) continue;
            std::string scores;
            for (const auto& score : record.at("scores"))
                scores += static_cast<char>(score.is_null() ? guidance::kBlank : score.get<int>());
            facts.addScores(scores);
        }
    }
    facts.complete(guide);
    return facts;
}

}  // namespace

TEST(QualityRules, HoldForTheirExamples) {
    const auto guide = catalogue();
    const measures::Plan plan(guide);
    guidance::Intervention intervention;
    intervention.id = "x";
    intervention.expectedSessions = 2;
    intervention.minimumShare = 1;
    const auto quarter = values::Quarter::containing(values::Date(2025, 5, 1));
    int rules = 0;
    for (const auto& measure : guide.measures) {
        if (measure.shown != guidance::Shown::quality) continue;
        ++rules;
        for (const bool isFailing : {false, true}) {
            const auto facts =
                factsOf(json::parse(isFailing ? measure.quality.failing : measure.quality.passing), guide);
            measures::Evaluator evaluator(plan, facts, intervention);
            const auto figure = evaluator.figure(*plan.measure(measure.id), quarter);
            EXPECT_EQ(figure.parts.proportion.numerator, isFailing ? 1 : 0)
                << measure.id << (isFailing ? ": the failing example passes" : ": the passing example fails");
        }
    }
    EXPECT_GE(rules, 20);
}

TEST(QualityRules, SayWhatIsWrongAndWhatToDo) {
    for (const auto& measure : catalogue().measures) {
        if (measure.shown != guidance::Shown::quality) continue;
        EXPECT_EQ(measure.aggregate, guidance::Aggregate::count) << measure.id;
        EXPECT_EQ(measure.id.rfind("dq_", 0), 0U) << measure.id;
        EXPECT_GT(measure.quality.message.size(), 20U) << measure.id;
        EXPECT_FALSE(measure.quality.fields.empty()) << measure.id;
    }
}
