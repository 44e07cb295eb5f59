// What is signed, when it can be, and what it says of each figure: the returns themselves, without a door.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <utility>

#include "returns/returns.h"
#include "support/test_house.h"
#include "values/errors.h"

using platform::Account;
using platform::Transaction;
using returns::Returns;
using support::TestHouse;
using ::testing::HasSubstr;
using values::Quarter;

namespace {

class SigningTest : public testing::Test {
protected:
    void SetUp() override {
        house.clock.advance(std::chrono::days(40));  // 12 July 2025
    }
    template <class Act>
    void act(const Act& act) {
        house.as(Account::authority).inTransaction(support::tester(), [&](Transaction& tx) { act(tx); });
    }
    /// Why it is refused; empty where it is not.
    template <class Act>
    std::string refusal(const Act& tried) {
        try {
            act(tried);
        } catch (const values::Conflict& conflict) {
            return conflict.what();
        }
        return "";
    }
    void signOn(Transaction& tx, values::Date today) {
        Returns::sign(tx, house.catalogues, house.ids, house.authorityId(805), quarter, today);
    }
    /// An episode of a child of whom not everything is known, referred in the quarter.
    void save(const std::string& reference) {
        auto form = support::referral(reference, "2025-05-03");
        form["sex"] = "not known";
        house.save(delivery::RecordKind::episode, form);
    }
    /// The same, and its figures are up to date.
    void refer(const std::string& reference) {
        save(reference);
        house.compute();
    }
    /// With the finding of S1's children of whom not everything is known.
    template <class Look>
    void withFinding(const Look& look) {
        act([&](Transaction& tx) {
            const auto assembly = Returns::assemble(tx, house.catalogues, house.authorityId(805), quarter);
            const auto found = std::ranges::find_if(assembly.findings, [](const returns::Finding& one) {
                return one.rule->id == "dq_characteristics_not_known" && one.service->reference == "S1";
            });
            ASSERT_NE(found, assembly.findings.end());
            look(tx, *found);
            tx.audit("looked", "S1");
        });
    }
    /// `intervention measure numerator/denominator` and the like, a line each.
    std::set<std::string> linesOf(const std::string& sql) {
        std::set<std::string> lines;
        for (auto rows = house.superuser().ask(std::regex_replace(sql, std::regex("@"), house.name + "."));
             rows.next();)
            lines.insert(rows.text(0));
        return lines;
    }

    TestHouse house{support::Begins::delivered};
    const Quarter quarter = *Quarter::parse("2025-26 Q1");
};

std::string line(const std::string& of, const values::Proportion& counts) {
    return of + " " + std::to_string(counts.numerator) + "/" + std::to_string(counts.denominator);
}

}  // namespace

TEST_F(SigningTest, WaitsForTheDayAfterItsQuarter) {
    EXPECT_THAT(refusal([&](Transaction& tx) { signOn(tx, quarter.last()); }),
                HasSubstr("The quarter is not over: it ends on 30 June 2025."));
    EXPECT_EQ(refusal([&](Transaction& tx) { signOn(tx, quarter.last().plusDays(1)); }), "");
}

TEST_F(SigningTest, WaitsForFiguresThatAreBeingBroughtUpToDate) {
    const auto sign = [&](Transaction& tx) { signOn(tx, house.clock.today()); };
    save("U1");
    EXPECT_THAT(refusal(sign), HasSubstr("Figures of 1 service are being brought up to date."));
    house.compute();
    EXPECT_EQ(refusal(sign), "");
}

/// One service's records stand in no other's place: sums of both, and of every group.
TEST_F(SigningTest, KeepsSumsOfWhatEachServiceCounts) {
    act([&](Transaction& tx) { signOn(tx, house.clock.today()); });
    std::map<std::string, measures::Figure> sums;
    std::size_t signedServices = 0;
    for (auto rows =
             house.superuser().ask("SELECT intervention, figures FROM " + house.name + ".signed_figure");
         rows.next(); ++signedServices)
        for (const auto& [measure, figure] : measures::figuresOf(rows.text(1)))
            sums[rows.text(0) + " " + measure] += figure;
    ASSERT_EQ(signedServices, 3U) << "two of them run one intervention";
    std::set<std::string> counts;
    std::set<std::string> groups;
    for (const auto& [of, figure] : sums) {
        counts.insert(line(of, figure.parts.proportion));
        for (const auto& [breakdown, categories] : figure.groups)
            for (const auto& [category, parts] : categories)
                groups.insert(line(of + " " + breakdown + " " + category, parts.proportion));
    }
    EXPECT_EQ(linesOf("SELECT CONCAT(intervention, ' ', measure, ' ', numerator, '/', denominator) FROM "
                      "@signed_count"),
              counts);
    EXPECT_EQ(
        linesOf("SELECT CONCAT(intervention, ' ', measure, ' ', breakdown, ' ', category, ' ', numerator, "
                "'/', denominator) FROM @signed_group"),
        groups);
    EXPECT_GT(groups.size(), 20U);
}

TEST_F(SigningTest, IsDoneOnceForEachVersion) {
    const auto sign = [&](Transaction& tx) { signOn(tx, house.clock.today()); };
    const auto audited = [&] {
        return linesOf(
            "SELECT CONCAT(subject, ': ', detail) FROM @audit_entry WHERE action = 'return signed'");
    };
    EXPECT_EQ(refusal(sign), "");
    EXPECT_EQ(audited(), linesOf("SELECT CONCAT('2025-26 Q1: version 1, fingerprint ', fingerprint) FROM "
                                 "@quarterly_return"));
    EXPECT_THAT(refusal(sign), HasSubstr("is signed off, by tester@example.gov.uk"));
    EXPECT_EQ(audited().size(), 1U);
}

/// A reason is given for so many records: one more, and it has to be thought of anew.
TEST_F(SigningTest, EndsWhatOthersHadOpen) {
    const auto today = values::Date(2025, 7, 12);
    const auto authority = house.authorityId(805);
    const std::vector<std::function<void(Transaction&)>> openActs{
        [&](Transaction& tx) { Returns::comment(tx, house.ids, authority, quarter, "Late words"); },
        [&](Transaction& tx) { Returns::send(tx, authority, quarter); },
        [&](Transaction& tx) { signOn(tx, today); }};
    for (const auto& late : openActs) {
        act([&](Transaction& tx) {
            if (const auto newest = Returns::newest(tx, authority, quarter); newest && newest->isSigned())
                Returns::correct(tx, house.ids, authority, quarter, "Once more");
            else Returns::comment(tx, house.ids, authority, quarter, "In time");
        });
        bool isFirst = true;
        EXPECT_THAT(refusal([&](Transaction& tx) {
                        Returns::newest(tx, authority, quarter);
                        if (std::exchange(isFirst, false))
                            act([&](Transaction& other) { signOn(other, today); });
                        late(tx);
                    }),
                    HasSubstr("is signed off"));
    }
    EXPECT_EQ(linesOf("SELECT CONCAT(version, comment) FROM @quarterly_return"),
              (std::set<std::string>{"1In time", "2In time", "3In time"}));
    EXPECT_EQ(linesOf("SELECT COUNT(*) FROM @audit_entry WHERE action = 'return signed'"),
              std::set<std::string>{"3"});
}

TEST_F(SigningTest, AsksAgainWhereMoreIsFoundThanWasAccepted) {
    refer("U1");
    std::int64_t records = 0;
    withFinding([&](Transaction& tx, const returns::Finding& finding) {
        EXPECT_TRUE(finding.needsAttention());
        records = finding.records;
        Returns::accept(tx, finding, quarter, "They do not say");
    });
    withFinding(
        [&](Transaction&, const returns::Finding& finding) { EXPECT_EQ(finding.reason, "They do not say"); });
    refer("U2");
    withFinding([&](Transaction&, const returns::Finding& finding) {
        EXPECT_EQ(finding.records, records + 1);
        EXPECT_TRUE(finding.needsAttention());
    });
}

TEST_F(SigningTest, EndsWhatCanBeAccepted) {
    refer("U1");
    act([&](Transaction& tx) { signOn(tx, house.clock.today()); });
    withFinding([&](Transaction& tx, const returns::Finding& finding) {
        EXPECT_THROW(Returns::accept(tx, finding, quarter, "Too late"), values::Conflict);
    });
    EXPECT_EQ(linesOf("SELECT reason FROM @accepted_finding"), std::set<std::string>{});
}

TEST_F(SigningTest, SaysWhatACorrectionChangedFromWhatToWhat) {
    act([&](Transaction& tx) { Returns::comment(tx, house.ids, house.authorityId(805), quarter, "First"); });
    act([&](Transaction& tx) { signOn(tx, house.clock.today()); });
    refer("U1");
    act([&](Transaction& tx) {
        Returns::correct(tx, house.ids, house.authorityId(805), quarter, "A late referral");
    });
    act([&](Transaction& tx) { Returns::comment(tx, house.ids, house.authorityId(805), quarter, "Second"); });
    act([&](Transaction& tx) { signOn(tx, house.clock.today()); });
    std::map<std::string, std::pair<std::string, std::string>> differences;
    house.as(Account::authority).read([&](Transaction& tx) {
        const auto versions = Returns::versions(tx, house.authorityId(805), quarter);
        ASSERT_EQ(versions.size(), 2U);
        for (const auto& one : returns::differencesBetween(versions[1], versions[0]))
            differences[one.what] = {one.was, one.is};
        // What is not there any more is a difference too.
        auto content = nlohmann::json::parse(versions[0].content);
        content.at("report").at("services").clear();
        auto emptied = versions[0];
        emptied.content = content.dump();
        std::map<std::string, std::string> is;
        for (const auto& one : returns::differencesBetween(versions[0], emptied)) is[one.what] = one.is;
        EXPECT_EQ(is["S1, referred"], "–");
    });
    EXPECT_EQ(differences["Comment"], std::pair(std::string("First"), std::string("Second")));
    ASSERT_TRUE(differences.contains("S1, referred"));
    const auto& [was, is] = differences["S1, referred"];
    EXPECT_EQ(std::stoi(is), std::stoi(was) + 1);
    EXPECT_FALSE(differences.contains("S2, referred"));
}

TEST_F(SigningTest, KeepsTheLevelOfEachRecommendationAndWhatElseRuns) {
    act([&](Transaction& tx) { signOn(tx, house.clock.today()); });
    std::set<std::string> levels;
    house.as(Account::authority).read([&](Transaction& tx) {
        for (const auto& one :
             results::reportOf(tx, house.catalogues, house.authorityId(805), quarter).recommendations)
            levels.insert(one.recommendation->id + " " + measures::levelName(one.result.level));
    });
    ASSERT_EQ(levels.size(), 3U);
    EXPECT_EQ(linesOf("SELECT CONCAT(recommendation, ' ', level) FROM @signed_level"), levels);
    EXPECT_EQ(linesOf("SELECT CONCAT(approach, ' ', services) FROM @signed_approach"),
              std::set<std::string>{"trauma-informed-care 1"});
}

/// A correction follows a signature, and a return is sent that somebody has begun.
TEST_F(SigningTest, GoesOneStepAfterAnother) {
    const auto authority = house.authorityId(805);
    const auto correct = [&](Transaction& tx) {
        Returns::correct(tx, house.ids, authority, quarter, "Late");
    };
    const auto send = [&](Transaction& tx) { Returns::send(tx, authority, quarter); };
    EXPECT_THAT(refusal(correct), HasSubstr("is not signed off"));
    EXPECT_THAT(refusal(send), HasSubstr("Nobody has begun the return"));
    act([&](Transaction& tx) { Returns::comment(tx, house.ids, authority, quarter, "Begun"); });
    EXPECT_THAT(refusal(correct), HasSubstr("is not signed off"));
    EXPECT_EQ(refusal(send), "");
    act([&](Transaction& tx) { signOn(tx, house.clock.today()); });
    EXPECT_THAT(refusal(send), HasSubstr("is signed off"));
    EXPECT_EQ(refusal(correct), "");
    EXPECT_EQ(linesOf("SELECT CONCAT(version, ' ', state, ' ', comment, ' ', reason) FROM @quarterly_return"),
              (std::set<std::string>{"1 signed Begun ", "2 draft Begun Late"}));
    EXPECT_THAT(refusal(correct), HasSubstr("is not signed off"));
}
