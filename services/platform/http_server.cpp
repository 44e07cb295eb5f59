#include "platform/http_server.h"

#include <Poco/CountingStream.h>
#include <Poco/Exception.h>
#include <Poco/Net/HTMLForm.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/MessageHeader.h>
#include <Poco/Net/NameValueCollection.h>
#include <Poco/Net/PartHandler.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/NullStream.h>
#include <Poco/StreamCopier.h>
#include <Poco/ThreadPool.h>
#include <Poco/URI.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "platform/csv.h"
#include "platform/digest.h"
#include "platform/log.h"

namespace platform {
namespace {

namespace fs = std::filesystem;
using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;

constexpr int kMostFields = 200;
constexpr int kLongestField = 8 * 1024;

/// Fails as soon as more than `left` bytes were read: a body without a length cannot fill the disk.
void copyWithin(std::istream& from, std::ostream& to, std::uint64_t& left) {
    std::array<char, 65536> buffer{};
    while (from) {
        from.read(buffer.data(), buffer.size());
        const auto got = static_cast<std::uint64_t>(from.gcount());
        if (got > left) throw HttpProblem(413, "The files are larger than the service accepts.");
        left -= got;
        to.write(buffer.data(), static_cast<std::streamsize>(got));
    }
    to.flush();
    if (!to) throw std::runtime_error("an uploaded file cannot be written to disk");
}

/// Keeps each file of a form in the upload folder, under a name of ours.
class FileReceiver : public Poco::Net::PartHandler {
public:
    FileReceiver(Request& request, const HttpLimits& limits)
        : request_(request), folder_(limits.uploadFolder), left_(limits.uploadBytes) {}

    void handlePart(const Poco::Net::MessageHeader& header, std::istream& stream) override {
        std::string disposition;
        Poco::Net::NameValueCollection parameters;
        Poco::Net::MessageHeader::splitParameters(header.get("Content-Disposition", ""), disposition,
                                                  parameters);
        UploadedFile file;
        file.field = parameters.get("name", "");
        // A sender may give folders, or worse; only the last part of the name is ever used.
        const auto given = parameters.get("filename", "");
        file.name = given.substr(given.find_last_of("/\\") + 1);
        if (file.name.empty()) {  // the field was left empty
            Poco::NullOutputStream nowhere;
            copyWithin(stream, nowhere, left_);
            return;
        }
        if (!isUtf8(file.name)) throw HttpProblem(400, "A file's name is not valid text.");
        fs::create_directories(folder_);
        file.path = folder_ + "/" + randomHex(16);
        std::ofstream out(file.path, std::ios::binary);
        request_.files.push_back(file);
        fs::permissions(file.path, fs::perms::owner_read | fs::perms::owner_write);
        const auto before = left_;
        copyWithin(stream, out, left_);
        request_.files.back().size = before - left_;
    }

private:
    Request& request_;
    std::string folder_;
    std::uint64_t left_;
};

void readForm(HTTPServerRequest& from, const HttpLimits& limits,
              const std::function<void(Request&)>& admitFiles, Request& request) {
    const auto type = from.getContentType();
    const bool isMultipart = type.rfind("multipart/form-data", 0) == 0;
    if (!isMultipart && type.rfind("application/x-www-form-urlencoded", 0) != 0)
        throw HttpProblem(415, "Send a form.");
    if (!from.hasContentLength() && !from.getChunkedTransferEncoding())
        throw HttpProblem(411, "Say how long the body is.");
    const auto most = isMultipart ? limits.uploadBytes + limits.formBytes : limits.formBytes;
    if (from.hasContentLength() && static_cast<std::uint64_t>(from.getContentLength64()) > most)
        throw HttpProblem(413, "What was sent is larger than the service accepts.");
    if (isMultipart) admitFiles(request);
    FileReceiver files(request, limits);
    Poco::Net::HTMLForm form;
    form.setFieldLimit(kMostFields);
    form.setValueLengthLimit(kLongestField);
    try {
        form.load(from, from.stream(), files);
    } catch (const Poco::Exception& error) {
        throw HttpProblem(400, "The form cannot be read: " + error.displayText());
    }
    for (const auto& [name, value] : form) {
        if (!isUtf8(name) || !isUtf8(value))
            throw HttpProblem(400, "The form holds bytes that are not text.");
        request.form[name] = value;
    }
}

void readTarget(const HTTPServerRequest& from, Request& request) {
    try {
        const Poco::URI uri(from.getURI());
        request.path = uri.getPath().empty() ? "/" : uri.getPath();
        for (const auto& [name, value] : uri.getQueryParameters()) request.query[name] = value;
    } catch (const Poco::Exception&) {
        throw HttpProblem(400, "The address cannot be read.");
    }
    if (!isUtf8(request.path) || request.path.find('\0') != std::string::npos)
        throw HttpProblem(400, "The address holds bytes that are not text.");
    for (const auto& [name, value] : request.query)
        if (!isUtf8(name) || !isUtf8(value))
            throw HttpProblem(400, "The address holds bytes that are not text.");
}

void readRequest(HTTPServerRequest& from, const HttpLimits& limits,
                 const std::function<void(Request&)>& admitFiles, Request& request) {
    request.method = from.getMethod();
    request.from = from.clientAddress().host().toString();
    const auto accept = from.get("Accept", "");
    request.wantsJson =
        accept.find("json") != std::string::npos && accept.find("text/html") == std::string::npos;
    readTarget(from, request);
    Poco::Net::NameValueCollection cookies;
    from.getCookies(cookies);
    for (const auto& [name, value] : cookies) request.cookies[name] = value;
    request.browser = from.get("User-Agent", "");
    if (!isUtf8(request.browser)) request.browser.clear();
    if (request.method == "POST") readForm(from, limits, admitFiles, request);
}

void send(const Response& response, const Request& request, HTTPServerResponse& to) {
    to.setStatus(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(response.status));
    to.setReason(Poco::Net::HTTPResponse::getReasonForStatus(to.getStatus()));
    to.setContentType(response.type);
    bool isCachingSaid = false;
    for (const auto& [name, value] : securityHeaders()) to.set(name, value);
    for (const auto& [name, value] : response.headers) {
        to.add(name, value);
        isCachingSaid = isCachingSaid || name == "Cache-Control";
    }
    if (!isCachingSaid) to.set("Cache-Control", "no-store");
    to.set("X-Request-Id", request.id);
    to.setContentLength64(static_cast<Poco::Int64>(response.body.size()));
    auto& out = to.send();
    if (request.method != "HEAD") out << response.body;
}

struct Serving {
    HttpLimits limits;
    std::function<Response(Request&)> handle;
    ProblemPage refuse;
    std::function<void(Request&)> admitFiles;
};

class RequestHandler : public Poco::Net::HTTPRequestHandler {
public:
    explicit RequestHandler(const Serving& serving) : serving_(serving) {}

    void handleRequest(HTTPServerRequest& from, HTTPServerResponse& to) override {
        Request request;
        request.id = randomHex(8);
        const RequestScope scope(request.id);
        const auto started = std::chrono::steady_clock::now();
        bool isRead = false;
        auto response = answer(
            request,
            [&](Request& r) {
                readRequest(from, serving_.limits, serving_.admitFiles, r);
                isRead = true;
                return Response{};
            },
            serving_.refuse);
        if (isRead) response = serving_.handle(request);
        else to.setKeepAlive(false);  // what is left of the body is not worth reading
        for (const auto& file : request.files) {
            std::error_code ignored;
            fs::remove(file.path, ignored);  // still there only if nobody took it
        }
        const auto took = std::chrono::steady_clock::now() - started;
        try {
            send(response, request, to);
        } catch (const std::exception& error) {
            logEvent(LogLevel::information, "platform.client_left", {{"what", error.what()}});
            return;
        }
        logEvent(LogLevel::information, "platform.request_answered",
                 {{"method", request.method},
                  {"path", request.path},
                  {"status", std::to_string(response.status)},
                  {"milliseconds",
                   std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(took).count())}});
    }

private:
    const Serving& serving_;
};

class HandlerFactory : public Poco::Net::HTTPRequestHandlerFactory {
public:
    explicit HandlerFactory(const Serving& serving) : serving_(serving) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(const HTTPServerRequest& /*request*/) override {
        return new RequestHandler(serving_);
    }

private:
    const Serving& serving_;
};

Poco::Net::ServerSocket listenOn(const std::string& address, int port) {
    try {
        Poco::Net::ServerSocket socket;
        // Without reusePort, which would let a second process share the port unnoticed.
        socket.bind(Poco::Net::SocketAddress(address, static_cast<Poco::UInt16>(port)), true, false);
        socket.listen(128);
        return socket;
    } catch (const Poco::Exception& error) {
        throw values::Unavailable("cannot listen on " + address + ":" + std::to_string(port) + " (" +
                                  error.displayText() + "). Is another program using the port?");
    }
}

}  // namespace

class HttpServer::Inner {
public:
    Inner(const std::string& address, int port, Serving serving)
        : serving_(std::move(serving)),
          threads_(2, serving_.limits.threads),
          socket_(listenOn(address, port)),
          server_(new HandlerFactory(serving_), threads_, socket_, parameters(serving_.limits)) {
        server_.start();
    }
    ~Inner() {
        server_.stopAll(false);
        threads_.joinAll();
    }
    Inner(const Inner&) = delete;
    Inner& operator=(const Inner&) = delete;
    int port() const { return server_.port(); }

private:
    static Poco::Net::HTTPServerParams* parameters(const HttpLimits& limits) {
        auto* parameters = new Poco::Net::HTTPServerParams;  // the server counts references to it
        parameters->setMaxThreads(limits.threads);
        parameters->setMaxQueued(limits.queue);
        parameters->setTimeout(Poco::Timespan(limits.timeoutSeconds, 0));
        parameters->setKeepAliveTimeout(Poco::Timespan(5, 0));
        parameters->setSoftwareVersion("");
        return parameters;
    }

    Serving serving_;
    Poco::ThreadPool threads_;
    Poco::Net::ServerSocket socket_;
    Poco::Net::HTTPServer server_;
};

HttpServer::HttpServer(const std::string& address, int port, const HttpLimits& limits,
                       std::function<Response(Request&)> handle, ProblemPage refuse,
                       std::function<void(Request&)> admitFiles)
    : inner_(std::make_unique<Inner>(
          address, port, Serving{limits, std::move(handle), std::move(refuse), std::move(admitFiles)})) {}

HttpServer::~HttpServer() = default;

int HttpServer::port() const { return inner_->port(); }

}  // namespace platform
