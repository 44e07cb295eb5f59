#pragma once

#include <string>
#include <vector>

#include "intake/file_type.h"

namespace authority {

/// The description of /api/v1, OpenAPI 3.1, made from the same rules that records are kept by.
std::string openApi(const std::vector<intake::FileType>& types);

}  // namespace authority
