#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "delivery/services.h"

namespace delivery {

/// The kinds of record that an authority keeps, in the order in which they depend on each other.
enum class RecordKind {
    service,
    stageChange,
    partner,
    site,
    practitioner,
    supervision,
    episode,
    familyMeeting,
    session,
    review,
    outcomeScore,
    adaptation,
    feedback,
    declaration,
    action
};
constexpr int kRecordKinds = 15;

/// Whether its records speak of single children: who looks at them is noted in the audit.
bool isAboutChildren(RecordKind kind);

/// One record to be kept. `columns` are those that the kind's select for put names, in its order, ids as 16
/// bytes.
struct Record {
    std::string key;     ///< names the record within its authority: its reference, or what stands for one
    std::string lookup;  ///< what existing records are found by: the key's first part
    std::vector<std::optional<std::string>> columns;
    std::optional<values::Id<Service>>
        service;  ///< whose figures it changes; none where it changes no figure
};

/// A record as it is kept, in the words that its authority gave.
struct KeptRecord {
    std::string key;
    std::string since;  ///< UTC, as the database keeps it
    std::string until;  ///< the end of the state; far in the future where it holds
    std::vector<std::optional<std::string>> values;  ///< in the order of the kind's columns
};

/// Which records to read.
struct RecordQuestion {
    std::string owner;       ///< the reference of what they belong to; empty for any
    std::string key;         ///< this one alone; empty for any
    std::string after;       ///< those whose key comes behind this one
    std::string words;       ///< part of what they say
    bool isHistory = false;  ///< also their earlier states, in order
    int most = 50;
};

/// A child as an authority's keys name them.
struct ChildName {
    int keyVersion;
    std::string pseudonym;
    std::vector<std::string> older;  ///< under the keys before, while those are kept
};

/// Children by what their authority calls them.
using ChildNames = std::unordered_map<std::string, ChildName>;

/// What a put did to a record.
enum class PutOutcome { created, changed, unchanged };
struct PutResult {
    PutOutcome outcome;
    /// The owner it had before, where that is another one now: the first column, 16 bytes.
    std::optional<std::string> previousOwner;
};

/// The keeping of an authority's records, in bulk or one by one: a record with a known key is brought up to
/// date, a new one is added, one that is the same is left alone and leaves no history. Writes no audit: its
/// caller says what the whole was.
class Records {
public:
    Records(platform::Transaction& tx, identity::AuthorityId authority, values::Ids& ids);

    /// Results in the order of the records. No key may stand twice in one call. `given`: which columns their
    /// source gave at all; of a known record the others stay as they are. With `isDry` nothing is written.
    std::vector<PutResult> put(RecordKind kind, std::vector<Record> records, const std::vector<bool>& given,
                               bool isDry = false);

    /// Records as they are kept, by key. Of kinds that speak of children it must be audited.
    static std::vector<KeptRecord> read(platform::Transaction& tx, identity::AuthorityId authority,
                                        RecordKind kind, const RecordQuestion& question);

    struct Reference {
        std::string id;  ///< 16 bytes; of a session its reference
        values::Id<Service> service;
    };
    /// Which of these references of a kind the authority has: services, practitioners, episodes, sessions.
    /// Others are absent from the answer.
    std::unordered_map<std::string, Reference> find(RecordKind kind, const std::set<std::string>& references);

    /// The provider of that name, added where it is new; 16 bytes.
    std::string provider(const std::string& name);

    /// Finds these children, so that child() knows them; new ones are added, and one known under an older key
    /// gets the pseudonym of the newer.
    void recognise(const ChildNames& names);
    /// The id of a recognised child, 16 bytes.
    const std::string& child(const ChildName& name) const { return children_.at(name.pseudonym); }

    /// The service that an episode belongs to.
    values::Id<Service> serviceOfEpisode(const std::string& id);

    /// Services in which these practitioners held sessions or were reviewed: their figures depend on them.
    std::set<values::Id<Service>> servicesOf(const std::set<std::string>& practitioners);

    /// Notes the stages of these services, by reference, that no stage change says yet: from the service's
    /// beginning where it is new, else from today.
    void noteStages(const std::set<std::string>& services, values::Date today);
    /// Gives services the stage that their stage changes say for today.
    void followStages(const std::set<values::Id<Service>>& services, values::Date today);

private:
    bool hadAny(RecordKind kind);

    platform::Transaction& tx_;
    identity::AuthorityId authority_;
    values::Ids& ids_;
    std::map<RecordKind, bool> hadAny_;
    std::map<std::string, std::string> providers_;
    std::unordered_map<std::string, std::string> children_;  ///< ids by pseudonym
};

}  // namespace delivery
