#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adherence/family_meetings.h"
#include "adherence/question.h"
#include "context/official_figures.h"
#include "delivery/authorities.h"
#include "delivery/catalogues.h"
#include "measures/evaluate.h"
#include "measures/explain.h"
#include "measures/level.h"
#include "results/cells.h"

namespace adherence {

/// What one service's records say over the period.
struct ServiceEvidence {
    delivery::Service service;
    const guidance::Intervention* intervention;  ///< none for an approach that no guide recommends
    measures::Figures pooled;                    ///< the period's quarters together
    results::FiguresByQuarter byQuarter;         ///< up to five years, to the period's end
    std::map<std::string, measures::Conditions> conditions;  ///< by measure, the period's quarters together
    std::vector<measures::FunnelStep> steps;                 ///< of those referred in the period
    std::vector<values::Proportion> practitioners;  ///< reviews at fidelity, of each who was reviewed
    int quartersLive = 0;
    int quartersWithRecords = 0;             ///< of these
    std::optional<values::Date> lastRecord;  ///< no later than the period's end

    bool counts() const { return intervention != nullptr && service.isRunning() && quartersLive > 0; }
    /// A measure's counts over the period; none out of none where there is no figure.
    values::Proportion counted(const std::string& measure) const {
        const auto found = pooled.find(measure);
        return found == pooled.end() ? values::Proportion{} : found->second.parts.proportion;
    }
};

/// What the authority says of a recommendation or key principle.
struct Declared {
    std::string status;  ///< in place, partly, planned, not adopted, not applicable
    values::Date on;
    std::string reason;
    std::string evidence;
    std::optional<values::Date> plannedBy;
};

struct ActionTaken {
    std::string reference;
    std::string title;
    std::string about;  ///< id of a recommendation, measure, or service; empty for the whole
    std::optional<values::Date> raisedOn;
    values::Date dueOn;
    std::optional<values::Date> closedOn;
    bool hasEvidence = false;  ///< its closing rests on something

    bool isOverdue(values::Date day) const { return !closedOn && dueOn < day; }
};

/// Pieces of feedback on one service from one kind of respondent.
struct FeedbackCount {
    std::string service;
    std::string respondent;
    std::int64_t pieces = 0;
    std::int64_t rated = 0;
    std::int64_t sum = 0;  ///< of ratings from 1 to 5
};

/// The newest signed version of a quarter's return, as it was known.
struct SignedReturn {
    values::Quarter quarter;
    int version;
    values::Instant at;
    std::string fingerprint;
    std::vector<std::string> changed;  ///< figures that the records now give otherwise, in words
};

/// One authority's counts of one measure in one quarter, as they were signed. Nobody is named by it.
struct SignedCount {
    int authority;
    values::Quarter quarter;
    values::Proportion counts;
};

/// Signed counts of every authority by intervention, then measure; and who is compared with whom.
struct England {
    std::map<std::string, std::map<std::string, std::vector<SignedCount>>> counts;
    std::map<int, std::string> regions;  ///< of every authority of the day
    std::vector<int> neighbours;         ///< nearest first; empty where no model was loaded
    std::vector<std::string> closeness;  ///< of each neighbour
    std::string neighboursEdition;
};

/// A recommendation over the period.
struct RecommendationEvidence {
    const guidance::Guide* guide;
    const guidance::Recommendation* recommendation;
    measures::LevelResult result;  ///< the period's quarters together
    std::map<values::Quarter, measures::Level> levels;
    std::vector<const ServiceEvidence*> running;
    std::vector<const ServiceEvidence*> planned;
    std::optional<Declared> declared;
};

/// An aim of the National Framework: keyed by name, for numbers were switched.
struct Aim {
    std::string id;
    std::string kind;  ///< outcome or enabler
    std::string name;
    std::optional<int> number;  ///< in the edition below
};

/// Everything that a report rests on: counts and statements, no record of a child.
struct Evidence {
    explicit Evidence(const Question& given) : question(given) {}
    Evidence(const Evidence&) = delete;
    Evidence& operator=(const Evidence&) = delete;
    Evidence(Evidence&&) = default;
    Evidence& operator=(Evidence&&) = default;
    ~Evidence() = default;

    Question question;
    std::optional<delivery::Authority> authority;
    std::shared_ptr<const delivery::CatalogueInForce> guidance;
    const delivery::Edition* edition = nullptr;  ///< by which the period's last quarter is judged
    std::vector<std::unique_ptr<ServiceEvidence>> services;
    std::vector<RecommendationEvidence> recommendations;
    std::map<std::string, Declared> declared;
    std::vector<ActionTaken> actions;
    std::vector<FeedbackCount> feedback;
    std::vector<SignedReturn> returns;  ///< of the period's quarters that have one
    FamilyMeetings meetings;
    England england;
    std::vector<Aim> aims;
    std::string aimsEdition;
    std::vector<context::ContextRow> context;  ///< official figures, beside delivery and part of no level
    std::map<std::string, int> partners;       ///< how many share a service, by its reference
    std::map<std::string, int> stageChanges;   ///< within the period, by service

    /// A measure's parts over the services that `which` chooses, pooled over the period.
    measures::Figure pooled(const std::string& measure, const auto& which) const {
        measures::Figure figure;
        for (const auto& one : services)
            if (one->counts() && which(*one))
                if (const auto found = one->pooled.find(measure); found != one->pooled.end())
                    figure += found->second;
        return figure;
    }
    values::Date endsOn() const { return std::min(question.period.last.last(), question.known.day); }
};

/// Takes a service's quarters of the period together, from its figures by quarter.
void poolQuarters(ServiceEvidence& service, const Period& period);
/// Judges every recommendation of the edition over the services: of the period, and quarter by quarter.
std::vector<RecommendationEvidence> recommendationsOf(const Evidence& evidence);

/// Reads and computes it under the worker's account, as it was known. Nothing is written.
Evidence gather(platform::Database& database, delivery::Catalogues& catalogues, const Question& question);

}  // namespace adherence
