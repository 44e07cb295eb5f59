#include "platform/request_head.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string>

#include "values/text.h"

namespace platform {
namespace {

constexpr std::size_t kMostHeaders = 100;
constexpr std::size_t kLongestTarget = std::size_t{8} * 1024;
constexpr std::size_t kMostDigits = 15;

bool isTokenCharacter(unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
}
bool isToken(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](unsigned char c) { return isTokenCharacter(c); });
}
bool isControl(unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7F; }

std::string_view withoutSpace(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

/// The first line: method, target, version.
std::optional<HeadFault> judgeLine(std::string_view line, bool& isBodyless, bool& isOldest) {
    const auto first = line.find(' ');
    const auto second = first == std::string_view::npos ? first : line.find(' ', first + 1);
    if (second == std::string_view::npos) return HeadFault{400, "The request line cannot be read."};
    const auto method = line.substr(0, first);
    const auto target = line.substr(first + 1, second - first - 1);
    const auto version = line.substr(second + 1);
    if (!isToken(method) || method.size() > 20) return HeadFault{400, "The method cannot be read."};
    if (target.size() > kLongestTarget) return HeadFault{414, "The address is too long."};
    if (target.empty() || target.front() != '/' ||
        std::ranges::any_of(target, [](unsigned char c) { return c <= 0x20 || c >= 0x7F; }))
        return HeadFault{400, "The address cannot be read."};
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return HeadFault{version.starts_with("HTTP/") ? 505 : 400, "Use HTTP/1.1."};
    isOldest = version == "HTTP/1.0";
    isBodyless = method != "POST" && method != "PUT" && method != "PATCH" && method != "DELETE";
    return std::nullopt;
}

}  // namespace

std::optional<HeadFault> judgeHead(std::string_view text, RequestHead& head) {
    head = {};
    if (!text.ends_with("\r\n\r\n")) return HeadFault{400, "The head does not end."};
    text.remove_suffix(2);
    bool isBodyless = false;
    bool isOldest = false;
    bool isFirst = true;
    std::size_t headers = 0;
    int hosts = 0;
    int lengths = 0;
    int codings = 0;
    while (!text.empty()) {
        const auto end = text.find("\r\n");
        if (end == std::string_view::npos) return HeadFault{400, "A line does not end."};
        const auto line = text.substr(0, end);
        text.remove_prefix(end + 2);
        if (line.find_first_of("\r\n") != std::string_view::npos)
            return HeadFault{400, "A line ends in a way of its own."};
        if (isFirst) {
            if (const auto fault = judgeLine(line, isBodyless, isOldest)) return fault;
            isFirst = false;
            continue;
        }
        if (++headers > kMostHeaders) return HeadFault{431, "There are too many headers."};
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !isToken(line.substr(0, colon)))
            return HeadFault{400, "A header cannot be read."};
        const auto name = values::lowered(line.substr(0, colon));
        const auto value = withoutSpace(line.substr(colon + 1));
        if (std::ranges::any_of(value, [](unsigned char c) { return isControl(c); }))
            return HeadFault{400, "A header holds what is not text."};
        if (name == "host") ++hosts;
        if (name == "expect") head.waitsToContinue = true;
        if (name == "content-length") {
            const auto* last = value.data() + value.size();
            const auto read = std::from_chars(value.data(), last, head.contentLength);
            if (++lengths > 1 || value.empty() || value.size() > kMostDigits || read.ec != std::errc() ||
                read.ptr != last)
                return HeadFault{400, "The length of the body cannot be read."};
        }
        if (name == "transfer-encoding") {
            if (++codings > 1 || values::lowered(value) != "chunked" || isOldest)
                return HeadFault{400, "The transfer coding is not known."};
            head.isChunked = true;
        }
    }
    if (isFirst) return HeadFault{400, "The request line is missing."};
    if (hosts != 1 && !(isOldest && hosts == 0)) return HeadFault{400, "Name the host once."};
    if (lengths > 0 && codings > 0) return HeadFault{400, "The body has a length and a transfer coding."};
    if (isBodyless && (head.contentLength > 0 || head.isChunked))
        return HeadFault{400, "This method takes no body."};
    return std::nullopt;
}

}  // namespace platform
