// Rules of reports about what leaders do: actions, family meetings, signed returns.
#include <fmt/format.h>

#include <set>

#include "adherence/findings.h"
#include "adherence/words.h"

namespace adherence {
namespace {

class InLeadership {
public:
    InLeadership(const Evidence& evidence, Judgement& judged) : evidence_(evidence), judged_(judged) {}

    void run() {
        overdueActions();
        closedActions();
        meetings();
        changedReturns();
        missingReturns();
    }

private:
    void add(const Rule* by, std::string text, std::string enquiry) {
        judged_.findings.push_back({by, std::move(text), std::move(enquiry), {}, {}});
    }

    void overdueActions() {
        const auto day = evidence_.question.known.day;
        std::int64_t overdue = 0;
        for (const auto& one : evidence_.actions) overdue += one.isOverdue(day) ? 1 : 0;
        if (overdue == 0) return;
        add(rule("actions-overdue"),
            fmt::format("{} overdue on {}.", numberWords(overdue, "action is", "actions are"), day.text()),
            "Who follows the actions that are overdue, and what stands in their way?");
    }

    void closedActions() {
        std::int64_t closed = 0;
        std::int64_t onEvidence = 0;
        for (const auto& one : evidence_.actions)
            if (one.closedOn && evidence_.question.period.contains(*one.closedOn)) {
                ++closed;
                onEvidence += one.hasEvidence ? 1 : 0;
            }
        if (closed == 0) return;
        const auto words = numberWords(closed, "action was", "actions were");
        if (onEvidence * 2 < closed)
            add(rule("closed-without-evidence"),
                fmt::format("{} closed in the period; {} on evidence.", words, onEvidence),
                "How do leaders know that actions which were closed changed practice?");
        else
            add(rule("actions-closed"),
                fmt::format("{} closed in the period, {} of them on evidence.", words, onEvidence), "");
    }

    void meetings() {
        const auto& one = evidence_.meetings;
        const auto silent = one.notOffered - one.notOfferedWithReason;
        if (silent > 0)
            add(rule("meeting-not-offered"),
                fmt::format("{} not offered a family group meeting, without a reason on record.",
                            numberWords(silent, "family was", "families were")),
                "Why were these families not offered a meeting?");
        if (one.reviewed * 2 < one.withPlan)
            add(rule("family-plans-not-reviewed"),
                fmt::format("{} of {} family plans were reviewed.", one.reviewed, one.withPlan),
                "What becomes of family plans after the meeting?");
    }

    void changedReturns() {
        for (const auto& one : evidence_.returns) {
            if (one.changed.empty()) continue;
            add(rule("changed-since-signed"),
                fmt::format("{} signed for {} no longer agree with the records; the section on returns lists "
                            "them.",
                            numberWords(static_cast<std::int64_t>(one.changed.size()), "figure", "figures"),
                            one.quarter.name()),
                "Why did records of " + one.quarter.name() + " change after the return was signed?");
        }
    }

    void missingReturns() {
        std::set<values::Quarter> known;
        for (const auto& one : evidence_.returns) known.insert(one.quarter);
        std::vector<std::string> missing;
        const auto& period = evidence_.question.period;
        for (auto quarter = period.first; quarter <= period.last; quarter = quarter.next())
            if (!known.contains(quarter)) missing.push_back(quarter.name());
        if (missing.empty()) return;
        add(rule("no-signed-return"),
            "No return was signed off for " + listed(missing) +
                ". The figures here are from the records, and nobody has answered for them.",
            "When will the returns for " + listed(missing) + " be signed off?");
    }

    const Evidence& evidence_;
    Judgement& judged_;
};

}  // namespace

void findInLeadership(const Evidence& evidence, Judgement& judged) { InLeadership(evidence, judged).run(); }

}  // namespace adherence
