#include "intake/pseudonyms.h"

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

std::string pathOf(const std::string& folder, int authority) {
    return folder + "/" + std::to_string(authority) + ".key";
}
std::string olderPath(const std::string& folder, int authority, int version) {
    return folder + "/" + std::to_string(authority) + ".v" + std::to_string(version) + ".key";
}
std::string keyText(int version, const std::string& code) {
    return "v" + std::to_string(version) + " " + code + " " + platform::randomHex(kKeyBytes) + "\n";
}

}  // namespace

std::string pseudonym(std::string_view key, int version, std::string_view authorityCode,
                      std::string_view identifier) {
    const auto text =
        "v" + std::to_string(version) + "|" + std::string(authorityCode) + "|" + normalised(identifier);
    return platform::toHex(platform::hmacSha256(key, text)).substr(0, 32);
}

Pseudonyms::Key Pseudonyms::read(const std::string& path) {
    std::ifstream file(path);
    char letter = 0;
    Key key{0, "", ""};
    std::string hex;
    file >> letter >> key.version >> key.code >> hex;
    const auto bytes = platform::fromHex(hex);
    if (letter != 'v' || key.version < 1 || !bytes || bytes->size() != kKeyBytes)
        throw values::Unavailable("the pseudonym key " + path + " cannot be read");
    key.bytes = *bytes;
    return key;
}

Pseudonyms::Pseudonyms(const std::string& folder, int authority, const std::string& code) {
    const auto path = pathOf(folder, authority);
    if (!std::filesystem::exists(path)) platform::makeSecretFile(path, keyText(1, code));
    keys_.push_back(read(path));
    for (int version = keyVersion() - 1; version > 0; --version)
        if (const auto older = olderPath(folder, authority, version); std::filesystem::exists(older))
            keys_.push_back(read(older));
}

delivery::ChildName Pseudonyms::of(std::string_view identifier) const {
    delivery::ChildName name{keyVersion(), "", {}};
    for (const auto& key : keys_) {
        auto text = pseudonym(key.bytes, key.version, key.code, identifier);
        if (name.pseudonym.empty()) name.pseudonym = std::move(text);
        else name.older.push_back(std::move(text));
    }
    return name;
}

void Pseudonyms::rotate(const std::string& folder, int authority, const std::string& code) {
    const Pseudonyms before(folder, authority, code);
    const auto path = pathOf(folder, authority);
    const auto draft = path + ".next";
    std::filesystem::remove(draft);
    platform::makeSecretFile(draft, keyText(before.keyVersion() + 1, before.keys_.front().code));
    // The key before is kept first: whenever this is cut off, every key is still there.
    std::filesystem::copy_file(path, olderPath(folder, authority, before.keyVersion()),
                               std::filesystem::copy_options::overwrite_existing);
    std::filesystem::rename(draft, path);
}

void Pseudonyms::forgetOlder(const std::string& folder, int authority) {
    for (int version = read(pathOf(folder, authority)).version - 1; version > 0; --version)
        std::filesystem::remove(olderPath(folder, authority, version));
}

}  // namespace intake
