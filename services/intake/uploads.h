#pragma once

#include <optional>
#include <string>
#include <vector>

#include "intake/import.h"
#include "values/errors.h"

namespace intake {

struct Upload {
    values::Id<Upload> id;
    identity::AuthorityId authority;
    std::string sentBy;
    /// sent, unmapped, checking, checked, refused, confirmed, storing, stored, withdrawn or failed
    std::string state;
    std::string sentAt;  ///< UTC, as the database keeps it
    std::vector<std::string> files;
    std::string report;  ///< JSON of reportJson, problemsJson or columnsJson; empty while there is none
    std::int64_t rowsDone = 0;      ///< by the step under way
    std::int64_t rowsExpected = 0;  ///< about so many; 0 where nobody knows
    bool isCancelled = false;       ///< its sender does not want the step to go on
    std::string changedAt = {};  ///< UTC, as the database keeps it: when a worker last said that it goes on

    /// Whether a worker has still to do something with it.
    bool isUnderWay() const {
        return state == "sent" || state == "checking" || state == "confirmed" || state == "storing";
    }
    /// Whether it is under way and no worker was heard of for longer than they are ever silent.
    bool isLeftAlone(values::Instant now) const;
};

/// What an import did, as JSON: files with their counts.
std::string reportJson(const ImportReport& report, bool isStored);
/// Why an import was refused, as JSON: every problem at file, row and column.
std::string problemsJson(const values::Invalid& refusal, long storable = 0);
/// Of which files it is not known what their columns mean, as JSON.
std::string columnsJson(const std::vector<UnknownFile>& files);

/// Files that someone sent through a door: checked by a worker, then stored once their sender confirms.
class Uploads {
public:
    /// `folder` keeps the files, readable by us alone, until they are stored, refused or withdrawn.
    explicit Uploads(std::string folder) : folder_(std::move(folder)) {}

    /// Takes over received files: moves each from its path into the upload's folder. Before the transaction.
    std::vector<std::string> takeFiles(values::Id<Upload> id, const std::vector<SourceFile>& files) const;
    void removeFiles(values::Id<Upload> id) const;

    /// `isConfirmed`: to be stored without another word, if nothing is wrong with it.
    static void send(platform::Transaction& tx, values::Id<Upload> id, identity::AuthorityId authority,
                     const std::vector<std::string>& names, bool isConfirmed = false);
    /// Nothing where the authority has no such upload.
    static std::optional<Upload> find(platform::Transaction& tx, identity::AuthorityId authority,
                                      values::Id<Upload> id);
    /// Throws NotFound where the authority has no such upload.
    static Upload byId(platform::Transaction& tx, identity::AuthorityId authority, values::Id<Upload> id);
    /// The newest of an authority.
    static std::vector<Upload> recent(platform::Transaction& tx, identity::AuthorityId authority);
    /// How many wait for a worker, or for its end.
    static std::int64_t waiting(platform::Transaction& tx);
    /// Refuses (Conflict) unless it is checked, or some of its rows can be stored.
    static void confirm(platform::Transaction& tx, const Upload& upload);
    /// Ends the step that is under way; nothing of it is stored.
    static void cancel(platform::Transaction& tx, const Upload& upload);
    /// What its columns mean was said: it is checked anew.
    static void goOn(platform::Transaction& tx, const Upload& upload);
    /// Rows of a refused file to correct, with a column that says why; nothing where they are gone.
    std::optional<std::string> corrections(const Upload& upload, std::size_t file) const;
    static void withdraw(platform::Transaction& tx, const Upload& upload);

    /// One step of work: checks or stores one upload; false where there is none to do.
    bool work(platform::Database& database, Importer& importer, const values::Clock& clock) const;
    /// The folders, named after their uploads, of which a file holds a line or a row that `names` is true of:
    /// as it was sent, or to be corrected.
    std::set<std::string> naming(const std::function<bool(std::string_view)>& names) const;
    /// Withdraws what nobody confirmed within this time, and removes its files.
    void removeAbandoned(platform::Database& database, std::chrono::hours keep) const;

private:
    void check(platform::Database& database, Importer& importer, const Upload& upload,
               const delivery::Authority& authority, const ImportOptions& options) const;
    void store(platform::Database& database, Importer& importer, const Upload& upload,
               const delivery::Authority& authority, ImportOptions options) const;
    void removeOriginals(values::Id<Upload> id) const;
    void finish(platform::Database& database, const Upload& upload, const std::string& state,
                const std::string& report) const;
    /// Writes what a check refused beside its files; gives how many rows can be stored.
    long keepRefused(platform::Database& database, const Upload& upload,
                     const std::vector<RefusedFile>& files, const values::Invalid& refusal) const;
    std::string folderOf(values::Id<Upload> id) const { return folder_ + "/" + id.text(); }
    std::vector<SourceFile> filesOf(const Upload& upload) const;

    std::string folder_;
};

}  // namespace intake
