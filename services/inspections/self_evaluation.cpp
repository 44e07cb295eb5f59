#include "inspections/self_evaluation.h"

#include "platform/digest.h"
#include "values/json.h"

namespace inspections {
namespace {

using platform::Account;
using platform::Transaction;

const platform::Statement kSelectStatements("select self-evaluation", Account::authority, R"(
    SELECT expectation, known, known_by, plans, CAST(changed_at AS CHAR), changed_by FROM self_evaluation
    WHERE authority_id = ? AND year = ?)");
const platform::Statement kPutStatement("put self-evaluation", Account::authority, R"(
    INSERT INTO self_evaluation (authority_id, year, expectation, known, known_by, plans, changed_at, changed_by)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON DUPLICATE KEY UPDATE known = VALUES(known), known_by = VALUES(known_by), plans = VALUES(plans),
        changed_at = VALUES(changed_at), changed_by = VALUES(changed_by))");
const platform::Statement kGiveSelfEvaluation("give a self-evaluation to an inspection", Account::authority,
                                              R"(
    INSERT INTO given_self_evaluation (inspection_id, given_at, authority_id, given_by, fingerprint, content)
    VALUES (?, ?, ?, ?, ?, ?))");
const platform::Statement kSelectGivenSelfEvaluation("select a self-evaluation that was given",
                                                     Account::authority | Account::inspection, R"(
    SELECT CAST(given_at AS CHAR), given_by, fingerprint, content FROM given_self_evaluation
    WHERE inspection_id = ? AND authority_id = ? ORDER BY given_at DESC LIMIT 1)");

}  // namespace

int SelfEvaluation::yearOf(values::Date day) { return day.month() >= 4 ? day.year() : day.year() - 1; }

std::map<std::string, SelfStatement> SelfEvaluation::of(Transaction& tx, identity::AuthorityId authority,
                                                        int year) {
    std::map<std::string, SelfStatement> all;
    for (auto rows = tx.query(kSelectStatements, authority, year); rows.next();)
        all.emplace(rows.text(0),
                    SelfStatement{rows.text(1), rows.text(2), rows.text(3), rows.text(4), rows.text(5)});
    return all;
}

void SelfEvaluation::put(Transaction& tx, identity::AuthorityId authority, int year,
                         const std::string& expectation, const SelfStatement& statement) {
    const auto all = of(tx, authority, year);
    const auto before = all.find(expectation);
    const auto textOf = [](const SelfStatement& one) {
        return nlohmann::ordered_json{{"known", one.known}, {"known_by", one.knownBy}, {"plans", one.plans}};
    };
    tx.run(kPutStatement, authority, year, expectation, statement.known, statement.knownBy, statement.plans,
           tx.now(), tx.actor().name);
    tx.audit("self-evaluation changed", expectation + ", " + std::to_string(year),
             nlohmann::ordered_json{
                 {"before", before == all.end() ? nlohmann::ordered_json() : textOf(before->second)},
                 {"after", textOf(statement)}}
                 .dump());
}

void SelfEvaluation::give(Transaction& tx, const Inspection& inspection, const std::string& content) {
    const auto fingerprint = platform::sha256Hex(content);
    tx.run(kGiveSelfEvaluation, inspection.id, tx.now(), inspection.authority, tx.actor().name, fingerprint,
           content);
    tx.audit("self-evaluation given", "inspection " + inspection.id.text(), "fingerprint " + fingerprint);
}

std::optional<SelfEvaluation::Given> SelfEvaluation::given(Transaction& tx, const Inspection& inspection) {
    auto rows = tx.query(kSelectGivenSelfEvaluation, inspection.id, inspection.authority);
    if (!rows.next()) return std::nullopt;
    return Given{rows.text(0), rows.text(1), rows.text(2), rows.text(3)};
}

}  // namespace inspections
