#include "authority/door.h"

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "platform/digest.h"
#include "platform/log.h"

namespace authority {
namespace {

using identity::Permission;
using nlohmann::json;
using platform::Problem;
using platform::Request;
using platform::Response;

constexpr const char* kCookie = "plumbline_session";

constexpr Route kRoutes[] = {
    {"GET", "/", Permission::viewDelivery, &Door::home},
    {"GET", "/recommendations/{recommendation}", Permission::viewDelivery, &Door::recommendation},
    {"GET", "/services", Permission::viewDelivery, &Door::services},
    {"GET", "/services/{service}", Permission::viewDelivery, &Door::service},
    {"GET", "/services/{service}/measures/{measure}", Permission::viewDelivery, &Door::figure},
    {"GET", "/services/{service}/measures/{measure}/certificate.json", Permission::viewDelivery,
     &Door::certificate},
    {"GET", "/guides/{guide}", Permission::viewDelivery, &Door::guide},
    {"GET", "/uploads", Permission::uploadRecords, &Door::uploadForm},
    {"POST", "/uploads", Permission::uploadRecords, &Door::sendFiles},
    {"GET", "/uploads/{upload}", Permission::uploadRecords, &Door::upload},
    {"GET", "/uploads/{upload}/problems.csv", Permission::uploadRecords, &Door::uploadProblems},
    {"POST", "/uploads/{upload}/confirm", Permission::uploadRecords, &Door::confirmUpload},
    {"POST", "/uploads/{upload}/withdraw", Permission::uploadRecords, &Door::withdrawUpload},
    {"GET", "/sign-in", Permission::open, &Door::signInForm},
    {"POST", "/sign-in", Permission::open, &Door::signIn},
    {"POST", "/sign-out", Permission::signedIn, &Door::signOut},
    {"GET", "/assets/{name}", Permission::open, &Door::asset},
    {"GET", "/healthz", Permission::open, &Door::alive},
    {"GET", "/readyz", Permission::open, &Door::ready},
};

/// The route of a path and method; the path's parts go to the request. Throws NotFound, or 405 where another
/// method would do.
const Route& routeOf(Request& request, const std::string& method) {
    bool isKnownPath = false;
    for (const auto& route : kRoutes) {
        auto parts = platform::matchPath(route.pattern, request.path);
        if (!parts) continue;
        isKnownPath = true;
        if (route.method != method) continue;
        request.path_parts = std::move(*parts);
        return route;
    }
    if (isKnownPath) throw platform::HttpProblem(405, "This address does not take " + request.method + ".");
    throw values::NotFound("no such page");
}

std::string adviceFor(int status) {
    switch (status) {
        case 404:
            return "Check the address, or go back to the start page.";
        case 409:
            return "Nothing was lost. Go back, reload the page and look again.";
        case 503:
            return "What you stored before is kept. Try again in a few seconds.";
        case 500:
            return "What you stored before is kept. Try again later.";
        default:
            return "";
    }
}

bool isToken(const std::string& text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

Door::Door(Rooms rooms) : rooms_(std::move(rooms)) {
    // Read once: what is served from here can only be one of these names.
    for (const auto& entry : std::filesystem::directory_iterator(rooms_.assetsFolder)) {
        std::ifstream file(entry.path(), std::ios::binary);
        std::stringstream content;
        content << file.rdbuf();
        assets_[entry.path().filename().string()] = content.str();
    }
}

std::span<const Route> Door::routes() { return kRoutes; }

Response Door::answer(Request& request) {
    Visit visit{request, std::nullopt, "", request.cookie(kCookie), false, {}, 200};
    auto response = platform::answer(
        request, [&](Request&) { return dispatch(visit); },
        [&](const Request& failed, const Problem& problem) {
            // A form that was refused comes back with what was wrong in it: its page is the GET of its
            // address.
            if (problem.status != 422 || request.method != "POST") return problemPage(failed, problem);
            return platform::answer(
                request,
                [&](Request& again) {
                    const auto& form = routeOf(again, "GET");
                    visit.problems = problem.fields;
                    visit.status = 422;
                    return (this->*form.handler)(visit);
                },
                [&](const Request& lost, const Problem& other) {
                    return problemPage(lost, other.status == 405 || other.status == 404 ? problem : other);
                });
        });
    if (visit.isNewToken) response.headers.emplace_back("Set-Cookie", cookieOf(visit.token));
    return response;
}

Response Door::dispatch(Visit& visit) {
    const auto& route = routeOf(visit.request, visit.request.method == "HEAD" ? "GET" : visit.request.method);
    const bool isProbe =
        route.handler == &Door::asset || route.handler == &Door::alive || route.handler == &Door::ready;
    if (isProbe) return (this->*route.handler)(visit);
    identify(visit);
    if (visit.request.method == "POST" &&
        !platform::isEqualInConstantTime(visit.request.form["form_token"],
                                         identity::Sessions::formToken(visit.token)))
        throw values::Forbidden("This form is out of date. Go back, reload the page and send it again.");
    if (route.permission != Permission::open) {
        if (!visit.person)
            return platform::seeOther(visit.request.method == "GET" && visit.request.path != "/"
                                          ? "/sign-in?next=" + visit.request.path
                                          : "/sign-in");
        if (!identity::may(visit.person->role, route.permission))
            throw values::Forbidden("Your role does not include this. Ask your authority's service manager.");
    }
    return (this->*route.handler)(visit);
}

void Door::identify(Visit& visit) {
    if (!isToken(visit.token)) {
        visit.token = identity::Sessions::newToken();
        visit.isNewToken = true;
        return;
    }
    rooms_.database.derive([&](platform::Transaction& tx) {
        visit.person = rooms_.sessions.find(tx, visit.token);
        if (visit.person) visit.authorityName = delivery::Authorities::byId(tx, visit.person->authority).name;
    });
}

std::string Door::cookieOf(const std::string& token) const {
    return std::string(kCookie) + "=" + token + "; Path=/; HttpOnly; SameSite=Lax" +
           (rooms_.isHttps ? "; Secure" : "");
}

platform::Actor Door::actorOf(const Visit& visit) const {
    return {visit.person->email, visit.person->authority.code(), visit.request.from};
}

Response Door::render(const Visit& visit, const std::string& page, json view) const {
    view["formToken"] = identity::Sessions::formToken(visit.token);
    if (visit.person) {
        view["person"] = {{"name", visit.person->name}, {"authorityName", visit.authorityName}};
        view["navigation"] = json::array();
        const auto link = [&](const char* href, const char* text) {
            const auto& path = visit.request.path;
            const bool isHere = path == href || (std::string(href) != "/" && path.rfind(href, 0) == 0);
            view["navigation"].push_back({{"href", href}, {"text", text}, {"current", isHere}});
        };
        link("/", "Guidance");
        link("/services", "Services");
        if (identity::may(visit.person->role, Permission::uploadRecords)) link("/uploads", "Upload records");
    }
    view["hasErrors"] = view.value("hasErrors", false) || !visit.problems.empty();
    return platform::htmlPage(rooms_.pages.render("authority/" + page, view), visit.status);
}

Response Door::problemPage(const Request& request, const Problem& problem) const {
    json view{{"title", problem.title},
              {"detail", problem.detail},
              {"advice", adviceFor(problem.status)},
              {"number", problem.status == 500 ? request.id : ""},
              {"hasFields", !problem.fields.empty()},
              {"fields", json::array()}};
    for (const auto& field : problem.fields) view["fields"].push_back(field.text());
    return platform::htmlPage(rooms_.pages.render("authority/problem", view), problem.status);
}

Response Door::asset(Visit& visit) {
    const auto found = assets_.find(visit.request.part("name"));
    if (found == assets_.end()) throw values::NotFound("no such asset");
    const auto extension = std::filesystem::path(found->first).extension();
    const auto* type = extension == ".css"   ? "text/css; charset=utf-8"
                       : extension == ".js"  ? "text/javascript; charset=utf-8"
                       : extension == ".svg" ? "image/svg+xml"
                                             : "application/octet-stream";
    return {200, type, found->second, {{"Cache-Control", "public, max-age=300"}}};
}

Response Door::alive(Visit& /*visit*/) { return platform::jsonAnswer(R"({"status":"alive"})"); }

Response Door::ready(Visit& visit) {
    visit.request.wantsJson = true;
    rooms_.database.ping();
    return platform::jsonAnswer(R"({"status":"ready"})");
}

}  // namespace authority
