#include "platform/database.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <latch>
#include <utility>

#include "identity/audit.h"
#include "platform/migrator.h"
#include "support/database_template.h"
#include "support/test_house.h"
#include "values/errors.h"

using platform::Account;
using platform::Actor;
using platform::Database;
using platform::Statement;
using platform::Transaction;
using support::tester;
using support::TestHouse;

namespace {

constexpr auto kOurs = Account::migrate;
const Statement kSet("test: set", kOurs, "UPDATE counter SET value = ? WHERE id = ?");
const Statement kAdd("test: add", kOurs, "UPDATE counter SET value = value + 1 WHERE id = ?");
const Statement kNote("test: note", kOurs, "UPDATE counter SET value = value + 1 WHERE id = ?",
                      platform::Meanwhile::expected);
const Statement kInsert("test: insert", kOurs, "INSERT INTO counter VALUES (?, 1)");
const Statement kGet("test: get", kOurs, "SELECT value FROM counter WHERE id = ?");

class DatabaseTest : public testing::Test {
protected:
    static void SetUpTestSuite() {
        house = new TestHouse;
        house->as(kOurs).execute("CREATE TABLE counter (id INT PRIMARY KEY, value BIGINT)");
    }
    static void TearDownTestSuite() {
        delete house;
        house = nullptr;
    }
    void SetUp() override { house->as(kOurs).execute("REPLACE INTO counter VALUES (1, 0), (2, 0), (3, 0)"); }

    static Database& database() { return house->as(kOurs); }
    static std::int64_t valueOf(int id) {
        std::int64_t value = 0;
        database().read([&](Transaction& tx) {
            auto rows = tx.query(kGet, id);
            rows.next();
            value = rows.number(0);
        });
        return value;
    }
    static inline TestHouse* house = nullptr;
};

}  // namespace

TEST_F(DatabaseTest, KeepsAllOfAUnitOrNone) {
    EXPECT_THROW(database().inTransaction(tester(),
                                          [](Transaction& tx) {
                                              tx.run(kSet, 5, 1);
                                              throw values::Conflict("stop");
                                          }),
                 values::Conflict);
    EXPECT_EQ(valueOf(1), 0);
}

TEST_F(DatabaseTest, RefusesToCommitWhatNobodyAudited) {
    EXPECT_THROW(database().inTransaction(tester(), [](Transaction& tx) { tx.run(kSet, 5, 1); }),
                 std::logic_error);
    EXPECT_EQ(valueOf(1), 0);
    database().inTransaction(tester(), [](Transaction& tx) {
        tx.run(kSet, 5, 1);
        tx.audit("counter set", "1");
    });
    EXPECT_EQ(valueOf(1), 5);
    auto entries = database().ask("SELECT actor, action FROM audit_entry WHERE subject = '1'");
    ASSERT_TRUE(entries.next());
    EXPECT_EQ(entries.text(0), tester().name);
}

TEST_F(DatabaseTest, RepeatsTheWholeUnitAfterADeadlock) {
    // Two units take the same rows in opposite order and wait for each other in the middle: one must be
    // repeated, and with it what it had done before.
    std::latch bothBegan(2);
    std::atomic<int> attempts{0};
    const auto unit = [&](int first, int second) {
        bool isFirstAttempt = true;
        database().derive([&](Transaction& tx) {
            ++attempts;
            tx.run(kAdd, first);
            if (isFirstAttempt) bothBegan.arrive_and_wait();
            isFirstAttempt = false;
            tx.run(kAdd, second);
        });
    };
    auto other = std::async(std::launch::async, [&] { unit(2, 1); });
    unit(1, 2);
    other.get();
    EXPECT_EQ(valueOf(1), 2);
    EXPECT_EQ(valueOf(2), 2);
    EXPECT_GE(attempts.load(), 3);
}

/// One unit in which `meanwhile` happens, once, after it has read: what it reads then, it does not see.
namespace {
void between(Database& database, const std::function<std::int64_t(Transaction&)>& look,
             const std::function<void()>& meanwhile,
             const std::function<void(Transaction&, std::int64_t)>& write) {
    bool isFirst = true;
    database.inTransaction(tester(), [&](Transaction& tx) {
        const auto seen = look(tx);
        if (std::exchange(isFirst, false)) meanwhile();
        write(tx, seen);
        tx.audit("written", "counter");
    });
}
}  // namespace

TEST_F(DatabaseTest, WritesNothingOnAReadingThatIsOutOfDate) {
    const auto look = [](Transaction& tx) {
        auto rows = tx.query(kGet, 1);
        rows.next();
        return rows.number(0);
    };
    const auto add = [](Transaction& tx, std::int64_t seen) { tx.run(kSet, seen + 1, 1); };
    between(
        database(), look,
        [&] {
            between(
                database(), look, [] {}, add);
        },
        add);
    EXPECT_EQ(valueOf(1), 2) << "both have added one to what the other left";
}

TEST_F(DatabaseTest, GoesOnWhereChangesMeanwhileAreExpected) {
    int times = 0;
    const auto look = [&](Transaction& tx) {
        ++times;
        tx.query(kGet, 1).next();
        return 0;
    };
    const auto note = [](Transaction& tx, std::int64_t) { tx.run(kNote, 1); };
    between(
        database(), look,
        [&] {
            between(
                database(), look, [] {}, note);
        },
        note);
    EXPECT_EQ(valueOf(1), 2);
    EXPECT_EQ(times, 2) << "neither began again";
}

TEST_F(DatabaseTest, LooksAgainWhereSomebodyAddedTheSame) {
    const auto isThere = [](Transaction& tx) { return tx.query(kGet, 7).next() ? 1 : 0; };
    const auto addWhereMissing = [](Transaction& tx, std::int64_t found) {
        if (found == 0) tx.run(kInsert, 7);
    };
    between(
        database(), isThere,
        [&] {
            between(
                database(), isThere, [] {}, addWhereMissing);
        },
        addWhereMissing);
    EXPECT_EQ(valueOf(7), 1);
    house->as(kOurs).execute("DELETE FROM counter WHERE id = 7");
}

TEST_F(DatabaseTest, SaysThatAKeyIsTakenWhereLookingAgainDoesNotHelp) {
    EXPECT_THROW(database().inTransaction(tester(), [](Transaction& tx) { tx.run(kInsert, 1); }),
                 std::runtime_error);
}

TEST_F(DatabaseTest, WritesNothingBeforeWhatWasWrittenLast) {
    const auto write = [&](int value) {
        database().inTransaction(tester(), [&](Transaction& tx) {
            tx.run(kSet, value, 1);
            tx.audit("written", "counter");
        });
    };
    house->clock.advance(std::chrono::hours(2));
    write(1);
    house->clock.advance(std::chrono::hours(-2));
    EXPECT_THROW(write(2), values::Unavailable);
    EXPECT_EQ(valueOf(1), 1);
    house->clock.advance(std::chrono::hours(2));
    write(3);
    house->superuser().execute("UPDATE " + house->name +
                               ".audit_chain SET written_at = NOW(6) + INTERVAL 1 MINUTE");
    EXPECT_THROW(write(4), values::Unavailable)
        << "history would go backwards: it is written by the database's clock";
    auto& admin = house->as(Account::admin);
    EXPECT_GE(identity::Audit::chainsAhead(admin), 1);
    EXPECT_GE(identity::Audit::acceptClock(admin, tester()), 1);
    EXPECT_EQ(identity::Audit::chainsAhead(admin), 0);
    write(5);
    EXPECT_EQ(valueOf(1), 5);
}

TEST_F(DatabaseTest, DoesASubmissionOnce) {
    const auto submission = std::string("0123456789abcdef0123456789abcdef");
    int runs = 0;
    const auto unit = [&](Transaction& tx) {
        ++runs;
        tx.run(kAdd, 3);
        tx.audit("counted", "3");
        return std::string("/answer");
    };
    EXPECT_EQ(database().once(submission, tester(), unit), "/answer");
    EXPECT_EQ(database().once(submission, tester(), unit), "/answer");
    EXPECT_EQ(runs, 1);
    EXPECT_EQ(valueOf(3), 1);
    EXPECT_THROW(database().once(submission, Actor{"someone else", std::nullopt, ""}, unit),
                 values::Conflict);
    EXPECT_THROW(database().once("not an id", tester(), unit), values::Invalid);
}

TEST_F(DatabaseTest, TakesBackARehearsal) {
    database().rehearse(tester(), [](Transaction& tx) { tx.run(kSet, 9, 1); });
    EXPECT_EQ(valueOf(1), 0);
}

/// A server clears its folder for temporary tables as it starts: two that shared one took each other's.
TEST_F(DatabaseTest, KeepsTemporaryTablesInItsOwnFolder) {
    auto rows = house->superuser().ask("SELECT @@datadir, @@tmpdir");
    ASSERT_TRUE(rows.next());
    const std::filesystem::path files = rows.text(0);
    EXPECT_EQ(std::filesystem::path(rows.text(1)), files.parent_path().parent_path() / "temporary");
}

/// Tests ask for a server that forgets; one that nobody asked of waits for the disk.
TEST_F(DatabaseTest, WaitsForTheDiskUnlessToldOtherwise) {
    const auto durability = [](const platform::EmbeddedServer& server) {
        Database superuser(server.superuser(), kOurs, 1, std::chrono::seconds(1), house->clock);
        auto rows = superuser.ask(
            "SELECT CONCAT_WS(' ', @@innodb_flush_log_at_trx_commit, @@innodb_flush_method, "
            "@@innodb_doublewrite, @@innodb_log_file_size DIV 1048576)");
        return rows.next() ? rows.text(0) : "";
    };
    support::copyTemplate(house->folder + "/durable");
    EXPECT_EQ(durability(platform::EmbeddedServer(house->folder + "/durable", support::kBufferMegabytes)),
              "1 fsync ON 512");
    EXPECT_EQ(durability(house->server()), "0 nosync OFF 8");
}

TEST_F(DatabaseTest, RefusesToWriteWhileReading) {
    EXPECT_THROW(database().read([](Transaction& tx) { tx.run(kSet, 9, 1); }), std::logic_error);
    EXPECT_EQ(valueOf(1), 0);
}

TEST_F(DatabaseTest, WaitsForAConnectionOnlySoLong) {
    Database narrow(house->server().address(kOurs, house->name), kOurs, 1, std::chrono::milliseconds(20),
                    house->clock);
    narrow.read([&](Transaction&) { EXPECT_THROW(narrow.ping(), values::Unavailable); });
    EXPECT_NO_THROW(narrow.ping());
}

TEST_F(DatabaseTest, ReplacesAConnectionThatTheServerClosed) {
    Database one(house->server().address(kOurs, house->name), kOurs, 1, std::chrono::seconds(1),
                 house->clock);
    auto rows = one.ask("SELECT CONNECTION_ID()");
    rows.next();
    house->superuser().execute("KILL " + rows.text(0));
    EXPECT_NO_THROW(one.ping());
}

TEST_F(DatabaseTest, RepeatsAUnitWhoseConnectionIsLost) {
    int attempts = 0;
    database().derive([&](Transaction& tx) {
        tx.run(kAdd, 1);
        if (++attempts > 1) return;
        auto rows = house->superuser().ask("SELECT id FROM information_schema.processlist WHERE db = '" +
                                           house->name + "' AND user = 'plumbline_migrate'");
        while (rows.next()) try {
                house->superuser().execute("KILL " + rows.text(0));
            } catch (const std::exception&) {
                // An earlier test's connection that ended by itself meanwhile; ours is there.
            }
        tx.run(kAdd, 2);
    });
    EXPECT_EQ(attempts, 2);
    EXPECT_EQ(valueOf(1), 1);
}

TEST_F(DatabaseTest, IsUnavailableWhereNobodyListens) {
    Database away({"", 0, "/nowhere/mariadb.sock", "x", "y", "z"}, kOurs, 1, std::chrono::seconds(1),
                  house->clock);
    EXPECT_THROW(away.ping(), values::Unavailable);
}

TEST_F(DatabaseTest, KeepsBytesAndTextsAsTheyAre) {
    database().execute(
        "CREATE OR REPLACE TABLE thing (id BINARY(16) PRIMARY KEY, words VARCHAR(100), number DOUBLE, day "
        "DATE)");
    static const Statement insert("test: insert thing", kOurs, "INSERT INTO thing VALUES (?, ?, ?, ?)");
    static const Statement select("test: select thing", kOurs, "SELECT id, words, number, day FROM thing");
    values::IdBytes bytes{};
    for (std::size_t i = 0; i < 16; ++i) bytes[i] = static_cast<std::uint8_t>(255 - 16 * i);
    const values::Id<DatabaseTest> id(bytes);
    database().derive([&](Transaction& tx) {
        tx.run(insert, id, "caf\u00e9 \U0001F600 ' \" \\", 0.1, values::Date(2025, 4, 1));
    });
    database().read([&](Transaction& tx) {
        auto rows = tx.query(select);
        ASSERT_TRUE(rows.next());
        EXPECT_EQ(rows.id<DatabaseTest>(0), id);
        EXPECT_EQ(rows.text(1), "caf\u00e9 \U0001F600 ' \" \\");
        EXPECT_EQ(rows.decimal(2), 0.1);
        EXPECT_EQ(rows.date(3), values::Date(2025, 4, 1));
    });
}
