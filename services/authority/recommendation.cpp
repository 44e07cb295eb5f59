#include <cmath>
#include <nlohmann/json.hpp>

#include "authority/door.h"
#include "authority/quarters.h"
#include "authority/view.h"
#include "results/report.h"

namespace authority {
namespace {

using nlohmann::json;
using platform::Response;
using platform::Transaction;

json fact(const std::string& name, const std::string& value) { return {{"name", name}, {"value", value}}; }

json standardCard(const measures::StandardResult& result, const guidance::Catalogue& catalogue,
                  const std::vector<const delivery::Service*>& services, values::Quarter quarter) {
    const auto& standard = *result.standard;
    const auto* measure = catalogue.measure(standard.measure);
    const auto& counts = result.figure.parts.proportion;
    json facts = json::array();
    facts.push_back(fact("Figure", sentence(shareText(counts, standard.minimumN))));
    facts.push_back(fact("Counts", countText(counts) + " " + measure->unit));
    facts.push_back(fact("95% interval", intervalText(counts)));
    facts.push_back(fact("Standard", "At least " + wholePercent(standard.atLeast) + ", of " +
                                         std::to_string(standard.minimumN) + " or more; " +
                                         (standard.isRequired ? "required" : "not required")));
    facts.push_back(
        fact("Where the standard comes from",
             sentence(basisText(standard.basis)) + (standard.reason.empty() ? "" : ": " + standard.reason)));
    for (const auto& also : measure->also)
        if (const auto parts = result.figure.also.find(also.name); parts != result.figure.also.end())
            facts.push_back(fact(also.title, numberText(parts->second, also)));
    facts.push_back(fact("Why it matters", measure->why));
    json links = json::array();
    for (const auto* service : services)
        links.push_back({{"href", "/services/" + service->id.text() + "/measures/" + standard.measure +
                                      "?quarter=" + quarter.slug()},
                         {"name", service->name}});
    return {{"links", links},
            {"title", catalogue.measureTitle(standard.measure)},
            {"explanation", measure->explanation},
            {"status", statusTag(result.status)},
            {"facts", facts}};
}

json aboutRecommendation(const guidance::Guide& guide, const guidance::Recommendation& recommendation,
                         const guidance::Catalogue& catalogue) {
    json facts = json::array();
    if (!recommendation.population.empty()) facts.push_back(fact("For", recommendation.population));
    facts.push_back(fact("Strength of evidence", recommendation.strength.empty()
                                                     ? "The guide's label has not been confirmed."
                                                     : "The guide says: " + recommendation.strength + "."));
    std::string names;
    for (const auto& id : recommendation.interventions)
        names += (names.empty() ? "" : "; ") + catalogue.nameOf(id);
    facts.push_back(fact("Interventions", names.empty() ? "None named" : names));
    facts.push_back(fact("Wording", recommendation.isConfirmed
                                        ? "Paraphrased from the guide."
                                        : "Paraphrased; not yet confirmed against the guide."));
    if (recommendation.source)
        facts.push_back(fact("Source", recommendation.source->title +
                                           (recommendation.source->checkedOn
                                                ? ", checked " + recommendation.source->checkedOn->text()
                                                : "")));
    facts.push_back(fact("Guide", guide.title + ", version " + guide.version));
    return facts;
}

}  // namespace

Response Door::recommendation(Visit& visit) {
    json view;
    database_.read([&](Transaction& tx) {
        const auto quarters = quartersOf(tx, visit, clock_.today());
        const auto report = results::reportOf(tx, catalogues_, visit.authority(), quarters.chosen);
        const auto wanted = visit.request.part("recommendation");
        const auto found = std::ranges::find_if(
            report.recommendations, [&](const auto& judged) { return judged.recommendation->id == wanted; });
        if (found == report.recommendations.end()) throw values::NotFound("no such recommendation");
        const auto& catalogue = report.edition->catalogue;

        view = {
            {"title", found->recommendation->title},
            {"guide", found->guide->title},
            {"quarter", quarters.chosen.name()},
            {"level", levelTag(found->result.level)},
            {"facts", aboutRecommendation(*found->guide, *found->recommendation, catalogue)},
            {"reasons", found->result.reasons},
            {"rule", true},
            {"action", visit.may(identity::Permission::manageRegister)
                           ? json{{"href", "/records/actions/new?about_kind=recommendation&about=" +
                                               found->recommendation->id}}
                           : json()},
            {"declare", visit.may(identity::Permission::manageRegister)
                            ? json{{"href", "/declarations/" + found->recommendation->id}}
                            : json()},
            {"hasStandards", !found->result.standards.empty()},
            {"standards", json::array()},
            {"hasServices", !found->running.empty() || !found->planned.empty()},
            {"services", json::array()},
            {"back", {{"href", "/?quarter=" + quarters.chosen.slug()}, {"text", "Back to the guidance"}}}};
        for (const auto& standard : found->result.standards)
            view["standards"].push_back(standardCard(standard, catalogue, found->running, quarters.chosen));
        const auto list = [&](const delivery::Service& service, const std::string& note) {
            view["services"].push_back(
                {{"href", "/services/" + service.id.text() + "?quarter=" + quarters.chosen.slug()},
                 {"name", service.name},
                 {"note", catalogue.nameOf(service.intervention) + note}});
        };
        for (const auto* service : found->running) list(*service, "");
        for (const auto* service : found->planned)
            list(*service, ", " + service->stage + "; not counted yet");
    });
    return render(visit, "recommendation", std::move(view));
}

}  // namespace authority
