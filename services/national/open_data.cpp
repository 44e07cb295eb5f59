// What is published, for machines of anyone.
#include <algorithm>

#include "national/door.h"
#include "national/tables_page.h"
#include "platform/digest.h"
#include "releases/pivot.h"

namespace national {

using entrance::Visit;
using platform::Response;
using platform::Transaction;
using platform::View;
using releases::isNumber;
using releases::Release;
using releases::Releases;
using releases::ReleaseTable;

namespace {

constexpr int kMostOnAPage = 1000;

/// With a tag of what was asked for, so that the same is not sent again. `tagged`: what the content follows
/// from, besides the address.
Response openAnswer(const platform::Request& request, const View& content, const std::string& tagged) {
    auto asked = tagged + "|" + request.path + "|";
    for (const auto& [name, value] : request.query) asked += name + "=" + value + "&";
    const auto tag = "\"" + platform::sha256Hex(asked).substr(0, 32) + "\"";
    const std::vector<std::pair<std::string, std::string>> headers{
        {"ETag", tag}, {"Access-Control-Allow-Origin", "*"}, {"Cache-Control", "public, max-age=60"}};
    if (request.header("if-none-match") == tag) return {304, "application/json", "", headers};
    return {200, "application/json", content.json(), headers};
}

View jsonOf(const Release& release) {
    View out{{"id", publicationOf(release)},
             {"title", release.title()},
             {"quarter", release.quarter.name()},
             {"version", release.version},
             {"state", release.state},
             {"published_at", release.publishedAt},
             {"fingerprint", release.fingerprint}};
    if (release.state == "withdrawn") {
        out["withdrawn_at"] = release.withdrawnAt;
        out["notice"] = release.withdrawal;
        return out;
    }
    out["tables"] = View::list();
    for (const auto& name : release.tables)
        out["tables"].push_back(
            {{"name", name}, {"href", "/api/v1/releases/" + publicationOf(release) + "/tables/" + name}});
    out["licence"] = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/";
    return out;
}

/// What a query of a table asks for. Throws Invalid, naming what is not known.
struct TableQuestion {
    std::string level;
    std::string place;
    std::vector<std::optional<std::size_t>> items;  ///< of each filter; none for all
    int page = 1;
    int pageSize = 100;
};

TableQuestion questionOf(const ReleaseTable& of, const values::Fields& query) {
    static const std::vector<std::pair<std::string, std::string>> kLevelNames{
        {"national", "National"}, {"regional", "Regional"}, {"authority", "Local authority"}};
    values::Reader reader(query);
    TableQuestion question;
    question.items.resize(of.filters.size());
    question.page = reader.optionalWhole("page", 1, 1000000).value_or(1);
    question.pageSize = reader.optionalWhole("page_size", 1, kMostOnAPage).value_or(100);
    for (const auto& [name, value] : query) {
        if (name == "page" || name == "page_size") continue;
        if (name == "level") {
            const auto found =
                std::ranges::find(kLevelNames, value, &std::pair<std::string, std::string>::first);
            if (found == kLevelNames.end()) reader.problem(name, "Use national, regional or authority.");
            else question.level = found->second;
        } else if (name == "place") {
            question.place = value;
        } else {
            const auto filter = std::ranges::find(of.filters, name, &releases::Filter::name);
            if (filter == of.filters.end()) {
                reader.problem(name, "There is no such filter.");
                continue;
            }
            const auto item = std::ranges::find(filter->items, value);
            if (item == filter->items.end()) reader.problem(name, "The filter has no such item.");
            else
                question.items[static_cast<std::size_t>(filter - of.filters.begin())] =
                    static_cast<std::size_t>(item - filter->items.begin());
        }
    }
    reader.refuseProblems();
    return question;
}

bool isAsked(const ReleaseTable::Row& one, const TableQuestion& question) {
    if (!question.level.empty() && one.level != question.level) return false;
    if (!question.place.empty() && one.code != question.place && one.place != question.place) return false;
    for (std::size_t i = 0; i < question.items.size(); ++i)
        if (question.items[i] && *question.items[i] != one.items[i]) return false;
    return true;
}

View jsonOf(const ReleaseTable& of, const ReleaseTable::Row& one) {
    View out{{"level", one.level}, {"code", one.code}, {"place", one.place}, {"region", one.region}};
    for (std::size_t i = 0; i < of.filters.size(); ++i)
        out[of.filters[i].name] = of.filters[i].items[one.items[i]];
    for (std::size_t i = 0; i < of.indicators.size(); ++i) {
        const auto& value = one.values[i];
        View cell{{"value", View()}, {"symbol", View()}};
        if (isNumber(value)) cell["value"] = View::fromJson(value);
        else cell["symbol"] = value;
        out[of.indicators[i].name] = std::move(cell);
    }
    return out;
}

/// What a table is about: its filters and its indicators.
View jsonOf(const Release& release, const ReleaseTable& of) {
    View out{{"release", publicationOf(release)},
             {"table", of.name},
             {"title", of.title},
             {"about", of.about},
             {"filters", View::list()},
             {"indicators", View::list()}};
    for (const auto& one : of.filters)
        out["filters"].push_back({{"name", one.name}, {"label", one.label}, {"items", one.items}});
    for (const auto& one : of.indicators)
        out["indicators"].push_back({{"name", one.name}, {"label", one.label}, {"unit", one.unit}});
    return out;
}

/// The same question's next page.
std::string pageAfter(const platform::Request& request, int page) {
    auto next = request.path + "?";
    for (const auto& [name, value] : request.query)
        if (name != "page") next += platform::urlEncoded(name) + "=" + platform::urlEncoded(value) + "&";
    return next + "page=" + std::to_string(page + 1);
}

/// The rows that a question asks for, one page of them.
View pageOf(const ReleaseTable& of, const TableQuestion& question, const platform::Request& request) {
    const auto size = static_cast<std::size_t>(question.pageSize);
    const auto from = static_cast<std::size_t>(question.page - 1) * size;
    std::size_t found = 0;
    auto rows = View::list();
    for (const auto& one : of.rows) {
        if (!isAsked(one, question)) continue;
        if (found >= from && found < from + size) rows.push_back(jsonOf(of, one));
        ++found;
    }
    return {{"total", found},
            {"page", question.page},
            {"page_size", question.pageSize},
            {"next", from + size < found ? View(pageAfter(request, question.page)) : View()},
            {"data", std::move(rows)}};
}

}  // namespace

Response Door::apiReleases(Visit& visit) {
    View out{{"data", View::list()}};
    database_.read([&](Transaction& tx) {
        out["data"] = View::list();
        for (const auto& one : Releases::published(tx)) out["data"].push_back(jsonOf(one));
    });
    return openAnswer(visit.request, out, out.json());
}

Response Door::apiRelease(Visit& visit) {
    View out;
    database_.read([&](Transaction& tx) {
        const auto release = releaseNamed(tx, visit.request.part("publication"));
        out = jsonOf(release);
        out["files"] = View::list();
        if (release.state == "withdrawn") return;
        for (const auto& file : Releases::files(tx, release))
            out["files"].push_back({{"name", file.name},
                                    {"href", publicAddressOf(release) + "/files/" + file.name},
                                    {"type", file.type},
                                    {"size", file.size},
                                    {"sha256", file.digest}});
    });
    return openAnswer(visit.request, out, out.json());
}

Response Door::apiTable(Visit& visit) {
    View out;
    std::string fingerprint;
    database_.read([&](Transaction& tx) {
        const auto release = publishedRelease(tx, visit.request.part("publication"));
        fingerprint = release.fingerprint;
        const auto published = Releases::table(tx, release, visit.request.part("table"));
        const auto question = questionOf(*published, visit.request.query);
        out = jsonOf(release, *published);
        out.add(pageOf(*published, question, visit.request));
    });
    return openAnswer(visit.request, out, fingerprint);
}

Response Door::apiPivot(Visit& visit) {
    View out;
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
        auto items = View::object();
        for (const auto& [name, value] : pivot.question.items) items[name] = value;
        out = {{"release", publicationOf(release)},
               {"table", table->name},
               {"indicator", pivot.question.indicator},
               {"rows", {{"dimension", pivot.question.rows}, {"labels", pivot.rows}}},
               {"columns", {{"dimension", pivot.question.columns}, {"labels", pivot.columns}}},
               {"items", items},
               {"cells", View::list()}};
        for (const auto& row : pivot.cells) {
            auto cells = View::list();
            for (const auto& cell : row) cells.push_back({{"value", cell.value}, {"status", cell.status}});
            out["cells"].push_back(std::move(cells));
        }
    });
    return openAnswer(visit.request, out, fingerprint);
}

}  // namespace national
