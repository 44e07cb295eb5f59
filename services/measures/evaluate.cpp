#include "measures/evaluate.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "measures/review.h"

namespace measures {
namespace {

using guidance::Intervention;
using values::Date;
using values::Quarter;

/// The facts, what the intervention expects, and the quarter asked about.
struct Question {
    const ServiceFacts& facts;
    const Intervention& intervention;
    const guidance::Catalogue& catalogue;
    Date first;
    Date last;

    bool holds(const std::optional<Date>& day) const { return day && first <= *day && *day <= last; }
};

Parts share(bool counts) { return {{counts ? 1 : 0, 1}, 0, 0, 0, 0, {}}; }

template <class Predicate>
Parts countEpisodes(const Question& q, Predicate counts) {
    Parts parts;
    parts.proportion.numerator = std::ranges::count_if(q.facts.episodes, counts);
    return parts;
}

/// Of the episodes referred in the quarter, those that reached a step on whatever date.
template <class Reached>
Parts ofReferred(const Question& q, Reached reached) {
    Parts parts;
    for (const auto& episode : q.facts.episodes)
        if (q.holds(episode.referredOn)) parts += share(reached(episode));
    return parts;
}

Parts startTimeliness(const Question& q) {
    Parts parts;
    for (const auto& episode : q.facts.episodes) {
        if (!q.holds(episode.startedOn)) continue;
        const int wait = episode.startedOn->daysSince(episode.referredOn);
        parts += share(wait <= q.intervention.startWithinDays);
        ++parts.days[wait];
    }
    return parts;
}

bool endedInQuarter(const Question& q, const EpisodeFacts& episode) {
    return episode.startedOn && q.holds(episode.endedOn);
}

/// An episode attended more often than expected counts as expected, never more.
Parts dose(const Question& q) {
    Parts parts;
    const int expected = q.intervention.expectedSessions;
    for (const auto& episode : q.facts.episodes)
        if (endedInQuarter(q, episode))
            parts.proportion += {std::min(episode.sessionsHeld, expected), expected};
    return parts;
}

Parts completers(const Question& q) {
    Parts parts;
    for (const auto& episode : q.facts.episodes)
        if (endedInQuarter(q, episode))
            parts += share(episode.sessionsHeld >= q.intervention.completerSessions());
    return parts;
}

/// The score of a complete review dated in the quarter.
std::optional<double> scoreOf(const Question& q, const ReviewFacts& review) {
    const auto* checklist = q.catalogue.checklist(review.checklist, review.version);
    return checklist == nullptr ? std::nullopt : reviewScore(*checklist, review.scores);
}

Parts fidelity(const Question& q) {
    Parts parts;
    for (const auto& review : q.facts.reviews) {
        if (!q.holds(review.reviewedOn)) continue;
        const auto score = scoreOf(q, review);
        if (!score) {
            ++parts.excluded;
            continue;
        }
        // 0.8 as points over points can fall a rounding short of 0.8 as a threshold.
        parts += share(*score >= q.intervention.fidelityThreshold - 1e-9);
        parts.sum += *score;
        parts.sumOfSquares += *score * *score;
    }
    return parts;
}

using Practitioners = std::set<PractitionerIndex>;

/// Those who held at least one session of the service in the quarter.
Practitioners delivering(const Question& q) {
    Practitioners found;
    for (const auto& session : q.facts.sessions)
        if (q.holds(session.heldOn)) found.insert(session.practitioner);
    return found;
}

Practitioners reviewed(const Question& q) {
    Practitioners found;
    for (const auto& review : q.facts.reviews)
        if (q.holds(review.reviewedOn) && scoreOf(q, review)) found.insert(review.practitioner);
    return found;
}

template <class Predicate>
Parts ofPractitioners(const Practitioners& who, Predicate counts) {
    Parts parts;
    for (const auto practitioner : who) parts += share(counts(practitioner));
    return parts;
}

bool isSupervised(const Question& q, const PractitionerFacts& practitioner) {
    return std::ranges::any_of(practitioner.supervisedOn, [&](Date day) {
        const int ago = q.last.daysSince(day);
        return ago >= 0 && ago < q.intervention.supervisionWithinDays;
    });
}

/// The scores that a pair is made of: the earliest before, the latest after.
struct Pair {
    const ScoreFacts* before = nullptr;
    const ScoreFacts* after = nullptr;
};

std::map<std::pair<std::uint32_t, std::string>, Pair> pairsOf(const Question& q,
                                                              const std::string& instrument) {
    std::map<std::pair<std::uint32_t, std::string>, Pair> pairs;
    for (const auto& score : q.facts.scores) {
        if (score.instrument != instrument) continue;
        auto& pair = pairs[{score.episode, score.respondent}];
        if (score.timePoint == TimePoint::before && (!pair.before || score.scoredOn < pair.before->scoredOn))
            pair.before = &score;
        if (score.timePoint == TimePoint::after && (!pair.after || score.scoredOn >= pair.after->scoredOn))
            pair.after = &score;
    }
    return pairs;
}

/// Reliable change (Jacobson and Truax 1991): more than 1.96 standard errors of a difference.
Parts outcomeImproved(const Question& q, const guidance::Instrument& instrument) {
    const double threshold =
        1.96 * instrument.standardDeviation * std::sqrt(2 * (1 - instrument.reliability));
    const double sign = instrument.isLowerBetter ? -1 : 1;
    Parts parts;
    for (const auto& [key, pair] : pairsOf(q, instrument.id)) {
        if (!pair.after || !q.holds(pair.after->scoredOn)) continue;
        if (!pair.before) {
            ++parts.excluded;
            continue;
        }
        const double change = pair.after->value - pair.before->value;
        parts += share(sign * change > threshold);
        parts.opposite += -sign * change > threshold ? 1 : 0;
        parts.sum += change;
        parts.sumOfSquares += change * change;
    }
    return parts;
}

}  // namespace

std::vector<Cell> evaluate(const ServiceFacts& facts, const Intervention& intervention,
                           const guidance::Catalogue& catalogue, Quarter quarter) {
    const Question q{facts, intervention, catalogue, quarter.first(), quarter.last()};
    const auto who = delivering(q);
    const auto seen = reviewed(q);
    const auto& staff = facts.practitioners;

    std::vector<Cell> cells{
        {"referred", countEpisodes(q, [&](const auto& e) { return q.holds(e.referredOn); })},
        {"offered", countEpisodes(q, [&](const auto& e) { return q.holds(e.offeredOn); })},
        {"accepted", countEpisodes(q, [&](const auto& e) { return q.holds(e.acceptedOn); })},
        {"started", countEpisodes(q, [&](const auto& e) { return q.holds(e.startedOn); })},
        {"ended", countEpisodes(q, [&](const auto& e) { return q.holds(e.endedOn); })},
        {"completed", countEpisodes(q, [&](const auto& e) { return q.holds(e.endedOn) && e.isCompleted; })},
        {"offered_of_referred", ofReferred(q, [](const auto& e) { return e.offeredOn.has_value(); })},
        {"started_of_referred", ofReferred(q, [](const auto& e) { return e.startedOn.has_value(); })},
        {"start_timeliness", startTimeliness(q)},
        {"dose", dose(q)},
        {"completers", completers(q)},
        {"fidelity", fidelity(q)},
        {"review_coverage", ofPractitioners(who, [&](auto p) { return seen.contains(p); })},
        {"trained",
         ofPractitioners(who, [&](auto p) { return staff[p].trainedOn && *staff[p].trainedOn <= q.last; })},
        {"accredited",
         ofPractitioners(
             who, [&](auto p) { return staff[p].accreditedUntil && *staff[p].accreditedUntil >= q.last; })},
        {"supervised", ofPractitioners(who, [&](auto p) { return isSupervised(q, staff[p]); })},
    };
    for (const auto& id : intervention.instruments)
        if (const auto* instrument = catalogue.instrument(id))
            cells.push_back({"outcome_improved:" + id, outcomeImproved(q, *instrument)});
    return cells;
}

std::vector<FunnelStep> cohortFunnel(const ServiceFacts& facts, Quarter quarter) {
    std::vector<FunnelStep> steps{
        {"Referred", 0}, {"Offered", 0}, {"Accepted", 0}, {"Started", 0}, {"Completed", 0}};
    for (const auto& episode : facts.episodes) {
        if (!quarter.contains(episode.referredOn)) continue;
        ++steps[0].episodes;
        if (episode.offeredOn) ++steps[1].episodes;
        if (episode.acceptedOn) ++steps[2].episodes;
        if (episode.startedOn) ++steps[3].episodes;
        if (episode.isCompleted) ++steps[4].episodes;
    }
    return steps;
}

std::optional<QuarterSpan> quarterSpan(const ServiceFacts& facts) {
    std::optional<Date> first;
    std::optional<Date> last;
    const auto see = [&](const std::optional<Date>& day) {
        if (!day) return;
        if (!first || *day < *first) first = day;
        if (!last || *day > *last) last = day;
    };
    for (const auto& e : facts.episodes)
        for (const auto& day :
             {std::optional(e.referredOn), e.offeredOn, e.acceptedOn, e.startedOn, e.endedOn})
            see(day);
    for (const auto& session : facts.sessions) see(session.heldOn);
    for (const auto& review : facts.reviews) see(review.reviewedOn);
    for (const auto& score : facts.scores) see(score.scoredOn);
    if (!first) return std::nullopt;
    return QuarterSpan{Quarter::containing(*first), Quarter::containing(*last)};
}

}  // namespace measures
