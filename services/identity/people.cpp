#include "identity/people.h"

#include <algorithm>
#include <cctype>

#include "identity/passwords.h"
#include "values/errors.h"
#include "values/json.h"
#include "values/text.h"

namespace identity {
namespace {

using platform::Account;
using platform::kDoors;
using platform::Rows;
using platform::Statement;
using platform::Transaction;

constexpr auto kAdders = kDoors | Account::admin;

const Statement kFindEmail("find a person's e-mail address", kAdders,
                           "SELECT id, left_at IS NOT NULL FROM person WHERE email = ? FOR UPDATE");
const Statement kInsertPerson("insert person", kAdders, R"(
    INSERT INTO person (id, email, name, authority_id, role, password_hash, created_at)
    VALUES (?, ?, ?, ?, ?, ?, ?))");
const Statement kJoinAgain("let a person join again", kAdders, R"(
    UPDATE person SET name = ?, authority_id = ?, role = ?, password_hash = ?, created_at = ?, left_at = NULL,
        reviewed_at = NULL, reviewed_by = NULL, code_secret = NULL, provider = NULL, subject = NULL
    WHERE id = ?)");
const Statement kSelectPerson("select person by e-mail", kDoors, R"(
    SELECT id, email, name, authority_id, role, code_secret IS NOT NULL, password_hash,
           locked_until IS NOT NULL AND locked_until > ?, left_at IS NOT NULL
    FROM person WHERE email = ? FOR UPDATE)");
const Statement kCountFailure("count failed sign-in", kDoors, R"(
    UPDATE person
    SET locked_until = IF(failed_sign_ins + 1 >= ?, ?, locked_until),
        failed_sign_ins = IF(failed_sign_ins + 1 >= ?, 0, failed_sign_ins + 1)
    WHERE id = ?)");
const Statement kClearFailures("clear failed sign-ins", kDoors, R"(
    UPDATE person SET failed_sign_ins = 0, locked_until = NULL
    WHERE id = ? AND (failed_sign_ins > 0 OR locked_until IS NOT NULL))");
const Statement kSetPassword("set password", kDoors, "UPDATE person SET password_hash = ? WHERE id = ?");

constexpr auto kOfAuthority = R"(
    SELECT person.id, person.email, person.name, person.authority_id, person.role, person.code_secret IS NOT NULL,
           authority.name, CAST(person.created_at AS CHAR), CAST(person.last_seen_at AS CHAR),
           CAST(person.reviewed_at AS CHAR), CAST(person.left_at AS CHAR),
           person.locked_until IS NOT NULL AND person.locked_until > ?, person.provider IS NOT NULL
    FROM person JOIN authority ON authority.id = person.authority_id
    WHERE person.authority_id = ? ORDER BY person.left_at IS NOT NULL, person.name, person.email)";
constexpr auto kOfRoles = R"(
    SELECT person.id, person.email, person.name, person.authority_id, person.role, person.code_secret IS NOT NULL,
           COALESCE(authority.name, ''), CAST(person.created_at AS CHAR), CAST(person.last_seen_at AS CHAR),
           CAST(person.reviewed_at AS CHAR), CAST(person.left_at AS CHAR),
           person.locked_until IS NOT NULL AND person.locked_until > ?, person.provider IS NOT NULL
    FROM person LEFT JOIN authority ON authority.id = person.authority_id
    WHERE JSON_CONTAINS(?, JSON_QUOTE(person.role))
    ORDER BY person.left_at IS NOT NULL, person.name, person.email)";
const Statement kSelectMembers("select people of an authority", Account::authority, kOfAuthority);
const Statement kSelectByRole("select people by role", Account::inspection | Account::national, kOfRoles);

const Statement kSetRole("set a person's role", kDoors, "UPDATE person SET role = ? WHERE id = ?");
const Statement kEndPerson("end a person's access", kDoors, R"(
    UPDATE person SET left_at = ?, password_hash = NULL, code_secret = NULL, provider = NULL, subject = NULL
    WHERE id = ?)");
const Statement kConfirmAccess("confirm a person's access", kDoors,
                               "UPDATE person SET reviewed_at = ?, reviewed_by = ? WHERE id = ?");
const Statement kForgetCodes("forget a person's codes", kDoors,
                             "UPDATE person SET code_secret = NULL WHERE id = ?");
const Statement kDeleteRecoveryCodes("delete a person's recovery codes", kDoors,
                                     "DELETE FROM recovery_code WHERE person_id = ?");
const Statement kDeleteSessions("delete a person's sessions", kDoors,
                                "DELETE FROM browser_session WHERE person_id = ?");
const Statement kEndDelegations("end a person's delegations", Account::authority, R"(
    UPDATE delegation SET ended_at = ? WHERE ended_at IS NULL AND (given_to = ? OR given_by = ?))");

std::optional<Person> personOf(const Rows& rows) {
    const auto role = roleNamed(rows.text(4));
    if (!role) return std::nullopt;  // of a newer program
    Person person{rows.id<Person>(0), rows.text(1), rows.text(2), AuthorityId::optionally(rows, 3), *role};
    person.hasCodes = rows.number(5) != 0;
    if (isOfAuthority(*role) != person.authority.has_value()) return std::nullopt;
    return person;
}

std::vector<Member> membersOf(Rows rows) {
    std::vector<Member> members;
    while (rows.next()) {
        const auto person = personOf(rows);
        if (!person) continue;
        members.push_back({*person, rows.text(6), rows.text(7), rows.optionalText(8), rows.optionalText(9),
                           rows.optionalText(10), rows.number(11) != 0, rows.number(12) != 0});
    }
    return members;
}

void refuseOneself(const Person& administrator, const Member& member) {
    if (administrator.id == member.person.id)
        throw values::Forbidden("You cannot change your own access. Ask another administrator.");
}

void endSessions(Transaction& tx, const Person& person) { tx.run(kDeleteSessions, person.id); }

const Statement kSelectPreviousVisit("select a person's previous visit", platform::Account::authority,
                                     "SELECT CAST(previous_visit_at AS CHAR) FROM person WHERE id = ?");

}  // namespace

std::optional<int> chainOf(const Person& person) {
    return person.authority ? std::optional(person.authority->code()) : std::nullopt;
}

bool may(const Person& person, Permission permission) {
    return may(person.role, permission) || (permission == Permission::signOff && person.isDelegate);
}

std::string normalisedEmail(const std::string& email) { return values::lowered(email); }

values::Id<Person> People::add(Transaction& tx, const NewPerson& person) const {
    if (isOfAuthority(person.role) != person.authority.has_value())
        throw std::logic_error("a role and its authority do not go together");
    const auto email = normalisedEmail(person.email);
    const std::optional<std::string> hash =
        person.password ? std::optional(passwordHash(*person.password)) : std::nullopt;
    auto id = person.id;
    auto found = tx.query(kFindEmail, email);
    if (found.next()) {
        if (found.number(1) == 0)
            throw values::Conflict("someone already has the e-mail address " + person.email);
        id = found.id<Person>(0);
        tx.run(kJoinAgain, person.name, person.authority, roleName(person.role), hash, tx.now(), id);
    } else {
        tx.run(kInsertPerson, id, email, person.name, person.authority, roleName(person.role), hash,
               tx.now());
    }
    tx.audit("person added", email, roleName(person.role));
    return id;
}

std::optional<Person> People::withEmail(Transaction& tx, Door door, const std::string& email) {
    auto rows = tx.query(kSelectPerson, tx.now(), normalisedEmail(email));
    if (!rows.next()) return std::nullopt;
    auto person = personOf(rows);
    const bool isEnded = rows.number(8) != 0;
    const bool isLocked = rows.number(7) != 0;
    if (!person || isEnded || isLocked || doorOf(person->role) != door) return std::nullopt;
    return person;
}

std::optional<Person> People::signIn(Transaction& tx, Door door, const std::string& email,
                                     const std::string& password) const {
    auto rows = tx.query(kSelectPerson, tx.now(), normalisedEmail(email));
    const bool isFound = rows.next();
    auto person = isFound ? personOf(rows) : std::nullopt;
    const bool isRight = isPasswordOf(isFound ? rows.optionalText(6) : std::nullopt, password);
    if (!person) return std::nullopt;
    if (rows.number(7) != 0) {
        tx.auditFor(chainOf(*person), "sign-in refused", person->email, "locked");
        return std::nullopt;
    }
    if (!isRight || rows.number(8) != 0 || doorOf(person->role) != door) {
        countFailure(tx, *person, "wrong password");
        return std::nullopt;
    }
    return person;
}

void People::countFailure(Transaction& tx, const Person& person, const std::string& what) const {
    tx.run(kCountFailure, rule_.failures, tx.now() + rule_.life, rule_.failures, person.id);
    tx.auditFor(chainOf(person), "sign-in refused", person.email, what);
}

std::optional<std::string> People::previousVisit(Transaction& tx, values::Id<Person> person) {
    auto rows = tx.query(kSelectPreviousVisit, person);
    if (!rows.next()) return std::nullopt;
    return rows.optionalText(0);
}

void People::forgetFailures(Transaction& tx, values::Id<Person> person) { tx.run(kClearFailures, person); }

void People::setPassword(Transaction& tx, const Person& person, const std::string& password) {
    tx.run(kSetPassword, passwordHash(password), person.id);
    endSessions(tx, person);
    tx.audit("password changed", person.email);
}

std::vector<Member> People::lookedAfterBy(Transaction& tx, const Person& administrator) {
    if (administrator.authority)
        return membersOf(tx.query(kSelectMembers, tx.now(), *administrator.authority));
    auto roles = nlohmann::json::array();
    for (const auto role : rolesManagedBy(administrator.role)) roles.push_back(roleName(role));
    return membersOf(tx.query(kSelectByRole, tx.now(), roles.dump()));
}

Member People::lookedAfterBy(Transaction& tx, const Person& administrator, values::Id<Person> person) {
    for (auto& member : lookedAfterBy(tx, administrator))
        if (member.person.id == person) return member;
    throw values::NotFound("no such person");
}

void People::setRole(Transaction& tx, const Person& administrator, const Member& member, Role role) {
    refuseOneself(administrator, member);
    const auto& allowed = rolesManagedBy(administrator.role);
    if (std::ranges::find(allowed, role) == allowed.end() ||
        isOfAuthority(role) != member.person.authority.has_value() ||
        doorOf(role) != doorOf(member.person.role))
        throw values::Forbidden("You cannot give this role to this person.");
    tx.run(kSetRole, roleName(role), member.person.id);
    if (member.person.authority) tx.run(kEndDelegations, tx.now(), member.person.id, member.person.id);
    endSessions(tx, member.person);
    tx.audit("role changed", member.person.email, roleName(member.person.role) + " to " + roleName(role));
}

void People::end(Transaction& tx, const Person& administrator, const Member& member) {
    refuseOneself(administrator, member);
    tx.run(kEndPerson, tx.now(), member.person.id);
    tx.run(kDeleteRecoveryCodes, member.person.id);
    if (administrator.authority) tx.run(kEndDelegations, tx.now(), member.person.id, member.person.id);
    endSessions(tx, member.person);
    tx.audit("access ended", member.person.email, roleName(member.person.role));
}

void People::confirmAccess(Transaction& tx, const Person& administrator, const Member& member) {
    tx.run(kConfirmAccess, tx.now(), administrator.email, member.person.id);
    tx.audit("access confirmed", member.person.email, roleName(member.person.role));
}

void People::resetCodes(Transaction& tx, const Person& administrator, const Member& member) {
    refuseOneself(administrator, member);
    tx.run(kForgetCodes, member.person.id);
    tx.run(kDeleteRecoveryCodes, member.person.id);
    endSessions(tx, member.person);
    tx.audit("codes reset", member.person.email);
}

void People::unlock(Transaction& tx, const Person& administrator, const Member& member) {
    refuseOneself(administrator, member);
    forgetFailures(tx, member.person.id);
    tx.audit("account unlocked", member.person.email);
}

}  // namespace identity
