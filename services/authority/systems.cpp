// The machines of an authority that speak to the API.

#include "authority/door.h"
#include "authority/view.h"
#include "identity/sessions.h"

namespace authority {

using identity::CaseSystem;
using identity::CaseSystems;
using platform::Response;
using platform::Transaction;
using platform::View;

namespace {
/// A token is renewed at least so often.
constexpr int kLongestDays = 400;

struct SystemsPage {
    struct System {
        std::string name;
        std::string until;
        std::string scopes;
        std::string seen;
        std::string by;      ///< who let it in
        std::string revoke;  ///< where its access is ended; empty once it is over
        View view() const {
            return {{"name", name}, {"until", until}, {"scopes", scopes},
                    {"seen", seen}, {"by", by},       {"revoke", revoke}};
        }
    };
    struct Scope {
        std::string name;
        std::string text;
        std::string purpose;
        bool isChosen;
        View view() const {
            return {{"name", name}, {"text", text}, {"purpose", purpose}, {"checked", isChosen}};
        }
    };
    std::optional<ErrorSummary> summaryOfErrors;
    std::vector<System> systems;
    Field name;
    Field endsOn;
    std::vector<Scope> scopes;
    std::string scopesError;
    View view() const {
        return {{"title", "Case systems"},    {"summaryOfErrors", summaryOfErrors},
                {"systems", systems},         {"name", name},
                {"endsOn", endsOn},           {"scopes", scopes},
                {"scopesError", scopesError}, {"admit", button("Let it in")}};
    }
};

struct TokenPage {
    std::string name;  ///< of the system
    std::string token;
    std::string endsOn;
    View view() const {
        return {{"title", "The token of " + name},
                {"name", name},
                {"token", token},
                {"endsOn", endsOn},
                {"back", Link{"/systems", "Back to case systems"}}};
    }
};

std::string namesOf(const std::vector<identity::Scope>& scopes) {
    std::string names;
    for (const auto scope : scopes) names += (names.empty() ? "" : ", ") + identity::scopeName(scope);
    return names;
}

SystemsPage::System shown(const CaseSystem& system, values::Date today) {
    const bool isOver = system.isRevoked || system.endsOn < today;
    return {system.name,
            system.isRevoked ? "ended" : (isOver ? "ran out on " : "until ") + system.endsOn.text(),
            namesOf(system.scopes),
            system.lastSeenAt ? "last seen on " + entrance::instantText(*system.lastSeenAt) : "never seen",
            system.admittedBy,
            isOver ? "" : "/systems/" + system.id.text() + "/revoke"};
}

std::vector<SystemsPage::Scope> scopesOf(const values::Fields& form) {
    std::vector<SystemsPage::Scope> scopes;
    for (const auto scope : identity::allScopes()) {
        const auto name = identity::scopeName(scope);
        scopes.push_back(
            {"scope." + name, name, identity::scopePurpose(scope), form.contains("scope." + name)});
    }
    return scopes;
}

}  // namespace

Response Door::systems(Visit& visit) {
    const auto& form = visit.request.form;
    SystemsPage page{summaryOf(visit.problems),
                     {},
                     entrance::input({"name", "What it is", entrance::valueOf(form, "name"), "text",
                                      "Such as the name of your case system"},
                                     visit.problems),
                     entrance::input({"ends_on", "Its last day", entrance::valueOf(form, "ends_on"), "text",
                                      "At most 400 days from today. For example, 31/3/2027"},
                                     visit.problems),
                     scopesOf(form),
                     errorOf(visit.problems, "scope")};
    database_.read([&](Transaction& tx) {
        page.systems.clear();
        for (const auto& system : CaseSystems::of(tx, visit.authority()))
            page.systems.push_back(shown(system, clock_.today()));
    });
    return render(visit, "systems", page);
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
    return render(visit, "system_token", TokenPage{name, token, endsOn->text()});
}

Response Door::revokeSystem(Visit& visit) {
    const auto id = visit.request.partId<CaseSystem>("system");
    database_.inTransaction(entrance::Entrance::actorOf(visit),
                            [&](Transaction& tx) { CaseSystems::revoke(tx, visit.authority(), id); });
    return platform::seeOther("/systems");
}

}  // namespace authority
