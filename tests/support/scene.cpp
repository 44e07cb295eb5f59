#include "support/scene.h"

#include <regex>
#include <stdexcept>

namespace support {

using identity::Role;

platform::Response Visitor::ask(const std::string& method, const std::string& path, values::Fields form,
                                const values::Fields& query) const {
    if (method == "POST") form.emplace("submission", scene_->house.ids.next<platform::Response>().text());
    return scene_->doors.ask(door_, method, path, token_, form, query);
}

Page Visitor::get(const std::string& path, const values::Fields& query) const {
    return Page(ask("GET", path, {}, query));
}

Page Visitor::post(const std::string& path, values::Fields form, const values::Fields& query) const {
    return Page(ask("POST", path, std::move(form), query));
}

Page Visitor::edit(const std::string& path, values::Fields form) const {
    form.emplace("version", get(path).field("version"));
    return post(path, std::move(form));
}

Scene::Scene(Begins begins) : house(begins), doors(house) {}

void Scene::deliver(const std::vector<int>& authorities, const std::string& folder) {
    for (const int authority : authorities)
        house.import(folder, value("SELECT code FROM @authority_code WHERE authority_id = " +
                                   std::to_string(authority) + " ORDER BY code DESC"));
}

void Scene::signedQuarter(const std::vector<int>& authorities, values::Quarter quarter) {
    for (const int authority : authorities) {
        if (serviceId("S1", authority).empty()) deliver({authority});
        house.sign(authority, quarter);
    }
}

void Scene::letTheQuarterEnd() { house.clock.advance(std::chrono::days(40)); }

Visitor Scene::as(Role role, int authority, const std::string& name) {
    const auto email = identity::roleName(role) + name + "@" + std::to_string(authority) + ".example";
    if (const auto found = visitors_.find(email); found != visitors_.end()) return found->second;
    const auto person = doors.add(email, authority, role);
    const auto token = doors.signIn(doorOf(role), email);
    if (token.empty()) throw std::logic_error(email + " could not sign in");
    return visitors_.emplace(email, Visitor(*this, doorOf(role), person, token)).first->second;
}

std::string Scene::named(const std::string& sql) const {
    return std::regex_replace(sql, std::regex("@(?=[a-z])"), house.name + ".");
}

std::string Scene::value(const std::string& sql) {
    auto rows = house.superuser().ask(named(sql));
    return rows.next() && !rows.isNull(0) ? rows.text(0) : "";
}

void Scene::sql(const std::string& statement) { house.superuser().execute(named(statement)); }

std::string Scene::serviceId(const std::string& reference, int authority) {
    return value("SELECT LOWER(HEX(id)) FROM @service WHERE authority_id = " + std::to_string(authority) +
                 " AND reference = '" + reference + "'");
}

std::string Scene::lastAudit(int authority) {
    return value("SELECT CONCAT(action, '|', subject, '|', detail) FROM @audit_entry WHERE chain = " +
                 std::to_string(authority) +
                 " AND action NOT LIKE '%read' AND action <> 'form opened' ORDER BY position DESC LIMIT 1");
}

}  // namespace support
