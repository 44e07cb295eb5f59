#include "identity/delegations.h"

#include "entrance/entrance.h"
#include "entrance/view.h"

namespace entrance {

using identity::Delegations;
using identity::Person;
using platform::Response;
using platform::Transaction;
using platform::View;

namespace {

struct DelegationLine {
    std::string id;
    std::string to;
    std::string by;
    std::string from;
    std::string until;
    View view() const { return {{"id", id}, {"to", to}, {"by", by}, {"from", from}, {"until", until}}; }
};

DelegationLine lineOf(const identity::Delegation& delegation) {
    return {delegation.id.text(), delegation.givenTo, delegation.givenBy, delegation.from.text(),
            delegation.until.text()};
}

struct DelegationForm {
    Field to;
    Field from;
    Field until;
    View view() const {
        return {{"to", to}, {"from", from}, {"until", until}, {"give", button("Let them sign off")}};
    }
};

struct DelegationsPage {
    std::vector<DelegationLine> delegations;
    std::optional<DelegationForm> form;  ///< nothing where nobody can be named
    std::optional<ErrorSummary> summary;
    View view() const {
        return {{"title", "Who signs off in your place"},
                {"delegations", delegations},
                {"end", secondaryButton("End it now")},
                {"form", form},
                {"summary", summary}};
    }
};

std::optional<DelegationForm> delegationForm(const Visit& visit, const std::vector<Person>& candidates) {
    if (candidates.empty()) return std::nullopt;
    const auto& form = visit.request.form;
    std::vector<Option> options;
    for (const auto& person : candidates)
        options.push_back({person.id.text(), person.name + ", " + identity::roleTitle(person.role)});
    return DelegationForm{
        choice("to", "Who", options, valueOf(form, "to")),
        input({"from", "First day", valueOf(form, "from"), "text", "Like 27/03/2027"}, visit.problems),
        input({"until", "Last day", valueOf(form, "until"), "text", "Like 9/04/2027"}, visit.problems)};
}

}  // namespace

Response Entrance::delegations(Visit& visit) {
    DelegationsPage page{{}, {}, summaryOf(visit.problems)};
    rooms_.database.read([&](Transaction& tx) {
        page.delegations.clear();
        for (const auto& delegation : Delegations::of(tx, visit.authority()))
            page.delegations.push_back(lineOf(delegation));
        page.form = delegationForm(visit, Delegations::candidates(tx, visit.authority()));
    });
    return render(visit, "entrance/delegations", page);
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
