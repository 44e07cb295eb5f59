#pragma once

#include <string>
#include <vector>

#include "guidance/catalogue.h"

namespace england {

/// The measures, by full name, that count one by one the people or other records behind a share: itself,
/// unless it sums units of which each has many, such as sessions; then all that count the same records. None
/// where no measure counts them.
std::vector<std::string> recordsBehind(const guidance::Catalogue& catalogue, const std::string& measure);

}  // namespace england
