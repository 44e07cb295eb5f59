#include "plumbline/commands.h"

#include <pwd.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <thread>

#include "delivery/retention.h"
#include "delivery/touched.h"
#include "intake/pseudonyms.h"
#include "platform/certificate.h"
#include "platform/log.h"
#include "plumbline/worker.h"
#include "results/comparison.h"
#include "results/explanation.h"
#include "results/recompute.h"
#include "results/report.h"
#include "values/errors.h"
#include "values/json.h"

namespace plumbline {
namespace {

using nlohmann::ordered_json;
using platform::Account;
using platform::Transaction;

void print(const ordered_json& document) {
    std::cout << document.dump(1, ' ', false, ordered_json::error_handler_t::replace) << "\n";
}

std::string plural(long count, const std::string& word) {
    return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

/// A line on a terminal that each call writes over.
intake::Progress terminalProgress() {
    if (::isatty(STDERR_FILENO) == 0) return {};
    return [](const std::string& file, long rows) {
        std::cerr << "\r\033[K" << file << ": " << rows << " rows" << std::flush;
    };
}

void printReport(const intake::ImportReport& report, bool isDryRun) {
    for (const auto& file : report.files) {
        std::cerr << file.name << ": " << plural(file.rows, "row") << ", " << file.created << " new, "
                  << file.changed << " changed, " << file.unchanged << " unchanged\n";
        for (const auto& column : file.ignoredColumns)
            std::cerr << "  column " << column << " is not one that Plumbline keeps: left out\n";
    }
    if (isDryRun) std::cerr << "Nothing is wrong, and nothing was stored: this was a check.\n";
    else if (report.isUnchanged()) std::cerr << "Nothing changed: these records are already here.\n";
    else std::cerr << "Stored.\n";
}

values::Quarter quarterNamed(const std::string& name) {
    const auto quarter = values::Quarter::parse(name);
    if (!quarter)
        throw values::Invalid({{{"", 0, "--quarter"}, name, "Give a quarter, like \"2025-26 Q3\"."}});
    return *quarter;
}

constexpr std::size_t kRecordsOnAPage = 50;

void printExplanation(const results::FigureExplanation& found, std::size_t page) {
    const auto& explained = found.explanation;
    const auto& parts = explained.figure.parts.proportion;
    std::cout << found.edition->catalogue.measureTitle(found.measure->name) << ", " << found.service.name
              << ", " << found.quarter.name() << "\n"
              << found.measure->measure->explanation << "\n\nA record counts where\n";
    for (const auto& rule : explained.rules) std::cout << "  " << rule << "\n";
    if (!explained.counts.empty()) std::cout << "and for the numerator where\n";
    for (const auto& rule : explained.counts) std::cout << "  " << rule << "\n";
    std::cout << "\nNumerator " << parts.numerator << ", denominator " << parts.denominator << "\n"
              << explained.counted << " of " << explained.records
              << " records count; not counted because it is not so that\n";
    for (const auto& exclusion : explained.exclusions)
        std::cout << "  " << exclusion.rule << ": " << exclusion.records << "\n";
    std::cout << "\n";
    for (auto i = (page - 1) * kRecordsOnAPage;
         i < std::min(explained.outcomes.size(), page * kRecordsOnAPage); ++i) {
        const auto& record = explained.outcomes[i];
        std::cout << record.reference << ": "
                  << (record.isCounted ? record.failed.empty() ? "counted" : "counted, not in the numerator"
                                       : "not counted")
                  << (record.failed.empty() ? "" : "; not so: " + record.failed) << "\n";
    }
}

/// `kinship-care@2027-04`; nothing where nothing was asked.
std::optional<results::Supposition> suppositionOf(const std::string& text) {
    if (text.empty()) return std::nullopt;
    const auto at = text.find('@');
    if (at == std::string::npos || at == 0 || at + 1 == text.size())
        throw values::Invalid(
            {{{"", 0, "--under"}, text, "Give a guide and its version, like kinship-care@2024-10."}});
    return results::Supposition{text.substr(0, at), text.substr(at + 1)};
}

std::string keptCatalogue(House& house) {
    std::string kept;
    house.database(Account::admin).read([&](Transaction& tx) { kept = delivery::Catalogues::keptText(tx); });
    return kept;
}

constexpr auto kClocksApart = std::chrono::seconds(5);
constexpr std::uintmax_t kLeastRoom = 1'000'000'000;
constexpr auto kCertificateNotice = std::chrono::days(14);

std::string andMore(std::size_t count) {
    return count < 2 ? "" : ", and " + std::to_string(count - 1) + " more";
}

/// Set by Ctrl-C: the work ends after the step in hand, and what waits stays in the queue.
std::atomic<bool> isInterrupted = false;

void printResults(const results::Report& report) {
    std::cout << report.quarter.name() << "\n";
    for (const auto& judged : report.recommendations) {
        std::cout << "\n"
                  << judged.recommendation->title << ": " << measures::levelName(judged.result.level) << "\n";
        for (const auto& reason : judged.result.reasons) std::cout << "  " << reason << "\n";
    }
    for (const auto* service : report.unevidenced)
        std::cout << "\nIn use, not evidenced: " << service->name << "\n";
}

}  // namespace

platform::Actor operatorActor(const std::string& command,
                              const std::optional<identity::AuthorityId>& authority) {
    const auto* entry = ::getpwuid(::geteuid());
    return {entry == nullptr ? "operator" : entry->pw_name,
            authority ? std::optional(authority->code()) : std::nullopt, "plumbline " + command};
}

delivery::Authority authorityNamed(House& house, Account account, const std::string& code) {
    std::optional<delivery::Authority> found;
    house.database(account).read([&](Transaction& tx) { found = delivery::Authorities::byCode(tx, code); });
    if (!found)
        throw values::Invalid(
            {{{"", 0, "--authority"}, code, "Give the code of an authority, like E06000001."}});
    return *found;
}

int createCommand(House& house, const CommandLine& line) {
    const auto ran = house.create();
    if (line.isJson) print({{"created", true}, {"ran", ran}});
    std::cerr << "A new database is made. Keep its keys apart from its backups; see "
                 "deploy/docs/operations/security.md.\n";
    return 0;
}

int migrateCommand(House& house, const CommandLine& line) {
    house.openDatabase(House::Need::anything);
    const auto ran = house.migrate();
    if (line.isJson) print({{"ran", ran}});
    for (const auto& name : ran) std::cerr << "ran " << name << "\n";
    std::cerr << (ran.empty() ? "The schema is up to date.\n" : "The schema is now up to date.\n");
    return 0;
}

int catalogueCheckCommand(House& house, const CommandLine& line) {
    std::string kept;
    if (house.hasDatabase()) {
        house.openDatabase(House::Need::migrated);
        kept = keptCatalogue(house);
    }
    const auto catalogue = house.catalogues().check(line.names, kept).guidance.latest();
    if (line.isJson)
        print({{"guides", catalogue.guides.size()},
               {"interventions", catalogue.interventions.size()},
               {"approaches", catalogue.approaches.size()},
               {"instruments", catalogue.instruments.size()},
               {"measures", catalogue.measures.size()}});
    std::cerr << "Nothing is wrong with these files.\n";
    return 0;
}

int catalogueLoadCommand(House& house, const CommandLine& line) {
    house.openDatabase(House::Need::migrated);
    const auto loaded = house.catalogues().check(line.names, line.isReplacing ? "" : keptCatalogue(house));
    bool isNew = false;
    house.database(Account::admin).inTransaction(operatorActor("catalogue load"), [&](Transaction& tx) {
        isNew = house.catalogues().load(tx, loaded, house.ids());
    });
    const auto computed = results::Recompute(house.database(Account::work), house.catalogues()).drain();
    if (line.isJson) print({{"loaded", isNew}, {"services_computed", computed}});
    std::cerr << (isNew ? "The catalogue is in force.\n"
                        : "Nothing changed: this catalogue is already in force.\n");
    return 0;
}

int importCommand(House& house, const CommandLine& line) {
    house.openDatabase(House::Need::migrated);
    const auto authority = authorityNamed(house, Account::work, line.authority);
    const auto files = intake::Importer::filesOf(line.folder);
    const auto progress = terminalProgress();
    try {
        intake::ImportOptions options;
        options.progress = progress;
        const auto report = house.importer().run(
            operatorActor("import", authority.id), authority, files,
            line.isDryRun ? intake::ImportMode::check : intake::ImportMode::store, options);
        if (progress) std::cerr << "\r\033[K";
        results::Recompute(house.database(Account::work), house.catalogues()).drain();
        if (line.isJson) std::cout << intake::reportJson(report, !line.isDryRun) << "\n";
        printReport(report, line.isDryRun);
    } catch (const values::Invalid& refusal) {
        if (progress) std::cerr << "\r\033[K";
        if (line.isJson) std::cout << intake::problemsJson(refusal) << "\n";
        throw;
    }
    return 0;
}

int resultsCommand(House& house, const CommandLine& line) {
    const auto quarter = quarterNamed(line.quarter);
    house.openDatabase(House::Need::migrated);
    const auto authority = authorityNamed(house, Account::work, line.authority);
    auto& database = house.database(Account::work);
    results::Recompute(database, house.catalogues()).drain();
    database.read([&](Transaction& tx) {
        const auto report =
            results::reportOf(tx, house.catalogues(), authority.id, quarter, suppositionOf(line.supposed));
        if (line.isJson) std::cout << report.json(line.hasGroups) << "\n";
        else printResults(report);
    });
    return 0;
}

int explainCommand(House& house, const CommandLine& line) {
    const auto quarter = quarterNamed(line.quarter);
    if (line.recommendation.empty() && (line.service.empty() || line.measure.empty()))
        throw values::Invalid(
            {{{"", 0, "--service"}, line.service, "Give a service and a measure, or a recommendation."}});
    house.openDatabase(House::Need::migrated);
    const auto authority = authorityNamed(house, Account::work, line.authority);
    auto& database = house.database(Account::work);
    results::Recompute(database, house.catalogues()).drain();
    database.inTransaction(operatorActor("explain", authority.id), [&](Transaction& tx) {
        if (!line.recommendation.empty()) {
            const auto report = results::reportOf(tx, house.catalogues(), authority.id, quarter);
            std::cout << (line.isCertificate
                              ? results::levelCertificate(report, line.recommendation, tx.now())
                              : results::explainLevel(report, line.recommendation))
                      << "\n";
            return;
        }
        const auto services = delivery::Services::of(tx, authority.id);
        const auto service = std::ranges::find(services, line.service, &delivery::Service::reference);
        if (service == services.end())
            throw values::NotFound(authority.name + " has no service " + line.service);
        const auto found = results::explain(tx, house.catalogues(), *service, quarter, line.measure);
        tx.audit(line.isCertificate ? "certificate made" : "records read", service->reference,
                 line.measure + ", " + quarter.name() + ", page " + std::to_string(line.page));
        if (line.isCertificate) std::cout << found.certificate(tx.now()) << "\n";
        else if (line.isJson)
            std::cout << found.json(static_cast<std::size_t>(line.page), kRecordsOnAPage) << "\n";
        else printExplanation(found, static_cast<std::size_t>(line.page));
    });
    return 0;
}

int catalogueCompareCommand(House& house, const CommandLine& line) {
    const auto quarter = line.quarter.empty() ? values::Quarter::containing(house.clock().today()).previous()
                                              : quarterNamed(line.quarter);
    house.openDatabase(House::Need::migrated);
    const auto authority = authorityNamed(house, Account::work, line.authority);
    house.database(Account::work).read([&](Transaction& tx) {
        const auto compared = results::compareGuides(tx, house.catalogues(), authority.id, quarter,
                                                     line.names.at(0), line.fromVersion, line.toVersion);
        if (line.isJson) {
            std::cout << compared.json() << "\n";
            return;
        }
        std::cout << compared.from->title << ", from version " << compared.from->version << " to "
                  << compared.to->version << "\n";
        for (const auto& change : compared.changes)
            std::cout << "\n"
                      << change.where << "\n  was: " << (change.was.empty() ? "–" : change.was)
                      << "\n  becomes: " << (change.becomes.empty() ? "–" : change.becomes) << "\n";
        std::cout << "\nFor " << authority.name << " in " << quarter.name() << "\n";
        for (const auto& level : compared.impact.levels)
            std::cout << "  " << level.title << ": " << (level.was.empty() ? "new" : level.was) << " → "
                      << (level.becomes.empty() ? "gone" : level.becomes) << "\n";
        for (const auto& item : compared.impact.items)
            std::cout << "  " << item.kind << ", " << item.name << ": " << item.task << "\n";
    });
    return 0;
}

int recomputeCommand(House& house, const CommandLine& line) {
    house.openDatabase(House::Need::migrated);
    results::Recompute recompute(house.database(Account::work), house.catalogues());
    std::vector<std::string> different;
    if (line.isVerify) {
        recompute.drain();
        different = recompute.verify();
    }
    const auto all = line.isAll ? recompute.markAll(line.isFromRecords) : 0;
    std::function<void(long)> progress;
    if (::isatty(STDERR_FILENO) != 0)
        progress = [all](long done) {
            std::cerr << "\r\033[K" << done << (all == 0 ? "" : " of " + std::to_string(all)) << " services"
                      << std::flush;
        };
    const auto cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    std::signal(SIGINT, [](int) { isInterrupted = true; });
    const auto started = std::chrono::steady_clock::now();
    const auto done = recompute.drain(line.workers == 0 ? cores : line.workers, progress, &isInterrupted);
    const auto took = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    if (progress) std::cerr << "\r\033[K";
    if (line.isJson) print({{"services", done}, {"different", different}});
    std::cerr << plural(done, "service") << " computed in " << fmt::format("{:.2f}", took) << " s.\n";
    if (isInterrupted) {
        std::cerr << "Stopped: the other services wait in the queue, and lose nothing.\n";
        return 130;
    }
    for (const auto& reference : different)
        std::cerr << "Kept figures differed from a fresh computation: " << reference << "\n";
    return different.empty() ? 0 : 70;
}

int doctorCommand(House& house, const CommandLine& line) {
    ordered_json checks = ordered_json::array();
    bool isWell = true;
    const auto check = [&](const std::string& what, const std::function<std::string()>& look) {
        std::string found;
        bool isRight = true;
        try {
            found = look();
        } catch (const std::exception& fault) {
            found = fault.what();
            isRight = false;
        }
        isWell = isWell && isRight;
        checks.push_back({{"check", what}, {"well", isRight}, {"found", found}});
        std::cerr << (isRight ? "well   " : "WRONG  ") << what << ": " << found << "\n";
    };
    check("database", [&] {
        house.openDatabase(House::Need::anything);
        auto rows = house.database(Account::work).ask("SELECT VERSION()");
        rows.next();
        return rows.text(0) + (house.isEmbedded() ? ", embedded" : ", configured");
    });
    check("schema", [&]() -> std::string {
        const auto pending = house.pendingMigrations();
        if (!pending.empty())
            throw values::Conflict(std::to_string(pending.size()) + " migrations to run: plumbline migrate");
        return "up to date";
    });
    check("privileges", [&]() -> std::string {
        for (const auto account : platform::allAccounts()) {
            const auto name = platform::accountName(account);
            const auto found = house.database(account).comparePrivileges(
                house.settings().homePath("schema/grants/" + name + ".sql"));
            if (!found.excess.empty()) throw values::Forbidden(name + " may also " + found.excess.front());
            if (!found.missing.empty())
                throw values::Forbidden(name + " lacks " + found.missing.front() + ": plumbline migrate");
        }
        return "as schema/grants says";
    });
    check("keys", [&]() -> std::string {
        house.checkKeys();
        std::vector<std::string> faults;
        house.database(Account::work).read([&](Transaction& tx) {
            faults = intake::Pseudonyms::faults(tx, house.pseudonymKeys());
        });
        if (!faults.empty()) throw values::Conflict(faults.front() + andMore(faults.size()));
        return "those that this data was written with";
    });
    check("clock", [&]() -> std::string {
        auto rows = house.database(Account::work).ask("SELECT CAST(NOW(3) AS CHAR)");
        rows.next();
        const auto apart = std::chrono::abs(*values::instantFromDatabase(rows.text(0)) - house.clock().now());
        if (apart > kClocksApart)
            throw values::Conflict("this machine and the database are " +
                                   std::to_string(std::chrono::floor<std::chrono::seconds>(apart).count()) +
                                   " seconds apart: set both by the same time server");
        if (const auto ahead = identity::Audit::chainsAhead(house.database(Account::admin)); ahead > 0)
            throw values::Conflict(
                plural(ahead, "chain") +
                " of the audit last written to later than it is now; nothing is stored there. Set the clock "
                "right, or: plumbline clock accept");
        return "as the database's, and behind no entry of the audit";
    });
    check("disk", [&]() -> std::string {
        std::filesystem::path folder = house.settings().dataPath("");
        while (!std::filesystem::exists(folder) && folder.has_relative_path()) folder = folder.parent_path();
        const auto room = std::filesystem::space(folder.empty() ? "." : folder);
        auto free = fmt::format("{:.1f} GB free", static_cast<double>(room.available) / 1e9);
        if (room.available < kLeastRoom)
            throw values::Conflict(free + ": make room before the database stands still");
        return free;
    });
    check("worker", [&]() -> std::string {
        const auto alive = Worker::alive(house.database(Account::work));
        if (alive > 0) return plural(alive, "worker") + " at work";
        std::int64_t waiting = 0;
        house.database(Account::work).read([&](Transaction& tx) {
            waiting = delivery::Touched::count(tx) + intake::Uploads::waiting(tx);
        });
        if (waiting > 0)
            throw values::Conflict("none is at work, and " + plural(waiting, "service or upload") +
                                   (waiting == 1 ? " waits" : " wait") +
                                   ": plumbline work, or plumbline serve");
        return "none is at work, and nothing waits";
    });
    check("certificates", [&]() -> std::string {
        std::string found;
        for (const auto* door : {"authority", "inspection", "national"}) {
            const auto& path = house.settings().text(std::string(door) + ".certificate");
            if (path.empty()) continue;
            const auto end = platform::certificateEnd(path);
            if (end < house.clock().now() + kCertificateNotice)
                throw values::Conflict("the " + std::string(door) + " door's certificate ends on " +
                                       values::londonText(end) + ": renew it");
            found += (found.empty() ? "" : ", ") + std::string(door) + " until " + values::londonText(end);
        }
        return found.empty() ? "none here: a proxy before the doors has them, or nobody comes by HTTPS"
                             : found;
    });
    check("audit", [&]() -> std::string {
        const auto verdict = verifiedAudit(house);
        if (!verdict.faults.empty())
            throw values::Conflict(plural(static_cast<long>(verdict.faults.size()), "fault") +
                                   ": plumbline audit verify");
        return std::to_string(verdict.entries) + (verdict.entries == 1 ? " entry" : " entries") +
               ", unbroken";
    });
    check("history", [&]() -> std::string {
        auto rows = house.database(Account::work).ask("SELECT @@secure_timestamp");
        rows.next();
        if (rows.text(0) != "YES")
            throw values::Conflict("secure_timestamp is " + rows.text(0) + ": history can be backdated");
        return "cannot be backdated";
    });
    check("guidance", [&]() -> std::string {
        std::string found;
        house.database(Account::work).read([&](Transaction& tx) {
            const auto inForce = house.catalogues().inForce(tx);
            if (inForce->fingerprint.empty())
                throw values::Conflict("no catalogue is loaded: plumbline catalogue load");
            found = plural(static_cast<long>(inForce->latest.guides.size()), "guide") + ", " +
                    inForce->fingerprint.substr(0, 12);
        });
        return found;
    });
    check("figures", [&]() -> std::string {
        std::string found;
        house.database(Account::work).read([&](Transaction& tx) {
            found = plural(delivery::Touched::count(tx), "service") + " waiting to be computed";
        });
        return found;
    });
    check("retention", [&]() -> std::string {
        const auto results = delivery::applyRetention(
            house.database(Account::retention),
            delivery::readRetentionRules(house.settings().homePath("schema/retention.json")),
            house.clock().now(), delivery::RetentionMode::countOnly);
        if (delivery::isWaiting(results))
            throw values::Conflict("it waits, because much would go at once (" +
                                   delivery::whatIsMuch(results) +
                                   "): look at the clock, then run plumbline retention --yes");
        return "nothing waits for a word";
    });
    if (line.isJson) print({{"well", isWell}, {"checks", checks}});
    return isWell ? 0 : 6;
}

}  // namespace plumbline
