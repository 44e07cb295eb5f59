// A fidelity review on screen: the checklist in force on the day, scored as it is filled in.
#include <algorithm>

#include "authority/door.h"
#include "authority/record_form.h"

namespace authority {
namespace {

using delivery::RecordKind;
using intake::FileType;
using platform::Response;
using platform::Transaction;
using platform::View;

constexpr int kSessionsOffered = 80;
/// Points are chosen where there are few, and typed where there are many.
constexpr int kMostChosen = 5;

struct ReviewPage {
    /// One of few points, as a radio button.
    struct Point {
        std::string id;
        std::string value;
        std::string text;
        bool isChosen;
        View view() const { return {{"id", id}, {"value", value}, {"text", text}, {"checked", isChosen}}; }
    };
    struct Item {
        std::size_t number;
        guidance::ChecklistItem asked;
        std::string name;
        std::string value;
        std::vector<Point> points;  ///< none where they are typed
        View view() const {
            return {{"name", name},       {"number", number},
                    {"text", asked.text}, {"dimension", asked.dimension},
                    {"most", asked.most}, {"isRequired", asked.isRequired},
                    {"value", value},     {"points", points}};
        }
    };
    std::string service;
    std::string path;
    Link back;
    std::optional<ErrorSummary> summaryOfErrors;
    std::vector<RecordField> fields = {};
    std::vector<Item> items = {};
    std::string checklist = {};
    int version = 0;
    double threshold = 0;  ///< of fidelity, a share
    View view() const {
        return {{"title", "Fidelity review: " + service},
                {"service", service},
                {"path", path},
                {"summaryOfErrors", summaryOfErrors},
                {"fields", fields},
                {"items", items},
                {"checklist", checklist},
                {"version", version},
                {"threshold", wholePercent(threshold)},
                {"thresholdShare", threshold},
                {"save", button("Finish the review")},
                {"later", secondaryButton("Save the draft")},
                {"back", back}};
    }
};

std::vector<ReviewPage::Point> pointsOf(const std::string& name, int most, const std::string& chosen) {
    if (most > kMostChosen) return {};
    std::vector<ReviewPage::Point> points;
    // The error summary leads to the first by the item's own name.
    for (int p = 0; p <= most; ++p) {
        const auto value = std::to_string(p);
        points.push_back({p == 0 ? name : name + "-" + value, value, value, value == chosen});
    }
    points.push_back({name + "-NA", "NA", "Not applicable", chosen == "NA"});
    return points;
}

std::vector<ReviewPage::Item> itemsOf(const guidance::Checklist& checklist, const values::Fields& form) {
    std::vector<ReviewPage::Item> items;
    for (const auto& asked : checklist.items) {
        const auto name = "item_" + asked.id;
        const auto value = entrance::valueOf(form, name);
        items.push_back({items.size() + 1, asked, name, value, pointsOf(name, asked.most, value)});
    }
    return items;
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

/// The columns of a review that a person fills in beside the items; the page knows the others.
FileType asked(FileType review) {
    std::erase_if(review.columns, [](const auto& column) {
        return column.type == intake::ColumnType::item || column.name == "review_ref" ||
               column.name == "service_ref" || column.name == "practitioner_ref" ||
               column.name == "checklist_version";
    });
    return review;
}

}  // namespace

Response Door::reviewForm(Visit& visit) {
    const auto service = serviceOf(visit);
    const auto& form = visit.request.form;
    const auto day = values::Reader(form).optionalDate("reviewed_on").value_or(clock_.today());
    ReviewPage page{service.name,
                    visit.request.path,
                    {"/services/" + service.id.text(), "Back to the service"},
                    summaryOf(visit.problems)};
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        const auto inForce = catalogues_.inForce(tx);
        const auto& checklist = checklistOf(inForce->latest, service, day);
        const auto type = asked(keeper_.reviewType(tx, checklist.id));
        auto values = columnsIn(form, type);
        values["reviewed_on"] = day.iso();
        if (const auto session = entrance::valueOf(visit.request.query, "session"); !session.empty())
            values["session_ref"] = session;
        auto choices = choicesOf(tx, keeper_, visit.authority(), type, inForce->latest, clock_.today(),
                                 service.reference);
        if (auto sessions = sessionsOf(tx, service); !sessions.empty())
            choices["session_ref"] = std::move(sessions);
        page.fields = fieldsOf(type, values, choices, visit.problems, {}, false);
        page.items = itemsOf(checklist, form);
        page.checklist = checklist.id;
        page.version = checklist.version;
        page.threshold = inForce->latest.intervention(service.intervention)->fidelityThreshold;
        tx.audit("form opened", service.reference, "fidelity review");
    });
    return render(visit, "review_form", page);
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
