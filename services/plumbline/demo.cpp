#include <algorithm>
#include <atomic>
#include <exception>
#include <filesystem>
#include <functional>
#include <iostream>
#include <mutex>
#include <thread>

#include "inspections/inspections.h"
#include "platform/digest.h"
#include "plumbline/commands.h"
#include "plumbline/demonstration.h"
#include "results/recompute.h"
#include "returns/returns.h"
#include "values/errors.h"
#include "values/json.h"

namespace plumbline {
namespace {

using identity::Role;
using platform::Account;
using platform::Transaction;

/// Known to everyone who reads this: for made-up data on one's own machine.
constexpr const char* kPassword = "plumb line demonstration";

/// What an authenticator app would hold, for the roles that need one.
constexpr const char* kCodeSecret = "PLUMBLINEDEMONSTRATIONONLYABCDEF";

struct Sign {
    const char* email;
    const char* name;
    const char* authority;
    Role role;
};
constexpr Sign kSigns[] = {
    {"manager@hartlepool.example", "Sam Okafor", "E06000001", Role::serviceManager},
    {"director@hartlepool.example", "Alex Byrne", "E06000001", Role::director},
    {"practitioner@hartlepool.example", "Robin Shah", "E06000001", Role::practitioner},
    {"data@hartlepool.example", "Kim Novak", "E06000001", Role::dataOfficer},
    {"administrator@hartlepool.example", "Pat Moore", "E06000001", Role::authorityAdministrator},
    {"manager@middlesbrough.example", "Jo Lindqvist", "E06000002", Role::serviceManager},
    {"director@middlesbrough.example", "Dana Osei", "E06000002", Role::director},
    {"administrator@middlesbrough.example", "Lee Walsh", "E06000002", Role::authorityAdministrator},
    {"inspector@inspectorate.example", "Chris Adeyemi", "", Role::inspector},
    {"administrator@inspectorate.example", "Ash Fenton", "", Role::inspectorateAdministrator},
    {"analyst@national.example", "Noor Rahman", "", Role::nationalAnalyst},
    {"approver@national.example", "Max Hughes", "", Role::releaseApprover},
    {"editor@national.example", "Ira Clarke", "", Role::guidanceEditor},
    {"system@national.example", "Uli Brandt", "", Role::systemAdministrator},
};
constexpr const char* kAuthorities[] = {"E06000001", "E06000002"};

/// Our own guides and instruments.
std::vector<std::string> catalogueFiles(const platform::Settings& settings) {
    std::vector<std::string> files{settings.homePath("schema/reference/instruments.json")};
    for (const auto& entry : std::filesystem::directory_iterator(settings.homePath("schema/guidance")))
        if (entry.path().extension() == ".json") files.push_back(entry.path().string());
    std::ranges::sort(files);
    return files;
}

void addPeople(House& house) {
    for (const auto& sign : kSigns) {
        std::optional<identity::AuthorityId> authority;
        if (identity::isOfAuthority(sign.role))
            authority = authorityNamed(house, Account::admin, sign.authority).id;
        identity::Person person{house.ids().next<identity::Person>(), sign.email, sign.name, authority,
                                sign.role};
        try {
            house.database(Account::admin)
                .inTransaction(operatorActor("demo", authority), [&](Transaction& tx) {
                    person.id = house.people().add(
                        tx, {person.id, sign.email, sign.name, authority, sign.role, kPassword});
                    // Begun with the code before this moment's, so that this moment's can still be used.
                    if (identity::needsCode(sign.role))
                        house.codes().begin(
                            tx, person, kCodeSecret,
                            identity::OneTimeCodes::codeOf(kCodeSecret, tx.now() - std::chrono::seconds(30)));
                });
        } catch (const values::Conflict&) {
            // They are there from before: running it again changes nothing.
        }
    }
}

/// Writes the files, imports them as any authority's are, and takes the files away again.
void importDemonstration(House& house, const std::string& code, const guidance::Catalogue& catalogue,
                         const Demonstration& demonstration) {
    const auto authority = authorityNamed(house, Account::work, code);
    const auto folder = house.settings().dataPath("demonstration-" + platform::randomHex(4));
    writeDemonstration(folder, catalogue, demonstration);
    house.importer().run(operatorActor("demo", authority.id), authority, intake::Importer::filesOf(folder),
                         intake::ImportMode::store);
    std::filesystem::remove_all(folder);
}

/// Others of the region and beyond, to compare with.
constexpr const char* kOthers[] = {
    "E06000003", "E06000004", "E06000005", "E06000047", "E06000057", "E08000021", "E08000022", "E08000023",
    "E08000024", "E08000037", "E06000006", "E06000007", "E06000008", "E06000009", "E06000010", "E06000011",
    "E06000012", "E06000013", "E06000014", "E06000015", "E06000016", "E06000017", "E06000018", "E06000019"};

/// Signs off the quarters of an authority's year that are over, the last one left to be done.
void signReturns(House& house, const std::string& code, values::Quarter last, int quarters) {
    const auto authority = authorityNamed(house, Account::work, code);
    const platform::Actor director{"director@demonstration.example", authority.id.code(), "demo"};
    auto quarter = last;
    for (int i = 1; i < quarters; ++i) quarter = quarter.previous();
    for (; quarter <= last; quarter = quarter.next()) try {
            house.database(Account::authority).inTransaction(director, [&](Transaction& tx) {
                returns::Returns::sign(tx, house.catalogues(), house.ids(), authority.id, quarter,
                                       house.clock().today());
            });
        } catch (const values::Conflict&) {
            // What blocks it is for its people to see; what is signed already stays.
        }
}

void addSmall(House& house, const guidance::Catalogue& catalogue, values::Date last) {
    std::uint32_t seed = 1;
    for (const auto* code : kAuthorities)
        importDemonstration(house, code, catalogue, smallDemonstration(last, seed++));
    for (const auto* code : kOthers)
        importDemonstration(house, code, catalogue, smallestDemonstration(last, seed++));
    results::Recompute(house.database(Account::work), house.catalogues()).drain(2);
    constexpr int kYear = 4;
    const auto ended = values::Quarter::containing(last);
    for (const auto* code : kAuthorities) signReturns(house, code, ended.previous(), kYear - 1);
    for (const auto* code : kOthers) signReturns(house, code, ended, kYear);
}

/// Does something for each of so many authorities, on two threads, and says how far it is.
void inTwo(std::size_t count, const char* done, const std::function<void(std::size_t)>& each) {
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    std::exception_ptr fault;
    const auto work = [&] {
        try {
            for (std::size_t i = next++; i < count; i = next++) {
                each(i);
                const std::lock_guard lock(mutex);
                std::cerr << "\r" << std::min(next.load(), count) << " of " << count << " authorities "
                          << done << std::flush;
            }
        } catch (...) {
            const std::lock_guard lock(mutex);
            fault = std::current_exception();
        }
    };
    std::thread other(work);
    work();
    other.join();
    std::cerr << "\n";
    if (fault) std::rethrow_exception(fault);
}

void addNational(House& house, const guidance::Catalogue& catalogue, values::Date last,
                 const CommandLine& line) {
    std::vector<std::string> codes;
    house.database(Account::work).read([&](Transaction& tx) {
        for (const auto& authority : delivery::Authorities::current(tx, house.clock().today()))
            codes.push_back(authority.code);
    });
    const auto wanted = nationalDemonstration(catalogue, codes.size(), last, line.seed, line.share);
    house.importer();  // made here, as are the databases, so that every thread finds them ready
    house.database(Account::authority);
    inTwo(codes.size(), "imported",
          [&](std::size_t i) { importDemonstration(house, codes[i], catalogue, wanted[i]); });
    results::Recompute(house.database(Account::work), house.catalogues())
        .drain(static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
    constexpr int kThreeYears = 12;
    inTwo(codes.size(), "signed off", [&](std::size_t i) {
        signReturns(house, codes[i], values::Quarter::containing(last), kThreeYears);
    });
}

/// An inspection of the first authority, with its team and a report, for the inspectors' door.
void openInspection(House& house) {
    const auto authority = authorityNamed(house, Account::work, kAuthorities[0]);
    const auto today = house.clock().today();
    const auto last = values::Quarter::containing(today).previous();
    const adherence::Period year{last.previous().previous().previous(), last};
    const platform::Actor administrator{"administrator@inspectorate.example", std::nullopt, "demo"};
    house.database(Account::inspection).inTransaction(administrator, [&](Transaction& tx) {
        const auto members = inspections::Inspections::candidates(tx);
        if (members.empty() || !inspections::Inspections::all(tx).empty()) {
            tx.audit("demonstration repeated", "inspection");
            return;
        }
        const auto id = inspections::Inspections::grant(
            tx, house.ids(), {authority.id, "standard", "", year, today, today.plusDays(60), "inspectorate"});
        const auto inspection = inspections::Inspections::byId(tx, id);
        for (const auto& member : members) inspections::Inspections::addMember(tx, inspection, member.person);
        inspections::Inspections::give(
            tx, inspection,
            adherence::Reports::ask(tx, house.ids(),
                                    {authority.id, year, adherence::KnownAs::now(tx.now())}));
    });
}

bool isDemonstrated(House& house) {
    const auto authority = authorityNamed(house, Account::work, kAuthorities[0]);
    bool isThere = false;
    house.database(Account::work).read([&](Transaction& tx) {
        isThere = !delivery::Services::of(tx, authority.id).empty();
    });
    return isThere;
}

}  // namespace

int demoCommand(House& house, const CommandLine& line) {
    const auto code = identity::OneTimeCodes::codeOf(kCodeSecret, house.clock().now());
    if (line.wantsCodes) {
        std::cout << code << "\n";
        return 0;
    }
    house.openDatabase(House::Need::migrated);
    const auto loaded = house.catalogues().check(catalogueFiles(house.settings()));
    const auto catalogue = loaded.guidance.latest();
    const auto last = values::Quarter::containing(house.clock().today()).previous().last();
    if (!isDemonstrated(house)) {
        house.database(Account::admin).inTransaction(operatorActor("demo"), [&](Transaction& tx) {
            house.catalogues().load(tx, loaded, house.ids());
        });
        if (line.scale == "national") addNational(house, catalogue, last, line);
        else addSmall(house, catalogue, last);
    }
    addPeople(house);
    openInspection(house);
    results::Recompute(house.database(Account::work), house.catalogues())
        .drain(static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
    nlohmann::ordered_json signs = nlohmann::ordered_json::array();
    std::cerr << "Demonstration sign-ins (made-up data; the password of each is: " << kPassword << ")\n";
    for (const auto& sign : kSigns) {
        const bool hasCode = identity::needsCode(sign.role);
        std::cerr << "  " << sign.email << " (" << identity::roleTitle(sign.role) << ", "
                  << identity::doorName(identity::doorOf(sign.role)) << " door"
                  << (hasCode ? ", with a code" : "") << ")\n";
        nlohmann::ordered_json one{{"email", sign.email},
                                   {"password", kPassword},
                                   {"authority", sign.authority},
                                   {"role", identity::roleName(sign.role)},
                                   {"door", identity::doorName(identity::doorOf(sign.role))}};
        if (hasCode) one["code_secret"] = kCodeSecret;
        signs.push_back(std::move(one));
    }
    std::cerr << "The one-time code is " << code << " now; plumbline demo --codes prints it anew. For an "
              << "authenticator app the key is " << kCodeSecret << ".\n";
    if (line.isJson) std::cout << nlohmann::ordered_json{{"sign_ins", signs}}.dump(1) << "\n";
    return 0;
}

}  // namespace plumbline
