#include "evidence/gaps.h"

#include <algorithm>
#include <map>

#include "values/errors.h"

namespace evidence {
namespace {

using platform::Account;
using platform::Statement;
using platform::Transaction;

const Statement kSelectGaps("select evidence gaps", Account::national,
                            "SELECT reference, text, recommendation FROM evidence_gap ORDER BY added_at");
const Statement kSelectEntries("select the lives of evidence gaps", Account::national, R"(
    SELECT gap, status, title, detail, address, happened_on, added_by FROM evidence_gap_entry
    ORDER BY gap, happened_on, added_at, id)");
const Statement kInsertGap("add an evidence gap", Account::national, R"(
    INSERT INTO evidence_gap (reference, text, recommendation, added_at, added_by) VALUES (?, ?, ?, ?, ?))");
const Statement kInsertEntry("add to the life of an evidence gap", Account::national, R"(
    INSERT INTO evidence_gap_entry (id, gap, status, title, detail, address, happened_on, added_at, added_by)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?))");

bool isOneOfRecommendations(const guidance::Catalogue& catalogue, const std::string& id) {
    return std::ranges::any_of(catalogue.guides, [&](const guidance::Guide& guide) {
        return std::ranges::find(guide.recommendations, id, &guidance::Recommendation::id) !=
               guide.recommendations.end();
    });
}

}  // namespace

const std::vector<GapStatus>& gapStatuses() {
    static const std::vector<GapStatus> statuses{{"open", "Open"},
                                                 {"call", "Call for funding"},
                                                 {"study", "Study under way"},
                                                 {"reported", "Reported"},
                                                 {"answered", "Answered by a guide"},
                                                 {"closed", "Closed without an answer"}};
    return statuses;
}

std::string gapStatusWords(const std::string& status) {
    for (const auto& one : gapStatuses())
        if (status == one.name) return one.words;
    return status;
}

std::vector<Gap> Gaps::all(Transaction& tx, const guidance::Catalogue& catalogue) {
    std::vector<Gap> gaps;
    for (const auto& guide : catalogue.guides)
        for (const auto& one : guide.gaps)
            gaps.push_back({one.id, one.text, guide.title + ", version " + guide.version, "", {}});
    for (auto rows = tx.query(kSelectGaps); rows.next();)
        gaps.push_back({rows.text(0), rows.text(1), "", rows.text(2), {}});
    std::map<std::string, std::vector<GapEntry>> lives;
    for (auto rows = tx.query(kSelectEntries); rows.next();)
        lives[rows.text(0)].push_back(
            {rows.text(1), rows.text(2), rows.text(3), rows.text(4), rows.date(5), rows.text(6)});
    for (auto& gap : gaps) gap.life = std::move(lives[gap.reference]);
    return gaps;
}

Gap Gaps::byReference(Transaction& tx, const guidance::Catalogue& catalogue, const std::string& reference) {
    auto gaps = all(tx, catalogue);
    const auto found = std::ranges::find(gaps, reference, &Gap::reference);
    if (found == gaps.end()) throw values::NotFound("no such gap");
    return std::move(*found);
}

std::string Gaps::add(Transaction& tx, values::Ids& ids, const guidance::Catalogue& catalogue,
                      const std::string& text, const std::string& recommendation) {
    if (!recommendation.empty() && !isOneOfRecommendations(catalogue, recommendation))
        throw values::Invalid(
            {{{"", 0, "recommendation"}, recommendation, "Choose a recommendation from the list, or none."}});
    auto reference = "gap-" + ids.next<Gap>().text();
    tx.run(kInsertGap, reference, text, recommendation, tx.now(), tx.actor().name);
    tx.audit("evidence gap added", reference, text);
    return reference;
}

void Gaps::note(Transaction& tx, values::Ids& ids, const Gap& gap, const GapEntry& entry,
                values::Date today) {
    std::vector<values::FieldProblem> problems;
    if (std::ranges::none_of(gapStatuses(), [&](const GapStatus& one) { return entry.status == one.name; }))
        problems.push_back({{"", 0, "status"}, entry.status, "Choose where the gap stands from the list."});
    if (!entry.address.empty() && !entry.address.starts_with("https://"))
        problems.push_back({{"", 0, "address"}, entry.address, "Give a link that begins with https://."});
    if (entry.happenedOn > today)
        problems.push_back(
            {{"", 0, "happened_on"}, entry.happenedOn.text(), "Give a day that is not to come."});
    if (!problems.empty()) throw values::Invalid(std::move(problems));
    tx.run(kInsertEntry, ids.next<GapEntry>(), gap.reference, entry.status, entry.title, entry.detail,
           entry.address, entry.happenedOn, tx.now(), tx.actor().name);
    tx.audit("evidence gap noted", gap.reference, entry.status + ": " + entry.title);
}

}  // namespace evidence
