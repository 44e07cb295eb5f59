// Opening inspections, their teams and their days: for the inspectorate's administrator, who sees no report.
#include <algorithm>

#include "delivery/authorities.h"
#include "inspection/door.h"
#include "inspection/parts.h"

namespace inspection {

using entrance::button;
using entrance::ErrorSummary;
using entrance::Field;
using entrance::input;
using entrance::Link;
using entrance::Option;
using entrance::secondaryButton;
using entrance::sentence;
using inspections::Inspection;
using inspections::Inspections;
using inspections::Member;
using platform::Response;
using platform::Transaction;
using platform::View;

namespace {

std::string administrationOf(const Inspection& inspection) {
    return "/administration/" + inspection.id.text();
}

std::string daysText(const Inspection& inspection) {
    return inspection.opensOn.text() + " to " + inspection.closesOn.text();
}

Link backToInspections() { return {"/administration", "Back to inspections"}; }

struct NewInspectionPage {
    Field authority;
    Field kind;
    Field scope;
    Field from;
    Field to;
    Field opensOn;
    Field closesOn;
    std::optional<ErrorSummary> summary;
    View view() const {
        return {{"title", "Open an inspection"},
                {"authorityChoice", authority},
                {"kindChoice", kind},
                {"scope", scope},
                {"from", from},
                {"to", to},
                {"opensOn", opensOn},
                {"closesOn", closesOn},
                {"open", button("Open the inspection")},
                {"summary", summary},
                {"back", backToInspections()}};
    }
};

using CodesAndNames = std::vector<std::pair<std::string, std::string>>;

NewInspectionPage newInspectionPage(const Visit& visit, const CodesAndNames& authorities,
                                    values::Date today) {
    const auto& form = visit.request.form;
    const auto& problems = visit.problems;
    const auto said = [&](const char* field, const std::string& otherwise = "") {
        return form.contains(field) ? form.at(field) : otherwise;
    };
    std::vector<Option> named{{"", "Choose an authority"}};
    for (const auto& [code, name] : authorities) named.push_back({code, name});
    std::vector<Option> kinds;
    for (const auto& kind : inspections::kinds()) kinds.push_back({kind, sentence(kind)});
    const auto quarters = quartersUpTo(values::Quarter::containing(today));
    return {
        entrance::choice("authority", "Authority", named, said("authority")),
        entrance::choice("kind", "Kind", kinds, said("kind")),
        input({"scope", "What it is about", said("scope"), "text", "Empty for everything"}, problems),
        entrance::choice("from", "First quarter", quarters, said("from", quarters.at(4).value)),
        entrance::choice("to", "Last quarter", quarters, said("to", quarters.at(1).value)),
        input({"opens_on", "Inspectors may look from", said("opens_on"), "text", "For example, 1/6/2026"},
              problems),
        input({"closes_on", "Last day", said("closes_on"), "text", "Half a year later at most"}, problems),
        entrance::summaryOf(problems)};
}

/// Somebody of an inspection's team, and where they are taken out of it.
struct TeamMember {
    std::string name;
    std::string email;
    std::string removal;
    View view() const { return {{"name", name}, {"email", email}, {"removal", removal}}; }
};

/// What its administrator may still change about an inspection that has not ended.
struct AccessForm {
    Field member;
    Field closesOn;
    View view() const {
        return {{"member", member},
                {"add", secondaryButton("Add to the team")},
                {"closesOn", closesOn},
                {"move", secondaryButton("Move the last day")},
                {"end", entrance::warningButton("End access now")}};
    }
};

struct AdministeredPage {
    std::string title;
    std::string scope;
    std::string period;
    std::string days;
    std::string access;
    std::string granted;
    std::string path;
    std::vector<TeamMember> team;
    std::optional<AccessForm> form;
    std::optional<ErrorSummary> summary;
    View view() const {
        return {{"title", title},
                {"scope", scope},
                {"period", period},
                {"days", days},
                {"access", access},
                {"granted", granted},
                {"path", path},
                {"team", team},
                {"form", form},
                {"summary", summary},
                {"back", backToInspections()}};
    }
};

AccessForm accessForm(const Visit& visit, const Inspection& inspection, const std::vector<Member>& members,
                      const std::vector<Member>& candidates) {
    std::vector<Option> others{{"", "Choose an inspector"}};
    for (const auto& one : candidates)
        if (std::ranges::find(members, one.person, &Member::person) == members.end())
            others.push_back({one.person.text(), one.name + ", " + one.email});
    const auto& form = visit.request.form;
    const auto closesOn = form.contains("closes_on") ? form.at("closes_on") : inspection.closesOn.text();
    return {entrance::choice("person", "Add an inspector", others, ""),
            input({"closes_on", "Last day", closesOn}, visit.problems)};
}

AdministeredPage administeredPage(const Visit& visit, const Inspection& inspection,
                                  const std::vector<Member>& members, const std::vector<Member>& candidates,
                                  values::Date today) {
    AdministeredPage page{
        inspection.authorityName + ", " + inspection.kind,
        inspection.scope,
        inspection.period.name(),
        daysText(inspection),
        sentence(inspection.access(today)),
        inspection.grantedBy +
            (inspection.grantedFrom == "authority" ? ", for the authority" : ", for the inspectorate"),
        administrationOf(inspection),
        {},
        {},
        entrance::summaryOf(visit.problems)};
    for (const auto& member : members)
        page.team.push_back(
            {member.name, member.email, page.path + "/members/" + member.person.text() + "/remove"});
    if (!inspection.endedAt) page.form = accessForm(visit, inspection, members, candidates);
    return page;
}

}  // namespace

Response Door::administration(Visit& visit) {
    InspectionsPage page{true, {}};
    database_.read([&](Transaction& tx) {
        page.inspections.clear();
        for (const auto& one : Inspections::all(tx)) {
            const auto members = Inspections::members(tx, one).size();
            page.inspections.push_back(
                {one.authorityName + ", " + one.kind, administrationOf(one), one.scope, daysText(one),
                 sentence(one.access(clock_.today())) + ". " +
                     (members == 1 ? "1 inspector" : std::to_string(members) + " inspectors")});
        }
    });
    return render(visit, "inspection/inspections", page);
}

Response Door::newInspection(Visit& visit) {
    CodesAndNames authorities;
    const auto today = clock_.today();
    database_.read([&](Transaction& tx) { authorities = delivery::Authorities::names(tx, today); });
    return render(visit, "inspection/new", newInspectionPage(visit, authorities, today));
}

Response Door::openInspection(Visit& visit) {
    const auto& form = visit.request.form;
    values::Reader reader(form);
    const auto code = reader.text("authority", "an authority");
    const auto opensOn = reader.date("opens_on", "the first day");
    const auto closesOn = reader.date("closes_on", "the last day");
    const auto kind = entrance::valueOf(form, "kind");
    if (std::ranges::find(inspections::kinds(), kind) == inspections::kinds().end())
        reader.problem("kind", "Choose the kind of inspection.");
    const auto scope = reader.optionalText("scope").value_or("");
    if (scope.size() > 600) reader.problem("scope", "Use at most 600 characters.");
    reader.refuseProblems();
    const auto period = adherence::periodOf(entrance::valueOf(form, "from"), entrance::valueOf(form, "to"));
    const auto place = once(visit, [&](Transaction& tx) {
        const auto authority = delivery::Authorities::byCode(tx, code);
        if (!authority)
            throw values::Invalid({{{"", 0, "authority"}, code, "Choose an authority from the list."}});
        return "/administration/" +
               Inspections::grant(tx, ids_,
                                  {authority->id, kind, scope, period, *opensOn, *closesOn, "inspectorate"})
                   .text();
    });
    return platform::seeOther(place);
}

Response Door::administered(Visit& visit) {
    std::optional<AdministeredPage> page;
    database_.read([&](Transaction& tx) {
        const auto inspection = Inspections::byId(tx, visit.request.partId<Inspection>("inspection"));
        page = administeredPage(visit, inspection, Inspections::members(tx, inspection),
                                Inspections::candidates(tx), clock_.today());
    });
    return render(visit, "inspection/administered", page);
}

Response Door::addMember(Visit& visit) {
    values::Reader form(visit.request.form);
    const auto person = form.id<identity::Person>("person", "an inspector");
    form.refuseProblems();
    const auto place = once(visit, [&](Transaction& tx) {
        const auto inspection = Inspections::byId(tx, visit.request.partId<Inspection>("inspection"));
        Inspections::addMember(tx, inspection, *person);
        return administrationOf(inspection);
    });
    return platform::seeOther(place);
}

Response Door::removeMember(Visit& visit) {
    const auto person = visit.request.partId<identity::Person>("person");
    const auto place = once(visit, [&](Transaction& tx) {
        const auto inspection = Inspections::byId(tx, visit.request.partId<Inspection>("inspection"));
        Inspections::removeMember(tx, inspection, person);
        return administrationOf(inspection);
    });
    return platform::seeOther(place);
}

Response Door::moveClosing(Visit& visit) {
    values::Reader form(visit.request.form);
    const auto closesOn = form.date("closes_on", "the last day");
    form.refuseProblems();
    const auto place = once(visit, [&](Transaction& tx) {
        const auto inspection = Inspections::byId(tx, visit.request.partId<Inspection>("inspection"));
        if (inspection.endedAt) throw values::Conflict("Access to this inspection has ended.");
        Inspections::moveClosing(tx, inspection, *closesOn);
        return administrationOf(inspection);
    });
    return platform::seeOther(place);
}

Response Door::endInspection(Visit& visit) {
    const auto place = once(visit, [&](Transaction& tx) {
        const auto inspection = Inspections::byId(tx, visit.request.partId<Inspection>("inspection"));
        Inspections::end(tx, inspection);
        return administrationOf(inspection);
    });
    return platform::seeOther(place);
}

}  // namespace inspection
