// Actions: raised from a level, a standard, a service or a finding; followed to their end.
#include <algorithm>

#include "authority/door.h"
#include "authority/record_form.h"
#include "delivery/actions.h"

namespace authority {
namespace {

using delivery::RecordKind;
using intake::RecordView;
using platform::Response;
using platform::Transaction;
using platform::View;
using values::Date;

struct ActionRow {
    std::string href;
    std::string title;
    std::string owner;
    std::string when;
    std::string about;  ///< empty where it is about nothing named
    std::optional<Tag> overdue;

    View view() const {
        return {{"href", href}, {"title", title}, {"owner", owner},
                {"when", when}, {"about", about}, {"overdue", overdue}};
    }
};

struct ActionsPage {
    std::optional<Link> add;
    std::vector<ActionRow> open;
    std::vector<ActionRow> closed;

    View view() const { return {{"title", "Actions"}, {"add", add}, {"open", open}, {"closed", closed}}; }
};

struct Note {
    std::string when;
    std::string who;
    std::string words;

    View view() const { return {{"when", when}, {"who", who}, {"words", words}}; }
};

/// The two ways on for an action that is open.
struct ActionForms {
    Field note;
    Field evidence;

    View view() const {
        return {{"note", note},
                {"addNote", secondaryButton("Add the note")},
                {"evidence", evidence},
                {"close", button("Close the action")}};
    }
};

struct ActionPage {
    std::string title;
    std::string path;
    std::vector<Fact> facts;
    std::string edit;  ///< where it is changed; empty for those who may not
    std::vector<Note> notes;
    std::optional<ActionForms> forms;  ///< for those who may go on with it
    std::optional<entrance::ErrorSummary> summaryOfErrors;

    View view() const {
        return {{"title", title},
                {"path", path},
                {"facts", facts},
                {"edit", edit},
                {"notes", notes},
                {"forms", forms},
                {"summaryOfErrors", summaryOfErrors},
                {"back", Link{"/actions", "Back to actions"}}};
    }
};

std::string hrefOf(const std::string& key) { return "/actions/" + platform::segmentEncoded(key); }

std::string aboutText(const std::string& about, const guidance::Catalogue& catalogue) {
    if (about.empty()) return "";
    return catalogue.holdsStatement(about) ? catalogue.statementTitle(about) : catalogue.measureTitle(about);
}

ActionRow actionRow(const RecordView& action, const guidance::Catalogue& catalogue, Date today) {
    const auto& v = action.values;
    const auto due = Date::fromIso(v.at("due_on"));
    const auto closed = Date::fromIso(entrance::valueOf(v, "closed_on"));
    const bool isOverdue = !closed && due && *due < today;
    ActionRow row;
    row.href = hrefOf(action.key);
    row.title = v.at("title");
    row.owner = v.at("owner");
    row.when = closed ? "closed on " + closed->text() : (isOverdue ? "was due on " : "due on ") + due->text();
    row.about = aboutText(entrance::valueOf(v, "about"), catalogue);
    if (isOverdue) row.overdue = Tag{"Overdue", "govuk-tag--red"};
    return row;
}

std::vector<Fact> factsOf(const RecordView& action, const intake::FileType& type,
                          const guidance::Catalogue& catalogue) {
    std::vector<Fact> facts;
    for (const auto& column : type.columns) {
        auto value = displayed(column, entrance::valueOf(action.values, column.name), {});
        if (column.name == "about" && catalogue.holdsStatement(value))
            value = catalogue.statementTitle(value);
        facts.push_back({column.label, value});
    }
    return facts;
}

/// With what was typed, and what was wrong with it.
ActionForms formsOf(const Visit& visit) {
    const auto area = [&](const std::string& name, const std::string& label) {
        return entrance::textArea({name, label, entrance::valueOf(visit.request.form, name)}, 3,
                                  visit.problems);
    };
    return {area("words", "What happened"), area("closing_evidence", "What shows that it is done")};
}

}  // namespace

Response Door::actions(Visit& visit) {
    ActionsPage page;
    database_.read([&](Transaction& tx) {
        const auto inForce = catalogues_.inForce(tx);
        delivery::RecordQuestion question;
        question.most = 2000;
        auto found = keeper_.list(tx, visit.authority(), keeper_.type(RecordKind::action), question);
        std::ranges::stable_sort(found, {}, [](const auto& one) { return one.values.at("due_on"); });
        for (const auto& action : found)
            (action.values.contains("closed_on") ? page.closed : page.open)
                .push_back(actionRow(action, inForce->latest, clock_.today()));
    });
    if (visit.may(identity::Permission::manageRegister))
        page.add = Link{"/records/actions/new", "Add an action"};
    return render(visit, "actions", page);
}

Response Door::action(Visit& visit) {
    const auto key = visit.request.part("action");
    const auto& type = keeper_.type(RecordKind::action);
    const bool mayChange = visit.may(identity::Permission::manageRegister);
    ActionPage page;
    page.path = hrefOf(key);
    if (mayChange) page.edit = recordHref(type, key) + "/edit";
    database_.read([&](Transaction& tx) {
        const auto found = keeper_.byKey(tx, visit.authority(), type, key);
        page.title = found.values.at("title");
        page.facts = factsOf(found, type, catalogues_.inForce(tx)->latest);
        for (const auto& note : delivery::ActionNotes::of(tx, visit.authority(), key))
            page.notes.push_back({entrance::instantText(note.notedAt), note.notedBy, note.words});
        if (mayChange && !found.values.contains("closed_on")) page.forms = formsOf(visit);
    });
    if (!visit.problems.empty()) page.summaryOfErrors = errorSummary(visit.problems);
    return render(visit, "action", page);
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
        return hrefOf(key);
    }));
}

}  // namespace authority
