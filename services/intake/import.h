#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "delivery/authorities.h"
#include "delivery/catalogues.h"
#include "intake/file_type.h"

namespace intake {

/// A file to be imported: where it stands, and what it is called.
struct SourceFile {
    std::string path;
    std::string name;
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

using Progress = std::function<void(const std::string& file, long rows)>;

/// Brings an authority's files in: all of them, or nothing. Records are matched by reference: known ones are
/// brought up to date, the same files again change nothing. Files are read as streams.
class Importer {
public:
    Importer(platform::Database& database, delivery::Catalogues& catalogues, values::Ids& ids,
             std::vector<FileType> types, std::string keyFolder);

    /// The CSV files of a folder; other files are left alone. Throws NotFound where there is no folder or no
    /// CSV file.
    static std::vector<SourceFile> filesOf(const std::string& folder);

    /// Throws Invalid with every problem, each at file, row and column; then nothing is stored. In check mode
    /// nothing is stored either way. `alsoDo` runs in the same unit of work, behind the records.
    ImportReport run(const platform::Actor& actor, const delivery::Authority& authority,
                     const std::vector<SourceFile>& files, ImportMode mode, const Progress& progress = {},
                     const std::function<void(platform::Transaction&, const ImportReport&)>& alsoDo = {});

private:
    platform::Database& database_;
    delivery::Catalogues& catalogues_;
    values::Ids& ids_;
    std::vector<FileType> types_;
    std::string keyFolder_;
};

}  // namespace intake
