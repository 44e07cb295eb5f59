#include "intake/rows.h"

#include <algorithm>

#include "platform/csv.h"
#include "values/json.h"

namespace intake {

CellRows::CellRows(const std::vector<std::pair<std::string, std::string>>& cells) {
    for (const auto& [column, text] : cells) {
        header_.push_back(column);
        cells_.emplace_back(platform::trimmed(text));
    }
}

bool CellRows::next() {
    row_ = ++record_ == 1 ? &header_ : &cells_;
    return record_ <= 2;
}

std::string_view CellRows::cell(std::size_t position) const {
    return position < row_->size() ? std::string_view((*row_)[position]) : std::string_view();
}

JsonRows::JsonRows(const std::string& path, std::vector<std::string> columns) : CellRows({}), file_(path) {
    header_ = std::move(columns);
    isGiven_.assign(header_.size(), true);
}

bool JsonRows::next() {
    row_ = ++record_ == 1 ? &header_ : &cells_;
    if (record_ == 1) return true;
    std::string line;
    if (!std::getline(file_, line)) return false;
    readLine(line);
    return true;
}

void JsonRows::readLine(const std::string& line) {
    cells_.assign(header_.size(), "");
    isGiven_.assign(header_.size(), false);
    fault_.reset();
    isBlank_ = platform::trimmed(line).empty();
    if (isBlank_) return;
    const auto record = values::tryParseJson(line);
    if (!record.is_object()) {
        fault_ = "Write one JSON object a line.";
        return;
    }
    for (const auto& [name, value] : record.items()) {
        const auto column = std::ranges::find(header_, name);
        if (column == header_.end()) {
            fault_ = "Leave out " + name + "; there is no such field.";
            return;
        }
        const auto position = static_cast<std::size_t>(column - header_.begin());
        isGiven_[position] = true;
        auto& cell = cells_[position];
        if (value.is_string()) cell = platform::trimmed(value.get<std::string>());
        else if (value.is_number()) cell = value.dump();
        else if (!value.is_null()) {
            fault_ = "Give " + name + " as a text or a number.";
            return;
        }
    }
}

}  // namespace intake
