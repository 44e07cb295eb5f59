// What is published: pages for people and an interface for machines, open to anyone.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "entrance/view.h"
#include "measures/level.h"
#include "national/door.h"
#include "national/tables_page.h"
#include "presentation/charts.h"

namespace national {

using entrance::row;
using entrance::table;
using entrance::Visit;
using nlohmann::json;
using nlohmann::ordered_json;
using platform::Response;
using platform::Transaction;
using releases::isNumber;
using releases::Release;
using releases::Releases;
using releases::ReleaseTable;

namespace {

constexpr int kMostOnAPage = 1000;
constexpr auto kPathway = "practice_guide_pathway";
constexpr auto kAdoption = "practice_guide_adoption";
constexpr auto kFidelity = "practice_guide_fidelity";

bool hasTable(const Release& release, const char* name) {
    return std::ranges::find(release.tables, name) != release.tables.end();
}

std::string addressOf(const Release& release) { return "/publications/" + publicationOf(release); }

/// England's value of one row, as it is published.
std::string englandsValue(const ReleaseTable& of, const std::vector<std::size_t>& items,
                          std::size_t indicator) {
    for (const auto& one : of.rows)
        if (one.level == "National" && one.items == items) return one.values.at(indicator);
    return "x";
}

/// From referral to completion, from the published counts alone.
json stepsOf(const ReleaseTable& pathway) {
    json steps = json::array();
    const auto& items = pathway.filters.at(1).items;
    for (std::size_t step = 0; step < items.size(); ++step)
        if (const auto value = englandsValue(pathway, {0, step}, 0); isNumber(value))
            steps.push_back({{"step", items[step]}, {"episodes", std::stoi(value)}});
    return steps.size() == items.size() ? steps : json::array();
}

/// How many authorities deliver each recommendation: England's rows as bars.
json adoptionChart(const ReleaseTable& adoption) {
    const auto& recommendations = adoption.filters.at(0).items;
    const auto& statuses = adoption.filters.at(1).items;
    json bars = json::array();
    json rows = json::array();
    std::size_t nowhere = 0;
    for (std::size_t one = 0; one < recommendations.size(); ++one) {
        std::vector<std::string> cells;
        for (std::size_t status = 0; status < statuses.size(); ++status) {
            const auto value = englandsValue(adoption, {one, status}, 0);
            cells.push_back(value);
            if (status > 0 && isNumber(value))
                bars.push_back({{"recommendation", recommendations[one]},
                                {"status", statuses[status]},
                                {"order", status},
                                {"authorities", std::stoi(value)}});
            if (status == 1 && value == "0") ++nowhere;
        }
        rows.push_back(row(recommendations[one], cells));
    }
    std::vector<std::string> headers{"Recommendation"};
    headers.insert(headers.end(), statuses.begin(), statuses.end());
    const auto title =
        nowhere == 0
            ? fmt::format("Each of {} recommendations is in place somewhere", recommendations.size())
            : fmt::format("{} of {} recommendations are in place nowhere", nowhere, recommendations.size());
    return {{"chartId", "adoption"},
            {"specification", "adoption"},
            {"chartTitle", title},
            {"chartText",
             "Each bar is one recommendation: how many authorities deliver it as intended, partly, plan to, "
             "do not, "
             "or are not known to."},
            {"chartValues", bars.dump()},
            {"chartTable", table("adoption-table", "Authorities by recommendation", headers, rows)}};
}

std::vector<std::string> headlinesOf(Transaction& tx, const Release& release) {
    const auto report = json::parse(release.report);
    std::vector<std::string> lines{fmt::format("{} of {} local authorities signed a return.",
                                               report.at("returned").get<int>(),
                                               report.at("authorities").get<int>())};
    if (hasTable(release, kPathway)) {
        const auto pathway = Releases::table(tx, release, kPathway);
        const auto referred = englandsValue(*pathway, {0, 0}, 0);
        const auto started = englandsValue(*pathway, {0, 3}, 1);
        if (isNumber(referred) && isNumber(started))
            lines.push_back(
                fmt::format("{} families were referred to the programmes that guides recommend; {}% of "
                            "them have started.",
                            referred, started));
    }
    if (hasTable(release, kFidelity)) {
        const auto fidelity = Releases::table(tx, release, kFidelity);
        const auto reviews = englandsValue(*fidelity, {0, 0}, 0);
        const auto share = englandsValue(*fidelity, {0, 0}, 1);
        if (isNumber(reviews) && isNumber(share))
            lines.push_back(
                fmt::format("{} reviews of sessions were complete; {}% reached their programme's threshold.",
                            reviews, share));
    }
    return lines;
}

// for machines

ordered_json jsonOf(const Release& release) {
    ordered_json out{{"id", publicationOf(release)},
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
    out["tables"] = ordered_json::array();
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

ordered_json jsonOf(const ReleaseTable& of, const ReleaseTable::Row& one) {
    ordered_json out{{"level", one.level}, {"code", one.code}, {"place", one.place}, {"region", one.region}};
    for (std::size_t i = 0; i < of.filters.size(); ++i)
        out[of.filters[i].name] = of.filters[i].items[one.items[i]];
    for (std::size_t i = 0; i < of.indicators.size(); ++i) {
        const auto& value = one.values[i];
        ordered_json cell{{"value", ordered_json()}, {"symbol", ordered_json()}};
        if (isNumber(value)) cell["value"] = ordered_json::parse(value);
        else cell["symbol"] = value;
        out[of.indicators[i].name] = std::move(cell);
    }
    return out;
}

}  // namespace

Response Door::publications(Visit& visit) {
    json view{{"title", "Published figures"}, {"publications", json::array()}};
    database_.read([&](Transaction& tx) {
        view["publications"] = json::array();
        for (const auto& one : Releases::published(tx))
            view["publications"].push_back(
                {{"href", addressOf(one)},
                 {"text", one.title() + (one.version > 1 ? ", version " + std::to_string(one.version) : "")},
                 {"when",
                  (one.state == "withdrawn" ? "Withdrawn " : "Published ") +
                      entrance::instantText(one.state == "withdrawn" ? one.withdrawnAt : one.publishedAt)}});
    });
    view["hasPublications"] = !view["publications"].empty();
    return entrance_.render(visit, "national/publications", std::move(view));
}

Response Door::publication(Visit& visit) {
    json view;
    database_.read([&](Transaction& tx) {
        const auto release = releaseNamed(tx, visit.request.part("publication"));
        view = {{"title", release.title()},
                {"version", release.version},
                {"path", addressOf(release)},
                {"published", entrance::instantText(release.publishedAt)},
                {"withdrawal", release.withdrawal},
                {"isWithdrawn", release.state == "withdrawn"},
                {"stands", release.state == "published"},
                {"back", {{"href", "/publications"}, {"text", "Published figures"}}}};
        for (const auto& one : Releases::published(tx))
            if (one.quarter == release.quarter && one.version > release.version && one.state == "published")
                view["newer"] = {{"href", addressOf(one)}};
        if (release.state == "withdrawn") return;
        view["headlines"] = headlinesOf(tx, release);
        view["charts"] = json::array();
        if (hasTable(release, kAdoption))
            view["charts"].push_back(adoptionChart(*Releases::table(tx, release, kAdoption)));
        if (hasTable(release, kPathway))
            if (const auto steps = stepsOf(*Releases::table(tx, release, kPathway)); !steps.empty())
                view["charts"].push_back(presentation::stepsChart(steps));
        view["tables"] = json::array();
        for (const auto& kind : releases::tableKinds())
            if (hasTable(release, kind.name.c_str()))
                view["tables"].push_back({{"href", addressOf(release) + "/tables/" + kind.name},
                                          {"text", kind.title},
                                          {"about", kind.about}});
        view["files"] = filesView(Releases::files(tx, release), addressOf(release));
        view["fingerprint"] = release.fingerprint;
    });
    return entrance_.render(visit, "national/publication", std::move(view));
}

Response Door::publishedTable(Visit& visit) {
    json view;
    database_.read([&](Transaction& tx) {
        const auto release = publishedRelease(tx, visit.request.part("publication"));
        view = tableView(*Releases::table(tx, release, visit.request.part("table")), visit.request);
        view["release"] = release.title();
        view["footnotes"] = releases::wordsOf(release.rules);
        view["back"] = {{"href", addressOf(release)}, {"text", release.title()}};
    });
    return entrance_.render(visit, "national/table", std::move(view));
}

Response Door::publishedFile(Visit& visit) {
    Response response;
    database_.read([&](Transaction& tx) {
        response = fileAnswer(Releases::file(tx, publishedRelease(tx, visit.request.part("publication")),
                                             visit.request.part("file")));
    });
    response.headers.emplace_back("Access-Control-Allow-Origin", "*");
    response.headers.emplace_back("Cache-Control", "public, max-age=60");
    for (const auto& [name, value] : response.headers)
        if (name == "ETag" && value == visit.request.header("if-none-match")) {
            response.status = 304;
            response.body.clear();
        }
    return response;
}

Response Door::methodology(Visit& visit) {
    json view;
    database_.read([&](Transaction& tx) {
        const auto release = publishedRelease(tx, visit.request.part("publication"));
        const auto guidance = catalogues_.inForce(tx);  // keeps what is found in it
        const auto& catalogue = guidance->on(release.quarter).catalogue;
        view = {{"title", "How these figures are made"},
                {"release", release.title()},
                {"rules", releases::wordsOf(release.rules)},
                {"rulesSource", release.rules.source},
                {"quality", json::parse(release.report).at("guides")},
                {"measures", json::array()},
                {"levels", json::array()},
                {"symbols", json::array()},
                {"back", {{"href", addressOf(release)}, {"text", release.title()}}}};
        for (const auto& one : releases::symbols())
            view["symbols"].push_back({{"symbol", one.symbol}, {"meaning", one.meaning}});
        for (const auto& measure : catalogue.measures) {
            if (measure.shown == guidance::Shown::quality) continue;
            view["measures"].push_back(
                {{"title", measure.title},
                 {"explanation", measure.explanation},
                 {"why", measure.why},
                 {"about",
                  "Version " + measure.version + ". Written by " + measure.author + ", checked by " +
                      measure.checker +
                      (measure.nextReviewOn ? ", next reviewed on " + measure.nextReviewOn->text() : "") +
                      "."}});
        }
        for (const auto& guide : catalogue.guides)
            for (const auto& one : guide.recommendations) {
                if (std::ranges::find(release.guides, guide.id) == release.guides.end()) continue;
                json standards = json::array();
                for (const auto& standard : one.standards)
                    standards.push_back(
                        fmt::format("{}: at least {:.0f}%{}, of {} or more",
                                    catalogue.measureTitle(standard.measure), standard.atLeast * 100,
                                    standard.isRequired ? "" : " (not required)", standard.minimumN));
                view["levels"].push_back(
                    {{"title", one.title}, {"guide", guide.title}, {"standards", standards}});
            }
    });
    return entrance_.render(visit, "national/methodology", std::move(view));
}

Response Door::apiReleases(Visit& visit) {
    ordered_json out{{"data", ordered_json::array()}};
    database_.read([&](Transaction& tx) {
        out["data"] = ordered_json::array();
        for (const auto& one : Releases::published(tx)) out["data"].push_back(jsonOf(one));
    });
    return openAnswer(visit.request, out, out.dump());
}

Response Door::apiRelease(Visit& visit) {
    ordered_json out;
    database_.read([&](Transaction& tx) {
        const auto release = releaseNamed(tx, visit.request.part("publication"));
        out = jsonOf(release);
        out["files"] = ordered_json::array();
        if (release.state == "withdrawn") return;
        for (const auto& file : Releases::files(tx, release))
            out["files"].push_back({{"name", file.name},
                                    {"href", addressOf(release) + "/files/" + file.name},
                                    {"type", file.type},
                                    {"size", file.size},
                                    {"sha256", file.digest}});
    });
    return openAnswer(visit.request, out, out.dump());
}

Response Door::apiTable(Visit& visit) {
    ordered_json out;
    std::string fingerprint;
    database_.read([&](Transaction& tx) {
        const auto release = publishedRelease(tx, visit.request.part("publication"));
        fingerprint = release.fingerprint;
        const auto published = Releases::table(tx, release, visit.request.part("table"));
        const auto question = questionOf(*published, visit.request.query);
        out = {{"release", publicationOf(release)}, {"table", published->name},
               {"title", published->title},         {"about", published->about},
               {"filters", ordered_json::array()},  {"indicators", ordered_json::array()}};
        for (const auto& one : published->filters)
            out["filters"].push_back({{"name", one.name}, {"label", one.label}, {"items", one.items}});
        for (const auto& one : published->indicators)
            out["indicators"].push_back({{"name", one.name}, {"label", one.label}, {"unit", one.unit}});
        const auto from =
            static_cast<std::size_t>(question.page - 1) * static_cast<std::size_t>(question.pageSize);
        std::size_t found = 0;
        auto rows = ordered_json::array();
        for (const auto& one : published->rows) {
            if (!isAsked(one, question)) continue;
            if (found >= from && found < from + static_cast<std::size_t>(question.pageSize))
                rows.push_back(jsonOf(*published, one));
            ++found;
        }
        out["total"] = found;
        out["page"] = question.page;
        out["page_size"] = question.pageSize;
        out["next"] = nullptr;
        if (from + static_cast<std::size_t>(question.pageSize) < found) {
            auto next = visit.request.path + "?";
            for (const auto& [name, value] : visit.request.query)
                if (name != "page")
                    next += platform::urlEncoded(name) + "=" + platform::urlEncoded(value) + "&";
            out["next"] = next + "page=" + std::to_string(question.page + 1);
        }
        out["data"] = std::move(rows);
    });
    return openAnswer(visit.request, out, fingerprint);
}

}  // namespace national
