// Rules of reports about recommendations, and what is declared of them.
#include <fmt/format.h>

#include <algorithm>

#include "adherence/findings.h"
#include "adherence/words.h"
#include "statistics/interval.h"

namespace adherence {

using measures::Level;
using measures::Status;
using values::Proportion;

std::string subjectOf(const RecommendationEvidence& one, const guidance::Catalogue& catalogue) {
    std::vector<std::string> names;
    for (const auto* service : one.running)
        if (auto name = catalogue.nameOf(service->service.intervention);
            std::ranges::find(names, name) == names.end())
            names.push_back(std::move(name));
    return names.empty() ? quoted(one.recommendation->title) : listed(names);
}

std::vector<std::string> referencesOf(const Services& services) {
    std::vector<std::string> all;
    for (const auto* one : services) all.push_back(one->service.reference);
    return all;
}

namespace {

/// Where the interval leaves no doubt on which side of a standard the figure lies.
bool isSurelyBelow(const Proportion& counts, double atLeast) {
    const auto interval = statistics::wilson(counts);
    return interval && interval->upper < atLeast;
}
bool isSurelyAtLeast(const Proportion& counts, double atLeast) {
    const auto interval = statistics::wilson(counts);
    return interval && interval->lower >= atLeast;
}

std::string sourceOf(guidance::Basis basis) {
    switch (basis) {
        case guidance::Basis::guide:
            return "the guide";
        case guidance::Basis::programme:
            return "the programme";
        case guidance::Basis::literature:
            return "the literature";
        case guidance::Basis::local:
            return "this product, not the guide";
    }
    return "";
}

/// Finds in one recommendation that services run, or that somebody declared something of.
class InRecommendation {
public:
    InRecommendation(const RecommendationEvidence& one, const Evidence& evidence, Judgement& judged)
        : one_(one),
          evidence_(evidence),
          catalogue_(evidence.edition->catalogue),
          judged_(judged),
          subject_(subjectOf(one, catalogue_)) {}

    void run() {
        asIntended();
        for (const auto& standard : one_.result.standards) {
            missed(standard);
            surelyMet(standard);
            fewReviewed(standard);
        }
        if (one_.declared) declared(*one_.declared);
        drift();
    }

private:
    void add(const Rule* by, std::string text, std::string enquiry) {
        judged_.findings.push_back(
            {by, std::move(text), std::move(enquiry), {one_.recommendation->id}, referencesOf(one_.running)});
    }

    bool isAsIntended() const { return one_.result.level == Level::deliveredAsIntended; }

    std::string titleOf(const measures::StandardResult& standard) const {
        return catalogue_.measureTitle(standard.standard->measure);
    }

    void asIntended() {
        if (!isAsIntended()) return;
        std::vector<std::string> met;
        for (const auto& standard : one_.result.standards)
            if (standard.standard->isRequired)
                met.push_back(titleOf(standard) + " " + shareWords(standard.figure.parts.proportion));
        const auto why = met.empty() ? "a service is running, and no standard is required" : listed(met);
        add(rule("delivered-as-intended"),
            subject_ + " is delivered as intended: " + why + ". The evidence is " +
                gradeName(judged_.strengths.at(one_.recommendation->id).grade) + ".",
            "");
    }

    void missed(const measures::StandardResult& standard) {
        if (standard.status != Status::notMet) return;
        const auto& counts = standard.figure.parts.proportion;
        const bool isSure = isSurelyBelow(counts, standard.standard->atLeast);
        add(isSure ? rule("standard-missed") : rule("standard-missed-perhaps"),
            fmt::format("{}: {} is {}; at least {:.0f}% is asked for, a threshold from {}. {}", subject_,
                        titleOf(standard), shareWordsBeside(counts, standard.standard->atLeast),
                        standard.standard->atLeast * 100, sourceOf(standard.standard->basis),
                        isSure ? "The difference is more than chance explains."
                               : "The interval includes the standard, so chance may explain it."),
            fmt::format("What keeps {} of {} below the standard, and since when? Ask {}.",
                        quoted(titleOf(standard)), subject_,
                        isSure ? "what has been tried" : "for the records of the weakest service"));
    }

    void surelyMet(const measures::StandardResult& standard) {
        const auto& counts = standard.figure.parts.proportion;
        if (standard.status != Status::met || isAsIntended()) return;
        if (!isSurelyAtLeast(counts, standard.standard->atLeast)) return;
        add(rule("standard-surely-met"),
            fmt::format("{}: {} is {}, above the standard by more than chance explains.", subject_,
                        titleOf(standard), shareWords(counts)),
            "");
    }

    /// Good fidelity that few practitioners' reviews speak for.
    void fewReviewed(const measures::StandardResult& standard) {
        if (standard.standard->measure != "fidelity" || standard.status != Status::met) return;
        Proportion coverage;
        for (const auto* service : one_.running) coverage += service->counted("review_coverage");
        if (coverage.denominator == 0 || *coverage.value() >= 0.5) return;
        add(rule("good-fidelity-few-reviewed"),
            fmt::format(
                "{}: fidelity is {}, but only {} of the practitioners who delivered were reviewed, counted "
                "quarter by quarter.",
                subject_, shareWords(standard.figure.parts.proportion), shareWords(coverage)),
            "How are sessions of " + subject_ +
                " chosen for review, and what is known of the practitioners who were not reviewed?");
    }

    void declared(const Declared& declared) {
        const auto said =
            fmt::format("{} was declared {} on {}", subject_, declared.status, declared.on.text());
        if (declared.status == "in place" && !isAsIntended())
            add(rule("declared-in-place"),
                said + "; the records say " + measures::levelName(one_.result.level) + ".",
                "On what did leaders rest their declaration about " + subject_ + "?");
        const bool isAbsent = declared.status == "not adopted" || declared.status == "not applicable";
        if (isAbsent && !one_.running.empty())
            add(rule("declared-absent"), said + "; services that it names are running.",
                "Do leaders know that services for " + subject_ + " are running?");
        if (declared.plannedBy && *declared.plannedBy < evidence_.endsOn() && one_.running.empty())
            add(rule("plan-overdue"),
                fmt::format("{} was planned by {}; no service that it names is running.", subject_,
                            declared.plannedBy->text()),
                "What holds the plan for " + subject_ + " back?");
    }

    /// The level of the last quarter that has one against the first.
    void drift() {
        const auto isJudged = [](const auto& entry) {
            return entry.second == Level::deliveredAsIntended || entry.second == Level::partlyDelivered;
        };
        const auto first = std::ranges::find_if(one_.levels, isJudged);
        const auto last = std::ranges::find_if(one_.levels.rbegin(), one_.levels.rend(), isJudged);
        if (first == one_.levels.end() || first->second == last->second) return;
        const bool isBetter = last->second == Level::deliveredAsIntended;
        add(isBetter ? rule("level-risen") : rule("level-fallen"),
            fmt::format("{} went from {} in {} to {} in {}.", subject_, measures::levelName(first->second),
                        first->first.name(), measures::levelName(last->second), last->first.name()),
            isBetter ? "" : "What changed for " + subject_ + ", and when was it noticed?");
    }

    const RecommendationEvidence& one_;
    const Evidence& evidence_;
    const guidance::Catalogue& catalogue_;
    Judgement& judged_;
    std::string subject_;
};

/// One finding of all that nobody gave a reason for; one each where somebody did.
void notOffered(const Evidence& evidence, Judgement& judged) {
    std::vector<std::string> titles;
    std::vector<std::string> ids;
    for (const auto& one : evidence.recommendations) {
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
        judged.findings.push_back(
            {rule("not-offered"),
             fmt::format("{} is not offered. The authority says: {}; {}.", title, one.declared->status,
                         one.declared->reason),
             "Is the reason given for " + title + " still sound, and what is offered instead?",
             {one.recommendation->id},
             {}});
    }
    if (titles.empty()) return;
    judged.findings.push_back(
        {rule("not-offered"),
         fmt::format("Not offered, and no reason on record: {}. No service that these name is running.",
                     listed(titles)),
         "What is offered to those for whom these are recommended?",
         ids,
         {}});
}

}  // namespace

void findInRecommendations(const Evidence& evidence, Judgement& judged) {
    for (const auto& one : evidence.recommendations) InRecommendation(one, evidence, judged).run();
    notOffered(evidence, judged);
}

}  // namespace adherence
