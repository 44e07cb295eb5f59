#pragma once

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "support/test_database.h"
#include "support/test_house.h"

namespace support {

/// Imports each episode and practitioner of the small intake so many times, under other references, and
/// computes the figures. From six times on no count of such an authority is small, so nothing of it is
/// hidden.
inline void importTimes(TestHouse& house, int times, const std::string& authorityCode) {
    static const std::regex kReference("-(?=[EP][0-9])");
    static const std::regex kChild(",C(?=[0-9])");
    const auto folder = std::filesystem::path(temporaryFolder()) / "many";
    std::filesystem::create_directories(folder);
    for (const auto& file : std::filesystem::directory_iterator(source("tests/data/intake"))) {
        std::istringstream lines(textOf(file.path()));
        std::ofstream many(folder / file.path().filename());
        for (std::string line; std::getline(lines, line);) {
            many << line << "\n";
            for (int i = 1; i < times && std::regex_search(line, kReference); ++i) {
                const auto copy = std::to_string(i);
                const auto other = std::regex_replace(line, kReference, "-" + copy);
                many << std::regex_replace(other, kChild, ",C" + copy) << "\n";
            }
        }
    }
    house.importer().run(tester(), house.authority(authorityCode), intake::Importer::filesOf(folder),
                         intake::ImportMode::store);
    house.compute();
}

}  // namespace support
