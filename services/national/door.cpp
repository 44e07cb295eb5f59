#include "national/door.h"

#include "entrance/view.h"

namespace national {
namespace {

using identity::Permission;
using platform::Response;

/// One line of the door: what is asked for, what it needs, who answers.
struct Line {
    const char* method;
    const char* pattern;
    Permission permission;
    Response (Door::*handler)(entrance::Visit&);
    enum class Takes { forms, files, proof, openData } takes = Takes::forms;
};
using Takes = Line::Takes;

constexpr Line kLines[] = {
    {"GET", "/england", Permission::viewEngland, &Door::england},
    {"GET", "/england/{recommendation}", Permission::viewEngland, &Door::recommendation},
    {"GET", "/england/{recommendation}/measures/{measure}", Permission::viewEngland, &Door::measure},
    {"GET", "/groups", Permission::viewEngland, &Door::groups},
    {"POST", "/groups", Permission::viewEngland, &Door::makeGroup},
    {"POST", "/groups/{group}/remove", Permission::viewEngland, &Door::removeGroup},
    {"GET", "/context", Permission::viewEngland, &Door::context},
    {"POST", "/context", Permission::prepareReleases, &Door::loadContext, Takes::files},
    {"GET", "/burden", Permission::viewEngland, &Door::burden},
    {"GET", "/releases", Permission::viewEngland, &Door::releases},
    {"GET", "/releases/new", Permission::prepareReleases, &Door::newRelease},
    {"POST", "/releases/new", Permission::prepareReleases, &Door::askRelease},
    {"GET", "/releases/{release}", Permission::viewEngland, &Door::release},
    {"GET", "/releases/{release}/tables/{table}", Permission::viewEngland, &Door::releaseTable},
    {"GET", "/releases/{release}/files/{file}", Permission::viewEngland, &Door::releaseFile},
    // A form that was refused comes back on the page that it stands on.
    {"GET", "/releases/{release}/approve", Permission::viewEngland, &Door::release},
    {"GET", "/releases/{release}/refuse", Permission::viewEngland, &Door::release},
    {"GET", "/releases/{release}/withdraw", Permission::viewEngland, &Door::release},
    {"POST", "/releases/{release}/approve", Permission::approveReleases, &Door::approveRelease},
    {"POST", "/releases/{release}/refuse", Permission::approveReleases, &Door::refuseRelease},
    {"POST", "/releases/{release}/publish", Permission::prepareReleases, &Door::publishRelease},
    {"POST", "/releases/{release}/withdraw", Permission::prepareReleases, &Door::withdrawRelease},
    {"GET", "/workbench", Permission::viewEngland, &Door::workbench},
    {"POST", "/workbench", Permission::viewEngland, &Door::saveView},
    {"GET", "/workbench.csv", Permission::viewEngland, &Door::workbenchFile},
    {"GET", "/workbench.xlsx", Permission::viewEngland, &Door::workbenchWorkbook},
    {"POST", "/workbench/views/{view}/remove", Permission::viewEngland, &Door::removeView},
    {"GET", "/evidence", Permission::viewEngland, &Door::evidence},
    {"POST", "/evidence", Permission::editGuidance, &Door::addGap},
    {"GET", "/evidence/gaps/{gap}", Permission::viewEngland, &Door::gap},
    {"POST", "/evidence/gaps/{gap}", Permission::editGuidance, &Door::noteGap},
    {"GET", "/evidence/sites/{recommendation}", Permission::viewEngland, &Door::sites},
    {"GET", "/guidance", Permission::editGuidance, &Door::guidance},
    {"POST", "/guidance/drafts", Permission::editGuidance, &Door::beginDraft},
    {"GET", "/guidance/drafts/{draft}", Permission::editGuidance, &Door::draft},
    {"POST", "/guidance/drafts/{draft}", Permission::editGuidance, &Door::saveDraft},
    // A file that was refused comes back on the page that its form stands on.
    {"GET", "/guidance/drafts/{draft}/import", Permission::editGuidance, &Door::draft},
    {"POST", "/guidance/drafts/{draft}/import", Permission::editGuidance, &Door::importDraft, Takes::files},
    {"GET", "/guidance/drafts/{draft}/export.json", Permission::editGuidance, &Door::exportDraft},
    {"POST", "/guidance/drafts/{draft}/publish", Permission::editGuidance, &Door::publishDraft, Takes::proof},
    {"POST", "/guidance/drafts/{draft}/discard", Permission::editGuidance, &Door::discardDraft},
    {"GET", "/publications", Permission::open, &Door::publications},
    {"GET", "/publications/{publication}", Permission::open, &Door::publication},
    {"GET", "/publications/{publication}/tables/{table}", Permission::open, &Door::publishedTable},
    {"GET", "/publications/{publication}/files/{file}", Permission::open, &Door::publishedFile,
     Takes::openData},
    {"GET", "/publications/{publication}/methodology", Permission::open, &Door::methodology},
    {"GET", "/api/v1/releases", Permission::open, &Door::apiReleases, Takes::openData},
    {"GET", "/api/v1/releases/{publication}", Permission::open, &Door::apiRelease, Takes::openData},
    {"GET", "/api/v1/releases/{publication}/tables/{table}", Permission::open, &Door::apiTable,
     Takes::openData},
    {"GET", "/api/v1/releases/{publication}/tables/{table}/pivot", Permission::open, &Door::apiPivot,
     Takes::openData},
};

std::vector<entrance::Route> routesOf(Door& door) {
    std::vector<entrance::Route> routes;
    for (const auto& line : kLines) {
        routes.push_back(
            {line.method, line.pattern, line.permission,
             [&door, handler = line.handler](entrance::Visit& visit) { return (door.*handler)(visit); }});
        routes.back().isOpenData = line.takes == Takes::openData;
        if (line.takes == Takes::proof) routes.back().proof = entrance::Proof::confirmed;
        routes.back().takesFiles = line.takes == Takes::files;
    }
    return routes;
}

}  // namespace

Door::Door(Rooms rooms)
    : database_(rooms.entrance.database),
      clock_(rooms.entrance.clock),
      ids_(rooms.entrance.ids),
      catalogues_(rooms.catalogues),
      rulePacks_(std::move(rooms.rulePacks)),
      entrance_(std::move(rooms.entrance), routesOf(*this),
                {{"/england", "England", Permission::viewEngland},
                 {"/releases", "Releases", Permission::viewEngland},
                 {"/workbench", "Workbench", Permission::viewEngland},
                 {"/publications", "Published figures", Permission::viewEngland},
                 {"/evidence", "Evidence", Permission::viewEngland},
                 {"/guidance", "Guidance", Permission::editGuidance},
                 {"/context", "Official figures", Permission::viewEngland},
                 {"/burden", "Burden of returns", Permission::viewEngland}}) {}

Response Door::once(entrance::Visit& visit, const Unit& unit) {
    return platform::seeOther(database_.once(entrance::valueOf(visit.request.form, "submission"),
                                             entrance::Entrance::actorOf(visit), unit));
}

}  // namespace national
