#pragma once

#include <set>
#include <string>
#include <vector>

namespace releases {

/// Places as the department spells them.
struct PlaceLookups {
    std::set<std::string> regions;      ///< `E12000001|North East`
    std::set<std::string> authorities;  ///< `806|E06000002|Middlesbrough`
};

/// One thing that is wrong with a pair of open-data files.
struct OpenDataFault {
    std::string check;  ///< by the name that the department's screener gives it, or our own
    bool isWarning = false;
    std::string where;  ///< file, and row and column where there is one: the header is row 1
    std::string got;
    std::string rule;
};

/// Checks a pair as the department's screener does, and more strictly where that lets pass what nobody
/// wants: every check of domain/open-data-export.md §4, empty and made-up indicator values, thousands
/// separators, carriage returns, a byte-order mark, spaces at the ends of cells. An empty list: the pair can
/// be uploaded.
std::vector<OpenDataFault> checkPair(const std::string& dataName, const std::string& data,
                                     const std::string& metaName, const std::string& meta,
                                     const PlaceLookups& places);

}  // namespace releases
