// Adherence reports: what they count, what they say by rule, what they never say, and that they stay the
// same.

#include "adherence/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>

#include "adherence/judgement.h"
#include "adherence/neighbours.h"
#include "adherence/reports.h"
#include "presentation/report_data.h"
#include "presentation/report_page.h"
#include "results/report.h"
#include "returns/returns.h"
#include "support/test_house.h"
#include "values/errors.h"

using adherence::KnownAs;
using adherence::Period;
using nlohmann::json;
using platform::Account;
using platform::Transaction;
using support::TestHouse;
using ::testing::HasSubstr;
using ::testing::Not;
using values::Date;
using values::Quarter;

namespace {

Quarter quarter(const char* name) { return Quarter::parse(name).value(); }

class AdherenceTest : public testing::Test {
protected:
    Period year() const { return {quarter("2024-25 Q2"), quarter("2025-26 Q1")}; }
    adherence::Evidence evidence(std::optional<KnownAs> known = std::nullopt) {
        return evidenceOf(year(), known);
    }
    adherence::Evidence evidenceOf(Period period, std::optional<KnownAs> known = std::nullopt) {
        return adherence::gather(
            house.as(Account::work), house.catalogues,
            {house.authorityId(805), period, known.value_or(KnownAs::now(house.clock.now()))});
    }
    adherence::Report report(std::optional<KnownAs> known = std::nullopt) {
        return adherence::reportOf(evidence(known));
    }
    /// The database's own time, by which it stamps rows: its clock is not the tests'.
    values::Instant databaseNow() {
        auto rows = house.superuser().ask("SELECT CAST(NOW(3) AS CHAR)");
        rows.next();
        return values::instantFromDatabase(rows.text(0)).value();
    }
    /// A state of the past, by the database's time.
    KnownAs stateNow() {
        house.superuser().ask("SELECT SLEEP(0.005)").next();  // rows of one millisecond are stamped apart
        const KnownAs known{Date(2025, 6, 1), databaseNow(), true};
        house.superuser().ask("SELECT SLEEP(0.005)").next();
        return known;
    }
    std::string value(const std::string& sql) {
        auto rows = house.superuser().ask(std::regex_replace(sql, std::regex("@"), house.name + "."));
        return rows.next() && !rows.isNull(0) ? rows.text(0) : "";
    }
    void execute(const std::string& sql) {
        house.superuser().execute(std::regex_replace(sql, std::regex("@"), house.name + "."));
    }
    void importText(const std::string& file, const std::string& text) {
        const auto folder = support::temporaryFolder() + "/adherence-" + std::to_string(++folders);
        std::filesystem::create_directories(folder);
        std::ofstream(folder + "/" + file) << text;
        const auto authority = house.authority("E06000001");
        house.importer().run(support::tester(), authority, intake::Importer::filesOf(folder),
                             intake::ImportMode::store);
    }
    static const json& named(const json& list, const char* key, const std::string& name) {
        for (const auto& one : list)
            if (one.at(key) == name) return one;
        throw std::runtime_error("no " + name);
    }
    /// A return of another authority, as it was signed: its dose of the navigator.
    void signDose(int authority, values::Proportion dose, int version = 1,
                  const std::string& signedOn = "2025-05-01") {
        house.signCount(authority, quarter("2025-26 Q1"), "dose", dose, version, signedOn);
    }
    /// What a report says of the navigator's dose beside others; null where it says nothing.
    json doseBesideOthers() {
        const auto content = json::parse(report().content);
        for (const auto& one : content.at("comparison").at("rows"))
            if (one.at("intervention") == "kinship-navigator" && one.at("measure") == "dose") return one;
        return nullptr;
    }
    static std::vector<std::string> rulesOf(const json& content) {
        std::vector<std::string> rules;
        for (const auto& one : content.at("findings")) rules.push_back(one.at("rule"));
        return rules;
    }

    TestHouse house{support::Begins::delivered};
    int folders = 0;
};

std::string sampleRow(const std::string& text, int row) {
    std::istringstream lines(text);
    std::string line;
    for (int i = 0; i <= row; ++i) std::getline(lines, line);
    return line;
}

}  // namespace

TEST_F(AdherenceTest, SaysTheGoldenReport) {
    auto content = json::parse(report().content, nullptr, true, false);
    EXPECT_EQ(content.at("known").at("on"), "2025-06-02");
    // The instant goes on with every look of the tests' clock.
    nlohmann::ordered_json whole = nlohmann::ordered_json::parse(report().content);
    whole["known"]["at"] = "…";
    support::expectGolden("adherence-report.json", whole.dump(1) + "\n");
}

TEST_F(AdherenceTest, GivesTheSameBytesForTheSameState) {
    const auto known = stateNow();
    const auto first = report(known);
    const auto second = report(known);
    EXPECT_EQ(first.content, second.content);
    EXPECT_EQ(first.details, second.details);
}

/// Records are corrected after the day, also silently in the database: the report of that day stays as it
/// was.
TEST_F(AdherenceTest, StandsAsKnownBeforeHiddenCorrections) {
    const auto before = stateNow();
    const auto then = report(before);
    const auto sessions = support::textOf(support::source("tests/data/intake/sessions.csv"));
    execute("UPDATE @session SET status = 'missed' WHERE authority_id = 805");
    execute("UPDATE @episode SET end_reason = 'withdrew', ended_on = '2025-05-01' WHERE authority_id = 805");
    execute("DELETE FROM @outcome_score");
    execute("UPDATE @practitioner SET trained_on = NULL");
    importText("declarations.csv",
               "recommendation,declared_on,status,reason,evidence\nkc-navigator,2025-05-01,in place,,x\n");
    const auto now = report(stateNow());
    EXPECT_NE(now.content, then.content);
    const auto again = report(before);
    EXPECT_EQ(again.content, then.content);
    EXPECT_EQ(again.details, then.details);
    const auto differences = adherence::differencesBetween(then.content, now.content);
    EXPECT_FALSE(differences.empty());
    for (const auto& one : differences) EXPECT_NE(one.was, one.is) << one.what;
    EXPECT_TRUE(adherence::differencesBetween(then.content, again.content).empty());
}

/// An independent way to the same: quarter by quarter from the kept figures of each service.
TEST_F(AdherenceTest, CountsAsTheQuartersDoTogether) {
    house.compute();
    const auto found = evidence();
    std::map<std::string, std::map<std::string, values::Proportion>> sums;
    house.as(Account::work).read([&](Transaction& tx) {
        sums.clear();
        for (auto at = year().first; at <= year().last; at = at.next())
            for (const auto& [service, figures] :
                 results::reportOf(tx, house.catalogues, house.authorityId(805), at).services)
                for (const auto& [name, figure] : figures) {
                    sums[service.reference][name].numerator += figure.parts.proportion.numerator;
                    sums[service.reference][name].denominator += figure.parts.proportion.denominator;
                }
    });
    int compared = 0;
    for (const auto& one : found.services) {
        if (!one->counts()) continue;
        for (const auto& [name, sum] : sums[one->service.reference]) {
            const auto pooled = one->pooled.find(name);
            const auto counts =
                pooled == one->pooled.end() ? values::Proportion{} : pooled->second.parts.proportion;
            EXPECT_EQ(counts.numerator, sum.numerator) << one->service.reference << " " << name;
            EXPECT_EQ(counts.denominator, sum.denominator) << one->service.reference << " " << name;
            ++compared;
        }
    }
    EXPECT_GT(compared, 40);
}

/// A year, and a quarter alone: its first quarter counts like every other.
TEST_F(AdherenceTest, AddsConditionsUpToTheFigure) {
    for (const auto& period : {year(), Period{year().last, year().last}}) {
        const auto found = evidenceOf(period);
        int compared = 0;
        for (const auto& one : found.services) {
            EXPECT_FALSE(one->counts() && one->steps.empty()) << one->service.reference;
            for (const auto& [name, conditions] : one->conditions) {
                std::int64_t left = 0;
                std::int64_t uncounted = 0;
                for (const auto& rule : conditions.left) left += rule.records;
                for (const auto& rule : conditions.uncounted) uncounted += rule.records;
                EXPECT_EQ(conditions.placed, left + conditions.counted) << name;
                const auto* measure = found.edition->plan.measure(name);
                if (measure->own.counts.empty() || measure->own.denominator != measures::kNoNode) continue;
                EXPECT_EQ(conditions.counted, uncounted + conditions.reached) << name;
                EXPECT_EQ(conditions.reached, one->counted(name).numerator) << name;
                EXPECT_EQ(conditions.counted, one->counted(name).denominator) << name;
                ++compared;
            }
        }
        EXPECT_GT(compared, 10) << period.name();
    }
}

TEST_F(AdherenceTest, NamesNoRecordOfAChildAndNoPractitioner) {
    const auto made = report();
    auto everything = made.content;
    for (const auto& [subject, content] : made.details) everything += content;
    for (const auto* sql : {"SELECT reference FROM @episode", "SELECT reference FROM @session",
                            "SELECT reference FROM @review", "SELECT reference FROM @practitioner",
                            "SELECT LOWER(HEX(id)) FROM @episode", "SELECT pseudonym FROM @child"}) {
        int looked = 0;
        for (auto rows = house.superuser().ask(
                 std::regex_replace(std::string(sql), std::regex("@"), house.name + "."));
             rows.next(); ++looked)
            EXPECT_EQ(everything.find('"' + rows.text(0) + '"'), std::string::npos)
                << sql << ": " << rows.text(0);
        EXPECT_GT(looked, 3) << sql;
    }
}

TEST_F(AdherenceTest, PredictsNoGradeRanksNobodyAndClaimsNoDuty) {
    const auto made = report();
    adherence::KeptReport kept{house.ids.next<adherence::KeptReport>(),
                               house.authorityId(805),
                               year(),
                               KnownAs::now(house.clock.now()),
                               "Ada",
                               "made",
                               "f",
                               made.content};
    const auto page = presentation::reportView(kept, {"/reports/x"}).json() +
                      support::textOf(support::source("reports/pages/adherence/report.mustache"));
    for (const auto& text : {made.content, page}) {
        for (const auto* word : {"utstanding", "requires improvement", "nadequate", "likely grade",
                                 "would be graded", "Rank", " rank ", "league", "best authority", "worst"})
            EXPECT_THAT(text, Not(HasSubstr(word)));
        // The guide's own words aside, no other authority is named.
        for (auto rows =
                 house.superuser().ask("SELECT name FROM " + house.name + ".authority WHERE id <> 805");
             rows.next();)
            EXPECT_TRUE(rows.text(0).size() <= 5 || text.find(rows.text(0)) == std::string::npos)
                << rows.text(0);
    }
    EXPECT_THAT(page, HasSubstr("That a guide is followed is not itself something that inspections expect"));
    EXPECT_THAT(page, HasSubstr("It gives no grade and foretells none."));
}

TEST_F(AdherenceTest, SaysNothingWhereDeliveryHasNothingToSay) {
    const auto content = json::parse(report().content);
    const auto& silent = named(content.at("expectations"), "code", "HP2");
    EXPECT_THAT(silent.at("silent").get<std::string>(), HasSubstr("No record of delivery speaks to this"));
    EXPECT_TRUE(silent.at("measures").empty());
    EXPECT_TRUE(silent.at("lines").empty());
    // The edition of the day decides which areas are judged, and that there is no overall judgement.
    EXPECT_EQ(content.at("framework").at("id"), "new");
    EXPECT_FALSE(content.at("framework").at("has_overall").get<bool>());
}

TEST_F(AdherenceTest, FindsWhatIsDeclaredAndNotMeasured) {
    importText(
        "declarations.csv",
        "recommendation,declared_on,status,reason,evidence\nkc-navigator,2025-05-01,in place,,The strategy\n"
        "kc-cbt,2025-05-01,not adopted,Nobody is trained,\n");
    const auto content = json::parse(report().content);
    const auto& navigator = named(content.at("recommendations"), "recommendation", "kc-navigator");
    ASSERT_NE(navigator.at("level"), "delivered as intended");
    const auto& finding = named(content.at("findings"), "rule", "declared-in-place");
    EXPECT_EQ(finding.at("kind"), "contradiction");
    EXPECT_THAT(finding.at("text").get<std::string>(), HasSubstr("was declared in place on 1 May 2025"));
    EXPECT_THAT(finding.at("enquiry").get<std::string>(), HasSubstr("On what did leaders rest"));
}

TEST_F(AdherenceTest, FindsGoodFidelityThatRestsOnFewPractitioners) {
    EXPECT_THAT(rulesOf(json::parse(report().content)),
                Not(::testing::Contains("good-fidelity-few-reviewed")));
    // Everyone delivers the group; one of them alone is reviewed.
    const auto ofGroup =
        std::string("service_id = (SELECT id FROM @service WHERE authority_id = 805 AND reference = 'S3')");
    execute(
        "UPDATE @session JOIN @episode ON episode.id = session.episode_id JOIN (SELECT id, ROW_NUMBER() OVER "
        "(ORDER BY id) AS n "
        "FROM @practitioner WHERE authority_id = 805) AS staff ON staff.n = 1 + "
        "MOD(CRC32(session.reference), 9) "
        "SET session.practitioner_id = staff.id WHERE episode." +
        ofGroup);
    execute(
        "UPDATE @review SET practitioner_id = (SELECT MIN(id) FROM @practitioner WHERE authority_id = 805) "
        "WHERE " +
        ofGroup);
    const auto content = json::parse(report().content);
    const auto& finding = named(content.at("findings"), "rule", "good-fidelity-few-reviewed");
    EXPECT_EQ(finding.at("kind"), "contradiction");
    EXPECT_THAT(finding.at("text").get<std::string>(),
                HasSubstr("of the practitioners who delivered were reviewed"));
}

TEST_F(AdherenceTest, FindsResultsOfTheFewWhoCameBack) {
    std::string episodes =
        "episode_ref,service_ref,child_ref,age_band,sex,ethnic_group,disabled,need,referred_on,offered_on,"
        "accepted_on,"
        "started_on,ended_on,end_reason\n";
    std::string scores = "episode_ref,instrument,respondent,timepoint,scored_on,value\n";
    for (int i = 10; i < 40; ++i) {
        const auto reference = "Q" + std::to_string(i);
        episodes += reference + ",S3,C" + std::to_string(i) +
                    ",5-9,female,White,no,behaviour,2025-02-01,2025-02-03,2025-02-05,2025-02-10,2025-05-20,"
                    "completed\n";
        if (i >= 24) continue;  // fourteen of thirty come back
        scores += reference + ",sdq-total,carer,before,2025-02-10,25\n" + reference +
                  ",sdq-total,carer,after,2025-05-20,8\n";
    }
    importText("episodes.csv", episodes);
    importText("outcome_scores.csv", scores);
    const auto content = json::parse(report().content);
    const auto& finding = named(content.at("findings"), "rule", "results-without-return");
    EXPECT_EQ(finding.at("kind"), "contradiction");
    EXPECT_THAT(finding.at("text").get<std::string>(), HasSubstr("60% is asked for"));
}

TEST_F(AdherenceTest, ShowsWhatChangedSinceAReturnWasSigned) {
    house.compute();
    house.clock.advance(std::chrono::days(40));
    auto director = support::tester();
    director.authority = 805;
    house.as(Account::authority).inTransaction(director, [&](Transaction& tx) {
        returns::Returns::sign(tx, house.catalogues, house.ids, house.authorityId(805), quarter("2025-26 Q1"),
                               house.clock.today());
    });
    auto content = json::parse(report().content);
    const auto& signedOne = named(content.at("returns"), "quarter", "2025-26 Q1");
    ASSERT_TRUE(signedOne.at("is_signed").get<bool>());
    EXPECT_TRUE(signedOne.at("changed").empty()) << signedOne.dump(1);
    EXPECT_THAT(rulesOf(content), Not(::testing::Contains("changed-since-signed")));

    execute("UPDATE @session SET status = 'missed' WHERE authority_id = 805");
    content = json::parse(report().content);
    EXPECT_FALSE(named(content.at("returns"), "quarter", "2025-26 Q1").at("changed").empty());
    EXPECT_THAT(rulesOf(content), ::testing::Contains("changed-since-signed"));
}

TEST_F(AdherenceTest, CountsFamilyMeetingsStepByStep) {
    const auto episode =
        value("SELECT reference FROM @episode WHERE authority_id = 805 ORDER BY reference LIMIT 1");
    const std::string head =
        "meeting_ref,episode_ref,letter_on,offered,offered_on,not_offered_reason,response,accepted_on,"
        "accepted_by,model,"
        "held_on,has_plan,reviewed_on,application_on\n";
    importText("family_meetings.csv",
               head + "M1," + episode +
                   ",2025-04-01,yes,2025-04-03,,accepted,2025-04-05,one parent,family group conference,"
                   "2025-05-01,yes,2025-05-20,2025-05-25\n" +
                   "M2," + episode + ",2025-04-02,yes,2025-04-08,,declined,,,,,,,\n" + "M3," + episode +
                   ",2025-04-02,no,,It would put the child at risk,,,,,,,,\n" + "M4," + episode +
                   ",2019-04-02,no,,Long ago,,,,,,,,\n");
    const auto content = json::parse(report().content);
    const auto& meetings = content.at("meetings");
    EXPECT_EQ(meetings.at("families"), 3);
    EXPECT_EQ(meetings.at("offered"), 2);
    EXPECT_EQ(meetings.at("not_offered_with_reason"), 1);
    EXPECT_EQ(meetings.at("accepted"), 1);
    EXPECT_EQ(meetings.at("held"), 1);
    EXPECT_EQ(meetings.at("reviewed"), 1);
    EXPECT_EQ(meetings.at("held_before_application"), 1);
    EXPECT_EQ(meetings.at("days_to_offer").at("median"), 4.0);  // 2 and 6 days
    EXPECT_EQ(meetings.at("models").at("family group conference"), 1);
}

/// The letter's day places a family; without one the offer's, without both that of the referral.
TEST_F(AdherenceTest, PlacesFamiliesOfMeetingsInThePeriod) {
    // S1-E01 was referred on 10 April, S1-E11 on 1 July, a day after the period.
    importText("family_meetings.csv",
               "meeting_ref,episode_ref,letter_on,offered,offered_on,not_offered_reason,response,accepted_on,"
               "held_on,application_on\n"
               "by-referral,S1-E01,,no,,A reason,,,,\n"
               "referred-later,S1-E11,,no,,A reason,,,,\n"
               "by-letter,S1-E11,2025-06-30,no,,A reason,,,,\n"
               "letter-later,S1-E01,2025-07-01,no,,A reason,,,,\n"
               "by-offer,S1-E11,,yes,2025-04-03,,accepted,,,\n"
               "on-the-day,S1-E01,2025-04-01,yes,2025-04-03,,,2025-04-05,2025-05-25,2025-05-25\n"
               "a-day-late,S1-E01,2025-04-01,yes,2025-04-05,,,2025-04-06,2025-05-26,2025-05-25\n");
    const auto meetings = evidence().meetings;
    EXPECT_EQ(meetings.families, 5);
    EXPECT_EQ(meetings.letters, 3);
    EXPECT_EQ(meetings.offered, 3);
    EXPECT_EQ(meetings.notOffered, 2);
    EXPECT_EQ(meetings.accepted, 3) << "by an answer, or by its day";
    EXPECT_EQ(meetings.acceptedBeforeApplication, 2);
    EXPECT_EQ(meetings.heldBeforeApplication, 1);
    EXPECT_EQ(meetings.daysToOffer, (std::vector<int>{2, 4}));
    EXPECT_EQ(meetings.daysToMeeting, (std::vector<int>{54, 55}));
    EXPECT_EQ(meetings.models, (std::map<std::string, std::int64_t>{{"not recorded", 2}}));
}

/// From 1 July 2024 to what was known on 2 June 2025: neither what was said before, nor what is dated ahead.
TEST_F(AdherenceTest, RestsOnWhatWasSaidInItsPeriod) {
    importText("declarations.csv",
               "recommendation,declared_on,status,reason\nkc-navigator,2025-05-01,partly,\n"
               "kc-navigator,2025-06-02,in place,\nkc-navigator,2025-06-03,not adopted,Never\n");
    importText("feedback.csv",
               "feedback_ref,service_ref,given_on,respondent,rating\nF1,S1,2024-06-30,carer,1\n"
               "F2,S1,2024-07-01,carer,5\nF3,S1,2025-06-02,carer,\nF4,S1,2025-06-03,carer,1\n");
    importText("service_partners.csv",
               "service_ref,partner,share\nS1,E06000002,30\nS1,E06000003,10\nS2,E06000002,5\n");
    importText("service_stages.csv",
               "service_ref,changed_on,stage\nS2,2024-06-30,exploration\nS2,2024-07-01,installation\n"
               "S2,2025-06-02,full\n");
    const auto found = evidence();
    EXPECT_EQ(found.declared.at("kc-navigator").status, "in place");
    ASSERT_EQ(found.feedback.size(), 1U);
    EXPECT_EQ(found.feedback[0].pieces, 2);
    EXPECT_EQ(found.feedback[0].rated, 1);
    EXPECT_EQ(found.feedback[0].sum, 5);
    EXPECT_EQ(found.partners, (std::map<std::string, int>{{"S1", 2}, {"S2", 1}}));
    EXPECT_EQ(found.stageChanges, (std::map<std::string, int>{{"S2", 2}}));
}

/// What differs between two reports, from the earlier to the later, also where one of them is silent.
TEST(Differences, AreSaidFromWhatWasToWhatIs) {
    const auto reportWith = [](const std::string& level, int dose, const std::string& other) {
        return R"({"recommendations": [{"title": "Offer", "level": ")" + level +
               R"(", "standards": [{"title": "Dose", "numerator": )" + std::to_string(dose) +
               R"(, "denominator": 9}]}], "expectations": [{"code": "E1", "measures": [)" + other + "]}]}";
    };
    const auto before = reportWith("planned", 7, R"({"title": "Referred", "count": 3})");
    const auto after = reportWith("not offered", 7, R"({"title": "Wait", "records": 2, "value": 4.5})");
    std::vector<std::string> lines;
    for (const auto& one : adherence::differencesBetween(before, after))
        lines.push_back(one.what + ": " + one.was + ", " + one.is);
    EXPECT_EQ(lines, (std::vector<std::string>{"E1: Wait: –, 4.5", "Offer: level: planned, not offered",
                                               "E1: Referred: 3, –"}));
    EXPECT_EQ(
        adherence::differencesBetween(reportWith("planned", 8, ""), reportWith("planned", 7, "")).front().was,
        "8 of 9");
}

/// Small groups are not shown; one alone is hidden with the next smallest, or the total would give it away.
TEST_F(AdherenceTest, HidesSmallGroupsAndTheirComplement) {
    const auto found = evidence();
    const auto judged = adherence::judge(found);
    std::map<std::string, std::vector<const adherence::EqualityRow*>> groups;
    for (const auto& row : judged.equality) groups[row.measure + " " + row.characteristic].push_back(&row);
    ASSERT_FALSE(groups.empty());
    int hidden = 0;
    for (const auto& [name, rows] : groups) {
        const auto count = std::ranges::count_if(rows, [](const auto* row) { return !row->isShown; });
        for (const auto* row : rows)
            EXPECT_TRUE(!row->isShown || row->counts.denominator >= adherence::kFewestInGroup) << name;
        EXPECT_TRUE(rows.size() == 1 || count != 1) << name;
        hidden += static_cast<int>(count);
    }
    EXPECT_GT(hidden, 0);
    const auto content = json::parse(report().content);
    for (const auto& row : content.at("equality"))
        EXPECT_EQ(row.contains("numerator"), row.at("is_shown").get<bool>()) << row.dump();
}

TEST_F(AdherenceTest, ComparesWithSignedReturnsOfOthersAlone) {
    constexpr int kOthers = 6;
    house.compute();
    for (int i = 0; i < kOthers; ++i) signDose(301 + i, {10 * i, 100});
    auto dose = doseBesideOthers();
    ASSERT_TRUE(dose.is_object());
    EXPECT_EQ(dose.at("england").at("numerator"), 150);
    EXPECT_EQ(dose.at("england").at("denominator"), 600);
    EXPECT_EQ(dose.at("england_authorities"), kOthers);
    EXPECT_FALSE(dose.contains("region"));  // none of these is of the region

    // A correction that is signed later than what was known counts for nothing.
    signDose(301, {99, 100}, 2, "2030-01-01");
    EXPECT_EQ(doseBesideOthers().at("england").at("numerator"), 150);

    // Neighbours: the middle of those that have a figure, never pooled.
    const auto path = support::temporaryFolder() + "/neighbours.csv";
    std::string head = "\xEF\xBB\xBFold_la_code,la_name";
    std::string row = "805,Hartlepool";
    for (int i = 1; i <= 10; ++i) {
        head += ",SN_" + std::to_string(i) + ",SN_" + std::to_string(i) + "P";
        row += "," + std::to_string(300 + i) + ",Close ";
    }
    std::ofstream(path) << head << "\n" << row << "\n";
    house.as(Account::admin).inTransaction(support::tester(), [&](Transaction& tx) {
        EXPECT_EQ(adherence::loadNeighbours(tx, path, "2025"), 1);
    });
    dose = doseBesideOthers();
    EXPECT_EQ(dose.at("neighbours"), kOthers);
    EXPECT_NEAR(dose.at("neighbours_median").get<double>(), 0.25, 1e-9);  // of 0, .1, .2, .3, .4 and .5

    std::ofstream(path) << head << "\n" << std::regex_replace(row, std::regex("303"), "999") << "\n";
    try {
        house.as(Account::admin).inTransaction(support::tester(), [&](Transaction& tx) {
            adherence::loadNeighbours(tx, path, "2026");
        });
        ADD_FAILURE() << "an unknown neighbour was taken";
    } catch (const values::Invalid& error) {
        ASSERT_EQ(error.problems().size(), 1U);
        EXPECT_EQ(error.problems()[0].where.row, 2);
        EXPECT_EQ(error.problems()[0].where.column, "SN_3");
        EXPECT_EQ(error.problems()[0].got, "999");
    }
    EXPECT_EQ(value("SELECT COUNT(*) FROM @statistical_neighbour WHERE edition = '2026'"), "0");
}

/// A correction that was signed in time takes the place of what it corrects.
TEST_F(AdherenceTest, ComparesWithTheNewestOfWhatEachAuthoritySigned) {
    for (int i = 0; i < 6; ++i) signDose(301 + i, {10 * i, 100});
    signDose(302, {90, 100}, 2, "2025-05-02");
    const auto england = doseBesideOthers().at("england");
    EXPECT_EQ(england.at("numerator"), 150 - 10 + 90);
    EXPECT_EQ(england.at("denominator"), 600);
}

/// Twenty authorities and more: a figure stands among their deciles, on the upper side of one that it equals.
TEST_F(AdherenceTest, SaysAmongWhichDecilesAFigureLies) {
    const auto own =
        evidence()
            .pooled("dose", [](const auto& one) { return one.service.intervention == "kinship-navigator"; })
            .parts.proportion;
    ASSERT_GT(own.numerator, 0);
    ASSERT_LT(own.numerator, own.denominator);
    constexpr int kOthers = 19;
    for (int i = 0; i < kOthers; ++i) signDose(301 + i, own);
    EXPECT_EQ(doseBesideOthers().at("position"), "") << "of nineteen there are no deciles";
    signDose(301 + kOthers, own);
    EXPECT_EQ(doseBesideOthers().at("position"), "at or above the 9th decile");
    execute("UPDATE @signed_count SET numerator = denominator");
    EXPECT_EQ(doseBesideOthers().at("position"), "below the 1st decile");
    execute(
        "UPDATE @signed_count JOIN @quarterly_return one ON one.id = return_id SET numerator = 0 "
        "WHERE one.authority_id < 311");
    EXPECT_EQ(doseBesideOthers().at("position"), "between the 5th and 6th decile");
}

TEST_F(AdherenceTest, AnswersTheSameQuestionOfADayThatIsOverWithTheSameReport) {
    const auto ask = [&](const KnownAs& known) {
        std::optional<values::Id<adherence::KeptReport>> id;
        auto actor = support::tester();
        house.as(Account::inspection).inTransaction(actor, [&](Transaction& tx) {
            id = adherence::Reports::ask(tx, house.ids, {house.authorityId(805), year(), known});
            tx.audit("report asked for", id->text());
        });
        return *id;
    };
    const auto now = house.clock.now();
    const auto yesterday = KnownAs::endOf(house.clock.today().plusDays(-1), now);
    const auto first = ask(yesterday);
    EXPECT_EQ(ask(yesterday), first);
    const auto present = ask(KnownAs::now(now));
    EXPECT_NE(ask(KnownAs::now(now)), present);  // today is not over: each asks anew
    int made = 0;
    while (adherence::Reports::work(house.as(Account::work), house.catalogues)) ++made;
    EXPECT_EQ(made, 3);
    house.as(Account::inspection).read([&](Transaction& tx) {
        const auto kept = adherence::Reports::withContent(tx, house.authorityId(805), present);
        EXPECT_TRUE(kept.isMade());
        EXPECT_EQ(json::parse(kept.content).at("authority").at("name"), "Hartlepool");
        EXPECT_THROW(adherence::Reports::byId(tx, house.authorityId(806), present), values::NotFound);
        // The same report gives the same files, byte for byte.
        EXPECT_EQ(presentation::reportWorkbook(kept), presentation::reportWorkbook(kept));
        const auto csv = presentation::reportCsv(kept);
        EXPECT_EQ(sampleRow(csv, 0), "\xEF\xBB\xBF\"section\",\"row\",\"column\",\"value\"\r");
        EXPECT_THAT(csv, HasSubstr("\"Recommendations\",\"1\",\"level\""));
    });
}

/// Whoever takes the inspectors' account over finds no table with a record of a child, nor what figures are
/// made of.
TEST_F(AdherenceTest, LeavesTheInspectorsAccountNoRecordToRead) {
    auto& database = house.as(Account::inspection);
    for (const auto* table :
         {"child",         "episode",        "session",       "review",           "review_item",
          "outcome_score", "family_meeting", "feedback",      "supervision",      "practitioner",
          "adaptation",    "service",        "service_facts", "service_result",   "service_figure",
          "entered_count", "declaration",    "action",        "quarterly_return", "signed_figure",
          "signed_count",  "upload",         "rejected_row",  "self_evaluation"})
        EXPECT_THROW(database.ask(std::string("SELECT * FROM ") + table + " LIMIT 1"), std::runtime_error)
            << table;
    EXPECT_THROW(database.ask("SELECT reference FROM sampled_record"), std::runtime_error);
    EXPECT_THROW(database.ask("SELECT * FROM sampled_record"), std::runtime_error);
    EXPECT_NO_THROW(database.ask("SELECT number, stratum FROM sampled_record"));
    EXPECT_THROW(database.execute("UPDATE adherence_report SET content = '{}'"), std::runtime_error);
    // Nor does the authority's account read what a team noted.
    EXPECT_THROW(house.as(Account::authority).ask("SELECT words FROM inspection_note"), std::runtime_error);
    EXPECT_THROW(house.as(Account::work).ask("SELECT words FROM inspection_note"), std::runtime_error);
}
