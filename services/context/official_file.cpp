#include "context/official_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "platform/csv.h"
#include "values/errors.h"

namespace context {
namespace {

using values::FieldProblem;

constexpr std::size_t kMostProblems = 100;
constexpr std::array kSymbols{"c", "z", "x", "low", "u", "k", "~", ":"};

/// Time and place; everything else is a filter or an indicator.
const std::set<std::string, std::less<>> kPlaceColumns{
    "time_period", "time_identifier", "geographic_level", "country_code", "country_name",
    "region_code", "region_name",     "old_la_code",      "new_la_code",  "la_name"};
/// Names by which long files say which indicator a row is about, and where its number stands.
const std::set<std::string, std::less<>> kNaming{"indicator", "indicator_name", "measure", "variable"};
const std::set<std::string, std::less<>> kHolding{"value", "indicator_value", "measure_value"};
/// Columns of other places that published files hold beside these.
bool isOtherPlace(std::string_view name) {
    static constexpr std::array kStarts{"rsc_region",
                                        "pcon_",
                                        "lad_",
                                        "lep_",
                                        "lsip_",
                                        "english_devolved_area",
                                        "opportunity_area",
                                        "ward_",
                                        "trust_",
                                        "sponsor_",
                                        "school_",
                                        "provider_",
                                        "institution_",
                                        "planning_area",
                                        "police_force_area"};
    return std::ranges::any_of(kStarts, [&](std::string_view start) { return name.starts_with(start); });
}

bool isSymbol(std::string_view text) {
    return text.empty() || std::ranges::find(kSymbols, text) != kSymbols.end();
}

/// A plain decimal; thousands may have commas between them.
std::optional<double> numberOf(std::string_view text) {
    std::string plain;
    for (const char c : text)
        if (c != ',') plain += c;
    const bool hasCommas = plain.size() != text.size();
    double value = 0;
    const auto [end, fault] =
        std::from_chars(plain.data(), plain.data() + plain.size(), value, std::chars_format::fixed);
    if (plain.empty() || fault != std::errc() || end != plain.data() + plain.size()) return std::nullopt;
    if (!std::isdigit(static_cast<unsigned char>(plain.back()))) return std::nullopt;  // "inf", "nan", "3."
    if (hasCommas && text.find(",,") != std::string_view::npos) return std::nullopt;
    return value;
}

/// A file in rows of cells, by column.
struct Table {
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;
    std::map<std::string, std::size_t, std::less<>> places;

    std::string at(std::size_t row, std::string_view column) const {
        const auto place = places.find(column);
        return place == places.end() ? "" : rows[row][place->second];
    }
};

class Problems {
public:
    void add(const std::string& file, long row, const std::string& column, std::string got,
             std::string wanted) {
        ++found_;
        if (all_.size() < kMostProblems)
            all_.push_back({{file, row, column}, std::move(got), std::move(wanted)});
    }
    void refuse() {
        if (found_ > 0) throw values::Invalid(std::move(all_), found_);
    }

private:
    std::vector<FieldProblem> all_;
    std::size_t found_ = 0;
};

Table tableOf(const std::string& path, Problems& problems) {
    const auto encoding = platform::encodingOf(path);
    if (encoding == platform::Encoding::utf16) {
        problems.add(path, 1, "", "UTF-16", "Save the file as CSV in UTF-8.");
        problems.refuse();
    }
    platform::CsvReader file(path, encoding, platform::delimiterOf(path, encoding));
    Table table;
    if (file.next())
        for (std::size_t i = 0; i < file.size(); ++i) {
            table.columns.emplace_back(file.cell(i));
            if (!table.places.emplace(table.columns.back(), i).second)
                problems.add(path, 1, table.columns.back(), table.columns.back(), "Name each column once.");
        }
    while (table.columns.size() > 1 && table.columns.back().empty()) table.columns.pop_back();
    while (file.next()) {
        if (file.fault()) problems.add(path, file.record(), "", "", *file.fault());
        if (file.isBlank()) continue;
        if (file.size() < table.columns.size())
            problems.add(
                path, file.record(), "", std::to_string(file.size()) + " cells",
                "Give each row " + std::to_string(table.columns.size()) + " cells, as the header has.");
        auto& row = table.rows.emplace_back();
        for (std::size_t i = 0; i < table.columns.size(); ++i) row.emplace_back(file.cell(i));
    }
    problems.refuse();
    return table;
}

/// Which columns are filters and which are indicators.
struct Shape {
    std::vector<std::string> filters;
    std::vector<OfficialIndicator> indicators;
    std::string naming;   ///< of a long file: the column that names the indicator
    std::string holding;  ///< and the one that holds its number
};

void readMeta(const std::string& path, const Table& data, Shape& shape, Problems& problems) {
    const auto meta = tableOf(path, problems);
    for (const auto* needed : {"col_name", "col_type", "label"})
        if (!meta.places.contains(needed)) problems.add(path, 1, needed, "", "Give a column of this name.");
    problems.refuse();
    for (std::size_t row = 0; row < meta.rows.size(); ++row) {
        const auto name = meta.at(row, "col_name");
        const auto type = meta.at(row, "col_type");
        const auto number = static_cast<long>(row + 2);
        if (type == "Filter") {
            if (!data.places.contains(name))
                problems.add(path, number, "col_name", name, "Name a column of the data file.");
            else shape.filters.push_back(name);
            // What groups a filter is part of what a row is about.
            const auto group = meta.at(row, "filter_grouping_column");
            if (!group.empty() && data.places.contains(group) &&
                std::ranges::find(shape.filters, group) == shape.filters.end())
                shape.filters.push_back(group);
        } else if (type == "Indicator") {
            OfficialIndicator indicator{name, meta.at(row, "label"), meta.at(row, "indicator_unit"),
                                        std::nullopt};
            const auto decimals = meta.at(row, "indicator_dp");
            if (const auto number2 = numberOf(decimals); number2 && *number2 >= 0 && *number2 <= 10)
                indicator.decimals = static_cast<int>(*number2);
            shape.indicators.push_back(std::move(indicator));
        } else {
            problems.add(path, number, "col_type", type, "Say Filter or Indicator.");
        }
    }
    std::ranges::sort(shape.filters);
    shape.filters.erase(std::unique(shape.filters.begin(), shape.filters.end()), shape.filters.end());
}

std::string labelOf(std::string name) {
    std::ranges::replace(name, '_', ' ');
    if (!name.empty()) name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
    return name;
}

bool looksLikeIndicator(const Table& data, std::size_t column) {
    static const std::set<std::string, std::less<>> kNumericFilters{
        "age", "year", "month", "week", "quarter", "year_group", "academic_age", "key_stage"};
    if (kNumericFilters.contains(data.columns[column])) return false;
    bool hasAny = false;
    for (const auto& row : data.rows) {
        const auto& text = row[column];
        if (isSymbol(text)) continue;
        if (!numberOf(text)) return false;
        hasAny = true;
    }
    return hasAny || std::ranges::any_of(data.rows, [&](const auto& row) { return !row[column].empty(); });
}

Shape shapeOf(const Table& data, const std::string& metaPath, Problems& problems) {
    Shape shape;
    for (const auto& column : data.columns) {
        if (kNaming.contains(column)) shape.naming = column;
        if (kHolding.contains(column)) shape.holding = column;
    }
    if (shape.naming.empty() || shape.holding.empty()) {
        shape.naming.clear();
        shape.holding.clear();
    }
    if (!metaPath.empty()) readMeta(metaPath, data, shape, problems);
    std::set<std::string> known(shape.filters.begin(), shape.filters.end());
    for (const auto& indicator : shape.indicators) known.insert(indicator.name);
    for (std::size_t i = 0; i < data.columns.size(); ++i) {
        const auto& column = data.columns[i];
        if (column.empty() || known.contains(column) || kPlaceColumns.contains(column) ||
            isOtherPlace(column) || column == shape.naming || column == shape.holding)
            continue;
        if (shape.naming.empty() && metaPath.empty() && looksLikeIndicator(data, i))
            shape.indicators.push_back(
                {column, labelOf(column), column.ends_with("percent") ? "%" : "", std::nullopt});
        // What is the same in every row says nothing; what metadata leaves out is such a column, or a faulty
        // file.
        else if (std::ranges::any_of(data.rows,
                                     [&](const auto& row) { return row[i] != data.rows.front()[i]; }))
            shape.filters.push_back(column);
    }
    std::erase_if(shape.filters, [&](const std::string& name) { return name == shape.naming; });
    if (!shape.naming.empty()) {
        std::map<std::string, OfficialIndicator> named;
        for (const auto& indicator : shape.indicators) named.emplace(indicator.name, indicator);
        shape.indicators.clear();
        std::set<std::string> seen;
        for (std::size_t row = 0; row < data.rows.size(); ++row)
            if (const auto name = data.at(row, shape.naming); seen.insert(name).second) {
                const auto known2 = named.find(name);
                shape.indicators.push_back(known2 == named.end()
                                               ? OfficialIndicator{name, labelOf(name), "", std::nullopt}
                                               : known2->second);
            }
    }
    return shape;
}

std::optional<Place::Level> levelOf(const std::string& text) {
    if (text == "National") return Place::Level::national;
    if (text == "Regional") return Place::Level::regional;
    if (text == "Local authority") return Place::Level::authority;
    return std::nullopt;
}

}  // namespace

std::string symbolText(const std::string& symbol) {
    if (symbol == "c") return "hidden: few people";
    if (symbol == "z") return "does not apply";
    if (symbol == "low" || symbol == "k") return "rounds to nothing";
    if (symbol == "u") return "not reliable";
    return "not available";
}

OfficialFile readOfficialFile(const std::string& path, const std::string& metaPath) {
    Problems problems;
    const auto data = tableOf(path, problems);
    for (const auto* needed : {"time_period", "time_identifier", "geographic_level"})
        if (!data.places.contains(needed)) problems.add(path, 1, needed, "", "Give a column of this name.");
    if (data.rows.empty()) problems.add(path, 2, "", "", "Give at least one row below the header.");
    problems.refuse();
    const auto shape = shapeOf(data, metaPath, problems);
    problems.refuse();
    if (shape.indicators.empty())
        problems.add(path, 1, "", "", "Give at least one column of numbers: there is no indicator.");
    problems.refuse();

    OfficialFile file{shape.indicators, {}, static_cast<long>(data.rows.size()), {}};
    for (std::size_t row = 0; row < data.rows.size(); ++row) {
        const auto number = static_cast<long>(row + 2);
        const auto levelName = data.at(row, "geographic_level");
        const auto level = levelOf(levelName);
        if (!level) {
            if (levelName.empty())
                problems.add(path, number, "geographic_level", "", "Say which level the row is about.");
            else ++file.leftOut[levelName];
            continue;
        }
        const Place place{*level, data.at(row, "region_code"), data.at(row, "old_la_code"),
                          data.at(row, "new_la_code"),
                          *level == Place::Level::authority  ? data.at(row, "la_name")
                          : *level == Place::Level::regional ? data.at(row, "region_name")
                                                             : std::string("England")};
        const auto period = data.at(row, "time_period");
        const bool isPeriod = (period.size() == 4 || period.size() == 6) &&
                              std::ranges::all_of(period, [](char c) { return c >= '0' && c <= '9'; });
        if (!isPeriod)
            problems.add(path, number, "time_period", period, "Use four or six digits, like 2025 or 202526.");
        std::string filters;
        for (const auto& filter : shape.filters)
            filters += (filters.empty() ? "" : "; ") + labelOf(filter) + ": " + data.at(row, filter);
        const auto take = [&](const std::string& indicator, const std::string& column) {
            const auto text = data.at(row, column);
            const auto value = numberOf(text);
            if (!value && !isSymbol(text)) {
                problems.add(path, number, column, text,
                             "Use a number, or one of the symbols c z x low u k ~ :");
                return;
            }
            file.figures.push_back({place,
                                    period,
                                    data.at(row, "time_identifier"),
                                    indicator,
                                    filters,
                                    {value,
                                     value          ? ""
                                     : text.empty() ? "x"
                                                    : text,
                                     text}});
        };
        if (!shape.naming.empty()) take(data.at(row, shape.naming), shape.holding);
        else
            for (const auto& indicator : shape.indicators)
                if (data.places.contains(indicator.name)) take(indicator.name, indicator.name);
    }
    problems.refuse();
    return file;
}

}  // namespace context
