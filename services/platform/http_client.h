#pragma once

#include <map>
#include <string>

namespace platform {

/// What another service answered.
struct FetchedAnswer {
    int status = 0;
    std::string body;
};

/// Asks another service by HTTPS; plain HTTP only on this machine. Follows no redirect, waits ten seconds at
/// most, reads a megabyte at most. Throws Unavailable where there is no answer, Forbidden for an address that
/// is not safe to ask.
class HttpClient {
public:
    /// `authorities`: a file of certificates to trust besides the system's; empty for none.
    explicit HttpClient(std::string authorities = "") : authorities_(std::move(authorities)) {}

    FetchedAnswer get(const std::string& address) const;
    /// Sends a form; `user` and `password` as HTTP Basic where `user` is not empty.
    FetchedAnswer post(const std::string& address, const std::map<std::string, std::string>& form,
                       const std::string& user, const std::string& password) const;

private:
    std::string authorities_;
};

}  // namespace platform
