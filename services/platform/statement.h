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

/// One SQL statement and the accounts that use it. A transaction runs nothing else, and each statement enters
/// itself into one list: so a test can prepare every one of them under each of its accounts.
class Statement {
public:
    Statement(const char* name, Accounts accounts, const char* sql);
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement() = default;

    const char* name() const { return name_; }
    Accounts accounts() const { return accounts_; }
    const char* sql() const { return sql_; }

    static const std::vector<const Statement*>& all();

private:
    const char* name_;
    Accounts accounts_;
    const char* sql_;
};

/// An INSERT of many rows at once: `head VALUES (?, …), (?, …) tail`.
class BulkStatement {
public:
    BulkStatement(const char* name, Accounts accounts, const char* head, int columns, const char* tail);
    BulkStatement(const BulkStatement&) = delete;
    BulkStatement& operator=(const BulkStatement&) = delete;
    ~BulkStatement() = default;

    const char* name() const { return name_; }
    Accounts accounts() const { return accounts_; }
    int columns() const { return columns_; }
    std::string sql(std::size_t rows) const;

    static const std::vector<const BulkStatement*>& all();

private:
    const char* name_;
    Accounts accounts_;
    const char* head_;
    int columns_;
    const char* tail_;
};

}  // namespace platform
