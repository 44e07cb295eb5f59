#pragma once

#include <optional>
#include <string>
#include <vector>

namespace identity {

/// What someone is in their authority.
enum class Role { serviceManager, director };
std::string roleName(Role role);
std::optional<Role> roleNamed(const std::string& name);
/// Names for messages: `service_manager, director`.
const std::vector<Role>& allRoles();

/// What a route needs.
enum class Permission {
    open,           ///< nobody has to be signed in
    signedIn,       ///< anyone who is signed in
    viewDelivery,   ///< sees the authority's figures and services
    uploadRecords,  ///< sends files of records and stores them
};
std::string permissionName(Permission permission);

/// The one permission table.
bool may(Role role, Permission permission);

}  // namespace identity
