#include "identity/passwords.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <stdexcept>

#include "platform/digest.h"
#include "values/errors.h"
#include "values/text.h"

namespace identity {
namespace {

constexpr std::size_t kShortest = 12;
constexpr std::size_t kLongest = 200;
constexpr std::size_t kHashDigits = 40;

/// Somebody's hash to compare with where nobody has the address, so that the answer takes as long.
const std::string& nobodysHash() {
    static const std::string hash = passwordHash("nobody has this password");
    return hash;
}

/// The first digits of the first whole line at or behind a place of the file; empty at its end.
std::string lineFrom(std::ifstream& file, std::streamoff place) {
    file.clear();
    file.seekg(place == 0 ? 0 : place - 1);
    std::string line;
    if (place != 0) std::getline(file, line);  // what is left of the line before
    std::getline(file, line);
    return file ? line.substr(0, kHashDigits) : "";
}

}  // namespace

bool Passwords::isBreached(const std::string& password) const {
    if (breached_.empty()) return false;
    std::ifstream file(breached_, std::ios::binary);
    if (!file) throw values::Unavailable("the list of breached passwords cannot be read: " + breached_);
    file.seekg(0, std::ios::end);
    std::streamoff low = 0;
    std::streamoff high = file.tellg();
    const auto wanted = platform::sha1Hex(password);
    // The lists hold a thousand million hashes: sorted, thirty looks find one.
    while (low < high) {
        const auto middle = low + (high - low) / 2;
        const auto found = values::lowered(lineFrom(file, middle));
        if (found.empty() || found >= wanted) high = middle;
        else low = middle + 1;
    }
    return values::lowered(lineFrom(file, low)) == wanted;
}

std::optional<std::string> Passwords::fault(const std::string& password, const std::string& email) const {
    if (password.size() < kShortest)
        return "Use at least " + std::to_string(kShortest) + " characters; three words will do.";
    if (password.size() > kLongest) return "Use " + std::to_string(kLongest) + " characters or fewer.";
    if (const auto name = values::lowered(email.substr(0, email.find('@')));
        name.size() >= 4 && values::lowered(password).find(name) != std::string::npos)
        return "Leave your e-mail address out of your password.";
    if (isBreached(password))
        return "This password is on a list of passwords that were stolen elsewhere. Choose another one.";
    return std::nullopt;
}

std::string passwordHash(const std::string& password) {
    std::array<char, crypto_pwhash_STRBYTES> out{};
    if (crypto_pwhash_str_alg(out.data(), password.data(), password.size(),
                              crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw std::runtime_error("no memory to hash a password");
    return out.data();
}

bool isPasswordOf(const std::optional<std::string>& hash, const std::string& password) {
    // Nobody has a longer one; hashing it would be a stranger's way to keep us busy.
    const auto& given = password.size() <= kLongest ? password : nobodysHash();
    const auto& known = hash ? *hash : nobodysHash();
    const bool isRight = crypto_pwhash_str_verify(known.c_str(), given.data(), given.size()) == 0;
    return isRight && hash.has_value();
}

}  // namespace identity
