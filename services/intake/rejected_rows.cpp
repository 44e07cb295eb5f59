#include "intake/rejected_rows.h"

#include "platform/csv.h"
#include "platform/digest.h"
#include "values/json.h"

namespace intake {
namespace {

using platform::Account;
using platform::BulkStatement;
using platform::Statement;

constexpr auto kKeepers = Account::authority | Account::work;

const Statement kSelectKeys("select keys of rejected rows", kKeepers,
                            "SELECT record_key FROM rejected_row WHERE authority_id = ? AND kind = ?");
const BulkStatement kKeep("keep rejected rows", Account::work, R"(
    INSERT INTO rejected_row (authority_id, kind, record_key, upload_id, file, number))",
                          6, R"(
    ON DUPLICATE KEY UPDATE upload_id = VALUES(upload_id), file = VALUES(file), number = VALUES(number))");
const Statement kSettle("settle rejected rows", kKeepers, R"(
    DELETE FROM rejected_row WHERE authority_id = ? AND kind = ? AND JSON_CONTAINS(?, JSON_QUOTE(record_key)))");
const Statement kSupersede("supersede rejected rows of a file", kKeepers, R"(
    DELETE FROM rejected_row
    WHERE authority_id = ? AND NOT upload_id <=> ?
      AND ((NOT ? AND file = ?) OR (? AND kind = ? AND record_key LIKE '#%')))");
const Statement kDismiss("dismiss rejected rows", Account::authority,
                         "DELETE FROM rejected_row WHERE authority_id = ? AND upload_id = ?");
const Statement kSelectWaiting("select rejected rows", Account::authority, R"(
    SELECT upload_id, file, number FROM rejected_row WHERE authority_id = ? ORDER BY upload_id DESC, file, number)");

std::string csvText(std::string text) {
    if (!text.empty() && std::string_view("=+-@").find(text[0]) != std::string_view::npos)
        text.insert(0, "'");
    if (text.find_first_of(",\"\r\n;") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

}  // namespace

std::set<std::string> RejectedRows::keysOf(platform::Transaction& tx, identity::AuthorityId authority,
                                           const std::string& kind) {
    std::set<std::string> keys;
    for (auto rows = tx.query(kSelectKeys, authority, kind); rows.next();) keys.insert(rows.text(0));
    return keys;
}

void RejectedRows::keep(platform::Transaction& tx, identity::AuthorityId authority, values::Id<Upload> upload,
                        const RefusedFile& refused) {
    std::vector<platform::Value> rows;
    for (const auto& row : refused.rejected) {
        if (!row.erased.empty()) continue;
        // Without a reference a row is known by its upload and number alone.
        const auto key = row.key.empty() || row.key.size() > 240
                             ? "#" + platform::sha256Hex(upload.text() + refused.file.source.name +
                                                         std::to_string(row.number))
                             : row.key;
        for (auto value :
             {platform::Value(authority), platform::Value(refused.file.type.name), platform::Value(key),
              platform::Value(upload), platform::Value(refused.file.source.name),
              platform::Value(static_cast<std::int64_t>(row.number))})
            rows.push_back(std::move(value));
    }
    tx.runBulk(kKeep, rows);
}

void RejectedRows::settle(platform::Transaction& tx, identity::AuthorityId authority, const std::string& kind,
                          const std::set<std::string>& keys) {
    if (!keys.empty()) tx.run(kSettle, authority, kind, nlohmann::json(keys).dump());
}

void RejectedRows::supersede(platform::Transaction& tx, identity::AuthorityId authority,
                             const PlannedFile& file, bool onlyCorrects,
                             const std::optional<values::Id<Upload>>& upload) {
    const int only = onlyCorrects ? 1 : 0;
    const auto own = upload ? platform::Value(*upload) : platform::Value(nullptr);
    tx.run(kSupersede, authority, own, only, file.source.name, only, file.type.name);
}

void RejectedRows::dismiss(platform::Transaction& tx, identity::AuthorityId authority,
                           values::Id<Upload> upload) {
    tx.run(kDismiss, authority, upload);
    tx.audit("rejected rows dismissed", upload.text());
}

std::vector<RejectedRows::Waiting> RejectedRows::of(platform::Transaction& tx,
                                                    identity::AuthorityId authority) {
    std::vector<Waiting> waiting;
    for (auto rows = tx.query(kSelectWaiting, authority); rows.next();) {
        const auto upload = rows.id<Upload>(0);
        const auto file = rows.text(1);
        if (waiting.empty() || waiting.back().upload != upload || waiting.back().file != file)
            waiting.push_back({upload, file, {}});
        waiting.back().numbers.insert(static_cast<long>(rows.number(2)));
    }
    return waiting;
}

std::string correctionFile(const std::string& path, const std::set<long>& numbers,
                           const std::map<long, std::string>& reasons) {
    const auto encoding = platform::encodingOf(path);
    std::string out = "\xEF\xBB\xBF";
    platform::CsvReader reader(path, encoding, platform::delimiterOf(path, encoding));
    std::optional<std::size_t> old;  // the column of a correction that came back with faults
    while (reader.next()) {
        const bool isHeader = reader.record() == 1;
        if (!isHeader && !numbers.contains(reader.record())) continue;
        std::string line;
        for (std::size_t i = 0; i < reader.size(); ++i) {
            if (isHeader && reader.cell(i) == kReasonColumn) old = i;
            if (old == i) continue;
            line += csvText(std::string(reader.cell(i))) + ",";
        }
        const auto reason = reasons.find(reader.record());
        out += line +
               (isHeader                  ? kReasonColumn
                : reason == reasons.end() ? ""
                                          : csvText(reason->second)) +
               "\r\n";
    }
    return out;
}

}  // namespace intake
