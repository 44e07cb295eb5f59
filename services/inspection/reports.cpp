// Reports given to an inspection, and what stands behind them.
#include <algorithm>

#include "inspection/door.h"
#include "inspection/parts.h"
#include "inspections/correspondence.h"
#include "inspections/self_evaluation.h"
#include "presentation/report_data.h"
#include "presentation/report_page.h"

namespace inspection {

using entrance::button;
using entrance::ErrorSummary;
using entrance::Field;
using entrance::Link;
using entrance::Row;
using entrance::sentence;
using entrance::Table;
using entrance::valueOf;
using inspections::Inspection;
using inspections::Inspections;
using platform::Response;
using platform::Transaction;
using platform::View;

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

Link backTo(const Inspection& inspection) { return {addressOf(inspection), "Back to the inspection"}; }

struct ReportLine {
    std::string href;
    std::string text;
    std::string by;
    std::string fingerprint;  ///< its beginning; empty before it is made
    View view() const { return {{"href", href}, {"text", text}, {"by", by}, {"fingerprint", fingerprint}}; }
};

/// What a report is asked of.
struct ReportForm {
    Field from;
    Field to;
    Field knownOn;
    View view() const {
        return {{"from", from}, {"to", to}, {"knownOn", knownOn}, {"make", button("Make the report")}};
    }
};

/// Two reports to compare.
struct ComparisonForm {
    Field before;
    Field after;
    View view() const {
        return {{"before", before}, {"after", after}, {"compare", entrance::secondaryButton("Compare")}};
    }
};

struct TeamLine {
    std::string name;
    std::string email;
    View view() const { return {{"name", name}, {"email", email}}; }
};

struct InspectionPage {
    std::string title;
    std::string scope;
    std::string period;
    std::string access;
    std::string path;
    ReportForm form;
    std::vector<ReportLine> reports;
    std::optional<ComparisonForm> comparison;  ///< nothing before there are two reports
    std::vector<TeamLine> team;
    std::size_t openRequests;
    std::string selfEvaluation;  ///< where it is read; empty where none was given
    std::optional<ErrorSummary> summary;
    View view() const {
        return {{"title", title},
                {"scope", scope},
                {"period", period},
                {"access", access},
                {"path", path},
                {"form", form},
                {"reports", reports},
                {"comparison", comparison},
                {"team", team},
                {"openRequests", openRequests},
                {"selfEvaluation", selfEvaluation},
                {"summary", summary}};
    }
};

ReportForm reportForm(const Visit& visit, const Inspection& inspection, values::Date today) {
    const auto& form = visit.request.form;
    const auto options = quartersUpTo(values::Quarter::containing(today));
    const auto quarter = [&](const char* field, const char* label, values::Quarter otherwise) {
        const auto chosen = values::Quarter::parse(valueOf(form, field)).value_or(otherwise);
        return entrance::choice(field, label, options, chosen.name());
    };
    return {quarter("from", "First quarter", inspection.period.first),
            quarter("to", "Last quarter", inspection.period.last),
            entrance::input({"known_on", "As known at the end of", valueOf(form, "known_on"), "text",
                             "A day that is over, such as 30/9/2026. Empty for what is known now"},
                            visit.problems)};
}

std::optional<ComparisonForm> comparisonForm(const std::vector<adherence::KeptReport>& reports) {
    if (reports.size() < 2) return std::nullopt;
    std::vector<entrance::Option> options;
    for (const auto& report : reports) options.push_back({report.id.text(), reportTitle(report)});
    return ComparisonForm{entrance::choice("before", "From", options, options.back().value),
                          entrance::choice("after", "To", options, options.front().value)};
}

InspectionPage inspectionPage(Transaction& tx, const Visit& visit, const Inspection& inspection,
                              values::Date today) {
    const auto address = addressOf(inspection);
    const auto reports = Inspections::reports(tx, inspection);
    const auto requests = inspections::EvidenceRequests::of(tx, inspection);
    InspectionPage page{
        titleOf(inspection),
        inspection.scope,
        inspection.period.name(),
        sentence(inspection.access(today)),
        address,
        reportForm(visit, inspection, today),
        {},
        comparisonForm(reports),
        {},
        requests.size() - static_cast<std::size_t>(
                              std::ranges::count(requests, true, &inspections::EvidenceRequest::isClosed)),
        inspections::SelfEvaluation::given(tx, inspection) ? address + "/self-evaluation" : "",
        entrance::summaryOf(visit.problems)};
    for (const auto& report : reports)
        page.reports.push_back({addressOf(inspection, report), reportTitle(report), report.askedBy,
                                report.fingerprint.substr(0, 12)});
    for (const auto& member : Inspections::members(tx, inspection))
        page.team.push_back({member.name, member.email});
    return page;
}

struct DifferencesPage {
    std::string was;
    std::string is;
    std::optional<Table> differences;
    Link back;
    View view() const {
        return {{"title", "What changed between two reports"},
                {"was", was},
                {"is", is},
                {"differencesTable", differences},
                {"back", back}};
    }
};

DifferencesPage differencesPage(const adherence::KeptReport& was, const adherence::KeptReport& is,
                                const Link& back) {
    std::vector<Row> rows;
    for (const auto& one : adherence::differencesBetween(was.content, is.content))
        rows.push_back(entrance::row(one.what, {one.was, one.is}));
    return {reportTitle(was), reportTitle(is),
            entrance::unlessEmpty(entrance::table("differences", "Levels and figures that differ",
                                                  {"What", "Then", "Now"}, rows)),
            back};
}

/// What the authority says to one expectation.
struct OwnWords {
    std::string code;
    std::string statement;
    std::string known;
    std::string knownBy;
    std::string plans;
    View view() const {
        return {{"code", code},
                {"statement", statement},
                {"known", known},
                {"knownBy", knownBy},
                {"plans", plans}};
    }
};

struct SelfEvaluationPage {
    std::string title;
    std::string given;
    std::string fingerprint;
    std::vector<OwnWords> statements;
    Link back;
    View view() const {
        return {{"title", title},
                {"given", given},
                {"fingerprint", fingerprint},
                {"statements", statements},
                {"back", back}};
    }
};

SelfEvaluationPage selfEvaluationPage(const Inspection& inspection,
                                      const inspections::SelfEvaluation::Given& given) {
    const auto content = View::fromJson(given.content);
    SelfEvaluationPage page{
        "Self-evaluation of " + inspection.authorityName + ", " + content.at("year").text(),
        given.by + ", " + entrance::instantText(given.at),
        given.fingerprint.substr(0, 12),
        {},
        backTo(inspection)};
    for (const auto& one : content.at("statements"))
        page.statements.push_back(
            {one.at("code"), one.at("statement"), one.at("known"), one.at("known_by"), one.at("plans")});
    return page;
}

Response fileOf(std::string type, std::string body, const std::string& name) {
    return {200,
            std::move(type),
            std::move(body),
            {{"Content-Disposition", "attachment; filename=\"" + name + "\""}}};
}

}  // namespace

Response Door::inspections(Visit& visit) {
    InspectionsPage page{false, {}};
    const auto today = clock_.today();
    database_.read([&](Transaction& tx) {
        page.inspections.clear();
        for (const auto& one : Inspections::ofMember(tx, visit.person.value().id))
            page.inspections.push_back({titleOf(one), one.isOpen(today) ? addressOf(one) : "", one.scope,
                                        one.period.name(), sentence(one.access(today))});
    });
    return render(visit, "inspection/inspections", page);
}

Response Door::inspection(Visit& visit) {
    std::optional<InspectionPage> page;
    look(visit, "the overview", [&](Transaction& tx, const Inspection& inspection) {
        page = inspectionPage(tx, visit, inspection, clock_.today());
    });
    return render(visit, "inspection/inspection", page);
}

Response Door::askReport(Visit& visit) {
    refuseOthers(visit);
    const auto& form = visit.request.form;
    const auto period = adherence::periodOf(valueOf(form, "from"), valueOf(form, "to"));
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
    View page;
    look(visit, "report " + visit.request.part("report"), [&](Transaction& tx, const Inspection& inspection) {
        const auto report = reportOf(tx, inspection, visit);
        page = presentation::reportView(
            report, {addressOf(inspection, report), backTo(inspection), addressOf(inspection)});
    });
    return render(visit, "adherence/report", page);
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
    View view;
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
    View view;
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
    std::optional<DifferencesPage> page;
    look(visit, "differences between reports " + before->text() + " and " + after->text(),
         [&](Transaction& tx, const Inspection& inspection) {
             const auto was = Inspections::report(tx, inspection, *before, true);
             const auto is = Inspections::report(tx, inspection, *after, true);
             if (!was.isMade() || !is.isMade())
                 throw values::Conflict("One of these reports is still being made.");
             page = differencesPage(was, is, backTo(inspection));
         });
    return render(visit, "inspection/differences", page);
}

Response Door::selfEvaluation(Visit& visit) {
    std::optional<SelfEvaluationPage> page;
    look(visit, "the authority's self-evaluation", [&](Transaction& tx, const Inspection& inspection) {
        const auto given = inspections::SelfEvaluation::given(tx, inspection);
        if (!given) throw values::NotFound("no self-evaluation was given to this inspection");
        page = selfEvaluationPage(inspection, *given);
    });
    return render(visit, "inspection/self_evaluation", page);
}

}  // namespace inspection
