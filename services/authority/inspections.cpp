// What inspectors may see of the authority, what they looked at and asked for; and the records that a sample
// stands for.
#include <algorithm>
#include <map>

#include "authority/door.h"
#include "authority/view.h"
#include "inspections/correspondence.h"
#include "inspections/samples.h"
#include "presentation/report_data.h"
#include "presentation/report_page.h"

namespace authority {

using identity::Permission;
using inspections::EvidenceRequests;
using inspections::Inspection;
using inspections::Inspections;
using inspections::Samples;
using platform::Response;
using platform::Transaction;
using platform::View;

namespace {

constexpr int kLooksShown = 200;

std::string addressOf(const Inspection& inspection) { return "/inspections/" + inspection.id.text(); }

struct InspectionsPage {
    struct Entry {
        std::string title;
        std::string href;
        std::string scope;
        std::string access;
        std::string period;
        std::string waits;  ///< for the authority's answers
        View view() const {
            return {{"title", title},   {"href", href},     {"scope", scope},
                    {"access", access}, {"period", period}, {"waits", waits}};
        }
    };
    std::vector<Entry> inspections;
    std::optional<Link> add;
    View view() const { return {{"title", "Inspections"}, {"inspections", inspections}, {"new", add}}; }
};

struct NewInspectionPage {
    std::optional<ErrorSummary> summaryOfErrors;
    Field kind;
    Field scope;
    Field from;
    Field to;
    Field opensOn;
    Field closesOn;
    View view() const {
        return {{"title", "Let inspectors look"},
                {"summaryOfErrors", summaryOfErrors},
                {"kindChoice", kind},
                {"scope", scope},
                {"from", from},
                {"to", to},
                {"opensOn", opensOn},
                {"closesOn", closesOn},
                {"grant", button("Let them look")},
                {"back", Link{"/inspections", "Back to inspections"}}};
    }
};

struct InspectionPage {
    struct Member {
        std::string name;
        std::string email;
        View view() const { return {{"name", name}, {"email", email}}; }
    };
    struct Answer {
        std::string words;
        std::string by;
        View view() const { return {{"words", words}, {"by", by}}; }
    };
    /// What the team asks for.
    struct Request {
        int number;
        std::string about;
        std::string words;
        std::string due;
        std::string state;
        std::optional<Answer> answer;
        std::string path;  ///< where it is answered; empty where it cannot be
        View view() const {
            return {{"number", number}, {"about", about},   {"words", words}, {"due", due},
                    {"state", state},   {"answer", answer}, {"path", path},   {"areaId", areaId()}};
        }
        std::string areaId() const { return "answer-" + std::to_string(number); }
    };
    struct Report {
        std::string href;
        std::string text;
        std::string by;  ///< who asked for it
        View view() const { return {{"href", href}, {"text", text}, {"by", by}}; }
    };
    Inspection inspection;
    values::Date today;
    std::optional<ErrorSummary> summaryOfErrors;
    std::vector<Member> team;
    std::optional<Text> given;  ///< when the self-evaluation was
    std::vector<Request> requests;
    std::vector<Report> reports;
    std::vector<Link> samples;  ///< without an address for who may not see records
    std::optional<Table> looks;
    std::optional<Button> end;
    View view() const {
        return {{"title", sentence(inspection.kind) + ", " + inspection.period.name()},
                {"summaryOfErrors", summaryOfErrors},
                {"name", sentence(inspection.kind)},
                {"scope", inspection.scope},
                {"period", inspection.period.name()},
                {"access", sentence(inspection.access(today))},
                {"days", inspection.opensOn.text() + " to " + inspection.closesOn.text()},
                {"granted",
                 inspection.grantedBy + (inspection.grantedFrom == "authority" ? ", for the authority"
                                                                               : ", for the inspectorate")},
                {"team", team},
                {"given", given},
                {"requests", requests},
                {"reports", reports},
                {"samples", samples},
                {"looksTable", looks},
                {"endPath", addressOf(inspection) + "/end"},
                {"end", end},
                {"back", Link{"/inspections", "Back to inspections"}}};
    }
};

struct SampledRecordsPage {
    std::string seed;
    Table records;
    Link back;
    View view() const {
        return {{"title", "Records of a sample"},
                {"name", "Records of the sample with seed " + seed},
                {"recordsTable", records},
                {"back", back}};
    }
};

/// So many requests of each inspection wait for the authority's answer.
std::map<std::string, std::size_t> waitingOf(Transaction& tx, identity::AuthorityId authority) {
    std::map<std::string, std::size_t> waiting;
    for (const auto& request : EvidenceRequests::openOf(tx, authority)) ++waiting[request.inspection.text()];
    return waiting;
}

std::string waitsText(std::size_t requests) {
    if (requests == 0) return "";
    return requests == 1 ? "1 request waits for your answer"
                         : std::to_string(requests) + " requests wait for your answer";
}

Field quartersOf(const std::string& name, const std::string& label, values::Date today,
                 const std::string& chosen) {
    std::vector<Option> options;
    auto quarter = values::Quarter::containing(today);
    for (int i = 0; i < adherence::kMostQuarters; ++i, quarter = quarter.previous())
        options.push_back({quarter.name(), quarter.name()});
    return choice(name, label, options, chosen.empty() ? options[name == "from" ? 4 : 1].value : chosen);
}

std::vector<InspectionPage::Member> teamOf(Transaction& tx, const Inspection& inspection) {
    std::vector<InspectionPage::Member> team;
    for (const auto& one : Inspections::members(tx, inspection)) team.push_back({one.name, one.email});
    return team;
}

std::vector<InspectionPage::Request> requestsOf(Transaction& tx, const Inspection& inspection,
                                                bool mayAnswer) {
    std::vector<InspectionPage::Request> requests;
    for (const auto& one : EvidenceRequests::of(tx, inspection)) {
        const auto number = std::to_string(one.number);
        const auto* state = one.isClosed ? "Closed" : one.answer ? "Answered" : "Waits for your answer";
        auto& request = requests.emplace_back(InspectionPage::Request{
            one.number, one.about, one.words, one.dueOn ? "By " + one.dueOn->text() : "", state, {}, {}});
        if (one.answer) request.answer = {*one.answer, *one.answeredBy};
        if (mayAnswer && !one.isClosed) request.path = addressOf(inspection) + "/requests/" + number;
    }
    return requests;
}

std::vector<InspectionPage::Report> reportsOf(Transaction& tx, const Inspection& inspection) {
    std::vector<InspectionPage::Report> reports;
    for (const auto& one : Inspections::reports(tx, inspection))
        reports.push_back({addressOf(inspection) + "/reports/" + one.id.text(),
                           one.period.name() + ", as known on " + one.known.day.text(), one.askedBy});
    return reports;
}

std::vector<Link> samplesOf(Transaction& tx, const Inspection& inspection, bool mayViewRecords) {
    std::vector<Link> samples;
    for (const auto& one : Samples::of(tx, inspection))
        if (one.isDrawn)
            samples.push_back(
                {mayViewRecords ? addressOf(inspection) + "/samples/" + one.id.text() : "",
                 "Seed " + one.seed + ", " + std::to_string(one.each) + " of each, sorted by " + one.strata});
    return samples;
}

Table looksOf(Transaction& tx, const Inspection& inspection) {
    std::vector<Row> rows;
    for (const auto& one : Inspections::looks(tx, inspection, kLooksShown))
        rows.push_back(row(entrance::instantText(one.at), {one.who, one.what}));
    return table("looks", "What was looked at, the latest first", {"When", "Who", "What"}, rows);
}

std::optional<Text> givenText(Transaction& tx, const Inspection& inspection) {
    const auto given = inspections::SelfEvaluation::given(tx, inspection);
    if (!given) return std::nullopt;
    return Text{"Your self-evaluation was given on " + entrance::instantText(given->at) + " by " + given->by +
                "."};
}

InspectionPage pageOf(Transaction& tx, const Visit& visit, const Inspection& inspection, values::Date today) {
    const bool mayEnd =
        visit.may(Permission::admitInspectors) && !inspection.endedAt && today <= inspection.closesOn;
    return {inspection,
            today,
            summaryOf(visit.problems),
            teamOf(tx, inspection),
            givenText(tx, inspection),
            requestsOf(tx, inspection, visit.may(Permission::fillReturns)),
            reportsOf(tx, inspection),
            samplesOf(tx, inspection, visit.may(Permission::viewRecords)),
            unlessEmpty(looksOf(tx, inspection)),
            mayEnd ? std::optional(entrance::warningButton("End their access now")) : std::nullopt};
}

}  // namespace

inspections::Inspection Door::inspectionOf(Transaction& tx, const Visit& visit) const {
    return Inspections::byId(tx, visit.authority(), visit.request.partId<Inspection>("inspection"));
}

Response Door::inspectionList(Visit& visit) {
    InspectionsPage page;
    const auto today = clock_.today();
    database_.read([&](Transaction& tx) {
        page.inspections.clear();
        auto waiting = waitingOf(tx, visit.authority());
        for (const auto& one : Inspections::of(tx, visit.authority()))
            page.inspections.push_back({sentence(one.kind), addressOf(one), one.scope,
                                        sentence(one.access(today)), one.period.name(),
                                        waitsText(waiting[one.id.text()])});
    });
    if (visit.may(Permission::admitInspectors)) page.add = Link{"/inspections/new", "Let inspectors look"};
    return render(visit, "inspections", page);
}

Response Door::newInspection(Visit& visit) {
    const auto said = [&](const char* field) { return entrance::valueOf(visit.request.form, field); };
    const auto line = [&](const char* field, const char* label, const char* hint) {
        return entrance::input({field, label, said(field), "text", hint}, visit.problems);
    };
    std::vector<Option> kinds;
    for (const auto& kind : inspections::kinds()) kinds.push_back({kind, sentence(kind)});
    const NewInspectionPage page{
        summaryOf(visit.problems),
        choice("kind", "What for", kinds, said("kind").empty() ? "annual engagement" : said("kind")),
        line("scope", "What it is about", "Empty for everything"),
        quartersOf("from", "First quarter", clock_.today(), said("from")),
        quartersOf("to", "Last quarter", clock_.today(), said("to")),
        line("opens_on", "They may look from", "For example, 1/6/2026"),
        line("closes_on", "Last day", "Half a year later at most")};
    return render(visit, "new_inspection", page);
}

Response Door::grantInspection(Visit& visit) {
    const auto& form = visit.request.form;
    values::Reader reader(form);
    const auto opensOn = reader.date("opens_on", "the first day");
    const auto closesOn = reader.date("closes_on", "the last day");
    const auto kind = entrance::valueOf(form, "kind");
    if (std::ranges::find(inspections::kinds(), kind) == inspections::kinds().end())
        reader.problem("kind", "Choose what they look for.");
    const auto scope = reader.optionalText("scope").value_or("");
    if (scope.size() > 600) reader.problem("scope", "Use at most 600 characters.");
    reader.refuseProblems();
    const auto period = adherence::periodOf(entrance::valueOf(form, "from"), entrance::valueOf(form, "to"));
    const auto place = once(visit, [&](Transaction& tx) {
        return "/inspections/" +
               Inspections::grant(tx, ids_,
                                  {visit.authority(), kind, scope, period, *opensOn, *closesOn, "authority"})
                   .text();
    });
    return platform::seeOther(place);
}

Response Door::inspectionPage(Visit& visit) {
    std::optional<InspectionPage> page;
    database_.read(
        [&](Transaction& tx) { page.emplace(pageOf(tx, visit, inspectionOf(tx, visit), clock_.today())); });
    return render(visit, "inspection", *page);
}

Response Door::endInspection(Visit& visit) {
    const auto place = once(visit, [&](Transaction& tx) {
        const auto inspection = inspectionOf(tx, visit);
        Inspections::end(tx, inspection);
        return addressOf(inspection);
    });
    return platform::seeOther(place);
}

Response Door::answerRequest(Visit& visit) {
    // Whatever else is wrong, an inspection of another authority is not there.
    database_.read([&](Transaction& tx) { inspectionOf(tx, visit); });
    values::Reader number(visit.request.path_parts);
    const auto asked = number.optionalWhole("number", 1, 65535);
    if (!asked) throw values::NotFound("no such request");
    values::Reader form(visit.request.form);
    const auto words = form.text("answer", "the answer", 4000);
    form.refuseProblems();
    const auto place = once(visit, [&](Transaction& tx) {
        const auto inspection = inspectionOf(tx, visit);
        EvidenceRequests::answer(tx, inspection, *asked, words);
        return addressOf(inspection);
    });
    return platform::seeOther(place);
}

Response Door::sampledRecords(Visit& visit) {
    const auto id = visit.request.partId<inspections::Sample>("sample");
    SampledRecordsPage page;
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        const auto inspection = inspectionOf(tx, visit);
        const auto all = Samples::of(tx, inspection);
        const auto found = std::ranges::find(all, id, &inspections::Sample::id);
        if (found == all.end() || !found->isDrawn) throw values::NotFound("no such sample");
        std::vector<Row> rows;
        for (const auto& record : Samples::resolved(tx, inspection, *found))
            rows.push_back({"Record " + std::to_string(record.number),
                            {record.stratum, record.reference},
                            "/records/episodes/" + platform::segmentEncoded(record.reference)});
        page = {found->seed,
                table("records", "What each number stands for", {"Number", "Of", "Episode"}, rows),
                {addressOf(inspection), "Back to the inspection"}};
        tx.audit("sample resolved", "inspection " + inspection.id.text(), "seed " + found->seed);
    });
    return render(visit, "sampled_records", page);
}

Response Door::inspectedReport(Visit& visit) {
    std::optional<adherence::KeptReport> found;
    std::string back;
    database_.read([&](Transaction& tx) {
        const auto inspection = inspectionOf(tx, visit);
        back = addressOf(inspection);
        found =
            Inspections::report(tx, inspection, visit.request.partId<adherence::KeptReport>("report"), true);
    });
    if (!found->isMade())
        return entrance_.render(visit, "adherence/waiting",
                                presentation::waitingView(*found, visit.request.path, back, "Back"));
    return showReport(visit, *found, back, "Back to the inspection");
}

Response Door::showReport(Visit& visit, const adherence::KeptReport& report, const std::string& back,
                          const std::string& backText) {
    return entrance_.render(
        visit, "adherence/report",
        presentation::reportView(report, {"/reports/" + report.id.text(), Link{back, backText}}));
}

adherence::KeptReport Door::reportOf(const Visit& visit) {
    std::optional<adherence::KeptReport> found;
    database_.read([&](Transaction& tx) {
        found = adherence::Reports::withContent(tx, visit.authority(),
                                                visit.request.partId<adherence::KeptReport>("report"));
    });
    return std::move(*found);
}

Response Door::ownReport(Visit& visit) {
    const auto report = reportOf(visit);
    if (!report.isMade())
        return entrance_.render(
            visit, "adherence/waiting",
            presentation::waitingView(report, visit.request.path, "/self-evaluation", "Back"));
    return showReport(visit, report, "/self-evaluation", "Back to self-evaluation");
}

Response Door::ownReportData(Visit& visit) {
    const auto report = reportOf(visit);
    if (!report.isMade()) throw values::NotFound("no such report");
    return {200,
            "text/csv; charset=utf-8",
            presentation::reportCsv(report),
            {{"Content-Disposition", "attachment; filename=\"report.csv\""}}};
}

Response Door::ownReportWorkbook(Visit& visit) {
    const auto report = reportOf(visit);
    if (!report.isMade()) throw values::NotFound("no such report");
    return {200,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            presentation::reportWorkbook(report),
            {{"Content-Disposition", "attachment; filename=\"report.xlsx\""}}};
}

Response Door::ownPrintSheet(Visit& visit) {
    const auto report = reportOf(visit);
    if (!report.isMade()) throw values::NotFound("no such report");
    return {200, "text/css; charset=utf-8", presentation::printSheet(report), {}};
}

Response Door::ownReportService(Visit& visit) {
    View view;
    database_.read([&](Transaction& tx) {
        const auto report = adherence::Reports::byId(tx, visit.authority(),
                                                     visit.request.partId<adherence::KeptReport>("report"));
        view = presentation::serviceView(tx, report, visit.request.part("service"),
                                         {"/reports/" + report.id.text()});
    });
    return entrance_.render(visit, "adherence/service", std::move(view));
}

Response Door::ownReportMeasure(Visit& visit) {
    View view;
    database_.read([&](Transaction& tx) {
        const auto report = adherence::Reports::byId(tx, visit.authority(),
                                                     visit.request.partId<adherence::KeptReport>("report"));
        view = presentation::measureView(tx, report, visit.request.part("service"),
                                         visit.request.part("measure"), {"/reports/" + report.id.text()});
    });
    return entrance_.render(visit, "adherence/measure", std::move(view));
}

}  // namespace authority
