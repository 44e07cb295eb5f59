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

/// When an entry counts. A day without an end stands open.
struct Validity {
    std::optional<values::Date> from;   ///< in force from this day on; always, where none is given
    std::optional<values::Date> until;  ///< withdrawn on this day: the day before is the last

    bool holds(values::Date day) const { return (!from || *from <= day) && (!until || day < *until); }
};

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
    /// Reviews from this day on use it; always, where none is given.
    std::optional<values::Date> from = std::nullopt;
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
    std::string version;  ///< empty where only one was ever given
    Validity validity;
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
    /// Numbers of its own that measures may compare with, by name.
    std::map<std::string, double> parameters;

    /// The fewest sessions that make a completer.
    int completerSessions() const;
};

/// In use somewhere, but no guide recommends it: shown as such, counted towards nothing.
struct Approach {
    std::string id;
    std::string name;
    std::string evidence;
};

/// How a measure makes one figure of many records.
enum class Aggregate { count, ratio, mean, median, pairedChange, presence };
std::string aggregateName(Aggregate aggregate);

/// Which way is better.
enum class Direction { higher, lower, none };

/// A figure beside a measure's own, over the same records.
struct FurtherFigure {
    std::string name;
    std::string title;
    Aggregate aggregate = Aggregate::count;
    double step = 1;  ///< width of a class where it is a median
};

/// Where a figure is shown. A rule about the quality of data is a measure that counts the records which break
/// it. What is shown of England alone is signed with a return, and on no page of an authority.
enum class Shown { results, profile, quality, england };

/// What a rule about the quality of data says besides what it counts.
struct QualityRule {
    std::string severity;             ///< impossible, unlikely or missing
    std::string message;              ///< what is wrong with a record, and what to do
    std::vector<std::string> fields;  ///< the columns that it is about
    std::string passing;              ///< a record that keeps it, with what belongs to it, as JSON
    std::string failing;              ///< one that breaks it
};

/// What a figure means, for people and for machines. The `measures` room compiles its definition.
struct Measure {
    std::string id;
    std::string version;
    Validity validity;
    std::string title;        ///< as a row's heading: "Sessions attended, of those expected"
    std::string explanation;  ///< what counts, in one sentence
    std::string why;          ///< why it matters
    std::string unit;         ///< words behind a number: "sessions expected"
    Aggregate aggregate = Aggregate::count;
    double step = 1;  ///< width of a class where it is a median
    Direction direction = Direction::none;
    int decimals = 0;   ///< of a percentage, or of a number where it is none
    int minimumN = 10;  ///< below it the figure says too few to judge
    /// Computed once for each instrument of an intervention, and then called `id:instrument`.
    bool isForEachInstrument = false;
    Shown shown = Shown::results;
    QualityRule quality;                     ///< of a rule about the quality of data
    std::vector<std::string> interventions;  ///< for these alone; for all where empty
    std::vector<FurtherFigure> also;
    std::vector<std::string> breakdowns;
    std::string author;
    std::string checker;
    std::optional<values::Date> reviewedOn;
    std::optional<values::Date> nextReviewOn;
    std::string definition;  ///< its own JSON, with ordered keys
    std::string file;        ///< where it was read, for messages
    std::string pointer;     ///< its place in that file

    /// A number of so many out of so many: what a standard can stand on.
    bool isShare() const { return aggregate == Aggregate::ratio || aggregate == Aggregate::presence; }
};

/// A condition with a name of its own, for measures to share.
struct Term {
    std::string id;
    std::string title;
    std::string definition;
    std::string file;
    std::string pointer;
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

/// A condition for good delivery that a guide names beside its recommendations.
struct Principle {
    std::string id;
    std::string text;
    std::optional<Source> source;
};

/// Where a guide says that the evidence is missing.
struct EvidenceGap {
    std::string id;
    std::string text;
    std::optional<Source> source;
};

struct Guide {
    std::string id;
    std::string version;
    std::string title;
    std::string publisher;
    std::string published;  ///< ISO date; empty where not confirmed
    Validity validity;
    std::string changes;  ///< what this version changed, in a sentence
    std::vector<Recommendation> recommendations;
    std::optional<Source> source;
    std::vector<Principle> principles;
    std::vector<EvidenceGap> gaps;
};

/// What an inspection judges: `HP`, help and protection.
struct JudgementArea {
    std::string id;
    std::string code;
    std::string name;
};

/// An edition of an inspection framework. A grade means nothing without the edition that it was given under.
struct InspectionFramework {
    std::string id;
    std::string name;
    Validity validity;
    bool hasOverall = false;         ///< whether it also judges overall effectiveness
    std::vector<std::string> areas;  ///< ids of judgement areas
    std::optional<Source> source;
};

/// What good looks like in one area, in our words, and which records of delivery speak to it. That a guide is
/// followed is not itself an expectation.
struct Expectation {
    std::string id;
    std::string code;  ///< `HP10`
    std::string area;
    std::string statement;
    std::vector<std::string> outcomes;
    std::vector<std::string> enablers;
    std::vector<std::string> recommendations;
    std::vector<std::string> measures;
    std::vector<std::string> speaks;   ///< what else is shown: `declarations`, `meetings`, `equality` …
    std::vector<std::string> quality;  ///< rules about the quality of data that weaken the evidence
    std::string silent;                ///< why delivery has nothing to say; empty where something speaks
    std::optional<Source> source;

    bool isSilent() const { return recommendations.empty() && measures.empty() && speaks.empty(); }
};

/// Guidance as it stands on one day: complete and checked. Ids are unique within each kind and every
/// reference resolves.
struct Catalogue {
    std::vector<Guide> guides;
    std::map<std::string, Intervention> interventions;
    std::map<std::string, Approach> approaches;
    /// By id, then version.
    std::map<std::string, std::map<int, Checklist>> checklists;
    std::map<std::string, Instrument> instruments;
    std::vector<Measure> measures;  ///< in the order in which pages show them
    std::map<std::string, Term> terms;
    std::vector<JudgementArea> areas;
    std::vector<InspectionFramework> frameworks;  ///< the earliest first
    std::vector<Expectation> expectations;        ///< in the order in which reports show them

    /// The edition of the inspection framework in use on a day; none where the catalogue has none.
    const InspectionFramework* frameworkOn(values::Date day) const;
    const Guide* guide(const std::string& id) const;
    const Intervention* intervention(const std::string& id) const;
    const Instrument* instrument(const std::string& id) const;
    const Checklist* checklist(const std::string& id, int version) const;
    /// The newest version; none where there is no such checklist.
    const Checklist* latestChecklist(const std::string& id) const;
    /// The newest version that a review of that day uses; none where there is none yet.
    const Checklist* checklistOn(const std::string& id, values::Date day) const;
    /// Whether a guide has a recommendation or a key principle with this id.
    bool holdsStatement(const std::string& id) const;
    /// The words of a recommendation or key principle; the id itself where there is none.
    std::string statementTitle(const std::string& id) const;
    /// By full name: `dose`, or `outcome_improved:sdq-total`, whose instrument must exist. None for a name
    /// that has an instrument and needs none, or the other way round.
    const Measure* measure(const std::string& name) const;
    /// A measure's title, with its instrument where it has one; the name itself where there is none.
    std::string measureTitle(const std::string& name) const;
    /// Interventions and approaches alike; the id itself where it is neither.
    std::string nameOf(const std::string& interventionOrApproach) const;
};

/// Every version of all guidance.
struct Guidance {
    std::vector<Guide> guides;
    std::vector<Intervention> interventions;
    std::vector<Measure> measures;
    Catalogue unversioned;  ///< approaches, checklists, instruments, terms, expectations: hold on every day

    /// What is in force on a day: of each guide, intervention and measure the version that took effect last.
    Catalogue on(values::Date day) const;
    /// The same, but one guide in another of its versions, whenever that takes effect. Throws
    /// std::out_of_range where there is no such version.
    Catalogue on(values::Date day, const std::string& guide, const std::string& version) const;
    /// The newest version of everything, in force or not.
    Catalogue latest() const;
    /// The days on which something takes effect or is withdrawn, in order.
    std::vector<values::Date> changes() const;
    /// All versions of one guide, the oldest first.
    std::vector<const Guide*> versionsOf(const std::string& guide) const;
};

/// The part of a measure's name behind the colon; empty where it has none.
std::string instrumentOf(const std::string& measure);

/// How an item of a packed review was answered: points 0 to 200, or one of these.
constexpr std::uint8_t kNotApplicable = 254;
constexpr std::uint8_t kBlank = 255;
/// The largest number of points an item can have, so that a score packs into one byte.
constexpr int kMostItemPoints = 200;

}  // namespace guidance
