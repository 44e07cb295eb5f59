#pragma once

#include <string>

#include "identity/authority_id.h"
#include "values/date.h"
#include "values/instant.h"
#include "values/quarter.h"

namespace adherence {

/// A run of whole quarters, both ends included.
struct Period {
    values::Quarter first;
    values::Quarter last;

    int quarters() const { return last.index() - first.index() + 1; }
    bool contains(values::Date day) const { return first.first() <= day && day <= last.last(); }
    /// `2025-26 Q1 to 2025-26 Q4`
    std::string name() const;
};

/// The longest run of quarters that a report covers: five years, longer than from one inspection to the next.
constexpr int kMostQuarters = 20;

/// From the names of its quarters. Throws Invalid at `from` and `to` where they name none, stand the wrong
/// way round, or are too far apart.
Period periodOf(const std::string& from, const std::string& to);

/// The state of knowledge that a report rests on.
struct KnownAs {
    values::Date day;    ///< in London
    values::Instant at;  ///< the last instant that counts
    bool isWholeDay;     ///< the day was over: the same question gives the same answer for ever
    /// `as known at the end of 1 June 2025`, or `as known on 2 June 2025 at 10:00am`.
    std::string text() const;
    /// What is known now. It may still change today.
    static KnownAs now(values::Instant now);
    /// The end of a day. Throws Invalid at `known_on` for a day that is not over, with all that began on it.
    static KnownAs endOf(values::Date day, values::Instant now);
};

/// A row is stamped when it is written, and seen when its unit ends: no unit lasts so long.
constexpr auto kLongestUnit = std::chrono::minutes(15);

/// What a report is asked.
struct Question {
    identity::AuthorityId authority;
    Period period;
    KnownAs known;
};

}  // namespace adherence
