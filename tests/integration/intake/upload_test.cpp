// Files from a browser: what becomes of good rows beside bad ones, of columns nobody knows yet, of workbooks.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "intake/rejected_rows.h"
#include "intake/uploads.h"
#include "platform/temporary_files.h"
#include "platform/workbook.h"
#include "support/test_house.h"
#include "values/errors.h"

using intake::Upload;
using intake::Uploads;
using nlohmann::json;
using platform::Account;
using platform::Transaction;
using support::TestHouse;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {

constexpr const char* kHeader =
    "episode_ref,service_ref,child_ref,age_band,sex,ethnic_group,disabled,need,referred_on,offered_on\n";

class UploadTest : public testing::Test {
protected:
    identity::AuthorityId owner() { return house.authorityId(805); }
    values::Id<Upload> send(const std::string& name, const std::string& text) {
        const auto id = leave(name, text);
        work();
        return id;
    }
    /// Sends a file that no worker has looked at.
    values::Id<Upload> leave(const std::string& name, const std::string& text) {
        const auto id = house.ids.next<Upload>();
        const auto path = support::temporaryFolder() + "/sent-" + id.text();
        std::ofstream(path, std::ios::binary) << text;
        const auto names = uploads.takeFiles(id, {{path, name}});
        house.as(Account::authority).inTransaction(support::tester(), [&](Transaction& tx) {
            Uploads::send(tx, id, owner(), names);
        });
        return id;
    }
    bool work() { return uploads.work(house.as(Account::work), house.importer(), house.clock); }
    Upload now(values::Id<Upload> id) {
        std::optional<Upload> found;
        house.as(Account::authority).read([&](Transaction& tx) { found = Uploads::byId(tx, owner(), id); });
        return *found;
    }
    void confirm(values::Id<Upload> id) {
        const auto upload = now(id);
        house.as(Account::authority).inTransaction(support::tester(), [&](Transaction& tx) {
            Uploads::confirm(tx, upload);
        });
        work();
    }
    std::size_t waiting() {
        std::size_t rows = 0;
        house.as(Account::authority).read([&](Transaction& tx) {
            for (const auto& one : intake::RejectedRows::of(tx, owner())) rows += one.numbers.size();
        });
        return rows;
    }
    std::string value(const std::string& what) {
        auto rows = house.superuser().ask("SELECT " + what);
        return rows.next() && !rows.isNull(0) ? rows.text(0) : "";
    }
    std::string episodes(const std::string& where) {
        return value("COUNT(*) FROM " + house.name + ".episode WHERE " + where);
    }
    static std::string row(const std::string& reference, const std::string& referred,
                           const std::string& service = "S1") {
        return reference + "," + service + ",C" + reference + ",5-9,female,White,no,behaviour," + referred +
               ",\n";
    }

    TestHouse house{support::Begins::delivered};
    Uploads uploads{house.folder + "/uploads"};
};

}  // namespace

TEST_F(UploadTest, StoresGoodRowsAndOffersTheOthersToCorrect) {
    const auto id = send("episodes.csv", kHeader + row("U1", "2025-05-01") + row("U2", "2025-02-31") +
                                             row("U3", "2025-05-03", "S999") + row("U4", "2025-05-04"));
    EXPECT_EQ(now(id).state, "refused");
    EXPECT_EQ(json::parse(now(id).report)["storable"], 2);
    EXPECT_EQ(episodes("reference LIKE 'U%'"), "0") << "nothing is stored before anyone says so";
    EXPECT_EQ(waiting(), 2U);
    const auto file = uploads.corrections(now(id), 0);
    ASSERT_TRUE(file);
    EXPECT_THAT(*file,
                HasSubstr("offered_on,why_rejected\r\nU2,S1,CU2,5-9,female,White,no,behaviour,2025-02-31,,"));
    EXPECT_THAT(*file, HasSubstr("Use a real date"));
    EXPECT_THAT(*file, HasSubstr("U3,"));
    EXPECT_THAT(*file, Not(HasSubstr("U1,")));
    confirm(id);
    EXPECT_EQ(now(id).state, "stored") << now(id).report;
    EXPECT_EQ(json::parse(now(id).report)["left_out"], 2);
    EXPECT_EQ(episodes("reference IN ('U1', 'U4')"), "2");
    EXPECT_EQ(waiting(), 2U) << "they wait still";
}

/// Rows are stored some thousands at a time: none, one more than a batch, and exactly as many as batches
/// hold.
TEST_F(UploadTest, StoresFilesOfAnyLength) {
    for (const int rows : {0, 1, 2000, 2001, 4000}) {
        std::string text = kHeader;
        for (int i = 0; i < rows; ++i)
            text += row("L" + std::to_string(rows) + "-" + std::to_string(i), "2025-05-01");
        const auto id = send("episodes.csv", text);
        ASSERT_EQ(now(id).state, "checked") << rows << now(id).report;
        confirm(id);
        EXPECT_EQ(now(id).state, "stored") << rows;
        EXPECT_EQ(episodes("reference LIKE 'L" + std::to_string(rows) + "-%'"), std::to_string(rows));
    }
}

TEST_F(UploadTest, ForgetsWhatWasWrongOnceItIsRight) {
    const auto first =
        send("episodes.csv", kHeader + row("V1", "2025-05-01") + row("V2", "x") + row("V3", "y"));
    confirm(first);
    EXPECT_EQ(waiting(), 2U);
    auto correction = *uploads.corrections(now(first), 0);
    // One is corrected and one is not: sent again as they came back.
    correction.replace(correction.find(",x,"), 3, ",2025-05-02,");
    const auto second = send("episodes.csv", correction);
    EXPECT_EQ(waiting(), 2U);
    confirm(second);
    EXPECT_EQ(waiting(), 1U) << "the corrected one is gone";
    EXPECT_EQ(episodes("reference = 'V2'"), "1");
    auto last = *uploads.corrections(now(second), 0);
    EXPECT_THAT(last, Not(HasSubstr("V2")));
    last.replace(last.find(",y,"), 3, ",2025-05-03,");
    confirm(send("episodes.csv", last));
    EXPECT_EQ(waiting(), 0U);
}

TEST_F(UploadTest, SupersedesAnEarlierFileOfTheSameName) {
    confirm(send("episodes.csv", kHeader + row("W1", "2025-05-01") + row("W2", "bad")));
    EXPECT_EQ(waiting(), 1U);
    confirm(send("episodes.csv", kHeader + row("W1", "2025-05-01") + row("W3", "2025-05-01")));
    EXPECT_EQ(waiting(), 0U) << "the new file does not have the row any more";
}

TEST_F(UploadTest, LeavesOutWhatWaitsForAFaultyRow) {
    const auto id = house.ids.next<Upload>();
    const auto folder = support::temporaryFolder() + "/pair-" + id.text();
    std::filesystem::create_directories(folder);
    std::ofstream(folder + "/e") << kHeader + row("X1", "2025-05-01") + row("X2", "bad");
    std::ofstream(folder + "/s") << "session_ref,episode_ref,practitioner_ref,held_on,status\nXS1,X1,S1-P1,"
                                    "2025-05-05,held\nXS2,X2,S1-P1,2025-05-05,held\n";
    const auto names =
        uploads.takeFiles(id, {{folder + "/e", "episodes.csv"}, {folder + "/s", "sessions.csv"}});
    house.as(Account::authority).inTransaction(support::tester(), [&](Transaction& tx) {
        Uploads::send(tx, id, owner(), names);
    });
    work();
    EXPECT_EQ(json::parse(now(id).report)["found"], 1) << "what waits is not at fault";
    EXPECT_EQ(json::parse(now(id).report)["storable"], 2);
    EXPECT_THAT(*uploads.corrections(now(id), 1), HasSubstr("It waits for a row that has a problem."));
    confirm(id);
    EXPECT_EQ(value("GROUP_CONCAT(reference) FROM " + house.name + ".session WHERE reference LIKE 'XS%'"),
              "XS1");
}

TEST_F(UploadTest, KeepsWhatAFileDoesNotMention) {
    house.superuser().execute("UPDATE " + house.name +
                              ".service SET eligibility = 'Carers' WHERE reference = 'S1'");
    const auto intervention = value("intervention FROM " + house.name + ".service WHERE reference = 'S1'");
    confirm(send("services.csv", "service_ref,intervention,name,stage,started_on\nS1," + intervention +
                                     ",Renamed,full,2024-01-01\n"));
    EXPECT_EQ(value("CONCAT(name, ' ', eligibility) FROM " + house.name + ".service WHERE reference = 'S1'"),
              "Renamed Carers");
    confirm(send("services.csv", "service_ref,intervention,name,stage,started_on,eligibility\nS1," +
                                     intervention + ",Renamed,full,2024-01-01,\n"));
    EXPECT_EQ(value("COALESCE(eligibility, 'none') FROM " + house.name + ".service WHERE reference = 'S1'"),
              "none")
        << "an empty cell empties it";
}

TEST_F(UploadTest, AsksWhatColumnsMeanAndRemembersIt) {
    const std::string theirs =
        "Ref No;Team;Client;Gender;Made\nQ1;S1;44;F;01/05/2025\nQ2;S1;45;M;02/05/2025\n";
    const auto id = send("EHM export 2025.csv", theirs);
    ASSERT_EQ(now(id).state, "unmapped");
    const auto header = json::parse(now(id).report)["unknown"][0]["header"].get<std::vector<std::string>>();
    EXPECT_EQ(header, (std::vector<std::string>{"Ref No", "Team", "Client", "Gender", "Made"}));
    intake::Mapping mapping{"episodes",
                            {{"refno", "episode_ref"},
                             {"team", "service_ref"},
                             {"client", "child_ref"},
                             {"gender", "sex"},
                             {"made", "referred_on"}},
                            {{"age_band", "5-9"},
                             {"ethnic_group", "Not known"},
                             {"disabled", "not known"},
                             {"need", "behaviour"}},
                            {{"sex", {{"f", "female"}, {"m", "male"}}}}};
    house.as(Account::authority).inTransaction(support::tester(), [&](Transaction& tx) {
        intake::Mappings::keep(tx, owner(), intake::Mappings::nameOf(header), mapping);
        Uploads::goOn(tx, now(id));
    });
    work();
    ASSERT_EQ(now(id).state, "checked") << now(id).report;
    confirm(id);
    EXPECT_EQ(value("GROUP_CONCAT(sex ORDER BY reference) FROM " + house.name +
                    ".episode WHERE reference LIKE 'Q%'"),
              "female,male");
    EXPECT_EQ(now(send("another month.csv", "Made;Client;Ref No;Gender;Team\n03/05/2025;46;Q3;F;S1\n")).state,
              "checked")
        << "the same columns, in any order and under any name, are known";
    house.as(Account::authority).read([&](Transaction& tx) {
        EXPECT_FALSE(intake::Mappings::find(tx, house.authorityId(806), intake::Mappings::nameOf(header)))
            << "to this authority alone";
    });
}

TEST_F(UploadTest, ReadsWorkbooksAsTheyAreFilledIn) {
    platform::WorkbookSheet sheet{"episodes", {}, {}, 10};
    for (const auto* name :
         {"episode_ref", "service_ref", "child_ref", "age_band", "sex", "ethnic_group", "disabled", "need"})
        sheet.columns.push_back({name, "", 18, false, {}});
    sheet.columns.push_back({"referred_on", "", 18, true, {}});
    sheet.columns.push_back({"sex2", "", 18, false, {"female", "male"}});
    sheet.rows.push_back(
        {{"Y1"}, {"S1"}, {"77"}, {"5-9"}, {"male"}, {"White"}, {"no"}, {"behaviour"}, {"01/05/2025"}});
    const auto id = send("filled in.xlsx", platform::workbookOf({sheet}));
    ASSERT_EQ(now(id).state, "checked") << now(id).report;
    EXPECT_THAT(now(id).report, HasSubstr("filled in.xlsx, sheet episodes"))
        << "the sheet of lists is left alone";
    confirm(id);
    EXPECT_EQ(value("referred_on FROM " + house.name + ".episode WHERE reference = 'Y1'"), "2025-05-01");
    sheet.rows[0][8] = {"31/02/2025"};
    const auto faulty = json::parse(now(send("filled in.xlsx", platform::workbookOf({sheet}))).report);
    EXPECT_EQ(faulty["problems"][0]["row"], 2);
    EXPECT_EQ(faulty["problems"][0]["column"], "referred_on");
    EXPECT_THAT(now(send("broken.xlsx", "PK\x03\x04 no workbook")).report,
                HasSubstr("damaged, empty, or no workbook"));
}

TEST_F(UploadTest, StopsWhereItsSenderNoLongerWantsIt) {
    const auto id = house.ids.next<Upload>();
    const auto path = support::temporaryFolder() + "/stop-" + id.text();
    std::ofstream(path) << kHeader + row("Z1", "2025-05-01");
    const auto names = uploads.takeFiles(id, {{path, "episodes.csv"}});
    house.as(Account::authority).inTransaction(support::tester(), [&](Transaction& tx) {
        Uploads::send(tx, id, owner(), names);
        Uploads::cancel(tx, *Uploads::find(tx, owner(), id));
    });
    work();
    EXPECT_EQ(now(id).state, "withdrawn");
    EXPECT_EQ(episodes("reference = 'Z1'"), "0");
    EXPECT_THROW(
        house.as(Account::authority)
            .inTransaction(support::tester(), [&](Transaction& tx) { Uploads::cancel(tx, now(id)); }),
        values::Conflict);
}

/// A check stores nothing, and says of each file what storing then does: whatever the files refer to.
TEST_F(UploadTest, ChecksWhatStoringThenDoes) {
    for (const auto* folder : {"intake"}) {
        std::vector<intake::SourceFile> files =
            intake::Importer::filesOf(support::source(std::string("tests/data/") + folder));
        const auto before = value("GROUP_CONCAT(reference ORDER BY reference) FROM " + house.name +
                                  ".session WHERE authority_id = 806");
        const auto check = house.importer().run(support::tester(), house.authority("E06000002"), files,
                                                intake::ImportMode::check);
        EXPECT_EQ(value("GROUP_CONCAT(reference ORDER BY reference) FROM " + house.name +
                        ".session WHERE authority_id = 806"),
                  before);
        const auto store = house.importer().run(support::tester(), house.authority("E06000002"), files,
                                                intake::ImportMode::store);
        ASSERT_EQ(check.files.size(), store.files.size());
        for (std::size_t i = 0; i < check.files.size(); ++i) {
            EXPECT_EQ(check.files[i].created, store.files[i].created) << check.files[i].name;
            EXPECT_EQ(check.files[i].rows, store.files[i].rows) << check.files[i].name;
        }
    }
}

/// Nothing of it is stored, nothing waits to be corrected, and the audit says who did not want it.
TEST_F(UploadTest, CanBeWithdrawnOnceItIsChecked) {
    const auto id = send("episodes.csv", kHeader + row("K1", "2025-05-01") + row("K2", "bad"));
    EXPECT_EQ(waiting(), 1U);
    const auto withdraw = [&](Transaction& tx) { Uploads::withdraw(tx, now(id)); };
    house.as(Account::authority).inTransaction(support::tester(), withdraw);
    EXPECT_EQ(now(id).state, "withdrawn");
    EXPECT_EQ(waiting(), 0U);
    EXPECT_EQ(value("GROUP_CONCAT(actor) FROM " + house.name +
                    ".audit_entry WHERE action = 'upload withdrawn' AND subject = '" + id.text() + "'"),
              "tester@example.gov.uk");
    EXPECT_THROW(confirm(id), values::Conflict);
    EXPECT_THROW(house.as(Account::authority).inTransaction(support::tester(), withdraw), values::Conflict);
}

/// Two workers that look at the same moment do not both work on it.
TEST_F(UploadTest, IsPassedOverWhileAnotherWorkerTakesIt) {
    const auto id = leave("episodes.csv", kHeader + row("M1", "2025-05-01"));
    platform::Database other(house.server().superuser(), Account::migrate, 1, std::chrono::seconds(5),
                             house.clock);
    other.execute("SET GLOBAL innodb_lock_wait_timeout = 1");  // of connections that are made from now on
    other.execute("START TRANSACTION");
    other.execute("UPDATE " + house.name + ".upload SET changed_at = changed_at + INTERVAL 1 SECOND");
    platform::Database second(house.server().address(Account::work, house.name), Account::work, 1,
                              std::chrono::seconds(5), house.clock);
    EXPECT_FALSE(uploads.work(second, house.importer(), house.clock));
    other.execute("ROLLBACK");
    EXPECT_TRUE(work());
    EXPECT_EQ(now(id).state, "checked");
}

/// What nobody confirms is thrown away after its time, and not before.
TEST_F(UploadTest, IsAbandonedWhenItsTimeIsOver) {
    const auto id = send("episodes.csv", kHeader + row("N1", "2025-05-01"));
    const auto clean = [&] { uploads.removeAbandoned(house.as(Account::work), std::chrono::hours(24)); };
    clean();
    EXPECT_EQ(now(id).state, "checked");
    house.clock.advance(std::chrono::hours(23));
    clean();
    EXPECT_EQ(now(id).state, "checked");
    house.clock.advance(std::chrono::hours(2));
    clean();
    EXPECT_EQ(now(id).state, "withdrawn");
    EXPECT_THROW(confirm(id), values::Conflict);
    EXPECT_EQ(episodes("reference = 'N1'"), "0");
}

/// A disk that is full when what was refused is to be kept, or when a workbook is taken apart.
TEST_F(UploadTest, SaysThatThereIsNoRoomAndStoresNothing) {
    const auto text = kHeader + row("N1", "2025-05-01") + row("N2", "2025-02-31");
    const auto folderOf = [&](values::Id<Upload> id) { return house.folder + "/uploads/" + id.text() + "/"; };
    const auto says = [&](values::Id<Upload> id) {
        EXPECT_EQ(now(id).state, "failed");
        EXPECT_THAT(json::parse(now(id).report)["fault"].get<std::string>(), HasSubstr("There is no room"));
        EXPECT_EQ(waiting(), 0U);
        EXPECT_FALSE(std::filesystem::exists(folderOf(id) + "0")) << "it is to be sent again";
    };
    for (const auto* file : {"rejected-0.csv", "left-out.json"}) {
        const auto id = leave("episodes.csv", text);
        std::filesystem::create_symlink("/dev/full", folderOf(id) + file);
        work();
        says(id);
    }
    platform::WorkbookSheet sheet{"episodes", {{"episode_ref", "", 18, false, {}}}, {{{"N3"}}}, 0};
    const auto id = leave("episodes.xlsx", platform::workbookOf({sheet}));
    platform::keepTemporaryFilesIn("/dev/full");
    work();
    platform::keepTemporaryFilesIn("");
    says(id);
}

TEST_F(UploadTest, IsTakenUpWithinFifteenSecondsOfItsWorkersDeath) {
    const auto id = leave("episodes.csv", kHeader + row("D1", "2025-05-01"));
    house.superuser().execute("UPDATE " + house.name + ".upload SET state = 'checking', changed_at = '" +
                              values::databaseText(house.clock.now()) + "'");
    EXPECT_FALSE(work()) << "its worker may live";
    EXPECT_FALSE(now(id).isLeftAlone(house.clock.now()));
    house.clock.advance(std::chrono::seconds(7));
    EXPECT_TRUE(now(id).isLeftAlone(house.clock.now())) << "its page says that nothing is heard of it";
    EXPECT_FALSE(work());
    house.clock.advance(std::chrono::seconds(6));
    EXPECT_TRUE(work());
    EXPECT_EQ(now(id).state, "checked");
    EXPECT_FALSE(now(id).isLeftAlone(house.clock.now()));
}
