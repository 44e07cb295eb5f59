#include "releases/pivot.h"

#include <algorithm>
#include <optional>
#include <set>

#include "values/errors.h"

namespace releases {
namespace {

constexpr auto kPlace = "place";

/// One way to slice: its labels, and which of them a row of the table belongs to.
struct Dimension {
    std::string name;
    std::vector<std::string> labels;
    std::optional<std::size_t> filter;  ///< none for places

    std::optional<std::size_t> of(const ReleaseTable::Row& row) const {
        if (filter) return row.items[*filter];
        const auto found = std::ranges::find(labels, row.place);
        if (found == labels.end()) return std::nullopt;
        return static_cast<std::size_t>(found - labels.begin());
    }
};

std::string levelName(const std::string& level) {
    return level == "national" ? "National" : level == "regional" ? "Regional" : "Local authority";
}

class Pivoting {
public:
    Pivoting(const ReleaseTable& table, PivotQuestion question)
        : table_(table), question_(std::move(question)) {}

    Pivot run() {
        fillIn();
        const auto rows = dimension("rows", question_.rows);
        const auto columns = dimension("columns", question_.columns);
        if (rows.name == columns.name)
            fault("columns", question_.columns, "Choose two different dimensions.");
        const auto indicator = std::ranges::find(table_.indicators, question_.indicator, &Indicator::name);
        if (indicator == table_.indicators.end())
            fault("indicator", question_.indicator, "The table has no such indicator.");
        const auto fixed = fixedItems();
        const bool hasPlaces = rows.name == kPlace || columns.name == kPlace;
        if (!problems_.empty()) throw values::Invalid(std::move(problems_));
        Pivot pivot{question_, columns.labels, rows.labels, {}};
        pivot.cells.assign(rows.labels.size(), std::vector<PivotCell>(columns.labels.size()));
        const auto place = static_cast<std::size_t>(indicator - table_.indicators.begin());
        for (const auto& row : table_.rows) {
            if (hasPlaces ? !isOfLevel(row) : row.place != question_.place) continue;
            bool isAsked = true;
            for (std::size_t i = 0; i < fixed.size(); ++i)
                isAsked = isAsked && (!fixed[i] || row.items[i] == *fixed[i]);
            if (!isAsked) continue;
            const auto r = rows.of(row);
            const auto c = columns.of(row);
            if (r && c) pivot.cells[*r][*c] = {row.values[place], statusOf(row.values[place])};
        }
        return pivot;
    }

private:
    void fillIn() {
        if (question_.level.empty()) question_.level = "regional";
        if (question_.place.empty()) question_.place = "England";
        if (question_.rows.empty()) question_.rows = kPlace;
        if (question_.columns.empty())
            question_.columns =
                table_.filters.back().name == question_.rows ? kPlace : table_.filters.back().name;
        if (question_.indicator.empty()) question_.indicator = table_.indicators.front().name;
        static const std::set<std::string> kLevels{"national", "regional", "authority"};
        if (!kLevels.contains(question_.level))
            fault("level", question_.level, "Use national, regional or authority.");
    }
    /// England stands with its regions; authorities stand alone.
    bool isOfLevel(const ReleaseTable::Row& row) const {
        return row.level == levelName(question_.level) ||
               (question_.level == "regional" && row.level == "National");
    }
    Dimension dimension(const char* field, const std::string& name) {
        if (name == kPlace) {
            Dimension places{name, {}, std::nullopt};
            std::set<std::string> seen;
            for (const auto& row : table_.rows)
                if (isOfLevel(row) && seen.insert(row.place).second) places.labels.push_back(row.place);
            return places;
        }
        const auto found = std::ranges::find(table_.filters, name, &Filter::name);
        if (found == table_.filters.end()) {
            fault(field, name, "Use place, or a filter of the table.");
            return {name, {}, 0};
        }
        return {name, found->items, static_cast<std::size_t>(found - table_.filters.begin())};
    }
    /// Of each filter the one item that is shown; none for a dimension.
    std::vector<std::optional<std::size_t>> fixedItems() {
        std::vector<std::optional<std::size_t>> fixed(table_.filters.size());
        for (const auto& [name, item] : question_.items)
            if (std::ranges::find(table_.filters, name, &Filter::name) == table_.filters.end())
                fault(name, item, "The table has no such filter.");
        for (std::size_t i = 0; i < fixed.size(); ++i) {
            const auto& filter = table_.filters[i];
            if (filter.name == question_.rows || filter.name == question_.columns) {
                question_.items.erase(filter.name);
                continue;
            }
            auto& item = question_.items[filter.name];
            if (item.empty())
                item =
                    std::ranges::find(filter.items, "Total") != filter.items.end() ? "Total" : filter.chosen;
            const auto found = std::ranges::find(filter.items, item);
            if (found == filter.items.end()) fault(filter.name, item, "The filter has no such item.");
            else fixed[i] = static_cast<std::size_t>(found - filter.items.begin());
        }
        return fixed;
    }
    void fault(const std::string& field, const std::string& got, const std::string& rule) {
        problems_.push_back({{"", 0, field}, got, rule});
    }

    const ReleaseTable& table_;
    PivotQuestion question_;
    std::vector<values::FieldProblem> problems_;
};

}  // namespace

std::string statusOf(const std::string& value) {
    static const std::map<std::string, std::string> kStatuses{
        {"c", "hidden"},        {"k", "rounds to nought"}, {"u", "not reliable"},
        {"x", "not available"}, {"z", "not applicable"},   {"", "not in the table"}};
    const auto found = kStatuses.find(value);
    return found == kStatuses.end() ? "published" : found->second;
}

Pivot pivotOf(const ReleaseTable& table, const PivotQuestion& question) {
    return Pivoting(table, question).run();
}

}  // namespace releases
