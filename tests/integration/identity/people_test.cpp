#include "identity/people.h"

#include <gtest/gtest.h>

#include "identity/sessions.h"
#include "support/test_house.h"
#include "values/errors.h"

using identity::LockRule;
using identity::People;
using identity::Person;
using identity::Sessions;
using platform::Account;
using platform::Transaction;
using support::TestHouse;

namespace {

constexpr const char* kSamsPassword = "three plain words";

class PeopleTest : public testing::Test {
protected:
    void SetUp() override { add("sam@example.gov.uk"); }
    void add(const std::string& email) {
        house.as(Account::admin).inTransaction(support::tester(), [&](Transaction& tx) {
            people.add(tx, {house.ids.next<Person>(), email, "Sam", house.authorityId(805),
                            identity::Role::serviceManager, kSamsPassword});
        });
    }
    std::optional<Person> signIn(const std::string& email, const std::string& password) {
        std::optional<Person> person;
        house.as(Account::authority).inTransaction(support::tester(), [&](Transaction& tx) {
            person = people.signIn(tx, identity::Door::authority, email, password);
            if (!person) return;
            People::forgetFailures(tx, person->id);
            tx.audit("signed in", email);
        });
        return person;
    }
    TestHouse house;
    People people{LockRule{3, std::chrono::minutes(15)}};
};

}  // namespace

TEST_F(PeopleTest, SignInWithTheirPasswordAndAnyCaseOfTheirAddress) {
    const auto person = signIn("SAM@example.gov.uk", kSamsPassword);
    ASSERT_TRUE(person);
    EXPECT_EQ(person->authority, house.authorityId(805));
    EXPECT_FALSE(signIn("sam@example.gov.uk", "another password"));
    EXPECT_FALSE(signIn("nobody@example.gov.uk", kSamsPassword));
}

TEST_F(PeopleTest, AreKeptAsAnArgon2idHash) {
    auto rows = house.superuser().ask("SELECT password_hash FROM " + house.name + ".person");
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.text(0).rfind("$argon2id$", 0), 0U);
    EXPECT_EQ(rows.text(0).find(kSamsPassword), std::string::npos);
}

TEST_F(PeopleTest, AreLockedForAWhileAfterFailuresInARow) {
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(signIn("sam@example.gov.uk", "wrong password"));
    EXPECT_FALSE(signIn("sam@example.gov.uk", kSamsPassword)) << "locked, even with the right password";
    house.clock.advance(std::chrono::minutes(16));
    EXPECT_TRUE(signIn("sam@example.gov.uk", kSamsPassword));
}

TEST_F(PeopleTest, CountFailuresAfreshAfterASuccess) {
    for (int round = 0; round < 3; ++round) {
        EXPECT_FALSE(signIn("sam@example.gov.uk", "wrong password"));
        EXPECT_FALSE(signIn("sam@example.gov.uk", "wrong password"));
        EXPECT_TRUE(signIn("sam@example.gov.uk", kSamsPassword));
    }
}

TEST_F(PeopleTest, HaveAnAddressOfTheirOwn) { EXPECT_THROW(add("Sam@Example.gov.uk"), values::Conflict); }

TEST_F(PeopleTest, StaySignedInUntilTheyIdleOrTheDayIsOver) {
    const Sessions sessions(identity::Door::authority, {std::chrono::minutes(30), std::chrono::hours(2)});
    const auto person = signIn("sam@example.gov.uk", kSamsPassword);
    const auto token = Sessions::newToken();
    auto& door = house.as(Account::authority);
    const auto isIn = [&](const std::string& with) {
        bool isFound = false;
        door.derive([&](Transaction& tx) { isFound = sessions.find(tx, with).has_value(); });
        return isFound;
    };
    const auto open = [&](const std::string& with) {
        door.derive([&](Transaction& tx) {
            sessions.open(tx, *person, {house.ids.next<identity::Session>(), with, true, "", "", {}, {}});
        });
    };
    open(token);
    EXPECT_TRUE(isIn(token));
    EXPECT_FALSE(isIn(Sessions::newToken()));
    for (int i = 0; i < 5; ++i) {
        house.clock.advance(std::chrono::minutes(20));
        EXPECT_TRUE(isIn(token)) << i;
    }
    house.clock.advance(std::chrono::minutes(21));
    EXPECT_FALSE(isIn(token)) << "two hours are over";

    const auto second = Sessions::newToken();
    open(second);
    house.clock.advance(std::chrono::minutes(31));
    EXPECT_FALSE(isIn(second)) << "idle too long";
    const auto left = [&] {
        door.derive([&](Transaction& tx) { sessions.removeExpired(tx); });
        auto rows = house.superuser().ask("SELECT COUNT(*) FROM " + house.name + ".browser_session");
        rows.next();
        return rows.number(0);
    };
    EXPECT_GT(left(), 0) << "a form that comes too late is kept for whom the session belonged to";
    door.derive([&](Transaction& tx) { EXPECT_EQ(sessions.ownerOf(tx, second), person->id); });
    house.clock.advance(std::chrono::hours(26));
    EXPECT_EQ(left(), 0);
}

TEST_F(PeopleTest, AreSignedInAtTheirOwnDoorAlone) {
    const auto person = signIn("sam@example.gov.uk", kSamsPassword);
    const auto token = Sessions::newToken();
    house.as(Account::authority).derive([&](Transaction& tx) {
        Sessions(identity::Door::authority, {})
            .open(tx, *person, {house.ids.next<identity::Session>(), token, true, "", "", {}, {}});
    });
    house.as(Account::inspection).derive([&](Transaction& tx) {
        EXPECT_FALSE(Sessions(identity::Door::inspection, {}).find(tx, token));
        EXPECT_FALSE(people.signIn(tx, identity::Door::inspection, "sam@example.gov.uk", kSamsPassword));
    });
}

TEST_F(PeopleTest, LeaveNoTokenInTheDatabase) {
    const Sessions sessions(identity::Door::authority, {});
    const auto person = signIn("sam@example.gov.uk", kSamsPassword);
    const auto token = Sessions::newToken();
    house.as(Account::authority).derive([&](Transaction& tx) {
        sessions.open(tx, *person, {house.ids.next<identity::Session>(), token, true, "", "", {}, {}});
    });
    auto rows = house.superuser().ask("SELECT COUNT(*) FROM " + house.name +
                                      ".browser_session WHERE HEX(token_hash) = '" + token + "'");
    rows.next();
    EXPECT_EQ(rows.number(0), 0);
    house.as(Account::authority).derive([&](Transaction& tx) {
        Sessions::close(tx, token);
        EXPECT_FALSE(sessions.find(tx, token));
    });
}
