// The quarterly return: filled in from the records, it asks only for what is missing.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "authority/door.h"
#include "authority/quarters.h"
#include "authority/view.h"
#include "delivery/entered_counts.h"
#include "returns/returns.h"

namespace authority {
namespace {

using nlohmann::json;
using platform::Response;
using platform::Transaction;
using returns::Finding;
using returns::QuarterlyReturn;
using returns::Returns;
using values::Quarter;

constexpr int kQuartersBack = 8;

Quarter quarterOf(const Visit& visit) {
    const auto quarter = Quarter::parse(visit.request.part("quarter"));
    if (!quarter) throw values::NotFound("no such quarter");
    return *quarter;
}

std::string stateText(const std::optional<QuarterlyReturn>& one) {
    if (!one) return "Not begun";
    if (one->isSigned()) return "Signed off";
    return one->state == "sent" ? "Sent to the director" : "In preparation";
}

json stateTag(const std::optional<QuarterlyReturn>& one) {
    return {{"text", stateText(one)},
            {"classes", !one                   ? "govuk-tag--grey"
                        : one->isSigned()      ? "govuk-tag--green"
                        : one->state == "sent" ? "govuk-tag--blue"
                                               : "govuk-tag--yellow"}};
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

/// What a page says that it took; with its opening and its sending, which is all that is known without
/// script.
returns::Effort effortIn(const values::Fields& form) {
    values::Reader reader(form);
    return {reader.optionalWhole("effort_interactions", 0, 5000).value_or(0) + 2,
            reader.optionalWhole("effort_seconds", 0, 3600).value_or(0)};
}

json levelRows(const results::Report& report) {
    json rows = json::array();
    for (const auto& judged : report.recommendations)
        rows.push_back(
            {{"title", judged.recommendation->title},
             {"href", "/recommendations/" + judged.recommendation->id + "?quarter=" + report.quarter.slug()},
             {"level", levelTag(judged.result.level)}});
    return rows;
}

json versionRows(const std::vector<QuarterlyReturn>& versions) {
    json rows = json::array();
    for (const auto& one : versions)
        if (one.isSigned())
            rows.push_back(
                {{"href", "/returns/" + one.quarter.slug() + "/versions/" + std::to_string(one.version)},
                 {"version", "Version " + std::to_string(one.version)},
                 {"when", entrance::instantText(*one.signedAt)},
                 {"who", one.signedBy.value_or("")},
                 {"reason", one.reason}});
    return rows;
}

}  // namespace

Response Door::returnList(Visit& visit) {
    json view{{"title", "Quarterly returns"}, {"quarters", json::array()}};
    database_.read([&](Transaction& tx) {
        const auto quarters = quartersOf(tx, visit, clock_.today());
        const auto all = Returns::all(tx, visit.authority());
        view["quarters"] = json::array();
        auto quarter = Quarter::containing(clock_.today());
        for (int i = 0; i <= kQuartersBack && quarter >= std::min(quarters.first, quarter.previous());
             ++i, quarter = quarter.previous()) {
            const auto found = std::ranges::find(all, quarter, &QuarterlyReturn::quarter);
            const auto one = found == all.end() ? std::nullopt : std::optional(*found);
            const auto due = quarter.last().plusDays(returns::kDueDays);
            const bool isSigned = one && one->isSigned();
            view["quarters"].push_back(
                {{"href", "/returns/" + quarter.slug()},
                 {"name", quarter.name() + ", " + quarter.months()},
                 {"state", stateTag(one)},
                 {"due", quarter.last() >= clock_.today() ? "The quarter is under way."
                         : isSigned                       ? ""
                                    : (due < clock_.today() ? "Was due on " : "Due on ") + due.text()}});
        }
    });
    return render(visit, "returns", std::move(view));
}

Response Door::quarterReturn(Visit& visit) {
    const auto quarter = quarterOf(visit);
    json view;
    const auto& form = visit.request.form;
    database_.read([&](Transaction& tx) {
        const auto versions = Returns::versions(tx, visit.authority(), quarter);
        const auto one = versions.empty() ? std::nullopt : std::optional(versions.front());
        const auto assembly = Returns::assemble(tx, catalogues_, visit.authority(), quarter);
        const auto blocks = assembly.blocks(quarter, clock_.today());
        const bool isLocked = one && one->isSigned();
        const bool mayFill = visit.may(identity::Permission::fillReturns) && !isLocked;
        json findings = json::array();
        int open = 0;
        for (const auto& finding : assembly.findings) {
            const auto name = reasonField(finding);
            auto reason = form.contains(name) ? entrance::valueOf(form, name) : finding.reason.value_or("");
            const bool isCarried = reason.empty() && !finding.isImpossible();
            if (isCarried) reason = finding.reasonBefore;
            open += finding.needsAttention() ? 1 : 0;
            findings.push_back({{"title", finding.rule->title},
                                {"service", finding.service->name},
                                {"records", std::to_string(finding.records) +
                                                (finding.records == 1 ? " record" : " records")},
                                {"message", finding.rule->quality.message},
                                {"severity", sentence(finding.rule->quality.severity)},
                                {"isImpossible", finding.isImpossible()},
                                {"href", "/services/" + finding.service->id.text() + "/measures/" +
                                             finding.rule->id + "?quarter=" + quarter.slug()},
                                {"accepted", finding.reason.value_or("")},
                                {"canAccept", mayFill && !finding.isImpossible()},
                                {"reason",
                                 {{"id", name},
                                  {"name", name},
                                  {"type", "text"},
                                  {"value", reason},
                                  {"label", "Why it is right as it is (optional)"},
                                  {"error", errorOf(visit.problems, name)},
                                  {"isDescribed", !errorOf(visit.problems, name).empty()}}}});
        }
        json counts = json::array();
        for (const auto& service : assembly.report.live)
            if (service.countsOnly)
                counts.push_back(
                    {{"href", "/services/" + service.id.text() + "/counts/" + quarter.slug()},
                     {"name", service.name},
                     {"isMissing", std::ranges::find(assembly.withoutCounts, service.id, [](const auto* s) {
                                       return s->id;
                                   }) != assembly.withoutCounts.end()}});
        const auto comment = form.contains("comment") ? entrance::valueOf(form, "comment")
                             : one                    ? one->comment
                                                      : "";
        view = {{"title", "Return for " + quarter.name()},
                {"quarter", quarter.name()},
                {"months", quarter.months()},
                {"path", "/returns/" + quarter.slug()},
                {"state", stateTag(one)},
                {"version", one ? std::to_string(one->version) : "1"},
                {"due", quarter.last().plusDays(returns::kDueDays).text()},
                {"reasonOfCorrection", one ? one->reason : ""},
                {"blocks", blocks},
                {"isReady", blocks.empty()},
                {"isBlocked", !blocks.empty() && !isLocked},
                {"isLocked", isLocked},
                {"lockedText",
                 isLocked ? "This return is locked: " + one->signedBy.value_or("") + " signed it off on " +
                                entrance::instantText(*one->signedAt) +
                                ". To change something, a director begins a correction below. That opens "
                                "this quarter of this authority alone, and what was signed stays as it is."
                          : ""},
                {"fingerprint", one ? one->fingerprint : ""},
                {"isSent", one && one->state == "sent"},
                {"sentText", one && one->sentAt ? one->sentBy.value_or("") + " sent it on " +
                                                      entrance::instantText(*one->sentAt) + "."
                                                : ""},
                {"mayFill", mayFill},
                {"maySign", visit.may(identity::Permission::signOff) && !isLocked},
                {"mayCorrect", visit.may(identity::Permission::signOff) && isLocked},
                {"findings", findings},
                {"hasFindings", !findings.empty()},
                {"isClean", findings.empty()},
                {"openText",
                 open == 0 ? ""
                           : std::to_string(open) + (open == 1 ? " finding asks" : " findings ask") +
                                 " for a correction or a reason. Only what is impossible stops the return."},
                {"counts", counts},
                {"hasCounts", !counts.empty()},
                {"services", std::to_string(assembly.report.services.size())},
                {"levels", levelRows(assembly.report)},
                {"comment",
                 entrance::textArea({"comment", "Comment on the quarter (optional)", comment, "",
                                     "What a reader should know: what changed, what explains a figure"},
                                    4, visit.problems)},
                {"reason",
                 {{"id", "reason"},
                  {"name", "reason"},
                  {"type", "text"},
                  {"label", "Why it has to be corrected"},
                  {"value", entrance::valueOf(form, "reason")},
                  {"error", errorOf(visit.problems, "reason")},
                  {"isDescribed", !errorOf(visit.problems, "reason").empty()}}},
                {"save", secondaryButton("Save")},
                {"send", button(one && one->state == "sent" ? "Save, and send again"
                                                            : "Save, and send to the director")},
                {"sign", button("Sign off")},
                {"correct", secondaryButton("Begin a correction")},
                {"effort", effortText(Returns::effortOf(tx, visit.authority(), quarter))},
                {"versions", versionRows(versions)},
                {"back", {{"href", "/returns"}, {"text", "Back to returns"}}}};
        view["hasVersions"] = !view["versions"].empty();
    });
    if (!visit.problems.empty()) view["summaryOfErrors"] = errorSummary(visit.problems);
    return render(visit, "return", std::move(view));
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
        return "/returns/" + quarter.slug();
    }));
}

Response Door::signReturn(Visit& visit) {
    const auto quarter = quarterOf(visit);
    return platform::seeOther(once(visit, [&](Transaction& tx) {
        Returns::sign(tx, catalogues_, ids_, visit.authority(), quarter, clock_.today());
        Returns::noteEffort(tx, ids_, visit.authority(), quarter, effortIn(visit.request.form));
        return "/returns/" + quarter.slug();
    }));
}

Response Door::correctReturn(Visit& visit) {
    const auto quarter = quarterOf(visit);
    values::Reader reader(visit.request.form);
    const auto reason = reader.text("reason", "why it has to be corrected", 1000);
    reader.refuseProblems();
    return platform::seeOther(once(visit, [&](Transaction& tx) {
        Returns::correct(tx, ids_, visit.authority(), quarter, reason);
        return "/returns/" + quarter.slug();
    }));
}

/// What was signed, and what differs from the version before.
Response Door::signedReturn(Visit& visit) {
    const auto quarter = quarterOf(visit);
    json view;
    std::string content;
    database_.read([&](Transaction& tx) {
        const auto versions = Returns::versions(tx, visit.authority(), quarter);
        const auto found = std::ranges::find(versions, visit.request.part("version"),
                                             [](const auto& one) { return std::to_string(one.version); });
        if (found == versions.end() || !found->isSigned()) throw values::NotFound("no such version");
        content = found->content;
        const auto signedOne = json::parse(found->content);
        json levels = json::array();
        const auto inForce = catalogues_.inForce(tx);
        for (const auto& one : signedOne.at("report").at("recommendations"))
            levels.push_back(
                row(inForce->latest.statementTitle(one.at("recommendation")), {sentence(one.at("level"))}));
        view = {{"title", "Return for " + quarter.name() + ", version " + std::to_string(found->version)},
                {"signedText", found->signedBy.value_or("") + " signed it off on " +
                                   entrance::instantText(*found->signedAt) + "."},
                {"fingerprint", found->fingerprint},
                {"comment", found->comment},
                {"reason", found->reason},
                {"path", visit.request.path},
                {"levelsTable",
                 table("levels", "Levels as they were signed", {"Recommendation", "Level"}, levels)},
                {"back", {{"href", "/returns/" + quarter.slug()}, {"text", "Back to the return"}}}};
        const auto before = std::next(found);
        if (before == versions.end()) return;
        json rows = json::array();
        for (const auto& one : returns::differencesBetween(*before, *found))
            rows.push_back(row(one.what, {one.was.empty() ? "–" : one.was, one.is.empty() ? "–" : one.is}));
        view["isCorrection"] = true;
        view["isSame"] = rows.empty();
        if (!rows.empty())
            view["differencesTable"] =
                table("differences", "What differs from version " + std::to_string(before->version),
                      {"What", "Was", "Is"}, rows);
    });
    if (visit.request.query.contains("json")) {
        auto response = platform::jsonAnswer(content);
        response.headers.emplace_back("Content-Disposition", "attachment; filename=\"return.json\"");
        return response;
    }
    return render(visit, "signed_return", std::move(view));
}

Response Door::countsForm(Visit& visit) {
    const auto quarter = quarterOf(visit);
    const auto id = visit.request.partId<delivery::Service>("service");
    json view;
    database_.read([&](Transaction& tx) {
        const auto service = delivery::Services::byId(tx, visit.authority(), id);
        if (!service.countsOnly)
            throw values::Conflict(
                "This service keeps single records, so its counts come from them. Change what is kept of it "
                "in its record first.");
        const auto known = delivery::EnteredCounts::of(tx, service, quarter);
        const auto inForce = catalogues_.inForce(tx);
        json fields = json::array();
        for (const auto& measure : delivery::EnteredCounts::measures()) {
            const auto kept = known.find(measure);
            const auto value = visit.request.form.contains(measure)
                                   ? entrance::valueOf(visit.request.form, measure)
                               : kept == known.end() ? ""
                                                     : std::to_string(kept->second);
            auto field =
                entrance::input({measure, inForce->latest.measureTitle(measure), value}, visit.problems);
            fields.push_back(std::move(field));
        }
        view = {{"title", "Counts for " + quarter.name() + ": " + service.name},
                {"service", service.name},
                {"quarter", quarter.name()},
                {"months", quarter.months()},
                {"path", visit.request.path},
                {"fields", fields},
                {"save", button("Save the counts")},
                {"back", {{"href", "/returns/" + quarter.slug()}, {"text", "Back to the return"}}}};
    });
    if (!visit.problems.empty()) view["summaryOfErrors"] = errorSummary(visit.problems);
    return render(visit, "counts", std::move(view));
}

Response Door::saveCounts(Visit& visit) {
    const auto quarter = quarterOf(visit);
    const auto service = serviceOf(visit);
    values::Reader reader(visit.request.form);
    delivery::EnteredCounts::Counts counts;
    for (const auto& measure : delivery::EnteredCounts::measures()) {
        if (reader.text(measure, "how many; 0 where there were none").empty()) continue;
        if (const auto count = reader.optionalWhole(measure, 0, 1000000)) counts[measure] = *count;
    }
    reader.refuseProblems();
    return platform::seeOther(once(visit, [&](Transaction& tx) {
        if (!service.countsOnly)
            throw values::Conflict("This service keeps single records, so its counts come from them.");
        delivery::EnteredCounts::put(tx, service, quarter, counts);
        Returns::noteEffort(tx, ids_, visit.authority(), quarter, effortIn(visit.request.form));
        return "/returns/" + quarter.slug();
    }));
}

}  // namespace authority
