#pragma once

#include <string>
#include <vector>

#include "entrance/view.h"
#include "measures/figure.h"
#include "measures/level.h"

namespace authority {

// Parts of view models that several pages share; those of every door stand in the entrance.

using entrance::button;
using entrance::Button;
using entrance::choice;
using entrance::csvCell;
using entrance::errorOf;
using entrance::errorSummary;
using entrance::ErrorSummary;
using entrance::Field;
using entrance::Link;
using entrance::Option;
using entrance::row;
using entrance::Row;
using entrance::secondaryButton;
using entrance::sentence;
using entrance::summaryOf;
using entrance::table;
using entrance::Table;
using entrance::Tag;
using entrance::Text;
using entrance::unlessEmpty;

/// A line of a list of facts: what it is called, and what it is.
struct Fact {
    std::string name;
    std::string value;
    platform::View view() const;
};

/// `80%`
std::string wholePercent(double share);

/// A level as a tag: its words, and a colour that never stands alone.
Tag levelTag(measures::Level level);
Tag statusTag(measures::Status status);

/// `62%`; `too few to judge` below this many, unless a standard sets its own; `–` where there is nothing to
/// divide by.
constexpr int kFewestForShare = 10;
std::string shareText(const values::Proportion& proportion, int fewest = kFewestForShare);
bool isTooFew(const values::Proportion& proportion, int fewest = kFewestForShare);
/// `310 of 500`
std::string countText(const values::Proportion& proportion);
/// `58% to 66%`, the 95% interval; `–` where there is none.
std::string intervalText(const values::Proportion& proportion);
/// A figure as people read it: a count, or a share with its counts.
std::string figureText(const guidance::Measure& measure, const measures::Parts& parts);
/// A further figure as people read it.
std::string numberText(const measures::Parts& parts, const guidance::FurtherFigure& further);
/// `the guide`, `the programme`, `the literature`, `set locally`
std::string basisText(guidance::Basis basis);

/// What two scores of one instrument say, with what they do not say.
std::string changeText(const guidance::Instrument& instrument, const std::string& respondent, double before,
                       double after);

/// What is known of a paired change: its interval, and the effect size where there are pairs enough.
std::vector<Fact> changeFacts(const measures::Parts& parts);

}  // namespace authority
