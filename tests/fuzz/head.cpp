// Any bytes as the head of a request: what is accepted must be unambiguous.
#include "platform/request_head.h"

#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text = std::string(reinterpret_cast<const char*>(data), size) + "\r\n\r\n";
    platform::RequestHead head;
    if (platform::judgeHead(text, head)) return 0;
    if (head.isChunked && head.contentLength > 0) std::abort();
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\0') std::abort();
        if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) std::abort();
        if (text[i] == '\n' && i + 1 < text.size() && (text[i + 1] == ' ' || text[i + 1] == '\t'))
            std::abort();
    }
    return 0;
}
