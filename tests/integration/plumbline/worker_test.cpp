// A worker beside the people whose records and files it follows: what several threads share is the house's
// clock, ids, catalogue, importer and pools of connections.
#include "plumbline/worker.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "delivery/touched.h"
#include "results/recompute.h"
#include "support/test_house.h"

using intake::Upload;
using platform::Account;
using platform::Transaction;

namespace {

constexpr auto kLongEnough = std::chrono::seconds(120);

/// Asks again and again until it holds; false where it did not for too long.
bool comesTrue(const std::function<bool()>& claim) {
    const auto until = std::chrono::steady_clock::now() + kLongEnough;
    while (!claim()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::yield();
    }
    return true;
}

platform::Settings settingsOf(const std::string& folder) {
    platform::Settings settings;
    settings.set("home", support::source(""));
    settings.set("data.dir", folder);
    settings.set("log.level", "error");
    return settings;
}

}  // namespace

TEST(WorkerTest, FollowsFilesAndRecordsThatSeveralPeopleSendAtOnce) {
    const auto folder = support::temporaryFolder() + "/worker";
    plumbline::House house(settingsOf(folder));
    house.create();
    house.openDatabase(plumbline::House::Need::migrated);
    const auto loaded = house.catalogues().check({support::source("tests/data/catalogue/guides.json"),
                                                  support::source("tests/data/catalogue/interventions.json"),
                                                  support::source("tests/data/catalogue/expectations.json")});
    house.database(Account::admin).inTransaction(support::tester(), [&](Transaction& tx) {
        house.catalogues().load(tx, loaded, house.ids());
    });
    auto& work = house.database(Account::work);
    auto& authority = house.database(Account::authority);
    std::optional<delivery::Authority> owner;
    work.read([&](Transaction& tx) { owner = delivery::Authorities::byCode(tx, "E06000001"); });
    const auto count = [&] {
        std::int64_t touched = 0;
        work.read([&](Transaction& tx) { touched = delivery::Touched::count(tx); });
        return touched;
    };

    const plumbline::Worker worker(house);
    const auto uploads = house.uploads();
    std::vector<intake::SourceFile> files;
    for (const auto& file : intake::Importer::filesOf(support::source("tests/data/intake"))) {
        const auto copy = folder + "/" + file.name;
        std::filesystem::copy_file(file.path, copy);
        files.push_back({copy, file.name});
    }
    const auto id = house.ids().next<Upload>();
    const auto names = uploads.takeFiles(id, files);
    authority.inTransaction(support::tester(),
                            [&](Transaction& tx) { intake::Uploads::send(tx, id, owner->id, names, true); });
    const auto state = [&] {
        std::string now;
        authority.read([&](Transaction& tx) { now = intake::Uploads::byId(tx, owner->id, id).state; });
        return now;
    };
    ASSERT_TRUE(comesTrue([&] { return state() == "stored"; })) << state();

    constexpr int kPeople = 4;
    constexpr int kSites = 8;
    std::vector<std::thread> people;
    for (int person = 0; person < kPeople; ++person)
        people.emplace_back([&, person] {
            const auto keeper = house.keeper();
            for (int site = 0; site < kSites; ++site)
                authority.inTransaction(support::tester(), [&](Transaction& tx) {
                    keeper.save(tx, owner->id, keeper.type("sites"),
                                {{{"site_ref", "P" + std::to_string(person) + "-" + std::to_string(site)},
                                  {"service_ref", "S1"},
                                  {"name", "A hub"}}});
                });
        });
    for (auto& person : people) person.join();
    ASSERT_TRUE(comesTrue([&] { return count() == 0; })) << count() << " services still wait";

    EXPECT_EQ(results::Recompute(work, house.catalogues()).verify(), std::vector<std::string>{});
    authority.inTransaction(support::tester(), [&](Transaction& tx) {
        const auto keeper = house.keeper();
        std::size_t found = 0;
        for (const auto& record : keeper.list(tx, owner->id, keeper.type("sites"), {}))
            found += record.key.starts_with("P") ? 1 : 0;
        EXPECT_EQ(found, static_cast<std::size_t>(kPeople * kSites));
        tx.audit("records read", "sites");
    });
}
