// Reports given to an inspection, and what stands behind them.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "entrance/view.h"
#include "inspection/door.h"
#include "inspections/correspondence.h"
#include "inspections/self_evaluation.h"
#include "presentation/report_data.h"
#include "presentation/report_page.h"

namespace inspection {

using entrance::button;
using entrance::secondaryButton;
using entrance::sentence;
using inspections::Inspection;
using inspections::Inspections;
using nlohmann::json;
using platform::Response;
using platform::Transaction;

namespace {

std::string addressOf(const Inspection& inspection) { return "/inspections/" + inspection.id.text(); }

std::string addressOf(const Inspection& inspection, const adherence::KeptReport& report) {
    return addressOf(inspection) + "/reports/" + report.id.text();
}

std::string titleOf(const Inspection& inspection) {
    return inspection.authorityName + ": " + inspection.kind +
           (inspection.kind.find("visit") == std::string::npos && inspection.kind != "annual engagement"
                ? " inspection"
                : "");
}

json quarters(const std::string& name, const std::string& label, values::Quarter chosen,
              values::Quarter last) {
    std::vector<entrance::Option> options;
    auto quarter = last;
    for (int i = 0; i < adherence::kMostQuarters; ++i, quarter = quarter.previous())
        options.push_back({quarter.name(), quarter.name()});
    return entrance::choice(name, label, options, chosen.name());
}

json reportRows(const Inspection& inspection, const std::vector<adherence::KeptReport>& reports) {
    json rows = json::array();
    for (const auto& report : reports)
        rows.push_back({{"href", addressOf(inspection, report)},
                        {"text", report.period.name() + ", " + report.known.text()},
                        {"by", report.askedBy},
                        {"fingerprint", report.fingerprint.substr(0, 12)}});
    return rows;
}

Response fileOf(std::string type, std::string body, const std::string& name) {
    return {200,
            std::move(type),
            std::move(body),
            {{"Content-Disposition", "attachment; filename=\"" + name + "\""}}};
}

}  // namespace

Response Door::inspections(Visit& visit) {
    json view{{"title", "Inspections"}, {"inspections", json::array()}};
    const auto today = clock_.today();
    database_.read([&](Transaction& tx) {
        view["inspections"] = json::array();
        for (const auto& one : Inspections::ofMember(tx, visit.person.value().id))
            view["inspections"].push_back({{"title", titleOf(one)},
                                           {"href", one.isOpen(today) ? json(addressOf(one)) : json()},
                                           {"scope", one.scope},
                                           {"period", one.period.name()},
                                           {"access", sentence(one.access(today))}});
    });
    view["hasInspections"] = !view["inspections"].empty();
    return render(visit, "inspection/inspections", std::move(view));
}

Response Door::inspection(Visit& visit) {
    json view;
    look(visit, "the overview", [&](Transaction& tx, const Inspection& inspection) {
        const auto& form = visit.request.form;
        const auto last = values::Quarter::containing(clock_.today());
        const auto chosen = [&](const char* field, values::Quarter otherwise) {
            return values::Quarter::parse(entrance::valueOf(form, field)).value_or(otherwise);
        };
        view = {
            {"title", titleOf(inspection)},
            {"scope", inspection.scope},
            {"period", inspection.period.name()},
            {"access", sentence(inspection.access(clock_.today()))},
            {"path", addressOf(inspection)},
            {"from", quarters("from", "First quarter", chosen("from", inspection.period.first), last)},
            {"to", quarters("to", "Last quarter", chosen("to", inspection.period.last), last)},
            {"knownOn",
             entrance::input({"known_on", "As known at the end of", entrance::valueOf(form, "known_on"),
                              "text", "A day that is over, such as 30/9/2026. Empty for what is known now"},
                             visit.problems)},
            {"make", button("Make the report")},
            {"compare", secondaryButton("Compare")}};
        const auto reports = Inspections::reports(tx, inspection);
        view["reports"] = reportRows(inspection, reports);
        view["hasReports"] = !reports.empty();
        view["mayCompare"] = reports.size() > 1;
        std::vector<entrance::Option> options;
        for (const auto& report : reports)
            options.push_back({report.id.text(), report.period.name() + ", " + report.known.text()});
        if (reports.size() > 1) {
            view["before"] = entrance::choice("before", "From", options, options.back().value);
            view["after"] = entrance::choice("after", "To", options, options.front().value);
        }
        json team = json::array();
        for (const auto& member : Inspections::members(tx, inspection))
            team.push_back({{"name", member.name}, {"email", member.email}});
        view["team"] = team;
        std::size_t open = 0;
        for (const auto& request : inspections::EvidenceRequests::of(tx, inspection))
            open += request.isClosed ? 0 : 1;
        view["openRequests"] = std::to_string(open);
        if (inspections::SelfEvaluation::given(tx, inspection))
            view["selfEvaluation"] = {{"href", addressOf(inspection) + "/self-evaluation"}};
    });
    if (!visit.problems.empty()) view["summaryOfErrors"] = entrance::errorSummary(visit.problems);
    return render(visit, "inspection/inspection", std::move(view));
}

Response Door::askReport(Visit& visit) {
    refuseOthers(visit);
    const auto& form = visit.request.form;
    const auto period = adherence::periodOf(entrance::valueOf(form, "from"), entrance::valueOf(form, "to"));
    values::Reader reader(form);
    const auto day = reader.optionalDate("known_on");
    reader.refuseProblems();
    const auto now = clock_.now();
    const auto known = day ? adherence::KnownAs::endOf(*day, now) : adherence::KnownAs::now(now);
    const auto place = once(visit, [&](Transaction& tx) {
        const auto inspection = inspectionOf(tx, visit);
        const auto id = adherence::Reports::ask(tx, ids_, {inspection.authority, period, known});
        Inspections::give(tx, inspection, id);
        return addressOf(inspection) + "/reports/" + id.text();
    });
    return platform::seeOther(place);
}

Response Door::report(Visit& visit) {
    if (auto waiting = await(visit)) return std::move(*waiting);
    json view;
    std::optional<adherence::KeptReport> found;
    std::optional<Inspection> about;
    look(visit, "report " + visit.request.part("report"), [&](Transaction& tx, const Inspection& inspection) {
        found = reportOf(tx, inspection, visit);
        about = inspection;
    });
    view = presentation::reportView(*found, {addressOf(*about, *found)});
    view["inspection"] = titleOf(*about);
    view["askedBy"] = found->askedBy;
    view["notesHref"] = addressOf(*about) + "/notes";
    view["requestsHref"] = addressOf(*about) + "/requests";
    view["back"] = {{"href", addressOf(*about)}, {"text", "Back to the inspection"}};
    return render(visit, "adherence/report", std::move(view));
}

Response Door::reportData(Visit& visit) {
    if (auto waiting = await(visit)) return std::move(*waiting);
    std::optional<adherence::KeptReport> found;
    look(visit, "report " + visit.request.part("report") + ", as CSV",
         [&](Transaction& tx, const Inspection& inspection) { found = reportOf(tx, inspection, visit); });
    return fileOf("text/csv; charset=utf-8", presentation::reportCsv(*found), "report.csv");
}

Response Door::reportWorkbook(Visit& visit) {
    if (auto waiting = await(visit)) return std::move(*waiting);
    std::optional<adherence::KeptReport> found;
    look(visit, "report " + visit.request.part("report") + ", as a workbook",
         [&](Transaction& tx, const Inspection& inspection) { found = reportOf(tx, inspection, visit); });
    return fileOf("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                  presentation::reportWorkbook(*found), "report.xlsx");
}

Response Door::printSheet(Visit& visit) {
    std::optional<adherence::KeptReport> found;
    // Part of the page that was looked at: no look of its own.
    database_.read([&](Transaction& tx) { found = reportOf(tx, inspectionOf(tx, visit), visit); });
    if (!found->isMade()) throw values::NotFound("no such report");
    return {200, "text/css; charset=utf-8", presentation::printSheet(*found), {}};
}

Response Door::service(Visit& visit) {
    if (auto waiting = await(visit)) return std::move(*waiting);
    json view;
    const auto service = visit.request.part("service");
    look(visit, "report " + visit.request.part("report") + ", service " + service,
         [&](Transaction& tx, const Inspection& inspection) {
             const auto report = Inspections::report(
                 tx, inspection, visit.request.partId<adherence::KeptReport>("report"), false);
             view = presentation::serviceView(tx, report, service, {addressOf(inspection, report)});
         });
    return render(visit, "adherence/service", std::move(view));
}

Response Door::measure(Visit& visit) {
    if (auto waiting = await(visit)) return std::move(*waiting);
    json view;
    const auto service = visit.request.part("service");
    const auto measure = visit.request.part("measure");
    look(visit, "report " + visit.request.part("report") + ", service " + service + ", " + measure,
         [&](Transaction& tx, const Inspection& inspection) {
             const auto report = Inspections::report(
                 tx, inspection, visit.request.partId<adherence::KeptReport>("report"), false);
             view = presentation::measureView(tx, report, service, measure, {addressOf(inspection, report)});
         });
    return render(visit, "adherence/measure", std::move(view));
}

Response Door::differences(Visit& visit) {
    refuseOthers(visit);
    values::Reader query(visit.request.query);
    const auto before = query.id<adherence::KeptReport>("before", "the report to begin with");
    const auto after = query.id<adherence::KeptReport>("after", "the report to compare it with");
    query.refuseProblems();
    json view;
    look(visit, "differences between reports " + before->text() + " and " + after->text(),
         [&](Transaction& tx, const Inspection& inspection) {
             const auto was = Inspections::report(tx, inspection, *before, true);
             const auto is = Inspections::report(tx, inspection, *after, true);
             if (!was.isMade() || !is.isMade())
                 throw values::Conflict("One of these reports is still being made.");
             json rows = json::array();
             for (const auto& one : adherence::differencesBetween(was.content, is.content))
                 rows.push_back(entrance::row(one.what, {one.was, one.is}));
             view = {{"title", "What changed between two reports"},
                     {"was", was.period.name() + ", " + was.known.text()},
                     {"is", is.period.name() + ", " + is.known.text()},
                     {"hasDifferences", !rows.empty()},
                     {"back", {{"href", addressOf(inspection)}, {"text", "Back to the inspection"}}}};
             view["differencesTable"] = entrance::table("differences", "Levels and figures that differ",
                                                        {"What", "Then", "Now"}, rows);
         });
    return render(visit, "inspection/differences", std::move(view));
}

Response Door::selfEvaluation(Visit& visit) {
    json view;
    look(visit, "the authority's self-evaluation", [&](Transaction& tx, const Inspection& inspection) {
        const auto given = inspections::SelfEvaluation::given(tx, inspection);
        if (!given) throw values::NotFound("no self-evaluation was given to this inspection");
        const auto content = json::parse(given->content);
        view = {{"title", "Self-evaluation of " + inspection.authorityName + ", " +
                              content.at("year").get<std::string>()},
                {"given", given->by + ", " + entrance::instantText(given->at)},
                {"fingerprint", given->fingerprint.substr(0, 12)},
                {"statements", content.at("statements")},
                {"back", {{"href", addressOf(inspection)}, {"text", "Back to the inspection"}}}};
    });
    return render(visit, "inspection/self_evaluation", std::move(view));
}

}  // namespace inspection
