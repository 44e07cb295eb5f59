#include "support/test_house.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "platform/digest.h"
#include "platform/log.h"
#include "results/recompute.h"
#include "returns/returns.h"
#include "support/database_template.h"

namespace support {
namespace {

namespace fs = std::filesystem;
using platform::Account;

const platform::Statement kSelectAuthority("test: select authority", Account::migrate,
                                           "SELECT id FROM authority WHERE id = ?");

/// Lives from the first test to the last.
struct Surroundings : public testing::Environment {
    void SetUp() override {
        platform::prepareCryptography();
        platform::setLogLevel("error");
        // In memory where there is a folder for that, and room: a house is hundreds of small files, and
        // nothing of it lasts.
        const fs::path memory = "/dev/shm";
        constexpr std::uintmax_t kRoom = 2ULL << 30;
        const bool isRoomy = fs::is_directory(memory) && fs::space(memory).available > kRoom;
        folder = ((isRoomy ? memory : fs::temp_directory_path()) /
                  ("plumbline-test-" + std::to_string(::getpid())))
                     .string();
        fs::remove_all(folder);  // of an earlier process with this number, which was killed
        fs::create_directories(folder);
    }
    void TearDown() override { fs::remove_all(folder); }
    std::string folder;
};
Surroundings* surroundings() {
    static auto* one = dynamic_cast<Surroundings*>(testing::AddGlobalTestEnvironment(new Surroundings));
    return one;
}
const auto* const kRegistered = surroundings();

std::string nextFolder() {
    static int count = 0;
    return temporaryFolder() + "/house-" + std::to_string(++count);
}

}  // namespace

values::IdBytes CountingIds::nextBytes() {
    const auto number = ++last_;
    values::IdBytes id{};
    for (std::size_t i = 0; i < 4; ++i) id[12 + i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
    return id;
}

const std::string& temporaryFolder() { return surroundings()->folder; }

TestHouse::TestHouse(Begins begins)
    : catalogues({source("schema/guidance/schema/catalogue.schema.json"),
                  source("schema/reference/framework.json"), source("schema/guidance/measures.json"),
                  source("schema/guidance/quality-rules.json")}),
      folder(nextFolder()),
      keys(folder + "/keys") {
    if (begins == Begins::empty) {
        copyTemplate(folder + "/database");
    } else {
        copyPrepared(begins == Begins::catalogue ? "catalogue" : "delivered", folder,
                     [begins](const std::string& prepared) { prepare(begins, prepared); });
        std::ifstream file(folder + "/went");
        std::uint32_t lastId = 0;
        long looks = 0;
        file >> lastId >> looks;
        ids.goOnAfter(lastId);
        clock.goOnAfter(looks);
    }
    open();
}

/// The house does itself what tests would do, ends in order and leaves its folder.
void TestHouse::prepare(Begins begins, const std::string& folder) {
    TestHouse house;
    house.loadCatalogue();
    if (begins == Begins::delivered) house.import("intake", "E06000001");
    house.close();
    copyDatabase(house.folder + "/database", folder + "/database");
    if (fs::exists(house.keys)) fs::copy(house.keys, folder + "/keys", fs::copy_options::recursive);
    std::ofstream(folder + "/went") << house.ids.last() << " " << house.clock.looks() << "\n";
}

void TestHouse::open() {
    server_ = std::make_unique<platform::EmbeddedServer>(folder + "/database", kBufferMegabytes,
                                                         platform::Durability::none);
    superuser_ = std::make_unique<platform::Database>(server_->superuser(), Account::migrate, 2,
                                                      std::chrono::seconds(5), clock);
    importer_ = std::make_unique<intake::Importer>(as(Account::work), catalogues, ids,
                                                   intake::readFileTypes(source("schema/intake")), keys);
}

void TestHouse::close() {
    importer_.reset();
    databases_.clear();
    superuser_.reset();
    server_.reset();
}

TestHouse::~TestHouse() {
    close();
    fs::remove_all(folder);
}

platform::Database& TestHouse::as(Account account) {
    auto& slot = databases_[account];
    if (!slot)
        slot = std::make_unique<platform::Database>(server_->address(account, name), account, 4,
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

intake::ImportReport TestHouse::import(const std::string& data, const std::string& authorityCode,
                                       intake::ImportMode mode) {
    const auto report = importer().run(tester(), authority(authorityCode),
                                       intake::Importer::filesOf(source("tests/data/" + data)), mode);
    compute();
    return report;
}

intake::Keeper TestHouse::keeper() {
    return {catalogues, ids, intake::readFileTypes(source("schema/intake")), keys};
}

void TestHouse::save(delivery::RecordKind kind, const values::Fields& given) {
    const std::string checklist = "support-visit";
    as(Account::authority).inTransaction(tester(), [&](platform::Transaction& tx) {
        const auto keeper = this->keeper();
        const auto type =
            kind == delivery::RecordKind::review ? keeper.reviewType(tx, checklist) : keeper.type(kind);
        keeper.save(tx, authorityId(805), type, {given, {}, false, false, checklist});
    });
}

void TestHouse::compute() { results::Recompute(as(Account::work), catalogues).drain(); }

values::Fields referral(const std::string& reference, const std::string& day) {
    return {{"episode_ref", reference}, {"service_ref", "S1"}, {"child_ref", reference},
            {"age_band", "5-9"},        {"sex", "female"},     {"ethnic_group", "White"},
            {"disabled", "no"},         {"need", "behaviour"}, {"referred_on", day}};
}

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

void TestHouse::signCount(int authority, values::Quarter quarter, const std::string& measure,
                          values::Proportion count, int version, const std::string& signedOn) {
    const auto id = "UNHEX('" + ids.next<returns::QuarterlyReturn>().text() + "')";
    superuser_->execute(
        "INSERT INTO " + name +
        ".quarterly_return (id, authority_id, quarter, version, state, comment, reason, begun_at, begun_by, "
        "signed_at, signed_by, fingerprint, content) VALUES (" +
        id + ", " + std::to_string(authority) + ", " + std::to_string(quarter.index()) + ", " +
        std::to_string(version) + ", 'signed', '', '', '" + signedOn + "', 'x', '" + signedOn +
        "', 'x', '', '')");
    superuser_->execute("INSERT INTO " + name +
                        ".signed_count (return_id, intervention, measure, numerator, denominator) VALUES (" +
                        id + ", 'kinship-navigator', '" + measure + "', " + std::to_string(count.numerator) +
                        ", " + std::to_string(count.denominator) + ")");
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
