// A release from what was signed to what is public, and what stands in its way.

#include "releases/releases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "platform/digest.h"
#include "returns/returns.h"
#include "support/doors.h"

using platform::Account;
using platform::Transaction;
using releases::Release;
using releases::Releases;
using support::TestHouse;
using ::testing::HasSubstr;
using values::Quarter;

namespace {

platform::Actor actor(const char* name) { return {name, std::nullopt, "127.0.0.1"}; }

class ReleasesTest : public testing::Test {
protected:
    void SetUp() override {
        house.clock.advance(std::chrono::days(40));  // 12 July 2025
        house.loadCatalogue();
        house.import("intake", "E06000001");
        house.import("intake", "E06000002");
        house.compute();
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
    std::string refusal(const std::function<void()>& act) {
        try {
            act();
        } catch (const std::exception& error) {
            return error.what();
        }
        return "";
    }

    TestHouse house;
    const Quarter quarter = Quarter::parse("2025-26 Q1").value();
};

}  // namespace

TEST_F(ReleasesTest, GoFromSignedReturnsToThePublicByTwoPeople) {
    sign(805);
    sign(806);
    const auto id = make();
    auto release = read(id);
    ASSERT_EQ(release.state, "made");
    EXPECT_EQ(release.version, 1);
    const auto report = nlohmann::json::parse(release.report);
    EXPECT_EQ(report.at("returned"), 2);
    EXPECT_EQ(report.at("authorities"), 153);
    EXPECT_TRUE(report.at("unsafe").empty());
    EXPECT_TRUE(report.at("faults").empty());
    const auto files = filesOf(id);
    EXPECT_EQ(files.size(), releases::tableKinds().size() * 2 + 3);
    EXPECT_THAT(files.at("data-guidance.txt"), HasSubstr("2 of 153 local authorities signed a return"));
    EXPECT_THAT(
        files.at("practice_guide_pathway.csv"),
        HasSubstr("202526,Financial year Q1,Local authority,E92000001,England,E12000001,North East,807,"
                  "E06000003,Redcar and Cleveland,Total,Referred,x,x\n"));
    EXPECT_EQ(nlohmann::json::parse(files.at("datapackage.json")).at("resources").size(),
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
    EXPECT_EQ(nlohmann::json::parse(second.report).at("earlier"), 1);
    EXPECT_TRUE(nlohmann::json::parse(second.report).at("unsafe").empty());
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

/// Against the signed documents, parsed by another way: what is shown of England is their sum.
TEST_F(ReleasesTest, AreSumsOfWhatWasSigned) {
    sign(805);
    sign(806);
    const auto id = make("dfe-csc");
    auto recount = house.superuser().ask("SELECT SUM(figure.denominator) FROM " + house.name +
                                         ".signed_figure JOIN JSON_TABLE("
                                         "signed_figure.figures, '$[*]' COLUMNS (measure VARCHAR(130) PATH "
                                         "'$.measure', denominator BIGINT PATH "
                                         "'$.is[1]')) AS figure WHERE measure = 'fidelity'");
    ASSERT_TRUE(recount.next());
    const auto reviews = recount.number(0);
    ASSERT_GT(reviews, 10);
    house.as(Account::national).read([&](Transaction& tx) {
        const auto table = Releases::table(tx, Releases::byId(tx, id), "practice_guide_fidelity");
        for (const auto& row : table->rows)
            if (row.level == "National" && row.items == std::vector<std::size_t>{0, 0}) {
                ASSERT_NE(row.values[0], "c");
                EXPECT_NEAR(std::stod(row.values[0]), static_cast<double>(reviews), 5);
            }
    });
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
