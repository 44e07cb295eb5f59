// The quality of data: which records break which rule, per service, and whether it gets better.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "authority/door.h"
#include "authority/quarters.h"
#include "authority/view.h"
#include "results/cells.h"
#include "returns/returns.h"

namespace authority {
namespace {

using nlohmann::json;
using platform::Response;
using platform::Transaction;

constexpr int kQuartersShown = 6;
constexpr const char* kSeverities[] = {"impossible", "unlikely", "missing"};

json severityTag(const std::string& severity) {
    return {{"text", sentence(severity)},
            {"classes", severity == "impossible" ? "govuk-tag--red"
                        : severity == "unlikely" ? "govuk-tag--yellow"
                                                 : "govuk-tag--grey"}};
}

/// How many records broke a rule of each severity, quarter by quarter.
json trendTable(Transaction& tx, const guidance::Catalogue& catalogue, identity::AuthorityId authority,
                values::Quarter last) {
    json rows = json::array();
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

}  // namespace

Response Door::quality(Visit& visit) {
    json view{{"title", "Data quality"}};
    database_.read([&](Transaction& tx) {
        const auto quarters = quartersOf(tx, visit, clock_.today());
        const auto assembly = returns::Returns::assemble(tx, catalogues_, visit.authority(), quarters.chosen);
        const auto wanted = entrance::valueOf(visit.request.query, "service");
        std::vector<Option> services{{"", "All services"}};
        for (const auto& [service, figures] : assembly.report.services)
            services.push_back({service.reference, service.name});
        json findings = json::array();
        auto sorted = assembly.findings;
        std::ranges::stable_sort(sorted, {}, [](const returns::Finding& one) {
            return std::ranges::find(kSeverities, one.rule->quality.severity) - std::begin(kSeverities);
        });
        for (const auto& finding : sorted) {
            if (!wanted.empty() && finding.service->reference != wanted) continue;
            findings.push_back(
                {{"severity", severityTag(finding.rule->quality.severity)},
                 {"title", finding.rule->title},
                 {"code", finding.rule->id},
                 {"message", finding.rule->quality.message},
                 {"service", finding.service->name},
                 {"records",
                  std::to_string(finding.records) + (finding.records == 1 ? " record" : " records")},
                 {"accepted", finding.reason.value_or("")},
                 {"href", "/services/" + finding.service->id.text() + "/measures/" + finding.rule->id +
                              "?quarter=" + quarters.chosen.slug()},
                 {"action", visit.may(identity::Permission::manageRegister)
                                ? json{{"href", "/records/actions/new?about_kind=data%20quality&about=" +
                                                    finding.rule->id}}
                                : json()}});
        }
        view["findings"] = findings;
        view["hasFindings"] = !findings.empty();
        view["isClean"] = findings.empty();
        view["quarter"] = quarters.chosen.name();
        view["quarterChoice"] = quarterChoice(quarters.first, quarters.last, quarters.chosen);
        view["serviceChoice"] = choice("service", "Service", services, wanted);
        view["show"] = secondaryButton("Show");
        view["trendTable"] =
            trendTable(tx, assembly.report.edition->catalogue, visit.authority(), quarters.chosen);
    });
    return render(visit, "quality", std::move(view));
}

}  // namespace authority
