#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "guidance/catalogue.h"
#include "guidance/loader.h"
#include "platform/database.h"

namespace delivery {

/// Guidance in force, as the services use it.
struct CatalogueInForce {
    std::string fingerprint;  ///< SHA-256 of the catalogue's text
    guidance::Catalogue catalogue;
};

/// Keeps every catalogue that was loaded; the newest is in force.
class Catalogues {
public:
    /// `schemaPath`: the JSON Schema of catalogue files; `frameworkPath`: the outcomes and enablers they may
    /// name.
    Catalogues(const std::string& schemaPath, std::string frameworkPath);

    /// Reads and checks files; throws Invalid with every problem, NotFound for a file that cannot be read.
    guidance::LoadedCatalogue check(const std::vector<std::string>& paths) const;

    /// Puts a checked catalogue in force. Refuses (Conflict) one that lacks what records already use: an
    /// intervention, an instrument, or a checklist version, which must also be unchanged. Every service is
    /// then to be computed again. Gives false where it is the one already in force.
    bool load(platform::Transaction& tx, const guidance::LoadedCatalogue& loaded, values::Ids& ids);

    /// The newest one, read once and kept. An empty catalogue where none was loaded.
    std::shared_ptr<const CatalogueInForce> inForce(platform::Transaction& tx);

private:
    guidance::Vocabulary vocabulary() const;

    std::string schema_;
    std::string frameworkPath_;
    std::mutex mutex_;
    std::shared_ptr<const CatalogueInForce> kept_;
};

}  // namespace delivery
