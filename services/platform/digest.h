#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace platform {

/// Makes libsodium ready; call once at the start. Throws std::runtime_error where it cannot be.
void prepareCryptography();

void fillRandom(std::span<std::uint8_t> bytes);
/// So many random bytes, as lower-case hexadecimal digits.
std::string randomHex(std::size_t bytes);

std::string toHex(std::string_view bytes);
/// Nothing where the text is not pairs of hexadecimal digits.
std::optional<std::string> fromHex(std::string_view hex);

/// SHA-256, as 32 raw bytes.
std::string sha256(std::string_view text);
/// SHA-256, as 64 hexadecimal digits.
std::string sha256Hex(std::string_view text);
/// SHA-1, as 40 hexadecimal digits: only to look up lists that others made with it.
std::string sha1Hex(std::string_view text);
/// HMAC-SHA-256 under a key of 32 bytes, as 32 raw bytes. Throws std::invalid_argument for another length.
std::string hmacSha256(std::string_view key, std::string_view text);

/// Encrypts under a key of 32 bytes, so that nobody can read or change it without; decrypts again, or gives
/// nothing where it was changed.
std::string sealedUnder(std::string_view key, std::string_view text);
std::optional<std::string> openedUnder(std::string_view key, std::string_view sealed);

/// Compares without telling by its time where two texts differ.
bool isEqualInConstantTime(std::string_view a, std::string_view b);

}  // namespace platform
