#pragma once

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/row_reader.h"

namespace platform {

enum class Encoding { utf8, windows1252, utf16 };

/// Decides on the whole file: a byte-order mark says UTF-8 or UTF-16; else strictly valid UTF-8 is UTF-8;
/// else it is Windows-1252, what spreadsheets in Britain write. Reads in pieces. Throws NotFound where it
/// cannot be read.
Encoding encodingOf(const std::string& path);

/// Reads a CSV file record by record (RFC 4180; line ends CRLF, LF or CR; line breaks and doubled quotes
/// within quotes). Memory does not grow with the file. Every cell comes out as UTF-8, spaces around it
/// removed.
class CsvReader final : public RowReader {
public:
    /// `encoding` must be what encodingOf gave, and not UTF-16, which a person is asked to save again.
    CsvReader(const std::string& path, Encoding encoding, char delimiter);

    /// Goes to the next record, also an empty one. False at the end of the file.
    bool next() override;

    /// The record's number, the header being 1: what a spreadsheet shows beside the row.
    long record() const override { return record_; }
    std::size_t size() const override { return cells_.size(); }
    /// Valid until next(). Empty where the record has no such cell.
    std::string_view cell(std::size_t position) const override;
    bool isQuoted(std::size_t position) const override {
        return position < cells_.size() && cells_[position].isQuoted;
    }
    /// Whether the cell holds a byte that its encoding does not have; such bytes come out as U+FFFD.
    bool hasUndefinedByte(std::size_t position) const override {
        return position < cells_.size() && cells_[position].hasUndefinedByte;
    }
    /// Whether every cell is empty.
    bool isBlank() const override;
    /// What is wrong with the record as a whole: a quotation that does not end, or text behind one.
    const std::optional<std::string>& fault() const override { return fault_; }

private:
    struct Cell {
        std::size_t begin = 0;
        std::size_t end = 0;
        bool isQuoted = false;
        bool hasUndefinedByte = false;
    };
    int get();
    int peek();
    bool fill();
    void beginCell();
    void endCell();

    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
    bool isWindows1252_;
    char delimiter_;
    std::vector<char> buffer_;
    std::size_t position_ = 0;
    std::size_t filled_ = 0;
    std::string text_;  ///< of the record, cell behind cell
    std::vector<Cell> cells_;
    long record_ = 0;
    std::optional<std::string> fault_;
};

/// The delimiter, of comma, semicolon and tab, by which a file's header has the most columns; a comma where
/// they are alike.
char delimiterOf(const std::string& path, Encoding encoding);

/// Whether every byte belongs to a well-formed UTF-8 sequence (no overlong forms, no surrogates).
bool isUtf8(std::string_view text);

/// Removes spaces, tabs, line breaks, no-break spaces (U+00A0) and U+FEFF from both ends.
std::string_view trimmed(std::string_view text);

}  // namespace platform
