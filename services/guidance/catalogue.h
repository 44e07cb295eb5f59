#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "values/date.h"

namespace guidance {

/// Where a statement or a number comes from.
struct Source {
    std::string title;                      ///< title of the text it was read in
    bool isConfirmed = false;               ///< seen in the publisher's own text
    std::optional<values::Date> checkedOn;  ///< when we last looked
};

/// Where a threshold comes from; `local` is ours, and is never presented as the guide's.
enum class Basis { guide, programme, literature, local };
std::string basisName(Basis basis);

struct ChecklistItem {
    std::string id;
    std::string text;
    std::string dimension;  ///< adherence, exposure, quality, responsiveness, differentiation or other
    int most = 0;           ///< points possible, 1 to 200
    bool isRequired = false;
};

/// One version of a fidelity checklist. Immutable once a review has used it.
struct Checklist {
    std::string id;
    int version = 0;
    std::vector<ChecklistItem> items;
};

struct Instrument {
    std::string id;
    std::string name;
    double least = 0;
    double most = 0;
    bool isLowerBetter = false;
    double standardDeviation = 0;
    double reliability = 0;  ///< 0 to 1
    std::optional<double> cutOff;
    Basis basis = Basis::literature;
};

struct Intervention {
    std::string id;
    std::string name;
    std::vector<std::string> coreComponents;
    int expectedSessions = 0;
    double minimumShare = 0;  ///< of the expected sessions, for a completer
    int startWithinDays = 0;
    int supervisionWithinDays = 0;
    std::string checklist;
    double fidelityThreshold = 0;
    std::vector<std::string> instruments;
    Basis doseBasis = Basis::local;
    std::optional<Source> source;

    /// The fewest sessions that make a completer.
    int completerSessions() const;
};

/// In use somewhere, but no guide recommends it: shown as such, counted towards nothing.
struct Approach {
    std::string id;
    std::string name;
    std::string evidence;
};

struct Standard {
    std::string measure;
    double atLeast = 0;
    bool isRequired = false;
    int minimumN = 0;
    Basis basis = Basis::local;
    std::string reason;
};

struct Recommendation {
    std::string id;
    std::string title;
    std::string strength;  ///< strong, good, promising; empty where the guide's label was not seen
    bool isConfirmed = false;
    std::string population;
    std::vector<std::string> outcomes;
    std::vector<std::string> enablers;
    std::vector<std::string> interventions;
    std::vector<Standard> standards;
    std::optional<Source> source;
};

struct Guide {
    std::string id;
    std::string version;
    std::string title;
    std::string publisher;
    std::string published;  ///< ISO date; empty where not confirmed
    std::vector<Recommendation> recommendations;
    std::optional<Source> source;
};

/// All guidance in force: complete and checked. Ids are unique within each kind and every reference resolves.
struct Catalogue {
    std::vector<Guide> guides;
    std::map<std::string, Intervention> interventions;
    std::map<std::string, Approach> approaches;
    /// By id, then version.
    std::map<std::string, std::map<int, Checklist>> checklists;
    std::map<std::string, Instrument> instruments;

    const Intervention* intervention(const std::string& id) const;
    const Instrument* instrument(const std::string& id) const;
    const Checklist* checklist(const std::string& id, int version) const;
    /// The newest version; none where there is no such checklist.
    const Checklist* latestChecklist(const std::string& id) const;
    /// Interventions and approaches alike; the id itself where it is neither.
    std::string nameOf(const std::string& interventionOrApproach) const;
};

/// How an item of a packed review was answered: points 0 to 200, or one of these.
constexpr std::uint8_t kNotApplicable = 254;
constexpr std::uint8_t kBlank = 255;
/// The largest number of points an item can have, so that a score packs into one byte.
constexpr int kMostItemPoints = 200;

}  // namespace guidance
