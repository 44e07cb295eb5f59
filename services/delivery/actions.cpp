#include "delivery/actions.h"

#include "values/errors.h"

namespace delivery {
namespace {

using platform::Account;
using platform::Statement;

const Statement kSelectNotes("select notes of an action", Account::authority, R"(
    SELECT CAST(noted_at AS CHAR), noted_by, words FROM action_note WHERE authority_id = ? AND action_reference = ?
    ORDER BY noted_at DESC, id DESC)");
const Statement kInsertNote("insert note of an action", Account::authority, R"(
    INSERT INTO action_note (id, authority_id, action_reference, noted_at, noted_by, words)
    SELECT ?, authority_id, reference, ?, ?, ? FROM action WHERE authority_id = ? AND reference = ?)");

}  // namespace

std::vector<ActionNote> ActionNotes::of(platform::Transaction& tx, identity::AuthorityId authority,
                                        const std::string& action) {
    std::vector<ActionNote> notes;
    for (auto rows = tx.query(kSelectNotes, authority, action); rows.next();)
        notes.push_back({rows.text(0), rows.text(1), rows.text(2)});
    return notes;
}

void ActionNotes::add(platform::Transaction& tx, values::Ids& ids, identity::AuthorityId authority,
                      const std::string& action, const std::string& words) {
    if (tx.run(kInsertNote, ids.next<ActionNote>(), tx.now(), tx.actor().name, words, authority, action) == 0)
        throw values::NotFound("no such action");
    tx.audit("action noted", action, words);
}

}  // namespace delivery
