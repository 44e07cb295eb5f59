// Figures from records, kept and computed again: golden results were computed by an independent program.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <future>
#include <nlohmann/json.hpp>
#include <random>

#include "delivery/entered_counts.h"
#include "delivery/subjects.h"
#include "delivery/touched.h"
#include "intake/keeper.h"
#include "intake/pseudonyms.h"
#include "results/recompute.h"
#include "results/report.h"
#include "support/scene.h"

using delivery::RecordKind;
using nlohmann::json;
using platform::Account;
using platform::Transaction;
using support::TestHouse;
using ::testing::IsEmpty;
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

/// Loads the small catalogue with a measure of somebody's own.
void loadWith(TestHouse& house, const std::string& measure) {
    const auto path = support::temporaryFolder() + "/measure.json";
    std::ofstream(path) << measure;
    const auto loaded =
        house.catalogues.check({support::source("tests/data/catalogue/guides.json"),
                                support::source("tests/data/catalogue/interventions.json"), path});
    house.as(Account::admin).inTransaction(support::tester(), [&](Transaction& tx) {
        house.catalogues.load(tx, loaded, house.ids);
    });
}

/// Writes at random what schema/intake describes, by the ways that files and single records take. What it
/// writes is its own, but belongs to services that others write for as well.
class Writer {
public:
    Writer(TestHouse& house, std::string name, unsigned seed)
        : pages_(house.as(Account::authority)),
          retention_(house.as(Account::retention)),
          importer_(house.importer()),
          keeper_(house.keeper()),
          keys_(house.keys),
          authority_(house.authority("E06000001")),
          name_(std::move(name)),
          random_(seed),
          types_(keeper_.types()) {
        pages_.read([&](Transaction& tx) {
            std::ranges::find(types_, RecordKind::review, &intake::FileType::kind)->columns =
                keeper_.reviewType(tx, kChecklist).columns;
        });
        for (const auto* service : {"S1", "S2", "S3", "S4", "S5"}) kept_[RecordKind::service][service] = {};
    }

    /// One unit of work. Begins, and begins again after a removal, with something of every kind.
    void write() {
        const int way = whole(0, 9);
        lastDone_.clear();
        if (!std::exchange(hasEveryKind_, true)) import(100);
        else if (way < 5) import(15);
        else if (way < 8) save();
        else if (way < 9) enterCounts();
        else erase();
    }
    const std::string& lastDone() const { return lastDone_; }

private:
    static constexpr const char* kChecklist = "support-visit";

    int whole(int least, int most) { return std::uniform_int_distribution(least, most)(random_); }
    template <class Some>
    auto anyOf(const Some& some) {
        return *std::next(some.begin(), whole(0, static_cast<int>(std::size(some)) - 1));
    }
    std::string ownReference() { return name_ + std::to_string(whole(1, 4)); }

    std::string valueOf(const intake::ColumnRule& column, values::Date day) {
        using Type = intake::ColumnType;
        switch (column.type) {
            case Type::reference:
                return column.refers ? anyOf(kept_.at(*column.refers)).first : ownReference();
            case Type::child:
                return ownReference();
            case Type::code:
                return anyOf(column.values);
            case Type::date:
                return day.iso();
            case Type::whole:
                return column.name == "checklist_version" ? "1" : std::to_string(whole(1, 5));
            case Type::decimal:
                return std::to_string(whole(0, 40));
            case Type::intervention:
                return whole(0, 1) == 0 ? "kinship-navigator" : "kinship-parenting-group";
            case Type::instrument:
                return "sdq-total";
            case Type::recommendation:
                return "kc-navigator";
            case Type::authority:
                return "E06000002";
            case Type::item:
                return anyOf(std::vector<std::string>{"0", "1", "NA", ""});
            case Type::text:
                break;
        }
        return "In-house";
    }

    /// Days follow each other as their columns do; what may be empty is so now and then.
    values::Fields record(const intake::FileType& type) {
        values::Fields fields;
        auto day = values::Date(2025, 3, 1).plusDays(whole(0, 200));
        for (const auto& column : type.columns) {
            if (column.type == intake::ColumnType::date) day = day.plusDays(whole(0, 20));
            fields[column.name] = valueOf(column, day);
        }
        for (const auto& column : type.columns) {
            const bool isNeeded = std::ranges::any_of(column.requiredWith, [&](const auto& other) {
                const auto& value = fields.at(type.columns[other.first].name);
                return !value.empty() &&
                       (other.second.empty() || std::ranges::count(other.second, value) > 0);
            });
            if (!column.isRequired && !isNeeded && whole(0, 2) == 0) fields[column.name].clear();
        }
        if (type.kind == RecordKind::review) {
            const auto& session = kept_[RecordKind::session].at(fields.at("session_ref"));
            fields["service_ref"] =
                kept_[RecordKind::episode].at(session.at("episode_ref")).at("service_ref");
        }
        kept_[type.kind][intake::keyOf(type, fields)] = fields;
        lastDone_ += " " + name_ + " " + type.name;
        return fields;
    }

    /// So many in a hundred of the kinds, each in a file of its own.
    void import(int share) {
        std::vector<intake::SourceFile> files;
        for (const auto& type : types_) {
            if (whole(1, 100) > share) continue;
            std::map<std::string, values::Fields> rows;
            for (int i = whole(1, 3); i > 0; --i) {
                auto row = record(type);
                rows[intake::keyOf(type, row)] = std::move(row);
            }
            const auto name =
                type.name + (type.kind == RecordKind::review ? "." + std::string(kChecklist) : "") + ".csv";
            files.push_back({support::temporaryFolder() + "/" + name_ + "-" + name, name});
            std::ofstream file(files.back().path);
            for (const auto& column : type.columns) file << column.name << ",";
            for (const auto& [key, row] : rows) {
                file << "\n";
                for (const auto& column : type.columns) file << row.at(column.name) << ",";
            }
        }
        importer_.run(support::tester(), authority_, files, intake::ImportMode::store);
    }

    void save() {
        const auto type = anyOf(types_);
        const auto given = record(type);
        pages_.inTransaction(support::tester(), [&](Transaction& tx) {
            keeper_.save(tx, authority_.id, type, {given, {}, false, false, kChecklist});
        });
    }

    void enterCounts() {
        const auto place = whole(0, 4);
        const delivery::EnteredCounts::Counts counts{{"referred", whole(0, 9)}, {"started", whole(0, 9)}};
        lastDone_ += " " + name_ + " counts";
        pages_.inTransaction(support::tester(), [&](Transaction& tx) {
            const auto services = delivery::Services::of(tx, authority_.id);
            delivery::EnteredCounts::put(tx, services.at(place), *Quarter::parse("2025-26 Q1"), counts);
        });
    }

    void erase() {
        const auto reference = ownReference();
        const auto name = intake::Pseudonyms(keys_, authority_.id.code()).of(reference);
        lastDone_ += " " + name_ + " erasure";
        retention_.inTransaction(support::tester(), [&](Transaction& tx) {
            if (const auto child = delivery::Subjects::find(tx, authority_.id, name))
                delivery::Subjects::erase(
                    tx, *child, {tx, *child, [&](std::string_view text) { return text == reference; }},
                    support::auditSeal());
        });
        auto& episodes = kept_[RecordKind::episode];
        std::erase_if(episodes, [&](const auto& one) { return one.second.at("child_ref") == reference; });
        std::erase_if(kept_[RecordKind::session],
                      [&](const auto& one) { return !episodes.contains(one.second.at("episode_ref")); });
        hasEveryKind_ = false;
    }

    platform::Database& pages_;
    platform::Database& retention_;
    intake::Importer& importer_;
    const intake::Keeper keeper_;
    const std::string keys_;
    const delivery::Authority authority_;
    const std::string name_;
    std::mt19937 random_;
    std::vector<intake::FileType> types_;
    std::map<RecordKind, std::map<std::string, values::Fields>> kept_;  ///< by key
    bool hasEveryKind_ = false;
    std::string lastDone_;
};

using Save = std::pair<RecordKind, values::Fields>;

Save moved(const char* episode, const char* service) {
    return {RecordKind::episode, {{"episode_ref", episode}, {"service_ref", service}}};
}
Save held(const char* session, const char* episode) {
    return {RecordKind::session,
            {{"session_ref", session},
             {"episode_ref", episode},
             {"practitioner_ref", "S2-P3"},
             {"held_on", "2025-05-20"},
             {"status", "held"}}};
}

/// One unit of work has read when another saves and is computed; then the first saves.
void expectRight(TestHouse& house, const Save& meanwhile, const Save& last) {
    const auto keeper = house.keeper();
    results::Recompute recompute(house.as(Account::work), house.catalogues);
    auto& database = house.as(Account::authority);
    const auto save = [&](Transaction& tx, const Save& one) {
        keeper.save(tx, house.authorityId(805), keeper.type(one.first), {one.second});
    };
    bool isFirst = true;
    database.inTransaction(support::tester(), [&](Transaction& late) {
        house.catalogues.inForce(late);  // from here on it sees nothing newer
        if (std::exchange(isFirst, false)) {
            database.inTransaction(support::tester(), [&](Transaction& early) { save(early, meanwhile); });
            recompute.drain();
        }
        save(late, last);
    });
    recompute.drain();
    EXPECT_THAT(recompute.verify(), IsEmpty()) << last.second.begin()->second;
}

}  // namespace

TEST(Results, AreThoseThatAnIndependentProgramComputed) {
    TestHouse house(support::Begins::delivered);
    for (const auto* quarter : {"2025-26 Q1", "2025-26 Q2"}) {
        const auto golden = support::textOf(
            support::source("tests/golden/results-" + Quarter::parse(quarter)->slug() + ".json"));
        expectSame(json::parse(resultsOf(house, "E06000001", quarter)), json::parse(golden), quarter);
    }
}

TEST(Results, OfAnotherAuthorityAreEmpty) {
    TestHouse house(support::Begins::delivered);
    const auto other = json::parse(resultsOf(house, "E06000002", "2025-26 Q1"));
    EXPECT_TRUE(other["services"].empty());
    for (const auto& recommendation : other["recommendations"])
        EXPECT_EQ(recommendation["level"], "not offered");
}

TEST(Results, OfAQuarterWithoutRecordsAreZeroForEveryRunningService) {
    TestHouse house(support::Begins::delivered);
    const auto later = json::parse(resultsOf(house, "E06000001", "2029-30 Q1"));
    ASSERT_EQ(later["services"].size(), 3U);
    EXPECT_EQ(later["services"][0]["measures"]["dose"]["denominator"], 0);
    EXPECT_TRUE(later["services"][0]["measures"]["dose"]["value"].is_null());
}

TEST(Recompute, KeepsTheSameFiguresWhenAllIsComputedAgain) {
    TestHouse house(support::Begins::delivered);
    const auto before = resultsOf(house, "E06000001", "2025-26 Q2");
    results::Recompute recompute(house.as(Account::work), house.catalogues);
    EXPECT_TRUE(recompute.verify().empty());
    recompute.markAll();
    EXPECT_EQ(recompute.drain(), 5);
    EXPECT_EQ(resultsOf(house, "E06000001", "2025-26 Q2"), before);
    EXPECT_EQ(recompute.drain(), 0);
}

TEST(Recompute, NoticesFiguresThatNoLongerFollowFromTheRecords) {
    support::Scene scene(support::Begins::delivered);
    auto& house = scene.house;
    scene.sql("UPDATE @service_result SET figures = REPLACE(figures, '\"is\":[1,', '\"is\":[2,') LIMIT 1");
    EXPECT_EQ(results::Recompute(house.as(Account::work), house.catalogues).verify().size(), 1U);
}

TEST(Recompute, ComputesAgainWhatWasTouchedMeanwhile) {
    TestHouse house(support::Begins::delivered);
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
    TestHouse house(support::Begins::delivered);
    results::Recompute recompute(house.as(Account::work), house.catalogues);
    recompute.markAll();
    house.as(Account::work).derive([&](Transaction& tx) {
        EXPECT_EQ(delivery::Touched::take(tx, 1).size(), 1U);
        EXPECT_EQ(recompute.drain(), 4);
    });
    EXPECT_EQ(recompute.drain(), 1);
}

TEST(Recompute, IsDoneOnceByHoweverManyWorkers) {
    TestHouse house(support::Begins::delivered);
    const auto before = resultsOf(house, "E06000001", "2025-26 Q2");
    results::Recompute recompute(house.as(Account::work), house.catalogues);
    EXPECT_EQ(recompute.markAll(), 5);
    EXPECT_EQ(recompute.drain(3), 5);
    EXPECT_EQ(resultsOf(house, "E06000001", "2025-26 Q2"), before);
    EXPECT_TRUE(recompute.verify().empty());
}

TEST(Recompute, LeavesWhatItWasToldToStopBefore) {
    TestHouse house(support::Begins::delivered);
    results::Recompute recompute(house.as(Account::work), house.catalogues);
    recompute.markAll();
    const std::atomic<bool> isCancelled = true;
    EXPECT_EQ(recompute.drain(2, {}, &isCancelled), 0);
    EXPECT_EQ(recompute.drain(), 5) << "the queue still holds them";
}

/// Two write records of every kind at once while a worker computes: they are added, changed, moved and
/// removed. What is kept is looked at after every few of them, before later ones touch what these forgot.
TEST(Recompute, IsRightAfterRandomHistoriesOfEveryKindOfRecord) {
    TestHouse house;
    house.loadCatalogue();
    house.importer().run(support::tester(), house.authority("E06000001"),
                         {{support::source("tests/data/intake/services.csv"), "services.csv"}},
                         intake::ImportMode::store);
    results::Recompute recompute(house.as(Account::work), house.catalogues);
    Writer one(house, "A", 42);
    Writer other(house, "B", 23);
    for (int round = 0; round < 20; ++round) {
        auto first = std::async(std::launch::async, [&] { one.write(); });
        auto second = std::async(std::launch::async, [&] { other.write(); });
        for (const auto* writing : {&first, &second})
            while (writing->wait_for(std::chrono::seconds(0)) != std::future_status::ready) recompute.drain();
        first.get();
        second.get();
        recompute.drain();
        ASSERT_THAT(recompute.verify(), IsEmpty())
            << "round " << round << ": " << one.lastDone() << "; " << other.lastDone();
    }
}

/// Which figures a unit changes follows from what it saw when it began; another unit may have ended since.
TEST(Recompute, IsRightWhereTwoMoveOneEpisodeAtOnce) {
    TestHouse house(support::Begins::delivered);
    expectRight(house, moved("S1-E01", "S2"), moved("S1-E01", "S3"));
}

TEST(Recompute, IsRightWhereWhatARecordHangsOnMovesMeanwhile) {
    TestHouse house(support::Begins::delivered);
    expectRight(house, moved("S1-E04", "S2"), held("N1", "S1-E04"));
    expectRight(house, held("N2", "S3-E10"),
                {RecordKind::practitioner, {{"practitioner_ref", "S2-P3"}, {"trained_on", "2026-01-01"}}});
}

TEST(Recompute, FromKeptColumnsIsWhatItIsFromTheRecords) {
    support::Scene scene(support::Begins::delivered);
    auto& house = scene.house;
    results::Recompute recompute(house.as(Account::work), house.catalogues);
    const auto before = resultsOf(house, "E06000001", "2025-26 Q2");
    // Without the records, a computation from the columns still gives the same; one from the records does
    // not.
    scene.sql("DELETE FROM @supervision");
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
    loadWith(house, page.substr(second, page.find("```", second) - second));
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

/// A declaration is the authority's, and counts for each of its services that the recommendation names.
/// Wants what a write touches to be derived from what measures count: marking every service for each
/// declaration would tell everybody that figures are being brought up to date.
TEST(Recompute, DISABLED_FollowsADeclaration) {
    TestHouse house;
    loadWith(house, R"({"measures": [{
        "id": "declared", "version": "1", "title": "Declared", "explanation": "Declarations of the quarter.",
        "why": "They stand beside what the records say.", "unit": "declarations", "direction": "higher",
        "author": "A. Author", "checker": "C. Checker",
        "reviewed_on": "2026-11-23", "next_review_on": "2027-11-23",
        "population": "declarations", "date": "declared_on", "aggregate": "count"}]})");
    house.import("intake", "E06000001");
    const auto before = resultsOf(house, "E06000001", "2025-26 Q1");
    house.save(RecordKind::declaration,
               {{"recommendation", "kc-navigator"}, {"declared_on", "2025-05-01"}, {"status", "in place"}});
    house.compute();
    EXPECT_NE(resultsOf(house, "E06000001", "2025-26 Q1"), before);
    EXPECT_THAT(results::Recompute(house.as(Account::work), house.catalogues).verify(), IsEmpty());
}

TEST(Results, AreTheSameUnderACatalogueOfTheDaysBeforeMeasuresWereData) {
    support::Scene scene(support::Begins::delivered);
    auto& house = scene.house;
    const auto before = resultsOf(house, "E06000001", "2025-26 Q2");
    scene.sql(
        "UPDATE @catalogue SET content = JSON_REMOVE(content, '$.measures', '$.terms'), fingerprint = 'old'");
    EXPECT_EQ(resultsOf(house, "E06000001", "2025-26 Q2"), before);
    house.loadCatalogue();
    EXPECT_EQ(resultsOf(house, "E06000001", "2025-26 Q2"), before);
}
