#include <iostream>

#include "delivery/retention.h"
#include "delivery/subjects.h"
#include "intake/pseudonyms.h"
#include "plumbline/commands.h"
#include "results/recompute.h"
#include "values/errors.h"
#include "values/json.h"

// What data protection asks for: who is kept about whom, for how long, and how it is forgotten.

namespace plumbline {
namespace {

using nlohmann::ordered_json;
using platform::Account;
using platform::Transaction;

/// A child's reference comes by standard input: a command line can be read by others of the machine.
std::string readReference() {
    std::string reference;
    std::getline(std::cin, reference);
    if (reference.empty())
        throw values::Invalid({{{"", 0, "reference"}, "", "Give the child's reference on standard input."}});
    return reference;
}

struct Asked {
    delivery::Authority authority;
    std::string reference;
    delivery::ChildName name;
};
Asked askedOf(House& house, const CommandLine& line) {
    const auto reference = readReference();
    house.openDatabase(House::Need::migrated);
    const auto authority = authorityNamed(house, Account::retention, line.authority);
    std::optional<delivery::ChildName> name;
    house.database(Account::retention).derive([&](Transaction& tx) {
        name =
            intake::Pseudonyms::held(tx, house.pseudonymKeys(), authority.id, authority.code).of(reference);
    });
    return {authority, reference, *name};
}

void computeAgain(House& house) {
    results::Recompute(house.database(Account::work), house.catalogues()).drain();
}

}  // namespace

int subjectExportCommand(House& house, const CommandLine& line) {
    const auto asked = askedOf(house, line);
    std::string text;
    house.database(Account::retention)
        .inTransaction(operatorActor("subject export", asked.authority.id), [&](Transaction& tx) {
            const auto child = delivery::Subjects::find(tx, asked.authority.id, asked.name);
            if (!child) throw values::NotFound("nothing is kept about this child");
            text = delivery::Subjects::everything(tx, *child);
            tx.audit("records of a child exported", child->id.text());
        });
    std::cout << text << "\n";
    return 0;
}

int subjectEraseCommand(House& house, const CommandLine& line) {
    const auto asked = askedOf(house, line);
    std::optional<delivery::Child> child;
    auto& database = house.database(Account::retention);
    database.read(
        [&](Transaction& tx) { child = delivery::Subjects::find(tx, asked.authority.id, asked.name); });
    if (!child) throw values::NotFound("nothing is kept about this child");
    // First the list: what is erased and not on it would come back with a backup.
    delivery::noteErased(house.erasedList(), child->id);
    std::int64_t episodes = 0;
    database.inTransaction(operatorActor("subject erase", asked.authority.id), [&](Transaction& tx) {
        episodes = delivery::Subjects::erase(tx, *child, asked.reference);
    });
    computeAgain(house);
    if (line.isJson) std::cout << ordered_json{{"erased", true}, {"episodes", episodes}}.dump(1) << "\n";
    std::cerr << "Erased, with " << episodes << (episodes == 1 ? " episode" : " episodes")
              << "; the figures are computed again.\n";
    return 0;
}

int subjectReplayCommand(House& house, const CommandLine& line) {
    house.openDatabase(House::Need::migrated);
    long again = 0;
    for (const auto& id : delivery::readErased(house.erasedList())) {
        std::optional<delivery::Child> child;
        auto& database = house.database(Account::retention);
        database.read([&](Transaction& tx) { child = delivery::Subjects::byId(tx, id); });
        if (!child) continue;
        database.inTransaction(operatorActor("subject replay", child->authority),
                               [&](Transaction& tx) { delivery::Subjects::erase(tx, *child, ""); });
        ++again;
    }
    computeAgain(house);
    if (line.isJson) std::cout << ordered_json{{"erased_again", again}}.dump(1) << "\n";
    std::cerr << again << (again == 1 ? " child" : " children") << " erased again.\n";
    return 0;
}

int keyReplaceCommand(House& house, const CommandLine& line) {
    const auto& name = line.names.at(0);
    house.replaceLostKey(name, operatorActor("key replace"));
    if (line.isJson) std::cout << ordered_json{{"replaced", name}}.dump(1) << "\n";
    std::cerr << (name == "audit" ? "From now on the audit is sealed with a new key; audit verify names what "
                                    "was sealed before.\n"
                                  : "Everybody who signs in with a one-time code sets it up anew.\n");
    return 0;
}

int pseudonymRotateCommand(House& house, const CommandLine& line) {
    house.openDatabase(House::Need::migrated);
    const auto authority = authorityNamed(house, Account::work, line.authority);
    const auto folder = house.pseudonymKeys();
    const auto held = [&](Transaction& tx) {
        return intake::Pseudonyms::held(tx, folder, authority.id, authority.code);
    };
    auto& database = house.database(Account::work);
    if (!line.isLost) database.derive([&](Transaction& tx) { held(tx); });
    if (line.isLost)
        database.read([&](Transaction& tx) {
            intake::Pseudonyms::replaceLost(tx, folder, authority.id, authority.code);
        });
    else if (line.isForgetting) intake::Pseudonyms::forgetOlder(folder, authority.id.code());
    else intake::Pseudonyms::rotate(folder, authority.id.code());
    std::optional<intake::Pseudonyms> now;
    database.inTransaction(operatorActor("pseudonym rotate", authority.id), [&](Transaction& tx) {
        now = held(tx);
        tx.audit(line.isForgetting ? "older pseudonym keys destroyed"
                 : line.isLost     ? "lost pseudonym key replaced"
                                   : "pseudonym key changed",
                 authority.code, "version " + std::to_string(now->keyVersion()));
    });
    if (line.isJson)
        std::cout << ordered_json{{"key_version", now->keyVersion()}, {"older_keys", now->olderKeys()}}.dump(
                         1)
                  << "\n";
    std::cerr << authority.name << " names children by key version " << now->keyVersion() << " from now on; "
              << now->olderKeys() << " older kept until --forget-older.\n";
    return 0;
}

int retentionCommand(House& house, const CommandLine& line) {
    house.openDatabase(House::Need::migrated);
    const auto rules = delivery::readRetentionRules(house.settings().homePath("schema/retention.json"));
    const auto results = delivery::applyRetention(house.database(Account::retention), rules,
                                                  house.clock().now(), line.isDryRun);
    ordered_json out = ordered_json::array();
    for (const auto& [rule, removed] : results) {
        out.push_back({{"what", rule.what}, {"keep_days", rule.keepDays}, {"removed", removed}});
        std::cerr << rule.title << ", kept " << rule.keepDays
                  << " days: " << (removed < 0 ? "not counted" : std::to_string(removed))
                  << (line.isDryRun ? " to remove" : " removed") << "\n";
    }
    if (line.isJson) std::cout << out.dump(1) << "\n";
    return 0;
}

}  // namespace plumbline
