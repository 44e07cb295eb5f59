// Figures from records, kept and computed again: golden results were computed by an independent program.

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "delivery/records.h"
#include "delivery/touched.h"
#include "results/recompute.h"
#include "results/report.h"
#include "support/test_house.h"

using nlohmann::json;
using platform::Account;
using platform::Transaction;
using support::TestHouse;
using values::Quarter;

namespace {

std::string resultsOf(TestHouse& house, const std::string& authority, const std::string& quarter) {
    std::string text;
    const auto id = house.authority(authority).id;
    house.as(Account::work).read([&](Transaction& tx) {
        text = results::reportOf(tx, house.catalogues, id, *Quarter::parse(quarter)).json();
    });
    return text;
}

/// Equal counts, and values within 1e-9.
void expectSame(const json& ours, const json& theirs, const std::string& place) {
    if (theirs.is_number_float() && ours.is_number()) {
        EXPECT_NEAR(ours.get<double>(), theirs.get<double>(), 1e-9) << place;
    } else if (theirs.is_structured()) {
        ASSERT_EQ(ours.size(), theirs.size()) << place;
        for (const auto& [key, value] : theirs.items())
            expectSame(theirs.is_array() ? ours.at(std::stoul(key)) : ours.at(key), value, place + "/" + key);
    } else {
        EXPECT_EQ(ours, theirs) << place;
    }
}

}  // namespace

TEST(Results, AreThoseThatAnIndependentProgramComputed) {
    TestHouse house;
    house.loadCatalogue();
    house.import("intake", "E06000001");
    for (const auto* quarter : {"2025-26 Q1", "2025-26 Q2"}) {
        const auto golden = support::textOf(
            support::source("tests/golden/results-" + Quarter::parse(quarter)->slug() + ".json"));
        expectSame(json::parse(resultsOf(house, "E06000001", quarter)), json::parse(golden), quarter);
    }
}

TEST(Results, OfAnotherAuthorityAreEmpty) {
    TestHouse house;
    house.loadCatalogue();
    house.import("intake", "E06000001");
    const auto other = json::parse(resultsOf(house, "E06000002", "2025-26 Q1"));
    EXPECT_TRUE(other["services"].empty());
    for (const auto& recommendation : other["recommendations"])
        EXPECT_EQ(recommendation["level"], "not offered");
}

TEST(Results, OfAQuarterWithoutRecordsAreZeroForEveryRunningService) {
    TestHouse house;
    house.loadCatalogue();
    house.import("intake", "E06000001");
    const auto later = json::parse(resultsOf(house, "E06000001", "2029-30 Q1"));
    ASSERT_EQ(later["services"].size(), 3U);
    EXPECT_EQ(later["services"][0]["measures"]["dose"]["denominator"], 0);
    EXPECT_TRUE(later["services"][0]["measures"]["dose"]["value"].is_null());
}

TEST(Recompute, KeepsTheSameFiguresWhenAllIsComputedAgain) {
    TestHouse house;
    house.loadCatalogue();
    house.import("intake", "E06000001");
    const auto before = resultsOf(house, "E06000001", "2025-26 Q2");
    results::Recompute recompute(house.as(Account::work), house.catalogues);
    EXPECT_TRUE(recompute.verify().empty());
    recompute.markAll();
    EXPECT_EQ(recompute.drain(), 5);
    EXPECT_EQ(resultsOf(house, "E06000001", "2025-26 Q2"), before);
    EXPECT_EQ(recompute.drain(), 0);
}

TEST(Recompute, NoticesFiguresThatNoLongerFollowFromTheRecords) {
    TestHouse house;
    house.loadCatalogue();
    house.import("intake", "E06000001");
    house.superuser().execute(
        "UPDATE " + house.name +
        ".service_result SET figures = REPLACE(figures, '\"is\":[1,', '\"is\":[2,') LIMIT 1");
    EXPECT_EQ(results::Recompute(house.as(Account::work), house.catalogues).verify().size(), 1U);
}

TEST(Recompute, ComputesAgainWhatWasTouchedMeanwhile) {
    TestHouse house;
    house.loadCatalogue();
    house.import("intake", "E06000001");
    results::Recompute recompute(house.as(Account::work), house.catalogues);
    recompute.markAll();
    std::vector<delivery::Touched::Entry> seen;
    house.as(Account::work).derive([&](Transaction& tx) { seen = delivery::Touched::take(tx, 1); });
    house.as(Account::work).derive([&](Transaction& tx) {
        delivery::Touched::mark(tx, {seen.at(0).service});
    });
    house.as(Account::work).derive([&](Transaction& tx) {
        delivery::Touched::remove(tx, seen);
        EXPECT_EQ(delivery::Touched::count(tx), 5) << "its generation had changed";
    });
}

TEST(Recompute, PassesOverWhatAnotherWorkerHolds) {
    TestHouse house;
    house.loadCatalogue();
    house.import("intake", "E06000001");
    results::Recompute recompute(house.as(Account::work), house.catalogues);
    recompute.markAll();
    house.as(Account::work).derive([&](Transaction& tx) {
        EXPECT_EQ(delivery::Touched::take(tx, 1).size(), 1U);
        EXPECT_EQ(recompute.drain(), 4);
    });
    EXPECT_EQ(recompute.drain(), 1);
}

TEST(Recompute, IsDoneOnceByHoweverManyWorkers) {
    TestHouse house;
    house.loadCatalogue();
    house.import("intake", "E06000001");
    const auto before = resultsOf(house, "E06000001", "2025-26 Q2");
    results::Recompute recompute(house.as(Account::work), house.catalogues);
    EXPECT_EQ(recompute.markAll(), 5);
    EXPECT_EQ(recompute.drain(3), 5);
    EXPECT_EQ(resultsOf(house, "E06000001", "2025-26 Q2"), before);
    EXPECT_TRUE(recompute.verify().empty());
}

TEST(Recompute, LeavesWhatItWasToldToStopBefore) {
    TestHouse house;
    house.loadCatalogue();
    house.import("intake", "E06000001");
    results::Recompute recompute(house.as(Account::work), house.catalogues);
    recompute.markAll();
    const std::atomic<bool> isCancelled = true;
    EXPECT_EQ(recompute.drain(2, {}, &isCancelled), 0);
    EXPECT_EQ(recompute.drain(), 5) << "the queue still holds them";
}

/// Whatever is edited, in whatever order: figures kept step by step equal those of one computation at the
/// end.
TEST(Recompute, IsRightAfterRandomHistoriesOfImports) {
    TestHouse house;
    house.loadCatalogue();
    const auto authority = house.authority("E06000003");
    std::mt19937 random(17);
    const auto whole = [&](int least, int most) {
        return std::uniform_int_distribution<int>(least, most)(random);
    };
    const auto day = [&] { return values::Date(2025, 3, 1).plusDays(whole(0, 250)).iso(); };
    house.import("intake", "E06000003");
    for (int round = 0; round < 40; ++round) {
        house.as(Account::work).inTransaction(support::tester(), [&](Transaction& tx) {
            delivery::Records records(tx, authority.id, house.ids);
            const auto service = records.find(delivery::RecordKind::service, {"S1", "S2", "S3"});
            const auto& home = std::next(service.begin(), whole(0, 2))->second;
            const auto reference = "S" + std::to_string(whole(1, 3)) + "-E0" + std::to_string(whole(1, 9));
            const auto referred = day();
            const auto started = whole(0, 1) == 1 ? std::optional(referred) : std::nullopt;
            const delivery::ChildName child{1, std::string(32, 'a'), {}};
            records.recognise({{"a", child}});
            const delivery::Record episode{
                reference,
                reference,
                {home.id, reference, records.child(child), "5-9", "female", "White", "no", "need", referred,
                 referred, referred, started,
                 whole(0, 1) == 1 ? std::optional<std::string>("2025-11-30") : std::nullopt, std::nullopt,
                 std::nullopt, std::nullopt},
                home.service};
            std::set<values::Id<delivery::Service>> touched;
            const auto result = records.put(delivery::RecordKind::episode, {episode},
                                            std::vector<bool>(episode.columns.size(), true));
            touched.insert(home.service);
            if (result[0].previousOwner) {
                values::IdBytes bytes{};
                std::copy(result[0].previousOwner->begin(), result[0].previousOwner->end(), bytes.begin());
                touched.insert(values::Id<delivery::Service>(bytes));
            }
            delivery::Touched::mark(tx, touched);
            tx.audit("edited", reference);
        });
        if (whole(0, 2) == 0) house.compute();
    }
    house.compute();
    EXPECT_TRUE(results::Recompute(house.as(Account::work), house.catalogues).verify().empty());
}

/// Records of every kind are added, changed and removed, out of order and from two writers at once, with
/// other workers computing all the while: what is kept at the end is what one computation from the records
/// gives.
TEST(Recompute, IsRightAfterRandomHistoriesOfEveryKindOfRecord) {
    TestHouse house;
    house.loadCatalogue();
    house.import("intake", "E06000001");
    const auto write = [&](unsigned seed) {
        std::mt19937 random(seed);
        const auto whole = [&](int least, int most) {
            return std::to_string(std::uniform_int_distribution<int>(least, most)(random));
        };
        platform::Database writer(support::server().superuser(), Account::migrate, 1,
                                  std::chrono::seconds(30), house.clock);
        const auto day = [&] { return "DATE('2025-03-01') + INTERVAL " + whole(0, 250) + " DAY"; };
        const auto name = "`" + house.name + "`.";
        const auto some = [&](const std::string& table, const std::string& order) {
            return " ORDER BY " + order + " LIMIT 1 OFFSET " + whole(0, table == "session" ? 40 : 6);
        };
        for (int round = 0; round < 60; ++round) {
            const std::vector<std::string> edits{
                "UPDATE " + name + "session SET held_on = " + day() + ", status = ELT(1 + " + whole(0, 2) +
                    ", 'held', 'missed', 'cancelled') ORDER BY reference DESC LIMIT " + whole(1, 5),
                "UPDATE " + name + "episode SET started_on = " + day() +
                    ", ended_on = NULL ORDER BY reference LIMIT " + whole(1, 4),
                "UPDATE " + name + "episode SET ended_on = " + day() +
                    ", end_reason = 'completed' WHERE started_on IS NOT NULL"
                    " ORDER BY reference DESC LIMIT " +
                    whole(1, 4),
                "UPDATE " + name + "review SET reviewed_on = " + day() +
                    ", scores = REVERSE(scores) ORDER BY reference LIMIT 3",
                "UPDATE " + name + "practitioner SET trained_on = " + day() + " ORDER BY reference LIMIT " +
                    whole(1, 3),
                "INSERT IGNORE INTO " + name +
                    "supervision (practitioner_id, held_on, authority_id) SELECT id, " + day() +
                    ", authority_id FROM " + name + "practitioner" + some("practitioner", "reference"),
                "DELETE FROM " + name + "supervision ORDER BY held_on LIMIT 1",
                "DELETE FROM " + name + "outcome_score ORDER BY scored_on DESC LIMIT 1",
                "UPDATE " + name + "outcome_score SET value = " + whole(0, 40) +
                    ", scored_on = scored_on ORDER BY episode_id LIMIT 2",
                "DELETE FROM " + name + "session WHERE NOT EXISTS (SELECT 1 FROM " + name +
                    "review WHERE review.session_reference"
                    " = session.reference) ORDER BY reference LIMIT 1"};
            writer.execute("START TRANSACTION");
            try {
                writer.execute(edits[std::stoul(whole(0, static_cast<int>(edits.size()) - 1))]);
                // Where unsure, touch more: the edit may have met any of the services.
                writer.execute(
                    "INSERT INTO " + name + "touched (service_id) SELECT id FROM " + name +
                    "service ON DUPLICATE KEY UPDATE generation = generation + 1, has_new_records = TRUE");
                writer.execute("COMMIT");
            } catch (const std::exception&) {
                writer.execute("ROLLBACK");  // the other writer was first: a real one would try again
            }
        }
    };
    std::atomic<bool> isWriting = true;
    std::thread worker([&] {
        results::Recompute recompute(house.as(Account::work), house.catalogues);
        while (isWriting) recompute.drain();
    });
    std::thread other([&] { write(23); });
    write(42);
    other.join();
    isWriting = false;
    worker.join();
    house.compute();
    EXPECT_TRUE(results::Recompute(house.as(Account::work), house.catalogues).verify().empty());
}

TEST(Recompute, FromKeptColumnsIsWhatItIsFromTheRecords) {
    TestHouse house;
    house.loadCatalogue();
    house.import("intake", "E06000001");
    results::Recompute recompute(house.as(Account::work), house.catalogues);
    const auto before = resultsOf(house, "E06000001", "2025-26 Q2");
    // Without the records, a computation from the columns still gives the same; one from the records does
    // not.
    house.superuser().execute("DELETE FROM `" + house.name + "`.supervision");
    recompute.markAll();
    recompute.drain();
    EXPECT_EQ(resultsOf(house, "E06000001", "2025-26 Q2"), before);
    EXPECT_FALSE(recompute.verify().empty()) << "columns that no longer follow from the records are noticed";
    recompute.markAll(true);
    recompute.drain();
    EXPECT_NE(resultsOf(house, "E06000001", "2025-26 Q2"), before);
    EXPECT_TRUE(recompute.verify().empty());
}

/// A measure over the registered practitioners of a service: one who moves leaves both services with new
/// figures.
TEST(Recompute, FollowsAPractitionerFromServiceToService) {
    TestHouse house;
    const auto page = support::textOf(support::source("deploy/docs/measures.md"));
    const auto second = page.rfind("```json") + 8;
    const auto path = support::temporaryFolder() + "/registered.json";
    std::ofstream(path) << page.substr(second, page.find("```", second) - second);
    const auto loaded =
        house.catalogues.check({support::source("tests/data/catalogue/guides.json"),
                                support::source("tests/data/catalogue/interventions.json"), path});
    house.as(Account::admin).inTransaction(support::tester(), [&](Transaction& tx) {
        house.catalogues.load(tx, loaded, house.ids);
    });
    house.import("intake", "E06000001");
    const auto before = resultsOf(house, "E06000001", "2025-26 Q1");
    auto staff = support::textOf(support::source("tests/data/intake/practitioners.csv"));
    const auto row = staff.find("\nS1-P1,S1,");
    ASSERT_NE(row, std::string::npos);
    staff.replace(row, 10, "\nS1-P1,S2,");
    const auto moved = support::temporaryFolder() + "/practitioners.csv";
    std::ofstream(moved) << staff;
    house.importer().run(support::tester(), house.authority("E06000001"), {{moved, "practitioners.csv"}},
                         intake::ImportMode::store);
    house.compute();
    EXPECT_NE(resultsOf(house, "E06000001", "2025-26 Q1"), before);
    EXPECT_TRUE(results::Recompute(house.as(Account::work), house.catalogues).verify().empty());
}

TEST(Results, AreTheSameUnderACatalogueOfTheDaysBeforeMeasuresWereData) {
    TestHouse house;
    house.loadCatalogue();
    house.import("intake", "E06000001");
    const auto before = resultsOf(house, "E06000001", "2025-26 Q2");
    house.superuser().execute(
        "UPDATE `" + house.name +
        "`.catalogue SET content = JSON_REMOVE(content, '$.measures', '$.terms'), fingerprint = 'old'");
    EXPECT_EQ(resultsOf(house, "E06000001", "2025-26 Q2"), before);
    house.loadCatalogue();
    EXPECT_EQ(resultsOf(house, "E06000001", "2025-26 Q2"), before);
}
