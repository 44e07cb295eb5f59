#include "identity/permissions.h"

#include <algorithm>
#include <array>

namespace identity {
namespace {

using enum Permission;

struct RoleRow {
    Role role;
    const char* name;
    const char* title;
    const char* purpose;
    Door door;
    bool needsCode;
    std::vector<Permission> permissions;
    std::vector<Role> manages;
};

const std::array<RoleRow, 11>& table() {
    using enum Role;
    static const std::array<RoleRow, 11> rows{{
        {practitioner,
         "practitioner",
         "Practitioner",
         "Records what they deliver, and sees how their authority's services stand.",
         Door::authority,
         false,
         {signedIn, viewDelivery, viewRecords, recordDelivery},
         {}},
        {serviceManager,
         "service_manager",
         "Service manager",
         "Keeps the register, records delivery, fills in returns, sees figures and the records behind them.",
         Door::authority,
         false,
         {signedIn, viewDelivery, viewRecords, recordDelivery, manageRegister, uploadRecords, fillReturns},
         {}},
        {dataOfficer,
         "data_officer",
         "Data officer",
         "Sends records, sees what is behind figures, reads the audit.",
         Door::authority,
         false,
         {signedIn, viewDelivery, viewRecords, recordDelivery, manageRegister, uploadRecords, fillReturns,
          readAudit},
         {}},
        {director,
         "director",
         "Director of children's services",
         "Sees everything of the authority, signs off, and may name who signs off in their place.",
         Door::authority,
         true,
         {signedIn, viewDelivery, viewRecords, fillReturns, signOff, delegate, readAudit, admitInspectors},
         {}},
        {authorityAdministrator,
         "authority_administrator",
         "Authority administrator",
         "Decides who has access for the authority. Sees no figures and no records.",
         Door::authority,
         true,
         {signedIn, managePeople, manageSystems, readAudit},
         {practitioner, serviceManager, dataOfficer, director, authorityAdministrator}},
        {inspector,
         "inspector",
         "Inspector",
         "Reviews how delivery stands against guidance, where they take part in an inspection.",
         Door::inspection,
         true,
         {signedIn, inspect},
         {}},
        {inspectorateAdministrator,
         "inspectorate_administrator",
         "Inspectorate administrator",
         "Decides who has access for the inspectorate; opens inspections and names their teams. Sees no "
         "report.",
         Door::inspection,
         true,
         {signedIn, managePeople, manageInspections},
         {inspector, inspectorateAdministrator}},
        {nationalAnalyst,
         "national_analyst",
         "National analyst",
         "Works with England's figures.",
         Door::national,
         true,
         {signedIn, viewEngland, prepareReleases},
         {}},
        {releaseApprover,
         "release_approver",
         "Release approver",
         "Approves what an analyst prepared before it is published.",
         Door::national,
         true,
         {signedIn, viewEngland, approveReleases},
         {}},
        {guidanceEditor,
         "guidance_editor",
         "Guidance editor",
         "Drafts and publishes versions of guides, and keeps the register of evidence gaps.",
         Door::national,
         true,
         {signedIn, viewEngland, editGuidance},
         {}},
        {systemAdministrator,
         "system_administrator",
         "System administrator",
         "Names administrators and national staff. Sees no figures and no records.",
         Door::national,
         true,
         {signedIn, managePeople},
         {authorityAdministrator, inspectorateAdministrator, nationalAnalyst, releaseApprover, guidanceEditor,
          systemAdministrator}},
    }};
    return rows;
}

const RoleRow& rowOf(Role role) { return table()[static_cast<std::size_t>(role)]; }

}  // namespace

std::string doorName(Door door) {
    switch (door) {
        case Door::authority:
            return "authority";
        case Door::inspection:
            return "inspection";
        case Door::national:
            return "national";
    }
    return "";
}

std::string roleName(Role role) { return rowOf(role).name; }
std::string roleTitle(Role role) { return rowOf(role).title; }
std::string rolePurpose(Role role) { return rowOf(role).purpose; }

std::optional<Role> roleNamed(const std::string& name) {
    for (const auto& row : table())
        if (name == row.name) return row.role;
    return std::nullopt;
}

const std::vector<Role>& allRoles() {
    static const std::vector<Role> roles = [] {
        std::vector<Role> all;
        for (const auto& row : table()) all.push_back(row.role);
        return all;
    }();
    return roles;
}

Door doorOf(Role role) { return rowOf(role).door; }
bool isOfAuthority(Role role) { return doorOf(role) == Door::authority; }
bool needsCode(Role role) { return rowOf(role).needsCode; }
const std::vector<Role>& rolesManagedBy(Role administrator) { return rowOf(administrator).manages; }

std::string permissionName(Permission permission) {
    static constexpr std::array names{"open",
                                      "signed in",
                                      "view delivery",
                                      "view records",
                                      "record delivery",
                                      "manage register",
                                      "upload records",
                                      "fill in returns",
                                      "sign off",
                                      "view England",
                                      "manage systems",
                                      "delegate",
                                      "manage people",
                                      "read audit",
                                      "admit inspectors",
                                      "inspect",
                                      "manage inspections",
                                      "prepare releases",
                                      "approve releases",
                                      "edit guidance"};
    return names.at(static_cast<std::size_t>(permission));
}

bool may(Role role, Permission permission) {
    const auto& permissions = rowOf(role).permissions;
    return permission == open || std::ranges::find(permissions, permission) != permissions.end();
}

}  // namespace identity
