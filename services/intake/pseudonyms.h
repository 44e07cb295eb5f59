#pragma once

#include <string>
#include <string_view>

namespace intake {

/// hex(HMAC-SHA-256(key, "v1|" + authority code + "|" + identifier)), the first 32 digits: 128 bits. The
/// identifier is normalised first: white space removed, upper case; leading zeros stay. Source:
/// open-data-export.md §7.
std::string pseudonym(std::string_view key, std::string_view authorityCode, std::string_view identifier);

/// One authority's pseudonyms. Its key stands in a file of its own, apart from the database, its exports and
/// logs; made on first use. It keeps the code it was made with, so a change of code breaks no link.
class Pseudonyms {
public:
    /// Throws Unavailable where the key cannot be read or made.
    Pseudonyms(const std::string& folder, int authority, const std::string& code);
    std::string of(std::string_view identifier) const { return pseudonym(key_, code_, identifier); }

private:
    std::string key_;  ///< 32 bytes
    std::string code_;
};

}  // namespace intake
