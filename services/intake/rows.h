#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "platform/row_reader.h"
#include "values/reader.h"

namespace intake {

/// Rows of a few cells that are at hand: a form, or what a machine sent of one record. The header is row 1.
class CellRows : public platform::RowReader {
public:
    /// One record: its columns with what each holds.
    explicit CellRows(const std::vector<std::pair<std::string, std::string>>& cells);

    bool next() override;
    long record() const override { return record_; }
    std::size_t size() const override { return row_->size(); }
    std::string_view cell(std::size_t position) const override;
    bool isQuoted(std::size_t /*position*/) const override { return false; }
    bool hasUndefinedByte(std::size_t /*position*/) const override { return false; }
    bool isBlank() const override { return false; }
    const std::optional<std::string>& fault() const override { return fault_; }

protected:
    std::vector<std::string> header_;
    std::vector<std::string> cells_;
    const std::vector<std::string>* row_ = nullptr;
    long record_ = 0;
    std::optional<std::string> fault_;
};

/// Lines of JSON, each an object of one record. `columns`: those that there are. The first line is row 2, as
/// if a header stood before it.
class JsonRows final : public CellRows {
public:
    JsonRows(const std::string& path, std::vector<std::string> columns);

    bool next() override;
    bool isBlank() const override { return isBlank_; }
    bool isGiven(std::size_t position) const override { return isGiven_[position]; }

private:
    void readLine(const std::string& line);

    std::ifstream file_;
    std::vector<bool> isGiven_;
    bool isBlank_ = false;
};

}  // namespace intake
