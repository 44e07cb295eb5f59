#include <nlohmann/json.hpp>

#include "authority/door.h"
#include "authority/view.h"

namespace authority {
namespace {

using nlohmann::json;
using platform::Response;
using platform::Transaction;

/// Where to go after signing in: a path of ours, nothing that leads elsewhere.
std::string safePlace(const std::string& wanted) {
    const bool isOurs = wanted.size() > 1 && wanted[0] == '/' && wanted[1] != '/' &&
                        wanted.find_first_of("\\\r\n") == std::string::npos;
    return isOurs ? wanted : "/";
}

std::string valueOf(const values::Fields& fields, const std::string& name) {
    const auto found = fields.find(name);
    return found == fields.end() ? "" : found->second;
}

json field(const std::string& name, const std::string& type, const std::string& label,
           const std::string& value, const std::string& autocomplete, const std::string& error) {
    return {{"id", name},       {"name", name},
            {"type", type},     {"label", label},
            {"value", value},   {"hint", ""},
            {"error", error},   {"isDescribed", !error.empty()},
            {"hasBoth", false}, {"autocomplete", autocomplete}};
}

}  // namespace

Response Door::signInForm(Visit& visit) {
    const auto& form = visit.request.form;
    const auto asked = form.contains("next") ? valueOf(form, "next") : valueOf(visit.request.query, "next");
    json view{{"title", "Sign in"},
              {"next", safePlace(asked)},
              {"email", field("email", "email", "E-mail address", valueOf(form, "email"), "username",
                              errorOf(visit.problems, "email"))},
              {"password", field("password", "password", "Password", "", "current-password",
                                 errorOf(visit.problems, "password"))},
              {"submit", button("Sign in")}};
    if (!visit.problems.empty()) view["summary"] = errorSummary(visit.problems);
    return render(visit, "sign_in", std::move(view));
}

Response Door::signIn(Visit& visit) {
    values::Reader form(visit.request.form);
    const auto email = form.text("email", "your e-mail address");
    const auto password = form.text("password", "your password");
    form.refuseProblems();
    std::optional<identity::Person> person;
    const auto token = identity::Sessions::newToken();
    const platform::Actor actor{email, std::nullopt, visit.request.from};
    rooms_.database.inTransaction(actor, [&](Transaction& tx) {
        person = rooms_.people.signIn(tx, email, password);
        if (!person) return;
        rooms_.sessions.open(tx, token, *person);
        rooms_.sessions.removeExpired(tx);
    });
    if (!person) {
        // One answer for an unknown address, a wrong password and a locked account.
        form.problem(
            "email",
            "The e-mail address or password is not right, or the account is locked for a while after "
            "several failures.");
        form.refuseProblems();
    }
    visit.token = token;
    visit.isNewToken = true;
    return platform::seeOther(safePlace(valueOf(visit.request.form, "next")));
}

Response Door::signOut(Visit& visit) {
    rooms_.database.derive([&](Transaction& tx) { rooms_.sessions.close(tx, visit.token); });
    visit.token = identity::Sessions::newToken();
    visit.isNewToken = true;
    return platform::seeOther("/sign-in");
}

}  // namespace authority
