#pragma once

#include <optional>
#include <string>
#include <vector>

#include "identity/authority_id.h"

namespace identity {

/// What a machine may do.
enum class Scope { readRecords, writeRecords, readResults };
/// `records:read`
std::string scopeName(Scope scope);
/// What it lets a machine do, in one sentence.
std::string scopePurpose(Scope scope);
std::optional<Scope> scopeNamed(const std::string& name);
const std::vector<Scope>& allScopes();

/// A machine of an authority that speaks to us, such as its case system.
struct CaseSystem {
    values::Id<CaseSystem> id;
    AuthorityId authority;
    std::string name;
    std::vector<Scope> scopes;
    values::Date endsOn;  ///< its last day
    std::string admittedBy;
    std::string admittedAt;                 ///< UTC, as the database keeps it
    std::optional<std::string> lastSeenAt;  ///< UTC
    bool isRevoked = false;

    bool may(Scope scope) const;
};

/// The machines that authorities let in. A token goes to who admits it, once; its hash is kept.
class CaseSystems {
public:
    /// `token`: 64 hexadecimal digits.
    static void admit(platform::Transaction& tx, const CaseSystem& system, const std::string& token);
    static std::vector<CaseSystem> of(platform::Transaction& tx, AuthorityId authority);
    /// Throws NotFound where the authority has no such machine, Conflict where it is revoked already.
    static void revoke(platform::Transaction& tx, AuthorityId authority, values::Id<CaseSystem> id);
    /// Whose token it is; nothing where it is unknown, revoked or over. Notes, once a minute, that it was
    /// seen.
    static std::optional<CaseSystem> withToken(platform::Transaction& tx, const std::string& token);
};

}  // namespace identity
