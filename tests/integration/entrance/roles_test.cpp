// Every route of every door, asked by everyone: of one's own things, and of another authority's.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "support/doors.h"

using identity::Door;
using identity::Role;
using platform::Account;
using platform::Transaction;
using support::Doors;
using support::TestHouse;

namespace {

constexpr Door kDoors[] = {Door::authority, Door::inspection, Door::national};

class RolesTest : public testing::Test {
protected:
    static void SetUpTestSuite() {
        house = new TestHouse(support::Begins::delivered);
        house->import("intake", "E06000002");
        doors = new Doors(*house);
        for (const auto role : identity::allRoles()) {
            doors->add(identity::roleName(role) + "@one.example", identity::isOfAuthority(role) ? 805 : 0,
                       role);
            if (identity::isOfAuthority(role))
                doors->add(identity::roleName(role) + "@two.example", 806, role);
        }
    }
    static void TearDownTestSuite() {
        delete doors;
        delete house;
    }
    static std::string value(const std::string& sql) {
        auto rows = house->superuser().ask(std::regex_replace(sql, std::regex("@"), house->name + "."));
        return rows.next() ? rows.text(0) : "";
    }
    /// Things of an authority, fresh, so that one asker's change is no other's.
    /// By the `{part}` of an address that they stand for.
    static std::map<std::string, std::string> thingsOf(int authority, const identity::Person& asker) {
        static int count = 0;
        const auto code = std::to_string(authority);
        const auto name = "spare" + std::to_string(++count);
        const bool isOfAuthority = asker.authority.has_value();
        // Somebody whom administrators of the asker's kind look after; in another authority, where there are
        // some.
        const auto spare =
            doors->add(name + "@spare.example", isOfAuthority ? authority : 0,
                       isOfAuthority                                      ? Role::practitioner
                       : identity::doorOf(asker.role) == Door::inspection ? Role::inspector
                                                                          : Role::nationalAnalyst,
                       std::nullopt);
        const auto id = house->ids.next<identity::Invitation>();
        std::string token;
        house->as(Account::admin).inTransaction(support::tester(), [&](Transaction& tx) {
            token = identity::Invitations(std::chrono::hours(1))
                        .invite(tx, {id, name + "@invited.example", "Sam", spare.role, spare.authority});
        });
        const auto upload = house->ids.next<intake::Upload>();
        house->as(Account::authority).inTransaction(support::tester(), [&](Transaction& tx) {
            intake::Uploads::send(tx, upload, house->authorityId(authority), {"a.csv"});
        });
        house->superuser().execute("UPDATE " + house->name + ".upload SET state = 'refused', report = " +
                                   R"('{"found":0,"problems":[]}' WHERE id = UNHEX(')" + upload.text() +
                                   "')");
        const auto delegation = house->ids.next<identity::Person>();
        const auto person = [&](const char* role) {
            return value("SELECT LOWER(HEX(id)) FROM @person WHERE authority_id = " + code + " AND role = '" +
                         role + "' LIMIT 1");
        };
        house->superuser().execute("INSERT INTO " + house->name + ".delegation VALUES (UNHEX('" +
                                   delegation.text() + "'), " + code + ", UNHEX('" + person("director") +
                                   "'), UNHEX('" + person("service_manager") +
                                   "'), '2030-01-01', '2030-02-01', '2025-01-01', NULL)");
        const auto insert = [&](const std::string& sql) {
            house->superuser().execute("INSERT INTO " + house->name + "." + sql);
        };
        const auto fresh = [] { return house->ids.next<identity::Person>().text(); };
        const auto service =
            value("SELECT LOWER(HEX(id)) FROM @service WHERE reference = 'S1' AND authority_id = " + code);
        const auto system = fresh();
        const auto form = fresh();
        insert("site (id, authority_id, service_id, reference, name) VALUES (UNHEX('" + fresh() + "'), " +
               code + ", UNHEX('" + service + "'), '" + name + "', 'Hall')");
        insert("action (id, authority_id, reference, title, owner, due_on) VALUES (UNHEX('" + fresh() +
               "'), " + code + ", '" + name + "', 'Train', 'Ruth', '2030-01-01')");
        insert(
            "case_system (id, authority_id, name, token_hash, scopes, admitted_by, admitted_at, ends_on) "
            "VALUES "
            "(UNHEX('" +
            system + "'), " + code + ", 'Cases', UNHEX(SHA2('" + name +
            "', 256)), 'records:read', 'Ada', '2025-01-01', '2030-01-01')");
        // One's own form among one's own things; a colleague's elsewhere.
        const auto email = authority == 805 ? asker.email : "service_manager@two.example";
        house->superuser().execute("INSERT INTO " + house->name + ".kept_form SELECT UNHEX('" + form +
                                   "'), id, '/account', 'Your account', '{}', '2025-01-01' FROM " +
                                   house->name + ".person WHERE email = '" + email + "'");
        // An inspection of the authority in which the asker takes part, with a report that was made.
        const auto inspection = fresh();
        const auto report = fresh();
        const auto sample = fresh();
        insert("inspection VALUES (UNHEX('" + inspection + "'), " + code +
               ", 'short', '', 501, 504, '2025-01-01', '2025-12-31', 'authority', 'Ada', '2025-01-01', NULL, "
               "NULL)");
        insert("adherence_report VALUES (UNHEX('" + report + "'), " + code +
               ", 501, 504, '2025-05-01', '2025-05-01', 1, '2025-05-02', 'Ada', 'failed', NULL, NULL, NULL)");
        insert("inspection_report VALUES (UNHEX('" + inspection + "'), UNHEX('" + report +
               "'), '2025-05-02', 'Ada')");
        insert("evidence_request VALUES (UNHEX('" + fresh() + "'), UNHEX('" + inspection + "'), " + code +
               ", 1, '', 'Minutes', NULL, '2025-05-02', 'Ada', NULL, NULL, NULL, NULL)");
        insert("record_sample VALUES (UNHEX('" + sample + "'), UNHEX('" + inspection + "'), " + code +
               ", UNHEX('" + report + "'), 'none', 1, 'a', '2025-05-02', 'Ada', '2025-05-02', '{}')");
        // Of another authority's inspection the asker is no member.
        if (authority == 805 && asker.role == Role::inspector)
            insert("inspection_member SELECT UNHEX('" + inspection +
                   "'), id, '2025-01-01', 'Ada', NULL FROM " + house->name + ".person WHERE email = '" +
                   asker.email + "'");
        return {
            {"inspection", inspection},
            {"report", report},
            {"sample", sample},
            {"expectation", "hp1"},
            {"recommendation", "kc-navigator"},
            {"kind", "sites"},
            {"key", name},
            {"quarter", "2025-26-Q1"},
            {"version", "1"},
            {"action", name},
            {"system", system},
            {"file", "services.xlsx"},
            {"number", "0"},
            {"form", form},
            {"guide", "kinship-care"},
            {"measure", "dose"},
            {"name", "plumbline.css"},
            {"provider", "none"},
            {"service", service},
            {"upload", upload.text()},
            {"person", spare.id.text()},
            {"invitation", id.text()},
            {"token", token},
            {"delegation", delegation.text()},
            {"session", value("SELECT LOWER(HEX(id)) FROM @browser_session ORDER BY started_at LIMIT 1")}};
    }
    static std::string pathOf(std::string pattern, const std::map<std::string, std::string>& things) {
        pattern = std::regex_replace(pattern, std::regex(R"(requests/\{number\})"), "requests/1");
        for (const auto& [part, thing] : things)
            pattern = std::regex_replace(pattern, std::regex("\\{" + part + "\\}"), thing);
        return pattern;
    }
    /// The status, and where a redirection leads.
    static std::string asked(Door door, const entrance::Route& route, const std::string& token,
                             const std::map<std::string, std::string>& things) {
        const auto answer = doors->ask(door, route.method, pathOf(route.pattern, things), token,
                                       {{"submission", house->ids.next<identity::Person>().text()}});
        auto place = support::header(answer, "Location");
        place = place.substr(0, place.find('?'));
        place = std::regex_replace(place, std::regex("[0-9a-f]{32}"), "…");
        return std::to_string(answer.status) + (place.empty() ? "" : " " + place);
    }

    static inline TestHouse* house = nullptr;
    static inline Doors* doors = nullptr;
};

}  // namespace

TEST_F(RolesTest, HaveTheGoldenMatrixOfAnswers) {
    std::string text =
        "Every route, asked by each role of its door: the answer about things of one's own authority, and "
        "about the\n"
        "same things of another. A form without its fields gives 422 to whom it is for; one of buttons alone "
        "is done.\n";
    std::map<Role, std::string> tokens;
    for (const auto door : kDoors) {
        for (const auto& route : doors->entrance(door).routes()) {
            const std::string pattern = route.pattern;
            text += "\n" + identity::doorName(door) + " " + route.method + " " + pattern + ": " +
                    identity::permissionName(route.permission) +
                    (route.proof == entrance::Proof::confirmed ? ", confirmed lately" : "") + "\n";
            const auto line = [&](const std::string& who, const std::string& own, const std::string& others) {
                text += "  " + who + ": " + own + (others.empty() ? "" : " / " + others) + "\n";
            };
            const bool isAboutThings = std::regex_search(
                pattern, std::regex("\\{(service|upload|person|invitation|delegation|key|action|"
                                    "system|form|inspection|report|sample)\\}"));
            const bool isInspected = pattern.find("{inspection}") != std::string::npos;
            for (const auto role : identity::allRoles()) {
                if (identity::doorOf(role) != door) continue;
                const auto email = identity::roleName(role) + "@one.example";
                const identity::Person asker{
                    house->ids.next<identity::Person>(), email, "",
                    identity::isOfAuthority(role) ? std::optional(house->authorityId(805)) : std::nullopt,
                    role};
                auto& token = tokens[role];  // signed in again only where an earlier route ended it
                if (token.empty() || doors->ask(door, "GET", "/account", token).status != 200)
                    token = doors->signIn(door, email);
                ASSERT_FALSE(token.empty()) << email;
                const auto own = asked(door, route, token, thingsOf(805, asker));
                // An inspector has others' things where they take no part in the inspection.
                const bool hasOthers = isAboutThings && (identity::isOfAuthority(role) ||
                                                         (isInspected && role == Role::inspector));
                line(identity::roleName(role), own,
                     hasOthers ? asked(door, route, token, thingsOf(806, asker)) : "");
            }
            const identity::Person stranger{
                house->ids.next<identity::Person>(), "", "", std::nullopt,
                door == Door::inspection ? Role::inspector : Role::nationalAnalyst};
            line("nobody", asked(door, route, "", thingsOf(805, stranger)), "");
        }
    }
    support::expectGolden("roles.txt", text);
}

/// The matrix again, as a rule: nothing of another authority is answered with anything but 404, or 403 to
/// whom the route is closed anyway.
TEST_F(RolesTest, NeverReachThingsOfAnotherAuthority) {
    const auto matrix = support::textOf(support::source("tests/golden/roles.txt"));
    const std::regex line(R"(  (\w+): (.*) / (.*))");
    int compared = 0;
    for (std::sregex_iterator i(matrix.begin(), matrix.end(), line), end; i != end; ++i, ++compared) {
        const std::string others = (*i)[3];
        EXPECT_TRUE(others.rfind("404", 0) == 0 || others.rfind("403", 0) == 0 ||
                    others.rfind("401", 0) == 0 || others == "303 /confirm")
            << (*i)[0];
    }
    EXPECT_GT(compared, 50);
}

TEST_F(RolesTest, AreTurnedAwayAtOtherDoors) {
    for (const auto role : identity::allRoles())
        for (const auto door : kDoors)
            EXPECT_EQ(doors->signIn(door, identity::roleName(role) + "@one.example").empty(),
                      identity::doorOf(role) != door)
                << identity::roleName(role) << " at " << identity::doorName(door);
}

TEST_F(RolesTest, CannotUseASessionOfAnotherDoor) {
    const auto token = doors->signIn(Door::authority, "service_manager@one.example");
    EXPECT_EQ(doors->ask(Door::authority, "GET", "/account", token).status, 200);
    EXPECT_EQ(doors->ask(Door::inspection, "GET", "/account", token).status, 303);
    EXPECT_EQ(doors->ask(Door::national, "GET", "/account", token).status, 303);
}
