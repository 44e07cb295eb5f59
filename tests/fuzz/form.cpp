// Any bytes as a form, with and without files.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "platform/csv.h"
#include "platform/digest.h"
#include "platform/request_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const bool isReady = [] {
        platform::prepareCryptography();
        return true;
    }();
    if (size == 0 || !isReady) return 0;
    static const auto folder = (std::filesystem::temp_directory_path() / "plumbline-fuzz-form").string();
    std::istringstream body(std::string(reinterpret_cast<const char*>(data + 1), size - 1));
    platform::Request request;
    try {
        platform::readFormBody(
            data[0] % 2 == 0 ? "application/x-www-form-urlencoded" : "multipart/form-data; boundary=x", body,
            folder, 4096, request);
        for (const auto& [name, value] : request.form)
            if (!platform::isUtf8(name) || !platform::isUtf8(value)) std::abort();
    } catch (const platform::HttpProblem&) {
        // refused, as it should be
    }
    for (const auto& file : request.files) {
        if (file.name.find('/') != std::string::npos || file.path.rfind(folder, 0) != 0) std::abort();
        std::filesystem::remove(file.path);
    }
    return 0;
}
