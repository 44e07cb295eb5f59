// Single records: what the audit says of a save, and what it leaves out.

#include "intake/keeper.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/test_house.h"

using nlohmann::json;
using platform::Account;
using platform::Transaction;
using support::TestHouse;

namespace {

class KeeperTest : public testing::Test {
protected:
    void save(const char* type, const values::Fields& form) {
        house.as(Account::authority).inTransaction(support::tester(), [&](Transaction& tx) {
            const auto keeper = house.keeper();
            keeper.save(tx, house.authorityId(805), keeper.type(type), {form});
        });
    }
    /// What the audit says of the last save.
    json lastDetail() {
        auto rows = house.superuser().ask("SELECT detail FROM " + house.name +
                                          ".audit_entry WHERE chain = 805 ORDER BY position DESC LIMIT 1");
        rows.next();
        return json::parse(rows.text(0));
    }

    TestHouse house{support::Begins::delivered};
};

}  // namespace

/// What a family said may point to someone: the audit says that it changed, and not how.
TEST_F(KeeperTest, KeepsPrivateWordsOutOfTheAudit) {
    values::Fields feedback{{"feedback_ref", "F1"},  {"service_ref", "S1"}, {"given_on", "2025-05-01"},
                            {"respondent", "carer"}, {"rating", "4"},       {"words", "Jo was late"}};
    save("feedback", feedback);
    EXPECT_EQ(lastDetail().at("words"), "changed");
    EXPECT_EQ(lastDetail().at("rating"), json::parse(R"({"before": null, "after": "4"})"));
    feedback["words"] = "Jo was late again";
    save("feedback", feedback);
    EXPECT_EQ(lastDetail(), json::parse(R"({"words": "changed"})"));
}
