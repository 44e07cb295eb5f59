#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "delivery/authorities.h"
#include "delivery/catalogues.h"
#include "entrance/entrance.h"
#include "intake/file_type.h"
#include "intake/uploads.h"

namespace authority {

using entrance::Visit;

/// What the door stands on; made in `plumbline` and outliving it.
struct Rooms {
    entrance::Rooms entrance;  ///< its database under the account `authority`
    delivery::Catalogues& catalogues;
    intake::Uploads uploads;
    std::vector<intake::FileType> fileTypes;
};

/// The pages of an authority's people.
class Door {
public:
    explicit Door(Rooms rooms);

    /// What everyone passes on the way in.
    entrance::Entrance& entrance() { return entrance_; }

    platform::Response home(Visit& visit);
    platform::Response recommendation(Visit& visit);
    platform::Response services(Visit& visit);
    platform::Response service(Visit& visit);
    platform::Response figure(Visit& visit);
    platform::Response certificate(Visit& visit);
    platform::Response guide(Visit& visit);
    platform::Response uploadForm(Visit& visit);
    platform::Response sendFiles(Visit& visit);
    platform::Response upload(Visit& visit);
    platform::Response uploadProblems(Visit& visit);
    platform::Response confirmUpload(Visit& visit);
    platform::Response withdrawUpload(Visit& visit);

private:
    platform::Response render(const Visit& visit, const std::string& page, nlohmann::json view) const;
    intake::Upload uploadOf(const Visit& visit, platform::Transaction& tx) const;
    intake::Upload uploadOf(const Visit& visit);

    platform::Database& database_;
    const values::Clock& clock_;
    values::Ids& ids_;
    delivery::Catalogues& catalogues_;
    intake::Uploads uploads_;
    std::vector<intake::FileType> fileTypes_;
    entrance::Entrance entrance_;
};

}  // namespace authority
