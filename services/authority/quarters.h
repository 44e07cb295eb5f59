#pragma once

#include "authority/door.h"
#include "authority/view.h"
#include "values/quarter.h"

namespace authority {

/// The quarters that an authority can look at, and the one it asked for.
struct Quarters {
    values::Quarter first;
    values::Quarter last;
    values::Quarter chosen;
};

/// Without a choice: the last quarter that has ended, of those with figures. Throws Invalid for a quarter out
/// of form.
Quarters quartersOf(platform::Transaction& tx, const Visit& visit, values::Date today);

/// Of all of them, the newest first.
Field quarterChoice(const Quarters& quarters);

}  // namespace authority
