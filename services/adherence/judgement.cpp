#include "adherence/judgement.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <set>

#include "statistics/interval.h"
#include "statistics/quantile.h"

namespace adherence {

using guidance::Shown;
using measures::Level;
using measures::Status;
using values::Proportion;
using Verdict = Criterion::Verdict;

std::string gradeName(Strength::Grade grade) {
    static constexpr std::array kNames{"none", "limited", "moderate", "strong"};
    return kNames.at(static_cast<std::size_t>(grade));
}

std::string kindName(Finding::Kind kind) {
    static constexpr std::array kNames{"contradiction", "gap", "strength", "not known"};
    return kNames.at(static_cast<std::size_t>(kind));
}

Strength strengthOf(bool hasRecords, std::vector<Criterion> criteria) {
    Strength strength{Strength::Grade::none, std::move(criteria)};
    if (!hasRecords) return strength;
    int missed = 0;
    bool isAmountMissed = false;
    for (const auto& one : strength.criteria) {
        missed += one.verdict == Verdict::notMet ? 1 : 0;
        isAmountMissed = isAmountMissed || (one.name == "amount" && one.verdict == Verdict::notMet);
    }
    strength.grade = isAmountMissed || missed > 1 ? Strength::Grade::limited
                     : missed == 1                ? Strength::Grade::moderate
                                                  : Strength::Grade::strong;
    return strength;
}

namespace {

using Services = std::vector<const ServiceEvidence*>;

std::string shareWords(const Proportion& counts) {
    return fmt::format("{} ({} of {})", measures::percent(counts), counts.numerator, counts.denominator);
}

std::string numberWords(std::int64_t number, const std::string& one, const std::string& many) {
    return fmt::format("{} {}", number, number == 1 ? one : many);
}

std::string listed(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
    return text;
}

std::string quoted(const std::string& words) { return "“" + words + "”"; }

Verdict verdictOf(bool isMet) { return isMet ? Verdict::met : Verdict::notMet; }

/// Where the interval leaves no doubt on which side of a standard the figure lies.
bool isSurelyBelow(const Proportion& counts, double atLeast) {
    const auto interval = statistics::wilson(counts);
    return interval && interval->upper < atLeast;
}
bool isSurelyAtLeast(const Proportion& counts, double atLeast) {
    const auto interval = statistics::wilson(counts);
    return interval && interval->lower >= atLeast;
}

class Judging {
public:
    explicit Judging(const Evidence& evidence)
        : evidence_(evidence), catalogue_(evidence.edition->catalogue) {}

    Judgement run() {
        for (const auto& one : evidence_.services)
            if (one->intervention == nullptr && one->service.isRunning())
                judged_.unevidenced.push_back(one.get());
        for (const auto& one : evidence_.recommendations)
            judged_.strengths.emplace(one.recommendation->id, strengthOfRecommendation(one));
        spreads();
        equality();
        for (const auto& one : evidence_.recommendations) ofRecommendation(one);
        notOffered();
        ofServices();
        ofStatements();
        ofReturns();
        notKnown();
        std::ranges::stable_sort(judged_.findings, {}, [](const Finding& one) {
            return std::pair(one.kind, one.rule == "standard-missed" ? 0 : one.rule == "not-offered" ? 2 : 1);
        });
        for (const auto& one : catalogue_.expectations) judged_.expectations.push_back(ofExpectation(one));
        return std::move(judged_);
    }

private:
    void add(Finding::Kind kind, const std::string& rule, std::string text, std::string enquiry,
             std::vector<std::string> recommendations = {}, std::vector<std::string> services = {}) {
        judged_.findings.push_back({kind, rule, std::move(text), std::move(enquiry),
                                    std::move(recommendations), std::move(services)});
    }

    // --- how strong evidence is ---------------------------------------------------------------------------

    Criterion amount(const RecommendationEvidence& one) const {
        std::vector<std::string> few;
        std::size_t required = 0;
        for (const auto& standard : one.result.standards) {
            if (!standard.standard->isRequired) continue;
            ++required;
            const auto& counts = standard.figure.parts.proportion;
            if (counts.denominator < standard.standard->minimumN)
                few.push_back(fmt::format("{} rests on {} of {}",
                                          catalogue_.measureTitle(standard.standard->measure),
                                          counts.denominator, standard.standard->minimumN));
        }
        if (required == 0) return {"amount", Verdict::notApplicable, "No standard is required."};
        return {"amount", verdictOf(few.empty()),
                few.empty() ? "Every required standard rests on enough records."
                            : "Too few records: " + listed(few) + "."};
    }

    static Criterion completeness(const Services& services) {
        Proportion quarters;
        std::vector<std::string> countsOnly;
        for (const auto* one : services) {
            quarters.numerator += one->service.countsOnly ? 0 : one->quartersWithRecords;
            quarters.denominator += one->quartersLive;
            if (one->service.countsOnly) countsOnly.push_back(one->service.name);
        }
        auto words =
            fmt::format("{} of {} quarters in which services ran have single records; {:.0f}% is asked for.",
                        quarters.numerator, quarters.denominator, kCompleteShare * 100);
        if (!countsOnly.empty()) words += " Counts alone: " + listed(countsOnly) + ".";
        return {"completeness",
                quarters.denominator == 0 ? Verdict::notApplicable
                                          : verdictOf(*quarters.value() >= kCompleteShare - 1e-9),
                words};
    }

    Criterion recency(const Services& services) const {
        std::optional<values::Date> last;
        for (const auto* one : services)
            if (one->lastRecord && (!last || *last < *one->lastRecord)) last = one->lastRecord;
        if (!last) return {"recency", Verdict::notApplicable, "There is no dated record."};
        const auto age = evidence_.question.known.day.daysSince(*last);
        return {"recency", verdictOf(age <= kStaleAfterDays),
                fmt::format("The latest record is of {}; older than twelve months is stale.", last->text())};
    }

    Criterion independence(const Services& services) const {
        Proportion reviews;
        bool isAsked = false;
        for (const auto* one : services) {
            isAsked = isAsked || one->intervention != nullptr;
            if (const auto found = one->pooled.find("independent_reviews"); found != one->pooled.end()) {
                reviews.numerator += found->second.parts.proportion.numerator;
                reviews.denominator += found->second.parts.proportion.denominator;
            }
        }
        if (!isAsked || reviews.denominator == 0)
            return {"independence", Verdict::notApplicable, "There is no complete review of a session."};
        return {"independence", verdictOf(*reviews.value() >= kIndependentShare - 1e-9),
                shareWords(reviews) +
                    " of the reviews were made by an observer or a supervisor; half is asked for."};
    }

    /// Of those who started and ended, how many have scores before and after.
    Criterion response(const Services& services) const {
        Proportion answered;
        bool isAsked = false;
        for (const auto* one : services) {
            if (one->intervention == nullptr || one->intervention->instruments.empty()) continue;
            isAsked = true;
            const auto ended = one->pooled.find("completers");
            if (ended == one->pooled.end()) continue;
            std::int64_t pairs = 0;
            for (const auto& instrument : one->intervention->instruments)
                if (const auto found = one->pooled.find("outcome_improved:" + instrument);
                    found != one->pooled.end())
                    pairs = std::max(pairs, found->second.parts.proportion.denominator);
            answered.denominator += ended->second.parts.proportion.denominator;
            answered.numerator += std::min(pairs, ended->second.parts.proportion.denominator);
        }
        if (!isAsked)
            return {"response", Verdict::notApplicable, "No outcome is measured with an instrument."};
        if (answered.denominator == 0)
            return {"response", Verdict::notApplicable, "No started episode has ended."};
        return {"response", verdictOf(*answered.value() >= kResponseShare - 1e-9),
                shareWords(answered) + " of those who ended have scores before and after; 60% is asked for."};
    }

    Strength strengthOfRecommendation(const RecommendationEvidence& one) const {
        const bool hasRecords = std::ranges::any_of(
            one.running, [](const auto* service) { return service->quartersWithRecords > 0; });
        return strengthOf(hasRecords, {amount(one), completeness(one.running), recency(one.running),
                                       independence(one.running), response(one.running)});
    }

    // --- findings -----------------------------------------------------------------------------------------

    static std::vector<std::string> references(const Services& services) {
        std::vector<std::string> all;
        for (const auto* one : services) all.push_back(one->service.reference);
        return all;
    }

    /// What the recommendation asks for, by the names of the interventions that run.
    std::string subjectOf(const RecommendationEvidence& one) const {
        std::vector<std::string> names;
        for (const auto* service : one.running)
            if (auto name = catalogue_.nameOf(service->service.intervention);
                std::ranges::find(names, name) == names.end())
                names.push_back(std::move(name));
        return names.empty() ? quoted(one.recommendation->title) : listed(names);
    }

    std::string standardWords(const measures::StandardResult& one) const {
        return catalogue_.measureTitle(one.standard->measure) + " " + shareWords(one.figure.parts.proportion);
    }

    void ofRecommendation(const RecommendationEvidence& one) {
        const auto& id = one.recommendation->id;
        const auto title = subjectOf(one);
        const auto running = references(one.running);
        const auto level = one.result.level;
        const auto grade = judged_.strengths.at(id).grade;
        if (level == Level::deliveredAsIntended) {
            std::vector<std::string> met;
            for (const auto& standard : one.result.standards)
                if (standard.standard->isRequired) met.push_back(standardWords(standard));
            add(Finding::Kind::strength, "delivered-as-intended",
                title + " is delivered as intended: " + listed(met) + ". The evidence is " +
                    gradeName(grade) + ".",
                "", {id}, running);
        }
        for (const auto& standard : one.result.standards) ofStandard(one, standard);
        ofDeclared(one, title, running);
        drift(one, title, running);
    }

    /// One finding of all that nobody gave a reason for; one each where somebody did.
    void notOffered() {
        std::vector<std::string> titles;
        std::vector<std::string> ids;
        for (const auto& one : evidence_.recommendations) {
            if (one.result.level != Level::notOffered) continue;
            const auto title = quoted(one.recommendation->title);
            const bool hasReason =
                one.declared && !one.declared->reason.empty() &&
                (one.declared->status == "not adopted" || one.declared->status == "not applicable");
            if (!hasReason) {
                titles.push_back(title);
                ids.push_back(one.recommendation->id);
                continue;
            }
            add(Finding::Kind::gap, "not-offered",
                fmt::format("{} is not offered. The authority says: {}; {}.", title, one.declared->status,
                            one.declared->reason),
                "Is the reason given for " + title + " still sound, and what is offered instead?",
                {one.recommendation->id});
        }
        if (titles.empty()) return;
        add(Finding::Kind::gap, "not-offered",
            fmt::format("Not offered, and no reason on record: {}. No service that these name is running.",
                        listed(titles)),
            "What is offered to those for whom these are recommended?", ids);
    }

    void ofStandard(const RecommendationEvidence& one, const measures::StandardResult& standard) {
        const auto& id = one.recommendation->id;
        const auto running = references(one.running);
        const auto& counts = standard.figure.parts.proportion;
        const auto asked = fmt::format(
            "at least {:.0f}% is asked for, a threshold from {}", standard.standard->atLeast * 100,
            standard.standard->basis == guidance::Basis::guide        ? "the guide"
            : standard.standard->basis == guidance::Basis::programme  ? "the programme"
            : standard.standard->basis == guidance::Basis::literature ? "the literature"
                                                                      : "this product, not the guide");
        const auto title = catalogue_.measureTitle(standard.standard->measure);
        if (standard.status == Status::notMet) {
            const bool isSure = isSurelyBelow(counts, standard.standard->atLeast);
            add(Finding::Kind::gap, isSure ? "standard-missed" : "standard-missed-perhaps",
                fmt::format("{}: {} is {}; {}. {}", subjectOf(one), title, shareWords(counts), asked,
                            isSure ? "The difference is more than chance explains."
                                   : "The interval includes the standard, so chance may explain it."),
                fmt::format("What keeps {} of {} below the standard, and since when? Ask {}.", quoted(title),
                            subjectOf(one),
                            isSure ? "what has been tried" : "for the records of the weakest service"),
                {id}, running);
        }
        if (standard.status == Status::met && isSurelyAtLeast(counts, standard.standard->atLeast) &&
            one.result.level != Level::deliveredAsIntended)
            add(Finding::Kind::strength, "standard-surely-met",
                fmt::format("{}: {} is {}, above the standard by more than chance explains.", subjectOf(one),
                            title, shareWords(counts)),
                "", {id}, running);
        if (standard.standard->measure == "fidelity" && standard.status == Status::met)
            fewReviews(one, standard);
    }

    /// Good fidelity that few practitioners' reviews speak for.
    void fewReviews(const RecommendationEvidence& one, const measures::StandardResult& standard) {
        Proportion coverage;
        for (const auto* service : one.running)
            if (const auto found = service->pooled.find("review_coverage"); found != service->pooled.end()) {
                coverage.numerator += found->second.parts.proportion.numerator;
                coverage.denominator += found->second.parts.proportion.denominator;
            }
        if (coverage.denominator == 0 || *coverage.value() >= 0.5) return;
        add(Finding::Kind::contradiction, "good-fidelity-few-reviewed",
            fmt::format(
                "{}: fidelity is {}, but only {} of the practitioners who delivered were reviewed, counted "
                "quarter by quarter.",
                subjectOf(one), shareWords(standard.figure.parts.proportion), shareWords(coverage)),
            "How are sessions of " + subjectOf(one) +
                " chosen for review, and what is known of the practitioners who were not reviewed?",
            {one.recommendation->id}, references(one.running));
    }

    void ofDeclared(const RecommendationEvidence& one, const std::string& title,
                    const std::vector<std::string>& running) {
        const auto& id = one.recommendation->id;
        if (!one.declared) return;
        const auto& status = one.declared->status;
        const auto said = fmt::format("{} was declared {} on {}", title, status, one.declared->on.text());
        const auto level = one.result.level;
        if (status == "in place" && level != Level::deliveredAsIntended)
            add(Finding::Kind::contradiction, "declared-in-place",
                said + "; the records say " + measures::levelName(level) + ".",
                "On what did leaders rest their declaration about " + title + "?", {id}, running);
        if ((status == "not adopted" || status == "not applicable") && !running.empty())
            add(Finding::Kind::contradiction, "declared-absent",
                said + "; services that it names are running.",
                "Do leaders know that services for " + title + " are running?", {id}, running);
        if (one.declared->plannedBy && *one.declared->plannedBy < evidence_.question.known.day &&
            running.empty())
            add(Finding::Kind::gap, "plan-overdue",
                fmt::format("{} was planned by {}; no service that it names is running.", title,
                            one.declared->plannedBy->text()),
                "What holds the plan for " + title + " back?", {id});
    }

    /// The level of the last quarters against the first ones.
    void drift(const RecommendationEvidence& one, const std::string& title,
               const std::vector<std::string>& running) {
        const auto isJudged = [](Level level) {
            return level == Level::deliveredAsIntended || level == Level::partlyDelivered;
        };
        const auto first =
            std::ranges::find_if(one.levels, [&](const auto& entry) { return isJudged(entry.second); });
        const auto last = std::ranges::find_if(one.levels.rbegin(), one.levels.rend(),
                                               [&](const auto& entry) { return isJudged(entry.second); });
        if (first == one.levels.end() || first->second == last->second) return;
        const bool isBetter = last->second == Level::deliveredAsIntended;
        add(isBetter ? Finding::Kind::strength : Finding::Kind::gap,
            isBetter ? "level-risen" : "level-fallen",
            fmt::format("{} went from {} in {} to {} in {}.", title, measures::levelName(first->second),
                        first->first.name(), measures::levelName(last->second), last->first.name()),
            isBetter ? "" : "What changed for " + title + ", and when was it noticed?",
            {one.recommendation->id}, running);
    }

    void ofServices() {
        for (const auto* one : judged_.unevidenced)
            add(Finding::Kind::gap, "in-use-not-evidenced",
                fmt::format(
                    "{} is in use; no guide recommends {}. That is no proof that it does not help: no good "
                    "study of its effect is known.",
                    one->service.name, catalogue_.nameOf(one->service.intervention)),
                fmt::format("What is {} expected to change, and how would the authority know?",
                            one->service.name),
                {}, {one->service.reference});
        for (const auto& spread : judged_.spreads)
            if (spread.quartiles.size() == 5 && spread.quartiles[3] - spread.quartiles[1] >= kWideSpread)
                add(Finding::Kind::gap, "uneven",
                    fmt::format(
                        "{} differs widely between {}: from {:.0f}% at the lower quarter to {:.0f}% at the "
                        "upper quarter of {}.",
                        catalogue_.measureTitle(spread.measure), spread.units, spread.quartiles[1] * 100,
                        spread.quartiles[3] * 100, spread.count),
                    fmt::format("Which {} are at the lower end, and what do they need?", spread.units));
        for (const auto& one : evidence_.services) resultsWithoutReturn(*one);
        unevenGroups();
    }

    /// Improvement that rests on the few who came back.
    void resultsWithoutReturn(const ServiceEvidence& one) {
        if (!one.counts() || one.intervention->instruments.empty()) return;
        const auto answered = response({&one});
        for (const auto& instrument : one.intervention->instruments) {
            const auto found = one.pooled.find("outcome_improved:" + instrument);
            if (found == one.pooled.end()) continue;
            const auto& counts = found->second.parts.proportion;
            if (answered.verdict == Verdict::notMet && counts.denominator >= 10 && *counts.value() >= 0.5)
                add(Finding::Kind::contradiction, "results-without-return",
                    fmt::format("{}: {} reliably improved on {}, but {}", one.service.name,
                                shareWords(counts), catalogue_.instrument(instrument)->name, answered.words),
                    "What is known of those without a second score at " + one.service.name + "?", {},
                    {one.service.reference});
        }
    }

    void ofStatements() {
        const auto day = evidence_.question.known.day;
        std::int64_t overdue = 0;
        std::int64_t closed = 0;
        std::int64_t closedWithEvidence = 0;
        for (const auto& one : evidence_.actions) {
            overdue += one.isOverdue(day) ? 1 : 0;
            if (one.closedOn && evidence_.question.period.contains(*one.closedOn)) {
                ++closed;
                closedWithEvidence += one.hasEvidence ? 1 : 0;
            }
        }
        if (overdue > 0)
            add(Finding::Kind::gap, "actions-overdue",
                fmt::format("{} overdue on {}.", numberWords(overdue, "action is", "actions are"),
                            day.text()),
                "Who follows the actions that are overdue, and what stands in their way?");
        if (closed > 0 && closedWithEvidence * 2 < closed)
            add(Finding::Kind::contradiction, "closed-without-evidence",
                fmt::format("{} closed in the period; {} on evidence.",
                            numberWords(closed, "action was", "actions were"), closedWithEvidence),
                "How do leaders know that actions which were closed changed practice?");
        else if (closed > 0)
            add(Finding::Kind::strength, "actions-closed",
                fmt::format("{} closed in the period, {} of them on evidence.",
                            numberWords(closed, "action was", "actions were"), closedWithEvidence),
                "");
        const auto& meetings = evidence_.meetings;
        const auto silent = meetings.notOffered - meetings.notOfferedWithReason;
        if (silent > 0)
            add(Finding::Kind::gap, "meeting-not-offered",
                fmt::format("{} not offered a family group meeting, without a reason on record.",
                            numberWords(silent, "family was", "families were")),
                "Why were these families not offered a meeting?");
        if (meetings.held > 0 && meetings.reviewed * 2 < meetings.withPlan)
            add(Finding::Kind::gap, "family-plans-not-reviewed",
                fmt::format("{} of {} family plans were reviewed.", meetings.reviewed, meetings.withPlan),
                "What becomes of family plans after the meeting?");
    }

    void ofReturns() {
        std::set<values::Quarter> known;
        for (const auto& one : evidence_.returns) {
            known.insert(one.quarter);
            if (!one.changed.empty())
                add(Finding::Kind::contradiction, "changed-since-signed",
                    fmt::format(
                        "{} signed for {} no longer agree with the records; the section on returns lists "
                        "them.",
                        numberWords(static_cast<std::int64_t>(one.changed.size()), "figure", "figures"),
                        one.quarter.name()),
                    "Why did records of " + one.quarter.name() + " change after the return was signed?");
        }
        std::vector<std::string> missing;
        for (auto quarter = evidence_.question.period.first; quarter <= evidence_.question.period.last;
             quarter = quarter.next())
            if (!known.contains(quarter)) missing.push_back(quarter.name());
        if (!missing.empty())
            add(Finding::Kind::unknown, "no-signed-return",
                "No return was signed off for " + listed(missing) +
                    ". The figures here are from the records, and nobody has answered for them.",
                "When will the returns for " + listed(missing) + " be signed off?");
    }

    void notKnown() {
        for (const auto& one : evidence_.recommendations)
            if (one.result.level == Level::tooLittleToJudge)
                add(Finding::Kind::unknown, "too-little",
                    subjectOf(one) + " cannot be judged: " +
                        judged_.strengths.at(one.recommendation->id).criteria.front().words,
                    "How do leaders know how " + subjectOf(one) + " is delivered?", {one.recommendation->id},
                    references(one.running));
        for (const auto& one : evidence_.services) {
            if (!one->counts()) continue;
            if (one->service.countsOnly)
                add(Finding::Kind::unknown, "counts-only",
                    one->service.name + " gives counts alone: dose, fidelity and results are not known.",
                    "When will " + one->service.name + " send single records?", {}, {one->service.reference});
            else if (one->quartersWithRecords == 0)
                add(Finding::Kind::unknown, "no-records",
                    one->service.name + " runs, and has no record in the period.",
                    "Is " + one->service.name + " really running?", {}, {one->service.reference});
        }
        const auto every = [](const ServiceEvidence&) { return true; };
        const auto unknown =
            evidence_.pooled("dq_characteristics_not_known", every).parts.proportion.numerator;
        if (unknown > 0)
            add(Finding::Kind::unknown, "characteristics-not-known",
                fmt::format(
                    "{} ethnic group, sex, age or disability not known: fairness cannot be judged for them.",
                    numberWords(unknown, "child or family has", "children or families have")),
                "Why are characteristics not known, and for whom above all?");
        std::int64_t pieces = 0;
        for (const auto& one : evidence_.feedback) pieces += one.pieces;
        if (pieces < kFewestFeedback)
            add(Finding::Kind::unknown, "little-feedback",
                fmt::format("There {} from children and families in the period: what they think of the help "
                            "is hardly "
                            "known.",
                            pieces == 0 ? "is no feedback"
                                        : (pieces == 1 ? "is one piece of feedback"
                                                       : fmt::format("are {} pieces of feedback", pieces))),
                "How do children and families shape these services?");
        const auto& england = evidence_.england;
        if (england.counts.empty())
            add(Finding::Kind::unknown, "no-comparison",
                "No signed return of any authority holds these interventions in the period, so there is "
                "nothing to "
                "compare with.",
                "");
        if (england.neighbours.empty())
            add(Finding::Kind::unknown, "no-neighbours", "No model of statistical neighbours is loaded.", "");
    }

    // --- spread and fairness ------------------------------------------------------------------------------

    static Spread spreadOf(std::string measure, std::string units, const std::vector<Proportion>& all,
                           int fewest) {
        Spread spread{std::move(measure), std::move(units), 0, {}, 0};
        std::vector<double> values;
        for (const auto& one : all) {
            if (one.denominator >= fewest) values.push_back(*one.value());
            else if (one.denominator > 0) ++spread.left;
        }
        spread.count = values.size();
        if (values.size() < kFewestInSpread) return spread;
        for (const double at : {0.0, 0.25, 0.5, 0.75, 1.0})
            spread.quartiles.push_back(*statistics::quantile(values, at));
        return spread;
    }

    void spreads() {
        for (const auto* measure : {"fidelity", "completers", "dose", "start_timeliness", "supervised"}) {
            std::vector<Proportion> ofServices;
            for (const auto& one : evidence_.services)
                if (one->counts())
                    if (const auto found = one->pooled.find(measure); found != one->pooled.end())
                        ofServices.push_back(found->second.parts.proportion);
            judged_.spreads.push_back(spreadOf(measure, "services", ofServices, 10));
        }
        std::vector<Proportion> practitioners;
        for (const auto& one : evidence_.services)
            practitioners.insert(practitioners.end(), one->practitioners.begin(), one->practitioners.end());
        judged_.spreads.push_back(spreadOf("fidelity", "practitioners", practitioners, kFewestReviewsEach));
    }

    /// The measures by group: how many start, complete, improve.
    void equality() {
        std::set<std::string> names{"started_of_referred", "completers"};
        for (const auto& one : evidence_.services)
            for (const auto& [name, figure] : one->pooled)
                if (name.rfind("outcome_improved:", 0) == 0) names.insert(name);
        for (const auto& name : names) {
            const auto figure = evidence_.pooled(name, [](const ServiceEvidence&) { return true; });
            for (const auto* characteristic : {"age_band", "sex", "ethnic_group", "disabled"}) {
                const auto found = figure.groups.find(characteristic);
                if (found == figure.groups.end()) continue;
                std::vector<EqualityRow> rows;
                for (const auto& [group, parts] : found->second)
                    rows.push_back({name, characteristic, group, parts.proportion,
                                    parts.proportion.denominator >= kFewestInGroup});
                hideSecond(rows);
                judged_.equality.insert(judged_.equality.end(), rows.begin(), rows.end());
            }
        }
    }

    /// One hidden group could be got from the total: the smallest of the others is hidden with it.
    static void hideSecond(std::vector<EqualityRow>& rows) {
        if (std::ranges::count(rows, false, &EqualityRow::isShown) != 1) return;
        EqualityRow* smallest = nullptr;
        for (auto& row : rows)
            if (row.isShown && (smallest == nullptr || row.counts.denominator < smallest->counts.denominator))
                smallest = &row;
        if (smallest != nullptr) smallest->isShown = false;
    }

    /// Groups whose figure lies apart from that of everyone else by more than chance explains.
    void unevenGroups() {
        for (const auto& row : judged_.equality) {
            if (!row.isShown) continue;
            Proportion others;
            for (const auto& other : judged_.equality)
                if (other.measure == row.measure && other.characteristic == row.characteristic &&
                    other.group != row.group) {
                    others.numerator += other.counts.numerator;
                    others.denominator += other.counts.denominator;
                }
            const auto own = statistics::wilson(row.counts);
            const auto rest = statistics::wilson(others);
            if (!own || !rest || others.denominator < kFewestInGroup || own->upper >= rest->lower) continue;
            const auto title = catalogue_.measureTitle(row.measure);
            add(Finding::Kind::gap, "uneven-group",
                fmt::format("{} is {} for {} {}, and {} for all others: more than chance explains.", title,
                            shareWords(row.counts), characteristicWords(row.characteristic), row.group,
                            measures::percent(others)),
                fmt::format("What stands in the way of children and families of {} {}?",
                            characteristicWords(row.characteristic), row.group));
        }
    }

    static std::string characteristicWords(const std::string& name) {
        if (name == "age_band") return "age";
        if (name == "ethnic_group") return "ethnic group";
        if (name == "disabled") return "disability:";
        return name;
    }

    // --- expectations -------------------------------------------------------------------------------------

    ExpectationEvidence ofExpectation(const guidance::Expectation& expectation) const {
        ExpectationEvidence found{&expectation, {}, {}, {}, {}, {}};
        if (expectation.isSilent()) return found;
        Services about;
        for (const auto& one : evidence_.recommendations)
            if (std::ranges::find(expectation.recommendations, one.recommendation->id) !=
                expectation.recommendations.end()) {
                found.recommendations.push_back(&one);
                for (const auto* service : one.running)
                    if (std::ranges::find(about, service) == about.end()) about.push_back(service);
            }
        if (expectation.recommendations.empty())
            for (const auto& one : evidence_.services)
                if (one->counts()) about.push_back(one.get());
        addMeasures(expectation, about, found);
        addLines(expectation, about, found);
        found.strength = strengthOfExpectation(expectation, about, found);
        for (std::size_t i = 0; i < judged_.findings.size(); ++i)
            if (isAbout(judged_.findings[i], expectation)) found.findings.push_back(i);
        return found;
    }

    void addMeasures(const guidance::Expectation& expectation, const Services& about,
                     ExpectationEvidence& found) const {
        for (const auto& id : expectation.measures)
            for (const auto& measure : evidence_.edition->plan.measures()) {
                if (measure.measure->id != id) continue;
                measures::Figure figure;
                for (const auto* service : about)
                    if (const auto one = service->pooled.find(measure.name); one != service->pooled.end())
                        figure += one->second;
                if (!figure.isNothing()) found.measures.emplace_back(measure.name, std::move(figure));
            }
    }

    void addLines(const guidance::Expectation& expectation, const Services& about,
                  ExpectationEvidence& found) const {
        const auto speaks = [&](const char* what) {
            return std::ranges::find(expectation.speaks, what) != expectation.speaks.end();
        };
        auto& lines = found.lines;
        if (!expectation.recommendations.empty() || speaks("levels"))
            lines.push_back(levelWords(expectation));
        if (speaks("declarations")) lines.push_back(declarationWords(expectation));
        if (speaks("actions")) lines.push_back(actionWords(expectation, about));
        if (speaks("feedback")) lines.push_back(feedbackWords(expectation, about));
        if (speaks("meetings")) lines.push_back(meetingWords());
        if (speaks("unevidenced"))
            lines.push_back(judged_.unevidenced.empty()
                                ? "No approach without evidence is recorded as in use."
                                : numberWords(static_cast<std::int64_t>(judged_.unevidenced.size()),
                                              "approach", "approaches") +
                                      " in use that no guide recommends.");
        if (speaks("partners")) {
            std::size_t shared = 0;
            for (const auto* one : about)
                shared += evidence_.partners.contains(one->service.reference) ? 1 : 0;
            lines.push_back(
                fmt::format("{} of {} running services are shared with partners.", shared, about.size()));
        }
        if (speaks("stages")) {
            std::int64_t changes = 0;
            for (const auto& [service, count] : evidence_.stageChanges) changes += count;
            lines.push_back(numberWords(changes, "change", "changes") + " of stage in the period.");
        }
        if (speaks("returns"))
            lines.push_back(fmt::format("Returns are signed off for {} of {} quarters.",
                                        evidence_.returns.size(), evidence_.question.period.quarters()));
        if (speaks("quality")) lines.push_back(qualityWords(about));
        if (speaks("spread") || speaks("equality"))
            lines.push_back(speaks("spread")
                                ? "The section on consistency shows the spread between services and "
                                  "practitioners."
                                : "The section on fairness shows these figures by group.");
        for (const auto& rule : expectation.quality) {
            std::int64_t broken = 0;
            for (const auto* one : about)
                if (const auto figure = one->pooled.find(rule); figure != one->pooled.end())
                    broken += figure->second.parts.proportion.numerator;
            if (broken > 0)
                lines.push_back(fmt::format("Weakened by the data: {}: {}.", catalogue_.measureTitle(rule),
                                            numberWords(broken, "record", "records")));
        }
    }

    std::string levelWords(const guidance::Expectation& expectation) const {
        std::map<Level, int, std::greater<>> levels;  // the best first
        for (const auto& one : evidence_.recommendations)
            if (expectation.recommendations.empty() ||
                std::ranges::find(expectation.recommendations, one.recommendation->id) !=
                    expectation.recommendations.end())
                ++levels[one.result.level];
        std::vector<std::string> words;
        for (const auto& [level, count] : levels)
            words.push_back(std::to_string(count) + " " + measures::levelName(level));
        return words.empty() ? "No recommendation in force speaks to this."
                             : "Recommendations that speak to this: " + listed(words) + ".";
    }

    std::string declarationWords(const guidance::Expectation& expectation) const {
        std::map<std::string, int> said;
        int silent = 0;
        for (const auto& one : evidence_.recommendations) {
            if (!expectation.recommendations.empty() &&
                std::ranges::find(expectation.recommendations, one.recommendation->id) ==
                    expectation.recommendations.end())
                continue;
            if (one.declared) ++said[one.declared->status];
            else ++silent;
        }
        std::vector<std::string> words;
        for (const auto& [status, count] : said) words.push_back(std::to_string(count) + " " + status);
        if (words.empty()) return "The authority has declared nothing about these.";
        return "The authority declares: " + listed(words) +
               (silent > 0 ? "; nothing about " + std::to_string(silent) + "." : ".");
    }

    std::string actionWords(const guidance::Expectation& expectation, const Services& about) const {
        std::int64_t open = 0;
        std::int64_t overdue = 0;
        std::int64_t closed = 0;
        const bool isAll = expectation.recommendations.empty();
        for (const auto& one : evidence_.actions) {
            const bool isOurs = isAll ||
                                std::ranges::find(expectation.recommendations, one.about) !=
                                    expectation.recommendations.end() ||
                                std::ranges::any_of(about, [&](const auto* service) {
                                    return service->service.reference == one.about;
                                });
            if (!isOurs) continue;
            if (one.closedOn) closed += evidence_.question.period.contains(*one.closedOn) ? 1 : 0;
            else if (one.isOverdue(evidence_.question.known.day)) ++overdue;
            else ++open;
        }
        if (open + overdue + closed == 0) return "No action about these is on record.";
        return fmt::format("Actions: {} closed in the period, {} open, {} overdue.", closed, open, overdue);
    }

    std::string feedbackWords(const guidance::Expectation& expectation, const Services& about) const {
        std::int64_t pieces = 0;
        std::int64_t rated = 0;
        std::int64_t sum = 0;
        for (const auto& one : evidence_.feedback) {
            const bool isOurs =
                expectation.recommendations.empty() || std::ranges::any_of(about, [&](const auto* service) {
                    return service->service.reference == one.service;
                });
            if (!isOurs) continue;
            pieces += one.pieces;
            rated += one.rated;
            sum += one.sum;
        }
        if (pieces == 0) return "There is no feedback from children and families.";
        if (rated < kFewestFeedback)
            return fmt::format("{} of feedback; too few ratings to give a mean.",
                               numberWords(pieces, "piece", "pieces"));
        return fmt::format("{} of feedback; mean rating {:.1f} of 5 over {}.",
                           numberWords(pieces, "piece", "pieces"),
                           static_cast<double>(sum) / static_cast<double>(rated), rated);
    }

    std::string meetingWords() const {
        const auto& one = evidence_.meetings;
        if (one.families == 0) return "No family group meeting is on record, offered or not.";
        return fmt::format(
            "Family group meetings: offered to {} of {} families, accepted by {}, held for {}.", one.offered,
            one.families, one.accepted, one.held);
    }

    std::string qualityWords(const Services& about) const {
        std::int64_t broken = 0;
        for (const auto* service : about)
            for (const auto& [name, figure] : service->pooled)
                if (const auto* measure = catalogue_.measure(name);
                    measure != nullptr && measure->shown == Shown::quality)
                    broken += figure.parts.proportion.numerator;
        return broken == 0
                   ? "No rule about the quality of data is broken."
                   : "Rules about the quality of data are broken " + numberWords(broken, "time.", "times.");
    }

    /// As strong as the middle one of the recommendations behind it that are running; without any, by the
    /// measures; by statements alone it is limited.
    Strength strengthOfExpectation(const guidance::Expectation& expectation, const Services& about,
                                   const ExpectationEvidence& found) const {
        std::vector<Strength::Grade> grades;
        for (const auto* one : found.recommendations)
            if (!one->running.empty()) grades.push_back(judged_.strengths.at(one->recommendation->id).grade);
        if (!grades.empty()) {
            std::ranges::sort(grades);
            Strength strength{grades[(grades.size() - 1) / 2], {}};
            std::map<Strength::Grade, int, std::greater<>> count;
            for (const auto grade : grades) ++count[grade];
            std::vector<std::string> words;
            for (const auto& [grade, number] : count)
                words.push_back(std::to_string(number) + " " + gradeName(grade));
            strength.criteria.push_back({"recommendations", Verdict::notApplicable,
                                         "The evidence for the recommendations behind it: " + listed(words) +
                                             ". The middle one counts."});
            return strength;
        }
        if (!expectation.recommendations.empty() && !isMeetingsKnown(expectation))
            return strengthOf(
                false, {{"amount", Verdict::notMet, "No service that the recommendations name is running."}});
        const bool hasMeasures = !found.measures.empty();
        if (hasMeasures) {
            std::int64_t most = 0;
            for (const auto& [name, figure] : found.measures)
                most =
                    std::max({most, figure.parts.proportion.denominator, figure.parts.proportion.numerator});
            return strengthOf(most > 0, {{"amount", verdictOf(most >= 10),
                                          fmt::format("The figures rest on up to {} records.", most)},
                                         completeness(about),
                                         recency(about)});
        }
        return strengthOf(
            hasStatements(expectation),
            {{"amount", Verdict::notMet,
              "Statements of the authority and counts of its own alone; no figure is computed for this."}});
    }

    bool isMeetingsKnown(const guidance::Expectation& expectation) const {
        return std::ranges::find(expectation.speaks, "meetings") != expectation.speaks.end() &&
               evidence_.meetings.families > 0;
    }

    bool hasStatements(const guidance::Expectation& expectation) const {
        const auto has = [&](const char* what) {
            return std::ranges::find(expectation.speaks, what) != expectation.speaks.end();
        };
        return (has("actions") && !evidence_.actions.empty()) ||
               (has("feedback") && !evidence_.feedback.empty()) ||
               (has("declarations") && !evidence_.declared.empty()) || isMeetingsKnown(expectation) ||
               (has("quality") && !evidence_.services.empty()) ||
               (has("partners") && !evidence_.partners.empty()) ||
               (has("levels") && !evidence_.services.empty());
    }

    static bool isAbout(const Finding& finding, const guidance::Expectation& expectation) {
        const auto speaks = [&](const char* what) {
            return std::ranges::find(expectation.speaks, what) != expectation.speaks.end();
        };
        for (const auto& id : finding.recommendations)
            if (std::ranges::find(expectation.recommendations, id) != expectation.recommendations.end())
                return true;
        const auto& rule = finding.rule;
        if (rule.starts_with("actions") || rule == "closed-without-evidence")
            return speaks("actions") && expectation.recommendations.empty();
        if (rule.starts_with("meeting") || rule.starts_with("family-plans")) return speaks("meetings");
        if (rule == "uneven") return speaks("spread");
        if (rule == "uneven-group" || rule == "characteristics-not-known") return speaks("equality");
        if (rule == "in-use-not-evidenced") return speaks("unevidenced");
        if (rule == "little-feedback") return speaks("feedback");
        if (rule == "changed-since-signed" || rule == "no-signed-return") return speaks("returns");
        return false;
    }

    const Evidence& evidence_;
    const guidance::Catalogue& catalogue_;
    Judgement judged_;
};

}  // namespace

Judgement judge(const Evidence& evidence) { return Judging(evidence).run(); }

}  // namespace adherence
