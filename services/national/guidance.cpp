// Writing guidance: drafts of guides, checked, compared with what is in force, and published.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "authoring/draft.h"
#include "authoring/drafts.h"
#include "entrance/view.h"
#include "national/door.h"
#include "platform/text_file.h"

namespace national {

using authoring::Draft;
using authoring::Drafts;
using entrance::row;
using entrance::table;
using entrance::Visit;
using nlohmann::json;
using platform::Response;
using platform::Transaction;

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

/// Fields of the edit form: what was typed where it was refused, else what the draft says.
class FormView {
public:
    explicit FormView(const Visit& visit) : visit_(visit) {}

    json input(const std::string& name, const std::string& label, const std::string& value,
               const std::string& hint = "") const {
        return entrance::input({name, label, said(name, value), "text", hint}, visit_.problems);
    }
    json area(const std::string& name, const std::string& label, const std::string& value, int rows) const {
        return entrance::textArea({name, label, said(name, value), "", ""}, rows, visit_.problems);
    }
    json choice(const std::string& name, const std::string& label,
                const std::vector<entrance::Option>& options, const std::string& value) const {
        return entrance::choice(name, label, options, said(name, value));
    }
    json box(const std::string& name, const std::string& text, bool isTicked) const {
        const bool ticked =
            visit_.request.form.empty() ? isTicked : entrance::valueOf(visit_.request.form, name) == "yes";
        auto view = entrance::checkboxes(name, "", {{name, text, "", ticked}}, visit_.problems);
        return view["items"][0];
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

json recommendationView(const FormView& form, const authoring::RecommendationForm& one, std::size_t place,
                        const std::vector<entrance::Option>& measures, const guidance::Catalogue& catalogue) {
    const auto prefix = "r" + std::to_string(place) + ".";
    std::string interventions;
    for (const auto& id : one.interventions)
        interventions += (interventions.empty() ? "" : ", ") + catalogue.nameOf(id);
    json standards = json::array();
    for (std::size_t i = 0; i < one.standards.size(); ++i) {
        const auto& standard = one.standards[i];
        const auto at = prefix + "s" + std::to_string(i) + ".";
        standards.push_back({{"standardTitle", catalogue.measureTitle(standard.measure)},
                             {"atLeast", form.input(at + "at_least", "At least, per cent", standard.atLeast)},
                             {"minimumN", form.input(at + "min_n", "Counted from", standard.minimumN)},
                             {"standardReason", form.input(at + "reason", "Why", standard.reason)},
                             {"isRequired", form.box(at + "required", "Required", standard.isRequired)},
                             {"removeStandard", form.box(at + "remove", "Take this standard away", false)}});
    }
    return {{"recommendationId", one.id},
            {"recommendationHeading", one.title},
            {"recommendationTitle", form.input(prefix + "title", "Recommendation", one.title)},
            {"population", form.input(prefix + "population", "For whom", one.population)},
            {"strengthChoice",
             form.choice(prefix + "strength", "Strength of evidence", kStrengths, one.strength)},
            {"interventions", interventions},
            {"standards", standards},
            {"newMeasure", form.choice(prefix + "new.measure", "Add a standard", measures, "")},
            {"newAtLeast", form.input(prefix + "new.at_least", "At least, per cent", "")},
            {"newMinimumN", form.input(prefix + "new.min_n", "Counted from", "")},
            {"newReason", form.input(prefix + "new.reason", "Why", "")},
            {"newRequired", form.box(prefix + "new.required", "Required", false)},
            {"removeRecommendation", form.box(prefix + "remove", "Take this recommendation away", false)}};
}

std::string countsText(const std::map<std::string, std::size_t>& counts) {
    std::string text;
    for (const auto* level :
         {"delivered as intended", "partly delivered", "too little to judge", "planned", "not offered"})
        if (const auto found = counts.find(level); found != counts.end())
            text += (text.empty() ? "" : ", ") + std::to_string(found->second) + " " + level;
    return text.empty() ? "–" : text;
}

}  // namespace

Response Door::guidance(Visit& visit) {
    json view{{"title", "Guidance"}};
    database_.read([&](Transaction& tx) {
        const auto guidance = catalogues_.inForce(tx);  // keeps what is found in it
        view["guides"] = json::array();
        std::vector<std::string> seen;
        for (const auto& guide : guidance->guidance.guides) {
            if (std::ranges::find(seen, guide.id) != seen.end()) continue;
            seen.push_back(guide.id);
            json versions = json::array();
            for (const auto* one : guidance->guidance.versionsOf(guide.id))
                versions.push_back("Version " + one->version +
                                   (one->validity.from ? ", in force from " + one->validity.from->text()
                                                       : ", in force since it was loaded") +
                                   (one->changes.empty() ? "" : ". " + one->changes));
            view["guides"].push_back(
                {{"guideId", guide.id}, {"guideTitle", guide.title}, {"versions", versions}});
        }
        json rows = json::array();
        for (const auto& draft : Drafts::all(tx)) {
            const auto* guide = guidance->latest.guide(draft.guide);
            auto entry = row(guide == nullptr ? draft.guide : guide->title,
                             {stateText(draft), draft.changedBy, entrance::instantText(draft.changedAt)});
            entry["href"] = addressOf(draft);
            rows.push_back(std::move(entry));
        }
        view["hasDrafts"] = !rows.empty();
        view["draftsTable"] = table("drafts", "Drafts", {"Guide", "State", "Changed by", "When"}, rows);
    });
    view["hasGuides"] = !view["guides"].empty();
    return entrance_.render(visit, "national/guidance", std::move(view));
}

Response Door::beginDraft(Visit& visit) {
    values::Reader form(visit.request.form);
    const auto guide = form.text("guide", "a guide");
    form.refuseProblems();
    return once(visit,
                [&](Transaction& tx) { return "/guidance/drafts/" + Drafts::begin(tx, ids_, guide).text(); });
}

Response Door::draft(Visit& visit) {
    json view;
    database_.read([&](Transaction& tx) {
        const auto draft = draftOf(tx, visit);
        const auto guidance = catalogues_.inForce(tx);  // keeps what is found in it
        const auto& catalogue = guidance->latest;
        const auto content = authoring::formOf(draft.content);
        const FormView form(visit);
        view = {{"title", content.title},   {"state", stateText(draft)},
                {"path", addressOf(draft)}, {"problem", draft.problem},
                {"isOpen", draft.isOpen()}, {"isAsked", draft.state == "asked"},
                {"edition", draft.edition}, {"back", {{"href", "/guidance"}, {"text", "Back to guidance"}}}};
        std::vector<entrance::Option> measures{{"", "None"}};
        for (const auto& one : catalogue.measures) {
            if (!one.isShare() || one.shown != guidance::Shown::results) continue;
            if (!one.isForEachInstrument) measures.push_back({one.id, one.title});
            else
                for (const auto& [id, instrument] : catalogue.instruments)
                    measures.push_back({one.id + ":" + id, one.title + ", " + instrument.name});
        }
        std::vector<entrance::Option> interventions{{"", "Choose one"}};
        for (const auto& [id, one] : catalogue.interventions) interventions.push_back({id, one.name});
        view["recommendations"] = json::array();
        for (std::size_t i = 0; i < content.recommendations.size(); ++i)
            view["recommendations"].push_back(
                recommendationView(form, content.recommendations[i], i, measures, catalogue));
        view["fields"] = {form.input("title", "Title", content.title),
                          form.input("version", "Version", content.version, "For example, 2027-04"),
                          form.input("published", "Published", britishDay(content.published),
                                     "By its publisher; may be left empty"),
                          form.input("effective_from", "In force from", britishDay(content.effectiveFrom),
                                     "A quarter is judged by what is in force on its first day"),
                          form.input("changes", "What this version changes", content.changes,
                                     "One sentence: authorities read it on their home pages")};
        view["newFields"] = {form.input("new.id", "Id", "", "Small letters, digits and -"),
                             form.input("new.title", "Recommendation", ""),
                             form.input("new.population", "For whom", "")};
        view["newStrength"] = form.choice("new.strength", "Strength of evidence", kStrengths, "");
        view["newIntervention"] = form.choice("new.intervention", "What is recommended", interventions, "");
        view["save"] = entrance::button("Save and check");
        view["publish"] = entrance::button("Publish this version");
        view["discard"] = entrance::warningButton("Discard this draft");
        view["import"] = entrance::secondaryButton("Take what the file says");
        auto file = entrance::input({"file", "File of this guide", "", "file", "JSON, as it is exported"},
                                    visit.problems);
        file["accept"] = ".json";
        view["file"] = file;
        if (!draft.isOpen()) return;
        const auto review = Drafts::review(tx, catalogues_, draft);
        view["checkProblems"] = json::array();
        for (const auto& one : review.problems)
            view["checkProblems"].push_back((one.where.file == "draft" ? one.where.column : one.where.file) +
                                            (one.got.empty() ? "" : ": " + one.got) + ". " + one.wanted);
        view["hasProblems"] = !review.problems.empty();
        view["isRight"] = review.problems.empty();
        json changes = json::array();
        for (const auto& one : review.changes)
            changes.push_back(
                row(one.where, {one.was.empty() ? "–" : one.was, one.becomes.empty() ? "–" : one.becomes}));
        view["hasChanges"] = !changes.empty();
        view["changesTable"] =
            table("changes-table", "Beside the version before", {"Where", "Was", "Becomes"}, changes);
        json shifts = json::array();
        for (const auto& one : review.shifts)
            shifts.push_back(row(one.recommendation, {countsText(one.before), countsText(one.after),
                                                      one.before == one.after ? "No" : "Yes"}));
        view["hasShifts"] = !shifts.empty();
        view["shiftsTable"] = table(
            "shifts",
            review.quarter ? "Its effect on levels, by the returns signed for " + review.quarter->name() : "",
            {"Recommendation", "Authorities now", "Under this version", "Differs"}, shifts);
    });
    if (!visit.problems.empty()) view["summaryOfErrors"] = entrance::errorSummary(visit.problems);
    return entrance_.render(visit, "national/draft", std::move(view));
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
