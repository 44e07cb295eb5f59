#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "delivery/naming.h"
#include "delivery/records.h"
#include "identity/authority_id.h"
#include "platform/audit_seal.h"

namespace delivery {

/// A child that something is kept about.
struct Child {
    values::Id<Child>
        id;  ///< random: it says nothing of the child, and is what a list of the erased may keep
    identity::AuthorityId authority;
};

/// What leads to a child beside its pseudonym: how its authority calls it, and the references of its records.
class Traces {
public:
    /// `names`: whether a text names the child.
    Traces(platform::Transaction& tx, const Child& child, Names names);

    /// Whether a text names the child or one of its records.
    bool areIn(std::string_view text) const;
    bool areIn(const platform::AuditEntry& entry) const;

    /// Uploads whose files name the child or one of its records, by their ids in hexadecimal digits; whoever
    /// can read the files says so.
    std::set<std::string> uploads;

private:
    friend void blankHistory(platform::Database& migrator, const Traces& traces);
    Names names_;
    Names namesRecords_;
    std::map<std::string, std::set<std::string>> references_;  ///< by kind: `episode`, `session`
    std::set<std::string> episodes_;                           ///< their ids in hexadecimal digits
    std::set<std::string> reviews_;
};

/// What an erasure removed.
struct Erasure {
    std::int64_t episodes = 0;
    std::int64_t forms = 0;
    std::int64_t auditEntries = 0;  ///< emptied
    std::set<std::string> uploads;  ///< ids in hexadecimal digits: their files are still to be removed
};

/// What one may ask about oneself (data protection): to see what is kept, and to have it forgotten.
class Subjects {
public:
    /// The child that an authority knows by this name; nothing where it keeps nothing of one.
    static std::optional<Child> find(platform::Transaction& tx, identity::AuthorityId authority,
                                     const ChildName& name);
    static std::optional<Child> byId(platform::Transaction& tx, values::Id<Child> id);

    /// A child of which no record is left, by what a list of the erased says of it.
    static std::optional<Child> gone(platform::Transaction& tx, values::Id<Child> id, int authority);

    /// Refuses (Conflict) while a worker reads files of an authority: what it stores would come after an
    /// erasure.
    static void refuseWhileFilesAreRead(platform::Transaction& tx, identity::AuthorityId authority);

    /// Everything kept about a child, in JSON: its records as they are and as they were, and whatever else
    /// names the child or one of these records: uploads, rows that wait, samples, unfinished forms, what
    /// columns mean, entries of the audit. Must be audited.
    static std::string everything(platform::Transaction& tx, const Child& child, const Traces& traces);

    /// Forgets a child: pseudonym, episodes and what belongs to them, and whatever else names the child or
    /// one of these records; entries of the audit are emptied. The history is blanked before (blankHistory),
    /// and the files of uploads are removed afterwards by their ids. The figures of the services are computed
    /// again.
    static Erasure erase(platform::Transaction& tx, const Child& child, const Traces& traces,
                         const platform::AuditSeal& seal);
};

/// Blanks what the records of a child say, as they are and as they were: words, characteristics and scores.
/// What stays of the history are dates, states and the authority's own references of records, without a way
/// to the child. A history that nobody can backdate lets nobody delete of it either: the tables are written
/// anew, which takes them for that time. May be done again where it was cut off. `migrator`: of the account
/// that changes the schema.
void blankHistory(platform::Database& migrator, const Traces& traces);

/// Writes the tables anew that something about a child was deleted of, so that no page of theirs keeps the
/// deleted bytes; others read and write them meanwhile.
void rebuildAfterErasure(platform::Database& migrator);

}  // namespace delivery
