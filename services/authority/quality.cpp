// The quality of data: which records break which rule, per service, and whether it gets better.
#include <algorithm>

#include "authority/door.h"
#include "authority/quarters.h"
#include "authority/view.h"
#include "results/cells.h"
#include "returns/returns.h"

namespace authority {
namespace {

using platform::Response;
using platform::Transaction;
using platform::View;

constexpr int kQuartersShown = 6;
constexpr const char* kSeverities[] = {"impossible", "unlikely", "missing"};

/// What one rule found in one service.
struct QualityRow {
    Tag severity;
    std::string title;
    std::string code;
    std::string message;
    std::string service;
    std::string records;
    std::string accepted;  ///< the reason, where it was accepted
    std::string href;
    std::optional<Link> action;

    View view() const {
        return {{"severity", severity}, {"title", title},     {"code", code},
                {"message", message},   {"service", service}, {"records", records},
                {"accepted", accepted}, {"href", href},       {"action", action}};
    }
};

struct QualityPage {
    Field quarterChoice;
    Field serviceChoice;
    std::string quarter;
    std::vector<QualityRow> findings;
    Table trendTable;

    View view() const {
        return {{"title", "Data quality"},
                {"quarterChoice", quarterChoice},
                {"serviceChoice", serviceChoice},
                {"show", secondaryButton("Show")},
                {"quarter", quarter},
                {"findings", findings},
                {"trendTable", trendTable}};
    }
};

Tag severityTag(const std::string& severity) {
    return {sentence(severity), severity == "impossible" ? "govuk-tag--red"
                                : severity == "unlikely" ? "govuk-tag--yellow"
                                                         : "govuk-tag--grey"};
}

/// How many records broke a rule of each severity, quarter by quarter.
Table trendTable(Transaction& tx, const guidance::Catalogue& catalogue, identity::AuthorityId authority,
                 values::Quarter last) {
    std::vector<Row> rows;
    auto quarter = last;
    for (int i = 0; i < kQuartersShown; ++i, quarter = quarter.previous()) {
        std::map<std::string, std::int64_t> counts;
        for (const auto& [service, figures] : results::Cells::of(tx, authority, quarter))
            for (const auto& measure : catalogue.measures)
                if (measure.shown == guidance::Shown::quality)
                    if (const auto found = figures.find(measure.id); found != figures.end())
                        counts[measure.quality.severity] += found->second.parts.proportion.numerator;
        std::vector<std::string> cells;
        for (const auto* severity : kSeverities) cells.push_back(std::to_string(counts[severity]));
        rows.push_back(row(quarter.name(), cells));
    }
    return table("trend", "Records with a finding, by quarter",
                 {"Quarter", "Impossible", "Unlikely", "Missing"}, rows);
}

QualityRow qualityRow(const returns::Finding& finding, values::Quarter quarter, bool mayManage) {
    const auto& rule = *finding.rule;
    QualityRow row{
        severityTag(rule.quality.severity),
        rule.title,
        rule.id,
        rule.quality.message,
        finding.service->name,
        std::to_string(finding.records) + (finding.records == 1 ? " record" : " records"),
        finding.reason.value_or(""),
        "/services/" + finding.service->id.text() + "/measures/" + rule.id + "?quarter=" + quarter.slug(),
        std::nullopt};
    if (mayManage)
        row.action = {"/records/actions/new?about_kind=data%20quality&about=" + rule.id, "Raise an action"};
    return row;
}

/// The worst first. `service`: the reference of the only one to show; empty for all of them.
std::vector<QualityRow> qualityRows(std::vector<returns::Finding> findings, const std::string& service,
                                    values::Quarter quarter, bool mayManage) {
    std::ranges::stable_sort(findings, {}, [](const returns::Finding& one) {
        return std::ranges::find(kSeverities, one.rule->quality.severity) - std::begin(kSeverities);
    });
    std::vector<QualityRow> rows;
    for (const auto& finding : findings)
        if (service.empty() || finding.service->reference == service)
            rows.push_back(qualityRow(finding, quarter, mayManage));
    return rows;
}

Field serviceChoice(const results::Report& report, const std::string& chosen) {
    std::vector<Option> services{{"", "All services"}};
    for (const auto& [service, figures] : report.services)
        services.push_back({service.reference, service.name});
    return choice("service", "Service", services, chosen);
}

}  // namespace

Response Door::quality(Visit& visit) {
    QualityPage page;
    const auto service = entrance::valueOf(visit.request.query, "service");
    database_.read([&](Transaction& tx) {
        const auto quarters = quartersOf(tx, visit, clock_.today());
        const auto assembly = returns::Returns::assemble(tx, catalogues_, visit.authority(), quarters.chosen);
        page.quarterChoice = quarterChoice(quarters);
        page.serviceChoice = serviceChoice(assembly.report, service);
        page.quarter = quarters.chosen.name();
        page.findings = qualityRows(assembly.findings, service, quarters.chosen,
                                    visit.may(identity::Permission::manageRegister));
        page.trendTable =
            trendTable(tx, assembly.report.edition->catalogue, visit.authority(), quarters.chosen);
    });
    return render(visit, "quality", page);
}

}  // namespace authority
