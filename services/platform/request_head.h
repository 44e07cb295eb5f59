#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace platform {

/// What the head of a request says of its size, once it is known to be well formed.
struct RequestHead {
    std::uint64_t contentLength = 0;
    bool isChunked = false;
    bool waitsToContinue = false;  ///< sends its body only once it is asked to
};

/// What is wrong with a head: the status that answers it.
struct HeadFault {
    int status;
    const char* what;
};

constexpr std::size_t kMostHeadBytes = std::size_t{16} * 1024;

/// Judges the head of an HTTP/1 request strictly (RFC 9112), from its first byte to the empty line: what two
/// readers could understand differently (two lengths, a length and a transfer coding, a folded line, a bare
/// line feed, a space before a colon, a body of a GET) is refused, so that no request can hide within
/// another. Gives the head, or what is wrong with it.
std::optional<HeadFault> judgeHead(std::string_view text, RequestHead& head);

}  // namespace platform
