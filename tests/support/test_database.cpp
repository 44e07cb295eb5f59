#include "support/test_database.h"

#include <vector>

#include "delivery/authorities.h"
#include "platform/migrator.h"
#include "support/fixed_clock.h"

namespace support {

using platform::Account;
using platform::Database;

void makeDatabase(const platform::EmbeddedServer& server, const std::string& name) {
    const FixedClock clock;
    std::vector<platform::DatabaseAddress> accounts;
    for (const auto account : platform::allAccounts()) accounts.push_back(server.address(account, name));
    const auto migrator = server.address(Account::migrate, name);
    Database superuser(server.superuser(), Account::migrate, 1, std::chrono::seconds(5), clock);
    platform::prepareServer(superuser, name, accounts);
    platform::applyGrants(superuser, name, source("schema/grants"), {migrator});
    Database database(migrator, Account::migrate, 2, std::chrono::seconds(5), clock);
    platform::Migrator(database, clock, source("schema/migrations")).run();
    platform::applyGrants(superuser, name, source("schema/grants"), accounts);
    database.derive([&](platform::Transaction& tx) {
        delivery::loadReference(tx, source("schema/reference"), clock.today());
    });
}

std::string source(const std::string& path) { return std::string(PLUMBLINE_SOURCE) + "/" + path; }

}  // namespace support
