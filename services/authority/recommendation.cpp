#include <algorithm>

#include "authority/door.h"
#include "authority/quarters.h"
#include "authority/view.h"
#include "results/report.h"

namespace authority {
namespace {

using platform::Response;
using platform::Transaction;
using platform::View;

/// One of a recommendation's standards, pooled over its services.
struct StandardCard {
    std::string title;
    std::string explanation;
    Tag status;
    std::vector<Fact> facts;
    std::vector<Link> links;  ///< to what each service brings to it

    View view() const {
        return {{"links", links},
                {"title", title},
                {"explanation", explanation},
                {"status", status},
                {"facts", facts}};
    }
};

struct JudgedService {
    std::string href;
    std::string name;
    std::string note;

    View view() const { return {{"href", href}, {"name", name}, {"note", note}}; }
};

struct RecommendationPage {
    std::string title;
    std::string guide;
    std::string quarter;
    Tag level;
    std::vector<Fact> facts;
    std::vector<Link> links;  ///< what can be done about it
    std::vector<std::string> reasons;
    std::vector<StandardCard> standards;
    std::vector<JudgedService> services;
    Link back;

    View view() const {
        return {{"title", title},       {"guide", guide}, {"quarter", quarter}, {"level", level},
                {"facts", facts},       {"links", links}, {"reasons", reasons}, {"standards", standards},
                {"services", services}, {"back", back}};
    }
};

std::vector<Fact> standardFacts(const measures::StandardResult& result, const guidance::Measure& measure) {
    const auto& standard = *result.standard;
    const auto& counts = result.figure.parts.proportion;
    std::vector<Fact> facts{
        {"Figure", result.status == measures::Status::notMet
                       ? measures::percentBeside(counts, standard.atLeast)
                       : sentence(shareText(counts, standard.minimumN))},
        {"Counts", countText(counts) + " " + measure.unit},
        {"95% interval", intervalText(counts)},
        {"Standard", "At least " + wholePercent(standard.atLeast) + ", of " +
                         std::to_string(standard.minimumN) + " or more; " +
                         (standard.isRequired ? "required" : "not required")},
        {"Where the standard comes from",
         sentence(basisText(standard.basis)) + (standard.reason.empty() ? "" : ": " + standard.reason)}};
    for (const auto& also : measure.also)
        if (const auto parts = result.figure.also.find(also.name); parts != result.figure.also.end())
            facts.push_back({also.title, numberText(parts->second, also)});
    facts.push_back({"Why it matters", measure.why});
    return facts;
}

StandardCard standardCard(const measures::StandardResult& result, const guidance::Catalogue& catalogue,
                          const std::vector<const delivery::Service*>& services, values::Quarter quarter) {
    const auto& name = result.standard->measure;
    const auto& measure = *catalogue.measure(name);
    StandardCard card{catalogue.measureTitle(name),
                      measure.explanation,
                      statusTag(result.status),
                      standardFacts(result, measure),
                      {}};
    for (const auto* service : services)
        card.links.push_back(
            {"/services/" + service->id.text() + "/measures/" + name + "?quarter=" + quarter.slug(),
             service->name});
    return card;
}

std::string namesOf(const std::vector<std::string>& interventions, const guidance::Catalogue& catalogue) {
    std::string names;
    for (const auto& id : interventions) names += (names.empty() ? "" : "; ") + catalogue.nameOf(id);
    return names.empty() ? "None named" : names;
}

std::vector<Fact> factsOf(const guidance::Guide& guide, const guidance::Recommendation& recommendation,
                          const guidance::Catalogue& catalogue) {
    std::vector<Fact> facts;
    if (!recommendation.population.empty()) facts.push_back({"For", recommendation.population});
    facts.push_back({"Strength of evidence", recommendation.strength.empty()
                                                 ? "The guide's label has not been confirmed."
                                                 : "The guide says: " + recommendation.strength + "."});
    facts.push_back({"Interventions", namesOf(recommendation.interventions, catalogue)});
    facts.push_back({"Wording", recommendation.isConfirmed
                                    ? "Paraphrased from the guide."
                                    : "Paraphrased; not yet confirmed against the guide."});
    if (const auto& source = recommendation.source)
        facts.push_back(
            {"Source", source->title + (source->checkedOn ? ", checked " + source->checkedOn->text() : "")});
    facts.push_back({"Guide", guide.title + ", version " + guide.version});
    return facts;
}

std::vector<JudgedService> judgedServices(const results::RecommendationResult& judged,
                                          const guidance::Catalogue& catalogue, values::Quarter quarter) {
    std::vector<JudgedService> rows;
    const auto add = [&](const delivery::Service& service, const std::string& note) {
        rows.push_back({"/services/" + service.id.text() + "?quarter=" + quarter.slug(), service.name,
                        catalogue.nameOf(service.intervention) + note});
    };
    for (const auto* service : judged.running) add(*service, "");
    for (const auto* service : judged.planned) add(*service, ", " + service->stage + "; not counted yet");
    return rows;
}

RecommendationPage pageOf(const results::RecommendationResult& judged, const results::Report& report,
                          bool mayManage) {
    const auto& catalogue = report.edition->catalogue;
    const auto& id = judged.recommendation->id;
    RecommendationPage page;
    page.title = judged.recommendation->title;
    page.guide = judged.guide->title;
    page.quarter = report.quarter.name();
    page.level = levelTag(judged.result.level);
    page.facts = factsOf(*judged.guide, *judged.recommendation, catalogue);
    if (mayManage)
        page.links = {{"/declarations/" + id, "Declare where you stand"},
                      {"/records/actions/new?about_kind=recommendation&about=" + id, "Raise an action"}};
    page.reasons = judged.result.reasons;
    for (const auto& standard : judged.result.standards)
        page.standards.push_back(standardCard(standard, catalogue, judged.running, report.quarter));
    page.services = judgedServices(judged, catalogue, report.quarter);
    page.back = {"/?quarter=" + report.quarter.slug(), "Back to the guidance"};
    return page;
}

}  // namespace

Response Door::recommendation(Visit& visit) {
    RecommendationPage page;
    database_.read([&](Transaction& tx) {
        const auto quarters = quartersOf(tx, visit, clock_.today());
        const auto report = results::reportOf(tx, catalogues_, visit.authority(), quarters.chosen);
        const auto wanted = visit.request.part("recommendation");
        const auto found = std::ranges::find_if(
            report.recommendations, [&](const auto& judged) { return judged.recommendation->id == wanted; });
        if (found == report.recommendations.end()) throw values::NotFound("no such recommendation");
        page = pageOf(*found, report, visit.may(identity::Permission::manageRegister));
    });
    return render(visit, "recommendation", page);
}

}  // namespace authority
