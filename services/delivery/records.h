#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "delivery/services.h"

namespace delivery {

/// The kinds of record that come in bulk, in the order in which they depend on each other.
enum class RecordKind { service, practitioner, supervision, episode, session, review, outcomeScore };
constexpr int kRecordKinds = 7;

/// One record to be kept. `columns` are those that kColumns of the kind names, in its order, ids as 16 bytes.
struct Record {
    std::string key;  ///< names the record within its authority: its reference, or what stands for one
    std::string
        lookup;  ///< what existing records are found by: the reference, or the owner's id in hexadecimal
    std::vector<std::optional<std::string>> columns;
    values::Id<Service> service;  ///< whose figures it changes
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

/// Bulk keeping of an authority's records: a record with a known key is brought up to date, a new one is
/// added, one that is the same is left alone and leaves no history. Writes no audit: its caller says what the
/// whole was.
class Records {
public:
    Records(platform::Transaction& tx, identity::AuthorityId authority, values::Ids& ids);

    /// Results in the order of the records. No key may stand twice in one call.
    std::vector<PutResult> put(RecordKind kind, const std::vector<Record>& records);

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
