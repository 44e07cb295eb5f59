// The machines of an authority that speak to the API.
#include <nlohmann/json.hpp>

#include "authority/door.h"
#include "authority/view.h"
#include "identity/sessions.h"

namespace authority {

using identity::CaseSystem;
using identity::CaseSystems;
using nlohmann::json;
using platform::Response;
using platform::Transaction;

namespace {
/// A token is renewed at least so often.
constexpr int kLongestDays = 400;
}  // namespace

Response Door::systems(Visit& visit) {
    json view{{"title", "Case systems"}, {"scopes", json::array()}, {"admit", button("Let it in")}};
    const auto& form = visit.request.form;
    for (const auto scope : identity::allScopes()) {
        const auto name = identity::scopeName(scope);
        view["scopes"].push_back({{"name", "scope." + name},
                                  {"text", name},
                                  {"purpose", identity::scopePurpose(scope)},
                                  {"checked", form.contains("scope." + name)}});
    }
    view["scopesError"] = errorOf(visit.problems, "scope");
    view["name"] = entrance::input({"name", "What it is", entrance::valueOf(form, "name"), "text",
                                    "Such as the name of your case system"},
                                   visit.problems);
    view["endsOn"] = entrance::input({"ends_on", "Its last day", entrance::valueOf(form, "ends_on"), "text",
                                      "At most 400 days from today. For example, 31/3/2027"},
                                     visit.problems);
    database_.read([&](Transaction& tx) {
        view["systems"] = json::array();
        for (const auto& system : CaseSystems::of(tx, visit.authority())) {
            std::string scopes;
            for (const auto scope : system.scopes)
                scopes += (scopes.empty() ? "" : ", ") + identity::scopeName(scope);
            const bool isOver = system.isRevoked || system.endsOn < clock_.today();
            view["systems"].push_back(
                {{"name", system.name},
                 {"scopes", scopes},
                 {"until",
                  system.isRevoked ? "ended" : (isOver ? "ran out on " : "until ") + system.endsOn.text()},
                 {"seen", system.lastSeenAt ? "last seen on " + entrance::instantText(*system.lastSeenAt)
                                            : "never seen"},
                 {"by", system.admittedBy},
                 {"revoke", isOver ? json() : json{{"path", "/systems/" + system.id.text() + "/revoke"}}}});
        }
    });
    view["hasSystems"] = !view["systems"].empty();
    if (!visit.problems.empty()) view["summaryOfErrors"] = errorSummary(visit.problems);
    return render(visit, "systems", std::move(view));
}

Response Door::admitSystem(Visit& visit) {
    const auto& form = visit.request.form;
    values::Reader reader(form);
    const auto name = reader.text("name", "what it is", 100);
    const auto endsOn = reader.date("ends_on", "its last day");
    if (endsOn && (*endsOn <= clock_.today() || *endsOn > clock_.today().plusDays(kLongestDays)))
        reader.problem("ends_on", "Give a day after today, at most 400 days from now.");
    std::vector<identity::Scope> scopes;
    for (const auto scope : identity::allScopes())
        if (form.contains("scope." + identity::scopeName(scope))) scopes.push_back(scope);
    if (scopes.empty()) reader.problem("scope", "Choose what it may do.");
    reader.refuseProblems();
    const auto token = identity::Sessions::newToken();
    const CaseSystem system{
        ids_.next<CaseSystem>(), visit.authority(), name, scopes, *endsOn, "", "", std::nullopt};
    // Not sent once: a token is shown to who made it, and to nobody who repeats the form.
    database_.inTransaction(entrance::Entrance::actorOf(visit),
                            [&](Transaction& tx) { CaseSystems::admit(tx, system, token); });
    return render(visit, "system_token",
                  {{"title", "The token of " + name},
                   {"name", name},
                   {"token", token},
                   {"endsOn", endsOn->text()},
                   {"back", {{"href", "/systems"}, {"text", "Back to case systems"}}}});
}

Response Door::revokeSystem(Visit& visit) {
    const auto id = visit.request.partId<CaseSystem>("system");
    database_.inTransaction(entrance::Entrance::actorOf(visit),
                            [&](Transaction& tx) { CaseSystems::revoke(tx, visit.authority(), id); });
    return platform::seeOther("/systems");
}

}  // namespace authority
