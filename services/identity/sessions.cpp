#include "identity/sessions.h"

#include "platform/digest.h"
#include "values/errors.h"

namespace identity {
namespace {

using platform::kDoors;
using platform::Meanwhile;
using platform::Statement;
using platform::Transaction;

const Statement kInsertSession("insert session", kDoors, R"(
    INSERT INTO browser_session (token_hash, id, person_id, door, is_complete, started_at, last_seen_at, confirmed_at,
                                 came_from, browser, provider, provider_session)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))");
const Statement kNotePersonSeen("note person seen", kDoors, "UPDATE person SET last_seen_at = ? WHERE id = ?",
                                Meanwhile::expected);
const Statement kNoteVisit(
    "note a new visit of a person", kDoors,
    "UPDATE person SET previous_visit_at = last_seen_at, last_seen_at = ? WHERE id = ?", Meanwhile::expected);
const Statement kSelectOwner("select whose session it was", kDoors, R"(
    SELECT browser_session.person_id FROM browser_session JOIN person ON person.id = browser_session.person_id
    WHERE token_hash = ? AND door = ? AND is_complete AND person.left_at IS NULL)");
const Statement kSelectSession("select session", kDoors, R"(
    SELECT browser_session.id, person.id, person.email, person.name, person.authority_id, person.role,
           person.code_secret IS NOT NULL, browser_session.is_complete, browser_session.confirmed_at > ?,
           browser_session.last_seen_at < ?,
           EXISTS (SELECT 1 FROM delegation WHERE given_to = person.id AND authority_id = person.authority_id
                   AND ended_at IS NULL AND from_on <= ? AND until_on >= ?)
    FROM browser_session JOIN person ON person.id = browser_session.person_id
    WHERE browser_session.token_hash = ? AND browser_session.door = ? AND person.left_at IS NULL
      AND browser_session.last_seen_at > ? AND browser_session.started_at > ?
      AND (browser_session.is_complete OR browser_session.started_at > ?))");
const Statement kTouchSession("note session seen", kDoors,
                              "UPDATE browser_session SET last_seen_at = ? WHERE token_hash = ?",
                              Meanwhile::expected);
const Statement kConfirm("note session confirmed", kDoors,
                         "UPDATE browser_session SET confirmed_at = ?, wrong_proofs = 0 WHERE id = ?");
const Statement kCountWrong("count a wrong proof of a session", kDoors,
                            "UPDATE browser_session SET wrong_proofs = wrong_proofs + 1 WHERE id = ?");
const Statement kEndTried("end a session that is tried out", kDoors,
                          "DELETE FROM browser_session WHERE id = ? AND wrong_proofs >= ?");
const Statement kDeleteSession("delete session", kDoors, "DELETE FROM browser_session WHERE token_hash = ?");
const Statement kSelectSessions("select a person's sessions", kDoors, R"(
    SELECT id, CAST(started_at AS CHAR), CAST(last_seen_at AS CHAR), came_from, browser FROM browser_session
    WHERE person_id = ? AND is_complete AND last_seen_at > ? AND started_at > ? ORDER BY started_at DESC)");
const Statement kEndSession("end one of a person's sessions", kDoors,
                            "DELETE FROM browser_session WHERE person_id = ? AND id = ?");
const Statement kEndOthers("end a person's other sessions", kDoors,
                           "DELETE FROM browser_session WHERE person_id = ? AND id <> ?");
const Statement kEndOfProvider("end sessions of a provider", kDoors, R"(
    DELETE FROM browser_session WHERE provider = ? AND ((? <> '' AND provider_session = ?) OR
        (? = '' AND person_id IN (SELECT id FROM person WHERE provider = ? AND subject = ?))))");
const Statement kDeleteExpiredSessions(
    "delete expired sessions", kDoors,
    "DELETE FROM browser_session WHERE last_seen_at <= ? OR started_at <= ?");

}  // namespace

std::string Sessions::newToken() { return platform::randomHex(32); }

std::string Sessions::formToken(const std::string& token) { return platform::sha256Hex("form|" + token); }

void Sessions::open(Transaction& tx, const Person& person, const NewSession& session) const {
    tx.run(kInsertSession, platform::sha256(session.token), session.id, person.id, doorName(door_),
           session.isComplete ? 1 : 0, tx.now(), tx.now(), tx.now(), session.cameFrom,
           session.browser.substr(0, 200), session.provider, session.providerSession);
    if (session.isComplete) tx.run(kNoteVisit, tx.now(), person.id);
}

void Sessions::close(Transaction& tx, const std::string& token) {
    tx.run(kDeleteSession, platform::sha256(token));
}

std::optional<Session> Sessions::find(Transaction& tx, const std::string& token) const {
    const auto hash = platform::sha256(token);
    const auto today = values::londonDate(tx.now());
    auto rows = tx.query(kSelectSession, tx.now() - rule_.confirmed, tx.now() - std::chrono::minutes(1),
                         today, today, hash, doorName(door_), tx.now() - rule_.idle,
                         tx.now() - rule_.absolute, tx.now() - rule_.halfway);
    if (!rows.next()) return std::nullopt;
    const auto role = roleNamed(rows.text(5));
    const auto authority = AuthorityId::optionally(rows, 4);
    // A role of another door, or one that lacks its authority, opens nothing here.
    if (!role || doorOf(*role) != door_ || isOfAuthority(*role) != authority.has_value()) return std::nullopt;
    if (rows.number(9) != 0) {
        tx.run(kTouchSession, tx.now(), hash);
        tx.run(kNotePersonSeen, tx.now(), rows.id<Person>(1));
    }
    return Session{rows.id<Session>(0),
                   {rows.id<Person>(1), rows.text(2), rows.text(3), authority, *role, rows.number(6) != 0,
                    rows.number(10) != 0},
                   rows.number(7) != 0,
                   rows.number(8) != 0};
}

std::optional<values::Id<Person>> Sessions::ownerOf(Transaction& tx, const std::string& token) const {
    auto rows = tx.query(kSelectOwner, platform::sha256(token), doorName(door_));
    if (!rows.next()) return std::nullopt;
    return rows.id<Person>(0);
}

void Sessions::confirm(Transaction& tx, const Session& session) { tx.run(kConfirm, tx.now(), session.id); }

bool Sessions::countWrongProof(Transaction& tx, const Session& session) {
    constexpr int kMost = 5;
    tx.run(kCountWrong, session.id);
    return tx.run(kEndTried, session.id, kMost) == 0;
}

std::vector<OpenSession> Sessions::of(Transaction& tx, const Person& person) const {
    std::vector<OpenSession> open;
    for (auto rows = tx.query(kSelectSessions, person.id, tx.now() - rule_.idle, tx.now() - rule_.absolute);
         rows.next();)
        open.push_back({rows.id<Session>(0), rows.text(1), rows.text(2), rows.text(3), rows.text(4)});
    return open;
}

void Sessions::end(Transaction& tx, const Person& person, values::Id<Session> session) {
    if (tx.run(kEndSession, person.id, session) == 0) throw values::NotFound("no such session");
    tx.audit("session ended", person.email);
}

std::int64_t Sessions::endOthers(Transaction& tx, const Person& person, values::Id<Session> kept) {
    const auto ended = tx.run(kEndOthers, person.id, kept);
    tx.audit("other sessions ended", person.email, std::to_string(ended));
    return ended;
}

std::int64_t Sessions::endOfProvider(Transaction& tx, const std::string& provider, const std::string& subject,
                                     const std::string& providerSession) {
    const auto ended = tx.run(kEndOfProvider, provider, providerSession, providerSession, providerSession,
                              provider, subject);
    tx.audit("sessions ended by provider", provider, std::to_string(ended));
    return ended;
}

void Sessions::removeExpired(Transaction& tx) const {
    // A day longer than they serve: a form that is sent too late is kept for whom it belongs to.
    constexpr auto kKnown = std::chrono::hours(24);
    tx.run(kDeleteExpiredSessions, tx.now() - rule_.idle - kKnown, tx.now() - rule_.absolute - kKnown);
}

}  // namespace identity
