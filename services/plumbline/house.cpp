#include "plumbline/house.h"

#include <algorithm>
#include <filesystem>

#include "delivery/authorities.h"
#include "platform/known_keys.h"
#include "platform/log.h"
#include "platform/migrator.h"
#include "platform/secret_file.h"
#include "platform/temporary_files.h"
#include "values/errors.h"

namespace plumbline {

using platform::Account;
using platform::Database;
using platform::DatabaseAddress;
using platform::Transaction;

namespace {
const platform::Statement kHasAudit("whether anything is in the audit", Account::migrate,
                                    "SELECT 1 FROM audit_entry LIMIT 1");
const platform::Statement kHasCodes("whether anyone has one-time codes", Account::migrate,
                                    "SELECT 1 FROM person WHERE code_secret IS NOT NULL LIMIT 1");

platform::Migrator migratorOf(House& house, Account account = Account::migrate) {
    return {house.database(account), house.clock(), house.settings().homePath("schema/migrations")};
}

std::unique_ptr<platform::EmbeddedServer> serverOf(const platform::Settings& settings,
                                                   platform::Opening opening) {
    return std::make_unique<platform::EmbeddedServer>(
        settings.dataPath("database"), settings.number("database.buffer_megabytes", 64, 1 << 20),
        platform::Durability::full, opening);
}
}  // namespace

House::House(platform::Settings settings) : settings_(std::move(settings)) {
    if (settings_.text("home").empty()) settings_.set("home", PLUMBLINE_HOME);
    platform::setLogLevel(settings_.text("log.level"));
    platform::keepTemporaryFilesIn(temporaryFiles());
}

House::~House() {
    databases_.clear();
    platform::keepTemporaryFilesIn("");
}

bool House::isEmbedded() const {
    return settings_.text("database.host").empty() && settings_.text("database.socket").empty();
}

bool House::hasDatabase() const {
    return !isEmbedded() || std::filesystem::exists(settings_.dataPath("database/installed"));
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
            account == Account::migrate ? platform::AuditSeal() : auditSeal());
        if (checksPrivileges_ && account != Account::migrate) checkPrivileges(*opened);
        slot = std::move(opened);
    }
    return *slot;
}

void House::keepDatabase() {
    if (server_) server_->keepRunning();
}

void House::openDatabase(Need need, Account account) {
    if (isEmbedded() && !server_) server_ = serverOf(settings_, platform::Opening::existing);
    if (need == Need::anything) return;
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
    checkKeys(account);
    checksPrivileges_ = true;
    for (const auto& [opened, database] : databases_)
        if (opened != Account::migrate) checkPrivileges(*database);
}

void House::checkPrivileges(Database& database) const {
    const auto name = platform::accountName(database.account());
    const auto found = database.comparePrivileges(settings_.homePath("schema/grants/" + name + ".sql"));
    if (!found.excess.empty())
        throw values::Forbidden("the database account for " + name + " may do more than schema/grants/" +
                                name + ".sql says, such as " + found.excess.front() +
                                "; run: plumbline migrate");
    if (!found.missing.empty())
        throw values::Forbidden("the database account for " + name + " lacks what schema/grants/" + name +
                                ".sql says, such as " + found.missing.front() + "; run: plumbline migrate");
}

std::vector<std::string> House::pendingMigrations(Account account) {
    std::vector<std::string> names;
    for (const auto& migration : migratorOf(*this, account).pending()) names.push_back(migration.name);
    return names;
}

std::vector<std::string> House::create() {
    for (const auto& key : keys())
        if (std::filesystem::exists(key.path))
            throw values::Conflict(
                "there is a key in " + key.path +
                " already, of data that is not here: put that data back, or move the key away");
    if (isEmbedded()) server_ = serverOf(settings_, platform::Opening::creating);
    else if (!migratorOf(*this).isEmpty())
        throw values::Conflict("there is a Plumbline database in " + settings_.text("database.name") +
                               " already; plumbline migrate brings it up to date");
    return runMigrations();
}

std::vector<std::string> House::migrate() {
    if (!isEmbedded() && migratorOf(*this).isEmpty())
        throw values::NotFound("there is nothing in the database " + settings_.text("database.name") +
                               ". Is that the right one? plumbline create makes a new one");
    return runMigrations();
}

std::vector<std::string> House::runMigrations() {
    std::unique_ptr<Database> superuser;
    if (server_) {
        superuser = std::make_unique<Database>(server_->superuser(), Account::migrate, 1,
                                               std::chrono::seconds(5), clock_);
        platform::prepareServer(*superuser, settings_.text("database.name"), accounts());
        platform::applyGrants(*superuser, settings_.text("database.name"),
                              settings_.homePath("schema/grants"), {addressOf(Account::migrate)});
    }
    auto& database = this->database(Account::migrate);
    std::vector<std::string> names;
    for (const auto& migration : migratorOf(*this).run()) names.push_back(migration.name);
    if (superuser)
        platform::applyGrants(*superuser, settings_.text("database.name"),
                              settings_.homePath("schema/grants"), accounts());
    database.derive([&](Transaction& tx) {
        delivery::loadReference(tx, settings_.homePath("schema/reference"), clock_.today());
    });
    holdKeys();
    return names;
}

std::vector<House::Key> House::keys() const { return {{"audit", auditKey()}, {"sign-in", signInKey()}}; }

/// Keys are made once, where nothing rests on them yet.
void House::holdKeys() {
    database(Account::migrate).derive([&](Transaction& tx) {
        platform::KnownKeys known(tx);
        auto audit = tx.query(kHasAudit);
        auto codes = tx.query(kHasCodes);
        for (const auto& key : keys()) {
            const bool isNeeded = known.contains(key.name) || (key.name == "audit" ? audit : codes).next();
            if (!isNeeded) platform::makeSecretKey(key.path);
            known.hold(tx, key.name, platform::secretKey(key.path));
        }
    });
}

void House::checkKeys(Account account) {
    database(account).read([&](Transaction& tx) {
        const platform::KnownKeys known(tx);
        for (const auto& key : keys())
            if (!known.knows(key.name, platform::secretKey(key.path)))
                throw values::Unavailable(
                    "the key " + key.path +
                    " is not the one that this data was written with: put that one back");
    });
}

void House::replaceLostKey(const std::string& name, const platform::Actor& actor) {
    const auto all = keys();
    const auto key = std::ranges::find(all, name, &Key::name);
    if (key == all.end()) throw values::NotFound("there is no key of the name " + name);
    if (std::filesystem::exists(key->path))
        throw values::Conflict("there is a key in " + key->path +
                               ": it is not lost. Where it is not the right one, move it away first");
    openDatabase(Need::anything);
    if (!pendingMigrations().empty()) throw values::Conflict("run plumbline migrate first");
    platform::makeSecretKey(key->path);
    database(Account::admin).inTransaction(actor, [&](Transaction& tx) {
        platform::KnownKeys::replace(tx, name, platform::secretKey(key->path));
        if (name == "sign-in") identity::OneTimeCodes::forgetAll(tx);
        tx.audit("lost key replaced", name);
    });
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

std::string House::signInKey() const {
    const auto& path = settings_.text("sign_in.key");
    return path.empty() ? settings_.dataPath("keys/sign-in.key") : path;
}

identity::OneTimeCodes House::codes() const {
    return identity::OneTimeCodes(platform::secretKey(signInKey()));
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
