#pragma once

#include <map>
#include <string>

#include "adherence/evidence.h"

namespace adherence {

/// A report as it is kept: JSON with ordered keys. The same evidence gives the same bytes.
struct Report {
    std::string content;  ///< what the report says
    std::map<std::string, std::string>
        details;  ///< what stands behind it, by `service:S01`, `intervention:…`
};

/// Judges evidence and writes down what it shows.
Report reportOf(const Evidence& evidence);

}  // namespace adherence
