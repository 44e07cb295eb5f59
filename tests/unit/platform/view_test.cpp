// What a page shows, built by hand and read from JSON.
#include "platform/view.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

using platform::View;

namespace {

struct Step {
    std::string title;
    int days;
    View view() const { return {{"title", title}, {"days", days}}; }
};

}  // namespace

TEST(View, KeepsPartsInTheOrderInWhichTheyWereGiven) {
    View view{{"zebra", 1}, {"ape", true}};
    view["middle"] = "text";
    EXPECT_EQ(view.json(), R"({"zebra":1,"ape":true,"middle":"text"})");
}

TEST(View, TakesThingsThatSayWhatTheyShowAndListsOfThem) {
    const std::vector<Step> steps{{"Offer", 3}, {"Meeting", 20}};
    const View view{{"first", steps[0]}, {"steps", steps}};
    EXPECT_EQ(
        view.json(),
        R"({"first":{"title":"Offer","days":3},"steps":[{"title":"Offer","days":3},{"title":"Meeting","days":20}]})");
}

TEST(View, IsTheSameJsonThatAnotherLibraryReads) {
    const View view{{"text", "a \"quote\", a \\, a\ttab,\nlines, é and \x01"},
                    {"whole", std::numeric_limits<long long>::min()},
                    {"fraction", 0.1},
                    {"even", 2.0},
                    {"no", false},
                    {"nothing", nullptr},
                    {"list", View::list({1, "two", View()})},
                    {"empty", View::object()}};
    const auto read = nlohmann::ordered_json::parse(view.json());
    EXPECT_EQ(read.dump(), view.json());
    EXPECT_EQ(read, nlohmann::ordered_json::parse(view.json(1)));
    EXPECT_EQ(View::fromJson(view.json()), view);
}

TEST(View, SaysWhatASectionLeavesOut) {
    for (const auto& view : {View(), View(false), View(""), View::list(), View::object()})
        EXPECT_TRUE(view.isLeftOut()) << view.json();
    for (const auto& view : {View(0), View(true), View("0"), View::list({0}), View{{"a", View()}}})
        EXPECT_FALSE(view.isLeftOut()) << view.json();
}

TEST(View, RefusesWhatItIsNot) {
    View list = View::list();
    EXPECT_THROW(list["part"], std::logic_error);
    View text = "text";
    EXPECT_THROW(text.push_back(1), std::logic_error);
    const View parts{{"a", 1}};
    EXPECT_THROW(parts.at("b"), std::out_of_range);
    EXPECT_EQ(parts.find("b"), nullptr);
    EXPECT_THROW(View::fromJson("{"), std::exception);
    EXPECT_TRUE(View::fromJsonOrNothing("{").isNothing());
}

TEST(View, GivesAPartAwayAndTakesAnItemInFront) {
    View view{{"a", 1}, {"b", 2}};
    EXPECT_EQ(view.take("a"), View(1));
    EXPECT_TRUE(view.take("a").isNothing());
    EXPECT_EQ(view.json(), R"({"b":2})");
    View list = View::list({2});
    list.push_front(1);
    EXPECT_EQ(list.json(), "[1,2]");
}
