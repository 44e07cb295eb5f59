#include <algorithm>

#include "authority/door.h"
#include "authority/quarters.h"
#include "authority/tasks.h"
#include "delivery/touched.h"

namespace authority {
namespace {

using measures::Level;
using platform::Response;
using platform::Transaction;
using platform::View;

/// A recommendation, and what the records say of it.
struct JudgedRow {
    std::string title;
    std::string href;
    Tag level;
    std::string reason;

    View view() const { return {{"title", title}, {"href", href}, {"level", level}, {"reason", reason}}; }
};

struct GuideSection {
    std::string id;
    std::string title;
    std::string about;
    std::string versionsHref;
    std::vector<JudgedRow> recommendations;

    View view() const {
        return {{"versionsHref", versionsHref},
                {"id", "guide-" + id},
                {"title", title},
                {"about", about},
                {"recommendations", recommendations}};
    }
};

/// A service of an approach that no guide recommends.
struct UnevidencedRow {
    std::string href;
    std::string name;
    std::string approach;
    std::string evidence;

    View view() const {
        return {{"href", href}, {"name", name}, {"approach", approach}, {"evidence", evidence}};
    }
};

struct HomePage {
    std::string authority;
    std::vector<Task> tasks;
    std::optional<News> news;
    Field quarterChoice;
    Field guideChoice;
    std::optional<Text> waiting;
    bool hasServices = false;
    std::string quarter;
    std::string months;
    std::vector<std::string> plainWords;
    std::string summary;
    std::vector<GuideSection> guides;
    std::vector<UnevidencedRow> unevidenced;

    View view() const {
        return {{"title", "Home"},
                {"authority", authority},
                {"tasks", tasks},
                {"news", news},
                {"quarterChoice", quarterChoice},
                {"guideChoice", guideChoice},
                {"show", secondaryButton("Show")},
                {"waiting", waiting},
                {"hasServices", hasServices},
                {"quarter", quarter},
                {"months", months},
                {"plainWords", plainWords},
                {"summary", summary},
                {"guides", guides},
                {"unevidenced", unevidenced}};
    }
};

JudgedRow judgedRow(const results::RecommendationResult& judged, values::Quarter quarter) {
    return {judged.recommendation->title,
            "/recommendations/" + judged.recommendation->id + "?quarter=" + quarter.slug(),
            levelTag(judged.result.level),
            judged.result.reasons.empty() ? "" : judged.result.reasons.front()};
}

/// `3 of 9 recommendations are delivered as intended, 2 partly; 1 has too little to judge.`
std::string summaryTextOf(const results::Report& report) {
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
std::vector<std::string> plainWordsOf(const results::Report& report) {
    std::vector<std::string> sentences;
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
    const auto first = std::ranges::find_if(report.recommendations, [](const auto& judged) {
        return judged.result.level == Level::partlyDelivered;
    });
    if (first != report.recommendations.end() && !first->result.reasons.empty())
        sentences.push_back("To look at first: “" + first->recommendation->title + "” is partly delivered. " +
                            first->result.reasons.front());
    return sentences;
}

/// `chosen`: the guide to show; empty for all of them.
std::vector<GuideSection> guideSections(const results::Report& report, const std::string& chosen) {
    std::vector<GuideSection> sections;
    for (const auto& guide : report.edition->catalogue.guides) {
        if (!chosen.empty() && guide.id != chosen) continue;
        const auto published = values::Date::fromIso(guide.published);
        GuideSection section{
            guide.id,
            guide.title,
            "Practice Guide by " + guide.publisher + (published ? ", published " + published->text() : ""),
            "/guides/" + guide.id + "?quarter=" + report.quarter.slug(),
            {}};
        for (const auto& judged : report.recommendations)
            if (judged.guide == &guide) section.recommendations.push_back(judgedRow(judged, report.quarter));
        sections.push_back(std::move(section));
    }
    return sections;
}

std::vector<UnevidencedRow> unevidencedRows(const results::Report& report) {
    std::vector<UnevidencedRow> rows;
    for (const auto* service : report.unevidenced) {
        const auto approach = report.edition->catalogue.approaches.find(service->intervention);
        const bool isKnown = approach != report.edition->catalogue.approaches.end();
        rows.push_back({"/services/" + service->id.text() + "?quarter=" + report.quarter.slug(),
                        service->name, isKnown ? approach->second.name : service->intervention,
                        isKnown ? approach->second.evidence : "not in the guidance catalogue."});
    }
    return rows;
}

Field guideChoice(const guidance::Catalogue& catalogue, const std::string& chosen) {
    std::vector<Option> guides{{"", "All guides"}};
    for (const auto& one : catalogue.guides) guides.push_back({one.id, one.title});
    return choice("guide", "Guide", guides, chosen);
}

std::optional<Text> waitingText(std::int64_t services) {
    if (services == 0) return std::nullopt;
    return Text{"Figures of " + std::to_string(services) + (services == 1 ? " service" : " services") +
                " are being brought up to date. Reload this page in a moment."};
}

/// What the report says, of one guide or of all.
HomePage pageOf(const results::Report& report, const std::string& guide) {
    HomePage page;
    page.guideChoice = guideChoice(report.edition->catalogue, guide);
    page.quarter = report.quarter.name();
    page.months = report.quarter.months();
    page.plainWords = plainWordsOf(report);
    page.summary = summaryTextOf(report);
    page.guides = guideSections(report, guide);
    page.unevidenced = unevidencedRows(report);
    return page;
}

}  // namespace

Response Door::home(Visit& visit) {
    HomePage page;
    database_.read([&](Transaction& tx) {
        const auto today = clock_.today();
        const auto quarters = quartersOf(tx, visit, today);
        const auto report = results::reportOf(tx, catalogues_, visit.authority(), quarters.chosen);
        page = pageOf(report, entrance::valueOf(visit.request.query, "guide"));
        page.authority = visit.authorityName;
        page.tasks = tasksOf(tx, visit, report, keeper_, today);
        page.news = newsOf(tx, visit);
        page.quarterChoice = quarterChoice(quarters);
        page.waiting = waitingText(delivery::Touched::count(tx, visit.authority()));
        page.hasServices = !delivery::Services::of(tx, visit.authority()).empty();
    });
    return render(visit, "home", page);
}

}  // namespace authority
