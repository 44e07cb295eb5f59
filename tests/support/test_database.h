#pragma once

#include <string>

#include "platform/database.h"
#include "platform/embedded_server.h"

namespace support {

constexpr int kBufferMegabytes = 64;
/// What the database of every test house is called.
constexpr const char* kDatabaseName = "test";

/// Makes a database from nothing, as an installation does: accounts, migrations, grants, reference data.
void makeDatabase(const platform::EmbeddedServer& server, const std::string& name);

/// A path below the source tree.
std::string source(const std::string& path);

}  // namespace support
