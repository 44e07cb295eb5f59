#include "delivery/facts_reader.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "measures/pack.h"
#include "values/json.h"

namespace delivery {
namespace {

using measures::Facts;
using measures::kUnknown;
using measures::Population;
using platform::Account;
using platform::Statement;
using platform::Transaction;

constexpr auto kFactReaders = Account::authority | Account::work;

// Days since 1970; 0 where there is none, a day before any record can be dated. A reference is sent only when
// the first parameter asks for it. `wanted` lists the services, or practitioners, with their authority.
const Statement kSelectEpisodeFacts("select episode facts", kFactReaders, R"(
    SELECT wanted.place, episode.id, TO_DAYS(referred_on) - 719528, IFNULL(TO_DAYS(offered_on) - 719528, 0),
           IFNULL(TO_DAYS(accepted_on) - 719528, 0), IFNULL(TO_DAYS(started_on) - 719528, 0),
           IFNULL(TO_DAYS(ended_on) - 719528, 0), IFNULL(end_reason, ''), age_band, sex, ethnic_group, disabled, need,
           IF(?, reference, '')
    FROM JSON_TABLE(?, '$[*]' COLUMNS (place FOR ORDINALITY, id CHAR(32) PATH '$[0]', authority INT PATH '$[1]')) AS wanted
    STRAIGHT_JOIN episode ON episode.service_id = UNHEX(wanted.id) AND episode.authority_id = wanted.authority)");
const Statement kSelectSessionFacts("select session facts", kFactReaders, R"(
    SELECT session.episode_id, session.practitioner_id, TO_DAYS(held_on) - 719528, CAST(status AS UNSIGNED),
           IFNULL(minutes, -1), IFNULL(mode, ''), IF(?, session.reference, '')
    FROM JSON_TABLE(?, '$[*]' COLUMNS (id CHAR(32) PATH '$[0]', authority INT PATH '$[1]')) AS wanted
    STRAIGHT_JOIN episode ON episode.service_id = UNHEX(wanted.id) AND episode.authority_id = wanted.authority
    STRAIGHT_JOIN session ON session.episode_id = episode.id)");
const Statement kSelectReviewFacts("select review facts", kFactReaders, R"(
    SELECT wanted.place, practitioner_id, TO_DAYS(reviewed_on) - 719528, reviewer, checklist, checklist_version, scores,
           IF(?, reference, ''), IF(?, session_reference, '')
    FROM JSON_TABLE(?, '$[*]' COLUMNS (place FOR ORDINALITY, id CHAR(32) PATH '$[0]', authority INT PATH '$[1]')) AS wanted
    STRAIGHT_JOIN review ON review.service_id = UNHEX(wanted.id) AND review.authority_id = wanted.authority)");
const Statement kSelectScoreFacts("select score facts", kFactReaders, R"(
    SELECT outcome_score.episode_id, instrument, respondent, time_point, TO_DAYS(scored_on) - 719528, value
    FROM JSON_TABLE(?, '$[*]' COLUMNS (id CHAR(32) PATH '$[0]', authority INT PATH '$[1]')) AS wanted
    STRAIGHT_JOIN episode ON episode.service_id = UNHEX(wanted.id) AND episode.authority_id = wanted.authority
    STRAIGHT_JOIN outcome_score ON outcome_score.episode_id = episode.id AND outcome_score.value IS NOT NULL)");
const Statement kSelectRegistered("select practitioners registered with services", kFactReaders, R"(
    SELECT wanted.place, practitioner.id
    FROM JSON_TABLE(?, '$[*]' COLUMNS (place FOR ORDINALITY, id CHAR(32) PATH '$[0]', authority INT PATH '$[1]')) AS wanted
    STRAIGHT_JOIN practitioner ON practitioner.service_id = UNHEX(wanted.id)
        AND practitioner.authority_id = wanted.authority)");
const Statement kSelectPractitionerFacts("select practitioner facts", kFactReaders, R"(
    SELECT practitioner.id, role, IFNULL(TO_DAYS(trained_on) - 719528, 0),
           IFNULL(TO_DAYS(accredited_until) - 719528, 0), IF(?, reference, '')
    FROM JSON_TABLE(?, '$[*]' COLUMNS (id CHAR(32) PATH '$[0]', authority INT PATH '$[1]')) AS wanted
    STRAIGHT_JOIN practitioner ON practitioner.id = UNHEX(wanted.id)
        AND practitioner.authority_id = wanted.authority)");
const Statement kSelectSupervisionFacts("select supervision facts", kFactReaders, R"(
    SELECT supervision.practitioner_id, TO_DAYS(supervision.held_on) - 719528
    FROM JSON_TABLE(?, '$[*]' COLUMNS (id CHAR(32) PATH '$[0]', authority INT PATH '$[1]')) AS wanted
    STRAIGHT_JOIN supervision ON supervision.practitioner_id = UNHEX(wanted.id)
        AND supervision.authority_id = wanted.authority)");
const Statement kSelectDeclarationFacts("select declaration facts", kFactReaders, R"(
    SELECT declaration.authority_id, recommendation, status, TO_DAYS(declared_on) - 719528, evidence <> '', reason <> ''
    FROM JSON_TABLE(?, '$[*]' COLUMNS (authority INT PATH '$')) AS wanted
    STRAIGHT_JOIN declaration ON declaration.authority_id = wanted.authority
    ORDER BY recommendation, declared_on)");

const Statement kSelectAdaptationFacts("select adaptation facts", kFactReaders, R"(
    SELECT wanted.place, TO_DAYS(adapted_on) - 719528, modified, is_planned, IFNULL(is_fidelity_consistent, -1)
    FROM JSON_TABLE(?, '$[*]' COLUMNS (place FOR ORDINALITY, id CHAR(32) PATH '$[0]', authority INT PATH '$[1]')) AS wanted
    STRAIGHT_JOIN adaptation ON adaptation.service_id = UNHEX(wanted.id)
        AND adaptation.authority_id = wanted.authority
    ORDER BY adaptation.id)");
const Statement kSelectColumns("select packed facts", Account::work, R"(
    SELECT wanted.place, columns
    FROM JSON_TABLE(?, '$[*]' COLUMNS (place FOR ORDINALITY, id CHAR(32) PATH '$[0]')) AS wanted
    STRAIGHT_JOIN service_facts ON service_facts.service_id = UNHEX(wanted.id))");
const platform::BulkStatement kPutColumns("put packed facts", Account::work,
                                          "INSERT INTO service_facts (service_id, columns)", 2,
                                          "ON DUPLICATE KEY UPDATE columns = VALUES(columns)");

struct EpisodeKey;
struct PractitionerKey;
using EpisodeId = values::Id<EpisodeKey>;
using PractitionerId = values::Id<PractitionerKey>;

/// Where a record's facts stand: which of the services, and which row.
struct Place {
    std::size_t service;
    std::uint32_t row;
};

double day(std::int64_t serial) { return serial == 0 ? kUnknown : static_cast<double>(serial); }

/// One reading of several services together.
class Reading {
public:
    Reading(Transaction& tx, std::span<const Service> services, const guidance::Catalogue& catalogue,
            bool hasReferences)
        : tx_(tx),
          services_(services),
          catalogue_(catalogue),
          hasReferences_(hasReferences),
          all_(services.size()),
          practitioners_(services.size()) {
        auto list = nlohmann::json::array();
        for (const auto& service : services) list.push_back({service.id.text(), service.authority.code()});
        wanted_ = list.dump();
    }

    /// From the packed columns; true for each service that had some.
    std::vector<bool> runKept(std::vector<Facts>& found) {
        std::vector<bool> isKept(services_.size());
        for (auto rows = tx_.query(kSelectColumns, wanted_); rows.next();) {
            const auto s = static_cast<std::size_t>(rows.number(0) - 1);
            auto facts = measures::unpacked(rows.text(1));
            if (!facts) continue;
            all_[s] = std::move(*facts);
            isKept[s] = true;
        }
        readServices();
        readDeclarations();
        readAdaptations();
        for (std::size_t s = 0; s < all_.size(); ++s)
            if (isKept[s]) all_[s].complete(catalogue_);
        found = std::move(all_);
        return isKept;
    }

    std::vector<Facts> run() {
        readServices();
        readEpisodes();
        readSessions();
        readReviews();
        readRegistered();
        readPractitioners();
        readScores();
        readDeclarations();
        readAdaptations();
        for (auto& facts : all_) facts.complete(catalogue_);
        return std::move(all_);
    }

private:
    struct StaffMember {
        std::uint32_t row;
        bool isRegistered;
    };

    void keepReference(std::size_t service, Population population, std::string reference) {
        if (hasReferences_) all_[service].table(population).references.push_back(std::move(reference));
    }

    void readServices() {
        for (std::size_t s = 0; s < services_.size(); ++s) {
            const auto& service = services_[s];
            measures::Rows rows(all_[s], Population::services);
            rows.add({rows.word(service.stage), measures::dayOf(service.startedOn),
                      measures::dayOf(service.endedOn),
                      service.capacity ? static_cast<double>(*service.capacity) : kUnknown,
                      rows.word(service.provider)});
            keepReference(s, Population::services, service.reference);
        }
    }

    void readEpisodes() {
        for (auto found = tx_.query(kSelectEpisodeFacts, hasReferences_ ? 1 : 0, wanted_); found.next();) {
            const auto s = static_cast<std::size_t>(found.number(0) - 1);
            measures::Rows rows(all_[s], Population::episodes);
            episodes_.emplace(found.id<EpisodeKey>(1), Place{s, static_cast<std::uint32_t>(rows.count())});
            rows.add({day(found.number(2)), day(found.number(3)), day(found.number(4)), day(found.number(5)),
                      day(found.number(6)), rows.word(found.text(7)), rows.word(found.text(8)),
                      rows.word(found.text(9)), rows.word(found.text(10)), rows.word(found.text(11)),
                      rows.word(found.text(12))});
            rows.belongsTo(Population::services, 0);
            keepReference(s, Population::episodes, found.text(13));
        }
    }

    /// The practitioner's row among the service's, given one where it is new there.
    std::uint32_t staffRow(std::size_t service, const PractitionerId& id, bool isRegistered) {
        auto& staff = practitioners_[service];
        const auto [place, isNew] =
            staff.emplace(id, StaffMember{static_cast<std::uint32_t>(staff.size()), isRegistered});
        place->second.isRegistered = place->second.isRegistered || isRegistered;
        return place->second.row;
    }

    void readSessions() {
        static constexpr std::array kStatus{"", "held", "missed", "cancelled"};
        // Sessions come episode by episode, and mostly of the practitioner of the one before.
        std::optional<EpisodeId> lastEpisode;
        std::optional<PractitionerId> lastPractitioner;
        Place place{0, 0};
        std::uint32_t practitioner = 0;
        for (auto found = tx_.query(kSelectSessionFacts, hasReferences_ ? 1 : 0, wanted_); found.next();) {
            const auto episode = found.id<EpisodeKey>(0);
            const auto held = found.id<PractitionerKey>(1);
            if (episode != lastEpisode) {
                const auto now = episodes_.at(episode);
                if (now.service != place.service) lastPractitioner.reset();
                place = now;
                lastEpisode = episode;
            }
            if (held != lastPractitioner) {
                practitioner = staffRow(place.service, held, false);
                lastPractitioner = held;
            }
            measures::Rows rows(all_[place.service], Population::sessions);
            const auto minutes = found.number(4);
            if (hasReferences_) keepReference(place.service, Population::sessions, found.text(6));
            rows.add({static_cast<double>(found.number(2)),
                      rows.word(kStatus[static_cast<std::size_t>(found.number(3))]),
                      minutes < 0 ? kUnknown : static_cast<double>(minutes), rows.word(found.text(5))});
            rows.belongsTo(Population::episodes, place.row);
            rows.belongsTo(Population::practitioners, practitioner);
            rows.belongsTo(Population::services, 0);
        }
    }

    void readReviews() {
        const int asked = hasReferences_ ? 1 : 0;
        for (auto found = tx_.query(kSelectReviewFacts, asked, asked, wanted_); found.next();) {
            const auto s = static_cast<std::size_t>(found.number(0) - 1);
            measures::Rows rows(all_[s], Population::reviews);
            rows.add({day(found.number(2)), rows.word(found.text(3)), rows.word(found.text(4)),
                      static_cast<double>(found.number(5))});
            all_[s].addScores(found.text(6));
            rows.belongsTo(Population::practitioners, staffRow(s, found.id<PractitionerKey>(1), false));
            rows.belongsTo(Population::services, 0);
            keepReference(s, Population::reviews, found.text(7));
            if (hasReferences_) all_[s].reviewedSessions.push_back(found.text(8));
        }
    }

    void readRegistered() {
        for (auto found = tx_.query(kSelectRegistered, wanted_); found.next();)
            staffRow(static_cast<std::size_t>(found.number(0) - 1), found.id<PractitionerKey>(1), true);
    }

    void readPractitioners() {
        // A practitioner may work for several of the services: known once, told to each.
        std::unordered_map<PractitionerId, std::vector<Place>> everywhere;
        auto list = nlohmann::json::array();
        for (std::size_t s = 0; s < practitioners_.size(); ++s) {
            auto& table = all_[s].table(Population::practitioners);
            table.rows = practitioners_[s].size();
            for (auto& column : table.columns) column.assign(table.rows, kUnknown);
            table.owners[measures::placeOf(Population::services)].assign(table.rows, 0);
            if (hasReferences_) table.references.resize(table.rows);
            for (const auto& [id, member] : practitioners_[s]) {
                auto& places = everywhere[id];
                if (places.empty()) list.push_back({id.text(), services_[s].authority.code()});
                places.push_back({s, member.row});
                table.columns[3][member.row] = member.isRegistered ? 1 : 0;
            }
        }
        const auto wanted = list.dump();
        for (auto found = tx_.query(kSelectPractitionerFacts, hasReferences_ ? 1 : 0, wanted); found.next();)
            for (const auto& place : everywhere.at(found.id<PractitionerKey>(0))) {
                auto& facts = all_[place.service];
                auto& table = facts.table(Population::practitioners);
                const auto role = found.text(1);
                table.columns[0][place.row] = role.empty() ? kUnknown : facts.code(role);
                table.columns[1][place.row] = day(found.number(2));
                table.columns[2][place.row] = day(found.number(3));
                if (hasReferences_) table.references[place.row] = found.text(4);
            }
        for (auto found = tx_.query(kSelectSupervisionFacts, wanted); found.next();)
            for (const auto& place : everywhere.at(found.id<PractitionerKey>(0))) {
                measures::Rows rows(all_[place.service], Population::supervisions);
                rows.add({day(found.number(1))});
                rows.belongsTo(Population::practitioners, place.row);
                rows.belongsTo(Population::services, 0);
                if (hasReferences_)
                    keepReference(place.service, Population::supervisions,
                                  all_[place.service].table(Population::practitioners).references[place.row] +
                                      " " +
                                      values::Date::fromSerial(static_cast<int>(found.number(1))).iso());
            }
    }

    void readScores() {
        for (auto found = tx_.query(kSelectScoreFacts, wanted_); found.next();) {
            const auto place = episodes_.at(found.id<EpisodeKey>(0));
            auto& facts = all_[place.service];
            measures::Rows rows(facts, Population::scores);
            const auto instrument = found.text(1);
            const auto respondent = found.text(2);
            const auto timePoint = found.text(3);
            rows.add({rows.word(instrument), rows.word(respondent), rows.word(timePoint),
                      day(found.number(4)), found.decimal(5)});
            rows.belongsTo(Population::episodes, place.row);
            rows.belongsTo(Population::services, 0);
            if (hasReferences_)
                keepReference(place.service, Population::scores,
                              facts.table(Population::episodes).references[place.row] + " " + instrument +
                                  " " + respondent + " " + timePoint);
        }
    }

    void readAdaptations() {
        for (auto found = tx_.query(kSelectAdaptationFacts, wanted_); found.next();) {
            const auto s = static_cast<std::size_t>(found.number(0) - 1);
            measures::Rows rows(all_[s], Population::adaptations);
            const auto isConsistent = found.number(4);
            rows.add({day(found.number(1)), rows.word(found.text(2)), static_cast<double>(found.number(3)),
                      isConsistent < 0 ? kUnknown : static_cast<double>(isConsistent)});
            rows.belongsTo(Population::services, 0);
            keepReference(
                s, Population::adaptations,
                values::Date::fromSerial(static_cast<int>(found.number(1))).iso() + " " + found.text(2));
        }
    }

    /// A declaration is the authority's; it belongs to its services whose intervention the recommendation
    /// names.
    void readDeclarations() {
        auto authorities = nlohmann::json::array();
        for (const auto& service : services_)
            if (const nlohmann::json code = service.authority.code();
                std::find(authorities.begin(), authorities.end(), code) == authorities.end())
                authorities.push_back(code);
        for (auto found = tx_.query(kSelectDeclarationFacts, authorities.dump()); found.next();)
            for (std::size_t s = 0; s < services_.size(); ++s) {
                const auto recommendation = found.text(1);
                if (services_[s].authority.code() != found.number(0) ||
                    !names(recommendation, services_[s].intervention))
                    continue;
                measures::Rows rows(all_[s], Population::declarations);
                rows.add({rows.word(recommendation), rows.word(found.text(2)), day(found.number(3)),
                          static_cast<double>(found.number(4)), static_cast<double>(found.number(5))});
                rows.belongsTo(Population::services, 0);
                keepReference(
                    s, Population::declarations,
                    recommendation + " " + values::Date::fromSerial(static_cast<int>(found.number(3))).iso());
            }
    }

    bool names(const std::string& recommendation, const std::string& intervention) const {
        for (const auto& guide : catalogue_.guides)
            for (const auto& one : guide.recommendations)
                if (one.id == recommendation && std::find(one.interventions.begin(), one.interventions.end(),
                                                          intervention) != one.interventions.end())
                    return true;
        return false;
    }

    Transaction& tx_;
    std::span<const Service> services_;
    const guidance::Catalogue& catalogue_;
    bool hasReferences_;
    std::string wanted_;
    std::vector<Facts> all_;
    std::unordered_map<EpisodeId, Place> episodes_;
    std::vector<std::unordered_map<PractitionerId, StaffMember>> practitioners_;
};

}  // namespace

std::vector<Facts> FactsReader::of(Transaction& tx, std::span<const Service> services) const {
    return Reading(tx, services, catalogue_, hasReferences_).run();
}

std::vector<Facts> FactsReader::kept(Transaction& tx, std::span<const Service> services) const {
    std::vector<Facts> found;
    const auto isKept = Reading(tx, services, catalogue_, false).runKept(found);
    std::vector<Service> missing;
    for (std::size_t s = 0; s < services.size(); ++s)
        if (!isKept[s]) missing.push_back(services[s]);
    if (missing.empty()) return found;
    auto fresh = of(tx, missing);
    keep(tx, missing, fresh);
    std::size_t next = 0;
    for (std::size_t s = 0; s < services.size(); ++s)
        if (!isKept[s]) found[s] = std::move(fresh[next++]);
    return found;
}

void FactsReader::keep(Transaction& tx, std::span<const Service> services, std::span<const Facts> facts) {
    std::vector<platform::Value> rows;
    for (std::size_t s = 0; s < services.size(); ++s) {
        rows.emplace_back(services[s].id);
        rows.emplace_back(measures::packed(facts[s]));
    }
    if (!rows.empty()) tx.runBulk(kPutColumns, rows);
}

Facts FactsReader::of(Transaction& tx, const Service& service) const {
    return std::move(of(tx, std::span(&service, 1)).front());
}

}  // namespace delivery
