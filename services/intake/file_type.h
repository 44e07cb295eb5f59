#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "delivery/records.h"

namespace intake {

enum class ColumnType { reference, child, text, code, date, whole, decimal, intervention, instrument, item };

/// What a column may hold; schema/intake keeps these as data.
struct ColumnRule {
    std::string name;
    ColumnType type = ColumnType::text;
    bool isRequired = false;
    std::string hint;
    std::vector<std::string> values;             ///< of a code
    long least = 0;                              ///< of a whole number
    long most = 0;                               ///< of a whole number; of a text, characters
    std::optional<delivery::RecordKind> refers;  ///< what a reference names
};

/// One kind of file: its columns, and those that together name a record.
struct FileType {
    std::string name;  ///< `episodes`; the file is episodes.csv
    std::string title;
    delivery::RecordKind kind = delivery::RecordKind::service;
    std::vector<std::size_t> key;  ///< positions in columns
    std::vector<ColumnRule> columns;

    /// Position of a column by name; throws std::out_of_range.
    std::size_t column(std::string_view columnName) const;
};

/// Reads schema/intake, in the order in which kinds depend on each other.
std::vector<FileType> readFileTypes(const std::string& folder);

}  // namespace intake
