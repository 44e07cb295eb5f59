#pragma once

#include <map>
#include <string>
#include <vector>

#include "releases/releases.h"

namespace releases {

/// What a pivot shows of one table. A dimension is the name of a filter, or `place`.
struct PivotQuestion {
    std::string rows;
    std::string columns;
    std::string indicator;
    std::string level;  ///< of places: national, regional or authority
    std::string place;  ///< by name, where places are no dimension; England by default
    std::map<std::string, std::string>
        items;  ///< of filters that are no dimension; the table's choice by default
};

/// One value of a pivot with what is to be known of it.
struct PivotCell {
    std::string value;   ///< a number, or a symbol; empty where the table has no such row
    std::string status;  ///< `published`, or what the symbol means in a word or two
};

/// Only what is published is arranged: nothing is added up, so nothing is shown that a release does not show.
struct Pivot {
    PivotQuestion question;  ///< with everything that it left open filled in
    std::vector<std::string> columns;
    std::vector<std::string> rows;
    std::vector<std::vector<PivotCell>> cells;  ///< by row and column
};

/// Throws Invalid where a dimension, indicator, level or item is not of the table, or both dimensions are
/// the same.
Pivot pivotOf(const ReleaseTable& table, const PivotQuestion& question);

/// `hidden` for `c`; `published` for a number.
std::string statusOf(const std::string& value);

}  // namespace releases
