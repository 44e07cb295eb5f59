// What evidence comes to over a period, from figures of single quarters.

#include <gtest/gtest.h>

#include "unit/adherence/judged.h"

using in_memory::EvidenceBuilder;
using in_memory::judged;
using in_memory::kQuarter;
using in_memory::standard;
using measures::Level;

namespace {

const auto kSecond = kQuarter.next();
const auto kThird = kSecond.next();

}  // namespace

TEST(Pooling, TakesTheQuartersOfThePeriodInWhichAServiceWasLive) {
    const auto all = judged([](EvidenceBuilder& evidence) {
        evidence.quarters(3).service("S1").withoutRecords().startedOn(kSecond.last());
        auto& service = evidence.service("S2").withoutRecords().startedOn(kSecond.last());
        for (const auto quarter : {kQuarter, kSecond, kThird, kThird.next()})
            service.figure("dose", 2, 5, quarter).figure("trained", 1, 1, quarter);
    });
    const auto& empty = *all->evidence->services[0];
    EXPECT_EQ(empty.quartersLive, 2);
    EXPECT_EQ(empty.quartersWithRecords, 0);
    const auto& service = *all->evidence->services[1];
    EXPECT_EQ(service.quartersLive, 2);
    EXPECT_EQ(service.quartersWithRecords, 2);
    EXPECT_EQ(service.counted("dose"), (values::Proportion{4, 10}));
    EXPECT_EQ(service.counted("trained"), (values::Proportion{2, 2}));
    EXPECT_EQ(service.counted("fidelity"), values::Proportion{});
}

TEST(Pooling, KnowsWhatIsARecordOfWork) {
    const auto withRecords = [](const char* measure) {
        const auto all = judged([&](EvidenceBuilder& evidence) {
            evidence.service("S1").withoutRecords().figure(measure, 1, 1);
        });
        return all->evidence->services.front()->quartersWithRecords;
    };
    for (const auto* measure : {"referred", "started", "ended", "dose", "fidelity", "review_coverage"})
        EXPECT_EQ(withRecords(measure), 1) << measure;
    for (const auto* measure : {"trained", "accredited", "supervised", "dq_no_provider"})
        EXPECT_EQ(withRecords(measure), 0) << measure;
}

TEST(Pooling, JudgesEachQuarterByTheServicesThatWereLiveInIt) {
    const auto all = judged([](EvidenceBuilder& evidence) {
        evidence.quarters(3).recommend("visits", {standard("fidelity")});
        evidence.service("S1")
            .startedOn(kSecond.first())
            .figure("fidelity", 9, 10, kSecond)
            .figure("fidelity", 5, 9, kThird);
        evidence.service("S2").startedOn(kThird.first()).figure("fidelity", 1, 1, kThird);
        evidence.service("S3").stage("paused").figure("fidelity", 0, 90);
        evidence.service("S4").stage("installation");
    });
    const auto& one = all->evidence->recommendations.front();
    EXPECT_EQ(one.running.size(), 2U);
    EXPECT_EQ(one.planned.size(), 1U);
    EXPECT_EQ(one.result.standards.front().figure.parts.proportion, (values::Proportion{15, 20}));
    EXPECT_EQ(one.result.level, Level::partlyDelivered);
    EXPECT_EQ(one.levels, (std::map<values::Quarter, Level>{{kQuarter, Level::planned},
                                                            {kSecond, Level::deliveredAsIntended},
                                                            {kThird, Level::partlyDelivered}}));
}
