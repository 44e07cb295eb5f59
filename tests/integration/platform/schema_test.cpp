// The schema as it stands after all migrations, and what each account may do with it.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "authority/door.h"
#include "platform/migrator.h"
#include "results/recompute.h"
#include "support/test_house.h"
#include "values/errors.h"

using platform::Account;
using platform::BulkStatement;
using platform::Migrator;
using platform::Statement;
using support::TestHouse;

namespace {

namespace fs = std::filesystem;

class SchemaTest : public testing::Test {
protected:
    static void SetUpTestSuite() { house = new TestHouse; }
    static void TearDownTestSuite() {
        delete house;
        house = nullptr;
    }
    static std::string column(const std::string& sql) {
        std::string text;
        for (auto rows = house->superuser().ask(sql); rows.next();) text += rows.text(0) + "\n";
        return text;
    }
    /// Tables with their columns, then keys, then references.
    static std::string describe(const std::string& database) {
        const auto columns = column(
            "SELECT CONCAT_WS(' ', c.table_name, c.column_name, c.column_type, IF(c.is_nullable = 'NO', 'not "
            "null', 'null'), IF(t.table_type = 'SYSTEM VERSIONED', 'versioned', '')) "
            "FROM information_schema.columns c JOIN information_schema.tables t "
            "ON t.table_schema = c.table_schema AND t.table_name = c.table_name WHERE c.table_schema = '" +
            database + "' ORDER BY c.table_name, c.ordinal_position");
        const auto keys = column(
            "SELECT CONCAT_WS(' ', table_name, IF(non_unique = 0, 'unique', 'index'), index_name, "
            "GROUP_CONCAT(column_name ORDER BY seq_in_index)) "
            "FROM information_schema.statistics WHERE table_schema = '" +
            database + "' GROUP BY table_name, non_unique, index_name ORDER BY table_name, index_name");
        const auto references = column(
            "SELECT CONCAT_WS(' ', table_name, GROUP_CONCAT(column_name ORDER BY ordinal_position), 'to', "
            "referenced_table_name, GROUP_CONCAT(referenced_column_name ORDER BY ordinal_position)) "
            "FROM information_schema.key_column_usage WHERE table_schema = '" +
            database +
            "' AND referenced_table_name IS NOT NULL "
            "GROUP BY table_name, constraint_name, referenced_table_name ORDER BY table_name, "
            "constraint_name");
        return columns + "\n" + keys + "\n" + references;
    }
    static inline TestHouse* house = nullptr;
};

/// A folder with the real migrations, for a test to change.
struct Chain {
    explicit Chain(const std::string& name) : folder(support::temporaryFolder() + "/" + name) {
        fs::create_directories(folder);
        for (const auto& entry : fs::directory_iterator(support::source("schema/migrations")))
            fs::copy_file(entry.path(), fs::path(folder) / entry.path().filename(),
                          fs::copy_options::overwrite_existing);
    }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(fs::path(folder) / name) << text;
    }
    /// The number of a migration so many behind the newest.
    static std::string next(int behind) {
        auto number = std::to_string(std::stoi(last().substr(0, 4)) + behind);
        return std::string(4 - number.size(), '0') + number;
    }
    /// The newest of the real migrations.
    static std::string last() {
        std::string newest;
        for (const auto& entry : fs::directory_iterator(support::source("schema/migrations")))
            newest = std::max(newest, entry.path().filename().string());
        return newest;
    }
    std::string folder;
};

}  // namespace

/// The template of the other tests may be of an earlier run: so a database from nothing as well.
TEST_F(SchemaTest, IsTheGoldenOneInADatabaseMadeFromNothing) {
    support::makeDatabase(house->server(), "fresh");
    support::expectGolden("schema.txt", describe("fresh"));
    EXPECT_EQ(describe(house->name), describe("fresh"));
}

TEST_F(SchemaTest, HasAPrimaryKeyOnEveryTable) {
    EXPECT_EQ(
        column(
            "SELECT table_name FROM information_schema.tables t WHERE table_schema = '" + house->name +
            "' AND table_type <> 'VIEW' AND NOT EXISTS (SELECT 1 FROM information_schema.statistics s WHERE "
            "s.table_schema = t.table_schema AND s.table_name = t.table_name AND s.index_name = 'PRIMARY')"),
        "");
}

TEST_F(SchemaTest, KeepsHistoryOfEveryRecord) {
    std::set<std::string> versioned;
    for (auto rows = house->superuser().ask(
             "SELECT table_name FROM information_schema.tables WHERE table_schema = '" + house->name +
             "' AND table_type = 'SYSTEM VERSIONED'");
         rows.next();)
        versioned.insert(rows.text(0));
    EXPECT_EQ(versioned,
              (std::set<std::string>{"provider", "service", "site", "practitioner", "supervision", "episode",
                                     "session", "review", "adaptation", "outcome_score", "declaration",
                                     "action", "feedback", "stage_change", "service_partner",
                                     "family_meeting", "entered_count", "self_evaluation"}));
}

TEST_F(SchemaTest, HasOneStatementInEachMigration) {
    for (const auto& migration : platform::readMigrations(support::source("schema/migrations"))) {
        std::istringstream lines(migration.sql);
        std::string statement;
        for (std::string line; std::getline(lines, line);)
            if (line.rfind("--", 0) != 0) statement += line + "\n";
        EXPECT_EQ(statement.find(';'), std::string::npos) << migration.name;
    }
}

TEST_F(SchemaTest, DoesNothingWhenMigratedAgain) {
    EXPECT_TRUE(Migrator(house->as(Account::migrate), house->clock, support::source("schema/migrations"))
                    .run()
                    .empty());
}

TEST_F(SchemaTest, RefusesAMigrationThatChangedAfterItRan) {
    const Chain chain("changed");
    chain.write("0003_create_region.sql", "CREATE TABLE region (code INT PRIMARY KEY)");
    try {
        Migrator(house->as(Account::migrate), house->clock, chain.folder).run();
        FAIL() << "it ran";
    } catch (const values::Conflict& refusal) {
        EXPECT_NE(std::string(refusal.what()).find("3_create_region has changed"), std::string::npos)
            << refusal.what();
    }
}

TEST_F(SchemaTest, RefusesAProgramOlderThanItsDatabase) {
    const Chain chain("older");
    fs::remove(fs::path(chain.folder) / chain.last());
    EXPECT_THROW(Migrator(house->as(Account::migrate), house->clock, chain.folder).run(), values::Conflict);
}

TEST_F(SchemaTest, KeepsWhatRanBeforeAMigrationThatFails) {
    TestHouse other;
    const Chain chain("failing");
    chain.write(chain.next(1) + "_create_good.sql", "CREATE TABLE good (id INT PRIMARY KEY)");
    chain.write(chain.next(2) + "_create_bad.sql", "CREATE TABLE bad (");
    Migrator migrator(other.as(Account::migrate), other.clock, chain.folder);
    EXPECT_THROW(migrator.run(), std::runtime_error);
    EXPECT_EQ(migrator.pending().size(), 1U);
    chain.write(chain.next(2) + "_create_bad.sql", "CREATE TABLE bad (id INT PRIMARY KEY)");
    EXPECT_EQ(migrator.run().size(), 1U) << "the lock was given back";
}

TEST_F(SchemaTest, RefusesNamesOutOfForm) {
    const Chain chain("names");
    chain.write(chain.next(0) + "_create_gap.sql", "SELECT 1");
    EXPECT_THROW(platform::readMigrations(chain.folder), std::runtime_error);
    chain.write("notes.txt", "");
    EXPECT_THROW(platform::readMigrations(chain.folder), std::runtime_error);
}

/// Syntax, schema and least privilege at once: MariaDB checks privileges when it prepares.
TEST_F(SchemaTest, PreparesEveryStatementUnderEachAccountThatUsesIt) {
    int prepared = 0;
    for (const auto account : platform::allAccounts()) {
        auto& database = house->as(account);
        const auto prepare = [&](const char* name, const std::string& sql) {
            if (std::string(name).rfind("test:", 0) == 0) return;
            std::string quoted;
            for (const char c : sql)
                quoted += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
            EXPECT_NO_THROW(database.execute("PREPARE s FROM '" + quoted + "'"))
                << platform::accountName(account) << ": " << name;
            ++prepared;
        };
        for (const auto* statement : Statement::all())
            if (statement->accounts().has(account)) prepare(statement->name(), statement->sql());
        for (const auto* statement : BulkStatement::all())
            if (statement->accounts().has(account)) prepare(statement->name(), statement->sql(1));
    }
    EXPECT_GT(prepared, 100);
}

/// A grant that no statement needs must go: take each away, and something must fail to prepare.
TEST_F(SchemaTest, GrantsNothingThatNoStatementNeeds) {
    TestHouse other;
    const auto fails = [&](Account account) {
        platform::Database fresh(other.server().address(account, other.name), account, 1,
                                 std::chrono::seconds(1), other.clock);
        const auto isRefused = [&](const std::string& sql) {
            std::string quoted;
            for (const char c : sql)
                quoted += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
            try {
                fresh.execute("PREPARE s FROM '" + quoted + "'");
                return false;
            } catch (const std::runtime_error&) {
                return true;
            }
        };
        for (const auto* statement : Statement::all())
            if (statement->accounts().has(account) && isRefused(statement->sql())) return true;
        for (const auto* statement : BulkStatement::all())
            if (statement->accounts().has(account) && isRefused(statement->sql(1))) return true;
        return false;
    };
    for (const auto account : {Account::admin, Account::authority, Account::work, Account::inspection,
                               Account::national, Account::retention}) {
        const auto who = "'plumbline_" + platform::accountName(account) + "'@'localhost'";
        ASSERT_FALSE(fails(account)) << platform::accountName(account);
        std::vector<std::pair<std::string, std::string>> grants;
        for (auto rows = other.superuser().ask("SELECT privilege_type, table_name FROM "
                                               "information_schema.table_privileges WHERE table_schema = '" +
                                               other.name + "' AND grantee = \"" + who + "\"");
             rows.next();)
            grants.emplace_back(rows.text(0), rows.text(1));
        for (auto rows =
                 other.superuser().ask("SELECT CONCAT(privilege_type, '(', column_name, ')'), table_name "
                                       "FROM information_schema.column_privileges WHERE table_schema = '" +
                                       other.name + "' AND grantee = \"" + who + "\"");
             rows.next();)
            grants.emplace_back(rows.text(0), rows.text(1));
        EXPECT_FALSE(grants.empty());
        for (const auto& [privilege, table] : grants) {
            // "generation + 1" of an upsert is checked when it runs, not when it is prepared.
            if (privilege == "USAGE" || (privilege == "SELECT(generation)" && table == "touched")) continue;
            const auto on = " ON `" + other.name + "`.`" + table + "` ";
            other.superuser().execute("REVOKE " + privilege + on + "FROM " + who);
            EXPECT_TRUE(fails(account))
                << platform::accountName(account) << " needs no " << privilege << " on " << table;
            other.superuser().execute("GRANT " + privilege + on + "TO " + who);
        }
    }
}

TEST_F(SchemaTest, NoticesAnAccountThatMayDoMoreOrLess) {
    TestHouse other;
    const auto file = support::source("schema/grants/authority.sql");
    const auto compare = [&] { return other.as(Account::authority).comparePrivileges(file); };
    EXPECT_TRUE(compare().excess.empty());
    EXPECT_TRUE(compare().missing.empty());
    other.superuser().execute("GRANT DELETE ON `" + other.name +
                              "`.episode TO 'plumbline_authority'@'localhost'");
    EXPECT_EQ(compare().excess, (std::vector<std::string>{"DELETE ON episode"}));
    other.superuser().execute("REVOKE INSERT ON `" + other.name +
                              "`.site FROM 'plumbline_authority'@'localhost'");
    EXPECT_EQ(compare().missing, (std::vector<std::string>{"INSERT ON site"}));
}

TEST_F(SchemaTest, LetsTheDoorDeleteNoRecordAndNobodyChangeTheAudit) {
    for (const auto* sql : {"DELETE FROM episode", "DELETE FROM service",
                            "UPDATE service_result SET figures = ''", "DELETE FROM service_result",
                            "DELETE FROM quarterly_return", "UPDATE signed_figure SET figures = ''",
                            "DELETE FROM audit_entry", "UPDATE audit_entry SET actor = 'x'"})
        EXPECT_THROW(house->as(Account::authority).execute(sql), std::runtime_error) << sql;
    for (const auto account : {Account::admin, Account::work})
        for (const auto* sql : {"DELETE FROM audit_entry", "UPDATE audit_entry SET actor = 'x'"})
            EXPECT_THROW(house->as(account).execute(sql), std::runtime_error) << sql;
    EXPECT_THROW(house->as(Account::work).execute("SELECT * FROM person"), std::runtime_error);
}

/// The wall between an inspector, or England's analysts, and a child's record.
TEST_F(SchemaTest, KeepsEveryRecordOfAChildFromInspectionAndNational) {
    for (const auto account : {Account::inspection, Account::national})
        for (const auto* table :
             {"child", "episode", "session", "review", "review_item", "outcome_score", "feedback",
              "practitioner", "supervision", "adaptation", "service_facts", "upload", "touched",
              "family_meeting", "service_result", "rejected_row", "entered_count", "signed_figure"})
            for (const auto* sql : {"SELECT 1 FROM ", "DELETE FROM ", "SELECT 1 FROM (SELECT * FROM "})
                EXPECT_THROW(house->as(account).execute(
                                 std::string(sql) + table +
                                 (std::string(sql).find('(') == std::string::npos ? "" : ") AS t")),
                             std::runtime_error)
                    << platform::accountName(account) << ": " << sql << table;
    // England is told that a return is signed, and nothing of what it says or of who signed it.
    for (const auto* column : {"content", "comment", "reason", "signed_by", "sent_by", "*"})
        for (const auto account : {Account::inspection, Account::national})
            EXPECT_THROW(
                house->as(account).execute(std::string("SELECT ") + column + " FROM quarterly_return"),
                std::runtime_error)
                << platform::accountName(account) << " " << column;
}

TEST_F(SchemaTest, RunsNoStatementUnderAnAccountThatItIsNotFor) {
    static const Statement forWork("test: for work alone", Account::work, "SELECT 1");
    for (const auto account : platform::allAccounts()) {
        const auto use = [&] {
            house->as(account).read([](platform::Transaction& tx) { tx.query(forWork); });
        };
        if (account == Account::work) EXPECT_NO_THROW(use());
        else EXPECT_THROW(use(), std::logic_error) << platform::accountName(account);
    }
}

TEST_F(SchemaTest, CannotHaveItsHistoryBackdated) {
    EXPECT_THROW(house->superuser().execute("SET timestamp = 1000000000"), std::runtime_error);
}

TEST_F(SchemaTest, KnowsAuthoritiesByAnyCodeTheyHadAndHowManyThereAre) {
    EXPECT_EQ(column("SELECT COUNT(*) FROM " + house->name + ".authority WHERE valid_to IS NULL"), "153\n");
    EXPECT_EQ(house->authority("E08000016").id, house->authority("E08000038").id);
    EXPECT_EQ(house->authority("E08000016").code, "E08000038");
    EXPECT_EQ(column("SELECT GROUP_CONCAT(successor_id ORDER BY successor_id) FROM " + house->name +
                     ".authority_succession WHERE predecessor_id = 909"),
              "942,943\n");
    EXPECT_EQ(column("SELECT GROUP_CONCAT(number ORDER BY edition_id DESC) FROM " + house->name +
                     ".framework_number WHERE aim_id = 'safe'"),
              "3,2\n");
    EXPECT_EQ(column("SELECT COUNT(*) FROM " + house->name +
                     ".authority WHERE valid_to IS NULL AND NOT EXISTS (SELECT 1 FROM " + house->name +
                     ".authority_code c WHERE c.authority_id = authority.id AND c.valid_to IS NULL)"),
              "0\n");
}
