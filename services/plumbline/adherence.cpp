// Reports and what they compare with, by command.
#include <iostream>
#include <nlohmann/json.hpp>

#include "adherence/neighbours.h"
#include "adherence/report.h"
#include "platform/digest.h"
#include "plumbline/commands.h"
#include "values/errors.h"

namespace plumbline {

using platform::Account;

int reportCommand(House& house, const CommandLine& line) {
    const auto period = adherence::periodOf(line.fromQuarter, line.toQuarter);
    house.openDatabase(House::Need::migrated);
    const auto authority = authorityNamed(house, Account::work, line.authority);
    auto known = adherence::KnownAs::now(house.clock().now());
    if (!line.knownOn.empty()) {
        const auto day = values::Date::fromIso(line.knownOn);
        if (!day)
            throw values::Invalid(
                {{{"", 0, "--known-on"}, line.knownOn, "Use a real day, like 2026-09-30."}});
        known = adherence::KnownAs::endOf(*day, house.clock().now());
    }
    const auto report = adherence::reportOf(adherence::gather(house.database(Account::work), house.catalogues(),
                                                              {authority.id, period, known}));
    if (line.isJson) {
        std::cout << report.content << "\n";
        return 0;
    }
    const auto content = nlohmann::json::parse(report.content);
    std::cout << authority.name << ", " << period.name() << ", as known on " << known.day.text()
              << (known.isWholeDay ? "" : " so far") << "\n";
    for (const auto& one : content.at("recommendations"))
        std::cout << "  " << one.at("title").get<std::string>() << ": " << one.at("level").get<std::string>()
                  << " (evidence: " << one.at("evidence").at("grade").get<std::string>() << ")\n";
    for (const auto& one : content.at("findings"))
        std::cout << one.at("number").get<int>() << ". " << one.at("kind").get<std::string>() << ": "
                  << one.at("text").get<std::string>() << "\n";
    std::cout << "fingerprint " << platform::sha256Hex(report.content) << "\n";
    return 0;
}

int neighboursLoadCommand(House& house, const CommandLine& line) {
    house.openDatabase(House::Need::migrated);
    int authorities = 0;
    house.database(Account::admin).inTransaction(operatorActor("neighbours load"), [&](platform::Transaction& tx) {
        authorities = adherence::loadNeighbours(tx, line.names.at(0), line.edition);
    });
    if (line.isJson) std::cout << nlohmann::json{{"authorities", authorities}}.dump() << "\n";
    else std::cerr << "Neighbours of " << authorities << " authorities, edition " << line.edition << "\n";
    return 0;
}

}  // namespace plumbline
