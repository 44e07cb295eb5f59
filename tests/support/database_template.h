#pragma once

#include <functional>
#include <string>

namespace support {

/// Copies the data folder of a server that was stopped in order.
void copyDatabase(const std::string& from, const std::string& folder);

/// Copies the data folder that a test house's server begins with: a database that was made from nothing and
/// stopped in order. It is made once for all programs, below the build folder, and anew where the schema, the
/// program that makes it or the server's program is another.
void copyTemplate(const std::string& folder);

/// Copies the folder of a house in which something was done already. It is made once by `make`, which gets
/// the folder to fill, and anew where this program, the schema or the tests' data are another.
void copyPrepared(const std::string& name, const std::string& folder,
                  const std::function<void(const std::string& folder)>& make);

}  // namespace support
