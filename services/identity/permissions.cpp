#include "identity/permissions.h"

namespace identity {

std::string roleName(Role role) { return role == Role::serviceManager ? "service_manager" : "director"; }

std::optional<Role> roleNamed(const std::string& name) {
    for (const auto role : allRoles())
        if (roleName(role) == name) return role;
    return std::nullopt;
}

const std::vector<Role>& allRoles() {
    static const std::vector<Role> roles{Role::serviceManager, Role::director};
    return roles;
}

std::string permissionName(Permission permission) {
    switch (permission) {
        case Permission::open:
            return "open";
        case Permission::signedIn:
            return "signed in";
        case Permission::viewDelivery:
            return "view delivery";
        case Permission::uploadRecords:
            return "upload records";
    }
    return "";
}

bool may(Role role, Permission permission) {
    return permission != Permission::uploadRecords || role == Role::serviceManager;
}

}  // namespace identity
