#include "identity/audit.h"

#include <limits>
#include <nlohmann/json.hpp>

#include "entrance/entrance.h"
#include "entrance/view.h"

namespace entrance {

using identity::Audit;
using identity::AuditQuestion;
using nlohmann::json;
using platform::Response;
using platform::Transaction;

namespace {

constexpr int kEntriesOnAPage = 100;
constexpr int kEntriesAtOnce = 5000;
constexpr auto kNewest = std::numeric_limits<std::int64_t>::max();

AuditQuestion questionOf(const Visit& visit) {
    values::Reader query(visit.request.query);
    AuditQuestion question{query.optionalDate("from"), query.optionalDate("until"),
                           query.optionalText("actor").value_or(""),
                           query.optionalText("words").value_or("")};
    query.refuseProblems();
    return question;
}

std::string queryText(const Visit& visit) {
    std::string text;
    for (const auto* name : {"from", "until", "actor", "words"})
        if (const auto value = valueOf(visit.request.query, name); !value.empty())
            text += std::string(text.empty() ? "" : "&") + name + "=" + platform::urlEncoded(value);
    return text;
}

}  // namespace

Response Entrance::audit(Visit& visit) {
    const auto& query = visit.request.query;
    const auto field = [&](const char* name, const char* label, const char* hint) {
        return input({name, label, valueOf(query, name), "text", hint}, visit.problems);
    };
    json view{{"title", "Audit"},
              {"from", field("from", "From", "Like 1/04/2026")},
              {"until", field("until", "Until", "Like 30/06/2026")},
              {"actor", field("actor", "Who", "Part of an e-mail address")},
              {"words", field("words", "What", "Part of what was done, or to what")},
              {"show", button("Show")},
              {"entries", json::array()}};
    const auto question = questionOf(visit);
    values::Reader place(query);
    const auto before = place.optionalWhole("before", 1, std::numeric_limits<int>::max());
    place.refuseProblems();
    rooms_.database.read([&](Transaction& tx) {
        const auto found =
            Audit::search(tx, visit.authority(), question, before ? *before : kNewest, kEntriesOnAPage + 1);
        view["entries"] = json::array();
        for (std::size_t i = 0; i < found.size() && i < kEntriesOnAPage; ++i)
            view["entries"].push_back(
                row(instantText(found[i].happenedAt),
                    {found[i].actor, sentence(found[i].action), found[i].subject, found[i].detail,
                     found[i].cameFrom, std::to_string(found[i].position)}));
        if (found.size() > kEntriesOnAPage)
            view["older"] = "/audit?before=" + std::to_string(found[kEntriesOnAPage - 1].position) +
                            (queryText(visit).empty() ? "" : "&" + queryText(visit));
    });
    view["hasEntries"] = !view["entries"].empty();
    view["table"] = table("entries", "What was done and looked at, the newest first",
                          {"When", "Who", "What", "To what", "Details", "From", "Number"}, view["entries"]);
    view["file"] = "/audit.csv" + (queryText(visit).empty() ? "" : "?" + queryText(visit));
    return render(visit, "entrance/audit", std::move(view));
}

Response Entrance::auditFile(Visit& visit) {
    const auto question = questionOf(visit);
    const std::string header =
        "\xEF\xBB\xBF"
        "number,happened_at,who,what,to_what,details,came_from\r\n";
    std::string body;
    rooms_.database.inTransaction(actorOf(visit), [&](Transaction& tx) {
        body = header;  // the unit may run again
        std::size_t written = 0;
        for (auto before = kNewest;;) {
            const auto found = Audit::search(tx, visit.authority(), question, before, kEntriesAtOnce);
            for (const auto& entry : found)
                body += std::to_string(entry.position) + "," + csvCell(entry.happenedAt) + "," +
                        csvCell(entry.actor) + "," + csvCell(entry.action) + "," + csvCell(entry.subject) +
                        "," + csvCell(entry.detail) + "," + csvCell(entry.cameFrom) + "\r\n";
            written += found.size();
            if (found.size() < kEntriesAtOnce) break;
            before = found.back().position;
        }
        tx.audit("audit exported", std::to_string(written) + " entries");
    });
    return {200,
            "text/csv; charset=utf-8",
            std::move(body),
            {{"Content-Disposition", "attachment; filename=\"audit.csv\""}}};
}

}  // namespace entrance
