#include "platform/http.h"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include "platform/file_writer.h"
#include "platform/log.h"
#include "values/json.h"

namespace platform {
namespace {

using values::Fields;

std::string at(const Fields& fields, const std::string& name) {
    const auto found = fields.find(name);
    return found == fields.end() ? "" : found->second;
}

Problem ours() { return {500, "/problems/fault", "Sorry, there is a problem with the service", "", {}}; }

Problem httpProblem(const HttpProblem& error) {
    return {error.status(),
            "/problems/request",
            error.status() == 413 ? "What you sent is too large" : "This request cannot be understood",
            error.what(),
            {}};
}

/// `/episodes.csv/14/offered_on`, or the field's name: where a machine finds the value.
std::string pointerOf(const values::Place& place) {
    if (!place.column.empty() && place.column.front() == '/') return place.column;
    std::string pointer;
    if (!place.file.empty()) pointer += "/" + place.file;
    if (place.row > 0) pointer += "/" + std::to_string(place.row);
    return pointer + "/" + place.column;
}

Response problemDocument(const Request& request, const Problem& problem) {
    nlohmann::json document{{"type", problem.type},
                            {"title", problem.title},
                            {"status", problem.status},
                            {"instance", "urn:request:" + request.id}};
    if (!problem.detail.empty()) document["detail"] = problem.detail;
    for (const auto& field : problem.fields)
        document["errors"].push_back(
            {{"detail", field.wanted}, {"pointer", pointerOf(field.where)}, {"got", field.got}});
    auto response =
        jsonAnswer(document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), problem.status);
    response.type = "application/problem+json";
    return response;
}

Response respond(const Request& request, const Problem& problem, const ProblemPage& page) {
    auto response = request.wantsJson ? problemDocument(request, problem) : page(request, problem);
    response.status = problem.status;
    if (problem.status == 503) response.headers.emplace_back("Retry-After", "5");
    if (problem.status == 429) response.headers.emplace_back("Retry-After", "60");
    if (problem.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
}

}  // namespace

std::string Request::cookie(const std::string& name) const { return at(cookies, name); }
std::string Request::header(const std::string& name) const { return at(headers, name); }
std::string Request::part(const std::string& name) const { return at(path_parts, name); }

Response htmlPage(std::string body, int status) {
    return {status, "text/html; charset=utf-8", std::move(body), {}};
}
Response jsonAnswer(std::string body, int status) {
    return {status, "application/json", std::move(body), {}};
}
Response seeOther(std::string place) { return {303, "text/plain", "", {{"Location", std::move(place)}}}; }

Response answer(Request& request, const Handler& handler, const ProblemPage& problemPage) {
    Problem problem = ours();
    const auto fault = [&](const std::string& what) {
        logEvent(LogLevel::error, "platform.request_failed",
                 {{"route", request.route.empty() ? "none" : request.route}, {"what", what}});
    };
    try {
        return handler(request);
    } catch (const HttpProblem& error) {
        problem = httpProblem(error);
    } catch (const values::Invalid& error) {
        problem = {422, "/problems/invalid", "There is a problem with what you sent", "", error.problems()};
    } catch (const values::Forbidden& error) {
        problem = {403, "/problems/forbidden", "You may not do this", error.what(), {}};
    } catch (const values::NotFound&) {
        problem = {404, "/problems/not-found", "Page not found", "", {}};
    } catch (const values::Conflict& error) {
        problem = {409, "/problems/conflict", "This cannot be done now", error.what(), {}};
    } catch (const NoRoom& error) {
        problem = {503, "/problems/no-room", "There is no room for this", error.what(), {}};
    } catch (const values::Unavailable& error) {
        logEvent(LogLevel::error, "platform.unavailable", {{"what", error.what()}});
        problem = {503, "/problems/unavailable", "Sorry, the service is unavailable for a moment", "", {}};
    } catch (const Poco::Exception& error) {
        fault(error.displayText());
    } catch (const std::exception& error) {
        fault(error.what());
    } catch (...) {
        fault("unknown");
    }
    try {
        return respond(request, problem, problemPage);
    } catch (const std::exception& error) {  // even the page of a problem can fail: then plain words
        fault(error.what());
        return {problem.status,
                "text/plain; charset=utf-8",
                problem.title + "\nRequest " + request.id + "\n",
                {}};
    }
}

std::string urlEncoded(const std::string& text) {
    std::string encoded;
    Poco::URI::encode(text, "!#$&'()*+,/:;=?@[]", encoded);
    return encoded;
}

std::string pathEncoded(const std::string& path) {
    std::string encoded;
    Poco::URI::encode(path, "!#$&'()*+,:;=?@[]", encoded);
    return encoded;
}

std::string segmentEncoded(const std::string& text) {
    std::string encoded;
    Poco::URI::encode(text, "!#$&'()*+,/:;=?@[]%", encoded);
    return encoded;
}

namespace {
/// The two characters that readTarget leaves encoded, because they would read as something else.
std::string segmentText(std::string_view segment) {
    std::string text;
    for (std::size_t i = 0; i < segment.size(); ++i) {
        const auto code = segment.substr(i, 3);
        if (code == "%2F" || code == "%25") {
            text += code == "%2F" ? '/' : '%';
            i += 2;
        } else {
            text += segment[i];
        }
    }
    return text;
}
}  // namespace

std::optional<Fields> matchPath(std::string_view pattern, std::string_view path) {
    Fields parts;
    while (!pattern.empty() && !path.empty()) {
        const auto patternEnd = pattern.find('/', 1);
        const auto pathEnd = path.find('/', 1);
        const auto wanted = pattern.substr(0, patternEnd);
        const auto given = path.substr(0, pathEnd);
        if (wanted.size() > 3 && wanted[1] == '{') {
            if (given.size() < 2) return std::nullopt;
            parts[std::string(wanted.substr(2, wanted.size() - 3))] = segmentText(given.substr(1));
        } else if (wanted != given) {
            return std::nullopt;
        }
        pattern = patternEnd == std::string_view::npos ? "" : pattern.substr(patternEnd);
        path = pathEnd == std::string_view::npos ? "" : path.substr(pathEnd);
    }
    if (!pattern.empty() || !path.empty()) return std::nullopt;
    return parts;
}

const std::vector<std::pair<std::string, std::string>>& securityHeaders() {
    static const std::vector<std::pair<std::string, std::string>> headers{
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
         "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
    };
    return headers;
}

}  // namespace platform
