#include "identity/kept_forms.h"

#include "values/errors.h"
#include "values/json.h"

namespace identity {
namespace {

using platform::kDoors;
using platform::Statement;

const Statement kKeepForm("keep a form", kDoors, R"(
    INSERT INTO kept_form (id, person_id, path, title, fields, kept_at) VALUES (?, ?, ?, ?, ?, ?)
    ON DUPLICATE KEY UPDATE fields = IF(person_id = VALUES(person_id), VALUES(fields), fields), kept_at = IF(person_id = VALUES(person_id), VALUES(kept_at), kept_at))");
const Statement kSelectForms("select kept forms", kDoors, R"(
    SELECT id, path, title, '{}', CAST(kept_at AS CHAR) FROM kept_form WHERE person_id = ? ORDER BY kept_at DESC, id DESC LIMIT 50)");
const Statement kSelectForm("select a kept form", kDoors, R"(
    SELECT id, path, title, fields, CAST(kept_at AS CHAR) FROM kept_form WHERE person_id = ? AND id = ?)");
const Statement kDiscardForm("discard a kept form", kDoors,
                             "DELETE FROM kept_form WHERE person_id = ? AND id = ?");

KeptForm formOf(const platform::Rows& rows) {
    return {rows.id<KeptForm>(0), rows.text(1), rows.text(2),
            values::parseJson(rows.text(3)).get<values::Fields>(), rows.text(4)};
}

}  // namespace

void KeptForms::keep(platform::Transaction& tx, values::Id<Person> person, const KeptForm& form) {
    tx.run(kKeepForm, form.id, person, form.path.substr(0, 300), form.title.substr(0, 200),
           nlohmann::json(form.fields).dump(), tx.now());
}

std::vector<KeptForm> KeptForms::of(platform::Transaction& tx, values::Id<Person> person) {
    std::vector<KeptForm> forms;
    for (auto rows = tx.query(kSelectForms, person); rows.next();) forms.push_back(formOf(rows));
    return forms;
}

KeptForm KeptForms::byId(platform::Transaction& tx, values::Id<Person> person, values::Id<KeptForm> id) {
    auto rows = tx.query(kSelectForm, person, id);
    if (!rows.next()) throw values::NotFound("no such form");
    return formOf(rows);
}

void KeptForms::discard(platform::Transaction& tx, values::Id<Person> person, values::Id<KeptForm> id) {
    tx.run(kDiscardForm, person, id);
}

}  // namespace identity
