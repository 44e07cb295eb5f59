// Every function that reads or changes an authority's records, tried with another authority's ids.

#include <gtest/gtest.h>

#include <type_traits>

#include "delivery/actions.h"
#include "delivery/entered_counts.h"
#include "delivery/records.h"
#include "delivery/services.h"
#include "delivery/subjects.h"
#include "delivery/touched.h"
#include "identity/audit.h"
#include "identity/case_systems.h"
#include "identity/delegations.h"
#include "intake/keeper.h"
#include "intake/mapping.h"
#include "intake/pseudonyms.h"
#include "intake/rejected_rows.h"
#include "intake/uploads.h"
#include "results/cells.h"
#include "results/comparison.h"
#include "results/report.h"
#include "returns/returns.h"
#include "support/doors.h"
#include "values/errors.h"

using delivery::RecordKind;
using delivery::Services;
using identity::AuthorityId;
using platform::Account;
using platform::Transaction;
using support::TestHouse;

// Nothing that a request says becomes an authority: there is no way from a number or a text.
static_assert(!std::is_constructible_v<AuthorityId, int>);
static_assert(!std::is_default_constructible_v<AuthorityId>);
static_assert(!std::is_convertible_v<int, AuthorityId>);

namespace {

class TenancyTest : public testing::Test {
protected:
    static void SetUpTestSuite() {
        house = new TestHouse(support::Begins::delivered);
        doors = new support::Doors(*house);
        doors->add("director@two.example", 806, identity::Role::director);
        colleague = std::make_unique<identity::Person>(
            doors->add("manager@one.example", 805, identity::Role::serviceManager));
    }
    static void TearDownTestSuite() {
        colleague.reset();
        delete doors;
        delete house;
    }
    static AuthorityId owner() { return house->authorityId(805); }
    static AuthorityId other() { return house->authorityId(806); }
    static void asDoor(const std::function<void(Transaction&)>& unit) {
        house->as(Account::authority).read(unit);
    }
    static void asWork(const std::function<void(Transaction&)>& unit) {
        house->as(Account::work).rehearse(support::tester(), unit);
    }

    static inline TestHouse* house = nullptr;
    static inline support::Doors* doors = nullptr;
    static inline std::unique_ptr<identity::Person> colleague;
};

}  // namespace

TEST_F(TenancyTest, HoldsForServices) {
    asDoor([](Transaction& tx) {
        const auto own = Services::of(tx, owner());
        ASSERT_FALSE(own.empty());
        EXPECT_TRUE(Services::of(tx, other()).empty());
        EXPECT_NO_THROW(Services::byId(tx, owner(), own.front().id));
        EXPECT_THROW(Services::byId(tx, other(), own.front().id), values::NotFound);
        EXPECT_TRUE(Services::datesOf(tx, owner()));
        EXPECT_FALSE(Services::datesOf(tx, other()));
        EXPECT_EQ(delivery::Touched::count(tx, other()), 0);
    });
}

TEST_F(TenancyTest, HoldsForFiguresAndReports) {
    const auto quarter = values::Quarter::containing(values::Date(2025, 5, 1));
    asDoor([&](Transaction& tx) {
        const auto service = Services::of(tx, owner()).front().id;
        EXPECT_FALSE(results::Cells::of(tx, owner(), quarter).empty());
        EXPECT_TRUE(results::Cells::of(tx, other(), quarter).empty());
        EXPECT_FALSE(results::Cells::ofService(tx, owner(), service).empty());
        EXPECT_TRUE(results::Cells::ofService(tx, other(), service).empty());
        EXPECT_TRUE(results::Cells::quartersOf(tx, owner()));
        EXPECT_FALSE(results::Cells::quartersOf(tx, other()));
        EXPECT_TRUE(results::reportOf(tx, house->catalogues, other(), quarter).live.empty());
        const auto guide = house->catalogues.inForce(tx)->latest.guides.front();
        for (const auto& item : results::compareGuides(tx, house->catalogues, other(), quarter, guide.id,
                                                       guide.version, guide.version)
                                    .impact.items)
            EXPECT_NE(item.kind, "service") << item.name;
    });
}

TEST_F(TenancyTest, HoldsForRecords) {
    asWork([](Transaction& tx) {
        delivery::Records mine(tx, owner(), house->ids);
        delivery::Records theirs(tx, other(), house->ids);
        for (const auto& [kind, reference] : {std::pair(RecordKind::service, "S1"),
                                              {RecordKind::practitioner, "S1-P1"},
                                              {RecordKind::episode, "S1-E01"},
                                              {RecordKind::session, "S1-E01-01"}}) {
            EXPECT_EQ(mine.find(kind, {reference}).size(), 1U) << reference;
            EXPECT_TRUE(theirs.find(kind, {reference}).empty()) << reference;
        }
        const auto episode = mine.find(RecordKind::episode, {"S1-E01"}).at("S1-E01").id;
        EXPECT_NO_THROW(mine.serviceOfEpisode(episode));
        EXPECT_THROW(theirs.serviceOfEpisode(episode), std::logic_error);
        const auto practitioner = mine.find(RecordKind::practitioner, {"S1-P1"}).at("S1-P1").id;
        EXPECT_FALSE(mine.servicesOf({practitioner}).empty());
        EXPECT_TRUE(theirs.servicesOf({practitioner}).empty());
        EXPECT_NE(mine.provider("Shared name"), theirs.provider("Shared name"));
        const delivery::ChildName child{1, std::string(32, 'a'), {}};
        mine.recognise({{"a", child}});
        theirs.recognise({{"a", child}});
        EXPECT_NE(mine.child(child), theirs.child(child)) << "no child is linked across authorities";
    });
}

TEST_F(TenancyTest, HoldsForRecordsKeptOneByOne) {
    const auto keeper = house->keeper();
    house->as(Account::authority).inTransaction(support::tester(), [&](Transaction& tx) {
        int looked = 0;
        for (const auto& type : keeper.types()) {
            EXPECT_TRUE(keeper.list(tx, other(), type, {}).empty()) << type.name;
            for (const auto& record : keeper.list(tx, owner(), type, {})) {
                EXPECT_TRUE(keeper.find(tx, owner(), type, record.key)) << type.name;
                EXPECT_FALSE(keeper.find(tx, other(), type, record.key)) << type.name;
                EXPECT_THROW(keeper.byKey(tx, other(), type, record.key), values::NotFound) << type.name;
                ++looked;
            }
        }
        EXPECT_GT(looked, 20);
        // What is referred to is looked for among one's own records alone.
        EXPECT_THROW(
            keeper.save(
                tx, other(), keeper.type(RecordKind::site),
                {{{"site_ref", "hall"}, {"service_ref", "S1"}, {"name", "Hall"}}, std::nullopt, true}),
            values::Invalid);
        tx.audit("records read", "tenancy");
    });
}

TEST_F(TenancyTest, HoldsForActionsReturnsAndCounts) {
    const auto quarter = values::Quarter::containing(values::Date(2025, 5, 1));
    house->as(Account::authority).inTransaction(support::tester(), [&](Transaction& tx) {
        const auto service = Services::of(tx, owner()).front();
        delivery::EnteredCounts::put(tx, service, quarter,
                                     {{delivery::EnteredCounts::measures().front(), 7}});
        EXPECT_FALSE(delivery::EnteredCounts::servicesWith(tx, owner(), quarter).empty());
        EXPECT_TRUE(delivery::EnteredCounts::servicesWith(tx, other(), quarter).empty());
        auto stolen = service;
        stolen.authority = other();
        EXPECT_TRUE(delivery::EnteredCounts::of(tx, stolen, quarter).empty());

        returns::Returns::comment(tx, house->ids, owner(), quarter, "Ours.");
        returns::Returns::noteEffort(tx, house->ids, owner(), quarter, {5, 60});
        EXPECT_FALSE(returns::Returns::all(tx, owner()).empty());
        EXPECT_TRUE(returns::Returns::all(tx, other()).empty());
        EXPECT_TRUE(returns::Returns::versions(tx, other(), quarter).empty());
        EXPECT_FALSE(returns::Returns::newest(tx, other(), quarter));
        EXPECT_EQ(returns::Returns::effortOf(tx, other(), quarter).interactions, 0);
        EXPECT_THROW(returns::Returns::send(tx, other(), quarter), values::Conflict);
        EXPECT_TRUE(returns::Returns::assemble(tx, house->catalogues, other(), quarter).report.live.empty());

        EXPECT_TRUE(delivery::ActionNotes::of(tx, other(), "A1").empty());
        EXPECT_THROW(delivery::ActionNotes::add(tx, house->ids, other(), "A1", "Words."), values::NotFound);
    });
}

TEST_F(TenancyTest, HoldsForCaseSystemsAndWhatFilesMean) {
    const auto id = house->ids.next<identity::CaseSystem>();
    const auto token = std::string(64, 'a');
    house->as(Account::authority).inTransaction(support::tester(), [&](Transaction& tx) {
        identity::CaseSystems::admit(tx,
                                     {id,
                                      owner(),
                                      "Cases",
                                      {identity::Scope::readRecords},
                                      values::Date(2030, 1, 1),
                                      "",
                                      "",
                                      std::nullopt},
                                     token);
        EXPECT_EQ(identity::CaseSystems::withToken(tx, token)->authority, owner());
        EXPECT_TRUE(identity::CaseSystems::of(tx, other()).empty());
        EXPECT_THROW(identity::CaseSystems::revoke(tx, other(), id), values::NotFound);
        EXPECT_TRUE(identity::CaseSystems::withToken(tx, token));

        const auto header = intake::Mappings::nameOf({"Case", "Start"});
        intake::Mappings::keep(tx, owner(), header, {"episodes", {{"case", "episode_ref"}}, {}, {}});
        EXPECT_TRUE(intake::Mappings::find(tx, owner(), header));
        EXPECT_FALSE(intake::Mappings::find(tx, other(), header));
        EXPECT_TRUE(intake::RejectedRows::of(tx, other()).empty());
        EXPECT_TRUE(intake::RejectedRows::keysOf(tx, other(), "episodes").empty());
    });
}

TEST_F(TenancyTest, HoldsForUploads) {
    const auto id = house->ids.next<intake::Upload>();
    house->as(Account::authority).inTransaction(support::tester(), [&](Transaction& tx) {
        intake::Uploads::send(tx, id, owner(), {"a.csv"});
    });
    asDoor([&](Transaction& tx) {
        EXPECT_TRUE(intake::Uploads::find(tx, owner(), id));
        EXPECT_FALSE(intake::Uploads::find(tx, other(), id));
        EXPECT_THROW(intake::Uploads::byId(tx, other(), id), values::NotFound);
        EXPECT_TRUE(intake::Uploads::recent(tx, other()).empty());
        auto stolen = intake::Uploads::byId(tx, owner(), id);
        stolen.authority = other();
        EXPECT_THROW(intake::Uploads::confirm(tx, stolen), values::Conflict);
        EXPECT_THROW(intake::Uploads::withdraw(tx, stolen), values::Conflict);
    });
}

TEST_F(TenancyTest, HoldsForPeopleAndTheirDelegations) {
    const identity::Person neighbour{house->ids.next<identity::Person>(), "director@two.example", "", other(),
                                     identity::Role::director};
    asDoor([&](Transaction& tx) {
        for (const auto& member : identity::People::lookedAfterBy(tx, neighbour))
            EXPECT_EQ(member.person.authority, other());
        EXPECT_THROW(identity::People::lookedAfterBy(tx, neighbour, colleague->id), values::NotFound);
        EXPECT_TRUE(identity::Delegations::candidates(tx, other()).empty());
        EXPECT_EQ(identity::Delegations::candidates(tx, owner()).size(), 1U);
        EXPECT_THROW(identity::Delegations::give(tx, neighbour,
                                                 {house->ids.next<identity::Delegation>(), colleague->id,
                                                  values::Date(2025, 6, 3), values::Date(2025, 6, 4)}),
                     values::NotFound);
    });
}

TEST_F(TenancyTest, HoldsForTheAudit) {
    asDoor([](Transaction& tx) {
        EXPECT_FALSE(identity::Audit::search(tx, owner(), {}, 1000000, 10).empty());
        for (const auto& entry : identity::Audit::search(tx, other(), {}, 1000000, 1000))
            EXPECT_EQ(entry.chain, 806);
    });
}

TEST_F(TenancyTest, HoldsForWhatIsKeptAboutAChild) {
    const auto pseudonyms = intake::Pseudonyms(house->keys, 805);
    const auto file = support::textOf(support::source("tests/data/intake/episodes.csv"));
    const auto name = pseudonyms.of(file.substr(file.find("\nS1-E01,S1,") + 11, 6));
    house->as(Account::retention).read([&](Transaction& tx) {
        EXPECT_TRUE(delivery::Subjects::find(tx, owner(), name));
        EXPECT_FALSE(delivery::Subjects::find(tx, other(), name));
    });
}

/// At the authority's door nobody can even ask for an authority by its code.
TEST_F(TenancyTest, LetsNobodyAtTheDoorNameAnAuthority) {
    asDoor([](Transaction& tx) {
        EXPECT_THROW(delivery::Authorities::byCode(tx, "E06000002"), std::logic_error);
    });
}
