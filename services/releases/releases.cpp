#include "releases/releases.h"

#include <fmt/format.h>

#include <algorithm>
#include <list>
#include <mutex>

#include "platform/digest.h"
#include "platform/log.h"
#include "releases/open_data_check.h"
#include "releases/snapshot.h"
#include "values/errors.h"
#include "values/json.h"

namespace releases {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using platform::Account;
using platform::Statement;
using platform::Transaction;

constexpr auto kReaders = Account::national | Account::work;

const Statement kInsertRelease("ask for a release", Account::national, R"(
    INSERT INTO national_release (id, quarter, tables, guides, rules, note, asked_at, asked_by)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?))");
const Statement kCountSigned("count signed returns of a quarter for a release", Account::national, R"(
    SELECT COUNT(*) FROM quarterly_return WHERE quarter = ? AND state = 'signed')");
const Statement kSelectRelease("select a release", Account::national, R"(
    SELECT id, quarter, tables, guides, rules, note, asked_by, CAST(asked_at AS CHAR), state, COALESCE(version, 0),
           COALESCE(fingerprint, ''), COALESCE(report, ''), COALESCE(decided_by, ''), decision,
           COALESCE(CAST(published_at AS CHAR), ''), COALESCE(published_by, ''),
           COALESCE(CAST(withdrawn_at AS CHAR), ''), withdrawal, COALESCE(JSON_LENGTH(report, '$.unsafe'), 0)
    FROM national_release WHERE id = ?)");
const Statement kSelectReleases("select releases", Account::national, R"(
    SELECT id, quarter, tables, guides, rules, note, asked_by, CAST(asked_at AS CHAR), state, COALESCE(version, 0),
           COALESCE(fingerprint, ''), '', COALESCE(decided_by, ''), decision,
           COALESCE(CAST(published_at AS CHAR), ''), COALESCE(published_by, ''),
           COALESCE(CAST(withdrawn_at AS CHAR), ''), withdrawal, COALESCE(JSON_LENGTH(report, '$.unsafe'), 0)
    FROM national_release ORDER BY asked_at DESC, id DESC LIMIT 200)");
const Statement kSelectPublished("select published releases", Account::national, R"(
    SELECT id, quarter, tables, guides, rules, note, asked_by, CAST(asked_at AS CHAR), state, COALESCE(version, 0),
           COALESCE(fingerprint, ''), COALESCE(report, ''), COALESCE(decided_by, ''), decision,
           COALESCE(CAST(published_at AS CHAR), ''), COALESCE(published_by, ''),
           COALESCE(CAST(withdrawn_at AS CHAR), ''), withdrawal, COALESCE(JSON_LENGTH(report, '$.unsafe'), 0)
    FROM national_release WHERE state IN ('published', 'withdrawn') ORDER BY quarter DESC, version DESC LIMIT 200)");
const Statement kDecide("decide on a release", Account::national, R"(
    UPDATE national_release SET state = ?, decided_at = ?, decided_by = ?, decision = ? WHERE id = ? AND state = 'made')");
const Statement kPublish("publish a release", Account::national, R"(
    UPDATE national_release SET state = 'published', published_at = ?, published_by = ? WHERE id = ? AND state = 'approved')");
const Statement kCountPublished("count releases of a quarter that were published", kReaders, R"(
    SELECT COUNT(*) FROM national_release WHERE quarter = ? AND state IN ('published', 'withdrawn'))");
const Statement kLockQuarter("lock the releases of a quarter", Account::national,
                             "SELECT id FROM national_release WHERE quarter = ? FOR UPDATE");
const Statement kWithdraw("withdraw a release", Account::national, R"(
    UPDATE national_release SET state = 'withdrawn', withdrawn_at = ?, withdrawn_by = ?, withdrawal = ?
    WHERE id = ? AND state = 'published')");
const Statement kSelectFiles("select files of a release", Account::national, R"(
    SELECT name, type, digest, size, '' FROM release_file WHERE release_id = ? ORDER BY place)");
const Statement kSelectFile("select a file of a release", Account::national, R"(
    SELECT name, type, digest, size, content FROM release_file WHERE release_id = ? AND name = ?)");
const Statement kSelectTable("select a table of a release", Account::national,
                             "SELECT content FROM release_table WHERE release_id = ? AND name = ?");

const Statement kSelectAsked("select a release that waits", Account::work, R"(
    SELECT id, quarter, tables, guides, rules FROM national_release WHERE state = 'asked' ORDER BY asked_at LIMIT 1)");
// Whatever anybody may still look at can be laid beside a new one, published or not.
const Statement kSelectEarlier("select open releases of a quarter", Account::work, R"(
    SELECT id, tables, guides, rules, hidden, CAST(made_at AS CHAR) FROM national_release
    WHERE quarter = ? AND state IN ('made', 'approved', 'published', 'withdrawn')
        AND COALESCE(JSON_LENGTH(report, '$.unsafe'), 0) = 0 ORDER BY made_at, id)");
const Statement kLockOpen("lock open releases of a quarter", Account::work, R"(
    SELECT id FROM national_release WHERE quarter = ? AND state IN ('made', 'approved', 'published', 'withdrawn')
        AND COALESCE(JSON_LENGTH(report, '$.unsafe'), 0) = 0 ORDER BY made_at, id FOR UPDATE)");
const Statement kSelectReturns("select the returns of a release", Account::work, R"(
    SELECT LPAD(authority_id, 3, '0'), return_id FROM release_return WHERE release_id = ?)");
const Statement kMade("keep a release", Account::work, R"(
    UPDATE national_release SET state = 'made', made_at = ?, version = ?, fingerprint = ?, report = ?, hidden = ?
    WHERE id = ? AND state = 'asked')");
const Statement kFailed(
    "give a release up", Account::work,
    "UPDATE national_release SET state = 'failed', made_at = ?, report = ? WHERE id = ? AND state = 'asked'");
const platform::BulkStatement kInsertReturns(
    "insert the returns of a release", Account::work,
    "INSERT INTO release_return (release_id, authority_id, return_id)", 3, "");
const Statement kInsertFile("insert a file of a release", Account::work, R"(
    INSERT INTO release_file (release_id, name, place, type, digest, size, content) VALUES (?, ?, ?, ?, ?, ?, ?))");
const Statement kInsertTable(
    "insert a table of a release", Account::work,
    "INSERT INTO release_table (release_id, name, place, content) VALUES (?, ?, ?, ?)");

struct SignedReturn;

Release releaseOf(const platform::Rows& rows) {
    return {rows.id<Release>(0),
            rows.quarter(1),
            values::parseJson(rows.text(2)),
            values::parseJson(rows.text(3)),
            rulePackOf(rows.text(4), "the release's rules"),
            rows.text(5),
            rows.text(6),
            rows.text(7),
            rows.text(8),
            static_cast<int>(rows.number(9)),
            rows.text(10),
            rows.text(11),
            rows.text(12),
            rows.text(13),
            rows.text(14),
            rows.text(15),
            rows.text(16),
            rows.text(17),
            rows.number(18)};
}

values::Invalid problem(const std::string& field, const std::string& got, const std::string& rule) {
    return values::Invalid({{{"", 0, field}, got, rule}});
}

/// The guidance of the quarter, of the guides that were chosen alone.
guidance::Catalogue chosenOf(const guidance::Catalogue& all, const std::vector<std::string>& guides) {
    auto chosen = all;
    std::erase_if(chosen.guides, [&](const guidance::Guide& guide) {
        return std::ranges::find(guides, guide.id) == guides.end();
    });
    return chosen;
}

std::string tableText(const PublishedTable& table, const BuiltTables& built, const Snapshot& snapshot) {
    auto filters = ordered_json::array();
    for (const auto& one : table.filters)
        filters.push_back(
            {{"name", one.name}, {"label", one.label}, {"chosen", one.chosen}, {"items", one.items}});
    auto indicators = ordered_json::array();
    for (const auto& one : table.indicators)
        indicators.push_back(
            {{"name", one.name}, {"label", one.label}, {"unit", one.unit}, {"decimals", one.decimals}});
    auto rows = ordered_json::array();
    for (const auto& row : table.rows) {
        const auto& area = built.areas[row.area];
        const bool isAuthority = area.level == AreaOf::Level::authority;
        const bool isRegion = area.level == AreaOf::Level::regional;
        rows.push_back({isAuthority ? "Local authority"
                        : isRegion  ? "Regional"
                                    : "National",
                        isAuthority ? snapshot.authorities[area.authority].newCode
                        : isRegion  ? area.regionCode
                                    : "E92000001",
                        isAuthority ? snapshot.authorities[area.authority].name
                        : isRegion  ? area.regionName
                                    : "England",
                        area.regionName, row.items, row.values});
    }
    return ordered_json{{"name", table.name}, {"title", table.title},     {"about", table.about},
                        {"filters", filters}, {"indicators", indicators}, {"rows", rows}}
        .dump();
}

ReleaseTable tableOf(const std::string& text) {
    const auto content = values::parseJson(text);
    ReleaseTable table{content.at("name"), content.at("title"), content.at("about"), {}, {}, {}};
    for (const auto& one : content.at("filters"))
        table.filters.push_back({one.at("name"), one.at("label"), "", one.at("chosen"), one.at("items")});
    for (const auto& one : content.at("indicators"))
        table.indicators.push_back({one.at("name"), one.at("label"), "", one.at("unit"), one.at("decimals")});
    for (const auto& one : content.at("rows"))
        table.rows.push_back({one.at(0), one.at(1), one.at(2), one.at(3), one.at(4), one.at(5)});
    return table;
}

/// Tables that were asked for lately. They are immutable, so nothing here goes stale.
class ReadyTables {
public:
    std::shared_ptr<const ReleaseTable> find(const std::string& key) {
        const std::lock_guard lock(mutex_);
        for (auto one = ready_.begin(); one != ready_.end(); ++one)
            if (one->first == key) {
                ready_.splice(ready_.begin(), ready_, one);
                return ready_.front().second;
            }
        return nullptr;
    }
    void keep(const std::string& key, std::shared_ptr<const ReleaseTable> table) {
        const std::lock_guard lock(mutex_);
        ready_.emplace_front(key, std::move(table));
        if (ready_.size() > kMost) ready_.pop_back();
    }

private:
    static constexpr std::size_t kMost = 12;
    std::mutex mutex_;
    std::list<std::pair<std::string, std::shared_ptr<const ReleaseTable>>> ready_;
};

ReadyTables& readyTables() {
    static ReadyTables tables;
    return tables;
}

/// Everything that a worker keeps of a release that it made.
struct Made {
    int version;
    std::string fingerprint;
    std::string report;
    std::string hidden;
    std::vector<OpenFile> files;
    std::vector<std::pair<std::string, std::string>> tables;
    std::vector<std::pair<int, std::string>> returns;
    std::vector<values::Id<Release>> comparedWith;
    bool isSafe;
};

struct Asked {
    values::Id<Release> id;
    values::Quarter quarter;
    std::vector<std::string> tables;
    std::vector<std::string> guides;
    RulePack rules;
};

PlaceLookups lookupsOf(const Snapshot& snapshot) {
    PlaceLookups places;
    for (const auto& one : snapshot.authorities) {
        places.regions.insert(one.regionCode + "|" + one.regionName);
        places.authorities.insert(one.oldCode + "|" + one.newCode + "|" + one.name);
    }
    return places;
}

ordered_json faultsOf(const std::vector<OpenFile>& files, const Snapshot& snapshot) {
    auto faults = ordered_json::array();
    const auto places = lookupsOf(snapshot);
    for (std::size_t i = 0; i + 1 < files.size(); ++i) {
        if (!files[i + 1].name.ends_with(".meta.csv")) continue;
        for (const auto& one :
             checkPair(files[i].name, files[i].content, files[i + 1].name, files[i + 1].content, places))
            faults.push_back(
                {{"check", one.check}, {"where", one.where}, {"got", one.got}, {"rule", one.rule}});
    }
    return faults;
}

Made make(Transaction& tx, delivery::Catalogues& catalogues, const Asked& asked, int dueDays) {
    const auto guidance = catalogues.inForce(tx);  // keeps the edition
    const auto& edition = guidance->on(asked.quarter).catalogue;
    const auto catalogue = chosenOf(edition, asked.guides);
    const auto snapshot = snapshotNow(tx, asked.quarter);
    const auto quality = qualityOf(tx, snapshot, dueDays);

    std::vector<EarlierRelease> earlier;
    std::vector<std::shared_ptr<const delivery::CatalogueInForce>> kept;
    std::list<guidance::Catalogue> catalogueThen;
    std::vector<values::Id<Release>> comparedWith;
    for (auto rows = tx.query(kSelectEarlier, asked.quarter); rows.next();) {
        comparedWith.push_back(rows.id<Release>(0));
        std::map<std::string, std::string> returns;
        for (auto of = tx.query(kSelectReturns, rows.id<Release>(0)); of.next();)
            returns[of.text(0)] = of.id<SignedReturn>(1).text();
        const auto madeAt = values::instantFromDatabase(rows.text(5)).value();
        kept.push_back(catalogues.known(tx, madeAt));
        catalogueThen.push_back(
            chosenOf(kept.back()->on(asked.quarter).catalogue, values::parseJson(rows.text(2))));
        std::map<std::string, char> hidden;
        const auto marks = values::parseJson(rows.text(4));
        for (const auto& [code, mark] : marks.items()) hidden[code] = mark.get<std::string>().at(0);
        earlier.push_back({snapshotOf(tx, asked.quarter, returns),
                           rulePackOf(rows.text(3), "an earlier release"), values::parseJson(rows.text(1)),
                           std::move(hidden), &catalogueThen.back()});
    }
    const auto built = buildTables(snapshot, catalogue, asked.rules, asked.tables, earlier);

    Made made;
    made.comparedWith = std::move(comparedWith);
    made.isSafe = built.disclosure.unsafe.empty();
    auto published = tx.query(kCountPublished, asked.quarter);
    published.next();
    made.version = static_cast<int>(published.number(0)) + 1;
    ReleaseWords words{"Practice guide delivery, " + asked.quarter.name(),
                       asked.quarter.name(),
                       made.version,
                       quality.returned,
                       quality.authorities,
                       wordsOf(asked.rules),
                       {},
                       quality.words()};
    for (const auto& guide : catalogue.guides)
        words.guides.push_back(guide.title + ", version " + guide.version);
    made.files = openFiles(built, snapshot, words);
    for (const auto& table : built.tables)
        made.tables.emplace_back(table.name, tableText(table, built, snapshot));
    std::string digests;
    for (const auto& file : made.files) digests += file.name + " " + platform::sha256Hex(file.content) + "\n";
    made.fingerprint = platform::sha256Hex(digests);
    auto marks = json::object();
    for (const auto& [code, mark] : built.hidden) marks[code] = std::string(1, mark);
    made.hidden = marks.dump();
    for (const auto& one : snapshot.authorities)
        if (!one.returned.empty()) made.returns.emplace_back(std::stoi(one.oldCode), one.returned);

    auto symbolsOf = ordered_json::array();
    for (const auto& table : built.tables) {
        std::map<std::string, std::size_t> counts;
        std::size_t all = 0;
        for (const auto& row : table.rows)
            for (const auto& value : row.values) {
                ++all;
                if (!isNumber(value)) ++counts[value];
            }
        symbolsOf.push_back({{"table", table.title}, {"values", all}, {"symbols", counts}});
    }
    auto regions = ordered_json::array();
    for (const auto& [name, counts] : quality.byRegion)
        regions.push_back({{"region", name}, {"returned", counts.first}, {"authorities", counts.second}});
    made.report = ordered_json{{"returned", quality.returned},
                               {"authorities", quality.authorities},
                               {"regions", regions},
                               {"missing", quality.missing},
                               {"corrections", quality.corrections},
                               {"late", quality.late},
                               {"guides", words.guides},
                               {"rules", words.rules},
                               {"counts", built.disclosure.counts},
                               {"small", built.disclosure.small},
                               {"beside", built.disclosure.beside},
                               {"unsafe", built.disclosure.unsafe},
                               {"earlier", built.disclosure.earlierReleases},
                               {"symbols", symbolsOf},
                               {"faults", faultsOf(made.files, snapshot)}}
                      .dump();
    return made;
}

}  // namespace

const Filter* ReleaseTable::filter(const std::string& wanted) const {
    const auto found = std::ranges::find(filters, wanted, &Filter::name);
    return found == filters.end() ? nullptr : &*found;
}

values::Id<Release> Releases::ask(Transaction& tx, values::Ids& ids, const ReleaseWish& wish) {
    if (wish.tables.empty()) throw problem("tables", "", "Choose at least one table.");
    for (const auto& table : wish.tables)
        if (std::ranges::find(tableKinds(), table, &TableKind::name) == tableKinds().end())
            throw problem("tables", table, "Choose tables from the list.");
    if (wish.guides.empty()) throw problem("guides", "", "Choose at least one guide.");
    auto rows = tx.query(kCountSigned, wish.quarter);
    rows.next();
    if (rows.number(0) == 0)
        throw values::Conflict("Nobody has signed a return for " + wish.quarter.name() + ".");
    const auto id = ids.next<Release>();
    tx.run(kInsertRelease, id, wish.quarter, json(wish.tables).dump(), json(wish.guides).dump(),
           wish.rules.text, wish.note, tx.now(), tx.actor().name);
    tx.audit("release asked for", id.text(), wish.quarter.name() + ", rules " + wish.rules.id);
    return id;
}

std::vector<Release> Releases::all(Transaction& tx) {
    std::vector<Release> all;
    for (auto rows = tx.query(kSelectReleases); rows.next();) all.push_back(releaseOf(rows));
    return all;
}

std::vector<Release> Releases::published(Transaction& tx) {
    std::vector<Release> all;
    for (auto rows = tx.query(kSelectPublished); rows.next();) all.push_back(releaseOf(rows));
    return all;
}

Release Releases::byId(Transaction& tx, values::Id<Release> id) {
    auto rows = tx.query(kSelectRelease, id);
    if (!rows.next()) throw values::NotFound("no such release");
    return releaseOf(rows);
}

void Releases::approve(Transaction& tx, const Release& release, const std::string& words) {
    if (release.askedBy == tx.actor().name)
        throw values::Forbidden("Somebody else approves what you prepared.");
    if (release.state != "made") throw values::Conflict("This release does not wait for approval.");
    const auto report = values::parseJson(release.report);
    if (!report.at("unsafe").empty())
        throw values::Conflict(
            "This release is not safe: small counts could be worked out. Nobody can approve it.");
    if (!report.at("faults").empty())
        throw values::Conflict("The files of this release have faults. Nobody can approve it.");
    if (tx.run(kDecide, "approved", tx.now(), tx.actor().name, words, release.id) == 0)
        throw values::Conflict("Somebody else has just decided on this release.");
    tx.audit("release approved", release.id.text(), "fingerprint " + release.fingerprint);
}

void Releases::refuse(Transaction& tx, const Release& release, const std::string& words) {
    if (words.empty()) throw problem("words", "", "Say why, so that it can be mended.");
    if (tx.run(kDecide, "refused", tx.now(), tx.actor().name, words, release.id) == 0)
        throw values::Conflict("This release does not wait for approval.");
    tx.audit("release refused", release.id.text(), words);
}

void Releases::publish(Transaction& tx, const Release& release) {
    if (release.state != "approved") throw values::Conflict("Only an approved release can be published.");
    // Two at once would each have been compared with what was public before, and not with each other.
    for (auto rows = tx.query(kLockQuarter, release.quarter); rows.next();) {
    }
    auto rows = tx.query(kCountPublished, release.quarter);
    rows.next();
    if (rows.number(0) + 1 != release.version)
        throw values::Conflict(
            "Another release of " + release.quarter.name() +
            " was published since this one was made. Make it again, so that the two are compared.");
    if (tx.run(kPublish, tx.now(), tx.actor().name, release.id) == 0)
        throw values::Conflict("Somebody else has just changed this release.");
    tx.audit("release published", release.id.text(), "fingerprint " + release.fingerprint);
}

void Releases::withdraw(Transaction& tx, const Release& release, const std::string& notice) {
    if (notice.empty())
        throw problem("notice", "", "Say why it is withdrawn: the notice stands on its page.");
    if (tx.run(kWithdraw, tx.now(), tx.actor().name, notice, release.id) == 0)
        throw values::Conflict("Only a published release can be withdrawn.");
    tx.audit("release withdrawn", release.id.text(), notice);
}

std::vector<StoredFile> Releases::files(Transaction& tx, const Release& release) {
    std::vector<StoredFile> files;
    if (!release.isOpen()) return files;
    for (auto rows = tx.query(kSelectFiles, release.id); rows.next();)
        files.push_back({rows.text(0), rows.text(1), rows.text(2), rows.number(3), rows.text(4)});
    return files;
}

StoredFile Releases::file(Transaction& tx, const Release& release, const std::string& name) {
    if (!release.isOpen()) throw values::NotFound("no figures are shown of this release");
    auto rows = tx.query(kSelectFile, release.id, name);
    if (!rows.next()) throw values::NotFound("no such file");
    return {rows.text(0), rows.text(1), rows.text(2), rows.number(3), rows.text(4)};
}

std::shared_ptr<const ReleaseTable> Releases::table(Transaction& tx, const Release& release,
                                                    const std::string& name) {
    if (!release.isOpen()) throw values::NotFound("no figures are shown of this release");
    const auto key = release.id.text() + " " + name;
    if (auto ready = readyTables().find(key)) return ready;
    auto rows = tx.query(kSelectTable, release.id, name);
    if (!rows.next()) throw values::NotFound("no such table");
    auto table = std::make_shared<const ReleaseTable>(tableOf(rows.text(0)));
    readyTables().keep(key, table);
    return table;
}

bool Releases::work(platform::Database& database, delivery::Catalogues& catalogues, int dueDays) {
    std::optional<Asked> asked;
    std::optional<Made> made;
    std::string fault;
    database.read([&](Transaction& tx) {
        asked.reset();
        made.reset();
        {
            auto rows = tx.query(kSelectAsked);
            if (!rows.next()) return;
            asked.emplace(Asked{rows.id<Release>(0), rows.quarter(1), values::parseJson(rows.text(2)),
                                values::parseJson(rows.text(3)),
                                rulePackOf(rows.text(4), "the release's rules")});
        }
        try {
            made = make(tx, catalogues, *asked, dueDays);
        } catch (const values::Unavailable&) {
            throw;  // the database is away: the release waits
        } catch (const std::exception& failure) {
            fault = failure.what();
            platform::logEvent(platform::LogLevel::error, "releases.failed",
                               {{"release", asked->id.text()}, {"what", fault}});
        }
    });
    if (!asked) return false;
    database.derive([&](Transaction& tx) {
        if (!made) {
            tx.run(kFailed, tx.now(), json{{"what", fault}}.dump(), asked->id);
            return;
        }
        std::vector<values::Id<Release>> open;
        for (auto rows = tx.query(kLockOpen, asked->quarter); rows.next();)
            open.push_back(rows.id<Release>(0));
        if (open != made->comparedWith) return;  // another one opened or closed meanwhile: it is made again
        if (tx.run(kMade, tx.now(), made->version, made->fingerprint, made->report, made->hidden,
                   asked->id) == 0)
            return;  // another worker was faster, and made the same
        std::vector<platform::Value> rows;
        for (const auto& [authority, id] : made->returns)
            rows.insert(rows.end(), {asked->id, authority, *values::Id<SignedReturn>::parse(id)});
        if (!rows.empty()) tx.runBulk(kInsertReturns, rows);
        if (!made->isSafe) return;  // nobody is to see it
        int place = 0;
        for (const auto& file : made->files)
            tx.run(kInsertFile, asked->id, file.name, ++place, file.type, platform::sha256Hex(file.content),
                   static_cast<std::int64_t>(file.content.size()), file.content);
        place = 0;
        for (const auto& [name, content] : made->tables)
            tx.run(kInsertTable, asked->id, name, ++place, content);
    });
    return true;
}

}  // namespace releases
