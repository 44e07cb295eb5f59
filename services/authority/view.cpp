#include "authority/view.h"

#include <fmt/format.h>

#include <cmath>

#include "statistics/change.h"
#include "statistics/interval.h"

namespace authority {
namespace {

using measures::Level;
using measures::Status;

/// With at most so many decimals, and none where they say nothing.
std::string decimalText(const std::optional<double>& value, int decimals) {
    if (!value) return "–";
    auto text = fmt::format("{:.{}f}", *value, decimals);
    if (text.find('.') != std::string::npos) text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text == "-0" ? "0" : text;
}

std::string betweenText(const statistics::Interval& interval) {
    return decimalText(interval.lower, 2) + " to " + decimalText(interval.upper, 2);
}

}  // namespace

platform::View Fact::view() const { return {{"name", name}, {"value", value}}; }

std::string wholePercent(double share) { return std::to_string(std::lround(share * 100)) + "%"; }

Tag levelTag(Level level) {
    const auto colour = [&] {
        switch (level) {
            case Level::deliveredAsIntended:
                return "govuk-tag--green";
            case Level::partlyDelivered:
                return "govuk-tag--yellow";
            case Level::planned:
                return "govuk-tag--blue";
            case Level::tooLittleToJudge:
            case Level::notOffered:
                return "govuk-tag--grey";
        }
        return "";
    };
    return {sentence(measures::levelName(level)), colour()};
}

Tag statusTag(Status status) {
    const auto* colour = status == Status::met      ? "govuk-tag--green"
                         : status == Status::notMet ? "govuk-tag--yellow"
                                                    : "govuk-tag--grey";
    const auto text = status == Status::tooFew ? "too few to judge" : measures::statusName(status);
    return {sentence(text), colour};
}

bool isTooFew(const values::Proportion& proportion, int fewest) {
    return proportion.denominator > 0 && proportion.denominator < fewest;
}

std::string shareText(const values::Proportion& proportion, int fewest) {
    if (isTooFew(proportion, fewest)) return "too few to judge";
    const auto text = measures::percent(proportion);
    return text.empty() ? "–" : text;
}

std::string countText(const values::Proportion& proportion) {
    return std::to_string(proportion.numerator) + " of " + std::to_string(proportion.denominator);
}

std::string intervalText(const values::Proportion& proportion) {
    const auto interval = statistics::wilson(proportion);
    return interval ? wholePercent(interval->lower) + " to " + wholePercent(interval->upper) : "–";
}

std::string figureText(const guidance::Measure& measure, const measures::Parts& parts) {
    if (measure.aggregate == guidance::Aggregate::count) return std::to_string(parts.proportion.numerator);
    if (isTooFew({0, parts.proportion.denominator}, measure.minimumN)) return "too few to judge";
    if (measure.isShare()) return shareText(parts.proportion, measure.minimumN);
    return decimalText(parts.number(measure.aggregate, measure.step), measure.decimals);
}

std::string numberText(const measures::Parts& parts, const guidance::FurtherFigure& further) {
    if (further.aggregate == guidance::Aggregate::ratio || further.aggregate == guidance::Aggregate::presence)
        return shareText(parts.proportion);
    return decimalText(parts.number(further.aggregate, further.step), 2);
}

std::vector<Fact> changeFacts(const measures::Parts& parts) {
    const auto change = statistics::pairedChange({parts.proportion.denominator, parts.value.sum,
                                                  parts.value.squares, parts.before.sum, parts.before.squares,
                                                  parts.after.sum, parts.after.squares});
    if (!change) return {};
    std::vector<Fact> facts{{"Pairs of scores", std::to_string(change->pairs)},
                            {"Mean before and after", decimalText(change->meanBefore, 1) + " and " +
                                                          decimalText(change->meanAfter, 1)}};
    if (change->interval)
        facts.push_back({"95% interval of the mean change", betweenText(*change->interval)});
    if (change->effectInterval)
        facts.push_back(
            {"Standardised change (g with average deviation)",
             decimalText(change->effect, 2) + ", 95% interval " + betweenText(*change->effectInterval)});
    facts.push_back({"What this does not show",
                     "Change among families with both scores. This is monitoring, not evaluation: it does "
                     "not show what the programme caused."});
    return facts;
}

std::string changeText(const guidance::Instrument& instrument, const std::string& respondent, double before,
                       double after) {
    const double change = after - before;
    const double better = instrument.isLowerBetter ? -change : change;
    const double threshold =
        statistics::reliableChange(instrument.standardDeviation, instrument.reliability).threshold;
    const std::string verdict = better > threshold    ? "more than measurement error explains, for the better"
                                : better < -threshold ? "more than measurement error explains, for the worse"
                                                      : "within what measurement error explains";
    return instrument.name + ", " + respondent + ": " + decimalText(before, 2) + " before, " +
           decimalText(after, 2) + " after (" + (instrument.isLowerBetter ? "lower" : "higher") +
           " is better): " + verdict + ". One family’s change does not show what the service caused.";
}

std::string basisText(guidance::Basis basis) {
    switch (basis) {
        case guidance::Basis::guide:
            return "stated by the guide";
        case guidance::Basis::programme:
            return "stated by the programme";
        case guidance::Basis::literature:
            return "from the research literature";
        case guidance::Basis::local:
            return "set by us, not by the guide";
    }
    return "";
}

}  // namespace authority
