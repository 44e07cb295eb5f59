// /api/v1: what the pages do, for case systems. See openapi.cpp for its description.

#include "authority/door.h"
#include "authority/openapi.h"
#include "authority/quarters.h"
#include "authority/record_form.h"
#include "intake/rejected_rows.h"
#include "platform/digest.h"
#include "results/report.h"
#include "values/json.h"

namespace authority {
namespace {

using intake::FileType;
using intake::RecordView;
using nlohmann::ordered_json;
using platform::HttpProblem;
using platform::Request;
using platform::Response;
using platform::Transaction;

constexpr int kMostOnAPage = 500;

ordered_json jsonOf(const RecordView& record) {
    ordered_json out = ordered_json::object();
    for (const auto& [name, value] : record.values) out[name] = value;
    return out;
}

std::string tagOf(const RecordView& record) { return "\"" + record.version + "\""; }

Response answerJson(const ordered_json& document, int status = 200) {
    return platform::jsonAnswer(document.dump(1, ' ', false, ordered_json::error_handler_t::replace), status);
}

/// The members of a body as columns; null and "" leave a column empty.
values::Fields columnsOf(const Request& request, const FileType& type) {
    const auto body = values::tryParseOrderedJson(request.body);
    if (!body.is_object()) throw HttpProblem(400, "Send one JSON object.");
    values::Fields given;
    std::vector<values::FieldProblem> problems;
    for (const auto& [name, value] : body.items()) {
        const bool isKnown =
            name == "checklist" ||
            std::ranges::find(type.columns, name, &intake::ColumnRule::name) != type.columns.end();
        if (!isKnown) problems.push_back({{"", 0, name}, "", "Leave this out; there is no such member."});
        else if (value.is_string()) given[name] = value.get<std::string>();
        else if (value.is_number()) given[name] = value.dump();
        else if (value.is_null()) given[name] = "";
        else problems.push_back({{"", 0, name}, value.dump(), "Give a text, a number or null."});
    }
    if (!problems.empty()) throw values::Invalid(std::move(problems));
    return given;
}

std::optional<std::string> versionIn(const std::string& tag) {
    if (tag.empty() || tag == "*") return std::nullopt;
    if (tag.size() < 2 || tag.front() != '"' || tag.back() != '"')
        throw HttpProblem(400, "If-Match takes the ETag that an answer gave.");
    return tag.substr(1, tag.size() - 2);
}

}  // namespace

/// The type with its checklist's items, where it is of reviews.
FileType Door::apiType(Transaction& tx, const FileType& type, const std::string& checklist) const {
    return type.kind == delivery::RecordKind::review && !checklist.empty() ? keeper_.reviewType(tx, checklist)
                                                                           : type;
}

Response Door::apiList(Visit& visit) {
    const auto& type = keeper_.type(visit.request.part("kind"));
    values::Reader query(visit.request.query);
    const int most = query.optionalWhole("limit", 1, kMostOnAPage).value_or(100);
    query.refuseProblems();
    ordered_json out{{"data", ordered_json::array()}};
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        delivery::RecordQuestion question;
        question.owner = entrance::valueOf(visit.request.query, "owner");
        question.after = entrance::valueOf(visit.request.query, "after");
        question.words = entrance::valueOf(visit.request.query, "words");
        question.most = most + 1;
        auto found = keeper_.list(tx, visit.authority(), type, question);
        const bool hasMore = found.size() > static_cast<std::size_t>(most);
        if (hasMore) found.pop_back();
        out["data"] = ordered_json::array();
        for (const auto& record : found) out["data"].push_back(jsonOf(record));
        out["next"] = hasMore ? ordered_json("/api/v1/" + type.name + "?limit=" + std::to_string(most) +
                                             "&owner=" + platform::urlEncoded(question.owner) +
                                             "&words=" + platform::urlEncoded(question.words) +
                                             "&after=" + platform::urlEncoded(found.back().key))
                              : ordered_json();
        tx.audit("records read", type.name, std::to_string(found.size()) + " by machine");
    });
    return answerJson(out);
}

Response Door::apiRecord(Visit& visit) {
    const auto& type = keeper_.type(visit.request.part("kind"));
    std::optional<RecordView> found;
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        found = keeper_.byKey(tx, visit.authority(), type, visit.request.part("key"));
        tx.audit("record read", found->key, type.one + ", by machine");
    });
    if (visit.request.header("if-none-match") == tagOf(*found))
        return {304, "application/json", "", {{"ETag", tagOf(*found)}}};
    auto response = answerJson(jsonOf(*found));
    response.headers.emplace_back("ETag", tagOf(*found));
    return response;
}

/// Adds a record, or changes one: members that are left out stay as they are.
Response Door::apiPut(Visit& visit) {
    const auto& given = keeper_.type(visit.request.part("kind"));
    const auto key = visit.request.part("key");
    const auto& request = visit.request;
    const auto version = versionIn(request.header("if-match"));
    const bool mustBeKnown = !request.header("if-match").empty();
    const bool mustBeNew = request.header("if-none-match") == "*";
    const auto submission = idempotent(visit);
    // The answer is kept with its request, so that a key used for something else is noticed.
    const auto asked = platform::sha256Hex(request.method + request.path + request.body).substr(0, 32);
    std::string outcome;
    try {
        outcome = database_.once(submission, entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
            auto fields = columnsOf(
                request, request.body.find("checklist") == std::string::npos ? given : allItems(tx, given));
            const auto checklist = entrance::valueOf(fields, "checklist");
            fields.erase("checklist");
            const auto type =
                apiType(tx, given, checklist.empty() ? knownChecklist(tx, visit, given, key) : checklist);
            for (const auto& [name, value] : keyColumns(type, key))
                if (const auto said = fields.find(name); said != fields.end() && said->second != value)
                    throw values::Invalid(
                        {{{"", 0, name}, said->second, "Give what the address says, or leave it out."}});
                else fields[name] = value;
            const auto saved =
                keeper_.save(tx, visit.authority(), type,
                             {fields, version, mustBeNew, mustBeKnown,
                              checklist.empty() ? knownChecklist(tx, visit, given, key) : checklist});
            return asked + (saved.outcome == delivery::PutOutcome::created ? " 201" : " 200");
        });
    } catch (const intake::Changed& changed) {
        throw HttpProblem(412, "The record is " + tagOf(changed.now) +
                                   " now. Read it again, then send your change with that ETag in If-Match.");
    }
    if (outcome.substr(0, 32) != asked)
        throw HttpProblem(422, "This Idempotency-Key was used for another request.");
    std::optional<RecordView> now;
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        now = keeper_.byKey(tx, visit.authority(), given, key);
        tx.audit("record read", key, given.one + ", by machine");
    });
    auto response = answerJson(jsonOf(*now), outcome.ends_with("201") ? 201 : 200);
    response.headers.emplace_back("ETag", tagOf(*now));
    response.headers.emplace_back("Location", "/api/v1/" + given.name + "/" + platform::segmentEncoded(key));
    return response;
}

/// Many records at once, a line of JSON each: all of them, or none.
Response Door::apiBulk(Visit& visit) {
    auto& request = visit.request;
    const auto& type = keeper_.type(request.part("kind"));
    if (request.files.size() != 1)
        throw HttpProblem(415, "Send lines of JSON: Content-Type: application/x-ndjson.");
    const auto checklist = entrance::valueOf(request.query, "checklist");
    if (type.kind == delivery::RecordKind::review && checklist.empty())
        throw values::Invalid({{{"", 0, "checklist"},
                                "",
                                "Say in the address which checklist the reviews used: ?checklist=…"}});
    const auto submission = idempotent(visit);
    const auto id = values::Id<intake::Upload>(*values::idFromText(submission));
    const auto name = type.name + (checklist.empty() ? "" : "." + checklist) + ".ndjson";
    bool isKnown = false;
    database_.read(
        [&](Transaction& tx) { isKnown = intake::Uploads::find(tx, visit.authority(), id).has_value(); });
    if (!isKnown) {
        uploads_.takeFiles(id, {{request.files.front().path, name}});
        database_.once(submission, entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
            intake::Uploads::send(tx, id, visit.authority(), {name}, true);
            return "/api/v1/uploads/" + id.text();
        });
    }
    auto response = answerJson({{"upload", id.text()}, {"state", "/api/v1/uploads/" + id.text()}}, 202);
    response.headers.emplace_back("Location", "/api/v1/uploads/" + id.text());
    return response;
}

Response Door::apiUpload(Visit& visit) {
    ordered_json out;
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        const auto upload =
            intake::Uploads::byId(tx, visit.authority(), visit.request.partId<intake::Upload>("upload"));
        out = {{"upload", upload.id.text()},
               {"state", upload.state},
               {"is_under_way", upload.isUnderWay()},
               {"is_left_alone", upload.isLeftAlone(clock_.now())},
               {"rows_done", upload.rowsDone},
               {"rows_expected", upload.rowsExpected},
               {"report", upload.report.empty() ? ordered_json() : values::parseOrderedJson(upload.report)}};
        tx.audit("upload read", upload.id.text(), "by machine");
    });
    return answerJson(out);
}

Response Door::apiResults(Visit& visit) {
    std::string text;
    database_.read([&](Transaction& tx) {
        const auto quarters = quartersOf(tx, visit, clock_.today());
        text = results::reportOf(tx, catalogues_, visit.authority(), quarters.chosen).json(true);
    });
    return platform::jsonAnswer(text);
}

Response Door::apiDescription(Visit& visit) {
    (void)visit;
    return platform::jsonAnswer(openApi(keeper_.types()));
}

/// The id under which a request is done once: of its Idempotency-Key, where it has one.
std::string Door::idempotent(const Visit& visit) {
    const auto key = visit.request.header("idempotency-key");
    if (key.empty()) return ids_.next<Request>().text();
    if (key.size() > 100) throw HttpProblem(400, "Give an Idempotency-Key of 100 characters or fewer.");
    return platform::toHex(platform::sha256(visit.system->id.text() + "|" + key)).substr(0, 32);
}

/// The checklist of a review that is kept already; empty for what is none.
std::string Door::knownChecklist(Transaction& tx, const Visit& visit, const FileType& type,
                                 const std::string& key) const {
    if (type.kind != delivery::RecordKind::review) return "";
    const auto found = keeper_.find(tx, visit.authority(), type, key);
    return found ? found->values.at("checklist") : "";
}

/// The type of reviews with the items of every checklist: for reading a body before its checklist is known.
FileType Door::allItems(Transaction& tx, const FileType& type) const {
    auto all = type;
    if (type.kind != delivery::RecordKind::review) return all;
    const auto guidance = catalogues_.inForce(tx);  // keeps the checklists
    for (const auto& [id, versions] : guidance->latest.checklists) intake::addItems(all, versions);
    return all;
}

values::Fields Door::keyColumns(const FileType& type, const std::string& key) {
    values::Fields parts;
    std::size_t from = 0;
    for (std::size_t i = 0; i < type.key.size(); ++i) {
        const auto end = i + 1 == type.key.size() ? std::string::npos : key.find('|', from);
        parts[type.columns[type.key[i]].name] = key.substr(from, end == std::string::npos ? end : end - from);
        if (end == std::string::npos) break;
        from = end + 1;
    }
    return parts;
}

}  // namespace authority
