// Actions: raised from a level, a standard, a service or a finding; followed to their end.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "authority/door.h"
#include "authority/record_form.h"
#include "delivery/actions.h"

namespace authority {
namespace {

using delivery::RecordKind;
using intake::RecordView;
using nlohmann::json;
using platform::Response;
using platform::Transaction;
using values::Date;

json actionRow(const RecordView& action, const guidance::Catalogue& catalogue, Date today) {
    const auto& v = action.values;
    const auto due = Date::fromIso(v.at("due_on"));
    const auto closed = Date::fromIso(entrance::valueOf(v, "closed_on"));
    const bool isOverdue = !closed && due && *due < today;
    const auto about = entrance::valueOf(v, "about");
    return {{"href", "/actions/" + platform::segmentEncoded(action.key)},
            {"title", v.at("title")},
            {"owner", v.at("owner")},
            {"about", about.empty()                     ? ""
                      : catalogue.holdsStatement(about) ? catalogue.statementTitle(about)
                                                        : catalogue.measureTitle(about)},
            {"when",
             closed ? "closed on " + closed->text() : (isOverdue ? "was due on " : "due on ") + due->text()},
            {"overdue", isOverdue ? json{{"text", "Overdue"}, {"classes", "govuk-tag--red"}} : json()}};
}

}  // namespace

Response Door::actions(Visit& visit) {
    json view{{"title", "Actions"}};
    database_.read([&](Transaction& tx) {
        const auto inForce = catalogues_.inForce(tx);
        delivery::RecordQuestion question;
        question.most = 2000;
        auto found = keeper_.list(tx, visit.authority(), keeper_.type(RecordKind::action), question);
        std::ranges::stable_sort(found, {}, [](const auto& one) { return one.values.at("due_on"); });
        view["open"] = json::array();
        view["closed"] = json::array();
        for (const auto& action : found)
            view[action.values.contains("closed_on") ? "closed" : "open"].push_back(
                actionRow(action, inForce->latest, clock_.today()));
    });
    view["hasOpen"] = !view["open"].empty();
    view["isDone"] = view["open"].empty();
    view["hasClosed"] = !view["closed"].empty();
    if (visit.may(identity::Permission::manageRegister))
        view["new"] = {{"href", "/records/actions/new"}, {"text", "Add an action"}};
    return render(visit, "actions", std::move(view));
}

Response Door::action(Visit& visit) {
    const auto key = visit.request.part("action");
    const auto& type = keeper_.type(RecordKind::action);
    json view;
    database_.read([&](Transaction& tx) {
        const auto inForce = catalogues_.inForce(tx);
        const auto found = keeper_.byKey(tx, visit.authority(), type, key);
        json facts = json::array();
        for (const auto& column : type.columns) {
            auto value = displayed(column, entrance::valueOf(found.values, column.name), {});
            if (column.name == "about" && inForce->latest.holdsStatement(value))
                value = inForce->latest.statementTitle(value);
            facts.push_back({{"name", column.label}, {"value", value}});
        }
        json notes = json::array();
        for (const auto& note : delivery::ActionNotes::of(tx, visit.authority(), key))
            notes.push_back({{"when", entrance::instantText(note.notedAt)},
                             {"who", note.notedBy},
                             {"words", note.words}});
        const auto href = "/actions/" + platform::segmentEncoded(key);
        const bool mayChange = visit.may(identity::Permission::manageRegister);
        view = {{"title", found.values.at("title")},
                {"facts", facts},
                {"notes", notes},
                {"hasNotes", !notes.empty()},
                {"mayChange", mayChange},
                {"isOpen", mayChange && !found.values.contains("closed_on")},
                {"path", href},
                {"edit", recordHref(type, key) + "/edit"},
                {"note", entrance::textArea({"words", "What happened",
                                             entrance::valueOf(visit.request.form, "words"), "", ""},
                                            3, visit.problems)},
                {"addNote", secondaryButton("Add the note")},
                {"evidence",
                 entrance::textArea({"closing_evidence", "What shows that it is done",
                                     entrance::valueOf(visit.request.form, "closing_evidence"), "", ""},
                                    3, visit.problems)},
                {"close", button("Close the action")},
                {"back", {{"href", "/actions"}, {"text", "Back to actions"}}}};
    });
    if (!visit.problems.empty()) view["summaryOfErrors"] = errorSummary(visit.problems);
    return render(visit, "action", std::move(view));
}

/// One form for both: a note of how it goes on, or what closes it.
Response Door::changeAction(Visit& visit) {
    const auto key = visit.request.part("action");
    const auto& type = keeper_.type(RecordKind::action);
    const auto& form = visit.request.form;
    const bool isClosing = form.contains("closing_evidence");
    return platform::seeOther(once(visit, [&](Transaction& tx) {
        keeper_.byKey(tx, visit.authority(), type, key);
        values::Reader reader(form);
        const auto words = isClosing ? reader.text("closing_evidence", "what shows that it is done", 600)
                                     : reader.text("words", "what happened", 1000);
        reader.refuseProblems();
        if (isClosing)
            keeper_.save(
                tx, visit.authority(), type,
                {{{"action_ref", key}, {"closed_on", clock_.today().iso()}, {"closing_evidence", words}},
                 std::nullopt,
                 false,
                 true,
                 "",
                 "closed"});
        else delivery::ActionNotes::add(tx, ids_, visit.authority(), key, words);
        return "/actions/" + platform::segmentEncoded(key);
    }));
}

}  // namespace authority
