#include "support/test_house.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "platform/digest.h"
#include "platform/log.h"
#include "platform/migrator.h"
#include "results/recompute.h"
#include "returns/returns.h"

namespace support {
namespace {

namespace fs = std::filesystem;
using platform::Account;

constexpr int kBufferMegabytes = 128;
const platform::Statement kSelectAuthority("test: select authority", Account::migrate,
                                           "SELECT id FROM authority WHERE id = ?");

/// Lives from the first test to the last.
struct Surroundings : public testing::Environment {
    void SetUp() override {
        platform::prepareCryptography();
        platform::setLogLevel("error");
        folder = (fs::temp_directory_path() / ("plumbline-test-" + std::to_string(::getpid()))).string();
        server = std::make_unique<platform::EmbeddedServer>(folder + "/database", kBufferMegabytes);
    }
    void TearDown() override {
        server.reset();
        fs::remove_all(folder);
    }
    std::string folder;
    std::unique_ptr<platform::EmbeddedServer> server;
};
Surroundings* surroundings() {
    static auto* one = dynamic_cast<Surroundings*>(testing::AddGlobalTestEnvironment(new Surroundings));
    return one;
}
const auto* const kRegistered = surroundings();

std::string nextName() {
    static int count = 0;
    return "test_" + std::to_string(++count);
}

std::vector<platform::DatabaseAddress> accounts(const std::string& name) {
    std::vector<platform::DatabaseAddress> list;
    for (const auto account : platform::allAccounts()) list.push_back(server().address(account, name));
    return list;
}

}  // namespace

values::Instant FixedClock::now() const {
    using std::chrono::milliseconds;
    return values::Instant(milliseconds(1748854800000L + ticks_++ + offset_.load()));
}

values::IdBytes CountingIds::nextBytes() {
    const auto number = ++last_;
    values::IdBytes id{};
    for (std::size_t i = 0; i < 4; ++i) id[12 + i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
    return id;
}

const platform::EmbeddedServer& server() { return *surroundings()->server; }
const std::string& temporaryFolder() { return surroundings()->folder; }

TestHouse::TestHouse()
    : catalogues({source("schema/guidance/schema/catalogue.schema.json"),
                  source("schema/reference/framework.json"), source("schema/guidance/measures.json"),
                  source("schema/guidance/quality-rules.json")}),
      name(nextName()) {
    superuser_ = std::make_unique<platform::Database>(server().superuser(), Account::migrate, 2,
                                                      std::chrono::seconds(5), clock);
    platform::prepareServer(*superuser_, name, accounts(name));
    platform::applyGrants(*superuser_, name, source("schema/grants"),
                          {server().address(Account::migrate, name)});
    platform::Migrator(as(Account::migrate), clock, source("schema/migrations")).run();
    platform::applyGrants(*superuser_, name, source("schema/grants"), accounts(name));
    as(Account::migrate).derive([&](platform::Transaction& tx) {
        delivery::loadReference(tx, source("schema/reference"), clock.today());
    });
    importer_ = std::make_unique<intake::Importer>(as(Account::work), catalogues, ids,
                                                   intake::readFileTypes(source("schema/intake")),
                                                   temporaryFolder() + "/keys");
}

TestHouse::~TestHouse() {
    databases_.clear();
    superuser_->execute("DROP DATABASE " + name);
}

platform::Database& TestHouse::as(Account account) {
    auto& slot = databases_[account];
    if (!slot)
        slot = std::make_unique<platform::Database>(server().address(account, name), account, 4,
                                                    std::chrono::seconds(2), clock, auditSeal());
    return *slot;
}

void TestHouse::loadCatalogue() {
    const auto loaded = catalogues.check({source("tests/data/catalogue/guides.json"),
                                          source("tests/data/catalogue/interventions.json"),
                                          source("tests/data/catalogue/expectations.json")});
    as(Account::admin).inTransaction(tester(), [&](platform::Transaction& tx) {
        catalogues.load(tx, loaded, ids);
    });
}

identity::AuthorityId TestHouse::authorityId(int code) {
    std::optional<identity::AuthorityId> found;
    as(Account::migrate).read([&](platform::Transaction& tx) {
        auto rows = tx.query(kSelectAuthority, code);
        if (rows.next()) found = identity::AuthorityId::of(rows, 0);
    });
    return found.value();
}

delivery::Authority TestHouse::authority(const std::string& code) {
    std::optional<delivery::Authority> found;
    as(Account::work).read([&](platform::Transaction& tx) {
        found = delivery::Authorities::byCode(tx, code);
    });
    return found.value();
}

intake::ImportReport TestHouse::import(const std::string& folder, const std::string& authorityCode,
                                       intake::ImportMode mode) {
    const auto report = importer().run(tester(), authority(authorityCode),
                                       intake::Importer::filesOf(source("tests/data/" + folder)), mode);
    compute();
    return report;
}

intake::Keeper TestHouse::keeper() {
    return {catalogues, ids, intake::readFileTypes(source("schema/intake")), temporaryFolder() + "/keys"};
}

void TestHouse::compute() { results::Recompute(as(Account::work), catalogues).drain(); }

std::string source(const std::string& path) { return std::string(PLUMBLINE_SOURCE) + "/" + path; }

std::string textOf(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

void TestHouse::sign(int code, values::Quarter quarter) {
    auto director = tester();
    director.authority = code;
    as(platform::Account::authority).inTransaction(director, [&](platform::Transaction& tx) {
        returns::Returns::sign(tx, catalogues, ids, authorityId(code), quarter, clock.today());
    });
}

void expectGolden(const std::string& name, const std::string& actual) {
    const auto path = source("tests/golden/" + name);
    if (std::getenv("PLUMBLINE_ACCEPT") != nullptr) {
        std::ofstream(path, std::ios::binary) << actual;
        return;
    }
    EXPECT_EQ(textOf(path), actual) << "tests/golden/" << name << " differs; tests/run --accept rewrites it";
}

platform::AuditSeal auditSeal() { return platform::AuditSeal(std::string(32, 'k')); }

platform::Actor tester() { return {"tester@example.gov.uk", 805, "a test"}; }

}  // namespace support
