// Sections 13 to 15 of a report's page: what the authority says and signed, and what the report is made from.
#include <fmt/format.h>

#include "presentation/report_sections.h"
#include "presentation/words.h"

namespace presentation {

using entrance::Row;
using entrance::row;
using entrance::sentence;
using entrance::table;
using entrance::unlessEmpty;
using platform::View;

namespace {

Row actionRow(const View& one) {
    std::string state = one.at("is_overdue").isTrue() ? "Overdue" : "Open";
    if (!one.at("closed_on").isNothing())
        state = "Closed on " + dayText(one.at("closed_on")) +
                (one.at("has_evidence").isTrue() ? ", on evidence" : ", no evidence named");
    return row(one.at("title"), {dayText(one.at("due_on")), state});
}

Row feedbackRow(const Source& source, const View& one) {
    return row(source.serviceName(one.at("service")),
               {sentence(one.at("respondent").text()), std::to_string(one.at("pieces").whole()),
                one.at("mean").isNothing() ? "too few to give"
                                           : fmt::format("{:.1f} of 5", one.at("mean").fraction())});
}

Row returnRow(const View& one) {
    if (!one.at("is_signed").isTrue()) return row(one.at("quarter"), {"Not signed off", "–", "–"});
    const auto& changed = one.at("changed");
    return row(one.at("quarter"), {fmt::format("Version {}, {}", one.at("version").whole(),
                                               dayText(one.at("signed_at").text().substr(0, 10))),
                                   changed.empty() ? "Agree" : fmt::format("{} differ", changed.size()),
                                   one.at("fingerprint").text().substr(0, 12)});
}

}  // namespace

Statements Statements::of(const Source& source) {
    std::vector<Row> actions;
    for (const auto& one : source.at("actions")) actions.push_back(actionRow(one));
    std::vector<Row> feedback;
    for (const auto& one : source.at("feedback")) feedback.push_back(feedbackRow(source, one));
    return {unlessEmpty(table("actions", "Actions, open or closed in the period", {"Action", "Due", "State"},
                              actions)),
            unlessEmpty(table("feedback", "Feedback from children and families",
                              {"Service", "From", "Pieces", "Mean rating"}, feedback))};
}

View Statements::view() const { return {{"actionsTable", actions}, {"feedbackTable", feedback}}; }

View SignedReturns::Change::view() const { return {{"quarter", quarter}, {"text", text}}; }

SignedReturns SignedReturns::of(const Source& source) {
    std::vector<Row> rows;
    std::vector<Change> changes;
    for (const auto& one : source.at("returns")) {
        rows.push_back(returnRow(one));
        if (!one.at("is_signed").isTrue()) continue;
        for (const auto& text : one.at("changed")) changes.push_back({one.at("quarter"), text});
    }
    return {table("returns", "Signed returns of the period",
                  {"Quarter", "Signed off", "Figures then and now", "Fingerprint begins"}, rows),
            changes};
}

View SignedReturns::view() const { return {{"returnsTable", returns}, {"changes", changes}}; }

Making Making::of(const Source& source, const std::string& fingerprint) {
    const auto& catalogue = source.at("catalogue");
    Making made{fingerprint, catalogue.at("fingerprint"), {}};
    for (const auto& one : catalogue.at("guides"))
        made.guides.push_back(one.at("title").text() + ", version " + one.at("version").text());
    return made;
}

View Making::view() const {
    return {{"fingerprint", fingerprint}, {"catalogueFingerprint", catalogueFingerprint}, {"guides", guides}};
}

}  // namespace presentation
