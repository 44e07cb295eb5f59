#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "plumbline/house.h"

namespace support {

/// 2 June 2025, 10:00 in London, and a millisecond later with every look.
class FixedClock : public values::Clock {
public:
    values::Instant now() const override;
    void advance(std::chrono::milliseconds by) { offset_ += by.count(); }

private:
    mutable std::atomic<long> ticks_{0};
    std::atomic<long> offset_{0};
};

/// 1, 2, 3, …
class CountingIds : public values::Ids {
public:
    values::IdBytes nextBytes() override;

private:
    std::atomic<std::uint32_t> last_{0};
};

/// The private database server of this test program: started once, stopped with it.
const platform::EmbeddedServer& server();
/// A folder of this test program's own, removed at its end.
const std::string& temporaryFolder();

/// A database of its own for one suite, made by the real migrations, accounts and grants.
class TestHouse {
public:
    TestHouse();
    ~TestHouse();
    TestHouse(const TestHouse&) = delete;
    TestHouse& operator=(const TestHouse&) = delete;

    platform::Database& as(platform::Account account);
    platform::Database& superuser() { return *superuser_; }
    /// Loads the small catalogue of tests/data.
    void loadCatalogue();
    delivery::Authority authority(const std::string& code);
    /// By its three digits, 805 for Hartlepool.
    identity::AuthorityId authorityId(int code);
    intake::Importer& importer() { return *importer_; }
    /// Of single records, with the keys of the importer.
    intake::Keeper keeper();
    /// Imports a folder below tests/data and computes its figures.
    intake::ImportReport import(const std::string& folder, const std::string& authorityCode,
                                intake::ImportMode mode = intake::ImportMode::store);
    void compute();
    /// Signs an authority's return of a quarter off, by its three digits.
    void sign(int authority, values::Quarter quarter);

    FixedClock clock;
    CountingIds ids;
    delivery::Catalogues catalogues;
    std::string name;

private:
    std::unique_ptr<platform::Database> superuser_;
    std::map<platform::Account, std::unique_ptr<platform::Database>> databases_;
    std::unique_ptr<intake::Importer> importer_;
};

/// A path below the source tree.
std::string source(const std::string& path);
std::string textOf(const std::string& path);
/// Compares with tests/golden/<name>, whole; writes it instead where PLUMBLINE_ACCEPT is set.
void expectGolden(const std::string& name, const std::string& actual);
/// The seal of every audit in tests.
platform::AuditSeal auditSeal();
platform::Actor tester();

}  // namespace support
