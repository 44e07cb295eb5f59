#include <algorithm>

#include "delivery/authorities.h"
#include "entrance/entrance.h"
#include "entrance/view.h"

namespace entrance {

using identity::Invitation;
using identity::Invitations;
using identity::Member;
using identity::People;
using identity::Person;
using identity::Role;
using platform::Response;
using platform::Transaction;
using platform::View;

namespace {

/// Access that nobody confirmed for so long is to be reviewed.
constexpr auto kReviewEvery = std::chrono::days(90);

std::vector<Option> roleOptions(Role administrator) {
    std::vector<Option> options;
    for (const auto role : identity::rolesManagedBy(administrator))
        options.push_back({identity::roleName(role), identity::roleTitle(role)});
    return options;
}

/// Whether it is long since the access was given or last confirmed.
bool isReviewDue(const Member& member, values::Instant now) {
    const auto since = values::instantFromDatabase(member.reviewedAt.value_or(member.joinedAt));
    return !member.leftAt && since && now - *since > kReviewEvery;
}

std::string standing(const Member& member) {
    if (member.leftAt) return "Left on " + instantText(*member.leftAt);
    if (member.isLocked) return "Locked for a while";
    return member.lastSeenAt ? "Last seen " + instantText(*member.lastSeenAt) : "Never signed in";
}

Link backToPeople() { return {"/people", "Back to people"}; }

/// Somebody of the list of people, there or gone.
struct PersonLine {
    std::string href;
    std::string name;
    std::string emailAddress;
    std::string role;
    std::string authorityName;  ///< for who looks after several authorities
    std::string standing;
    bool isDue;  ///< their access is to be reviewed
    View view() const {
        return {{"href", href},
                {"name", name},
                {"emailAddress", emailAddress},
                {"role", role},
                {"authorityName", authorityName},
                {"standing", standing},
                {"isDue", isDue}};
    }
};

/// Somebody who was invited and has not joined.
struct InvitationLine {
    std::string id;
    std::string name;
    std::string emailAddress;
    std::string role;
    std::string expiresAt;
    View view() const {
        return {{"id", id},
                {"name", name},
                {"emailAddress", emailAddress},
                {"role", role},
                {"expiresAt", expiresAt}};
    }
};

struct PeoplePage {
    std::optional<Text> due;  ///< how many have access that is to be reviewed
    std::vector<PersonLine> members;
    std::vector<InvitationLine> invitations;
    std::vector<PersonLine> left;
    View view() const {
        return {{"title", "People"},
                {"due", due},
                {"members", members},
                {"invitations", invitations},
                {"withdraw", secondaryButton("Withdraw")},
                {"left", left}};
    }
};

std::optional<Text> dueText(std::ptrdiff_t due) {
    if (due == 0) return std::nullopt;
    return Text{"The access of " + std::to_string(due) + (due == 1 ? " person" : " people") +
                " was not confirmed for 90 days. Look at each, and confirm or end it."};
}

PeoplePage peoplePage(Transaction& tx, const Person& administrator) {
    PeoplePage page;
    for (const auto& member : People::lookedAfterBy(tx, administrator))
        (member.leftAt ? page.left : page.members)
            .push_back({"/people/" + member.person.id.text(), member.person.name, member.person.email,
                        identity::roleTitle(member.person.role),
                        administrator.authority ? "" : member.authorityName, standing(member),
                        isReviewDue(member, tx.now())});
    for (const auto& invitation : Invitations::lookedAfterBy(tx, administrator))
        page.invitations.push_back({invitation.id.text(), invitation.name, invitation.email,
                                    identity::roleTitle(invitation.role), instantText(invitation.expiresAt)});
    page.due = dueText(std::ranges::count(page.members, true, &PersonLine::isDue));
    return page;
}

struct RoleLine {
    std::string name;
    std::string purpose;
    View view() const { return {{"name", name}, {"purpose", purpose}}; }
};

struct InvitePage {
    Field name;
    Field email;
    Field role;
    std::optional<Field> authority;  ///< asked of who can invite to any
    std::vector<RoleLine> roles;     ///< those of the choice, and what each may do
    std::optional<ErrorSummary> summary;
    View view() const {
        return {{"title", "Invite someone"},
                {"name", name},
                {"email", email},
                {"role", role},
                {"authority", authority},
                {"roles", roles},
                {"summary", summary},
                {"submit", button("Make the invitation")},
                {"back", backToPeople()}};
    }
};

InvitePage invitePage(const Visit& visit) {
    const auto& form = visit.request.form;
    const auto& roles = identity::rolesManagedBy(visit.person->role);
    InvitePage page{input({"name", "Their name", valueOf(form, "name")}, visit.problems),
                    input({"email", "Their e-mail address", valueOf(form, "email"), "email"}, visit.problems),
                    choice("role", "Their role", roleOptions(visit.person->role), valueOf(form, "role")),
                    {},
                    {},
                    summaryOf(visit.problems)};
    for (const auto role : roles)
        page.roles.push_back({identity::roleTitle(role), identity::rolePurpose(role)});
    if (!visit.person->authority && std::ranges::any_of(roles, identity::isOfAuthority))
        page.authority = input({"authority", "Code of the authority", valueOf(form, "authority"), "text",
                                "Like E06000001; only for an authority administrator"},
                               visit.problems);
    return page;
}

struct InvitedPage {
    std::string name;
    std::string emailAddress;
    std::string role;
    std::string door;
    bool isElsewhere;  ///< they come in by another door than this
    std::string link;
    View view() const {
        return {{"title", "Send this link"},
                {"name", name},
                {"emailAddress", emailAddress},
                {"role", role},
                {"door", door},
                {"isElsewhere", isElsewhere},
                {"link", link},
                {"back", backToPeople()}};
    }
};

struct PersonPage {
    std::string name;
    std::string path;
    std::string emailAddress;
    std::string role;
    std::string purpose;
    std::string authorityName;
    std::string joinedAt;
    std::string standing;
    std::string reviewedAt;
    std::string proof;
    bool isOneself;
    bool canChange;
    bool isLocked;
    bool hasCodes;
    Field roleChoice;
    View view() const {
        return {{"title", name},
                {"path", path},
                {"emailAddress", emailAddress},
                {"role", role},
                {"purpose", purpose},
                {"authorityName", authorityName},
                {"joinedAt", joinedAt},
                {"standing", standing},
                {"reviewedAt", reviewedAt},
                {"proof", proof},
                {"isOneself", isOneself},
                {"canChange", canChange},
                {"isLocked", isLocked},
                {"hasCodes", hasCodes},
                {"roleChoice", roleChoice},
                {"changeRole", button("Change the role")},
                {"confirm", button("Confirm that the access is still needed")},
                {"reset", secondaryButton("Make them set up new codes")},
                {"unlock", secondaryButton("Unlock the account")},
                {"end", warningButton("End their access")},
                {"back", backToPeople()}};
    }
};

std::string proofText(const Member& member) {
    if (member.usesProvider) return "Signs in with a provider";
    if (member.person.hasCodes) return "Password and one-time codes";
    return identity::needsCode(member.person.role) ? "Password; sets up one-time codes at the next sign-in"
                                                   : "Password";
}

PersonPage personPage(const Member& member, const Person& administrator) {
    const auto& them = member.person;
    const bool isOneself = them.id == administrator.id;
    std::vector<Option> roles;
    for (const auto role : identity::rolesManagedBy(administrator.role))
        if (identity::doorOf(role) == identity::doorOf(them.role))
            roles.push_back({identity::roleName(role), identity::roleTitle(role)});
    return {them.name,
            "/people/" + them.id.text(),
            them.email,
            identity::roleTitle(them.role),
            identity::rolePurpose(them.role),
            member.authorityName,
            instantText(member.joinedAt),
            standing(member),
            member.reviewedAt ? instantText(*member.reviewedAt) : "Not yet",
            proofText(member),
            isOneself,
            !isOneself && !member.leftAt,
            member.isLocked,
            them.hasCodes,
            choice("role", "Role", roles, identity::roleName(them.role))};
}

}  // namespace

Response Entrance::people(Visit& visit) {
    PeoplePage page;
    rooms_.database.read([&](Transaction& tx) { page = peoplePage(tx, *visit.person); });
    return render(visit, "entrance/people", page);
}

Response Entrance::inviteForm(Visit& visit) { return render(visit, "entrance/invite", invitePage(visit)); }

Response Entrance::invite(Visit& visit) {
    values::Reader form(visit.request.form);
    const auto name = form.text("name", "their name");
    const auto email = form.text("email", "their e-mail address");
    if (const auto at = email.find('@');
        !email.empty() && (at == 0 || at == std::string::npos || at + 1 == email.size() ||
                           email.find_first_of(" \t\r\n,;<>\"") != std::string::npos))
        form.problem("email", "Enter an e-mail address, like sam@example.gov.uk.");
    const auto role = identity::roleNamed(form.text("role", "their role"));
    const auto& allowed = identity::rolesManagedBy(visit.person->role);
    if (!role || std::ranges::find(allowed, *role) == allowed.end())
        form.problem("role", "Choose a role of the list.");
    auto authority = visit.person->authority;
    if (role && !authority && identity::isOfAuthority(*role)) {
        // Only an administrator who belongs to no authority names one.
        rooms_.database.read([&](Transaction& tx) {
            const auto found =
                delivery::Authorities::byCode(tx, form.text("authority", "the authority's code"));
            if (found) authority = found->id;
        });
        if (!authority) form.problem("authority", "Enter the code of an authority, like E06000001.");
    }
    form.refuseProblems();
    if (!identity::isOfAuthority(*role)) authority.reset();
    const identity::NewInvitation invitation{rooms_.ids.next<Invitation>(), email, name, *role, authority};
    std::string token;
    rooms_.database.inTransaction(
        actorOf(visit), [&](Transaction& tx) { token = rooms_.invitations.invite(tx, invitation); });
    // The link is shown here and nowhere else: only a hash of it is kept.
    const auto door = identity::doorOf(*role);
    const bool isElsewhere = door != rooms_.sessions.door();
    const InvitedPage page{name,
                           email,
                           identity::roleTitle(*role),
                           identity::doorName(door),
                           isElsewhere,
                           (isElsewhere ? "" : address_) + "/invitations/" + token};
    return render(visit, "entrance/invited", page);
}

Response Entrance::withdrawInvitation(Visit& visit) {
    const auto id = visit.request.partId<Invitation>("invitation");
    rooms_.database.inTransaction(actorOf(visit),
                                  [&](Transaction& tx) { Invitations::withdraw(tx, *visit.person, id); });
    return platform::seeOther("/people");
}

Response Entrance::person(Visit& visit) {
    const auto id = visit.request.partId<Person>("person");
    std::optional<PersonPage> page;
    rooms_.database.read([&](Transaction& tx) {
        page = personPage(People::lookedAfterBy(tx, *visit.person, id), *visit.person);
    });
    return render(visit, "entrance/person", page);
}

Response Entrance::changeMember(Visit& visit,
                                const std::function<void(Transaction&, const Member&)>& change) {
    const auto id = visit.request.partId<Person>("person");
    rooms_.database.inTransaction(actorOf(visit), [&](Transaction& tx) {
        const auto member = People::lookedAfterBy(tx, *visit.person, id);
        if (member.leftAt)
            throw values::Conflict("This person has left. Invite them again to let them back in.");
        change(tx, member);
    });
    return platform::seeOther("/people/" + id.text());
}

Response Entrance::changeRole(Visit& visit) {
    return changeMember(visit, [&](Transaction& tx, const Member& member) {
        values::Reader form(visit.request.form);
        const auto role = identity::roleNamed(form.text("role", "a role"));
        if (!role) form.problem("role", "Choose a role of the list.");
        form.refuseProblems();
        People::setRole(tx, *visit.person, member, *role);
    });
}

Response Entrance::confirmAccess(Visit& visit) {
    return changeMember(visit, [&](Transaction& tx, const Member& member) {
        People::confirmAccess(tx, *visit.person, member);
    });
}

Response Entrance::resetCodes(Visit& visit) {
    return changeMember(
        visit, [&](Transaction& tx, const Member& member) { People::resetCodes(tx, *visit.person, member); });
}

Response Entrance::unlock(Visit& visit) {
    return changeMember(
        visit, [&](Transaction& tx, const Member& member) { People::unlock(tx, *visit.person, member); });
}

Response Entrance::endAccess(Visit& visit) {
    return changeMember(
        visit, [&](Transaction& tx, const Member& member) { People::end(tx, *visit.person, member); });
}

}  // namespace entrance
