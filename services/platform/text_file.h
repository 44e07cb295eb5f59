#pragma once

#include <string>

namespace platform {

/// The whole of a file, byte for byte. Throws NotFound where it cannot be read.
std::string fileText(const std::string& path);

}  // namespace platform
