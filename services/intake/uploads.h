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
    /// sent, checking, checked, refused, confirmed, storing, stored, withdrawn or failed
    std::string state;
    std::string sentAt;  ///< UTC, as the database keeps it
    std::vector<std::string> files;
    std::string report;  ///< JSON of reportJson or problemsJson; empty while there is none

    /// Whether a worker has still to do something with it.
    bool isUnderWay() const {
        return state == "sent" || state == "checking" || state == "confirmed" || state == "storing";
    }
};

/// What an import did, as JSON: files with their counts.
std::string reportJson(const ImportReport& report, bool isStored);
/// Why an import was refused, as JSON: every problem at file, row and column.
std::string problemsJson(const values::Invalid& refusal);

/// Files that someone sent through a door: checked by a worker, then stored once their sender confirms.
class Uploads {
public:
    /// `folder` keeps the files, readable by us alone, until they are stored, refused or withdrawn.
    explicit Uploads(std::string folder) : folder_(std::move(folder)) {}

    /// Takes over received files: moves each from its path into the upload's folder. Before the transaction.
    std::vector<std::string> takeFiles(values::Id<Upload> id, const std::vector<SourceFile>& files) const;
    void removeFiles(values::Id<Upload> id) const;

    static void send(platform::Transaction& tx, values::Id<Upload> id, identity::AuthorityId authority,
                     const std::vector<std::string>& names);
    /// Nothing where the authority has no such upload.
    static std::optional<Upload> find(platform::Transaction& tx, identity::AuthorityId authority,
                                      values::Id<Upload> id);
    /// Throws NotFound where the authority has no such upload.
    static Upload byId(platform::Transaction& tx, identity::AuthorityId authority, values::Id<Upload> id);
    /// The newest of an authority.
    static std::vector<Upload> recent(platform::Transaction& tx, identity::AuthorityId authority);
    /// Refuses (Conflict) unless it is checked.
    static void confirm(platform::Transaction& tx, const Upload& upload);
    static void withdraw(platform::Transaction& tx, const Upload& upload);

    /// One step of work: checks or stores one upload; false where there is none to do.
    bool work(platform::Database& database, Importer& importer, const values::Clock& clock) const;
    /// Withdraws what nobody confirmed within this time, and removes its files.
    void removeAbandoned(platform::Database& database, std::chrono::hours keep) const;

private:
    std::string folderOf(values::Id<Upload> id) const { return folder_ + "/" + id.text(); }
    std::vector<SourceFile> filesOf(const Upload& upload) const;

    std::string folder_;
};

}  // namespace intake
