#include "measures/level.h"

#include <gtest/gtest.h>

#include "unit/measures/small_service.h"

using measures::Figures;
using measures::Level;
using measures::Status;

namespace {

guidance::Recommendation recommendation(std::initializer_list<const char*> measures) {
    guidance::Recommendation r;
    for (const auto* measure : measures)
        r.standards.push_back({measure, 0.8, true, 10, guidance::Basis::local, "why"});
    return r;
}

Figures figures(std::initializer_list<std::tuple<const char*, int, int>> list) {
    Figures all;
    for (const auto& [name, x, n] : list) all[name].parts.proportion = {x, n};
    return all;
}

measures::LevelResult levelOf(const guidance::Recommendation& recommendation,
                              const std::vector<const Figures*>& running, bool hasPlanned) {
    return measures::level(recommendation, small::catalogue(), running, hasPlanned);
}

}  // namespace

TEST(Level, IsNotOfferedOrPlannedWhereNothingRuns) {
    EXPECT_EQ(levelOf(recommendation({"dose"}), {}, false).level, Level::notOffered);
    EXPECT_EQ(levelOf(recommendation({"dose"}), {}, true).level, Level::planned);
}

TEST(Level, PoolsServicesBeforeItJudges) {
    const auto a = figures({{"dose", 5, 9}});
    const auto b = figures({{"dose", 9, 9}});
    const auto result = levelOf(recommendation({"dose"}), {&a, &b}, false);
    EXPECT_EQ(result.standards[0].figure.parts.proportion, (values::Proportion{14, 18}));
    EXPECT_EQ(result.standards[0].status, Status::notMet);
    EXPECT_EQ(result.level, Level::partlyDelivered);
}

TEST(Level, IsTooLittleToJudgeOnlyWhereMoreThanHalfIsUnknown) {
    const auto half = figures({{"dose", 9, 10}, {"fidelity", 2, 3}});
    EXPECT_EQ(levelOf(recommendation({"dose", "fidelity"}), {&half}, false).level, Level::partlyDelivered);
    const auto most = figures({{"dose", 9, 10}, {"fidelity", 2, 3}, {"trained", 0, 0}});
    EXPECT_EQ(levelOf(recommendation({"dose", "fidelity", "trained"}), {&most}, false).level,
              Level::tooLittleToJudge);
}

TEST(Level, IsDeliveredAsIntendedWhenEveryRequiredStandardIsMet) {
    auto wanted = recommendation({"dose", "fidelity"});
    wanted.standards[1].isRequired = false;
    const auto a = figures({{"dose", 8, 10}, {"fidelity", 0, 50}});
    EXPECT_EQ(levelOf(wanted, {&a}, false).level, Level::deliveredAsIntended);
}

TEST(Level, SaysWhichStandardDecidedAndWithWhichCounts) {
    const auto a = figures({{"dose", 62, 100}, {"fidelity", 9, 10}});
    const auto result = levelOf(recommendation({"dose", "fidelity"}), {&a}, false);
    ASSERT_EQ(result.reasons.size(), 2U);
    EXPECT_EQ(result.reasons[0], "1 of 2 required standards is not shown to be met.");
    EXPECT_EQ(result.reasons[1],
              "Sessions attended, of those expected: 62% (62 of 100 sessions expected), below the standard "
              "of at least 80%.");
}

TEST(Percent, RoundsHalvesUpInWholeNumbers) {
    EXPECT_EQ(measures::percent({1, 8}), "13%");
    EXPECT_EQ(measures::percent({29, 200}), "15%");
    EXPECT_EQ(measures::percent({1, 3}), "33%");
    EXPECT_EQ(measures::percent({0, 0}), "");
}

/// A sentence that gives a share as below a standard must not round it to that standard.
TEST(Level, GivesAShareBesideAStandardWithTheDecimalsThatTellThemApart) {
    EXPECT_EQ(measures::percentBeside({23, 33}, 0.7), "69.7%");
    EXPECT_EQ(measures::percentBeside({6999, 10000}, 0.7), "69.99%");
    EXPECT_EQ(measures::percentBeside({50, 100}, 0.7), "50%");
    EXPECT_EQ(measures::percentBeside({7, 10}, 0.7), "70%");
    EXPECT_EQ(measures::percentBeside({0, 0}, 0.7), "");
    const auto near = figures({{"dose", 43, 54}});
    const auto result = levelOf(recommendation({"dose"}), {&near}, false);
    EXPECT_NE(result.reasons.back().find("79.6% (43 of 54"), std::string::npos) << result.reasons.back();
}
