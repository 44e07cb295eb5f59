#include "inspections/samples.h"

#include <algorithm>

#include "platform/digest.h"
#include "values/errors.h"
#include "values/json.h"

namespace inspections {
namespace {

using platform::Account;
using platform::Statement;
using platform::Transaction;

const Statement kInsertSample("ask for a sample of records", Account::inspection, R"(
    INSERT INTO record_sample (id, inspection_id, authority_id, report_id, strata, each_stratum, seed, asked_at, asked_by)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?))");
const Statement kSelectSamples("select samples of an inspection", Account::authority | Account::inspection,
                               R"(
    SELECT id, report_id, strata, each_stratum, seed, CAST(asked_at AS CHAR), asked_by, drawn_at IS NOT NULL,
           COALESCE(population, '{}')
    FROM record_sample WHERE inspection_id = ? AND authority_id = ? ORDER BY asked_at DESC, id DESC)");
const Statement kSelectNumbers(
    "select numbers of a sample", Account::inspection,
    "SELECT number, stratum FROM sampled_record WHERE sample_id = ? ORDER BY number");
const Statement kSelectResolved("select records of a sample", Account::authority, R"(
    SELECT sampled_record.number, sampled_record.stratum, sampled_record.reference FROM record_sample
    JOIN sampled_record ON sampled_record.sample_id = record_sample.id
    WHERE record_sample.id = ? AND record_sample.authority_id = ? ORDER BY sampled_record.number)");
const Statement kSelectAsked("select a sample that waits", Account::work, R"(
    SELECT record_sample.id, record_sample.authority_id, strata, each_stratum, seed, first_quarter, last_quarter,
           CAST(known_at AS CHAR), is_whole_day
    FROM record_sample JOIN adherence_report ON adherence_report.id = record_sample.report_id
    WHERE drawn_at IS NULL ORDER BY record_sample.asked_at LIMIT 1)");
const Statement kSelectDrawable("select records to draw from", Account::work, R"(
    SELECT episode.reference, service.reference, COALESCE(end_reason, 'still open'), age_band, ethnic_group
    FROM episode JOIN service ON service.id = episode.service_id
    WHERE episode.authority_id = ? AND episode.referred_on <= ? AND (episode.ended_on IS NULL OR episode.ended_on >= ?)
    ORDER BY episode.reference)");
const platform::BulkStatement kInsertRecords(
    "insert records of a sample", Account::work,
    "INSERT INTO sampled_record (sample_id, number, stratum, reference)", 4, "");
const Statement kDrawn(
    "note a sample as drawn", Account::work,
    "UPDATE record_sample SET drawn_at = ?, population = ? WHERE id = ? AND drawn_at IS NULL");

}  // namespace

const std::vector<std::pair<std::string, std::string>>& strata() {
    static const std::vector<std::pair<std::string, std::string>> all{
        {"none", "Not sorted: one draw from all"},
        {"service", "Service"},
        {"end_reason", "How it ended"},
        {"age_band", "Age"},
        {"ethnic_group", "Ethnic group"}};
    return all;
}

void Samples::ask(Transaction& tx, values::Ids& ids, const Inspection& inspection,
                  const adherence::KeptReport& report, const std::string& wanted, int each,
                  const std::string& seed) {
    std::vector<values::FieldProblem> problems;
    if (std::ranges::find(strata(), wanted, &std::pair<std::string, std::string>::first) == strata().end())
        problems.push_back({{"", 0, "strata"}, wanted, "Choose what the records are sorted by."});
    if (each < 1 || each > kMostOfEach)
        problems.push_back({{"", 0, "each"}, std::to_string(each), "Ask for 1 to 50 records of each."});
    const bool isPlain = !seed.empty() && seed.size() <= 60 && std::ranges::all_of(seed, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    });
    if (!isPlain) problems.push_back({{"", 0, "seed"}, seed, "Use up to 60 letters, digits and hyphens."});
    if (!problems.empty()) throw values::Invalid(std::move(problems));
    tx.run(kInsertSample, ids.next<Sample>(), inspection.id, inspection.authority, report.id, wanted, each,
           seed, tx.now(), tx.actor().name);
    tx.auditFor(inspection.authority.code(), "sample asked for", "inspection " + inspection.id.text(),
                "by " + wanted + ", " + std::to_string(each) + " of each, seed " + seed);
}

std::vector<Sample> Samples::of(Transaction& tx, const Inspection& inspection) {
    std::vector<Sample> all;
    for (auto rows = tx.query(kSelectSamples, inspection.id, inspection.authority); rows.next();)
        all.push_back({rows.id<Sample>(0), rows.id<adherence::KeptReport>(1), rows.text(2),
                       static_cast<int>(rows.number(3)), rows.text(4), rows.text(5), rows.text(6),
                       rows.number(7) != 0,
                       values::parseJson(rows.text(8)).get<std::map<std::string, std::int64_t>>()});
    return all;
}

std::vector<SampledRecord> Samples::numbers(Transaction& tx, const Sample& sample) {
    std::vector<SampledRecord> all;
    for (auto rows = tx.query(kSelectNumbers, sample.id); rows.next();)
        all.push_back({static_cast<int>(rows.number(0)), rows.text(1), ""});
    return all;
}

std::vector<SampledRecord> Samples::resolved(Transaction& tx, const Inspection& inspection,
                                             const Sample& sample) {
    tx.showsChildren();
    std::vector<SampledRecord> all;
    for (auto rows = tx.query(kSelectResolved, sample.id, inspection.authority); rows.next();)
        all.push_back({static_cast<int>(rows.number(0)), rows.text(1), rows.text(2)});
    return all;
}

std::vector<SampledRecord> draw(const std::vector<Candidate>& candidates, const std::string& seed, int each) {
    std::map<std::string, std::vector<std::pair<std::string, std::string>>> strata;
    for (const auto& one : candidates)
        strata[one.stratum].emplace_back(platform::sha256Hex(seed + ":" + one.reference), one.reference);
    std::vector<SampledRecord> drawn;
    for (auto& [stratum, records] : strata) {
        std::ranges::sort(records);
        const auto most = std::min(records.size(), static_cast<std::size_t>(each));
        for (std::size_t i = 0; i < most; ++i)
            drawn.push_back({static_cast<int>(drawn.size() + 1), stratum, records[i].second});
    }
    return drawn;
}

bool Samples::work(platform::Database& database) {
    struct Asked {
        values::Id<Sample> id;
        identity::AuthorityId authority;
        std::string strata;
        int each;
        std::string seed;
        adherence::Period period;
        values::Instant at;
        bool isWholeDay;
    };
    std::optional<Asked> asked;
    database.read([&](Transaction& tx) {
        asked.reset();
        if (auto rows = tx.query(kSelectAsked); rows.next())
            asked = Asked{rows.id<Sample>(0),
                          identity::AuthorityId::of(rows, 1),
                          rows.text(2),
                          static_cast<int>(rows.number(3)),
                          rows.text(4),
                          {rows.quarter(5), rows.quarter(6)},
                          values::instantFromDatabase(rows.text(7)).value(),
                          rows.number(8) != 0};
    });
    if (!asked) return false;
    std::vector<Candidate> candidates;
    const auto read = [&](Transaction& tx) {
        candidates.clear();
        for (auto rows = tx.query(kSelectDrawable, asked->authority, asked->period.last.last(),
                                  asked->period.first.first());
             rows.next();) {
            const auto stratum = asked->strata == "service"        ? rows.text(1)
                                 : asked->strata == "end_reason"   ? rows.text(2)
                                 : asked->strata == "age_band"     ? rows.text(3)
                                 : asked->strata == "ethnic_group" ? rows.text(4)
                                                                   : std::string("all");
            candidates.push_back({stratum, rows.text(0)});
        }
    };
    if (asked->isWholeDay) database.readAsOf(asked->at, read);
    else database.read(read);
    std::map<std::string, std::int64_t> population;
    for (const auto& one : candidates) ++population[one.stratum];
    const auto drawn = draw(candidates, asked->seed, asked->each);
    database.derive([&](Transaction& tx) {
        if (tx.run(kDrawn, tx.now(), nlohmann::json(population).dump(), asked->id) == 0) return;
        std::vector<platform::Value> values;
        for (const auto& one : drawn)
            for (auto value : {platform::Value(asked->id), platform::Value(one.number),
                               platform::Value(one.stratum), platform::Value(one.reference)})
                values.push_back(std::move(value));
        if (!values.empty()) tx.runBulk(kInsertRecords, values);
    });
    return true;
}

}  // namespace inspections
