// Any bytes as an address with its query.
#include <cstdint>
#include <cstdlib>

#include "platform/csv.h"
#include "platform/request_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    platform::Request request;
    try {
        platform::readTarget("/" + std::string(reinterpret_cast<const char*>(data), size), request);
    } catch (const platform::HttpProblem&) {
        return 0;
    }
    if (!platform::isUtf8(request.path) || request.path.find('\0') != std::string::npos) std::abort();
    for (const auto& [name, value] : request.query)
        if (!platform::isUtf8(name) || !platform::isUtf8(value)) std::abort();
    platform::matchPath("/services/{service}/measures/{measure}", request.path);
    return 0;
}
