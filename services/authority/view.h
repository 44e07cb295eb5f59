#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "measures/figure.h"
#include "measures/level.h"
#include "values/errors.h"
#include "values/quarter.h"

namespace authority {

// Parts of view models that several pages share.

/// With a capital letter to begin with.
std::string sentence(std::string text);
/// `80%`
std::string wholePercent(double share);

/// A level as a tag: its words, and a colour that never stands alone.
nlohmann::json levelTag(measures::Level level);
nlohmann::json statusTag(measures::Status status);
nlohmann::json button(const std::string& text, const std::string& classes = "");
nlohmann::json secondaryButton(const std::string& text);

struct Option {
    std::string value;
    std::string text;
};
nlohmann::json choice(const std::string& name, const std::string& label, const std::vector<Option>& options,
                      const std::string& chosen);

/// Quarters from first to last, the newest first.
nlohmann::json quarterChoice(values::Quarter first, values::Quarter last, values::Quarter chosen);

/// The error summary's list: each problem with a link to its field.
nlohmann::json errorSummary(const std::vector<values::FieldProblem>& problems);
/// What was wrong with one field; empty where nothing was.
std::string errorOf(const std::vector<values::FieldProblem>& problems, const std::string& field);

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

/// Adds what is known of a paired change: its interval, and the effect size where there are pairs enough.
void addChange(nlohmann::json& facts, const measures::Parts& parts);

/// A table row: its heading and its cells.
nlohmann::json row(const std::string& heading, const std::vector<std::string>& cells);
/// Numbers stand right: every column but the first.
nlohmann::json table(const std::string& id, const std::string& caption,
                     const std::vector<std::string>& headers, nlohmann::json rows);

}  // namespace authority
