// Counts of a quarter, for services of which no single records are kept.
#include "authority/returns.h"
#include "delivery/entered_counts.h"

namespace authority {
namespace {

using platform::Response;
using platform::Transaction;
using platform::View;

struct CountsPage {
    std::string quarter;
    std::string months;
    std::string service;
    std::string path;
    std::vector<Field> fields;
    std::optional<entrance::ErrorSummary> summaryOfErrors;
    Link back;

    View view() const {
        return {{"title", "Counts for " + quarter + ": " + service},
                {"quarter", quarter},
                {"months", months},
                {"service", service},
                {"path", path},
                {"fields", fields},
                {"save", button("Save the counts")},
                {"summaryOfErrors", summaryOfErrors},
                {"back", back}};
    }
};

/// What was typed, else what was entered before.
std::vector<Field> countFields(const delivery::EnteredCounts::Counts& known,
                               const guidance::Catalogue& catalogue, const Visit& visit) {
    std::vector<Field> fields;
    for (const auto& measure : delivery::EnteredCounts::measures()) {
        const auto kept = known.find(measure);
        const auto value = visit.request.form.contains(measure)
                               ? entrance::valueOf(visit.request.form, measure)
                           : kept == known.end() ? ""
                                                 : std::to_string(kept->second);
        fields.push_back(entrance::input({measure, catalogue.measureTitle(measure), value}, visit.problems));
    }
    return fields;
}

}  // namespace

Response Door::countsForm(Visit& visit) {
    const auto quarter = quarterOf(visit);
    const auto id = visit.request.partId<delivery::Service>("service");
    CountsPage page;
    page.quarter = quarter.name();
    page.months = quarter.months();
    page.path = visit.request.path;
    page.back = backToReturn(quarter);
    database_.read([&](Transaction& tx) {
        const auto service = delivery::Services::byId(tx, visit.authority(), id);
        if (!service.countsOnly)
            throw values::Conflict(
                "This service keeps single records, so its counts come from them. Change what is kept of it "
                "in its record first.");
        page.service = service.name;
        page.fields = countFields(delivery::EnteredCounts::of(tx, service, quarter),
                                  catalogues_.inForce(tx)->latest, visit);
    });
    if (!visit.problems.empty()) page.summaryOfErrors = errorSummary(visit.problems);
    return render(visit, "counts", page);
}

Response Door::saveCounts(Visit& visit) {
    const auto quarter = quarterOf(visit);
    const auto service = serviceOf(visit);
    values::Reader reader(visit.request.form);
    delivery::EnteredCounts::Counts counts;
    for (const auto& measure : delivery::EnteredCounts::measures()) {
        if (reader.text(measure, "how many; 0 where there were none").empty()) continue;
        if (const auto count = reader.optionalWhole(measure, 0, 1000000)) counts[measure] = *count;
    }
    reader.refuseProblems();
    return platform::seeOther(once(visit, [&](Transaction& tx) {
        if (!service.countsOnly)
            throw values::Conflict("This service keeps single records, so its counts come from them.");
        delivery::EnteredCounts::put(tx, service, quarter, counts);
        returns::Returns::noteEffort(tx, ids_, visit.authority(), quarter, effortIn(visit.request.form));
        return returnHref(quarter);
    }));
}

}  // namespace authority
