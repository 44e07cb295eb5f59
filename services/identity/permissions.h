#pragma once

#include <optional>
#include <string>
#include <vector>

namespace identity {

/// By which door someone comes in.
enum class Door { authority, inspection, national };
std::string doorName(Door door);

/// What someone is. A person has one role.
enum class Role {
    practitioner,
    serviceManager,
    dataOfficer,
    director,
    authorityAdministrator,
    inspector,
    inspectorateAdministrator,
    nationalAnalyst,
    releaseApprover,
    guidanceEditor,
    systemAdministrator
};

/// `service_manager`: as the database and the command line call it.
std::string roleName(Role role);
/// `Service manager`: as people read it.
std::string roleTitle(Role role);
/// What it is for, in one sentence.
std::string rolePurpose(Role role);
std::optional<Role> roleNamed(const std::string& name);
const std::vector<Role>& allRoles();

Door doorOf(Role role);
/// Whether the role belongs to one authority.
bool isOfAuthority(Role role);
/// Whether a password alone is not enough.
bool needsCode(Role role);
/// The roles that an administrator gives, changes and takes away: of their own authority where they have one.
const std::vector<Role>& rolesManagedBy(Role administrator);

/// What a route needs.
enum class Permission {
    open,               ///< nobody has to be signed in
    signedIn,           ///< anyone who is signed in
    viewDelivery,       ///< sees the authority's figures and services
    viewRecords,        ///< sees single records of children, by reference
    recordDelivery,     ///< enters episodes, sessions, reviews and scores by hand
    manageRegister,     ///< keeps services, staff, declarations and actions
    uploadRecords,      ///< sends files of records and stores them
    fillReturns,        ///< fills in the return of a quarter, and sends it to the director
    signOff,            ///< signs off for the authority: a director, or whom one named for certain days
    viewEngland,        ///< sees what concerns all authorities together
    manageSystems,      ///< lets case systems in, and ends their access
    delegate,           ///< names who may sign off in their place
    managePeople,       ///< invites, changes roles, reviews access, ends it
    readAudit,          ///< searches and exports the authority's audit
    admitInspectors,    ///< lets inspectors look at the authority, and takes it back
    inspect,            ///< looks at authorities whose inspection they take part in
    manageInspections,  ///< opens inspections, names their teams, closes them
    prepareReleases,    ///< asks for releases of England's figures, publishes and withdraws them
    approveReleases,    ///< approves what somebody else prepared
    editGuidance        ///< drafts and publishes versions of guides; keeps the register of evidence gaps
};
std::string permissionName(Permission permission);

/// The one permission table. What a delegate may do besides stands in may(Person, …).
bool may(Role role, Permission permission);

}  // namespace identity
