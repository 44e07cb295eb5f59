#include "platform/rate_limiter.h"

#include <algorithm>

namespace platform {
namespace {
/// More keys than this are an attack from many places, or an hour's visitors: those at rest are forgotten.
constexpr std::size_t kMostKeys = 100000;
}  // namespace

bool RateLimiter::take(const std::string& key) {
    const auto now = clock_.now();
    const std::lock_guard lock(mutex_);
    if (buckets_.size() >= kMostKeys) forgetResting(now);
    auto& bucket = buckets_.try_emplace(key, Bucket{perMinute_, now}).first->second;
    const auto minutes = std::chrono::duration<double, std::ratio<60>>(now - bucket.at).count();
    bucket.left = std::min(perMinute_, bucket.left + std::max(0.0, minutes) * perMinute_);
    bucket.at = now;
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
}

void RateLimiter::forgetResting(values::Instant now) {
    std::erase_if(buckets_,
                  [&](const auto& entry) { return now - entry.second.at > std::chrono::minutes(1); });
    if (buckets_.size() >= kMostKeys) buckets_.clear();
}

}  // namespace platform
