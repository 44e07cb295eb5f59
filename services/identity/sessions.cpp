#include "identity/sessions.h"

#include "platform/digest.h"

namespace identity {
namespace {

using platform::Account;
using platform::Statement;
using platform::Transaction;

const Statement kInsertSession("insert sign-in session", Account::authority, R"(
    INSERT INTO sign_in_session (token_hash, person_id, started_at, last_seen_at) VALUES (?, ?, ?, ?))");
const Statement kSelectSession("select sign-in session", Account::authority, R"(
    SELECT person.id, person.email, person.name, person.authority_id, person.role,
           sign_in_session.last_seen_at < ?
    FROM sign_in_session JOIN person ON person.id = sign_in_session.person_id
    WHERE sign_in_session.token_hash = ? AND sign_in_session.last_seen_at > ? AND sign_in_session.started_at > ?)");
const Statement kTouchSession("note sign-in session seen", Account::authority,
                              "UPDATE sign_in_session SET last_seen_at = ? WHERE token_hash = ?");
const Statement kDeleteSession("delete sign-in session", Account::authority,
                               "DELETE FROM sign_in_session WHERE token_hash = ?");
const Statement kDeleteExpired("delete expired sign-in sessions", Account::authority,
                               "DELETE FROM sign_in_session WHERE last_seen_at <= ? OR started_at <= ?");

}  // namespace

std::string Sessions::newToken() { return platform::randomHex(32); }

std::string Sessions::formToken(const std::string& token) { return platform::sha256Hex("form|" + token); }

void Sessions::open(Transaction& tx, const std::string& token, const Person& person) const {
    tx.run(kInsertSession, platform::sha256(token), person.id, tx.now(), tx.now());
}

void Sessions::close(Transaction& tx, const std::string& token) const {
    tx.run(kDeleteSession, platform::sha256(token));
}

std::optional<Person> Sessions::find(Transaction& tx, const std::string& token) const {
    const auto hash = platform::sha256(token);
    auto rows = tx.query(kSelectSession, tx.now() - std::chrono::minutes(1), hash, tx.now() - rule_.idle,
                         tx.now() - rule_.absolute);
    if (!rows.next()) return std::nullopt;
    const auto role = roleNamed(rows.text(4));
    if (!role) return std::nullopt;
    if (rows.number(5) != 0) tx.run(kTouchSession, tx.now(), hash);
    return Person{rows.id<Person>(0), rows.text(1), rows.text(2),
                  AuthorityId(static_cast<int>(rows.number(3))), *role};
}

void Sessions::removeExpired(Transaction& tx) const {
    tx.run(kDeleteExpired, tx.now() - rule_.idle, tx.now() - rule_.absolute);
}

}  // namespace identity
