#include <nlohmann/json.hpp>

#include "entrance/entrance.h"
#include "entrance/view.h"

namespace entrance {

using identity::Session;
using identity::Sessions;
using nlohmann::json;
using platform::Response;
using platform::Transaction;

namespace {

/// `Firefox on Windows`: enough to know one's own browser by.
std::string browserText(const std::string& browser) {
    const auto has = [&](const char* part) { return browser.find(part) != std::string::npos; };
    const auto* name = has("Edg/")       ? "Edge"
                       : has("Firefox/") ? "Firefox"
                       : has("Chrome/")  ? "Chrome"
                       : has("Safari/")  ? "Safari"
                                         : "A browser";
    const auto* system = has("Windows")                 ? " on Windows"
                         : has("Android")               ? " on Android"
                         : has("iPhone") || has("iPad") ? " on iOS"
                         : has("Mac OS")                ? " on a Mac"
                         : has("Linux")                 ? " on Linux"
                                                        : "";
    return std::string(name) + system;
}

}  // namespace

Response Entrance::start(Visit& visit) { return platform::seeOther(homeOf(*visit.person)); }

Response Entrance::account(Visit& visit) {
    const auto& person = *visit.person;
    json view{{"title", "Your account"},
              {"name", person.name},
              {"emailAddress", person.email},
              {"role", identity::roleTitle(person.role)},
              {"purpose", identity::rolePurpose(person.role)},
              {"isDelegate", person.isDelegate},
              {"hasCodes", person.hasCodes},
              {"sessions", json::array()},
              {"end", secondaryButton("Sign out there")},
              {"endOthers", secondaryButton("Sign out everywhere else")},
              {"renew", secondaryButton("Make new recovery codes")}};
    rooms_.database.read([&](Transaction& tx) {
        view["sessions"] = json::array();
        for (const auto& open : rooms_.sessions.of(tx, person))
            view["sessions"].push_back({{"id", open.id.text()},
                                        {"browser", browserText(open.browser)},
                                        {"from", open.cameFrom},
                                        {"startedAt", instantText(open.startedAt)},
                                        {"lastSeenAt", instantText(open.lastSeenAt)},
                                        {"isOther", open.id != visit.session->id}});
        view["recoveryLeft"] = std::to_string(identity::OneTimeCodes::recoveryCodesLeft(tx, person));
    });
    view["hasOthers"] = view["sessions"].size() > 1;
    return render(visit, "entrance/account", std::move(view));
}

Response Entrance::endSession(Visit& visit) {
    const auto id = visit.request.partId<Session>("session");
    rooms_.database.inTransaction(actorOf(visit),
                                  [&](Transaction& tx) { Sessions::end(tx, *visit.person, id); });
    return platform::seeOther("/account");
}

Response Entrance::endOtherSessions(Visit& visit) {
    rooms_.database.inTransaction(
        actorOf(visit), [&](Transaction& tx) { Sessions::endOthers(tx, *visit.person, visit.session->id); });
    return platform::seeOther("/account");
}

Response Entrance::passwordForm(Visit& visit) {
    json view{{"title", "Change your password"},
              {"password", input({"password", "New password", "", "password",
                                  "At least 12 characters; three words will do", "new-password"},
                                 visit.problems)},
              {"submit", button("Change the password")},
              {"back", {{"href", "/account"}, {"text", "Back to your account"}}}};
    if (!visit.problems.empty()) view["summary"] = errorSummary(visit.problems);
    return render(visit, "entrance/password", std::move(view));
}

Response Entrance::changePassword(Visit& visit) {
    values::Reader form(visit.request.form);
    const auto password = form.text("password", "a password");
    form.refuseProblems();
    if (const auto fault = rooms_.passwords.fault(password, visit.person->email))
        form.problem("password", *fault);
    form.refuseProblems();
    const auto fresh = newSession(visit);
    rooms_.database.inTransaction(actorOf(visit), [&](Transaction& tx) {
        // Whoever knew the old one is signed out everywhere; this browser goes on under a new token.
        identity::People::setPassword(tx, *visit.person, password);
        openSession(tx, visit, *visit.person, fresh, "/account");
    });
    visit.takeToken(fresh.token);
    return platform::seeOther("/account");
}

Response Entrance::renewRecovery(Visit& visit) {
    if (!visit.person->hasCodes) return platform::seeOther("/sign-in/set-up");
    std::vector<std::string> codes;
    rooms_.database.inTransaction(
        actorOf(visit), [&](Transaction& tx) { codes = rooms_.codes.renewRecovery(tx, *visit.person); });
    return recoveryCodes(visit, codes, "/account");
}

}  // namespace entrance
