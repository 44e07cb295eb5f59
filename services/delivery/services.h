#pragma once

#include <optional>
#include <string>
#include <vector>

#include "identity/people.h"
#include "values/quarter.h"

namespace delivery {

/// An authority's running of one intervention, or of an approach that no guide recommends.
struct Service {
    values::Id<Service> id;
    identity::AuthorityId authority;
    std::string reference;
    std::string intervention;  ///< id of an intervention or an approach
    std::string name;
    std::string provider;  ///< empty where none was given
    std::string stage;     ///< exploration, installation, initial, full, paused or stopped
    values::Date startedOn;
    std::optional<values::Date> endedOn;
    std::optional<int> capacity;  ///< places a year
    bool countsOnly = false;      ///< its authority enters counts of quarters, and keeps no single records
    bool isArchived = false;

    /// Whether its dates overlap the quarter.
    bool isLive(values::Quarter quarter) const {
        return startedOn <= quarter.last() && (!endedOn || *endedOn >= quarter.first());
    }
    bool isRunning() const { return stage == "initial" || stage == "full"; }
    bool isPlanned() const { return stage == "exploration" || stage == "installation"; }
};

/// A session that was held, for people to choose from.
struct HeldSession {
    std::string reference;
    values::Date heldOn;
    std::string practitioner;  ///< staff reference
};

class Services {
public:
    /// All of an authority, by reference.
    static std::vector<Service> of(platform::Transaction& tx, identity::AuthorityId authority);
    /// Throws NotFound where the authority has no such service, also where another one has.
    static Service byId(platform::Transaction& tx, identity::AuthorityId authority, values::Id<Service> id);
    /// The latest sessions of a service that were held. Must be audited.
    static std::vector<HeldSession> recentSessions(platform::Transaction& tx, const Service& service,
                                                   int most);
    /// Services that other authorities lead and this one shares: what each is, and who leads it.
    struct Shared {
        std::string name;
        std::string intervention;
        std::string stage;
        std::string leader;  ///< name of the authority
        int share;           ///< per cent of the places
    };
    static std::vector<Shared> sharedWith(platform::Transaction& tx, identity::AuthorityId authority);
    /// For a worker, which serves every authority. Those that are there, by id.
    static std::vector<Service> forWork(platform::Transaction& tx,
                                        const std::vector<values::Id<Service>>& ids);
    /// Of every authority, for a worker: by authority, then age.
    static std::vector<values::Id<Service>> allIds(platform::Transaction& tx);
    /// Quarters in which the authority has records or figures could be asked for: first and last date seen.
    static std::optional<std::pair<values::Date, values::Date>> datesOf(platform::Transaction& tx,
                                                                        identity::AuthorityId authority);
};

}  // namespace delivery
