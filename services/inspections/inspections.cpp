#include "inspections/inspections.h"

#include <algorithm>

#include "values/errors.h"

namespace inspections {
namespace {

using platform::Account;
using platform::Rows;
using platform::Statement;
using platform::Transaction;
using values::Date;

constexpr auto kBoth = Account::authority | Account::inspection;
constexpr const char* kLooked = "inspector looked";

const Statement kInsert("insert inspection", kBoth, R"(
    INSERT INTO inspection (id, authority_id, kind, scope, first_quarter, last_quarter, opens_on, closes_on, granted_from,
        granted_by, granted_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))");
const Statement kMoveClosing("move the closing of an inspection", kBoth,
                             "UPDATE inspection SET closes_on = ? WHERE id = ? AND authority_id = ?");
const Statement kEnd("end access of an inspection", kBoth, R"(
    UPDATE inspection SET ended_at = ?, ended_by = ? WHERE id = ? AND authority_id = ? AND ended_at IS NULL)");
const Statement kSelectEverywhere("select inspections", Account::inspection, R"(
    SELECT inspection.id, inspection.authority_id, authority.name, kind, scope, first_quarter, last_quarter, opens_on,
           closes_on, granted_from, granted_by, CAST(ended_at AS CHAR), ended_by
    FROM inspection JOIN authority ON authority.id = inspection.authority_id
    WHERE (? IS NULL OR inspection.id = ?) AND (? IS NULL OR EXISTS (
        SELECT 1 FROM inspection_member WHERE inspection_member.inspection_id = inspection.id AND person_id = ?
            AND removed_at IS NULL))
    ORDER BY opens_on DESC, inspection.id DESC LIMIT 500)");
const Statement kSelectOf("select inspections of an authority", Account::authority, R"(
    SELECT inspection.id, inspection.authority_id, authority.name, kind, scope, first_quarter, last_quarter, opens_on,
           closes_on, granted_from, granted_by, CAST(ended_at AS CHAR), ended_by
    FROM inspection JOIN authority ON authority.id = inspection.authority_id
    WHERE inspection.authority_id = ? AND (? IS NULL OR inspection.id = ?)
    ORDER BY opens_on DESC, inspection.id DESC LIMIT 500)");
const Statement kSelectMembers("select members of an inspection", kBoth, R"(
    SELECT person.id, person.name, person.email FROM inspection_member JOIN person ON person.id = inspection_member.person_id
    WHERE inspection_id = ? AND removed_at IS NULL ORDER BY person.name, person.id)");
const Statement kSelectCandidates("select inspectors", Account::inspection, R"(
    SELECT id, name, email FROM person WHERE role = 'inspector' AND left_at IS NULL ORDER BY name, id)");
const Statement kAddMember("add a member to an inspection", Account::inspection, R"(
    INSERT INTO inspection_member (inspection_id, person_id, added_at, added_by) VALUES (?, ?, ?, ?)
    ON DUPLICATE KEY UPDATE added_at = VALUES(added_at), added_by = VALUES(added_by), removed_at = NULL)");
const Statement kRemoveMember("remove a member from an inspection", Account::inspection, R"(
    UPDATE inspection_member SET removed_at = ? WHERE inspection_id = ? AND person_id = ? AND removed_at IS NULL)");
const Statement kGive("give a report to an inspection", Account::inspection, R"(
    INSERT IGNORE INTO inspection_report (inspection_id, report_id, given_at, given_by) VALUES (?, ?, ?, ?))");
const Statement kSelectReports("select reports of an inspection", kBoth, R"(
    SELECT report_id FROM inspection_report WHERE inspection_id = ? ORDER BY given_at DESC, report_id DESC)");
const Statement kSelectGiven("select a report of an inspection", kBoth,
                             "SELECT 1 FROM inspection_report WHERE inspection_id = ? AND report_id = ?");
const Statement kSelectLooks("select looks of inspectors", Account::authority, R"(
    SELECT CAST(happened_at AS CHAR), actor, detail FROM audit_entry WHERE chain = ? AND subject = ? AND action = ?
    ORDER BY position DESC LIMIT ?)");

Inspection inspectionOf(const Rows& rows) {
    return {rows.id<Inspection>(0), identity::AuthorityId::of(rows, 1),
            rows.text(2),           rows.text(3),
            rows.text(4),           {rows.quarter(5), rows.quarter(6)},
            rows.date(7),           rows.date(8),
            rows.text(9),           rows.text(10),
            rows.optionalText(11),  rows.optionalText(12)};
}

std::vector<Inspection> allOf(Rows rows) {
    std::vector<Inspection> found;
    while (rows.next()) found.push_back(inspectionOf(rows));
    return found;
}

Inspection oneOf(Rows rows) {
    if (!rows.next()) throw values::NotFound("no such inspection");
    return inspectionOf(rows);
}

std::vector<Member> membersOf(Rows rows) {
    std::vector<Member> found;
    while (rows.next()) found.push_back({rows.id<identity::Person>(0), rows.text(1), rows.text(2)});
    return found;
}

void refuseDays(Date opensOn, Date closesOn) {
    if (closesOn < opensOn)
        throw values::Invalid(
            {{{"", 0, "closes_on"}, closesOn.text(), "Choose a last day that is not before the first."}});
    if (closesOn.daysSince(opensOn) > kMostDays)
        throw values::Invalid(
            {{{"", 0, "closes_on"}, closesOn.text(), "Grant access for half a year at most."}});
}

std::string subjectOf(const Inspection& inspection) { return "inspection " + inspection.id.text(); }

}  // namespace

const std::vector<std::string>& kinds() {
    static const std::vector<std::string> all{"standard", "short", "focused visit", "monitoring visit",
                                              "annual engagement"};
    return all;
}

std::string Inspection::access(Date today) const {
    if (endedAt) return "ended by " + *endedBy;
    if (today < opensOn) return "opens on " + opensOn.text();
    if (closesOn < today) return "closed on " + closesOn.text();
    return "open until " + closesOn.text();
}

values::Id<Inspection> Inspections::grant(Transaction& tx, values::Ids& ids, const NewInspection& wanted) {
    refuseDays(wanted.opensOn, wanted.closesOn);
    const auto id = ids.next<Inspection>();
    tx.run(kInsert, id, wanted.authority, wanted.kind, wanted.scope, wanted.period.first, wanted.period.last,
           wanted.opensOn, wanted.closesOn, wanted.grantedFrom, tx.actor().name, tx.now());
    tx.auditFor(wanted.authority.code(), "inspection opened", "inspection " + id.text(),
                wanted.kind + ", " + wanted.period.name() + ", from " + wanted.opensOn.text() + " to " +
                    wanted.closesOn.text());
    return id;
}

void Inspections::moveClosing(Transaction& tx, const Inspection& inspection, Date closesOn) {
    refuseDays(inspection.opensOn, closesOn);
    tx.run(kMoveClosing, closesOn, inspection.id, inspection.authority);
    tx.auditFor(inspection.authority.code(), "inspection closing moved", subjectOf(inspection),
                inspection.closesOn.text() + " to " + closesOn.text());
}

void Inspections::end(Transaction& tx, const Inspection& inspection) {
    if (tx.run(kEnd, tx.now(), tx.actor().name, inspection.id, inspection.authority) == 0)
        throw values::Conflict("Access to this inspection has ended before.");
    tx.auditFor(inspection.authority.code(), "inspection ended", subjectOf(inspection));
}

std::vector<Inspection> Inspections::all(Transaction& tx) {
    return allOf(tx.query(kSelectEverywhere, nullptr, nullptr, nullptr, nullptr));
}

std::vector<Inspection> Inspections::of(Transaction& tx, identity::AuthorityId authority) {
    return allOf(tx.query(kSelectOf, authority, nullptr, nullptr));
}

std::vector<Inspection> Inspections::ofMember(Transaction& tx, values::Id<identity::Person> person) {
    return allOf(tx.query(kSelectEverywhere, nullptr, nullptr, person, person));
}

Inspection Inspections::byId(Transaction& tx, values::Id<Inspection> id) {
    return oneOf(tx.query(kSelectEverywhere, id, id, nullptr, nullptr));
}

Inspection Inspections::byId(Transaction& tx, identity::AuthorityId authority, values::Id<Inspection> id) {
    return oneOf(tx.query(kSelectOf, authority, id, id));
}

Inspection Inspections::openTo(Transaction& tx, values::Id<identity::Person> person,
                               values::Id<Inspection> id, Date today) {
    auto inspection = oneOf(tx.query(kSelectEverywhere, id, id, person, person));
    if (!inspection.isOpen(today))
        throw values::Forbidden("Access to this inspection is not open: it " + inspection.access(today) +
                                ".");
    return inspection;
}

std::vector<Member> Inspections::members(Transaction& tx, const Inspection& inspection) {
    return membersOf(tx.query(kSelectMembers, inspection.id));
}

std::vector<Member> Inspections::candidates(Transaction& tx) {
    return membersOf(tx.query(kSelectCandidates));
}

void Inspections::addMember(Transaction& tx, const Inspection& inspection,
                            values::Id<identity::Person> person) {
    const auto all = candidates(tx);
    const auto found = std::ranges::find(all, person, &Member::person);
    if (found == all.end()) throw values::NotFound("no such inspector");
    tx.run(kAddMember, inspection.id, person, tx.now(), tx.actor().name);
    tx.auditFor(inspection.authority.code(), "inspector added", subjectOf(inspection), found->email);
}

void Inspections::removeMember(Transaction& tx, const Inspection& inspection,
                               values::Id<identity::Person> person) {
    if (tx.run(kRemoveMember, tx.now(), inspection.id, person) == 0)
        throw values::NotFound("no such member of the team");
    const auto all = candidates(tx);
    const auto found = std::ranges::find(all, person, &Member::person);
    tx.auditFor(inspection.authority.code(), "inspector removed", subjectOf(inspection),
                found == all.end() ? person.text() : found->email);
}

void Inspections::give(Transaction& tx, const Inspection& inspection,
                       values::Id<adherence::KeptReport> report) {
    tx.run(kGive, inspection.id, report, tx.now(), tx.actor().name);
    tx.auditFor(inspection.authority.code(), "report given to an inspection", subjectOf(inspection),
                report.text());
}

std::vector<adherence::KeptReport> Inspections::reports(Transaction& tx, const Inspection& inspection) {
    std::vector<values::Id<adherence::KeptReport>> ids;
    for (auto rows = tx.query(kSelectReports, inspection.id); rows.next();)
        ids.push_back(rows.id<adherence::KeptReport>(0));
    std::vector<adherence::KeptReport> found;
    for (const auto& id : ids) found.push_back(adherence::Reports::byId(tx, inspection.authority, id));
    return found;
}

adherence::KeptReport Inspections::report(Transaction& tx, const Inspection& inspection,
                                          values::Id<adherence::KeptReport> id, bool hasContent) {
    if (!tx.query(kSelectGiven, inspection.id, id).next()) throw values::NotFound("no such report");
    return hasContent ? adherence::Reports::withContent(tx, inspection.authority, id)
                      : adherence::Reports::byId(tx, inspection.authority, id);
}

void Inspections::looked(Transaction& tx, const Inspection& inspection, const std::string& what) {
    tx.auditFor(inspection.authority.code(), kLooked, subjectOf(inspection), what);
}

std::vector<Look> Inspections::looks(Transaction& tx, const Inspection& inspection, int most) {
    std::vector<Look> all;
    for (auto rows = tx.query(kSelectLooks, inspection.authority, subjectOf(inspection), kLooked, most);
         rows.next();)
        all.push_back({rows.text(0), rows.text(1), rows.text(2)});
    return all;
}

}  // namespace inspections
