#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "values/date.h"

namespace measures {

/// One child's or family's passage through a service.
struct EpisodeFacts {
    values::Date referredOn;
    std::optional<values::Date> offeredOn;
    std::optional<values::Date> acceptedOn;
    std::optional<values::Date> startedOn;
    std::optional<values::Date> endedOn;
    bool isCompleted = false;  ///< ended because it was completed
    int sessionsHeld = 0;      ///< of any date
};

/// Practitioners who appear in a service's sessions or reviews, by position in ServiceFacts::practitioners.
using PractitionerIndex = std::uint32_t;

/// A session that was held.
struct SessionFacts {
    PractitionerIndex practitioner;
    values::Date heldOn;
};

struct ReviewFacts {
    PractitionerIndex practitioner;
    values::Date reviewedOn;
    std::string checklist;
    int version;
    /// One byte an item of the checklist version: points, guidance::kNotApplicable or guidance::kBlank.
    std::string scores;
};

struct PractitionerFacts {
    std::optional<values::Date> trainedOn;
    std::optional<values::Date> accreditedUntil;
    std::vector<values::Date> supervisedOn;
};

enum class TimePoint { before, mid, after, followUp };

struct ScoreFacts {
    std::uint32_t episode;  ///< position in ServiceFacts::episodes
    std::string instrument;
    std::string respondent;
    TimePoint timePoint;
    values::Date scoredOn;
    double value;
};

/// Everything one service's figures are computed from, of all dates.
struct ServiceFacts {
    std::vector<EpisodeFacts> episodes;
    std::vector<SessionFacts> sessions;  ///< held ones only
    std::vector<ReviewFacts> reviews;
    std::vector<PractitionerFacts> practitioners;
    std::vector<ScoreFacts> scores;
};

}  // namespace measures
