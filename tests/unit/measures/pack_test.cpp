#include "measures/pack.h"

#include <gtest/gtest.h>

#include "unit/measures/small_service.h"

namespace {

/// The service itself is not packed: who reads the columns knows it.
void addService(measures::Facts& facts) {
    measures::Rows rows(facts, measures::Population::services);
    rows.add({rows.word("full"), measures::dayOf(values::Date(2025, 1, 1)), measures::kUnknown, 20,
              measures::kUnknown});
}

std::string figuresOf(const measures::Facts& facts) {
    measures::Evaluator evaluator(small::plan(), facts, *small::catalogue().intervention("i"));
    std::string text;
    const auto span = *measures::quarterSpan(facts);
    for (auto quarter = span.first; quarter <= span.last; quarter = quarter.next())
        text += measures::textOf(evaluator.of(quarter));
    return text;
}

}  // namespace

TEST(Pack, GivesTheSameFiguresAsTheFactsItWasMadeOf) {
    std::mt19937 random(31);
    for (int round = 0; round < 30; ++round) {
        const auto facts = small::randomService(random, 1 + round * 10).facts();
        auto again = *measures::unpacked(measures::packed(facts));
        addService(again);
        again.complete(small::catalogue());
        EXPECT_EQ(figuresOf(again), figuresOf(facts));
    }
}

TEST(Pack, KeepsDecimalsAndBlanksAsTheyAre) {
    small::Service service;
    service.episodes.resize(1, {values::Date(2025, 1, 1), std::nullopt, std::nullopt, 0});
    service.scores = {{0, "before", values::Date(2025, 4, 2), 12.345678901234567},
                      {0, "after", values::Date(2025, 5, 2), -3}};
    const auto again = *measures::unpacked(measures::packed(service.facts()));
    const auto& scores = again.table(measures::Population::scores);
    EXPECT_EQ(scores.columns[measures::column(measures::Population::scores, "value")],
              (measures::Column{12.345678901234567, -3}));
    EXPECT_FALSE(measures::isKnown(again.table(measures::Population::episodes).columns[3][0]));
}

/// A number is kept in one byte, two or four; in each the largest stands for what is unknown.
TEST(Pack, KeepsWholeNumbersAtTheEdgesOfTheirWidths) {
    for (const double most : {1., 253., 254., 255., 256., 65533., 65534., 65535., 65536., 1e6}) {
        small::Service service;
        service.episodes.resize(1, {values::Date(2025, 1, 1), std::nullopt, std::nullopt, 0});
        for (const double value : {-7., most - 7, measures::kUnknown})
            service.scores.push_back({0, "before", values::Date(2025, 4, 2), value});
        const auto again = *measures::unpacked(measures::packed(service.facts()));
        const auto& kept = again.table(measures::Population::scores)
                               .columns[measures::column(measures::Population::scores, "value")];
        EXPECT_EQ(kept[0], -7) << most;
        EXPECT_EQ(kept[1], most - 7);
        EXPECT_FALSE(measures::isKnown(kept[2])) << most;
    }
}

TEST(Pack, IsRefusedWhereItIsCutOffOrOfAnotherLayout) {
    std::mt19937 random(32);
    const auto bytes = measures::packed(small::randomService(random, 5).facts());
    for (std::size_t length = 0; length < bytes.size(); ++length)
        EXPECT_FALSE(measures::unpacked(std::string_view(bytes).substr(0, length))) << length;
    auto other = bytes;
    other[0] = 99;
    EXPECT_FALSE(measures::unpacked(other));
    EXPECT_FALSE(measures::unpacked(bytes + "x"));
}
