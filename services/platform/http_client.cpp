#include "platform/http_client.h"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPBasicCredentials.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/URI.h>

#include <array>
#include <functional>
#include <memory>

#include "platform/http.h"
#include "values/errors.h"

namespace platform {
namespace {

using Poco::Net::Context;
using Poco::Net::HTTPClientSession;
using Poco::Net::HTTPRequest;

constexpr int kSeconds = 10;
constexpr std::size_t kMostBytes = std::size_t{1} << 20U;

bool isThisMachine(const std::string& host) {
    return host == "127.0.0.1" || host == "::1" || host == "localhost";
}

std::unique_ptr<HTTPClientSession> sessionTo(const Poco::URI& place, const std::string& authorities) {
    std::unique_ptr<HTTPClientSession> session;
    if (place.getScheme() == "https") {
        Context::Ptr context =
            new Context(Context::TLS_CLIENT_USE, "", "", authorities, Context::VERIFY_STRICT, 9, true);
        context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
        session = std::make_unique<Poco::Net::HTTPSClientSession>(place.getHost(), place.getPort(), context);
    } else if (place.getScheme() == "http" && isThisMachine(place.getHost())) {
        session = std::make_unique<HTTPClientSession>(place.getHost(), place.getPort());
    } else {
        throw values::Forbidden("only https addresses are asked: " + place.toString());
    }
    session->setTimeout(Poco::Timespan(kSeconds, 0));
    return session;
}

FetchedAnswer fetched(const std::string& address, const std::string& authorities,
                      const std::function<void(HTTPClientSession&, HTTPRequest&)>& send,
                      const std::string& method) {
    try {
        const Poco::URI place(address);
        const auto session = sessionTo(place, authorities);
        HTTPRequest request(method, place.getPathAndQuery().empty() ? "/" : place.getPathAndQuery(),
                            HTTPRequest::HTTP_1_1);
        request.set("Accept", "application/json");
        send(*session, request);
        Poco::Net::HTTPResponse response;
        auto& in = session->receiveResponse(response);
        FetchedAnswer answer{response.getStatus(), ""};
        std::array<char, 8192> buffer{};
        while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0) {
            answer.body.append(buffer.data(), static_cast<std::size_t>(in.gcount()));
            if (answer.body.size() > kMostBytes)
                throw values::Unavailable("the answer is too long: " + address);
        }
        return answer;
    } catch (const Poco::Exception& error) {
        throw values::Unavailable("no answer from " + address + ": " + error.displayText());
    }
}

}  // namespace

FetchedAnswer HttpClient::get(const std::string& address) const {
    return fetched(
        address, authorities_,
        [](HTTPClientSession& session, HTTPRequest& request) { session.sendRequest(request); },
        HTTPRequest::HTTP_GET);
}

FetchedAnswer HttpClient::post(const std::string& address, const std::map<std::string, std::string>& form,
                               const std::string& user, const std::string& password) const {
    std::string body;
    for (const auto& [name, value] : form) body += (body.empty() ? "" : "&") + name + "=" + urlEncoded(value);
    return fetched(
        address, authorities_,
        [&](HTTPClientSession& session, HTTPRequest& request) {
            if (!user.empty()) Poco::Net::HTTPBasicCredentials(user, password).authenticate(request);
            request.setContentType("application/x-www-form-urlencoded");
            request.setContentLength(static_cast<std::streamsize>(body.size()));
            session.sendRequest(request) << body;
        },
        HTTPRequest::HTTP_POST);
}

}  // namespace platform
