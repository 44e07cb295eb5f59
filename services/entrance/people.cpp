#include <algorithm>
#include <nlohmann/json.hpp>

#include "delivery/authorities.h"
#include "entrance/entrance.h"
#include "entrance/view.h"
#include "identity/delegations.h"

namespace entrance {

using identity::Delegations;
using identity::Invitation;
using identity::Invitations;
using identity::Member;
using identity::People;
using identity::Person;
using identity::Role;
using nlohmann::json;
using platform::Response;
using platform::Transaction;

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

}  // namespace

Response Entrance::people(Visit& visit) {
    json view;
    int due = 0;
    rooms_.database.read([&](Transaction& tx) {
        view = {{"title", "People"},
                {"members", json::array()},
                {"left", json::array()},
                {"invitations", json::array()}};
        due = 0;
        for (const auto& member : People::lookedAfterBy(tx, *visit.person)) {
            const bool isDue = isReviewDue(member, tx.now());
            due += isDue ? 1 : 0;
            view[member.leftAt ? "left" : "members"].push_back(
                {{"href", "/people/" + member.person.id.text()},
                 {"name", member.person.name},
                 {"emailAddress", member.person.email},
                 {"role", identity::roleTitle(member.person.role)},
                 {"authorityName", visit.person->authority ? "" : member.authorityName},
                 {"standing", standing(member)},
                 {"isDue", isDue}});
        }
        for (const auto& invitation : Invitations::lookedAfterBy(tx, *visit.person))
            view["invitations"].push_back({{"id", invitation.id.text()},
                                           {"name", invitation.name},
                                           {"emailAddress", invitation.email},
                                           {"role", identity::roleTitle(invitation.role)},
                                           {"expiresAt", instantText(invitation.expiresAt)},
                                           {"withdraw", secondaryButton("Withdraw")}});
    });
    if (due > 0)
        view["due"] = {{"text", "The access of " + std::to_string(due) + (due == 1 ? " person" : " people") +
                                    " was not confirmed for 90 days. Look at each, and confirm or end it."}};
    view["hasLeft"] = !view["left"].empty();
    view["hasInvitations"] = !view["invitations"].empty();
    return render(visit, "entrance/people", std::move(view));
}

Response Entrance::inviteForm(Visit& visit) {
    const auto& form = visit.request.form;
    json roles = json::array();
    for (const auto role : identity::rolesManagedBy(visit.person->role))
        roles.push_back({{"name", identity::roleTitle(role)}, {"purpose", identity::rolePurpose(role)}});
    json view{
        {"title", "Invite someone"},
        {"name", input({"name", "Their name", valueOf(form, "name")}, visit.problems)},
        {"email", input({"email", "Their e-mail address", valueOf(form, "email"), "email"}, visit.problems)},
        {"role", choice("role", "Their role", roleOptions(visit.person->role), valueOf(form, "role"))},
        {"roles", roles},
        {"submit", button("Make the invitation")},
        {"back", {{"href", "/people"}, {"text", "Back to people"}}}};
    if (!visit.person->authority &&
        std::ranges::any_of(identity::rolesManagedBy(visit.person->role), identity::isOfAuthority))
        view["authority"] = input({"authority", "Code of the authority", valueOf(form, "authority"), "text",
                                   "Like E06000001; only for an authority administrator"},
                                  visit.problems);
    if (!visit.problems.empty()) view["summary"] = errorSummary(visit.problems);
    return render(visit, "entrance/invite", std::move(view));
}

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
    return render(visit, "entrance/invited",
                  {{"title", "Send this link"},
                   {"name", name},
                   {"emailAddress", email},
                   {"role", identity::roleTitle(*role)},
                   {"door", identity::doorName(identity::doorOf(*role))},
                   {"isElsewhere", identity::doorOf(*role) != rooms_.sessions.door()},
                   {"link", (identity::doorOf(*role) == rooms_.sessions.door() ? address_ : "") +
                                "/invitations/" + token},
                   {"back", {{"href", "/people"}, {"text", "Back to people"}}}});
}

Response Entrance::withdrawInvitation(Visit& visit) {
    const auto id = visit.request.partId<Invitation>("invitation");
    rooms_.database.inTransaction(actorOf(visit),
                                  [&](Transaction& tx) { Invitations::withdraw(tx, *visit.person, id); });
    return platform::seeOther("/people");
}

Response Entrance::person(Visit& visit) {
    const auto id = visit.request.partId<Person>("person");
    json view;
    rooms_.database.read([&](Transaction& tx) {
        const auto member = People::lookedAfterBy(tx, *visit.person, id);
        const auto& them = member.person;
        const bool isOneself = them.id == visit.person->id;
        view = {{"title", them.name},
                {"path", "/people/" + them.id.text()},
                {"emailAddress", them.email},
                {"role", identity::roleTitle(them.role)},
                {"purpose", identity::rolePurpose(them.role)},
                {"authorityName", member.authorityName},
                {"joinedAt", instantText(member.joinedAt)},
                {"standing", standing(member)},
                {"reviewedAt", member.reviewedAt ? instantText(*member.reviewedAt) : "Not yet"},
                {"proof", member.usesProvider ? "Signs in with a provider"
                          : them.hasCodes     ? "Password and one-time codes"
                          : identity::needsCode(them.role)
                              ? "Password; sets up one-time codes at the next sign-in"
                              : "Password"},
                {"isOneself", isOneself},
                {"canChange", !isOneself && !member.leftAt},
                {"isLocked", member.isLocked},
                {"hasCodes", them.hasCodes},
                {"back", {{"href", "/people"}, {"text", "Back to people"}}},
                {"roleChoice", nullptr},
                {"changeRole", button("Change the role")},
                {"confirm", button("Confirm that the access is still needed")},
                {"reset", secondaryButton("Make them set up new codes")},
                {"unlock", secondaryButton("Unlock the account")},
                {"end", warningButton("End their access")}};
        std::vector<Option> options;
        for (const auto role : identity::rolesManagedBy(visit.person->role))
            if (identity::doorOf(role) == identity::doorOf(them.role))
                options.push_back({identity::roleName(role), identity::roleTitle(role)});
        view["roleChoice"] = choice("role", "Role", options, identity::roleName(them.role));
    });
    return render(visit, "entrance/person", std::move(view));
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

Response Entrance::delegations(Visit& visit) {
    const auto& form = visit.request.form;
    json view{{"title", "Who signs off in your place"},
              {"delegations", json::array()},
              {"from", input({"from", "First day", valueOf(form, "from"), "text", "Like 27/03/2027"},
                             visit.problems)},
              {"until", input({"until", "Last day", valueOf(form, "until"), "text", "Like 9/04/2027"},
                              visit.problems)},
              {"give", button("Let them sign off")},
              {"end", secondaryButton("End it now")}};
    rooms_.database.read([&](Transaction& tx) {
        view["delegations"] = json::array();
        for (const auto& delegation : Delegations::of(tx, visit.authority()))
            view["delegations"].push_back({{"id", delegation.id.text()},
                                           {"to", delegation.givenTo},
                                           {"by", delegation.givenBy},
                                           {"from", delegation.from.text()},
                                           {"until", delegation.until.text()}});
        std::vector<Option> options;
        for (const auto& person : Delegations::candidates(tx, visit.authority()))
            options.push_back({person.id.text(), person.name + ", " + identity::roleTitle(person.role)});
        view["hasCandidates"] = !options.empty();
        view["to"] = choice("to", "Who", options, valueOf(form, "to"));
    });
    view["hasDelegations"] = !view["delegations"].empty();
    if (!visit.problems.empty()) view["summary"] = errorSummary(visit.problems);
    return render(visit, "entrance/delegations", std::move(view));
}

Response Entrance::giveDelegation(Visit& visit) {
    values::Reader form(visit.request.form);
    const auto to = form.id<Person>("to", "a colleague of the list");
    const auto from = form.date("from", "the first day");
    const auto until = form.date("until", "the last day");
    if (from && until && *until < *from)
        form.problem("until", "Give a last day that is not before the first.");
    if (until && *until < rooms_.clock.today()) form.problem("until", "Give a last day that is not over.");
    if (from && until && from->plusDays(366) < *until)
        form.problem("until", "Give a last day within a year of the first.");
    form.refuseProblems();
    once(visit, [&](Transaction& tx) {
        Delegations::give(tx, *visit.person, {rooms_.ids.next<identity::Delegation>(), *to, *from, *until});
        return "/delegations";
    });
    return platform::seeOther("/delegations");
}

Response Entrance::endDelegation(Visit& visit) {
    const auto id = visit.request.partId<identity::Delegation>("delegation");
    rooms_.database.inTransaction(actorOf(visit),
                                  [&](Transaction& tx) { Delegations::end(tx, visit.authority(), id); });
    return platform::seeOther("/delegations");
}

}  // namespace entrance
