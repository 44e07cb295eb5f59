#include <termios.h>
#include <unistd.h>

#include <iostream>

#include "plumbline/commands.h"
#include "values/errors.h"
#include "values/json.h"

namespace plumbline {
namespace {

using identity::Role;
using nlohmann::ordered_json;
using platform::Account;
using platform::Transaction;

std::string readPassword() {
    const bool isTerminal = ::isatty(STDIN_FILENO) != 0;
    termios before{};
    if (isTerminal) {
        std::cerr << "Password: ";
        ::tcgetattr(STDIN_FILENO, &before);
        auto silent = before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSANOW, &silent);
    }
    std::string password;
    std::getline(std::cin, password);
    if (isTerminal) {
        ::tcsetattr(STDIN_FILENO, TCSANOW, &before);
        std::cerr << "\n";
    }
    return password;
}

Role roleOf(const CommandLine& line) {
    if (const auto role = identity::roleNamed(line.role)) return *role;
    std::string names;
    for (const auto role : identity::allRoles())
        names += (names.empty() ? "" : ", ") + identity::roleName(role);
    throw values::Invalid({{{"", 0, "--role"}, line.role, "Give one of " + names + "."}});
}

void checkEmail(const CommandLine& line) {
    const auto at = line.email.find('@');
    if (at == std::string::npos || at == 0 || line.email.find('.', at) == std::string::npos)
        throw values::Invalid(
            {{{"", 0, "--email"}, line.email, "Give an e-mail address, like name@example.gov.uk."}});
}

/// The authority that a role of one needs, and no other has.
std::optional<delivery::Authority> authorityOf(House& house, const CommandLine& line, Role role) {
    if (!identity::isOfAuthority(role)) {
        if (!line.authority.empty())
            throw values::Invalid(
                {{{"", 0, "--authority"}, line.authority, "This role belongs to no authority."}});
        return std::nullopt;
    }
    return authorityNamed(house, Account::admin, line.authority);
}

std::optional<identity::AuthorityId> idOf(const std::optional<delivery::Authority>& authority) {
    return authority ? std::optional(authority->id) : std::nullopt;
}

ordered_json described(const CommandLine& line, const std::optional<delivery::Authority>& authority) {
    return {{"email", line.email},
            {"authority", authority ? ordered_json(authority->code) : ordered_json()},
            {"role", line.role}};
}

}  // namespace

int userAddCommand(House& house, const CommandLine& line) {
    const auto role = roleOf(line);
    checkEmail(line);
    const auto password = readPassword();
    if (const auto fault = house.passwords().fault(password, line.email))
        throw values::Invalid({{{"", 0, "password"}, "", *fault}});
    house.openDatabase(House::Need::migrated);
    const auto authority = authorityOf(house, line, role);
    const identity::NewPerson person{house.ids().next<identity::Person>(),
                                     line.email,
                                     line.person.empty() ? line.email : line.person,
                                     idOf(authority),
                                     role,
                                     password};
    house.database(Account::admin)
        .inTransaction(operatorActor("user add", idOf(authority)),
                       [&](Transaction& tx) { house.people().add(tx, person); });
    if (line.isJson) std::cout << described(line, authority).dump(1) << "\n";
    std::cerr << line.email << " can now sign in"
              << (authority ? " for " + authority->name
                            : " at the " + identity::doorName(identity::doorOf(role)) + " door")
              << ".\n";
    return 0;
}

int userInviteCommand(House& house, const CommandLine& line) {
    const auto role = roleOf(line);
    checkEmail(line);
    house.openDatabase(House::Need::migrated);
    const auto authority = authorityOf(house, line, role);
    const identity::NewInvitation invitation{house.ids().next<identity::Invitation>(), line.email,
                                             line.person.empty() ? line.email : line.person, role,
                                             idOf(authority)};
    std::string token;
    house.database(Account::admin)
        .inTransaction(operatorActor("user invite", idOf(authority)),
                       [&](Transaction& tx) { token = house.invitations().invite(tx, invitation); });
    const auto door = identity::doorName(identity::doorOf(role));
    const auto link = house.settings().text(door + ".url") + "/invitations/" + token;
    if (line.isJson) {
        auto out = described(line, authority);
        out["link"] = link;
        std::cout << out.dump(1) << "\n";
    } else {
        std::cout << link << "\n";
    }
    std::cerr << "Send this link of the " << door << " door to " << line.email
              << "; it is not shown again.\n";
    return 0;
}

identity::AuditVerdict verifiedAudit(House& house) {
    identity::AuditVerdict verdict;
    const auto anchors = identity::readAnchors(house.auditAnchors());
    house.database(Account::admin).read([&](Transaction& tx) {
        verdict = identity::Audit::verify(tx, house.auditSeal(), anchors);
    });
    if (verdict.faults.empty()) identity::writeAnchors(house.auditAnchors(), verdict.ends);
    return verdict;
}

int auditVerifyCommand(House& house, const CommandLine& line) {
    house.openDatabase(House::Need::migrated);
    const auto verdict = verifiedAudit(house);
    ordered_json faults = ordered_json::array();
    for (const auto& fault : verdict.faults) {
        faults.push_back({{"chain", fault.chain}, {"position", fault.position}, {"fault", fault.what}});
        std::cerr << "chain " << fault.chain << ", entry " << fault.position << ": " << fault.what << "\n";
    }
    if (line.isJson)
        std::cout << ordered_json{{"unbroken", verdict.faults.empty()},
                                  {"entries", verdict.entries},
                                  {"chains", verdict.ends.size()},
                                  {"faults", faults}}
                         .dump(1)
                  << "\n";
    if (verdict.faults.empty()) {
        std::cerr << verdict.entries << " entries in " << verdict.ends.size()
                  << " chains: each is as it was written, and none is missing.\n";
        return 0;
    }
    std::cerr << "The audit was tampered with, or its key is another one.\n";
    return 5;
}

int clockAcceptCommand(House& house, const CommandLine& line) {
    house.openDatabase(House::Need::migrated);
    const auto chains =
        identity::Audit::acceptClock(house.database(Account::admin), operatorActor("clock accept"));
    if (line.isJson) std::cout << ordered_json{{"chains", chains}}.dump(1) << "\n";
    std::cerr << (chains == 0
                      ? "Nothing was written later than it is now.\n"
                      : "The audit says that the clock was ahead; from now on it is written to again.\n");
    return 0;
}

}  // namespace plumbline
