#include "platform/database.h"

#include <cppconn/driver.h>
#include <cppconn/exception.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <regex>
#include <set>
#include <span>
#include <sstream>
#include <thread>
#include <unordered_map>

#include "platform/log.h"
#include "values/errors.h"

namespace platform {
namespace {

constexpr auto kWriters = kDoors | Account::admin | Account::work | Account::migrate;
constexpr auto kAudited = kWriters | Account::retention;

const Statement kSelectChainEnd("select the end of an audit chain", kAudited, R"(
    SELECT last_position, last_seal, last_entry_at > ? OR written_at > NOW(6) + INTERVAL 5 SECOND,
           CAST(GREATEST(last_entry_at, written_at) AS CHAR)
    FROM audit_chain WHERE chain = ? FOR UPDATE)",
                                Meanwhile::expected);
const Statement kInsertAudit("insert audit entry", kAudited, R"(
    INSERT INTO audit_entry (chain, position, happened_at, actor, came_from, action, subject, detail, seal)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?))");
const Statement kMoveChainEnd("move the end of an audit chain", kAudited, R"(
    UPDATE audit_chain SET last_position = ?, last_seal = ?, last_entry_at = ?, written_at = NOW(6) WHERE chain = ?)",
                              Meanwhile::expected);
const Statement kInsertSubmission("insert submission", kWriters, R"(
    INSERT INTO submission (id, actor, submitted_at, answer) VALUES (?, ?, ?, ''))");
const Statement kAnswerSubmission("answer submission", kWriters, R"(
    UPDATE submission SET answer = ? WHERE id = ? AND actor = ?)");
const Statement kSelectSubmission("select submission", kWriters, R"(
    SELECT answer FROM submission WHERE id = ? AND actor = ?)");

constexpr int kAttempts = 8;
constexpr int kLongestPause = 320;  ///< milliseconds, before as much again by chance
constexpr std::size_t kBulkRows = 500;
/// So far clocks of machines that share a database may be apart.
constexpr auto kClocksApart = std::chrono::seconds(5);

constexpr int kDuplicateKey = 1062;
constexpr int kOwnerMissing = 1452;
constexpr int kOwned = 1451;
constexpr int kDeadlock = 1213;
constexpr int kLockTimeout = 1205;
constexpr int kRecordChanged = 1020;
constexpr int kUnknownVariable = 1193;

bool isTransient(int code) { return code == kDeadlock || code == kLockTimeout || code == kRecordChanged; }
/// What a unit looked for came, went or got others that hang on it before the unit could write: begun again,
/// it sees them. A unit that fails so without anybody beside it fails so again: a fault of ours.
bool isOvertaken(int code) { return code == kDuplicateKey || code == kOwnerMissing || code == kOwned; }
/// 2002 to 2055: the client lost or cannot reach the server; 1040, 1053, 1927: the server is full, stopping,
/// or has killed the connection.
bool isLost(int code) {
    return (code >= 2002 && code <= 2055) || code == 1040 || code == 1053 || code == 1927;
}

sql::Driver* driver() {
    // The connector fills a static map here without a lock.
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    return get_driver_instance();
}

/// The connector keeps state for each thread that uses it.
struct DriverThread {
    DriverThread() { driver()->threadInit(); }
    ~DriverThread() { driver()->threadEnd(); }
    DriverThread(const DriverThread&) = delete;
    DriverThread& operator=(const DriverThread&) = delete;
};

}  // namespace

struct Rows::State {
    std::unique_ptr<sql::Statement> owner;  ///< of a text statement; a prepared one belongs to its connection
    std::unique_ptr<sql::ResultSet> result;
};

Rows::Rows(std::unique_ptr<State> state) : state_(std::move(state)) {}
Rows::Rows(Rows&&) noexcept = default;
Rows& Rows::operator=(Rows&&) noexcept = default;
Rows::~Rows() = default;

bool Rows::next() { return state_->result->next(); }
int Rows::columns() const { return static_cast<int>(state_->result->getMetaData()->getColumnCount()); }
bool Rows::isNull(int column) const { return state_->result->isNull(static_cast<unsigned>(column + 1)); }
std::string Rows::text(int column) const {
    return state_->result->getString(static_cast<unsigned>(column + 1)).asStdString();
}
std::int64_t Rows::number(int column) const {
    return state_->result->getInt64(static_cast<unsigned>(column + 1));
}
double Rows::decimal(int column) const {
    return static_cast<double>(state_->result->getDouble(static_cast<unsigned>(column + 1)));
}
values::Date Rows::date(int column) const {
    const auto found = values::Date::fromIso(text(column));
    if (!found) throw std::runtime_error("the database gave no date: " + text(column));
    return *found;
}
std::optional<values::Date> Rows::optionalDate(int column) const {
    if (isNull(column)) return std::nullopt;
    return date(column);
}
std::optional<std::string> Rows::optionalText(int column) const {
    if (isNull(column)) return std::nullopt;
    return text(column);
}
values::Quarter Rows::quarter(int column) const {
    return values::Quarter::fromIndex(static_cast<int>(number(column)));
}
values::IdBytes Rows::idBytes(int column) const {
    const auto bytes = text(column);
    values::IdBytes id{};
    if (bytes.size() != id.size()) throw std::runtime_error("the database gave no id");
    std::copy(bytes.begin(), bytes.end(), id.begin());
    return id;
}

class Connection {
public:
    explicit Connection(const DatabaseAddress& address) {
        static thread_local const DriverThread thread;
        sql::ConnectOptionsMap options;
        options["hostName"] =
            sql::SQLString(address.socket.empty() ? address.host : "unix://" + address.socket);
        if (address.socket.empty()) options["port"] = address.port;
        options["userName"] = sql::SQLString(address.user);
        options["password"] = sql::SQLString(address.password);
        if (!address.name.empty()) options["schema"] = sql::SQLString(address.name);
        options["OPT_CHARSET_NAME"] = sql::SQLString("utf8mb4");
        options["OPT_CONNECT_TIMEOUT"] = 5;
        options["OPT_READ_TIMEOUT"] = address.readTimeoutSeconds;
        connection_.reset(driver()->connect(options));
        execute("SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci");
        execute(
            "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ONLY_FULL_GROUP_BY,"
            "ERROR_FOR_DIVISION_BY_ZERO,NO_ZERO_DATE,NO_ZERO_IN_DATE', time_zone = '+00:00', "
            "innodb_snapshot_isolation = ON");
    }

    bool isAlive() { return connection_->isValid(); }

    void execute(const std::string& sql) {
        const std::unique_ptr<sql::Statement> statement(connection_->createStatement());
        statement->execute(sql);
    }

    Rows ask(const std::string& sql) {
        auto state = std::make_unique<Rows::State>();
        state->owner.reset(connection_->createStatement());
        state->result.reset(state->owner->executeQuery(sql));
        return Rows(std::move(state));
    }

    std::int64_t run(const std::string& sql, const void* key, std::span<const Value> values,
                     Meanwhile meanwhile) {
        follow(meanwhile);
        return bound(sql, key, values).executeUpdate();
    }

    Rows query(const std::string& sql, const void* key, std::span<const Value> values, Meanwhile meanwhile) {
        follow(meanwhile);
        auto& statement = bound(sql, key, values);
        auto state = std::make_unique<Rows::State>();
        state->result.reset(statement.executeQuery());
        return Rows(std::move(state));
    }

private:
    void follow(Meanwhile meanwhile) {
        if (meanwhile_ == meanwhile) return;
        execute(meanwhile == Meanwhile::refused ? "SET SESSION innodb_snapshot_isolation = ON"
                                                : "SET SESSION innodb_snapshot_isolation = OFF");
        meanwhile_ = meanwhile;
    }

    /// A statement is prepared once for a connection. `key` names its text: the address of the Statement, or
    /// of the BulkStatement and its number of rows.
    sql::PreparedStatement& bound(const std::string& sql, const void* key, std::span<const Value> values) {
        auto& slot = prepared_[key];
        if (!slot) slot.reset(connection_->prepareStatement(sql));
        unsigned position = 0;
        for (const auto& value : values) bind(*slot, ++position, value);
        return *slot;
    }

    static void bind(sql::PreparedStatement& statement, unsigned position, const Value& value) {
        const auto& content = value.content();
        if (const auto* text = std::get_if<std::string>(&content)) statement.setString(position, *text);
        else if (const auto* number = std::get_if<std::int64_t>(&content))
            statement.setInt64(position, *number);
        else if (const auto* decimal = std::get_if<double>(&content)) statement.setDouble(position, *decimal);
        else statement.setNull(position, 0);
    }

    std::unique_ptr<sql::Connection> connection_;
    Meanwhile meanwhile_ = Meanwhile::refused;
    std::unordered_map<const void*, std::unique_ptr<sql::PreparedStatement>> prepared_;
};

Transaction::Transaction(Connection& connection, Account account, const Actor& actor, values::Instant now)
    : connection_(connection), actor_(actor), account_(account), now_(now) {}

namespace {
/// A statement says who uses it; nobody else does.
template <class AnyStatement>
void refuseOthers(const AnyStatement& statement, Account account) {
    if (!statement.accounts().has(account))
        throw std::logic_error("the account " + accountName(account) + " does not use \"" + statement.name() +
                               "\"");
}
}  // namespace

std::int64_t Transaction::runBound(const Statement& statement, const std::vector<Value>& values) {
    refuseOthers(statement, account_);
    const auto changed = connection_.run(statement.sql(), &statement, values, statement.meanwhile());
    if (changed > 0) written_ = true;
    return changed;
}

Rows Transaction::queryBound(const Statement& statement, const std::vector<Value>& values) {
    refuseOthers(statement, account_);
    return connection_.query(statement.sql(), &statement, values, statement.meanwhile());
}

std::int64_t Transaction::runBulk(const BulkStatement& statement, const std::vector<Value>& values) {
    refuseOthers(statement, account_);
    const auto columns = static_cast<std::size_t>(statement.columns());
    if (values.size() % columns != 0) throw std::logic_error("a bulk statement takes whole rows");
    std::int64_t changed = 0;
    std::size_t done = 0;
    while (done < values.size()) {
        const auto left = (values.size() - done) / columns;
        const auto rows = left >= kBulkRows ? kBulkRows : 1;
        const auto* key = reinterpret_cast<const char*>(&statement) + (rows == 1 ? 1 : 0);
        changed += connection_.run(statement.sql(rows), key, std::span(values).subspan(done, rows * columns),
                                   statement.meanwhile());
        done += rows * columns;
    }
    if (changed > 0) written_ = true;
    return changed;
}

namespace {
/// At most so many characters, whole ones.
std::string cut(const std::string& text, std::size_t most) {
    std::size_t characters = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
        if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U && ++characters > most)
            return text.substr(0, i);
    return text;
}
}  // namespace

void Transaction::auditFor(std::optional<int> authority, const std::string& action,
                           const std::string& subject, const std::string& detail) {
    entries_.push_back({authority.value_or(0), 0, values::databaseText(now_), cut(actor_.name, 200),
                        cut(actor_.from, 100), cut(action, 60), cut(subject, 200), detail});
}

void Transaction::audit(const std::string& action, const std::string& subject, const std::string& detail) {
    auditFor(actor_.authority, action, subject, detail);
}

void Transaction::seal(const AuditSeal& seal, const values::Clock& clock) {
    if (entries_.empty()) return;
    const auto now = clock.now();
    // Every unit takes the chains in one order: no two wait for each other.
    std::ranges::stable_sort(entries_, {}, &AuditEntry::chain);
    for (auto& entry : entries_) {
        auto rows = queryBound(kSelectChainEnd, {now + kClocksApart, entry.chain});
        if (!rows.next())
            throw std::runtime_error("there is no audit chain " + std::to_string(entry.chain) +
                                     "; run: plumbline migrate");
        if (rows.number(2) != 0 && !mayGoBack_)
            throw values::Unavailable("it is " + values::databaseText(now) +
                                      " by this machine, and something was written at " + rows.text(3) +
                                      ": nothing is written before that. Set the clock right; where it was "
                                      "ahead then and is right now: "
                                      "plumbline clock accept");
        entry.position = rows.number(0) + 1;
        const auto sealed = seal.of(rows.text(1), entry);
        runBound(kInsertAudit, {entry.chain, entry.position, entry.happenedAt, entry.actor, entry.cameFrom,
                                entry.action, entry.subject, entry.detail, sealed});
        runBound(kMoveChainEnd, {entry.position, sealed, now, entry.chain});
    }
}

/// Holds a connection for as long as a unit runs. One whose unit did not come to its end is thrown away,
/// never repaired: that rolls back, also after 1205, which leaves its transaction open.
class Database::Lease {
public:
    explicit Lease(Database& database) : database_(database), connection_(database.take()) {}
    ~Lease() {
        if (!isDone_) connection_.reset();
        database_.giveBack(std::move(connection_));
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Connection& operator*() { return *connection_; }
    Connection* operator->() { return connection_.get(); }
    void done() { isDone_ = true; }

private:
    Database& database_;
    std::unique_ptr<Connection> connection_;
    bool isDone_ = false;
};

Database::Database(DatabaseAddress address, Account account, int connections, std::chrono::milliseconds wait,
                   const values::Clock& clock, AuditSeal seal)
    : address_(std::move(address)),
      account_(account),
      most_(static_cast<std::size_t>(connections)),
      wait_(wait),
      clock_(clock),
      seal_(std::move(seal)) {}

Database::~Database() = default;

std::unique_ptr<Connection> Database::take() {
    std::unique_lock lock(mutex_);
    if (!freed_.wait_for(lock, wait_, [&] { return !idle_.empty() || open_ < most_; }))
        throw values::Unavailable("every database connection is in use");
    std::unique_ptr<Connection> connection;
    if (idle_.empty()) {
        ++open_;
    } else {
        connection = std::move(idle_.back());
        idle_.pop_back();
    }
    lock.unlock();
    try {
        if (connection && connection->isAlive()) return connection;
        connection.reset();
        return std::make_unique<Connection>(address_);
    } catch (const sql::SQLException& error) {
        connection.reset();
        giveBack(nullptr);
        if (error.getErrorCode() == kUnknownVariable)
            throw values::Forbidden(
                "this database server is too old to refuse a change that rests on an older reading: it needs "
                "MariaDB 10.6.18, 10.11.8, 11.4.2 or later");
        throw values::Unavailable("the database does not answer: " + std::string(error.what()));
    }
}

void Database::giveBack(std::unique_ptr<Connection> connection) {
    {
        const std::lock_guard lock(mutex_);
        if (connection) idle_.push_back(std::move(connection));
        else --open_;
    }
    freed_.notify_one();
}

void Database::run(const Actor& actor, const Unit& unit, Ending ending, bool isRepeatable) {
    static thread_local std::minstd_rand random{std::random_device{}()};
    for (int attempt = 1;; ++attempt) {
        bool isCommitting = false;
        try {
            Lease connection(*this);
            // Retention looks at whole tables: it must not hold the rows that it leaves alone.
            if (account_ == Account::retention)
                connection->execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
            connection->execute("START TRANSACTION");
            Transaction tx(*connection, account_, actor, clock_.now());
            unit(tx);
            if (ending == Ending::rollback) {
                connection->execute("ROLLBACK");
                connection.done();
                return;
            }
            if (ending == Ending::commit && tx.mustBeAudited() && !tx.isAudited())
                throw std::logic_error("a unit of work wrote, or showed records, without an audit entry");
            tx.seal(seal_, clock_);
            isCommitting = true;
            connection->execute("COMMIT");
            connection.done();
            return;
        } catch (const sql::SQLException& error) {
            const int code = error.getErrorCode();
            const bool mayRepeat =
                isTransient(code) || isOvertaken(code) || (isLost(code) && (!isCommitting || isRepeatable));
            if (!mayRepeat || attempt == kAttempts) {
                if (isTransient(code) || isLost(code))
                    throw values::Unavailable("the database does not answer: " + std::string(error.what()));
                throw std::runtime_error("database: " + std::string(error.what()));
            }
            logEvent(LogLevel::warning, "platform.unit_repeated",
                     {{"code", std::to_string(code)}, {"attempt", std::to_string(attempt)}});
        }
        const int pause = std::min(10 << attempt, kLongestPause);
        std::this_thread::sleep_for(
            std::chrono::milliseconds(pause + std::uniform_int_distribution<int>(0, pause)(random)));
    }
}

void Database::inTransaction(const Actor& actor, const Unit& unit) {
    run(actor, unit, Ending::commit, false);
}

std::string Database::once(const std::string& submission, const Actor& actor,
                           const std::function<std::string(Transaction&)>& unit) {
    std::string answer;
    const auto id = values::idFromText(submission);
    if (!id)
        throw values::Invalid({{{"", 0, "submission"}, submission, "Send the form again from its page."}});
    const values::Id<Database> key(*id);
    run(
        actor,
        [&](Transaction& tx) {
            bool isFirst = true;
            try {
                tx.run(kInsertSubmission, key, actor.name, tx.now());
            } catch (const sql::SQLException& error) {
                if (error.getErrorCode() != kDuplicateKey) throw;
                isFirst = false;
            }
            if (!isFirst) {
                auto rows = tx.query(kSelectSubmission, key, actor.name);
                if (!rows.next()) throw values::Conflict("this form belongs to someone else");
                answer = rows.text(0);
                tx.audit("submission repeated", submission);
                return;
            }
            answer = unit(tx);
            tx.run(kAnswerSubmission, answer, key, actor.name);
        },
        Ending::commit, true);
    return answer;
}

void Database::derive(const Unit& unit) {
    static const Actor system{"system", std::nullopt, ""};
    run(system, unit, Ending::commitUnaudited, true);
}

void Database::rehearse(const Actor& actor, const Unit& unit) { run(actor, unit, Ending::rollback, true); }

void Database::read(const Unit& unit) {
    static const Actor system{"system", std::nullopt, ""};
    run(
        system,
        [&](Transaction& tx) {
            unit(tx);
            if (tx.mustBeAudited())
                throw std::logic_error("a reading unit wrote, or showed records of children");
        },
        Ending::rollback, true);
}

void Database::readAsOf(values::Instant at, const Unit& unit) {
    static const Actor system{"system", std::nullopt, ""};
    try {
        Connection connection(address_);
        connection.execute("SET SESSION system_versioning_asof = TIMESTAMP'" + values::databaseText(at) +
                           "'");
        connection.execute("START TRANSACTION READ ONLY");
        Transaction tx(connection, account_, system, clock_.now());
        unit(tx);
        connection.execute("ROLLBACK");
    } catch (const sql::SQLException& error) {
        if (isLost(error.getErrorCode()))
            throw values::Unavailable("the database does not answer: " + std::string(error.what()));
        throw std::runtime_error("database: " + std::string(error.what()));
    }
}

void Database::ping() { Lease(*this).done(); }

void Database::execute(const std::string& sql) {
    try {
        Lease connection(*this);
        connection->execute(sql);
        connection.done();
    } catch (const sql::SQLException& error) {
        throw std::runtime_error("database: " + std::string(error.what()));
    }
}

Rows Database::ask(const std::string& sql) {
    try {
        Lease connection(*this);
        auto rows = connection->ask(sql);
        connection.done();
        return rows;
    } catch (const sql::SQLException& error) {
        throw std::runtime_error("database: " + std::string(error.what()));
    }
}

namespace {

/// `SELECT ON service` for each privilege that GRANT statements give on tables of one database.
std::set<std::string> privilegesOf(const std::string& grants, const std::string& database) {
    static const std::regex grant(R"(GRANT\s+([^;]*?)\s+ON\s+(\S+)\s+TO)", std::regex::icase);
    std::set<std::string> found;
    for (std::sregex_iterator i(grants.begin(), grants.end(), grant), end; i != end; ++i) {
        std::string place = (*i)[2];
        std::erase(place, '`');
        if (const auto at = place.find("{database}."); at == 0) place = database + place.substr(10);
        const bool isGlobal = place == "*.*";
        if (!isGlobal && place.rfind(database + ".", 0) != 0)
            continue;  // another database of the same server
        std::string privileges = (*i)[1];
        std::erase(privileges, '`');
        int depth = 0;
        std::string one;
        const auto keep = [&] {
            std::erase(one, ' ');
            const auto open = one.find('(');
            const auto table = isGlobal ? place : place.substr(database.size() + 1);
            // A privilege on columns counts once for each of them.
            std::istringstream columns(
                open == std::string::npos ? "" : one.substr(open + 1, one.size() - open - 2));
            for (std::string column; std::getline(columns, column, ',');)
                found.insert(one.substr(0, open) + " ON " + table + "." + column);
            if (open == std::string::npos && one != "USAGE") found.insert(one + " ON " + table);
            one.clear();
        };
        for (const char c : privileges) {
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0) keep();
            else one += c;
        }
        keep();
    }
    return found;
}

}  // namespace

Database::Privileges Database::comparePrivileges(const std::string& grantsFile) {
    std::ifstream file(grantsFile);
    std::stringstream expected;
    expected << file.rdbuf();
    std::string actual;
    for (auto rows = ask("SHOW GRANTS FOR CURRENT_USER"); rows.next();) actual += rows.text(0) + ";\n";
    const auto wanted = privilegesOf(expected.str(), address_.name);
    const auto given = privilegesOf(actual, address_.name);
    Privileges found;
    std::ranges::set_difference(given, wanted, std::back_inserter(found.excess));
    std::ranges::set_difference(wanted, given, std::back_inserter(found.missing));
    return found;
}

}  // namespace platform
