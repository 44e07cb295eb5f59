// Groups of authorities that analysts look at together.
#include "delivery/authorities.h"
#include "england/rollup.h"
#include "national/door.h"
#include "national/parts.h"

namespace national {

using entrance::Visit;
using platform::Response;
using platform::Transaction;
using platform::View;

namespace {

struct GroupsPage {
    struct Group {
        std::string title;
        std::string members;
        std::string madeBy;
        std::string removeAddress;

        View view() const {
            return {{"groupTitle", title},
                    {"groupMembers", members},
                    {"madeBy", madeBy},
                    {"removeAddress", removeAddress}};
        }
    };
    std::vector<Group> groups;
    entrance::Field name;
    entrance::Checkboxes members;
    std::optional<entrance::ErrorSummary> problems;

    View view() const {
        return {{"title", "Groups of authorities"},
                {"summaryOfErrors", problems},
                {"groups", groups},
                {"name", name},
                {"members", members},
                {"make", entrance::button("Make the group")},
                {"back", entrance::Link{"/england", "Back to England"}}};
    }
};

std::vector<GroupsPage::Group> groupsOf(Transaction& tx) {
    std::vector<GroupsPage::Group> groups;
    for (const auto& one : england::AuthorityGroups::all(tx))
        groups.push_back(
            {one.title, inOneLine(one.members), one.madeBy, "/groups/" + one.id.text() + "/remove"});
    return groups;
}

bool isMember(const Visit& visit, const std::string& authority) {
    return entrance::valueOf(visit.request.form, "member." + authority) == "yes";
}

}  // namespace

Response Door::groups(Visit& visit) {
    GroupsPage page;
    std::vector<entrance::Box> boxes;
    database_.read([&](Transaction& tx) {
        page.groups = groupsOf(tx);
        boxes.clear();
        for (const auto& [code, name] : delivery::Authorities::names(tx, clock_.today()))
            boxes.push_back({"member." + name, name, "", isMember(visit, name)});
    });
    page.name = entrance::input({"name", "Name of the group", entrance::valueOf(visit.request.form, "name"),
                                 "text", "Every analyst sees it"},
                                visit.problems);
    page.members = entrance::checkboxes("members", "Authorities", boxes, visit.problems);
    page.problems = entrance::summaryOf(visit.problems);
    return entrance_.render(visit, "national/groups", page);
}

Response Door::makeGroup(Visit& visit) {
    values::Reader form(visit.request.form);
    const auto name = form.text("name", "a name");
    form.refuseProblems();
    return once(visit, [&](Transaction& tx) {
        std::vector<std::string> members;
        for (const auto& [code, one] : delivery::Authorities::names(tx, clock_.today()))
            if (isMember(visit, one)) members.push_back(one);
        england::AuthorityGroups::make(tx, ids_, name, members);
        return std::string("/groups");
    });
}

Response Door::removeGroup(Visit& visit) {
    return once(visit, [&](Transaction& tx) {
        england::AuthorityGroups::remove(tx, visit.request.partId<england::AuthorityGroup>("group"));
        return std::string("/groups");
    });
}

}  // namespace national
