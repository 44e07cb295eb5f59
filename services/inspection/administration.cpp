// Opening inspections, their teams and their days: for the inspectorate's administrator, who sees no report.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "delivery/authorities.h"
#include "entrance/view.h"
#include "inspection/door.h"

namespace inspection {

using entrance::button;
using entrance::secondaryButton;
using entrance::sentence;
using inspections::Inspection;
using inspections::Inspections;
using nlohmann::json;
using platform::Response;
using platform::Transaction;

namespace {

std::string addressOf(const Inspection& inspection) { return "/administration/" + inspection.id.text(); }

std::string daysText(const Inspection& inspection) {
    return inspection.opensOn.text() + " to " + inspection.closesOn.text();
}

}  // namespace

Response Door::administration(Visit& visit) {
    json view{{"title", "Inspections"}, {"inspections", json::array()}};
    const auto today = clock_.today();
    database_.read([&](Transaction& tx) {
        view["inspections"] = json::array();
        for (const auto& one : Inspections::all(tx)) {
            const auto members = Inspections::members(tx, one).size();
            view["inspections"].push_back(
                {{"title", one.authorityName + ", " + one.kind},
                 {"href", addressOf(one)},
                 {"scope", one.scope},
                 {"period", daysText(one)},
                 {"access", sentence(one.access(today)) + ". " +
                                (members == 1 ? "1 inspector" : std::to_string(members) + " inspectors")}});
        }
    });
    view["hasInspections"] = !view["inspections"].empty();
    view["new"] = {{"href", "/administration/new"}};
    return render(visit, "inspection/inspections", std::move(view));
}

Response Door::newInspection(Visit& visit) {
    const auto& form = visit.request.form;
    std::vector<entrance::Option> authorities{{"", "Choose an authority"}};
    database_.read([&](Transaction& tx) {
        authorities.resize(1, {"", "Choose an authority"});
        for (const auto& [code, name] : delivery::Authorities::names(tx, clock_.today()))
            authorities.push_back({code, name});
    });
    std::vector<entrance::Option> kinds;
    for (const auto& kind : inspections::kinds()) kinds.push_back({kind, sentence(kind)});
    std::vector<entrance::Option> quarters;
    auto quarter = values::Quarter::containing(clock_.today());
    for (int i = 0; i < adherence::kMostQuarters; ++i, quarter = quarter.previous())
        quarters.push_back({quarter.name(), quarter.name()});
    const auto said = [&](const char* field, const std::string& otherwise = "") {
        return form.contains(field) ? form.at(field) : otherwise;
    };
    json view{
        {"title", "Open an inspection"},
        {"authorityChoice", entrance::choice("authority", "Authority", authorities, said("authority"))},
        {"kindChoice", entrance::choice("kind", "Kind", kinds, said("kind"))},
        {"scope",
         entrance::input({"scope", "What it is about", said("scope"), "text", "Empty for everything"},
                         visit.problems)},
        {"from", entrance::choice("from", "First quarter", quarters, said("from", quarters.at(4).value))},
        {"to", entrance::choice("to", "Last quarter", quarters, said("to", quarters.at(1).value))},
        {"opensOn", entrance::input({"opens_on", "Inspectors may look from", said("opens_on"), "text",
                                     "For example, 1/6/2026"},
                                    visit.problems)},
        {"closesOn",
         entrance::input({"closes_on", "Last day", said("closes_on"), "text", "Half a year later at most"},
                         visit.problems)},
        {"open", button("Open the inspection")},
        {"back", {{"href", "/administration"}, {"text", "Back to inspections"}}}};
    if (!visit.problems.empty()) view["summaryOfErrors"] = entrance::errorSummary(visit.problems);
    return render(visit, "inspection/new", std::move(view));
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
    json view;
    database_.read([&](Transaction& tx) {
        const auto inspection = Inspections::byId(tx, visit.request.partId<Inspection>("inspection"));
        const auto today = clock_.today();
        const auto members = Inspections::members(tx, inspection);
        json team = json::array();
        for (const auto& member : members)
            team.push_back(
                {{"name", member.name},
                 {"email", member.email},
                 {"remove",
                  {{"path", addressOf(inspection) + "/members/" + member.person.text() + "/remove"}}}});
        std::vector<entrance::Option> others{{"", "Choose an inspector"}};
        for (const auto& one : Inspections::candidates(tx))
            if (std::ranges::find(members, one.person, &inspections::Member::person) == members.end())
                others.push_back({one.person.text(), one.name + ", " + one.email});
        view = {{"title", inspection.authorityName + ", " + inspection.kind},
                {"scope", inspection.scope},
                {"period", inspection.period.name()},
                {"days", daysText(inspection)},
                {"access", sentence(inspection.access(today))},
                {"granted",
                 inspection.grantedBy + (inspection.grantedFrom == "authority" ? ", for the authority"
                                                                               : ", for the inspectorate")},
                {"path", addressOf(inspection)},
                {"team", team},
                {"hasTeam", !team.empty()},
                {"isOver", inspection.endedAt.has_value()},
                {"mayChange", !inspection.endedAt.has_value()},
                {"person", entrance::choice("person", "Add an inspector", others, "")},
                {"add", secondaryButton("Add to the team")},
                {"closesOn", entrance::input({"closes_on", "Last day",
                                              visit.request.form.contains("closes_on")
                                                  ? visit.request.form.at("closes_on")
                                                  : inspection.closesOn.text(),
                                              "text", ""},
                                             visit.problems)},
                {"move", secondaryButton("Move the last day")},
                {"end", entrance::warningButton("End access now")},
                {"back", {{"href", "/administration"}, {"text", "Back to inspections"}}}};
    });
    if (!visit.problems.empty()) view["summaryOfErrors"] = entrance::errorSummary(visit.problems);
    view["member"] = view["person"];
    view.erase("person");
    return render(visit, "inspection/administered", std::move(view));
}

Response Door::addMember(Visit& visit) {
    values::Reader form(visit.request.form);
    const auto person = form.id<identity::Person>("person", "an inspector");
    form.refuseProblems();
    const auto place = once(visit, [&](Transaction& tx) {
        const auto inspection = Inspections::byId(tx, visit.request.partId<Inspection>("inspection"));
        Inspections::addMember(tx, inspection, *person);
        return addressOf(inspection);
    });
    return platform::seeOther(place);
}

Response Door::removeMember(Visit& visit) {
    const auto person = visit.request.partId<identity::Person>("person");
    const auto place = once(visit, [&](Transaction& tx) {
        const auto inspection = Inspections::byId(tx, visit.request.partId<Inspection>("inspection"));
        Inspections::removeMember(tx, inspection, person);
        return addressOf(inspection);
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
        return addressOf(inspection);
    });
    return platform::seeOther(place);
}

Response Door::endInspection(Visit& visit) {
    const auto place = once(visit, [&](Transaction& tx) {
        const auto inspection = Inspections::byId(tx, visit.request.partId<Inspection>("inspection"));
        Inspections::end(tx, inspection);
        return addressOf(inspection);
    });
    return platform::seeOther(place);
}

}  // namespace inspection
