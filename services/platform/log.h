#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace platform {

enum class LogLevel { error, warning, information, debug };

/// Sets what is written; `error` writes least. Throws Invalid for an unknown name.
void setLogLevel(const std::string& name);

using LogFields = std::initializer_list<std::pair<std::string_view, std::string>>;

/// Writes one line of `key="value"` pairs to standard error: time, level, event, then the fields, and the
/// request's id where there is one. `event` is `room.what_happened`; each is explained in
/// deploy/docs/operations/messages.md. Never give it a secret.
void logEvent(LogLevel level, std::string_view event, LogFields fields = {});

/// While it lives, every line logged by this thread carries this request's id.
class RequestScope {
public:
    explicit RequestScope(std::string requestId);
    ~RequestScope();
    RequestScope(const RequestScope&) = delete;
    RequestScope& operator=(const RequestScope&) = delete;
};

}  // namespace platform
