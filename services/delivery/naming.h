#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace delivery {

/// Says whether a text names somebody.
using Names = std::function<bool(std::string_view text)>;

/// A reference as it is compared: without white space, in capitals.
std::string normalisedReference(std::string_view reference);

/// Names whoever has a reference of which `isTheirs` is true, given normalised: a word of the text, up to
/// three in a row, or a part of a word between hyphens, slashes, dots and underlines. A reference so short
/// that it may mean anything is not looked for: under four characters, or digits alone under six.
Names namesWhere(std::function<bool(const std::string& normalised)> isTheirs);

/// Whether a reference is long enough to be looked for in a text.
bool isTelling(std::string_view reference);

}  // namespace delivery
