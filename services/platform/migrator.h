#pragma once

#include <string>
#include <vector>

#include "platform/database.h"

namespace platform {

/// One file of the chain: NNNN_verb_noun.sql, one DDL statement.
struct Migration {
    int number;
    std::string name;
    std::string sql;
    std::string checksum;
};

/// Reads the chain, in order. Throws std::runtime_error for a name out of form, a gap or a number used twice.
std::vector<Migration> readMigrations(const std::string& folder);

/// Creates the database and the accounts where there are none; run by a superuser.
void prepareServer(Database& superuser, const std::string& database,
                   const std::vector<DatabaseAddress>& accounts);

/// Brings one database to the newest schema.
class Migrator {
public:
    /// `migrate` is connected as the account that may change the schema.
    Migrator(Database& migrate, const values::Clock& clock, std::string migrations);

    /// Whether no migration ever ran.
    bool isEmpty();
    std::vector<Migration> pending();
    /// Runs what is pending, one at a time under the migration lock; gives what it ran. Refuses (Conflict)
    /// where a file that already ran has changed since, or one has gone.
    std::vector<Migration> run();

private:
    class Lock;
    void checkHistory(const std::vector<Migration>& chain);

    Database& database_;
    const values::Clock& clock_;
    std::string folder_;
};

/// Makes each account's privileges just what its grants file says.
void applyGrants(Database& superuser, const std::string& database, const std::string& folder,
                 const std::vector<DatabaseAddress>& accounts);

}  // namespace platform
