#include <nlohmann/json.hpp>

#include "authority/door.h"
#include "authority/quarters.h"
#include "authority/view.h"
#include "delivery/touched.h"
#include "results/report.h"

namespace authority {
namespace {

using measures::Level;
using nlohmann::json;
using platform::Response;
using platform::Transaction;

json recommendationRow(const results::RecommendationResult& judged, values::Quarter quarter) {
    return {{"title", judged.recommendation->title},
            {"href", "/recommendations/" + judged.recommendation->id + "?quarter=" + quarter.slug()},
            {"level", levelTag(judged.result.level)},
            {"reason", judged.result.reasons.empty() ? "" : judged.result.reasons.front()}};
}

/// `3 of 9 recommendations are delivered as intended, 2 partly; 1 has too little to judge.`
std::string summaryOf(const results::Report& report) {
    const auto count = [&](Level level) {
        return std::ranges::count_if(report.recommendations,
                                     [&](const auto& judged) { return judged.result.level == level; });
    };
    return "Of " + std::to_string(report.recommendations.size()) +
           " recommendations: " + std::to_string(count(Level::deliveredAsIntended)) +
           " delivered as intended, " + std::to_string(count(Level::partlyDelivered)) +
           " partly delivered, " + std::to_string(count(Level::tooLittleToJudge)) +
           " with too little to judge, " + std::to_string(count(Level::planned)) + " planned, " +
           std::to_string(count(Level::notOffered)) + " not offered.";
}

/// The quarter in a few sentences: what was delivered, to how many, and what to look at first.
json plainWordsOf(const results::Report& report) {
    json sentences = json::array();
    const auto count = [&](const char* measure) {
        std::int64_t sum = 0;
        for (const auto& [service, figures] : report.services)
            if (const auto found = figures.find(measure); found != figures.end())
                sum += found->second.parts.proportion.numerator;
        return sum;
    };
    if (report.services.empty()) return sentences;
    sentences.push_back(std::to_string(report.services.size()) +
                        (report.services.size() == 1 ? " service was" : " services were") + " running. " +
                        std::to_string(count("referred")) + " episodes were referred, " +
                        std::to_string(count("started")) + " started, and " +
                        std::to_string(count("completed")) + " of " + std::to_string(count("ended")) +
                        " that ended were completed.");
    const results::RecommendationResult* first = nullptr;
    for (const auto& judged : report.recommendations)
        if (judged.result.level == Level::partlyDelivered) {
            first = &judged;
            break;
        }
    if (first != nullptr && !first->result.reasons.empty())
        sentences.push_back("To look at first: “" + first->recommendation->title + "” is partly delivered. " +
                            first->result.reasons.front());
    return sentences;
}

json guideSections(const results::Report& report, const std::string& chosen) {
    json sections = json::array();
    for (const auto& guide : report.edition->catalogue.guides) {
        if (!chosen.empty() && guide.id != chosen) continue;
        json rows = json::array();
        for (const auto& judged : report.recommendations)
            if (judged.guide == &guide) rows.push_back(recommendationRow(judged, report.quarter));
        const auto published = values::Date::fromIso(guide.published);
        sections.push_back({{"versionsHref", "/guides/" + guide.id + "?quarter=" + report.quarter.slug()},
                            {"id", "guide-" + guide.id},
                            {"title", guide.title},
                            {"about", "Practice Guide by " + guide.publisher +
                                          (published ? ", published " + published->text() : "")},
                            {"recommendations", rows}});
    }
    return sections;
}

json unevidencedRows(const results::Report& report) {
    json rows = json::array();
    for (const auto* service : report.unevidenced) {
        const auto approach = report.edition->catalogue.approaches.find(service->intervention);
        const bool isKnown = approach != report.edition->catalogue.approaches.end();
        rows.push_back(
            {{"href", "/services/" + service->id.text() + "?quarter=" + report.quarter.slug()},
             {"name", service->name},
             {"approach", isKnown ? approach->second.name : service->intervention},
             {"evidence", isKnown ? approach->second.evidence : "not in the guidance catalogue."}});
    }
    return rows;
}

}  // namespace

Response Door::home(Visit& visit) {
    json view{{"title", "Home"}};
    database_.read([&](Transaction& tx) {
        const auto authority = visit.authority();
        const auto quarters = quartersOf(tx, visit, clock_.today());
        const auto report = results::reportOf(tx, catalogues_, authority, quarters.chosen);
        const auto waiting = delivery::Touched::count(tx, authority);
        values::Reader query(visit.request.query);
        const auto guide = query.optionalText("guide").value_or("");
        std::vector<Option> guides{{"", "All guides"}};
        for (const auto& one : report.edition->catalogue.guides) guides.push_back({one.id, one.title});
        const bool isFound = !delivery::Services::of(tx, authority).empty();

        view["tasks"] = tasksOf(tx, visit, report);
        view["hasTasks"] = !view["tasks"].empty();
        view["isDone"] = view["tasks"].empty();
        view["news"] = newsOf(tx, visit);
        view["authority"] = visit.authorityName;
        view["quarterChoice"] = quarterChoice(quarters.first, quarters.last, quarters.chosen);
        view["guideChoice"] = choice("guide", "Guide", guides, guide);
        view["show"] = secondaryButton("Show");
        view["nothing"] = !isFound;
        view["isFound"] = isFound;
        view["quarter"] = quarters.chosen.name();
        view["months"] = quarters.chosen.months();
        view["summary"] = summaryOf(report);
        view["plainWords"] = plainWordsOf(report);
        view["guides"] = guideSections(report, guide);
        view["unevidenced"] = unevidencedRows(report);
        view["hasUnevidenced"] = !report.unevidenced.empty();
        if (waiting > 0)
            view["waiting"] = {{"text", "Figures of " + std::to_string(waiting) +
                                            (waiting == 1 ? " service" : " services") +
                                            " are being brought up to date. Reload this page in a moment."}};
    });
    return render(visit, "home", std::move(view));
}

}  // namespace authority
