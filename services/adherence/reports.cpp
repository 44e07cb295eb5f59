#include "adherence/reports.h"

#include <map>

#include "platform/digest.h"
#include "platform/log.h"
#include "values/errors.h"
#include "values/json.h"

namespace adherence {
namespace {

using nlohmann::ordered_json;
using platform::Account;
using platform::Statement;
using platform::Transaction;

constexpr auto kReaders = Account::authority | Account::inspection;

const Statement kInsertReport("ask for a report", kReaders, R"(
    INSERT INTO adherence_report (id, authority_id, first_quarter, last_quarter, known_on, known_at, is_whole_day, asked_at,
        asked_by)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?))");
const Statement kSelectSame("select the report of a question", kReaders, R"(
    SELECT id FROM adherence_report WHERE authority_id = ? AND first_quarter = ? AND last_quarter = ? AND known_on = ?
        AND is_whole_day AND state <> 'failed' ORDER BY asked_at LIMIT 1)");
const Statement kSelectReport("select a report", kReaders, R"(
    SELECT id, authority_id, first_quarter, last_quarter, known_on, CAST(known_at AS CHAR), is_whole_day, asked_by, state,
           COALESCE(fingerprint, ''), IF(?, COALESCE(content, ''), '')
    FROM adherence_report WHERE authority_id = ? AND id = ?)");
const Statement kSelectReports("select the reports on an authority", kReaders, R"(
    SELECT id, authority_id, first_quarter, last_quarter, known_on, CAST(known_at AS CHAR), is_whole_day, asked_by, state,
           COALESCE(fingerprint, ''), ''
    FROM adherence_report WHERE authority_id = ? ORDER BY asked_at DESC, id DESC LIMIT 100)");
const Statement kSelectDetail("select what stands behind a report", kReaders,
                              "SELECT content FROM adherence_detail WHERE report_id = ? AND subject = ?");
const Statement kSelectAsked("select a report that waits", Account::work, R"(
    SELECT id, authority_id, first_quarter, last_quarter, known_on, CAST(known_at AS CHAR), is_whole_day, asked_by, state,
           '', ''
    FROM adherence_report WHERE state = 'asked' ORDER BY asked_at LIMIT 1)");
const Statement kMade("keep a report", Account::work, R"(
    UPDATE adherence_report SET state = 'made', made_at = ?, fingerprint = ?, content = ? WHERE id = ? AND state = 'asked')");
const Statement kFailed(
    "give a report up", Account::work,
    "UPDATE adherence_report SET state = 'failed', made_at = ? WHERE id = ? AND state = 'asked'");
const Statement kInsertDetail("keep what stands behind a report", Account::work,
                              "INSERT INTO adherence_detail (report_id, subject, content) VALUES (?, ?, ?)");

KeptReport reportOf(const platform::Rows& rows) {
    return {rows.id<KeptReport>(0),
            identity::AuthorityId::of(rows, 1),
            {rows.quarter(2), rows.quarter(3)},
            {rows.date(4), values::instantFromDatabase(rows.text(5)).value(), rows.number(6) != 0},
            rows.text(7),
            rows.text(8),
            rows.text(9),
            rows.text(10)};
}

KeptReport find(Transaction& tx, identity::AuthorityId authority, values::Id<KeptReport> id,
                bool hasContent) {
    auto rows = tx.query(kSelectReport, hasContent ? 1 : 0, authority, id);
    if (!rows.next()) throw values::NotFound("no such report");
    return reportOf(rows);
}

}  // namespace

values::Id<KeptReport> Reports::ask(Transaction& tx, values::Ids& ids, const Question& question) {
    const auto& [authority, period, known] = question;
    if (known.isWholeDay) {
        auto rows = tx.query(kSelectSame, authority, period.first, period.last, known.day);
        if (rows.next()) return rows.id<KeptReport>(0);
    }
    const auto id = ids.next<KeptReport>();
    tx.run(kInsertReport, id, authority, period.first, period.last, known.day, known.at,
           known.isWholeDay ? 1 : 0, tx.now(), tx.actor().name);
    return id;
}

KeptReport Reports::byId(Transaction& tx, identity::AuthorityId authority, values::Id<KeptReport> id) {
    return find(tx, authority, id, false);
}

KeptReport Reports::withContent(Transaction& tx, identity::AuthorityId authority, values::Id<KeptReport> id) {
    return find(tx, authority, id, true);
}

std::optional<std::string> Reports::findDetail(Transaction& tx, const KeptReport& report,
                                               const std::string& subject) {
    auto rows = tx.query(kSelectDetail, report.id, subject);
    if (!rows.next()) return std::nullopt;
    return rows.text(0);
}

std::string Reports::detail(Transaction& tx, const KeptReport& report, const std::string& subject) {
    auto found = findDetail(tx, report, subject);
    if (!found) throw values::NotFound("the report has nothing behind this");
    return std::move(*found);
}

std::vector<KeptReport> Reports::of(Transaction& tx, identity::AuthorityId authority) {
    std::vector<KeptReport> all;
    for (auto rows = tx.query(kSelectReports, authority); rows.next();) all.push_back(reportOf(rows));
    return all;
}

bool Reports::work(platform::Database& database, delivery::Catalogues& catalogues) {
    std::optional<KeptReport> asked;
    database.read([&](Transaction& tx) {
        asked.reset();
        if (auto rows = tx.query(kSelectAsked); rows.next()) asked = reportOf(rows);
    });
    if (!asked) return false;
    std::optional<Report> made;
    try {
        made = reportOf(gather(database, catalogues, {asked->authority, asked->period, asked->known}));
    } catch (const values::Unavailable&) {
        throw;  // the database is away: the report waits
    } catch (const std::exception& fault) {
        platform::logEvent(platform::LogLevel::error, "adherence.report_failed",
                           {{"report", asked->id.text()}, {"what", fault.what()}});
    }
    database.derive([&](Transaction& tx) {
        if (!made) {
            tx.run(kFailed, tx.now(), asked->id);
            return;
        }
        // Two workers may have made it: both made the same, and one keeps it.
        if (tx.run(kMade, tx.now(), platform::sha256Hex(made->content), made->content, asked->id) == 0)
            return;
        for (const auto& [subject, content] : made->details)
            tx.run(kInsertDetail, asked->id, subject, content);
    });
    return true;
}

std::vector<ReportDifference> differencesBetween(const std::string& before, const std::string& after) {
    const auto was = values::parseOrderedJson(before);
    const auto is = values::parseOrderedJson(after);
    std::vector<ReportDifference> differences;
    const auto figure = [](const ordered_json& entry) -> std::string {
        if (entry.contains("denominator"))
            return entry["numerator"].dump() + " of " + entry["denominator"].dump();
        return entry.contains("count") ? entry["count"].dump() : entry.value("value", ordered_json()).dump();
    };
    const auto statements = [&](const ordered_json& report) {
        std::map<std::string, std::string> all;
        for (const auto& one : report.at("recommendations")) {
            const auto title = one.at("title").get<std::string>();
            all[title + ": level"] = one.at("level");
            for (const auto& standard : one.at("standards"))
                all[title + ": " + standard.at("title").get<std::string>()] = figure(standard);
        }
        for (const auto& one : report.at("expectations"))
            for (const auto& measure : one.at("measures"))
                all[one.at("code").get<std::string>() + ": " + measure.at("title").get<std::string>()] =
                    figure(measure);
        return all;
    };
    auto old = statements(was);
    for (const auto& [what, text] : statements(is)) {
        const auto found = old.find(what);
        if (found == old.end()) differences.push_back({what, "–", text});
        else if (found->second != text) differences.push_back({what, found->second, text});
        if (found != old.end()) old.erase(found);
    }
    for (const auto& [what, text] : old) differences.push_back({what, text, "–"});
    return differences;
}

}  // namespace adherence
