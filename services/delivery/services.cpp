#include "delivery/services.h"

#include "values/errors.h"
#include "values/json.h"

namespace delivery {
namespace {

using platform::Account;
using platform::Rows;
using platform::Statement;
using platform::Transaction;

constexpr auto kServiceReaders = Account::authority | Account::work;

const Statement kSelectServices("select services", kServiceReaders, R"(
    SELECT service.id, service.authority_id, service.reference, service.intervention, service.name,
           COALESCE(provider.name, ''), service.stage, service.started_on, service.ended_on, service.capacity_per_year,
           COALESCE(service.kept_as, '') = 'counts', service.archived_on IS NOT NULL
    FROM service LEFT JOIN provider ON provider.id = service.provider_id
    WHERE service.authority_id = ? ORDER BY service.reference)");
const Statement kSelectService("select service", Account::authority, R"(
    SELECT service.id, service.authority_id, service.reference, service.intervention, service.name,
           COALESCE(provider.name, ''), service.stage, service.started_on, service.ended_on, service.capacity_per_year,
           COALESCE(service.kept_as, '') = 'counts', service.archived_on IS NOT NULL
    FROM service LEFT JOIN provider ON provider.id = service.provider_id
    WHERE service.authority_id = ? AND service.id = ?)");
const Statement kSelectServicesForWork("select services for work", Account::work, R"(
    SELECT service.id, service.authority_id, service.reference, service.intervention, service.name,
           COALESCE(provider.name, ''), service.stage, service.started_on, service.ended_on, service.capacity_per_year,
           COALESCE(service.kept_as, '') = 'counts', service.archived_on IS NOT NULL
    FROM JSON_TABLE(?, '$[*]' COLUMNS (id CHAR(32) PATH '$')) AS wanted
    STRAIGHT_JOIN service ON service.id = UNHEX(wanted.id) LEFT JOIN provider ON provider.id = service.provider_id)");
const Statement kSelectAllServices("select all services", Account::work,
                                   "SELECT id FROM service ORDER BY authority_id, id");
const Statement kSelectDates("select first and last date of an authority", Account::authority, R"(
    SELECT LEAST(MIN(referred_on), MIN(COALESCE(ended_on, referred_on))),
           GREATEST(MAX(referred_on), MAX(COALESCE(ended_on, started_on, referred_on)))
    FROM episode WHERE authority_id = ?)");

const Statement kSelectRecentSessions("select recent sessions of a service", Account::authority, R"(
    SELECT session.reference, session.held_on, practitioner.reference
    FROM episode JOIN session ON session.episode_id = episode.id
    JOIN practitioner ON practitioner.id = session.practitioner_id
    WHERE episode.service_id = ? AND episode.authority_id = ? AND session.status = 'held'
    ORDER BY session.held_on DESC, session.reference LIMIT ?)");
const Statement kSelectShared("select services shared with an authority", Account::authority, R"(
    SELECT service.name, service.intervention, service.stage, authority.name, service_partner.share
    FROM authority_code JOIN service_partner ON service_partner.partner_code = authority_code.code
    JOIN service ON service.id = service_partner.service_id JOIN authority ON authority.id = service.authority_id
    WHERE authority_code.authority_id = ? AND service.archived_on IS NULL AND service.authority_id <> authority_code.authority_id
    ORDER BY service.name)");

Service serviceOf(const Rows& rows) {
    return {
        rows.id<Service>(0),  identity::AuthorityId::of(rows, 1),
        rows.text(2),         rows.text(3),
        rows.text(4),         rows.text(5),
        rows.text(6),         rows.date(7),
        rows.optionalDate(8), rows.isNull(9) ? std::nullopt : std::optional(static_cast<int>(rows.number(9))),
        rows.number(10) != 0, rows.number(11) != 0};
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

std::vector<HeldSession> Services::recentSessions(Transaction& tx, const Service& service, int most) {
    tx.showsChildren();
    std::vector<HeldSession> sessions;
    for (auto rows = tx.query(kSelectRecentSessions, service.id, service.authority, most); rows.next();)
        sessions.push_back({rows.text(0), rows.date(1), rows.text(2)});
    return sessions;
}

std::vector<Services::Shared> Services::sharedWith(Transaction& tx, identity::AuthorityId authority) {
    std::vector<Shared> shared;
    for (auto rows = tx.query(kSelectShared, authority); rows.next();)
        shared.push_back(
            {rows.text(0), rows.text(1), rows.text(2), rows.text(3), static_cast<int>(rows.number(4))});
    return shared;
}

std::vector<Service> Services::forWork(Transaction& tx, const std::vector<values::Id<Service>>& ids) {
    auto list = nlohmann::json::array();
    for (const auto& id : ids) list.push_back(id.text());
    std::vector<Service> services;
    for (auto rows = tx.query(kSelectServicesForWork, list.dump()); rows.next();)
        services.push_back(serviceOf(rows));
    return services;
}

std::vector<values::Id<Service>> Services::allIds(Transaction& tx) {
    std::vector<values::Id<Service>> ids;
    for (auto rows = tx.query(kSelectAllServices); rows.next();) ids.push_back(rows.id<Service>(0));
    return ids;
}

std::optional<std::pair<values::Date, values::Date>> Services::datesOf(Transaction& tx,
                                                                       identity::AuthorityId authority) {
    auto rows = tx.query(kSelectDates, authority);
    if (!rows.next() || rows.isNull(0)) return std::nullopt;
    return std::pair{rows.date(0), rows.date(1)};
}

}  // namespace delivery
