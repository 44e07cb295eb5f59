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
    std::int64_t removed;
};

/// Applies every rule as of now; each kind in a unit of its own. `isDry`: only counts, where counting is
/// possible (history is not counted: -1).
std::vector<RetentionResult> applyRetention(platform::Database& database,
                                            const std::vector<RetentionRule>& rules, values::Instant now,
                                            bool isDry);

}  // namespace delivery
