#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace measures {

/// The kinds of record that a measure can count. A pair is the earliest score before and the latest after of
/// one episode, respondent and instrument.
enum class Population {
    episodes,
    sessions,
    reviews,
    pairs,
    scores,
    practitioners,
    supervisions,
    services,
    declarations,
    adaptations
};
constexpr std::size_t kPopulations = 10;
constexpr std::size_t placeOf(Population population) { return static_cast<std::size_t>(population); }

/// What a field holds. A yes-or-no is kept as 1 or 0.
enum class Type { date, whole, decimal, word, yesNo };

/// One thing recorded, or derived, of each record of a population.
struct Field {
    std::string_view name;
    Type type;
    std::string_view words;  ///< as it reads in a sentence: "date offered"
    /// The words it can hold, each between bars: `|held|missed|`; empty where any word may stand.
    std::string_view allowed = "";
};

std::string_view populationName(Population population);
std::optional<Population> populationNamed(std::string_view name);
/// One record of it: "episode".
std::string_view recordName(Population population);

/// In the order of a table's columns.
std::span<const Field> fieldsOf(Population population);
/// No value where the population has no such field.
std::optional<std::size_t> fieldNamed(Population population, std::string_view name);
/// The position of a field that must exist; for code that fills columns.
std::size_t column(Population population, std::string_view name);

/// The populations whose record each record of this one belongs to: a session belongs to an episode, a
/// practitioner and a service.
std::span<const Population> ownersOf(Population population);
bool belongsTo(Population child, Population owner);

}  // namespace measures
