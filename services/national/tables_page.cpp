#include "national/tables_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "entrance/view.h"
#include "platform/digest.h"

namespace national {

using entrance::row;
using entrance::table;
using nlohmann::json;

namespace {

const std::vector<entrance::Option> kLevels{{"Regional", "England and regions"},
                                            {"Local authority", "Local authorities, by name"}};

/// The item that a filter is set to: what was asked for, `Total`, or the table's own choice.
std::size_t chosenItem(const releases::Filter& filter, const values::Fields& query) {
    for (const auto& wanted : {entrance::valueOf(query, filter.name), std::string("Total"), filter.chosen})
        if (const auto found = std::ranges::find(filter.items, wanted); found != filter.items.end())
            return static_cast<std::size_t>(found - filter.items.begin());
    return 0;
}

}  // namespace

std::string publicationOf(const releases::Release& release) {
    return release.quarter.slug() + "-v" + std::to_string(release.version);
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

platform::Response openAnswer(const platform::Request& request, const nlohmann::ordered_json& content,
                              const std::string& tagged) {
    auto asked = tagged + "|" + request.path + "|";
    for (const auto& [name, value] : request.query) asked += name + "=" + value + "&";
    const auto tag = "\"" + platform::sha256Hex(asked).substr(0, 32) + "\"";
    const std::vector<std::pair<std::string, std::string>> headers{
        {"ETag", tag}, {"Access-Control-Allow-Origin", "*"}, {"Cache-Control", "public, max-age=60"}};
    if (request.header("if-none-match") == tag) return {304, "application/json", "", headers};
    return {200, "application/json", content.dump(), headers};
}

json tableView(const releases::ReleaseTable& published, const platform::Request& request) {
    const auto wanted = entrance::valueOf(request.query, "level");
    const bool hasAuthorities =
        std::ranges::any_of(published.rows, [](const auto& one) { return one.level == "Local authority"; });
    const auto level = hasAuthorities && wanted == "Local authority" ? wanted : std::string("Regional");
    json choices = json::array();
    std::vector<std::size_t> chosen;
    for (const auto& filter : published.filters) {
        chosen.push_back(chosenItem(filter, request.query));
        std::vector<entrance::Option> options;
        for (const auto& item : filter.items) options.push_back({item, item});
        choices.push_back(entrance::choice(filter.name, filter.label, options,
                                           filter.items.empty() ? "" : filter.items[chosen.back()]));
    }
    if (hasAuthorities) choices.push_back(entrance::choice("level", "Places", kLevels, level));
    std::vector<std::string> headers{"Place"};
    for (const auto& one : published.indicators)
        headers.push_back(one.label + (one.unit.empty() ? "" : " (" + one.unit + ")"));
    json rows = json::array();
    for (const auto& one : published.rows) {
        if (one.items != chosen) continue;
        if (one.level == level || one.level == "National") rows.push_back(row(one.place, one.values));
    }
    std::string caption;
    for (std::size_t i = 0; i < published.filters.size(); ++i)
        caption += (i == 0 ? "" : ", ") + published.filters[i].items[chosen[i]];
    json symbols = json::array();
    for (const auto& one : releases::symbols())
        symbols.push_back({{"symbol", one.symbol}, {"meaning", one.meaning}});
    return {{"title", published.title},
            {"about", published.about},
            {"path", request.path},
            {"choices", choices},
            {"show", entrance::secondaryButton("Show")},
            {"figures", table("figures", caption, headers, rows)},
            {"symbols", symbols}};
}

json filesView(const std::vector<releases::StoredFile>& files, const std::string& path) {
    json view = json::array();
    for (const auto& one : files)
        view.push_back({{"href", path + "/files/" + one.name},
                        {"name", one.name},
                        {"size", one.size < 10000 ? std::to_string(one.size) + " bytes"
                                                  : std::to_string((one.size + 500) / 1000) + " KB"},
                        {"digest", one.digest}});
    return view;
}

platform::Response fileAnswer(const releases::StoredFile& file) {
    return {200,
            file.type,
            file.content,
            {{"Content-Disposition", "attachment; filename=\"" + file.name + "\""},
             {"ETag", "\"" + file.digest + "\""}}};
}

}  // namespace national
