#include "platform/migrator.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <regex>
#include <sstream>
#include <stop_token>
#include <thread>

#include "platform/digest.h"
#include "platform/log.h"
#include "values/errors.h"

namespace platform {
namespace {

namespace fs = std::filesystem;

/// Every process looks, before it begins, whether the schema is the one it knows.
constexpr auto kStarters = kDoors | Account::migrate | Account::admin | Account::work | Account::retention;

const Statement kSelectMigrations("select migrations", kStarters,
                                  "SELECT number, name, checksum FROM migration ORDER BY number");
const Statement kInsertMigration("insert migration", Account::migrate, R"(
    INSERT INTO migration (number, name, checksum, applied_at) VALUES (?, ?, ?, ?))");
// By the database's own clock, which every process shares.
const Statement kTakeLock("take migration lock", Account::migrate, R"(
    INSERT INTO migration_lock (id, holder, taken_at, expires_at) VALUES (1, ?, NOW(3), NOW(3) + INTERVAL ? SECOND)
    ON DUPLICATE KEY UPDATE
        holder = IF(expires_at < VALUES(taken_at), VALUES(holder), holder),
        taken_at = IF(holder = VALUES(holder), VALUES(taken_at), taken_at),
        expires_at = IF(holder = VALUES(holder), VALUES(expires_at), expires_at))",
                          Meanwhile::expected);
const Statement kSelectLock("select migration lock", Account::migrate,
                            "SELECT holder FROM migration_lock WHERE id = 1 FOR UPDATE", Meanwhile::expected);
const Statement kReleaseLock("release migration lock", Account::migrate,
                             "DELETE FROM migration_lock WHERE id = 1 AND holder = ?", Meanwhile::expected);
const Statement kFindTable("find table", kStarters, R"(
    SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?)");

/// A holder that died is followed after this time; one that lives renews its lock well before.
constexpr auto kLockLife = std::chrono::seconds(5);
constexpr auto kLockRenewal = std::chrono::seconds(1);
constexpr auto kLockWait = std::chrono::seconds(30);
constexpr auto kLockPoll = std::chrono::milliseconds(200);

std::string readFile(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    if (!file) throw std::runtime_error("cannot read " + path.string());
    return text.str();
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

/// A password we made ourselves: hexadecimal, or what an operator configured without quotes in it.
std::string quoted(const std::string& text) {
    if (text.find_first_of("'\\") != std::string::npos)
        throw values::Invalid(
            {{{"configuration", 0, "database.*.password"}, "", "Leave out quotes and backslashes."}});
    return "'" + text + "'";
}

/// Accounts on a socket come from this machine; others from wherever the services run.
std::string accountOf(const DatabaseAddress& address) {
    return "'" + address.user + "'@'" + (address.socket.empty() ? "%" : "localhost") + "'";
}

}  // namespace

std::vector<Migration> readMigrations(const std::string& folder) {
    static const std::regex form(R"((\d{4})_([a-z0-9_]+)\.sql)");
    std::vector<Migration> chain;
    for (const auto& entry : fs::directory_iterator(folder)) {
        std::smatch parts;
        const auto name = entry.path().filename().string();
        if (!std::regex_match(name, parts, form))
            throw std::runtime_error("not a migration's name, which is NNNN_verb_noun.sql: " + name);
        auto sql = readFile(entry.path());
        auto checksum = sha256Hex(sql);
        chain.push_back({std::stoi(parts[1]), parts[2], std::move(sql), std::move(checksum)});
    }
    std::ranges::sort(chain, {}, &Migration::number);
    for (std::size_t i = 0; i < chain.size(); ++i)
        if (chain[i].number != static_cast<int>(i) + 1)
            throw std::runtime_error("migrations are numbered without gaps from 0001; see " + chain[i].name);
    return chain;
}

void prepareServer(Database& superuser, const std::string& database,
                   const std::vector<DatabaseAddress>& accounts) {
    superuser.execute("CREATE DATABASE IF NOT EXISTS `" + database +
                      "` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci");
    for (const auto& account : accounts) {
        superuser.execute("CREATE USER IF NOT EXISTS " + accountOf(account));
        superuser.execute("ALTER USER " + accountOf(account) + " IDENTIFIED BY " + quoted(account.password));
    }
}

void applyGrants(Database& superuser, const std::string& database, const std::string& folder,
                 const std::vector<DatabaseAddress>& accounts) {
    for (const auto& account : accounts) {
        const auto name = account.user.substr(account.user.find('_') + 1);
        std::stringstream statements(replaced(
            replaced(readFile(fs::path(folder) / (name + ".sql")), "{database}", "`" + database + "`"),
            "{account}", accountOf(account)));
        for (auto rows = superuser.ask(
                 "SELECT table_name FROM information_schema.table_privileges WHERE grantee = \"" +
                 accountOf(account) + "\" AND table_schema = '" + database + "' GROUP BY table_name");
             rows.next();)
            superuser.execute("REVOKE ALL PRIVILEGES ON `" + database + "`.`" + rows.text(0) + "` FROM " +
                              accountOf(account));
        std::string statement;
        while (std::getline(statements, statement, ';')) {
            if (statement.find("GRANT") == std::string::npos) continue;
            superuser.execute(statement.substr(statement.find("GRANT")));
        }
    }
}

Migrator::Migrator(Database& migrate, const values::Clock& clock, std::string migrations)
    : database_(migrate), clock_(clock), folder_(std::move(migrations)) {}

bool Migrator::isEmpty() {
    bool isEmpty = true;
    database_.read([&](Transaction& tx) {
        auto rows = tx.query(kFindTable, "migration");
        isEmpty = rows.next() && rows.number(0) == 0;
    });
    return isEmpty;
}

std::vector<Migration> Migrator::pending() {
    auto chain = readMigrations(folder_);
    if (isEmpty()) return chain;
    checkHistory(chain);
    database_.read([&](Transaction& tx) {
        for (auto rows = tx.query(kSelectMigrations); rows.next();)
            std::erase_if(chain, [&](const Migration& m) { return m.number == rows.number(0); });
    });
    return chain;
}

void Migrator::checkHistory(const std::vector<Migration>& chain) {
    database_.read([&](Transaction& tx) {
        for (auto rows = tx.query(kSelectMigrations); rows.next();) {
            const auto number = static_cast<std::size_t>(rows.number(0));
            const auto label = rows.text(0) + "_" + rows.text(1);
            if (number > chain.size())
                throw values::Conflict(
                    "migration " + label +
                    " ran here but is not among the files: this program is older than its database");
            if (chain[number - 1].checksum != rows.text(2))
                throw values::Conflict(
                    "migration " + label +
                    " has changed since it ran here. Put its file back and write a new migration.");
        }
    });
}

/// The right to change the schema, for as long as the object lives: a row with an end that its holder moves
/// on, so that whoever dies with it keeps nobody waiting. A row and not GET_LOCK, so that it holds on every
/// node of a cluster.
class Migrator::Lock {
public:
    /// Waits for another holder. Throws Unavailable where it goes on.
    explicit Lock(Database& database) : database_(database) {
        const auto until = std::chrono::steady_clock::now() + kLockWait;
        while (!take()) {
            if (std::chrono::steady_clock::now() > until)
                throw values::Unavailable("another plumbline migrate is running on this database");
            std::this_thread::sleep_for(kLockPoll);
        }
        renewing_ = std::jthread([this](const std::stop_token& stop) { renew(stop); });
    }
    ~Lock() {
        renewing_.request_stop();
        ended_.notify_all();
        renewing_.join();
        try {
            database_.derive([&](Transaction& tx) { tx.run(kReleaseLock, holder_); });
        } catch (const std::exception& fault) {
            logEvent(LogLevel::warning, "platform.lock_left", {{"what", fault.what()}});  // it ends by itself
        }
    }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

    /// Throws Unavailable where the lock was lost: this process stood still for longer than it holds.
    void check() {
        if (!take()) throw values::Unavailable("another plumbline migrate went on in this one's place");
    }

private:
    bool take() {
        bool isOurs = false;
        database_.derive([&](Transaction& tx) {
            tx.run(kTakeLock, holder_, std::chrono::seconds(kLockLife).count());
            auto rows = tx.query(kSelectLock);
            isOurs = rows.next() && rows.text(0) == holder_;
        });
        return isOurs;
    }
    void renew(const std::stop_token& stop) {
        std::unique_lock waiting(mutex_);
        while (!ended_.wait_for(waiting, stop, kLockRenewal, [&] { return stop.stop_requested(); })) try {
                take();
            } catch (const std::exception& fault) {
                logEvent(LogLevel::warning, "platform.lock_not_renewed", {{"what", fault.what()}});
            }
    }

    Database& database_;
    const std::string holder_ = randomHex(16);
    std::mutex mutex_;
    std::condition_variable_any ended_;
    std::jthread renewing_;
};

std::vector<Migration> Migrator::run() {
    const auto chain = readMigrations(folder_);
    std::vector<Migration> ran;
    const auto record = [&](const Migration& migration) {
        database_.derive([&](Transaction& tx) {
            tx.run(kInsertMigration, migration.number, migration.name, migration.checksum, clock_.now());
        });
        ran.push_back(migration);
    };
    if (isEmpty()) {
        // The first two make the tables in which migrations are recorded and locked.
        for (std::size_t i = 0; i < 2; ++i) database_.execute(chain.at(i).sql);
        for (std::size_t i = 0; i < 2; ++i) record(chain[i]);
    }
    checkHistory(chain);
    Lock lock(database_);
    for (const auto& migration : pending()) {
        lock.check();
        database_.execute(migration.sql);
        record(migration);
        logEvent(LogLevel::debug, "platform.migrated", {{"migration", migration.name}});
    }
    return ran;
}

}  // namespace platform
