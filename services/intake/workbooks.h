#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "intake/import.h"
#include "platform/temporary_files.h"

namespace intake {

/// Files of an import with each workbook taken apart: a sheet stands for a file. The sheets are kept for as
/// long as this lives.
class OpenedWorkbooks {
public:
    /// Of a workbook with sheets named after what they hold, the others are left alone.
    OpenedWorkbooks(const std::vector<SourceFile>& files, const std::vector<FileType>& types);

    const std::vector<SourceFile>& files() const { return files_; }
    /// Files that cannot be read, with what to do about each.
    const std::vector<std::pair<std::string, std::string>>& problems() const { return problems_; }

private:
    std::optional<platform::TemporaryPlace> folder_;
    std::vector<SourceFile> files_;
    std::vector<std::pair<std::string, std::string>> problems_;
};

}  // namespace intake
