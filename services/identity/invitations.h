#pragma once

#include <optional>
#include <string>
#include <vector>

#include "identity/people.h"

namespace identity {

/// Someone asked to join. Times are UTC, as the database keeps them.
struct Invitation {
    values::Id<Invitation> id;
    std::string email;
    std::string name;
    Role role;
    std::optional<AuthorityId> authority;
    std::string authorityName;  ///< empty for roles of none
    std::string invitedBy;
    std::string expiresAt;
};

struct NewInvitation {
    values::Id<Invitation> id;
    std::string email;
    std::string name;
    Role role;
    std::optional<AuthorityId> authority;
};

/// How people join: an administrator invites, the link is theirs alone and serves once.
class Invitations {
public:
    /// How long a link serves.
    explicit Invitations(std::chrono::hours life) : life_(life) {}

    /// Gives the link's token. Refuses (Conflict) who has access already; an open invitation of the same
    /// address is withdrawn.
    std::string invite(platform::Transaction& tx, const NewInvitation& invitation) const;
    /// Nothing where the link is wrong, too old, used or withdrawn: these look alike.
    static std::optional<Invitation> withToken(platform::Transaction& tx, const std::string& token);
    /// An open one by address, for who signs in with a provider.
    static std::optional<Invitation> ofEmail(platform::Transaction& tx, const std::string& email);
    /// The invited person joins, with a password or as a provider's subject.
    static Person accept(platform::Transaction& tx, const People& people, const Invitation& invitation,
                         values::Id<Person> id, const std::optional<std::string>& password);

    /// Those still open that an administrator looks after.
    static std::vector<Invitation> lookedAfterBy(platform::Transaction& tx, const Person& administrator);
    /// Throws NotFound where it is not one of them.
    static void withdraw(platform::Transaction& tx, const Person& administrator, values::Id<Invitation> id);

private:
    std::chrono::hours life_;
};

}  // namespace identity
