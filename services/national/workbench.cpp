// The analysts' workbench: any table of any release, turned as it is needed. It arranges what a release
// shows and adds nothing up, so it can give nothing away.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "entrance/view.h"
#include "national/door.h"
#include "national/tables_page.h"
#include "platform/workbook.h"
#include "releases/pivot.h"
#include "releases/saved_views.h"

namespace national {

using entrance::Visit;
using nlohmann::json;
using platform::Response;
using platform::Transaction;
using releases::Pivot;
using releases::Release;
using releases::Releases;
using releases::ReleaseTable;

namespace {

/// What an address of the workbench asks for, found.
struct Bench {
    std::vector<Release> releases;
    const Release* release = nullptr;
    std::shared_ptr<const ReleaseTable> table;
    Pivot pivot;
};

const std::vector<std::string> kOwn{"release", "table", "rows", "columns", "indicator", "level", "place"};

/// Filters stand in the address by their names, and dimensions by `rows` and `columns`. What an address holds
/// of another table is left out: choosing another table keeps the rest.
Bench benchOf(Transaction& tx, const values::Fields& query) {
    Bench bench;
    for (auto& one : Releases::all(tx))
        if (one.isMade()) bench.releases.push_back(std::move(one));
    if (bench.releases.empty()) return bench;
    const auto wanted = entrance::valueOf(query, "release");
    const auto found =
        std::ranges::find_if(bench.releases, [&](const Release& one) { return one.id.text() == wanted; });
    bench.release = found == bench.releases.end() ? bench.releases.data() : &*found;
    auto name = entrance::valueOf(query, "table");
    if (std::ranges::find(bench.release->tables, name) == bench.release->tables.end())
        name = bench.release->tables.front();
    bench.table = Releases::table(tx, *bench.release, name);
    const auto isDimension = [&](const std::string& one) {
        return one == "place" || bench.table->filter(one) != nullptr;
    };
    releases::PivotQuestion question;
    for (const auto* side : {"rows", "columns"})
        if (const auto said = entrance::valueOf(query, side); isDimension(said))
            (side == std::string("rows") ? question.rows : question.columns) = said;
    if (question.rows == question.columns) question.columns.clear();
    for (const auto& one : bench.table->indicators)
        if (one.name == entrance::valueOf(query, "indicator")) question.indicator = one.name;
    question.level = entrance::valueOf(query, "level") == "authority" ? "authority" : "regional";
    question.place = entrance::valueOf(query, "place");
    for (const auto& filter : bench.table->filters)
        if (const auto item = entrance::valueOf(query, filter.name);
            std::ranges::find(filter.items, item) != filter.items.end())
            question.items[filter.name] = item;
    bench.pivot = releases::pivotOf(*bench.table, question);
    return bench;
}

std::string queryOf(const Bench& bench) {
    const auto& asked = bench.pivot.question;
    std::string query = "release=" + bench.release->id.text() + "&table=" + bench.table->name +
                        "&rows=" + platform::urlEncoded(asked.rows) +
                        "&columns=" + platform::urlEncoded(asked.columns) + "&indicator=" + asked.indicator +
                        "&level=" + asked.level + "&place=" + platform::urlEncoded(asked.place);
    for (const auto& [name, item] : asked.items)
        query += "&" + platform::urlEncoded(name) + "=" + platform::urlEncoded(item);
    return query;
}

std::string dimensionText(const ReleaseTable& table, const std::string& name) {
    const auto* filter = table.filter(name);
    return filter == nullptr ? "Place" : filter->label;
}

std::string captionOf(const Bench& bench) {
    const auto& asked = bench.pivot.question;
    std::string caption =
        std::ranges::find(bench.table->indicators, asked.indicator, &releases::Indicator::name)->label;
    for (const auto& [name, item] : asked.items) caption += ", " + item;
    if (asked.rows != "place" && asked.columns != "place") caption += ", " + asked.place;
    return caption;
}

std::string stateOf(const Release& release) {
    return release.title() + (release.isPublic() ? ", version " + std::to_string(release.version)
                                                 : ", " + release.state + ", not published");
}

json choicesOf(const Bench& bench) {
    const auto& asked = bench.pivot.question;
    json choices = json::array();
    std::vector<entrance::Option> options;
    for (const auto& one : bench.releases) options.push_back({one.id.text(), stateOf(one)});
    choices.push_back(entrance::choice("release", "Release", options, bench.release->id.text()));
    options.clear();
    for (const auto& kind : releases::tableKinds())
        if (std::ranges::find(bench.release->tables, kind.name) != bench.release->tables.end())
            options.push_back({kind.name, kind.title});
    choices.push_back(entrance::choice("table", "Table", options, bench.table->name));
    options.clear();
    for (const auto& one : bench.table->indicators) options.push_back({one.name, one.label});
    choices.push_back(entrance::choice("indicator", "Figure", options, asked.indicator));
    options = {{"place", "Place"}};
    for (const auto& filter : bench.table->filters) options.push_back({filter.name, filter.label});
    choices.push_back(entrance::choice("rows", "Rows", options, asked.rows));
    choices.push_back(entrance::choice("columns", "Columns", options, asked.columns));
    if (asked.rows == "place" || asked.columns == "place") {
        choices.push_back(entrance::choice(
            "level", "Places", {{"regional", "England and regions"}, {"authority", "Local authorities"}},
            asked.level));
    } else {
        options.clear();
        std::string last;
        for (const auto& row : bench.table->rows)
            if (row.place != last) {
                options.push_back({row.place, row.place});
                last = row.place;
            }
        choices.push_back(entrance::choice("place", "Place", options, asked.place));
    }
    for (const auto& filter : bench.table->filters) {
        const auto fixed = asked.items.find(filter.name);
        if (fixed == asked.items.end()) continue;
        options.clear();
        for (const auto& item : filter.items) options.push_back({item, item});
        choices.push_back(entrance::choice(filter.name, filter.label, options, fixed->second));
    }
    return choices;
}

/// Every cell by itself, with what is to be known of it: a file that can be read by people and machines.
std::vector<std::vector<std::string>> linesOf(const Bench& bench) {
    const auto& pivot = bench.pivot;
    std::vector<std::vector<std::string>> lines{
        {"Release", "Table", "Figure", dimensionText(*bench.table, pivot.question.rows),
         dimensionText(*bench.table, pivot.question.columns), "Value", "Disclosure status"}};
    for (std::size_t r = 0; r < pivot.rows.size(); ++r)
        for (std::size_t c = 0; c < pivot.columns.size(); ++c)
            lines.push_back({stateOf(*bench.release), bench.table->title, captionOf(bench), pivot.rows[r],
                             pivot.columns[c], pivot.cells[r][c].value, pivot.cells[r][c].status});
    return lines;
}

Bench requiredBench(Transaction& tx, const Visit& visit) {
    auto bench = benchOf(tx, visit.request.query);
    if (bench.release == nullptr) throw values::NotFound("there is no release yet");
    return bench;
}

}  // namespace

Response Door::workbench(Visit& visit) {
    json view{{"title", "Workbench"}};
    database_.read([&](Transaction& tx) {
        const auto bench = benchOf(tx, visit.request.query);
        view["isEmpty"] = bench.release == nullptr;
        if (bench.release == nullptr) return;
        view["choices"] = choicesOf(bench);
        view["show"] = entrance::secondaryButton("Show");
        std::vector<std::string> headers{dimensionText(*bench.table, bench.pivot.question.rows)};
        headers.insert(headers.end(), bench.pivot.columns.begin(), bench.pivot.columns.end());
        json rows = json::array();
        for (std::size_t r = 0; r < bench.pivot.rows.size(); ++r) {
            std::vector<std::string> cells;
            for (const auto& cell : bench.pivot.cells[r])
                cells.push_back(cell.value.empty() ? "–" : cell.value);
            rows.push_back(entrance::row(bench.pivot.rows[r], cells));
        }
        view["pivot"] = entrance::table("pivot", captionOf(bench), headers, rows);
        view["query"] = queryOf(bench);
        view["symbols"] = json::array();
        for (const auto& one : releases::symbols())
            view["symbols"].push_back({{"symbol", one.symbol}, {"meaning", one.meaning}});
        view["saved"] = json::array();
        for (const auto& one : releases::SavedViews::all(tx))
            view["saved"].push_back(
                {{"href", "/workbench?" + one.query},
                 {"text", one.title},
                 {"by", one.savedBy},
                 {"remove", {{"path", "/workbench/views/" + one.id.text() + "/remove"}}}});
        view["hasSaved"] = !view["saved"].empty();
        view["name"] =
            entrance::input({"name", "Name of this view", entrance::valueOf(visit.request.form, "name"),
                             "text", "Every analyst sees it"},
                            visit.problems);
        view["save"] = entrance::secondaryButton("Save this view");
    });
    if (!visit.problems.empty()) view["summaryOfErrors"] = entrance::errorSummary(visit.problems);
    return entrance_.render(visit, "national/workbench", std::move(view));
}

Response Door::workbenchFile(Visit& visit) {
    std::string text;
    database_.read([&](Transaction& tx) {
        text.clear();
        for (const auto& line : linesOf(requiredBench(tx, visit))) {
            for (std::size_t i = 0; i < line.size(); ++i)
                text += (i == 0 ? "" : ",") + entrance::csvCell(line[i]);
            text += "\r\n";
        }
    });
    return {200,
            "text/csv; charset=utf-8",
            std::move(text),
            {{"Content-Disposition", "attachment; filename=\"workbench.csv\""}}};
}

Response Door::workbenchWorkbook(Visit& visit) {
    platform::WorkbookSheet sheet{"Workbench", {}, {}, 0};
    database_.read([&](Transaction& tx) {
        sheet.columns.clear();
        sheet.rows.clear();
        const auto lines = linesOf(requiredBench(tx, visit));
        for (const auto& heading : lines.front()) sheet.columns.push_back({heading, "", 24, false, {}});
        for (std::size_t i = 1; i < lines.size(); ++i) {
            std::vector<platform::WorkbookCell> row;
            for (std::size_t column = 0; column < lines[i].size(); ++column)
                row.push_back({lines[i][column], column == 5 && lines[i][6] == "published", false});
            sheet.rows.push_back(std::move(row));
        }
    });
    return {200,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            platform::workbookOf({sheet}, clock_.now()),
            {{"Content-Disposition", "attachment; filename=\"workbench.xlsx\""}}};
}

Response Door::saveView(Visit& visit) {
    values::Reader form(visit.request.form);
    const auto name = form.text("name", "a name");
    form.refuseProblems();
    const auto query = entrance::valueOf(visit.request.form, "query");
    if (query.size() > 4000 || query.find_first_of("\r\n#\"<>") != std::string::npos)
        throw values::Invalid(
            {{{"", 0, "name"}, "", "This view cannot be saved. Choose it again, then save it."}});
    return once(visit, [&](Transaction& tx) {
        releases::SavedViews::save(tx, ids_, name, query);
        return "/workbench?" + query;
    });
}

Response Door::removeView(Visit& visit) {
    return once(visit, [&](Transaction& tx) {
        releases::SavedViews::remove(tx, visit.request.partId<releases::SavedView>("view"));
        return std::string("/workbench");
    });
}

Response Door::apiPivot(Visit& visit) {
    nlohmann::ordered_json out;
    std::string fingerprint;
    database_.read([&](Transaction& tx) {
        const auto release = publishedRelease(tx, visit.request.part("publication"));
        fingerprint = release.fingerprint;
        const auto table = Releases::table(tx, release, visit.request.part("table"));
        releases::PivotQuestion question;
        for (const auto& [name, value] : visit.request.query)
            (name == "rows"        ? question.rows
             : name == "columns"   ? question.columns
             : name == "indicator" ? question.indicator
             : name == "level"     ? question.level
             : name == "place"     ? question.place
                                   : question.items[name]) = value;
        const auto pivot = releases::pivotOf(*table, question);
        out = {{"release", publicationOf(release)},
               {"table", table->name},
               {"indicator", pivot.question.indicator},
               {"rows", {{"dimension", pivot.question.rows}, {"labels", pivot.rows}}},
               {"columns", {{"dimension", pivot.question.columns}, {"labels", pivot.columns}}},
               {"items", pivot.question.items},
               {"cells", nlohmann::ordered_json::array()}};
        for (const auto& row : pivot.cells) {
            auto cells = nlohmann::ordered_json::array();
            for (const auto& cell : row) cells.push_back({{"value", cell.value}, {"status", cell.status}});
            out["cells"].push_back(std::move(cells));
        }
    });
    return openAnswer(visit.request, out, fingerprint);
}

}  // namespace national
