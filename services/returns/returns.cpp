#include "returns/returns.h"

#include <algorithm>

#include "delivery/entered_counts.h"
#include "delivery/touched.h"
#include "platform/digest.h"
#include "values/json.h"

namespace returns {
namespace {

using identity::AuthorityId;
using nlohmann::ordered_json;
using platform::Account;
using platform::Statement;
using platform::Transaction;
using values::Quarter;

const Statement kSelectVersions("select versions of a return", Account::authority, R"(
    SELECT id, authority_id, quarter, version, state, comment, reason, CAST(sent_at AS CHAR), sent_by,
           CAST(signed_at AS CHAR), signed_by, COALESCE(fingerprint, ''), COALESCE(content, '')
    FROM quarterly_return WHERE authority_id = ? AND quarter = ? ORDER BY version DESC)");
const Statement kSelectNewest("select newest returns", Account::authority, R"(
    SELECT id, authority_id, quarter, version, state, comment, reason, CAST(sent_at AS CHAR), sent_by,
           CAST(signed_at AS CHAR), signed_by, COALESCE(fingerprint, ''), ''
    FROM quarterly_return AS one WHERE authority_id = ? AND NOT EXISTS (
        SELECT 1 FROM quarterly_return AS later WHERE later.authority_id = one.authority_id
            AND later.quarter = one.quarter AND later.version > one.version)
    ORDER BY quarter)");
const Statement kInsertReturn("insert return", Account::authority, R"(
    INSERT INTO quarterly_return (id, authority_id, quarter, version, state, comment, reason, begun_at, begun_by)
    VALUES (?, ?, ?, ?, 'draft', ?, ?, ?, ?))");
const Statement kComment("comment on a return", Account::authority,
                         "UPDATE quarterly_return SET comment = ? WHERE id = ? AND state <> 'signed'");
const Statement kSend("send a return", Account::authority, R"(
    UPDATE quarterly_return SET state = 'sent', sent_at = ?, sent_by = ? WHERE id = ? AND state <> 'signed')");
const Statement kSign("sign a return", Account::authority, R"(
    UPDATE quarterly_return SET state = 'signed', signed_at = ?, signed_by = ?, catalogue_fingerprint = ?, fingerprint = ?,
        content = ? WHERE id = ? AND state <> 'signed')");
const Statement kInsertFigures("insert signed figures", Account::authority, R"(
    INSERT INTO signed_figure (return_id, service_id, intervention, figures) VALUES (?, ?, ?, ?))");
const platform::BulkStatement kInsertCounts(
    "insert signed counts", Account::authority,
    "INSERT INTO signed_count (return_id, intervention, measure, numerator, denominator, value_sum)", 6, "");
const platform::BulkStatement kInsertApproaches("insert signed approaches", Account::authority,
                                                "INSERT INTO signed_approach (return_id, approach, services)",
                                                3, "");
const platform::BulkStatement kInsertGroups("insert signed counts of groups", Account::authority,
                                            "INSERT INTO signed_group (return_id, intervention, measure, "
                                            "breakdown, category, numerator, denominator)",
                                            7, "");
const platform::BulkStatement kInsertLevels("insert signed levels", Account::authority,
                                            "INSERT INTO signed_level (return_id, recommendation, level)", 3,
                                            "");
const Statement kSelectAccepted("select accepted findings", Account::authority, R"(
    SELECT rule, service_id, findings, reason FROM accepted_finding WHERE authority_id = ? AND quarter = ?)");
const Statement kAccept("accept a finding", Account::authority, R"(
    INSERT INTO accepted_finding (authority_id, quarter, rule, service_id, findings, reason, accepted_by, accepted_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON DUPLICATE KEY UPDATE findings = VALUES(findings), reason = VALUES(reason), accepted_by = VALUES(accepted_by),
        accepted_at = VALUES(accepted_at))");
const Statement kInsertEffort("insert effort of a return", Account::authority, R"(
    INSERT INTO return_effort (id, authority_id, quarter, happened_at, interactions, seconds) VALUES (?, ?, ?, ?, ?, ?))");
const Statement kSelectEffort("select effort of a return", Account::authority, R"(
    SELECT COALESCE(SUM(interactions), 0), COALESCE(SUM(seconds), 0) FROM return_effort WHERE authority_id = ? AND quarter = ?)");
const Statement kSelectEveryEffort("select effort of returns everywhere", Account::national, R"(
    SELECT SUM(interactions), SUM(seconds) FROM return_effort WHERE quarter = ? GROUP BY authority_id)");
const Statement kSelectEffortQuarters(
    "select quarters with effort", Account::national,
    "SELECT DISTINCT quarter FROM return_effort ORDER BY quarter DESC LIMIT 20");

QuarterlyReturn returnOf(const platform::Rows& rows) {
    return {rows.id<QuarterlyReturn>(0),
            AuthorityId::of(rows, 1),
            rows.quarter(2),
            static_cast<int>(rows.number(3)),
            rows.text(4),
            rows.text(5),
            rows.text(6),
            rows.optionalText(7),
            rows.optionalText(8),
            rows.optionalText(9),
            rows.optionalText(10),
            rows.text(11),
            rows.text(12)};
}

std::string plural(std::int64_t count, const std::string& word) {
    return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

[[noreturn]] void refuseLocked(const QuarterlyReturn& signedOne) {
    throw values::Conflict(
        "The return for " + signedOne.quarter.name() + " is signed off, by " +
        signedOne.signedBy.value_or("") +
        ". To change it, begin a correction on its page: that opens this quarter of yours alone.");
}

/// The newest version, where it can still be changed. Throws Conflict.
QuarterlyReturn openOne(Transaction& tx, AuthorityId authority, Quarter quarter) {
    auto found = Returns::newest(tx, authority, quarter);
    if (!found) throw values::Conflict("Nobody has begun the return for " + quarter.name() + " yet.");
    if (found->isSigned()) refuseLocked(*found);
    return std::move(*found);
}

ordered_json findingsJson(const std::vector<Finding>& findings) {
    auto out = ordered_json::array();
    for (const auto& one : findings)
        out.push_back({{"rule", one.rule->id},
                       {"severity", one.rule->quality.severity},
                       {"service", one.service->reference},
                       {"records", one.records},
                       {"reason", one.reason ? ordered_json(*one.reason) : ordered_json()}});
    return out;
}

/// Everything that is signed, as one text: the same records and guidance give the same bytes.
std::string contentOf(const Assembly& assembly, const QuarterlyReturn& one) {
    ordered_json out{{"quarter", one.quarter.name()},
                     {"version", one.version},
                     {"comment", one.comment},
                     {"reason", one.reason},
                     {"guidance", assembly.report.guidance->fingerprint},
                     {"report", values::parseOrderedJson(assembly.report.json(true))},
                     {"findings", findingsJson(assembly.findings)}};
    auto counted = ordered_json::array();
    for (const auto& service : assembly.report.live)
        if (service.countsOnly) counted.push_back(service.reference);
    out["counts_only"] = counted;
    return out.dump(1);
}

}  // namespace

std::vector<std::string> Assembly::blocks(Quarter quarter, values::Date today) const {
    std::vector<std::string> reasons;
    if (quarter.last() >= today)
        reasons.push_back("The quarter is not over: it ends on " + quarter.last().text() + ".");
    std::int64_t impossible = 0;
    for (const auto& one : findings) impossible += one.isImpossible() ? one.records : 0;
    if (impossible > 0)
        reasons.push_back(plural(impossible, "record") + (impossible == 1 ? " says" : " say") +
                          " what cannot be. Correct them: each is named below.");
    for (const auto* service : withoutCounts)
        reasons.push_back(service->name + " gives counts alone, and has none for this quarter. Enter them.");
    if (waiting > 0)
        reasons.push_back("Figures of " + plural(waiting, "service") +
                          " are being brought up to date. Reload this page in a moment.");
    return reasons;
}

std::vector<QuarterlyReturn> Returns::versions(Transaction& tx, AuthorityId authority, Quarter quarter) {
    std::vector<QuarterlyReturn> versions;
    for (auto rows = tx.query(kSelectVersions, authority, quarter); rows.next();)
        versions.push_back(returnOf(rows));
    return versions;
}

std::optional<QuarterlyReturn> Returns::newest(Transaction& tx, AuthorityId authority, Quarter quarter) {
    auto all = versions(tx, authority, quarter);
    if (all.empty()) return std::nullopt;
    return std::move(all.front());
}

std::vector<QuarterlyReturn> Returns::all(Transaction& tx, AuthorityId authority) {
    std::vector<QuarterlyReturn> newest;
    for (auto rows = tx.query(kSelectNewest, authority); rows.next();) newest.push_back(returnOf(rows));
    return newest;
}

Assembly Returns::assemble(Transaction& tx, delivery::Catalogues& catalogues, AuthorityId authority,
                           Quarter quarter) {
    Assembly assembly{results::reportOf(tx, catalogues, authority, quarter), {}, {}, 0};
    const auto acceptedIn = [&](Quarter when) {
        std::map<std::pair<std::string, values::Id<delivery::Service>>, std::pair<std::int64_t, std::string>>
            found;
        for (auto rows = tx.query(kSelectAccepted, authority, when); rows.next();)
            found[{rows.text(0), rows.id<delivery::Service>(1)}] = {rows.number(2), rows.text(3)};
        return found;
    };
    const auto accepted = acceptedIn(quarter);
    const auto before = acceptedIn(quarter.previous());
    const auto& report = assembly.report;
    for (const auto& [service, figures] : report.services)
        for (const auto* measure :
             report.edition->plan.measuresOf(*report.edition->catalogue.intervention(service.intervention))) {
            if (measure->measure->shown != guidance::Shown::quality) continue;
            const auto found = figures.find(measure->name);
            if (found == figures.end() || found->second.parts.proportion.numerator == 0) continue;
            Finding finding{measure->measure, &service, found->second.parts.proportion.numerator,
                            std::nullopt, ""};
            if (const auto last = before.find({measure->name, service.id}); last != before.end())
                finding.reasonBefore = last->second.second;
            // More than were accepted ask again.
            const auto known = accepted.find({measure->name, service.id});
            if (known != accepted.end() && finding.records <= known->second.first)
                finding.reason = known->second.second;
            assembly.findings.push_back(std::move(finding));
        }
    const auto counted = delivery::EnteredCounts::servicesWith(tx, authority, quarter);
    for (const auto& service : report.live)
        if (service.countsOnly && service.isRunning() && !counted.contains(service.id))
            assembly.withoutCounts.push_back(&service);
    assembly.waiting = delivery::Touched::count(tx, authority);
    return assembly;
}

void Returns::comment(Transaction& tx, values::Ids& ids, AuthorityId authority, Quarter quarter,
                      const std::string& text) {
    const auto found = newest(tx, authority, quarter);
    if (found && found->isSigned()) refuseLocked(*found);
    if (!found)
        tx.run(kInsertReturn, ids.next<QuarterlyReturn>(), authority, quarter, 1, text, "", tx.now(),
               tx.actor().name);
    else if (tx.run(kComment, text, found->id) == 0 && text != found->comment) refuseLocked(*found);
    const ordered_json detail{{"comment", {{"before", found ? found->comment : ""}, {"after", text}}}};
    tx.audit(found ? "return commented" : "return begun", quarter.name(), detail.dump());
}

void Returns::accept(Transaction& tx, const Finding& finding, Quarter quarter, const std::string& reason) {
    if (finding.isImpossible())
        throw values::Invalid(
            {{{"", 0, "reason." + finding.rule->id + "." + finding.service->reference},
              reason,
              "Correct these records: what they say cannot be, so no reason can be given."}});
    const auto found = newest(tx, finding.service->authority, quarter);
    if (found && found->isSigned()) refuseLocked(*found);
    tx.run(kAccept, finding.service->authority, quarter, finding.rule->id, finding.service->id,
           finding.records, reason, tx.actor().name, tx.now());
    tx.audit("finding accepted", finding.service->reference,
             finding.rule->id + ", " + quarter.name() + ": " + reason);
}

void Returns::send(Transaction& tx, AuthorityId authority, Quarter quarter) {
    const auto one = openOne(tx, authority, quarter);
    if (tx.run(kSend, tx.now(), tx.actor().name, one.id) == 0) refuseLocked(one);
    tx.audit("return sent", quarter.name(), "version " + std::to_string(one.version));
}

void Returns::sign(Transaction& tx, delivery::Catalogues& catalogues, values::Ids& ids, AuthorityId authority,
                   Quarter quarter, values::Date today) {
    if (!newest(tx, authority, quarter)) comment(tx, ids, authority, quarter, "");
    const auto one = openOne(tx, authority, quarter);
    const auto assembly = assemble(tx, catalogues, authority, quarter);
    if (const auto blocks = assembly.blocks(quarter, today); !blocks.empty())
        throw values::Conflict(blocks.front());
    const auto content = contentOf(assembly, one);
    const auto fingerprint = platform::sha256Hex(content);
    if (tx.run(kSign, tx.now(), tx.actor().name, assembly.report.guidance->fingerprint, fingerprint, content,
               one.id) == 0)
        refuseLocked(one);
    std::map<std::pair<std::string, std::string>, measures::Figure> counts;
    for (const auto& [service, figures] : assembly.report.services) {
        tx.run(kInsertFigures, one.id, service.id, service.intervention, measures::textOf(figures));
        for (const auto& [measure, figure] : figures) counts[{service.intervention, measure}] += figure;
    }
    std::vector<platform::Value> rows;
    std::vector<platform::Value> groups;
    for (const auto& [of, figure] : counts) {
        const auto& [intervention, measure] = of;
        const auto& own = figure.parts;
        rows.insert(rows.end(), {one.id, intervention, measure, own.proportion.numerator,
                                 own.proportion.denominator, own.value.sum});
        for (const auto& [breakdown, categories] : figure.groups)
            for (const auto& [category, parts] : categories)
                groups.insert(groups.end(), {one.id, intervention, measure, breakdown, category,
                                             parts.proportion.numerator, parts.proportion.denominator});
    }
    if (!rows.empty()) tx.runBulk(kInsertCounts, rows);
    if (!groups.empty()) tx.runBulk(kInsertGroups, groups);
    std::vector<platform::Value> levels;
    for (const auto& judged : assembly.report.recommendations)
        for (platform::Value value : {platform::Value(one.id), platform::Value(judged.recommendation->id),
                                      platform::Value(measures::levelName(judged.result.level))})
            levels.push_back(std::move(value));
    if (!levels.empty()) tx.runBulk(kInsertLevels, levels);
    std::map<std::string, int> running;
    for (const auto* service : assembly.report.unevidenced) ++running[service->intervention];
    std::vector<platform::Value> approaches;
    for (const auto& [approach, count] : running)
        approaches.insert(approaches.end(), {one.id, approach, count});
    if (!approaches.empty()) tx.runBulk(kInsertApproaches, approaches);
    tx.audit("return signed", quarter.name(),
             "version " + std::to_string(one.version) + ", fingerprint " + fingerprint);
}

void Returns::correct(Transaction& tx, values::Ids& ids, AuthorityId authority, Quarter quarter,
                      const std::string& reason) {
    const auto found = newest(tx, authority, quarter);
    if (!found || !found->isSigned())
        throw values::Conflict("The return for " + quarter.name() +
                               " is not signed off: change it on its page.");
    tx.run(kInsertReturn, ids.next<QuarterlyReturn>(), authority, quarter, found->version + 1, found->comment,
           reason, tx.now(), tx.actor().name);
    tx.audit("return reopened", quarter.name(),
             "version " + std::to_string(found->version + 1) + ": " + reason);
}

void Returns::noteEffort(Transaction& tx, values::Ids& ids, AuthorityId authority, Quarter quarter,
                         const Effort& effort) {
    constexpr std::int64_t kMost = 65535;
    tx.run(kInsertEffort, ids.next<Effort>(), authority, quarter, tx.now(),
           std::min(effort.interactions, kMost), std::min(effort.seconds, kMost));
}

Effort Returns::effortOf(Transaction& tx, AuthorityId authority, Quarter quarter) {
    auto rows = tx.query(kSelectEffort, authority, quarter);
    rows.next();
    return {rows.number(0), rows.number(1)};
}

std::vector<Effort> Returns::effortEverywhere(Transaction& tx, Quarter quarter) {
    std::vector<Effort> all;
    for (auto rows = tx.query(kSelectEveryEffort, quarter); rows.next();)
        all.push_back({rows.number(0), rows.number(1)});
    return all;
}

std::vector<Quarter> Returns::quartersWithEffort(Transaction& tx) {
    std::vector<Quarter> quarters;
    for (auto rows = tx.query(kSelectEffortQuarters); rows.next();) quarters.push_back(rows.quarter(0));
    return quarters;
}

std::vector<Difference> differencesBetween(const QuarterlyReturn& before, const QuarterlyReturn& after) {
    std::vector<Difference> differences;
    const auto was = values::parseOrderedJson(before.content);
    const auto is = values::parseOrderedJson(after.content);
    const auto add = [&](const std::string& what, const std::string& old, const std::string& fresh) {
        if (old != fresh) differences.push_back({what, old, fresh});
    };
    add("Comment", before.comment, after.comment);
    std::map<std::string, std::pair<std::string, std::string>> levels;
    for (const auto& one : was.at("report").at("recommendations"))
        levels[one.at("recommendation")].first = one.at("level");
    for (const auto& one : is.at("report").at("recommendations"))
        levels[one.at("recommendation")].second = one.at("level");
    for (const auto& [id, level] : levels) add("Level of " + id, level.first, level.second);
    const auto figures = [](const ordered_json& content) {
        std::map<std::string, std::string> all;
        for (const auto& service : content.at("report").at("services"))
            for (const auto& [measure, figure] : service.at("measures").items()) {
                const bool isShare = figure.contains("denominator");
                all[service.at("service").get<std::string>() + ", " + measure] =
                    isShare ? figure.at("numerator").dump() + " of " + figure.at("denominator").dump()
                            : figure.at("value").dump();
            }
        return all;
    };
    auto old = figures(was);
    for (const auto& [what, text] : figures(is)) {
        add(what, old.contains(what) ? old.at(what) : "–", text);
        old.erase(what);
    }
    for (const auto& [what, text] : old) add(what, text, "–");
    return differences;
}

}  // namespace returns
