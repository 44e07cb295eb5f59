// The quarterly return: filled in from the records, it asks only for what is missing.
#include "authority/returns.h"

#include <algorithm>

#include "authority/quarters.h"

namespace authority {
namespace {

using platform::Response;
using platform::Transaction;
using platform::View;
using returns::Finding;
using returns::QuarterlyReturn;
using returns::Returns;
using values::Quarter;

constexpr int kQuartersBack = 8;

struct QuarterRow {
    std::string href;
    std::string name;
    Tag state;
    std::string due;

    View view() const { return {{"href", href}, {"name", name}, {"state", state}, {"due", due}}; }
};

struct ReturnsPage {
    std::vector<QuarterRow> quarters;

    View view() const { return {{"title", "Quarterly returns"}, {"quarters", quarters}}; }
};

/// A finding, with a field for the reason why it is right where it may be accepted.
struct FindingRow {
    std::string title;
    std::string service;
    std::string severity;
    std::string records;
    std::string message;
    std::string href;
    std::string accepted;
    std::optional<Field> reason;

    View view() const {
        return {{"title", title},     {"service", service}, {"severity", severity}, {"records", records},
                {"message", message}, {"href", href},       {"accepted", accepted}, {"reason", reason}};
    }
};

/// A service of which counts alone are kept.
struct CountsRow {
    std::string href;
    std::string name;
    bool isMissing;

    View view() const { return {{"href", href}, {"name", name}, {"isMissing", isMissing}}; }
};

struct LevelRow {
    std::string title;
    std::string href;
    Tag level;

    View view() const { return {{"title", title}, {"href", href}, {"level", level}}; }
};

struct VersionRow {
    std::string href;
    std::string version;
    std::string when;
    std::string who;
    std::string reason;  ///< of a correction

    View view() const {
        return {{"href", href}, {"version", version}, {"when", when}, {"who", who}, {"reason", reason}};
    }
};

/// What a return that is signed off says of itself.
struct Lock {
    std::string text;
    std::string fingerprint;

    View view() const { return {{"text", text}, {"fingerprint", fingerprint}}; }
};

struct ReturnPage {
    std::string quarter;
    std::string months;
    std::string path;
    Tag state;
    std::string version;
    std::string due;
    std::string reasonOfCorrection;
    std::optional<Lock> lock;
    std::string sentText;
    std::vector<std::string> blocks;
    std::vector<CountsRow> counts;
    std::vector<FindingRow> findings;
    std::string openText;
    bool mayFill = false;
    bool maySign = false;
    bool mayCorrect = false;
    Field comment;
    entrance::Button send;
    Field reason;
    std::string services;
    std::vector<LevelRow> levels;
    std::vector<VersionRow> versions;
    std::string effort;
    std::optional<entrance::ErrorSummary> summaryOfErrors;

    View view() const {
        return {{"title", "Return for " + quarter},
                {"quarter", quarter},
                {"months", months},
                {"path", path},
                {"state", state},
                {"version", version},
                {"due", due},
                {"reasonOfCorrection", reasonOfCorrection},
                {"lock", lock},
                {"sentText", sentText},
                {"blocks", blocks},
                {"counts", counts},
                {"findings", findings},
                {"openText", openText},
                {"mayFill", mayFill},
                {"maySign", maySign},
                {"mayCorrect", mayCorrect},
                {"comment", comment},
                {"send", send},
                {"save", secondaryButton("Save")},
                {"sign", button("Sign off")},
                {"reason", reason},
                {"correct", secondaryButton("Begin a correction")},
                {"services", services},
                {"levels", levels},
                {"versions", versions},
                {"effort", effort},
                {"summaryOfErrors", summaryOfErrors},
                {"back", Link{"/returns", "Back to returns"}}};
    }
};

std::string stateText(const std::optional<QuarterlyReturn>& one) {
    if (!one) return "Not begun";
    if (one->isSigned()) return "Signed off";
    return one->state == "sent" ? "Sent to the director" : "In preparation";
}

Tag stateTag(const std::optional<QuarterlyReturn>& one) {
    return {stateText(one), !one                   ? "govuk-tag--grey"
                            : one->isSigned()      ? "govuk-tag--green"
                            : one->state == "sent" ? "govuk-tag--blue"
                                                   : "govuk-tag--yellow"};
}

std::string effortText(const returns::Effort& effort) {
    const auto minutes = (effort.seconds + 59) / 60;
    return std::to_string(effort.interactions) +
           (effort.interactions == 1 ? " interaction" : " interactions") + " and " + std::to_string(minutes) +
           (minutes == 1 ? " minute" : " minutes");
}

/// The field that holds the reason for which a finding is accepted.
std::string reasonField(const Finding& finding) {
    return "reason." + finding.rule->id + "." + finding.service->reference;
}

QuarterRow quarterRow(Quarter quarter, const std::optional<QuarterlyReturn>& one, values::Date today) {
    const auto due = quarter.last().plusDays(returns::kDueDays);
    QuarterRow row{returnHref(quarter), quarter.name() + ", " + quarter.months(), stateTag(one), ""};
    if (quarter.last() >= today) row.due = "The quarter is under way.";
    else if (!one || !one->isSigned()) row.due = (due < today ? "Was due on " : "Due on ") + due.text();
    return row;
}

std::vector<LevelRow> levelRows(const results::Report& report) {
    std::vector<LevelRow> rows;
    for (const auto& judged : report.recommendations)
        rows.push_back({judged.recommendation->title,
                        "/recommendations/" + judged.recommendation->id + "?quarter=" + report.quarter.slug(),
                        levelTag(judged.result.level)});
    return rows;
}

std::vector<VersionRow> versionRows(const std::vector<QuarterlyReturn>& versions) {
    std::vector<VersionRow> rows;
    for (const auto& one : versions)
        if (one.isSigned())
            rows.push_back({returnHref(one.quarter) + "/versions/" + std::to_string(one.version),
                            "Version " + std::to_string(one.version), entrance::instantText(*one.signedAt),
                            one.signedBy.value_or(""), one.reason});
    return rows;
}

/// What was typed; else the reason given before, this quarter or, to confirm, the one before.
Field reasonOf(const Finding& finding, const Visit& visit) {
    const auto name = reasonField(finding);
    auto reason = visit.request.form.contains(name) ? entrance::valueOf(visit.request.form, name)
                                                    : finding.reason.value_or("");
    if (reason.empty()) reason = finding.reasonBefore;
    return entrance::input({name, "Why it is right as it is (optional)", reason}, visit.problems);
}

std::vector<FindingRow> findingRows(const std::vector<Finding>& findings, Quarter quarter, bool mayFill,
                                    const Visit& visit) {
    std::vector<FindingRow> rows;
    for (const auto& finding : findings) {
        FindingRow row;
        row.title = finding.rule->title;
        row.service = finding.service->name;
        row.severity = sentence(finding.rule->quality.severity);
        row.records = std::to_string(finding.records) + (finding.records == 1 ? " record" : " records");
        row.message = finding.rule->quality.message;
        row.href = "/services/" + finding.service->id.text() + "/measures/" + finding.rule->id +
                   "?quarter=" + quarter.slug();
        row.accepted = finding.reason.value_or("");
        if (mayFill && !finding.isImpossible()) row.reason = reasonOf(finding, visit);
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string openText(const std::vector<Finding>& findings) {
    const auto open = std::ranges::count_if(findings, &Finding::needsAttention);
    if (open == 0) return "";
    return std::to_string(open) + (open == 1 ? " finding asks" : " findings ask") +
           " for a correction or a reason. Only what is impossible stops the return.";
}

std::vector<CountsRow> countsRows(const returns::Assembly& assembly, Quarter quarter) {
    std::vector<CountsRow> rows;
    for (const auto& service : assembly.report.live) {
        if (!service.countsOnly) continue;
        const bool isMissing = std::ranges::any_of(assembly.withoutCounts,
                                                   [&](const auto* one) { return one->id == service.id; });
        rows.push_back(
            {"/services/" + service.id.text() + "/counts/" + quarter.slug(), service.name, isMissing});
    }
    return rows;
}

/// What the return itself says: how far it is, and what was written.
void showState(ReturnPage& page, const std::optional<QuarterlyReturn>& one, const Visit& visit) {
    const auto& form = visit.request.form;
    const bool isSent = one && one->state == "sent";
    page.state = stateTag(one);
    page.version = one ? std::to_string(one->version) : "1";
    page.reasonOfCorrection = one ? one->reason : "";
    if (one && one->isSigned())
        page.lock = Lock{"This return is locked: " + signedOffText(*one) +
                             " To change something, a director begins a correction below. That opens this "
                             "quarter of this authority alone, and what was signed stays as it is.",
                         one->fingerprint};
    if (isSent)
        page.sentText = one->sentBy.value_or("") + " sent it on " + entrance::instantText(*one->sentAt) + ".";
    const auto comment = form.contains("comment") ? entrance::valueOf(form, "comment")
                         : one                    ? one->comment
                                                  : "";
    page.comment = entrance::textArea({"comment", "Comment on the quarter (optional)", comment, "",
                                       "What a reader should know: what changed, what explains a figure"},
                                      4, visit.problems);
    page.send = button(isSent ? "Save, and send again" : "Save, and send to the director");
    page.reason = entrance::input({"reason", "Why it has to be corrected", entrance::valueOf(form, "reason")},
                                  visit.problems);
}

/// What the records say, and what of it stands in the way.
void showRecords(ReturnPage& page, const returns::Assembly& assembly, Quarter quarter, values::Date today,
                 const Visit& visit) {
    page.blocks = assembly.blocks(quarter, today);
    page.counts = countsRows(assembly, quarter);
    page.findings = findingRows(assembly.findings, quarter, page.mayFill, visit);
    page.openText = openText(assembly.findings);
    page.services = std::to_string(assembly.report.services.size());
    page.levels = levelRows(assembly.report);
}

}  // namespace

Quarter quarterOf(const Visit& visit) {
    const auto quarter = Quarter::parse(visit.request.part("quarter"));
    if (!quarter) throw values::NotFound("no such quarter");
    return *quarter;
}

std::string returnHref(Quarter quarter) { return "/returns/" + quarter.slug(); }

Link backToReturn(Quarter quarter) { return {returnHref(quarter), "Back to the return"}; }

std::string signedOffText(const QuarterlyReturn& one) {
    return one.signedBy.value_or("") + " signed it off on " + entrance::instantText(*one.signedAt) + ".";
}

returns::Effort effortIn(const values::Fields& form) {
    values::Reader reader(form);
    return {reader.optionalWhole("effort_interactions", 0, 5000).value_or(0) + 2,
            reader.optionalWhole("effort_seconds", 0, 3600).value_or(0)};
}

Response Door::returnList(Visit& visit) {
    ReturnsPage page;
    const auto today = clock_.today();
    database_.read([&](Transaction& tx) {
        const auto quarters = quartersOf(tx, visit, today);
        const auto all = Returns::all(tx, visit.authority());
        auto quarter = Quarter::containing(today);
        for (int i = 0; i <= kQuartersBack && quarter >= std::min(quarters.first, quarter.previous());
             ++i, quarter = quarter.previous()) {
            const auto found = std::ranges::find(all, quarter, &QuarterlyReturn::quarter);
            page.quarters.push_back(
                quarterRow(quarter, found == all.end() ? std::nullopt : std::optional(*found), today));
        }
    });
    return render(visit, "returns", page);
}

Response Door::quarterReturn(Visit& visit) {
    const auto quarter = quarterOf(visit);
    ReturnPage page;
    page.quarter = quarter.name();
    page.months = quarter.months();
    page.path = returnHref(quarter);
    page.due = quarter.last().plusDays(returns::kDueDays).text();
    database_.read([&](Transaction& tx) {
        const auto versions = Returns::versions(tx, visit.authority(), quarter);
        showState(page, versions.empty() ? std::nullopt : std::optional(versions.front()), visit);
        const bool maySignOff = visit.may(identity::Permission::signOff);
        page.mayFill = visit.may(identity::Permission::fillReturns) && !page.lock;
        page.maySign = maySignOff && !page.lock;
        page.mayCorrect = maySignOff && page.lock;
        showRecords(page, Returns::assemble(tx, catalogues_, visit.authority(), quarter), quarter,
                    clock_.today(), visit);
        page.versions = versionRows(versions);
        page.effort = effortText(Returns::effortOf(tx, visit.authority(), quarter));
    });
    if (!visit.problems.empty()) page.summaryOfErrors = errorSummary(visit.problems);
    return render(visit, "return", page);
}

/// Keeps the comment and the reasons for findings; and sends it, where that was asked.
Response Door::fillReturn(Visit& visit) {
    const auto quarter = quarterOf(visit);
    const auto& form = visit.request.form;
    const auto comment = entrance::valueOf(form, "comment");
    if (comment.size() > 4000)
        throw values::Invalid({{{"", 0, "comment"}, "", "Write the comment in 4000 characters or fewer."}});
    return platform::seeOther(once(visit, [&](Transaction& tx) {
        Returns::comment(tx, ids_, visit.authority(), quarter, comment);
        const auto assembly = Returns::assemble(tx, catalogues_, visit.authority(), quarter);
        for (const auto& finding : assembly.findings) {
            const auto reason = entrance::valueOf(form, reasonField(finding));
            if (reason.size() > 600)
                throw values::Invalid(
                    {{{"", 0, reasonField(finding)}, "", "Write the reason in 600 characters or fewer."}});
            if (!reason.empty() && reason != finding.reason) Returns::accept(tx, finding, quarter, reason);
        }
        if (entrance::valueOf(form, "then") == "send") Returns::send(tx, visit.authority(), quarter);
        Returns::noteEffort(tx, ids_, visit.authority(), quarter, effortIn(form));
        return returnHref(quarter);
    }));
}

Response Door::signReturn(Visit& visit) {
    const auto quarter = quarterOf(visit);
    return platform::seeOther(once(visit, [&](Transaction& tx) {
        Returns::sign(tx, catalogues_, ids_, visit.authority(), quarter, clock_.today());
        Returns::noteEffort(tx, ids_, visit.authority(), quarter, effortIn(visit.request.form));
        return returnHref(quarter);
    }));
}

Response Door::correctReturn(Visit& visit) {
    const auto quarter = quarterOf(visit);
    values::Reader reader(visit.request.form);
    const auto reason = reader.text("reason", "why it has to be corrected", 1000);
    reader.refuseProblems();
    return platform::seeOther(once(visit, [&](Transaction& tx) {
        Returns::correct(tx, ids_, visit.authority(), quarter, reason);
        return returnHref(quarter);
    }));
}

}  // namespace authority
