#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "identity/case_systems.h"
#include "identity/invitations.h"
#include "identity/kept_forms.h"
#include "identity/one_time_codes.h"
#include "identity/passwords.h"
#include "identity/people.h"
#include "identity/provider.h"
#include "identity/sessions.h"
#include "platform/http.h"
#include "platform/pages.h"
#include "platform/rate_limiter.h"

/// What every door begins with: signing in, sessions, forms that cannot be forged, who may do what, and the
/// pages about people and their access. A door adds its own routes.
namespace entrance {

/// What an entrance stands on; made in `plumbline` and outliving it.
struct Rooms {
    platform::Database& database;  ///< under the door's account
    const values::Clock& clock;
    values::Ids& ids;
    const platform::Pages& pages;
    identity::People people;
    identity::Passwords passwords;
    identity::Sessions sessions;  ///< of this door
    identity::OneTimeCodes codes;
    identity::Invitations invitations;
    std::vector<std::shared_ptr<identity::Provider>> providers;  ///< of this door
    std::string assetsFolder;
    bool isHttps = false;
    int requestsPerMinute = 60000;       ///< from one address, and of one person
    int signInsPerMinute = 60;           ///< from one address; a third of them for one account
    int machineRequestsPerMinute = 600;  ///< of one case system
};

/// One request on its way through a door: who asks, and what a form got wrong the last time.
struct Visit {
    explicit Visit(platform::Request& asked) : request(asked) {}

    platform::Request& request;
    std::optional<identity::Session> session;    ///< also of who is halfway through signing in
    std::optional<identity::Person> person;      ///< always there behind a route that needs a permission
    std::optional<identity::CaseSystem> system;  ///< always there behind a route of a scope
    std::string notice;                          ///< said above the page
    std::string keptForm;  ///< the id of the unfinished form that is shown; empty for none
    std::string authorityName;
    std::string token;  ///< of this browser, signed in or not
    bool isNewToken = false;
    std::vector<values::FieldProblem> problems;
    int status = 200;

    /// Whose records this is about: the person's own authority, never one that the request names.
    identity::AuthorityId authority() const {
        return system ? system->authority : person.value().authority.value();
    }
    /// From this answer on the browser has another token.
    void takeToken(std::string fresh) {
        token = std::move(fresh);
        isNewToken = true;
    }
    bool may(identity::Permission permission) const { return person && identity::may(*person, permission); }
};

enum class Proof {
    session,   ///< being signed in will do
    confirmed  ///< the person proved lately who they are
};

/// One line of a door: what is asked for, what it needs, who answers.
struct Route {
    const char* method;
    const char* pattern;
    identity::Permission permission;
    std::function<platform::Response(Visit&)> handler;
    Proof proof = Proof::session;
    bool takesFiles = false;
    bool isFromMachines = false;  ///< answers without a session, and takes no browser's form
    std::optional<identity::Scope> scope = std::nullopt;  ///< for case systems alone, which come with a token
    /// What was typed may be kept to go on with later. Never where a form asks for a password or a code.
    bool isKept = false;
    /// For machines of anyone, without a session: as many requests a minute from one address as a case system
    /// has; faults are told as JSON.
    bool isOpenData = false;
};

/// A line of the navigation.
struct NavigationLink {
    const char* href;
    const char* text;
    identity::Permission permission;
};

struct Frame;
struct NavigationItem;

class Entrance {
public:
    /// `routes` and `links`: those of the door, before the entrance's own.
    Entrance(Rooms rooms, std::vector<Route> routes, std::vector<NavigationLink> links);
    Entrance(const Entrance&) = delete;
    Entrance& operator=(const Entrance&) = delete;

    /// Answers anything that was asked; throws nothing.
    platform::Response answer(platform::Request& request);
    /// The page, or problem document, of something that went wrong.
    platform::Response problemPage(const platform::Request& request, const platform::Problem& problem) const;
    /// Before files are received: throws Forbidden unless the request's route takes some and its session may
    /// send them. Nobody else fills the disk.
    void admitFiles(platform::Request& request);
    /// Where people reach this door, without a slash at its end: links and providers need it.
    void setAddress(std::string address) { address_ = std::move(address); }

    const std::vector<Route>& routes() const { return routes_; }
    platform::Response render(const Visit& visit, const std::string& page, platform::View view) const;
    static platform::Actor actorOf(const Visit& visit);

private:
    using Handler = platform::Response (Entrance::*)(Visit&);
    void add(const char* method, const char* pattern, identity::Permission permission, Handler handler,
             Proof proof = Proof::session);
    platform::Response dispatch(Visit& visit);
    const Route& routeOf(platform::Request& request, const std::string& method) const;
    void limit(const Visit& visit);
    void identifySystem(Visit& visit, identity::Scope scope);
    /// Keeps what a form holds, for later; gives the address where it is found again, nothing where it is
    /// nobody's.
    std::optional<std::string> keepForm(const Visit& visit);
    platform::Response keptForms(Visit& visit);
    platform::Response keptForm(Visit& visit);
    platform::Response discardForm(Visit& visit);
    void identify(Visit& visit);
    std::vector<NavigationItem> navigationOf(const Visit& visit) const;
    Frame frameOf(const Visit& visit) const;
    std::string pageOf(const std::string& path) const;
    std::string homeOf(const identity::Person& person) const;
    std::string cookieName() const;
    std::string cookieOf(const std::string& token) const;
    std::string once(Visit& visit, const std::function<std::string(platform::Transaction&)>& unit);

    // signing in
    platform::Response signInForm(Visit& visit);
    platform::Response signIn(Visit& visit);
    platform::Response codeForm(Visit& visit);
    platform::Response code(Visit& visit);
    platform::Response setUpForm(Visit& visit);
    platform::Response setUp(Visit& visit);
    platform::Response signOut(Visit& visit);
    platform::Response confirmForm(Visit& visit);
    platform::Response confirm(Visit& visit);
    platform::Response toProvider(Visit& visit);
    platform::Response fromProvider(Visit& visit);
    platform::Response providerLogOut(Visit& visit);
    platform::Response invitationForm(Visit& visit);
    platform::Response acceptInvitation(Visit& visit);
    /// A session under a fresh token, to be opened for this browser.
    identity::NewSession newSession(const Visit& visit) const;
    /// Opens it in place of the browser's session before; says where the browser goes now. The browser gets
    /// its token once the unit is done.
    std::string openSession(platform::Transaction& tx, const Visit& visit, const identity::Person& person,
                            const identity::NewSession& session, const std::string& next) const;
    identity::Provider& providerOf(const Visit& visit) const;
    std::string wayBack(const identity::Provider& provider) const;
    platform::Response recoveryCodes(const Visit& visit, const std::vector<std::string>& codes,
                                     const std::string& next) const;

    // one's own access
    platform::Response start(Visit& visit);
    platform::Response account(Visit& visit);
    platform::Response endSession(Visit& visit);
    platform::Response endOtherSessions(Visit& visit);
    platform::Response passwordForm(Visit& visit);
    platform::Response changePassword(Visit& visit);
    platform::Response renewRecovery(Visit& visit);

    // other people's access
    platform::Response people(Visit& visit);
    platform::Response inviteForm(Visit& visit);
    platform::Response invite(Visit& visit);
    platform::Response withdrawInvitation(Visit& visit);
    platform::Response person(Visit& visit);
    platform::Response changeRole(Visit& visit);
    platform::Response confirmAccess(Visit& visit);
    platform::Response resetCodes(Visit& visit);
    platform::Response unlock(Visit& visit);
    platform::Response endAccess(Visit& visit);
    platform::Response changeMember(
        Visit& visit, const std::function<void(platform::Transaction&, const identity::Member&)>& change);
    platform::Response delegations(Visit& visit);
    platform::Response giveDelegation(Visit& visit);
    platform::Response endDelegation(Visit& visit);

    // the audit
    platform::Response audit(Visit& visit);
    platform::Response auditFile(Visit& visit);

    // machines
    platform::Response asset(Visit& visit);
    platform::Response alive(Visit& visit);
    platform::Response ready(Visit& visit);

    Rooms rooms_;
    std::vector<Route> routes_;
    std::vector<NavigationLink> links_;
    std::map<std::string, std::string> assets_;
    std::string address_;
    platform::RateLimiter requests_;
    platform::RateLimiter signInsFrom_;
    platform::RateLimiter signInsOf_;
    platform::RateLimiter machineRequests_;
};

}  // namespace entrance
