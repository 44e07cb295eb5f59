#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "platform/audit_seal.h"
#include "platform/statement.h"
#include "values/date.h"
#include "values/id.h"
#include "values/instant.h"
#include "values/quarter.h"

namespace platform {

/// A value bound to a statement. Text is never put into SQL any other way.
class Value {
public:
    using Content = std::variant<std::monostate, std::int64_t, double, std::string>;

    Value(std::nullptr_t) {}                                                                  // NOLINT
    Value(int value) : content_(static_cast<std::int64_t>(value)) {}                          // NOLINT
    Value(std::int64_t value) : content_(value) {}                                            // NOLINT
    Value(double value) : content_(value) {}                                                  // NOLINT
    Value(const char* text) : content_(std::string(text)) {}                                  // NOLINT
    Value(std::string text) : content_(std::move(text)) {}                                    // NOLINT
    Value(std::string_view text) : content_(std::string(text)) {}                             // NOLINT
    Value(values::Date date) : content_(date.iso()) {}                                        // NOLINT
    Value(values::Quarter quarter) : content_(static_cast<std::int64_t>(quarter.index())) {}  // NOLINT
    Value(values::Instant instant) : content_(values::databaseText(instant)) {}               // NOLINT
    template <class Kind>
    Value(const values::Id<Kind>& id)  // NOLINT
        : content_(std::string(reinterpret_cast<const char*>(id.bytes().data()), id.bytes().size())) {}
    template <class T>
    Value(const std::optional<T>& value) : content_(value ? Value(*value).content_ : Content()) {}  // NOLINT

    const Content& content() const { return content_; }

private:
    Content content_;
};

/// The rows of an answer, one at a time; columns count from 0.
class Rows {
public:
    struct State;
    explicit Rows(std::unique_ptr<State> state);
    Rows(Rows&&) noexcept;
    Rows& operator=(Rows&&) noexcept;
    ~Rows();

    bool next();
    /// How many columns a row has.
    int columns() const;
    bool isNull(int column) const;
    std::string text(int column) const;
    std::int64_t number(int column) const;
    double decimal(int column) const;
    values::Date date(int column) const;
    std::optional<values::Date> optionalDate(int column) const;
    std::optional<std::string> optionalText(int column) const;
    values::Quarter quarter(int column) const;
    template <class Kind>
    values::Id<Kind> id(int column) const {
        return values::Id<Kind>(idBytes(column));
    }

private:
    values::IdBytes idBytes(int column) const;
    std::unique_ptr<State> state_;
};

/// Who does something, for the audit.
struct Actor {
    std::string name;              ///< an e-mail address, or `system`
    std::optional<int> authority;  ///< the authority they act for
    std::string from;              ///< address or command they came by
};

class Connection;

/// One unit of work on one connection. Stores take it first and never commit.
class Transaction {
public:
    Transaction(Connection& connection, Account account, const Actor& actor, values::Instant now);

    /// Rows written: 1 a new row; an upsert counts 2 for a changed row and 0 for an unchanged one.
    template <class... Args>
    std::int64_t run(const Statement& statement, Args&&... args) {
        return runBound(statement, {Value(std::forward<Args>(args))...});
    }
    template <class... Args>
    Rows query(const Statement& statement, Args&&... args) {
        return queryBound(statement, {Value(std::forward<Args>(args))...});
    }
    /// Rows of values in one or several statements; `values` holds rows × columns.
    std::int64_t runBulk(const BulkStatement& statement, const std::vector<Value>& values);

    /// Writes who did what to what, or looked at what, into the audit: at the end of the unit, chained to the
    /// entry before. A unit that writes, or that shows records of children, must call it, or cannot end.
    void audit(const std::string& action, const std::string& subject, const std::string& detail = "");
    /// The same, into the audit of an authority (none: of nobody's) other than the actor's: someone who is
    /// only signing in acts for none yet.
    void auditFor(std::optional<int> authority, const std::string& action, const std::string& subject,
                  const std::string& detail = "");
    /// Says that this unit shows someone records of children, not only figures.
    void showsChildren() { showsChildren_ = true; }

    const Actor& actor() const { return actor_; }
    values::Instant now() const { return now_; }

    bool hasWritten() const { return written_; }
    bool mustBeAudited() const { return written_ || showsChildren_; }
    bool isAudited() const { return !entries_.empty(); }
    /// Lets this unit write before the time of a chain's last entry: an operator says that the clock was
    /// ahead then.
    void goBack() { mayGoBack_ = true; }
    /// Chains and seals the entries of this unit; the last thing before its commit, so that others wait for
    /// the chain's end no longer than they must. Throws Unavailable where a chain was last written to later
    /// than it is now, by more than clocks are apart: history would say what never was.
    void seal(const AuditSeal& seal, const values::Clock& clock);

private:
    std::int64_t runBound(const Statement& statement, const std::vector<Value>& values);
    Rows queryBound(const Statement& statement, const std::vector<Value>& values);

    Connection& connection_;
    const Actor& actor_;
    Account account_;
    values::Instant now_;
    std::vector<AuditEntry> entries_;
    bool written_ = false;
    bool showsChildren_ = false;
    bool mayGoBack_ = false;
};

/// How to reach a database under one account.
struct DatabaseAddress {
    std::string host;  ///< empty where a socket is used
    int port = 3306;
    std::string socket;  ///< path of a unix socket
    std::string name;    ///< database; empty for none
    std::string user;
    std::string password;
    int readTimeoutSeconds = 600;
};

/// One account's connections to one database, and the only way to a transaction.
class Database {
public:
    /// Opens no connection yet. `connections`: how many may be open at once; `wait`: how long a unit waits
    /// for a free one before it gives up (Unavailable). `seal`: of the audit; none for accounts that write
    /// none.
    Database(DatabaseAddress address, Account account, int connections, std::chrono::milliseconds wait,
             const values::Clock& clock, AuditSeal seal = {});
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database();

    using Unit = std::function<void(Transaction&)>;

    /// One unit of work: all of it is stored, or none. It writes nothing on a reading that is out of date:
    /// where somebody else has changed, added or removed what it rests on, the whole of `unit` runs again, as
    /// after a deadlock, a lock timeout or a connection lost before the commit, up to eight times in all; so
    /// it must have no other effect. Throws std::logic_error where rows were written without an audit;
    /// Unavailable where the database is away.
    void inTransaction(const Actor& actor, const Unit& unit);

    /// The same, done once for a submission: a second call with its id runs nothing and gives the first
    /// answer. That makes double clicks, repeated requests and a commit whose answer was lost safe.
    std::string once(const std::string& submission, const Actor& actor,
                     const std::function<std::string(Transaction&)>& unit);

    /// A unit that writes only what can be computed again or passes by itself (figures, queues, sign-in
    /// sessions, checks that are rolled back): it needs no audit.
    void derive(const Unit& unit);

    /// Runs `unit` and takes back all that it wrote.
    void rehearse(const Actor& actor, const Unit& unit);

    /// A consistent reading; nothing may be written, and no record of a child shown.
    void read(const Unit& unit);

    /// The same of the past: tables with history answer as they stood at that instant, others as they stand
    /// now. On a connection of its own, so that no statement that was prepared for the present runs on it.
    /// Two readings of an instant agree only once every unit of that time has ended: ask of whole days past.
    void readAsOf(values::Instant at, const Unit& unit);

    /// Throws Unavailable where the database does not answer.
    void ping();

    Account account() const { return account_; }
    const std::string& name() const { return address_.name; }

    /// How the privileges of this account differ from what its grants file says, such as `SELECT ON site`.
    struct Privileges {
        std::vector<std::string> excess;
        std::vector<std::string> missing;
    };
    Privileges comparePrivileges(const std::string& grantsFile);

    /// Text run as it stands, for schema changes and tests: only the migrator has a reason to.
    void execute(const std::string& sql);
    Rows ask(const std::string& sql);

private:
    class Lease;
    enum class Ending { commit, commitUnaudited, rollback };
    void run(const Actor& actor, const Unit& unit, Ending ending, bool isRepeatable);
    std::unique_ptr<Connection> take();
    void giveBack(std::unique_ptr<Connection> connection);

    DatabaseAddress address_;
    Account account_;
    std::size_t most_;
    std::chrono::milliseconds wait_;
    const values::Clock& clock_;
    AuditSeal seal_;
    std::mutex mutex_;
    std::condition_variable freed_;
    std::vector<std::unique_ptr<Connection>> idle_;
    std::size_t open_ = 0;
};

}  // namespace platform
