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
const Statement kSelectKey("select the fingerprint of a key", kHolders,
                           "SELECT fingerprint FROM key_fingerprint WHERE name = ?");
const Statement kInsertKey("insert the fingerprint of a key", kNoters,
                           "INSERT INTO key_fingerprint (name, fingerprint, noted_at) VALUES (?, ?, ?)");
const Statement kReplaceKey("replace the fingerprint of a key", Account::admin,
                            "UPDATE key_fingerprint SET fingerprint = ?, noted_at = ? WHERE name = ?");

}  // namespace

std::string KnownKeys::fingerprintOf(const std::string& name, const std::string& key) {
    return sha256Hex("key|" + name + "|" + key);
}

std::map<std::string, std::string> KnownKeys::all(Transaction& tx) {
    std::map<std::string, std::string> known;
    for (auto rows = tx.query(kSelectKeys); rows.next();) known[rows.text(0)] = rows.text(1);
    return known;
}

void KnownKeys::hold(Transaction& tx, const std::string& name, const std::string& key) {
    const auto fingerprint = fingerprintOf(name, key);
    if (auto rows = tx.query(kSelectKey, name); !rows.next()) tx.run(kInsertKey, name, fingerprint, tx.now());
    else if (rows.text(0) != fingerprint)
        throw values::Unavailable("the key \"" + name +
                                  "\" is not the one that this database was written with: put that one back");
}

void KnownKeys::replace(Transaction& tx, const std::string& name, const std::string& key) {
    if (tx.run(kReplaceKey, fingerprintOf(name, key), tx.now(), name) == 0)
        throw values::NotFound("no key \"" + name + "\" is known here");
}

}  // namespace platform
