// Data protection: what is kept about a child can be seen and forgotten, keys change, and nothing is kept for
// ever.

#include "delivery/subjects.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "delivery/retention.h"
#include "identity/audit.h"
#include "intake/pseudonyms.h"
#include "results/recompute.h"
#include "support/test_house.h"
#include "values/errors.h"

using delivery::Child;
using delivery::Subjects;
using platform::Account;
using platform::Transaction;
using support::TestHouse;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {

class SubjectsTest : public testing::Test {
protected:
    void SetUp() override {
        std::filesystem::remove_all(keys);
        house.loadCatalogue();
        house.import("intake", "E06000001");
        const auto file = support::textOf(support::source("tests/data/intake/episodes.csv"));
        reference = file.substr(file.find("\nS1-E01,S1,") + 11, 6);
    }
    delivery::ChildName nameOf(const std::string& child) const {
        return intake::Pseudonyms(keys, 805, "E06000001").of(child);
    }
    std::optional<Child> find(const std::string& child) {
        std::optional<Child> found;
        const auto authority = house.authorityId(805);
        house.as(Account::retention).read([&](Transaction& tx) {
            found = Subjects::find(tx, authority, nameOf(child));
        });
        return found;
    }
    void erase(const Child& child) {
        house.as(Account::retention).inTransaction(support::tester(), [&](Transaction& tx) {
            Subjects::erase(tx, child, reference);
        });
        house.compute();
    }
    std::int64_t count(const std::string& from) {
        auto rows = house.superuser().ask("SELECT COUNT(*) FROM " + house.name + "." + from);
        rows.next();
        return rows.number(0);
    }
    /// Every value of every table, history included, as one text.
    std::string everythingKept() {
        std::string all;
        auto tables = house.superuser().ask(
            "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = '" +
            house.name + "' AND table_type <> 'VIEW'");
        std::vector<std::pair<std::string, bool>> names;
        while (tables.next()) names.emplace_back(tables.text(0), tables.text(1) == "SYSTEM VERSIONED");
        for (const auto& [name, isVersioned] : names) {
            auto columns = house.superuser().ask(
                "SELECT GROUP_CONCAT(CONCAT('COALESCE(HEX(`', column_name, '`), \"\")')) FROM "
                "information_schema.columns WHERE table_schema = '" +
                house.name + "' AND table_name = '" + name + "'");
            columns.next();
            auto rows =
                house.superuser().ask("SELECT CONCAT_WS('|', " + columns.text(0) + ") FROM " + house.name +
                                      ".`" + name + "`" + (isVersioned ? " FOR SYSTEM_TIME ALL" : ""));
            while (rows.next()) all += rows.text(0) + "\n";
        }
        return all;
    }
    static std::string hex(const std::string& text) {
        std::string out;
        for (const unsigned char c : text) {
            const char* digits = "0123456789ABCDEF";
            out += digits[c >> 4U];
            out += digits[c & 15U];
        }
        return out;
    }

    TestHouse house;
    std::string reference;
    const std::string keys = support::temporaryFolder() + "/keys";
};

}  // namespace

TEST_F(SubjectsTest, SeeEverythingThatIsKeptAndItIsNoted) {
    const auto child = find(reference);
    ASSERT_TRUE(child);
    std::string text;
    auto& database = house.as(Account::retention);
    EXPECT_THROW(database.read([&](Transaction& tx) { Subjects::everything(tx, *child); }), std::logic_error)
        << "nobody looks without a note of it";
    database.inTransaction(support::tester(), [&](Transaction& tx) {
        text = Subjects::everything(tx, *child);
        tx.audit("records of a child exported", child->id.text());
    });
    const auto kept = nlohmann::json::parse(text);
    EXPECT_EQ(kept["episodes"][0]["reference"], "S1-E01");
    EXPECT_GT(kept["sessions"].size(), 3U);
    EXPECT_FALSE(find("nobody like this"));
}

TEST_F(SubjectsTest, AreForgottenInRecordsHistoryAndFigures) {
    // History: the episode was changed before.
    house.superuser().execute("UPDATE " + house.name +
                              ".episode SET need = 'other' WHERE reference = 'S1-E01'");
    const auto child = find(reference);
    ASSERT_TRUE(child);
    const auto pseudonym = nameOf(reference).pseudonym;
    EXPECT_THAT(everythingKept(), HasSubstr(hex(pseudonym)));
    const auto sessions = count("session");
    erase(*child);
    EXPECT_THAT(everythingKept(), Not(HasSubstr(hex(pseudonym)))) << "nor in history, nor in packed columns";
    EXPECT_FALSE(find(reference));
    EXPECT_EQ(count("episode WHERE reference = 'S1-E01'"), 0);
    EXPECT_LT(count("session"), sessions);
    EXPECT_EQ(count("review WHERE session_reference LIKE 'S1-E01-%'"), 0);
    EXPECT_TRUE(results::Recompute(house.as(Account::work), house.catalogues).verify().empty());
}

TEST_F(SubjectsTest, StayForgottenWhenABackupComesBack) {
    const auto list = support::temporaryFolder() + "/erased";
    const auto child = find(reference);
    const auto backup = house.name + "_backup";
    for (const auto* table : {"child", "episode"})
        house.superuser().execute("CREATE TABLE " + house.name + ".kept_" + table + " AS SELECT * FROM " +
                                  house.name + "." + table + " WHERE " +
                                  (std::string(table) == "child" ? "id" : "child_id") + " = UNHEX('" +
                                  child->id.text() + "')");
    delivery::noteErased(list, child->id);
    erase(*child);
    // The backup.
    for (const auto* table : {"child", "episode"})
        house.superuser().execute("INSERT INTO " + house.name + "." + table + " SELECT * FROM " + house.name +
                                  ".kept_" + table);
    EXPECT_TRUE(find(reference));
    for (const auto& id : delivery::readErased(list)) {
        std::optional<Child> back;
        house.as(Account::retention).read([&](Transaction& tx) { back = Subjects::byId(tx, id); });
        if (back) erase(*back);
    }
    EXPECT_FALSE(find(reference));
    EXPECT_THAT(support::textOf(list), Not(HasSubstr(reference))) << "the list itself names nobody";
}

TEST_F(SubjectsTest, MoveToANewKeyAsTheyComeAgain) {
    const auto before = find(reference);
    const auto old = nameOf(reference).pseudonym;
    const auto children = count("child");
    intake::Pseudonyms::rotate(keys, 805, "E06000001");
    EXPECT_TRUE(find(reference)) << "known by the key before";
    const auto report = house.import("intake", "E06000001");
    EXPECT_TRUE(report.isUnchanged()) << "no episode changes by it";
    EXPECT_EQ(count("child"), children);
    EXPECT_EQ(count("child WHERE key_version = 2"), children);
    EXPECT_EQ(find(reference)->id, before->id);
    EXPECT_THAT(everythingKept(), Not(HasSubstr(hex(old))));
    intake::Pseudonyms::forgetOlder(keys, 805);
    EXPECT_TRUE(find(reference));
}

TEST_F(SubjectsTest, AreKeptNoLongerThanTheRulesSay) {
    const auto rules = delivery::readRetentionRules(support::source("schema/retention.json"));
    auto& database = house.as(Account::retention);
    const auto removed = [&](const std::string& what, values::Instant now, bool isDry) {
        for (const auto& result : delivery::applyRetention(database, rules, now, isDry))
            if (result.rule.what == what) return result.removed;
        return std::int64_t{-2};
    };
    const auto now = house.clock.now();
    house.superuser().execute("INSERT INTO " + house.name +
                              ".submission VALUES (REPEAT('a', 16), 'x', '2025-04-01', ''), "
                              "(REPEAT('b', 16), 'x', '2025-06-01', '')");
    EXPECT_EQ(removed("submission", now, true), 1);
    EXPECT_EQ(count("submission"), 2) << "only counted";
    EXPECT_EQ(removed("submission", now, false), 1);
    EXPECT_EQ(removed("submission", now, false), 0);

    const auto figures = count("service_result");
    const auto children = count("child");
    EXPECT_EQ(removed("child", now, false), 0) << "their episodes ended lately, or last";
    house.superuser().execute("UPDATE " + house.name +
                              ".episode SET ended_on = '2025-05-01' WHERE ended_on IS NULL");
    EXPECT_EQ(removed("child", now + std::chrono::days(3000), false), children);
    EXPECT_EQ(count("service_result"), figures) << "figures stay";
    EXPECT_GT(count("episode"), 0);
}

TEST_F(SubjectsTest, HaveRulesThatAreCheckedWhole) {
    const auto path = support::temporaryFolder() + "/retention.json";
    std::ofstream(path)
        << R"([{"what": "child", "keep_days": 0, "title": "t", "why": "w"}, {"what": "ghost", "keep_days": 5}])";
    try {
        delivery::readRetentionRules(path);
        FAIL();
    } catch (const values::Invalid& refusal) {
        std::string all;
        for (const auto& problem : refusal.problems()) all += problem.text() + "\n";
        for (const auto* part : {"/0/keep_days", "/1/what", "/1/title", "Give this kind a rule"})
            EXPECT_THAT(all, HasSubstr(part));
    }
}
