#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "identity/authority_id.h"

namespace identity {

/// What to look for in an audit. Empty parts look for nothing.
struct AuditQuestion {
    std::optional<values::Date> from;
    std::optional<values::Date> until;
    std::string actor;  ///< part of who
    std::string words;  ///< part of what, or of what to
};

/// Something wrong with a chain of the audit.
struct AuditFault {
    int chain;
    std::int64_t position;
    std::string what;
};

/// The end of a chain as someone saw it: kept outside the database, it shows when the end was cut off.
struct AuditAnchor {
    int chain;
    std::int64_t position;
    std::string seal;  ///< 32 bytes
};

struct AuditVerdict {
    std::int64_t entries = 0;
    std::vector<AuditFault> faults;
    std::vector<AuditAnchor> ends;  ///< of each chain that has entries
};

/// Reading what was written: search and export for an authority, and the proof that nothing was changed.
class Audit {
public:
    /// Entries of an authority, the newest first, at most `most` from the one before `before` on.
    static std::vector<platform::AuditEntry> search(platform::Transaction& tx, AuthorityId authority,
                                                    const AuditQuestion& question, std::int64_t before,
                                                    int most);

    /// Follows every chain from its first entry to its last, and compares with the anchors.
    static AuditVerdict verify(platform::Transaction& tx, const platform::AuditSeal& seal,
                               const std::vector<AuditAnchor>& anchors);
    /// Whether the entry that an anchor saw is still there, or was retired since.
    static bool holds(platform::Transaction& tx, const AuditAnchor& anchor);
    /// Where each chain ends now.
    static std::vector<AuditAnchor> ends(platform::Transaction& tx);

    /// How many chains were last written to later than it is now: nothing is written to them.
    static int chainsAhead(platform::Database& database);
    /// Says in every chain that was last written to later than it is now that the clock was ahead then: from
    /// here on it is written to again. Gives how many chains.
    static int acceptClock(platform::Database& database, const platform::Actor& actor);
    /// Says whether an entry speaks of somebody.
    using Speaks = std::function<bool(const platform::AuditEntry&)>;
    /// The entries of an authority that speak of somebody, the oldest first.
    static std::vector<platform::AuditEntry> about(platform::Transaction& tx, AuthorityId authority,
                                                   const Speaks& speaks);
    /// Empties subject and detail of these entries, and seals what is left, so that the chain stays unbroken:
    /// who did what kind of thing when is still told. Gives how many. Refuses (Conflict) where one of them is
    /// not the entry that was sealed: what was altered must not be covered up.
    static std::int64_t empty(platform::Transaction& tx, const platform::AuditSeal& seal,
                              AuthorityId authority, const Speaks& speaks);

    /// Removes entries older than an instant from the beginning of every chain, and says so in each; gives
    /// how many. The chain continues unbroken from what is left.
    static std::int64_t retire(platform::Database& database, values::Instant before);
};

/// Anchors in a file of lines, one a chain; an absent file holds none.
std::vector<AuditAnchor> readAnchors(const std::string& path);
void writeAnchors(const std::string& path, const std::vector<AuditAnchor>& anchors);

}  // namespace identity
