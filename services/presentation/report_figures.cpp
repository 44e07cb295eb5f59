// Sections 8 to 12 of a report's page: figures, and what stands beside them.
#include <fmt/format.h>

#include <algorithm>

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

/// Below so many families no days are given.
constexpr int kFewestFamilies = 5;

std::string percentText(const View& share) { return fmt::format("{:.0f}%", share.fraction() * 100); }

std::string daysText(const View& days, const std::string& what) {
    if (days.at("median").isNothing()) return "";
    const auto families = days.at("families").whole();
    return families < kFewestFamilies ? "Too few to give days from " + what
                                      : fmt::format("Median {:.0f} days from {} ({} families)",
                                                    days.at("median").fraction(), what, families);
}

std::vector<Row> stepsOf(const View& meetings) {
    const auto number = [&](const char* part) { return std::to_string(meetings.at(part).whole()); };
    return {
        row("Families on the way to proceedings",
            {number("families"), "Placed by the letter, the offer or the referral"}),
        row("With a letter before proceedings on record", {number("letters"), ""}),
        row("Offered a meeting",
            {number("offered"), daysText(meetings.at("days_to_offer"), "letter to offer")}),
        row("Not offered",
            {number("not_offered"), number("not_offered_with_reason") + " with a reason on record"}),
        row("Accepted", {number("accepted"), number("declined") + " declined"}),
        row("Held", {number("held"), daysText(meetings.at("days_to_meeting"), "letter to meeting")}),
        row("Led to a family plan", {number("with_plan"), ""}),
        row("Plan reviewed", {number("reviewed"), ""}),
        row("Application made to court", {number("applications"), number("held_before_application") + " of " +
                                                                      number("accepted_before_application") +
                                                                      " who had accepted met before it"})};
}

Row spreadRow(const View& one) {
    const auto& quartiles = one.at("quartiles");
    const auto count = std::to_string(one.at("count").whole());
    std::vector<std::string> cells{quartiles.empty() ? count + ": too few to show" : count};
    for (std::size_t i = 0; i < 5; ++i)
        cells.push_back(quartiles.empty() ? "–" : percentText(quartiles.at(i)));
    cells.push_back(std::to_string(one.at("left").whole()));
    return row(
        one.at("title").text() + ", by " + (one.at("units") == "services" ? "service" : "practitioner"),
        cells);
}

/// Whether an intervention is what a service of the report runs.
bool isRunBy(const Source& source, const View& intervention, const View& service) {
    return std::ranges::any_of(source.at("services").items(), [&](const View& known) {
        return known.at("service") == service && known.at("intervention") == intervention;
    });
}

/// The standard that a recommendation sets for a measure of an intervention; `none` where none does.
std::string guidanceText(const Source& source, const View& row) {
    for (const auto& one : source.at("recommendations"))
        for (const auto& standard : one.at("standards")) {
            if (standard.at("measure") != row.at("measure")) continue;
            const bool isRun = std::ranges::any_of(one.at("services").items(), [&](const View& service) {
                return isRunBy(source, row.at("intervention"), service);
            });
            if (isRun) return percentText(standard.at("at_least"));
        }
    return "none";
}

Row comparisonRow(const Source& source, const View& one) {
    const auto beside = [&](const char* who, const char* units) {
        if (!one.contains(who)) return std::string("not shown");
        return shareText(countsOf(one.at(who))) + fmt::format(" ({} authorities)", one.at(units).whole());
    };
    std::string neighbours = "not shown";
    if (one.contains("neighbours_median"))
        neighbours =
            fmt::format("{} (middle of {} of {})", percentText(one.at("neighbours_median")),
                        one.at("neighbours").whole(), source.at("comparison").at("neighbours_known").whole());
    const auto position = one.at("position").text();
    return row(one.at("intervention_name").text() + ": " + one.at("title").text(),
               {shareText(countsOf(one.at("own"))), guidanceText(source, one),
                beside("region", "region_authorities"), neighbours, beside("england", "england_authorities"),
                position.empty() ? "too few authorities" : sentence(position)});
}

std::string neighboursText(const View& comparison) {
    const auto edition = comparison.at("neighbours_edition").text();
    if (edition.empty()) return "No model of statistical neighbours is loaded.";
    std::map<std::string, int> closeness;
    for (const auto& one : comparison.at("closeness")) ++closeness[one.text()];
    std::vector<std::string> bands;
    for (const auto& [band, count] : closeness) bands.push_back(std::to_string(count) + " " + band);
    return "Statistical neighbours: edition " + edition + "; of ten, " + listed(bands) + ".";
}

std::string characteristicTitle(const std::string& name) {
    static const std::map<std::string, std::string> titles{
        {"age_band", "Age"}, {"sex", "Sex"}, {"ethnic_group", "Ethnic group"}, {"disabled", "Disabled"}};
    const auto found = titles.find(name);
    return found == titles.end() ? name : found->second;
}

std::string groupTableId(const View& one) {
    auto id = "equality-" + one.at("measure").text() + "-" + one.at("characteristic").text();
    std::ranges::replace(id, ':', '-');
    return id;
}

Row groupRow(const View& one) {
    const auto heading = sentence(one.at("group").text());
    if (!one.at("is_shown").isTrue()) return row(heading, {"too few to show", "–", "–"});
    const auto counts = countsOf(one);
    return row(heading, {shareText(counts), countText(counts), intervalText(counts)});
}

std::string indicatorText(const View& one) {
    auto text = one.at("indicator").text();
    for (const auto* more : {"filters", "note"})
        if (const auto words = one.at(more).text(); !words.empty()) text += ". " + words;
    return text;
}

}  // namespace

Meetings Meetings::of(const Source& source) {
    const auto& meetings = source.at("meetings");
    if (meetings.at("families").whole() == 0) return {};
    const auto& held = meetings.at("models");
    std::vector<Row> models;
    for (std::size_t i = 0; i < held.size(); ++i)
        models.push_back(row(sentence(held.names()[i]), {held.at(i).text()}));
    return {
        table("meetings", "Family group decision making, step by step", {"Step", "Families", "More"},
              stepsOf(meetings)),
        unlessEmpty(table("models", "Model used in meetings that were held", {"Model", "Meetings"}, models))};
}

View Meetings::view() const { return {{"meetingsTable", steps}, {"modelsTable", models}}; }

Spread Spread::of(const Source& source) {
    std::vector<Row> rows;
    for (const auto& one : source.at("spread")) rows.push_back(spreadRow(one));
    return {table("spread", "How figures are spread, lowest to highest",
                  {"Measure", "Units", "Lowest", "Lower quarter", "Middle", "Upper quarter", "Highest",
                   "Left out: too few"},
                  rows)};
}

View Spread::view() const { return {{"spreadTable", spread}}; }

Comparison Comparison::of(const Source& source) {
    const auto& comparison = source.at("comparison");
    std::vector<Row> rows;
    for (const auto& one : comparison.at("rows")) rows.push_back(comparisonRow(source, one));
    return {
        unlessEmpty(table("comparison", "Beside the guidance, the region, statistical neighbours and England",
                          {"Intervention and measure", "Here", "Standard", "Region", "Statistical neighbours",
                           "England", "Among authorities"},
                          rows)),
        neighboursText(comparison)};
}

View Comparison::view() const { return {{"comparisonTable", comparison}, {"neighbours", neighbours}}; }

Equality Equality::of(const Source& source) {
    Equality made;
    for (const auto& one : source.at("equality")) {
        const auto id = groupTableId(one);
        auto found = std::ranges::find(made.tables, id, &entrance::Table::id);
        if (found == made.tables.end()) {
            const auto caption =
                one.at("title").text() + ", by " + sentence(characteristicTitle(one.at("characteristic")));
            made.tables.push_back(
                table(id, caption, {"Group", "Figure", "Counts", "95% interval"}, std::vector<Row>{}));
            found = made.tables.end() - 1;
        }
        found->rows.push_back(groupRow(one));
    }
    return made;
}

View Equality::view() const { return {{"equality", tables}}; }

OfficialContext OfficialContext::of(const Source& source) {
    OfficialContext made;
    std::vector<Row> rows;
    for (const auto& one : source.at("context")) {
        rows.push_back(row(indicatorText(one),
                           {one.at("period"), one.at("authority"), one.at("region"), one.at("england")}));
        auto from = one.at("dataset").text() + " (" + one.at("source").text() + ")";
        if (std::ranges::find(made.sources, from) == made.sources.end())
            made.sources.push_back(std::move(from));
    }
    made.figures = unlessEmpty(table("official", "Official figures, the latest of each",
                                     {"Indicator", "Period", "Here", "Region", "England"}, rows));
    return made;
}

View OfficialContext::view() const { return {{"contextTable", figures}, {"sources", sources}}; }

}  // namespace presentation
