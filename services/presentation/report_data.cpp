#include "presentation/report_data.h"

#include <deque>

#include "entrance/view.h"
#include "platform/workbook.h"
#include "presentation/words.h"

namespace presentation {
namespace {

using platform::View;

/// A sheet of the data: what each column holds, and its rows as text. Numbers are known by their column.
struct Sheet {
    std::string name;
    std::vector<std::string> headings;
    std::vector<bool> isNumber;
    std::vector<std::vector<std::string>> rows;
};

std::string textOf(const View& value) {
    if (value.isNothing()) return "";
    return value.isText() ? value.text() : value.json();
}

std::string at(const View& entry, const char* key) {
    return entry.contains(key) ? textOf(entry.at(key)) : "";
}

/// A deque, whose elements stay where they are as it grows.
std::deque<Sheet> sheetsOf(const adherence::KeptReport& report) {
    const auto content = View::fromJson(report.content);
    std::deque<Sheet> sheets;
    auto& about = sheets.emplace_back(Sheet{"About", {"what", "value"}, {false, false}, {}});
    about.rows = {{"authority", at(content.at("authority"), "name")},
                  {"authority code", at(content.at("authority"), "code")},
                  {"first quarter", at(content.at("period"), "first")},
                  {"last quarter", at(content.at("period"), "last")},
                  {"known at", at(content.at("known"), "at")},
                  {"whole day", at(content.at("known"), "is_whole_day")},
                  {"catalogue fingerprint", at(content.at("catalogue"), "fingerprint")},
                  {"report fingerprint", report.fingerprint}};
    auto& recommendations =
        sheets.emplace_back(Sheet{"Recommendations",
                                  {"recommendation", "title", "guide", "level", "evidence", "declared"},
                                  {false, false, false, false, false, false},
                                  {}});
    auto& standards =
        sheets.emplace_back(Sheet{"Standards",
                                  {"recommendation", "measure", "title", "numerator", "denominator",
                                   "at_least", "min_n", "required", "basis", "status"},
                                  {false, false, false, true, true, true, true, false, false, false},
                                  {}});
    for (const auto& one : content.at("recommendations")) {
        recommendations.rows.push_back(
            {at(one, "recommendation"), at(one, "title"), at(one, "guide"), at(one, "level"),
             at(one.at("evidence"), "grade"),
             one.at("declared").isObject() ? at(one.at("declared"), "status") : ""});
        for (const auto& standard : one.at("standards"))
            standards.rows.push_back({at(one, "recommendation"), at(standard, "measure"),
                                      at(standard, "title"), at(standard, "numerator"),
                                      at(standard, "denominator"), at(standard, "at_least"),
                                      at(standard, "min_n"), at(standard, "required"), at(standard, "basis"),
                                      at(standard, "status")});
    }
    auto& expectations = sheets.emplace_back(Sheet{"Expectations",
                                                   {"expectation", "area", "statement", "evidence", "measure",
                                                    "numerator", "denominator", "count_or_value"},
                                                   {false, false, false, false, false, true, true, true},
                                                   {}});
    for (const auto& one : content.at("expectations")) {
        const auto grade = at(one, "silent").empty() ? at(one.at("evidence"), "grade") : "nothing to say";
        if (one.at("measures").empty())
            expectations.rows.push_back(
                {at(one, "code"), at(one, "area"), at(one, "statement"), grade, "", "", "", ""});
        for (const auto& measure : one.at("measures"))
            expectations.rows.push_back(
                {at(one, "code"), at(one, "area"), at(one, "statement"), grade, at(measure, "measure"),
                 at(measure, "numerator"), at(measure, "denominator"),
                 measure.contains("count") ? at(measure, "count") : at(measure, "value")});
    }
    auto& findings = sheets.emplace_back(Sheet{"Findings",
                                               {"number", "kind", "rule", "finding", "line_of_enquiry"},
                                               {true, false, false, false, false},
                                               {}});
    for (const auto& one : content.at("findings"))
        findings.rows.push_back(
            {at(one, "number"), at(one, "kind"), at(one, "rule"), at(one, "text"), at(one, "enquiry")});
    auto& comparison =
        sheets.emplace_back(Sheet{"Comparison",
                                  {"intervention", "measure", "numerator", "denominator", "region_numerator",
                                   "region_denominator", "neighbours_median", "neighbours",
                                   "england_numerator", "england_denominator", "england_authorities"},
                                  {false, false, true, true, true, true, true, true, true, true, true},
                                  {}});
    for (const auto& one : content.at("comparison").at("rows")) {
        const auto part = [&](const char* key, const char* which) {
            return one.contains(key) ? at(one.at(key), which) : std::string();
        };
        comparison.rows.push_back({at(one, "intervention"), at(one, "measure"), part("own", "numerator"),
                                   part("own", "denominator"), part("region", "numerator"),
                                   part("region", "denominator"), at(one, "neighbours_median"),
                                   at(one, "neighbours"), part("england", "numerator"),
                                   part("england", "denominator"), at(one, "england_authorities")});
    }
    auto& equality =
        sheets.emplace_back(Sheet{"Fairness",
                                  {"measure", "characteristic", "group", "numerator", "denominator", "shown"},
                                  {false, false, false, true, true, false},
                                  {}});
    for (const auto& one : content.at("equality"))
        equality.rows.push_back({at(one, "measure"), at(one, "characteristic"), at(one, "group"),
                                 at(one, "numerator"), at(one, "denominator"),
                                 one.at("is_shown").isTrue() ? "yes" : "too few"});
    auto& official = sheets.emplace_back(
        Sheet{"Official context",
              {"dataset", "indicator", "filters", "period", "authority", "region", "england", "note"},
              {false, false, false, false, false, false, false, false},
              {}});
    for (const auto& one : content.at("context"))
        official.rows.push_back({at(one, "dataset"), at(one, "indicator"), at(one, "filters"),
                                 at(one, "period"), at(one, "authority"), at(one, "region"),
                                 at(one, "england"), at(one, "note")});
    auto& meetings = sheets.emplace_back(Sheet{"Family meetings", {"step", "families"}, {false, true}, {}});
    const auto& counted = content.at("meetings");
    for (std::size_t i = 0; i < counted.size(); ++i)
        if (counted.at(i).isNumber()) meetings.rows.push_back({counted.names()[i], textOf(counted.at(i))});
    return sheets;
}

}  // namespace

std::string reportCsv(const adherence::KeptReport& report) {
    std::string text = "\xEF\xBB\xBF";
    const auto line = [&](const std::vector<std::string>& cells) {
        for (std::size_t i = 0; i < cells.size(); ++i)
            text += (i == 0 ? "" : ",") + entrance::csvCell(cells[i]);
        text += "\r\n";
    };
    line({"section", "row", "column", "value"});
    for (const auto& sheet : sheetsOf(report)) {
        int number = 0;
        for (const auto& row : sheet.rows) {
            ++number;
            for (std::size_t i = 0; i < row.size(); ++i)
                if (!row[i].empty()) line({sheet.name, std::to_string(number), sheet.headings[i], row[i]});
        }
    }
    return text;
}

std::string reportWorkbook(const adherence::KeptReport& report) {
    std::vector<platform::WorkbookSheet> made;
    for (const auto& sheet : sheetsOf(report)) {
        platform::WorkbookSheet out{sheet.name, {}, {}, 0};
        for (const auto& heading : sheet.headings) out.columns.push_back({heading, "", 22, false, {}});
        for (const auto& row : sheet.rows) {
            std::vector<platform::WorkbookCell> cells;
            for (std::size_t i = 0; i < row.size(); ++i)
                cells.push_back({row[i], sheet.isNumber[i] && !row[i].empty(), false});
            out.rows.push_back(std::move(cells));
        }
        made.push_back(std::move(out));
    }
    return platform::workbookOf(made, report.known.at);
}

}  // namespace presentation
