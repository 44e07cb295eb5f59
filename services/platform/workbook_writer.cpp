#include <xlsxwriter.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>

#include "platform/file_writer.h"
#include "platform/temporary_files.h"
#include "platform/text_file.h"
#include "platform/workbook.h"

namespace platform {

namespace {

struct Closed {
    void operator()(lxw_workbook* workbook) const { workbook_close(workbook); }
};

/// Where each column's choices stand on the sheet of lists.
using Places = std::map<std::pair<std::size_t, std::size_t>, std::string>;

Places writeLists(lxw_workbook* workbook, const std::vector<WorkbookSheet>& all) {
    Places places;
    auto* lists = workbook_add_worksheet(workbook, "Lists");
    lxw_col_t column = 0;
    for (std::size_t s = 0; s < all.size(); ++s)
        for (std::size_t c = 0; c < all[s].columns.size(); ++c) {
            const auto& choices = all[s].columns[c].choices;
            if (choices.empty()) continue;
            worksheet_write_string(lists, 0, column, all[s].columns[c].heading.c_str(), nullptr);
            for (std::size_t i = 0; i < choices.size(); ++i)
                worksheet_write_string(lists, static_cast<lxw_row_t>(i + 1), column, choices[i].c_str(),
                                       nullptr);
            char first[LXW_MAX_CELL_NAME_LENGTH];
            char last[LXW_MAX_CELL_NAME_LENGTH];
            lxw_rowcol_to_cell_abs(first, 1, column, 1, 1);
            lxw_rowcol_to_cell_abs(last, static_cast<lxw_row_t>(choices.size()), column, 1, 1);
            places[{s, c}] = std::string("=Lists!") + first + ":" + last;
            ++column;
        }
    return places;
}

}  // namespace

std::string workbookOf(const std::vector<WorkbookSheet>& all, std::optional<values::Instant> madeAt) {
    // The library writes to files alone; those between are its own, and nameless.
    const TemporaryPlace place(".xlsx");
    std::unique_ptr<lxw_workbook, Closed> workbook(workbook_new(place.path().c_str()));
    if (!workbook) throw NoRoom(place.path());
    if (madeAt) {
        lxw_doc_properties properties{};
        properties.created = std::chrono::system_clock::to_time_t(*madeAt);
        workbook_set_properties(workbook.get(), &properties);
    }
    auto* heading = workbook_add_format(workbook.get());
    format_set_bold(heading);
    format_set_bg_color(heading, 0xE3EFEE);
    auto* day = workbook_add_format(workbook.get());
    format_set_num_format(day, "dd/mm/yyyy");
    auto* words = workbook_add_format(workbook.get());
    format_set_num_format(words, "@");  // references stay as they are typed
    std::vector<lxw_worksheet*> made;
    for (const auto& sheet : all) made.push_back(workbook_add_worksheet(workbook.get(), sheet.name.c_str()));
    const bool hasLists = std::ranges::any_of(all, [](const auto& sheet) {
        return std::ranges::any_of(sheet.columns, [](const auto& column) { return !column.choices.empty(); });
    });
    const auto places = hasLists ? writeLists(workbook.get(), all) : Places{};
    for (std::size_t s = 0; s < all.size(); ++s) {
        const auto& sheet = all[s];
        auto* out = made[s];
        worksheet_freeze_panes(out, 1, 0);
        for (std::size_t c = 0; c < sheet.columns.size(); ++c) {
            const auto& column = sheet.columns[c];
            const auto at = static_cast<lxw_col_t>(c);
            worksheet_set_column(out, at, at, column.width, column.isDate ? day : words);
            worksheet_write_string(out, 0, at, column.heading.c_str(), heading);
            if (!column.note.empty()) worksheet_write_comment(out, 0, at, column.note.c_str());
            const auto list = places.find({s, c});
            if (list == places.end() || sheet.rowsToFill == 0) continue;
            lxw_data_validation rule{};
            rule.validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
            auto formula = list->second;
            std::string title = "Choose from the list";
            std::string message = "Only what the list offers is known here.";
            rule.value_formula = formula.data();
            rule.error_title = title.data();
            rule.error_message = message.data();
            worksheet_data_validation_range(out, 1, at, static_cast<lxw_row_t>(sheet.rowsToFill), at, &rule);
        }
        for (std::size_t r = 0; r < sheet.rows.size(); ++r)
            for (std::size_t c = 0; c < sheet.rows[r].size(); ++c) {
                const auto& cell = sheet.rows[r][c];
                const auto row = static_cast<lxw_row_t>(r + 1);
                const auto at = static_cast<lxw_col_t>(c);
                if (cell.isNumber)
                    worksheet_write_number(out, row, at, std::strtod(cell.text.c_str(), nullptr), nullptr);
                else if (!cell.text.empty())
                    worksheet_write_string(out, row, at, cell.text.c_str(), cell.isHeading ? heading : words);
            }
    }
    if (workbook_close(workbook.release()) != LXW_NO_ERROR) throw NoRoom(place.path());
    return fileText(place.path());
}

}  // namespace platform
