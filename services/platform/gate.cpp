#include "platform/gate.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <list>
#include <map>
#include <mutex>
#include <string_view>
#include <thread>
#include <tuple>
#include <unordered_map>

#include "platform/http.h"
#include "platform/request_head.h"
#include "values/errors.h"

namespace platform {
namespace {

using Time = std::chrono::steady_clock;

constexpr int kBacklog = 1024;
constexpr int kEvents = 256;
constexpr int kTickMilliseconds = 250;
constexpr std::size_t kBytesASecond = std::size_t{20} * 1024;

/// As many open files as the system lets us have: each waiting connection is one.
void raiseFileLimit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    std::ignore = ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::string refusalOf(int status, const char* what) {
    const std::string body = std::string(what) + "\n";
    std::string text =
        "HTTP/1.1 " + std::to_string(status) + " Refused\r\nContent-Type: text/plain; charset=utf-8\r\n";
    for (const auto& [name, value] : securityHeaders()) text += name + ": " + value + "\r\n";
    return text +
           "Cache-Control: no-store\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

[[noreturn]] void refuseAddress(const std::string& address, int port, const std::string& why) {
    throw values::Unavailable("cannot listen on " + address + ":" + std::to_string(port) + " (" + why +
                              "). Is another program using the port?");
}

int listenOn(const std::string& address, int port) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(static_cast<std::uint16_t>(port));
    sockaddr_in6 place6{};
    place6.sin6_family = AF_INET6;
    place6.sin6_port = place.sin_port;
    const bool isFour = ::inet_pton(AF_INET, address.c_str(), &place.sin_addr) == 1;
    if (!isFour && ::inet_pton(AF_INET6, address.c_str(), &place6.sin6_addr) != 1)
        refuseAddress(address, port, "not an IP address");
    const int file = ::socket(isFour ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    // Without SO_REUSEPORT, which would let a second process share the port unnoticed.
    const int yes = 1;
    ::setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    const auto* name =
        isFour ? reinterpret_cast<const sockaddr*>(&place) : reinterpret_cast<const sockaddr*>(&place6);
    if (file < 0 || ::bind(file, name, isFour ? sizeof(place) : sizeof(place6)) != 0 ||
        ::listen(file, kBacklog) != 0) {
        const std::string why = std::strerror(errno);
        if (file >= 0) ::close(file);
        refuseAddress(address, port, why);
    }
    return file;
}

int portOf(int file) {
    sockaddr_storage name{};
    socklen_t length = sizeof(name);
    ::getsockname(file, reinterpret_cast<sockaddr*>(&name), &length);
    return ntohs(name.ss_family == AF_INET ? reinterpret_cast<sockaddr_in*>(&name)->sin_port
                                           : reinterpret_cast<sockaddr_in6*>(&name)->sin6_port);
}

}  // namespace

class Gate::Inner {
public:
    Inner(int listener, const GateRule& rule, std::function<void(int)> letThrough)
        : listener_(listener),
          epoll_(::epoll_create1(EPOLL_CLOEXEC)),
          wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
          rule_(rule),
          letThrough_(std::move(letThrough)) {
        watch(listener_, EPOLLIN);
        watch(wake_, EPOLLIN);
        thread_ = std::thread([this] { run(); });
    }
    ~Inner() {
        close();
        for (const int file : {epoll_, wake_}) ::close(file);
    }
    Inner(const Inner&) = delete;
    Inner& operator=(const Inner&) = delete;

    void close() {
        if (!thread_.joinable()) return;
        const std::uint64_t one = 1;
        std::ignore = ::write(wake_, &one, sizeof(one));
        thread_.join();
        for (const auto& [file, place] : waiting_) ::close(file);
        waiting_.clear();
        ::close(listener_);
    }
    void leave(int file) {
        const std::lock_guard lock(mutex_);
        served_.erase(file);
    }
    void allow(int file, std::uint64_t bytes) {
        const std::lock_guard lock(mutex_);
        served_[file] = Time::now() + rule_.servedTime + std::chrono::seconds(bytes / kBytesASecond);
    }

private:
    struct Waiting {
        int file;
        Time::time_point since;
    };

    void watch(int file, std::uint32_t events) const {
        epoll_event event{};
        event.events = events;
        event.data.fd = file;
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, file, &event);
    }

    void run() {
        std::array<epoll_event, kEvents> events{};
        for (;;) {
            const int ready = ::epoll_wait(epoll_, events.data(), kEvents, kTickMilliseconds);
            for (int i = 0; i < ready; ++i) {
                const int file = events[static_cast<std::size_t>(i)].data.fd;
                if (file == wake_) return;
                if (file == listener_) acceptAll();
                else look(file);
            }
            letGo();
            cutOff();
        }
    }

    void acceptAll() {
        for (;;) {
            const int file = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (file < 0) {
                // No file is left: who waits longest makes room, and the next look accepts.
                if ((errno == EMFILE || errno == ENFILE) && !order_.empty()) drop(order_.front().file);
                return;
            }
            order_.push_back({file, Time::now()});
            waiting_[file] = std::prev(order_.end());
            watch(file, EPOLLIN | EPOLLRDHUP | EPOLLET);
            if (waiting_.size() > rule_.mostWaiting) drop(order_.front().file);
        }
    }

    void drop(int file) {
        forget(file);
        ::close(file);
    }
    void forget(int file) {
        const auto found = waiting_.find(file);
        if (found == waiting_.end()) return;
        order_.erase(found->second);
        waiting_.erase(found);
        ::epoll_ctl(epoll_, EPOLL_CTL_DEL, file, nullptr);
    }

    void refuse(int file, int status, const char* what) {
        const auto text = refusalOf(status, what);
        std::ignore = ::send(file, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        ::shutdown(file, SHUT_WR);
        drop(file);
    }

    /// Something came: is the request there?
    void look(int file) {
        if (!waiting_.contains(file)) return;
        const auto got = ::recv(file, buffer_.data(), buffer_.size(), MSG_PEEK);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (got <= 0) return drop(file);
        if (rule_.isEncrypted) return enter(file);
        const std::string_view text(buffer_.data(), static_cast<std::size_t>(got));
        const auto end = text.find("\r\n\r\n");
        if (end == std::string_view::npos) {
            if (text.size() >= kMostHeadBytes) refuse(file, 431, "The head of the request is too large.");
            return;
        }
        RequestHead head;
        if (const auto fault = judgeHead(text.substr(0, end + 4), head))
            return refuse(file, fault->status, fault->what);
        const bool isSmall =
            !head.isChunked && !head.waitsToContinue && head.contentLength <= rule_.smallBody;
        int available = 0;
        ::ioctl(file, FIONREAD, &available);
        if (isSmall && static_cast<std::uint64_t>(available) < end + 4 + head.contentLength) return;
        enter(file);
    }

    void enter(int file) {
        forget(file);
        ::fcntl(file, F_SETFL, ::fcntl(file, F_GETFL) & ~O_NONBLOCK);
        const int yes = 1;
        ::setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
        letThrough_(file);
    }

    void letGo() {
        const auto limit = Time::now() - rule_.headTime;
        while (!order_.empty() && order_.front().since < limit) {
            if (rule_.isEncrypted) drop(order_.front().file);
            else refuse(order_.front().file, 408, "The request did not come in time.");
        }
    }

    void cutOff() {
        const std::lock_guard lock(mutex_);
        const auto now = Time::now();
        for (auto& [file, until] : served_) {
            if (until > now) continue;
            ::shutdown(file, SHUT_RDWR);  // whoever serves it finds it closed, and leaves
            until = now + rule_.servedTime;
        }
    }

    int listener_;
    int epoll_;
    int wake_;
    GateRule rule_;
    std::function<void(int)> letThrough_;
    std::array<char, kMostHeadBytes> buffer_{};
    std::list<Waiting> order_;  ///< who waits longest first
    std::unordered_map<int, std::list<Waiting>::iterator> waiting_;
    std::mutex mutex_;
    std::map<int, Time::time_point> served_;
    std::thread thread_;
};

Gate::Gate(const std::string& address, int port, const GateRule& rule, std::function<void(int)> letThrough) {
    raiseFileLimit();
    const int listener = listenOn(address, port);
    port_ = portOf(listener);
    inner_ = std::make_unique<Inner>(listener, rule, std::move(letThrough));
}

Gate::~Gate() = default;

void Gate::close() { inner_->close(); }

Gate::Watch::Watch(Gate& gate, int socket) : gate_(gate), socket_(::fcntl(socket, F_DUPFD_CLOEXEC, 0)) {
    gate_.inner_->allow(socket_, 0);
}
Gate::Watch::~Watch() {
    gate_.inner_->leave(socket_);
    if (socket_ >= 0) ::close(socket_);
}
void Gate::Watch::allow(std::uint64_t bytes) { gate_.inner_->allow(socket_, bytes); }

}  // namespace platform
