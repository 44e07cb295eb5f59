#pragma once

#include <string>
#include <string_view>

namespace values {

/// In lower case, the letters of ASCII alone.
std::string lowered(std::string_view text);
/// With the article that a noun takes: `a session`, `an episode`.
std::string withArticle(std::string_view noun);

}  // namespace values
