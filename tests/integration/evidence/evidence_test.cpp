// Practice beside evidence: what the rules find, where a study could be done, and the life of a gap.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evidence/gaps.h"
#include "evidence/uptake.h"
#include "support/doors.h"

using evidence::Finding;
using evidence::Gaps;
using evidence::Picture;
using platform::Account;
using platform::Transaction;
using support::TestHouse;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
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
        house.loadCatalogue();
        house.import("intake", "E06000001");
        house.compute();
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
    TestHouse house;
};

/// Approaches that no guide recommends are signed with the return, and counted.
TEST_F(EvidenceTest, CountsWhatIsSigned) {
    house.as(Account::national).read([&](Transaction& tx) {
        const auto guidance = house.catalogues.inForce(tx);
        const auto picture = evidence::pictureOf(tx, guidance->on(kQuarter).catalogue, kQuarter);
        EXPECT_EQ(picture.returned, 1U);
        std::size_t offering = 0;
        for (const auto& one : picture.uptake) offering += one.offering;
        EXPECT_GT(offering, 0U);
        auto approaches =
            house.superuser().ask("SELECT COUNT(DISTINCT approach) FROM " + house.name + ".signed_approach");
        approaches.next();
        EXPECT_EQ(picture.approaches.size(), static_cast<std::size_t>(approaches.number(0)));
        EXPECT_GT(picture.approaches.size(), 0U);
        EXPECT_EQ(picture.approaches.front().authorities, 1U);
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
