// The analysts' workbench: any table of any release, turned as it is needed. It arranges what a release
// shows and adds nothing up, so it can give nothing away.
#include <algorithm>

#include "national/door.h"
#include "national/parts.h"
#include "platform/workbook.h"
#include "releases/pivot.h"
#include "releases/saved_views.h"

namespace national {

using entrance::Visit;
using platform::Response;
using platform::Transaction;
using platform::View;
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
        if (one.isOpen()) bench.releases.push_back(std::move(one));
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

std::vector<entrance::Option> releaseOptions(const Bench& bench) {
    std::vector<entrance::Option> options;
    for (const auto& one : bench.releases) options.push_back({one.id.text(), stateOf(one)});
    return options;
}

std::vector<entrance::Option> tableOptions(const Release& release) {
    std::vector<entrance::Option> options;
    for (const auto& kind : releases::tableKinds())
        if (std::ranges::find(release.tables, kind.name) != release.tables.end())
            options.push_back({kind.name, kind.title});
    return options;
}

std::vector<entrance::Option> indicatorOptions(const ReleaseTable& table) {
    std::vector<entrance::Option> options;
    for (const auto& one : table.indicators) options.push_back({one.name, one.label});
    return options;
}

std::vector<entrance::Option> dimensionOptions(const ReleaseTable& table) {
    std::vector<entrance::Option> options{{"place", "Place"}};
    for (const auto& filter : table.filters) options.push_back({filter.name, filter.label});
    return options;
}

/// Rows of one place stand together.
std::vector<entrance::Option> placeOptions(const ReleaseTable& table) {
    std::vector<entrance::Option> options;
    for (const auto& row : table.rows)
        if (options.empty() || options.back().value != row.place) options.push_back({row.place, row.place});
    return options;
}

/// How far down places go where they are a dimension, else the one place.
entrance::Field placesChoice(const Bench& bench) {
    const auto& asked = bench.pivot.question;
    if (asked.rows != "place" && asked.columns != "place")
        return entrance::choice("place", "Place", placeOptions(*bench.table), asked.place);
    return entrance::choice("level", "Places",
                            {{"regional", "England and regions"}, {"authority", "Local authorities"}},
                            asked.level);
}

std::vector<entrance::Field> choicesOf(const Bench& bench) {
    const auto& asked = bench.pivot.question;
    const auto dimensions = dimensionOptions(*bench.table);
    std::vector<entrance::Field> choices{
        entrance::choice("release", "Release", releaseOptions(bench), bench.release->id.text()),
        entrance::choice("table", "Table", tableOptions(*bench.release), bench.table->name),
        entrance::choice("indicator", "Figure", indicatorOptions(*bench.table), asked.indicator),
        entrance::choice("rows", "Rows", dimensions, asked.rows),
        entrance::choice("columns", "Columns", dimensions, asked.columns),
        placesChoice(bench)};
    for (const auto& filter : bench.table->filters) {
        const auto fixed = asked.items.find(filter.name);
        if (fixed == asked.items.end()) continue;
        std::vector<entrance::Option> options;
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

struct SavedLine {
    entrance::Link link;
    std::string savedBy;
    std::string removeAddress;

    View view() const {
        return {{"href", link.href}, {"text", link.text}, {"by", savedBy}, {"removeAddress", removeAddress}};
    }
};

std::vector<SavedLine> savedViews(Transaction& tx) {
    std::vector<SavedLine> saved;
    for (const auto& one : releases::SavedViews::all(tx))
        saved.push_back({{"/workbench?" + one.query, one.title},
                         one.savedBy,
                         "/workbench/views/" + one.id.text() + "/remove"});
    return saved;
}

entrance::Table pivotTable(const Bench& bench) {
    const auto& pivot = bench.pivot;
    std::vector<std::string> headers{dimensionText(*bench.table, pivot.question.rows)};
    headers.insert(headers.end(), pivot.columns.begin(), pivot.columns.end());
    std::vector<entrance::Row> rows;
    for (std::size_t r = 0; r < pivot.rows.size(); ++r) {
        rows.push_back(entrance::row(pivot.rows[r], {}));
        for (const auto& cell : pivot.cells[r])
            rows.back().cells.push_back(cell.value.empty() ? "–" : cell.value);
    }
    return entrance::table("pivot", captionOf(bench), headers, rows);
}

/// A table of a release as it is turned, and what else can be done with it.
struct BenchView {
    std::vector<entrance::Field> choices;
    entrance::Table pivot;
    std::string query;  ///< as it stands in an address
    std::vector<SavedLine> saved;
    entrance::Field name;  ///< to save it by

    View view() const {
        return {{"choices", choices}, {"show", entrance::secondaryButton("Show")},
                {"pivot", pivot},     {"symbols", symbolMeanings()},
                {"query", query},     {"saved", saved},
                {"name", name},       {"save", entrance::secondaryButton("Save this view")}};
    }
};

struct WorkbenchPage {
    std::optional<BenchView> bench;  ///< nothing where there is no release yet
    std::optional<entrance::ErrorSummary> problems;

    View view() const { return {{"title", "Workbench"}, {"summaryOfErrors", problems}, {"bench", bench}}; }
};

}  // namespace

Response Door::workbench(Visit& visit) {
    WorkbenchPage page;
    database_.read([&](Transaction& tx) {
        const auto bench = benchOf(tx, visit.request.query);
        if (bench.release == nullptr) return;
        page.bench = {
            choicesOf(bench), pivotTable(bench), queryOf(bench), savedViews(tx),
            entrance::input({"name", "Name of this view", entrance::valueOf(visit.request.form, "name"),
                             "text", "Every analyst sees it"},
                            visit.problems)};
    });
    page.problems = entrance::summaryOf(visit.problems);
    return entrance_.render(visit, "national/workbench", page);
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

}  // namespace national
