#include "platform/known_keys.h"

#include "platform/digest.h"
#include "values/errors.h"

namespace platform {
namespace {

/// Every process looks, before it begins, whether its keys are those of the data.
constexpr auto kHolders = kDoors | Account::migrate | Account::admin | Account::work | Account::retention;
constexpr auto kNoters = Account::migrate | Account::authority | Account::work | Account::retention;

const Statement kSelectKeys("select fingerprints of keys", kHolders,
                            "SELECT name, fingerprint FROM key_fingerprint");
const Statement kInsertKey("insert the fingerprint of a key", kNoters,
                           "INSERT INTO key_fingerprint (name, fingerprint, noted_at) VALUES (?, ?, ?)");
const Statement kReplaceKey("replace the fingerprint of a key", Account::admin,
                            "UPDATE key_fingerprint SET fingerprint = ?, noted_at = ? WHERE name = ?");

/// SHA-256 of the name and the key, as hexadecimal digits.
std::string fingerprintOf(const std::string& name, const std::string& key) {
    return sha256Hex("key|" + name + "|" + key);
}

}  // namespace

KnownKeys::KnownKeys(Transaction& tx) {
    for (auto rows = tx.query(kSelectKeys); rows.next();) fingerprints_[rows.text(0)] = rows.text(1);
}

bool KnownKeys::knows(const std::string& name, const std::string& key) const {
    const auto found = fingerprints_.find(name);
    return found != fingerprints_.end() && found->second == fingerprintOf(name, key);
}

void KnownKeys::hold(Transaction& tx, const std::string& name, const std::string& key) {
    if (knows(name, key)) return;
    if (contains(name))
        throw values::Unavailable("the key \"" + name +
                                  "\" is not the one that this database was written with: put that one back");
    fingerprints_[name] = fingerprintOf(name, key);
    tx.run(kInsertKey, name, fingerprints_[name], tx.now());
}

void KnownKeys::replace(Transaction& tx, const std::string& name, const std::string& key) {
    if (tx.run(kReplaceKey, fingerprintOf(name, key), tx.now(), name) == 0)
        throw values::NotFound("no key \"" + name + "\" is known here");
}

}  // namespace platform
