#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace platform {

/// What the gate asks of a connection.
struct GateRule {
    std::chrono::seconds headTime{10};               ///< for a whole head, and a small body
    std::chrono::seconds servedTime{30};             ///< for reading the rest, answering and sending
    std::size_t smallBody = std::size_t{64} * 1024;  ///< so much is waited for here
    std::size_t mostWaiting = 4000;                  ///< beyond, who waits longest is let go
    bool isEncrypted = false;                        ///< then only the first byte can be waited for
};

/// Waits for requests, so that threads do not: one thread holds any number of slow or silent connections, and
/// lets one through only once its request is there to be served. What is malformed is answered here. Who is
/// being served is watched: who neither sends nor takes within a sensible time is cut off.
class Gate {
public:
    /// `letThrough` gets a connected socket with a request to be read, and owns it. Port 0 takes a free one.
    /// Throws Unavailable where the address is taken.
    Gate(const std::string& address, int port, const GateRule& rule,
         std::function<void(int socket)> letThrough);
    Gate(const Gate&) = delete;
    Gate& operator=(const Gate&) = delete;
    ~Gate();

    int port() const { return port_; }
    /// Lets nobody in any more; who is being served goes on.
    void close();
    /// Whoever serves a connection holds its watch: from then on its time runs.
    class Watch {
    public:
        Watch(Gate& gate, int socket);
        Watch(const Watch&) = delete;
        Watch& operator=(const Watch&) = delete;
        ~Watch();
        /// Receiving or sending so many bytes takes its time: at least 20 KB a second are asked for.
        void allow(std::uint64_t bytes);

    private:
        Gate& gate_;
        int socket_;  ///< a second name of the connection: it stays ours whatever becomes of the first
    };

private:
    class Inner;
    friend class Watch;
    std::unique_ptr<Inner> inner_;
    int port_ = 0;
};

}  // namespace platform
