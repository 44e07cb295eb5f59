#pragma once

#include <string>
#include <vector>

#include "guidance/catalogue.h"
#include "platform/database.h"
#include "values/proportion.h"

/// Practice beside evidence: what is offered where, where practice outruns the evidence or falls behind it,
/// and where a study could be done.
namespace evidence {

// The rules by which something is said. They are printed with the register.

/// An approach without evidence is widely used from this share of signed returns on, and so many of them.
constexpr double kWidelyUsed = 0.1;
constexpr std::size_t kFewestUsing = 5;
/// A recommendation on strong or good evidence is rarely offered below this share of signed returns.
constexpr double kRarelyOffered = 0.25;
/// Judged in so many, it is delivered otherwise than intended where fewer than this share of them do.
constexpr std::size_t kFewestJudged = 5;
constexpr double kMostlyAsIntended = 0.5;
/// Results speak from so many scores before and after on.
constexpr std::int64_t kFewestPairs = 50;

/// How far one recommendation is taken up, over the signed returns of a quarter.
struct Uptake {
    const guidance::Guide* guide;
    const guidance::Recommendation* recommendation;
    std::size_t returned = 0;
    std::size_t offering = 0;  ///< delivered as intended, partly, or too little to judge
    std::size_t judged = 0;    ///< of these, without too little to judge
    std::size_t asIntended = 0;
    std::size_t planned = 0;
};

struct ApproachUse {
    std::string id;
    std::string name;
    std::string evidence;  ///< what the catalogue says of it
    std::size_t authorities = 0;
};

/// Change by one instrument over England, in the last four quarters.
struct Direction {
    std::string instrument;
    std::string name;
    std::int64_t pairs = 0;
    std::int64_t better = 0;
    std::int64_t worse = 0;
};

/// Something that a rule found.
struct Finding {
    enum class Kind { usedWithoutEvidence, rarelyOffered, notAsIntended, unlikeTheTrials };
    Kind kind;
    std::string subject;
    std::string text;  ///< a sentence with its counts
};
std::string findingTitle(Finding::Kind kind);

struct Picture {
    values::Quarter quarter;
    std::size_t returned = 0;
    std::vector<Uptake> uptake;  ///< strongest evidence first, then the least offered
    std::vector<ApproachUse> approaches;
    std::vector<Direction> directions;
    std::vector<Finding> findings;
};

/// `catalogue` must outlive the picture.
Picture pictureOf(platform::Transaction& tx, const guidance::Catalogue& catalogue, values::Quarter quarter);

/// The rules, pure.
std::vector<Finding> findingsOf(const Picture& picture);

// where a study could be done

constexpr std::int64_t kFewestStarts = 40;   ///< in four quarters
constexpr std::int64_t kFewestReviews = 10;  ///< in four quarters
constexpr double kLeastAtFidelity = 0.3;     ///< between these, fidelity varies enough to learn from
constexpr double kMostAtFidelity = 0.95;
constexpr double kCompleteOutcomes = 0.6;  ///< scores before and after, of families whose delivery ended

struct Site {
    std::string authority;
    std::int64_t started = 0;  ///< in four quarters, to the nearest 5
    bool hasVolume = false;
    bool hasVariation = false;
    bool hasOutcomes = false;

    bool isCandidate() const { return hasVolume && hasVariation && hasOutcomes; }
};

/// What candidate sites would give a study.
struct Study {
    std::vector<Site> sites;  ///< candidates, and those that lack one condition; by name
    std::int64_t families =
        0;  ///< that candidates could bring in a year with complete outcomes, to the nearest 5
    double effect = 0;
    double power = 0;
    std::int64_t fewestPerArm = 0;
};
Study studyOf(platform::Transaction& tx, const guidance::Recommendation& recommendation, values::Quarter last,
              double effect);

}  // namespace evidence
