#pragma once

#include <optional>
#include <string>
#include <vector>

#include "identity/people.h"
#include "values/reader.h"

namespace identity {

/// A form that somebody has not finished.
struct KeptForm {
    values::Id<KeptForm> id;
    std::string path;   ///< the page that it stands on
    std::string title;  ///< of that page
    values::Fields fields;
    std::string keptAt;  ///< UTC, as the database keeps it
};

/// What people typed and have not sent: kept for them alone, until they send it or it is too old.
class KeptForms {
public:
    /// In place of the one with this id, where there is one.
    static void keep(platform::Transaction& tx, values::Id<Person> person, const KeptForm& form);
    /// Without their fields, the newest first.
    static std::vector<KeptForm> of(platform::Transaction& tx, values::Id<Person> person);
    /// Throws NotFound where it is not theirs.
    static KeptForm byId(platform::Transaction& tx, values::Id<Person> person, values::Id<KeptForm> id);
    static void discard(platform::Transaction& tx, values::Id<Person> person, values::Id<KeptForm> id);
};

}  // namespace identity
