#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "guidance/catalogue.h"
#include "guidance/loader.h"
#include "measures/plan.h"
#include "platform/database.h"
#include "values/quarter.h"

namespace delivery {

/// Guidance as it stands from one day until the next edition, with its measures ready to run.
struct Edition {
    explicit Edition(guidance::Catalogue given) : catalogue(std::move(given)), plan(catalogue) {}
    Edition(const Edition&) = delete;
    Edition& operator=(const Edition&) = delete;

    guidance::Catalogue catalogue;
    measures::Plan plan;
};

/// All guidance that is kept: what is in force, what was, and what is to come.
struct CatalogueInForce {
    /// Throws Invalid where a measure cannot be compiled.
    CatalogueInForce(std::string fingerprint, guidance::Guidance guidance);

    std::string fingerprint;  ///< SHA-256 of the catalogue's text; empty where none was loaded
    guidance::Guidance guidance;
    guidance::Catalogue latest;  ///< the newest version of everything, in force or not

    /// A quarter is judged by one edition: the one in force on its first day. A version that takes effect
    /// during a quarter judges from the next one on.
    const Edition& on(values::Quarter quarter) const;
    /// What on() would give were the guide in this version. Throws NotFound where there is no such version.
    std::unique_ptr<const Edition> supposing(values::Quarter quarter, const std::string& guide,
                                             const std::string& version) const;

private:
    std::map<values::Date, std::unique_ptr<const Edition>> editions_;  ///< by the first day of each
};

/// Keeps every catalogue that was loaded; the newest is in force.
class Catalogues {
public:
    struct Paths {
        std::string schema;     ///< the JSON Schema of catalogue files
        std::string framework;  ///< the outcomes and enablers they may name
        std::string measures;   ///< the standard measures, which lie under every catalogue
        std::string quality;    ///< the rules about the quality of data, likewise
    };
    explicit Catalogues(Paths paths);

    /// Reads and checks files, laid over a catalogue that is kept already (empty for none) and the standard
    /// measures. Throws Invalid with every problem, NotFound for a file that cannot be read.
    guidance::LoadedCatalogue check(const std::vector<std::string>& paths,
                                    const std::string& kept = "") const;
    /// The text of the catalogue that is kept; empty where there is none.
    static std::string keptText(platform::Transaction& tx);

    /// Puts a checked catalogue in force. Refuses (Conflict) one that lacks what records already use: an
    /// intervention, an instrument, or a checklist version, which must also be unchanged. Every service is
    /// then to be computed again. Gives false where it is the one already in force.
    bool load(platform::Transaction& tx, const guidance::LoadedCatalogue& loaded, values::Ids& ids);

    /// The newest one, read once and kept. The standard measures alone where none was loaded.
    std::shared_ptr<const CatalogueInForce> inForce(platform::Transaction& tx);

    /// The newest one that had been loaded by an instant.
    std::shared_ptr<const CatalogueInForce> known(platform::Transaction& tx, values::Instant at);

private:
    guidance::Vocabulary vocabulary() const;
    /// With this fingerprint; `idBytes` of its row, none where nothing was loaded.
    std::shared_ptr<const CatalogueInForce> take(platform::Transaction& tx, const std::string& fingerprint,
                                                 const std::optional<values::Id<Catalogues>>& id);

    Paths paths_;
    std::string schema_;
    std::mutex mutex_;
    std::vector<std::shared_ptr<const CatalogueInForce>> kept_;  ///< the last few that were asked for
};

}  // namespace delivery
