#pragma once

#include <cstdint>
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

/// SHA-256, as 32 raw bytes.
std::string sha256(std::string_view text);
/// SHA-256, as 64 hexadecimal digits.
std::string sha256Hex(std::string_view text);
/// HMAC-SHA-256 under a key of 32 bytes, as 32 raw bytes. Throws std::invalid_argument for another length.
std::string hmacSha256(std::string_view key, std::string_view text);

/// Compares without telling by its time where two texts differ.
bool isEqualInConstantTime(std::string_view a, std::string_view b);

}  // namespace platform
