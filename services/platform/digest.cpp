#include "platform/digest.h"

#include <sodium.h>

#include <array>
#include <stdexcept>

namespace platform {
namespace {
const unsigned char* raw(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
}  // namespace

void prepareCryptography() {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be initialised");
}

void fillRandom(std::span<std::uint8_t> bytes) { randombytes_buf(bytes.data(), bytes.size()); }

std::string randomHex(std::size_t bytes) {
    std::string buffer(bytes, '\0');
    randombytes_buf(buffer.data(), buffer.size());
    return toHex(buffer);
}

std::string toHex(std::string_view bytes) {
    std::string out(bytes.size() * 2 + 1, '\0');
    sodium_bin2hex(out.data(), out.size(), raw(bytes), bytes.size());
    out.pop_back();
    return out;
}

std::string sha256(std::string_view text) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> out{};
    crypto_hash_sha256(out.data(), raw(text), text.size());
    return {reinterpret_cast<const char*>(out.data()), out.size()};
}

std::string sha256Hex(std::string_view text) { return toHex(sha256(text)); }

std::string hmacSha256(std::string_view key, std::string_view text) {
    if (key.size() != crypto_auth_hmacsha256_KEYBYTES) throw std::invalid_argument("a key has 32 bytes");
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> out{};
    crypto_auth_hmacsha256(out.data(), raw(text), text.size(), raw(key));
    return {reinterpret_cast<const char*>(out.data()), out.size()};
}

bool isEqualInConstantTime(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace platform
