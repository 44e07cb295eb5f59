#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "delivery/catalogues.h"
#include "identity/people.h"
#include "platform/database.h"
#include "releases/open_data.h"
#include "releases/tables.h"

/// What England publishes: asked for, made, approved by a second person, published, and never changed.
namespace releases {

/// A release as it is listed.
struct Release {
    values::Id<Release> id;
    values::Quarter quarter;
    std::vector<std::string> tables;
    std::vector<std::string> guides;  ///< ids
    RulePack rules;
    std::string note;
    std::string askedBy;
    std::string askedAt;
    std::string state;  ///< asked, failed, made, approved, refused, published or withdrawn
    int version = 0;    ///< 0 before it is made
    std::string fingerprint;
    std::string report;  ///< JSON: coverage, quality, disclosure; empty before it is made
    std::string decidedBy;
    std::string decision;
    std::string publishedAt;
    std::string publishedBy;
    std::string withdrawnAt;
    std::string withdrawal;
    std::int64_t unsafe = 0;  ///< so many small counts could be worked out

    std::string title() const { return "Practice guide delivery, " + quarter.name(); }
    bool isMade() const { return version > 0; }
    /// Whether those who make releases may look at its figures. Nobody sees one that is not safe: its figures
    /// give away what it hides. One that was refused is closed.
    bool isOpen() const { return isMade() && unsafe == 0 && state != "failed" && state != "refused"; }
    /// Whether anyone may see it: once published it stays to be seen, with its notice where it was withdrawn.
    bool isPublic() const { return state == "published" || state == "withdrawn"; }
};

/// What an analyst asks for.
struct ReleaseWish {
    values::Quarter quarter;
    std::vector<std::string> tables;
    std::vector<std::string> guides;
    RulePack rules;
    std::string note;
};

/// A table of a release, read once and kept: it never changes.
struct ReleaseTable {
    struct Row {
        std::string level;   ///< National, Regional or Local authority
        std::string code;    ///< of the place: nine characters
        std::string place;   ///< its name
        std::string region;  ///< name; empty for England
        std::vector<std::size_t> items;
        std::vector<std::string> values;
    };
    std::string name;
    std::string title;
    std::string about;
    std::vector<Filter> filters;
    std::vector<Indicator> indicators;
    std::vector<Row> rows;

    const Filter* filter(const std::string& wanted) const;
};

struct StoredFile {
    std::string name;
    std::string type;
    std::string digest;
    std::int64_t size = 0;
    std::string content;  ///< empty where it was not asked for
};

class Releases {
public:
    /// Throws Invalid where a table or guide is not known, or nothing is chosen; Conflict where nobody
    /// signed.
    static values::Id<Release> ask(platform::Transaction& tx, values::Ids& ids, const ReleaseWish& wish);
    /// The newest first.
    static std::vector<Release> all(platform::Transaction& tx);
    /// What the public sees, the newest quarter first.
    static std::vector<Release> published(platform::Transaction& tx);
    /// Throws NotFound.
    static Release byId(platform::Transaction& tx, values::Id<Release> id);

    /// By someone else than who asked for it. Throws Forbidden for the same person; Conflict unless it is
    /// made, and safe.
    static void approve(platform::Transaction& tx, const Release& release, const std::string& words);
    static void refuse(platform::Transaction& tx, const Release& release, const std::string& words);
    /// Throws Conflict unless it is approved and nothing of its quarter was published since it was made.
    static void publish(platform::Transaction& tx, const Release& release);
    /// It stays to be seen, under a notice. Throws Conflict unless it is published, Invalid without a notice.
    static void withdraw(platform::Transaction& tx, const Release& release, const std::string& notice);

    // Each of these three knows nothing of a release that is not open.

    static std::vector<StoredFile> files(platform::Transaction& tx, const Release& release);
    /// Throws NotFound.
    static StoredFile file(platform::Transaction& tx, const Release& release, const std::string& name);
    /// The last few are kept ready. Throws NotFound.
    static std::shared_ptr<const ReleaseTable> table(platform::Transaction& tx, const Release& release,
                                                     const std::string& name);

    /// Makes one release that waits; false where none does. For a worker.
    static bool work(platform::Database& database, delivery::Catalogues& catalogues, int dueDays);
};

}  // namespace releases
