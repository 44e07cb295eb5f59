#include "measures/level.h"

#include <algorithm>
#include <cmath>

#include "statistics/rounding.h"

namespace measures {
namespace {

/// A standard such as 0.7 is no binary fraction.
constexpr double kCloseEnough = 1e-9;

StandardResult judge(const guidance::Standard& standard, const std::vector<const Figures*>& running) {
    Figure pooled;
    for (const auto* figures : running) {
        const auto found = figures->find(standard.measure);
        if (found != figures->end()) pooled += found->second;
    }
    const auto& proportion = pooled.parts.proportion;
    Status status = Status::notMet;
    if (proportion.denominator == 0) status = Status::noData;
    else if (proportion.denominator < standard.minimumN) status = Status::tooFew;
    else if (*proportion.value() >= standard.atLeast - kCloseEnough) status = Status::met;
    return {&standard, std::move(pooled), status};
}

std::string wanted(double share) { return std::to_string(static_cast<int>(std::lround(share * 100))) + "%"; }

std::string reasonFor(const StandardResult& result, const guidance::Catalogue& catalogue) {
    const auto& counts = result.figure.parts.proportion;
    const auto* measure = catalogue.measure(result.standard->measure);
    const std::string unit = measure == nullptr ? "records" : measure->unit;
    const auto title = catalogue.measureTitle(result.standard->measure);
    const auto of =
        std::to_string(counts.numerator) + " of " + std::to_string(counts.denominator) + " " + unit;
    switch (result.status) {
        case Status::noData:
            return title + ": no " + unit + " in this quarter.";
        case Status::tooFew:
            return title + ": too few to judge, " + of + "; at least " +
                   std::to_string(result.standard->minimumN) + " are needed.";
        case Status::notMet:
            return title + ": " + percentBeside(counts, result.standard->atLeast) + " (" + of +
                   "), below the standard of at least " + wanted(result.standard->atLeast) + ".";
        case Status::met:
            return title + ": " + percent(counts) + " (" + of + "), meets the standard of at least " +
                   wanted(result.standard->atLeast) + ".";
    }
    return "";
}

/// `1 of 3 required standards `, to begin a sentence with.
std::string subject(std::size_t some, std::size_t all) {
    return std::to_string(some) + " of " + std::to_string(all) + " required standard" +
           (all == 1 ? "" : "s") + " ";
}

void addReasons(LevelResult& result, const guidance::Catalogue& catalogue,
                std::initializer_list<Status> which) {
    for (const auto& standard : result.standards)
        if (standard.standard->isRequired && std::ranges::find(which, standard.status) != which.end())
            result.reasons.push_back(reasonFor(standard, catalogue));
}

LevelResult nothingRunning(bool hasPlanned) {
    if (hasPlanned)
        return {
            Level::planned,
            {},
            {"No service that this recommendation names is running yet; at least one is being explored or "
             "installed."}};
    return {Level::notOffered, {}, {"No service that this recommendation names is running in this quarter."}};
}

}  // namespace

std::string levelName(Level level) {
    switch (level) {
        case Level::notOffered:
            return "not offered";
        case Level::planned:
            return "planned";
        case Level::tooLittleToJudge:
            return "too little to judge";
        case Level::partlyDelivered:
            return "partly delivered";
        case Level::deliveredAsIntended:
            return "delivered as intended";
    }
    return "";
}

std::string statusName(Status status) {
    switch (status) {
        case Status::noData:
            return "no data";
        case Status::tooFew:
            return "too few";
        case Status::met:
            return "met";
        case Status::notMet:
            return "not met";
    }
    return "";
}

LevelResult level(const guidance::Recommendation& recommendation, const guidance::Catalogue& catalogue,
                  const std::vector<const Figures*>& running, bool hasPlanned) {
    if (running.empty()) return nothingRunning(hasPlanned);
    LevelResult result{Level::partlyDelivered, {}, {}};
    for (const auto& standard : recommendation.standards)
        result.standards.push_back(judge(standard, running));

    std::size_t required = 0;
    std::size_t unknown = 0;
    std::size_t met = 0;
    for (const auto& standard : result.standards) {
        if (!standard.standard->isRequired) continue;
        ++required;
        if (standard.status == Status::noData || standard.status == Status::tooFew) ++unknown;
        if (standard.status == Status::met) ++met;
    }
    if (2 * unknown > required) {
        result.level = Level::tooLittleToJudge;
        result.reasons.push_back(subject(unknown, required) +
                                 "cannot be judged yet: more than half, so no level is given.");
        addReasons(result, catalogue, {Status::noData, Status::tooFew});
    } else if (met == required) {
        result.level = Level::deliveredAsIntended;
        result.reasons.push_back(required == 0 ? "A service is running, and no standard is required."
                                               : "Every required standard is met.");
        addReasons(result, catalogue, {Status::met});
    } else {
        result.reasons.push_back(subject(required - met, required) + (required - met == 1 ? "is" : "are") +
                                 " not shown to be met.");
        addReasons(result, catalogue, {Status::notMet, Status::noData, Status::tooFew});
    }
    return result;
}

std::string percent(const values::Proportion& proportion) {
    const auto text = statistics::percentText(proportion, 0);
    return text.empty() ? "" : text + "%";
}

std::string percentBeside(const values::Proportion& proportion, double atLeast) {
    constexpr std::int64_t kParts = 1'000'000;
    const values::Proportion standard{std::llround(atLeast * kParts), kParts};
    const auto share = proportion.value();
    if (!share || *share >= atLeast - kCloseEnough) return percent(proportion);
    int decimals = 0;
    while (decimals < 4 && *statistics::roundedPercent(proportion, decimals) >=
                               *statistics::roundedPercent(standard, decimals))
        ++decimals;
    return statistics::percentText(proportion, decimals) + "%";
}

}  // namespace measures
