#pragma once

#include <string>

namespace platform {

/// Makes a file that we alone may read: whole or not at all, and never over one that another process has just
/// made. Makes its folder, private too.
void makeSecretFile(const std::string& path, const std::string& text);

/// The 32 bytes of a key that stands in a file of its own, as hexadecimal digits. Throws Unavailable where it
/// is missing or cannot be read: what was written with it needs this one, so none is made in its place.
std::string secretKey(const std::string& path);
/// Makes such a key, where there is no file yet.
void makeSecretKey(const std::string& path);

}  // namespace platform
