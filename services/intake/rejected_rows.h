#pragma once

#include <set>
#include <string>
#include <vector>

#include "intake/file_import.h"

namespace intake {

struct Upload;

/// Rows that could not be stored and are still to be corrected.
class RejectedRows {
public:
    /// The keys of an authority's records of one kind that are still to be corrected.
    static std::set<std::string> keysOf(platform::Transaction& tx, identity::AuthorityId authority,
                                        const std::string& kind);
    /// Notes them for an upload; one that was noted before belongs to the newer upload.
    static void keep(platform::Transaction& tx, identity::AuthorityId authority, values::Id<Upload> upload,
                     const RefusedFile& file);
    /// Records with these keys were stored.
    static void settle(platform::Transaction& tx, identity::AuthorityId authority, const std::string& kind,
                       const std::set<std::string>& keys);
    /// A file of this name was stored: what earlier ones of the name got wrong is superseded. One that only
    /// corrects rows supersedes those of its kind alone that have no key. The rows of `upload` itself stay.
    static void supersede(platform::Transaction& tx, identity::AuthorityId authority, const PlannedFile& file,
                          bool onlyCorrects, const std::optional<values::Id<Upload>>& upload);
    /// Its sender no longer wants them.
    static void dismiss(platform::Transaction& tx, identity::AuthorityId authority,
                        values::Id<Upload> upload);

    struct Waiting {
        values::Id<Upload> upload;
        std::string file;
        std::set<long> numbers;
    };
    /// What an authority has still to correct, by upload and file.
    static std::vector<Waiting> of(platform::Transaction& tx, identity::AuthorityId authority);
};

/// The rejected rows of a file as they were sent, with a column that says why, as a CSV file to correct and
/// send again. `numbers`: these rows alone.
std::string correctionFile(const std::string& path, const std::set<long>& numbers,
                           const std::map<long, std::string>& reasons);

}  // namespace intake
