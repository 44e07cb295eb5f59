#include "inspections/correspondence.h"

#include <algorithm>

#include "values/errors.h"

namespace inspections {
namespace {

using platform::Account;
using platform::Rows;
using platform::Statement;
using platform::Transaction;

const Statement kInsertNote("insert note of an inspection", Account::inspection, R"(
    INSERT INTO inspection_note (id, inspection_id, about, words, noted_at, noted_by) VALUES (?, ?, ?, ?, ?, ?))");
const Statement kSelectNotes("select notes of an inspection", Account::inspection, R"(
    SELECT CAST(noted_at AS CHAR), noted_by, about, words FROM inspection_note WHERE inspection_id = ?
    ORDER BY noted_at DESC, id DESC)");
const Statement kLastNumber("select the last number of evidence requests", Account::inspection, R"(
    SELECT COALESCE(MAX(number), 0) FROM evidence_request WHERE inspection_id = ? FOR UPDATE)");
const Statement kInsertRequest("insert evidence request", Account::inspection, R"(
    INSERT INTO evidence_request (id, inspection_id, authority_id, number, about, words, due_on, asked_at, asked_by)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?))");
const Statement kSelectRequests("select evidence requests", Account::authority | Account::inspection, R"(
    SELECT id, inspection_id, number, about, words, due_on, CAST(asked_at AS CHAR), asked_by, answer,
           CAST(answered_at AS CHAR), answered_by, closed_at IS NOT NULL
    FROM evidence_request WHERE inspection_id = ? AND authority_id = ? ORDER BY number)");
const Statement kSelectOpen("select open evidence requests of an authority", Account::authority, R"(
    SELECT id, inspection_id, number, about, words, due_on, CAST(asked_at AS CHAR), asked_by, answer,
           CAST(answered_at AS CHAR), answered_by, closed_at IS NOT NULL
    FROM evidence_request WHERE authority_id = ? AND answered_at IS NULL AND closed_at IS NULL
    ORDER BY due_on IS NULL, due_on, asked_at)");
const Statement kAnswer("answer an evidence request", Account::authority, R"(
    UPDATE evidence_request SET answer = ?, answered_at = ?, answered_by = ?
    WHERE id = ? AND authority_id = ? AND closed_at IS NULL)");
const Statement kClose("close an evidence request", Account::inspection,
                       "UPDATE evidence_request SET closed_at = ? WHERE id = ? AND closed_at IS NULL");

EvidenceRequest requestOf(const Rows& rows) {
    return {rows.id<EvidenceRequest>(0),
            rows.id<Inspection>(1),
            static_cast<int>(rows.number(2)),
            rows.text(3),
            rows.text(4),
            rows.optionalDate(5),
            rows.text(6),
            rows.text(7),
            rows.optionalText(8),
            rows.optionalText(9),
            rows.optionalText(10),
            rows.number(11) != 0};
}

std::string subjectOf(const Inspection& inspection, int number) {
    return "inspection " + inspection.id.text() + ", request " + std::to_string(number);
}

EvidenceRequest numbered(Transaction& tx, const Inspection& inspection, int number) {
    for (auto& one : EvidenceRequests::of(tx, inspection))
        if (one.number == number) return one;
    throw values::NotFound("no such request");
}

}  // namespace

/// What a note says stays with the team: the authority's audit never holds it, nor that there is one.
void Notes::add(Transaction& tx, values::Ids& ids, const Inspection& inspection, const std::string& about,
                const std::string& words) {
    tx.run(kInsertNote, ids.next<Note>(), inspection.id, about, words, tx.now(), tx.actor().name);
    tx.auditFor(std::nullopt, "note added", "inspection " + inspection.id.text(), about);
}

std::vector<Note> Notes::of(Transaction& tx, const Inspection& inspection) {
    std::vector<Note> all;
    for (auto rows = tx.query(kSelectNotes, inspection.id); rows.next();)
        all.push_back({rows.text(0), rows.text(1), rows.text(2), rows.text(3)});
    return all;
}

int EvidenceRequests::ask(Transaction& tx, values::Ids& ids, const Inspection& inspection,
                          const std::string& about, const std::string& words,
                          std::optional<values::Date> dueOn) {
    int number = 1;
    if (auto rows = tx.query(kLastNumber, inspection.id); rows.next())
        number = static_cast<int>(rows.number(0)) + 1;
    tx.run(kInsertRequest, ids.next<EvidenceRequest>(), inspection.id, inspection.authority, number, about,
           words, dueOn, tx.now(), tx.actor().name);
    tx.auditFor(inspection.authority.code(), "evidence asked for", subjectOf(inspection, number), words);
    return number;
}

std::vector<EvidenceRequest> EvidenceRequests::of(Transaction& tx, const Inspection& inspection) {
    std::vector<EvidenceRequest> all;
    for (auto rows = tx.query(kSelectRequests, inspection.id, inspection.authority); rows.next();)
        all.push_back(requestOf(rows));
    return all;
}

std::vector<EvidenceRequest> EvidenceRequests::openOf(Transaction& tx, identity::AuthorityId authority) {
    std::vector<EvidenceRequest> all;
    for (auto rows = tx.query(kSelectOpen, authority); rows.next();) all.push_back(requestOf(rows));
    return all;
}

void EvidenceRequests::answer(Transaction& tx, const Inspection& inspection, int number,
                              const std::string& words) {
    const auto request = numbered(tx, inspection, number);
    if (tx.run(kAnswer, words, tx.now(), tx.actor().name, request.id, inspection.authority) == 0)
        throw values::Conflict("The inspection team has closed this request.");
    tx.audit("evidence request answered", subjectOf(inspection, number), words);
}

void EvidenceRequests::close(Transaction& tx, const Inspection& inspection, int number) {
    const auto request = numbered(tx, inspection, number);
    if (tx.run(kClose, tx.now(), request.id) == 0) throw values::Conflict("This request is closed already.");
    tx.auditFor(inspection.authority.code(), "evidence request closed", subjectOf(inspection, number));
}

}  // namespace inspections
