#include "identity/audit.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <tuple>

#include "platform/digest.h"
#include "platform/secret_file.h"
#include "values/errors.h"

namespace identity {
namespace {

using platform::Account;
using platform::AuditEntry;
using platform::AuditSeal;
using platform::Rows;
using platform::Statement;
using platform::Transaction;

constexpr const char* kRetired = "audit entries retired";
constexpr int kPage = 5000;

const Statement kSearch("search the audit", Account::authority, R"(
    SELECT chain, position, CAST(happened_at AS CHAR), actor, came_from, action,
           IF(emptied_seal IS NULL, subject, '(erased)'), detail FROM audit_entry
    WHERE chain = ? AND position < ? AND (? IS NULL OR happened_at >= ?) AND (? IS NULL OR happened_at < ?)
      AND (? = '' OR LOCATE(?, actor) > 0)
      AND (? = '' OR LOCATE(?, action) > 0 OR LOCATE(?, subject) > 0 OR LOCATE(?, detail) > 0)
    ORDER BY position DESC LIMIT ?)");
const Statement kSelectChains("select audit chains", Account::admin | Account::work | Account::retention, R"(
    SELECT chain, last_position, last_seal, first_position, seal_before FROM audit_chain ORDER BY chain)");
const Statement kSelectAhead("select audit chains that are ahead of the clock", Account::admin, R"(
    SELECT chain, CAST(GREATEST(last_entry_at, written_at) AS CHAR) FROM audit_chain
    WHERE last_entry_at > ? OR written_at > NOW(6) ORDER BY chain)");
const Statement kSelectEntries("select entries of an audit chain", Account::admin | Account::retention, R"(
    SELECT chain, position, CAST(happened_at AS CHAR), actor, came_from, action, subject, detail, seal,
           emptied_seal
    FROM audit_entry WHERE chain = ? AND position > ? ORDER BY position LIMIT ?)");
const Statement kEmpty("empty an audit entry", Account::retention, R"(
    UPDATE audit_entry SET subject = '', detail = '', emptied_seal = ? WHERE chain = ? AND position = ?)");
const Statement kSelectSeal("select the seal of an audit entry", Account::work, R"(
    SELECT 1 FROM audit_chain WHERE chain = ? AND first_position > ?
    UNION SELECT 1 FROM audit_entry WHERE chain = ? AND position = ? AND seal = ?)");
const Statement kSelectStrayChains("select entries without a chain", Account::admin, R"(
    SELECT DISTINCT chain FROM audit_entry WHERE chain NOT IN (SELECT chain FROM audit_chain))");
const Statement kSelectBoundary("select the last old entry of a chain", Account::retention, R"(
    SELECT position, seal FROM audit_entry WHERE chain = ? AND happened_at < ? ORDER BY position DESC LIMIT 1)");
const Statement kDeleteOld("delete old audit entries", Account::retention,
                           "DELETE FROM audit_entry WHERE chain = ? AND position <= ?");
const Statement kMoveBeginning("move the beginning of an audit chain", Account::retention, R"(
    UPDATE audit_chain SET first_position = ?, seal_before = ? WHERE chain = ?)");

AuditEntry entryOf(const Rows& rows) {
    return {static_cast<int>(rows.number(0)),
            rows.number(1),
            rows.text(2),
            rows.text(3),
            rows.text(4),
            rows.text(5),
            rows.text(6),
            rows.text(7)};
}

struct Chain {
    int chain;
    std::int64_t last;
    std::string lastSeal;
    std::int64_t first;
    std::string sealBefore;
};

std::vector<Chain> chainsOf(Transaction& tx) {
    std::vector<Chain> chains;
    for (auto rows = tx.query(kSelectChains); rows.next();)
        chains.push_back(
            {static_cast<int>(rows.number(0)), rows.number(1), rows.text(2), rows.number(3), rows.text(4)});
    return chains;
}

/// Follows one chain; tells every break, and goes on behind it.
void follow(Transaction& tx, const AuditSeal& seal, const Chain& chain,
            const std::vector<AuditAnchor>& anchors, AuditVerdict& verdict) {
    const auto fault = [&](std::int64_t position, const std::string& what) {
        verdict.faults.push_back({chain.chain, position, what});
    };
    auto before = chain.sealBefore;
    auto expected = chain.first;
    bool isBeginningSaid = chain.first == 1 && chain.sealBefore == AuditSeal::beginning();
    std::set<std::int64_t> anchored;
    for (std::int64_t position = 0;;) {
        int read = 0;
        for (auto rows = tx.query(kSelectEntries, chain.chain, position, kPage); rows.next(); ++read) {
            const auto entry = entryOf(rows);
            const auto kept = rows.text(8);
            position = entry.position;
            ++verdict.entries;
            if (position != expected)
                fault(position, position < expected ? "an entry stands before the chain begins"
                                                    : "entries are missing before this one");
            const auto emptied = rows.optionalText(9);
            if (emptied &&
                (!entry.subject.empty() || !entry.detail.empty() || seal.ofEmptied(kept, entry) != *emptied))
                fault(position, "the entry was emptied, or filled again, by someone without the key");
            if (!emptied && seal.of(before, entry) != kept)
                fault(position, "the entry is not the one that was sealed here, or the one before it is not");
            if (entry.action == kRetired && entry.subject == std::to_string(chain.first))
                isBeginningSaid = true;
            for (const auto& anchor : anchors)
                if (anchor.chain == chain.chain && anchor.position == position) {
                    anchored.insert(position);
                    if (anchor.seal != kept)
                        fault(position, "the entry is not the one that was seen here before");
                }
            before = kept;
            expected = position + 1;
        }
        if (read < kPage) break;
    }
    if (expected != chain.last + 1 || before != chain.lastSeal)
        fault(chain.last,
              "the chain does not end where it was left: entries at its end were removed or added");
    if (!isBeginningSaid) fault(chain.first, "entries at the beginning were removed without being retired");
    for (const auto& anchor : anchors)
        if (anchor.chain == chain.chain && anchor.position >= chain.first &&
            !anchored.contains(anchor.position))
            fault(anchor.position, "an entry that was seen here before is gone");
    if (chain.last > 0) verdict.ends.push_back({chain.chain, chain.last, chain.lastSeal});
}

}  // namespace

std::vector<AuditEntry> Audit::search(Transaction& tx, AuthorityId authority, const AuditQuestion& question,
                                      std::int64_t before, int most) {
    const auto end = question.until ? std::optional(question.until->plusDays(1)) : std::nullopt;
    std::vector<AuditEntry> found;
    for (auto rows =
             tx.query(kSearch, authority, before, question.from, question.from, end, end, question.actor,
                      question.actor, question.words, question.words, question.words, question.words, most);
         rows.next();)
        found.push_back(entryOf(rows));
    return found;
}

AuditVerdict Audit::verify(Transaction& tx, const AuditSeal& seal, const std::vector<AuditAnchor>& anchors) {
    AuditVerdict verdict;
    const auto chains = chainsOf(tx);
    for (const auto& chain : chains) follow(tx, seal, chain, anchors, verdict);
    for (auto rows = tx.query(kSelectStrayChains); rows.next();)
        verdict.faults.push_back({static_cast<int>(rows.number(0)), 0, "the chain's end was removed"});
    for (const auto& anchor : anchors)
        if (std::ranges::find(chains, anchor.chain, &Chain::chain) == chains.end())
            verdict.faults.push_back({anchor.chain, anchor.position, "the chain is gone"});
    return verdict;
}

bool Audit::holds(Transaction& tx, const AuditAnchor& anchor) {
    return tx.query(kSelectSeal, anchor.chain, anchor.position, anchor.chain, anchor.position, anchor.seal)
        .next();
}

std::vector<AuditAnchor> Audit::ends(Transaction& tx) {
    std::vector<AuditAnchor> ends;
    for (const auto& chain : chainsOf(tx))
        if (chain.last > 0) ends.push_back({chain.chain, chain.last, chain.lastSeal});
    return ends;
}

int Audit::chainsAhead(platform::Database& database) {
    int chains = 0;
    database.read([&](Transaction& tx) {
        chains = 0;
        for (auto rows = tx.query(kSelectAhead, tx.now()); rows.next();) ++chains;
    });
    return chains;
}

int Audit::acceptClock(platform::Database& database, const platform::Actor& actor) {
    int chains = 0;
    database.inTransaction(actor, [&](Transaction& tx) {
        chains = 0;
        tx.goBack();
        for (auto rows = tx.query(kSelectAhead, tx.now()); rows.next(); ++chains) {
            const auto chain = static_cast<int>(rows.number(0));
            tx.auditFor(chain == 0 ? std::nullopt : std::optional(chain), "clock set right", "",
                        "it was ahead when this chain was last written to, at " + rows.text(1));
        }
    });
    return chains;
}

namespace {

/// Goes through a chain; `look` is given each entry with the seal before it and its own, and whether it was
/// emptied.
void walk(Transaction& tx, AuthorityId authority,
          const std::function<void(const AuditEntry&, const std::string&, const std::string&, bool)>& look) {
    std::string before;
    for (std::int64_t position = 0;;) {
        std::vector<std::tuple<AuditEntry, std::string, bool>> page;
        for (auto rows = tx.query(kSelectEntries, authority, position, kPage); rows.next();)
            page.emplace_back(entryOf(rows), rows.text(8), !rows.isNull(9));
        for (const auto& [entry, kept, isEmptied] : page) {
            look(entry, before, kept, isEmptied);
            before = kept;
            position = entry.position;
        }
        if (page.size() < kPage) return;
    }
}

}  // namespace

std::vector<AuditEntry> Audit::about(Transaction& tx, AuthorityId authority, const Speaks& speaks) {
    std::vector<AuditEntry> found;
    walk(tx, authority, [&](const AuditEntry& entry, const auto&, const auto&, bool) {
        if (speaks(entry)) found.push_back(entry);
    });
    return found;
}

std::int64_t Audit::empty(Transaction& tx, const AuditSeal& seal, AuthorityId authority,
                          const Speaks& speaks) {
    std::string first;
    for (const auto& chain : chainsOf(tx))
        if (chain.chain == authority.code()) first = chain.sealBefore;
    std::int64_t emptied = 0;
    walk(tx, authority,
         [&](AuditEntry entry, const std::string& before, const std::string& kept, bool isEmptied) {
             if (isEmptied || !speaks(entry)) return;
             if (seal.of(before.empty() ? first : before, entry) != kept)
                 throw values::Conflict(
                     "entry " + std::to_string(entry.position) +
                     " of the audit is not the one that was sealed, so it is left as it is; run: "
                     "plumbline audit verify");
             entry.subject.clear();
             entry.detail.clear();
             tx.run(kEmpty, seal.ofEmptied(kept, entry), entry.chain, entry.position);
             ++emptied;
         });
    return emptied;
}

std::int64_t Audit::retire(platform::Database& database, values::Instant before) {
    std::vector<Chain> chains;
    database.read([&](Transaction& tx) { chains = chainsOf(tx); });
    std::int64_t retired = 0;
    for (const auto& chain : chains) {
        const platform::Actor actor{"system", chain.chain == 0 ? std::nullopt : std::optional(chain.chain),
                                    "retention"};
        std::int64_t removed = 0;
        database.inTransaction(actor, [&](Transaction& tx) {
            removed = 0;
            auto rows = tx.query(kSelectBoundary, chain.chain, before);
            // The newest entry stays, whatever its age: an empty chain proves nothing.
            if (!rows.next() || rows.number(0) >= chain.last) return;
            const auto boundary = rows.number(0);
            removed = tx.run(kDeleteOld, chain.chain, boundary);
            tx.run(kMoveBeginning, boundary + 1, rows.text(1), chain.chain);
            tx.audit(kRetired, std::to_string(boundary + 1), std::to_string(removed) + " entries");
        });
        retired += removed;
    }
    return retired;
}

std::vector<AuditAnchor> readAnchors(const std::string& path) {
    std::vector<AuditAnchor> anchors;
    std::ifstream file(path);
    AuditAnchor anchor{};
    for (std::string hex; file >> anchor.chain >> anchor.position >> hex;)
        if (const auto seal = platform::fromHex(hex)) {
            anchor.seal = *seal;
            anchors.push_back(anchor);
        }
    return anchors;
}

void writeAnchors(const std::string& path, const std::vector<AuditAnchor>& anchors) {
    std::string text;
    for (const auto& anchor : anchors)
        text += std::to_string(anchor.chain) + " " + std::to_string(anchor.position) + " " +
                platform::toHex(anchor.seal) + "\n";
    const auto draft = path + ".new";
    std::filesystem::remove(draft);
    platform::makeSecretFile(draft, text);
    std::filesystem::rename(draft, path);
}

}  // namespace identity
