#pragma once

#include <string>
#include <vector>

#include "platform/database.h"

namespace releases {

/// A view of the workbench under a name, for every analyst.
struct SavedView {
    values::Id<SavedView> id;
    std::string title;
    std::string query;  ///< as it stands in an address
    std::string savedBy;
};

class SavedViews {
public:
    static std::vector<SavedView> all(platform::Transaction& tx);
    static void save(platform::Transaction& tx, values::Ids& ids, const std::string& title,
                     const std::string& query);
    /// Throws NotFound.
    static void remove(platform::Transaction& tx, values::Id<SavedView> id);
};

}  // namespace releases
