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
    /// Starts or finds the database. A brand-new embedded one is migrated at once; otherwise, with
    /// Need::migrated, a schema that is behind is refused (Conflict), and a server on which history can be
    /// backdated (Forbidden). `account`: the one that looks, of those that this process uses.
    void openDatabase(Need need, platform::Account account = platform::Account::work);

    /// Brings schema, accounts, grants and reference data up to date; gives the migrations it ran.
    std::vector<std::string> migrate();
    std::vector<std::string> pendingMigrations(platform::Account account = platform::Account::migrate);

    /// Throws Forbidden where the account may do more than its grants file says.
    platform::Database& database(platform::Account account);
    platform::DatabaseAddress addressOf(platform::Account account) const;
    bool isEmbedded() const;
    /// Whether there is a database already, or one is configured; opening would make a new one otherwise.
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
    /// The folder of the authorities' pseudonym keys.
    std::string pseudonymKeys() const;
    /// Who was erased: what a backup must forget again. Beside the keys, apart from the data.
    std::string erasedList() const { return pseudonymKeys() + "/erased"; }
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
    void refuseExcess(platform::Database& database) const;
    std::string auditKey() const;

    platform::Settings settings_;
    bool refusesExcess_ = false;
    platform::SystemClock clock_;
    platform::SystemIds ids_;
    std::unique_ptr<platform::EmbeddedServer> server_;
    std::map<platform::Account, std::unique_ptr<platform::Database>> databases_;
    std::unique_ptr<delivery::Catalogues> catalogues_;
    std::unique_ptr<intake::Importer> importer_;
};

}  // namespace plumbline
