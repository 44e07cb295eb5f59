// A fidelity review on screen: the checklist in force on the day, scored as it is filled in.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "authority/door.h"
#include "authority/record_form.h"

namespace authority {
namespace {

using delivery::RecordKind;
using intake::FileType;
using nlohmann::json;
using platform::Response;
using platform::Transaction;

constexpr int kSessionsOffered = 80;
/// Points are chosen where there are few, and typed where there are many.
constexpr int kMostChosen = 5;

json itemOf(const guidance::ChecklistItem& item, const values::Fields& form, int number) {
    const auto name = "item_" + item.id;
    const auto chosen = entrance::valueOf(form, name);
    json points = json::array();
    const auto add = [&](const std::string& value, const std::string& text) {
        points.push_back({{"id", points.empty() ? name : name + "-" + value},
                          {"value", value},
                          {"text", text},
                          {"checked", value == chosen}});
    };
    if (item.most <= kMostChosen)
        for (int p = 0; p <= item.most; ++p) add(std::to_string(p), std::to_string(p));
    if (item.most <= kMostChosen) add("NA", "Not applicable");
    return {{"name", name},
            {"number", number},
            {"text", item.text},
            {"dimension", item.dimension},
            {"most", item.most},
            {"isRequired", item.isRequired},
            {"isChosen", item.most <= kMostChosen},
            {"isTyped", item.most > kMostChosen},
            {"value", chosen},
            {"points", points}};
}

/// Sessions that were held, the latest first.
std::vector<Option> sessionsOf(Transaction& tx, const delivery::Service& service) {
    std::vector<Option> options;
    for (const auto& session : delivery::Services::recentSessions(tx, service, kSessionsOffered))
        options.push_back({session.reference, session.reference + ", " + session.heldOn.text() + ", by " +
                                                  session.practitioner});
    return options;
}

/// The checklist of the service's intervention, in the version that a review of the day uses.
const guidance::Checklist& checklistOf(const guidance::Catalogue& catalogue, const delivery::Service& service,
                                       values::Date day) {
    const auto* intervention = catalogue.intervention(service.intervention);
    if (intervention == nullptr)
        throw values::Conflict("This service runs an approach that has no fidelity checklist.");
    const auto* checklist = catalogue.checklistOn(intervention->checklist, day);
    if (checklist == nullptr) throw values::Conflict("No version of the checklist was in force on that day.");
    return *checklist;
}

}  // namespace

Response Door::reviewForm(Visit& visit) {
    const auto id = visit.request.partId<delivery::Service>("service");
    const auto& form = visit.request.form;
    json view;
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        const auto service = delivery::Services::byId(tx, visit.authority(), id);
        const auto inForce = catalogues_.inForce(tx);
        values::Reader reader(form);
        const auto day = reader.optionalDate("reviewed_on").value_or(clock_.today());
        const auto& checklist = checklistOf(inForce->latest, service, day);
        const auto& intervention = *inForce->latest.intervention(service.intervention);
        const auto type = keeper_.reviewType(tx, checklist.id);
        auto values = columnsIn(form, type);
        values["reviewed_on"] = day.iso();
        if (const auto asked = entrance::valueOf(visit.request.query, "session"); !asked.empty())
            values["session_ref"] = asked;
        auto choices = choicesOf(tx, keeper_, visit.authority(), type, inForce->latest, clock_.today(),
                                 service.reference);
        if (auto sessions = sessionsOf(tx, service); !sessions.empty())
            choices["session_ref"] = std::move(sessions);
        FileType shown = type;
        std::erase_if(shown.columns, [](const auto& column) {
            return column.type == intake::ColumnType::item || column.name == "review_ref" ||
                   column.name == "service_ref" || column.name == "practitioner_ref" ||
                   column.name == "checklist_version";
        });
        json items = json::array();
        for (const auto& item : checklist.items)
            items.push_back(itemOf(item, form, static_cast<int>(items.size()) + 1));
        view = {{"title", "Fidelity review: " + service.name},
                {"service", service.name},
                {"path", visit.request.path},
                {"fields", fieldsOf(shown, values, choices, visit.problems, {}, false)},
                {"items", items},
                {"checklist", checklist.id},
                {"version", std::to_string(checklist.version)},
                {"threshold", wholePercent(intervention.fidelityThreshold)},
                {"thresholdShare", intervention.fidelityThreshold},
                {"save", button("Finish the review")},
                {"later", secondaryButton("Save the draft")},
                {"back", {{"href", "/services/" + id.text()}, {"text", "Back to the service"}}}};
        tx.audit("form opened", service.reference, "fidelity review");
    });
    if (!visit.problems.empty()) view["summaryOfErrors"] = errorSummary(visit.problems);
    return render(visit, "review_form", std::move(view));
}

Response Door::addReview(Visit& visit) {
    const auto service = serviceOf(visit);
    const auto& form = visit.request.form;
    values::Reader reader(form);
    const auto day = reader.date("reviewed_on", "the day of the review");
    const auto session = reader.text("session_ref", "the session that was reviewed");
    reader.refuseProblems();
    const auto reference = freshReference(keeper_.type(RecordKind::review));
    return platform::seeOther(once(visit, [&](Transaction& tx) {
        const auto inForce = catalogues_.inForce(tx);
        const auto& checklist = checklistOf(inForce->latest, service, *day);
        const auto refuse = [&](const std::string& field, const std::string& got, const std::string& wanted) {
            throw values::Invalid({{{"", 0, field}, got, wanted}});
        };
        if (const auto shown = entrance::valueOf(form, "checklist_version");
            shown != std::to_string(checklist.version))
            refuse("reviewed_on", shown,
                   "Check the answers again: on that day version " + std::to_string(checklist.version) +
                       " of the checklist was in force, and its items are shown now.");
        const auto reviewed = keeper_.find(tx, visit.authority(), keeper_.type(RecordKind::session), session);
        if (!reviewed)
            refuse("session_ref", session,
                   "Choose a session that is recorded; there is none with this reference.");
        const auto rater = entrance::valueOf(form, "rated_by");
        delivery::RecordQuestion question;
        question.owner = service.reference;
        question.words = session;
        for (const auto& other :
             keeper_.list(tx, visit.authority(), keeper_.type(RecordKind::review), question))
            if (other.values.at("session_ref") == session &&
                entrance::valueOf(other.values, "rated_by") == rater)
                refuse("rated_by", rater,
                       "Say who rated, so that this review can be told from " + other.key +
                           " of the same session.");
        const auto type = keeper_.reviewType(tx, checklist.id);
        auto given = columnsIn(form, type);
        given["review_ref"] = reference;
        given["service_ref"] = service.reference;
        given["practitioner_ref"] = reviewed->values.at("practitioner_ref");
        given["checklist_version"] = std::to_string(checklist.version);
        const auto saved =
            keeper_.save(tx, visit.authority(), type, {given, std::nullopt, true, false, checklist.id});
        return recordHref(type, saved.key) + "?saved=1";
    }));
}

}  // namespace authority
