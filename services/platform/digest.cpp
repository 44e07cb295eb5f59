#include "platform/digest.h"

#include <Poco/SHA1Engine.h>
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

std::optional<std::string> fromHex(std::string_view hex) {
    std::string out(hex.size() / 2, '\0');
    std::size_t length = 0;
    const char* end = nullptr;
    if (sodium_hex2bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), hex.data(), hex.size(),
                       nullptr, &length, &end) != 0 ||
        end != hex.data() + hex.size() || length * 2 != hex.size())
        return std::nullopt;
    return out;
}

std::string sha256(std::string_view text) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> out{};
    crypto_hash_sha256(out.data(), raw(text), text.size());
    return {reinterpret_cast<const char*>(out.data()), out.size()};
}

std::string sha256Hex(std::string_view text) { return toHex(sha256(text)); }

std::string sha1Hex(std::string_view text) {
    Poco::SHA1Engine engine;
    engine.update(text.data(), text.size());
    return Poco::DigestEngine::digestToHex(engine.digest());
}

std::string hmacSha256(std::string_view key, std::string_view text) {
    if (key.size() != crypto_auth_hmacsha256_KEYBYTES) throw std::invalid_argument("a key has 32 bytes");
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> out{};
    crypto_auth_hmacsha256(out.data(), raw(text), text.size(), raw(key));
    return {reinterpret_cast<const char*>(out.data()), out.size()};
}

std::string sealedUnder(std::string_view key, std::string_view text) {
    if (key.size() != crypto_secretbox_KEYBYTES) throw std::invalid_argument("a key has 32 bytes");
    std::string out(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + text.size(), '\0');
    auto* bytes = reinterpret_cast<unsigned char*>(out.data());
    randombytes_buf(bytes, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(bytes + crypto_secretbox_NONCEBYTES, raw(text), text.size(), bytes, raw(key));
    return out;
}

std::optional<std::string> openedUnder(std::string_view key, std::string_view sealed) {
    constexpr std::size_t kExtra = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    if (key.size() != crypto_secretbox_KEYBYTES) throw std::invalid_argument("a key has 32 bytes");
    if (sealed.size() < kExtra) return std::nullopt;
    std::string out(sealed.size() - kExtra, '\0');
    if (crypto_secretbox_open_easy(reinterpret_cast<unsigned char*>(out.data()),
                                   raw(sealed) + crypto_secretbox_NONCEBYTES,
                                   sealed.size() - crypto_secretbox_NONCEBYTES, raw(sealed), raw(key)) != 0)
        return std::nullopt;
    return out;
}

bool isEqualInConstantTime(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace platform
