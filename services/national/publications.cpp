// What is published, for people: open to anyone.
#include <fmt/format.h>

#include <algorithm>

#include "measures/level.h"
#include "national/door.h"
#include "national/tables_page.h"
#include "presentation/charts.h"

namespace national {

using entrance::row;
using entrance::Visit;
using platform::Response;
using platform::Transaction;
using platform::View;
using releases::isNumber;
using releases::Release;
using releases::Releases;
using releases::ReleaseTable;

namespace {

constexpr auto kPathway = "practice_guide_pathway";
constexpr auto kAdoption = "practice_guide_adoption";
constexpr auto kFidelity = "practice_guide_fidelity";

bool hasTable(const Release& release, const char* name) {
    return std::ranges::find(release.tables, name) != release.tables.end();
}

/// England's value of one row, as it is published.
std::string englandsValue(const ReleaseTable& of, const std::vector<std::size_t>& items,
                          std::size_t indicator) {
    for (const auto& one : of.rows)
        if (one.level == "National" && one.items == items) return one.values.at(indicator);
    return "x";
}

/// From referral to completion, from the published counts alone; empty where one of them is hidden.
View stepsOf(const ReleaseTable& pathway) {
    View steps = View::list();
    const auto& items = pathway.filters.at(1).items;
    for (std::size_t step = 0; step < items.size(); ++step)
        if (const auto value = englandsValue(pathway, {0, step}, 0); isNumber(value))
            steps.push_back({{"step", items[step]}, {"episodes", std::stoi(value)}});
    return steps.size() == items.size() ? steps : View::list();
}

/// How many authorities stand where with one recommendation.
struct AdoptionBar {
    std::string recommendation;
    std::string status;
    std::size_t order;
    int authorities;

    View view() const {
        return {{"recommendation", recommendation},
                {"status", status},
                {"order", order},
                {"authorities", authorities}};
    }
};

std::string adoptionTitle(std::size_t nowhere, std::size_t recommendations) {
    return nowhere == 0
               ? fmt::format("Each of {} recommendations is in place somewhere", recommendations)
               : fmt::format("{} of {} recommendations are in place nowhere", nowhere, recommendations);
}

/// England's rows as bars.
presentation::Chart adoptionChart(const ReleaseTable& adoption) {
    const auto& recommendations = adoption.filters.at(0).items;
    const auto& statuses = adoption.filters.at(1).items;
    std::vector<AdoptionBar> bars;
    std::vector<entrance::Row> rows;
    std::size_t nowhere = 0;
    for (std::size_t one = 0; one < recommendations.size(); ++one) {
        rows.push_back(row(recommendations[one], {}));
        for (std::size_t status = 0; status < statuses.size(); ++status) {
            const auto value = englandsValue(adoption, {one, status}, 0);
            rows.back().cells.push_back(value);
            if (status > 0 && isNumber(value))
                bars.push_back({recommendations[one], statuses[status], status, std::stoi(value)});
            if (status == 1 && value == "0") ++nowhere;
        }
    }
    std::vector<std::string> headers{"Recommendation"};
    headers.insert(headers.end(), statuses.begin(), statuses.end());
    return {"adoption", adoptionTitle(nowhere, recommendations.size()),
            "Each bar is one recommendation: how many authorities deliver it as intended, partly, plan to, "
            "do not, or are not known to.",
            bars, entrance::table("adoption-table", "Authorities by recommendation", headers, rows)};
}

std::vector<std::string> headlinesOf(Transaction& tx, const Release& release) {
    const auto report = View::fromJson(release.report);
    std::vector<std::string> lines{fmt::format("{} of {} local authorities signed a return.",
                                               report.at("returned").whole(),
                                               report.at("authorities").whole())};
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

// the list

struct PublicationsPage {
    std::vector<ExplainedLink> publications;  ///< and when each was published or withdrawn

    View view() const { return {{"title", "Published figures"}, {"publications", publications}}; }
};

ExplainedLink listed(const Release& release) {
    const bool isWithdrawn = release.state == "withdrawn";
    return {publicAddressOf(release),
            release.title() + (release.version > 1 ? ", version " + std::to_string(release.version) : ""),
            (isWithdrawn ? "Withdrawn " : "Published ") +
                entrance::instantText(isWithdrawn ? release.withdrawnAt : release.publishedAt)};
}

// one of them

/// What a publication shows while it stands.
struct PublishedFigures {
    std::vector<std::string> headlines;
    std::vector<presentation::Chart> charts;
    std::vector<ExplainedLink> tables;
    std::vector<FileLink> files;
    std::string fingerprint;

    View view() const {
        return {{"headlines", headlines},
                {"charts", charts},
                {"tables", tables},
                {"files", files},
                {"fingerprint", fingerprint}};
    }
};

struct PublicationPage {
    std::string title;
    int version = 0;
    std::string path;
    std::string published;
    std::optional<entrance::Link> newer;  ///< version of the same quarter
    std::string withdrawal;               ///< the notice; empty while it stands
    std::optional<PublishedFigures> figures;

    View view() const {
        return {{"title", title},     {"version", version},
                {"path", path},       {"published", published},
                {"newer", newer},     {"withdrawal", withdrawal},
                {"figures", figures}, {"back", entrance::Link{"/publications", "Published figures"}}};
    }
};

std::optional<entrance::Link> newerThan(Transaction& tx, const Release& release) {
    for (const auto& one : Releases::published(tx))
        if (one.quarter == release.quarter && one.version > release.version && one.state == "published")
            return entrance::Link{publicAddressOf(one), "published here"};
    return std::nullopt;
}

PublishedFigures figuresOf(Transaction& tx, const Release& release) {
    PublishedFigures figures;
    figures.headlines = headlinesOf(tx, release);
    if (hasTable(release, kAdoption))
        figures.charts.push_back(adoptionChart(*Releases::table(tx, release, kAdoption)));
    if (hasTable(release, kPathway))
        if (const auto steps = stepsOf(*Releases::table(tx, release, kPathway)); !steps.empty())
            figures.charts.push_back(presentation::stepsChart(steps));
    for (const auto& kind : releases::tableKinds())
        if (hasTable(release, kind.name.c_str()))
            figures.tables.push_back(
                {publicAddressOf(release) + "/tables/" + kind.name, kind.title, kind.about});
    figures.files = fileLinks(Releases::files(tx, release), publicAddressOf(release));
    figures.fingerprint = release.fingerprint;
    return figures;
}

// how its figures are made

struct MethodologyPage {
    struct Measure {
        std::string title;
        std::string explanation;
        std::string why;
        std::string about;  ///< its version, and who wrote and checked it

        View view() const {
            return {{"title", title}, {"explanation", explanation}, {"why", why}, {"about", about}};
        }
    };
    /// When one recommendation is in place.
    struct Level {
        std::string title;
        std::string guide;
        std::vector<std::string> standards;

        View view() const { return {{"title", title}, {"guide", guide}, {"standards", standards}}; }
    };
    std::string release;
    std::vector<std::string> guides;  ///< with their versions
    std::vector<Measure> measures;
    std::vector<Level> levels;
    std::vector<std::string> rules;  ///< of disclosure
    std::string rulesSource;
    entrance::Link back;

    View view() const {
        return {{"title", "How these figures are made"},
                {"release", release},
                {"guides", guides},
                {"measures", measures},
                {"levels", levels},
                {"rules", rules},
                {"rulesSource", rulesSource},
                {"symbols", symbolMeanings()},
                {"back", back}};
    }
};

std::vector<MethodologyPage::Measure> measuresOf(const guidance::Catalogue& catalogue) {
    std::vector<MethodologyPage::Measure> measures;
    for (const auto& one : catalogue.measures) {
        if (one.shown == guidance::Shown::quality) continue;
        measures.push_back(
            {one.title, one.explanation, one.why,
             "Version " + one.version + ". Written by " + one.author + ", checked by " + one.checker +
                 (one.nextReviewOn ? ", next reviewed on " + one.nextReviewOn->text() : "") + "."});
    }
    return measures;
}

/// Of the guides that a release is about.
std::vector<MethodologyPage::Level> levelsOf(const guidance::Catalogue& catalogue,
                                             const std::vector<std::string>& guides) {
    std::vector<MethodologyPage::Level> levels;
    for (const auto& guide : catalogue.guides) {
        if (std::ranges::find(guides, guide.id) == guides.end()) continue;
        for (const auto& one : guide.recommendations) {
            levels.push_back({one.title, guide.title, {}});
            for (const auto& standard : one.standards)
                levels.back().standards.push_back(fmt::format(
                    "{}: at least {:.0f}%{}, of {} or more", catalogue.measureTitle(standard.measure),
                    standard.atLeast * 100, standard.isRequired ? "" : " (not required)", standard.minimumN));
        }
    }
    return levels;
}

}  // namespace

Response Door::publications(Visit& visit) {
    PublicationsPage page;
    database_.read([&](Transaction& tx) {
        page = {};
        for (const auto& one : Releases::published(tx)) page.publications.push_back(listed(one));
    });
    return entrance_.render(visit, "national/publications", page);
}

Response Door::publication(Visit& visit) {
    PublicationPage page;
    database_.read([&](Transaction& tx) {
        const auto release = releaseNamed(tx, visit.request.part("publication"));
        page = {release.title(),
                release.version,
                publicAddressOf(release),
                entrance::instantText(release.publishedAt),
                newerThan(tx, release),
                release.withdrawal,
                {}};
        if (release.state == "published") page.figures = figuresOf(tx, release);
    });
    return entrance_.render(visit, "national/publication", page);
}

Response Door::publishedTable(Visit& visit) {
    TablePage page;
    database_.read([&](Transaction& tx) {
        const auto release = publishedRelease(tx, visit.request.part("publication"));
        page = tablePage(*Releases::table(tx, release, visit.request.part("table")), visit.request);
        page.release = release.title();
        page.footnotes = releases::wordsOf(release.rules);
        page.back = {publicAddressOf(release), release.title()};
    });
    return entrance_.render(visit, "national/table", page);
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
    MethodologyPage page;
    database_.read([&](Transaction& tx) {
        const auto release = publishedRelease(tx, visit.request.part("publication"));
        const auto guidance = catalogues_.inForce(tx);  // keeps what is found in it
        const auto& catalogue = guidance->on(release.quarter).catalogue;
        page = {release.title(),
                View::fromJson(release.report).at("guides").texts(),
                measuresOf(catalogue),
                levelsOf(catalogue, release.guides),
                releases::wordsOf(release.rules),
                release.rules.source,
                {publicAddressOf(release), release.title()}};
    });
    return entrance_.render(visit, "national/methodology", page);
}

}  // namespace national
