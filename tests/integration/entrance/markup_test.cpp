// Markup and formulas planted in every text of the database, looked for in every page and export.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "support/doors.h"

using identity::Door;
using identity::Role;
using platform::Transaction;
using support::Doors;
using support::TestHouse;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {
constexpr const char* kPlanted = "=<i>x</i>&\"'";
}

TEST(PlantedMarkup, ComesOutHarmlessInEveryPageAndExport) {
    TestHouse house(support::Begins::delivered);
    Doors doors(house);
    std::map<Role, std::string> tokens;
    for (const auto role : identity::allRoles()) {
        const auto email = identity::roleName(role) + "@one.example";
        doors.add(email, identity::isOfAuthority(role) ? 805 : 0, role);
        tokens[role] = doors.signIn(identity::doorOf(role), email);
    }
    const auto value = [&](const std::string& sql) {
        auto rows = house.superuser().ask(std::regex_replace(sql, std::regex("@"), house.name + "."));
        return rows.next() ? rows.text(0) : "";
    };
    const auto upload = house.ids.next<intake::Upload>();
    const auto id = house.ids.next<identity::Invitation>();
    std::string link;
    house.as(platform::Account::authority).inTransaction(support::tester(), [&](Transaction& tx) {
        intake::Uploads::send(tx, upload, house.authorityId(805), {kPlanted});
        link = identity::Invitations(std::chrono::hours(1))
                   .invite(tx, {id, "new@one.example", "New", Role::practitioner, house.authorityId(805)});
    });
    const values::Invalid refusal({{{kPlanted, 2, kPlanted}, kPlanted, kPlanted}});
    auto report = intake::problemsJson(refusal);
    for (std::size_t i = 0; i < report.size(); ++i)
        if (report[i] == '\\' || report[i] == '\'') report.insert(i++, 1, '\\');
    house.superuser().execute("UPDATE " + house.name + ".upload SET state = 'refused', report = '" + report +
                              "'");

    // Every text that people or files bring, in one go; words of our own and what is signed or hashed stay.
    int planted = 0;
    for (auto rows = house.superuser().ask(
             "SELECT table_name, column_name, character_maximum_length FROM information_schema.columns "
             "WHERE table_schema = '" +
             house.name +
             "' AND data_type IN ('varchar', 'text') AND "
             "character_set_name = 'utf8mb4' AND table_name IN ('provider', 'service', 'practitioner', "
             "'episode', 'session', "
             "'review', 'person', 'invitation', 'audit_entry', 'browser_session') AND column_name NOT IN "
             "('email', 'subject', "
             "'provider_session')");
         rows.next(); ++planted)
        house.superuser().execute("SET STATEMENT foreign_key_checks = 0 FOR UPDATE " + house.name + "." +
                                  rows.text(0) + " SET " + rows.text(1) + " = CONCAT('" +
                                  std::regex_replace(kPlanted, std::regex("'"), "''") + "', LEFT(" +
                                  rows.text(1) + ", " + rows.text(2) + " - 12))");
    EXPECT_GT(planted, 15);
    house.superuser().execute(
        "INSERT INTO " + house.name + ".touched (service_id) SELECT id FROM " + house.name +
        ".service ON DUPLICATE KEY UPDATE generation = generation + 1, has_new_records = TRUE");
    house.compute();

    const std::map<std::string, std::string> things{
        {"recommendation", "kc-navigator"},
        {"guide", "kinship-care"},
        {"measure", "dose"},
        {"name", "plumbline.css"},
        {"provider", "none"},
        {"upload", upload.text()},
        {"token", link},
        {"service", value("SELECT LOWER(HEX(id)) FROM @service ORDER BY id LIMIT 1")},
        {"person", value("SELECT LOWER(HEX(id)) FROM @person WHERE role = 'practitioner'")}};
    int seen = 0;
    for (const auto& [role, token] : tokens) {
        const auto door = identity::doorOf(role);
        for (const auto& route : doors.entrance(door).routes()) {
            if (std::string(route.method) != "GET") continue;
            std::string path = route.pattern;
            for (const auto& [part, thing] : things)
                path = std::regex_replace(path, std::regex("\\{" + part + "\\}"), thing);
            const auto answer = doors.ask(door, "GET", path, token, {}, {{"quarter", "2025-26-Q1"}});
            EXPECT_NE(answer.status, 500) << path;
            if (answer.type.rfind("text/html", 0) == 0) {
                EXPECT_THAT(answer.body, Not(HasSubstr("<i>x"))) << path;
                EXPECT_THAT(answer.body, Not(HasSubstr("&\"'"))) << path;
                seen += answer.body.find("&lt;i&gt;x&lt;") != std::string::npos ? 1 : 0;
            }
            if (answer.type.rfind("text/csv", 0) == 0) {
                EXPECT_FALSE(std::regex_search(answer.body, std::regex("(^|[,\n])\"?[=+@-]<i>"))) << path;
                EXPECT_THAT(answer.body, HasSubstr("\"'=<i>x</i>")) << path;
                ++seen;
            }
        }
    }
    EXPECT_GT(seen, 30) << "it was planted where people look";
}
