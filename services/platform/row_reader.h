#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace platform {

/// Rows of cells, one at a time, whatever they stand in. The first names the columns. Cells are UTF-8.
class RowReader {
public:
    RowReader() = default;
    RowReader(const RowReader&) = delete;
    RowReader& operator=(const RowReader&) = delete;
    virtual ~RowReader() = default;

    /// Goes to the next row, also an empty one. False at the end.
    virtual bool next() = 0;
    /// The row's number, the header being 1: what people see beside it.
    virtual long record() const = 0;
    virtual std::size_t size() const = 0;
    /// Valid until next(). Empty where the row has no such cell.
    virtual std::string_view cell(std::size_t position) const = 0;
    /// Whether the row says anything about the column: one left out is not the same as one left empty.
    virtual bool isGiven(std::size_t /*position*/) const { return true; }
    virtual bool isQuoted(std::size_t position) const = 0;
    /// Whether the cell holds a byte that its encoding does not have; such bytes come out as U+FFFD.
    virtual bool hasUndefinedByte(std::size_t position) const = 0;
    /// Whether every cell is empty.
    virtual bool isBlank() const = 0;
    /// What is wrong with the row as a whole.
    virtual const std::optional<std::string>& fault() const = 0;
};

}  // namespace platform
