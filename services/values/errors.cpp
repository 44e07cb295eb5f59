#include "values/errors.h"

#include <algorithm>

namespace values {

std::string FieldProblem::text() const {
    std::string out = where.file;
    if (where.row > 0) out += ":" + std::to_string(where.row);
    if (!where.column.empty()) out += (out.empty() ? "" : ":") + where.column;
    if (!out.empty()) out += ": ";
    if (!got.empty()) out += "got \"" + got + "\". ";
    return out + wanted;
}

Invalid::Invalid(std::vector<FieldProblem> problems, std::size_t found)
    : std::runtime_error(problems.empty() ? "invalid" : problems.front().text()),
      problems_(std::move(problems)),
      found_(std::max(found, problems_.size())) {}

}  // namespace values
