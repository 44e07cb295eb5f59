#include "delivery/services.h"

#include <nlohmann/json.hpp>
#include <unordered_map>

#include "values/errors.h"

namespace delivery {
namespace {

using measures::ServiceFacts;
using platform::Account;
using platform::Rows;
using platform::Statement;
using platform::Transaction;

constexpr auto kReaders = Account::authority | Account::work;

const Statement kSelectServices("select services", kReaders, R"(
    SELECT service.id, service.authority_id, service.reference, service.intervention, service.name,
           COALESCE(provider.name, ''), service.stage, service.started_on, service.ended_on
    FROM service LEFT JOIN provider ON provider.id = service.provider_id
    WHERE service.authority_id = ? ORDER BY service.reference)");
const Statement kSelectService("select service", Account::authority, R"(
    SELECT service.id, service.authority_id, service.reference, service.intervention, service.name,
           COALESCE(provider.name, ''), service.stage, service.started_on, service.ended_on
    FROM service LEFT JOIN provider ON provider.id = service.provider_id
    WHERE service.authority_id = ? AND service.id = ?)");
const Statement kSelectServiceForWork("select service for work", Account::work, R"(
    SELECT id, authority_id, reference, intervention, name, '', stage, started_on, ended_on
    FROM service WHERE id = ?)");
const Statement kSelectEpisodes("select episode facts", kReaders, R"(
    SELECT id, referred_on, offered_on, accepted_on, started_on, ended_on, COALESCE(end_reason = 'completed', 0)
    FROM episode WHERE authority_id = ? AND service_id = ? ORDER BY reference)");
const Statement kSelectSessions("select session facts", kReaders, R"(
    SELECT session.episode_id, session.practitioner_id, session.held_on
    FROM episode STRAIGHT_JOIN session ON session.episode_id = episode.id
    WHERE episode.authority_id = ? AND episode.service_id = ? AND session.status = 'held')");
const Statement kSelectReviews("select review facts", kReaders, R"(
    SELECT practitioner_id, reviewed_on, checklist, checklist_version, scores
    FROM review WHERE authority_id = ? AND service_id = ? ORDER BY reference)");
const Statement kSelectScores("select score facts", kReaders, R"(
    SELECT outcome_score.episode_id, instrument, respondent, time_point, scored_on, value
    FROM episode STRAIGHT_JOIN outcome_score ON outcome_score.episode_id = episode.id
    WHERE episode.authority_id = ? AND episode.service_id = ?
    ORDER BY episode.reference, instrument, respondent, time_point, scored_on)");
const Statement kSelectPractitioners("select practitioner facts", kReaders, R"(
    SELECT practitioner.id, trained_on, accredited_until
    FROM JSON_TABLE(?, '$[*]' COLUMNS (id CHAR(32) PATH '$')) AS wanted
    STRAIGHT_JOIN practitioner ON practitioner.id = UNHEX(wanted.id)
    WHERE practitioner.authority_id = ?)");
const Statement kSelectSupervisions("select supervision facts", kReaders, R"(
    SELECT supervision.practitioner_id, supervision.held_on
    FROM JSON_TABLE(?, '$[*]' COLUMNS (id CHAR(32) PATH '$')) AS wanted
    STRAIGHT_JOIN supervision ON supervision.practitioner_id = UNHEX(wanted.id)
    WHERE supervision.authority_id = ?)");
const Statement kSelectDates("select first and last date of an authority", Account::authority, R"(
    SELECT LEAST(MIN(referred_on), MIN(COALESCE(ended_on, referred_on))),
           GREATEST(MAX(referred_on), MAX(COALESCE(ended_on, started_on, referred_on)))
    FROM episode WHERE authority_id = ?)");

struct EpisodeKey;
struct PractitionerKey;

Service serviceOf(const Rows& rows) {
    return {rows.id<Service>(0), identity::AuthorityId(static_cast<int>(rows.number(1))),
            rows.text(2),        rows.text(3),
            rows.text(4),        rows.text(5),
            rows.text(6),        rows.date(7),
            rows.optionalDate(8)};
}

measures::TimePoint timePointOf(const std::string& name) {
    if (name == "before") return measures::TimePoint::before;
    if (name == "mid") return measures::TimePoint::mid;
    if (name == "after") return measures::TimePoint::after;
    return measures::TimePoint::followUp;
}

}  // namespace

std::vector<Service> Services::of(Transaction& tx, identity::AuthorityId authority) {
    std::vector<Service> services;
    for (auto rows = tx.query(kSelectServices, authority); rows.next();) services.push_back(serviceOf(rows));
    return services;
}

Service Services::byId(Transaction& tx, identity::AuthorityId authority, values::Id<Service> id) {
    auto rows = tx.query(kSelectService, authority, id);
    if (!rows.next()) throw values::NotFound("no such service");
    return serviceOf(rows);
}

Service Services::forWork(Transaction& tx, values::Id<Service> id) {
    auto rows = tx.query(kSelectServiceForWork, id);
    if (!rows.next()) throw values::NotFound("no such service");
    return serviceOf(rows);
}

ServiceFacts Services::facts(Transaction& tx, const Service& service) {
    ServiceFacts facts;
    std::unordered_map<values::Id<EpisodeKey>, std::uint32_t> episodes;
    for (auto rows = tx.query(kSelectEpisodes, service.authority, service.id); rows.next();) {
        episodes.emplace(rows.id<EpisodeKey>(0), static_cast<std::uint32_t>(facts.episodes.size()));
        facts.episodes.push_back({rows.date(1), rows.optionalDate(2), rows.optionalDate(3),
                                  rows.optionalDate(4), rows.optionalDate(5), rows.number(6) != 0, 0});
    }
    // Practitioners are numbered as they appear; what is known of them is asked for once all have appeared.
    std::unordered_map<values::Id<PractitionerKey>, measures::PractitionerIndex> practitioners;
    nlohmann::json seen = nlohmann::json::array();
    const auto numberOf = [&](const values::Id<PractitionerKey>& id) {
        const auto [place, isNew] =
            practitioners.emplace(id, static_cast<measures::PractitionerIndex>(practitioners.size()));
        if (isNew) seen.push_back(id.text());
        return place->second;
    };
    for (auto rows = tx.query(kSelectSessions, service.authority, service.id); rows.next();) {
        ++facts.episodes[episodes.at(rows.id<EpisodeKey>(0))].sessionsHeld;
        facts.sessions.push_back({numberOf(rows.id<PractitionerKey>(1)), rows.date(2)});
    }
    for (auto rows = tx.query(kSelectReviews, service.authority, service.id); rows.next();)
        facts.reviews.push_back({numberOf(rows.id<PractitionerKey>(0)), rows.date(1), rows.text(2),
                                 static_cast<int>(rows.number(3)), rows.text(4)});
    facts.practitioners.resize(practitioners.size());
    const auto list = seen.dump();
    for (auto rows = tx.query(kSelectPractitioners, list, service.authority); rows.next();) {
        auto& practitioner = facts.practitioners[practitioners.at(rows.id<PractitionerKey>(0))];
        practitioner.trainedOn = rows.optionalDate(1);
        practitioner.accreditedUntil = rows.optionalDate(2);
    }
    for (auto rows = tx.query(kSelectSupervisions, list, service.authority); rows.next();)
        facts.practitioners[practitioners.at(rows.id<PractitionerKey>(0))].supervisedOn.push_back(
            rows.date(1));
    for (auto rows = tx.query(kSelectScores, service.authority, service.id); rows.next();)
        facts.scores.push_back({episodes.at(rows.id<EpisodeKey>(0)), rows.text(1), rows.text(2),
                                timePointOf(rows.text(3)), rows.date(4), rows.decimal(5)});
    return facts;
}

std::optional<std::pair<values::Date, values::Date>> Services::datesOf(Transaction& tx,
                                                                       identity::AuthorityId authority) {
    auto rows = tx.query(kSelectDates, authority);
    if (!rows.next() || rows.isNull(0)) return std::nullopt;
    return std::pair{rows.date(0), rows.date(1)};
}

}  // namespace delivery
