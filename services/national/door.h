#pragma once

#include <nlohmann/json_fwd.hpp>

#include "delivery/catalogues.h"
#include "entrance/entrance.h"

/// The door of England's analysts.
namespace national {

/// What the door stands on; made in `plumbline` and outliving it.
struct Rooms {
    entrance::Rooms entrance;  ///< its database under the account `national`
    delivery::Catalogues& catalogues;
};

class Door {
public:
    explicit Door(Rooms rooms);

    /// What everyone passes on the way in.
    entrance::Entrance& entrance() { return entrance_; }

    /// How many authorities deliver each recommendation as intended.
    platform::Response england(entrance::Visit& visit);
    /// One recommendation: where it is delivered, and by which of its standards it falls short.
    platform::Response recommendation(entrance::Visit& visit);
    /// One of its standards by region, type or authority.
    platform::Response measure(entrance::Visit& visit);
    /// What returns cost those who fill them in: how it is spread over authorities, never whose it is.
    platform::Response burden(entrance::Visit& visit);
    /// Official figures that were loaded.
    platform::Response context(entrance::Visit& visit);

private:
    platform::Database& database_;
    const values::Clock& clock_;
    delivery::Catalogues& catalogues_;
    entrance::Entrance entrance_;
};

}  // namespace national
