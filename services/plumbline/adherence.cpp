// Reports and what they compare with, by command.
#include <filesystem>
#include <iostream>

#include "adherence/neighbours.h"
#include "adherence/report.h"
#include "context/official_figures.h"
#include "platform/digest.h"
#include "plumbline/commands.h"
#include "values/errors.h"
#include "values/json.h"

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
    const auto report = adherence::reportOf(
        adherence::gather(house.database(Account::work), house.catalogues(), {authority.id, period, known}));
    if (line.isJson) {
        std::cout << report.content << "\n";
        return 0;
    }
    const auto content = values::parseJson(report.content);
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

int contextLoadCommand(House& house, const CommandLine& line) {
    const auto file =
        context::readOfficialFile(line.names.at(0), line.names.size() > 1 ? line.names.at(1) : "");
    const auto name = std::filesystem::path(line.names.at(0)).stem().string();
    house.openDatabase(House::Need::migrated);
    context::Loaded loaded;
    house.database(Account::admin)
        .inTransaction(operatorActor("context load"), [&](platform::Transaction& tx) {
            loaded = context::OfficialFigures::load(
                tx, house.ids(), file, name, line.title.empty() ? name : line.title,
                line.source.empty() ? "Department for Education" : line.source);
        });
    if (line.isJson) {
        std::cout << nlohmann::ordered_json{{"rows", file.rows},
                                            {"figures", loaded.figures},
                                            {"notes", loaded.notes}}
                         .dump()
                  << "\n";
        return 0;
    }
    std::cerr << file.rows << " rows, " << loaded.figures << " figures of " << file.indicators.size()
              << " indicators\n";
    for (const auto& note : loaded.notes) std::cerr << note << "\n";
    return 0;
}

int neighboursLoadCommand(House& house, const CommandLine& line) {
    house.openDatabase(House::Need::migrated);
    int authorities = 0;
    house.database(Account::admin)
        .inTransaction(operatorActor("neighbours load"), [&](platform::Transaction& tx) {
            authorities = adherence::loadNeighbours(tx, line.names.at(0), line.edition);
        });
    if (line.isJson) std::cout << nlohmann::json{{"authorities", authorities}}.dump() << "\n";
    else std::cerr << "Neighbours of " << authorities << " authorities, edition " << line.edition << "\n";
    return 0;
}

}  // namespace plumbline
