#include "identity/audit.h"

#include <limits>

#include "entrance/entrance.h"
#include "entrance/view.h"

namespace entrance {

using identity::Audit;
using identity::AuditQuestion;
using platform::AuditEntry;
using platform::Response;
using platform::Transaction;
using platform::View;

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

struct AuditPage {
    Field from;
    Field until;
    Field actor;
    Field words;
    std::optional<Table> table;
    std::string older;  ///< where older entries are shown; empty where there are none
    std::string file;
    View view() const {
        return {{"title", "Audit"}, {"from", from},   {"until", until},
                {"actor", actor},   {"words", words}, {"show", button("Show")},
                {"table", table},   {"older", older}, {"file", file}};
    }
};

Row rowOf(const AuditEntry& entry) {
    return row(instantText(entry.happenedAt), {entry.actor, sentence(entry.action), entry.subject,
                                               entry.detail, entry.cameFrom, std::to_string(entry.position)});
}

/// `found`: as many entries as a page shows, and one more where there are older ones.
AuditPage auditPage(const Visit& visit, const std::vector<AuditEntry>& found) {
    const auto field = [&](const char* name, const char* label, const char* hint) {
        return input({name, label, valueOf(visit.request.query, name), "text", hint}, visit.problems);
    };
    const auto query = queryText(visit);
    std::vector<Row> rows;
    for (std::size_t i = 0; i < found.size() && i < kEntriesOnAPage; ++i) rows.push_back(rowOf(found[i]));
    std::string older;
    if (found.size() > kEntriesOnAPage)
        older = "/audit?before=" + std::to_string(found[kEntriesOnAPage - 1].position) +
                (query.empty() ? "" : "&" + query);
    return {field("from", "From", "Like 1/04/2026"),
            field("until", "Until", "Like 30/06/2026"),
            field("actor", "Who", "Part of an e-mail address"),
            field("words", "What", "Part of what was done, or to what"),
            unlessEmpty(table("entries", "What was done and looked at, the newest first",
                              {"When", "Who", "What", "To what", "Details", "From", "Number"}, rows)),
            older,
            "/audit.csv" + (query.empty() ? "" : "?" + query)};
}

}  // namespace

Response Entrance::audit(Visit& visit) {
    const auto question = questionOf(visit);
    values::Reader place(visit.request.query);
    const auto before = place.optionalWhole("before", 1, std::numeric_limits<int>::max());
    place.refuseProblems();
    std::vector<AuditEntry> found;
    rooms_.database.read([&](Transaction& tx) {
        found =
            Audit::search(tx, visit.authority(), question, before ? *before : kNewest, kEntriesOnAPage + 1);
    });
    return render(visit, "entrance/audit", auditPage(visit, found));
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
