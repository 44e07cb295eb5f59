#include "releases/open_data.h"

#include <fmt/format.h>

#include <algorithm>

#include "platform/digest.h"
#include "values/json.h"

namespace releases {
namespace {

using nlohmann::ordered_json;

constexpr auto kCountryCode = "E92000001";
constexpr auto kCountryName = "England";
constexpr auto kLicence = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/";

/// Quoted only where it holds a comma, a quote or the end of a line.
std::string cell(const std::string& text) {
    if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

std::string line(const std::vector<std::string>& cells) {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) text += (i == 0 ? "" : ",") + cell(cells[i]);
    return text + '\n';
}

std::string levelOf(AreaOf::Level level) {
    return level == AreaOf::Level::national   ? "National"
           : level == AreaOf::Level::regional ? "Regional"
                                              : "Local authority";
}

std::string dataFile(const PublishedTable& table, const std::vector<AreaOf>& areas,
                     const Snapshot& snapshot) {
    const bool hasAuthorities = std::ranges::any_of(
        table.rows, [&](const TableRow& row) { return areas[row.area].level == AreaOf::Level::authority; });
    std::vector<std::string> header{"time_period",  "time_identifier", "geographic_level", "country_code",
                                    "country_name", "region_code",     "region_name"};
    if (hasAuthorities) header.insert(header.end(), {"old_la_code", "new_la_code", "la_name"});
    for (const auto& filter : table.filters) header.push_back(filter.name);
    for (const auto& indicator : table.indicators) header.push_back(indicator.name);
    auto text = line(header);
    for (const auto& row : table.rows) {
        const auto& area = areas[row.area];
        std::vector<std::string> cells{timePeriod(snapshot.quarter),
                                       timeIdentifier(snapshot.quarter),
                                       levelOf(area.level),
                                       kCountryCode,
                                       kCountryName,
                                       area.regionCode,
                                       area.regionName};
        if (hasAuthorities) {
            if (area.level == AreaOf::Level::authority) {
                const auto& one = snapshot.authorities[area.authority];
                cells.insert(cells.end(), {one.oldCode, one.newCode, one.name});
            } else {
                cells.insert(cells.end(), {"", "", ""});
            }
        }
        for (std::size_t i = 0; i < table.filters.size(); ++i)
            cells.push_back(table.filters[i].items[row.items[i]]);
        cells.insert(cells.end(), row.values.begin(), row.values.end());
        text += line(cells);
    }
    return text;
}

std::string metaFile(const PublishedTable& table) {
    auto text = line({"col_name", "col_type", "label", "indicator_grouping", "indicator_unit", "indicator_dp",
                      "filter_hint", "filter_grouping_column", "filter_default"});
    for (const auto& filter : table.filters) {
        if (filter.items.size() < 2) continue;  // a column that never differs filters nothing
        const bool hasTotal = std::ranges::find(filter.items, "Total") != filter.items.end();
        text += line({filter.name, "Filter", filter.label, "", "", "", filter.hint, "",
                      hasTotal ? "Total" : filter.chosen});
    }
    for (const auto& one : table.indicators)
        text += line({one.name, "Indicator", one.label, one.grouping, one.unit, std::to_string(one.decimals),
                      "", "", ""});
    return text;
}

std::string guidanceText(const BuiltTables& built, const ReleaseWords& words) {
    std::string text = words.title + "\nVersion " + std::to_string(words.version) + "\n\n";
    text += fmt::format(
        "Coverage: {} of {} local authorities signed a return for {}. Those that did not are marked x; "
        "nothing is "
        "estimated for them, and regions and England are sums of those that did.\n\n",
        words.returned, words.authorities, words.quarter);
    text +=
        "This is monitoring, not evaluation: it shows what was delivered, not what it caused.\n\nGuides\n";
    for (const auto& guide : words.guides) text += "- " + guide + "\n";
    text += "\nDisclosure control\n";
    for (const auto& rule : words.rules) text += "- " + rule + "\n";
    text += "\nSymbols\n";
    for (const auto& one : symbols()) text += fmt::format("- {}: {}\n", one.symbol, one.meaning);
    text += "\nQuality\n";
    for (const auto& one : words.quality) text += "- " + one + "\n";
    text += "\nFiles\n";
    for (const auto& table : built.tables) {
        text += fmt::format("- {}.csv: {}. {}\n", table.name, table.title, table.about);
        for (const auto& filter : table.filters)
            text += fmt::format("    {}: {} ({} items)\n", filter.name, filter.label, filter.items.size());
        for (const auto& indicator : table.indicators)
            text += fmt::format("    {}: {}\n", indicator.name, indicator.label);
    }
    return text + "\nLicence: Open Government Licence v3.0\n";
}

ordered_json schemaOf(const PublishedTable& table, const std::string& data) {
    auto fields = ordered_json::array();
    const auto header = data.substr(0, data.find('\n'));
    for (std::size_t from = 0; from <= header.size();) {
        const auto to = std::min(header.find(',', from), header.size());
        const auto name = header.substr(from, to - from);
        from = to + 1;
        ordered_json field{{"name", name}, {"type", "string"}};
        for (const auto& filter : table.filters)
            if (filter.name == name) {
                field["title"] = filter.label;
                field["constraints"] = {{"enum", filter.items}};
            }
        for (const auto& indicator : table.indicators)
            if (indicator.name == name) {
                field["type"] = "number";
                field["title"] = indicator.label;
                if (!indicator.unit.empty()) field["unit"] = indicator.unit;
            }
        fields.push_back(std::move(field));
    }
    auto missing = ordered_json::array({""});
    for (const auto& one : symbols()) missing.push_back(one.symbol);
    return {{"fields", std::move(fields)}, {"missingValues", std::move(missing)}};
}

}  // namespace

const std::vector<Symbol>& symbols() {
    static const std::vector<Symbol> all{
        {"c", "confidential: a small number, or one that would give a small number away"},
        {"k", "not nought, but rounds to nought"},
        {"u", "too few to be reliable"},
        {"x", "not available: no signed return"},
        {"z", "not applicable: nothing of this kind to count"}};
    return all;
}

bool isNumber(const std::string& value) { return value.find_first_of("0123456789") != std::string::npos; }

std::string timePeriod(values::Quarter quarter) {
    // `2025-26 Q3`
    const auto name = quarter.name();
    return name.substr(0, 4) + name.substr(5, 2);
}

std::string timeIdentifier(values::Quarter quarter) {
    return "Financial year " + quarter.name().substr(quarter.name().size() - 2);
}

std::vector<OpenFile> filePair(const PublishedTable& table, const std::vector<AreaOf>& areas,
                               const Snapshot& snapshot) {
    return {{table.name + ".csv", "text/csv; charset=utf-8", dataFile(table, areas, snapshot)},
            {table.name + ".meta.csv", "text/csv; charset=utf-8", metaFile(table)}};
}

std::vector<OpenFile> openFiles(const BuiltTables& built, const Snapshot& snapshot,
                                const ReleaseWords& words) {
    std::vector<OpenFile> files;
    auto resources = ordered_json::array();
    auto distributions = ordered_json::array();
    for (const auto& table : built.tables)
        for (auto& file : filePair(table, built.areas, snapshot)) {
            const bool isData = file.name == table.name + ".csv";
            if (isData) {
                resources.push_back({{"name", table.name},
                                     {"path", file.name},
                                     {"title", table.title},
                                     {"description", table.about},
                                     {"mediatype", "text/csv"},
                                     {"encoding", "utf-8"},
                                     {"bytes", file.content.size()},
                                     {"hash", "sha256:" + platform::sha256Hex(file.content)},
                                     {"schema", schemaOf(table, file.content)}});
                distributions.push_back({{"@type", "dcat:Distribution"},
                                         {"dct:title", table.title},
                                         {"dcat:downloadURL", file.name},
                                         {"dcat:mediaType", "text/csv"},
                                         {"dcat:byteSize", file.content.size()}});
            }
            files.push_back(std::move(file));
        }
    const auto about = fmt::format(
        "Delivery of the interventions that national Practice Guides recommend, by local authorities in "
        "England, in "
        "{}. {} of {} authorities signed a return.",
        words.quarter, words.returned, words.authorities);
    files.push_back({"data-guidance.txt", "text/plain; charset=utf-8", guidanceText(built, words)});
    const ordered_json package{
        {"name", "practice-guide-delivery-" + timePeriod(snapshot.quarter) + "-q" +
                     words.quarter.substr(words.quarter.size() - 1)},
        {"title", words.title},
        {"description", about},
        {"version", std::to_string(words.version) + ".0.0"},
        {"licenses",
         {{{"name", "OGL-UK-3.0"}, {"path", kLicence}, {"title", "Open Government Licence v3.0"}}}},
        {"contributors", {{{"title", words.publisher}, {"role", "publisher"}}}},
        {"resources", resources}};
    files.push_back({"datapackage.json", "application/json", package.dump(2) + "\n"});
    const ordered_json entry{
        {"@context", {{"dcat", "http://www.w3.org/ns/dcat#"}, {"dct", "http://purl.org/dc/terms/"}}},
        {"@type", "dcat:Dataset"},
        {"dct:title", words.title},
        {"dct:description", about},
        {"dct:publisher", words.publisher},
        {"dct:license", kLicence},
        {"dct:spatial", "http://statistics.data.gov.uk/id/statistical-geography/E92000001"},
        {"dct:temporal",
         {{"@type", "dct:PeriodOfTime"},
          {"dcat:startDate", snapshot.quarter.first().iso()},
          {"dcat:endDate", snapshot.quarter.last().iso()}}},
        {"dct:accrualPeriodicity", "http://purl.org/cld/freq/quarterly"},
        {"dcat:version", std::to_string(words.version)},
        {"dcat:keyword", {"children's social care", "practice guides", "family help", "local authorities"}},
        {"dcat:distribution", distributions}};
    files.push_back({"catalogue.json", "application/ld+json", entry.dump(2) + "\n"});
    return files;
}

}  // namespace releases
