#pragma once

#include <map>
#include <string>

#include "platform/database.h"

namespace platform {

/// What the database remembers of the keys that stand apart from it, read once: a fingerprint of each, by
/// which a key is known again, and from which it cannot be made. So no other key is taken for one, and a lost
/// one is not made anew. Their names: `audit`, `sign-in`, `erased`, `pseudonyms 805 v1`.
class KnownKeys {
public:
    explicit KnownKeys(Transaction& tx);

    bool contains(const std::string& name) const { return fingerprints_.contains(name); }
    /// Whether this very key is the one that is known by the name.
    bool knows(const std::string& name, const std::string& key) const;
    /// Remembers a key, where none of this name is. Throws Unavailable where another one is.
    void hold(Transaction& tx, const std::string& name, const std::string& key);
    /// Remembers another one from now on: somebody said that the one before is lost. Throws NotFound where
    /// none is known.
    static void replace(Transaction& tx, const std::string& name, const std::string& key);

private:
    std::map<std::string, std::string> fingerprints_;  ///< by name
};

}  // namespace platform
