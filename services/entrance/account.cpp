
#include "entrance/entrance.h"
#include "entrance/view.h"

namespace entrance {

using identity::Session;
using identity::Sessions;
using platform::Response;
using platform::Transaction;
using platform::View;

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

/// A browser in which somebody is signed in.
struct SignedInBrowser {
    std::string id;  ///< of its session
    std::string browser;
    std::string from;
    std::string startedAt;
    std::string lastSeenAt;
    bool isOther;  ///< than the one that asks
    View view() const {
        return {{"id", id},
                {"browser", browser},
                {"from", from},
                {"startedAt", startedAt},
                {"lastSeenAt", lastSeenAt},
                {"isOther", isOther}};
    }
};

struct AccountPage {
    std::string name;
    std::string emailAddress;
    std::string role;
    std::string purpose;
    bool isDelegate;
    bool hasCodes;
    std::int64_t recoveryLeft;
    std::vector<SignedInBrowser> sessions;
    View view() const {
        return {{"title", "Your account"},
                {"name", name},
                {"emailAddress", emailAddress},
                {"role", role},
                {"purpose", purpose},
                {"isDelegate", isDelegate},
                {"hasCodes", hasCodes},
                {"recoveryLeft", recoveryLeft},
                {"sessions", sessions},
                {"isSignedInElsewhere", sessions.size() > 1},
                {"end", secondaryButton("Sign out there")},
                {"endOthers", secondaryButton("Sign out everywhere else")},
                {"renew", secondaryButton("Make new recovery codes")}};
    }
};

struct PasswordPage {
    Field password;
    std::optional<ErrorSummary> summary;
    View view() const {
        return {{"title", "Change your password"},
                {"password", password},
                {"submit", button("Change the password")},
                {"summary", summary},
                {"back", Link{"/account", "Back to your account"}}};
    }
};

SignedInBrowser browserOf(const identity::OpenSession& open, const Visit& visit) {
    return {open.id.text(),
            browserText(open.browser),
            open.cameFrom,
            instantText(open.startedAt),
            instantText(open.lastSeenAt),
            open.id != visit.session->id};
}

}  // namespace

Response Entrance::start(Visit& visit) { return platform::seeOther(homeOf(*visit.person)); }

Response Entrance::account(Visit& visit) {
    const auto& person = *visit.person;
    AccountPage page{person.name,
                     person.email,
                     identity::roleTitle(person.role),
                     identity::rolePurpose(person.role),
                     person.isDelegate,
                     person.hasCodes,
                     0,
                     {}};
    rooms_.database.read([&](Transaction& tx) {
        page.sessions.clear();
        for (const auto& open : rooms_.sessions.of(tx, person))
            page.sessions.push_back(browserOf(open, visit));
        page.recoveryLeft = identity::OneTimeCodes::recoveryCodesLeft(tx, person);
    });
    return render(visit, "entrance/account", page);
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
    const PasswordPage page{input({"password", "New password", "", "password",
                                   "At least 12 characters; three words will do", "new-password"},
                                  visit.problems),
                            summaryOf(visit.problems)};
    return render(visit, "entrance/password", page);
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
