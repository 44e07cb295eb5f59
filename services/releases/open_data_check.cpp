#include "releases/open_data_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <regex>

#include "platform/csv.h"

namespace releases {
namespace {

using Row = std::vector<std::string>;

/// One file, taken apart as it stands: nothing is trimmed or mended.
struct Sheet {
    std::string name;
    Row header;
    std::vector<Row> rows;

    std::optional<std::size_t> column(const std::string& wanted) const {
        const auto found = std::ranges::find(header, wanted);
        if (found == header.end()) return std::nullopt;
        return static_cast<std::size_t>(found - header.begin());
    }
    std::string at(std::size_t row, const std::string& column_) const {
        const auto place = column(column_);
        return place && *place < rows[row].size() ? rows[row][*place] : "";
    }
};

constexpr std::array kRequiredData{"time_period", "time_identifier", "geographic_level", "country_code",
                                   "country_name"};
constexpr std::array kGeography{"region_code", "region_name", "old_la_code", "new_la_code", "la_name"};
constexpr std::array kRequiredMeta{"col_name",       "col_type",     "label",       "indicator_grouping",
                                   "indicator_unit", "indicator_dp", "filter_hint", "filter_grouping_column"};
constexpr std::array kOptionalMeta{"filter_default", "parent_filter"};
constexpr std::array kUnits{"", "%", "pp", "£", "£m", "numberstring"};
constexpr std::array kSymbols{"c", "z", "x", "k", "low", "u"};
constexpr std::array kSmudged{"male",      "female",      "asian",          "chinese", "indian",
                              "pakistani", "bangladeshi", "black",          "african", "caribbean",
                              "white",     "roma",        "irish",          "english", "british",
                              "scottish",  "welsh",       "northern irish", "arab"};
constexpr std::array kHarmonised{"sen_",          "primary_need", "secondary_need", "establishment_type",
                                 "provider_type", "school_type",  "ethnic"};
constexpr std::array kHarmonisedNames{"sen_status",      "sen_provision",           "sen_primary_need",
                                      "ethnicity_major", "ethnicity_minor",         "primary_need",
                                      "secondary_need",  "establishment_type",      "provider_type",
                                      "school_type",     "establishment_type_group"};
constexpr std::array kNothing{"NULL", "Null", "null", "NA", "na"};
constexpr std::array kNearlyNothing{"N/A", "n/a", ".", "..", "-"};
constexpr std::size_t kMostFaults = 200;

template <std::size_t N>
bool isOneOf(const std::array<const char*, N>& list, const std::string& text) {
    return std::ranges::any_of(list, [&](const char* one) { return text == one; });
}

std::string lowered(std::string text) {
    for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

/// Whether a filter's name looks like geography, which the platform would then take it for.
bool looksLikeGeography(const std::string& column) {
    static const std::regex pattern(
        "^(country|sch|prov|inst|estab|reg|la|local|rsc|pfa|pcon|lep|mca|oa|ward|mat).*"
        "(name|code|urn|ukprn|number|upin|id)$");
    static const std::set<std::string> whole{
        "laestab",   "estab",  "sch",         "school",       "schools", "prov", "provider",
        "providers", "inst",   "institution", "institutions", "name",    "code", "urn",
        "ukprn",     "number", "upin",        "id",           "region",  "la",   "lad",
        "rsc",       "pcon",   "lep",         "mca",          "oa",      "ward", "mat"};
    const auto text = lowered(column);
    return std::regex_match(text, pattern) || whole.contains(text);
}

std::string stripped(const std::string& text) {
    std::string letters;
    for (const char c : lowered(text))
        if (std::isalnum(static_cast<unsigned char>(c)) != 0) letters += c;
    return letters;
}

class Checking {
public:
    Checking(Sheet data, Sheet meta, const PlaceLookups& places)
        : data_(std::move(data)), meta_(std::move(meta)), places_(places) {}

    /// Stage by stage, as the screener does: it stops after the first one with a fault.
    std::vector<OpenDataFault> run(const std::string& data, const std::string& meta) {
        for (const auto stage : {&Checking::names, &Checking::columns}) {
            (this->*stage)();
            if (hasFailed()) return faults_;
        }
        bytes(data_.name, data);
        bytes(meta_.name, meta);
        if (hasFailed()) return faults_;
        for (const auto stage :
             {&Checking::metaRows, &Checking::columnNames, &Checking::times, &Checking::filters,
              &Checking::geography, &Checking::general, &Checking::indicators, &Checking::lengths})
            (this->*stage)();
        return faults_;
    }
    void fail(const std::string& check, const std::string& where, const std::string& got,
              const std::string& rule, bool isWarning = false) {
        if (faults_.size() < kMostFaults) faults_.push_back({check, isWarning, where, got, rule});
    }

private:
    bool hasFailed() const {
        return std::ranges::any_of(faults_, [](const OpenDataFault& one) { return !one.isWarning; });
    }
    std::string rowOf(std::size_t row, const std::string& column) const {
        return data_.name + ":" + std::to_string(row + 2) + ":" + column;
    }
    std::string metaRowOf(std::size_t row, const std::string& column) const {
        return meta_.name + ":" + std::to_string(row + 2) + ":" + column;
    }

    void names() {
        static const std::regex allowed("[A-Za-z0-9_-]+");
        const auto stem = [](const std::string& name, const std::string& end) {
            return name.ends_with(end) ? name.substr(0, name.size() - end.size()) : name;
        };
        for (const auto* sheet : {&data_, &meta_}) {
            if (sheet->name.find(' ') != std::string::npos)
                fail("filename_spaces", sheet->name, sheet->name, "Use no space in a file's name.");
            if (!std::regex_match(stem(stem(sheet->name, ".csv"), ".meta"), allowed))
                fail("filename_special", sheet->name, sheet->name, "Use letters, digits, - and _ alone.");
        }
        if (!data_.name.ends_with(".csv") || meta_.name != stem(data_.name, ".csv") + ".meta.csv")
            fail("filenames_match", meta_.name, meta_.name,
                 "Name it like the data: NAME.csv and NAME.meta.csv.");
        if (data_.name.size() > 150)
            fail("filename_length", data_.name, data_.name, "Use at most 150 characters.");
        if (lowered(data_.name) != data_.name)
            fail("filename_case", data_.name, data_.name, "Use lower case: the platform does.");
    }

    void columns() {
        for (const auto* name : kRequiredMeta)
            if (!meta_.column(name)) fail("col_req_meta", meta_.name, name, "Metadata has this column.");
        for (const auto& name : meta_.header)
            if (!isOneOf(kRequiredMeta, name) && !isOneOf(kOptionalMeta, name))
                fail("col_invalid_meta", meta_.name, name, "Metadata has no such column.");
        for (const auto* name : kRequiredData)
            if (!data_.column(name)) fail("col_req_data", data_.name, name, "Data have this column.");
        if (meta_.rows.size() + kRequiredData.size() > data_.header.size())
            fail("col_to_rows", meta_.name, std::to_string(meta_.rows.size()),
                 "Metadata has no more rows than the data have columns of filters and indicators.");
        for (const auto* sheet : {&data_, &meta_})
            for (const auto& name : sheet->header)
                if (std::ranges::count(sheet->header, name) > 1)
                    fail("duplicate_columns", sheet->name, name, "Name a column once.");
        for (std::size_t row = 0; row < meta_.rows.size(); ++row)
            for (const auto* column : {"col_name", "filter_grouping_column"}) {
                const auto name = meta_.at(row, column);
                if (!name.empty() && !data_.column(name))
                    fail("cross_meta_to_data", metaRowOf(row, column), name, "The data have no such column.");
            }
        for (const auto& name : data_.header) {
            if (isOneOf(kRequiredData, name) || isOneOf(kGeography, name) || isInMeta(name)) continue;
            std::set<std::string> found;
            for (std::size_t row = 0; row < data_.rows.size() && found.size() < 2; ++row)
                found.insert(data_.at(row, name));
            if (found.size() > 1)
                fail("cross_data_to_meta", data_.name, name, "Say in the metadata what this column is.",
                     true);
        }
    }

    bool isInMeta(const std::string& name) const {
        for (std::size_t row = 0; row < meta_.rows.size(); ++row)
            if (meta_.at(row, "col_name") == name || meta_.at(row, "filter_grouping_column") == name)
                return true;
        return false;
    }
    std::vector<std::string> namesOf(const std::string& type) const {
        std::vector<std::string> all;
        for (std::size_t row = 0; row < meta_.rows.size(); ++row)
            if (meta_.at(row, "col_type") == type) all.push_back(meta_.at(row, "col_name"));
        return all;
    }
    std::vector<std::string> groupColumns() const {
        std::vector<std::string> all;
        for (std::size_t row = 0; row < meta_.rows.size(); ++row)
            if (const auto group = meta_.at(row, "filter_grouping_column"); !group.empty())
                all.push_back(group);
        return all;
    }

    void bytes(const std::string& name, const std::string& text) {
        if (text.starts_with("\xEF\xBB\xBF"))
            fail("byte_order_mark", name, "", "Write UTF-8 without a mark.");
        if (text.find('\r') != std::string::npos) fail("line_ends", name, "CR", "End lines with LF alone.");
        if (!text.ends_with('\n')) fail("last_line", name, "", "End the last line.");
    }

    void metaRows() {
        std::set<std::string> labels;
        std::set<std::string> columns;
        std::map<std::string, std::string> groups;
        for (std::size_t row = 0; row < meta_.rows.size(); ++row) {
            const auto name = meta_.at(row, "col_name");
            const auto type = meta_.at(row, "col_type");
            const auto label = meta_.at(row, "label");
            const auto unit = meta_.at(row, "indicator_unit");
            const auto decimals = meta_.at(row, "indicator_dp");
            const auto grouping = meta_.at(row, "indicator_grouping");
            const auto hint = meta_.at(row, "filter_hint");
            const auto group = meta_.at(row, "filter_grouping_column");
            const auto wrong = [&](const char* check, const char* column, const std::string& got,
                                   const char* rule, bool isWarning = false) {
                fail(check, metaRowOf(row, column), got, rule, isWarning);
            };
            const bool isFilter = type == "Filter";
            if (!isFilter && type != "Indicator")
                wrong("meta_col_type", "col_type", type, "Filter or Indicator.");
            if (name.empty()) wrong("meta_col_name", "col_name", name, "Name the column.");
            if (name.find(' ') != std::string::npos)
                wrong("meta_col_name_spaces", "col_name", name, "Use no space.");
            if (!columns.insert(name).second)
                wrong("meta_col_name_dupe", "col_name", name, "Name a column once.");
            if (isOneOf(kRequiredData, name) || isOneOf(kGeography, name))
                wrong("meta_ob_unit", "col_name", name, "Leave time and geography out of the metadata.");
            if (label.empty()) wrong("meta_label", "label", label, "Give a label.");
            if (!labels.insert(label).second) wrong("meta_dupe_label", "label", label, "Use a label once.");
            if (label.size() > 80) wrong("label_length", "label", label, "Use at most 80 characters.");
            if (isFilter) {
                if (looksLikeGeography(name))
                    wrong("meta_geog_catch", "col_name", name, "The name looks like geography.");
                if (!decimals.empty())
                    wrong("meta_indicator_dp", "indicator_dp", decimals, "Only of an indicator.");
                if (!unit.empty()) wrong("meta_ind_unit", "indicator_unit", unit, "Only of an indicator.");
                if (!grouping.empty())
                    wrong("meta_indicator_grouping", "indicator_grouping", grouping, "Only of an indicator.");
                if (!group.empty()) {
                    if (!groups.emplace(group, name).second)
                        wrong("meta_fil_grp_dupe", "filter_grouping_column", group,
                              "A group serves one filter.");
                    if (!isInColumn(group, "col_name"))
                        wrong("meta_fil_grp_is_fil", "filter_grouping_column", group,
                              "A group has a row of its own.", true);
                    distinctWhenStripped(row, group);
                }
            } else {
                if (!group.empty())
                    wrong("meta_fil_grp", "filter_grouping_column", group, "Only of a filter.");
                if (!hint.empty()) wrong("meta_filter_hint", "filter_hint", hint, "Only of a filter.");
                if (decimals.empty())
                    wrong("meta_ind_dp_set", "indicator_dp", decimals, "Say how many decimals.", true);
                else if (decimals.find_first_not_of("0123456789") != std::string::npos)
                    wrong("meta_ind_dp_values", "indicator_dp", decimals, "A whole number.");
                if (!isOneOf(kUnits, unit))
                    wrong("meta_ind_unit_validation", "indicator_unit", unit,
                          "Nothing, %, pp, £, £m or numberstring.");
            }
        }
    }

    bool isInColumn(const std::string& text, const std::string& column) const {
        for (std::size_t row = 0; row < meta_.rows.size(); ++row)
            if (meta_.at(row, column) == text) return true;
        return false;
    }

    void distinctWhenStripped(std::size_t row, const std::string& group) {
        std::map<std::string, std::string> items;
        for (std::size_t i = 0; i < data_.rows.size(); ++i) {
            const auto item = data_.at(i, group);
            const auto [known, isNew] = items.emplace(stripped(item), item);
            if (!isNew && known->second != item) {
                fail("meta_fil_grp_stripped", metaRowOf(row, "filter_grouping_column"), item,
                     "Items differ by more than signs.");
                return;
            }
        }
    }

    void columnNames() {
        static const std::regex snake("[a-z0-9_]+");
        for (const auto& name : data_.header) {
            if (name.find_first_of(" \t") != std::string::npos)
                fail("col_names_spaces", data_.name, name, "Use no white space.");
            if (!std::regex_match(name, snake))
                fail("col_snake_case", data_.name, name, "Use a-z, 0-9 and _ alone.", true);
            if (!name.empty() && std::islower(static_cast<unsigned char>(name[0])) == 0)
                fail("col_var_start", data_.name, name, "Begin with a letter.", true);
            if (name == "characteristic" || name == "characteristic_group")
                fail("col_var_characteristic", data_.name, name, "Use breakdown columns.", true);
            for (const auto* part : kHarmonised)
                if (lowered(name).find(part) != std::string::npos && !isOneOf(kHarmonisedNames, name))
                    fail("harmonised_variables", data_.name, name, "Use the standard name.");
        }
        for (const auto& name : namesOf("Indicator")) {
            for (const auto* part : kSmudged)
                if (lowered(name).find(part) != std::string::npos)
                    fail("col_ind_smushed", data_.name, name,
                         fmt::format("It holds {}: make that a filter, or use another word.", part));
            if (name.size() >= 35)
                fail("indicator_length", data_.name, name, "Use fewer than 35 characters.");
        }
    }

    void times() {
        static const std::vector<std::set<std::string>> kFamilies{
            {"Financial year"},
            {"Academic year"},
            {"Tax year"},
            {"Autumn and spring term"},
            {"Financial year Q1", "Financial year Q2", "Financial year Q3", "Financial year Q4"},
            {"Part 1 (April to September)", "Part 2 (October to March)"},
            {"Autumn term", "Spring term", "Summer term"},
            {"Calendar year"},
            {"Reporting year"},
            {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
             "November", "December"}};
        constexpr std::size_t kFourDigitsFrom = 7;
        std::set<std::size_t> families;
        for (std::size_t row = 0; row < data_.rows.size(); ++row) {
            const auto period = data_.at(row, "time_period");
            const auto identifier = data_.at(row, "time_identifier");
            const bool isNumber = (period.size() == 4 || period.size() == 6) &&
                                  period.find_first_not_of("0123456789") == std::string::npos;
            if (!isNumber) {
                fail("time_period_num", rowOf(row, "time_period"), period, "Four or six digits.");
                continue;
            }
            auto family = kFamilies.size();
            for (std::size_t i = 0; i < kFamilies.size(); ++i)
                if (kFamilies[i].contains(identifier)) family = i;
            static const std::regex week("Week ([1-9]|[1-4][0-9]|5[0-2])");
            const bool isWeek = family == kFamilies.size() && std::regex_match(identifier, week);
            if (family == kFamilies.size() && !isWeek) {
                fail("time_id_valid", rowOf(row, "time_identifier"), identifier,
                     "Use an identifier of the list.");
                continue;
            }
            families.insert(family);
            const bool isFour = family >= kFourDigitsFrom;
            if (isFour != (period.size() == 4))
                fail("time_period", rowOf(row, "time_period"), period,
                     isFour ? "Four digits for this identifier." : "Six digits for this identifier.");
            else if (!isFour && (std::stoi(period.substr(2, 2)) + 1) % 100 != std::stoi(period.substr(4, 2)))
                fail("time_period_six", rowOf(row, "time_period"), period,
                     "Two years that follow each other.");
        }
        if (families.size() > 1) fail("time_id_mix", data_.name, "", "Do not mix kinds of time in one file.");
    }

    void filters() {
        const auto groups = groupColumns();
        for (std::size_t row = 0; row < meta_.rows.size(); ++row) {
            if (meta_.at(row, "col_type") != "Filter") continue;
            const auto name = meta_.at(row, "col_name");
            const auto items = itemsOf(name);
            if (items.size() < 2)
                fail("filter_not_singular", metaRowOf(row, "col_name"), name,
                     "A filter has two values or more.");
            const auto chosen = meta_.at(row, "filter_default");
            if (!items.contains(chosen.empty() ? "Total" : chosen))
                fail("filter_defaults", metaRowOf(row, "filter_default"), chosen,
                     "Have an item Total, or name one of the items.", chosen.empty());
            if (items.size() > 25000) fail("filter_item_limit", data_.name, name, "At most 25,000 items.");
            if (const auto group = meta_.at(row, "filter_grouping_column");
                !group.empty() && itemsOf(group).size() > items.size())
                fail("filter_group_level", metaRowOf(row, "filter_grouping_column"), group,
                     "A group has no more items than its filter.");
            for (const auto& item : items) {
                if (item.empty()) fail("filter_blanks", data_.name, name, "No cell of a filter is empty.");
                spaces(name, item);
                if (item.size() > 120)
                    fail("api_char_filter_items", data_.name, item, "Use at most 120 characters.", true);
            }
        }
        for (const auto* column : kGeography)
            for (const auto& item : itemsOf(column)) {
                spaces(column, item);
                if (item == "Total" || item == "total" || item == "All" || item == "all")
                    fail("filter_ob_total", data_.name, column, "No total among places.");
            }
    }
    void spaces(const std::string& column, const std::string& item) {
        if (item != platform::trimmed(item))
            fail("filter_whitespace", data_.name + ":" + column, item, "No space at either end.");
    }
    std::set<std::string> itemsOf(const std::string& name) const {
        std::set<std::string> items;
        const auto column = data_.column(name);
        if (column)
            for (const auto& row : data_.rows) items.insert(row[*column]);
        return items;
    }

    void geography() {
        static const std::set<std::string> kLevels{"National", "Regional", "Local authority"};
        const auto levels = itemsOf("geographic_level");
        for (const auto& level : levels)
            if (!kLevels.contains(level))
                fail("geog_level", data_.name, level, "National, Regional or Local authority.");
        const auto needs = [&](const char* check, const char* level,
                               std::initializer_list<const char*> wanted) {
            if (!levels.contains(level)) return;
            for (const auto* column : wanted)
                if (!data_.column(column))
                    fail(check, data_.name, column, "Rows of this level need the column.");
        };
        needs("geog_level_present", "Regional", {"region_code", "region_name"});
        needs("geog_level_present", "Local authority", {"old_la_code", "new_la_code", "la_name"});
        allOrNone("geog_la_col_present", {"old_la_code", "new_la_code", "la_name"});
        allOrNone("geog_region_col_present", {"region_code", "region_name"});
        for (std::size_t row = 0; row < data_.rows.size(); ++row) {
            const auto level = data_.at(row, "geographic_level");
            const auto country = data_.at(row, "country_code") + "|" + data_.at(row, "country_name");
            if (country != "E92000001|England")
                fail("geog_country_combos", rowOf(row, "country_code"), country, "E92000001 and England.");
            const auto region = data_.at(row, "region_code") + "|" + data_.at(row, "region_name");
            const auto authority = data_.at(row, "old_la_code") + "|" + data_.at(row, "new_la_code") + "|" +
                                   data_.at(row, "la_name");
            if (region != "|" && !places_.regions.contains(region) && region != "x|Not available")
                fail("geog_region_combos", rowOf(row, "region_code"), region,
                     "Code and name as in the lookup.");
            if (authority != "||" && !places_.authorities.contains(authority) &&
                authority != "x|x|Not available")
                fail("geog_la_combos", rowOf(row, "old_la_code"), authority,
                     "Codes and name as in the lookup.");
            if (level == "Regional" && region == "|")
                fail("geog_level_completed", rowOf(row, "region_code"), "", "Fill the columns of the level.");
            if (level == "Local authority" && authority == "||")
                fail("geog_level_completed", rowOf(row, "la_name"), "", "Fill the columns of the level.");
            if (level == "Local authority" && region == "|")
                fail("geog_region_for_la", rowOf(row, "region_code"), "", "Give the authority's region.",
                     true);
            if ((level == "National" && (region != "|" || authority != "||")) ||
                (level == "Regional" && authority != "||"))
                fail("geog_overcompleted_cols", rowOf(row, "la_name"), authority,
                     "Leave the columns of narrower levels empty.");
        }
    }
    void allOrNone(const char* check, std::initializer_list<const char*> wanted) {
        std::size_t found = 0;
        for (const auto* column : wanted) found += data_.column(column) ? 1 : 0;
        if (found > 0 && found < wanted.size())
            fail(check, data_.name, "", "Have all of these columns, or none.");
    }

    void general() {
        std::vector<std::size_t> keys;
        const auto indicators = namesOf("Indicator");
        for (std::size_t column = 0; column < data_.header.size(); ++column)
            if (std::ranges::find(indicators, data_.header[column]) == indicators.end())
                keys.push_back(column);
        std::set<std::string> seen;
        for (std::size_t row = 0; row < data_.rows.size(); ++row) {
            std::string key;
            bool isBlank = true;
            for (const auto column : keys) key += data_.rows[row][column] + '\x1F';
            for (const auto& cell : data_.rows[row]) isBlank = isBlank && cell.empty();
            if (!seen.insert(key).second)
                fail("general_dupes", rowOf(row, ""), "",
                     "No two rows are of the same time, place and items.");
            if (isBlank) fail("blank_row", rowOf(row, ""), "", "Leave no row empty.");
        }
        for (const auto* sheet : {&data_, &meta_})
            for (std::size_t row = 0; row < sheet->rows.size(); ++row)
                for (const auto& cell : sheet->rows[row]) {
                    const auto where = sheet->name + ":" + std::to_string(row + 2);
                    if (isOneOf(kNothing, cell))
                        fail("general_null", where, cell, "Use a symbol of the list.");
                    if (isOneOf(kNearlyNothing, cell))
                        fail("general_null", where, cell, "Use a symbol of the list.", true);
                }
    }

    /// Stricter than the screener, which takes blanks and any word.
    void indicators() {
        static const std::regex number(R"(-?\d+(\.\d+)?)");
        for (const auto& name : namesOf("Indicator")) {
            const auto column = data_.column(name);
            if (!column) continue;
            for (std::size_t row = 0; row < data_.rows.size(); ++row) {
                const auto& cell = data_.rows[row][*column];
                if (!isOneOf(kSymbols, cell) && !std::regex_match(cell, number))
                    fail("ind_invalid_entry", rowOf(row, name), cell,
                         "A plain number, or one of c, k, low, u, x and z.");
            }
        }
    }

    void lengths() {
        for (const auto& name : data_.header)
            if (name.size() > 50)
                fail("api_char_col_name", data_.name, name, "Use at most 50 characters.", true);
        for (const auto* column : {"region_code", "new_la_code", "old_la_code"})
            for (const auto& item : itemsOf(column))
                if (item.size() > 30)
                    fail("api_char_loc_code", data_.name, item, "At most 30 characters.", true);
    }

    Sheet data_;
    Sheet meta_;
    const PlaceLookups& places_;
    std::vector<OpenDataFault> faults_;
};

/// Nothing where the text is not a regular CSV file; `fault` then says why.
std::optional<Sheet> sheetOf(const std::string& name, const std::string& text, std::string& fault) {
    if (!platform::isUtf8(text)) {
        fault = "Write UTF-8.";
        return std::nullopt;
    }
    Sheet sheet{name, {}, {}};
    Row row;
    std::string cell;
    bool isQuoted = false;
    bool wasQuoted = false;
    const auto end = [&] {
        row.push_back(std::move(cell));
        cell.clear();
        wasQuoted = false;
    };
    const std::size_t from = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    for (std::size_t i = from; i < text.size(); ++i) {
        const char c = text[i];
        if (isQuoted) {
            if (c != '"') cell += c;
            else if (i + 1 < text.size() && text[i + 1] == '"') cell += text[++i];
            else isQuoted = false;
        } else if (c == '"' && cell.empty() && !wasQuoted) {
            isQuoted = wasQuoted = true;
        } else if (c == ',') {
            end();
        } else if (c == '\n') {
            end();
            (sheet.header.empty() ? sheet.header : sheet.rows.emplace_back()) = std::move(row);
            row.clear();
        } else if (c != '\r') {
            cell += c;
        }
    }
    if (isQuoted) {
        fault = "A quotation does not end.";
        return std::nullopt;
    }
    if (!cell.empty() || !row.empty()) {
        end();
        (sheet.header.empty() ? sheet.header : sheet.rows.emplace_back()) = std::move(row);
    }
    for (std::size_t i = 0; i < sheet.rows.size(); ++i)
        if (sheet.rows[i].size() != sheet.header.size()) {
            fault = fmt::format("Row {} has {} cells, and the header {}.", i + 2, sheet.rows[i].size(),
                                sheet.header.size());
            return std::nullopt;
        }
    if (sheet.header.empty() || sheet.rows.empty()) {
        fault = "There is nothing in it.";
        return std::nullopt;
    }
    return sheet;
}

}  // namespace

std::vector<OpenDataFault> checkPair(const std::string& dataName, const std::string& data,
                                     const std::string& metaName, const std::string& meta,
                                     const PlaceLookups& places) {
    std::vector<OpenDataFault> faults;
    std::string fault;
    auto dataSheet = sheetOf(dataName, data, fault);
    if (!dataSheet) faults.push_back({"file_read", false, dataName, "", fault});
    auto metaSheet = sheetOf(metaName, meta, fault);
    if (!metaSheet) faults.push_back({"file_read", false, metaName, "", fault});
    if (!faults.empty()) return faults;
    return Checking(std::move(*dataSheet), std::move(*metaSheet), places).run(data, meta);
}

}  // namespace releases
