#include "identity/invitations.h"

#include <algorithm>

#include "platform/digest.h"
#include "values/errors.h"

namespace identity {
namespace {

using platform::Account;
using platform::kDoors;
using platform::Rows;
using platform::Statement;
using platform::Transaction;

constexpr auto kInviters = kDoors | Account::admin;

const Statement kCountPeople("count people with an address", kInviters,
                             "SELECT COUNT(*) FROM person WHERE email = ? AND left_at IS NULL");
const Statement kWithdrawOthers("withdraw invitations of an address", kInviters, R"(
    UPDATE invitation SET withdrawn_at = ? WHERE email = ? AND accepted_at IS NULL AND withdrawn_at IS NULL)");
const Statement kInsertInvitation("insert invitation", kInviters, R"(
    INSERT INTO invitation (id, token_hash, email, name, role, authority_id, invited_by, invited_at, expires_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?))");
const Statement kSelectInvitationByToken("select invitation by its token", kDoors, R"(
    SELECT invitation.id, email, invitation.name, role, authority_id, COALESCE(authority.name, ''), invited_by,
           CAST(expires_at AS CHAR)
    FROM invitation LEFT JOIN authority ON authority.id = invitation.authority_id
    WHERE token_hash = ? AND accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > ?)");
const Statement kSelectByEmail("select invitation by address", kDoors, R"(
    SELECT invitation.id, email, invitation.name, role, authority_id, COALESCE(authority.name, ''), invited_by,
           CAST(expires_at AS CHAR)
    FROM invitation LEFT JOIN authority ON authority.id = invitation.authority_id
    WHERE email = ? AND accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > ?)");
const Statement kSelectOpen("select open invitations", kDoors, R"(
    SELECT invitation.id, email, invitation.name, role, authority_id, COALESCE(authority.name, ''), invited_by,
           CAST(expires_at AS CHAR)
    FROM invitation LEFT JOIN authority ON authority.id = invitation.authority_id
    WHERE accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > ? ORDER BY invited_at)");
const Statement kAccept("accept invitation", kDoors, R"(
    UPDATE invitation SET accepted_at = ? WHERE id = ? AND accepted_at IS NULL AND withdrawn_at IS NULL)");
const Statement kWithdraw("withdraw invitation", kDoors, R"(
    UPDATE invitation SET withdrawn_at = ? WHERE id = ? AND accepted_at IS NULL AND withdrawn_at IS NULL)");

std::optional<Invitation> invitationOf(const Rows& rows) {
    const auto role = roleNamed(rows.text(3));
    if (!role) return std::nullopt;
    return Invitation{rows.id<Invitation>(0),           rows.text(1), rows.text(2), *role,
                      AuthorityId::optionally(rows, 4), rows.text(5), rows.text(6), rows.text(7)};
}

}  // namespace

std::string Invitations::invite(Transaction& tx, const NewInvitation& invitation) const {
    const auto email = normalisedEmail(invitation.email);
    auto rows = tx.query(kCountPeople, email);
    if (rows.next() && rows.number(0) > 0)
        throw values::Conflict("Someone with the e-mail address " + email + " has access already.");
    tx.run(kWithdrawOthers, tx.now(), email);
    auto token = platform::randomHex(32);
    tx.run(kInsertInvitation, invitation.id, platform::sha256(token), email, invitation.name,
           roleName(invitation.role), invitation.authority, tx.actor().name, tx.now(), tx.now() + life_);
    tx.audit("person invited", email, roleName(invitation.role));
    return token;
}

std::optional<Invitation> Invitations::withToken(Transaction& tx, const std::string& token) {
    auto rows = tx.query(kSelectInvitationByToken, platform::sha256(token), tx.now());
    return rows.next() ? invitationOf(rows) : std::nullopt;
}

std::optional<Invitation> Invitations::ofEmail(Transaction& tx, const std::string& email) {
    auto rows = tx.query(kSelectByEmail, normalisedEmail(email), tx.now());
    return rows.next() ? invitationOf(rows) : std::nullopt;
}

Person Invitations::accept(Transaction& tx, const People& people, const Invitation& invitation,
                           values::Id<Person> id, const std::optional<std::string>& password) {
    if (tx.run(kAccept, tx.now(), invitation.id) == 0)
        throw values::Conflict("This invitation was used or withdrawn meanwhile.");
    const auto known = people.add(
        tx, {id, invitation.email, invitation.name, invitation.authority, invitation.role, password});
    return {known, invitation.email, invitation.name, invitation.authority, invitation.role};
}

std::vector<Invitation> Invitations::lookedAfterBy(Transaction& tx, const Person& administrator) {
    const auto& roles = rolesManagedBy(administrator.role);
    std::vector<Invitation> open;
    for (auto rows = tx.query(kSelectOpen, tx.now()); rows.next();) {
        auto invitation = invitationOf(rows);
        if (!invitation || std::ranges::find(roles, invitation->role) == roles.end()) continue;
        if (administrator.authority && invitation->authority != administrator.authority) continue;
        open.push_back(std::move(*invitation));
    }
    return open;
}

void Invitations::withdraw(Transaction& tx, const Person& administrator, values::Id<Invitation> id) {
    for (const auto& invitation : lookedAfterBy(tx, administrator)) {
        if (invitation.id != id) continue;
        tx.run(kWithdraw, tx.now(), id);
        tx.audit("invitation withdrawn", invitation.email);
        return;
    }
    throw values::NotFound("no such invitation");
}

}  // namespace identity
