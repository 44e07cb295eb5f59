#pragma once

#include <optional>
#include <string>
#include <vector>

#include "identity/authority_id.h"
#include "identity/permissions.h"
#include "platform/database.h"

namespace identity {

struct Person {
    values::Id<Person> id;
    std::string email;
    std::string name;
    std::optional<AuthorityId> authority;  ///< always there for roles of an authority
    Role role;
    bool hasCodes = false;    ///< proves themselves with one-time codes besides
    bool isDelegate = false;  ///< signs off today in a director's place
};

/// What a person may do today.
bool may(const Person& person, Permission permission);

/// Whose audit speaks of a person: their authority's, or nobody's.
std::optional<int> chainOf(const Person& person);

struct NewPerson {
    values::Id<Person> id;
    std::string email;
    std::string name;
    std::optional<AuthorityId> authority;
    Role role;
    std::optional<std::string> password;  ///< none for who signs in with a provider
};

/// A person as their administrator sees them. Times are UTC, as the database keeps them.
struct Member {
    Person person;
    std::string authorityName;  ///< empty for who belongs to none
    std::string joinedAt;
    std::optional<std::string> lastSeenAt;
    std::optional<std::string> reviewedAt;  ///< when an administrator last confirmed the access
    std::optional<std::string> leftAt;
    bool isLocked;
    bool usesProvider;
};

/// After so many failures in a row an account is locked for a while.
struct LockRule {
    int failures = 5;
    std::chrono::minutes life{15};
};

/// Who has access, and what happens as they join, move and leave. Nobody is deleted: the audit names them.
class People {
public:
    explicit People(LockRule rule) : rule_(rule) {}

    /// Refuses (Conflict) an e-mail address that someone has; who left before joins again under their old
    /// one. Gives their id. The password is kept as an Argon2id hash.
    values::Id<Person> add(platform::Transaction& tx, const NewPerson& person) const;

    /// Who has this address and password at a door; nothing where they do not match, the account is locked,
    /// has ended or belongs to another door: all these look alike and take alike long. Counts failures.
    std::optional<Person> signIn(platform::Transaction& tx, Door door, const std::string& email,
                                 const std::string& password) const;
    /// Who has this address at a door, whatever their password, where the account is neither locked nor
    /// ended.
    static std::optional<Person> withEmail(platform::Transaction& tx, Door door, const std::string& email);
    /// Counts a failure to prove who they are, and locks the account after too many.
    void countFailure(platform::Transaction& tx, const Person& person, const std::string& what) const;
    /// When they were here before this visit; nothing on their first. UTC, as the database keeps it.
    static std::optional<std::string> previousVisit(platform::Transaction& tx, values::Id<Person> person);
    static void forgetFailures(platform::Transaction& tx, values::Id<Person> person);
    static void setPassword(platform::Transaction& tx, const Person& person, const std::string& password);

    /// Whom an administrator looks after, by name, also who left. Of their own authority, where they have
    /// one.
    static std::vector<Member> lookedAfterBy(platform::Transaction& tx, const Person& administrator);
    /// One of them. Throws NotFound for anyone else.
    static Member lookedAfterBy(platform::Transaction& tx, const Person& administrator,
                                values::Id<Person> person);

    /// Each refuses (Forbidden) what an administrator does to themselves, so that one always remains.
    static void setRole(platform::Transaction& tx, const Person& administrator, const Member& member,
                        Role role);
    /// They leave: their sessions, codes and delegations end with their access.
    static void end(platform::Transaction& tx, const Person& administrator, const Member& member);
    /// The access is still needed: the answer to the review.
    static void confirmAccess(platform::Transaction& tx, const Person& administrator, const Member& member);
    /// They lost their codes: at the next sign-in they set up new ones.
    static void resetCodes(platform::Transaction& tx, const Person& administrator, const Member& member);
    /// Lifts the lock after failed sign-ins.
    static void unlock(platform::Transaction& tx, const Person& administrator, const Member& member);

private:
    LockRule rule_;
};

/// In lower case, as addresses are kept and compared.
std::string normalisedEmail(const std::string& email);

}  // namespace identity
