#pragma once

#include <string>
#include <vector>

#include "identity/authority_id.h"

namespace delivery {

/// What was noted of an action as it went on.
struct ActionNote {
    std::string notedAt;  ///< UTC, as the database keeps it
    std::string notedBy;
    std::string words;
};

/// The notes of actions; actions themselves are records.
class ActionNotes {
public:
    /// The newest first.
    static std::vector<ActionNote> of(platform::Transaction& tx, identity::AuthorityId authority,
                                      const std::string& action);
    /// Throws NotFound where the authority has no such action.
    static void add(platform::Transaction& tx, values::Ids& ids, identity::AuthorityId authority,
                    const std::string& action, const std::string& words);
};

}  // namespace delivery
