#include "identity/audit.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>

#include "support/test_house.h"
#include "values/errors.h"

using identity::Audit;
using identity::AuditAnchor;
using platform::Account;
using platform::Transaction;
using support::TestHouse;

namespace {

class AuditTest : public testing::Test {
protected:
    static void SetUpTestSuite() { house = new TestHouse; }
    static void TearDownTestSuite() { delete house; }
    void SetUp() override {
        house->superuser().execute("DELETE FROM " + table("audit_entry"));
        house->superuser().execute(
            "UPDATE " + table("audit_chain") +
            " SET last_position = 0, last_seal = REPEAT('\\0', 32), first_position = 1, "
            "seal_before = REPEAT('\\0', 32)");
        for (int i = 0; i < 6; ++i) note(805, "entry " + std::to_string(i));
        note(806, "another authority's");
    }
    static std::string table(const std::string& name) { return house->name + "." + name; }
    static void note(int authority, const std::string& subject) {
        house->as(Account::work)
            .inTransaction({"sam@example.gov.uk", authority, "a test"},
                           [&](Transaction& tx) { tx.audit("tested", subject, "detail"); });
    }
    static identity::AuditVerdict verdict(const std::vector<AuditAnchor>& anchors = {}) {
        identity::AuditVerdict found;
        house->as(Account::admin).read([&](Transaction& tx) {
            found = Audit::verify(tx, support::auditSeal(), anchors);
        });
        return found;
    }
    static void tamper(const std::string& sql) { house->superuser().execute(sql); }

    static inline TestHouse* house = nullptr;
};

}  // namespace

TEST_F(AuditTest, IsUnbrokenAsItWasWritten) {
    const auto found = verdict();
    EXPECT_TRUE(found.faults.empty());
    EXPECT_EQ(found.entries, 7);
    EXPECT_EQ(found.ends.size(), 2U);
}

/// What was erased on request leaves who did what kind of thing when, under a seal that nobody else can make.
TEST_F(AuditTest, StaysUnbrokenWhereEntriesAreEmptied) {
    const auto empty = [&](const std::string& subject) {
        std::int64_t emptied = 0;
        house->as(Account::retention).inTransaction({"operator", 805, "a test"}, [&](Transaction& tx) {
            emptied = Audit::empty(tx, support::auditSeal(), house->authorityId(805),
                                   [&](const auto& entry) { return entry.subject == subject; });
            tx.audit("emptied", "1");
        });
        return emptied;
    };
    EXPECT_EQ(empty("entry 0"), 1) << "the first, behind nothing";
    EXPECT_EQ(empty("entry 3"), 1);
    EXPECT_EQ(empty("entry 3"), 0) << "nothing is left to empty";
    EXPECT_TRUE(verdict().faults.empty());
    const auto row = " FROM " + table("audit_entry") + " WHERE chain = 805 AND position = 4";
    auto rows = house->superuser().ask("SELECT CONCAT(subject, detail), actor" + row);
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.text(0), "");
    EXPECT_EQ(rows.text(1), "sam@example.gov.uk");

    for (const auto* change :
         {"subject = 'filled again'", "actor = 'other'", "happened_at = '2020-01-01'", "emptied_seal = NULL",
          "emptied_seal = REPEAT('x', 32)", "seal = REPEAT('x', 32)"}) {
        tamper("CREATE TABLE " + table("kept") + " AS SELECT *" + row);
        tamper("UPDATE " + table("audit_entry") + " SET " + change + " WHERE chain = 805 AND position = 4");
        EXPECT_FALSE(verdict().faults.empty()) << change;
        tamper("REPLACE INTO " + table("audit_entry") + " SELECT * FROM " + table("kept"));
        tamper("DROP TABLE " + table("kept"));
        EXPECT_TRUE(verdict().faults.empty()) << change;
    }
    // Who has no key empties nothing, and whoever has it covers nothing up.
    tamper("UPDATE " + table("audit_entry") +
           " SET subject = '', detail = '', emptied_seal = (SELECT emptied_seal" + row +
           ") WHERE chain = 805 AND position = 2");
    EXPECT_FALSE(verdict().faults.empty());
    tamper("UPDATE " + table("audit_entry") + " SET subject = 'other' WHERE chain = 805 AND position = 6");
    EXPECT_THROW(empty("other"), values::Conflict);
}

TEST_F(AuditTest, ShowsEveryChangeToAnyPartOfAnEntry) {
    for (const auto* change :
         {"actor = 'other'", "came_from = 'other'", "action = 'other'", "subject = 'other'",
          "detail = 'other'", "happened_at = happened_at + INTERVAL 1 SECOND", "seal = REPEAT('x', 32)"}) {
        SetUp();
        tamper("UPDATE " + table("audit_entry") + " SET " + change + " WHERE chain = 805 AND position = 3");
        ASSERT_FALSE(verdict().faults.empty()) << change;
        EXPECT_EQ(verdict().faults.front().position, 3) << change;
        EXPECT_EQ(verdict().faults.front().chain, 805) << change;
    }
}

TEST_F(AuditTest, ShowsEntriesRemovedAnywhere) {
    for (const auto* where :
         {"position = 1", "position = 4", "position = 6", "position > 2", "position < 3", "1 = 1"}) {
        SetUp();
        tamper("DELETE FROM " + table("audit_entry") + " WHERE chain = 805 AND " + where);
        EXPECT_FALSE(verdict().faults.empty()) << where;
    }
}

TEST_F(AuditTest, ShowsEntriesMovedOrAdded) {
    const auto entries = table("audit_entry");
    tamper("UPDATE " + entries + " SET position = 100 WHERE chain = 805 AND position = 2");
    tamper("UPDATE " + entries + " SET position = 2 WHERE chain = 805 AND position = 3");
    tamper("UPDATE " + entries + " SET position = 3 WHERE chain = 805 AND position = 100");
    EXPECT_FALSE(verdict().faults.empty());
    SetUp();
    tamper("INSERT INTO " + entries +
           " SELECT 805, 7, happened_at, actor, came_from, action, subject, detail, seal, NULL FROM " +
           entries + " AS one WHERE chain = 805 AND position = 6");
    EXPECT_FALSE(verdict().faults.empty());
    SetUp();
    tamper("UPDATE " + entries + " SET chain = 806, position = 2 WHERE chain = 805 AND position = 6");
    EXPECT_FALSE(verdict().faults.empty());
}

/// Who can write to the database can also write the chain's end; the noted ends outside show it.
TEST_F(AuditTest, ShowsAnEndThatWasCutOffWithItsChainMadeToFit) {
    const auto ends = verdict().ends;
    tamper("DELETE FROM " + table("audit_entry") + " WHERE chain = 805 AND position > 4");
    tamper("UPDATE " + table("audit_chain") + " SET last_position = 4, last_seal = (SELECT seal FROM " +
           table("audit_entry") + " WHERE chain = 805 AND position = 4) WHERE chain = 805");
    EXPECT_TRUE(verdict().faults.empty()) << "within the database nothing is wrong";
    EXPECT_FALSE(verdict(ends).faults.empty());
    note(805, "goes on");
    note(805, "beyond the noted end");
    note(805, "beyond the noted end");
    EXPECT_FALSE(verdict(ends).faults.empty()) << "also when the chain has grown again";
    house->as(Account::work).read([&](Transaction& tx) { EXPECT_FALSE(Audit::holds(tx, ends.front())); });
}

TEST_F(AuditTest, ShowsABeginningRemovedWithoutBeingRetired) {
    tamper("UPDATE " + table("audit_chain") + " SET first_position = 3, seal_before = (SELECT seal FROM " +
           table("audit_entry") + " WHERE chain = 805 AND position = 2) WHERE chain = 805");
    tamper("DELETE FROM " + table("audit_entry") + " WHERE chain = 805 AND position < 3");
    EXPECT_FALSE(verdict().faults.empty());
}

TEST_F(AuditTest, RetiresOldEntriesAndStaysUnbroken) {
    house->clock.advance(std::chrono::hours(24));
    note(805, "of today");
    const auto ends = verdict().ends;
    EXPECT_EQ(Audit::retire(house->as(Account::retention), house->clock.now() - std::chrono::hours(12)), 6);
    EXPECT_TRUE(verdict(ends).faults.empty());
    note(805, "goes on");
    EXPECT_TRUE(verdict(ends).faults.empty());
    EXPECT_EQ(Audit::retire(house->as(Account::retention), house->clock.now() - std::chrono::hours(12)), 0);
    tamper("DELETE FROM " + table("audit_entry") + " WHERE chain = 805 AND action = 'audit entries retired'");
    EXPECT_FALSE(verdict().faults.empty());
}

TEST_F(AuditTest, IsWrittenWithWhatItSpeaksOfOrNotAtAll) {
    const auto before = verdict().entries;
    EXPECT_THROW(house->as(Account::work)
                     .inTransaction(support::tester(),
                                    [&](Transaction& tx) {
                                        tx.audit("tested", "never");
                                        throw std::runtime_error("fault");
                                    }),
                 std::runtime_error);
    EXPECT_EQ(verdict().entries, before);
}

TEST_F(AuditTest, MustSpeakOfEveryLookAtRecordsOfChildren) {
    auto& door = house->as(Account::authority);
    EXPECT_THROW(door.inTransaction(support::tester(), [](Transaction& tx) { tx.showsChildren(); }),
                 std::logic_error);
    EXPECT_THROW(door.read([](Transaction& tx) { tx.showsChildren(); }), std::logic_error);
    EXPECT_NO_THROW(door.inTransaction(support::tester(), [](Transaction& tx) {
        tx.showsChildren();
        tx.audit("records read", "S1");
    }));
}

TEST_F(AuditTest, KeepsItsNotedEndsInAFile) {
    const auto path = support::temporaryFolder() + "/anchors";
    EXPECT_TRUE(identity::readAnchors(path).empty());
    const auto ends = verdict().ends;
    identity::writeAnchors(path, ends);
    const auto read = identity::readAnchors(path);
    ASSERT_EQ(read.size(), ends.size());
    for (std::size_t i = 0; i < ends.size(); ++i) {
        EXPECT_EQ(read[i].chain, ends[i].chain);
        EXPECT_EQ(read[i].position, ends[i].position);
        EXPECT_EQ(read[i].seal, ends[i].seal);
    }
}
