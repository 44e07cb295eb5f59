#include "unit/adherence/evidence_builder.h"

#include <bit>
#include <cctype>

namespace in_memory {
namespace {

// The product takes an authority from a row of its database alone, which is what keeps doors honest. Evidence
// without a database has to have one all the same.
const auto kAuthority = std::bit_cast<identity::AuthorityId>(805);
const values::Id<delivery::Service> kServiceId(values::IdBytes{});
const Date kLongAgo(2020, 4, 1);

std::string capitalised(std::string word) {
    word[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(word[0])));
    return word;
}

guidance::Measure measure(const char* id, const char* title,
                          guidance::Shown shown = guidance::Shown::results) {
    guidance::Measure one;
    one.id = id;
    one.title = title;
    one.shown = shown;
    one.isForEachInstrument = one.id == "outcome_improved";
    return one;
}

guidance::Catalogue quietCatalogue() {
    guidance::Catalogue catalogue;
    catalogue.guides.emplace_back();
    catalogue.guides.back().id = "guide";
    catalogue.guides.back().title = "A guide";
    for (const auto& [id, name] : {std::pair("sdq", "the SDQ"), std::pair("stress", "the stress index")}) {
        guidance::Instrument instrument;
        instrument.id = id;
        instrument.name = name;
        catalogue.instruments.emplace(id, instrument);
    }
    catalogue.measures = {
        measure("fidelity", "Reviews at fidelity"),
        measure("dose", "Sessions attended"),
        measure("start_timeliness", "Started in time"),
        measure("supervised", "Supervised in time"),
        measure("completers", "Completed"),
        measure("started_of_referred", "Started"),
        measure("outcome_improved", "Reliably improved"),
        measure("dq_no_provider", "No provider", guidance::Shown::quality),
    };
    return catalogue;
}

adherence::Question quietQuestion() {
    return {kAuthority, {kQuarter, kQuarter}, {kKnownOn, values::londonMidnight(kKnownOn), false}};
}

adherence::SignedReturn signedReturn(Quarter quarter) {
    return {quarter, 1, values::londonMidnight(kKnownOn), "fingerprint", {}};
}

}  // namespace

ServiceDraft::ServiceDraft(std::string reference, std::string intervention)
    : evidence_{{kServiceId, kAuthority, reference, std::move(intervention), "Service " + reference, "",
                 "full", kLongAgo, std::nullopt, std::nullopt, false, false},
                nullptr,
                {},
                {},
                {},
                {},
                {},
                0,
                0,
                std::nullopt} {
    figure("referred", 1, 0);
}

ServiceDraft& ServiceDraft::stage(std::string stage) {
    evidence_.service.stage = std::move(stage);
    return *this;
}

ServiceDraft& ServiceDraft::startedOn(Date day) {
    evidence_.service.startedOn = day;
    return *this;
}

ServiceDraft& ServiceDraft::countsOnly() {
    evidence_.service.countsOnly = true;
    return *this;
}

ServiceDraft& ServiceDraft::withoutRecords() {
    evidence_.byQuarter.clear();
    return *this;
}

ServiceDraft& ServiceDraft::lastRecord(Date day) {
    evidence_.lastRecord = day;
    return *this;
}

ServiceDraft& ServiceDraft::figure(const std::string& measure, std::int64_t numerator,
                                   std::int64_t denominator, Quarter quarter) {
    evidence_.byQuarter[quarter][measure].parts.proportion += {numerator, denominator};
    return *this;
}

ServiceDraft& ServiceDraft::group(const std::string& measure, const std::string& characteristic,
                                  const std::string& group, std::int64_t numerator,
                                  std::int64_t denominator) {
    evidence_.byQuarter[kQuarter][measure].groups[characteristic][group].proportion = {numerator,
                                                                                       denominator};
    return figure(measure, numerator, denominator);
}

ServiceDraft& ServiceDraft::practitioners(std::vector<values::Proportion> reviews) {
    evidence_.practitioners = std::move(reviews);
    return *this;
}

guidance::Standard standard(const std::string& measure, double atLeast, guidance::Basis basis) {
    return {measure, atLeast, true, 10, basis, "a reason"};
}

guidance::Standard furtherStandard(const std::string& measure, double atLeast) {
    return {measure, atLeast, false, 10, guidance::Basis::local, "a reason"};
}

EvidenceBuilder::EvidenceBuilder() : catalogue_(quietCatalogue()), evidence_(quietQuestion()) {
    evidence_.returns.push_back(signedReturn(kQuarter));
    evidence_.feedback.push_back({"S1", "parent or carer", 10, 10, 40});
    evidence_.england.counts["visits"]["dose"].push_back({301, kQuarter, {9, 10}});
    evidence_.england.neighbours.push_back(301);
}

EvidenceBuilder& EvidenceBuilder::recommend(const std::string& intervention,
                                            std::vector<guidance::Standard> standards) {
    guidance::Recommendation one;
    one.id = "offer-" + intervention;
    one.title = "Offer " + intervention;
    one.interventions = {intervention};
    one.standards = std::move(standards);
    catalogue_.guides.front().recommendations.push_back(std::move(one));
    return *this;
}

ServiceDraft& EvidenceBuilder::add(const std::string& reference, const std::string& of) {
    services_.push_back(std::make_unique<ServiceDraft>(reference, of));
    return *services_.back();
}

ServiceDraft& EvidenceBuilder::service(const std::string& reference, const std::string& intervention) {
    auto& known = catalogue_.interventions[intervention];
    known.id = intervention;
    known.name = capitalised(intervention);
    known.instruments = {"sdq", "stress"};
    return add(reference, intervention);
}

ServiceDraft& EvidenceBuilder::approach(const std::string& reference, const std::string& approach) {
    catalogue_.approaches[approach] = {approach, capitalised(approach), ""};
    return add(reference, approach);
}

EvidenceBuilder& EvidenceBuilder::expect(std::vector<std::string> speaks,
                                         std::vector<std::string> recommendations) {
    guidance::Expectation one;
    one.id = "expectation-" + std::to_string(catalogue_.expectations.size() + 1);
    one.speaks = std::move(speaks);
    one.recommendations = std::move(recommendations);
    catalogue_.expectations.push_back(std::move(one));
    return *this;
}

EvidenceBuilder& EvidenceBuilder::declare(const std::string& recommendation, const std::string& status,
                                          const std::string& reason, std::optional<Date> plannedBy) {
    evidence_.declared.insert_or_assign(recommendation,
                                        adherence::Declared{status, kDeclaredOn, reason, "", plannedBy});
    return *this;
}

EvidenceBuilder& EvidenceBuilder::openAction(Date dueOn, const std::string& about) {
    evidence_.actions.push_back({"A", "An action", about, std::nullopt, dueOn, std::nullopt, false});
    return *this;
}

EvidenceBuilder& EvidenceBuilder::closedAction(Date closedOn, bool hasEvidence) {
    evidence_.actions.push_back({"A", "An action", "", std::nullopt, kKnownOn, closedOn, hasEvidence});
    return *this;
}

EvidenceBuilder& EvidenceBuilder::quarters(int count) {
    auto& last = evidence_.question.period.last;
    while (evidence_.question.period.quarters() < count) {
        last = last.next();
        evidence_.returns.push_back(signedReturn(last));
    }
    evidence_.question.known.day = kKnownOn.plusDays(last.last().daysSince(kLastDay));
    return *this;
}

adherence::Evidence EvidenceBuilder::build() {
    // Compiled without measures: their titles are all that a judgement asks for.
    edition_ = std::make_unique<delivery::Edition>(guidance::Catalogue{});
    edition_->catalogue = std::move(catalogue_);
    evidence_.edition = edition_.get();
    for (auto& draft : services_) {
        auto& one = draft->evidence_;
        one.intervention = edition_->catalogue.intervention(one.service.intervention);
        adherence::poolQuarters(one, evidence_.question.period);
        evidence_.services.push_back(std::make_unique<adherence::ServiceEvidence>(std::move(one)));
    }
    evidence_.recommendations = adherence::recommendationsOf(evidence_);
    return std::move(evidence_);
}

}  // namespace in_memory
