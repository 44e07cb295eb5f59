#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "guidance/loader.h"
#include "measures/evaluate.h"

/// A service of a few records, and the guidance it runs under: a checklist of two items, the SDQ, twelve
/// sessions.
namespace small {

using measures::dayOf;
using measures::Facts;
using measures::Figures;
using measures::Population;
using values::Date;
using values::Quarter;

inline const Quarter kQuarter = *Quarter::parse("2025-26 Q1");

inline std::string textOf(const std::string& path) {
    std::ifstream file(std::string(PLUMBLINE_SOURCE) + "/" + path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

inline nlohmann::json guidance() {
    return nlohmann::json::parse(R"({
        "interventions": [{"id": "i", "name": "I", "dose": {"expected_sessions": 12, "minimum_share": 0.75},
            "start_within_days": 28, "supervision_within_days": 30, "instruments": ["sdq"],
            "fidelity": {"checklist": "c", "threshold": 0.8}}],
        "checklists": [{"id": "c", "version": 1, "items": [
            {"id": "a", "text": "A", "dimension": "adherence", "max": 4, "required": true},
            {"id": "b", "text": "B", "dimension": "quality", "max": 2, "required": false}]}],
        "instruments": [{"id": "sdq", "name": "SDQ", "min": 0, "max": 40, "better": "lower", "sd": 5.8,
            "reliability": 0.82, "basis": "literature"}]})");
}

/// The standard measures, with what a test adds or changes.
inline ::guidance::Catalogue catalogueWith(const nlohmann::json& added) {
    auto own = guidance();
    own.update(added);
    const std::vector<::guidance::Document> documents{
        {"standard", textOf("schema/guidance/measures.json"), 0}, {"file.json", own.dump(), 1}};
    return ::guidance::load(documents, textOf("schema/guidance/schema/catalogue.schema.json"), {})
        .guidance.latest();
}

inline const ::guidance::Catalogue& catalogue() {
    static const auto kept = catalogueWith(nlohmann::json::object());
    return kept;
}

inline const measures::Plan& plan() {
    static const measures::Plan kept(catalogue());
    return kept;
}

struct Episode {
    Date referredOn;
    std::optional<Date> startedOn;
    std::optional<Date> endedOn;
    int held = 0;
    std::string endReason = "withdrew";
    std::string sex = "female";
};
struct Session {
    std::uint32_t practitioner;
    Date heldOn;
    std::string status = "held";
    std::uint32_t episode = 0;
};
struct Review {
    std::uint32_t practitioner;
    Date reviewedOn;
    std::string scores;
};
struct Practitioner {
    Date trainedOn;
    Date accreditedUntil;
    std::vector<Date> supervisedOn;
};
struct Score {
    std::uint32_t episode;
    std::string timePoint;
    Date scoredOn;
    double value;
};

struct Service {
    std::vector<Episode> episodes;
    std::vector<Session> sessions;
    std::vector<Review> reviews;
    std::vector<Practitioner> practitioners;
    std::vector<Score> scores;

    Facts facts() const;
};

/// An episode's `held` sessions are held long ago, by nobody known.
inline Facts Service::facts() const {
    Facts facts;
    measures::Rows service(facts, Population::services);
    service.add({service.word("full"), dayOf(Date(2025, 1, 1)), measures::kUnknown, 20, measures::kUnknown});
    const auto addSession = [&](double day, const std::string& status, std::uint32_t episode,
                                std::uint32_t practitioner) {
        measures::Rows rows(facts, Population::sessions);
        rows.add({day, rows.word(status), 60, rows.word("home")});
        rows.belongsTo(Population::episodes, episode);
        rows.belongsTo(Population::practitioners, practitioner);
        rows.belongsTo(Population::services, 0);
    };
    for (const auto& one : episodes) {
        measures::Rows rows(facts, Population::episodes);
        rows.add({dayOf(one.referredOn), dayOf(one.referredOn), dayOf(one.startedOn), dayOf(one.startedOn),
                  dayOf(one.endedOn), one.endedOn ? rows.word(one.endReason) : measures::kUnknown,
                  rows.word("5-9"), rows.word(one.sex), rows.word("White"), rows.word("no"),
                  rows.word("stability")});
        rows.belongsTo(Population::services, 0);
        const auto episode = static_cast<std::uint32_t>(rows.count() - 1);
        for (int s = 0; s < one.held; ++s)
            addSession(dayOf(Date(2024, 1, 1)), "held", episode, measures::kNobody);
    }
    for (const auto& one : sessions) addSession(dayOf(one.heldOn), one.status, one.episode, one.practitioner);
    for (const auto& one : reviews) {
        measures::Rows rows(facts, Population::reviews);
        rows.add({dayOf(one.reviewedOn), rows.word("observer"), rows.word("c"), 1});
        facts.addScores(one.scores);
        rows.belongsTo(Population::practitioners, one.practitioner);
        rows.belongsTo(Population::services, 0);
    }
    std::uint32_t place = 0;
    for (const auto& one : practitioners) {
        measures::Rows rows(facts, Population::practitioners);
        rows.add({rows.word("worker"), dayOf(one.trainedOn), dayOf(one.accreditedUntil), 1});
        rows.belongsTo(Population::services, 0);
        for (const auto day : one.supervisedOn) {
            measures::Rows supervisions(facts, Population::supervisions);
            supervisions.add({dayOf(day)});
            supervisions.belongsTo(Population::practitioners, place);
            supervisions.belongsTo(Population::services, 0);
        }
        ++place;
    }
    for (const auto& one : scores) {
        measures::Rows rows(facts, Population::scores);
        rows.add(
            {rows.word("sdq"), rows.word("carer"), rows.word(one.timePoint), dayOf(one.scoredOn), one.value});
        rows.belongsTo(Population::episodes, one.episode);
        rows.belongsTo(Population::services, 0);
    }
    facts.complete(catalogue());
    return facts;
}

inline std::string scores(int a, int b) { return {static_cast<char>(a), static_cast<char>(b)}; }

inline Figures figuresOf(const Service& service, Quarter quarter = kQuarter) {
    const auto facts = service.facts();
    return measures::Evaluator(plan(), facts, *catalogue().intervention("i")).of(quarter);
}

inline Service randomService(std::mt19937& random, int episodes) {
    const auto whole = [&](int least, int most) {
        return std::uniform_int_distribution<int>(least, most)(random);
    };
    Service service;
    for (int p = 0; p < 4; ++p)
        service.practitioners.push_back({Date(2025, 1, 1).plusDays(whole(0, 300)),
                                         Date(2025, 1, 1).plusDays(whole(0, 300)),
                                         {Date(2025, 4, 1).plusDays(whole(0, 90))}});
    for (std::uint32_t e = 0; e < static_cast<std::uint32_t>(episodes); ++e) {
        const auto referred = Date(2025, 2, 1).plusDays(whole(0, 150));
        const auto started = whole(0, 3) != 0 ? std::optional(referred.plusDays(whole(0, 50))) : std::nullopt;
        service.episodes.push_back(
            {referred, started,
             started && whole(0, 1) == 1 ? std::optional(started->plusDays(whole(0, 90))) : std::nullopt,
             whole(0, 15), whole(0, 1) == 1 ? "completed" : "withdrew",
             whole(0, 1) == 1 ? "male" : "female"});
        service.sessions.push_back({static_cast<std::uint32_t>(whole(0, 3)),
                                    Date(2025, 3, 1).plusDays(whole(0, 150)),
                                    whole(0, 4) == 0 ? "missed" : "held", e});
        service.reviews.push_back({static_cast<std::uint32_t>(whole(0, 3)),
                                   Date(2025, 3, 1).plusDays(whole(0, 150)),
                                   scores(whole(0, 4), whole(0, 2))});
        for (const auto* point : {"before", "after"})
            if (whole(0, 4) != 0)
                service.scores.push_back(
                    {e, point, Date(2025, 3, 1).plusDays(whole(0, 150)), static_cast<double>(whole(0, 40))});
    }
    return service;
}

}  // namespace small
