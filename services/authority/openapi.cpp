#include "authority/openapi.h"

#include "identity/case_systems.h"
#include "values/json.h"

namespace authority {
namespace {

using intake::ColumnRule;
using intake::ColumnType;
using intake::FileType;
using nlohmann::ordered_json;

ordered_json reference(const std::string& to) { return {{"$ref", "#/components/" + to}}; }

ordered_json memberOf(const ColumnRule& column) {
    ordered_json out{{"type", {"string", "null"}},
                     {"description", column.hint.empty() ? column.label : column.hint}};
    if (column.isRequired) out["type"] = "string";
    switch (column.type) {
        case ColumnType::date:
            out["format"] = "date";
            break;
        case ColumnType::code:
            out["enum"] = column.values;
            if (!column.isRequired) out["enum"].push_back(nullptr);
            break;
        case ColumnType::whole:
        case ColumnType::decimal:
            out["type"] = column.isRequired ? ordered_json{"string", "number"}
                                            : ordered_json{"string", "number", "null"};
            break;
        case ColumnType::text:
            out["maxLength"] = column.most;
            break;
        case ColumnType::child:
            out["writeOnly"] = true;
            break;
        default:
            break;
    }
    return out;
}

ordered_json schemaOf(const FileType& type) {
    ordered_json members = ordered_json::object();
    for (const auto& column : type.columns) members[column.name] = memberOf(column);
    if (type.kind == delivery::RecordKind::review)
        members["checklist"] = {
            {"type", "string"},
            {"description",
             "The checklist that was used; its items are members item_…: points as text, or NA"}};
    return {{"title", type.title},
            {"type", "object"},
            {"description", "Members that are left out of a change stay as they are; null empties one."},
            {"properties", members},
            {"additionalProperties", type.kind == delivery::RecordKind::review}};
}

ordered_json content(const ordered_json& schema, const char* type = "application/json") {
    return {{type, {{"schema", schema}}}};
}

ordered_json problems(std::initializer_list<int> statuses) {
    ordered_json out = ordered_json::object();
    for (const int status : statuses) out[std::to_string(status)] = reference("responses/Problem");
    return out;
}

ordered_json securedBy(identity::Scope scope) {
    return ordered_json::array({{{"token", ordered_json::array({identity::scopeName(scope)})}}});
}

ordered_json parameter(const char* name, const char* in, const char* description, bool isRequired = false) {
    return {{"name", name},
            {"in", in},
            {"required", isRequired},
            {"description", description},
            {"schema", {{"type", "string"}}}};
}

ordered_json listOf(const FileType& type) {
    auto responses = problems({401, 403, 422, 429});
    responses["200"] = {
        {"description", "Some of them, by reference"},
        {"content", content({{"type", "object"},
                             {"required", {"data", "next"}},
                             {"properties",
                              {{"data", {{"type", "array"}, {"items", reference("schemas/" + type.name)}}},
                               {"next",
                                {{"type", {"string", "null"}},
                                 {"description", "Where those behind them are; null at the end"}}}}}})}};
    return {{"operationId", "list_" + type.name},
            {"summary", type.title},
            {"security", securedBy(identity::Scope::readRecords)},
            {"parameters",
             {parameter("owner", "query", "Of what they belong to: its reference"),
              parameter("words", "query", "Part of what they say"),
              parameter("after", "query", "Those behind this one; `next` gives it"),
              parameter("limit", "query", "1 to 500; 100 where left out")}},
            {"responses", responses}};
}

ordered_json bulkOf(const FileType& type) {
    auto responses = problems({401, 403, 413, 415, 422, 429});
    responses["202"] = {
        {"description", "Taken; its state tells what becomes of it"},
        {"headers", {{"Location", {{"schema", {{"type", "string"}}}}}}},
        {"content",
         content({{"type", "object"},
                  {"required", {"upload", "state"}},
                  {"properties", {{"upload", {{"type", "string"}}}, {"state", {{"type", "string"}}}}}})}};
    ordered_json parameters = ordered_json::array({reference("parameters/IdempotencyKey")});
    if (type.kind == delivery::RecordKind::review)
        parameters.push_back(parameter("checklist", "query", "Which checklist the reviews used", true));
    return {{"operationId", "send_" + type.name},
            {"summary", type.title + " in bulk, one JSON object a line: all are stored, or none"},
            {"security", securedBy(identity::Scope::writeRecords)},
            {"parameters", parameters},
            {"requestBody",
             {{"required", true},
              {"content", content(reference("schemas/" + type.name), "application/x-ndjson")}}},
            {"responses", responses}};
}

ordered_json oneOf(const FileType& type, bool isWriting) {
    const auto record = content(reference("schemas/" + type.name));
    const ordered_json tagged{{"ETag", {{"schema", {{"type", "string"}}}}}};
    auto responses =
        isWriting ? problems({400, 401, 403, 404, 412, 415, 422, 429}) : problems({401, 403, 404, 429});
    responses["200"] = {{"description", "As it is kept now"}, {"headers", tagged}, {"content", record}};
    ordered_json out{
        {"operationId", (isWriting ? "put_" : "get_") + type.name},
        {"summary", isWriting ? "Add it, or change it" : "One of them"},
        {"security", securedBy(isWriting ? identity::Scope::writeRecords : identity::Scope::readRecords)}};
    if (!isWriting) {
        responses["304"] = {{"description", "It is as If-None-Match says"}};
        out["parameters"] = ordered_json::array({parameter("If-None-Match", "header", "An ETag")});
        out["responses"] = responses;
        return out;
    }
    responses["201"] = {{"description", "Added"}, {"headers", tagged}, {"content", record}};
    out["parameters"] =
        ordered_json::array({reference("parameters/IdempotencyKey"),
                             parameter("If-Match", "header",
                                       "The ETag it was read with: refused with 412 where it changed since"),
                             parameter("If-None-Match", "header", "`*`: only where there is none yet")});
    out["requestBody"] = {{"required", true}, {"content", record}};
    out["responses"] = responses;
    return out;
}

}  // namespace

std::string openApi(const std::vector<FileType>& types) {
    ordered_json paths = ordered_json::object();
    ordered_json schemas = ordered_json::object();
    for (const auto& type : types) {
        schemas[type.name] = schemaOf(type);
        paths["/api/v1/" + type.name] = {{"get", listOf(type)}, {"post", bulkOf(type)}};
        paths["/api/v1/" + type.name + "/{key}"] = {
            {"parameters",
             ordered_json::array(
                 {parameter("key", "path", "What names it: its reference, or its parts joined by |", true)})},
            {"get", oneOf(type, false)},
            {"put", oneOf(type, true)}};
    }
    auto found = problems({401, 403, 404, 429});
    found["200"] = {{"description", "How far it is, and what became of it"},
                    {"content", content({{"type", "object"},
                                         {"required", {"upload", "state", "is_under_way", "report"}},
                                         {"properties",
                                          {{"upload", {{"type", "string"}}},
                                           {"state", {{"type", "string"}}},
                                           {"is_under_way", {{"type", "boolean"}}},
                                           {"is_left_alone", {{"type", "boolean"}}},
                                           {"rows_done", {{"type", "integer"}}},
                                           {"rows_expected", {{"type", "integer"}}},
                                           {"report", {{"type", {"object", "null"}}}}}}})}};
    paths["/api/v1/uploads/{upload}"] = {
        {"parameters",
         ordered_json::array({parameter("upload", "path", "The id that taking it gave", true)})},
        {"get",
         {{"operationId", "get_upload"},
          {"summary", "What became of records sent in bulk"},
          {"security", securedBy(identity::Scope::readRecords)},
          {"responses", found}}}};
    auto figures = problems({401, 403, 422, 429});
    figures["200"] = {{"description", "Figures by service, and the level of each recommendation"},
                      {"content", content({{"type", "object"}})}};
    paths["/api/v1/results"] = {
        {"get",
         {{"operationId", "get_results"},
          {"summary", "Figures and levels of a quarter"},
          {"security", securedBy(identity::Scope::readResults)},
          {"parameters",
           ordered_json::array(
               {parameter("quarter", "query", "Like 2025-26-Q3; the last one that ended where left out")})},
          {"responses", figures}}}};
    const ordered_json document{
        {"openapi", "3.1.0"},
        {"info",
         {{"title", "Plumbline for case systems"},
          {"version", "1"},
          {"description",
           "Records and figures of one authority: the one that admitted the system. Problems are RFC 9457 "
           "documents."}}},
        {"paths", paths},
        {"components",
         {{"schemas", schemas},
          {"parameters",
           {{"IdempotencyKey",
             parameter("Idempotency-Key", "header",
                       "The same key and request again is done once, and answered alike")}}},
          {"responses",
           {{"Problem",
             {{"description", "What is wrong, with each place: RFC 9457"},
              {"content", content({{"type", "object"},
                                   {"required", {"type", "title", "status"}},
                                   {"properties",
                                    {{"type", {{"type", "string"}}},
                                     {"title", {{"type", "string"}}},
                                     {"status", {{"type", "integer"}}},
                                     {"detail", {{"type", "string"}}},
                                     {"errors", {{"type", "array"}, {"items", {{"type", "object"}}}}}}}},
                                  "application/problem+json")}}}}},
          {"securitySchemes", {{"token", {{"type", "http"}, {"scheme", "bearer"}}}}}}}};
    return document.dump(1) + "\n";
}

}  // namespace authority
