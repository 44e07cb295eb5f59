#include "england/people.h"

#include <algorithm>
#include <array>

#include "values/json.h"

namespace england {
namespace {

using guidance::Measure;
using nlohmann::json;

/// Nothing of it, where there is none: then nothing is known of what it counts.
json definitionOf(const Measure& measure) {
    auto definition = values::tryParseJson(measure.definition);
    return definition.is_object() ? definition : json::object();
}

/// Whether each record of a share counts once, and stands for somebody: a family has many sessions.
bool countsRecords(const Measure& measure, const json& definition) {
    return measure.isShare() && !definition.contains("denominator") &&
           definition.value("population", "sessions") != "sessions";
}

bool areOfTheSame(const json& one, const json& other) {
    return std::ranges::all_of(std::array{"population", "date", "where"}, [&](const char* part) {
        return one.value(part, json()) == other.value(part, json());
    });
}

}  // namespace

std::vector<std::string> recordsBehind(const guidance::Catalogue& catalogue, const std::string& name) {
    const auto* measure = catalogue.measure(name);
    if (measure == nullptr) return {};
    const auto definition = definitionOf(*measure);
    if (countsRecords(*measure, definition)) return {name};
    std::vector<std::string> behind;
    for (const auto& other : catalogue.measures) {
        const auto its = definitionOf(other);
        if (other.isForEachInstrument == measure->isForEachInstrument && countsRecords(other, its) &&
            areOfTheSame(definition, its))
            behind.push_back(other.id + name.substr(measure->id.size()));
    }
    return behind;
}

}  // namespace england
