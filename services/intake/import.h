#pragma once

#include <functional>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "delivery/authorities.h"
#include "delivery/catalogues.h"
#include "intake/file_type.h"
#include "intake/problems.h"

namespace intake {

/// A file to be imported: where it stands, and what it is called.
struct SourceFile {
    std::string path;
    std::string name;
    std::string stem = {};  ///< what it is named after, where that is not its name: the sheet of a workbook
};

/// What became of one file's records.
struct FileReport {
    std::string name;
    std::string title;
    long rows = 0;
    long created = 0;
    long changed = 0;
    long unchanged = 0;
    std::vector<std::string> ignoredColumns;
};

struct ImportReport {
    std::vector<FileReport> files;
    double seconds = 0;  ///< from the first file to the commit
    long rows() const;
    long created() const;
    long changed() const;
    /// Whether nothing was new.
    bool isUnchanged() const { return created() == 0 && changed() == 0; }
};

enum class ImportMode { store, check };

struct PlannedFile;
struct Upload;
struct RejectedRow;

/// A file of an import that was refused, with its rows that cannot be stored.
struct RefusedFile {
    const PlannedFile& file;
    long rows;
    std::vector<RejectedRow> rejected;
    std::size_t erasedChildren;  ///< in all files of the import
};

/// What an import is told besides its files.
struct ImportOptions {
    std::function<void(const std::string& file, long rows)> progress = {};
    /// Runs in the same unit of work, behind the records.
    std::function<void(platform::Transaction&, const ImportReport&)> alsoDo = {};
    /// Is told which rows cannot be stored and why, before Invalid is thrown.
    std::function<void(const std::vector<RefusedFile>&, const values::Invalid&)> refused = {};
    /// Rows not to be looked at, by file: they were refused before.
    std::map<std::string, std::set<long>> leftOut = {};
    /// The upload that the files came by: its own rejected rows stay to be corrected.
    std::optional<values::Id<Upload>> upload = {};
    /// Throws UnknownColumns where a file does not say what it holds, in place of a problem.
    bool asksForColumns = false;
};
using Progress = std::function<void(const std::string& file, long rows)>;

/// A file whose name or header is not one of ours, and of which its authority has not said what it means.
struct UnknownFile {
    std::string name;
    std::string stem;  ///< the kind its name says; empty where it says none
    std::vector<std::string> header;
};
class UnknownColumns : public std::runtime_error {
public:
    explicit UnknownColumns(std::vector<UnknownFile> files);
    const std::vector<UnknownFile>& files() const { return files_; }

private:
    std::vector<UnknownFile> files_;
};

/// Brings an authority's files in: all of them, or nothing. Records are matched by reference: known ones are
/// brought up to date, the same files again change nothing. Files are read as streams.
class Importer {
public:
    Importer(platform::Database& database, delivery::Catalogues& catalogues, values::Ids& ids,
             std::vector<FileType> types, std::string keyFolder);

    /// The CSV files and workbooks of a folder; other files are left alone. Throws NotFound where there is no
    /// folder or no such file.
    static std::vector<SourceFile> filesOf(const std::string& folder);

    /// Throws Invalid with every problem, each at file, row and column; then nothing is stored. In check mode
    /// nothing is stored either way.
    ImportReport run(const platform::Actor& actor, const delivery::Authority& authority,
                     const std::vector<SourceFile>& files, ImportMode mode,
                     const ImportOptions& options = {});

    const std::vector<FileType>& types() const { return types_; }

private:
    std::vector<PlannedFile> plan(platform::Transaction& tx, const delivery::Authority& authority,
                                  const std::vector<SourceFile>& files, const guidance::Catalogue& catalogue,
                                  const ImportOptions& options, Problems& problems) const;

    platform::Database& database_;
    delivery::Catalogues& catalogues_;
    values::Ids& ids_;
    std::vector<FileType> types_;
    std::string keyFolder_;
};

/// A review's file type has a column for each item of any version of its checklist.
void addItems(FileType& type, const std::map<int, guidance::Checklist>& versions);

/// The names in a file's first row, under the delimiter that gives most of them; none where it cannot be
/// read.
std::vector<std::string> headerOf(const std::string& path);

}  // namespace intake
