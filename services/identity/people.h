#pragma once

#include <optional>
#include <string>

#include "identity/permissions.h"
#include "platform/database.h"

namespace identity {

/// The authority someone acts for: the Department for Education's three-digit code. Every question about an
/// authority's records asks for one.
class AuthorityId {
public:
    explicit AuthorityId(int code) : code_(code) {}
    int code() const { return code_; }
    operator platform::Value() const { return code_; }  // NOLINT: binds like its number
    auto operator<=>(const AuthorityId&) const = default;

private:
    int code_;
};

struct Person {
    values::Id<Person> id;
    std::string email;
    std::string name;
    AuthorityId authority;
    Role role;
};

struct NewPerson {
    values::Id<Person> id;
    std::string email;
    std::string name;
    AuthorityId authority;
    Role role;
    std::string password;
};

/// After so many failures in a row an account is locked for a while.
struct LockRule {
    int failures = 5;
    std::chrono::minutes life{15};
};

/// A sentence that says what is wrong with a new password; nothing where it will do. Length over rules.
std::optional<std::string> passwordFault(const std::string& password);

class People {
public:
    explicit People(LockRule rule) : rule_(rule) {}

    /// Refuses (Conflict) an e-mail address that someone has. The password is kept as an Argon2id hash.
    void add(platform::Transaction& tx, const NewPerson& person) const;

    /// Who signs in with this address and password; nothing where they do not match or the account is locked:
    /// the three cases look alike and take alike long. Counts failures.
    std::optional<Person> signIn(platform::Transaction& tx, const std::string& email,
                                 const std::string& password) const;

private:
    LockRule rule_;
};

}  // namespace identity
