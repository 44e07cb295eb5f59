#include "platform/http_server.h"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServerConnection.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NameValueCollection.h>
#include <Poco/Net/SecureStreamSocketImpl.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Net/StreamSocketImpl.h>
#include <Poco/Net/TCPServerDispatcher.h>
#include <Poco/ThreadPool.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>

#include "platform/csv.h"
#include "platform/digest.h"
#include "platform/gate.h"
#include "platform/log.h"
#include "platform/request_reader.h"
#include "values/text.h"

namespace platform {
namespace {

namespace fs = std::filesystem;
using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;

/// The watch over the connection that this thread serves.
thread_local Gate::Watch* watch = nullptr;

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
    if (isMultipart) {
        admitFiles(request);
        watch->allow(from.hasContentLength() ? static_cast<std::uint64_t>(from.getContentLength64()) : most);
    }
    readFormBody(type, from.stream(), limits.uploadFolder, limits.uploadBytes, request);
}

/// What machines send: one JSON document to `request.body`, lines of JSON to a file.
void readDocument(HTTPServerRequest& from, const HttpLimits& limits,
                  const std::function<void(Request&)>& admitFiles, Request& request) {
    const auto type = from.getContentType();
    if (type.rfind("application/x-ndjson", 0) == 0) {
        admitFiles(request);
        watch->allow(from.hasContentLength() ? static_cast<std::uint64_t>(from.getContentLength64())
                                             : limits.uploadBytes);
        receiveBody(from.stream(), limits.uploadFolder, limits.uploadBytes, request);
        return;
    }
    std::array<char, 4096> piece{};
    auto& stream = from.stream();
    while (stream.read(piece.data(), piece.size()) || stream.gcount() > 0) {
        request.body.append(piece.data(), static_cast<std::size_t>(stream.gcount()));
        if (request.body.size() > limits.formBytes)
            throw HttpProblem(413, "What was sent is larger than the service accepts.");
    }
    if (!isUtf8(request.body)) throw HttpProblem(400, "The body holds bytes that are not text.");
}

/// What two readers could understand differently is refused; the gate has looked already where it could.
void refuseAmbiguous(const HTTPServerRequest& from) {
    std::map<std::string, int> counts;
    for (const auto& [name, value] : from) ++counts[values::lowered(name)];
    const bool isTwofold = counts["content-length"] > 1 || counts["transfer-encoding"] > 1 ||
                           counts["host"] > 1 ||
                           (counts["content-length"] == 1 && counts["transfer-encoding"] == 1);
    if (isTwofold) throw HttpProblem(400, "The request can be read in two ways.");
}

/// Who asks: the connection's other end, or whom a proxy of ours names last.
std::string addressOf(const HTTPServerRequest& from, const HttpLimits& limits) {
    auto peer = from.clientAddress().host().toString();
    if (limits.trustedProxy.empty() || peer != limits.trustedProxy) return peer;
    const auto named = from.get("X-Forwarded-For", "");
    const auto last = std::string(trimmed(std::string_view(named).substr(named.find_last_of(',') + 1)));
    Poco::Net::IPAddress address;
    return Poco::Net::IPAddress::tryParse(last, address) ? address.toString() : peer;
}

void readRequest(HTTPServerRequest& from, const HttpLimits& limits,
                 const std::function<void(Request&)>& admitFiles, Request& request) {
    refuseAmbiguous(from);
    request.method = from.getMethod();
    request.from = addressOf(from, limits);
    const auto accept = from.get("Accept", "");
    request.wantsJson =
        accept.find("json") != std::string::npos && accept.find("text/html") == std::string::npos;
    readTarget(from.getURI(), request);
    Poco::Net::NameValueCollection cookies;
    from.getCookies(cookies);
    for (const auto& [name, value] : cookies) request.cookies[name] = value;
    request.browser = from.get("User-Agent", "");
    if (!isUtf8(request.browser)) request.browser.clear();
    for (const auto* name : {"Authorization", "If-Match", "If-None-Match", "Idempotency-Key", "Content-Type"})
        if (from.has(name) && isUtf8(from.get(name))) request.headers[values::lowered(name)] = from.get(name);
    const auto type = from.getContentType();
    const bool isDocument =
        type.rfind("application/json", 0) == 0 || type.rfind("application/x-ndjson", 0) == 0;
    if (isDocument || request.method == "PUT") {
        if (!isDocument) throw HttpProblem(415, "Send JSON.");
        readDocument(from, limits, admitFiles, request);
    } else if (request.method == "POST") {
        readForm(from, limits, admitFiles, request);
    }
}

void send(const Response& response, const Request& request, bool isHttps, HTTPServerResponse& to) {
    to.setStatus(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(response.status));
    to.setReason(Poco::Net::HTTPResponse::getReasonForStatus(to.getStatus()));
    to.setContentType(response.type);
    bool isCachingSaid = false;
    for (const auto& [name, value] : securityHeaders()) to.set(name, value);
    for (const auto& [name, value] : response.headers) {
        // Whatever a handler put there, a header ends where it ends.
        std::string line = value;
        std::ranges::replace_if(
            line, [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
        to.add(name, line);
        isCachingSaid = isCachingSaid || name == "Cache-Control";
    }
    if (isHttps) to.set("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    if (!isCachingSaid) to.set("Cache-Control", "no-store");
    to.set("X-Request-Id", request.id);
    to.setContentLength64(static_cast<Poco::Int64>(response.body.size()));
    watch->allow(response.body.size());
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
        for (const auto& file : request.files) {
            std::error_code ignored;
            fs::remove(file.path, ignored);  // still there only if nobody took it
        }
        const auto took = std::chrono::steady_clock::now() - started;
        try {
            send(response, request, serving_.limits.isHttps, to);
        } catch (const std::exception& error) {
            logEvent(LogLevel::information, "platform.client_left", {{"what", error.what()}});
            return;
        }
        logEvent(LogLevel::information, "platform.request_answered",
                 {{"method", request.method},
                  {"route", request.route.empty() ? "none" : request.route},
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

/// One connection, watched for as long as it is served.
class WatchedConnection : public Poco::Net::HTTPServerConnection {
public:
    WatchedConnection(const Poco::Net::StreamSocket& socket,
                      const Poco::Net::HTTPServerParams::Ptr& parameters,
                      const Poco::Net::HTTPRequestHandlerFactory::Ptr& factory, Gate& gate)
        : HTTPServerConnection(socket, parameters, factory), gate_(gate) {}
    void run() override {
        Gate::Watch own(gate_, socket().impl()->sockfd());
        watch = &own;
        HTTPServerConnection::run();
        watch = nullptr;
    }

private:
    Gate& gate_;
};

class ConnectionFactory : public Poco::Net::TCPServerConnectionFactory {
public:
    ConnectionFactory(Poco::Net::HTTPServerParams::Ptr parameters, const Serving& serving,
                      const std::unique_ptr<Gate>& gate)
        : parameters_(std::move(parameters)), factory_(new HandlerFactory(serving)), gate_(gate) {}
    Poco::Net::TCPServerConnection* createConnection(const Poco::Net::StreamSocket& socket) override {
        return new WatchedConnection(socket, parameters_, factory_, *gate_);
    }

private:
    Poco::Net::HTTPServerParams::Ptr parameters_;
    Poco::Net::HTTPRequestHandlerFactory::Ptr factory_;
    const std::unique_ptr<Gate>& gate_;
};

/// A connection that the other end opened, with TLS spoken over it.
class EncryptedSocket : public Poco::Net::SecureStreamSocketImpl {
public:
    EncryptedSocket(Poco::Net::StreamSocketImpl* plain, const Poco::Net::Context::Ptr& context)
        : SecureStreamSocketImpl(plain, context) {
        acceptSSL();
    }
};

/// The certificate and key in use; taken up anew when their files change.
class Certificate {
public:
    Certificate(std::string certificate, std::string key)
        : certificate_(std::move(certificate)), key_(std::move(key)), context_(load()), seen_(changedAt()) {}

    Poco::Net::Context::Ptr context() {
        const std::lock_guard lock(mutex_);
        if (const auto now = changedAt(); now != seen_) {
            seen_ = now;
            try {
                context_ = load();
                logEvent(LogLevel::information, "platform.certificate_renewed", {{"file", certificate_}});
            } catch (const std::exception& fault) {
                logEvent(LogLevel::error, "platform.certificate_refused",
                         {{"file", certificate_}, {"what", fault.what()}});
            }
        }
        return context_;
    }

private:
    using Changes = std::pair<fs::file_time_type, fs::file_time_type>;
    Changes changedAt() const {
        std::error_code ignored;
        return {fs::last_write_time(certificate_, ignored), fs::last_write_time(key_, ignored)};
    }
    Poco::Net::Context::Ptr load() const {
        using Poco::Net::Context;
        try {
            Context::Params parameters;
            parameters.privateKeyFile = key_;
            parameters.certificateFile = certificate_;
            parameters.verificationMode =
                Context::VERIFY_NONE;  // of the other end: people have no certificates
            // Forward secrecy and authenticated ciphers alone; TLS 1.3 brings its own.
            parameters.cipherList = "ECDHE+AESGCM:ECDHE+CHACHA20";
            Context::Ptr context = new Context(Context::TLS_SERVER_USE, parameters);
            context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
            context->preferServerCiphers();
            return context;
        } catch (const Poco::Exception& error) {
            throw values::Unavailable("the certificate " + certificate_ +
                                      " or its key cannot be used: " + error.displayText());
        }
    }

    std::string certificate_;
    std::string key_;
    std::mutex mutex_;
    Poco::Net::Context::Ptr context_;
    Changes seen_;
};

/// The dispatcher counts its own references.
struct Released {
    void operator()(Poco::Net::TCPServerDispatcher* dispatcher) const { dispatcher->release(); }
};

}  // namespace

class HttpServer::Inner {
public:
    Inner(const std::string& address, int port, Serving serving)
        : serving_(std::move(serving)), threads_(2, serving_.limits.threads) {
        const auto& limits = serving_.limits;
        if (!limits.certificate.empty())
            certificate_ = std::make_unique<Certificate>(limits.certificate, limits.key);
        Poco::Net::HTTPServerParams::Ptr parameters(new Poco::Net::HTTPServerParams);
        parameters->setMaxThreads(limits.threads);
        parameters->setMaxQueued(limits.queue);
        parameters->setTimeout(Poco::Timespan(limits.timeoutSeconds, 0));
        parameters->setKeepAlive(false);
        parameters->setSoftwareVersion("");
        dispatcher_.reset(new Poco::Net::TCPServerDispatcher(
            new ConnectionFactory(parameters, serving_, gate_), threads_, parameters));
        GateRule rule;
        rule.headTime = std::chrono::seconds(limits.headSeconds);
        rule.servedTime = std::chrono::seconds(limits.timeoutSeconds);
        rule.smallBody = limits.formBytes;
        rule.isEncrypted = certificate_ != nullptr;
        gate_ = std::make_unique<Gate>(address, port, rule, [this](int socket) { letThrough(socket); });
    }
    ~Inner() {
        gate_->close();  // who is being served keeps their watch
        dispatcher_->stop();
        threads_.joinAll();
    }
    Inner(const Inner&) = delete;
    Inner& operator=(const Inner&) = delete;
    int port() const { return gate_->port(); }

private:
    void letThrough(int socket) {
        auto* plain = new Poco::Net::StreamSocketImpl(socket);
        if (!certificate_) {
            dispatcher_->enqueue(Poco::Net::StreamSocket(plain));
            return;
        }
        const Poco::Net::StreamSocket encrypted(new EncryptedSocket(plain, certificate_->context()));
        plain->release();
        dispatcher_->enqueue(encrypted);
    }

    Serving serving_;
    Poco::ThreadPool threads_;
    std::unique_ptr<Certificate> certificate_;
    std::unique_ptr<Poco::Net::TCPServerDispatcher, Released> dispatcher_;
    std::unique_ptr<Gate> gate_;
};

HttpServer::HttpServer(const std::string& address, int port, const HttpLimits& limits,
                       std::function<Response(Request&)> handle, ProblemPage refuse,
                       std::function<void(Request&)> admitFiles)
    : inner_(std::make_unique<Inner>(
          address, port, Serving{limits, std::move(handle), std::move(refuse), std::move(admitFiles)})) {}

HttpServer::~HttpServer() = default;

int HttpServer::port() const { return inner_->port(); }

}  // namespace platform
