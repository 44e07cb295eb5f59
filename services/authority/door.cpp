#include "authority/door.h"

#include <cctype>

#include "entrance/view.h"

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
    entrance::Proof proof = entrance::Proof::session;
};

/// One line for machines, which come with a token.
struct MachineLine {
    const char* method;
    const char* pattern;
    identity::Scope scope;
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
    {"GET", "/records", Permission::viewRecords, &Door::recordKinds},
    {"GET", "/records/{kind}", Permission::viewRecords, &Door::records},
    {"GET", "/records/{kind}/new", Permission::recordDelivery, &Door::newRecord},
    {"POST", "/records/{kind}/new", Permission::recordDelivery, &Door::addRecord},
    {"GET", "/records/{kind}/{key}", Permission::viewRecords, &Door::record},
    {"GET", "/records/{kind}/{key}/edit", Permission::recordDelivery, &Door::editRecord},
    {"POST", "/records/{kind}/{key}/edit", Permission::recordDelivery, &Door::changeRecord},
    {"POST", "/records/{kind}/{key}/archive", Permission::manageRegister, &Door::archiveRecord},
    {"GET", "/services/{service}/attendance", Permission::recordDelivery, &Door::attendance},
    {"POST", "/services/{service}/attendance", Permission::recordDelivery, &Door::saveAttendance},
    {"GET", "/services/{service}/reviews/new", Permission::recordDelivery, &Door::reviewForm},
    {"POST", "/services/{service}/reviews/new", Permission::recordDelivery, &Door::addReview},
    {"GET", "/services/{service}/counts/{quarter}", Permission::fillReturns, &Door::countsForm},
    {"POST", "/services/{service}/counts/{quarter}", Permission::fillReturns, &Door::saveCounts},
    {"GET", "/declarations", Permission::viewDelivery, &Door::declarations},
    {"GET", "/declarations/{recommendation}", Permission::manageRegister, &Door::declarationForm},
    {"POST", "/declarations/{recommendation}", Permission::manageRegister, &Door::declare},
    {"POST", "/declarations/{recommendation}/confirm", Permission::manageRegister, &Door::confirmDeclaration},
    {"GET", "/actions", Permission::viewDelivery, &Door::actions},
    {"GET", "/actions/{action}", Permission::viewDelivery, &Door::action},
    {"POST", "/actions/{action}", Permission::manageRegister, &Door::changeAction},
    {"GET", "/quality", Permission::viewDelivery, &Door::quality},
    {"GET", "/returns", Permission::fillReturns, &Door::returnList},
    {"GET", "/returns/{quarter}", Permission::fillReturns, &Door::quarterReturn},
    {"POST", "/returns/{quarter}", Permission::fillReturns, &Door::fillReturn},
    {"POST", "/returns/{quarter}/sign", Permission::signOff, &Door::signReturn, false,
     entrance::Proof::confirmed},
    {"POST", "/returns/{quarter}/correct", Permission::signOff, &Door::correctReturn, false,
     entrance::Proof::confirmed},
    {"GET", "/returns/{quarter}/versions/{version}", Permission::fillReturns, &Door::signedReturn},
    {"GET", "/inspections", Permission::viewDelivery, &Door::inspectionList},
    {"GET", "/inspections/new", Permission::admitInspectors, &Door::newInspection},
    {"POST", "/inspections/new", Permission::admitInspectors, &Door::grantInspection},
    {"GET", "/inspections/{inspection}", Permission::viewDelivery, &Door::inspectionPage},
    {"POST", "/inspections/{inspection}/end", Permission::admitInspectors, &Door::endInspection},
    {"POST", "/inspections/{inspection}/requests/{number}", Permission::fillReturns, &Door::answerRequest},
    {"GET", "/inspections/{inspection}/samples/{sample}", Permission::viewRecords, &Door::sampledRecords},
    {"GET", "/inspections/{inspection}/reports/{report}", Permission::viewDelivery, &Door::inspectedReport},
    {"GET", "/reports/{report}", Permission::viewDelivery, &Door::ownReport},
    {"GET", "/reports/{report}/data.csv", Permission::viewDelivery, &Door::ownReportData},
    {"GET", "/reports/{report}/data.xlsx", Permission::viewDelivery, &Door::ownReportWorkbook},
    {"GET", "/reports/{report}/print.css", Permission::viewDelivery, &Door::ownPrintSheet},
    {"GET", "/reports/{report}/services/{service}", Permission::viewDelivery, &Door::ownReportService},
    {"GET", "/reports/{report}/services/{service}/measures/{measure}", Permission::viewDelivery,
     &Door::ownReportMeasure},
    {"GET", "/self-evaluation", Permission::viewDelivery, &Door::selfEvaluation},
    {"POST", "/self-evaluation", Permission::fillReturns, &Door::askOwnReport},
    {"POST", "/self-evaluation/give", Permission::fillReturns, &Door::giveSelfEvaluation},
    {"GET", "/self-evaluation/{expectation}", Permission::fillReturns, &Door::selfEvaluationForm},
    {"POST", "/self-evaluation/{expectation}", Permission::fillReturns, &Door::saveSelfEvaluation},
    {"GET", "/systems", Permission::manageSystems, &Door::systems},
    {"POST", "/systems", Permission::manageSystems, &Door::admitSystem, false, entrance::Proof::confirmed},
    {"POST", "/systems/{system}/revoke", Permission::manageSystems, &Door::revokeSystem},
    {"GET", "/uploads", Permission::uploadRecords, &Door::uploadForm},
    {"POST", "/uploads", Permission::uploadRecords, &Door::sendFiles, true},
    {"GET", "/uploads/templates/{file}", Permission::uploadRecords, &Door::templateFile},
    {"GET", "/uploads/{upload}", Permission::uploadRecords, &Door::upload},
    {"GET", "/uploads/{upload}/columns", Permission::uploadRecords, &Door::columnsForm},
    {"POST", "/uploads/{upload}/columns", Permission::uploadRecords, &Door::explainColumns},
    {"GET", "/uploads/{upload}/corrections/{number}", Permission::uploadRecords, &Door::corrections},
    {"POST", "/uploads/{upload}/cancel", Permission::uploadRecords, &Door::cancelUpload},
    {"POST", "/uploads/{upload}/dismiss", Permission::uploadRecords, &Door::dismissRejected},
    {"GET", "/uploads/{upload}/problems.csv", Permission::uploadRecords, &Door::uploadProblems},
    {"POST", "/uploads/{upload}/confirm", Permission::uploadRecords, &Door::confirmUpload},
    {"POST", "/uploads/{upload}/withdraw", Permission::uploadRecords, &Door::withdrawUpload},
};

constexpr MachineLine kMachineLines[] = {
    {"GET", "/api/v1/results", identity::Scope::readResults, &Door::apiResults},
    {"GET", "/api/v1/uploads/{upload}", identity::Scope::readRecords, &Door::apiUpload},
    {"GET", "/api/v1/{kind}", identity::Scope::readRecords, &Door::apiList},
    {"POST", "/api/v1/{kind}", identity::Scope::writeRecords, &Door::apiBulk, true},
    {"GET", "/api/v1/{kind}/{key}", identity::Scope::readRecords, &Door::apiRecord},
    {"PUT", "/api/v1/{kind}/{key}", identity::Scope::writeRecords, &Door::apiPut},
};

std::vector<entrance::Route> routesOf(Door& door) {
    std::vector<entrance::Route> routes;
    for (const auto& line : kLines)
        routes.push_back({line.method, line.pattern, line.permission,
                          [&door, handler = line.handler](Visit& visit) { return (door.*handler)(visit); },
                          line.proof, line.takesFiles, false, std::nullopt,
                          std::string_view(line.method) == "POST" && !line.takesFiles});
    // Its description is for everyone who writes a client.
    routes.push_back({"GET", "/api/v1/openapi.json", Permission::open,
                      [&door](Visit& visit) { return door.apiDescription(visit); }, entrance::Proof::session,
                      false, true});
    for (const auto& line : kMachineLines)
        routes.push_back({line.method, line.pattern, Permission::signedIn,
                          [&door, handler = line.handler](Visit& visit) { return (door.*handler)(visit); },
                          entrance::Proof::session, line.takesFiles, false, line.scope});
    return routes;
}

std::vector<entrance::NavigationLink> links() {
    return {{"/", "Home", Permission::viewDelivery},
            {"/services", "Services", Permission::viewDelivery},
            {"/records", "Records", Permission::viewRecords},
            {"/uploads", "Upload records", Permission::uploadRecords},
            {"/quality", "Data quality", Permission::viewDelivery},
            {"/declarations", "Declarations", Permission::viewDelivery},
            {"/actions", "Actions", Permission::viewDelivery},
            {"/returns", "Returns", Permission::fillReturns},
            {"/self-evaluation", "Self-evaluation", Permission::viewDelivery},
            {"/inspections", "Inspections", Permission::viewDelivery},
            {"/systems", "Case systems", Permission::manageSystems}};
}

}  // namespace

Door::Door(Rooms rooms)
    : database_(rooms.entrance.database),
      clock_(rooms.entrance.clock),
      ids_(rooms.entrance.ids),
      catalogues_(rooms.catalogues),
      uploads_(std::move(rooms.uploads)),
      keeper_(std::move(rooms.keeper)),
      entrance_(std::move(rooms.entrance), routesOf(*this), links()) {}

platform::Response Door::render(const Visit& visit, const std::string& page, platform::View view) const {
    return entrance_.render(visit, "authority/" + page, std::move(view));
}

std::string Door::once(const Visit& visit, const std::function<std::string(platform::Transaction&)>& unit) {
    return database_.once(entrance::valueOf(visit.request.form, "submission"),
                          entrance::Entrance::actorOf(visit), unit);
}

std::string Door::freshReference(const intake::FileType& type) {
    const auto id = ids_.next<intake::FileType>().text();
    return static_cast<char>(std::toupper(static_cast<unsigned char>(type.one.front()))) +
           ("-" + id.substr(4, 8)) + id.substr(26);
}

delivery::Service Door::serviceOf(const Visit& visit) {
    std::optional<delivery::Service> found;
    database_.read([&](platform::Transaction& tx) {
        found = delivery::Services::byId(tx, visit.authority(),
                                         visit.request.partId<delivery::Service>("service"));
    });
    return *found;
}

}  // namespace authority
