#include "inspection/door.h"

#include <thread>

#include "entrance/view.h"
#include "presentation/report_page.h"

namespace inspection {
namespace {

using identity::Permission;

/// One line of the door: what is asked for, what it needs, who answers.
struct Line {
    const char* method;
    const char* pattern;
    Permission permission;
    platform::Response (Door::*handler)(Visit&);
};

constexpr Line kLines[] = {
    {"GET", "/inspections", Permission::inspect, &Door::inspections},
    {"GET", "/inspections/{inspection}", Permission::inspect, &Door::inspection},
    {"POST", "/inspections/{inspection}/reports", Permission::inspect, &Door::askReport},
    {"GET", "/inspections/{inspection}/differences", Permission::inspect, &Door::differences},
    {"GET", "/inspections/{inspection}/reports/{report}", Permission::inspect, &Door::report},
    {"GET", "/inspections/{inspection}/reports/{report}/data.csv", Permission::inspect, &Door::reportData},
    {"GET", "/inspections/{inspection}/reports/{report}/data.xlsx", Permission::inspect,
     &Door::reportWorkbook},
    {"GET", "/inspections/{inspection}/reports/{report}/print.css", Permission::inspect, &Door::printSheet},
    {"GET", "/inspections/{inspection}/reports/{report}/services/{service}", Permission::inspect,
     &Door::service},
    {"GET", "/inspections/{inspection}/reports/{report}/services/{service}/measures/{measure}",
     Permission::inspect, &Door::measure},
    {"GET", "/inspections/{inspection}/notes", Permission::inspect, &Door::notes},
    {"POST", "/inspections/{inspection}/notes", Permission::inspect, &Door::addNote},
    {"GET", "/inspections/{inspection}/requests", Permission::inspect, &Door::requests},
    {"POST", "/inspections/{inspection}/requests", Permission::inspect, &Door::askEvidence},
    {"POST", "/inspections/{inspection}/requests/{number}/close", Permission::inspect, &Door::closeRequest},
    {"GET", "/inspections/{inspection}/self-evaluation", Permission::inspect, &Door::selfEvaluation},
    {"GET", "/inspections/{inspection}/samples", Permission::inspect, &Door::samples},
    {"POST", "/inspections/{inspection}/samples", Permission::inspect, &Door::askSample},
    {"GET", "/administration", Permission::manageInspections, &Door::administration},
    {"GET", "/administration/new", Permission::manageInspections, &Door::newInspection},
    {"POST", "/administration/new", Permission::manageInspections, &Door::openInspection},
    {"GET", "/administration/{inspection}", Permission::manageInspections, &Door::administered},
    {"POST", "/administration/{inspection}/members", Permission::manageInspections, &Door::addMember},
    {"POST", "/administration/{inspection}/members/{person}/remove", Permission::manageInspections,
     &Door::removeMember},
    {"POST", "/administration/{inspection}/closing", Permission::manageInspections, &Door::moveClosing},
    {"POST", "/administration/{inspection}/end", Permission::manageInspections, &Door::endInspection},
};

std::vector<entrance::Route> routesOf(Door& door) {
    std::vector<entrance::Route> routes;
    for (const auto& line : kLines)
        routes.push_back({line.method, line.pattern, line.permission,
                          [&door, handler = line.handler](Visit& visit) { return (door.*handler)(visit); },
                          entrance::Proof::session, false, false, std::nullopt,
                          std::string_view(line.method) == "POST"});
    return routes;
}

constexpr auto kLook = std::chrono::milliseconds(20);

}  // namespace

Door::Door(Rooms rooms)
    : database_(rooms.entrance.database),
      clock_(rooms.entrance.clock),
      ids_(rooms.entrance.ids),
      patience_(rooms.patience),
      entrance_(std::move(rooms.entrance), routesOf(*this),
                {{"/inspections", "Inspections", Permission::inspect},
                 {"/administration", "Inspections", Permission::manageInspections}}) {}

platform::Response Door::render(const Visit& visit, const std::string& page, platform::View view) const {
    return entrance_.render(visit, page, std::move(view));
}

std::string Door::once(const Visit& visit, const std::function<std::string(platform::Transaction&)>& unit) {
    return database_.once(entrance::valueOf(visit.request.form, "submission"),
                          entrance::Entrance::actorOf(visit), unit);
}

inspections::Inspection Door::inspectionOf(platform::Transaction& tx, const Visit& visit) const {
    return inspections::Inspections::openTo(tx, visit.person.value().id,
                                            visit.request.partId<inspections::Inspection>("inspection"),
                                            clock_.today());
}

void Door::refuseOthers(const Visit& visit) const {
    database_.read([&](platform::Transaction& tx) { inspectionOf(tx, visit); });
}

void Door::look(const Visit& visit, const std::string& what,
                const std::function<void(platform::Transaction&, const inspections::Inspection&)>& reading) {
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](platform::Transaction& tx) {
        const auto inspection = inspectionOf(tx, visit);
        reading(tx, inspection);
        inspections::Inspections::looked(tx, inspection, what);
    });
}

adherence::KeptReport Door::reportOf(platform::Transaction& tx, const inspections::Inspection& inspection,
                                     const Visit& visit) const {
    return inspections::Inspections::report(tx, inspection,
                                            visit.request.partId<adherence::KeptReport>("report"), true);
}

std::optional<platform::Response> Door::await(Visit& visit) {
    std::optional<adherence::KeptReport> found;
    const auto until = std::chrono::steady_clock::now() + patience_;
    for (;;) {
        database_.read([&](platform::Transaction& tx) {
            const auto inspection = inspectionOf(tx, visit);
            found = inspections::Inspections::report(
                tx, inspection, visit.request.partId<adherence::KeptReport>("report"), false);
        });
        if (found->isMade()) return std::nullopt;
        if (found->state == "failed" || std::chrono::steady_clock::now() >= until) break;
        std::this_thread::sleep_for(kLook);
    }
    return render(visit, "adherence/waiting",
                  presentation::waitingView(*found, visit.request.path,
                                            "/inspections/" + visit.request.part("inspection"),
                                            "Back to the inspection"));
}

}  // namespace inspection
