#pragma once

#include <string>
#include <string_view>

namespace values {

/// In lower case, the letters of ASCII alone.
std::string lowered(std::string_view text);

}  // namespace values
