#pragma once

#include <map>
#include <memory>
#include <vector>

#include "delivery/catalogues.h"
#include "intake/import.h"
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
    /// Need::migrated, a schema that is behind is refused (Conflict), and so is an account that may do more
    /// than its grants file says (Forbidden).
    void openDatabase(Need need);

    /// Brings schema, accounts, grants and reference data up to date; gives the migrations it ran.
    std::vector<std::string> migrate();
    std::vector<std::string> pendingMigrations();

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
    intake::Uploads uploads() const;

private:
    std::vector<platform::DatabaseAddress> accounts() const;
    void refuseExcess(platform::Database& database) const;

    platform::Settings settings_;
    platform::SystemClock clock_;
    platform::SystemIds ids_;
    std::unique_ptr<platform::EmbeddedServer> server_;
    std::map<platform::Account, std::unique_ptr<platform::Database>> databases_;
    std::unique_ptr<delivery::Catalogues> catalogues_;
    std::unique_ptr<intake::Importer> importer_;
};

}  // namespace plumbline
