// Notes, requests and samples of an inspection team.
#include <algorithm>

#include "entrance/view.h"
#include "inspection/door.h"
#include "inspection/parts.h"
#include "inspections/correspondence.h"
#include "inspections/samples.h"

namespace inspection {

using entrance::button;
using entrance::ErrorSummary;
using entrance::Field;
using entrance::instantText;
using entrance::Link;
using entrance::Option;
using entrance::Row;
using entrance::row;
using entrance::Table;
using entrance::table;
using entrance::valueOf;
using inspections::EvidenceRequests;
using inspections::Inspections;
using inspections::Notes;
using inspections::Samples;
using platform::Response;
using platform::Transaction;
using platform::View;

namespace {

std::string addressOf(const Visit& visit) { return "/inspections/" + visit.request.part("inspection"); }

Field area(const Visit& visit, const std::string& name, const std::string& label, const std::string& hint) {
    return entrance::textArea({name, label, valueOf(visit.request.form, name), "", hint}, 5, visit.problems);
}

Field line(const Visit& visit, const std::string& name, const std::string& label, const std::string& hint) {
    return entrance::input({name, label, valueOf(visit.request.form, name), "text", hint}, visit.problems);
}

Field aboutInput(const Visit& visit) {
    return line(visit, "about", "About",
                "A code such as HP10, or the number of a finding. Empty for the whole");
}

Link backOf(const Visit& visit) { return {addressOf(visit), "Back to the inspection"}; }

int numberOf(const Visit& visit) {
    values::Reader reader(visit.request.path_parts);
    const auto number = reader.optionalWhole("number", 1, 65535);
    if (!number) throw values::NotFound("no such request");
    return *number;
}

/// One note of the team.
struct NoteLine {
    std::string at;
    std::string by;
    std::string about;
    std::string words;
    View view() const { return {{"at", at}, {"by", by}, {"about", about}, {"words", words}}; }
};

struct NotesPage {
    std::string path;
    Field about;
    Field words;
    std::vector<NoteLine> notes;
    std::optional<ErrorSummary> summary;
    Link back;
    View view() const {
        return {{"title", "Notes of the team"},  {"path", path},   {"about", about},     {"words", words},
                {"add", button("Add the note")}, {"notes", notes}, {"summary", summary}, {"back", back}};
    }
};

/// What the authority answered to a request.
struct Answer {
    std::string words;
    std::string by;
    std::string at;
    View view() const { return {{"words", words}, {"by", by}, {"at", at}}; }
};

struct RequestLine {
    std::string number;
    std::string about;
    std::string words;
    std::string asked;
    std::string due;
    std::string state;
    std::optional<Answer> answer;
    std::string closing;  ///< where it is closed; empty once it is
    View view() const {
        return {{"number", number}, {"about", about}, {"words", words},   {"asked", asked},
                {"due", due},       {"state", state}, {"answer", answer}, {"closing", closing}};
    }
};

struct RequestsPage {
    std::string path;
    Field about;
    Field words;
    Field dueOn;
    std::vector<RequestLine> requests;
    std::optional<ErrorSummary> summary;
    Link back;
    View view() const {
        return {{"title", "Evidence asked for"},
                {"path", path},
                {"about", about},
                {"words", words},
                {"dueOn", dueOn},
                {"ask", button("Ask the authority")},
                {"requests", requests},
                {"summary", summary},
                {"back", back}};
    }
};

RequestLine lineOf(const inspections::EvidenceRequest& one, const std::string& path) {
    RequestLine shown{std::to_string(one.number),
                      one.about,
                      one.words,
                      one.askedBy + ", " + instantText(one.askedAt),
                      one.dueOn ? "By " + one.dueOn->text() : "",
                      one.isClosed ? "Closed"
                      : one.answer ? "Answered"
                                   : "Waits for an answer",
                      {},
                      one.isClosed ? "" : path + "/" + std::to_string(one.number) + "/close"};
    if (one.answer) shown.answer = Answer{*one.answer, *one.answeredBy, instantText(*one.answeredAt)};
    return shown;
}

/// A sample that was asked for; its tables say what was drawn, once it was.
struct SampleSection {
    std::string title;
    std::string from;
    std::string by;
    bool isDrawn;
    Table population;
    Table records;
    View view() const {
        return {{"title", title},
                {"from", from},
                {"by", by},
                {"isDrawn", isDrawn},
                {"populationTable", population},
                {"recordsTable", records}};
    }
};

/// What a sample is drawn from, and how.
struct SampleForm {
    Field report;
    Field strata;
    Field each;
    Field seed;
    View view() const {
        return {{"report", report},
                {"strata", strata},
                {"each", each},
                {"seed", seed},
                {"draw", button("Draw the sample")}};
    }
};

struct SamplesPage {
    std::string path;
    std::optional<SampleForm> form;  ///< nothing before there is a report
    std::vector<SampleSection> samples;
    std::optional<ErrorSummary> summary;
    Link back;
    View view() const {
        return {{"title", "Random samples of records"},
                {"path", path},
                {"form", form},
                {"samples", samples},
                {"summary", summary},
                {"back", back}};
    }
};

std::optional<SampleForm> sampleForm(const Visit& visit, const std::vector<adherence::KeptReport>& reports) {
    if (reports.empty()) return std::nullopt;
    const auto& form = visit.request.form;
    std::vector<Option> titles;
    for (const auto& one : reports) titles.push_back({one.id.text(), reportTitle(one)});
    std::vector<Option> strata;
    for (const auto& [name, title] : inspections::strata()) strata.push_back({name, title});
    return SampleForm{
        entrance::choice("report", "Drawn from the records of", titles, valueOf(form, "report")),
        entrance::choice("strata", "Sorted by", strata, valueOf(form, "strata")),
        line(visit, "each", "How many of each", "From 1 to 50"),
        line(visit, "seed", "Seed",
             "Any word or number. The same seed gives the same records, so that anyone can draw again")};
}

SampleSection sectionOf(Transaction& tx, const inspections::Sample& sample,
                        const std::vector<adherence::KeptReport>& reports) {
    std::vector<Row> records;
    for (const auto& record : Samples::numbers(tx, sample))
        records.push_back(row("Record " + std::to_string(record.number), {record.stratum}));
    std::vector<Row> strata;
    for (const auto& [stratum, count] : sample.population)
        strata.push_back(row(stratum, {count < 10 ? "fewer than 10" : std::to_string(count)}));
    const auto from = std::ranges::find(reports, sample.report, &adherence::KeptReport::id);
    const auto id = sample.id.text();
    return {
        "Seed " + sample.seed + ", " + std::to_string(sample.each) + " of each, sorted by " + sample.strata,
        from == reports.end() ? "" : reportTitle(*from),
        sample.askedBy + ", " + instantText(sample.askedAt),
        sample.isDrawn,
        table("population-" + id, "Records to draw from", {"Of", "Records"}, strata),
        table("sample-" + id, "Records drawn", {"Number", "Of"}, records)};
}

}  // namespace

Response Door::notes(Visit& visit) {
    NotesPage page{addressOf(visit) + "/notes",
                   aboutInput(visit),
                   area(visit, "words", "Note", "The team alone reads it; the authority never does"),
                   {},
                   entrance::summaryOf(visit.problems),
                   backOf(visit)};
    database_.read([&](Transaction& tx) {
        page.notes.clear();
        for (const auto& one : Notes::of(tx, inspectionOf(tx, visit)))
            page.notes.push_back({instantText(one.at), one.by, one.about, one.words});
    });
    return render(visit, "inspection/notes", page);
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
    RequestsPage page{
        addressOf(visit) + "/requests",
        aboutInput(visit),
        area(visit, "words", "What you ask for", "The authority reads this and answers it. Name no child"),
        line(visit, "due_on", "By when", "For example, 30/6/2026. Empty for no day"),
        {},
        entrance::summaryOf(visit.problems),
        backOf(visit)};
    database_.read([&](Transaction& tx) {
        page.requests.clear();
        for (const auto& one : EvidenceRequests::of(tx, inspectionOf(tx, visit)))
            page.requests.push_back(lineOf(one, page.path));
    });
    return render(visit, "inspection/requests", page);
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
    SamplesPage page{
        addressOf(visit) + "/samples", {}, {}, entrance::summaryOf(visit.problems), backOf(visit)};
    database_.read([&](Transaction& tx) {
        const auto inspection = inspectionOf(tx, visit);
        const auto reports = Inspections::reports(tx, inspection);
        page.form = sampleForm(visit, reports);
        page.samples.clear();
        for (const auto& one : Samples::of(tx, inspection))
            page.samples.push_back(sectionOf(tx, one, reports));
    });
    return render(visit, "inspection/samples", page);
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
                     valueOf(form, "strata"), each.value_or(0), valueOf(form, "seed"));
        return std::string();
    });
    return platform::seeOther(addressOf(visit) + "/samples");
}

}  // namespace inspection
