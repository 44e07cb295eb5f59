#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "values/proportion.h"

namespace adherence {

/// `63% (5 of 8)`
std::string shareWords(const values::Proportion& counts);
/// The same beside what is asked for: `69.7% (23 of 33)`, of at least 70%.
std::string shareWordsBeside(const values::Proportion& counts, double atLeast);
/// `1 action`, `2 actions`
std::string numberWords(std::int64_t number, const std::string& one, const std::string& many);
/// `one, two and three`
std::string listed(const std::vector<std::string>& words);
std::string quoted(const std::string& words);

}  // namespace adherence
