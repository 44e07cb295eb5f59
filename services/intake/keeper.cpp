#include "intake/keeper.h"

#include <algorithm>

#include "delivery/authorities.h"
#include "intake/file_import.h"
#include "intake/rows.h"
#include "platform/digest.h"
#include "values/json.h"

namespace intake {
namespace {

using delivery::RecordKind;
using nlohmann::ordered_json;
using values::Fields;

std::string versionOf(const delivery::KeptRecord& record) {
    ordered_json values = ordered_json::array();
    for (const auto& value : record.values) values.push_back(value ? platform::toHex(*value) : "-");
    return platform::sha256Hex(values.dump()).substr(0, 32);
}

/// The points of a review's items, as a file gives them.
void addItems(Fields& values, const guidance::Checklist& checklist, const std::string& scores) {
    for (std::size_t i = 0; i < checklist.items.size() && i < scores.size(); ++i) {
        const auto score = static_cast<std::uint8_t>(scores[i]);
        if (score == guidance::kBlank) continue;
        values["item_" + checklist.items[i].id] =
            score == guidance::kNotApplicable ? "NA" : std::to_string(score);
    }
}

RecordView viewOf(const FileType& type, const delivery::KeptRecord& record,
                  const guidance::Catalogue& catalogue) {
    RecordView view{record.key, {}, versionOf(record), record.since, record.until > "2038-01-01"};
    const auto columns = std::min(type.columns.size(), record.values.size());
    for (std::size_t i = 0; i < columns; ++i)
        if (type.columns[i].type != ColumnType::item && record.values[i])
            view.values[type.columns[i].name] = *record.values[i];
    if (type.kind != RecordKind::review) return view;
    // Behind a review's own columns stand its checklist and the packed points.
    const auto checklist = record.values[record.values.size() - 2].value_or("");
    const auto* version = catalogue.checklist(checklist, std::stoi(view.values.at("checklist_version")));
    view.values["checklist"] = checklist;
    if (version != nullptr) addItems(view.values, *version, record.values.back().value_or(""));
    return view;
}

/// In words of the form: a column by its label.
std::string worded(const FileType& type, std::string text) {
    for (const auto& column : type.columns) {
        if (text == "Fill in " + column.name + "; it is needed in every row.")
            return "Fill in “" + (column.label.empty() ? column.name : column.label) + "”.";
        if (column.label.empty() || column.name.find('_') == std::string::npos) continue;
        for (std::size_t at = 0; (at = text.find(column.name, at)) != std::string::npos;
             at += column.label.size() + 6)
            text.replace(at, column.name.size(), "“" + column.label + "”");
    }
    return text;
}

/// The key as it is kept, whichever way its days and words were typed; as it was typed where they are wrong.
std::string canonicalKey(const FileType& type, const Fields& given, const guidance::Catalogue& catalogue) {
    FileType keys;
    keys.kind = type.kind;
    std::vector<std::pair<std::string, std::string>> cells;
    for (const auto column : type.key) {
        keys.columns.push_back(type.columns[column]);
        keys.columns.back().notBefore.clear();
        keys.columns.back().requiredWith.clear();
        const auto found = given.find(type.columns[column].name);
        cells.emplace_back(type.columns[column].name, found == given.end() ? "" : found->second);
    }
    Problems ignored;
    RecordReader reader(std::make_unique<CellRows>(cells), "", keys, catalogue, ignored);
    reader.next();
    std::string key;
    for (std::size_t i = 0; i < cells.size(); ++i)
        key += (i == 0 ? "" : "|") + reader.value(i).value_or(cells[i].second);
    return key;
}

[[noreturn]] void refuse(const FileType& type, const values::Invalid& refusal) {
    auto problems = refusal.problems();
    for (auto& problem : problems) {
        problem.where.file.clear();
        problem.where.row = 0;
        problem.wanted = worded(type, problem.wanted);
    }
    throw values::Invalid(std::move(problems));
}

}  // namespace

std::string keyOf(const FileType& type, const Fields& values) {
    std::string key;
    for (const auto column : type.key) {
        const auto found = values.find(type.columns[column].name);
        key += (key.empty() ? "" : "|") + (found == values.end() ? "" : found->second);
    }
    return key;
}

Keeper::Keeper(delivery::Catalogues& catalogues, values::Ids& ids, std::vector<FileType> types,
               std::string keyFolder)
    : catalogues_(catalogues), ids_(ids), types_(std::move(types)), keyFolder_(std::move(keyFolder)) {}

const FileType& Keeper::type(const std::string& name) const {
    const auto found = std::ranges::find(types_, name, &FileType::name);
    if (found == types_.end()) throw values::NotFound("no such kind of record");
    return *found;
}

FileType Keeper::reviewType(platform::Transaction& tx, const std::string& checklist) const {
    auto type = this->type(RecordKind::review);
    const auto inForce = catalogues_.inForce(tx);
    const auto versions = inForce->latest.checklists.find(checklist);
    if (versions == inForce->latest.checklists.end()) throw values::NotFound("no such checklist");
    addItems(type, versions->second);
    return type;
}

std::vector<RecordView> Keeper::list(platform::Transaction& tx, identity::AuthorityId authority,
                                     const FileType& type, const delivery::RecordQuestion& question) const {
    const auto inForce = catalogues_.inForce(tx);
    std::vector<RecordView> views;
    for (const auto& record : delivery::Records::read(tx, authority, type.kind, question))
        views.push_back(viewOf(type, record, inForce->latest));
    return views;
}

std::optional<RecordView> Keeper::find(platform::Transaction& tx, identity::AuthorityId authority,
                                       const FileType& type, const std::string& key) const {
    if (key.empty()) return std::nullopt;
    delivery::RecordQuestion question;
    question.key = key;
    // What a record of several parts belongs to is the first of them.
    if (type.key.size() > 1) question.owner = key.substr(0, key.find('|'));
    auto found = list(tx, authority, type, question);
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

RecordView Keeper::byKey(platform::Transaction& tx, identity::AuthorityId authority, const FileType& type,
                         const std::string& key) const {
    auto found = find(tx, authority, type, key);
    if (!found) throw values::NotFound("no such " + type.one);
    return std::move(*found);
}

/// `{"stage": {"before": "initial", "after": "full"}}`; of words that may point to someone only that they
/// changed.
std::string Keeper::detailOf(const FileType& type, const Fields& before, const Fields& after,
                             bool hasChild) const {
    ordered_json detail = ordered_json::object();
    for (const auto& column : type.columns) {
        const auto was = before.find(column.name);
        const auto is = after.find(column.name);
        const bool isSame = (was == before.end()) == (is == after.end()) &&
                            (was == before.end() || was->second == is->second);
        if (isSame) continue;
        if (column.isPrivate) {
            detail[column.name] = "changed";
            continue;
        }
        detail[column.name] = {{"before", was == before.end() ? ordered_json() : ordered_json(was->second)},
                               {"after", is == after.end() ? ordered_json() : ordered_json(is->second)}};
    }
    if (hasChild) detail["child_ref"] = "given";
    return detail.dump();
}

Keeper::Saved Keeper::save(platform::Transaction& tx, identity::AuthorityId authority, const FileType& given,
                           const Saving& saving) const {
    auto type = given;
    const auto key = canonicalKey(type, saving.given, catalogues_.inForce(tx)->latest);
    const auto before = find(tx, authority, type, key);
    const auto& keyColumn = type.columns[type.key.front()].name;
    if (before && saving.isNew)
        throw values::Invalid({{{"", 0, keyColumn},
                                key,
                                "Choose another reference; there is a record with this one already."}});
    if (!before && saving.isKnown) throw values::NotFound("no such " + type.one);
    if (before && saving.version && *saving.version != before->version) throw Changed(*before);

    auto fields = before ? before->values : Fields{};
    bool hasChild = false;
    for (const auto& [name, value] : saving.given) fields[name] = value;
    std::vector<std::pair<std::string, std::string>> cells;
    for (auto& column : type.columns) {
        const auto value = fields.find(column.name);
        if (column.type == ColumnType::child) {
            hasChild = value != fields.end() && !value->second.empty();
            if (before && !hasChild) {  // it stays whom it was about
                column.isRequired = false;
                continue;
            }
        }
        cells.emplace_back(column.name, value == fields.end() ? "" : value->second);
    }

    const auto inForce = catalogues_.inForce(tx);
    const auto owner = delivery::Authorities::byId(tx, authority);
    const auto pseudonyms = Pseudonyms::held(tx, keyFolder_, authority, owner.code);
    Problems problems;
    std::optional<delivery::PutOutcome> outcome;
    try {
        Problems readingProblems;
        RecordReader reader(std::make_unique<CellRows>(cells), "", type, inForce->latest, readingProblems);
        Batch batch(tx, authority, ids_, inForce->latest, pseudonyms, problems, false);
        outcome = batch.keep(reader, saving.checklist);
        problems.take(std::move(readingProblems));
        problems.refuse({""});
        batch.finish();
    } catch (const values::Invalid& refusal) {
        refuse(type, refusal);
    }
    const auto after = byKey(tx, authority, type, key);
    const auto word = !saving.as.empty()                            ? saving.as
                      : *outcome == delivery::PutOutcome::created   ? "created"
                      : *outcome == delivery::PutOutcome::unchanged ? "left unchanged"
                                                                    : "changed";
    tx.audit(type.one + " " + word, key,
             detailOf(type, before ? before->values : Fields{}, after.values, hasChild));
    return {*outcome, key};
}

}  // namespace intake
