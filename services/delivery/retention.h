#pragma once

#include <string>
#include <vector>

#include "platform/database.h"

namespace delivery {

/// How long one kind of thing is kept, and why: a line of schema/retention.json.
struct RetentionRule {
    std::string what;  ///< form, submission, upload, invitation, person, child, history or audit
    int keepDays;
    std::string title;
    std::string why;
};

/// Throws Invalid with each fault at its pointer; every kind must have its rule, once.
std::vector<RetentionRule> readRetentionRules(const std::string& path);

struct RetentionResult {
    RetentionRule rule;
    std::int64_t removed;    ///< or to remove, where nothing was; -1 where it was not counted
    std::int64_t held = -1;  ///< of how many; -1 where it was not counted
    /// Whether so much would go at once that somebody is to say that it may: more than a tenth of what is
    /// held, and more than 20. That is what a wrong clock does, or a first run on old data.
    bool isMuch() const { return held >= 0 && removed > 20 && removed > held / 10; }
};

enum class RetentionMode {
    countOnly,
    careful,    ///< removes nothing at all where much would go of one kind that cannot come back
    confirmed,  ///< removes whatever is due
};

/// Applies every rule as of now; each kind in a unit of its own. Where nothing is removed it counts, where
/// counting is possible (history is not counted: -1).
std::vector<RetentionResult> applyRetention(platform::Database& database,
                                            const std::vector<RetentionRule>& rules, values::Instant now,
                                            RetentionMode mode);
/// Whether a careful run waits for somebody.
bool isWaiting(const std::vector<RetentionResult>& results);
/// `1,229 of 1,879: The pseudonym of a child, …`, for each kind of which much would go.
std::string whatIsMuch(const std::vector<RetentionResult>& results);

}  // namespace delivery
