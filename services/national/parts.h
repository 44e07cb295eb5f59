#pragma once

#include <string>
#include <vector>

#include "entrance/view.h"
#include "values/quarter.h"

namespace national {

// Parts that pages of this door share.

/// What a symbol in place of a number means.
struct SymbolMeaning {
    std::string symbol;
    std::string meaning;
    platform::View view() const;
};
/// Every symbol that a release's tables may hold.
std::vector<SymbolMeaning> symbolMeanings();

/// A link with a sentence or two beneath it.
struct ExplainedLink {
    std::string href;
    std::string text;
    std::string about;
    platform::View view() const;
};

/// `Camden, Hartlepool`
std::string inOneLine(const std::vector<std::string>& names);

/// A quarter to choose, by its name and its months.
entrance::Field quarterChoice(const std::vector<values::Quarter>& quarters, values::Quarter chosen);

}  // namespace national
