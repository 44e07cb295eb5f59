#include "intake/mapping.h"

#include <algorithm>

#include "platform/digest.h"
#include "values/json.h"
#include "values/text.h"

namespace intake {
namespace {

using nlohmann::ordered_json;
using platform::Account;
using platform::Statement;

const Statement kSelectMapping("select a column mapping", Account::authority | Account::work,
                               "SELECT content FROM column_mapping WHERE authority_id = ? AND header = ?");
const Statement kKeepMapping("keep a column mapping", Account::authority, R"(
    INSERT INTO column_mapping (authority_id, header, content, said_by, said_at) VALUES (?, ?, ?, ?, ?)
    ON DUPLICATE KEY UPDATE content = VALUES(content), said_by = VALUES(said_by), said_at = VALUES(said_at))");

}  // namespace

std::string folded(std::string_view header) {
    auto out = values::lowered(header);
    std::erase_if(out, [](char c) { return c == ' ' || c == '_' || c == '\t' || c == '\r' || c == '\n'; });
    return out;
}

std::string Mapping::columnOf(std::string_view header) const {
    const auto found = columns.find(folded(header));
    return found == columns.end() ? "" : found->second;
}

std::string_view Mapping::wordFor(const std::string& column, std::string_view cell) const {
    const auto known = words.find(column);
    if (known == words.end()) return cell;
    const auto found = known->second.find(values::lowered(cell));
    return found == known->second.end() ? cell : std::string_view(found->second);
}

std::string Mapping::json() const {
    return ordered_json{{"stem", stem}, {"columns", columns}, {"constants", constants}, {"words", words}}
        .dump();
}

Mapping Mapping::fromJson(const std::string& text) {
    const auto content = values::parseOrderedJson(text);
    Mapping mapping;
    mapping.stem = content.at("stem");
    content.at("columns").get_to(mapping.columns);
    content.at("constants").get_to(mapping.constants);
    content.at("words").get_to(mapping.words);
    return mapping;
}

std::string Mappings::nameOf(const std::vector<std::string>& header) {
    std::vector<std::string> names;
    for (const auto& one : header)
        if (!one.empty()) names.push_back(folded(one));
    std::ranges::sort(names);
    return platform::sha256Hex(ordered_json(names).dump());
}

std::optional<Mapping> Mappings::find(platform::Transaction& tx, identity::AuthorityId authority,
                                      const std::string& header) {
    auto rows = tx.query(kSelectMapping, authority, header);
    if (!rows.next()) return std::nullopt;
    return Mapping::fromJson(rows.text(0));
}

void Mappings::keep(platform::Transaction& tx, identity::AuthorityId authority, const std::string& header,
                    const Mapping& mapping) {
    tx.run(kKeepMapping, authority, header, mapping.json(), tx.actor().name, tx.now());
    tx.audit("column mapping kept", mapping.stem, mapping.json());
}

}  // namespace intake
