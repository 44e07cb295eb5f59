// What each kind of page shows, whole: an analyst's, an author's, and the public's.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "adherence/neighbours.h"
#include "returns/returns.h"
#include "support/golden_page.h"
#include "support/many_times.h"
#include "support/scene.h"

using nlohmann::json;
using platform::Account;
using platform::Transaction;
using support::Page;
using support::Scene;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;
using values::Quarter;

namespace {

const auto kSigned = Quarter::parse("2025-26 Q1").value();

class NationalPagesTest : public testing::Test {
protected:
    void SetUp() override {
        scene.letTheQuarterEnd();
        scene.signedQuarter({805, 806, 807}, kSigned);
    }
    /// Loads one published file by its form.
    Page sendFigures(const std::string& rows) {
        const auto path = support::temporaryFolder() + "/figures.csv";
        std::ofstream(path) << "time_period,time_identifier,geographic_level,country_code,country_name,"
                               "region_code,region_name,old_la_code,new_la_code,la_name,child_count,"
                               "child_percent\n"
                            << rows;
        platform::Request request;
        request.id = "test";
        request.method = "POST";
        request.path = "/context";
        request.from = "192.0.2.1";
        request.cookies["plumbline_session"] = scene.analyst().token();
        request.form = {{"name", "Children looked after"},
                        {"source", "The department, 14 November 2024"},
                        {"submission", scene.house.ids.next<platform::Request>().text()},
                        {"form_token", identity::Sessions::formToken(scene.analyst().token())}};
        request.files.push_back({"data", "cla.csv", path, 1});
        return Page(scene.doors.entrance(identity::Door::national).answer(request));
    }
    /// Ten neighbours of Hartlepool, of which two signed.
    void loadNeighbours() {
        const auto path = support::temporaryFolder() + "/neighbours.csv";
        std::string head = "old_la_code";
        std::string row = "805";
        const std::vector<int> codes{807, 806, 808, 840, 841, 390, 391, 392, 393, 394};
        for (std::size_t place = 1; place <= codes.size(); ++place) {
            const auto number = std::to_string(place);
            head.append(",SN_").append(number).append(",SN_").append(number).append("P");
            row.append(",").append(std::to_string(codes[place - 1])).append(",Close");
        }
        std::ofstream(path) << head << "\n" << row << "\n";
        scene.house.as(Account::admin).inTransaction(support::tester(), [&](Transaction& tx) {
            EXPECT_EQ(adherence::loadNeighbours(tx, path, "2025"), 1);
            tx.audit("neighbours loaded", "2025");
        });
    }
    /// Asked for with everything ticked, and made; gives its address.
    std::string makeRelease() {
        values::Fields wish{{"quarter", kSigned.name()}, {"rules", "default"}, {"note", "The first one."}};
        for (const auto& box : scene.analyst().get("/releases/new").at("//input[@type='checkbox']/@name"))
            wish[box] = "yes";
        const auto asked = scene.analyst().post("/releases/new", wish);
        EXPECT_EQ(asked.status(), 303) << asked.text();
        EXPECT_TRUE(releases::Releases::work(scene.house.as(Account::work), scene.house.catalogues,
                                             returns::kDueDays));
        return asked.location();
    }

    Scene scene{support::Begins::delivered};
};

}  // namespace

TEST_F(NationalPagesTest, OfEnglandShowRecommendationsAndWhereTheyFallShort) {
    scene.analyst().get("/england", {{"guide", "kinship-care"}});
    support::expectGoldenPage("national/england");
    scene.analyst().get("/england/kc-navigator", {{"by", "type"}});
    support::expectGoldenPage("national/recommendation");
}

/// With everything beside it that can be asked for.
TEST_F(NationalPagesTest, OfAMeasureShowItsGroupsNeighboursAndOfficialFigures) {
    loadNeighbours();
    EXPECT_EQ(sendFigures("2025,Reporting year,National,E92000001,England,,,,,,9000,22\n"
                          "2025,Reporting year,Regional,E92000001,England,E12000001,North East,,,,500,30.5\n")
                  .status(),
              303);
    scene.analyst().post("/groups", {{"name", "The Tees"},
                                     {"member.Hartlepool", "yes"},
                                     {"member.Middlesbrough", "yes"},
                                     {"member.Redcar and Cleveland", "yes"}});
    scene.analyst().get("/groups");
    support::expectGoldenPage("national/groups");
    scene.analyst().get("/england/kc-navigator/measures/completers", {{"by", "authority"},
                                                                      {"run", "year"},
                                                                      {"order", "share"},
                                                                      {"breakdown", "sex"},
                                                                      {"near", "Hartlepool"},
                                                                      {"official", "cla.child_percent"}});
    support::expectGoldenPage("national/measure");
}

TEST_F(NationalPagesTest, OfOfficialFiguresSayWhatIsLoadedWhatWasLeftOutAndWhatIsWrong) {
    EXPECT_EQ(scene.analyst().get("/context").status(), 200);
    const auto wrong = sendFigures(
        "2025,Reporting year,Somewhere,E92000001,England,,,,,,9000,22\n"
        "soon,Reporting year,National,E92000001,England,,,,,,9000,22\n");
    EXPECT_EQ(wrong.status(), 422);
    EXPECT_THAT(wrong.errors(), ElementsAre(HasSubstr("cla.csv, row 3, time_period")));
    const auto loaded = sendFigures(
        "2025,Reporting year,National,E92000001,England,,,,,,9000,22\n"
        "2025,Reporting year,Local authority,E92000001,England,E12000009,South West,999,"
        "E99999999,Nowhere,1,4\n");
    EXPECT_EQ(loaded.status(), 200);
    EXPECT_TRUE(loaded.says("Nowhere (999, E99999999)")) << loaded.text();
    support::expectGoldenPage("national/context");
}

/// Six authorities are enough to say how the burden is spread.
TEST_F(NationalPagesTest, OfTheBurdenShowHowItIsSpread) {
    EXPECT_TRUE(scene.analyst().get("/burden").says("No return has been begun yet."));
    for (const int authority : {805, 806, 807, 808, 840, 841}) {
        auto director = support::tester();
        director.authority = authority;
        scene.house.as(Account::authority).inTransaction(director, [&](Transaction& tx) {
            returns::Returns::noteEffort(tx, scene.house.ids, scene.house.authorityId(authority), kSigned,
                                         {authority % 10 * 4, authority % 10 * 60});
            tx.audit("effort noted", kSigned.name());
        });
    }
    scene.analyst().get("/burden");
    support::expectGoldenPage("national/burden");
}

TEST_F(NationalPagesTest, OfReleasesShowWhoApprovesThemEverythingAboutThem) {
    EXPECT_TRUE(scene.analyst().get("/releases").says("None has been made yet."));
    const auto place = makeRelease();
    support::expectGoldenPage("national/new_release");
    scene.analyst().get("/releases");
    support::expectGoldenPage("national/releases");
    scene.analyst().post("/workbench", {{"name", "By step"}, {"query", "table=practice_guide_pathway"}});
    scene.analyst().get(
        "/workbench",
        {{"table", "practice_guide_pathway"}, {"rows", "programme"}, {"columns", "pathway_step"}});
    support::expectGoldenPage("national/workbench");
    scene.approver().get(place);
    support::expectGoldenPage("national/release");
}

/// Who may do what with a release stands on its page, in every state.
TEST_F(NationalPagesTest, OfReleasesOfferWhatMayBeDoneAndNothingElse) {
    const auto place = makeRelease();
    const auto forms = [&](const support::Visitor& who) { return who.get(place).at("//main//form/@action"); };
    EXPECT_THAT(forms(scene.analyst()), IsEmpty());
    EXPECT_TRUE(scene.analyst().get(place).says("Somebody else approves what you prepared."));
    EXPECT_THAT(forms(scene.approver()), ElementsAre(place + "/approve", place + "/refuse"));
    EXPECT_EQ(scene.approver().post(place + "/refuse").errorAt("words"),
              "Say why, so that it can be mended.");
    scene.approver().post(place + "/approve", {{"approval", "Looked"}});
    EXPECT_THAT(forms(scene.approver()), IsEmpty());
    EXPECT_THAT(forms(scene.analyst()), ElementsAre(place + "/publish"));
    scene.analyst().post(place + "/publish");
    EXPECT_THAT(forms(scene.analyst()), ElementsAre(place + "/withdraw"));
    scene.analyst().post(place + "/withdraw", {{"notice", "The wrong file."}});
    EXPECT_THAT(forms(scene.analyst()), IsEmpty());
    EXPECT_EQ(scene.analyst().get(place).fact("Withdrawn"), "The wrong file.");
}

TEST_F(NationalPagesTest, OfWhatIsPublishedShowAnyoneFiguresAndHowTheyAreMade) {
    const auto place = makeRelease();
    scene.approver().post(place + "/approve", {{"approval", "Looked"}});
    scene.analyst().post(place + "/publish");
    scene.analyst().get("/publications");
    support::expectGoldenPage("national/publications");
    scene.analyst().get("/publications/2025-26-Q1");
    support::expectGoldenPage("national/publication");
    scene.analyst().get("/publications/2025-26-Q1-v1/tables/practice_guide_pathway",
                        {{"pathway_step", "Started"}});
    support::expectGoldenPage("national/table");
    scene.analyst().get("/publications/2025-26-Q1-v1/methodology");
    support::expectGoldenPage("national/methodology");
}

/// One authority delivers to enough families for a study.
TEST_F(NationalPagesTest, OfEvidenceShowPracticeBesideItTheLifeOfAGapAndWhereAStudyCouldBe) {
    scene.house.clock.advance(std::chrono::days(120));  // 9 November 2025
    support::importTimes(scene.house, 8, "E06000004");
    const auto second = Quarter::parse("2025-26 Q2").value();
    for (const int authority : {805, 806, 807, 808}) scene.house.sign(authority, second);
    scene.house.sign(808, kSigned);
    const auto gap = scene.editor().post(
        "/evidence", {{"text", "Whether it works by video"}, {"recommendation", "kc-navigator"}});
    ASSERT_EQ(gap.status(), 303);
    scene.editor().post(gap.location(), {{"status", "study"},
                                         {"title", "The video study"},
                                         {"detail", "Led by a university"},
                                         {"address", "https://example.org/study"},
                                         {"happened_on", "1/6/2025"}});
    scene.editor().get(gap.location());
    support::expectGoldenPage("national/gap");
    scene.editor().get("/evidence");
    support::expectGoldenPage("national/evidence");
    scene.editor().get("/evidence/sites/kc-parenting", {{"effect", "0.5"}});
    support::expectGoldenPage("national/sites");
    EXPECT_EQ(scene.editor().get("/evidence/sites/kc-parenting", {{"effect", "much"}}).errorAt("effect"),
              "Give a number from 0.05 to 2.");
    EXPECT_FALSE(scene.analyst().get("/evidence").hasField("text"));  // authors of guides alone add to it
    EXPECT_FALSE(scene.analyst().get(gap.location()).hasField("title"));
}

TEST_F(NationalPagesTest, OfGuidanceShowADraftItsCheckAndItsEffect) {
    const auto place = scene.editor().post("/guidance/drafts", {{"guide", "kinship-care"}}).location();
    scene.editor().get("/guidance");
    support::expectGoldenPage("national/guidance");
    EXPECT_TRUE(scene.editor().get(place).says("It cannot be published yet:"));
    const auto saved = scene.editor().post(place, {{"edition", "1"},
                                                   {"version", "2026-04"},
                                                   {"changes", "Asks everything of dose."},
                                                   {"effective_from", "1/4/2026"},
                                                   {"r0.s0.at_least", "100"},
                                                   {"r0.s0.min_n", "1"},
                                                   {"r0.s0.required", "yes"},
                                                   {"r0.s0.reason", "Everything"}});
    EXPECT_EQ(saved.status(), 303) << saved.text();
    scene.editor().get(place);
    support::expectGoldenPage("national/draft");
}

namespace {

/// England as the test says that it was signed: the completers of the navigator of 24 authorities, and
/// nothing else. What the page of the measure has to show of them is worked out here, by nothing of the
/// product.
class MeasurePageTest : public testing::Test {
protected:
    struct Counts {
        int met;
        int all;
        double share() const { return static_cast<double>(met) / all; }
        std::string text() const { return std::to_string(met) + " of " + std::to_string(all); }
    };
    using Authorities = std::map<std::string, Counts>;           ///< by name
    using Line = std::function<std::pair<double, double>(int)>;  ///< lower and upper limit of so many

    static Counts rounded(const Counts& counts, int base) {
        const auto nearest = [&](int count) { return (count + base / 2) / base * base; };
        return {nearest(counts.met), nearest(counts.all)};
    }
    /// 71%
    static std::string percent(double share) { return std::to_string(std::lround(share * 100)) + "%"; }
    /// 71.9, as charts draw it
    static double drawn(double share) { return std::round(share * 1000) / 10; }
    static double quantile(std::vector<double> values, double at) {
        std::ranges::sort(values);
        const double place = at * static_cast<double>(values.size() - 1);
        const auto below = static_cast<std::size_t>(place);
        const auto above = std::min(below + 1, values.size() - 1);
        return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
    }
    static std::vector<double> sharesOf(const Authorities& authorities) {
        std::vector<double> shares;
        for (const auto& [name, counts] : authorities) shares.push_back(counts.share());
        return shares;
    }
    static Counts sumOf(const Authorities& authorities) {
        Counts sum{0, 0};
        for (const auto& [name, counts] : authorities) sum = {sum.met + counts.met, sum.all + counts.all};
        return sum;
    }
    /// Limits of chance alone.
    static Line chance(double target, double z) {
        return [=](int all) {
            const double reach = z * std::sqrt(target * (1 - target) / all);
            return std::pair(std::max(0.0, target - reach), std::min(1.0, target + reach));
        };
    }
    /// Spiegelhalter's limits (2005) for authorities that differ by more than chance: additive, on the
    /// arcsine scale, of scores brought in to their 10th and 90th percentiles.
    static Line adjusted(const Authorities& shown, double target, double z) {
        const auto angle = [](double share) { return std::asin(std::sqrt(share)); };
        std::vector<double> scores;
        double weights = 0;
        double weightSquares = 0;
        for (const auto& [name, counts] : shown) {
            scores.push_back((angle(counts.share()) - angle(target)) * std::sqrt(4.0 * counts.all));
            weights += 4.0 * counts.all;
            weightSquares += 16.0 * counts.all * counts.all;
        }
        double squares = 0;
        for (const double score : scores)
            squares += std::pow(std::clamp(score, quantile(scores, 0.1), quantile(scores, 0.9)), 2);
        const auto others = static_cast<double>(scores.size() - 1);
        const double between = (squares - others) / (weights - weightSquares / weights);
        return [=](int all) {
            const double reach = z * std::sqrt(1 / (4.0 * all) + between);
            return std::pair(std::pow(std::sin(angle(target) - reach), 2),
                             std::pow(std::sin(angle(target) + reach), 2));
        };
    }
    /// How many lie below, within and above limits.
    static std::vector<std::string> lying(const Authorities& shown, const Line& limits) {
        std::array<int, 3> places{};
        for (const auto& [name, counts] : shown) {
            const auto [lower, upper] = limits(counts.all);
            ++places[counts.share() < lower ? 0 : counts.share() > upper ? 2 : 1];
        }
        return {std::to_string(places[0]), std::to_string(places[1]), std::to_string(places[2])};
    }

    /// Signs returns of a quarter, each with other counts; gives them as they are shown, rounded. Their
    /// shares lie from 30% to 60% and so many points higher, but for one low and one high one.
    Authorities sign(Quarter quarter, int authorities, int points) {
        Authorities shown;
        for (int i = 0; i < authorities; ++i) {
            const int all = 43 + 17 * i;
            const int share = i == 15 ? 10 : i == 17 ? 90 : 30 + points + i * 11 % 31;
            const Counts counts{all * share / 100, all};
            const int authority = i < 20 ? 301 + i : 310 + i;
            scene.house.signCount(authority, quarter, "completers", {counts.met, counts.all});
            shown[scene.value("SELECT name FROM @authority WHERE id = " + std::to_string(authority))] =
                rounded(counts, 5);
            sums[quarter.name()] = {sums[quarter.name()].met + counts.met, sums[quarter.name()].all + all};
        }
        return shown;
    }
    Page page(const values::Fields& query = {}) {
        return scene.analyst().get("/england/kc-navigator/measures/completers", query);
    }
    /// England's share and counts, rounded, as a row shows them.
    std::vector<std::string> england(Quarter quarter) {
        const auto counts = rounded(sums.at(quarter.name()), 10);
        return {percent(counts.share()), counts.text()};
    }
    static json drawnAs(const Page& page, const std::string& chart) {
        return json::parse(page.at("//figure[@data-chart='" + chart + "']/@data-values").at(0));
    }

    Scene scene;
    std::map<std::string, Counts> sums;  ///< by quarter, not rounded
};

}  // namespace

TEST_F(MeasurePageTest, ShowsEveryAuthorityAndTheMiddleOfThem) {
    const auto shown = sign(kSigned, 24, 0);
    const auto shares = sharesOf(shown);
    const auto byName = page({{"by", "authority"}});
    const auto england = this->england(kSigned);
    EXPECT_THAT(byName.row("England", "Where it stands"), ElementsAre("24", england[0], england[1]));
    EXPECT_EQ(byName.table("Where it stands").size(), 1U + 24U);
    for (const auto& [name, counts] : shown)
        EXPECT_THAT(byName.row(name, "Where it stands"),
                    ElementsAre("1", percent(counts.share()), counts.text()))
            << name;
    EXPECT_TRUE(byName.says("Of 24 authorities with enough to show: half lie between " +
                            percent(quantile(shares, 0.25)) + " and " + percent(quantile(shares, 0.75)) +
                            ", the middle at " + percent(quantile(shares, 0.5)) + "."))
        << byName.text();
    std::vector<double> ranked;
    for (const auto& row : page({{"by", "authority"}, {"order", "share"}})
                               .table("Where it stands, highest share first: an order, not a judgement"))
        if (row.front() != "England") ranked.push_back(shown.at(row.front()).share());
    EXPECT_EQ(ranked.size(), 24U);
    EXPECT_THAT(byName.charts(), ElementsAre("funnel", "deciles"));
    EXPECT_TRUE(std::ranges::is_sorted(ranked, std::greater()));
}

/// Of three quarters, in one of which fewer than twenty authorities signed.
TEST_F(MeasurePageTest, DrawsDecilesOfEachQuarterThatHasEnoughAuthorities) {
    const auto few = kSigned.previous();
    const auto first = few.previous();
    const auto before = sharesOf(sign(first, 24, 0));
    const auto ofFew = sharesOf(sign(few, 19, 3));
    const auto now = sharesOf(sign(kSigned, 24, 6));
    const auto page = this->page();
    const auto rowOf = [&](const Quarter& quarter, const std::vector<double>& shares) {
        std::vector<std::string> row{quarter.name()};
        for (const double at : {0.1, 0.3, 0.5, 0.7, 0.9}) row.push_back(percent(quantile(shares, at)));
        return row;
    };
    const std::string title = "Attended enough to count as completers";
    EXPECT_THAT(page.table(title + ", deciles by quarter"),
                ElementsAre(rowOf(first, before), rowOf(kSigned, now)));
    EXPECT_THAT(page.headings(),
                Contains(title + ": the middle authority went from " + percent(quantile(before, 0.5)) +
                         " to " + percent(quantile(now, 0.5))));
    std::vector<std::tuple<std::string, int, double>> wanted;
    for (const auto& [quarter, shares] : {std::pair(first, before), std::pair(kSigned, now)})
        for (int i = 1; i < 10; ++i)
            wanted.emplace_back(quarter.name(), i, drawn(quantile(shares, i / 10.0)));
    std::vector<std::tuple<std::string, int, double>> points;
    const auto chart = drawnAs(page, "deciles");
    for (const auto& one : chart.at("deciles"))
        points.emplace_back(one.at("quarter"), one.at("decile"), one.at("value"));
    EXPECT_EQ(points, wanted);
    const auto course = page.table("England quarter by quarter");
    ASSERT_EQ(course.size(), 3U);
    const auto courseOf = [&](const Quarter& quarter, const std::vector<double>& shares) {
        const auto counts = england(quarter);
        return std::vector<std::string>{quarter.name(), std::to_string(shares.size()), counts[0], counts[1],
                                        percent(quantile(shares, 0.5))};
    };
    EXPECT_THAT(course, ElementsAre(courseOf(first, before), courseOf(few, ofFew), courseOf(kSigned, now)));
}

TEST_F(MeasurePageTest, DrawsAFunnelOfAuthoritiesAroundTheirCommonShare) {
    const auto shown = sign(kSigned, 24, 0);
    const auto page = this->page();
    const auto target = sumOf(shown).share();
    const auto inner = chance(target, 1.959964);
    const auto outer = chance(target, 3.090232);
    const auto wider = adjusted(shown, target, 3.090232);
    const auto beyond = lying(shown, outer);
    const std::string title = "Attended enough to count as completers";
    EXPECT_THAT(page.row("Limits of chance alone", title + ", authorities by where they lie (99.8%)"),
                ElementsAreArray(beyond));
    EXPECT_THAT(page.row("Limits adjusted for overdispersion"), ElementsAreArray(lying(shown, wider)));
    EXPECT_THAT(page.headings(), Contains(title + ": " + std::to_string(24 - std::stoi(beyond[1])) +
                                          " of 24 authorities lie beyond what chance explains"));
    std::vector<std::pair<int, double>> wanted;
    for (const auto& [name, counts] : shown) wanted.emplace_back(counts.all, drawn(counts.share()));
    std::vector<std::pair<int, double>> points;
    const auto funnel = drawnAs(page, "funnel");
    for (const auto& one : funnel.at("points")) {
        points.emplace_back(one.at("n"), one.at("value"));
        EXPECT_FALSE(one.at("own").get<bool>());
    }
    EXPECT_THAT(points, UnorderedElementsAreArray(wanted));
    ASSERT_EQ(funnel.at("limits").size(), 40U);
    const int most = std::ranges::max(wanted).first;
    for (int i = 1; i <= 40; ++i) {
        const auto& line = funnel.at("limits").at(i - 1);
        const int all = line.at("n");
        EXPECT_EQ(all, most * i / 40);
        const auto isNear = [&](const char* limit, double share) {
            EXPECT_NEAR(line.at(limit).get<double>(), 100 * share, 0.051) << limit << " of " << all;
        };
        isNear("target", target);
        isNear("lower95", inner(all).first);
        isNear("upper95", inner(all).second);
        isNear("lower998", outer(all).first);
        isNear("upper998", outer(all).second);
        isNear("lowerAdjusted", wider(all).first);
        isNear("upperAdjusted", wider(all).second);
    }
}
