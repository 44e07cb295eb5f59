#pragma once

#include <optional>

#include "measures/facts.h"
#include "statistics/agreement.h"

namespace measures {

/// How far two raters agree: sessions that two reviews with the same checklist version rated.
struct RaterAgreement {
    int sessions = 0;  ///< rated twice
    int items = 0;     ///< rated by both
    /// Of single items; none below ten of them.
    std::optional<statistics::Agreement> agreement;
    /// Of whole scores; none for fewer than two sessions, or where nothing varies.
    std::optional<statistics::IntraclassCorrelation> scores;
};

/// Over the reviews of a run of quarters, both ends included; a third review of a session is left out. The
/// facts must have been read with references.
RaterAgreement raterAgreement(const Facts& facts, QuarterSpan span);

}  // namespace measures
