#include "presentation/report_page.h"

#include <fmt/format.h>

#include "presentation/report_sections.h"
#include "presentation/words.h"

namespace presentation {

using entrance::Link;
using entrance::sentence;
using platform::View;

namespace {

/// The whole report: what it is of, its files, and its sections.
struct ReportPage {
    std::string authority;
    std::string region;
    std::string period;
    std::string months;
    std::string known;
    bool mayChange;  ///< it is of a day that is not over
    Place place;
    Glance glance;
    Findings findings;
    Areas areas;
    Aims aims;
    Recommendations recommendations;
    Meetings meetings;
    Spread spread;
    Comparison comparison;
    Equality equality;
    OfficialContext official;
    Statements statements;
    SignedReturns returns;
    Making making;

    View view() const {
        View shown{{"title", authority + ": how help is delivered, " + period},
                   {"authority", authority},
                   {"region", region},
                   {"period", period},
                   {"months", months},
                   {"known", known},
                   {"mayChange", mayChange},
                   {"printSheet", place.address + "/print.css"},
                   {"csv", place.address + "/data.csv"},
                   {"workbook", place.address + "/data.xlsx"},
                   {"inspection", place.inspection}};
        for (const auto& section :
             {View(glance), View(findings), View(areas), View(aims), View(recommendations), View(meetings),
              View(spread), View(comparison), View(equality), View(official), View(statements), View(returns),
              View(making)})
            shown.add(section);
        if (place.back) shown.add({{"back", *place.back}});
        return shown;
    }
};

ReportPage reportPage(const adherence::KeptReport& report, const Place& place) {
    const Source source(report, place);
    const auto& authority = source.at("authority");
    const auto& period = source.at("period");
    return {authority.at("name"),
            authority.at("region"),
            report.period.name(),
            dayText(period.at("from")) + " to " + dayText(period.at("to")),
            sentence(report.known.text()),
            !report.known.isWholeDay,
            place,
            Glance::of(source),
            Findings::of(source),
            Areas::of(source),
            Aims::of(source),
            Recommendations::of(source),
            Meetings::of(source),
            Spread::of(source),
            Comparison::of(source),
            Equality::of(source),
            OfficialContext::of(source),
            Statements::of(source),
            SignedReturns::of(source),
            Making::of(source, report.fingerprint)};
}

/// In place of a report: it is being made, or could not be.
struct WaitingPage {
    bool isFailed;
    std::string refresh;  ///< where to look again; empty where that would not help
    Link back;
    View view() const {
        return {{"title", isFailed ? "The report could not be made" : "The report is being made"},
                {"isFailed", isFailed},
                {"refresh", refresh},
                {"back", back}};
    }
};

/// As a string of a style sheet: every character that could end it is written by its number.
std::string sheetString(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\' || c == '<' || static_cast<unsigned char>(c) < 0x20)
            out += fmt::format("\\{:06x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        else out += c;
    }
    return out + "\"";
}

}  // namespace

View reportView(const adherence::KeptReport& report, const Place& place) { return reportPage(report, place); }

View waitingView(const adherence::KeptReport& report, const std::string& address, const std::string& back,
                 const std::string& backText) {
    const bool isFailed = report.state == "failed";
    return WaitingPage{isFailed, isFailed ? "" : address, {back, backText}};
}

std::string printSheet(const adherence::KeptReport& report) {
    const auto content = View::fromJson(report.content);
    const auto header =
        "Plumbline: " + content.at("authority").at("name").text() + ", " + report.period.name();
    const auto footer = sentence(report.known.text()) + ". Fingerprint " + report.fingerprint.substr(0, 16);
    return "@page {\n  size: A4;\n  margin: 22mm 16mm;\n"
           "  @top-left { content: " +
           sheetString(header) +
           "; font: 9pt sans-serif; color: #444; }\n"
           "  @bottom-left { content: " +
           sheetString(footer) +
           "; font: 8pt sans-serif; color: #444; }\n"
           "  @bottom-right { content: \"Page \" counter(page) \" of \" counter(pages); font: 9pt "
           "sans-serif; }\n}\n";
}

}  // namespace presentation
