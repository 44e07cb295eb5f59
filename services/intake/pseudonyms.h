#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "delivery/records.h"

namespace intake {

/// hex(HMAC-SHA-256(key, "vN|" + authority code + "|" + identifier)), the first 32 digits: 128 bits; N is the
/// key's version. The identifier is normalised first: white space removed, upper case; leading zeros stay.
/// Source: open-data-export.md §7.
std::string pseudonym(std::string_view key, int version, std::string_view authorityCode,
                      std::string_view identifier);

/// One authority's pseudonyms. Its key stands in a file of its own, apart from the database, its exports and
/// logs; made on first use. It keeps the code it was made with, so a change of code breaks no link. Keys that
/// were replaced stay beside it until they are forgotten: a child that comes again moves to the newest key.
class Pseudonyms {
public:
    /// Throws Unavailable where a key cannot be read or made.
    Pseudonyms(const std::string& folder, int authority, const std::string& code);

    delivery::ChildName of(std::string_view identifier) const;
    int keyVersion() const { return keys_.front().version; }
    std::size_t olderKeys() const { return keys_.size() - 1; }

    /// Makes a new key; the one before stays beside it.
    static void rotate(const std::string& folder, int authority, const std::string& code);
    /// Destroys the keys that were replaced: children not seen since can no more be recognised.
    static void forgetOlder(const std::string& folder, int authority);

private:
    struct Key {
        int version;
        std::string code;
        std::string bytes;  ///< 32
    };
    static Key read(const std::string& path);

    std::vector<Key> keys_;  ///< the newest first
};

}  // namespace intake
