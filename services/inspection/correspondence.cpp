// Notes, requests and samples of an inspection team.
#include <map>
#include <nlohmann/json.hpp>

#include "entrance/view.h"
#include "inspection/door.h"
#include "inspections/correspondence.h"
#include "inspections/samples.h"

namespace inspection {

using entrance::button;
using inspections::EvidenceRequests;
using inspections::Inspections;
using inspections::Notes;
using inspections::Samples;
using nlohmann::json;
using platform::Response;
using platform::Transaction;

namespace {

std::string addressOf(const Visit& visit) { return "/inspections/" + visit.request.part("inspection"); }

json area(const Visit& visit, const std::string& name, const std::string& label, const std::string& hint) {
    return entrance::textArea({name, label, entrance::valueOf(visit.request.form, name), "", hint}, 5,
                              visit.problems);
}

json aboutInput(const Visit& visit) {
    return entrance::input({"about", "About", entrance::valueOf(visit.request.form, "about"), "text",
                            "A code such as HP10, or the number of a finding. Empty for the whole"},
                           visit.problems);
}

json backOf(const Visit& visit) { return {{"href", addressOf(visit)}, {"text", "Back to the inspection"}}; }

int numberOf(const Visit& visit) {
    values::Reader reader(visit.request.path_parts);
    const auto number = reader.optionalWhole("number", 1, 65535);
    if (!number) throw values::NotFound("no such request");
    return *number;
}

}  // namespace

Response Door::notes(Visit& visit) {
    json view{{"title", "Notes of the team"},
              {"path", addressOf(visit) + "/notes"},
              {"about", aboutInput(visit)},
              {"words", area(visit, "words", "Note", "The team alone reads it; the authority never does")},
              {"add", button("Add the note")},
              {"back", backOf(visit)}};
    database_.read([&](Transaction& tx) {
        view["notes"] = json::array();
        for (const auto& one : Notes::of(tx, inspectionOf(tx, visit)))
            view["notes"].push_back({{"at", entrance::instantText(one.at)},
                                     {"by", one.by},
                                     {"about", one.about},
                                     {"words", one.words}});
    });
    view["hasNotes"] = !view["notes"].empty();
    if (!visit.problems.empty()) view["summaryOfErrors"] = entrance::errorSummary(visit.problems);
    return render(visit, "inspection/notes", std::move(view));
}

Response Door::addNote(Visit& visit) {
    refuseOthers(visit);
    values::Reader form(visit.request.form);
    const auto words = form.text("words", "the note", 4000);
    const auto about = form.optionalText("about").value_or("");
    if (about.size() > 140) form.problem("about", "Use at most 140 characters.");
    form.refuseProblems();
    once(visit, [&](Transaction& tx) {
        Notes::add(tx, ids_, inspectionOf(tx, visit), about, words);
        return std::string();
    });
    return platform::seeOther(addressOf(visit) + "/notes");
}

Response Door::requests(Visit& visit) {
    json view{{"title", "Evidence asked for"},
              {"path", addressOf(visit) + "/requests"},
              {"about", aboutInput(visit)},
              {"words", area(visit, "words", "What you ask for",
                             "The authority reads this and answers it. Name no child")},
              {"dueOn", entrance::input({"due_on", "By when", entrance::valueOf(visit.request.form, "due_on"),
                                         "text", "For example, 30/6/2026. Empty for no day"},
                                        visit.problems)},
              {"ask", button("Ask the authority")},
              {"back", backOf(visit)}};
    database_.read([&](Transaction& tx) {
        view["requests"] = json::array();
        for (const auto& one : EvidenceRequests::of(tx, inspectionOf(tx, visit))) {
            const auto state = one.isClosed ? "Closed" : one.answer ? "Answered" : "Waits for an answer";
            view["requests"].push_back(
                {{"number", std::to_string(one.number)},
                 {"about", one.about},
                 {"words", one.words},
                 {"asked", one.askedBy + ", " + entrance::instantText(one.askedAt)},
                 {"due", one.dueOn ? "By " + one.dueOn->text() : ""},
                 {"state", state},
                 {"answer", one.answer ? json{{"words", *one.answer},
                                              {"by", *one.answeredBy},
                                              {"at", entrance::instantText(*one.answeredAt)}}
                                       : json()},
                 {"close", one.isClosed ? json()
                                        : json{{"path", addressOf(visit) + "/requests/" +
                                                            std::to_string(one.number) + "/close"}}}});
        }
    });
    view["hasRequests"] = !view["requests"].empty();
    if (!visit.problems.empty()) view["summaryOfErrors"] = entrance::errorSummary(visit.problems);
    return render(visit, "inspection/requests", std::move(view));
}

Response Door::askEvidence(Visit& visit) {
    refuseOthers(visit);
    values::Reader form(visit.request.form);
    const auto words = form.text("words", "what you ask for", 2000);
    const auto about = form.optionalText("about").value_or("");
    if (about.size() > 140) form.problem("about", "Use at most 140 characters.");
    const auto dueOn = form.optionalDate("due_on");
    form.refuseProblems();
    once(visit, [&](Transaction& tx) {
        return std::to_string(EvidenceRequests::ask(tx, ids_, inspectionOf(tx, visit), about, words, dueOn));
    });
    return platform::seeOther(addressOf(visit) + "/requests");
}

Response Door::closeRequest(Visit& visit) {
    refuseOthers(visit);
    const auto number = numberOf(visit);
    once(visit, [&](Transaction& tx) {
        EvidenceRequests::close(tx, inspectionOf(tx, visit), number);
        return std::string();
    });
    return platform::seeOther(addressOf(visit) + "/requests");
}

Response Door::samples(Visit& visit) {
    const auto& form = visit.request.form;
    json view{{"title", "Random samples of records"},
              {"path", addressOf(visit) + "/samples"},
              {"draw", button("Draw the sample")},
              {"back", backOf(visit)}};
    database_.read([&](Transaction& tx) {
        const auto inspection = inspectionOf(tx, visit);
        std::vector<entrance::Option> strata;
        for (const auto& [name, title] : inspections::strata()) strata.push_back({name, title});
        std::vector<entrance::Option> reports;
        std::map<std::string, std::string> titles;
        for (const auto& one : Inspections::reports(tx, inspection)) {
            const auto title = one.period.name() + ", as known on " + one.known.day.text();
            reports.push_back({one.id.text(), title});
            titles[one.id.text()] = title;
        }
        view["hasReports"] = !reports.empty();
        view["report"] = entrance::choice("report", "Drawn from the records of", reports,
                                          entrance::valueOf(form, "report"));
        view["strata"] = entrance::choice("strata", "Sorted by", strata, entrance::valueOf(form, "strata"));
        view["each"] = entrance::input(
            {"each", "How many of each", entrance::valueOf(form, "each"), "text", "From 1 to 50"},
            visit.problems);
        view["seed"] = entrance::input(
            {"seed", "Seed", entrance::valueOf(form, "seed"), "text",
             "Any word or number. The same seed gives the same records, so that anyone can draw again"},
            visit.problems);
        view["samples"] = json::array();
        for (const auto& one : Samples::of(tx, inspection)) {
            json rows = json::array();
            for (const auto& record : Samples::numbers(tx, one))
                rows.push_back(entrance::row("Record " + std::to_string(record.number), {record.stratum}));
            json strataRows = json::array();
            for (const auto& [stratum, count] : one.population)
                strataRows.push_back(
                    entrance::row(stratum, {count < 10 ? "fewer than 10" : std::to_string(count)}));
            view["samples"].push_back(
                {{"title",
                  "Seed " + one.seed + ", " + std::to_string(one.each) + " of each, sorted by " + one.strata},
                 {"from", titles[one.report.text()]},
                 {"by", one.askedBy + ", " + entrance::instantText(one.askedAt)},
                 {"isDrawn", one.isDrawn},
                 {"recordsTable",
                  entrance::table("sample-" + one.id.text(), "Records drawn", {"Number", "Of"}, rows)},
                 {"populationTable", entrance::table("population-" + one.id.text(), "Records to draw from",
                                                     {"Of", "Records"}, strataRows)}});
        }
    });
    view["hasSamples"] = !view["samples"].empty();
    if (!visit.problems.empty()) view["summaryOfErrors"] = entrance::errorSummary(visit.problems);
    return render(visit, "inspection/samples", std::move(view));
}

Response Door::askSample(Visit& visit) {
    refuseOthers(visit);
    const auto& form = visit.request.form;
    values::Reader reader(form);
    const auto report = reader.id<adherence::KeptReport>("report", "a report");
    const auto each = reader.optionalWhole("each", 1, inspections::kMostOfEach);
    if (!each && !form.contains("each")) reader.problem("each", "Enter how many of each, from 1 to 50.");
    reader.refuseProblems();
    once(visit, [&](Transaction& tx) {
        const auto inspection = inspectionOf(tx, visit);
        Samples::ask(tx, ids_, inspection, Inspections::report(tx, inspection, *report, false),
                     entrance::valueOf(form, "strata"), each.value_or(0), entrance::valueOf(form, "seed"));
        return std::string();
    });
    return platform::seeOther(addressOf(visit) + "/samples");
}

}  // namespace inspection
