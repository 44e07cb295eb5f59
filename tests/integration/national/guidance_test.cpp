// Writing guidance: drafted on a page, checked, compared, published, and known to authorities.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "authoring/drafts.h"
#include "support/doors.h"

using authoring::Drafts;
using identity::Door;
using identity::Role;
using nlohmann::json;
using platform::Account;
using platform::Transaction;
using support::Doors;
using support::TestHouse;
using ::testing::HasSubstr;
using ::testing::Not;
using values::Quarter;

namespace {

class GuidanceTest : public testing::Test {
protected:
    void SetUp() override {
        house.clock.advance(std::chrono::days(40));  // 12 July 2025
        house.sign(805, Quarter::parse("2025-26 Q1").value());
        doors.add("editor@national.test", 0, Role::guidanceEditor);
        doors.add("manager@test.example", 805, Role::serviceManager);
        editor = doors.signIn(Door::national, "editor@national.test");
        house.as(Account::national).read([&](Transaction& tx) {
            const auto& guide = house.catalogues.inForce(tx)->latest.guides.front();
            id = guide.id;
            standards = guide.recommendations.front().standards.size();
        });
    }
    platform::Response post(const std::string& path, values::Fields form) {
        form.emplace("submission", house.ids.next<platform::Request>().text());
        return doors.ask(Door::national, "POST", path, editor, form);
    }
    std::string get(const std::string& path) { return doors.ask(Door::national, "GET", path, editor).body; }
    bool work() { return Drafts::work(house.as(Account::work), house.catalogues, house.ids); }
    std::string inForce() {
        std::string version;
        house.as(Account::national).read([&](Transaction& tx) {
            version = house.catalogues.inForce(tx)->latest.guide(id)->version;
        });
        return version;
    }

    TestHouse house{support::Begins::delivered};
    Doors doors{house};
    std::string editor;
    std::string id;
    std::size_t standards = 0;
};

}  // namespace

TEST_F(GuidanceTest, GoesFromADraftToTheHomePagesOfAuthorities) {
    const auto begun = post("/guidance/drafts", {{"guide", id}});
    ASSERT_EQ(begun.status, 303);
    const auto place = support::header(begun, "Location");
    EXPECT_THAT(get(place), HasSubstr("It cannot be published yet"));  // no version yet
    EXPECT_EQ(post("/guidance/drafts", {{"guide", id}}).status, 409);  // one at a time
    EXPECT_EQ(post(place + "/publish", {}).status, 409);

    values::Fields form{{"edition", "1"},
                        {"version", "2026-04"},
                        {"changes", "Asks more of dose."},
                        {"effective_from", "1/4/2026"},
                        {"r0.title", "Offer <em>more</em>"}};
    EXPECT_EQ(post(place, form).status, 303);
    EXPECT_EQ(post(place, form).status, 409);  // what the form showed is no longer what the draft says
    const auto page = get(place);
    EXPECT_THAT(page, HasSubstr("Nothing is wrong with its shape"));
    EXPECT_THAT(page, HasSubstr("Offer &lt;em&gt;more&lt;/em&gt;"));
    EXPECT_THAT(page, HasSubstr("Its effect on levels, by the returns signed for 2025-26 Q1"));
    const auto exported = doors.ask(Door::national, "GET", place + "/export.json", editor);
    EXPECT_EQ(json::parse(exported.body).at("guides")[0].at("version"), "2026-04");

    const auto before = inForce();
    EXPECT_EQ(post(place + "/publish", {}).status, 303);
    EXPECT_THAT(get(place), HasSubstr("Being put in force"));
    EXPECT_EQ(inForce(), before);
    EXPECT_TRUE(work());
    EXPECT_FALSE(work());
    EXPECT_EQ(inForce(), "2026-04");
    EXPECT_THAT(get("/guidance"),
                HasSubstr("Version 2026-04, in force from 1 April 2026. Asks more of dose."));
    const auto manager = doors.signIn(Door::authority, "manager@test.example");
    EXPECT_THAT(doors.ask(Door::authority, "GET", "/", manager).body,
                HasSubstr("version 2026-04 takes effect on 1 April 2026. Asks more of dose."));
}

/// What a draft would do to levels is said before it is published.
TEST_F(GuidanceTest, SaysWhatAVersionDoesToLevels) {
    const auto place = support::header(post("/guidance/drafts", {{"guide", id}}), "Location");
    values::Fields form{{"edition", "1"},
                        {"version", "2026-04"},
                        {"changes", "Asks everything."},
                        {"effective_from", "1/4/2026"}};
    for (std::size_t i = 0; i < standards; ++i) {
        const auto at = "r0.s" + std::to_string(i) + ".";
        form[at + "at_least"] = "100";
        form[at + "min_n"] = "1";
        form[at + "required"] = "yes";
        form[at + "reason"] = "everything";
    }
    EXPECT_EQ(post(place, form).status, 303);
    const auto page = get(place);
    EXPECT_THAT(page, HasSubstr("1 partly delivered"));
    EXPECT_THAT(page, HasSubstr("at least 100%"));
}

TEST_F(GuidanceTest, RefusesADayThatIsPastAndGivesBackWhatCannotBeLoaded) {
    const auto place = support::header(post("/guidance/drafts", {{"guide", id}}), "Location");
    EXPECT_EQ(
        post(place,
             {{"edition", "1"}, {"version", "2025-07"}, {"changes", "Late."}, {"effective_from", "1/7/2025"}})
            .status,
        303);
    const auto late = post(place + "/publish", {});
    EXPECT_EQ(late.status, 409);
    EXPECT_THAT(late.body, HasSubstr("a day to come"));
    const auto wrong = post(place, {{"edition", "2"}, {"version", ""}, {"changes", "x"}});
    EXPECT_EQ(wrong.status, 422);
    EXPECT_THAT(wrong.body, HasSubstr("Say something here."));
    EXPECT_EQ(post(place + "/discard", {}).status, 303);
    EXPECT_EQ(post("/guidance/drafts", {{"guide", id}}).status, 303);
}
