#include "intake/pseudonyms.h"

#include <sodium.h>

#include <cctype>
#include <filesystem>
#include <fstream>

#include "platform/digest.h"
#include "platform/secret_file.h"
#include "values/errors.h"

namespace intake {
namespace {

constexpr std::size_t kKeyBytes = 32;

std::string normalised(std::string_view identifier) {
    std::string out;
    for (std::size_t i = 0; i < identifier.size(); ++i) {
        const auto c = static_cast<unsigned char>(identifier[i]);
        if (c == 0xC2 && i + 1 < identifier.size() && static_cast<unsigned char>(identifier[i + 1]) == 0xA0) {
            ++i;  // a no-break space
        } else if (c > 0x7F) {
            out += identifier[i];
        } else if (std::isspace(c) == 0) {
            out += static_cast<char>(std::toupper(c));
        }
    }
    return out;
}

}  // namespace

std::string pseudonym(std::string_view key, std::string_view authorityCode, std::string_view identifier) {
    const auto text = "v1|" + std::string(authorityCode) + "|" + normalised(identifier);
    return platform::toHex(platform::hmacSha256(key, text)).substr(0, 32);
}

Pseudonyms::Pseudonyms(const std::string& folder, int authority, const std::string& code) {
    const auto path = folder + "/" + std::to_string(authority) + ".key";
    if (!std::filesystem::exists(path))
        platform::makeSecretFile(path, "v1 " + code + " " + platform::randomHex(kKeyBytes) + "\n");
    std::ifstream file(path);
    std::string version;
    std::string hex;
    file >> version >> code_ >> hex;
    key_.resize(kKeyBytes);
    std::size_t length = 0;
    if (version != "v1" ||
        sodium_hex2bin(reinterpret_cast<unsigned char*>(key_.data()), key_.size(), hex.data(), hex.size(),
                       nullptr, &length, nullptr) != 0 ||
        length != kKeyBytes)
        throw values::Unavailable("the pseudonym key " + path + " cannot be read");
}

}  // namespace intake
