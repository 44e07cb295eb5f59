#include "evidence/uptake.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "england/rollup.h"
#include "statistics/power.h"
#include "statistics/rounding.h"
#include "values/json.h"

namespace evidence {
namespace {

using platform::Account;
using platform::Statement;
using platform::Transaction;
using values::Quarter;

constexpr int kStudyQuarters = 4;
constexpr std::int64_t kRoundedTo = 5;

const Statement kSelectApproaches("count authorities by approach", Account::national, R"(
    SELECT signed_approach.approach, COUNT(DISTINCT one.authority_id)
    FROM quarterly_return AS one JOIN signed_approach ON signed_approach.return_id = one.id
    WHERE one.quarter = ? AND one.state = 'signed' AND NOT EXISTS (
        SELECT 1 FROM quarterly_return AS later WHERE later.authority_id = one.authority_id
            AND later.quarter = one.quarter AND later.version > one.version AND later.state = 'signed')
    GROUP BY signed_approach.approach)");
const Statement kSelectChange("sum change by instrument", Account::national, R"(
    SELECT wanted.measure, SUM(signed_count.numerator), SUM(signed_count.denominator)
    FROM quarterly_return AS one
    JOIN JSON_TABLE(?, '$[*]' COLUMNS (intervention VARCHAR(60) CHARACTER SET ascii PATH '$[0]',
        measure VARCHAR(130) CHARACTER SET ascii PATH '$[1]')) AS wanted
    JOIN signed_count ON signed_count.return_id = one.id AND signed_count.intervention = wanted.intervention
        AND signed_count.measure = wanted.measure
    WHERE one.quarter BETWEEN ? AND ? AND one.state = 'signed' AND NOT EXISTS (
        SELECT 1 FROM quarterly_return AS later WHERE later.authority_id = one.authority_id
            AND later.quarter = one.quarter AND later.version > one.version AND later.state = 'signed')
    GROUP BY wanted.measure)");
const Statement kSelectSites("sum what a study needs by authority", Account::national, R"(
    SELECT authority.name, signed_count.measure, SUM(signed_count.numerator), SUM(signed_count.denominator)
    FROM quarterly_return AS one
    JOIN JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(60) CHARACTER SET ascii PATH '$')) AS wanted
    JOIN signed_count ON signed_count.return_id = one.id AND signed_count.intervention = wanted.id
    JOIN authority ON authority.id = one.authority_id
    WHERE one.quarter BETWEEN ? AND ? AND one.state = 'signed' AND NOT EXISTS (
        SELECT 1 FROM quarterly_return AS later WHERE later.authority_id = one.authority_id
            AND later.quarter = one.quarter AND later.version > one.version AND later.state = 'signed')
    GROUP BY authority.name, signed_count.measure)");

int rankOf(const std::string& strength) {
    return strength == "strong" ? 0 : strength == "good" ? 1 : strength == "promising" ? 2 : 3;
}

double shareOf(std::size_t part, std::size_t whole) {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

Quarter quartersBefore(Quarter quarter, int count) {
    for (int i = 0; i < count; ++i) quarter = quarter.previous();
    return quarter;
}

}  // namespace

std::string findingTitle(Finding::Kind kind) {
    switch (kind) {
        case Finding::Kind::usedWithoutEvidence:
            return "Widely used without evidence";
        case Finding::Kind::rarelyOffered:
            return "Well evidenced, and rarely offered";
        case Finding::Kind::notAsIntended:
            return "Delivered, and not as intended";
        case Finding::Kind::unlikeTheTrials:
            return "Results unlike the trials’ direction";
    }
    return "";
}

std::vector<Finding> findingsOf(const Picture& picture) {
    std::vector<Finding> findings;
    for (const auto& one : picture.approaches)
        if (one.authorities >= kFewestUsing && shareOf(one.authorities, picture.returned) >= kWidelyUsed)
            findings.push_back({Finding::Kind::usedWithoutEvidence, one.name,
                                fmt::format("{} of {} authorities run it. No guide recommends it.",
                                            one.authorities, picture.returned)});
    for (const auto& one : picture.uptake) {
        const auto& strength = one.recommendation->strength;
        if ((strength == "strong" || strength == "good") && one.returned >= kFewestJudged &&
            shareOf(one.offering, one.returned) < kRarelyOffered)
            findings.push_back({Finding::Kind::rarelyOffered, one.recommendation->title,
                                fmt::format("Its evidence is {}, and {} of {} authorities offer it.",
                                            strength, one.offering, one.returned)});
        if (one.judged >= kFewestJudged && shareOf(one.asIntended, one.judged) < kMostlyAsIntended)
            findings.push_back(
                {Finding::Kind::notAsIntended, one.recommendation->title,
                 fmt::format("Of {} authorities that offer it and can be judged, {} deliver it as intended.",
                             one.judged, one.asIntended)});
    }
    for (const auto& one : picture.directions)
        if (one.pairs >= kFewestPairs && one.worse > one.better)
            findings.push_back(
                {Finding::Kind::unlikeTheTrials, one.name,
                 fmt::format(
                     "Of about {} families with scores before and after, more became reliably worse than "
                     "reliably better. This is no comparison with families that had no help.",
                     statistics::roundedToBase(one.pairs, 10))});
    return findings;
}

Picture pictureOf(Transaction& tx, const guidance::Catalogue& catalogue, Quarter quarter) {
    Picture picture{quarter, 0, {}, {}, {}, {}};
    const auto levels = england::Rollup::levels(tx, quarter);
    for (const auto& [recommendation, counts] : levels)
        picture.returned = std::max(picture.returned, counts.authorities);
    for (const auto& guide : catalogue.guides)
        for (const auto& one : guide.recommendations) {
            Uptake uptake{&guide, &one, picture.returned, 0, 0, 0, 0};
            if (const auto found = levels.find(one.id); found != levels.end()) {
                uptake.asIntended = found->second.at("delivered as intended");
                uptake.judged = uptake.asIntended + found->second.at("partly delivered");
                uptake.offering = uptake.judged + found->second.at("too little to judge");
                uptake.planned = found->second.at("planned");
            }
            picture.uptake.push_back(uptake);
        }
    std::ranges::stable_sort(picture.uptake, {}, [](const Uptake& one) {
        return std::pair(rankOf(one.recommendation->strength), one.offering);
    });
    for (auto rows = tx.query(kSelectApproaches, quarter); rows.next();) {
        const auto id = rows.text(0);
        const auto found = catalogue.approaches.find(id);
        picture.approaches.push_back({id, catalogue.nameOf(id),
                                      found == catalogue.approaches.end() ? "" : found->second.evidence,
                                      static_cast<std::size_t>(rows.number(1))});
    }
    std::ranges::sort(picture.approaches, std::ranges::greater(), &ApproachUse::authorities);
    auto wanted = nlohmann::json::array();
    for (const auto& [id, intervention] : catalogue.interventions)
        for (const auto& instrument : intervention.instruments)
            for (const auto* measure : {"outcome_improved:", "outcome_worsened:"})
                wanted.push_back({id, measure + instrument});
    std::map<std::string, Direction> byInstrument;
    for (auto rows =
             tx.query(kSelectChange, wanted.dump(), quartersBefore(quarter, kStudyQuarters - 1), quarter);
         rows.next();) {
        const auto instrument = guidance::instrumentOf(rows.text(0));
        const auto* known = catalogue.instrument(instrument);
        if (known == nullptr) continue;
        auto& of = byInstrument[instrument];
        of.instrument = instrument;
        of.name = known->name;
        if (rows.text(0).starts_with("outcome_improved:")) {
            of.better = rows.number(1);
            of.pairs = rows.number(2);
        } else {
            of.worse = rows.number(1);
        }
    }
    for (auto& [instrument, of] : byInstrument) picture.directions.push_back(std::move(of));
    picture.findings = findingsOf(picture);
    return picture;
}

Study studyOf(Transaction& tx, const guidance::Recommendation& recommendation, Quarter last, double effect) {
    std::map<std::string, std::map<std::string, values::Proportion>> byAuthority;
    for (auto rows = tx.query(kSelectSites, nlohmann::json(recommendation.interventions).dump(),
                              quartersBefore(last, kStudyQuarters - 1), last);
         rows.next();)
        byAuthority[rows.text(0)][rows.text(1)] = {rows.number(2), rows.number(3)};
    Study study;
    study.effect = effect;
    for (const auto& [authority, of] : byAuthority) {
        const auto at = [&measures = of](const std::string& measure) {
            const auto found = measures.find(measure);
            return found == measures.end() ? values::Proportion{} : found->second;
        };
        const auto started = at("started").numerator;
        const auto fidelity = at("fidelity");
        const auto ended = at("completers").denominator;
        std::int64_t pairs = 0;
        for (const auto& [measure, counts] : of)
            if (measure.starts_with("outcome_improved:")) pairs = std::max(pairs, counts.denominator);
        const double atFidelity = fidelity.value().value_or(0);
        const double complete =
            ended == 0 ? 0 : std::min(1.0, static_cast<double>(pairs) / static_cast<double>(ended));
        Site site{authority, statistics::roundedToBase(started, kRoundedTo), started >= kFewestStarts,
                  fidelity.denominator >= kFewestReviews && atFidelity >= kLeastAtFidelity &&
                      atFidelity <= kMostAtFidelity,
                  complete >= kCompleteOutcomes};
        if (site.isCandidate())
            study.families += static_cast<std::int64_t>(static_cast<double>(started) * complete);
        const int met = (site.hasVolume ? 1 : 0) + (site.hasVariation ? 1 : 0) + (site.hasOutcomes ? 1 : 0);
        if (met >= 2 && site.hasVolume) study.sites.push_back(std::move(site));
    }
    // Rounded first: whoever asks chooses the effect, and two powers would tell the true number.
    study.families = statistics::roundedToBase(study.families, kRoundedTo);
    study.power = statistics::powerOfTwoMeans(study.families / 2, effect);
    study.fewestPerArm = statistics::fewestPerArm(effect);
    return study;
}

}  // namespace evidence
