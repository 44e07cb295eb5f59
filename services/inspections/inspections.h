#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adherence/reports.h"
#include "identity/people.h"

/// Inspections of authorities: who of the inspectorate may look at what, from when to when, and what they
/// looked at.
namespace inspections {

struct Inspection {
    values::Id<Inspection> id;
    identity::AuthorityId authority;
    std::string authorityName;
    std::string kind;   ///< standard, short, focused visit, monitoring visit, annual engagement
    std::string scope;  ///< what it is about; empty for everything
    adherence::Period period;
    values::Date opensOn;
    values::Date closesOn;    ///< the last day on which inspectors may look
    std::string grantedFrom;  ///< authority or inspectorate
    std::string grantedBy;
    std::optional<std::string> endedAt;  ///< UTC; access was taken back before its last day
    std::optional<std::string> endedBy;

    bool isOpen(values::Date today) const { return !endedAt && opensOn <= today && today <= closesOn; }
    /// `open until 30 June 2025`, `opens on …`, `closed on …`, `ended by …`
    std::string access(values::Date today) const;
};

/// The kinds of inspection, in the words of the database.
const std::vector<std::string>& kinds();
/// The longest access that is granted: half a year.
constexpr int kMostDays = 184;

struct NewInspection {
    identity::AuthorityId authority;
    std::string kind;
    std::string scope;
    adherence::Period period;
    values::Date opensOn;
    values::Date closesOn;
    std::string grantedFrom;
};

struct Member {
    values::Id<identity::Person> person;
    std::string name;
    std::string email;
};

/// Somebody of the inspectorate looked at something, as the authority's audit holds it.
struct Look {
    std::string at;  ///< UTC, as the database keeps it
    std::string who;
    std::string what;
};

class Inspections {
public:
    /// Throws Invalid for days that stand the wrong way round or too far apart. Audited for the authority.
    static values::Id<Inspection> grant(platform::Transaction& tx, values::Ids& ids,
                                        const NewInspection& wanted);
    /// The last day on which inspectors may look; throws Invalid as above.
    static void moveClosing(platform::Transaction& tx, const Inspection& inspection, values::Date closesOn);
    /// Takes access back at once. Throws Conflict where it has ended.
    static void end(platform::Transaction& tx, const Inspection& inspection);

    /// Every inspection, for the inspectorate's administrator; the newest first.
    static std::vector<Inspection> all(platform::Transaction& tx);
    /// Of an authority; the newest first.
    static std::vector<Inspection> of(platform::Transaction& tx, identity::AuthorityId authority);
    /// Those that somebody takes part in; the newest first.
    static std::vector<Inspection> ofMember(platform::Transaction& tx, values::Id<identity::Person> person);
    /// Each throws NotFound; the last also for who takes no part, and Forbidden while access is not open.
    static Inspection byId(platform::Transaction& tx, values::Id<Inspection> id);
    static Inspection byId(platform::Transaction& tx, identity::AuthorityId authority,
                           values::Id<Inspection> id);
    static Inspection openTo(platform::Transaction& tx, values::Id<identity::Person> person,
                             values::Id<Inspection> id, values::Date today);

    /// Who takes part today, by name.
    static std::vector<Member> members(platform::Transaction& tx, const Inspection& inspection);
    /// Inspectors who could: all who have access to the door.
    static std::vector<Member> candidates(platform::Transaction& tx);
    /// Throws NotFound where the person is no inspector.
    static void addMember(platform::Transaction& tx, const Inspection& inspection,
                          values::Id<identity::Person> person);
    static void removeMember(platform::Transaction& tx, const Inspection& inspection,
                             values::Id<identity::Person> person);

    /// Gives the inspection a report, which is kept for it from now on.
    static void give(platform::Transaction& tx, const Inspection& inspection,
                     values::Id<adherence::KeptReport> report);
    /// Its reports, the newest first; without content.
    static std::vector<adherence::KeptReport> reports(platform::Transaction& tx,
                                                      const Inspection& inspection);
    /// One of them. Throws NotFound, also for a report that another inspection was given.
    static adherence::KeptReport report(platform::Transaction& tx, const Inspection& inspection,
                                        values::Id<adherence::KeptReport> id, bool hasContent);

    /// Notes in the authority's audit what was looked at.
    static void looked(platform::Transaction& tx, const Inspection& inspection, const std::string& what);
    /// Everything that was looked at, the newest first, at most `most`. For the authority.
    static std::vector<Look> looks(platform::Transaction& tx, const Inspection& inspection, int most);
};

}  // namespace inspections
