#include "identity/people.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>

#include "values/errors.h"

namespace identity {
namespace {

using platform::Account;
using platform::Statement;
using platform::Transaction;

const Statement kCountEmail("count people by e-mail", Account::admin,
                            "SELECT COUNT(*) FROM person WHERE email = ?");
const Statement kInsertPerson("insert person", Account::admin, R"(
    INSERT INTO person (id, email, name, authority_id, role, password_hash, created_at)
    VALUES (?, ?, ?, ?, ?, ?, ?))");
const Statement kSelectPerson("select person by e-mail", Account::authority, R"(
    SELECT id, email, name, authority_id, role, password_hash,
           locked_until IS NOT NULL AND locked_until > ?
    FROM person WHERE email = ? FOR UPDATE)");
const Statement kCountFailure("count failed sign-in", Account::authority, R"(
    UPDATE person
    SET locked_until = IF(failed_sign_ins + 1 >= ?, ?, locked_until),
        failed_sign_ins = IF(failed_sign_ins + 1 >= ?, 0, failed_sign_ins + 1)
    WHERE id = ?)");
const Statement kClearFailures("clear failed sign-ins", Account::authority, R"(
    UPDATE person SET failed_sign_ins = 0, locked_until = NULL
    WHERE id = ? AND (failed_sign_ins > 0 OR locked_until IS NOT NULL))");

constexpr std::size_t kShortestPassword = 12;
constexpr std::size_t kLongestPassword = 200;

std::string lowered(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

std::string hashOf(const std::string& password) {
    std::array<char, crypto_pwhash_STRBYTES> out{};
    if (crypto_pwhash_str_alg(out.data(), password.data(), password.size(),
                              crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw std::runtime_error("no memory to hash a password");
    return out.data();
}

bool isMatch(const std::string& hash, const std::string& password) {
    return password.size() <= kLongestPassword &&
           crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

/// Somebody's hash to compare with where nobody has the address, so that the answer takes as long.
const std::string& nobodysHash() {
    static const std::string hash = hashOf("nobody has this password");
    return hash;
}

}  // namespace

std::optional<std::string> passwordFault(const std::string& password) {
    if (password.size() < kShortestPassword)
        return "Use at least " + std::to_string(kShortestPassword) + " characters; three words will do.";
    if (password.size() > kLongestPassword)
        return "Use " + std::to_string(kLongestPassword) + " characters or fewer.";
    return std::nullopt;
}

void People::add(Transaction& tx, const NewPerson& person) const {
    auto found = tx.query(kCountEmail, lowered(person.email));
    if (found.next() && found.number(0) > 0)
        throw values::Conflict("someone already has the e-mail address " + person.email);
    tx.run(kInsertPerson, person.id, lowered(person.email), person.name, person.authority,
           roleName(person.role), hashOf(person.password), tx.now());
    tx.audit("person added", lowered(person.email), roleName(person.role));
}

std::optional<Person> People::signIn(Transaction& tx, const std::string& email,
                                     const std::string& password) const {
    auto rows = tx.query(kSelectPerson, tx.now(), lowered(email));
    if (!rows.next()) {
        isMatch(nobodysHash(), password);
        return std::nullopt;
    }
    const auto role = roleNamed(rows.text(4));
    const Person person{rows.id<Person>(0), rows.text(1), rows.text(2),
                        AuthorityId(static_cast<int>(rows.number(3))), role.value_or(Role::director)};
    const bool isLocked = rows.number(6) != 0;
    const bool isRight = isMatch(rows.text(5), password) && role.has_value();
    if (isLocked || !isRight) {
        if (!isLocked)
            tx.run(kCountFailure, rule_.failures, tx.now() + rule_.life, rule_.failures, person.id);
        tx.audit("sign-in refused", person.email, isLocked ? "locked" : "wrong password");
        return std::nullopt;
    }
    tx.run(kClearFailures, person.id);
    tx.audit("signed in", person.email);
    return person;
}

}  // namespace identity
