#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "delivery/records.h"
#include "intake/erased_list.h"

namespace intake {

/// hex(HMAC-SHA-256(key, "vN|" + authority code + "|" + identifier)), the first 32 digits: 128 bits; N is the
/// key's version. The identifier is normalised first: white space removed, upper case; leading zeros stay.
/// Source: open-data-export.md §7.
std::string pseudonym(std::string_view key, int version, std::string_view authorityCode,
                      std::string_view identifier);

/// One authority's pseudonyms. Its key stands in a file of its own, apart from the database, its exports and
/// logs; the database knows it again by its fingerprint. It keeps the code it was made with, so a change of
/// code breaks no link. Keys that were replaced stay beside it until they are forgotten: a child that comes
/// again moves to the newest key.
class Pseudonyms {
public:
    /// Those of the database's children. The key is made where the authority has named no child yet; one that
    /// is missing or another than the database knows is refused (Unavailable): children would become other
    /// children.
    static Pseudonyms held(platform::Transaction& tx, const std::string& folder,
                           identity::AuthorityId authority, const std::string& code);
    /// What is wrong with the keys of all authorities, in words: missing, or other than the database knows.
    static std::vector<std::string> faults(platform::Transaction& tx, const std::string& folder);
    /// Whatever keys the folder holds. Throws Unavailable where they cannot be read.
    Pseudonyms(const std::string& folder, int authority);
    /// Makes the first key of an authority, where it has none. `code`: the authority's own, such as
    /// E06000001.
    static void make(const std::string& folder, int authority, const std::string& code);

    delivery::ChildName of(std::string_view identifier) const;
    /// Whether the child was erased and may not come again.
    bool isErased(std::string_view identifier) const { return erased_.holds(authority_, identifier); }
    int keyVersion() const { return keys_.front().version; }
    std::size_t olderKeys() const { return keys_.size() - 1; }

    /// Makes a new key; the one before stays beside it.
    static void rotate(const std::string& folder, int authority);
    /// Makes a key in place of one that is lost for good: children known so far are not recognised again.
    /// Throws Conflict where its file is there.
    static void replaceLost(platform::Transaction& tx, const std::string& folder,
                            identity::AuthorityId authority, const std::string& code);
    /// Destroys the keys that were replaced: children not seen since can no more be recognised.
    static void forgetOlder(const std::string& folder, int authority);

private:
    struct Key {
        int version;
        std::string code;
        std::string bytes;  ///< 32
    };
    static Key read(const std::string& path);

    int authority_;
    ErasedList erased_;
    std::vector<Key> keys_;  ///< the newest first
};

}  // namespace intake
