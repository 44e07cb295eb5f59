#pragma once

#include <string>

#include "authority/door.h"
#include "authority/view.h"
#include "returns/returns.h"

namespace authority {

// What the pages of a return share.

/// The quarter that an address names. Throws NotFound where it is none.
values::Quarter quarterOf(const Visit& visit);
/// `/returns/2025-26-Q1`
std::string returnHref(values::Quarter quarter);
Link backToReturn(values::Quarter quarter);
/// Who signed it off, and when.
std::string signedOffText(const returns::QuarterlyReturn& one);
/// What a page says that it took; with its opening and its sending, which is all that is known without
/// script.
returns::Effort effortIn(const values::Fields& form);

}  // namespace authority
