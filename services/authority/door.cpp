#include "authority/door.h"

#include <nlohmann/json.hpp>

namespace authority {
namespace {

using identity::Permission;

/// One line of the door: what is asked for, what it needs, who answers.
struct Line {
    const char* method;
    const char* pattern;
    Permission permission;
    platform::Response (Door::*handler)(Visit&);
    bool takesFiles = false;
};

constexpr Line kLines[] = {
    {"GET", "/", Permission::viewDelivery, &Door::home},
    {"GET", "/recommendations/{recommendation}", Permission::viewDelivery, &Door::recommendation},
    {"GET", "/services", Permission::viewDelivery, &Door::services},
    {"GET", "/services/{service}", Permission::viewDelivery, &Door::service},
    {"GET", "/services/{service}/measures/{measure}", Permission::viewDelivery, &Door::figure},
    {"GET", "/services/{service}/measures/{measure}/certificate.json", Permission::viewDelivery,
     &Door::certificate},
    {"GET", "/guides/{guide}", Permission::viewDelivery, &Door::guide},
    {"GET", "/uploads", Permission::uploadRecords, &Door::uploadForm},
    {"POST", "/uploads", Permission::uploadRecords, &Door::sendFiles, true},
    {"GET", "/uploads/{upload}", Permission::uploadRecords, &Door::upload},
    {"GET", "/uploads/{upload}/problems.csv", Permission::uploadRecords, &Door::uploadProblems},
    {"POST", "/uploads/{upload}/confirm", Permission::uploadRecords, &Door::confirmUpload},
    {"POST", "/uploads/{upload}/withdraw", Permission::uploadRecords, &Door::withdrawUpload},
};

std::vector<entrance::Route> routesOf(Door& door) {
    std::vector<entrance::Route> routes;
    for (const auto& line : kLines)
        routes.push_back({line.method, line.pattern, line.permission,
                          [&door, handler = line.handler](Visit& visit) { return (door.*handler)(visit); },
                          entrance::Proof::session, line.takesFiles});
    return routes;
}

std::vector<entrance::Link> links() {
    return {{"/", "Guidance", Permission::viewDelivery},
            {"/services", "Services", Permission::viewDelivery},
            {"/uploads", "Upload records", Permission::uploadRecords}};
}

}  // namespace

Door::Door(Rooms rooms)
    : database_(rooms.entrance.database),
      clock_(rooms.entrance.clock),
      ids_(rooms.entrance.ids),
      catalogues_(rooms.catalogues),
      uploads_(std::move(rooms.uploads)),
      fileTypes_(std::move(rooms.fileTypes)),
      entrance_(std::move(rooms.entrance), routesOf(*this), links()) {}

platform::Response Door::render(const Visit& visit, const std::string& page, nlohmann::json view) const {
    return entrance_.render(visit, "authority/" + page, std::move(view));
}

}  // namespace authority
