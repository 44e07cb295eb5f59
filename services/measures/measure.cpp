#include "measures/measure.h"

#include <array>
#include <string_view>

namespace measures {
namespace {

constexpr std::string_view kOutcome = "outcome_improved";

constexpr std::array kMeasures{
    Measure{"referred", Kind::count, "Referred", "Episodes referred in the quarter.", "",
            "Shows how far the service is known to those who refer."},
    Measure{"offered", Kind::count, "Offered", "Episodes offered a place in the quarter.", "",
            "A family can take up only what it is offered."},
    Measure{"accepted", Kind::count, "Accepted", "Episodes in which the offer was accepted in the quarter.",
            "", "Shows whether what is offered is wanted."},
    Measure{"started", Kind::count, "Started", "Episodes started in the quarter.", "",
            "Starting is the first real contact with help."},
    Measure{"ended", Kind::count, "Ended", "Episodes ended in the quarter, for any reason.", "",
            "Dose and completion are counted when an episode ends."},
    Measure{"completed", Kind::count, "Completed",
            "Episodes that ended in the quarter because they were completed.", "",
            "A completed programme is what the evidence was gathered on."},
    Measure{"offered_of_referred", Kind::ratio, "Offered, of those referred",
            "Of the episodes referred in the quarter, those offered a place on whatever date.",
            "episodes referred", "Help that works has to be offered first."},
    Measure{"started_of_referred", Kind::ratio, "Started, of those referred",
            "Of the episodes referred in the quarter, those that started on whatever date.",
            "episodes referred", "Shows how many are lost between referral and start."},
    Measure{"start_timeliness", Kind::ratio, "Started in time",
            "Of the episodes started in the quarter, those that started within the intervention's waiting "
            "time of "
            "referral.",
            "episodes started", "A long wait loses families and lets trouble grow.", nullptr, nullptr,
            nullptr, "median_days"},
    Measure{"dose", Kind::ratio, "Sessions attended, of those expected",
            "Over started episodes that ended in the quarter: sessions held, counted up to the number "
            "expected, of "
            "the sessions expected.",
            "sessions expected", "An intervention delivered in part may not have its effect."},
    Measure{"completers", Kind::ratio, "Attended enough to count as completers",
            "Of the started episodes that ended in the quarter, those with at least the intervention's "
            "minimum of "
            "sessions.",
            "episodes ended", "Shows how many received enough to benefit."},
    Measure{
        "fidelity", Kind::ratio, "Reviews at fidelity",
        "Of the complete fidelity reviews dated in the quarter, those scoring at or above the intervention's "
        "threshold.",
        "complete reviews", "How an intervention is delivered decides whether it works.", nullptr,
        "incomplete", "mean"},
    Measure{"review_coverage", Kind::ratio, "Practitioners with a review",
            "Of the practitioners who held a session in the quarter, those with a complete fidelity review "
            "in it.",
            "practitioners delivering", "Fidelity says little if few practitioners were seen."},
    Measure{"trained", Kind::ratio, "Practitioners trained",
            "Of the practitioners who held a session in the quarter, those trained by its last day.",
            "practitioners delivering", "Training comes before faithful delivery."},
    Measure{"accredited", Kind::ratio, "Practitioners accredited",
            "Of the practitioners who held a session in the quarter, those accredited on its last day.",
            "practitioners delivering", "Accreditation shows that skill was checked."},
    Measure{
        "supervised", Kind::ratio, "Practitioners supervised in time",
        "Of the practitioners who held a session in the quarter, those supervised within the intervention's "
        "interval before its last day.",
        "practitioners delivering", "Supervision keeps delivery faithful over time."},
    Measure{"outcome_improved", Kind::ratio, "Reliably improved",
            "Of the children and families with a score before and after, the last one in the quarter, those "
            "whose "
            "score improved by more than measurement error explains.",
            "paired scores", "Change in what matters to families; monitoring, not proof of effect.",
            "worsened", "unpaired", "mean_change"},
};

}  // namespace

std::span<const Measure> allMeasures() { return kMeasures; }

const Measure* findMeasure(const std::string& name) {
    const auto id = std::string_view(name).substr(0, name.find(':'));
    for (const auto& measure : kMeasures)
        if (measure.id == id) return &measure;
    return nullptr;
}

bool isRatioMeasure(const std::string& name) {
    const auto* measure = findMeasure(name);
    const bool hasInstrument = !instrumentOf(name).empty();
    return measure != nullptr && measure->kind == Kind::ratio && hasInstrument == (measure->id == kOutcome);
}

std::string instrumentOf(const std::string& name) {
    const auto colon = name.find(':');
    return colon == std::string::npos ? "" : name.substr(colon + 1);
}

}  // namespace measures
