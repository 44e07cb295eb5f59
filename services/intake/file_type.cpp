#include "intake/file_type.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "platform/text_file.h"
#include "values/json.h"

namespace intake {
namespace {

using delivery::RecordKind;
using nlohmann::json;

ColumnType typeNamed(const std::string& name) {
    static const std::map<std::string, ColumnType> types{{"reference", ColumnType::reference},
                                                         {"child", ColumnType::child},
                                                         {"text", ColumnType::text},
                                                         {"code", ColumnType::code},
                                                         {"date", ColumnType::date},
                                                         {"whole", ColumnType::whole},
                                                         {"decimal", ColumnType::decimal},
                                                         {"intervention", ColumnType::intervention},
                                                         {"instrument", ColumnType::instrument},
                                                         {"recommendation", ColumnType::recommendation},
                                                         {"authority", ColumnType::authority}};
    return types.at(name);
}

RecordKind kindNamed(const std::string& name) {
    static const std::map<std::string, RecordKind> kinds{{"service", RecordKind::service},
                                                         {"stage_change", RecordKind::stageChange},
                                                         {"service_partner", RecordKind::partner},
                                                         {"site", RecordKind::site},
                                                         {"practitioner", RecordKind::practitioner},
                                                         {"supervision", RecordKind::supervision},
                                                         {"episode", RecordKind::episode},
                                                         {"family_meeting", RecordKind::familyMeeting},
                                                         {"session", RecordKind::session},
                                                         {"review", RecordKind::review},
                                                         {"outcome_score", RecordKind::outcomeScore},
                                                         {"adaptation", RecordKind::adaptation},
                                                         {"feedback", RecordKind::feedback},
                                                         {"declaration", RecordKind::declaration},
                                                         {"action", RecordKind::action}};
    return kinds.at(name);
}

ColumnRule columnOf(const json& content) {
    ColumnRule rule;
    rule.name = content.at("name");
    rule.type = typeNamed(content.at("type"));
    rule.isRequired = content.at("required");
    rule.label = content.at("label");
    rule.hint = content.at("hint");
    rule.isPrivate = content.value("private", false);
    if (content.contains("values")) rule.values = content.at("values").get<std::vector<std::string>>();
    rule.least = content.value("least", 0L);
    rule.most = content.value("most", 60L);
    if (content.contains("refers")) rule.refers = kindNamed(content.at("refers"));
    return rule;
}

/// What a column's rule says of other columns.
void relate(FileType& type, std::size_t column, const json& content) {
    auto& rule = type.columns[column];
    if (content.contains("not_before"))
        for (const auto& other : content.at("not_before"))
            rule.notBefore.push_back(type.column(other.get<std::string>()));
    if (content.contains("required_with"))
        for (const auto& [other, words] : content.at("required_with").items())
            rule.requiredWith.emplace_back(type.column(other), words.get<std::vector<std::string>>());
}

}  // namespace

std::size_t FileType::column(std::string_view columnName) const {
    const auto found = std::ranges::find(columns, columnName, &ColumnRule::name);
    if (found == columns.end()) throw std::out_of_range(name + " has no column " + std::string(columnName));
    return static_cast<std::size_t>(found - columns.begin());
}

std::vector<FileType> readFileTypes(const std::string& folder) {
    std::vector<FileType> types;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const auto content = values::parseJson(platform::fileText(entry.path().string()));
        FileType type;
        type.name = content.at("file");
        type.title = content.at("title");
        type.kind = kindNamed(content.at("kind"));
        type.one = content.at("one");
        for (const auto& column : content.at("columns")) type.columns.push_back(columnOf(column));
        for (std::size_t i = 0; i < type.columns.size(); ++i) relate(type, i, content.at("columns").at(i));
        if (content.contains("owner")) type.owner = type.column(content.at("owner").get<std::string>());
        for (const auto& column : content.at("key"))
            type.key.push_back(type.column(column.get<std::string>()));
        types.push_back(std::move(type));
    }
    std::ranges::sort(types, {}, &FileType::kind);
    return types;
}

const FileType& typeOf(const std::vector<FileType>& types, RecordKind kind) {
    const auto found = std::ranges::find(types, kind, &FileType::kind);
    if (found == types.end()) throw std::out_of_range("no file type holds this kind of record");
    return *found;
}

}  // namespace intake
