#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "delivery/records.h"
#include "identity/authority_id.h"

namespace delivery {

/// A child that something is kept about.
struct Child {
    values::Id<Child>
        id;  ///< random: it says nothing of the child, and is what a list of the erased may keep
    identity::AuthorityId authority;
};

/// What one may ask about oneself (data protection): to see what is kept, and to have it forgotten.
class Subjects {
public:
    /// The child that an authority knows by this name; nothing where it keeps nothing of one.
    static std::optional<Child> find(platform::Transaction& tx, identity::AuthorityId authority,
                                     const ChildName& name);
    static std::optional<Child> byId(platform::Transaction& tx, values::Id<Child> id);

    /// Everything kept about a child, in JSON: episodes with their sessions, reviews, scores and feedback,
    /// and the earlier states of the episodes. Must be audited.
    static std::string everything(platform::Transaction& tx, const Child& child);

    /// Forgets a child: pseudonym, episodes and what belongs to them, and reports of uploads that hold the
    /// reference, where it is given. Earlier states of the episodes stay, but nothing leads from them to the
    /// child. The figures of the services are computed again. Gives how many episodes went.
    static std::int64_t erase(platform::Transaction& tx, const Child& child, const std::string& reference);
};

/// The list of the erased, kept apart from the data: a backup that is put back forgets them again. One id a
/// line.
std::vector<values::Id<Child>> readErased(const std::string& path);
void noteErased(const std::string& path, values::Id<Child> child);

}  // namespace delivery
