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

std::string accountName(Account account) {
    switch (account) {
        case Account::migrate:
            return "migrate";
        case Account::admin:
            return "admin";
        case Account::authority:
            return "authority";
        case Account::work:
            return "work";
    }
    return "";
}

const std::vector<Account>& allAccounts() {
    static const std::vector<Account> list{Account::migrate, Account::admin, Account::authority,
                                           Account::work};
    return list;
}

Statement::Statement(const char* name, Accounts accounts, const char* sql)
    : name_(name), accounts_(accounts), sql_(sql) {
    statements().push_back(this);
}

const std::vector<const Statement*>& Statement::all() { return statements(); }

BulkStatement::BulkStatement(const char* name, Accounts accounts, const char* head, int columns,
                             const char* tail)
    : name_(name), accounts_(accounts), head_(head), columns_(columns), tail_(tail) {
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
