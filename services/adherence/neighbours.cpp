#include "adherence/neighbours.h"

#include <charconv>
#include <map>
#include <set>

#include "platform/csv.h"
#include "values/errors.h"

namespace adherence {
namespace {

using platform::Account;
using platform::Statement;
using platform::Value;

constexpr int kPlaces = 10;

const Statement kDeleteEdition("delete an edition of neighbours", Account::admin,
                               "DELETE FROM statistical_neighbour WHERE edition = ?");
const Statement kSelectKnown("select authorities by number", Account::admin, "SELECT id FROM authority");
const platform::BulkStatement kInsertNeighbours(
    "insert statistical neighbours", Account::admin,
    "INSERT INTO statistical_neighbour (edition, authority_id, place, neighbour_id, closeness, loaded_at)", 6,
    "");

std::optional<int> numberOf(std::string_view text) {
    int number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

}  // namespace

int loadNeighbours(platform::Transaction& tx, const std::string& path, const std::string& edition) {
    std::set<int> known;
    for (auto rows = tx.query(kSelectKnown); rows.next();) known.insert(static_cast<int>(rows.number(0)));
    const auto encoding = platform::encodingOf(path);
    platform::CsvReader file(path, encoding, platform::delimiterOf(path, encoding));
    std::map<std::string, std::size_t, std::less<>> columns;
    if (file.next())
        for (std::size_t i = 0; i < file.size(); ++i) columns.emplace(file.cell(i), i);
    std::vector<values::FieldProblem> problems;
    std::vector<std::string> wanted{"old_la_code"};
    for (int place = 1; place <= kPlaces; ++place) {
        wanted.push_back("SN_" + std::to_string(place));
        wanted.push_back("SN_" + std::to_string(place) + "P");
    }
    for (const auto& name : wanted)
        if (!columns.contains(name)) problems.push_back({{path, 1, name}, "", "Give a column of this name."});
    if (!problems.empty()) throw values::Invalid(std::move(problems));

    std::vector<Value> values;
    std::set<int> seen;
    while (file.next()) {
        if (file.isBlank()) continue;
        const auto read = [&](const std::string& name) -> int {
            const auto text = file.cell(columns.at(name));
            const auto number = numberOf(text);
            if (number && known.contains(*number)) return *number;
            problems.push_back({{path, static_cast<int>(file.record()), name},
                                std::string(text),
                                "Use the three-digit code of an authority."});
            return 0;
        };
        const int authority = read("old_la_code");
        if (authority != 0 && !seen.insert(authority).second)
            problems.push_back({{path, static_cast<int>(file.record()), "old_la_code"},
                                std::to_string(authority),
                                "Give each authority once."});
        for (int place = 1; place <= kPlaces; ++place) {
            const auto name = "SN_" + std::to_string(place);
            const int neighbour = read(name);
            for (auto value : {Value(edition), Value(authority), Value(place), Value(neighbour),
                               Value(std::string(file.cell(columns.at(name + "P")))), Value(tx.now())})
                values.push_back(std::move(value));
        }
    }
    if (seen.empty() && problems.empty())
        problems.push_back({{path, 2, "old_la_code"}, "", "Give at least one authority."});
    if (!problems.empty()) throw values::Invalid(std::move(problems));
    tx.run(kDeleteEdition, edition);
    tx.runBulk(kInsertNeighbours, values);
    tx.audit("neighbours loaded", edition, std::to_string(seen.size()) + " authorities");
    return static_cast<int>(seen.size());
}

}  // namespace adherence
