#include "intake/import.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "intake/uploads.h"
#include "results/recompute.h"
#include "support/test_house.h"
#include "values/errors.h"

using intake::ImportMode;
using intake::Uploads;
using platform::Account;
using platform::Transaction;
using support::TestHouse;

namespace {

namespace fs = std::filesystem;

class ImportTest : public testing::Test {
protected:
    void SetUp() override {
        folder = support::temporaryFolder() + "/import-" + std::to_string(++count);
        fs::create_directories(folder);
        for (const auto& entry : fs::directory_iterator(support::source("tests/data/intake")))
            fs::copy_file(entry.path(), fs::path(folder) / entry.path().filename());
    }
    void append(const std::string& file, const std::string& row) const {
        std::ofstream(folder + "/" + file, std::ios::app) << row << "\n";
    }
    void change(const std::string& file, const std::string& from, const std::string& to) const {
        auto text = support::textOf(folder + "/" + file);
        const auto at = text.find(from);
        ASSERT_NE(at, std::string::npos) << from;
        text.replace(at, from.size(), to);
        std::ofstream(folder + "/" + file) << text;
    }
    intake::ImportReport run(ImportMode mode = ImportMode::store,
                             const std::string& authority = "E06000001") {
        const auto report = house.importer().run(support::tester(), house.authority(authority),
                                                 intake::Importer::filesOf(folder), mode);
        results::Recompute(house.as(Account::work), house.catalogues).drain();
        return report;
    }
    /// `file:row:column` of every problem.
    std::vector<std::string> refusal() {
        std::vector<std::string> places;
        try {
            run();
        } catch (const values::Invalid& refused) {
            for (const auto& problem : refused.problems())
                places.push_back(problem.where.file + ":" + std::to_string(problem.where.row) + ":" +
                                 problem.where.column);
        }
        return places;
    }
    std::int64_t countOf(const std::string& what) {
        auto rows = house.superuser().ask("SELECT COUNT(*) FROM " + house.name + "." + what);
        rows.next();
        return rows.number(0);
    }

    TestHouse house{support::Begins::catalogue};
    std::string folder;
    static inline int count = 0;
};

}  // namespace

TEST_F(ImportTest, ChangesNothingTheSecondTime) {
    const auto first = run();
    EXPECT_EQ(first.created(), first.rows());
    const auto again = run();
    EXPECT_TRUE(again.isUnchanged());
    EXPECT_EQ(again.rows(), first.rows());
    EXPECT_EQ(countOf("session FOR SYSTEM_TIME ALL"), countOf("session"))
        << "an unchanged record leaves no history";
    EXPECT_EQ(countOf("touched"), 0);
}

TEST_F(ImportTest, BringsAChangedRowUpToDateAndKeepsItsHistory) {
    run();
    change("services.csv", "Service 2", "Service two");
    const auto report = run();
    EXPECT_EQ(report.changed(), 1);
    EXPECT_EQ(report.created(), 0);
    EXPECT_EQ(countOf("service WHERE name = 'Service two'"), 1);
    EXPECT_EQ(countOf("service FOR SYSTEM_TIME ALL WHERE reference = 'S2'"), 2);
}

TEST_F(ImportTest, MovesARecordToAnotherServiceAndComputesBoth) {
    run();
    change("episodes.csv", "S1-E07,S1", "S1-E07,S2");  // one without a review
    EXPECT_EQ(run().changed(), 1);
    EXPECT_TRUE(results::Recompute(house.as(Account::work), house.catalogues).verify().empty());
}

TEST_F(ImportTest, ComputesAgainWhenTrainingOrSupervisionChanges) {
    run();
    append("supervisions.csv", "S1-P1,2025-06-29");
    change("practitioners.csv", "S1-P2,S1,practitioner,", "S1-P2,S1,lead practitioner,");
    run();
    EXPECT_TRUE(results::Recompute(house.as(Account::work), house.catalogues).verify().empty());
}

/// Practitioners deliver where they are not registered: their supervision is a figure of that service as
/// well. This one was not supervised in time before.
TEST_F(ImportTest, ComputesAgainWhereASupervisedPractitionerDelivers) {
    append("sessions.csv", "elsewhere,S1-E02,S2-P2,2025-06-28,held,60,home");
    run();
    append("supervisions.csv", "S2-P2,2025-06-29");
    EXPECT_EQ(run().created(), 1);
    EXPECT_TRUE(results::Recompute(house.as(Account::work), house.catalogues).verify().empty());
}

/// The range of an instrument holds both of its ends.
TEST_F(ImportTest, TakesTheLowestAndTheHighestScore) {
    append("outcome_scores.csv", "S3-E02,sdq-total,carer,before,2025-09-01,0");
    append("outcome_scores.csv", "S3-E02,sdq-total,carer,after,2025-09-20,40");
    const auto report = run();
    EXPECT_EQ(report.created(), report.rows());
    EXPECT_EQ(countOf("outcome_score WHERE value IN (0, 40)"), 2);
}

TEST_F(ImportTest, StoresNothingInACheck) {
    const auto report = run(ImportMode::check);
    EXPECT_EQ(report.created(), report.rows());
    EXPECT_EQ(countOf("service"), 0);
    EXPECT_EQ(countOf("audit_entry WHERE action = 'records imported'"), 0);
}

TEST_F(ImportTest, StoresNothingWhereOneRowIsWrong) {
    append("outcome_scores.csv", "S3-E01,sdq-total,carer,after,2025-09-01,41");
    EXPECT_EQ(refusal(), (std::vector<std::string>{"outcome_scores.csv:19:value"}));
    EXPECT_EQ(countOf("service"), 0);
    EXPECT_EQ(countOf("session"), 0);
}

TEST_F(ImportTest, NamesEveryProblemAtItsPlaceAndNoOther) {
    append("episodes.csv", "X1,S999,C1,5-9,female,White,no,need,2025-04-01,,,,,");
    append("episodes.csv", "X2,S1,C1,5-9,female,White,no,need,2025-02-30,,,,,");
    append("episodes.csv", "X3,S1,C1,5-9,female,White,no,need,2025-04-10,,,2025-04-09,,");
    append("episodes.csv", "S1-E01,S1,C1,5-9,female,White,no,need,2025-04-01,,,,,");
    append("episodes.csv", "X4,S1,C1,5-9,female,White,no,need,2025-04-01,,,,,vanished");
    append("episodes.csv", "X5,S1,C1,5-9,female,White,no,need,2025-04-01,,,,,completed");
    append("sessions.csv", "Y1,nowhere,S1-P1,2025-05-01,held,60,home");
    append("sessions.csv", "Y2,S1-E01,S1-P1,2025-05-01,held,-5,home");
    append("sessions.csv", "Y3,X2,S1-P1,2025-05-01,held,60,home");  // its episode is at fault, not this row
    append("fidelity_reviews.support-visit.csv", "Z1,S1-E01-01,S2,S1-P1,observer,2025-05-01,1,2,2,2,1,3,2");
    append("fidelity_reviews.support-visit.csv", "Z2,S1-E01-01,S1,S1-P1,observer,2025-05-01,9,2,2,2,1,3,2");
    append("fidelity_reviews.support-visit.csv", "Z3,S1-E01-01,S1,S1-P1,observer,2025-05-01,1,99,2,2,1,3,2");
    EXPECT_EQ(refusal(),
              (std::vector<std::string>{"episodes.csv:42:service_ref", "episodes.csv:43:referred_on",
                                        "episodes.csv:44:started_on", "episodes.csv:45:episode_ref",
                                        "episodes.csv:46:end_reason", "episodes.csv:47:ended_on",
                                        "sessions.csv:263:episode_ref", "sessions.csv:264:minutes",
                                        "fidelity_reviews.support-visit.csv:32:service_ref",
                                        "fidelity_reviews.support-visit.csv:33:checklist_version",
                                        "fidelity_reviews.support-visit.csv:34:item_needs"}));
    EXPECT_EQ(countOf("service"), 0);
}

TEST_F(ImportTest, TakesOneFileOfAKind) {
    fs::copy_file(folder + "/services.csv", folder + "/Services.csv");
    EXPECT_EQ(refusal(), std::vector<std::string>{"services.csv:0:"});
    EXPECT_EQ(countOf("service"), 0);
}

TEST_F(ImportTest, SaysTheValueOfARepetition) {
    append("sessions.csv", "S1-E01-01,S1-E01,S1-P1,2025-05-01,held,60,home");
    try {
        run();
        FAIL();
    } catch (const values::Invalid& refused) {
        ASSERT_EQ(refused.problems().size(), 1U);
        EXPECT_EQ(refused.problems()[0].got, "S1-E01-01");
    }
}

TEST_F(ImportTest, RefusesFilesItDoesNotKnow) {
    append("children.csv", "x");
    append("fidelity_reviews.unknown.csv", "x");
    EXPECT_EQ(refusal(), (std::vector<std::string>{"children.csv:0:", "fidelity_reviews.unknown.csv:0:"}));
    EXPECT_THROW(intake::Importer::filesOf(folder + "/nowhere"), values::NotFound);
}

TEST_F(ImportTest, NeverStoresTheReferenceOfAChild) {
    run();
    auto rows = house.superuser().ask("SELECT pseudonym FROM " + house.name + ".child JOIN " + house.name +
                                      ".episode ON episode.child_id = child.id WHERE reference = 'S1-E01'");
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.text(0).size(), 32U);
    const auto file = support::textOf(folder + "/episodes.csv");
    const auto child = file.substr(file.find("\nS1-E01,S1,") + 11, 6);
    EXPECT_EQ(child[0], 'C');
    EXPECT_EQ(rows.text(0).find(child), std::string::npos);
}

TEST_F(ImportTest, KeepsAuthoritiesApart) {
    run();
    const auto second = run(ImportMode::store, "E06000002");
    EXPECT_EQ(second.created(), second.rows());
    EXPECT_EQ(countOf("service"), 10);
    EXPECT_EQ(countOf("child WHERE authority_id = 805 AND pseudonym IN (SELECT pseudonym FROM " + house.name +
                      ".child WHERE authority_id = 806)"),
              0)
        << "the same child has another pseudonym in another authority";
}

TEST_F(ImportTest, ResolvesReferencesOfEarlierImports) {
    run();
    fs::remove(folder + "/services.csv");
    fs::remove(folder + "/episodes.csv");
    fs::remove(folder + "/practitioners.csv");
    append("sessions.csv", "later,S1-E01,S1-P1,2025-09-20,held,60,home");
    EXPECT_EQ(run().created(), 1);
}

TEST_F(ImportTest, NeedsACatalogue) {
    TestHouse empty;
    EXPECT_THROW(empty.importer().run(support::tester(), empty.authority("E06000001"),
                                      intake::Importer::filesOf(folder), ImportMode::store),
                 values::Conflict);
}

TEST_F(ImportTest, IsOneEntryOfTheAudit) {
    run();
    auto rows = house.superuser().ask("SELECT actor, subject, detail FROM " + house.name +
                                      ".audit_entry WHERE action = 'records imported'");
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.text(0), "tester@example.gov.uk");
    EXPECT_EQ(rows.text(1), "E06000001");
    EXPECT_FALSE(rows.next());
}

TEST_F(ImportTest, KeepsTheGoodCatalogueWhenRecordsNeedIt) {
    run();
    const auto loaded = house.catalogues.check({support::source("schema/guidance/interventions.json"),
                                                support::source("schema/reference/instruments.json")});
    EXPECT_NO_THROW(house.as(Account::admin).inTransaction(support::tester(), [&](Transaction& tx) {
        house.catalogues.load(tx, loaded, house.ids);
    }));
    auto text =
        nlohmann::json::parse(support::textOf(support::source("tests/data/catalogue/interventions.json")));
    text["checklists"][0]["items"][0]["max"] = 3;
    const auto path = folder + "/changed.json";
    std::ofstream(path) << text;
    const auto changed = house.catalogues.check({path});
    EXPECT_THROW(house.as(Account::admin)
                     .inTransaction(support::tester(),
                                    [&](Transaction& tx) { house.catalogues.load(tx, changed, house.ids); }),
                 values::Conflict)
        << "a checklist version in use must stay as it is";
    text["interventions"].erase(0);
    std::ofstream(path) << text;
    const auto smaller = house.catalogues.check({path});
    EXPECT_THROW(house.as(Account::admin)
                     .inTransaction(support::tester(),
                                    [&](Transaction& tx) { house.catalogues.load(tx, smaller, house.ids); }),
                 values::Conflict);
}

TEST_F(ImportTest, WorksThroughAnUploadInTwoSteps) {
    const Uploads uploads(support::temporaryFolder() + "/uploads");
    const auto authority = house.authority("E06000001").id;
    const auto id = house.ids.next<intake::Upload>();
    std::vector<intake::SourceFile> files;
    for (const auto& file : intake::Importer::filesOf(folder)) files.push_back(file);
    const auto names = uploads.takeFiles(id, files);
    auto& door = house.as(Account::authority);
    door.inTransaction(support::tester(), [&](Transaction& tx) { Uploads::send(tx, id, authority, names); });
    const auto now = [&] {
        std::optional<intake::Upload> found;
        door.read([&](Transaction& tx) { found = Uploads::byId(tx, authority, id); });
        return *found;
    };
    EXPECT_THROW(door.inTransaction(support::tester(), [&](Transaction& tx) { Uploads::confirm(tx, now()); }),
                 std::exception)
        << "not checked yet";
    EXPECT_TRUE(uploads.work(house.as(Account::work), house.importer(), house.clock));
    EXPECT_EQ(now().state, "checked");
    EXPECT_EQ(countOf("service"), 0);
    const auto checked = now();
    door.inTransaction(support::tester(), [&](Transaction& tx) { Uploads::confirm(tx, checked); });
    EXPECT_TRUE(uploads.work(house.as(Account::work), house.importer(), house.clock));
    EXPECT_EQ(now().state, "stored");
    EXPECT_EQ(countOf("service"), 5);
    EXPECT_FALSE(fs::exists(support::temporaryFolder() + "/uploads/" + id.text())) << "the files are gone";
    EXPECT_FALSE(uploads.work(house.as(Account::work), house.importer(), house.clock));
    EXPECT_THROW(door.read([&](Transaction& tx) { Uploads::byId(tx, house.authority("E06000002").id, id); }),
                 values::NotFound);
}
