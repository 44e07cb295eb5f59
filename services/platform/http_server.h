#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "platform/http.h"

namespace platform {

struct HttpLimits {
    int threads = 32;
    int queue = 64;
    int timeoutSeconds = 30;
    std::uint64_t formBytes = 64ULL * 1024;
    std::uint64_t uploadBytes = 200ULL * 1024 * 1024;
    std::string uploadFolder;  ///< where files of forms stand while they are received
    int headSeconds = 10;      ///< for a whole head and a small form
    bool isHttps = false;      ///< people come by HTTPS, here or at a proxy
    std::string trustedProxy;  ///< its address: whom it names is believed; empty for none
    std::string certificate;   ///< a PEM file with its chain: then HTTPS is spoken here; empty for none
    std::string key;           ///< its private key
};

/// Serves one door: reads each request whole within the limits, gives it an id, logs it, and sends the answer
/// with the security headers. One request a connection: nothing that follows it can be taken for another
/// one's. A new certificate or key is taken up from its file without a restart.
class HttpServer {
public:
    /// `handle` must not throw; it is answer() over the door's routes. `refuse` answers a request that could
    /// not be read. `admitFiles` throws where a request may send no files; it is asked before any is
    /// received. Port 0 takes a free one. Throws Unavailable where the address is taken.
    HttpServer(const std::string& address, int port, const HttpLimits& limits,
               std::function<Response(Request&)> handle, ProblemPage refuse,
               std::function<void(Request&)> admitFiles);
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;
    /// Stops taking connections and waits for requests under way.
    ~HttpServer();
    int port() const;

private:
    class Inner;
    std::unique_ptr<Inner> inner_;
};

}  // namespace platform
