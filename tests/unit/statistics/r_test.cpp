// The same numbers by R, where it is installed: a program that nobody here wrote.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "statistics/change.h"
#include "statistics/funnel.h"
#include "statistics/interval.h"
#include "statistics/quantile.h"

namespace {

bool hasR() { return std::system("Rscript --version > /dev/null 2>&1") == 0; }  // NOLINT: a fixed command

/// What an R expression prints, number by number.
std::vector<double> byR(const std::string& expression) {
    const auto command = "Rscript --vanilla -e 'options(digits=15); cat(" + expression + ")' 2>/dev/null";
    std::FILE* pipe = ::popen(command.c_str(), "r");  // NOLINT: our own expressions
    std::string text;
    char buffer[256];
    while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) text += buffer;
    ::pclose(pipe);
    std::istringstream stream(text);
    std::vector<double> numbers;
    for (double number = 0; stream >> number;) numbers.push_back(number);
    return numbers;
}

void expectNear(const std::vector<double>& ours, const std::vector<double>& theirs) {
    ASSERT_EQ(ours.size(), theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i)
        EXPECT_NEAR(ours[i], theirs[i], 1e-8 + 1e-8 * std::abs(theirs[i])) << i;
}

}  // namespace

class ByR : public testing::Test {
protected:
    void SetUp() override {
        if (!hasR()) GTEST_SKIP() << "R is not installed (r-base-core): nothing to compare with";
    }
};

TEST_F(ByR, WilsonsIntervalsAreTheSame) {
    const auto ours = *statistics::wilson({37, 83});
    expectNear({ours.lower, ours.upper}, byR("prop.test(37,83,correct=FALSE)$conf.int"));
}

TEST_F(ByR, ExactIntervalsOfCountsAreTheSame) {
    for (const int events : {0, 3, 17}) {
        const auto ours = statistics::exactPoisson(events);
        expectNear({ours.lower, ours.upper}, byR("poisson.test(" + std::to_string(events) + ")$conf.int"));
    }
}

TEST_F(ByR, QuantilesAreTheSame) {
    const std::vector<double> values{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5};
    const auto ours = *statistics::deciles(values, 1);
    expectNear({ours.begin(), ours.end()}, byR("quantile(c(3,1,4,1,5,9,2,6,5,3,5),(1:9)/10)"));
}

TEST_F(ByR, IntervalsOfPairedChangesAreTheSame) {
    const std::vector<double> before{22, 18, 25, 16, 20, 14, 27, 19};
    const std::vector<double> after{17, 16, 18, 15, 12, 15, 21, 19};
    statistics::PairSums sums;
    for (std::size_t i = 0; i < before.size(); ++i) sums.add(before[i], after[i]);
    const auto ours = *statistics::pairedChange(sums);
    expectNear({ours.interval->lower, ours.interval->upper, *ours.correlation},
               byR("t.test(c(17,16,18,15,12,15,21,19),c(22,18,25,16,20,14,27,19),paired=TRUE)$conf.int,"
                   "cor(c(17,16,18,15,12,15,21,19),c(22,18,25,16,20,14,27,19))"));
}

TEST_F(ByR, BinomialLimitsAreTheSame) {
    const auto ours = statistics::exactFunnelLimits(0.7, 20);
    expectNear({ours.lower, ours.upper}, byR("sapply(c(.025,.975),function(p){r<-qbinom(p,20,.7);(r-(pbinom("
                                             "r,20,.7)-p)/dbinom(r,20,.7))/20})"));
}
