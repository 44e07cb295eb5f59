// Scores 36.7 million items as the measures room does, and once more as a bare loop over the same packed
// bytes: the bound. Prints both and the ratio. bench_scores [REVIEWS]

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "measures/review.h"

namespace {

constexpr std::size_t kItems = 12;

/// The median of five runs, in seconds.
double seconds(const std::function<std::int64_t()>& pass, std::int64_t& sum) {
    std::vector<double> took;
    for (int run = 0; run < 5; ++run) {
        const auto began = std::chrono::steady_clock::now();
        sum = pass();
        took.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
    }
    std::ranges::sort(took);
    return took[2];
}

}  // namespace

int main(int count, char** words) {
    const std::size_t reviews = count > 1 ? std::stoul(words[1]) : 3'060'000;
    guidance::Checklist checklist{"twelve", 1, {}};
    for (std::size_t i = 0; i < kItems; ++i)
        checklist.items.push_back({"i", "An item", "adherence", 2, i < 3});
    std::string bytes(reviews * kItems, 0);
    std::uint32_t state = 1;
    for (auto& byte : bytes) {
        state = state * 1664525U + 1013904223U;
        const auto draw = state >> 24U;
        byte = static_cast<char>(draw < 8 ? guidance::kNotApplicable : draw % 3);
    }
    std::int64_t bare = 0;
    const double bound = seconds(
        [&] {
            std::int64_t points = 0;
            for (const char byte : bytes) {
                const auto score = static_cast<std::uint8_t>(byte);
                points += score <= guidance::kMostItemPoints ? score : 0;
            }
            return points;
        },
        bare);
    const measures::ReviewScoring scoring(checklist);
    std::int64_t scored = 0;
    const double ours = seconds(
        [&] {
            std::int64_t points = 0;
            for (std::size_t i = 0; i < reviews; ++i)
                points += scoring.of(std::string_view(bytes).substr(i * kItems, kItems)).points;
            return points;
        },
        scored);
    std::cout << reviews * kItems << " item scores in memory, one core: bare loop " << bound << " s, scored "
              << ours << " s, ratio " << ours / bound << (bare == scored ? "" : "; ANSWERS DIFFER") << "\n";
    return bare == scored ? 0 : 1;
}
