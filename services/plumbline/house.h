#pragma once

#include <map>
#include <memory>
#include <vector>

#include "delivery/catalogues.h"
#include "identity/invitations.h"
#include "identity/one_time_codes.h"
#include "identity/passwords.h"
#include "identity/people.h"
#include "intake/import.h"
#include "intake/keeper.h"
#include "intake/uploads.h"
#include "platform/embedded_server.h"
#include "platform/settings.h"
#include "platform/system.h"

namespace plumbline {

/// Everything that lives as long as the process: settings, clock, ids, the database and its accounts. The
/// only place where rooms are put together.
class House {
public:
    /// Opens nothing yet.
    explicit House(platform::Settings settings);
    House(const House&) = delete;
    House& operator=(const House&) = delete;
    ~House();

    enum class Need { migrated, anything };
    /// Starts or finds the database; none is ever made by looking for one. With Need::migrated, a schema that
    /// is behind is refused (Conflict), a server on which history can be backdated (Forbidden), and keys that
    /// are not those of the data (Unavailable). `account`: the one that looks, of those that this process
    /// uses.
    void openDatabase(Need need, platform::Account account = platform::Account::work);

    /// Makes a new database with its schema and keys, where there is nothing yet; gives the migrations it
    /// ran. Throws Conflict where there is something.
    std::vector<std::string> create();

    /// Brings schema, accounts, grants and reference data up to date; gives the migrations it ran. Throws
    /// NotFound where nothing was created.
    std::vector<std::string> migrate();
    std::vector<std::string> pendingMigrations(platform::Account account = platform::Account::migrate);

    /// Throws Forbidden where the account may do more, or less, than its grants file says.
    platform::Database& database(platform::Account account);
    platform::DatabaseAddress addressOf(platform::Account account) const;
    bool isEmbedded() const;
    /// Whether there is a database, or one is configured.
    bool hasDatabase() const;
    /// Starts the embedded database again where it died; from the main thread, now and then.
    void keepDatabase();

    const platform::Settings& settings() const { return settings_; }
    const values::Clock& clock() const { return clock_; }
    values::Ids& ids() { return ids_; }
    delivery::Catalogues& catalogues();
    intake::Importer& importer();
    intake::Keeper keeper();
    intake::Uploads uploads() const;
    /// Throws Unavailable where a key of every process is missing, or is not the one that the data was
    /// written with.
    void checkKeys(platform::Account account = platform::Account::work);
    /// Makes a key anew that is lost: `audit` or `sign-in`. What was sealed with the one before can no more
    /// be checked; what was encrypted with it is forgotten. Throws Conflict where its file is there.
    void replaceLostKey(const std::string& name, const platform::Actor& actor);
    /// The folder below which each process keeps what it needs for a moment.
    std::string temporaryFiles() const { return settings_.dataPath("temporary"); }
    /// The folder of the authorities' pseudonym keys.
    std::string pseudonymKeys() const;
    /// Of the audit; its key stands apart from the data.
    platform::AuditSeal auditSeal() const;
    /// Where the ends of the audit's chains are noted, beside its key.
    std::string auditAnchors() const;
    identity::OneTimeCodes codes() const;
    identity::People people() const;
    identity::Passwords passwords() const;
    identity::Invitations invitations() const;

private:
    std::vector<platform::DatabaseAddress> accounts() const;
    void checkPrivileges(platform::Database& database) const;
    /// A key that every process has, as the database knows it.
    struct Key {
        std::string name;
        std::string path;
    };
    std::vector<Key> keys() const;
    std::string auditKey() const;
    std::string signInKey() const;
    std::vector<std::string> runMigrations();
    void holdKeys();

    platform::Settings settings_;
    bool checksPrivileges_ = false;
    platform::SystemClock clock_;
    platform::SystemIds ids_;
    std::unique_ptr<platform::EmbeddedServer> server_;
    std::map<platform::Account, std::unique_ptr<platform::Database>> databases_;
    std::unique_ptr<delivery::Catalogues> catalogues_;
    std::unique_ptr<intake::Importer> importer_;
};

}  // namespace plumbline
