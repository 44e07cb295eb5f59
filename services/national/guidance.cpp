// Writing guidance: drafts of guides, checked, compared with what is in force, and published.
#include <fmt/format.h>

#include <algorithm>

#include "authoring/draft.h"
#include "authoring/drafts.h"
#include "national/door.h"
#include "national/parts.h"
#include "platform/text_file.h"

namespace national {

using authoring::Draft;
using authoring::Drafts;
using entrance::Field;
using entrance::row;
using entrance::table;
using entrance::Visit;
using platform::Response;
using platform::Transaction;
using platform::View;

namespace {

constexpr std::size_t kMostFile = 1 << 20;

std::string addressOf(const Draft& draft) { return "/guidance/drafts/" + draft.id.text(); }

std::string stateText(const Draft& draft) {
    return draft.state == "draft" ? "Draft" : draft.state == "asked" ? "Being put in force" : "Published";
}

const std::vector<entrance::Option> kStrengths{
    {"", "Not seen in the guide"}, {"strong", "Strong"}, {"good", "Good"}, {"promising", "Promising"}};

Draft draftOf(Transaction& tx, const Visit& visit) {
    return Drafts::byId(tx, visit.request.partId<Draft>("draft"));
}

/// One box by itself, as the partial `checkbox` shows it.
struct TickBox {
    std::string name;  ///< also its id
    std::string text;
    bool isTicked;

    View view() const {
        return {{"id", name}, {"name", name}, {"value", "yes"}, {"text", text}, {"checked", isTicked}};
    }
};

/// Makes fields of the edit form: what was typed where it was refused, else what the draft says.
class Fields {
public:
    explicit Fields(const Visit& visit) : visit_(visit) {}

    Field input(const std::string& name, const std::string& label, const std::string& value,
                const std::string& hint = "") const {
        return entrance::input({name, label, said(name, value), "text", hint}, visit_.problems);
    }
    Field choice(const std::string& name, const std::string& label,
                 const std::vector<entrance::Option>& options, const std::string& value) const {
        return entrance::choice(name, label, options, said(name, value));
    }
    TickBox box(const std::string& name, const std::string& text, bool isTicked) const {
        const auto& form = visit_.request.form;
        return {name, text, form.empty() ? isTicked : entrance::valueOf(form, name) == "yes"};
    }

private:
    std::string said(const std::string& name, const std::string& otherwise) const {
        const auto& form = visit_.request.form;
        return form.contains(name) ? form.at(name) : otherwise;
    }
    const Visit& visit_;
};

std::string britishDay(const std::string& iso) {
    const auto day = values::Date::fromIso(iso);
    return day ? fmt::format("{}/{}/{}", std::stoi(iso.substr(8, 2)), std::stoi(iso.substr(5, 2)),
                             iso.substr(0, 4))
               : iso;
}

// guides and drafts

struct GuidancePage {
    struct Guide {
        std::string id;
        std::string title;
        std::vector<std::string> versions;  ///< in sentences

        View view() const { return {{"guideId", id}, {"guideTitle", title}, {"versions", versions}}; }
    };
    std::vector<Guide> guides;
    entrance::Table drafts;

    View view() const { return {{"title", "Guidance"}, {"guides", guides}, {"draftsTable", drafts}}; }
};

std::string versionText(const guidance::Guide& version) {
    return "Version " + version.version +
           (version.validity.from ? ", in force from " + version.validity.from->text()
                                  : ", in force since it was loaded") +
           (version.changes.empty() ? "" : ". " + version.changes);
}

/// Each guide once, with all of its versions.
std::vector<GuidancePage::Guide> guidesOf(const guidance::Guidance& guidance) {
    std::vector<GuidancePage::Guide> guides;
    for (const auto& guide : guidance.guides) {
        if (std::ranges::find(guides, guide.id, &GuidancePage::Guide::id) != guides.end()) continue;
        guides.push_back({guide.id, guide.title, {}});
        for (const auto* one : guidance.versionsOf(guide.id))
            guides.back().versions.push_back(versionText(*one));
    }
    return guides;
}

entrance::Table draftsTable(const std::vector<Draft>& drafts, const guidance::Catalogue& catalogue) {
    std::vector<entrance::Row> rows;
    for (const auto& draft : drafts) {
        const auto* guide = catalogue.guide(draft.guide);
        rows.push_back({guide == nullptr ? draft.guide : guide->title,
                        {stateText(draft), draft.changedBy, entrance::instantText(draft.changedAt)},
                        addressOf(draft)});
    }
    return table("drafts", "Drafts", {"Guide", "State", "Changed by", "When"}, rows);
}

// a draft's check

/// What is to be known of a draft before it is published.
struct CheckView {
    std::vector<std::string> problems;  ///< in sentences
    entrance::Table changes;
    entrance::Table shifts;

    View view() const {
        return {{"checkProblems", problems},
                {"changesTable", changes},
                {"shiftsTable", shifts},
                {"publish", entrance::button("Publish this version")}};
    }
};

std::string problemText(const values::FieldProblem& problem) {
    return (problem.where.file == "draft" ? problem.where.column : problem.where.file) +
           (problem.got.empty() ? "" : ": " + problem.got) + ". " + problem.wanted;
}

std::string countsText(const std::map<std::string, std::size_t>& counts) {
    std::string text;
    for (const auto* level :
         {"delivered as intended", "partly delivered", "too little to judge", "planned", "not offered"})
        if (const auto found = counts.find(level); found != counts.end())
            text += (text.empty() ? "" : ", ") + std::to_string(found->second) + " " + level;
    return text.empty() ? "–" : text;
}

entrance::Table changesTable(const std::vector<results::GuideChange>& changes) {
    std::vector<entrance::Row> rows;
    for (const auto& one : changes)
        rows.push_back(
            row(one.where, {one.was.empty() ? "–" : one.was, one.becomes.empty() ? "–" : one.becomes}));
    return table("changes-table", "Beside the version before", {"Where", "Was", "Becomes"}, rows);
}

entrance::Table shiftsTable(const authoring::Review& review) {
    std::vector<entrance::Row> rows;
    for (const auto& one : review.shifts)
        rows.push_back(row(one.recommendation, {countsText(one.before), countsText(one.after),
                                                one.before == one.after ? "No" : "Yes"}));
    return table(
        "shifts",
        review.quarter ? "Its effect on levels, by the returns signed for " + review.quarter->name() : "",
        {"Recommendation", "Authorities now", "Under this version", "Differs"}, rows);
}

CheckView checkOf(const authoring::Review& review) {
    CheckView check{{}, changesTable(review.changes), shiftsTable(review)};
    for (const auto& one : review.problems) check.problems.push_back(problemText(one));
    return check;
}

// a draft's form

struct StandardView {
    std::string title;
    Field atLeast;
    Field minimumN;
    Field reason;
    TickBox required;
    TickBox remove;

    View view() const {
        return {{"standardTitle", title},   {"atLeast", atLeast},     {"minimumN", minimumN},
                {"standardReason", reason}, {"isRequired", required}, {"removeStandard", remove}};
    }
};

/// One standard more of a recommendation.
struct NewStandardView {
    Field measure;
    Field atLeast;
    Field minimumN;
    Field reason;
    TickBox required;

    View view() const {
        return {{"newMeasure", measure},
                {"newAtLeast", atLeast},
                {"newMinimumN", minimumN},
                {"newReason", reason},
                {"newRequired", required}};
    }
};

struct RecommendationView {
    std::string heading;
    Field title;
    Field population;
    Field strength;
    std::string interventions;
    std::vector<StandardView> standards;
    NewStandardView newStandard;
    TickBox remove;

    View view() const {
        return {{"recommendationHeading", heading}, {"recommendationTitle", title},
                {"population", population},         {"strengthChoice", strength},
                {"interventions", interventions},   {"standards", standards},
                {"newStandard", newStandard},       {"removeRecommendation", remove}};
    }
};

/// What may be done with a draft until it is published.
struct EditView {
    CheckView check;
    int edition;  ///< that the form shows: what is saved is a change of it
    std::vector<Field> fields;
    std::vector<RecommendationView> recommendations;
    std::vector<Field> newFields;  ///< of a further recommendation
    Field newStrength;
    Field newIntervention;
    Field file;

    View view() const {
        return {{"check", check},
                {"edition", edition},
                {"fields", fields},
                {"recommendations", recommendations},
                {"newFields", newFields},
                {"newStrength", newStrength},
                {"newIntervention", newIntervention},
                {"save", entrance::button("Save and check")},
                {"file", file},
                {"import", entrance::secondaryButton("Take what the file says")},
                {"discard", entrance::warningButton("Discard this draft")}};
    }
};

struct DraftPage {
    std::string title;
    std::string state;
    std::string path;
    std::string problem;  ///< why it could not be put in force; mostly empty
    bool isAsked = false;
    std::optional<EditView> edit;  ///< while it is open
    std::optional<entrance::ErrorSummary> problems;

    View view() const {
        return {{"title", title},     {"summaryOfErrors", problems},
                {"state", state},     {"path", path},
                {"problem", problem}, {"isAsked", isAsked},
                {"edit", edit},       {"back", entrance::Link{"/guidance", "Back to guidance"}}};
    }
};

/// Every share that a standard may be set on, for each instrument where it is one for each.
std::vector<entrance::Option> measureOptions(const guidance::Catalogue& catalogue) {
    std::vector<entrance::Option> options{{"", "None"}};
    for (const auto& one : catalogue.measures) {
        if (!one.isShare() || one.shown != guidance::Shown::results) continue;
        if (!one.isForEachInstrument) options.push_back({one.id, one.title});
        else
            for (const auto& [id, instrument] : catalogue.instruments)
                options.push_back({one.id + ":" + id, one.title + ", " + instrument.name});
    }
    return options;
}

std::vector<entrance::Option> interventionOptions(const guidance::Catalogue& catalogue) {
    std::vector<entrance::Option> options{{"", "Choose one"}};
    for (const auto& [id, one] : catalogue.interventions) options.push_back({id, one.name});
    return options;
}

StandardView standardView(const Fields& fields, const authoring::RecommendationForm::StandardForm& standard,
                          const std::string& prefix, const guidance::Catalogue& catalogue) {
    return {catalogue.measureTitle(standard.measure),
            fields.input(prefix + "at_least", "At least, per cent", standard.atLeast),
            fields.input(prefix + "min_n", "Counted from", standard.minimumN),
            fields.input(prefix + "reason", "Why", standard.reason),
            fields.box(prefix + "required", "Required", standard.isRequired),
            fields.box(prefix + "remove", "Take this standard away", false)};
}

NewStandardView newStandardView(const Fields& fields, const std::string& prefix,
                                const std::vector<entrance::Option>& measures) {
    return {fields.choice(prefix + "measure", "Add a standard", measures, ""),
            fields.input(prefix + "at_least", "At least, per cent", ""),
            fields.input(prefix + "min_n", "Counted from", ""), fields.input(prefix + "reason", "Why", ""),
            fields.box(prefix + "required", "Required", false)};
}

RecommendationView recommendationView(const Fields& fields, const authoring::RecommendationForm& one,
                                      const std::string& prefix,
                                      const std::vector<entrance::Option>& measures,
                                      const guidance::Catalogue& catalogue) {
    std::vector<std::string> interventions;
    for (const auto& id : one.interventions) interventions.push_back(catalogue.nameOf(id));
    std::vector<StandardView> standards;
    for (std::size_t i = 0; i < one.standards.size(); ++i)
        standards.push_back(
            standardView(fields, one.standards[i], prefix + "s" + std::to_string(i) + ".", catalogue));
    return {one.title,
            fields.input(prefix + "title", "Recommendation", one.title),
            fields.input(prefix + "population", "For whom", one.population),
            fields.choice(prefix + "strength", "Strength of evidence", kStrengths, one.strength),
            inOneLine(interventions),
            std::move(standards),
            newStandardView(fields, prefix + "new.", measures),
            fields.box(prefix + "remove", "Take this recommendation away", false)};
}

std::vector<RecommendationView> recommendationViews(const Fields& fields, const authoring::GuideForm& guide,
                                                    const guidance::Catalogue& catalogue) {
    const auto measures = measureOptions(catalogue);
    std::vector<RecommendationView> views;
    for (const auto& one : guide.recommendations)
        views.push_back(
            recommendationView(fields, one, "r" + std::to_string(views.size()) + ".", measures, catalogue));
    return views;
}

std::vector<Field> guideFields(const Fields& fields, const authoring::GuideForm& guide) {
    return {fields.input("title", "Title", guide.title),
            fields.input("version", "Version", guide.version, "For example, 2027-04"),
            fields.input("published", "Published", britishDay(guide.published),
                         "By its publisher; may be left empty"),
            fields.input("effective_from", "In force from", britishDay(guide.effectiveFrom),
                         "A quarter is judged by what is in force on its first day"),
            fields.input("changes", "What this version changes", guide.changes,
                         "One sentence: authorities read it on their home pages")};
}

Field fileField(const Visit& visit) {
    auto file = entrance::input({"file", "File of this guide", "", "file", "JSON, as it is exported"},
                                visit.problems);
    file.accept = ".json";
    return file;
}

EditView editOf(const Visit& visit, const Draft& draft, const authoring::Review& review,
                const guidance::Catalogue& catalogue) {
    const auto guide = authoring::formOf(draft.content);
    const Fields fields(visit);
    return {checkOf(review),
            draft.edition,
            guideFields(fields, guide),
            recommendationViews(fields, guide, catalogue),
            {fields.input("new.id", "Id", "", "Small letters, digits and -"),
             fields.input("new.title", "Recommendation", ""), fields.input("new.population", "For whom", "")},
            fields.choice("new.strength", "Strength of evidence", kStrengths, ""),
            fields.choice("new.intervention", "What is recommended", interventionOptions(catalogue), ""),
            fileField(visit)};
}

}  // namespace

Response Door::guidance(Visit& visit) {
    GuidancePage page;
    database_.read([&](Transaction& tx) {
        const auto guidance = catalogues_.inForce(tx);  // keeps what is found in it
        page = {guidesOf(guidance->guidance), draftsTable(Drafts::all(tx), guidance->latest)};
    });
    return entrance_.render(visit, "national/guidance", page);
}

Response Door::beginDraft(Visit& visit) {
    values::Reader form(visit.request.form);
    const auto guide = form.text("guide", "a guide");
    form.refuseProblems();
    return once(visit,
                [&](Transaction& tx) { return "/guidance/drafts/" + Drafts::begin(tx, ids_, guide).text(); });
}

Response Door::draft(Visit& visit) {
    DraftPage page;
    database_.read([&](Transaction& tx) {
        const auto draft = draftOf(tx, visit);
        const auto guidance = catalogues_.inForce(tx);  // keeps what is found in it
        page.title = authoring::formOf(draft.content).title;
        page.state = stateText(draft);
        page.path = addressOf(draft);
        page.problem = draft.problem;
        page.isAsked = draft.state == "asked";
        if (draft.isOpen())
            page.edit = editOf(visit, draft, Drafts::review(tx, catalogues_, draft), guidance->latest);
    });
    page.problems = entrance::summaryOf(visit.problems);
    return entrance_.render(visit, "national/draft", page);
}

Response Door::saveDraft(Visit& visit) {
    const auto& form = visit.request.form;
    return once(visit, [&](Transaction& tx) {
        auto draft = draftOf(tx, visit);
        // What is saved is a change of what the form showed.
        if (entrance::valueOf(form, "edition") != std::to_string(draft.edition))
            throw values::Conflict(
                "Somebody else has changed this draft meanwhile. What they wrote is kept.");
        Drafts::change(tx, draft, authoring::withForm(draft.content, form));
        return addressOf(draft);
    });
}

Response Door::importDraft(Visit& visit) {
    const auto file = std::ranges::find(visit.request.files, "file", &platform::UploadedFile::field);
    if (file == visit.request.files.end() || file->size == 0)
        throw values::Invalid({{{"", 0, "file"}, "", "Choose a file."}});
    if (file->size > kMostFile)
        throw values::Invalid({{{"", 0, "file"}, file->name, "Send a file of at most 1 MB."}});
    const auto text = platform::fileText(file->path);
    return once(visit, [&](Transaction& tx) {
        const auto draft = draftOf(tx, visit);
        Drafts::change(tx, draft, authoring::imported(text, draft.guide));
        return addressOf(draft);
    });
}

Response Door::exportDraft(Visit& visit) {
    Response response{200, "application/json", "", {}};
    database_.read([&](Transaction& tx) {
        const auto draft = draftOf(tx, visit);
        response.body = authoring::exported(draft.content);
        response.headers = {{"Content-Disposition", "attachment; filename=\"" + draft.guide + ".json\""}};
    });
    return response;
}

Response Door::publishDraft(Visit& visit) {
    return once(visit, [&](Transaction& tx) {
        const auto draft = draftOf(tx, visit);
        Drafts::publish(tx, catalogues_, draft, clock_.today());
        return addressOf(draft);
    });
}

Response Door::discardDraft(Visit& visit) {
    return once(visit, [&](Transaction& tx) {
        Drafts::discard(tx, draftOf(tx, visit));
        return std::string("/guidance");
    });
}

}  // namespace national
