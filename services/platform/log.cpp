#include "platform/log.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>

#include "values/errors.h"
#include "values/instant.h"

namespace platform {
namespace {

constexpr std::array<std::string_view, 4> kNames{"error", "warning", "information", "debug"};
std::atomic<LogLevel> threshold{LogLevel::information};
thread_local std::string currentRequest;

void append(std::string& line, std::string_view key, std::string_view value) {
    line += ' ';
    line += key;
    line += "=\"";
    for (const char c : value) {
        if (c == '"' || c == '\\') line += '\\';
        line += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    line += '"';
}

}  // namespace

void setLogLevel(const std::string& name) {
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (kNames[i] != name) continue;
        threshold = static_cast<LogLevel>(i);
        return;
    }
    throw values::Invalid(
        {{{"configuration", 0, "log.level"}, name, "Give error, warning, information or debug."}});
}

void logEvent(LogLevel level, std::string_view event, LogFields fields) {
    if (level > threshold.load()) return;
    std::string line = "at=" + values::isoText(std::chrono::time_point_cast<std::chrono::milliseconds>(
                                   std::chrono::system_clock::now()));
    line += " level=";
    line += kNames[static_cast<std::size_t>(level)];
    line += " event=";
    line += event;
    if (!currentRequest.empty()) append(line, "request", currentRequest);
    for (const auto& [key, value] : fields) append(line, key, value);
    line += '\n';
    // One write, so that lines of several threads do not mix.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

RequestScope::RequestScope(std::string requestId) { currentRequest = std::move(requestId); }
RequestScope::~RequestScope() { currentRequest.clear(); }

}  // namespace platform
