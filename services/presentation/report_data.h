#pragma once

#include <string>

#include "adherence/reports.h"

namespace presentation {

/// Every figure and statement of a report in one table: a row each, as CSV (UTF-8 with a byte-order mark, for
/// spreadsheets).
std::string reportCsv(const adherence::KeptReport& report);
/// The same as an XLSX workbook: a sheet a kind of row.
std::string reportWorkbook(const adherence::KeptReport& report);

}  // namespace presentation
