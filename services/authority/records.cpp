// The register and what is delivered, record by record: one set of pages for every kind.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "authority/door.h"
#include "authority/record_form.h"
#include "identity/audit.h"
#include "values/text.h"

namespace authority {
namespace {

using delivery::RecordKind;
using intake::FileType;
using intake::RecordView;
using nlohmann::json;
using platform::Response;
using platform::Transaction;

constexpr int kOnAPage = 50;
constexpr std::size_t kColumnsInList = 6;

json formView(const FileType& type, const std::string& title, const std::string& path) {
    return {{"title", title}, {"path", path}, {"one", type.one}, {"save", button("Save")}};
}

/// What belongs to a record, with a link to add one.
struct Related {
    RecordKind kind;
    const char* owner;  ///< the column that names the record
};
std::vector<Related> relatedOf(RecordKind kind) {
    switch (kind) {
        case RecordKind::service:
            return {{RecordKind::stageChange, "service_ref"}, {RecordKind::partner, "service_ref"},
                    {RecordKind::site, "service_ref"},        {RecordKind::practitioner, "service_ref"},
                    {RecordKind::episode, "service_ref"},     {RecordKind::adaptation, "service_ref"},
                    {RecordKind::feedback, "service_ref"}};
        case RecordKind::practitioner:
            return {{RecordKind::supervision, "practitioner_ref"}};
        case RecordKind::episode:
            return {{RecordKind::session, "episode_ref"},
                    {RecordKind::outcomeScore, "episode_ref"},
                    {RecordKind::familyMeeting, "episode_ref"}};
        default:
            return {};
    }
}

json listTable(const std::vector<RecordView>& records, const FileType& type, const Choices& choices,
               const std::string& id, const std::string& caption) {
    std::vector<std::size_t> shown;
    for (std::size_t i = 0; i < type.columns.size() && shown.size() < kColumnsInList; ++i) {
        const auto& column = type.columns[i];
        const bool isKey = type.key.size() == 1 && i == type.key.front();
        if (isKey || column.isPrivate || column.type == intake::ColumnType::child ||
            column.type == intake::ColumnType::item ||
            (column.type == intake::ColumnType::text && column.most > 300))
            continue;
        shown.push_back(i);
    }
    std::vector<std::string> headers{type.key.size() == 1 ? "Reference" : sentence(type.one)};
    for (const auto i : shown) headers.push_back(type.columns[i].label);
    json rows = json::array();
    for (const auto& record : records) {
        std::vector<std::string> cells;
        for (const auto i : shown)
            cells.push_back(
                displayed(type.columns[i], entrance::valueOf(record.values, type.columns[i].name), choices));
        auto key = record.key;
        if (type.key.size() > 1) std::ranges::replace(key, '|', ' ');
        auto line = row(key, cells);
        line["href"] = recordHref(type, record.key);
        rows.push_back(std::move(line));
    }
    auto made = table(id, caption, headers, rows);
    for (auto& head : made["headers"]) head["isNumber"] = false;
    return made;
}

/// The states of a record in order: what each changed.
json historyOf(const std::vector<RecordView>& states, const FileType& type, const Choices& choices) {
    json history = json::array();
    const RecordView* before = nullptr;
    for (const auto& state : states) {
        json changes = json::array();
        for (const auto& column : type.columns) {
            const auto is = entrance::valueOf(state.values, column.name);
            const auto was = before == nullptr ? "" : entrance::valueOf(before->values, column.name);
            if (before == nullptr || is == was) continue;
            changes.push_back(column.label + ": " + displayed(column, was, choices) + " became " +
                              displayed(column, is, choices));
        }
        const bool isSame = before != nullptr && changes.empty();
        if (!isSame)
            history.insert(history.begin(), json{{"since", entrance::instantText(state.since)},
                                                 {"isFirst", before == nullptr},
                                                 {"changes", changes}});
        before = &state;
    }
    return history;
}

/// `Kim Novak’s address changed it on 2 June 2025 at 10:00am`, where the audit says who.
std::string whoChanged(Transaction& tx, identity::AuthorityId authority, const std::string& key) {
    identity::AuditQuestion question;
    question.words = key;
    for (const auto& entry :
         identity::Audit::search(tx, authority, question, std::numeric_limits<std::int64_t>::max(), 20))
        if (entry.subject == key && entry.action.find("read") == std::string::npos)
            return entry.actor + " changed it on " + entrance::instantText(entry.happenedAt) + ".";
    return "It came with an upload.";
}

}  // namespace

Response Door::recordKinds(Visit& visit) {
    json view{{"title", "Records"}, {"groups", json::array()}};
    for (const bool isRegister : {true, false}) {
        json kinds = json::array();
        for (const auto& type : keeper_.types()) {
            const bool hasOwnPlace = type.kind == RecordKind::declaration || type.kind == RecordKind::action;
            if (isOfRegister(type.kind) != isRegister || hasOwnPlace) continue;
            kinds.push_back(
                {{"href", "/records/" + type.name},
                 {"title", type.title},
                 {"new", mayWrite(visit, type) ? json{{"href", "/records/" + type.name + "/new"},
                                                      {"text", "Add " + values::withArticle(type.one)}}
                                               : json()}});
        }
        view["groups"].push_back({{"title", isRegister ? "Register" : "Delivery"}, {"kinds", kinds}});
    }
    return render(visit, "record_kinds", std::move(view));
}

Response Door::records(Visit& visit) {
    const auto& type = keeper_.type(visit.request.part("kind"));
    json view;
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        const auto inForce = catalogues_.inForce(tx);
        const auto& query = visit.request.query;
        delivery::RecordQuestion question;
        question.words = entrance::valueOf(query, "words");
        question.owner = entrance::valueOf(query, "owner");
        question.after = entrance::valueOf(query, "after");
        question.most = kOnAPage + 1;
        auto found = keeper_.list(tx, visit.authority(), type, question);
        const bool hasMore = found.size() > kOnAPage;
        if (hasMore) found.pop_back();
        const auto choices = choicesOf(tx, keeper_, visit.authority(), type, inForce->latest, clock_.today());
        const auto address = "/records/" + type.name;
        view = {{"title", type.title},
                {"path", address},
                {"words", entrance::input({"words", "Find", question.words, "search",
                                           "Part of a reference or of what a record says"},
                                          {})},
                {"find", secondaryButton("Find")},
                {"count", found.empty() ? "No records are like this." : ""},
                {"hasRecords", !found.empty()},
                {"recordsTable", listTable(found, type, choices, "records", type.title)},
                {"back", {{"href", "/records"}, {"text", "Back to records"}}}};
        if (type.owner && choices.contains(type.columns[*type.owner].name)) {
            auto options = choices.at(type.columns[*type.owner].name);
            options.insert(options.begin(), {"", "All"});
            view["ownerChoice"] = choice("owner", type.columns[*type.owner].label, options, question.owner);
        } else if (!question.owner.empty()) {
            view["owner"] = question.owner;
        }
        if (mayWrite(visit, type)) {
            view["new"] = {{"href", address + "/new" +
                                        (question.owner.empty() || !type.owner
                                             ? ""
                                             : "?" + type.columns[*type.owner].name + "=" +
                                                   platform::urlEncoded(question.owner))},
                           {"text", "Add " + values::withArticle(type.one)}};
        }
        if (hasMore)
            view["next"] = {{"href", address + "?after=" + platform::urlEncoded(found.back().key) +
                                         "&owner=" + platform::urlEncoded(question.owner) +
                                         "&words=" + platform::urlEncoded(question.words)}};
        tx.audit("records read", type.name, question.owner.empty() ? "" : "of " + question.owner);
    });
    return render(visit, "records", std::move(view));
}

Response Door::record(Visit& visit) {
    const auto& given = keeper_.type(visit.request.part("kind"));
    const auto key = visit.request.part("key");
    json view;
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        const auto inForce = catalogues_.inForce(tx);
        const auto found = keeper_.byKey(tx, visit.authority(), given, key);
        const auto type =
            given.kind == RecordKind::review ? keeper_.reviewType(tx, found.values.at("checklist")) : given;
        const auto choices = choicesOf(tx, keeper_, visit.authority(), type, inForce->latest, clock_.today());
        json facts = json::array();
        for (const auto& column : type.columns) {
            if (column.type == intake::ColumnType::child) continue;
            const auto value = entrance::valueOf(found.values, column.name);
            if (column.type == intake::ColumnType::item && value.empty()) continue;
            facts.push_back({{"name", column.label}, {"value", displayed(column, value, choices)}});
        }
        delivery::RecordQuestion question;
        question.key = key;
        question.owner = type.key.size() > 1 ? key.substr(0, key.find('|')) : "";
        question.isHistory = true;
        question.most = 200;
        const bool mayEdit = mayWrite(visit, type);
        const auto address = recordHref(type, key);
        view = {{"title", sentence(type.one) + " " + key},
                {"kind", sentence(type.one)},
                {"key", key},
                {"facts", facts},
                {"history", historyOf(keeper_.list(tx, visit.authority(), type, question), type, choices)},
                {"related", json::array()},
                {"saved", visit.request.query.contains("saved")
                              ? json{{"text", "Saved. Figures are being brought up to date."}}
                              : json()},
                {"back",
                 {{"href", "/records/" + type.name}, {"text", "Back to " + values::lowered(type.title)}}}};
        if (mayEdit && type.kind != RecordKind::review)
            view["edit"] = {{"href", address + "/edit"}, {"text", "Change this " + type.one}};
        const bool isArchivable =
            std::ranges::find(type.columns, "archived_on", &intake::ColumnRule::name) != type.columns.end();
        if (mayEdit && isArchivable) {
            view["archive"] = {
                {"path", address + "/archive"},
                {"press",
                 secondaryButton(found.values.contains("archived_on") ? "Bring it back" : "Archive it")},
                {"text",
                 found.values.contains("archived_on")
                     ? "It is archived: lists do not offer it. Its figures stay as they are."
                     : "Nothing is ever deleted. An archived one is offered in no list; its figures stay."}};
        }
        for (const auto& related : relatedOf(type.kind)) {
            const auto& other = keeper_.type(related.kind);
            delivery::RecordQuestion of;
            of.owner = key;
            of.most = 20;
            const auto records = keeper_.list(tx, visit.authority(), other, of);
            const auto theirs =
                choicesOf(tx, keeper_, visit.authority(), other, inForce->latest, clock_.today());
            json section{
                {"title", other.title},
                {"id", "related-" + other.name},
                {"hasRecords", !records.empty()},
                {"all", {{"href", "/records/" + other.name + "?owner=" + platform::urlEncoded(key)}}},
                {"table", listTable(records, other, theirs, other.name, other.title)}};
            if (mayWrite(visit, other))
                section["new"] = {{"href", "/records/" + other.name + "/new?" + related.owner + "=" +
                                               platform::urlEncoded(key)},
                                  {"text", "Add " + values::withArticle(other.one)}};
            view["related"].push_back(std::move(section));
        }
        if (type.kind == RecordKind::episode)
            view["changes"] = scoreChanges(tx, visit.authority(), key, inForce->latest);
        view["hasChanges"] = view.contains("changes") && !view["changes"].empty();
        tx.audit("record read", key, type.one);
    });
    return render(visit, "record", std::move(view));
}

/// What happened to each instrument's scores of an episode, from the earliest before to the latest after.
json Door::scoreChanges(Transaction& tx, identity::AuthorityId authority, const std::string& episode,
                        const guidance::Catalogue& catalogue) const {
    struct Ends {
        std::string beforeOn, afterOn;
        double before = 0, after = 0;
    };
    std::map<std::pair<std::string, std::string>, Ends> ends;
    delivery::RecordQuestion question;
    question.owner = episode;
    question.most = 500;
    for (const auto& score : keeper_.list(tx, authority, keeper_.type(RecordKind::outcomeScore), question)) {
        auto& one = ends[{score.values.at("instrument"), score.values.at("respondent")}];
        const auto& day = score.values.at("scored_on");
        const double value = std::stod(score.values.at("value"));
        if (score.values.at("timepoint") == "before" && (one.beforeOn.empty() || day < one.beforeOn))
            one.beforeOn = day, one.before = value;
        if (score.values.at("timepoint") == "after" && day >= one.afterOn)
            one.afterOn = day, one.after = value;
    }
    json changes = json::array();
    for (const auto& [who, one] : ends)
        if (!one.beforeOn.empty() && !one.afterOn.empty())
            if (const auto* instrument = catalogue.instrument(who.first))
                changes.push_back(changeText(*instrument, who.second, one.before, one.after));
    return changes;
}

Response Door::newRecord(Visit& visit) {
    const auto& type = keeper_.type(visit.request.part("kind"));
    requireWriting(visit, type);
    if (type.kind == RecordKind::review) return platform::seeOther("/reviews/new");
    const bool isAgain = !visit.problems.empty() || !visit.request.form.empty();
    auto values = columnsIn(isAgain ? visit.request.form : visit.request.query, type);
    if (!isAgain) {
        // What is most likely: today, and a reference that nobody has.
        for (const auto& column : type.columns)
            if (column.type == intake::ColumnType::date && column.isRequired && !values.contains(column.name))
                values[column.name] = clock_.today().iso();
        const auto& key = type.columns[type.key.front()];
        if (type.key.size() == 1 && key.type == intake::ColumnType::reference && !key.refers &&
            !values.contains(key.name))
            values[key.name] = freshReference(type);
    }
    json view = formView(type, "Add " + values::withArticle(type.one), "/records/" + type.name + "/new");
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        const auto inForce = catalogues_.inForce(tx);
        const auto choices = choicesOf(tx, keeper_, visit.authority(), type, inForce->latest, clock_.today());
        view["fields"] = fieldsOf(type, values, choices, visit.problems, {}, false);
        if (type.isAboutChildren()) tx.audit("form opened", type.one);
    });
    view["isNew"] = true;
    view["later"] = secondaryButton("Save for later");
    if (!visit.problems.empty()) view["summaryOfErrors"] = errorSummary(visit.problems);
    view["back"] = {{"href", "/records/" + type.name}, {"text", "Back to " + values::lowered(type.title)}};
    return render(visit, "record_form", std::move(view));
}

Response Door::addRecord(Visit& visit) {
    const auto& type = keeper_.type(visit.request.part("kind"));
    requireWriting(visit, type);
    const auto given = columnsIn(visit.request.form, type);
    return platform::seeOther(once(visit, [&](Transaction& tx) {
        const auto saved = keeper_.save(tx, visit.authority(), type, {given, std::nullopt, true});
        return recordHref(type, saved.key) + "?saved=1";
    }));
}

Response Door::editRecord(Visit& visit) {
    const auto& type = keeper_.type(visit.request.part("kind"));
    requireWriting(visit, type);
    const auto key = visit.request.part("key");
    json view = formView(type, "Change " + type.one + " " + key, recordHref(type, key) + "/edit");
    std::vector<std::string> fixed;
    for (const auto column : type.key) fixed.push_back(type.columns[column].name);
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        const auto inForce = catalogues_.inForce(tx);
        const auto found = keeper_.byKey(tx, visit.authority(), type, key);
        const bool isAgain = !visit.request.form.empty();
        auto values = isAgain ? columnsIn(visit.request.form, type) : found.values;
        for (const auto& name : fixed) values[name] = entrance::valueOf(found.values, name);
        const auto choices = choicesOf(tx, keeper_, visit.authority(), type, inForce->latest, clock_.today());
        view["fields"] = fieldsOf(type, values, choices, visit.problems, fixed, true);
        // The state that the person looks at; kept through a refusal and a pause.
        const auto sent = entrance::valueOf(visit.request.form, "version");
        view["version"] = sent.empty() ? found.version : sent;
        tx.audit("form opened", key, type.one);
    });
    view["later"] = secondaryButton("Save for later");
    if (!visit.problems.empty()) view["summaryOfErrors"] = errorSummary(visit.problems);
    view["back"] = {{"href", recordHref(type, key)}, {"text", "Back to the " + type.one}};
    return render(visit, "record_form", std::move(view));
}

Response Door::changeRecord(Visit& visit) {
    const auto& type = keeper_.type(visit.request.part("kind"));
    requireWriting(visit, type);
    const auto key = visit.request.part("key");
    const auto given = columnsIn(visit.request.form, type);
    try {
        return platform::seeOther(once(visit, [&](Transaction& tx) {
            keeper_.byKey(tx, visit.authority(), type, key);
            if (intake::keyOf(type, given) != key)
                throw values::Conflict("The reference of a record cannot be changed.");
            keeper_.save(tx, visit.authority(), type,
                         {given, entrance::valueOf(visit.request.form, "version"), false, true});
            return recordHref(type, key) + "?saved=1";
        }));
    } catch (const intake::Changed& changed) {
        return chooseBetween(visit, type, given, changed.now);
    }
}

/// Somebody else saved first: nothing is lost, and the person chooses field by field.
Response Door::chooseBetween(Visit& visit, const FileType& type, const values::Fields& mine,
                             const RecordView& now) {
    json view = formView(type, "Someone else changed this " + type.one, recordHref(type, now.key) + "/edit");
    view["differences"] = json::array();
    view["same"] = json::array();
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        const auto inForce = catalogues_.inForce(tx);
        const auto choices = choicesOf(tx, keeper_, visit.authority(), type, inForce->latest, clock_.today());
        // In the words that are kept, whichever way a day was typed.
        for (const auto& column : type.columns) {
            if (!mine.contains(column.name) || column.type == intake::ColumnType::child) continue;
            auto yours = mine.at(column.name);
            values::Reader reader(mine);
            if (column.type == intake::ColumnType::date)
                if (const auto day = reader.optionalDate(column.name)) yours = day->iso();
            const auto theirs = entrance::valueOf(now.values, column.name);
            if (yours == theirs) {
                view["same"].push_back({{"name", column.name}, {"value", yours}});
                continue;
            }
            view["differences"].push_back({{"name", column.name},
                                           {"label", column.label},
                                           {"theirs", theirs},
                                           {"yours", yours},
                                           {"theirsText", displayed(column, theirs, choices)},
                                           {"yoursText", displayed(column, yours, choices)}});
        }
        view["who"] = whoChanged(tx, visit.authority(), now.key);
        tx.audit("record read", now.key, type.one);
    });
    view["version"] = now.version;
    view["save"] = button("Save what is chosen");
    view["back"] = {{"href", recordHref(type, now.key)}, {"text", "Leave it as it is now"}};
    visit.status = 409;
    return render(visit, "record_conflict", std::move(view));
}

Response Door::archiveRecord(Visit& visit) {
    const auto& type = keeper_.type(visit.request.part("kind"));
    requireWriting(visit, type);
    const auto key = visit.request.part("key");
    return platform::seeOther(once(visit, [&](Transaction& tx) {
        const auto found = keeper_.byKey(tx, visit.authority(), type, key);
        if (std::ranges::find(type.columns, "archived_on", &intake::ColumnRule::name) == type.columns.end())
            throw values::Conflict("Records of this kind are not archived.");
        const bool isArchived = found.values.contains("archived_on");
        keeper_.save(tx, visit.authority(), type,
                     {{{type.columns[type.key.front()].name, key},
                       {"archived_on", isArchived ? "" : clock_.today().iso()}},
                      std::nullopt,
                      false,
                      true,
                      "",
                      isArchived ? "brought back" : "archived"});
        return recordHref(type, key) + "?saved=1";
    }));
}

}  // namespace authority
