// Data protection: what is kept about a child can be seen and forgotten, keys change, and nothing is kept for
// ever.

#include "delivery/subjects.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "delivery/retention.h"
#include "identity/audit.h"
#include "identity/kept_forms.h"
#include "intake/erased_list.h"
#include "intake/pseudonyms.h"
#include "intake/uploads.h"
#include "platform/workbook.h"
#include "results/recompute.h"
#include "support/scene.h"
#include "values/errors.h"

using delivery::Child;
using delivery::RecordKind;
using delivery::Subjects;
using nlohmann::json;
using platform::Account;
using platform::Transaction;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;

namespace {

class SubjectsTest : public testing::Test {
protected:
    void SetUp() override {
        const auto file = support::textOf(support::source("tests/data/intake/episodes.csv"));
        reference = file.substr(file.find("\nS1-E01,S1,") + 11, 6);
    }
    delivery::ChildName nameOf(const std::string& child) const {
        return intake::Pseudonyms(keys, 805).of(child);
    }
    std::optional<Child> find(const std::string& child) {
        std::optional<Child> found;
        const auto authority = house.authorityId(805);
        house.as(Account::retention).read([&](Transaction& tx) {
            found = Subjects::find(tx, authority, nameOf(child));
        });
        return found;
    }
    delivery::Traces tracesOf(const Child& child, const std::string& called) {
        std::optional<delivery::Traces> traces;
        house.as(Account::retention).read([&](Transaction& tx) {
            traces.emplace(tx, child, delivery::namesWhere([called](const std::string& word) {
                               return word == called;
                           }));
        });
        traces->uploads = uploads.naming([&](std::string_view text) { return traces->areIn(text); });
        return std::move(*traces);
    }
    /// The unit that ends an erasure.
    delivery::Erasure forget(const Child& child, const delivery::Traces& traces) {
        delivery::Erasure erasure;
        house.as(Account::retention).inTransaction(support::tester(), [&](Transaction& tx) {
            erasure = Subjects::erase(tx, child, traces, support::auditSeal());
        });
        return erasure;
    }
    delivery::Erasure erase(const Child& child) { return erase(child, reference); }
    delivery::Erasure erase(const Child& child, const std::string& called) {
        const auto traces = tracesOf(child, called);
        delivery::blankHistory(house.as(Account::migrate), traces);
        const auto erasure = forget(child, traces);
        for (const auto& upload : erasure.uploads)
            uploads.removeFiles(values::Id<intake::Upload>::parse(upload).value());
        house.compute();
        return erasure;
    }
    void save(RecordKind kind, const values::Fields& given) { house.save(kind, given); }
    /// Records of the child that leave no column empty, some of them changed since.
    void keepSomethingInEveryColumn() {
        save(RecordKind::episode, {{"episode_ref", "S1-E01"}, {"eligible_on", "2025-04-12"}});
        save(RecordKind::episode, {{"episode_ref", "S1-E01"}, {"group_name", "Tuesdays"}});
        save(RecordKind::session, {{"session_ref", "S1-E01-01"}, {"minutes", "45"}});
        values::Fields review{
            {"review_ref", "R1"},          {"session_ref", "S1-E01-02"}, {"service_ref", "S1"},
            {"practitioner_ref", "S1-P1"}, {"reviewer", "observer"},     {"reviewed_on", "2025-05-10"},
            {"checklist_version", "1"},    {"rated_by", "Rater-1"},      {"item_needs", "1"}};
        save(RecordKind::review, review);
        review["item_needs"] = "2";
        save(RecordKind::review, review);
        for (const auto* value : {"21", "22"})
            save(RecordKind::outcomeScore, {{"episode_ref", "S1-E01"},
                                            {"instrument", "sdq-total"},
                                            {"respondent", "carer"},
                                            {"timepoint", "before"},
                                            {"scored_on", "2025-05-03"},
                                            {"value", value}});
        for (const auto* words : {"Jo was late", "Sam was late"})
            save(RecordKind::feedback, {{"feedback_ref", "F1"},
                                        {"service_ref", "S1"},
                                        {"episode_ref", "S1-E01"},
                                        {"given_on", "2025-05-04"},
                                        {"respondent", "carer"},
                                        {"rating", "4"},
                                        {"words", words}});
        for (const auto* hasPlan : {"no", "yes"})
            save(RecordKind::familyMeeting, {{"meeting_ref", "M1"},
                                             {"episode_ref", "S1-E01"},
                                             {"letter_on", "2025-05-05"},
                                             {"offered", "yes"},
                                             {"offered_on", "2025-05-06"},
                                             {"not_offered_reason", "None"},
                                             {"response", "accepted"},
                                             {"accepted_on", "2025-05-07"},
                                             {"accepted_by", "both parents"},
                                             {"model", "family network meeting"},
                                             {"held_on", "2025-05-08"},
                                             {"has_plan", hasPlan},
                                             {"reviewed_on", "2025-05-09"},
                                             {"application_on", "2025-05-11"}});
    }
    json exported(const Child& child) { return exported(child, reference); }
    json exported(const Child& child, const std::string& called) {
        const auto traces = tracesOf(child, called);
        std::string text;
        house.as(Account::retention).inTransaction(support::tester(), [&](Transaction& tx) {
            text = Subjects::everything(tx, child, traces);
            tx.audit("records of a child exported", child.id.text());
        });
        return json::parse(text);
    }
    values::Id<intake::Upload> send(const std::string& name, const std::string& text,
                                    bool isConfirmed = false) {
        const auto id = house.ids.next<intake::Upload>();
        const auto path = house.folder + "/sent-" + id.text();
        std::ofstream(path, std::ios::binary) << text;
        const auto names = uploads.takeFiles(id, {{path, name}});
        house.as(Account::authority).inTransaction(support::tester(), [&](Transaction& tx) {
            intake::Uploads::send(tx, id, house.authorityId(805), names, isConfirmed);
        });
        uploads.work(house.as(Account::work), house.importer(), house.clock);
        return id;
    }
    /// A child with words that stand nowhere else, in every place that the product writes to.
    void plant() {
        send("episodes.csv", kEpisodes + kEpisode, true);
        ASSERT_TRUE(find(kPlanted));
        for (const auto* group : {"Plantedgroup", "Plantedclub"})
            save(RecordKind::episode, {{"episode_ref", "P-E1"}, {"group_name", group}});
        save(RecordKind::session, {{"session_ref", "P-S1"},
                                   {"episode_ref", "P-E1"},
                                   {"practitioner_ref", "S1-P1"},
                                   {"held_on", "2025-05-03"},
                                   {"status", "held"},
                                   {"minutes", "47"}});
        values::Fields review{
            {"review_ref", "P-R1"},        {"session_ref", "P-S1"},  {"service_ref", "S1"},
            {"practitioner_ref", "S1-P1"}, {"reviewer", "observer"}, {"reviewed_on", "2025-05-10"},
            {"checklist_version", "1"},    {"rated_by", "Rater-1"},  {"item_needs", "1"}};
        save(RecordKind::review, review);
        for (const auto* value : {"21", "22"})
            save(RecordKind::outcomeScore, {{"episode_ref", "P-E1"},
                                            {"instrument", "sdq-total"},
                                            {"respondent", "carer"},
                                            {"timepoint", "before"},
                                            {"scored_on", "2025-05-03"},
                                            {"value", value}});
        for (const auto* words : {"Plantedwords", "Plantedspeech"})
            save(RecordKind::feedback, {{"feedback_ref", "P-F1"},
                                        {"service_ref", "S1"},
                                        {"episode_ref", "P-E1"},
                                        {"given_on", "2025-05-04"},
                                        {"respondent", "child"},
                                        {"words", words}});
        for (const auto* reason : {"Plantedreason", "Plantedcause"})
            save(RecordKind::familyMeeting, {{"meeting_ref", "P-M1"},
                                             {"episode_ref", "P-E1"},
                                             {"letter_on", "2025-05-05"},
                                             {"offered", "no"},
                                             {"not_offered_reason", reason}});
        send("episodes.csv",
             kEpisodes + std::string("P-E2,S1,") + kPlanted + ",5-9,male,White,no,x,2025-02-31\n");
        send("episodes.csv",
             kEpisodes + std::string("P-E3,S1,") + kPlanted + ",5-9,male,White,no,x,2025-05-02\n");
        platform::WorkbookSheet sheet{"episodes", {}, {}, 0};
        std::istringstream names(kEpisodes);
        for (std::string name; std::getline(names, name, ',');)
            sheet.columns.push_back({name.substr(0, name.find('\n')), "", 18, false, {}});
        sheet.rows.push_back(
            {{"P-E4"}, {"S1"}, {kPlanted}, {"5-9"}, {"male"}, {"White"}, {"no"}, {"x"}, {"2025-05-02"}});
        send("episodes.xlsx", platform::workbookOf({sheet}));
        const auto manager = scene.manager().person().id;
        house.as(Account::authority).inTransaction(support::tester(), [&](Transaction& tx) {
            identity::KeptForms::keep(tx, manager,
                                      {house.ids.next<identity::KeptForm>(),
                                       "/records/episodes/new",
                                       "A form",
                                       {{"child_ref", "kind-4711-q"}, {"need", "Plantedneed"}},
                                       ""});
            identity::KeptForms::keep(tx, manager,
                                      {house.ids.next<identity::KeptForm>(),
                                       "/records/episodes/new",
                                       "Another",
                                       {{"child_ref", "KIND-4712-Q"}},
                                       ""});
            tx.audit("evidence request answered", "request 1", "the child KIND-4711-Q moved: Plantedanswer");
        });
        scene.sql("SET SESSION foreign_key_checks = 0");  // a sample without the inspection that asks for it
        scene.sql(
            "INSERT INTO @record_sample (id, inspection_id, authority_id, report_id, strata, each_stratum, "
            "seed, "
            "asked_at, asked_by) VALUES (REPEAT('s', 16), REPEAT('i', 16), 805, REPEAT('r', 16), 'none', 1, "
            "'x', "
            "'2025-06-02', 'inspector')");
        scene.sql("INSERT INTO @sampled_record VALUES (REPEAT('s', 16), 1, 'all', 'P-E1')");
        scene.sql("SET SESSION foreign_key_checks = 1");
        scene.sql(
            "INSERT INTO @column_mapping VALUES (805, 'x', '{\"constant\": \"KIND-4711-Q Plantedmeaning\"}', "
            "'x', "
            "'2025-06-02')");
    }

    static constexpr const char* kPlanted = "KIND-4711-Q";
    static inline const std::string kEpisodes =
        "episode_ref,service_ref,child_ref,age_band,sex,ethnic_group,disabled,need,referred_on\n";
    static inline const std::string kEpisode =
        "P-E1,S1,KIND-4711-Q,5-9,male,Mixed,no,Plantedtrouble,2025-05-01\n";
    static inline const std::vector<std::string> kWords{
        "Plantedtrouble", "KIND-4711-Q",   "kind-4711-q",  "Plantedgroup", "Plantedclub",   "Plantedwords",
        "Plantedspeech",  "Plantedreason", "Plantedcause", "Plantedneed",  "Plantedanswer", "Plantedmeaning"};
    /// Every state of every other record, as one text.
    static constexpr const char* kOthers =
        "SELECT MD5(GROUP_CONCAT(CONCAT_WS('|', HEX(id), reference, need, group_name, row_start, row_end) "
        "ORDER BY id, "
        "row_end)) FROM @episode FOR SYSTEM_TIME ALL WHERE reference NOT LIKE 'P-%'";

    std::int64_t count(const std::string& from) {
        return std::stoll(scene.value("SELECT COUNT(*) FROM @" + from));
    }
    /// Every text that a column of these rows holds.
    std::set<std::string> valuesOf(const std::string& column, const std::string& rows) {
        return json::parse(scene.value("SELECT COALESCE(JSON_ARRAYAGG(DISTINCT " + column +
                                       "), '[]') FROM @" + rows + " AND " + column + " IS NOT NULL"));
    }
    /// Every value of every table, history included, as one text.
    std::string everythingKept() {
        std::string all;
        auto tables = house.superuser().ask(
            "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = '" +
            house.name + "' AND table_type <> 'VIEW'");
        std::vector<std::pair<std::string, bool>> names;
        while (tables.next()) names.emplace_back(tables.text(0), tables.text(1) == "SYSTEM VERSIONED");
        for (const auto& [name, isVersioned] : names) {
            auto columns = house.superuser().ask(
                "SELECT GROUP_CONCAT(CONCAT('COALESCE(HEX(`', column_name, '`), \"\")')) FROM "
                "information_schema.columns WHERE table_schema = '" +
                house.name + "' AND table_name = '" + name + "'");
            columns.next();
            auto rows =
                house.superuser().ask("SELECT CONCAT_WS('|', " + columns.text(0) + ") FROM " + house.name +
                                      ".`" + name + "`" + (isVersioned ? " FOR SYSTEM_TIME ALL" : ""));
            while (rows.next()) all += rows.text(0) + "\n";
        }
        return all;
    }
    static std::string hex(const std::string& text) {
        std::string out;
        for (const unsigned char c : text) {
            const char* digits = "0123456789ABCDEF";
            out += digits[c >> 4U];
            out += digits[c & 15U];
        }
        return out;
    }

    support::Scene scene{support::Begins::delivered};
    support::TestHouse& house = scene.house;
    std::string reference;
    const std::string& keys = house.keys;
    const intake::Uploads uploads{house.folder + "/uploads"};
};

}  // namespace

/// A record that is being kept while its child is erased: it is refused, or it comes after; it never hangs on
/// nobody.
TEST_F(SubjectsTest, LeavesNoRecordWithoutItsOwner) {
    auto again = support::referral("S1-E99", "2025-05-03");
    again["child_ref"] = reference;
    const std::vector<std::pair<RecordKind, values::Fields>> records{{RecordKind::session,
                                                                      {{"session_ref", "N1"},
                                                                       {"episode_ref", "S1-E01"},
                                                                       {"practitioner_ref", "S1-P1"},
                                                                       {"held_on", "2025-05-09"},
                                                                       {"status", "attended"}}},
                                                                     {RecordKind::episode, again}};
    for (const auto& [kind, record] : records) {
        bool isFirst = true;
        const auto keep = [&, kind = kind, record = record] {
            house.as(Account::authority).inTransaction(support::tester(), [&](Transaction& tx) {
                const auto keeper = house.keeper();
                const auto authority = house.authorityId(805);
                keeper.list(tx, authority, keeper.type(RecordKind::episode), {});
                if (std::exchange(isFirst, false)) {
                    const auto child = *find(reference);
                    forget(child, tracesOf(child, reference));
                }
                keeper.save(tx, authority, keeper.type(kind), {.given = record});
            });
        };
        if (kind == RecordKind::session) EXPECT_THROW(keep(), values::Invalid);
        else EXPECT_NO_THROW(keep());
        if (kind == RecordKind::session) save(RecordKind::episode, again);
    }
    EXPECT_EQ(count("session LEFT JOIN @episode ON episode.id = session.episode_id WHERE episode.id IS NULL"),
              0);
    EXPECT_EQ(count("episode LEFT JOIN @child ON child.id = episode.child_id "
                    "WHERE child.id IS NULL AND episode.child_id IS NOT NULL"),
              0);
    EXPECT_EQ(count("episode WHERE reference = 'S1-E99'"), 1);
}

/// Whatever table leads to a child, each of its columns is told, as it is and as it was; or stands here with
/// the reason why not.
TEST_F(SubjectsTest, SeeEverythingThatIsKeptAndItIsNoted) {
    const std::map<std::string, std::string> lists{
        {"episode", "episodes"},        {"session", "sessions"},
        {"review", "fidelity_reviews"}, {"outcome_score", "outcome_scores"},
        {"feedback", "feedback"},       {"family_meeting", "family_meetings"}};
    const std::map<std::string, std::string> otherwiseNamed{
        {"session_reference", "session"}, {"is_offered", "offered"}, {"checklist_version", "version"}};
    const std::map<std::string, std::string> untold{
        {"id", "ours, and random"},
        {"child_id", "ours, and random: of the child who asks"},
        {"episode_id", "ours, and random: told as the episode's reference"},
        {"authority_id", "the authority answers for itself"},
        {"service_id", "ours, and random"},
        {"practitioner_id", "ours, and random: another person's"}};
    keepSomethingInEveryColumn();
    const auto child = find(reference);
    ASSERT_TRUE(child);
    const auto traces = tracesOf(*child, reference);
    EXPECT_THROW(
        house.as(Account::retention).read([&](Transaction& tx) { Subjects::everything(tx, *child, traces); }),
        std::logic_error)
        << "nobody looks without a note of it";
    const auto told = exported(*child);

    const auto episodes = "IN (SELECT id FROM @episode WHERE child_id = UNHEX('" + child->id.text() + "'))";
    const std::map<std::string, std::string> waysToTheChild{
        {"child_id", "child_id = UNHEX('" + child->id.text() + "')"},
        {"episode_id", "episode_id " + episodes},
        {"session_reference",
         "session_reference IN (SELECT reference FROM @session WHERE episode_id " + episodes + ")"}};
    std::set<std::string> tables;
    for (auto columns = house.superuser().ask(
             "SELECT kept.table_name, way.column_name, held.column_name, held.data_type, "
             "IF(kept.table_type = 'SYSTEM VERSIONED', ' FOR SYSTEM_TIME ALL', '') "
             "FROM information_schema.tables AS kept "
             "JOIN information_schema.columns AS way USING (table_schema, table_name) "
             "JOIN information_schema.columns AS held USING (table_schema, table_name) "
             "WHERE kept.table_schema = '" +
             house.name +
             "' AND kept.table_type <> 'VIEW' "
             "AND way.column_name IN ('child_id', 'episode_id', 'session_reference')");
         columns.next();) {
        const auto table = columns.text(0);
        const auto column = columns.text(2);
        if (untold.contains(column)) continue;
        tables.insert(table);
        const auto text =
            columns.text(3).ends_with("binary") ? "HEX(" + column + ")" : "CAST(" + column + " AS CHAR)";
        const auto kept =
            valuesOf(text, table + columns.text(4) + " WHERE " + waysToTheChild.at(columns.text(1)));
        EXPECT_FALSE(kept.empty()) << "keep something in " << table << "." << column;
        ASSERT_TRUE(lists.contains(table)) << table << " holds something about a child";
        const auto name = otherwiseNamed.contains(column) ? otherwiseNamed.at(column) : column;
        std::set<std::string> shown;
        for (const auto& record : told.at(lists.at(table)))
            if (const auto value = record.value(name, json()); !value.is_null())
                shown.insert(value.is_string() ? value.get<std::string>() : value.dump());
        EXPECT_THAT(shown, IsSupersetOf(kept)) << table << "." << column;
    }
    EXPECT_EQ(tables.size(), lists.size());
    EXPECT_FALSE(find("nobody like this"));
}

/// One child, planted with words that stand nowhere else in every place that the product writes to: shown
/// whole before, and afterwards no column of any table, history included, and no file of an upload holds a
/// word of it.
TEST_F(SubjectsTest, AreNowhereOnceTheyAreErased) {
    plant();
    const auto child = find(kPlanted).value();
    const auto told = exported(child, kPlanted);
    for (const auto* list :
         {"episodes", "sessions", "fidelity_reviews", "outcome_scores", "family_meetings", "feedback",
          "samples", "uploads", "unfinished_forms", "column_meanings", "audit"})
        EXPECT_FALSE(told.at(list).empty()) << list << " is shown before anything goes";
    EXPECT_EQ(told.at("uploads").size(), 3U) << "refused, waiting, and waiting as a workbook";
    for (const auto& word : kWords)
        EXPECT_THAT(everythingKept(), HasSubstr(hex(word))) << word << " is planted";
    const auto others = scene.value(kOthers);
    const auto formsBefore = count("kept_form");

    const auto erasure = erase(child, kPlanted);
    EXPECT_EQ(erasure.episodes, 1);
    EXPECT_EQ(erasure.uploads.size(), 3U);
    EXPECT_EQ(erasure.forms, 1);
    EXPECT_EQ(count("kept_form"), formsBefore - 1) << "other people's forms stay";
    const auto kept = everythingKept();
    for (const auto& word : kWords) EXPECT_THAT(kept, Not(HasSubstr(hex(word)))) << word;
    EXPECT_TRUE(uploads.naming([](std::string_view text) { return text.find(kPlanted) != std::string::npos; })
                    .empty());
    EXPECT_EQ(scene.value(kOthers), others) << "nobody else's history moved, to the microsecond";
    const auto left = exported(child, kPlanted);
    EXPECT_EQ(left.at("audit").size(), 2U) << "that it was shown, and erased";
    EXPECT_TRUE(left.at("episodes").empty()) << "nothing leads from the history to the child";
    house.as(Account::admin).read([&](Transaction& tx) {
        EXPECT_TRUE(identity::Audit::verify(tx, support::auditSeal(), {}).faults.empty());
    });
    EXPECT_TRUE(results::Recompute(house.as(Account::work), house.catalogues).verify().empty());
}

/// After a backup was put back nobody knows how the child was called: the list knows the mark alone.
TEST_F(SubjectsTest, AreForgottenInFormsWithoutTheirReference) {
    plant();
    const auto child = find(kPlanted).value();
    intake::ErasedList list(keys);
    list.note(child, kPlanted);
    const auto entry = intake::ErasedList(keys).entries().at(0);
    const auto names = list.namesOf(entry);
    EXPECT_TRUE(names(R"({"child_ref":"kind-4711-q"})"));
    EXPECT_TRUE(names("spoke with KIND-4711-Q, late"));
    EXPECT_TRUE(names("KIND- 4711-Q"));
    EXPECT_FALSE(names("KIND-4712-Q and 4711"));
    EXPECT_TRUE(list.readmit(805, kPlanted));
    EXPECT_FALSE(list.readmit(805, kPlanted));
    EXPECT_FALSE(list.namesOf(intake::ErasedList(keys).entries().at(0))(kPlanted)) << "it may come again";
    std::filesystem::remove(keys + "/erased.key");
    list.note(child, kPlanted);
    EXPECT_THROW(intake::ErasedList(keys).entries(), values::Unavailable) << "no key is made anew in silence";
}

/// With a file, a form or by machine: refused in words, and nothing of it is kept to be corrected.
TEST_F(SubjectsTest, DoNotComeAgainInSilence) {
    plant();
    intake::ErasedList(keys).note(find(kPlanted).value(), kPlanted);
    erase(find(kPlanted).value(), kPlanted);
    const auto again =
        send("episodes.csv", kEpisodes + kEpisode + "P-E8,S1,OTHER-1,5-9,male,White,no,x,2025-05-01\n");
    const auto dependent = std::string(
        "feedback_ref,service_ref,episode_ref,given_on,respondent,words\n"
        "P-F9,S1,P-E1,2025-05-05,child,Plantedwords\n");
    EXPECT_EQ(scene.value("SELECT state FROM @upload WHERE id = UNHEX('" + again.text() + "')"), "refused");
    const auto report =
        json::parse(scene.value("SELECT report FROM @upload WHERE id = UNHEX('" + again.text() + "')"));
    EXPECT_EQ(report["erased_children"], 1);
    EXPECT_EQ(report["storable"], 1) << "the other child's row";
    EXPECT_THAT(report.dump(), HasSubstr("it was erased on request"));
    EXPECT_THAT(everythingKept(), Not(HasSubstr(hex(kPlanted))));
    EXPECT_FALSE(std::filesystem::exists(house.folder + "/uploads/" + again.text() + "/rejected-0.csv"));
    send("feedback.csv", dependent);
    EXPECT_FALSE(find(kPlanted));
    try {
        save(RecordKind::episode, {{"episode_ref", "P-E9"},
                                   {"service_ref", "S1"},
                                   {"child_ref", kPlanted},
                                   {"age_band", "5-9"},
                                   {"sex", "male"},
                                   {"ethnic_group", "White"},
                                   {"disabled", "no"},
                                   {"need", "behaviour"},
                                   {"referred_on", "2025-05-01"}});
        FAIL() << "a form brought it back";
    } catch (const values::Invalid& refusal) {
        EXPECT_EQ(refusal.problems().at(0).where.column, "child_ref");
        EXPECT_EQ(refusal.problems().at(0).got, "") << "what is refused is not kept either";
    }
    EXPECT_TRUE(intake::ErasedList(keys).readmit(805, kPlanted));
    send("episodes.csv", kEpisodes + kEpisode, true);
    EXPECT_TRUE(find(kPlanted)) << "once somebody says that there is a reason";
}

/// What names a child's records by their references alone, and by which service and whom they were seen.
TEST_F(SubjectsTest, SeeWhatLeadsToThemByAReference) {
    const auto upload = house.ids.next<intake::Upload>();
    const auto faulty = support::temporaryFolder() + "/faulty.csv";
    std::ofstream(faulty) << "session_ref,episode_ref,practitioner_ref,held_on,status\n"
                             "S1-E01-08,S1-E01,S1-P1,2025-06-31,held\n";
    const auto names = uploads.takeFiles(upload, {{faulty, "sessions.csv"}});
    house.as(Account::authority).inTransaction(support::tester(), [&](Transaction& tx) {
        intake::Uploads::send(tx, upload, house.authorityId(805), names);
    });
    uploads.work(house.as(Account::work), house.importer(), house.clock);
    ASSERT_EQ(scene.value("SELECT record_key FROM @rejected_row"), "S1-E01-08");
    scene.sql("SET SESSION foreign_key_checks = 0");  // a sample without the inspection that asks for it
    scene.sql(
        "INSERT INTO @record_sample (id, inspection_id, authority_id, report_id, strata, each_stratum, seed, "
        "asked_at, asked_by) VALUES (REPEAT('s', 16), REPEAT('i', 16), 805, REPEAT('r', 16), 'none', 1, 'x', "
        "'2025-06-02', 'inspector')");
    scene.sql("INSERT INTO @sampled_record VALUES (REPEAT('s', 16), 1, 'all', 'S1-E01')");
    scene.sql("SET SESSION foreign_key_checks = 1");
    const auto told = exported(find(reference).value());
    const auto first = [&](const std::string& list) { return told.at(list).at(0); };
    EXPECT_EQ(first("episodes").at("service"), "S1");
    EXPECT_EQ(first("sessions").at("practitioner"), "S1-P1");
    EXPECT_EQ(first("fidelity_reviews").at("practitioner"), "S1-P1");
    EXPECT_EQ(first("rows_to_correct").at("record"), "S1-E01-08");
    EXPECT_EQ(first("rows_to_correct").at("file"), "sessions.csv");
    EXPECT_EQ(first("samples").at("episode"), "S1-E01");
    EXPECT_EQ(first("samples").at("asked_by"), "inspector");
}

TEST_F(SubjectsTest, AreForgottenInRecordsHistoryAndFigures) {
    save(RecordKind::episode, {{"episode_ref", "S1-E01"}, {"need", "other"}});  // now it has a history
    const auto child = find(reference);
    ASSERT_TRUE(child);
    const auto pseudonym = nameOf(reference).pseudonym;
    EXPECT_THAT(everythingKept(), HasSubstr(hex(pseudonym)));
    const auto sessions = count("session");
    erase(*child);
    EXPECT_THAT(everythingKept(), Not(HasSubstr(hex(pseudonym)))) << "nor in history, nor in packed columns";
    EXPECT_FALSE(find(reference));
    EXPECT_EQ(count("episode WHERE reference = 'S1-E01'"), 0);
    EXPECT_LT(count("session"), sessions);
    EXPECT_EQ(count("review WHERE session_reference LIKE 'S1-E01-%'"), 0);
    EXPECT_TRUE(results::Recompute(house.as(Account::work), house.catalogues).verify().empty());
}

TEST_F(SubjectsTest, StayForgottenWhenABackupComesBack) {
    intake::ErasedList list(keys);
    const auto child = find(reference);
    const auto own = " = UNHEX('" + child->id.text() + "')";
    scene.sql("CREATE TABLE @kept_child AS SELECT * FROM @child WHERE id" + own);
    scene.sql("CREATE TABLE @kept_episode AS SELECT * FROM @episode WHERE child_id" + own);
    list.note(*child, reference);
    erase(*child);
    scene.sql("INSERT INTO @child SELECT * FROM @kept_child");
    scene.sql("INSERT INTO @episode SELECT * FROM @kept_episode");
    EXPECT_TRUE(find(reference));
    for (const auto& entry : intake::ErasedList(keys).entries()) {
        std::optional<Child> back;
        house.as(Account::retention).read([&](Transaction& tx) { back = Subjects::byId(tx, entry.child); });
        if (back) erase(*back);
    }
    EXPECT_FALSE(find(reference));
    EXPECT_THAT(support::textOf(keys + "/erased"), Not(HasSubstr(reference)))
        << "the list itself names nobody";
}

TEST_F(SubjectsTest, MoveToANewKeyAsTheyComeAgain) {
    const auto before = find(reference);
    const auto old = nameOf(reference).pseudonym;
    const auto children = count("child");
    intake::Pseudonyms::rotate(keys, 805);
    EXPECT_TRUE(find(reference)) << "known by the key before";
    const auto report = house.import("intake", "E06000001");
    EXPECT_TRUE(report.isUnchanged()) << "no episode changes by it";
    EXPECT_EQ(count("child"), children);
    EXPECT_EQ(count("child WHERE key_version = 2"), children);
    EXPECT_EQ(find(reference)->id, before->id);
    EXPECT_THAT(everythingKept(), Not(HasSubstr(hex(old))));
    intake::Pseudonyms::forgetOlder(keys, 805);
    EXPECT_TRUE(find(reference));
}

TEST_F(SubjectsTest, AreKeptNoLongerThanTheRulesSay) {
    const auto rules = delivery::readRetentionRules(support::source("schema/retention.json"));
    auto& database = house.as(Account::retention);
    const auto removed = [&](const std::string& what, values::Instant now, bool isDry) {
        for (const auto& result : delivery::applyRetention(
                 database, rules, now,
                 isDry ? delivery::RetentionMode::countOnly : delivery::RetentionMode::confirmed))
            if (result.rule.what == what) return result.removed;
        return std::int64_t{-2};
    };
    const auto now = house.clock.now();
    scene.sql(
        "INSERT INTO @submission VALUES (REPEAT('a', 16), 'x', '2025-04-01', ''), "
        "(REPEAT('b', 16), 'x', '2025-06-01', '')");
    EXPECT_EQ(removed("submission", now, true), 1);
    EXPECT_EQ(count("submission"), 2) << "only counted";
    EXPECT_EQ(removed("submission", now, false), 1);
    EXPECT_EQ(removed("submission", now, false), 0);

    const auto figures = count("service_result");
    const auto children = count("child");
    EXPECT_EQ(removed("child", now, false), 0) << "their episodes ended lately, or last";
    scene.sql("UPDATE @episode SET ended_on = '2025-05-01' WHERE ended_on IS NULL");
    EXPECT_EQ(removed("child", now + std::chrono::days(3000), false), children);
    EXPECT_EQ(count("service_result"), figures) << "figures stay";
    EXPECT_GT(count("episode"), 0);
}

/// A clock that runs eight years ahead, or a first run on old data: nothing goes before somebody says so.
TEST_F(SubjectsTest, DoNotGoManyAtOnceUnasked) {
    using delivery::RetentionMode;
    const auto rules = delivery::readRetentionRules(support::source("schema/retention.json"));
    auto& database = house.as(Account::retention);
    scene.sql("UPDATE @episode SET ended_on = '2025-05-01' WHERE ended_on IS NULL");
    const auto children = count("child");
    ASSERT_GT(children, 20);
    const auto later = house.clock.now() + std::chrono::days(3000);
    const auto submissions = count("submission");
    const auto entries = count("audit_entry");
    const auto asked = delivery::applyRetention(database, rules, later, RetentionMode::careful);
    EXPECT_TRUE(delivery::isWaiting(asked));
    EXPECT_THAT(delivery::whatIsMuch(asked),
                HasSubstr(std::to_string(children) + " of " + std::to_string(children) + ": The pseudonym"));
    EXPECT_EQ(count("child"), children);
    EXPECT_EQ(count("submission"), submissions) << "nor anything else";
    EXPECT_EQ(count("audit_entry"), entries);
    EXPECT_FALSE(delivery::isWaiting(
        delivery::applyRetention(database, rules, house.clock.now(), RetentionMode::careful)));
    delivery::applyRetention(database, rules, later, RetentionMode::confirmed);
    EXPECT_EQ(count("child"), 0);
}

/// A few go every night without a word, and so do most of a few.
TEST_F(SubjectsTest, GoByAFewUnasked) {
    const auto isMuch = [](std::int64_t removed, std::int64_t held) {
        return delivery::RetentionResult{{}, removed, held}.isMuch();
    };
    EXPECT_FALSE(isMuch(20, 20));
    EXPECT_TRUE(isMuch(21, 21));
    EXPECT_FALSE(isMuch(100, 1000));
    EXPECT_TRUE(isMuch(101, 1000));
    EXPECT_FALSE(isMuch(1000, -1)) << "what comes and goes is not counted";
}

TEST_F(SubjectsTest, HaveRulesThatAreCheckedWhole) {
    const auto path = support::temporaryFolder() + "/retention.json";
    std::ofstream(path)
        << R"([{"what": "child", "keep_days": 0, "title": "t", "why": "w"}, {"what": "ghost", "keep_days": 5}])";
    try {
        delivery::readRetentionRules(path);
        FAIL();
    } catch (const values::Invalid& refusal) {
        std::string all;
        for (const auto& problem : refusal.problems()) all += problem.text() + "\n";
        for (const auto* part : {"/0/keep_days", "/1/what", "/1/title", "Give this kind a rule"})
            EXPECT_THAT(all, HasSubstr(part));
    }
}
