#include "identity/case_systems.h"

#include <algorithm>
#include <array>
#include <sstream>

#include "platform/digest.h"
#include "values/errors.h"

namespace identity {
namespace {

using platform::Account;
using platform::Statement;
using platform::Transaction;

const Statement kInsertSystem("insert case system", Account::authority, R"(
    INSERT INTO case_system (id, authority_id, name, token_hash, scopes, admitted_by, admitted_at, ends_on)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?))");
const Statement kSelectSystems("select case systems", Account::authority, R"(
    SELECT id, authority_id, name, scopes, ends_on, admitted_by, CAST(admitted_at AS CHAR), CAST(last_seen_at AS CHAR),
           revoked_at IS NOT NULL
    FROM case_system WHERE authority_id = ? ORDER BY name, id)");
const Statement kSelectSystemByToken("select the case system of a token", Account::authority, R"(
    SELECT id, authority_id, name, scopes, ends_on, admitted_by, CAST(admitted_at AS CHAR), CAST(last_seen_at AS CHAR),
           revoked_at IS NOT NULL
    FROM case_system WHERE token_hash = ? AND revoked_at IS NULL AND ends_on >= ?)");
const Statement kRevoke("revoke a case system", Account::authority, R"(
    UPDATE case_system SET revoked_at = ? WHERE authority_id = ? AND id = ? AND revoked_at IS NULL)");
const Statement kIsThere("whether there is a case system", Account::authority,
                         "SELECT name FROM case_system WHERE authority_id = ? AND id = ?");
const Statement kNoteSeen("note a case system seen", Account::authority, R"(
    UPDATE case_system SET last_seen_at = ? WHERE id = ? AND (last_seen_at IS NULL OR last_seen_at < ?))",
                          platform::Meanwhile::expected);

struct ScopeRow {
    Scope scope;
    const char* name;
    const char* purpose;
};
constexpr std::array<ScopeRow, 3> kScopes{
    {{Scope::readRecords, "records:read", "Reads the authority's records, and what became of what it sent."},
     {Scope::writeRecords, "records:write", "Adds records and changes them, one by one or in bulk."},
     {Scope::readResults, "results:read", "Reads figures and levels."}}};

CaseSystem systemOf(const platform::Rows& rows) {
    CaseSystem system{
        rows.id<CaseSystem>(0), AuthorityId::of(rows, 1), rows.text(2),       {}, rows.date(4), rows.text(5),
        rows.text(6),           rows.optionalText(7),     rows.number(8) != 0};
    std::istringstream names(rows.text(3));
    for (std::string name; names >> name;)
        if (const auto scope = scopeNamed(name)) system.scopes.push_back(*scope);
    return system;
}

}  // namespace

std::string scopeName(Scope scope) { return std::ranges::find(kScopes, scope, &ScopeRow::scope)->name; }
std::string scopePurpose(Scope scope) { return std::ranges::find(kScopes, scope, &ScopeRow::scope)->purpose; }

std::optional<Scope> scopeNamed(const std::string& name) {
    for (const auto& row : kScopes)
        if (name == row.name) return row.scope;
    return std::nullopt;
}

const std::vector<Scope>& allScopes() {
    static const std::vector<Scope> all{Scope::readRecords, Scope::writeRecords, Scope::readResults};
    return all;
}

bool CaseSystem::may(Scope scope) const { return std::ranges::find(scopes, scope) != scopes.end(); }

void CaseSystems::admit(Transaction& tx, const CaseSystem& system, const std::string& token) {
    std::string scopes;
    for (const auto scope : system.scopes) scopes += (scopes.empty() ? "" : " ") + scopeName(scope);
    tx.run(kInsertSystem, system.id, system.authority, system.name, platform::sha256(token), scopes,
           tx.actor().name, tx.now(), system.endsOn);
    tx.audit("case system admitted", system.name, scopes + ", until " + system.endsOn.iso());
}

std::vector<CaseSystem> CaseSystems::of(Transaction& tx, AuthorityId authority) {
    std::vector<CaseSystem> systems;
    for (auto rows = tx.query(kSelectSystems, authority); rows.next();) systems.push_back(systemOf(rows));
    return systems;
}

void CaseSystems::revoke(Transaction& tx, AuthorityId authority, values::Id<CaseSystem> id) {
    auto rows = tx.query(kIsThere, authority, id);
    if (!rows.next()) throw values::NotFound("no such system");
    const auto name = rows.text(0);
    if (tx.run(kRevoke, tx.now(), authority, id) == 0)
        throw values::Conflict("This system's access has ended already.");
    tx.audit("case system revoked", name);
}

std::optional<CaseSystem> CaseSystems::withToken(Transaction& tx, const std::string& token) {
    auto rows = tx.query(kSelectSystemByToken, platform::sha256(token), values::londonDate(tx.now()));
    if (!rows.next()) return std::nullopt;
    auto system = systemOf(rows);
    tx.run(kNoteSeen, tx.now(), system.id, tx.now() - std::chrono::minutes(1));
    return system;
}

}  // namespace identity
