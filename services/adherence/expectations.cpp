// What a report says of each expectation of inspections.
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "adherence/judgement.h"
#include "adherence/words.h"

namespace adherence {
namespace {

using measures::Level;

bool holds(const std::vector<std::string>& list, std::string_view one) {
    return std::ranges::find(list, one) != list.end();
}

/// Speaks for one expectation.
class InExpectation {
public:
    InExpectation(const guidance::Expectation& expectation, const Evidence& evidence, const Judgement& judged)
        : expectation_(expectation), evidence_(evidence), judged_(judged) {}

    ExpectationEvidence run() {
        found_.expectation = &expectation_;
        if (expectation_.isSilent()) return std::move(found_);
        chooseServices();
        addMeasures();
        addLines();
        found_.strength = strength();
        for (std::size_t i = 0; i < judged_.findings.size(); ++i)
            if (isAbout(judged_.findings[i])) found_.findings.push_back(i);
        return std::move(found_);
    }

private:
    bool isOfAll() const { return expectation_.recommendations.empty(); }
    bool isOf(const std::string& recommendation) const {
        return holds(expectation_.recommendations, recommendation);
    }
    bool speaks(std::string_view what) const { return holds(expectation_.speaks, what); }
    /// Whether the expectation is about the service of this reference.
    bool isAboutService(const std::string& reference) const {
        return std::ranges::any_of(
            about_, [&](const auto* service) { return service->service.reference == reference; });
    }

    /// The services that its recommendations name; all that count where it names none.
    void chooseServices() {
        for (const auto& one : evidence_.recommendations) {
            if (!isOf(one.recommendation->id)) continue;
            found_.recommendations.push_back(&one);
            for (const auto* service : one.running)
                if (std::ranges::find(about_, service) == about_.end()) about_.push_back(service);
        }
        if (!isOfAll()) return;
        for (const auto& one : evidence_.services)
            if (one->counts()) about_.push_back(one.get());
    }

    void addMeasures() {
        for (const auto& id : expectation_.measures)
            for (const auto& measure : evidence_.edition->plan.measures()) {
                if (measure.measure->id != id) continue;
                measures::Figure figure;
                for (const auto* service : about_)
                    if (const auto one = service->pooled.find(measure.name); one != service->pooled.end())
                        figure += one->second;
                if (!figure.isNothing()) found_.measures.emplace_back(measure.name, std::move(figure));
            }
    }

    void addLines() {
        auto& lines = found_.lines;
        if (!isOfAll() || speaks("levels")) lines.push_back(levelWords());
        if (speaks("declarations")) lines.push_back(declarationWords());
        if (speaks("actions")) lines.push_back(actionWords());
        if (speaks("feedback")) lines.push_back(feedbackWords());
        if (speaks("meetings")) lines.push_back(meetingWords());
        if (speaks("unevidenced")) lines.push_back(unevidencedWords());
        if (speaks("partners")) lines.push_back(partnerWords());
        if (speaks("stages")) lines.push_back(stageWords());
        if (speaks("returns"))
            lines.push_back(fmt::format("Returns are signed off for {} of {} quarters.",
                                        evidence_.returns.size(), evidence_.question.period.quarters()));
        if (speaks("quality")) lines.push_back(qualityWords());
        if (speaks("spread"))
            lines.push_back(
                "The section on consistency shows the spread between services and practitioners.");
        else if (speaks("equality")) lines.push_back("The section on fairness shows these figures by group.");
        for (const auto& quality : expectation_.quality) addWeakness(quality);
    }

    void addWeakness(const std::string& quality) {
        std::int64_t broken = 0;
        for (const auto* one : about_) broken += one->counted(quality).numerator;
        if (broken > 0)
            found_.lines.push_back(fmt::format("Weakened by the data: {}: {}.",
                                               evidence_.edition->catalogue.measureTitle(quality),
                                               numberWords(broken, "record", "records")));
    }

    std::string levelWords() const {
        std::map<Level, int, std::greater<>> levels;  // the best first
        for (const auto& one : evidence_.recommendations)
            if (isOfAll() || isOf(one.recommendation->id)) ++levels[one.result.level];
        std::vector<std::string> words;
        for (const auto& [level, count] : levels)
            words.push_back(std::to_string(count) + " " + measures::levelName(level));
        return words.empty() ? "No recommendation in force speaks to this."
                             : "Recommendations that speak to this: " + listed(words) + ".";
    }

    std::string declarationWords() const {
        std::map<std::string, int> said;
        int silent = 0;
        for (const auto& one : evidence_.recommendations) {
            if (!isOfAll() && !isOf(one.recommendation->id)) continue;
            if (one.declared) ++said[one.declared->status];
            else ++silent;
        }
        std::vector<std::string> words;
        for (const auto& [status, count] : said) words.push_back(std::to_string(count) + " " + status);
        if (words.empty()) return "The authority has declared nothing about these.";
        return "The authority declares: " + listed(words) +
               (silent > 0 ? "; nothing about " + std::to_string(silent) + "." : ".");
    }

    std::string actionWords() const {
        std::int64_t open = 0;
        std::int64_t overdue = 0;
        std::int64_t closed = 0;
        for (const auto& one : evidence_.actions) {
            if (!isOfAll() && !isOf(one.about) && !isAboutService(one.about)) continue;
            if (one.closedOn) closed += evidence_.question.period.contains(*one.closedOn) ? 1 : 0;
            else if (one.isOverdue(evidence_.question.known.day)) ++overdue;
            else ++open;
        }
        if (open + overdue + closed == 0) return "No action about these is on record.";
        return fmt::format("Actions: {} closed in the period, {} open, {} overdue.", closed, open, overdue);
    }

    std::string feedbackWords() const {
        std::int64_t pieces = 0;
        std::int64_t rated = 0;
        std::int64_t sum = 0;
        for (const auto& one : evidence_.feedback) {
            if (!isOfAll() && !isAboutService(one.service)) continue;
            pieces += one.pieces;
            rated += one.rated;
            sum += one.sum;
        }
        if (pieces == 0) return "There is no feedback from children and families.";
        const auto words = numberWords(pieces, "piece", "pieces");
        if (rated < kFewestFeedback) return words + " of feedback; too few ratings to give a mean.";
        return fmt::format("{} of feedback; mean rating {:.1f} of 5 over {}.", words,
                           static_cast<double>(sum) / static_cast<double>(rated), rated);
    }

    std::string meetingWords() const {
        const auto& one = evidence_.meetings;
        if (one.families == 0) return "No family group meeting is on record, offered or not.";
        return fmt::format(
            "Family group meetings: offered to {} of {} families, accepted by {}, held for {}.", one.offered,
            one.families, one.accepted, one.held);
    }

    std::string unevidencedWords() const {
        const auto count = static_cast<std::int64_t>(judged_.unevidenced.size());
        if (count == 0) return "No approach without evidence is recorded as in use.";
        return numberWords(count, "approach", "approaches") + " in use that no guide recommends.";
    }

    std::string partnerWords() const {
        const auto shared = std::ranges::count_if(
            about_, [&](const auto* one) { return evidence_.partners.contains(one->service.reference); });
        return fmt::format("{} of {} running services are shared with partners.", shared, about_.size());
    }

    std::string stageWords() const {
        std::int64_t changes = 0;
        for (const auto& [service, count] : evidence_.stageChanges) changes += count;
        return numberWords(changes, "change", "changes") + " of stage in the period.";
    }

    std::string qualityWords() const {
        std::int64_t broken = 0;
        for (const auto* service : about_)
            for (const auto& [name, figure] : service->pooled)
                if (const auto* measure = evidence_.edition->catalogue.measure(name);
                    measure != nullptr && measure->shown == guidance::Shown::quality)
                    broken += figure.parts.proportion.numerator;
        if (broken == 0) return "No rule about the quality of data is broken.";
        return "Rules about the quality of data are broken " + numberWords(broken, "time.", "times.");
    }

    /// As strong as the middle one of the recommendations behind it that are running; without any, by the
    /// measures; by statements alone it is limited.
    Strength strength() const {
        std::vector<Strength::Grade> grades;
        for (const auto* one : found_.recommendations)
            if (!one->running.empty()) grades.push_back(judged_.strengths.at(one->recommendation->id).grade);
        if (!grades.empty()) return middleOf(std::move(grades));
        if (!isOfAll() && !hasMeetings())
            return strengthOf(false, {{"amount", Criterion::Verdict::notMet,
                                       "No service that the recommendations name is running."}});
        if (!found_.measures.empty()) return strengthOfMeasures();
        return strengthOf(
            hasStatements(),
            {{"amount", Criterion::Verdict::notMet,
              "Statements of the authority and counts of its own alone; no figure is computed for this."}});
    }

    static Strength middleOf(std::vector<Strength::Grade> grades) {
        std::ranges::sort(grades);
        std::map<Strength::Grade, int, std::greater<>> count;
        for (const auto grade : grades) ++count[grade];
        std::vector<std::string> words;
        for (const auto& [grade, number] : count)
            words.push_back(std::to_string(number) + " " + gradeName(grade));
        return {grades[(grades.size() - 1) / 2],
                {{"recommendations", Criterion::Verdict::notApplicable,
                  "The evidence for the recommendations behind it: " + listed(words) +
                      ". The middle one counts."}}};
    }

    Strength strengthOfMeasures() const {
        std::int64_t most = 0;
        for (const auto& [name, figure] : found_.measures)
            most = std::max({most, figure.parts.proportion.denominator, figure.parts.proportion.numerator});
        return strengthOf(most > 0, {{"amount", verdictOf(most >= kFewestBehindFigures),
                                      fmt::format("The figures rest on up to {} records.", most)},
                                     completeness(about_),
                                     recency(about_, evidence_.question.known.day)});
    }

    bool hasMeetings() const { return speaks("meetings") && evidence_.meetings.families > 0; }

    bool hasStatements() const {
        return (speaks("actions") && !evidence_.actions.empty()) ||
               (speaks("feedback") && !evidence_.feedback.empty()) ||
               (speaks("declarations") && !evidence_.declared.empty()) || hasMeetings() ||
               (speaks("quality") && !evidence_.services.empty()) ||
               (speaks("partners") && !evidence_.partners.empty()) ||
               (speaks("levels") && !evidence_.services.empty());
    }

    bool isAbout(const Finding& finding) const {
        if (std::ranges::any_of(finding.recommendations, [&](const auto& id) { return isOf(id); }))
            return true;
        const auto& about = finding.rule->about;
        // Actions are counted over all: they say nothing of single recommendations.
        if (about.empty() || (about == "actions" && !isOfAll())) return false;
        return speaks(about);
    }

    const guidance::Expectation& expectation_;
    const Evidence& evidence_;
    const Judgement& judged_;
    Services about_;
    ExpectationEvidence found_{nullptr, {}, {}, {}, {}, {}};
};

}  // namespace

std::vector<ExpectationEvidence> expectationsOf(const Evidence& evidence, const Judgement& judged) {
    std::vector<ExpectationEvidence> all;
    for (const auto& one : evidence.edition->catalogue.expectations)
        all.push_back(InExpectation(one, evidence, judged).run());
    return all;
}

}  // namespace adherence
