#pragma once

#include <string>

#include "values/instant.h"

namespace platform {

/// When the first certificate of a PEM file ends. Throws Unavailable where it cannot be read.
values::Instant certificateEnd(const std::string& path);

}  // namespace platform
