#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "delivery/records.h"

namespace intake {

enum class ColumnType {
    reference,
    child,
    text,
    code,
    date,
    whole,
    decimal,
    intervention,
    instrument,
    recommendation,  ///< or a key principle
    authority,
    item
};

/// What a column may hold; schema/intake keeps these as data.
struct ColumnRule {
    std::string name;
    ColumnType type = ColumnType::text;
    bool isRequired = false;
    std::string label;  ///< as a form names it
    std::string hint;
    std::vector<std::string> values;             ///< of a code
    long least = 0;                              ///< of a whole number
    long most = 0;                               ///< of a whole number; of a text, characters
    std::optional<delivery::RecordKind> refers;  ///< what a reference names
    bool isPrivate = false;                      ///< its words stay out of the audit
    std::vector<std::size_t> notBefore;          ///< columns of dates that come first
    /// Needed where one of these columns has one of its words; any word where none is named.
    std::vector<std::pair<std::size_t, std::vector<std::string>>> requiredWith;
};

/// One kind of file: its columns, and those that together name a record.
struct FileType {
    std::string name;  ///< `episodes`; the file is episodes.csv
    std::string title;
    std::string one;  ///< one of them: `episode`
    delivery::RecordKind kind = delivery::RecordKind::service;
    std::vector<std::size_t> key;      ///< positions in columns
    std::optional<std::size_t> owner;  ///< the column that names what a record belongs to
    std::vector<ColumnRule> columns;

    /// Position of a column by name; throws std::out_of_range.
    std::size_t column(std::string_view columnName) const;
    bool isAboutChildren() const { return delivery::isAboutChildren(kind); }
};

/// Reads schema/intake, in the order in which kinds depend on each other.
std::vector<FileType> readFileTypes(const std::string& folder);

/// Throws std::out_of_range.
const FileType& typeOf(const std::vector<FileType>& types, delivery::RecordKind kind);

}  // namespace intake
