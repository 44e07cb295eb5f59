// What inspectors may see of the authority, what they looked at and asked for; and the records that a sample
// stands for.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

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
using nlohmann::json;
using platform::Response;
using platform::Transaction;

namespace {

constexpr int kLooksShown = 200;

std::string addressOf(const Inspection& inspection) { return "/inspections/" + inspection.id.text(); }

json quartersOf(const std::string& name, const std::string& label, values::Date today,
                const std::string& chosen) {
    std::vector<Option> options;
    auto quarter = values::Quarter::containing(today);
    for (int i = 0; i < adherence::kMostQuarters; ++i, quarter = quarter.previous())
        options.push_back({quarter.name(), quarter.name()});
    return choice(name, label, options, chosen.empty() ? options[name == "from" ? 4 : 1].value : chosen);
}

}  // namespace

inspections::Inspection Door::inspectionOf(Transaction& tx, const Visit& visit) const {
    return Inspections::byId(tx, visit.authority(), visit.request.partId<Inspection>("inspection"));
}

Response Door::inspectionList(Visit& visit) {
    json view{{"title", "Inspections"}, {"inspections", json::array()}};
    const auto today = clock_.today();
    database_.read([&](Transaction& tx) {
        view["inspections"] = json::array();
        std::map<std::string, std::size_t> open;
        for (const auto& request : EvidenceRequests::openOf(tx, visit.authority()))
            ++open[request.inspection.text()];
        for (const auto& one : Inspections::of(tx, visit.authority())) {
            const auto waits = open[one.id.text()];
            view["inspections"].push_back(
                {{"title", sentence(one.kind)},
                 {"href", addressOf(one)},
                 {"scope", one.scope},
                 {"access", sentence(one.access(today))},
                 {"period", one.period.name()},
                 {"waits", waits == 0   ? ""
                           : waits == 1 ? "1 request waits for your answer"
                                        : std::to_string(waits) + " requests wait for your answer"}});
        }
    });
    view["hasInspections"] = !view["inspections"].empty();
    if (visit.may(Permission::admitInspectors)) view["new"] = {{"href", "/inspections/new"}};
    return render(visit, "inspections", std::move(view));
}

Response Door::newInspection(Visit& visit) {
    const auto& form = visit.request.form;
    std::vector<Option> kinds;
    for (const auto& kind : inspections::kinds()) kinds.push_back({kind, sentence(kind)});
    const auto said = [&](const char* field) { return entrance::valueOf(form, field); };
    json view{
        {"title", "Let inspectors look"},
        {"kindChoice",
         choice("kind", "What for", kinds, said("kind").empty() ? "annual engagement" : said("kind"))},
        {"scope",
         entrance::input({"scope", "What it is about", said("scope"), "text", "Empty for everything"},
                         visit.problems)},
        {"from", quartersOf("from", "First quarter", clock_.today(), said("from"))},
        {"to", quartersOf("to", "Last quarter", clock_.today(), said("to"))},
        {"opensOn", entrance::input(
                        {"opens_on", "They may look from", said("opens_on"), "text", "For example, 1/6/2026"},
                        visit.problems)},
        {"closesOn",
         entrance::input({"closes_on", "Last day", said("closes_on"), "text", "Half a year later at most"},
                         visit.problems)},
        {"grant", button("Let them look")},
        {"back", {{"href", "/inspections"}, {"text", "Back to inspections"}}}};
    if (!visit.problems.empty()) view["summaryOfErrors"] = errorSummary(visit.problems);
    return render(visit, "new_inspection", std::move(view));
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
    json view;
    const auto today = clock_.today();
    database_.read([&](Transaction& tx) {
        const auto inspection = inspectionOf(tx, visit);
        view = {{"title", sentence(inspection.kind) + ", " + inspection.period.name()},
                {"name", sentence(inspection.kind)},
                {"scope", inspection.scope},
                {"period", inspection.period.name()},
                {"access", sentence(inspection.access(today))},
                {"days", inspection.opensOn.text() + " to " + inspection.closesOn.text()},
                {"granted",
                 inspection.grantedBy + (inspection.grantedFrom == "authority" ? ", for the authority"
                                                                               : ", for the inspectorate")},
                {"path", addressOf(inspection)},
                {"back", {{"href", "/inspections"}, {"text", "Back to inspections"}}}};
        if (visit.may(Permission::admitInspectors) && !inspection.endedAt && today <= inspection.closesOn)
            view["end"] = entrance::warningButton("End their access now");
        json team = json::array();
        for (const auto& one : Inspections::members(tx, inspection))
            team.push_back({{"name", one.name}, {"email", one.email}});
        view["team"] = team;
        view["hasTeam"] = !team.empty();
        view["reports"] = json::array();
        for (const auto& one : Inspections::reports(tx, inspection))
            view["reports"].push_back({{"href", addressOf(inspection) + "/reports/" + one.id.text()},
                                       {"text", one.period.name() + ", as known on " + one.known.day.text()},
                                       {"by", one.askedBy}});
        view["hasReports"] = !view["reports"].empty();
        const bool mayAnswer = visit.may(Permission::fillReturns);
        view["requests"] = json::array();
        for (const auto& one : EvidenceRequests::of(tx, inspection)) {
            json entry{
                {"number", std::to_string(one.number)},
                {"about", one.about},
                {"words", one.words},
                {"due", one.dueOn ? "By " + one.dueOn->text() : ""},
                {"state", one.isClosed ? "Closed"
                          : one.answer ? "Answered"
                                       : "Waits for your answer"},
                {"answer", one.answer ? json{{"words", *one.answer}, {"by", *one.answeredBy}} : json()}};
            if (mayAnswer && !one.isClosed)
                entry["form"] = {{"path", addressOf(inspection) + "/requests/" + std::to_string(one.number)},
                                 {"areaId", "answer-" + std::to_string(one.number)}};
            view["requests"].push_back(std::move(entry));
        }
        view["hasRequests"] = !view["requests"].empty();
        view["samples"] = json::array();
        for (const auto& one : Samples::of(tx, inspection)) {
            if (!one.isDrawn) continue;
            view["samples"].push_back(
                {{"text",
                  "Seed " + one.seed + ", " + std::to_string(one.each) + " of each, sorted by " + one.strata},
                 {"href", visit.may(Permission::viewRecords)
                              ? json(addressOf(inspection) + "/samples/" + one.id.text())
                              : json()}});
        }
        view["hasSamples"] = !view["samples"].empty();
        json looks = json::array();
        for (const auto& one : Inspections::looks(tx, inspection, kLooksShown))
            looks.push_back(row(entrance::instantText(one.at), {one.who, one.what}));
        view["hasLooks"] = !looks.empty();
        view["looksTable"] =
            table("looks", "What was looked at, the latest first", {"When", "Who", "What"}, looks);
        if (const auto given = inspections::SelfEvaluation::given(tx, inspection))
            view["given"] = {{"text", "Your self-evaluation was given on " +
                                          entrance::instantText(given->at) + " by " + given->by + "."}};
    });
    if (!visit.problems.empty()) view["summaryOfErrors"] = errorSummary(visit.problems);
    return render(visit, "inspection", std::move(view));
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
    json view;
    const auto id = visit.request.partId<inspections::Sample>("sample");
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        const auto inspection = inspectionOf(tx, visit);
        const auto all = Samples::of(tx, inspection);
        const auto found = std::ranges::find(all, id, &inspections::Sample::id);
        if (found == all.end() || !found->isDrawn) throw values::NotFound("no such sample");
        json rows = json::array();
        for (const auto& record : Samples::resolved(tx, inspection, *found)) {
            auto entry = row("Record " + std::to_string(record.number), {record.stratum, record.reference});
            entry["href"] = "/records/episodes/" + platform::segmentEncoded(record.reference);
            rows.push_back(std::move(entry));
        }
        tx.audit("sample resolved", "inspection " + inspection.id.text(), "seed " + found->seed);
        view = {{"title", "Records of a sample"},
                {"name", "Records of the sample with seed " + found->seed},
                {"back", {{"href", addressOf(inspection)}, {"text", "Back to the inspection"}}}};
        view["recordsTable"] =
            table("records", "What each number stands for", {"Number", "Of", "Episode"}, rows);
    });
    return render(visit, "sampled_records", std::move(view));
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
    auto view = presentation::reportView(report, {"/reports/" + report.id.text()});
    view["back"] = {{"href", back}, {"text", backText}};
    return entrance_.render(visit, "adherence/report", std::move(view));
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
    json view;
    database_.read([&](Transaction& tx) {
        const auto report = adherence::Reports::byId(tx, visit.authority(),
                                                     visit.request.partId<adherence::KeptReport>("report"));
        view = presentation::serviceView(tx, report, visit.request.part("service"),
                                         {"/reports/" + report.id.text()});
    });
    return entrance_.render(visit, "adherence/service", std::move(view));
}

Response Door::ownReportMeasure(Visit& visit) {
    json view;
    database_.read([&](Transaction& tx) {
        const auto report = adherence::Reports::byId(tx, visit.authority(),
                                                     visit.request.partId<adherence::KeptReport>("report"));
        view = presentation::measureView(tx, report, visit.request.part("service"),
                                         visit.request.part("measure"), {"/reports/" + report.id.text()});
    });
    return entrance_.render(visit, "adherence/measure", std::move(view));
}

}  // namespace authority
