// Rules of reports about services, practitioners and groups of children.
#include <fmt/format.h>

#include <algorithm>

#include "adherence/findings.h"
#include "adherence/words.h"
#include "statistics/interval.h"

namespace adherence {
namespace {

using values::Proportion;

class InServices {
public:
    InServices(const Evidence& evidence, Judgement& judged)
        : evidence_(evidence), catalogue_(evidence.edition->catalogue), judged_(judged) {}

    void run() {
        for (const auto* one : judged_.unevidenced) inUse(*one);
        for (const auto& spread : judged_.spreads) uneven(spread);
        for (const auto& one : evidence_.services) resultsWithoutReturn(*one);
        for (const auto& row : judged_.equality) unevenGroup(row);
    }

private:
    void add(const Rule* by, std::string text, std::string enquiry, std::vector<std::string> services = {}) {
        judged_.findings.push_back({by, std::move(text), std::move(enquiry), {}, std::move(services)});
    }

    void inUse(const ServiceEvidence& one) {
        add(rule("in-use-not-evidenced"),
            fmt::format(
                "{} is in use; no guide recommends {}. That is no proof that it does not help: no good "
                "study of its effect is known.",
                one.service.name, catalogue_.nameOf(one.service.intervention)),
            fmt::format("What is {} expected to change, and how would the authority know?", one.service.name),
            {one.service.reference});
    }

    void uneven(const Spread& spread) {
        if (spread.quartiles.empty() || spread.quartiles[3] - spread.quartiles[1] < kWideSpread - 1e-9)
            return;
        add(rule("uneven"),
            fmt::format("{} differs widely between {}: from {:.0f}% at the lower quarter to {:.0f}% at the "
                        "upper quarter of {}.",
                        catalogue_.measureTitle(spread.measure), spread.units, spread.quartiles[1] * 100,
                        spread.quartiles[3] * 100, spread.count),
            fmt::format("Which {} are at the lower end, and what do they need?", spread.units));
    }

    /// Improvement that rests on the few who came back.
    void resultsWithoutReturn(const ServiceEvidence& one) {
        if (!one.counts()) return;
        const auto answered = response({&one});
        if (answered.verdict != Criterion::Verdict::notMet) return;
        for (const auto& instrument : one.intervention->instruments) {
            const auto counts = one.counted("outcome_improved:" + instrument);
            if (counts.denominator < kFewestImproved || *counts.value() < 0.5) continue;
            add(rule("results-without-return"),
                fmt::format("{}: {} reliably improved on {}, but {}", one.service.name, shareWords(counts),
                            catalogue_.instrument(instrument)->name, answered.words),
                "What is known of those without a second score at " + one.service.name + "?",
                {one.service.reference});
        }
    }

    /// Everyone else than one group, hidden or not.
    Proportion othersThan(const EqualityRow& row) const {
        Proportion others;
        for (const auto& other : judged_.equality)
            if (other.measure == row.measure && other.characteristic == row.characteristic &&
                other.group != row.group)
                others += other.counts;
        return others;
    }

    /// A group whose figure lies below that of everyone else by more than chance explains.
    void unevenGroup(const EqualityRow& row) {
        if (!row.isShown || !row.isKnown()) return;
        const auto others = othersThan(row);
        if (others.denominator < kFewestInGroup) return;
        if (statistics::wilson(row.counts)->upper >= statistics::wilson(others)->lower) return;
        const auto group = characteristicWords(row.characteristic) + " " + row.group;
        add(rule("uneven-group"),
            fmt::format("{} is {} for {}, and {} for all others: more than chance explains.",
                        catalogue_.measureTitle(row.measure), shareWords(row.counts), group,
                        measures::percent(others)),
            fmt::format("What stands in the way of children and families of {}?", group));
    }

    static std::string characteristicWords(const std::string& name) {
        if (name == "age_band") return "age";
        if (name == "ethnic_group") return "ethnic group";
        if (name == "disabled") return "disability:";
        return name;
    }

    const Evidence& evidence_;
    const guidance::Catalogue& catalogue_;
    Judgement& judged_;
};

}  // namespace

void findInServices(const Evidence& evidence, Judgement& judged) { InServices(evidence, judged).run(); }

}  // namespace adherence
