// Rules of reports about what is not known.
#include <fmt/format.h>

#include <algorithm>

#include "adherence/findings.h"
#include "adherence/words.h"

namespace adherence {
namespace {

class Unknown {
public:
    Unknown(const Evidence& evidence, Judgement& judged) : evidence_(evidence), judged_(judged) {}

    void run() {
        for (const auto& one : evidence_.recommendations) tooLittle(one);
        for (const auto& one : evidence_.services)
            if (one->counts()) silentService(*one);
        characteristics();
        feedback();
        others();
    }

private:
    void add(const Rule* by, std::string text, std::string enquiry,
             std::vector<std::string> recommendations = {}, std::vector<std::string> services = {}) {
        judged_.findings.push_back(
            {by, std::move(text), std::move(enquiry), std::move(recommendations), std::move(services)});
    }

    void tooLittle(const RecommendationEvidence& one) {
        if (one.result.level != measures::Level::tooLittleToJudge) return;
        const auto subject = subjectOf(one, evidence_.edition->catalogue);
        const auto& amount = judged_.strengths.at(one.recommendation->id).criteria.front();
        add(rule("too-little"), subject + " cannot be judged: " + amount.words,
            "How do leaders know how " + subject + " is delivered?", {one.recommendation->id},
            referencesOf(one.running));
    }

    void silentService(const ServiceEvidence& one) {
        const auto& name = one.service.name;
        if (one.service.countsOnly)
            add(rule("counts-only"), name + " gives counts alone: dose, fidelity and results are not known.",
                "When will " + name + " send single records?", {}, {one.service.reference});
        else if (one.quartersWithRecords == 0)
            add(rule("no-records"), name + " runs, and has no record in the period.",
                "Is " + name + " really running?", {}, {one.service.reference});
    }

    void characteristics() {
        std::int64_t unknown = 0;
        for (const auto& one : evidence_.services)
            if (one->counts()) unknown += one->counted("dq_characteristics_not_known").numerator;
        if (unknown == 0) return;
        add(rule("characteristics-not-known"),
            fmt::format("{} sex, ethnic group or disability not known: fairness cannot be judged for them.",
                        numberWords(unknown, "child or family has", "children or families have")),
            "Why are characteristics not known, and for whom above all?");
    }

    void feedback() {
        std::int64_t pieces = 0;
        for (const auto& one : evidence_.feedback) pieces += one.pieces;
        if (pieces >= kFewestFeedback) return;
        const auto words = pieces == 0   ? std::string("is no feedback")
                           : pieces == 1 ? "is one piece of feedback"
                                         : fmt::format("are {} pieces of feedback", pieces);
        add(rule("little-feedback"),
            fmt::format("There {} from children and families in the period: what they think of the help "
                        "is hardly known.",
                        words),
            "How do children and families shape these services?");
    }

    /// Of these interventions, by anyone, in the period: deciles look further back.
    bool isAnythingSigned() const {
        const auto first = evidence_.question.period.first;
        for (const auto& [intervention, measures] : evidence_.england.counts)
            for (const auto& [measure, counts] : measures)
                if (std::ranges::any_of(counts, [&](const auto& one) { return one.quarter >= first; }))
                    return true;
        return false;
    }

    void others() {
        const auto& england = evidence_.england;
        if (!isAnythingSigned())
            add(rule("no-comparison"),
                "No signed return of any authority holds these interventions in the period, so there is "
                "nothing to compare with.",
                "");
        if (england.neighbours.empty())
            add(rule("no-neighbours"), "No model of statistical neighbours is loaded.", "");
    }

    const Evidence& evidence_;
    Judgement& judged_;
};

}  // namespace

void findUnknown(const Evidence& evidence, Judgement& judged) { Unknown(evidence, judged).run(); }

}  // namespace adherence
