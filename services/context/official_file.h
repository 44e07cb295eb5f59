#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace context {

/// A place as a published file names it.
struct Place {
    enum class Level { national, regional, authority };
    Level level;
    std::string region;   ///< code
    std::string oldCode;  ///< three digits, or two such with a bar between them for a joint return
    std::string newCode;  ///< such as E06000001
    std::string name;

    auto operator<=>(const Place&) const = default;
};

/// What a cell of an indicator says: a number, or a symbol in place of one.
struct Cell {
    std::optional<double> value;
    std::string symbol;  ///< c, z, x, low, u, k, ~ or :; `x` where the cell is empty; empty beside a value
    std::string text;    ///< as published
};

/// One published number: where, when, of what.
struct OfficialFigure {
    Place place;
    std::string timePeriod;      ///< 2025, 202526
    std::string timeIdentifier;  ///< Reporting year, Financial year Q3
    std::string indicator;
    std::string filters;  ///< `population_type: Children looked after on 31 March each year`; empty for none
    Cell cell;
};

struct OfficialIndicator {
    std::string name;
    std::string label;
    std::string unit;  ///< %, £ or empty
    std::optional<int> decimals;
};

/// A published open-data file of explore education statistics, as it is.
struct OfficialFile {
    std::vector<OfficialIndicator> indicators;
    std::vector<OfficialFigure> figures;
    long rows = 0;
    std::map<std::string, long> leftOut;  ///< rows of levels that are not kept, by the level's name
};

/// Reads a data file, and the metadata that was published beside it where `metaPath` is not empty. Wide, with
/// a column an indicator, and long, with a column that names it; UTF-8 with and without a byte-order mark, or
/// Windows-1252. Without metadata a column whose cells are all numbers or symbols is an indicator, and any
/// other a filter. Throws Invalid with the problems at file, row and column, at most 100 of them.
OfficialFile readOfficialFile(const std::string& path, const std::string& metaPath);

/// What a symbol means, in words.
std::string symbolText(const std::string& symbol);

}  // namespace context
