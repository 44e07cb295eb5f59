#include "plumbline/house.h"

#include <filesystem>

#include "delivery/authorities.h"
#include "platform/log.h"
#include "platform/migrator.h"
#include "platform/secret_file.h"
#include "values/errors.h"

namespace plumbline {

using platform::Account;
using platform::Database;
using platform::DatabaseAddress;
using platform::Transaction;

House::House(platform::Settings settings) : settings_(std::move(settings)) {
    if (settings_.text("home").empty()) settings_.set("home", PLUMBLINE_HOME);
    platform::setLogLevel(settings_.text("log.level"));
}

House::~House() { databases_.clear(); }

bool House::isEmbedded() const {
    return settings_.text("database.host").empty() && settings_.text("database.socket").empty();
}

bool House::hasDatabase() const {
    return !isEmbedded() || std::filesystem::exists(settings_.dataPath("database"));
}

DatabaseAddress House::addressOf(Account account) const {
    auto name = settings_.text("database.name");
    if (server_) return server_->address(account, name);
    const auto key = "database." + platform::accountName(account) + ".";
    return {settings_.text("database.host"),
            settings_.number("database.port", 1, 65535),
            settings_.text("database.socket"),
            std::move(name),
            settings_.text(key + "user"),
            settings_.text(key + "password"),
            settings_.number("database.read_timeout_seconds", 1, 86400)};
}

std::vector<DatabaseAddress> House::accounts() const {
    std::vector<DatabaseAddress> list;
    for (const auto account : platform::allAccounts()) list.push_back(addressOf(account));
    return list;
}

Database& House::database(Account account) {
    auto& slot = databases_[account];
    if (!slot) {
        auto opened = std::make_unique<Database>(
            addressOf(account), account, settings_.number("database.connections", 1, 1000),
            std::chrono::milliseconds(settings_.number("database.wait_milliseconds", 1, 600000)), clock_,
            auditSeal());
        if (refusesExcess_ && account != Account::migrate) refuseExcess(*opened);
        slot = std::move(opened);
    }
    return *slot;
}

void House::keepDatabase() {
    if (server_) server_->keepRunning();
}

void House::openDatabase(Need need, Account account) {
    bool isNew = false;
    if (isEmbedded() && !server_) {
        server_ = std::make_unique<platform::EmbeddedServer>(
            settings_.dataPath("database"), settings_.number("database.buffer_megabytes", 64, 1 << 20));
        Database superuser(server_->superuser(), Account::migrate, 1, std::chrono::seconds(5), clock_);
        auto found = superuser.ask("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = '" +
                                   settings_.text("database.name") + "' AND table_name = 'migration'");
        isNew = found.next() && found.number(0) == 0;
    }
    if (need == Need::anything) return;
    if (isNew) {
        migrate();
        return;
    }
    database(account).ping();
    if (const auto pending = pendingMigrations(account); !pending.empty())
        throw values::Conflict("the database lacks " + std::to_string(pending.size()) +
                               " migration(s), from " + pending.front() + "; run: plumbline migrate");
    // History is evidence only where nobody can say when something was written.
    if (auto rows = database(account).ask("SELECT @@GLOBAL.secure_timestamp");
        !rows.next() || rows.text(0) != "YES")
        throw values::Forbidden(
            "this database server lets its history be backdated; set secure_timestamp = YES in its "
            "configuration");
    refusesExcess_ = true;
    for (const auto& [opened, database] : databases_)
        if (opened != Account::migrate) refuseExcess(*database);
}

void House::refuseExcess(Database& database) const {
    const auto name = platform::accountName(database.account());
    const auto excess = database.excessPrivileges(settings_.homePath("schema/grants/" + name + ".sql"));
    if (!excess.empty())
        throw values::Forbidden("the database account for " + name + " may do more than schema/grants/" +
                                name + ".sql says, such as " + excess.front() + "; run: plumbline migrate");
}

std::vector<std::string> House::pendingMigrations(Account account) {
    platform::Migrator migrator(database(account), clock_, settings_.homePath("schema/migrations"));
    std::vector<std::string> names;
    for (const auto& migration : migrator.pending()) names.push_back(migration.name);
    return names;
}

std::vector<std::string> House::migrate() {
    std::unique_ptr<Database> superuser;
    if (server_) {
        superuser = std::make_unique<Database>(server_->superuser(), Account::migrate, 1,
                                               std::chrono::seconds(5), clock_);
        platform::prepareServer(*superuser, settings_.text("database.name"), accounts());
        platform::applyGrants(*superuser, settings_.text("database.name"),
                              settings_.homePath("schema/grants"), {addressOf(Account::migrate)});
    }
    auto& database = this->database(Account::migrate);
    platform::Migrator migrator(database, clock_, settings_.homePath("schema/migrations"));
    std::vector<std::string> names;
    for (const auto& migration : migrator.run()) names.push_back(migration.name);
    if (superuser)
        platform::applyGrants(*superuser, settings_.text("database.name"),
                              settings_.homePath("schema/grants"), accounts());
    database.derive([&](Transaction& tx) {
        delivery::loadReference(tx, settings_.homePath("schema/reference"), clock_.today());
    });
    return names;
}

delivery::Catalogues& House::catalogues() {
    if (!catalogues_)
        catalogues_ = std::make_unique<delivery::Catalogues>(
            delivery::Catalogues::Paths{settings_.homePath("schema/guidance/schema/catalogue.schema.json"),
                                        settings_.homePath("schema/reference/framework.json"),
                                        settings_.homePath("schema/guidance/measures.json"),
                                        settings_.homePath("schema/guidance/quality-rules.json")});
    return *catalogues_;
}

intake::Importer& House::importer() {
    if (!importer_)
        importer_ = std::make_unique<intake::Importer>(
            database(Account::work), catalogues(), ids_,
            intake::readFileTypes(settings_.homePath("schema/intake")), pseudonymKeys());
    return *importer_;
}

intake::Keeper House::keeper() {
    return {catalogues(), ids_, intake::readFileTypes(settings_.homePath("schema/intake")), pseudonymKeys()};
}

std::string House::pseudonymKeys() const {
    const auto& folder = settings_.text("pseudonym.keys");
    return folder.empty() ? settings_.dataPath("keys") : folder;
}

std::string House::auditKey() const {
    const auto& path = settings_.text("audit.key");
    return path.empty() ? settings_.dataPath("keys/audit.key") : path;
}

platform::AuditSeal House::auditSeal() const { return platform::AuditSeal(platform::secretKey(auditKey())); }

std::string House::auditAnchors() const { return auditKey() + ".anchors"; }

identity::OneTimeCodes House::codes() const {
    const auto& path = settings_.text("sign_in.key");
    return identity::OneTimeCodes(
        platform::secretKey(path.empty() ? settings_.dataPath("keys/sign-in.key") : path));
}

identity::People House::people() const {
    return identity::People({settings_.number("sign_in.failures", 1, 1000),
                             std::chrono::minutes(settings_.number("sign_in.lock_minutes", 1, 100000))});
}

identity::Passwords House::passwords() const {
    const auto& path = settings_.text("sign_in.breached_passwords");
    return identity::Passwords(path.empty() ? settings_.homePath("schema/reference/breached-passwords.txt")
                                            : path);
}

identity::Invitations House::invitations() const {
    return identity::Invitations(std::chrono::hours(settings_.number("sign_in.invitation_hours", 1, 8760)));
}

intake::Uploads House::uploads() const { return intake::Uploads(settings_.dataPath("uploads")); }

}  // namespace plumbline
