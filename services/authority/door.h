#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "delivery/authorities.h"
#include "delivery/catalogues.h"
#include "identity/people.h"
#include "identity/sessions.h"
#include "intake/file_type.h"
#include "intake/uploads.h"
#include "platform/http.h"
#include "platform/pages.h"

namespace authority {

/// What the door stands on; made in `plumbline` and outliving it.
struct Rooms {
    platform::Database& database;  ///< under the account `authority`
    delivery::Catalogues& catalogues;
    const values::Clock& clock;
    values::Ids& ids;
    const platform::Pages& pages;
    identity::People people;
    identity::Sessions sessions;
    intake::Uploads uploads;
    std::vector<intake::FileType> fileTypes;
    std::string assetsFolder;
    bool isHttps = false;
};

/// One request on its way through the door: who asks, and what a form got wrong the last time.
struct Visit {
    platform::Request& request;
    std::optional<identity::Person> person;  ///< always there behind a route that needs a permission
    std::string authorityName;
    std::string token;  ///< of this browser, signed in or not
    bool isNewToken = false;
    std::vector<values::FieldProblem> problems;
    int status = 200;
};

class Door;

/// One line of the door: what is asked for, what it needs, who answers.
struct Route {
    const char* method;
    const char* pattern;
    identity::Permission permission;
    platform::Response (Door::*handler)(Visit&);
};

/// The pages of an authority's service managers.
class Door {
public:
    explicit Door(Rooms rooms);

    /// Answers anything that was asked; throws nothing.
    platform::Response answer(platform::Request& request);
    /// The page, or problem document, of something that went wrong.
    platform::Response problemPage(const platform::Request& request, const platform::Problem& problem) const;

    static std::span<const Route> routes();

    platform::Response signInForm(Visit& visit);
    platform::Response signIn(Visit& visit);
    platform::Response signOut(Visit& visit);
    platform::Response home(Visit& visit);
    platform::Response recommendation(Visit& visit);
    platform::Response services(Visit& visit);
    platform::Response service(Visit& visit);
    platform::Response figure(Visit& visit);
    platform::Response certificate(Visit& visit);
    platform::Response guide(Visit& visit);
    platform::Response uploadForm(Visit& visit);
    platform::Response sendFiles(Visit& visit);
    platform::Response upload(Visit& visit);
    platform::Response uploadProblems(Visit& visit);
    platform::Response confirmUpload(Visit& visit);
    platform::Response withdrawUpload(Visit& visit);
    platform::Response asset(Visit& visit);
    platform::Response alive(Visit& visit);
    platform::Response ready(Visit& visit);

private:
    platform::Response dispatch(Visit& visit);
    platform::Response render(const Visit& visit, const std::string& page, nlohmann::json view) const;
    void identify(Visit& visit);
    std::string cookieOf(const std::string& token) const;
    platform::Actor actorOf(const Visit& visit) const;
    intake::Upload uploadOf(const Visit& visit);

    Rooms rooms_;
    std::map<std::string, std::string> assets_;
};

}  // namespace authority
