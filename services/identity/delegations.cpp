#include "identity/delegations.h"

#include <algorithm>

#include "values/errors.h"

namespace identity {
namespace {

using platform::Account;
using platform::Statement;
using platform::Transaction;

const Statement kSelectColleagues("select colleagues", Account::authority, R"(
    SELECT id, email, name, authority_id, role FROM person
    WHERE authority_id = ? AND left_at IS NULL ORDER BY name, email)");
const Statement kInsertDelegation("insert delegation", Account::authority, R"(
    INSERT INTO delegation (id, authority_id, given_by, given_to, from_on, until_on, given_at)
    VALUES (?, ?, ?, ?, ?, ?, ?))");
const Statement kSelectDelegations("select delegations", Account::authority, R"(
    SELECT delegation.id, giver.name, taker.name, from_on, until_on
    FROM delegation JOIN person AS giver ON giver.id = given_by JOIN person AS taker ON taker.id = given_to
    WHERE delegation.authority_id = ? AND ended_at IS NULL AND until_on >= ? ORDER BY from_on, delegation.id)");
const Statement kEndDelegation("end delegation", Account::authority, R"(
    UPDATE delegation SET ended_at = ? WHERE authority_id = ? AND id = ? AND ended_at IS NULL)");

}  // namespace

std::vector<Person> Delegations::candidates(Transaction& tx, AuthorityId authority) {
    std::vector<Person> people;
    for (auto rows = tx.query(kSelectColleagues, authority); rows.next();) {
        const auto role = roleNamed(rows.text(4));
        if (!role || may(*role, Permission::signOff) || !may(*role, Permission::viewRecords)) continue;
        people.push_back({rows.id<Person>(0), rows.text(1), rows.text(2), AuthorityId::of(rows, 3), *role});
    }
    return people;
}

void Delegations::give(Transaction& tx, const Person& director, const NewDelegation& delegation) {
    const auto authority = director.authority.value();
    const auto people = candidates(tx, authority);
    const auto taker = std::ranges::find(people, delegation.to, &Person::id);
    if (taker == people.end()) throw values::NotFound("no such colleague");
    tx.run(kInsertDelegation, delegation.id, authority, director.id, delegation.to, delegation.from,
           delegation.until, tx.now());
    tx.audit("sign-off delegated", taker->email, delegation.from.iso() + " to " + delegation.until.iso());
}

std::vector<Delegation> Delegations::of(Transaction& tx, AuthorityId authority) {
    std::vector<Delegation> all;
    for (auto rows = tx.query(kSelectDelegations, authority, values::londonDate(tx.now())); rows.next();)
        all.push_back({rows.id<Delegation>(0), rows.text(1), rows.text(2), rows.date(3), rows.date(4)});
    return all;
}

void Delegations::end(Transaction& tx, AuthorityId authority, values::Id<Delegation> id) {
    if (tx.run(kEndDelegation, tx.now(), authority, id) == 0) throw values::NotFound("no such delegation");
    tx.audit("delegation ended", id.text());
}

}  // namespace identity
