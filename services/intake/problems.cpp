#include "intake/problems.h"

#include <algorithm>

namespace intake {
namespace {
constexpr std::size_t kMostKept = 10000;
constexpr std::size_t kLongestValue = 120;

/// Shortened between characters, not within one.
std::string shortened(std::string text) {
    if (text.size() <= kLongestValue) return text;
    std::size_t end = kLongestValue;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end) + "…";
}
}  // namespace

void Problems::add(const std::string& file, long row, const std::string& column, std::string got,
                   std::string wanted) {
    ++found_;
    if (kept_.size() < kMostKept)
        kept_.push_back({{file, row, column}, shortened(std::move(got)), std::move(wanted)});
}

void Problems::take(Problems&& other) {
    found_ += other.found_;
    for (auto& problem : other.kept_)
        if (kept_.size() < kMostKept) kept_.push_back(std::move(problem));
}

void Problems::refuse(const std::vector<std::string>& order) {
    if (found_ == 0) return;
    const auto place = [&](const values::FieldProblem& problem) {
        return std::pair(std::ranges::find(order, problem.where.file) - order.begin(), problem.where.row);
    };
    std::ranges::stable_sort(kept_, {}, place);
    throw values::Invalid(std::move(kept_), found_);
}

}  // namespace intake
