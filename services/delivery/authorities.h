#pragma once

#include <optional>
#include <string>
#include <vector>

#include "identity/people.h"

namespace delivery {

struct Authority {
    identity::AuthorityId id;
    std::string code;  ///< the statistical code in use, such as E06000001
    std::string name;
    std::string region;
};

class Authorities {
public:
    /// By any code it has or had; the current one comes back. Nothing where there is no such code.
    static std::optional<Authority> byCode(platform::Transaction& tx, const std::string& code);
    /// Every authority of the day, by id.
    static std::vector<Authority> current(platform::Transaction& tx, values::Date today);
    /// Code and name of every authority of the day, by name: for people to choose from.
    static std::vector<std::pair<std::string, std::string>> names(platform::Transaction& tx,
                                                                  values::Date today);
    /// Throws NotFound.
    static Authority byId(platform::Transaction& tx, identity::AuthorityId id);
};

/// Replaces the reference data by what schema/reference says: regions, authorities with their codes and
/// succession, and the National Framework's aims with their editions. Gives how many authorities are current.
int loadReference(platform::Transaction& tx, const std::string& folder, values::Date today);

}  // namespace delivery
