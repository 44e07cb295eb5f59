#pragma once

#include "entrance/entrance.h"

/// The door of England's analysts.
namespace national {

class Door {
public:
    explicit Door(entrance::Rooms rooms);

    /// What everyone passes on the way in.
    entrance::Entrance& entrance() { return entrance_; }

    /// What returns cost those who fill them in: how it is spread over authorities, never whose it is.
    platform::Response burden(entrance::Visit& visit);

private:
    platform::Database& database_;
    entrance::Entrance entrance_;
};

}  // namespace national
