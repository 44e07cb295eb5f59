// Open data by command.
#include <filesystem>
#include <iostream>
#include <map>

#include "platform/csv.h"
#include "platform/text_file.h"
#include "plumbline/commands.h"
#include "releases/open_data_check.h"
#include "values/errors.h"
#include "values/json.h"

namespace plumbline {
namespace {

/// A reference table of ours; its header is left out.
template <class Take>
void eachRow(const std::string& path, Take take) {
    platform::CsvReader reader(path, platform::encodingOf(path), ',');
    for (bool isHeader = true; reader.next(); isHeader = false)
        if (!isHeader) take([&](std::size_t column) { return std::string(reader.cell(column)); });
}

releases::PlaceLookups lookups(const House& house) {
    releases::PlaceLookups places;
    const auto file = [&](const char* name) {
        return house.settings().homePath(std::string("schema/reference/") + name);
    };
    eachRow(file("regions.csv"), [&](const auto& cell) { places.regions.insert(cell(0) + "|" + cell(1)); });
    std::map<std::string, std::string> names;
    eachRow(file("authorities.csv"), [&](const auto& cell) { names[cell(0)] = cell(1); });
    eachRow(file("authority-codes.csv"), [&](const auto& cell) {
        places.authorities.insert(cell(1) + "|" + cell(0) + "|" + names[cell(1)]);
    });
    return places;
}

}  // namespace

int openDataCheckCommand(House& house, const CommandLine& line) {
    const auto nameOf = [](const std::string& path) {
        return std::filesystem::path(path).filename().string();
    };
    const auto faults =
        releases::checkPair(nameOf(line.names.at(0)), platform::fileText(line.names.at(0)),
                            nameOf(line.names.at(1)), platform::fileText(line.names.at(1)), lookups(house));
    auto out = nlohmann::ordered_json::array();
    bool hasFailed = false;
    for (const auto& one : faults) {
        hasFailed = hasFailed || !one.isWarning;
        out.push_back({{"check", one.check},
                       {"severity", one.isWarning ? "warning" : "fault"},
                       {"where", one.where},
                       {"got", one.got},
                       {"rule", one.rule}});
        if (!line.isJson)
            std::cerr << (one.isWarning ? "warning " : "") << one.where << ": " << one.got
                      << (one.got.empty() ? "" : ": ") << one.rule << " (" << one.check << ")\n";
    }
    if (line.isJson) std::cout << nlohmann::ordered_json{{"faults", out}}.dump() << "\n";
    else if (faults.empty()) std::cerr << "The pair can be uploaded.\n";
    return hasFailed ? 1 : 0;
}

}  // namespace plumbline
