// A release from what was signed to what is public, and what stands in its way.

#include "releases/releases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <utility>

#include "platform/digest.h"
#include "returns/returns.h"
#include "support/doors.h"
#include "support/many_times.h"

using nlohmann::json;
using platform::Account;
using platform::Transaction;
using releases::Release;
using releases::Releases;
using support::TestHouse;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Ne;
using values::Quarter;

namespace {

platform::Actor actor(const char* name) { return {name, std::nullopt, "127.0.0.1"}; }

class ReleasesTest : public testing::Test {
protected:
    void SetUp() override {
        house.clock.advance(std::chrono::days(40));  // 12 July 2025
        house.import("intake", "E06000002");
    }
    void sign(int authority) { house.sign(authority, quarter); }
    releases::RulePack rules(const std::string& id = "default") {
        for (auto& one : releases::readRulePacks(support::source("schema/disclosure")))
            if (one.id == id) return one;
        throw std::runtime_error("no such pack");
    }
    values::Id<Release> ask(const std::string& pack = "default") {
        std::optional<values::Id<Release>> id;
        std::vector<std::string> tables;
        for (const auto& kind : releases::tableKinds()) tables.push_back(kind.name);
        house.as(Account::national).inTransaction(actor("analyst@national.test"), [&](Transaction& tx) {
            const auto guidance = house.catalogues.inForce(tx);
            std::vector<std::string> guides;
            for (const auto& guide : guidance->on(quarter).catalogue.guides) guides.push_back(guide.id);
            id = Releases::ask(tx, house.ids, {quarter, tables, guides, rules(pack), ""});
        });
        return *id;
    }
    values::Id<Release> make(const std::string& pack = "default") {
        const auto id = ask(pack);
        EXPECT_TRUE(Releases::work(house.as(Account::work), house.catalogues, returns::kDueDays));
        EXPECT_FALSE(Releases::work(house.as(Account::work), house.catalogues, returns::kDueDays));
        return id;
    }
    Release read(values::Id<Release> id) {
        std::optional<Release> found;
        house.as(Account::national).read([&](Transaction& tx) { found = Releases::byId(tx, id); });
        return *found;
    }
    json reportOf(values::Id<Release> id) { return json::parse(read(id).report); }
    template <class Act>
    void act(const char* who, values::Id<Release> id, const Act& act) {
        house.as(Account::national).inTransaction(actor(who), [&](Transaction& tx) {
            act(tx, Releases::byId(tx, id));
        });
    }
    void approve(values::Id<Release> id) {
        act("approver@national.test", id,
            [](Transaction& tx, const Release& one) { Releases::approve(tx, one, "Looked"); });
    }
    void publish(values::Id<Release> id) {
        act("analyst@national.test", id,
            [](Transaction& tx, const Release& one) { Releases::publish(tx, one); });
    }
    std::map<std::string, std::string> filesOf(values::Id<Release> id) {
        std::map<std::string, std::string> files;
        house.as(Account::national).read([&](Transaction& tx) {
            files.clear();
            const auto release = Releases::byId(tx, id);
            for (const auto& one : Releases::files(tx, release)) {
                const auto file = Releases::file(tx, release, one.name);
                EXPECT_EQ(platform::sha256Hex(file.content), one.digest);
                EXPECT_EQ(static_cast<std::int64_t>(file.content.size()), one.size);
                files[one.name] = file.content;
            }
        });
        return files;
    }

    using Words = std::vector<std::string>;

    /// What a release says of so many times the small intake, rounded to a multiple of this.
    using Cell = std::function<std::string(std::int64_t times, std::int64_t base)>;
    static std::int64_t nearest(std::int64_t count, std::int64_t base) {
        return (count + base / 2) / base * base;
    }
    static Cell count(std::int64_t number) {
        return [=](std::int64_t times, std::int64_t base) {
            return std::to_string(nearest(number * times, base));
        };
    }
    /// Of the counts that are published, where they are enough.
    static Cell percent(std::int64_t part, std::int64_t whole,
                        const std::function<double(double part, double whole)>& of = std::divides()) {
        return [=](std::int64_t times, std::int64_t base) -> std::string {
            const auto all = nearest(whole * times, base);
            if (all < 20) return "u";
            const auto share = of(static_cast<double>(nearest(part * times, base)), static_cast<double>(all));
            const auto tenths = std::llround(1000 * share);
            return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
        };
    }
    /// One limit of Wilson's interval: the lower one for a negative z.
    static Cell wilson(std::int64_t part, std::int64_t whole, double z) {
        return percent(part, whole, [=](double met, double n) {
            const auto p = met / n;
            return (p + z * z / (2 * n) + z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n))) /
                   (1 + z * z / n);
        });
    }
    static Cell as(const std::string& text) {
        return [=](std::int64_t, std::int64_t) { return text; };
    }
    /// The values of every row of a table, by its place and its items: each is there once.
    std::map<std::pair<std::string, Words>, Words> rowsOf(values::Id<Release> id, const std::string& name,
                                                          std::size_t places) {
        std::map<std::pair<std::string, Words>, Words> rows;
        house.as(Account::national).read([&](Transaction& tx) {
            const auto table = Releases::table(tx, Releases::byId(tx, id), name);
            std::size_t expected = places;
            for (const auto& filter : table->filters) expected *= filter.items.size();
            for (const auto& row : table->rows) {
                Words items;
                for (std::size_t i = 0; i < table->filters.size(); ++i)
                    items.push_back(table->filters[i].items.at(row.items.at(i)));
                rows[{row.place, items}] = row.values;
            }
            EXPECT_EQ(rows.size(), expected) << name;
            EXPECT_EQ(table->rows.size(), expected) << name;
        });
        return rows;
    }
    std::string refusal(const std::function<void()>& act) {
        try {
            act();
        } catch (const std::exception& error) {
            return error.what();
        }
        return "";
    }

    TestHouse house{support::Begins::delivered};
    Quarter quarter = Quarter::parse("2025-26 Q1").value();
};

}  // namespace

TEST_F(ReleasesTest, GoFromSignedReturnsToThePublicByTwoPeople) {
    sign(805);
    sign(806);
    const auto id = make();
    auto release = read(id);
    ASSERT_EQ(release.state, "made");
    EXPECT_EQ(release.version, 1);
    const auto report = json::parse(release.report);
    EXPECT_EQ(report.at("returned"), 2);
    EXPECT_EQ(report.at("authorities"), 153);
    EXPECT_EQ(report.at("missing").size(), 151U);
    for (const auto& one : report.at("regions"))
        EXPECT_EQ(one.at("returned"), one.at("region") == "North East" ? 2 : 0) << one.dump();
    EXPECT_TRUE(report.at("unsafe").empty());
    EXPECT_TRUE(report.at("faults").empty());
    const auto files = filesOf(id);
    EXPECT_EQ(files.size(), releases::tableKinds().size() * 2 + 3);
    EXPECT_THAT(files.at("data-guidance.txt"), HasSubstr("2 of 153 local authorities signed a return"));
    EXPECT_THAT(
        files.at("practice_guide_pathway.csv"),
        HasSubstr("202526,Financial year Q1,Local authority,E92000001,England,E12000001,North East,807,"
                  "E06000003,Redcar and Cleveland,Total,Referred,x,x\n"));
    EXPECT_EQ(json::parse(files.at("datapackage.json")).at("resources").size(),
              releases::tableKinds().size());

    const auto publishNow = [](Transaction& tx, const Release& one) { Releases::publish(tx, one); };
    EXPECT_THAT(refusal([&] { act("analyst@national.test", id, publishNow); }), HasSubstr("approved"));
    EXPECT_THAT(refusal([&] {
                    act("analyst@national.test", id,
                        [](Transaction& tx, const Release& one) { Releases::approve(tx, one, ""); });
                }),
                HasSubstr("Somebody else"));
    approve(id);
    EXPECT_FALSE(read(id).isPublic());
    publish(id);
    release = read(id);
    EXPECT_TRUE(release.isPublic());
    EXPECT_EQ(release.decidedBy, "approver@national.test");
    EXPECT_EQ(filesOf(id), files);
    house.as(Account::national).read([&](Transaction& tx) { EXPECT_EQ(Releases::published(tx).size(), 1U); });

    EXPECT_THROW(act("analyst@national.test", id,
                     [](Transaction& tx, const Release& one) { Releases::withdraw(tx, one, ""); }),
                 values::Invalid);
    act("analyst@national.test", id, [](Transaction& tx, const Release& one) {
        Releases::withdraw(tx, one, "A return was signed by mistake.");
    });
    release = read(id);
    EXPECT_EQ(release.state, "withdrawn");
    EXPECT_TRUE(release.isPublic());  // its notice is
    EXPECT_EQ(filesOf(id), files);    // nothing of it changed
}

/// The same snapshot gives the same bytes; a later return changes nothing of what is made.
TEST_F(ReleasesTest, AreFrozenAndRepeatable) {
    sign(805);
    const auto first = make();
    const auto files = filesOf(first);
    EXPECT_EQ(read(first).fingerprint, read(make()).fingerprint);
    sign(806);
    EXPECT_EQ(filesOf(first), files);
    EXPECT_NE(read(first).fingerprint, read(make()).fingerprint);
}

TEST_F(ReleasesTest, AreComparedWithWhatWasPublicAlsoWhereItWasWithdrawn) {
    sign(805);
    const auto first = make();
    const auto rival = make();
    approve(first);
    approve(rival);
    publish(first);
    EXPECT_THAT(refusal([&] { publish(rival); }), HasSubstr("Make it again"));
    act("analyst@national.test", first,
        [](Transaction& tx, const Release& one) { Releases::withdraw(tx, one, "Too early"); });
    sign(806);
    const auto second = read(make());
    EXPECT_EQ(second.version, 2);
    EXPECT_EQ(json::parse(second.report).at("earlier"), 2);  // its rival can still be looked at
    EXPECT_TRUE(json::parse(second.report).at("unsafe").empty());
    // What the first hid of an authority whose return is the same, the second hides as well.
    const auto hiddenIn = [&](values::Id<Release> id) {
        std::set<std::string> hidden;
        house.as(Account::national).read([&](Transaction& tx) {
            const auto table = Releases::table(tx, Releases::byId(tx, id), "practice_guide_pathway");
            for (const auto& row : table->rows)
                if (row.place == "Hartlepool" && row.values[0] == "c")
                    hidden.insert(std::to_string(row.items[0]) + " " + std::to_string(row.items[1]));
        });
        return hidden;
    };
    const auto before = hiddenIn(first);
    const auto after = hiddenIn(second.id);
    EXPECT_FALSE(before.empty());
    EXPECT_TRUE(std::ranges::includes(after, before));
}

/// Each was compared with what was public when it was made: with each other they were not.
TEST_F(ReleasesTest, AreNotBothTheFirstOfTheirQuarter) {
    sign(805);
    const auto one = make();
    const auto other = make();
    for (const auto& id : {one, other}) approve(id);
    bool isFirst = true;
    EXPECT_THROW(act("analyst@national.test", one,
                     [&](Transaction& tx, const Release& seen) {
                         if (std::exchange(isFirst, false)) publish(other);
                         Releases::publish(tx, seen);
                     }),
                 values::Conflict);
    EXPECT_EQ(read(one).state, "approved");
    EXPECT_EQ(read(other).state, "published");
}

TEST_F(ReleasesTest, CanBeRefusedWithAReason) {
    sign(805);
    const auto id = make();
    const auto refuse = [&](const std::string& words) {
        act("approver@national.test", id,
            [&](Transaction& tx, const Release& one) { Releases::refuse(tx, one, words); });
    };
    EXPECT_THROW(refuse(""), values::Invalid);
    refuse("One authority is missing");
    EXPECT_EQ(read(id).state, "refused");
    EXPECT_THAT(refusal([&] { approve(id); }), HasSubstr("does not wait"));
}

/// Whatever two people think of it: what gives a small count away, or has faults, is approved by nobody.
TEST_F(ReleasesTest, AreApprovedByNobodyWhereTheyAreNotSafe) {
    sign(805);
    for (const auto* wrong :
         {"JSON_SET(report, '$.unsafe', JSON_ARRAY('Ended, Hartlepool'))",
          "JSON_SET(report, '$.faults', JSON_ARRAY(JSON_OBJECT('check', 'general_null')))"}) {
        const auto id = make();
        house.superuser().execute("UPDATE " + house.name + ".national_release SET report = " + wrong +
                                  " WHERE id = UNHEX('" + id.text() + "')");
        EXPECT_THAT(refusal([&] { approve(id); }), HasSubstr("Nobody can approve it.")) << wrong;
        EXPECT_EQ(read(id).state, "made");
    }
}

/// Its figures give away what it hides: nobody sees them, and no later release has to fear them.
TEST_F(ReleasesTest, ShowNothingToAnybodyWhereTheyAreNotSafe) {
    sign(805);
    const auto id = make();
    ASSERT_FALSE(filesOf(id).empty());
    house.superuser().execute("UPDATE " + house.name +
                              ".national_release SET report = JSON_SET(report, '$.unsafe', "
                              "JSON_ARRAY('Ended, Hartlepool', 'Ended, Camden')) WHERE id = UNHEX('" +
                              id.text() + "')");
    EXPECT_EQ(read(id).unsafe, 2);
    EXPECT_FALSE(read(id).isOpen());
    EXPECT_TRUE(filesOf(id).empty());
    act("analyst@national.test", id, [](Transaction& tx, const Release& one) {
        EXPECT_THROW(Releases::file(tx, one, "data-guidance.txt"), values::NotFound);
        EXPECT_THROW(Releases::table(tx, one, "practice_guide_pathway"), values::NotFound);
    });
    EXPECT_THAT(refusal([&] { approve(id); }), ::testing::Not(HasSubstr("Hartlepool")));
    EXPECT_EQ(reportOf(make()).at("earlier"), 0);
    support::Doors doors(house);
    doors.add("analyst@doors.test", 0, identity::Role::nationalAnalyst);
    const auto analyst = doors.signIn(identity::Door::national, "analyst@doors.test");
    const auto ask = [&](const std::string& path, const values::Fields& query = {}) {
        return doors.ask(identity::Door::national, "GET", path, analyst, {}, query);
    };
    const auto place = "/releases/" + id.text();
    const auto page = ask(place).body;
    EXPECT_THAT(page, HasSubstr("Small counts that could be worked out: 2."));
    EXPECT_THAT(page, ::testing::Not(HasSubstr("Hartlepool")));
    EXPECT_THAT(page, ::testing::Not(HasSubstr("/files/")));
    EXPECT_EQ(ask(place + "/files/data-guidance.txt").status, 404);
    EXPECT_EQ(ask(place + "/tables/practice_guide_pathway").status, 404);
    EXPECT_THAT(ask("/workbench").body, ::testing::Not(HasSubstr(id.text())));
    EXPECT_THAT(ask("/workbench", {{"release", id.text()}}).body, ::testing::Not(HasSubstr(id.text())));
}

/// What is not published can be looked at, and laid beside another; what was refused cannot.
TEST_F(ReleasesTest, AreComparedWithEveryOneThatCanStillBeLookedAt) {
    sign(805);
    const auto first = make();
    EXPECT_EQ(reportOf(first).at("earlier"), 0);
    EXPECT_EQ(reportOf(make()).at("earlier"), 1);
    act("approver@national.test", first,
        [](Transaction& tx, const Release& one) { Releases::refuse(tx, one, "By other rules"); });
    EXPECT_FALSE(read(first).isOpen());
    EXPECT_TRUE(filesOf(first).empty());
    const auto third = reportOf(make());
    EXPECT_EQ(third.at("earlier"), 1);
}

/// A correction that is begun takes nothing away; signed, it takes the place of what it corrects.
TEST_F(ReleasesTest, CountWhatWasSignedUntilItsCorrectionIs) {
    sign(805);
    sign(806);
    auto director = support::tester();
    director.authority = 806;
    house.as(Account::authority).inTransaction(director, [&](Transaction& tx) {
        returns::Returns::correct(tx, house.ids, house.authorityId(806), quarter, "A file was missing");
    });
    EXPECT_EQ(reportOf(make()).at("returned"), 2);
    EXPECT_EQ(reportOf(make()).at("corrections"), 0);
    sign(806);
    EXPECT_EQ(reportOf(make()).at("returned"), 2);
    EXPECT_EQ(reportOf(make()).at("corrections"), 1);
}

/// Due on 11 August, which is in time until it is over.
TEST_F(ReleasesTest, CallAReturnLateFromTheDayAfterItWasDue) {
    house.clock.advance(std::chrono::days(30));
    sign(805);
    EXPECT_EQ(reportOf(make()).at("late"), 0);
    house.clock.advance(std::chrono::days(1));
    sign(806);
    EXPECT_EQ(reportOf(make()).at("late"), 1);
}

TEST_F(ReleasesTest, NameWhatIsWrongWithAWish) {
    EXPECT_THAT(refusal([&] { ask(); }), HasSubstr("Nobody has signed"));
    sign(805);
    const auto wrong = [&](std::vector<std::string> tables, std::vector<std::string> guides) {
        std::string column;
        try {
            house.as(Account::national).inTransaction(actor("analyst@national.test"), [&](Transaction& tx) {
                Releases::ask(tx, house.ids, {quarter, tables, guides, rules(), ""});
            });
        } catch (const values::Invalid& invalid) {
            column = invalid.problems().front().where.column;
        }
        return column;
    };
    EXPECT_EQ(wrong({}, {"guide"}), "tables");
    EXPECT_EQ(wrong({"practice_guide_gossip"}, {"guide"}), "tables");
    EXPECT_EQ(wrong({"practice_guide_pathway"}, {}), "guides");
}

/// Of the small intake, which is counted out by hand here. Hartlepool has it six times and Camden seven
/// times, so that no count is small and nothing is hidden; Middlesbrough has it once, and signed nothing.
TEST_F(ReleasesTest, AreSumsOfWhatWasSigned) {
    sign(805);  // for another quarter, which is not to be counted
    house.clock.advance(std::chrono::days(120));
    quarter = Quarter::parse("2025-26 Q2").value();
    support::importTimes(house, 6, "E06000001");
    support::importTimes(house, 7, "E09000007");
    sign(805);
    sign(202);
    const std::map<std::string, std::map<Words, std::vector<Cell>>> known{
        {"practice_guide_pathway",
         {{{"Total", "Referred"}, {count(10), percent(10, 10)}},
          {{"Total", "Offered"}, {count(10), percent(10, 10)}},
          {{"Total", "Accepted"}, {count(7), percent(7, 10)}},
          {{"Total", "Started"}, {count(6), percent(6, 10)}},
          {{"Total", "Completed"}, {count(2), percent(2, 10)}},
          {{"Kinship navigator", "Started"}, {count(5), percent(5, 7)}},
          {{"Cognitive behavioural therapy for carers", "Started"}, {as("0"), as("z")}}}},
        {"practice_guide_fidelity",
         {{{"Total", "Total"},
           {count(15), percent(11, 15), wilson(11, 15, -1.96), wilson(11, 15, 1.96), as("z")}},
          {{"Kinship navigator", "Total"},
           {count(10), percent(6, 10), wilson(6, 10, -1.96), wilson(6, 10, 1.96), as("z")}},
          {{"Total", "Adherence"}, {count(13), as("z"), as("z"), as("z"), as("82")}},
          {{"Total", "Exposure"}, {as("0"), as("z"), as("z"), as("z"), as("z")}}}},
        {"practice_guide_dose_workforce",
         {{{"Total"}, {count(19), percent(16, 19), as("86"), count(9), percent(9, 9), percent(9, 9)}}}},
        {"practice_guide_outcomes",
         {{{"SDQ total difficulties", "Total", "Total"}, {count(8), percent(8, 8)}},
          {{"SDQ total difficulties", "Total", "Better"}, {count(3), percent(3, 8)}},
          {{"SDQ total difficulties", "Carer", "No reliable change"}, {count(5), percent(5, 8)}},
          {{"SDQ total difficulties", "Carer", "Worse"}, {as("0"), as("0.0")}}}}};
    const std::map<std::string, std::pair<int, int>> places{{"England", {13, 10}},
                                                            {"North East", {6, 10}},
                                                            {"London", {7, 10}},
                                                            {"Hartlepool", {6, 1}},
                                                            {"Camden", {7, 1}}};
    const auto id = make("dfe-csc");
    for (const auto& [name, figures] : known) {
        const auto rows = rowsOf(id, name, 1 + 9 + 153);
        for (const auto& [row, values] : rows)
            if (places.contains(row.first)) EXPECT_THAT(values, Each(Ne("c"))) << name << ", " << row.first;
            else EXPECT_EQ(values.front(), "x") << name << ", " << row.first;
        for (const auto& [place, size] : places)
            for (const auto& [items, cells] : figures) {
                Words wanted;
                for (const auto& cell : cells) wanted.push_back(cell(size.first, size.second));
                EXPECT_EQ(rows.at({place, items}), wanted) << name << ", " << place << ", " << items.back();
            }
    }
    const std::string navigator =
        "Offer specialist support that helps kinship carers find and use the help they need";
    const std::string parenting = "Offer kinship carers a structured parenting programme";
    const auto adoption = rowsOf(id, "practice_guide_adoption", 1 + 9);
    const auto standing = [&](const std::string& place, const std::string& recommendation) {
        Words all;
        for (const auto* status : {"Total", "In place", "Partly", "Planned", "Not in place", "Not known"})
            all.push_back(adoption.at({place, {recommendation, status}}).at(0));
        return all;
    };
    EXPECT_EQ(standing("England", navigator), (Words{"153", "0", "2", "0", "0", "151"}));
    EXPECT_EQ(standing("England", parenting), (Words{"153", "2", "0", "0", "0", "151"}));
    EXPECT_EQ(standing("London", parenting), (Words{"33", "1", "0", "0", "0", "32"}));
    EXPECT_EQ(standing("South West", parenting), (Words{"15", "0", "0", "0", "0", "15"}));
}

/// What was signed before narrow rows were kept is brought up to them by the migrations: the same as signing
/// today gives.
TEST_F(ReleasesTest, CountReturnsThatWereSignedBefore) {
    sign(805);
    const auto read = [&](const std::string& what) {
        std::string all;
        for (auto rows = house.superuser().ask(what); rows.next();)
            all += rows.text(0) + " " + rows.text(1) + " " + rows.text(2) + "\n";
        return all;
    };
    const auto sums = "SELECT intervention, measure, ROUND(value_sum, 6) FROM " + house.name +
                      ".signed_count WHERE value_sum <> 0 ORDER BY 1, 2";
    const auto approaches = "SELECT approach, services, 0 FROM " + house.name + ".signed_approach ORDER BY 1";
    const auto signedSums = read(sums);
    const auto signedApproaches = read(approaches);
    ASSERT_FALSE(signedSums.empty());
    ASSERT_FALSE(signedApproaches.empty());
    house.superuser().execute("UPDATE " + house.name + ".signed_count SET value_sum = 0");
    house.superuser().execute("DELETE FROM " + house.name + ".signed_approach");
    const std::regex tables(R"(\b(signed_count|signed_figure|signed_approach|quarterly_return|service)\b)");
    for (const auto* file : {"0100_fill_value_sum_of_signed_count.sql", "0107_fill_signed_approach.sql"})
        house.superuser().execute(
            std::regex_replace(support::textOf(support::source(std::string("schema/migrations/") + file)),
                               tables, house.name + ".$1"));
    EXPECT_EQ(read(sums), signedSums);
    EXPECT_EQ(read(approaches), signedApproaches);
}
