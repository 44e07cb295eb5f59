#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adherence/evidence.h"
#include "values/instant.h"

/// Evidence of a report made in memory, without a database. It begins as quiet as evidence can be: one
/// quarter of an authority that signed its return, heard its families, and can be compared; nothing is
/// recommended, and nothing runs. No rule finds anything in it. A test adds what a rule looks at.
namespace in_memory {

using values::Date;
using values::Quarter;

inline const Quarter kQuarter = *Quarter::parse("2025-26 Q1");
inline const Date kLastDay(2025, 6, 30);  ///< of the quarter
inline const Date kKnownOn(2025, 7, 10);  ///< the day of the report
inline const Date kDeclaredOn(2025, 5, 1);

/// A service, in full implementation since long ago, with one referral in the quarter.
class ServiceDraft {
public:
    ServiceDraft(std::string reference, std::string intervention);

    ServiceDraft& stage(std::string stage);
    ServiceDraft& startedOn(Date day);
    ServiceDraft& countsOnly();
    ServiceDraft& withoutRecords();
    ServiceDraft& lastRecord(Date day);
    ServiceDraft& figure(const std::string& measure, std::int64_t numerator, std::int64_t denominator,
                         Quarter quarter = kQuarter);
    /// Adds to the measure's groups, and to its own figure.
    ServiceDraft& group(const std::string& measure, const std::string& characteristic,
                        const std::string& group, std::int64_t numerator, std::int64_t denominator);
    /// Reviews at fidelity of one practitioner each.
    ServiceDraft& practitioners(std::vector<values::Proportion> reviews);

private:
    friend class EvidenceBuilder;
    adherence::ServiceEvidence evidence_;
};

/// A required standard of ten records at least.
guidance::Standard standard(const std::string& measure, double atLeast = 0.8,
                            guidance::Basis basis = guidance::Basis::local);
/// The same, but not required.
guidance::Standard furtherStandard(const std::string& measure, double atLeast = 0.8);

class EvidenceBuilder {
public:
    EvidenceBuilder();

    /// `visits`: the recommendation `offer-visits`, “Offer visits”, of the intervention `visits`.
    EvidenceBuilder& recommend(const std::string& intervention,
                               std::vector<guidance::Standard> standards = {});
    /// Of an intervention, which the catalogue then holds.
    ServiceDraft& service(const std::string& reference, const std::string& intervention = "visits");
    /// Of an approach that no guide recommends.
    ServiceDraft& approach(const std::string& reference, const std::string& approach = "talks");
    /// What an expectation speaks of, and the recommendations that it names.
    EvidenceBuilder& expect(std::vector<std::string> speaks, std::vector<std::string> recommendations = {});

    EvidenceBuilder& declare(const std::string& recommendation, const std::string& status,
                             const std::string& reason = "", std::optional<Date> plannedBy = std::nullopt);
    EvidenceBuilder& openAction(Date dueOn, const std::string& about = "");
    EvidenceBuilder& closedAction(Date closedOn, bool hasEvidence);
    /// The period from the first quarter on; each is signed.
    EvidenceBuilder& quarters(int count);

    /// What the report is asked and what has no shape of its own: to be changed as it stands.
    adherence::Evidence& rest() { return evidence_; }

    /// The builder must outlive it, and can build once.
    adherence::Evidence build();

private:
    ServiceDraft& add(const std::string& reference, const std::string& of);

    guidance::Catalogue catalogue_;
    std::unique_ptr<delivery::Edition> edition_;
    adherence::Evidence evidence_;
    std::vector<std::unique_ptr<ServiceDraft>> services_;
};

}  // namespace in_memory
