#include "context/official_figures.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "values/errors.h"
#include "values/json.h"

namespace context {
namespace {

using platform::Account;
using platform::Statement;
using platform::Transaction;
using platform::Value;

constexpr auto kReaders = Account::work | Account::national;
constexpr auto kLoaders = Account::admin | Account::national;

const Statement kInsertDataset("insert official dataset", kLoaders, R"(
    INSERT INTO official_dataset (id, name, title, source, loaded_at, loaded_by, figures, indicators)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?))");
const platform::BulkStatement kInsertFigures("insert official figures", kLoaders,
                                             "INSERT INTO official_figure (dataset_id, number, level, place, "
                                             "time_period, time_identifier, indicator, filters, value, "
                                             "symbol, words, note)",
                                             12, "");
const Statement kSelectCodes("select every code of authorities", kLoaders,
                             "SELECT code, authority_id FROM authority_code");
const Statement kSelectNumbers("select every number of authorities", kLoaders,
                               "SELECT id, name, valid_to IS NOT NULL FROM authority");
const Statement kSelectDatasets("select official datasets", kReaders, R"(
    SELECT id, name, title, source, CAST(loaded_at AS CHAR), figures FROM official_dataset AS one
    WHERE loaded_at <= ? AND NOT EXISTS (
        SELECT 1 FROM official_dataset AS later WHERE later.name = one.name AND later.loaded_at <= ? AND later.id > one.id)
    ORDER BY title, name)");
const Statement kSelectIndicators("select indicators of a dataset", kReaders,
                                  "SELECT indicators FROM official_dataset WHERE id = ?");
// An authority's own, its region's and England's, and what its predecessors had.
const Statement kSelectFigures("select official figures about a place", kReaders, R"(
    SELECT level, place, time_period, time_identifier, indicator, filters, words, COALESCE(symbol, ''), note
    FROM official_figure WHERE dataset_id = ? AND place = ?
    ORDER BY time_period DESC, number)");
const Statement kSelectSeries("select an official indicator of England and regions", Account::national, R"(
    SELECT official_figure.place, time_period, time_identifier, filters, words, COALESCE(symbol, '')
    FROM JSON_TABLE(?, '$[*]' COLUMNS (place VARCHAR(20) CHARACTER SET ascii PATH '$')) AS wanted
    JOIN official_figure ON official_figure.dataset_id = ? AND official_figure.place = wanted.place
        AND official_figure.indicator = ?
    ORDER BY time_period DESC, number)");
const Statement kSelectRegionCodes("select codes of regions", Account::national, "SELECT code FROM region");
const Statement kSelectRegion("select the region of an authority", kReaders,
                              "SELECT region_code FROM authority WHERE id = ?");
const Statement kSelectPredecessors("select predecessors of an authority", kReaders, R"(
    SELECT authority_succession.predecessor_id, authority.name, succeeded_on FROM authority_succession
    JOIN authority ON authority.id = authority_succession.predecessor_id WHERE successor_id = ?
    ORDER BY succeeded_on DESC)");

/// Every authority by its codes, old and new.
struct Places {
    std::map<std::string, int> byCode;
    std::map<int, std::string> names;
    std::set<int> abolished;

    std::optional<int> of(const std::string& oldCode, const std::string& newCode) const {
        int number = 0;
        const auto [end, fault] = std::from_chars(oldCode.data(), oldCode.data() + oldCode.size(), number);
        if (fault == std::errc() && end == oldCode.data() + oldCode.size() && names.contains(number))
            return number;
        const auto found = byCode.find(newCode);
        if (found != byCode.end()) return found->second;
        return std::nullopt;
    }
};

Places placesOf(Transaction& tx) {
    Places places;
    for (auto rows = tx.query(kSelectCodes); rows.next();)
        places.byCode[rows.text(0)] = static_cast<int>(rows.number(1));
    for (auto rows = tx.query(kSelectNumbers); rows.next();) {
        const auto id = static_cast<int>(rows.number(0));
        places.names[id] = rows.text(1);
        if (rows.number(2) != 0) places.abolished.insert(id);
    }
    return places;
}

/// The parts of `314 / 318`; the whole where it has one.
std::vector<std::string> partsOf(const std::string& code) {
    std::vector<std::string> parts;
    std::string part;
    for (const char c : code + "/") {
        if (c == '/' || c == '|') {
            if (!part.empty()) parts.push_back(part);
            part.clear();
        } else if (c != ' ') {
            part += c;
        }
    }
    return parts.empty() ? std::vector<std::string>{""} : parts;
}

std::string key(const std::string& indicator, const std::string& filters) {
    return indicator + "\n" + filters;
}

bool isRate(const std::string& name, const std::string& unit) {
    return unit == "%" || name.find("percent") != std::string::npos ||
           name.find("rate") != std::string::npos || name.find("per_10000") != std::string::npos ||
           name.starts_with("pt_") || name.find("average") != std::string::npos;
}

}  // namespace

Loaded OfficialFigures::load(Transaction& tx, values::Ids& ids, const OfficialFile& file,
                             const std::string& name, const std::string& title, const std::string& source) {
    const auto places = placesOf(tx);
    const auto id = ids.next<Dataset>();
    Loaded loaded;
    std::set<std::string> unknown;
    std::set<std::string> abolished;
    std::set<std::string> joint;
    std::vector<Value> values;
    std::int64_t number = 0;
    const auto keep = [&](const OfficialFigure& one, const char* level, const std::string& place,
                          const std::string& note) {
        ++number;
        for (auto value :
             {Value(id), Value(number), Value(level), Value(place), Value(one.timePeriod),
              Value(one.timeIdentifier), Value(one.indicator), Value(one.filters), Value(one.cell.value),
              one.cell.symbol.empty() ? Value(nullptr) : Value(one.cell.symbol), Value(one.cell.text),
              Value(note)})
            values.push_back(std::move(value));
    };
    std::set<std::string> seen;
    std::int64_t repeated = 0;
    for (const auto& one : file.figures) {
        if (!seen.insert(std::to_string(static_cast<int>(one.place.level)) + "|" + one.place.region + "|" +
                         one.place.oldCode + "|" + one.place.newCode + "|" + one.timePeriod + "|" +
                         one.timeIdentifier + "|" + key(one.indicator, one.filters))
                 .second) {
            ++repeated;
            continue;
        }
        if (one.place.level == Place::Level::national) {
            keep(one, "national", "E92000001", "");
        } else if (one.place.level == Place::Level::regional) {
            keep(one, "regional", one.place.region, "");
        } else {
            const auto codes = partsOf(one.place.oldCode);
            const auto newCodes = partsOf(one.place.newCode);
            for (std::size_t i = 0; i < codes.size(); ++i) {
                const auto authority = places.of(codes[i], i < newCodes.size() ? newCodes[i] : "");
                if (!authority) {
                    unknown.insert(one.place.name + " (" + one.place.oldCode + ", " + one.place.newCode +
                                   ")");
                    continue;
                }
                if (places.abolished.contains(*authority)) abolished.insert(places.names.at(*authority));
                if (codes.size() > 1) joint.insert(one.place.name);
                keep(one, "authority", std::to_string(*authority),
                     codes.size() > 1 ? "A joint return: " + one.place.name : std::string());
            }
        }
    }
    nlohmann::ordered_json indicators = nlohmann::ordered_json::array();
    for (const auto& one : file.indicators)
        indicators.push_back({{"name", one.name}, {"label", one.label}, {"unit", one.unit}});
    tx.run(kInsertDataset, id, name, title, source, tx.now(), tx.actor().name, number, indicators.dump());
    tx.runBulk(kInsertFigures, values);
    loaded.figures = number;
    const auto listed = [](const std::set<std::string>& all) {
        std::string text;
        for (const auto& one : all) text += (text.empty() ? "" : "; ") + one;
        return text;
    };
    if (repeated > 0)
        loaded.notes.push_back(std::to_string(repeated) +
                               " figures are in the file more than once; the first of each counts.");
    for (const auto& [level, rows] : file.leftOut)
        loaded.notes.push_back(std::to_string(rows) + " rows of the level " + level +
                               " are left out: it is not one of ours.");
    if (!unknown.empty())
        loaded.notes.push_back("Left out, because no reference knows the place: " + listed(unknown) + ".");
    if (!abolished.empty())
        loaded.notes.push_back(
            "Of authorities that are no more, shown for their successors: " + listed(abolished) + ".");
    if (!joint.empty()) loaded.notes.push_back("Joint returns, shown for each: " + listed(joint) + ".");
    tx.audit("official figures loaded", name, title + ": " + std::to_string(number) + " figures");
    return loaded;
}

std::vector<Dataset> OfficialFigures::known(Transaction& tx, values::Instant at) {
    std::vector<Dataset> all;
    for (auto rows = tx.query(kSelectDatasets, at, at); rows.next();)
        all.push_back(
            {rows.id<Dataset>(0), rows.text(1), rows.text(2), rows.text(3), rows.text(4), rows.number(5)});
    return all;
}

std::vector<IndicatorChoice> OfficialFigures::choices(Transaction& tx, values::Instant at) {
    std::vector<IndicatorChoice> all;
    for (const auto& dataset : known(tx, at))
        for (auto rows = tx.query(kSelectIndicators, dataset.id); rows.next();)
            for (const auto& one : values::parseJson(rows.text(0)))
                if (const std::string name = one.at("name"); isRate(name, one.at("unit")))
                    all.push_back({dataset.id.text() + "." + name, dataset.title, one.at("label")});
    return all;
}

std::optional<OfficialSeries> OfficialFigures::series(Transaction& tx, const std::string& chosen,
                                                      values::Instant at) {
    const auto dot = chosen.find('.');
    if (dot == std::string::npos) return std::nullopt;
    const auto name = chosen.substr(dot + 1);
    for (const auto& dataset : known(tx, at)) {
        if (dataset.id.text() != chosen.substr(0, dot)) continue;
        OfficialSeries series{dataset.title, dataset.source, dataset.loadedAt, "", "", "", "", {}};
        if (auto rows = tx.query(kSelectIndicators, dataset.id); rows.next())
            for (const auto& one : values::parseJson(rows.text(0)))
                if (one.at("name") == name) {
                    series.label = one.at("label");
                    series.unit = one.at("unit");
                }
        auto places = nlohmann::json::array({"E92000001"});
        for (auto rows = tx.query(kSelectRegionCodes); rows.next();) places.push_back(rows.text(0));
        std::optional<std::string> filters;
        std::map<std::string, std::string> latest;  // by place and filters
        for (auto rows = tx.query(kSelectSeries, places.dump(), dataset.id, name); rows.next();) {
            const auto period = rows.text(1) + ", " + rows.text(2);
            if (series.period.empty()) series.period = period;
            if (period != series.period) continue;
            // Of a place the first row of the period stands for the whole: files put their totals first.
            if (!filters && rows.text(0) == "E92000001") filters = rows.text(3);
            auto words = rows.text(4);
            if (const auto symbol = rows.text(5); !symbol.empty())
                words = symbolText(symbol) + " (" + symbol + ")";
            latest.emplace(rows.text(0) + "\n" + rows.text(3), words);
        }
        series.filters = filters.value_or("");
        for (const auto& [of, said] : latest)
            if (of.substr(of.find('\n') + 1) == series.filters)
                series.byPlace[of.substr(0, of.find('\n'))] = said;
        if (series.byPlace.empty()) return std::nullopt;
        return series;
    }
    return std::nullopt;
}

std::vector<ContextRow> OfficialFigures::about(Transaction& tx, identity::AuthorityId authority,
                                               values::Instant at) {
    struct Found {
        std::string period;
        std::string words;
        std::string note;
        std::string label;
    };
    std::string region;
    if (auto rows = tx.query(kSelectRegion, authority); rows.next()) region = rows.text(0);
    std::vector<std::pair<std::string, std::string>> predecessors;  // number, note
    for (auto rows = tx.query(kSelectPredecessors, authority); rows.next();)
        predecessors.emplace_back(
            rows.text(0),
            "Of " + rows.text(1) + ", which this authority succeeded on " + rows.date(2).text());

    std::vector<ContextRow> all;
    for (const auto& dataset : known(tx, at)) {
        std::map<std::string, std::pair<std::string, std::string>> indicators;  // label, unit
        std::vector<std::string> order;
        if (auto rows = tx.query(kSelectIndicators, dataset.id); rows.next())
            for (const auto& one : values::parseJson(rows.text(0))) {
                order.push_back(one.at("name"));
                indicators[one.at("name")] = {one.at("label"), one.at("unit")};
            }
        /// By indicator and filters: what was published of a place, by period.
        const auto ofPlace = [&](const std::string& place) {
            std::map<std::string, std::map<std::string, Found>> found;
            for (auto rows = tx.query(kSelectFigures, dataset.id, place); rows.next();) {
                auto words = rows.text(6);
                if (const auto symbol = rows.text(7); !symbol.empty())
                    words = symbolText(symbol) + (symbol == "x" && words.empty() ? "" : " (" + symbol + ")");
                found[key(rows.text(4), rows.text(5))].emplace(
                    rows.text(2) + ", " + rows.text(3),
                    Found{rows.text(2) + ", " + rows.text(3), words, rows.text(8), rows.text(5)});
            }
            return found;
        };
        auto own = ofPlace(std::to_string(authority.code()));
        std::map<std::string, std::string> notes;
        for (const auto& [place, note] : predecessors)
            for (auto& [of, periods] : ofPlace(place))
                if (!own.contains(of)) {
                    notes[of] = note;
                    own.emplace(of, std::move(periods));
                }
        const auto ofRegion = ofPlace(region);
        const auto ofEngland = ofPlace("E92000001");
        for (const auto& name : order) {
            const auto& [label, unit] = indicators.at(name);
            if (!isRate(name, unit)) continue;
            for (const auto& one : own) {
                const auto& of = one.first;
                const auto& periods = one.second;
                if (of.substr(0, of.find('\n')) != name) continue;
                const auto& newest = periods.rbegin()->second;
                const auto beside = [&](const auto& places) -> std::string {
                    const auto found = places.find(of);
                    if (found == places.end()) return "–";
                    const auto same = found->second.find(newest.period);
                    return same == found->second.end() ? "–" : same->second.words;
                };
                auto note = newest.note;
                if (const auto found = notes.find(of); found != notes.end()) note = found->second;
                all.push_back({dataset.title, dataset.source, label, unit, newest.label, newest.period,
                               newest.words, beside(ofRegion), beside(ofEngland), note});
            }
        }
    }
    return all;
}

}  // namespace context
