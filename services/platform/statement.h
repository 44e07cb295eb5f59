#pragma once

#include <string>
#include <vector>

namespace platform {

/// A database account. Each has its grants file, schema/grants/<name>.sql.
enum class Account : unsigned {
    migrate = 1,      ///< changes the schema, keeps reference data
    admin = 2,        ///< an operator's commands: people, catalogue
    authority = 4,    ///< the authority's door
    work = 8,         ///< imports and figures
    inspection = 16,  ///< the inspectors' door
    national = 32,    ///< the national door
    retention = 64,   ///< removes what was kept long enough, and whom a request erases
    backup = 128      ///< reads everything, for a copy
};
std::string accountName(Account account);
const std::vector<Account>& allAccounts();

/// Several accounts.
struct Accounts {
    unsigned bits = 0;
    constexpr Accounts(Account account) : bits(static_cast<unsigned>(account)) {}  // NOLINT: reads as one
    constexpr explicit Accounts(unsigned given) : bits(given) {}
    constexpr bool has(Account account) const { return (bits & static_cast<unsigned>(account)) != 0; }
};
constexpr Accounts operator|(Accounts a, Accounts b) { return Accounts(a.bits | b.bits); }
constexpr Accounts operator|(Account a, Account b) { return Accounts(a) | Accounts(b); }

/// Every door that people come in by.
constexpr auto kDoors = Account::authority | Account::inspection | Account::national;

/// What becomes of a statement that writes or locks a row which somebody else has changed since its unit
/// began to read. `refused`: the unit begins again and sees theirs, so nothing is written on an older
/// reading. `expected`: it goes on, as it rests on nothing that was read: the end of a chain, a queue, a
/// counter, a note of when.
enum class Meanwhile { refused, expected };

/// One SQL statement and the accounts that use it. A transaction runs nothing else, and each statement enters
/// itself into one list: so a test can prepare every one of them under each of its accounts.
class Statement {
public:
    Statement(const char* name, Accounts accounts, const char* sql, Meanwhile meanwhile = Meanwhile::refused);
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement() = default;

    const char* name() const { return name_; }
    Accounts accounts() const { return accounts_; }
    const char* sql() const { return sql_; }
    Meanwhile meanwhile() const { return meanwhile_; }

    static const std::vector<const Statement*>& all();

private:
    const char* name_;
    Accounts accounts_;
    const char* sql_;
    Meanwhile meanwhile_;
};

/// An INSERT of many rows at once: `head VALUES (?, …), (?, …) tail`.
class BulkStatement {
public:
    BulkStatement(const char* name, Accounts accounts, const char* head, int columns, const char* tail,
                  Meanwhile meanwhile = Meanwhile::refused);
    BulkStatement(const BulkStatement&) = delete;
    BulkStatement& operator=(const BulkStatement&) = delete;
    ~BulkStatement() = default;

    const char* name() const { return name_; }
    Accounts accounts() const { return accounts_; }
    int columns() const { return columns_; }
    std::string sql(std::size_t rows) const;
    Meanwhile meanwhile() const { return meanwhile_; }

    static const std::vector<const BulkStatement*>& all();

private:
    const char* name_;
    Accounts accounts_;
    const char* head_;
    int columns_;
    const char* tail_;
    Meanwhile meanwhile_;
};

}  // namespace platform
