#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "values/instant.h"

namespace platform {

/// Whether a file's name says that it is a workbook that we read: XLSX or ODS.
bool isWorkbook(const std::string& name);

/// One sheet of a workbook, as a CSV file of ours.
struct SheetFile {
    std::string name;
    std::string path;
};

/// Writes each sheet of a workbook that holds anything to a CSV file in `folder`: rows keep their numbers,
/// dates come out as 2025-06-30, formulas as what they gave when the workbook was saved. Throws Invalid where
/// it is no workbook, is damaged, or would unpack to more than `mostBytes`.
std::vector<SheetFile> sheetsOf(const std::string& path, const std::string& name, const std::string& folder,
                                std::uint64_t mostBytes = 1ULL << 30);

/// A cell of a workbook that we write.
struct WorkbookCell {
    std::string text;
    bool isNumber = false;
    bool isHeading = false;
};

/// What a column of a sheet takes.
struct WorkbookColumn {
    std::string heading;
    std::string note;  ///< shown beside the heading
    double width = 18;
    bool isDate = false;
    std::vector<std::string> choices;  ///< offered as a list; none where empty
};

struct WorkbookSheet {
    std::string name;
    std::vector<WorkbookColumn> columns;
    std::vector<std::vector<WorkbookCell>> rows;
    int rowsToFill = 0;  ///< so many rows below take what the columns say
};

/// An XLSX workbook, whole. Choices stand on a sheet of their own, called Lists. `madeAt`: when it says that
/// it was made; the same sheets and instant give the same bytes.
std::string workbookOf(const std::vector<WorkbookSheet>& sheets,
                       std::optional<values::Instant> madeAt = std::nullopt);

}  // namespace platform
