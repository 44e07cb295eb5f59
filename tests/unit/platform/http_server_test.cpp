// The server as the network sees it: what comes slowly, wrongly or in the dark.
#include "platform/http_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "platform/digest.h"
#include "platform/log.h"
#include "values/errors.h"

using platform::HttpLimits;
using platform::HttpServer;
using platform::Request;
using platform::Response;
using ::testing::HasSubstr;
using ::testing::StartsWith;

namespace {

HttpLimits limits() {
    HttpLimits all;
    all.threads = 4;
    all.queue = 8;
    all.headSeconds = 1;
    all.timeoutSeconds = 2;
    all.formBytes = 1000;
    all.uploadBytes = 100000;
    all.uploadFolder =
        (std::filesystem::temp_directory_path() / ("plumbline-http-" + std::to_string(::getpid()))).string();
    return all;
}

/// Answers with what it understood; files only for those who send the cookie `pass`.
class Server {
public:
    explicit Server(const HttpLimits& all = limits())
        : server_(
              "127.0.0.1", 0, all,
              [](Request& request) {
                  return Response{200,
                                  "text/plain",
                                  request.method + " " + request.path + " from " + request.from + " x=" +
                                      request.form["x"] + " files=" + std::to_string(request.files.size()),
                                  {}};
              },
              [](const Request&, const platform::Problem& problem) {
                  return Response{problem.status, "text/plain", problem.detail, {}};
              },
              [](Request& request) {
                  if (request.cookie("pass").empty()) throw values::Forbidden("no files from you");
              }) {
        platform::prepareCryptography();
        platform::setLogLevel("error");
    }
    int connect() const { return connectTo(server_.port()); }
    static int connectTo(int port) {
        const int file = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in place{};
        place.sin_family = AF_INET;
        place.sin_port = htons(static_cast<std::uint16_t>(port));
        ::inet_pton(AF_INET, "127.0.0.1", &place.sin_addr);
        EXPECT_EQ(::connect(file, reinterpret_cast<sockaddr*>(&place), sizeof(place)), 0);
        return file;
    }
    static void send(int file, const std::string& text) {
        ::send(file, text.data(), text.size(), MSG_NOSIGNAL);
    }
    static std::string rest(int file) {
        std::string all;
        std::array<char, 4096> buffer{};
        for (ssize_t got = 0; (got = ::recv(file, buffer.data(), buffer.size(), 0)) > 0;)
            all.append(buffer.data(), static_cast<std::size_t>(got));
        ::close(file);
        return all;
    }
    std::string ask(const std::string& text) const {
        const int file = connect();
        send(file, text);
        return rest(file);
    }

private:
    HttpServer server_;
};

const std::string kHost = " HTTP/1.1\r\nHost: x\r\n";
std::string form(const std::string& body, const std::string& more = "") {
    return "POST /a" + kHost + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n" + more + "\r\n" + body;
}

}  // namespace

TEST(HttpServer, AnswersWithTheSecurityHeaders) {
    const Server server;
    const auto answer = server.ask("GET /a%20b" + kHost + "\r\n");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
    for (const auto* part : {"default-src 'none'", "nosniff", "X-Frame-Options: DENY", "no-store",
                             "Connection: Close", "GET /a b from 127.0.0.1"})
        EXPECT_THAT(answer, HasSubstr(part));
    EXPECT_THAT(answer, ::testing::Not(HasSubstr("Strict-Transport-Security")));
}

TEST(HttpServer, RefusesWhatIsMalformedWithTheSameHeaders) {
    const Server server;
    for (const auto& [text, status] : std::vector<std::pair<std::string, std::string>>{
             {"GET /" + kHost + "X: a\r\n b\r\n\r\n", "400"},
             {"POST /" + kHost + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc", "400"},
             {"GET /" + kHost + "X: " + std::string(20000, 'a') + "\r\n\r\n", "431"},
             {"GET /%00" + kHost + "\r\n", "400"},
             {"GET /%ff" + kHost + "\r\n", "400"},
             {form("x=" + std::string(2000, 'a')), "413"},
             {form("x=%ff"), "400"},
             {"POST /a" + kHost + "Content-Type: text/plain\r\nContent-Length: 1\r\n\r\na", "415"}}) {
        const auto answer = server.ask(text);
        EXPECT_THAT(answer, StartsWith("HTTP/1.1 " + status)) << text.substr(0, 60);
        EXPECT_THAT(answer, HasSubstr("default-src 'none'"));
    }
}

TEST(HttpServer, AnswersOneRequestAConnectionSoThatNoneHidesBehindAnother) {
    const Server server;
    const auto answer = server.ask("GET /one" + kHost + "\r\nGET /two" + kHost + "\r\n");
    EXPECT_THAT(answer, HasSubstr("GET /one"));
    EXPECT_THAT(answer, ::testing::Not(HasSubstr("GET /two")));
}

TEST(HttpServer, EndsAHeaderWhereItEnds) {
    const HttpServer server(
        "127.0.0.1", 0, limits(),
        [](Request&) {
            return Response{303, "text/plain", "", {{"Location", "/a\r\nSet-Cookie: planted=1"}}};
        },
        {}, {});
    const int file = Server::connectTo(server.port());
    Server::send(file, "GET /" + kHost + "\r\n");
    const auto answer = Server::rest(file);
    EXPECT_THAT(answer, HasSubstr("Location: /a  Set-Cookie: planted=1"));
    EXPECT_THAT(answer, ::testing::Not(HasSubstr("\nSet-Cookie")));
}

/// More silent and trickling connections than there are threads: others are served meanwhile.
TEST(HttpServer, ServesOthersWhileManySendSlowly) {
    const Server server;
    std::vector<int> slow;
    for (int i = 0; i < 60; ++i) {
        slow.push_back(server.connect());
        if (i % 3 == 1) Server::send(slow.back(), "GET /a HTTP/1.1\r\nHo");
        if (i % 3 == 2) Server::send(slow.back(), form("x=1234567890").substr(0, 100));
    }
    EXPECT_THAT(server.ask("GET /quick" + kHost + "\r\n"), HasSubstr("GET /quick"));
    for (const int file : slow) EXPECT_THAT(Server::rest(file), StartsWith("HTTP/1.1 408"));
}

TEST(HttpServer, CutsOffABodyThatDoesNotCome) {
    const Server server;
    const int file = server.connect();
    Server::send(file, "POST /a" + kHost +
                           "Cookie: pass=1\r\nContent-Type: multipart/form-data; "
                           "boundary=x\r\nContent-Length: 5000\r\n\r\n--x\r\n");
    const auto begun = std::chrono::steady_clock::now();
    Server::rest(file);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(20)) << "it would wait for ever";
}

TEST(HttpServer, ReceivesFilesOnlyFromWhomMaySend) {
    const Server server;
    const std::string body =
        "--x\r\nContent-Disposition: form-data; name=\"files\"; "
        "filename=\"../../etc/passwd\"\r\n\r\nabc\r\n--x--\r\n";
    const auto upload = [&](const std::string& cookie) {
        return server.ask("POST /a" + kHost + cookie +
                          "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: " +
                          std::to_string(body.size()) + "\r\n\r\n" + body);
    };
    EXPECT_THAT(upload(""), StartsWith("HTTP/1.1 403"));
    EXPECT_THAT(upload("Cookie: pass=1\r\n"), HasSubstr("files=1"));
    EXPECT_TRUE(std::filesystem::is_empty(limits().uploadFolder)) << "nothing is left behind";
    std::filesystem::remove_all(limits().uploadFolder);
}

TEST(HttpServer, BelievesAProxyAloneAboutWhoAsks) {
    auto all = limits();
    const std::string request = "GET /" + kHost + "X-Forwarded-For: 203.0.113.9, 198.51.100.7\r\n\r\n";
    EXPECT_THAT(Server(all).ask(request), HasSubstr("from 127.0.0.1"));
    all.trustedProxy = "127.0.0.1";
    EXPECT_THAT(Server(all).ask(request), HasSubstr("from 198.51.100.7"));
    EXPECT_THAT(Server(all).ask("GET /" + kHost + "X-Forwarded-For: <b>\r\n\r\n"),
                HasSubstr("from 127.0.0.1"));
}

TEST(HttpServer, SaysWhenItsAddressIsTakenOrNone) {
    const Server server;
    EXPECT_THROW(HttpServer("192.0.2.1", 0, limits(), {}, {}, {}), values::Unavailable);
    EXPECT_THROW(HttpServer("nowhere", 0, limits(), {}, {}, {}), values::Unavailable);
}

TEST(HttpServer, RefusesACertificateThatCannotBeUsed) {
    auto all = limits();
    all.certificate = "/nowhere/cert.pem";
    all.key = "/nowhere/key.pem";
    EXPECT_THROW(HttpServer("127.0.0.1", 0, all, {}, {}, {}), values::Unavailable);
}
