// What was signed, and what differs from the version before.
#include <algorithm>

#include "authority/returns.h"

namespace authority {
namespace {

using platform::Response;
using platform::Transaction;
using platform::View;
using returns::QuarterlyReturn;
using returns::Returns;

struct SignedReturnPage {
    std::string title;
    std::string path;
    std::string signedText;
    std::string fingerprint;
    std::string reason;  ///< of a correction
    std::string comment;
    bool isSame = false;  ///< a correction that changed nothing
    std::optional<Table> differencesTable;
    Table levelsTable;
    Link back;

    View view() const {
        return {{"title", title},
                {"path", path},
                {"signedText", signedText},
                {"fingerprint", fingerprint},
                {"reason", reason},
                {"comment", comment},
                {"isSame", isSame},
                {"differencesTable", differencesTable},
                {"levelsTable", levelsTable},
                {"back", back}};
    }
};

Table signedLevels(const View& content, const guidance::Catalogue& catalogue) {
    std::vector<Row> rows;
    for (const auto& one : content.at("report").at("recommendations"))
        rows.push_back(row(catalogue.statementTitle(one.at("recommendation").text()),
                           {sentence(one.at("level").text())}));
    return table("levels", "Levels as they were signed", {"Recommendation", "Level"}, rows);
}

/// Nothing where the two say the same.
std::optional<Table> differencesTable(const QuarterlyReturn& before, const QuarterlyReturn& after) {
    std::vector<Row> rows;
    for (const auto& one : returns::differencesBetween(before, after))
        rows.push_back(row(one.what, {one.was.empty() ? "–" : one.was, one.is.empty() ? "–" : one.is}));
    if (rows.empty()) return std::nullopt;
    return table("differences", "What differs from version " + std::to_string(before.version),
                 {"What", "Was", "Is"}, rows);
}

}  // namespace

Response Door::signedReturn(Visit& visit) {
    const auto quarter = quarterOf(visit);
    SignedReturnPage page;
    std::string content;
    database_.read([&](Transaction& tx) {
        const auto versions = Returns::versions(tx, visit.authority(), quarter);
        const auto found = std::ranges::find(versions, visit.request.part("version"),
                                             [](const auto& one) { return std::to_string(one.version); });
        if (found == versions.end() || !found->isSigned()) throw values::NotFound("no such version");
        content = found->content;
        page.title = "Return for " + quarter.name() + ", version " + std::to_string(found->version);
        page.path = visit.request.path;
        page.signedText = signedOffText(*found);
        page.fingerprint = found->fingerprint;
        page.reason = found->reason;
        page.comment = found->comment;
        page.levelsTable = signedLevels(View::fromJson(content), catalogues_.inForce(tx)->latest);
        page.back = backToReturn(quarter);
        const auto before = std::next(found);
        if (before == versions.end()) return;
        page.differencesTable = differencesTable(*before, *found);
        page.isSame = !page.differencesTable;
    });
    if (visit.request.query.contains("json")) {
        auto response = platform::jsonAnswer(content);
        response.headers.emplace_back("Content-Disposition", "attachment; filename=\"return.json\"");
        return response;
    }
    return render(visit, "signed_return", page);
}

}  // namespace authority
