#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "measures/facts.h"

namespace measures {

/// A service's recorded facts as few bytes: its episodes, sessions, reviews, scores, practitioners and
/// supervisions, column by column, each as narrow as its values allow. What is derived from them, the service
/// itself and the authority's declarations are left out.
std::string packed(const Facts& facts);

/// The inverse, before `complete`. No value where the bytes are of another layout: an older one, or with
/// other fields.
std::optional<Facts> unpacked(std::string_view bytes);

}  // namespace measures
