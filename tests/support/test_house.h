#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "plumbline/house.h"
#include "support/fixed_clock.h"
#include "support/test_database.h"
#include "values/proportion.h"

namespace support {

/// 1, 2, 3, …
class CountingIds : public values::Ids {
public:
    values::IdBytes nextBytes() override;
    std::uint32_t last() const { return last_; }
    void goOnAfter(std::uint32_t last) { last_ = last; }

private:
    std::atomic<std::uint32_t> last_{0};
};

/// A folder of this test program's own, removed at its end.
const std::string& temporaryFolder();

/// What a test house holds at first. What many tests begin with is done once for all of them, and copied.
enum class Begins {
    empty,      ///< the schema and its reference data
    catalogue,  ///< and the small catalogue of tests/data
    delivered,  ///< and the small intake of Hartlepool, with its figures
};

/// A database of its own, on a server of its own, for one suite: the real migrations, accounts and grants.
class TestHouse {
public:
    explicit TestHouse(Begins begins = Begins::empty);
    ~TestHouse();
    TestHouse(const TestHouse&) = delete;
    TestHouse& operator=(const TestHouse&) = delete;

    platform::Database& as(platform::Account account);
    platform::Database& superuser() { return *superuser_; }
    const platform::EmbeddedServer& server() const { return *server_; }
    /// Loads the small catalogue of tests/data.
    void loadCatalogue();
    delivery::Authority authority(const std::string& code);
    /// By its three digits, 805 for Hartlepool.
    identity::AuthorityId authorityId(int code);
    intake::Importer& importer() { return *importer_; }
    /// Of single records, with the keys of the importer.
    intake::Keeper keeper();
    /// Imports a folder below tests/data and computes its figures.
    intake::ImportReport import(const std::string& data, const std::string& authorityCode,
                                intake::ImportMode mode = intake::ImportMode::store);
    void compute();
    /// Saves one record of Hartlepool, as a case system sends it. A review is of the checklist
    /// `support-visit`.
    void save(delivery::RecordKind kind, const values::Fields& given);
    /// Signs an authority's return of a quarter off, by its three digits.
    void sign(int authority, values::Quarter quarter);
    /// Has an authority, by its three digits, sign a return with one count of the kinship navigator alone:
    /// what others are compared with, without records of theirs. A higher version corrects a lower one.
    void signCount(int authority, values::Quarter quarter, const std::string& measure,
                   values::Proportion count, int version = 1, const std::string& signedOn = "2025-07-01");

    FixedClock clock;
    CountingIds ids;
    delivery::Catalogues catalogues;
    const std::string name = kDatabaseName;
    /// Of this house alone, and removed with it.
    const std::string folder;
    /// Where the keys of its pseudonyms are.
    const std::string keys;

private:
    static void prepare(Begins begins, const std::string& folder);
    void open();
    void close();

    std::unique_ptr<platform::EmbeddedServer> server_;
    std::unique_ptr<platform::Database> superuser_;
    std::map<platform::Account, std::unique_ptr<platform::Database>> databases_;
    std::unique_ptr<intake::Importer> importer_;
};

/// An episode of S1, of a child of its own, that was referred on a day.
values::Fields referral(const std::string& reference, const std::string& day);
std::string textOf(const std::string& path);
/// Compares with tests/golden/<name>, whole; writes it instead where PLUMBLINE_ACCEPT is set.
void expectGolden(const std::string& name, const std::string& actual);
/// The seal of every audit in tests.
platform::AuditSeal auditSeal();
platform::Actor tester();

}  // namespace support
