#include "presentation/report_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "entrance/view.h"
#include "platform/http.h"
#include "presentation/words.h"

namespace presentation {
namespace {

using entrance::row;
using entrance::sentence;
using entrance::table;
using nlohmann::json;

constexpr std::array kLevels{"delivered as intended", "partly delivered", "too little to judge", "planned",
                             "not offered"};

std::string listed(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
    return text;
}

std::string characteristicTitle(const std::string& name) {
    static const std::map<std::string, std::string> titles{
        {"age_band", "Age"}, {"sex", "Sex"}, {"ethnic_group", "Ethnic group"}, {"disabled", "Disabled"}};
    const auto found = titles.find(name);
    return found == titles.end() ? name : found->second;
}

class ReportView {
public:
    ReportView(const adherence::KeptReport& report, const Place& place)
        : report_(report), place_(place), content_(json::parse(report.content)) {
        for (const auto& one : content_.at("services")) services_[one.at("service")] = one.at("name");
    }

    json run() {
        const auto name = content_.at("authority").at("name").get<std::string>();
        json view{{"title", name + ": how help is delivered, " + report_.period.name()},
                  {"authority", name},
                  {"region", content_.at("authority").at("region")},
                  {"period", report_.period.name()},
                  {"months", dayText(content_.at("period").at("from")) + " to " +
                                 dayText(content_.at("period").at("to"))},
                  {"known", sentence(report_.known.text())},
                  {"mayChange", !report_.known.isWholeDay},
                  {"fingerprint", report_.fingerprint},
                  {"catalogueFingerprint", content_.at("catalogue").at("fingerprint")},
                  {"framework", content_.at("framework").at("name")},
                  {"printSheet", place_.address + "/print.css"},
                  {"csv", place_.address + "/data.csv"},
                  {"workbook", place_.address + "/data.xlsx"}};
        glance(view);
        findings(view);
        areas(view);
        aims(view);
        recommendations(view);
        services(view);
        meetings(view);
        spread(view);
        comparison(view);
        equality(view);
        official(view);
        statements(view);
        returns(view);
        guides(view);
        return view;
    }

private:
    std::string serviceName(const std::string& reference) const {
        const auto found = services_.find(reference);
        return found == services_.end() ? reference : found->second;
    }

    std::string serviceAddress(const std::string& reference) const {
        return place_.address + "/services/" + platform::segmentEncoded(reference);
    }

    void glance(json& view) const {
        std::map<std::string, std::vector<const json*>> byLevel;
        for (const auto& one : content_.at("recommendations")) byLevel[one.at("level")].push_back(&one);
        std::vector<std::string> words;
        json groups = json::array();
        json notOffered = json::array();
        for (const auto* level : kLevels) {
            const auto found = byLevel.find(level);
            if (found == byLevel.end()) continue;
            words.push_back(std::to_string(found->second.size()) + " " + level);
            for (const auto* one : found->second) {
                json entry{{"title", one->at("title")},
                           {"href", "#recommendation-" + one->at("recommendation").get<std::string>()},
                           {"level", levelTag(level)},
                           {"grade", gradeTag(one->at("evidence").at("grade"))},
                           {"why", whyText(*one)}};
                (std::string_view(level) == "not offered" ? notOffered : groups).push_back(std::move(entry));
            }
        }
        view["notOffered"] = notOffered;
        view["hasNotOffered"] = !notOffered.empty();
        std::size_t signedReturns = 0;
        for (const auto& one : content_.at("returns"))
            signedReturns += one.at("is_signed").get<bool>() ? 1 : 0;
        std::size_t running = 0;
        for (const auto& one : content_.at("services")) running += one.at("is_counted").get<bool>() ? 1 : 0;
        view["glance"] = groups;
        view["hasGlance"] = !groups.empty();
        view["summary"] = fmt::format("Of {} recommendations in national Practice Guides: {}.",
                                      content_.at("recommendations").size(), listed(words));
        view["basis"] =
            fmt::format("{} running {}; returns signed off for {} of {} quarters.", running,
                        running == 1 ? "service" : "services", signedReturns, content_.at("returns").size());
    }

    /// The level in one line: what is met and what is not, of what is required.
    static std::string whyText(const json& one) {
        std::vector<std::string> missed;
        std::vector<std::string> met;
        for (const auto& standard : one.at("standards")) {
            if (!standard.at("required").get<bool>()) continue;
            const auto status = standard.at("status").get<std::string>();
            const auto text = standard.at("title").get<std::string>() + ": " +
                              shareText(countsOf(standard), standard.at("min_n").get<int>());
            if (status == "met") met.push_back(text);
            else
                missed.push_back(status == "not met"
                                     ? text + fmt::format(", where {:.0f}% is asked for",
                                                          standard.at("at_least").get<double>() * 100)
                                     : text);
        }
        const auto lines = [](const std::vector<std::string>& list) {
            std::string text;
            for (const auto& line : list) text += (text.empty() ? "" : ". ") + line;
            return text + ".";
        };
        if (!missed.empty()) return lines(missed);
        if (!met.empty()) return lines(met);
        if (one.at("declared").is_object() && !one.at("declared").at("reason").get<std::string>().empty())
            return "The authority says: " + one.at("declared").at("reason").get<std::string>() + ".";
        if (one.at("level") == "not offered") return "";
        const auto& reasons = one.at("reasons");
        return reasons.empty() ? "" : reasons.front().get<std::string>();
    }

    void findings(json& view) const {
        json lists{{"strength", json::array()},
                   {"gap", json::array()},
                   {"contradiction", json::array()},
                   {"not known", json::array()}};
        json enquiries = json::array();
        json silent = json::array();
        for (const auto& one : content_.at("findings")) {
            const auto number = one.at("number").get<int>();
            json entry{{"number", number}, {"text", one.at("text")}};
            lists[one.at("kind").get<std::string>()].push_back(entry);
            if (const auto enquiry = one.at("enquiry").get<std::string>(); !enquiry.empty())
                enquiries.push_back({{"text", enquiry}, {"number", number}});
        }
        for (const auto& one : content_.at("expectations"))
            if (const auto why = one.at("silent").get<std::string>(); !why.empty())
                silent.push_back(
                    {{"code", one.at("code")}, {"statement", one.at("statement")}, {"why", why}});
        const auto list = [&](const char* key, const char* kind) {
            view[key] = lists[kind];
            view[std::string("has") + static_cast<char>(std::toupper(key[0])) + (key + 1)] =
                !lists[kind].empty();
        };
        list("strengths", "strength");
        list("gaps", "gap");
        list("contradictions", "contradiction");
        list("unknowns", "not known");
        view["enquiries"] = enquiries;
        view["hasEnquiries"] = !enquiries.empty();
        view["silents"] = silent;
        view["hasSilents"] = !silent.empty();
    }

    json expectationView(const json& one) const {
        json measures = json::array();
        for (const auto& measure : one.at("measures"))
            measures.push_back(
                row(measure.at("title"),
                    {figureText(measure, measure.at("min_n").get<int>()), behindText(measure),
                     measure.contains("denominator") ? intervalText(countsOf(measure)) : "–"}));
        json recommendations = json::array();
        for (const auto& id : one.at("recommendations"))
            for (const auto& known : content_.at("recommendations"))
                if (known.at("recommendation") == id)
                    recommendations.push_back({{"href", "#recommendation-" + id.get<std::string>()},
                                               {"title", known.at("title")},
                                               {"level", levelTag(known.at("level"))}});
        json findings = json::array();
        for (const auto& number : one.at("findings")) findings.push_back({{"number", number}});
        json criteria = json::array();
        for (const auto& criterion : one.at("evidence").at("criteria"))
            criteria.push_back(criterionText(criterion));
        const auto code = one.at("code").get<std::string>();
        json view{{"code", code},
                  {"id", "expectation-" + one.at("expectation").get<std::string>()},
                  {"statement", one.at("statement")},
                  {"silent", one.at("silent")},
                  {"speaks", one.at("silent").get<std::string>().empty()},
                  {"grade", gradeTag(one.at("evidence").at("grade"))},
                  {"lines", one.at("lines")},
                  {"criteria", criteria},
                  {"recommendations", recommendations},
                  {"hasRecommendations", !recommendations.empty()},
                  {"findings", findings},
                  {"hasFindings", !findings.empty()},
                  {"hasMeasures", !measures.empty()}};
        view["measuresTable"] =
            table("measures-" + one.at("expectation").get<std::string>(), "Figures for " + code,
                  {"Measure", "Figure", "Counts", "95% interval"}, measures);
        return view;
    }

    static std::string criterionText(const json& criterion) {
        const auto verdict = criterion.at("verdict").get<std::string>();
        return sentence(criterion.at("name").get<std::string>()) +
               (verdict == "not applicable" ? "" : " (" + verdict + ")") + ": " +
               criterion.at("words").get<std::string>();
    }

    void areas(json& view) const {
        json areas = json::array();
        for (const auto& area : content_.at("framework").at("areas")) {
            json expectations = json::array();
            json overview = json::array();
            for (const auto& one : content_.at("expectations")) {
                if (one.at("area") != area.at("id")) continue;
                expectations.push_back(expectationView(one));
                overview.push_back(
                    {{"heading",
                      one.at("code").get<std::string>() + ". " + one.at("statement").get<std::string>()},
                     {"href", "#expectation-" + one.at("expectation").get<std::string>()},
                     {"cells",
                      json::array({one.at("silent").get<std::string>().empty()
                                       ? sentence(one.at("evidence").at("grade").get<std::string>() == "none"
                                                      ? "no evidence"
                                                      : one.at("evidence").at("grade").get<std::string>())
                                       : std::string("Nothing to say")})}});
            }
            json entry{{"id", "area-" + area.at("id").get<std::string>()},
                       {"name", area.at("name")},
                       {"expectations", expectations}};
            entry["overviewTable"] = table("overview-" + area.at("id").get<std::string>(),
                                           "What delivery says: " + area.at("name").get<std::string>(),
                                           {"Expectation", "Strength of evidence"}, overview);
            areas.push_back(std::move(entry));
        }
        view["areas"] = areas;
        view["hasAreas"] = !areas.empty();
    }

    void aims(json& view) const {
        json rows = json::array();
        const auto& aims = content_.at("aims");
        for (const auto& aim : aims.at("list")) {
            std::vector<std::string> levels;
            std::vector<std::string> codes;
            const auto key = aim.at("kind") == "outcome" ? "outcomes" : "enablers";
            const auto serves = [&](const json& one) {
                return std::ranges::find(one.at(key), aim.at("id")) != one.at(key).end();
            };
            std::map<std::string, int> count;
            for (const auto& one : content_.at("recommendations"))
                if (serves(one)) ++count[one.at("level").get<std::string>()];
            for (const auto* level : kLevels)
                if (count.contains(level)) levels.push_back(std::to_string(count[level]) + " " + level);
            for (const auto& one : content_.at("expectations"))
                if (serves(one) && one.at("silent").get<std::string>().empty())
                    codes.push_back(one.at("code"));
            auto name = aim.at("name").get<std::string>();
            if (!aim.at("number").is_null())
                name += fmt::format(" (outcome {} in this edition)", aim.at("number").get<int>());
            rows.push_back(row(name, {aim.at("kind") == "outcome" ? "Outcome" : "Enabler",
                                      levels.empty() ? "No recommendation serves it" : listed(levels),
                                      codes.empty() ? "–" : listed(codes)}));
        }
        view["aimsTable"] =
            table("aims", "The National Framework’s outcomes and enablers",
                  {"Outcome or enabler", "Kind", "Recommendations", "Expectations with evidence"}, rows);
        view["aimsEdition"] = aims.at("edition");
    }

    void recommendations(json& view) const {
        json all = json::array();
        for (const auto& one : content_.at("recommendations")) all.push_back(recommendationView(one));
        view["recommendations"] = all;
    }

    json recommendationView(const json& one) const {
        const auto id = one.at("recommendation").get<std::string>();
        json standards = json::array();
        for (const auto& standard : one.at("standards")) {
            const auto counts = countsOf(standard);
            standards.push_back(row(
                standard.at("title"),
                {shareText(counts, standard.at("min_n").get<int>()), countText(counts), intervalText(counts),
                 fmt::format("{:.0f}%{}", standard.at("at_least").get<double>() * 100,
                             standard.at("required").get<bool>() ? "" : ", not required"),
                 basisText(standard.at("basis")), sentence(standard.at("status").get<std::string>())}));
        }
        json services = json::array();
        for (const auto* key : {"services", "planned"})
            for (const auto& reference : one.at(key))
                services.push_back({{"href", serviceAddress(reference)},
                                    {"name", serviceName(reference)},
                                    {"note", std::string(key) == "planned" ? ", being prepared" : ""},
                                    {"isRunning", std::string(key) == "services"}});
        json criteria = json::array();
        for (const auto& criterion : one.at("evidence").at("criteria"))
            criteria.push_back(criterionText(criterion));
        std::vector<std::string> levels;
        for (const auto& level : one.at("levels"))
            levels.push_back(level.at("quarter").get<std::string>() + " " +
                             level.at("level").get<std::string>());
        std::string declared = "The authority has declared nothing.";
        if (one.at("declared").is_object()) {
            const auto& said = one.at("declared");
            declared =
                "Declared " + said.at("status").get<std::string>() + " on " + dayText(said.at("on")) + ".";
            if (const auto reason = said.at("reason").get<std::string>(); !reason.empty())
                declared += " Reason: " + reason + ".";
            if (const auto evidence = said.at("evidence").get<std::string>(); !evidence.empty())
                declared += " Evidence named: " + evidence + ".";
        }
        const auto strength = one.at("guide_strength").get<std::string>();
        json view{{"id", "recommendation-" + id},
                  {"title", one.at("title")},
                  {"guide", one.at("guide")},
                  {"version", one.at("guide_version")},
                  {"strength", strength.empty() ? "The guide’s label for its evidence has not been confirmed."
                                                : "The guide calls its evidence " + strength + "."},
                  {"unconfirmed", !one.at("is_confirmed").get<bool>()},
                  {"level", levelTag(one.at("level"))},
                  {"grade", gradeTag(one.at("evidence").at("grade"))},
                  {"reasons", one.at("reasons")},
                  {"criteria", criteria},
                  {"declared", declared},
                  {"levels", listed(levels)},
                  {"services", services},
                  {"hasServices", !services.empty()},
                  {"hasStandards", !standards.empty()}};
        view["standardsTable"] =
            table("standards-" + id, "Standards: " + one.at("title").get<std::string>(),
                  {"Measure", "Figure", "Counts", "95% interval", "At least", "Threshold from", "Result"},
                  standards);
        return view;
    }

    static std::string basisText(const json& basis) {
        const auto name = basis.get<std::string>();
        if (name == "guide") return "The guide";
        if (name == "programme") return "The programme";
        if (name == "literature") return "The literature";
        return "Set here, not by the guide";
    }

    void services(json& view) const {
        json rows = json::array();
        for (const auto& one : content_.at("services")) {
            const auto reference = one.at("service").get<std::string>();
            auto entry =
                row(one.at("name"), {one.at("intervention_name"),
                                     sentence(one.at("stage").get<std::string>()), one.at("provider"),
                                     fmt::format("{} of {}", one.at("quarters_with_records").get<int>(),
                                                 one.at("quarters_live").get<int>()),
                                     one.at("last_record").is_null() ? "–" : dayText(one.at("last_record"))});
            if (one.at("is_counted").get<bool>()) entry["href"] = serviceAddress(reference);
            rows.push_back(std::move(entry));
        }
        view["servicesTable"] =
            table("services", "Services of the authority in the period",
                  {"Service", "Runs", "Stage", "Provider", "Quarters with records", "Latest record"}, rows);
        json unevidenced = json::array();
        for (const auto& one : content_.at("unevidenced"))
            unevidenced.push_back({{"name", one.at("name")},
                                   {"approach", one.at("approach")},
                                   {"evidence", one.at("evidence")}});
        view["unevidenced"] = unevidenced;
        view["hasUnevidenced"] = !unevidenced.empty();
    }

    void meetings(json& view) const {
        const auto& one = content_.at("meetings");
        const auto number = [&](const char* key) { return std::to_string(one.at(key).get<long>()); };
        json rows = json::array();
        rows.push_back(row("Families on the way to proceedings",
                           {number("families"), "Placed by the letter, the offer or the referral"}));
        rows.push_back(row("With a letter before proceedings on record", {number("letters"), ""}));
        rows.push_back(row("Offered a meeting",
                           {number("offered"), daysText(one.at("days_to_offer"), "letter to offer")}));
        rows.push_back(row("Not offered", {number("not_offered"),
                                           number("not_offered_with_reason") + " with a reason on record"}));
        rows.push_back(row("Accepted", {number("accepted"), number("declined") + " declined"}));
        rows.push_back(
            row("Held", {number("held"), daysText(one.at("days_to_meeting"), "letter to meeting")}));
        rows.push_back(row("Led to a family plan", {number("with_plan"), ""}));
        rows.push_back(row("Plan reviewed", {number("reviewed"), ""}));
        rows.push_back(row("Application made to court",
                           {number("applications"), number("held_before_application") + " of " +
                                                        number("accepted_before_application") +
                                                        " who had accepted met before it"}));
        view["meetingsTable"] = table("meetings", "Family group decision making, step by step",
                                      {"Step", "Families", "More"}, rows);
        json models = json::array();
        for (const auto& [model, count] : one.at("models").items())
            models.push_back(row(sentence(model), {std::to_string(count.get<long>())}));
        view["modelsTable"] =
            table("models", "Model used in meetings that were held", {"Model", "Meetings"}, models);
        view["hasMeetings"] = one.at("families").get<long>() > 0;
        view["hasModels"] = !models.empty();
    }

    static std::string daysText(const json& days, const std::string& what) {
        if (days.at("median").is_null()) return "";
        return days.at("families").get<int>() < 5
                   ? "Too few to give days from " + what
                   : fmt::format("Median {:.0f} days from {} ({} families)", days.at("median").get<double>(),
                                 what, days.at("families").get<int>());
    }

    void spread(json& view) const {
        json rows = json::array();
        for (const auto& one : content_.at("spread")) {
            const auto units = one.at("units").get<std::string>();
            const auto& quartiles = one.at("quartiles");
            const auto at = [&](std::size_t i) {
                return quartiles.empty() ? std::string("–")
                                         : fmt::format("{:.0f}%", quartiles.at(i).get<double>() * 100);
            };
            rows.push_back(
                row(one.at("title").get<std::string>() + ", by " +
                        (units == "services" ? "service" : "practitioner"),
                    {quartiles.empty() ? fmt::format("{}: too few to show", one.at("count").get<int>())
                                       : std::to_string(one.at("count").get<int>()),
                     at(0), at(1), at(2), at(3), at(4), std::to_string(one.at("left").get<int>())}));
        }
        view["spreadTable"] = table("spread", "How figures are spread, lowest to highest",
                                    {"Measure", "Units", "Lowest", "Lower quarter", "Middle", "Upper quarter",
                                     "Highest", "Left out: too few"},
                                    rows);
    }

    void comparison(json& view) const {
        const auto& comparison = content_.at("comparison");
        json rows = json::array();
        for (const auto& one : comparison.at("rows")) {
            const auto beside = [&](const char* key, const char* units) {
                if (!one.contains(key)) return std::string("not shown");
                return shareText(countsOf(one.at(key))) +
                       fmt::format(" ({} authorities)", one.at(units).get<int>());
            };
            std::string neighbours = "not shown";
            if (one.contains("neighbours_median"))
                neighbours = fmt::format(
                    "{:.0f}% (middle of {} of {})", one.at("neighbours_median").get<double>() * 100,
                    one.at("neighbours").get<int>(), comparison.at("neighbours_known").get<int>());
            rows.push_back(row(
                one.at("intervention_name").get<std::string>() + ": " + one.at("title").get<std::string>(),
                {shareText(countsOf(one.at("own"))), guidanceText(one),
                 beside("region", "region_authorities"), neighbours, beside("england", "england_authorities"),
                 one.at("position").get<std::string>().empty()
                     ? "too few authorities"
                     : sentence(one.at("position").get<std::string>())}));
        }
        view["hasComparison"] = !rows.empty();
        view["comparisonTable"] =
            table("comparison", "Beside the guidance, the region, statistical neighbours and England",
                  {"Intervention and measure", "Here", "Standard", "Region", "Statistical neighbours",
                   "England", "Among authorities"},
                  rows);
        const auto edition = comparison.at("neighbours_edition").get<std::string>();
        std::map<std::string, int> closeness;
        for (const auto& one : comparison.at("closeness")) ++closeness[one.get<std::string>()];
        std::vector<std::string> bands;
        for (const auto& [band, count] : closeness) bands.push_back(std::to_string(count) + " " + band);
        view["neighbours"] = edition.empty() ? "No model of statistical neighbours is loaded."
                                             : "Statistical neighbours: edition " + edition + "; of ten, " +
                                                   listed(bands) + ".";
    }

    std::string guidanceText(const json& row) const {
        for (const auto& one : content_.at("recommendations"))
            for (const auto& standard : one.at("standards"))
                if (standard.at("measure") == row.at("measure"))
                    for (const auto& service : one.at("services"))
                        for (const auto& known : content_.at("services"))
                            if (known.at("service") == service &&
                                known.at("intervention") == row.at("intervention"))
                                return fmt::format("{:.0f}%", standard.at("at_least").get<double>() * 100);
        return "none";
    }

    void equality(json& view) const {
        json tables = json::array();
        std::map<std::string, json> rows;
        std::vector<std::string> order;
        std::map<std::string, std::string> captions;
        for (const auto& one : content_.at("equality")) {
            const auto key =
                one.at("measure").get<std::string>() + "-" + one.at("characteristic").get<std::string>();
            if (!rows.contains(key)) {
                order.push_back(key);
                rows[key] = json::array();
                captions[key] = one.at("title").get<std::string>() + ", by " +
                                entrance::sentence(characteristicTitle(one.at("characteristic")));
            }
            const bool isShown = one.at("is_shown").get<bool>();
            rows[key].push_back(
                row(sentence(one.at("group").get<std::string>()),
                    isShown ? std::vector<std::string>{shareText(countsOf(one)), countText(countsOf(one)),
                                                       intervalText(countsOf(one))}
                            : std::vector<std::string>{"too few to show", "–", "–"}));
        }
        for (const auto& key : order) {
            auto id = "equality-" + key;
            std::ranges::replace(id, ':', '-');
            tables.push_back(
                {{"groupTable",
                  table(id, captions[key], {"Group", "Figure", "Counts", "95% interval"}, rows[key])}});
        }
        view["equality"] = tables;
        view["hasEquality"] = !tables.empty();
    }

    void official(json& view) const {
        json rows = json::array();
        std::vector<std::string> sources;
        for (const auto& one : content_.at("context")) {
            auto name = one.at("indicator").get<std::string>();
            if (const auto filters = one.at("filters").get<std::string>(); !filters.empty())
                name += ". " + filters;
            if (const auto note = one.at("note").get<std::string>(); !note.empty()) name += ". " + note;
            rows.push_back(
                row(name, {one.at("period"), one.at("authority"), one.at("region"), one.at("england")}));
            auto source =
                one.at("dataset").get<std::string>() + " (" + one.at("source").get<std::string>() + ")";
            if (std::ranges::find(sources, source) == sources.end()) sources.push_back(std::move(source));
        }
        view["hasContext"] = !rows.empty();
        view["contextTable"] = table("official", "Official figures, the latest of each",
                                     {"Indicator", "Period", "Here", "Region", "England"}, rows);
        view["sources"] = sources;
    }

    void statements(json& view) const {
        json actions = json::array();
        for (const auto& one : content_.at("actions")) {
            std::string state = one.at("is_overdue").get<bool>() ? "Overdue" : "Open";
            if (!one.at("closed_on").is_null())
                state = "Closed on " + dayText(one.at("closed_on")) +
                        (one.at("has_evidence").get<bool>() ? ", on evidence" : ", no evidence named");
            actions.push_back(row(one.at("title"), {dayText(one.at("due_on")), state}));
        }
        view["hasActions"] = !actions.empty();
        view["actionsTable"] =
            table("actions", "Actions, open or closed in the period", {"Action", "Due", "State"}, actions);
        json feedback = json::array();
        for (const auto& one : content_.at("feedback"))
            feedback.push_back(
                row(serviceName(one.at("service")),
                    {sentence(one.at("respondent").get<std::string>()),
                     std::to_string(one.at("pieces").get<long>()),
                     one.at("mean").is_null() ? "too few to give"
                                              : fmt::format("{:.1f} of 5", one.at("mean").get<double>())}));
        view["hasFeedback"] = !feedback.empty();
        view["feedbackTable"] = table("feedback", "Feedback from children and families",
                                      {"Service", "From", "Pieces", "Mean rating"}, feedback);
    }

    void returns(json& view) const {
        json rows = json::array();
        json changes = json::array();
        for (const auto& one : content_.at("returns")) {
            if (!one.at("is_signed").get<bool>()) {
                rows.push_back(row(one.at("quarter"), {"Not signed off", "–", "–"}));
                continue;
            }
            const auto& changed = one.at("changed");
            rows.push_back(
                row(one.at("quarter"),
                    {fmt::format("Version {}, {}", one.at("version").get<int>(),
                                 dayText(one.at("signed_at").get<std::string>().substr(0, 10))),
                     changed.empty() ? std::string("Agree") : fmt::format("{} differ", changed.size()),
                     one.at("fingerprint").get<std::string>().substr(0, 12)}));
            for (const auto& text : changed)
                changes.push_back({{"quarter", one.at("quarter")}, {"text", text}});
        }
        view["returnsTable"] =
            table("returns", "Signed returns of the period",
                  {"Quarter", "Signed off", "Figures then and now", "Fingerprint begins"}, rows);
        view["changes"] = changes;
        view["hasChanges"] = !changes.empty();
    }

    void guides(json& view) const {
        json guides = json::array();
        for (const auto& one : content_.at("catalogue").at("guides"))
            guides.push_back(one.at("title").get<std::string>() + ", version " +
                             one.at("version").get<std::string>());
        view["guides"] = guides;
    }

    const adherence::KeptReport& report_;
    const Place& place_;
    json content_;
    std::map<std::string, std::string> services_;
};

/// As a string of a style sheet: every character that could end it is written by its number.
std::string sheetString(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\' || c == '<' || static_cast<unsigned char>(c) < 0x20)
            out += fmt::format("\\{:06x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        else out += c;
    }
    return out + "\"";
}

}  // namespace

json reportView(const adherence::KeptReport& report, const Place& place) {
    return ReportView(report, place).run();
}

json waitingView(const adherence::KeptReport& report, const std::string& address, const std::string& back,
                 const std::string& backText) {
    const bool isFailed = report.state == "failed";
    return {{"title", isFailed ? "The report could not be made" : "The report is being made"},
            {"isFailed", isFailed},
            {"refresh", isFailed ? json() : json{{"href", address}}},
            {"back", {{"href", back}, {"text", backText}}}};
}

std::string printSheet(const adherence::KeptReport& report) {
    const auto content = json::parse(report.content);
    const auto header =
        "Plumbline: " + content.at("authority").at("name").get<std::string>() + ", " + report.period.name();
    const auto footer = sentence(report.known.text()) + ". Fingerprint " + report.fingerprint.substr(0, 16);
    return "@page {\n  size: A4;\n  margin: 22mm 16mm;\n"
           "  @top-left { content: " +
           sheetString(header) +
           "; font: 9pt sans-serif; color: #444; }\n"
           "  @bottom-left { content: " +
           sheetString(footer) +
           "; font: 8pt sans-serif; color: #444; }\n"
           "  @bottom-right { content: \"Page \" counter(page) \" of \" counter(pages); font: 9pt "
           "sans-serif; }\n}\n";
}

}  // namespace presentation
