#pragma once

#include <algorithm>
#include <regex>
#include <string>

#include "support/doors.h"

namespace support {

/// Compares what a page showed when it was drawn last with tests/golden/pages/<page, / as .>.json, whole.
/// Ids, random tokens and fingerprints stand there as `…`: each differs from run to run or moves with every
/// step before it.
inline void expectGoldenPage(const std::string& page) {
    static const std::regex kWhole("[0-9a-f]{32,64}");
    static const std::regex kBeginning("\"[0-9a-f]{12}\"");  // of a fingerprint, as lists show it
    auto text = std::regex_replace(Doors::lastView(page).json(1), kWhole, "…");
    text = std::regex_replace(text, kBeginning, "\"…\"");
    auto file = page;
    std::ranges::replace(file, '/', '.');
    expectGolden("pages/" + file + ".json", text + "\n");
}

}  // namespace support
