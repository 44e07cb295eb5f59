#include "intake/pseudonyms.h"

#include <filesystem>
#include <fstream>

#include "platform/digest.h"
#include "platform/known_keys.h"
#include "platform/secret_file.h"
#include "values/errors.h"

namespace intake {
namespace {

constexpr std::size_t kKeyBytes = 32;

const platform::Statement kHasChildren("whether an authority has children",
                                       platform::Account::authority | platform::Account::work |
                                           platform::Account::retention,
                                       "SELECT 1 FROM child WHERE authority_id = ? LIMIT 1");
const platform::Statement kWithChildren("select authorities with children", platform::Account::work,
                                        "SELECT DISTINCT authority_id FROM child ORDER BY authority_id");

std::string pathOf(const std::string& folder, int authority) {
    return folder + "/" + std::to_string(authority) + ".key";
}
std::string olderPath(const std::string& folder, int authority, int version) {
    return folder + "/" + std::to_string(authority) + ".v" + std::to_string(version) + ".key";
}
std::string knownName(int authority, int version) {
    return "pseudonyms " + std::to_string(authority) + " v" + std::to_string(version);
}
std::string keyText(int version, const std::string& code) {
    return "v" + std::to_string(version) + " " + code + " " + platform::randomHex(kKeyBytes) + "\n";
}

}  // namespace

std::string pseudonym(std::string_view key, int version, std::string_view authorityCode,
                      std::string_view identifier) {
    const auto text = "v" + std::to_string(version) + "|" + std::string(authorityCode) + "|" +
                      delivery::normalisedReference(identifier);
    return platform::toHex(platform::hmacSha256(key, text)).substr(0, 32);
}

Pseudonyms::Key Pseudonyms::read(const std::string& path) {
    std::ifstream file(path);
    char letter = 0;
    Key key{0, "", ""};
    std::string hex;
    file >> letter >> key.version >> key.code >> hex;
    const auto bytes = platform::fromHex(hex);
    if (letter != 'v' || key.version < 1 || !bytes || bytes->size() != kKeyBytes)
        throw values::Unavailable("the pseudonym key " + path + " cannot be read");
    key.bytes = *bytes;
    return key;
}

void Pseudonyms::make(const std::string& folder, int authority, const std::string& code) {
    const auto path = pathOf(folder, authority);
    if (!std::filesystem::exists(path)) platform::makeSecretFile(path, keyText(1, code));
}

Pseudonyms Pseudonyms::held(platform::Transaction& tx, const std::string& folder,
                            identity::AuthorityId authority, const std::string& code) {
    const auto nameOf = [&](int version) { return knownName(authority.code(), version); };
    platform::KnownKeys known(tx);
    if (!std::filesystem::exists(pathOf(folder, authority.code()))) {
        if (tx.query(kHasChildren, authority).next() || known.contains(nameOf(1)))
            throw values::Unavailable(
                "the pseudonym key " + pathOf(folder, authority.code()) +
                " is missing: put back the one that this authority's children are named by. "
                "None is made in its place");
        make(folder, authority.code(), code);
    }
    Pseudonyms pseudonyms(folder, authority.code());
    if (known.contains(nameOf(pseudonyms.keyVersion() + 1)))
        throw values::Unavailable("the pseudonym key " + pathOf(folder, authority.code()) +
                                  " was replaced by a newer one since: put that one back");
    for (const auto& key : pseudonyms.keys_) known.hold(tx, nameOf(key.version), key.code + " " + key.bytes);
    if (const auto key = pseudonyms.erased_.key(); !key.empty()) known.hold(tx, "erased", key);
    return pseudonyms;
}

std::vector<std::string> Pseudonyms::faults(platform::Transaction& tx, const std::string& folder) {
    const platform::KnownKeys known(tx);
    std::vector<std::string> faults;
    for (auto rows = tx.query(kWithChildren); rows.next();) {
        const auto authority = static_cast<int>(rows.number(0));
        const auto path = pathOf(folder, authority);
        if (!std::filesystem::exists(path)) {
            faults.push_back(path + " is missing");
            continue;
        }
        const auto key = read(path);
        const auto name = knownName(authority, key.version);
        const bool isOther = known.contains(name) && !known.knows(name, key.code + " " + key.bytes);
        if (isOther || known.contains(knownName(authority, key.version + 1)))
            faults.push_back(path + " is not the one that its children are named by");
    }
    return faults;
}

Pseudonyms::Pseudonyms(const std::string& folder, int authority) : authority_(authority), erased_(folder) {
    keys_.push_back(read(pathOf(folder, authority)));
    for (int version = keyVersion() - 1; version > 0; --version)
        if (const auto older = olderPath(folder, authority, version); std::filesystem::exists(older))
            keys_.push_back(read(older));
}

delivery::ChildName Pseudonyms::of(std::string_view identifier) const {
    delivery::ChildName name{keyVersion(), "", {}};
    for (const auto& key : keys_) {
        auto text = pseudonym(key.bytes, key.version, key.code, identifier);
        if (name.pseudonym.empty()) name.pseudonym = std::move(text);
        else name.older.push_back(std::move(text));
    }
    return name;
}

void Pseudonyms::rotate(const std::string& folder, int authority) {
    const Pseudonyms before(folder, authority);
    const auto path = pathOf(folder, authority);
    const auto draft = path + ".next";
    std::filesystem::remove(draft);
    platform::makeSecretFile(draft, keyText(before.keyVersion() + 1, before.keys_.front().code));
    // The key before is kept first: whenever this is cut off, every key is still there.
    std::filesystem::copy_file(path, olderPath(folder, authority, before.keyVersion()),
                               std::filesystem::copy_options::overwrite_existing);
    std::filesystem::rename(draft, path);
}

void Pseudonyms::replaceLost(platform::Transaction& tx, const std::string& folder,
                             identity::AuthorityId authority, const std::string& code) {
    const auto path = pathOf(folder, authority.code());
    if (std::filesystem::exists(path))
        throw values::Conflict("there is a key in " + path +
                               ": it is not lost. Where it is not the right one, move it away first");
    const platform::KnownKeys known(tx);
    int version = 1;
    while (known.contains(knownName(authority.code(), version))) ++version;
    platform::makeSecretFile(path, keyText(version, code));
}

void Pseudonyms::forgetOlder(const std::string& folder, int authority) {
    for (int version = read(pathOf(folder, authority)).version - 1; version > 0; --version)
        std::filesystem::remove(olderPath(folder, authority, version));
}

}  // namespace intake
