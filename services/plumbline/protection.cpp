#include <iostream>

#include "delivery/retention.h"
#include "delivery/subjects.h"
#include "intake/erased_list.h"
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
    delivery::Child child;  ///< with an id that nothing has, where there is no record of it
    bool hasRecords;
};
Asked askedOf(House& house, const CommandLine& line) {
    const auto reference = readReference();
    house.openDatabase(House::Need::migrated);
    const auto authority = authorityNamed(house, Account::retention, line.authority);
    std::optional<delivery::Child> child;
    house.database(Account::retention).derive([&](Transaction& tx) {
        const auto pseudonyms =
            intake::Pseudonyms::held(tx, house.pseudonymKeys(), authority.id, authority.code);
        child = delivery::Subjects::find(tx, authority.id, pseudonyms.of(reference));
    });
    return {authority, reference,
            child.value_or(delivery::Child{house.ids().next<delivery::Child>(), authority.id}),
            child.has_value()};
}

delivery::Names namesOf(const std::string& reference) {
    return delivery::namesWhere([wanted = delivery::normalisedReference(reference)](const std::string& word) {
        return word == wanted;
    });
}

/// With the uploads whose files name the child or its records.
delivery::Traces tracesOf(House& house, const delivery::Child& child, const delivery::Names& names) {
    std::optional<delivery::Traces> traces;
    house.database(Account::retention).read([&](Transaction& tx) { traces.emplace(tx, child, names); });
    traces->uploads = house.uploads().naming([&](std::string_view text) { return traces->areIn(text); });
    return std::move(*traces);
}

/// Everything that is kept, or an empty text where that is nothing.
std::string keptAbout(House& house, const std::string& command, const delivery::Child& child,
                      const delivery::Traces& traces) {
    std::string text;
    house.database(Account::retention)
        .inTransaction(operatorActor(command, child.authority), [&](Transaction& tx) {
            text = delivery::Subjects::everything(tx, child, traces);
            tx.audit(command == "subject export" ? "records of a child exported"
                                                 : "looked what is kept about a child",
                     child.id.text());
        });
    const auto kept = values::parseOrderedJson(text);
    for (const auto& [name, list] : kept.items())
        if (list.is_array())
            for (const auto& one : list)
                if (one.value("subject", "") != child.id.text()) return text;
    return "";
}

void computeAgain(House& house) {
    results::Recompute(house.database(Account::work), house.catalogues()).drain();
}

/// What names a child leaves the tables, their history, the audit and the disk.
delivery::Erasure eraseTraces(House& house, const std::string& command, const delivery::Child& child,
                              const delivery::Traces& traces) {
    delivery::blankHistory(house.database(Account::migrate), traces);
    delivery::Erasure erasure;
    house.database(Account::retention)
        .inTransaction(operatorActor(command, child.authority), [&](Transaction& tx) {
            erasure = delivery::Subjects::erase(tx, child, traces, house.auditSeal());
        });
    delivery::rebuildAfterErasure(house.database(Account::migrate));
    for (const auto& upload : erasure.uploads)
        if (const auto id = values::Id<intake::Upload>::parse(upload)) house.uploads().removeFiles(*id);
    return erasure;
}

}  // namespace

int subjectExportCommand(House& house, const CommandLine& line) {
    const auto asked = askedOf(house, line);
    const auto text = keptAbout(house, "subject export", asked.child,
                                tracesOf(house, asked.child, namesOf(asked.reference)));
    if (text.empty() && !asked.hasRecords) throw values::NotFound("nothing is kept about this child");
    std::cout << text << "\n";
    return 0;
}

int subjectEraseCommand(House& house, const CommandLine& line) {
    const auto asked = askedOf(house, line);
    house.database(Account::retention).read([&](Transaction& tx) {
        delivery::Subjects::refuseWhileFilesAreRead(tx, asked.authority.id);
    });
    const auto traces = tracesOf(house, asked.child, namesOf(asked.reference));
    if (!asked.hasRecords && keptAbout(house, "subject erase", asked.child, traces).empty())
        throw values::NotFound("nothing is kept about this child");
    // First the list: what is erased and not on it would come back with a backup, or with the next file.
    intake::ErasedList(house.pseudonymKeys()).note(asked.child, asked.reference);
    const auto erasure = eraseTraces(house, "subject erase", asked.child, traces);
    computeAgain(house);
    if (line.isJson)
        std::cout << ordered_json{{"erased", true},
                                  {"episodes", erasure.episodes},
                                  {"unfinished_forms", erasure.forms},
                                  {"uploads", erasure.uploads.size()},
                                  {"audit_entries_emptied", erasure.auditEntries}}
                         .dump(1)
                  << "\n";
    std::cerr << "Erased, with " << erasure.episodes << (erasure.episodes == 1 ? " episode" : " episodes")
              << ", " << erasure.uploads.size() << " uploads and " << erasure.forms << " unfinished forms; "
              << erasure.auditEntries
              << " entries of the audit are emptied, and the figures are computed again.\n";
    return 0;
}

int subjectReplayCommand(House& house, const CommandLine& line) {
    house.openDatabase(House::Need::migrated);
    const intake::ErasedList list(house.pseudonymKeys());
    long again = 0;
    for (const auto& entry : list.entries()) {
        std::optional<delivery::Child> child;
        house.database(Account::retention).read([&](Transaction& tx) {
            child = delivery::Subjects::byId(tx, entry.child);
            if (!child && !entry.mark.empty())
                child = delivery::Subjects::gone(tx, entry.child, entry.authority);
        });
        if (!child) continue;
        const auto traces = tracesOf(house, *child, list.namesOf(entry));
        if (keptAbout(house, "subject replay", *child, traces).empty()) continue;
        eraseTraces(house, "subject replay", *child, traces);
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

int subjectReadmitCommand(House& house, const CommandLine& line) {
    const auto asked = askedOf(house, line);
    intake::ErasedList list(house.pseudonymKeys());
    if (!list.readmit(asked.authority.id.code(), asked.reference))
        throw values::NotFound("no such child was erased here, or it may come again already");
    house.database(Account::retention)
        .inTransaction(operatorActor("subject readmit", asked.authority.id), [&](Transaction& tx) {
            tx.audit("erased child may come again", asked.authority.code);
        });
    if (line.isJson) std::cout << ordered_json{{"readmitted", true}}.dump(1) << "\n";
    std::cerr << "Records of this child may come again. What was erased does not come back.\n";
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
    const auto mode = line.isDryRun      ? delivery::RetentionMode::countOnly
                      : line.isConfirmed ? delivery::RetentionMode::confirmed
                                         : delivery::RetentionMode::careful;
    const auto results =
        delivery::applyRetention(house.database(Account::retention), rules, house.clock().now(), mode);
    const bool isWaiting = delivery::isWaiting(results);
    ordered_json out = ordered_json::array();
    for (const auto& [rule, removed, held] : results) {
        out.push_back(
            {{"what", rule.what}, {"keep_days", rule.keepDays}, {"removed", isWaiting ? 0 : removed}});
        std::cerr << rule.title << ", kept " << rule.keepDays
                  << " days: " << (removed < 0 ? "not counted" : std::to_string(removed))
                  << (line.isDryRun || isWaiting ? " to remove" : " removed") << "\n";
    }
    if (line.isJson) std::cout << out.dump(1) << "\n";
    if (!isWaiting || line.isDryRun) return 0;
    throw values::Conflict("nothing was removed, because much would go at once (" +
                           delivery::whatIsMuch(results) +
                           "). Is the clock right? If that is what you want, run: plumbline retention --yes");
}

}  // namespace plumbline
