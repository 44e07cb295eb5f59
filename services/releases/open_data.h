#pragma once

#include <string>
#include <vector>

#include "releases/tables.h"

namespace releases {

/// One file of a release, whole.
struct OpenFile {
    std::string name;
    std::string type;  ///< media type
    std::string content;
};

/// What is said of a release beside its tables.
struct ReleaseWords {
    std::string title;    ///< `Practice guide delivery, 2025-26 Q3`
    std::string quarter;  ///< `2025-26 Q3`
    int version = 1;      ///< of the quarter
    std::size_t returned = 0;
    std::size_t authorities = 0;
    std::vector<std::string> rules;    ///< of disclosure, in sentences
    std::vector<std::string> guides;   ///< with their versions
    std::vector<std::string> quality;  ///< what a reader should know of the data, in sentences
    std::string publisher = "Plumbline";
};

/// The symbols that stand in place of numbers, and what each means.
struct Symbol {
    const char* symbol;
    const char* meaning;
};
const std::vector<Symbol>& symbols();

/// Whether a published value is a number, and no symbol in its place.
bool isNumber(const std::string& value);

/// `202526`
std::string timePeriod(values::Quarter quarter);
/// `Financial year Q3`
std::string timeIdentifier(values::Quarter quarter);

/// A table as the pair that explore education statistics takes: NAME.csv and NAME.meta.csv, in UTF-8 without
/// a mark, lines ended by LF. The same table gives the same bytes.
std::vector<OpenFile> filePair(const PublishedTable& table, const std::vector<AreaOf>& areas,
                               const Snapshot& snapshot);

/// Everything of a release that can be downloaded: the pairs, data guidance, a Data Package and an entry for
/// catalogues (DCAT).
std::vector<OpenFile> openFiles(const BuiltTables& built, const Snapshot& snapshot,
                                const ReleaseWords& words);

}  // namespace releases
