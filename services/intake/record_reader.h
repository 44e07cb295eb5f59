#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "guidance/catalogue.h"
#include "intake/file_type.h"
#include "intake/mapping.h"
#include "intake/problems.h"
#include "platform/row_reader.h"

namespace intake {

/// What files of rejected rows say of each row; read over when they come back.
constexpr const char* kReasonColumn = "why_rejected";

/// Reads records: finds the columns by their header, turns each cell into its canonical text (dates as ISO,
/// codes as the rule spells them) and notes each problem at its file, row and column.
class RecordReader {
public:
    /// `name` is what problems call the file. The columns are the type's.
    /// `mapping`: what the file's own headers and words mean; null where they are ours.
    RecordReader(const std::string& path, std::string name, FileType type,
                 const guidance::Catalogue& catalogue, Problems& problems, const Mapping* mapping = nullptr);
    /// Of rows that are at hand.
    RecordReader(std::unique_ptr<platform::RowReader> rows, std::string name, FileType type,
                 const guidance::Catalogue& catalogue, Problems& problems);

    /// Rows not to be looked at; they must outlive the reader.
    void passOver(const std::set<long>& rows) { passedOver_ = &rows; }
    /// The next record that is not blank. False at the end, and at once where the file as a whole cannot be
    /// read.
    bool next();

    long row() const { return rows_->record(); }
    /// Canonical text of a column; nothing where it is empty, wrong or not in the file.
    const std::optional<std::string>& value(std::size_t column) const { return values_[column]; }
    const std::vector<std::optional<std::string>>& values() const { return values_; }
    /// Which columns this record says anything about: others are not in the file, or were left out.
    const std::vector<bool>& given() const { return given_; }
    /// Whether this record had a problem so far.
    bool isFaulty() const { return isFaulty_; }
    /// Notes a problem of this record at a column.
    void problem(std::size_t column, const std::string& wanted);

    const FileType& type() const { return type_; }
    /// Headers that the file type does not know: left out and never stored.
    const std::vector<std::string>& ignoredColumns() const { return ignored_; }

private:
    enum class DateStyle { iso, british };

    bool openFile(const std::string& path);
    void checkTogether();
    std::optional<std::string> readText(const ColumnRule& rule, std::string_view cell, bool isQuoted);
    bool matchHeader(bool reportsProblems);
    bool isRightWidth();
    void note(const std::string& column, std::string got, const std::string& wanted);
    std::optional<std::string> read(const ColumnRule& rule, std::size_t position);
    std::optional<std::string> readDate(const ColumnRule& rule, const std::string& text);
    std::optional<std::string> readWhole(const ColumnRule& rule, const std::string& text, bool isQuoted);
    std::optional<std::string> readDecimal(const ColumnRule& rule, const std::string& text);
    std::optional<std::string> readCode(const ColumnRule& rule, const std::string& text);
    std::optional<std::string> readReference(const ColumnRule& rule, const std::string& text);
    std::optional<std::string> readWords(const ColumnRule& rule, const std::string& text);
    std::optional<std::string> readItem(const ColumnRule& rule, const std::string& text);

    std::string name_;
    FileType type_;
    const guidance::Catalogue& catalogue_;
    Problems& problems_;
    const Mapping* mapping_ = nullptr;
    std::unique_ptr<platform::RowReader> rows_;
    std::vector<std::optional<std::size_t>> positions_;  ///< of each column in the file
    std::size_t width_ = 0;                              ///< columns with a header
    std::vector<std::optional<std::string>> values_;
    std::vector<bool> given_;
    const std::set<long>* passedOver_ = nullptr;
    std::vector<std::string> ignored_;
    std::optional<DateStyle> dateStyle_;
    bool isFaulty_ = false;
};

}  // namespace intake
