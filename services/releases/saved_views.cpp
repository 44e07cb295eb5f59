#include "releases/saved_views.h"

#include "values/errors.h"

namespace releases {
namespace {

using platform::Account;
using platform::Statement;
using platform::Transaction;

const Statement kSelectViews(
    "select saved views", Account::national,
    "SELECT id, title, query, saved_by FROM saved_view ORDER BY title, id LIMIT 200");
const Statement kInsertView(
    "save a view", Account::national,
    "INSERT INTO saved_view (id, title, query, saved_at, saved_by) VALUES (?, ?, ?, ?, ?)");
const Statement kDeleteView("remove a saved view", Account::national, "DELETE FROM saved_view WHERE id = ?");

}  // namespace

std::vector<SavedView> SavedViews::all(Transaction& tx) {
    std::vector<SavedView> all;
    for (auto rows = tx.query(kSelectViews); rows.next();)
        all.push_back({rows.id<SavedView>(0), rows.text(1), rows.text(2), rows.text(3)});
    return all;
}

void SavedViews::save(Transaction& tx, values::Ids& ids, const std::string& title, const std::string& query) {
    tx.run(kInsertView, ids.next<SavedView>(), title, query, tx.now(), tx.actor().name);
    tx.audit("view saved", title, query);
}

void SavedViews::remove(Transaction& tx, values::Id<SavedView> id) {
    if (tx.run(kDeleteView, id) == 0) throw values::NotFound("no such view");
    tx.audit("view removed", id.text());
}

}  // namespace releases
