#pragma once

#include <map>
#include <string>

#include "platform/database.h"

namespace platform {

/// What the database remembers of the keys that stand apart from it: a fingerprint of each, by which a key is
/// known again, and from which it cannot be made. So no other key is taken for one, and a lost one is not
/// made anew.
class KnownKeys {
public:
    /// SHA-256 of the name and the key, as hexadecimal digits.
    static std::string fingerprintOf(const std::string& name, const std::string& key);
    /// By name: `audit`, `sign-in`, `pseudonyms 805 v1`.
    static std::map<std::string, std::string> all(Transaction& tx);
    /// Remembers a key, where none of this name is. Throws Unavailable where another one is.
    static void hold(Transaction& tx, const std::string& name, const std::string& key);
    /// Remembers another one from now on: somebody said that the one before is lost.
    static void replace(Transaction& tx, const std::string& name, const std::string& key);
};

}  // namespace platform
