#include "platform/statement.h"

namespace platform {
namespace {
std::vector<const Statement*>& statements() {
    static std::vector<const Statement*> list;
    return list;
}
std::vector<const BulkStatement*>& bulkStatements() {
    static std::vector<const BulkStatement*> list;
    return list;
}
}  // namespace

namespace {
struct Named {
    Account account;
    const char* name;
};
constexpr Named kAccounts[] = {{Account::migrate, "migrate"},       {Account::admin, "admin"},
                               {Account::authority, "authority"},   {Account::work, "work"},
                               {Account::inspection, "inspection"}, {Account::national, "national"},
                               {Account::retention, "retention"},   {Account::backup, "backup"}};
}  // namespace

std::string accountName(Account account) {
    for (const auto& known : kAccounts)
        if (known.account == account) return known.name;
    return "";
}

const std::vector<Account>& allAccounts() {
    static const std::vector<Account> list = [] {
        std::vector<Account> all;
        for (const auto& known : kAccounts) all.push_back(known.account);
        return all;
    }();
    return list;
}

Statement::Statement(const char* name, Accounts accounts, const char* sql, Meanwhile meanwhile)
    : name_(name), accounts_(accounts), sql_(sql), meanwhile_(meanwhile) {
    statements().push_back(this);
}

const std::vector<const Statement*>& Statement::all() { return statements(); }

BulkStatement::BulkStatement(const char* name, Accounts accounts, const char* head, int columns,
                             const char* tail, Meanwhile meanwhile)
    : name_(name), accounts_(accounts), head_(head), columns_(columns), tail_(tail), meanwhile_(meanwhile) {
    bulkStatements().push_back(this);
}

std::string BulkStatement::sql(std::size_t rows) const {
    std::string row = "(";
    for (int i = 0; i < columns_; ++i) row += i == 0 ? "?" : ",?";
    row += ")";
    std::string text = std::string(head_) + " VALUES " + row;
    text.reserve(text.size() + rows * (row.size() + 1) + 200);
    for (std::size_t i = 1; i < rows; ++i) text += "," + row;
    return text + " " + tail_;
}

const std::vector<const BulkStatement*>& BulkStatement::all() { return bulkStatements(); }

}  // namespace platform
