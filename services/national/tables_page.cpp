#include "national/tables_page.h"

#include <algorithm>

namespace national {

using platform::View;

namespace {

const std::vector<entrance::Option> kPlaces{{"Regional", "England and regions"},
                                            {"Local authority", "Local authorities, by name"}};

/// The item that a filter is set to: what was asked for, `Total`, or the table's own choice.
std::size_t chosenItem(const releases::Filter& filter, const values::Fields& query) {
    for (const auto& wanted : {entrance::valueOf(query, filter.name), std::string("Total"), filter.chosen})
        if (const auto found = std::ranges::find(filter.items, wanted); found != filter.items.end())
            return static_cast<std::size_t>(found - filter.items.begin());
    return 0;
}

/// Those of every filter, and how far down places go where the table has authorities.
std::vector<entrance::Field> choicesOf(const releases::ReleaseTable& table,
                                       const std::vector<std::size_t>& chosen, bool hasAuthorities,
                                       const std::string& level) {
    std::vector<entrance::Field> choices;
    for (std::size_t i = 0; i < table.filters.size(); ++i) {
        const auto& filter = table.filters[i];
        std::vector<entrance::Option> options;
        for (const auto& item : filter.items) options.push_back({item, item});
        choices.push_back(entrance::choice(filter.name, filter.label, options,
                                           filter.items.empty() ? "" : filter.items[chosen[i]]));
    }
    if (hasAuthorities) choices.push_back(entrance::choice("level", "Places", kPlaces, level));
    return choices;
}

/// England, and the places of a level, where the table's filters are set to these items.
entrance::Table figuresOf(const releases::ReleaseTable& table, const std::vector<std::size_t>& chosen,
                          const std::string& level) {
    std::vector<std::string> headers{"Place"};
    for (const auto& one : table.indicators)
        headers.push_back(one.label + (one.unit.empty() ? "" : " (" + one.unit + ")"));
    std::vector<entrance::Row> rows;
    for (const auto& one : table.rows) {
        if (one.items != chosen) continue;
        if (one.level == level || one.level == "National")
            rows.push_back(entrance::row(one.place, one.values));
    }
    std::string caption;
    for (std::size_t i = 0; i < table.filters.size(); ++i)
        caption += (i == 0 ? "" : ", ") + table.filters[i].items[chosen[i]];
    return entrance::table("figures", caption, headers, rows);
}

}  // namespace

std::string publicationOf(const releases::Release& release) {
    return release.quarter.slug() + "-v" + std::to_string(release.version);
}

std::string publicAddressOf(const releases::Release& release) {
    return "/publications/" + publicationOf(release);
}

releases::Release releaseNamed(platform::Transaction& tx, const std::string& name) {
    auto all = releases::Releases::published(tx);
    for (auto& one : all)
        if (publicationOf(one) == name) return std::move(one);
    for (const auto* state : {"published", "withdrawn"})
        for (auto& one : all)
            if (one.quarter.slug() == name && one.state == state) return std::move(one);
    throw values::NotFound("no such publication");
}

releases::Release publishedRelease(platform::Transaction& tx, const std::string& name) {
    auto release = releaseNamed(tx, name);
    if (release.state == "withdrawn")
        throw platform::HttpProblem(410, "This publication was withdrawn: " + release.withdrawal);
    return release;
}

View TablePage::view() const {
    return {{"release", release},     {"title", title},
            {"about", about},         {"path", path},
            {"choices", choices},     {"show", entrance::secondaryButton("Show")},
            {"figures", figures},     {"symbols", symbolMeanings()},
            {"footnotes", footnotes}, {"back", back}};
}

TablePage tablePage(const releases::ReleaseTable& table, const platform::Request& request) {
    const bool hasAuthorities =
        std::ranges::any_of(table.rows, [](const auto& one) { return one.level == "Local authority"; });
    const auto wanted = entrance::valueOf(request.query, "level");
    const auto level = hasAuthorities && wanted == "Local authority" ? wanted : std::string("Regional");
    std::vector<std::size_t> chosen;
    for (const auto& filter : table.filters) chosen.push_back(chosenItem(filter, request.query));
    TablePage page;
    page.title = table.title;
    page.about = table.about;
    page.path = request.path;
    page.choices = choicesOf(table, chosen, hasAuthorities, level);
    page.figures = figuresOf(table, chosen, level);
    return page;
}

View FileLink::view() const { return {{"href", href}, {"name", name}, {"size", size}}; }

std::vector<FileLink> fileLinks(const std::vector<releases::StoredFile>& files, const std::string& path) {
    std::vector<FileLink> links;
    for (const auto& one : files)
        links.push_back({path + "/files/" + one.name, one.name,
                         one.size < 10000 ? std::to_string(one.size) + " bytes"
                                          : std::to_string((one.size + 500) / 1000) + " KB"});
    return links;
}

platform::Response fileAnswer(const releases::StoredFile& file) {
    return {200,
            file.type,
            file.content,
            {{"Content-Disposition", "attachment; filename=\"" + file.name + "\""},
             {"ETag", "\"" + file.digest + "\""}}};
}

}  // namespace national
