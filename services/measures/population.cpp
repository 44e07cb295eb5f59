#include "measures/population.h"

#include <algorithm>
#include <stdexcept>

namespace measures {
namespace {

struct Kind {
    std::string_view name;
    std::string_view record;
    std::vector<Field> fields;
    std::vector<Population> owners;
};

/// The whole vocabulary of measures. `deploy/docs/measures.md` shows it, and a test compares the two.
const std::array<Kind, kPopulations>& kinds() {
    using enum Population;
    using enum Type;
    static const std::array<Kind, kPopulations> all{{
        {"episodes",
         "episode",
         {{"referred_on", date, "date referred"},
          {"offered_on", date, "date offered"},
          {"accepted_on", date, "date accepted"},
          {"started_on", date, "date started"},
          {"ended_on", date, "date ended"},
          {"end_reason", word, "reason for ending", "|completed|withdrew|declined|moved|unsuitable|other|"},
          {"age_band", word, "age band", "|0-4|5-9|10-15|16-17|18-25|"},
          {"sex", word, "sex", "|female|male|not known|"},
          {"ethnic_group", word, "ethnic group", "|White|Mixed|Asian|Black|Other|Not known|"},
          {"disabled", word, "disability", "|yes|no|not known|"},
          {"need", word, "need"}},
         {services}},
        {"sessions",
         "session",
         {{"held_on", date, "date of the session"},
          {"status", word, "status", "|held|missed|cancelled|"},
          {"minutes", whole, "length in minutes"},
          {"mode", word, "mode", "|home|group|video|phone|office|school|community|other|"}},
         {episodes, practitioners, services}},
        {"reviews",
         "review",
         {{"reviewed_on", date, "date of the review"},
          {"reviewer", word, "reviewer", "|observer|supervisor|self|participant|"},
          {"checklist", word, "checklist"},
          {"checklist_version", whole, "version of the checklist"},
          {"is_complete", yesNo, "review is complete"},
          {"score", decimal, "score"},
          {"points", whole, "points scored"},
          {"possible_points", whole, "points possible"},
          {"adherence_score", decimal, "score for adherence"},
          {"exposure_score", decimal, "score for exposure"},
          {"quality_score", decimal, "score for quality"},
          {"responsiveness_score", decimal, "score for responsiveness"}},
         {practitioners, services}},
        {"pairs",
         "pair of scores",
         {{"instrument", word, "instrument"},
          {"respondent", word, "respondent"},
          {"before", decimal, "score before"},
          {"after", decimal, "score after"},
          {"before_on", date, "date of the score before"},
          {"after_on", date, "date of the score after"},
          {"change", decimal, "change from before to after"},
          {"improvement", decimal, "change for the better"}},
         {episodes, services}},
        {"scores",
         "score",
         {{"instrument", word, "instrument"},
          {"respondent", word, "respondent"},
          {"time_point", word, "time point", "|before|mid|after|follow-up|"},
          {"scored_on", date, "date of the score"},
          {"value", decimal, "score"}},
         {episodes, services}},
        {"practitioners",
         "practitioner",
         {{"role", word, "role"},
          {"trained_on", date, "date trained"},
          {"accredited_until", date, "last day of accreditation"},
          {"is_registered", yesNo, "practitioner is registered with the service"}},
         {services}},
        {"supervisions",
         "supervision",
         {{"held_on", date, "date of the supervision"}},
         {practitioners, services}},
        {"services",
         "service",
         {{"stage", word, "stage", "|exploration|installation|initial|full|paused|stopped|"},
          {"started_on", date, "date the service started"},
          {"ended_on", date, "date the service ended"},
          {"capacity_per_year", whole, "places a year"},
          {"provider", word, "provider"}},
         {}},
        {"declarations",
         "declaration",
         {{"recommendation", word, "recommendation"},
          {"status", word, "declared status", "|in place|partly|planned|not adopted|not applicable|"},
          {"declared_on", date, "date of the declaration"},
          {"has_evidence", yesNo, "evidence is given"},
          {"has_reason", yesNo, "a reason is given"}},
         {services}},
        {"adaptations",
         "adaptation",
         {{"adapted_on", date, "date of the adaptation"},
          {"modified", word, "what was modified", "|content|context|training|evaluation|"},
          {"is_planned", yesNo, "it was planned"},
          {"is_fidelity_consistent", yesNo, "it keeps the core functions"}},
         {services}},
    }};
    return all;
}

const Kind& kindOf(Population population) { return kinds()[placeOf(population)]; }

}  // namespace

std::string_view populationName(Population population) { return kindOf(population).name; }

std::optional<Population> populationNamed(std::string_view name) {
    const auto found = std::ranges::find(kinds(), name, &Kind::name);
    if (found == kinds().end()) return std::nullopt;
    return static_cast<Population>(found - kinds().begin());
}

std::string_view recordName(Population population) { return kindOf(population).record; }

std::span<const Field> fieldsOf(Population population) { return kindOf(population).fields; }

std::optional<std::size_t> fieldNamed(Population population, std::string_view name) {
    const auto fields = fieldsOf(population);
    const auto found = std::ranges::find(fields, name, &Field::name);
    if (found == fields.end()) return std::nullopt;
    return static_cast<std::size_t>(found - fields.begin());
}

std::size_t column(Population population, std::string_view name) {
    const auto found = fieldNamed(population, name);
    if (!found) throw std::logic_error("no field " + std::string(name));
    return *found;
}

std::span<const Population> ownersOf(Population population) { return kindOf(population).owners; }

bool belongsTo(Population child, Population owner) {
    return std::ranges::find(ownersOf(child), owner) != ownersOf(child).end();
}

}  // namespace measures
