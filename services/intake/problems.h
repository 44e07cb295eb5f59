#pragma once

#include <string>
#include <vector>

#include "values/errors.h"

namespace intake {

/// The problems of an import. All are counted; the first ten thousand are kept.
class Problems {
public:
    void add(const std::string& file, long row, const std::string& column, std::string got,
             std::string wanted);
    /// Adds those of another.
    void take(Problems&& other);
    std::size_t found() const { return found_; }
    /// Throws Invalid, the problems in order of file and row, where there are any. `order`: the files' order.
    void refuse(const std::vector<std::string>& order);

private:
    std::vector<values::FieldProblem> kept_;
    std::size_t found_ = 0;
};

}  // namespace intake
