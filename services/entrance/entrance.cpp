#include "entrance/entrance.h"

#include <algorithm>
#include <filesystem>

#include "delivery/authorities.h"
#include "entrance/frame.h"
#include "entrance/view.h"
#include "platform/digest.h"
#include "platform/text_file.h"

namespace entrance {

using identity::Door;
using identity::Permission;
using platform::Problem;
using platform::Request;
using platform::Response;
using platform::Transaction;
using platform::View;

namespace {

constexpr const char* kCookie = "plumbline_session";
/// What a browser takes only over HTTPS, for this host alone and every path of it.
constexpr const char* kHostCookie = "__Host-plumbline_session";

std::string adviceFor(int status) {
    switch (status) {
        case 404:
            return "Check the address, or go back to the start page.";
        case 409:
            return "Nothing was lost. Go back, reload the page and look again.";
        case 429:
            return "Wait a minute, then try again.";
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

struct ProblemPage {
    std::string title;
    std::string detail;
    std::string advice;
    std::string number;  ///< of the request, for who looks into a fault of ours
    std::vector<std::string> fields;
    View view() const {
        return {
            {"title", title}, {"detail", detail}, {"advice", advice}, {"number", number}, {"fields", fields}};
    }
};

}  // namespace

Entrance::Entrance(Rooms rooms, std::vector<Route> routes, std::vector<NavigationLink> links)
    : rooms_(std::move(rooms)),
      routes_(std::move(routes)),
      links_(std::move(links)),
      requests_(rooms_.requestsPerMinute, rooms_.clock),
      signInsFrom_(rooms_.signInsPerMinute, rooms_.clock),
      signInsOf_(std::max(1, rooms_.signInsPerMinute / 3), rooms_.clock),
      machineRequests_(rooms_.machineRequestsPerMinute, rooms_.clock) {
    using enum Permission;
    const bool isAuthority = rooms_.sessions.door() == Door::authority;
    if (!isAuthority) add("GET", "/", signedIn, &Entrance::start);
    add("GET", "/account", signedIn, &Entrance::account);
    add("GET", "/kept-forms", signedIn, &Entrance::keptForms);
    add("GET", "/kept-forms/{form}", signedIn, &Entrance::keptForm);
    add("POST", "/kept-forms/{form}/discard", signedIn, &Entrance::discardForm);
    add("POST", "/account/sessions/{session}/end", signedIn, &Entrance::endSession);
    add("POST", "/account/sessions/end-others", signedIn, &Entrance::endOtherSessions);
    add("GET", "/account/password", signedIn, &Entrance::passwordForm, Proof::confirmed);
    add("POST", "/account/password", signedIn, &Entrance::changePassword, Proof::confirmed);
    add("POST", "/account/recovery-codes", signedIn, &Entrance::renewRecovery, Proof::confirmed);
    add("GET", "/people", managePeople, &Entrance::people);
    add("GET", "/people/invite", managePeople, &Entrance::inviteForm, Proof::confirmed);
    add("POST", "/people/invite", managePeople, &Entrance::invite, Proof::confirmed);
    add("POST", "/people/invitations/{invitation}/withdraw", managePeople, &Entrance::withdrawInvitation);
    add("GET", "/people/{person}", managePeople, &Entrance::person);
    add("POST", "/people/{person}/role", managePeople, &Entrance::changeRole, Proof::confirmed);
    add("POST", "/people/{person}/confirm", managePeople, &Entrance::confirmAccess);
    add("POST", "/people/{person}/reset-codes", managePeople, &Entrance::resetCodes, Proof::confirmed);
    add("POST", "/people/{person}/unlock", managePeople, &Entrance::unlock);
    add("POST", "/people/{person}/end", managePeople, &Entrance::endAccess, Proof::confirmed);
    if (isAuthority) {
        add("GET", "/delegations", delegate, &Entrance::delegations);
        add("POST", "/delegations", delegate, &Entrance::giveDelegation, Proof::confirmed);
        add("POST", "/delegations/{delegation}/end", delegate, &Entrance::endDelegation);
        add("GET", "/audit", readAudit, &Entrance::audit);
        add("GET", "/audit.csv", readAudit, &Entrance::auditFile);
    }
    add("GET", "/sign-in", open, &Entrance::signInForm);
    add("POST", "/sign-in", open, &Entrance::signIn);
    add("GET", "/sign-in/code", open, &Entrance::codeForm);
    add("POST", "/sign-in/code", open, &Entrance::code);
    add("GET", "/sign-in/set-up", open, &Entrance::setUpForm);
    add("POST", "/sign-in/set-up", open, &Entrance::setUp);
    add("GET", "/sign-in/with/{provider}", open, &Entrance::toProvider);
    add("GET", "/sign-in/with/{provider}/return", open, &Entrance::fromProvider);
    add("POST", "/sign-in/with/{provider}/log-out", open, &Entrance::providerLogOut);
    routes_.back().isFromMachines = true;
    add("GET", "/invitations/{token}", open, &Entrance::invitationForm);
    add("POST", "/invitations/{token}", open, &Entrance::acceptInvitation);
    add("GET", "/confirm", signedIn, &Entrance::confirmForm);
    add("POST", "/confirm", signedIn, &Entrance::confirm);
    add("POST", "/sign-out", open, &Entrance::signOut);
    for (const auto& [pattern, handler] :
         {std::pair<const char*, Handler>{"/assets/{name}", &Entrance::asset},
          {"/healthz", &Entrance::alive},
          {"/readyz", &Entrance::ready}}) {
        add("GET", pattern, open, handler);
        routes_.back().isFromMachines = true;
    }
    // First: it is where administrators begin, and no other role is shown it.
    links_.insert(links_.begin(), {"/people", "People", managePeople});
    if (isAuthority) links_.push_back({"/delegations", "Sign-off", delegate});
    if (isAuthority) links_.push_back({"/audit", "Audit", readAudit});
    // Read once: what is served from here can only be one of these names.
    for (const auto& entry : std::filesystem::directory_iterator(rooms_.assetsFolder))
        assets_[entry.path().filename().string()] = platform::fileText(entry.path().string());
}

void Entrance::add(const char* method, const char* pattern, Permission permission, Handler handler,
                   Proof proof) {
    routes_.push_back({method, pattern, permission,
                       [this, handler](Visit& visit) { return (this->*handler)(visit); }, proof});
}

/// The route of a path and method; the path's parts go to the request. Throws NotFound, or 405 where another
/// method would do.
const Route& Entrance::routeOf(Request& request, const std::string& method) const {
    bool isKnownPath = false;
    for (const auto& route : routes_) {
        auto parts = platform::matchPath(route.pattern, request.path);
        if (!parts) continue;
        isKnownPath = true;
        if (route.method != method) continue;
        request.path_parts = std::move(*parts);
        request.route = route.pattern;
        return route;
    }
    if (isKnownPath) throw platform::HttpProblem(405, "This address does not take " + request.method + ".");
    throw values::NotFound("no such page");
}

Response Entrance::answer(Request& request) {
    Visit visit(request);
    visit.token = request.cookie(cookieName());
    auto response = platform::answer(
        request, [&](Request&) { return dispatch(visit); },
        [&](const Request& failed, const Problem& problem) {
            // A form that was refused comes back with what was wrong in it: its page is the GET of its
            // address.
            if (problem.status != 422 || request.method != "POST" || visit.system)
                return problemPage(failed, problem);
            return platform::answer(
                request,
                [&](Request& again) {
                    const auto& form = routeOf(again, "GET");
                    visit.problems = problem.fields;
                    visit.status = 422;
                    return form.handler(visit);
                },
                [&](const Request& lost, const Problem& other) {
                    return problemPage(lost, other.status == 405 || other.status == 404 ? problem : other);
                });
        });
    if (visit.isNewToken) response.headers.emplace_back("Set-Cookie", cookieOf(visit.token));
    return response;
}

void Entrance::limit(const Visit& visit) {
    const bool isWithin = requests_.take(visit.person ? "person " + visit.person->email : visit.request.from);
    if (!isWithin) throw platform::HttpProblem(429, "There are too many requests from here.");
}

Response Entrance::dispatch(Visit& visit) {
    limit(visit);
    const auto& method = visit.request.method == "HEAD" ? "GET" : visit.request.method;
    const auto& route = routeOf(visit.request, method);
    if (route.isOpenData) {
        visit.request.wantsJson = true;
        if (!machineRequests_.take("address " + visit.request.from))
            throw platform::HttpProblem(429, "There are too many requests from here in a minute.");
    }
    if (route.isFromMachines || route.isOpenData) return route.handler(visit);
    if (route.scope) {
        visit.request.wantsJson = true;
        identifySystem(visit, *route.scope);
        return route.handler(visit);
    }
    if (visit.request.isWriting() && visit.request.header("content-type").rfind("application/", 0) == 0 &&
        visit.request.header("content-type").find("json") != std::string::npos)
        throw platform::HttpProblem(415, "Send a form.");
    identify(visit);
    if (visit.request.isWriting() &&
        !platform::isEqualInConstantTime(valueOf(visit.request.form, "form_token"),
                                         identity::Sessions::formToken(visit.token)))
        throw values::Forbidden("This form is out of date. Go back, reload the page and send it again.");
    if (route.permission == Permission::open) return route.handler(visit);
    if (!visit.person) {
        if (visit.session) return platform::seeOther("/sign-in/code");
        if (route.isKept)
            if (const auto kept = keepForm(visit))
                return platform::seeOther("/sign-in?next=" + platform::pathEncoded(*kept));
        return platform::seeOther(method == "GET" && visit.request.path != "/"
                                      ? "/sign-in?next=" + platform::pathEncoded(visit.request.path)
                                      : "/sign-in");
    }
    limit(visit);
    if (!visit.may(route.permission)) {
        if (visit.request.path == "/") return platform::seeOther(homeOf(*visit.person));
        throw values::Forbidden("Your role does not include this. Ask the people who look after access.");
    }
    if (route.proof == Proof::confirmed && !visit.session->isConfirmed)
        return platform::seeOther("/confirm?next=" + platform::pathEncoded(pageOf(visit.request.path)));
    if (method != "POST") return route.handler(visit);
    if (route.isKept && valueOf(visit.request.form, "keep") == "yes")
        if (const auto kept = keepForm(visit)) return platform::seeOther("/kept-forms");
    auto response = route.handler(visit);
    if (const auto kept = values::Id<identity::KeptForm>::parse(valueOf(visit.request.form, "kept_form"));
        kept && response.status == 303)
        rooms_.database.derive(
            [&](Transaction& tx) { identity::KeptForms::discard(tx, visit.person->id, *kept); });
    return response;
}

void Entrance::identifySystem(Visit& visit, identity::Scope scope) {
    const auto given = visit.request.header("authorization");
    constexpr std::string_view kBearer = "Bearer ";
    if (given.rfind(kBearer, 0) == 0)
        rooms_.database.derive([&](Transaction& tx) {
            visit.system = identity::CaseSystems::withToken(tx, given.substr(kBearer.size()));
        });
    if (!visit.system)
        throw platform::HttpProblem(401, "Send the token of a case system: Authorization: Bearer …");
    if (!machineRequests_.take(visit.system->id.text()))
        throw platform::HttpProblem(429, "There are too many requests of this system in a minute.");
    if (!visit.system->may(scope))
        throw values::Forbidden("This system's token does not include the scope " +
                                identity::scopeName(scope) + ".");
}

/// The page that belongs to an address: itself, or the nearest above that can be looked at.
std::string Entrance::pageOf(const std::string& path) const {
    for (auto place = path; place.size() > 1; place = place.substr(0, place.rfind('/'))) {
        const bool isPage = std::ranges::any_of(routes_, [&](const Route& route) {
            return std::string_view(route.method) == "GET" && platform::matchPath(route.pattern, place);
        });
        if (isPage) return place;
    }
    return "/account";
}

std::string Entrance::homeOf(const identity::Person& person) const {
    for (const auto& link : links_)
        if (identity::may(person, link.permission)) return link.href;
    return "/account";
}

void Entrance::admitFiles(Request& request) {
    Visit visit(request);
    visit.token = request.cookie(cookieName());
    limit(visit);
    const auto& route = routeOf(request, request.method);
    if (!route.takesFiles) throw platform::HttpProblem(413, "This address takes no files.");
    if (route.scope) {
        identifySystem(visit, *route.scope);
        return;
    }
    identify(visit);
    if (!visit.may(route.permission)) throw values::Forbidden("Sign in to send files.");
}

void Entrance::identify(Visit& visit) {
    if (!isToken(visit.token)) {
        visit.takeToken(identity::Sessions::newToken());
        return;
    }
    rooms_.database.derive([&](Transaction& tx) {
        visit.session = rooms_.sessions.find(tx, visit.token);
        if (!visit.session || !visit.session->isComplete) return;
        visit.person = visit.session->person;
        if (visit.person->authority)
            visit.authorityName = delivery::Authorities::byId(tx, *visit.person->authority).name;
    });
}

std::string Entrance::cookieName() const { return rooms_.isHttps ? kHostCookie : kCookie; }

std::string Entrance::cookieOf(const std::string& token) const {
    return cookieName() + "=" + token + "; Path=/; HttpOnly; SameSite=Lax" +
           (rooms_.isHttps ? "; Secure" : "");
}

platform::Actor Entrance::actorOf(const Visit& visit) {
    if (visit.system)
        return {"system " + visit.system->name, visit.system->authority.code(), visit.request.from};
    const auto& person = visit.person ? *visit.person : visit.session.value().person;
    return {person.email, identity::chainOf(person), visit.request.from};
}

/// A unit of work done once for the form that asked for it.
std::string Entrance::once(Visit& visit, const std::function<std::string(Transaction&)>& unit) {
    return rooms_.database.once(valueOf(visit.request.form, "submission"), actorOf(visit), unit);
}

/// The lines of the navigation that somebody may follow.
std::vector<NavigationItem> Entrance::navigationOf(const Visit& visit) const {
    std::vector<NavigationItem> items;
    const auto& path = visit.request.path;
    for (const auto& link : links_) {
        if (!visit.may(link.permission)) continue;
        const std::string href = link.href;
        items.push_back({href, link.text, path == href || (href != "/" && path.rfind(href, 0) == 0)});
    }
    return items;
}

/// What stands around every page for this visit.
Frame Entrance::frameOf(const Visit& visit) const {
    const auto door = rooms_.sessions.door();
    Frame frame{identity::Sessions::formToken(visit.token),
                rooms_.ids.next<Request>().text(),
                visit.keptForm.empty() ? valueOf(visit.request.form, "kept_form") : visit.keptForm,
                door == Door::inspection ? "Inspection"
                : door == Door::national ? "England"
                                         : "",
                door == Door::national,
                !visit.problems.empty(),
                std::nullopt,
                std::nullopt};
    if (!visit.notice.empty()) frame.notice = Text{visit.notice};
    if (visit.person)
        frame.person = SignedInPerson{
            visit.person->name,
            visit.authorityName.empty() ? identity::roleTitle(visit.person->role) : visit.authorityName,
            navigationOf(visit)};
    return frame;
}

Response Entrance::render(const Visit& visit, const std::string& page, View view) const {
    return platform::htmlPage(rooms_.pages.render(page, frameOf(visit).around(std::move(view))),
                              visit.status);
}

Response Entrance::problemPage(const Request& request, const Problem& problem) const {
    ProblemPage page{problem.title,
                     problem.detail,
                     adviceFor(problem.status),
                     problem.status == 500 ? request.id : "",
                     {}};
    for (const auto& field : problem.fields) page.fields.push_back(field.text());
    return platform::htmlPage(rooms_.pages.render("entrance/problem", page), problem.status);
}

Response Entrance::asset(Visit& visit) {
    const auto found = assets_.find(visit.request.part("name"));
    if (found == assets_.end()) throw values::NotFound("no such asset");
    const auto extension = std::filesystem::path(found->first).extension();
    const auto* type = extension == ".css"   ? "text/css; charset=utf-8"
                       : extension == ".js"  ? "text/javascript; charset=utf-8"
                       : extension == ".svg" ? "image/svg+xml"
                                             : "application/octet-stream";
    return {200, type, found->second, {{"Cache-Control", "public, max-age=300"}}};
}

Response Entrance::alive(Visit& /*visit*/) { return platform::jsonAnswer(R"({"status":"alive"})"); }

Response Entrance::ready(Visit& visit) {
    visit.request.wantsJson = true;
    rooms_.database.ping();
    return platform::jsonAnswer(R"({"status":"ready"})");
}

}  // namespace entrance
