// Any bytes as a workbook, XLSX and ODS: refused with its name, or sheets that the CSV reader reads.
#include "platform/workbook.h"

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "platform/csv.h"
#include "values/errors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto folder =
        std::filesystem::temp_directory_path() / ("plumbline-fuzz-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    if (size == 0) return 0;
    const auto path = (folder / "book").string();
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(data + 1), static_cast<std::streamsize>(size - 1));  // NOLINT
    try {
        for (const auto& sheet :
             platform::sheetsOf(path, data[0] % 2 == 0 ? "a.xlsx" : "a.ods", folder, 1U << 22)) {
            platform::CsvReader csv(sheet.path, platform::encodingOf(sheet.path), ',');
            while (csv.next())
                for (std::size_t i = 0; i < csv.size(); ++i)
                    if (!platform::isUtf8(csv.cell(i))) std::abort();
        }
    } catch (const values::Invalid&) {
    }
    return 0;
}
