#include "intake/workbooks.h"

#include <algorithm>
#include <filesystem>

#include "platform/file_writer.h"
#include "platform/workbook.h"
#include "values/errors.h"
#include "values/text.h"

namespace intake {

namespace fs = std::filesystem;

OpenedWorkbooks::OpenedWorkbooks(const std::vector<SourceFile>& files, const std::vector<FileType>& types) {
    const auto isNamed = [&](const platform::SheetFile& sheet) {
        const auto name = values::lowered(sheet.name);
        return std::ranges::any_of(
            types, [&](const auto& type) { return name.substr(0, name.find('.')) == type.name; });
    };
    for (const auto& file : files) {
        if (!platform::isWorkbook(file.name)) {
            files_.push_back(file);
            continue;
        }
        if (!folder_) {
            folder_.emplace();
            platform::makePrivateFolder(folder_->path());
        }
        try {
            const auto sheets = platform::sheetsOf(file.path, file.name,
                                                   folder_->path() + "/" + std::to_string(files_.size()));
            const bool hasNamed = std::ranges::any_of(sheets, isNamed);
            for (const auto& sheet : sheets) {
                if (hasNamed && !isNamed(sheet)) continue;
                const bool isAlone = !hasNamed && sheets.size() == 1;
                files_.push_back({sheet.path, isAlone ? file.name : file.name + ", sheet " + sheet.name,
                                  isAlone ? fs::path(file.name).stem().string() : sheet.name});
            }
        } catch (const values::Invalid& refusal) {
            problems_.emplace_back(file.name, refusal.problems().front().wanted);
        }
    }
}

}  // namespace intake
