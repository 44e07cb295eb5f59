#include <tuple>

#include "entrance/entrance.h"
#include "entrance/qr_code.h"
#include "entrance/view.h"
#include "platform/digest.h"

namespace entrance {

using identity::OneTimeCodes;
using identity::Person;
using identity::Session;
using identity::Sessions;
using platform::Response;
using platform::Transaction;
using platform::View;

namespace {

/// One answer for an unknown address, a wrong password and a locked account.
constexpr const char* kNotRight =
    "The e-mail address or password is not right, or the account is locked for a while after several "
    "failures.";
constexpr const char* kCodeNotRight =
    "The code is not right, or was used before. Enter the six digits that your app shows now, or a recovery "
    "code.";
constexpr const char* kSetUpNotRight = "The code is not right. Enter the six digits that your app shows now.";

std::string withNext(const std::string& path, const std::string& next) {
    return next == "/" ? path : path + "?next=" + platform::pathEncoded(next);
}

/// Where a form, or the address of its page, wants to go afterwards.
std::string nextOf(const Visit& visit) {
    const auto& form = visit.request.form;
    return safePlace(form.contains("next") ? valueOf(form, "next") : valueOf(visit.request.query, "next"));
}

/// Whether a password, or a provider's word, is not yet enough.
bool needsSecondProof(const Person& person) { return person.hasCodes || identity::needsCode(person.role); }

struct SignInPage {
    std::string next;
    Field email;
    Field password;
    std::vector<Link> providers;
    std::optional<ErrorSummary> summary;
    View view() const {
        return {{"title", "Sign in"},
                {"next", next},
                {"email", email},
                {"password", password},
                {"submit", button("Sign in")},
                {"providers", providers},
                {"summary", summary}};
    }
};

struct CodePage {
    std::string next;
    Field code;
    std::optional<ErrorSummary> summary;
    View view() const {
        return {{"title", "Enter your code"},
                {"next", next},
                {"code", code},
                {"submit", button("Continue")},
                {"summary", summary}};
    }
};

struct SetUpPage {
    std::string next;
    bool isRequired;  ///< by the person's role
    std::string secret;
    QrCode picture;
    Field code;
    std::optional<ErrorSummary> summary;
    View view() const {
        return {{"title", "Set up one-time codes"},
                {"next", next},
                {"isRequired", isRequired},
                {"secret", secret},
                {"picture", {{"size", picture.size}, {"path", picture.path}}},
                {"code", code},
                {"submit", button("Continue")},
                {"summary", summary}};
    }
};

struct RecoveryCodesPage {
    std::vector<std::string> codes;
    std::string next;
    View view() const { return {{"title", "Keep your recovery codes"}, {"codes", codes}, {"next", next}}; }
};

struct ConfirmPage {
    std::string next;
    Field proof;  ///< a code of who has codes, a password of who has none
    std::optional<ErrorSummary> summary;
    View view() const {
        return {{"title", "Confirm that it is you"},
                {"next", next},
                {"proof", proof},
                {"submit", button("Confirm")},
                {"summary", summary}};
    }
};

struct InvitationPage {
    std::string path;
    std::string name;
    std::string emailAddress;
    std::string role;
    std::string purpose;
    std::string authorityName;
    Field password;
    std::optional<ErrorSummary> summary;
    View view() const {
        return {{"title", "Join Plumbline"},
                {"path", path},
                {"name", name},
                {"emailAddress", emailAddress},
                {"role", role},
                {"purpose", purpose},
                {"authorityName", authorityName},
                {"password", password},
                {"submit", button("Join")},
                {"summary", summary}};
    }
};

/// Where one-time codes are asked for: by who signs in, and by who proves again who they are.
Field codeInput(const Visit& visit) {
    return input({"code", "One-time code", "", "text",
                  "Six digits from your authenticator app, or one of your recovery codes", "one-time-code"},
                 visit.problems);
}

Field passwordInput(const Visit& visit) {
    return input({"password", "Password", "", "password", "", "current-password"}, visit.problems);
}

/// In fours, as people type it.
std::string spaced(const std::string& secret) {
    std::string text;
    for (std::size_t i = 0; i < secret.size(); ++i)
        text += (i > 0 && i % 4 == 0 ? " " : "") + secret.substr(i, 1);
    return text;
}

}  // namespace

Response Entrance::signInForm(Visit& visit) {
    SignInPage page{
        nextOf(visit),
        input({"email", "E-mail address", valueOf(visit.request.form, "email"), "email", "", "username"},
              visit.problems),
        passwordInput(visit),
        {},
        summaryOf(visit.problems)};
    for (const auto& provider : rooms_.providers)
        page.providers.push_back({withNext("/sign-in/with/" + provider->rule().id, nextOf(visit)),
                                  "Sign in with " + provider->rule().name});
    return render(visit, "entrance/sign_in", page);
}

identity::NewSession Entrance::newSession(const Visit& visit) const {
    return {rooms_.ids.next<Session>(), Sessions::newToken(), true,        visit.request.from,
            visit.request.browser,      std::nullopt,         std::nullopt};
}

std::string Entrance::openSession(Transaction& tx, const Visit& visit, const Person& person,
                                  const identity::NewSession& session, const std::string& next) const {
    Sessions::close(tx, visit.token);
    rooms_.sessions.open(tx, person, session);
    rooms_.sessions.removeExpired(tx);
    if (session.isComplete) {
        identity::People::forgetFailures(tx, person.id);
        tx.auditFor(identity::chainOf(person), "signed in", person.email, session.provider.value_or(""));
        return next;
    }
    return withNext(person.hasCodes ? "/sign-in/code" : "/sign-in/set-up", next);
}

Response Entrance::signIn(Visit& visit) {
    values::Reader form(visit.request.form);
    const auto email = form.text("email", "your e-mail address");
    const auto password = form.text("password", "your password");
    form.refuseProblems();
    // Both limits count unknown addresses as they count known ones.
    const bool isFew =
        signInsFrom_.take(visit.request.from) && signInsOf_.take(identity::normalisedEmail(email));
    if (!isFew) throw platform::HttpProblem(429, "There were too many attempts to sign in.");
    const platform::Actor actor{email, std::nullopt, visit.request.from};
    auto fresh = newSession(visit);
    std::string place;
    rooms_.database.inTransaction(actor, [&](Transaction& tx) {
        place.clear();
        const auto person = rooms_.people.signIn(tx, rooms_.sessions.door(), email, password);
        if (!person) return;
        fresh.isComplete = !needsSecondProof(*person);
        place = openSession(tx, visit, *person, fresh, nextOf(visit));
        tx.auditFor(identity::chainOf(*person), "password accepted", person->email);
    });
    if (place.empty()) {
        form.problem("email", kNotRight);
        form.refuseProblems();
    }
    visit.takeToken(fresh.token);
    return platform::seeOther(place);
}

Response Entrance::codeForm(Visit& visit) {
    if (!visit.session || visit.person) return platform::seeOther(visit.person ? nextOf(visit) : "/sign-in");
    if (!visit.session->person.hasCodes)
        return platform::seeOther(withNext("/sign-in/set-up", nextOf(visit)));
    return render(visit, "entrance/code",
                  CodePage{nextOf(visit), codeInput(visit), summaryOf(visit.problems)});
}

Response Entrance::code(Visit& visit) {
    if (!visit.session || visit.person || !visit.session->person.hasCodes) return codeForm(visit);
    values::Reader form(visit.request.form);
    const auto code = form.text("code", "your code", 60);
    form.refuseProblems();
    const auto person = visit.session->person;
    if (!signInsOf_.take("code " + person.email))
        throw platform::HttpProblem(429, "There were too many attempts to sign in.");
    const auto fresh = newSession(visit);
    std::string place;
    rooms_.database.inTransaction(actorOf(visit), [&](Transaction& tx) {
        place.clear();
        // Locked meanwhile, it looks like any wrong code.
        const bool isOpen = identity::People::withEmail(tx, rooms_.sessions.door(), person.email).has_value();
        if (isOpen && rooms_.codes.check(tx, person, code))
            place = openSession(tx, visit, person, fresh, nextOf(visit));
        else if (isOpen) rooms_.people.countFailure(tx, person, "wrong code");
    });
    if (place.empty()) {
        form.problem("code", kCodeNotRight);
        form.refuseProblems();
    }
    visit.takeToken(fresh.token);
    return platform::seeOther(place);
}

Response Entrance::setUpForm(Visit& visit) {
    if (!visit.session) return platform::seeOther("/sign-in");
    if (visit.session->person.hasCodes)
        return platform::seeOther(visit.person ? "/account" : "/sign-in/code");
    if (visit.person && !visit.session->isConfirmed)
        return platform::seeOther("/confirm?next=/sign-in/set-up");
    const auto secret = rooms_.codes.secretFor(visit.token);
    const SetUpPage page{
        nextOf(visit),
        identity::needsCode(visit.session->person.role),
        spaced(secret),
        qrCode(OneTimeCodes::address(secret, visit.session->person)),
        input({"code", "The code that your app shows now", "", "text", "", "one-time-code"}, visit.problems),
        summaryOf(visit.problems)};
    return render(visit, "entrance/set_up", page);
}

Response Entrance::setUp(Visit& visit) {
    const bool isReady =
        visit.session && !visit.session->person.hasCodes && (!visit.person || visit.session->isConfirmed);
    if (!isReady) return setUpForm(visit);
    values::Reader form(visit.request.form);
    const auto code = form.text("code", "the code", 60);
    form.refuseProblems();
    const auto person = visit.session->person;
    const bool isSigningIn = !visit.person;
    const auto fresh = newSession(visit);
    std::vector<std::string> recovery;
    const auto next = nextOf(visit);
    rooms_.database.inTransaction(actorOf(visit), [&](Transaction& tx) {
        recovery = rooms_.codes.begin(tx, person, rooms_.codes.secretFor(visit.token), code);
        if (!recovery.empty() && isSigningIn) openSession(tx, visit, person, fresh, next);
    });
    if (recovery.empty()) {
        form.problem("code", kSetUpNotRight);
        form.refuseProblems();
    }
    if (isSigningIn) visit.takeToken(fresh.token);
    visit.person = person;
    return recoveryCodes(visit, recovery, next);
}

Response Entrance::recoveryCodes(const Visit& visit, const std::vector<std::string>& codes,
                                 const std::string& next) const {
    return render(visit, "entrance/recovery_codes", RecoveryCodesPage{codes, next});
}

Response Entrance::signOut(Visit& visit) {
    if (visit.session)
        rooms_.database.inTransaction(actorOf(visit), [&](Transaction& tx) {
            Sessions::close(tx, visit.token);
            tx.audit("signed out", visit.session->person.email);
        });
    visit.takeToken(Sessions::newToken());
    return platform::seeOther("/sign-in");
}

Response Entrance::confirmForm(Visit& visit) {
    return render(visit, "entrance/confirm",
                  ConfirmPage{nextOf(visit), visit.person->hasCodes ? codeInput(visit) : passwordInput(visit),
                              summaryOf(visit.problems)});
}

Response Entrance::confirm(Visit& visit) {
    const auto& person = *visit.person;
    values::Reader form(visit.request.form);
    const auto* field = person.hasCodes ? "code" : "password";
    const auto given = form.text(field, person.hasCodes ? "your code" : "your password");
    form.refuseProblems();
    if (!signInsOf_.take("confirm " + person.email))
        throw platform::HttpProblem(429, "There were too many attempts.");
    bool isProven = false;
    bool isOpen = true;
    rooms_.database.inTransaction(actorOf(visit), [&](Transaction& tx) {
        isProven = person.hasCodes
                       ? rooms_.codes.check(tx, person, given)
                       : rooms_.people.signIn(tx, rooms_.sessions.door(), person.email, given).has_value();
        if (!isProven) {
            if (person.hasCodes) rooms_.people.countFailure(tx, person, "wrong code");
            isOpen = Sessions::countWrongProof(tx, *visit.session);
            if (!isOpen) tx.audit("session ended", person.email, "five wrong proofs in a row");
            return;
        }
        Sessions::confirm(tx, *visit.session);
        tx.audit("confirmed who they are", person.email);
    });
    if (!isOpen) {
        visit.takeToken(Sessions::newToken());
        return platform::seeOther("/sign-in");
    }
    if (!isProven) {
        form.problem(field, person.hasCodes ? kCodeNotRight : "The password is not right.");
        form.refuseProblems();
    }
    return platform::seeOther(nextOf(visit));
}

identity::Provider& Entrance::providerOf(const Visit& visit) const {
    for (const auto& provider : rooms_.providers)
        if (provider->rule().id == visit.request.part("provider")) return *provider;
    throw values::NotFound("no such provider");
}

std::string Entrance::wayBack(const identity::Provider& provider) const {
    return address_ + "/sign-in/with/" + provider.rule().id + "/return";
}

Response Entrance::toProvider(Visit& visit) {
    auto& provider = providerOf(visit);
    if (!signInsFrom_.take(visit.request.from))
        throw platform::HttpProblem(429, "There were too many attempts to sign in.");
    return platform::seeOther(provider.start(rooms_.database, visit.token, nextOf(visit), wayBack(provider)));
}

Response Entrance::fromProvider(Visit& visit) {
    auto& provider = providerOf(visit);
    const auto& query = visit.request.query;
    std::optional<identity::Provider::Way> way;
    rooms_.database.derive([&](Transaction& tx) {
        identity::Provider::removeExpired(tx);
        way = provider.returned(tx, visit.token, valueOf(query, "state"));
    });
    if (!way)
        throw values::Forbidden("This sign-in is out of date, or was begun in another browser. Begin again.");
    if (!valueOf(query, "error").empty())
        throw values::Forbidden(provider.rule().name +
                                " did not sign you in. Begin again, or ask its help desk.");
    const auto proven = provider.prove(*way, valueOf(query, "code"), wayBack(provider));
    auto fresh = newSession(visit);
    fresh.provider = provider.rule().id;
    if (!proven.session.empty()) fresh.providerSession = proven.session;
    const auto newId = rooms_.ids.next<Person>();
    std::string place;
    rooms_.database.inTransaction(
        {"provider " + provider.rule().id, std::nullopt, visit.request.from}, [&](Transaction& tx) {
            place.clear();
            const auto person = provider.admit(tx, rooms_.people, proven, newId);
            if (!person) {
                tx.audit("sign-in refused", proven.email, "no access");
                return;
            }
            fresh.isComplete = proven.hasSecondFactor || !needsSecondProof(*person);
            place = openSession(tx, visit, *person, fresh, safePlace(way->next));
            tx.auditFor(identity::chainOf(*person), "provider accepted", person->email, provider.rule().id);
        });
    if (place.empty()) {
        throw values::Forbidden(
            provider.rule().name +
            " knows you, but you have no access here yet. Ask the people who look after access.");
    }
    visit.takeToken(fresh.token);
    return platform::seeOther(place);
}

Response Entrance::providerLogOut(Visit& visit) {
    auto& provider = providerOf(visit);
    visit.request.wantsJson = true;
    provider.logOut(rooms_.database, {"provider " + provider.rule().id, std::nullopt, visit.request.from},
                    valueOf(visit.request.form, "logout_token"));
    return platform::jsonAnswer("{}");
}

Response Entrance::invitationForm(Visit& visit) {
    std::optional<identity::Invitation> invitation;
    rooms_.database.read([&](Transaction& tx) {
        invitation = identity::Invitations::withToken(tx, visit.request.part("token"));
    });
    if (!invitation || identity::doorOf(invitation->role) != rooms_.sessions.door())
        throw values::NotFound("no such invitation");
    const InvitationPage page{visit.request.path,
                              invitation->name,
                              invitation->email,
                              identity::roleTitle(invitation->role),
                              identity::rolePurpose(invitation->role),
                              invitation->authorityName,
                              input({"password", "Choose a password", "", "password",
                                     "At least 12 characters; three words will do", "new-password"},
                                    visit.problems),
                              summaryOf(visit.problems)};
    return render(visit, "entrance/invitation", page);
}

Response Entrance::acceptInvitation(Visit& visit) {
    const auto token = visit.request.part("token");
    values::Reader form(visit.request.form);
    const auto password = form.text("password", "a password");
    form.refuseProblems();
    auto fresh = newSession(visit);
    const auto newId = rooms_.ids.next<Person>();
    std::string place;
    rooms_.database.inTransaction({"invited person", std::nullopt, visit.request.from}, [&](Transaction& tx) {
        const auto invitation = identity::Invitations::withToken(tx, token);
        if (!invitation || identity::doorOf(invitation->role) != rooms_.sessions.door())
            throw values::NotFound("no such invitation");
        if (const auto fault = rooms_.passwords.fault(password, invitation->email))
            form.problem("password", *fault);
        form.refuseProblems();
        const auto person =
            identity::Invitations::accept(tx, rooms_.people, *invitation, newId, std::optional(password));
        fresh.isComplete = !needsSecondProof(person);
        place = openSession(tx, visit, person, fresh, "/");
    });
    visit.takeToken(fresh.token);
    return platform::seeOther(place);
}

}  // namespace entrance
