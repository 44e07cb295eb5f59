// Practice beside evidence: what the rules find, where a study could be done, and the life of a gap.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evidence/gaps.h"
#include "evidence/uptake.h"
#include "returns/returns.h"
#include "support/test_house.h"

using evidence::Finding;
using evidence::Gaps;
using evidence::Picture;
using platform::Account;
using platform::Transaction;
using support::TestHouse;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using values::Quarter;

namespace {

const auto kQuarter = Quarter::parse("2025-26 Q1").value();

/// A picture of 40 returns with one recommendation of this strength.
struct Made {
    guidance::Recommendation recommendation;
    Picture picture{kQuarter, 40, {}, {}, {}, {}};

    Made(const std::string& strength, std::size_t offering, std::size_t judged, std::size_t asIntended) {
        recommendation.title = "Offer it";
        recommendation.strength = strength;
        picture.uptake.push_back({nullptr, &recommendation, 40, offering, judged, asIntended, 0});
    }
    std::vector<Finding::Kind> kinds() const {
        std::vector<Finding::Kind> kinds;
        for (const auto& one : evidence::findingsOf(picture)) kinds.push_back(one.kind);
        return kinds;
    }
};

}  // namespace

TEST(Findings, OfUptakeAreMadeByTheRulesAsTheyArePrinted) {
    using enum Finding::Kind;
    EXPECT_THAT(Made("strong", 9, 9, 9).kinds(), ElementsAre(rarelyOffered));
    EXPECT_THAT(Made("strong", 10, 10, 10).kinds(), IsEmpty());  // a quarter of 40
    EXPECT_THAT(Made("promising", 1, 1, 1).kinds(), IsEmpty());  // not on strong or good evidence
    EXPECT_THAT(Made("good", 20, 20, 9).kinds(), ElementsAre(notAsIntended));
    EXPECT_THAT(Made("good", 20, 20, 10).kinds(), IsEmpty());
    EXPECT_THAT(Made("good", 20, 4, 0).kinds(), IsEmpty());  // too few can be judged
}

TEST(Findings, OfApproachesAndOutcomesNeedEnoughOfThem) {
    using enum Finding::Kind;
    Made made("", 0, 0, 0);
    made.picture.approaches = {{"a", "Approach", "", 5}};
    EXPECT_THAT(made.kinds(), ElementsAre(usedWithoutEvidence));
    made.picture.approaches.front().authorities = 4;
    EXPECT_THAT(made.kinds(), IsEmpty());
    made.picture.directions = {{"sdq", "SDQ", 50, 20, 21}};
    EXPECT_THAT(made.kinds(), ElementsAre(unlikeTheTrials));
    made.picture.directions.front().pairs = 49;
    EXPECT_THAT(made.kinds(), IsEmpty());
    made.picture.directions.front() = {"sdq", "SDQ", 500, 21, 21};
    EXPECT_THAT(made.kinds(), IsEmpty());
}

class EvidenceTest : public testing::Test {
protected:
    void SetUp() override {
        house.clock.advance(std::chrono::days(40));  // 12 July 2025
        house.sign(805, kQuarter);
    }
    template <class Act>
    void write(const Act& act) {
        house.as(Account::national)
            .inTransaction({"editor@national.test", std::nullopt, "127.0.0.1"}, [&](Transaction& tx) {
                const auto guidance = house.catalogues.inForce(tx);
                act(tx, guidance->latest);
            });
    }
    TestHouse house{support::Begins::delivered};
};

/// Of two authorities with the small intake, of which one signed a correction of the quarter as well: nothing
/// counts twice. Of approaches that no guide recommends too, which are signed with the return.
TEST_F(EvidenceTest, CountsWhatIsSigned) {
    house.clock.advance(std::chrono::days(120));  // 9 November 2025
    const auto quarter = kQuarter.next();
    house.import("intake", "E06000002");
    for (const int authority : {805, 806}) house.sign(authority, quarter);
    auto director = support::tester();
    director.authority = 806;
    house.as(Account::authority).inTransaction(director, [&](Transaction& tx) {
        returns::Returns::correct(tx, house.ids, house.authorityId(806), quarter, "A file was missing");
    });
    house.sign(806, quarter);
    house.as(Account::national).read([&](Transaction& tx) {
        const auto guidance = house.catalogues.inForce(tx);
        const auto picture = evidence::pictureOf(tx, guidance->on(quarter).catalogue, quarter);
        EXPECT_EQ(picture.returned, 2U);
        std::map<std::string, std::vector<std::size_t>> uptake;
        for (const auto& one : picture.uptake)
            uptake[one.recommendation->id] = {one.returned, one.offering, one.judged, one.asIntended,
                                              one.planned};
        EXPECT_THAT(uptake, ElementsAre(Pair("kc-cbt", ElementsAre(2, 0, 0, 0, 2)),
                                        Pair("kc-navigator", ElementsAre(2, 2, 2, 0, 0)),
                                        Pair("kc-parenting", ElementsAre(2, 2, 2, 2, 0))));
        ASSERT_EQ(picture.approaches.size(), 1U);
        EXPECT_EQ(picture.approaches.front().id, "trauma-informed-care");
        EXPECT_EQ(picture.approaches.front().authorities, 2U);
        ASSERT_EQ(picture.directions.size(), 1U);
        const auto& direction = picture.directions.front();
        EXPECT_EQ(direction.instrument, "sdq-total");
        EXPECT_EQ(std::tuple(direction.pairs, direction.better, direction.worse), std::tuple(16, 6, 0));
    });
}

TEST_F(EvidenceTest, FollowsAGapFromTheCallToTheAnswer) {
    std::string reference;
    write([&](Transaction& tx, const guidance::Catalogue& catalogue) {
        reference = Gaps::add(tx, house.ids, catalogue, "Whether it works by video", "");
    });
    const auto note = [&](const char* status, const char* address, const char* day) {
        write([&](Transaction& tx, const guidance::Catalogue& catalogue) {
            const auto gap = Gaps::byReference(tx, catalogue, reference);
            Gaps::note(tx, house.ids, gap,
                       {status, "Step", "", address, values::Date::fromIso(day).value(), ""},
                       house.clock.today());
        });
    };
    note("study", "https://example.org/study", "2025-06-01");
    note("call", "", "2025-02-01");  // noted late: a life is in the order in which it happened
    write([&](Transaction& tx, const guidance::Catalogue& catalogue) {
        const auto gap = Gaps::byReference(tx, catalogue, reference);
        ASSERT_EQ(gap.life.size(), 2U);
        EXPECT_EQ(gap.life.front().status, "call");
        EXPECT_EQ(gap.status(), "study");
        EXPECT_EQ(gap.life.back().addedBy, "editor@national.test");
        EXPECT_THROW(Gaps::byReference(tx, catalogue, "none"), values::NotFound);
        EXPECT_THROW(Gaps::add(tx, house.ids, catalogue, "x", "no-such-recommendation"), values::Invalid);
        tx.audit("test", "nothing");
    });
    EXPECT_THROW(note("lost", "", "2025-06-01"), values::Invalid);
    EXPECT_THROW(note("call", "javascript:alert(1)", "2025-06-01"), values::Invalid);
    EXPECT_THROW(note("call", "", "2025-12-01"), values::Invalid);
}
