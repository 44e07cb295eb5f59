#pragma once

#include <optional>
#include <string>
#include <vector>

#include "delivery/catalogues.h"
#include "intake/file_type.h"
#include "values/reader.h"

namespace intake {

/// A record as people see it.
struct RecordView {
    std::string key;
    values::Fields values;  ///< by column; a column that is empty is absent, and a child is never named
    std::string version;    ///< differs where anything of it does
    std::string since;      ///< UTC, as the database keeps it
    bool isCurrent = true;  ///< false for an earlier state
};

/// Somebody else changed the record since it was looked at.
class Changed : public values::Conflict {
public:
    explicit Changed(RecordView given)
        : Conflict("someone changed this record meanwhile"), now(std::move(given)) {}
    RecordView now;
};

/// Keeps records one by one, for pages and for machines: the same rules as for files, with what was before
/// and after in the audit.
class Keeper {
public:
    Keeper(delivery::Catalogues& catalogues, values::Ids& ids, std::vector<FileType> types,
           std::string keyFolder);

    const std::vector<FileType>& types() const { return types_; }
    /// By the name of its file: `episodes`. Throws NotFound.
    const FileType& type(const std::string& name) const;
    const FileType& type(delivery::RecordKind kind) const { return typeOf(types_, kind); }
    /// The type of reviews with a checklist: its items are columns.
    FileType reviewType(platform::Transaction& tx, const std::string& checklist) const;

    /// Of kinds that speak of children a look must be audited.
    std::vector<RecordView> list(platform::Transaction& tx, identity::AuthorityId authority,
                                 const FileType& type, const delivery::RecordQuestion& question) const;
    std::optional<RecordView> find(platform::Transaction& tx, identity::AuthorityId authority,
                                   const FileType& type, const std::string& key) const;
    /// Throws NotFound.
    RecordView byKey(platform::Transaction& tx, identity::AuthorityId authority, const FileType& type,
                     const std::string& key) const;

    struct Saving {
        values::Fields given;                     ///< by column; one that is left out stays as it is
        std::optional<std::string> version = {};  ///< what it was looked at in; none: whatever it is now
        bool isNew = false;                       ///< refused where there is one with this key
        bool isKnown = false;                     ///< refused where there is none
        std::string checklist = {};               ///< of a review
        std::string as = {};  ///< the audit's word, where it is not "created" or "changed"
    };
    struct Saved {
        delivery::PutOutcome outcome;
        std::string key;
    };
    /// Throws Invalid with every problem at its column, Changed, NotFound.
    Saved save(platform::Transaction& tx, identity::AuthorityId authority, const FileType& type,
               const Saving& saving) const;

private:
    std::string detailOf(const FileType& type, const values::Fields& before, const values::Fields& after,
                         bool hasChild) const;

    delivery::Catalogues& catalogues_;
    values::Ids& ids_;
    std::vector<FileType> types_;
    std::string keyFolder_;
};

/// What a form or a file says of one record: `key` of the columns that name it, joined as keys are.
std::string keyOf(const FileType& type, const values::Fields& values);

}  // namespace intake
