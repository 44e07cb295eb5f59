#pragma once

#include <optional>
#include <string>
#include <vector>

#include "authority/door.h"
#include "authority/view.h"
#include "results/report.h"

namespace authority {

/// Something to do, with where to do it and how urgent it is.
struct Task {
    std::string text;
    std::string href;
    Tag state;
    platform::View view() const;
};
/// What there is to do for the visitor, in the order in which it matters.
std::vector<Task> tasksOf(platform::Transaction& tx, const Visit& visit, const results::Report& report,
                          const intake::Keeper& keeper, values::Date today);

/// What others did since the visitor's last visit.
struct News {
    std::string since;
    std::vector<std::string> lines;
    platform::View view() const;
};
/// Nothing where nobody did anything, or this is the first visit.
std::optional<News> newsOf(platform::Transaction& tx, const Visit& visit);

}  // namespace authority
