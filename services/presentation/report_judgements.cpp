// Sections 1 to 7 of a report's page: what is judged, found and asked.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "platform/http.h"
#include "presentation/report_sections.h"
#include "presentation/words.h"

namespace presentation {

using entrance::Row;
using entrance::row;
using entrance::sentence;
using entrance::table;
using entrance::unlessEmpty;
using platform::View;

namespace {

constexpr std::array kLevels{"delivered as intended", "partly delivered", "too little to judge", "planned",
                             "not offered"};

std::string anchorOf(const View& recommendation) {
    return "recommendation-" + recommendation.at("recommendation").text();
}

bool hasNothingToSay(const View& expectation) { return !expectation.at("silent").text().empty(); }

/// `3 delivered as intended`, level by level, of those recommendations that `belongs` picks.
template <class Belongs>
std::vector<std::string> countedByLevel(const View& recommendations, Belongs belongs) {
    std::vector<std::string> words;
    for (const auto* level : kLevels) {
        const auto count = std::ranges::count_if(recommendations.items(), [&](const View& one) {
            return one.at("level") == level && belongs(one);
        });
        if (count > 0) words.push_back(std::to_string(count) + " " + level);
    }
    return words;
}

std::size_t countedTrue(const View& list, const char* part) {
    return static_cast<std::size_t>(
        std::ranges::count_if(list.items(), [&](const View& one) { return one.at(part).isTrue(); }));
}

/// What a required standard comes to, with what is asked for where it is not met.
std::string standardText(const View& standard) {
    auto text = standard.at("title").text() + ": " + shareText(countsOf(standard), fewestOf(standard));
    if (standard.at("status") != "not met") return text;
    return text + fmt::format(", where {:.0f}% is asked for", standard.at("at_least").fraction() * 100);
}

/// The level in one line: what is not met, or else what is, of what is required.
std::string whyText(const View& one) {
    std::string missed;
    std::string met;
    for (const auto& standard : one.at("standards")) {
        if (!standard.at("required").isTrue()) continue;
        auto& lines = standard.at("status") == "met" ? met : missed;
        lines += (lines.empty() ? "" : ". ") + standardText(standard);
    }
    if (!missed.empty()) return missed + ".";
    if (!met.empty()) return met + ".";
    const auto& declared = one.at("declared");
    if (declared.isObject() && !declared.at("reason").text().empty())
        return "The authority says: " + declared.at("reason").text() + ".";
    const auto& reasons = one.at("reasons");
    return one.at("level") == "not offered" || reasons.empty() ? "" : reasons.at(0).text();
}

std::string criterionText(const View& criterion) {
    const auto verdict = criterion.at("verdict").text();
    return sentence(criterion.at("name").text()) + (verdict == "not applicable" ? "" : " (" + verdict + ")") +
           ": " + criterion.at("words").text();
}

std::vector<std::string> criteriaOf(const View& evidence) {
    std::vector<std::string> texts;
    for (const auto& criterion : evidence.at("criteria")) texts.push_back(criterionText(criterion));
    return texts;
}

Row measureRow(const View& measure) {
    return row(measure.at("title"),
               {figureText(measure, fewestOf(measure)), behindText(measure),
                measure.contains("denominator") ? intervalText(countsOf(measure)) : "–"});
}

std::string basisText(const View& basis) {
    if (basis == "guide") return "The guide";
    if (basis == "programme") return "The programme";
    if (basis == "literature") return "The literature";
    return "Set here, not by the guide";
}

Row standardRow(const View& standard) {
    const auto counts = countsOf(standard);
    return row(standard.at("title"),
               {shareText(counts, fewestOf(standard)), countText(counts), intervalText(counts),
                fmt::format("{:.0f}%{}", standard.at("at_least").fraction() * 100,
                            standard.at("required").isTrue() ? "" : ", not required"),
                basisText(standard.at("basis")), sentence(standard.at("status").text())});
}

std::string declaredText(const View& declared) {
    if (!declared.isObject()) return "The authority has declared nothing.";
    auto text = "Declared " + declared.at("status").text() + " on " + dayText(declared.at("on")) + ".";
    if (const auto reason = declared.at("reason").text(); !reason.empty()) text += " Reason: " + reason + ".";
    if (const auto evidence = declared.at("evidence").text(); !evidence.empty())
        text += " Evidence named: " + evidence + ".";
    return text;
}

std::string levelsText(const View& levels) {
    std::vector<std::string> words;
    for (const auto& level : levels)
        words.push_back(level.at("quarter").text() + " " + level.at("level").text());
    return listed(words);
}

/// What delivery says of an expectation, in a word.
std::string strengthText(const View& expectation) {
    if (hasNothingToSay(expectation)) return "Nothing to say";
    const auto grade = expectation.at("evidence").at("grade").text();
    return sentence(grade == "none" ? "no evidence" : grade);
}

Row aimRow(const Source& source, const View& aim) {
    const bool isOutcome = aim.at("kind") == "outcome";
    const auto serves = [&](const View& one) {
        const auto& aims = one.at(isOutcome ? "outcomes" : "enablers").items();
        return std::ranges::find(aims, aim.at("id")) != aims.end();
    };
    const auto levels = countedByLevel(source.at("recommendations"), serves);
    std::vector<std::string> codes;
    for (const auto& one : source.at("expectations"))
        if (serves(one) && !hasNothingToSay(one)) codes.push_back(one.at("code"));
    auto name = aim.at("name").text();
    if (!aim.at("number").isNothing())
        name += fmt::format(" (outcome {} in this edition)", aim.at("number").whole());
    return row(name, {isOutcome ? "Outcome" : "Enabler",
                      levels.empty() ? "No recommendation serves it" : listed(levels),
                      codes.empty() ? "–" : listed(codes)});
}

Row serviceRow(const Source& source, const View& one) {
    auto made = row(
        one.at("name"),
        {one.at("intervention_name"), sentence(one.at("stage").text()), one.at("provider"),
         fmt::format("{} of {}", one.at("quarters_with_records").whole(), one.at("quarters_live").whole()),
         one.at("last_record").isNothing() ? "–" : dayText(one.at("last_record"))});
    if (one.at("is_counted").isTrue()) made.href = source.serviceAddress(one.at("service"));
    return made;
}

}  // namespace

Source::Source(const adherence::KeptReport& report, const Place& place)
    : content_(View::fromJson(report.content)), address_(place.address) {
    for (const auto& one : content_.at("services")) serviceNames_[one.at("service")] = one.at("name").text();
}

std::string Source::serviceName(const std::string& reference) const {
    const auto found = serviceNames_.find(reference);
    return found == serviceNames_.end() ? reference : found->second;
}

std::string Source::serviceAddress(const std::string& reference) const {
    return address_ + "/services/" + platform::segmentEncoded(reference);
}

View Glance::Entry::view() const {
    return {{"title", title}, {"href", href}, {"level", level}, {"grade", grade}, {"why", why}};
}

Glance Glance::of(const Source& source) {
    const auto& recommendations = source.at("recommendations");
    const auto& returns = source.at("returns");
    const auto running = countedTrue(source.at("services"), "is_counted");
    Glance glance{
        fmt::format("Of {} recommendations in national Practice Guides: {}.", recommendations.size(),
                    listed(countedByLevel(recommendations, [](const View&) { return true; }))),
        fmt::format("{} running {}; returns signed off for {} of {} quarters.", running,
                    running == 1 ? "service" : "services", countedTrue(returns, "is_signed"), returns.size()),
        {},
        {}};
    for (const std::string level : kLevels)
        for (const auto& one : recommendations)
            if (one.at("level") == level)
                (level == "not offered" ? glance.notOffered : glance.entries)
                    .push_back({one.at("title"), "#" + anchorOf(one), levelTag(level),
                                gradeTag(one.at("evidence").at("grade")), whyText(one)});
    return glance;
}

View Glance::view() const {
    return {{"summary", summary}, {"basis", basis}, {"glance", entries}, {"notOffered", notOffered}};
}

View Findings::Finding::view() const { return {{"number", number}, {"text", text}}; }

View Findings::Silent::view() const { return {{"code", code}, {"statement", statement}, {"why", why}}; }

Findings Findings::of(const Source& source) {
    Findings findings;
    const std::map<std::string, std::vector<Finding>*> byKind{{"contradiction", &findings.contradictions},
                                                              {"gap", &findings.gaps},
                                                              {"strength", &findings.strengths},
                                                              {"not known", &findings.unknowns}};
    for (const auto& one : source.at("findings")) {
        const auto number = one.at("number").whole();
        byKind.at(one.at("kind"))->push_back({number, one.at("text")});
        if (const auto enquiry = one.at("enquiry").text(); !enquiry.empty())
            findings.enquiries.push_back({number, enquiry});
    }
    for (const auto& one : source.at("expectations"))
        if (hasNothingToSay(one))
            findings.silents.push_back({one.at("code"), one.at("statement"), one.at("silent")});
    return findings;
}

View Findings::view() const {
    return {{"contradictions", contradictions},
            {"gaps", gaps},
            {"strengths", strengths},
            {"unknowns", unknowns},
            {"silents", silents},
            {"enquiries", enquiries}};
}

View Areas::RecommendationLink::view() const { return {{"href", href}, {"title", title}, {"level", level}}; }

View Areas::FindingNumber::view() const { return {{"number", number}}; }

Areas::Expectation Areas::Expectation::of(const Source& source, const View& one) {
    const auto& evidence = one.at("evidence");
    const auto name = one.at("expectation").text();
    const auto code = one.at("code").text();
    std::vector<Row> measures;
    for (const auto& measure : one.at("measures")) measures.push_back(measureRow(measure));
    std::vector<RecommendationLink> recommendations;
    for (const auto& id : one.at("recommendations"))
        for (const auto& known : source.at("recommendations"))
            if (known.at("recommendation") == id)
                recommendations.push_back(
                    {"#" + anchorOf(known), known.at("title"), levelTag(known.at("level"))});
    std::vector<FindingNumber> findings;
    for (const auto& number : one.at("findings")) findings.push_back({number.whole()});
    return {"expectation-" + name,
            code,
            one.at("statement"),
            one.at("silent"),
            gradeTag(evidence.at("grade")),
            one.at("lines").texts(),
            unlessEmpty(table("measures-" + name, "Figures for " + code,
                              {"Measure", "Figure", "Counts", "95% interval"}, measures)),
            recommendations,
            criteriaOf(evidence),
            findings};
}

View Areas::Expectation::view() const {
    return {{"id", id},
            {"code", code},
            {"statement", statement},
            {"silent", silent},
            {"grade", grade},
            {"lines", lines},
            {"measuresTable", measures},
            {"recommendations", recommendations},
            {"criteria", criteria},
            {"findings", findings}};
}

Areas::Area Areas::Area::of(const Source& source, const View& area) {
    const auto id = area.at("id").text();
    const auto name = area.at("name").text();
    std::vector<Row> overview;
    std::vector<Expectation> expectations;
    for (const auto& one : source.at("expectations")) {
        if (one.at("area") != id) continue;
        expectations.push_back(Expectation::of(source, one));
        const auto& shown = expectations.back();
        overview.push_back({shown.code + ". " + shown.statement, {strengthText(one)}, "#" + shown.id});
    }
    return {"area-" + id, name,
            table("overview-" + id, "What delivery says: " + name, {"Expectation", "Strength of evidence"},
                  overview),
            expectations};
}

View Areas::Area::view() const {
    return {{"id", id}, {"name", name}, {"overviewTable", overview}, {"expectations", expectations}};
}

Areas Areas::of(const Source& source) {
    const auto& framework = source.at("framework");
    Areas areas{framework.at("name"), {}};
    for (const auto& area : framework.at("areas")) areas.areas.push_back(Area::of(source, area));
    return areas;
}

View Areas::view() const { return {{"framework", framework}, {"areas", areas}}; }

Aims Aims::of(const Source& source) {
    const auto& aims = source.at("aims");
    std::vector<Row> rows;
    for (const auto& aim : aims.at("list")) rows.push_back(aimRow(source, aim));
    return {aims.at("edition"),
            table("aims", "The National Framework’s outcomes and enablers",
                  {"Outcome or enabler", "Kind", "Recommendations", "Expectations with evidence"}, rows)};
}

View Aims::view() const { return {{"aimsEdition", edition}, {"aimsTable", aims}}; }

View Recommendations::ServiceLink::view() const {
    return {{"href", href}, {"name", name}, {"note", note}, {"isRunning", isRunning}};
}

Recommendations::Recommendation Recommendations::Recommendation::of(const Source& source, const View& one) {
    const auto& evidence = one.at("evidence");
    const auto strength = one.at("guide_strength").text();
    std::vector<Row> standards;
    for (const auto& standard : one.at("standards")) standards.push_back(standardRow(standard));
    std::vector<ServiceLink> services;
    for (const auto& reference : one.at("services"))
        services.push_back({source.serviceAddress(reference), source.serviceName(reference), "", true});
    for (const auto& reference : one.at("planned"))
        services.push_back(
            {source.serviceAddress(reference), source.serviceName(reference), ", being prepared", false});
    return {anchorOf(one),
            one.at("title"),
            one.at("guide"),
            one.at("guide_version"),
            strength.empty() ? "The guide’s label for its evidence has not been confirmed."
                             : "The guide calls its evidence " + strength + ".",
            !one.at("is_confirmed").isTrue(),
            levelTag(one.at("level")),
            gradeTag(evidence.at("grade")),
            one.at("reasons").texts(),
            unlessEmpty(
                table("standards-" + one.at("recommendation").text(), "Standards: " + one.at("title").text(),
                      {"Measure", "Figure", "Counts", "95% interval", "At least", "Threshold from", "Result"},
                      standards)),
            services,
            declaredText(one.at("declared")),
            levelsText(one.at("levels")),
            criteriaOf(evidence)};
}

View Recommendations::Recommendation::view() const {
    return {{"id", id},
            {"title", title},
            {"guide", guide},
            {"version", version},
            {"strength", strength},
            {"isUnconfirmed", isUnconfirmed},
            {"level", level},
            {"grade", grade},
            {"reasons", reasons},
            {"standardsTable", standards},
            {"services", services},
            {"declared", declared},
            {"levels", levels},
            {"criteria", criteria}};
}

View Recommendations::Unevidenced::view() const {
    return {{"name", name}, {"approach", approach}, {"evidence", evidence}};
}

Recommendations Recommendations::of(const Source& source) {
    std::vector<Row> services;
    for (const auto& one : source.at("services")) services.push_back(serviceRow(source, one));
    Recommendations made{
        {},
        table("services", "Services of the authority in the period",
              {"Service", "Runs", "Stage", "Provider", "Quarters with records", "Latest record"}, services),
        {}};
    for (const auto& one : source.at("recommendations"))
        made.recommendations.push_back(Recommendation::of(source, one));
    for (const auto& one : source.at("unevidenced"))
        made.unevidenced.push_back({one.at("name"), one.at("approach"), one.at("evidence")});
    return made;
}

View Recommendations::view() const {
    return {{"recommendations", recommendations}, {"servicesTable", services}, {"unevidenced", unevidenced}};
}

}  // namespace presentation
