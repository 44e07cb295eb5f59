#include "intake/file_import.h"

#include <algorithm>
#include <future>
#include <stdexcept>
#include <utility>

#include "delivery/touched.h"
#include "intake/rejected_rows.h"
#include "intake/rows.h"

namespace intake {
namespace {

using delivery::Record;
using delivery::RecordKind;
using delivery::Records;

constexpr std::size_t kRowsAtOnce = 2000;
/// Known references are kept from batch to batch up to this many; then looked up afresh.
constexpr std::size_t kMostKnown = 20000;

/// The 16 bytes that a column keeps.
values::IdBytes bytesOf(const std::string& id) {
    values::IdBytes bytes{};
    std::copy(id.begin(), id.end(), bytes.begin());
    return bytes;
}

std::string hexOf(const std::string& id) { return values::idText(bytesOf(id)); }

values::Id<delivery::Service> serviceOf(const std::string& id) {
    return values::Id<delivery::Service>(bytesOf(id));
}

const char* wordFor(RecordKind kind) {
    switch (kind) {
        case RecordKind::service:
            return "service";
        case RecordKind::practitioner:
            return "practitioner";
        case RecordKind::episode:
            return "episode";
        default:
            return "session";
    }
}

/// Lines of JSON, or a CSV file.
std::unique_ptr<RecordReader> openFile(const PlannedFile& file, const guidance::Catalogue& catalogue,
                                       Problems& problems) {
    if (!file.source.name.ends_with(".ndjson"))
        return std::make_unique<RecordReader>(file.source.path, file.source.name, file.type, catalogue,
                                              problems, file.mapping ? &*file.mapping : nullptr);
    std::vector<std::string> columns;
    for (const auto& column : file.type.columns) columns.push_back(column.name);
    return std::make_unique<RecordReader>(std::make_unique<JsonRows>(file.source.path, columns),
                                          file.source.name, file.type, catalogue, problems);
}

}  // namespace

std::optional<std::string> keyOf(const FileType& type,
                                 const std::vector<std::optional<std::string>>& values) {
    std::string key;
    for (const auto column : type.key) {
        if (!values[column]) return std::nullopt;
        key += (key.empty() ? "" : "|") + *values[column];
    }
    return key;
}

struct Batch::Part {
    enum class Source { value, owner, ownersName, child, provider, checklist, scores, yesNo, fidelity };
    const char* column;  ///< of the file
    Source source = Source::value;
};

/// In the order of the columns that a put of the kind takes.
const std::vector<Batch::Part>& Batch::partsOf(RecordKind kind) {
    using enum Part::Source;
    static const std::map<RecordKind, std::vector<Part>> parts{
        {RecordKind::service,
         {{"service_ref"},
          {"intervention"},
          {"name"},
          {"provider", provider},
          {"stage"},
          {"started_on"},
          {"ended_on"},
          {"capacity_per_year"},
          {"eligibility"},
          {"referral_route"},
          {"cost_per_year"},
          {"structured"},
          {"kept_as"},
          {"archived_on"}}},
        {RecordKind::stageChange, {{"service_ref", owner}, {"changed_on"}, {"stage"}, {"note"}}},
        {RecordKind::partner, {{"service_ref", owner}, {"partner"}, {"share"}}},
        {RecordKind::site, {{"service_ref", owner}, {"site_ref"}, {"name"}, {"area"}, {"archived_on"}}},
        {RecordKind::practitioner,
         {{"service_ref", owner},
          {"practitioner_ref"},
          {"role"},
          {"trained_on"},
          {"accredited_until"},
          {"archived_on"}}},
        {RecordKind::supervision, {{"practitioner_ref", owner}, {"held_on"}}},
        {RecordKind::episode,
         {{"service_ref", owner},
          {"episode_ref"},
          {"child_ref", child},
          {"age_band"},
          {"sex"},
          {"ethnic_group"},
          {"disabled"},
          {"need"},
          {"referred_on"},
          {"offered_on"},
          {"accepted_on"},
          {"started_on"},
          {"ended_on"},
          {"end_reason"},
          {"eligible_on"},
          {"group_name"}}},
        {RecordKind::familyMeeting,
         {{"episode_ref", owner},
          {"meeting_ref"},
          {"letter_on"},
          {"offered"},
          {"offered_on"},
          {"not_offered_reason"},
          {"response"},
          {"accepted_on"},
          {"accepted_by"},
          {"model"},
          {"held_on"},
          {"has_plan"},
          {"reviewed_on"},
          {"application_on"}}},
        {RecordKind::session,
         {{"episode_ref", owner},
          {"practitioner_ref", owner},
          {"session_ref"},
          {"held_on"},
          {"status"},
          {"minutes"},
          {"mode"}}},
        {RecordKind::review,
         {{"service_ref", owner},
          {"session_ref", ownersName},
          {"practitioner_ref", owner},
          {"review_ref"},
          {"reviewer"},
          {"reviewed_on"},
          {"checklist_version", checklist},
          {"checklist_version"},
          {"checklist_version", scores},
          {"rated_by"}}},
        {RecordKind::outcomeScore,
         {{"episode_ref", owner}, {"instrument"}, {"respondent"}, {"timepoint"}, {"scored_on"}, {"value"}}},
        {RecordKind::adaptation,
         {{"service_ref", owner},
          {"adaptation_ref"},
          {"adapted_on"},
          {"until_on"},
          {"phase"},
          {"modified"},
          {"decided_by"},
          {"reason"},
          {"planned", yesNo},
          {"fidelity", fidelity},
          {"description"},
          {"nature"},
          {"level"},
          {"goal"},
          {"approved"}}},
        {RecordKind::feedback,
         {{"service_ref", owner},
          {"feedback_ref"},
          {"episode_ref", owner},
          {"given_on"},
          {"respondent"},
          {"rating"},
          {"words"}}},
        {RecordKind::declaration,
         {{"recommendation"},
          {"declared_on"},
          {"status"},
          {"planned_by"},
          {"reason"},
          {"evidence"},
          {"notes"}}},
        {RecordKind::action,
         {{"action_ref"},
          {"title"},
          {"about_kind"},
          {"about"},
          {"raised_on"},
          {"owner"},
          {"due_on"},
          {"closed_on"},
          {"closing_evidence"}}},
    };
    return parts.at(kind);
}

Batch::Batch(platform::Transaction& tx, identity::AuthorityId authority, values::Ids& ids,
             const guidance::Catalogue& catalogue, const Pseudonyms& pseudonyms, Problems& problems,
             bool isDry)
    : tx_(tx),
      authority_(authority),
      records_(tx, authority, ids),
      catalogue_(catalogue),
      pseudonyms_(pseudonyms),
      problems_(problems),
      isDry_(isDry) {}

FileReport Batch::importFile(const PlannedFile& file, const Progress& progress) {
    const auto& type = file.type;
    file_ = file.source.name;
    checklist_ = file.checklist;
    isWriting_ = !isDry_ || file.isReferredTo;
    FileReport report;
    report.name = file.source.name;
    report.title = type.title;
    Problems readingProblems;  // the reader's own, because rows are stored in another thread
    const auto opened = openFile(file, catalogue_, readingProblems);
    auto& reader = *opened;
    reader.passOver(file.leftOut);
    report.ignoredColumns = reader.ignoredColumns();
    Repeats repeats;
    Rows rows;
    long read = 0;
    // While the database stores some rows, the next are read: one batch is under way at a time.
    std::future<void> storing;
    const auto flush = [&] {
        if (storing.valid()) storing.get();
        if (progress) progress(file.source.name, read);
        if (rows.rows.empty()) return;
        storing = std::async(std::launch::async, [this, &type, &report, batch = std::exchange(rows, {})] {
            storeRows(type, batch, report);
        });
    };
    while (reader.next()) {
        ++read;
        if (type.kind == RecordKind::outcomeScore) checkScore(reader);
        const auto key = keyOf(type, reader.values());
        if (key && !reader.isFaulty()) repeats.add(*key, reader.row());
        if (!rows.rows.empty() && rows.given != reader.given()) flush();
        rows.given = reader.given();
        rows.rows.push_back({reader.row(), reader.values(), reader.isFaulty()});
        if (rows.rows.size() == kRowsAtOnce) flush();
    }
    flush();
    if (storing.valid()) storing.get();
    report.rows = read;
    problems_.take(std::move(readingProblems));
    reportRepeats(file, repeats);
    return report;
}

std::optional<delivery::PutOutcome> Batch::keep(RecordReader& reader, const std::string& checklist) {
    checklist_ = checklist;
    if (!reader.next()) throw std::logic_error("there is no record to keep");
    const auto& type = reader.type();
    if (type.kind == RecordKind::outcomeScore) checkScore(reader);
    FileReport report;
    storeRows(type, {{{reader.row(), reader.values(), reader.isFaulty()}}, reader.given()}, report);
    if (problems_.found() > 0 || reader.isFaulty()) return std::nullopt;
    return report.created > 0   ? delivery::PutOutcome::created
           : report.changed > 0 ? delivery::PutOutcome::changed
                                : delivery::PutOutcome::unchanged;
}

/// The rows are found by their numbers alone, so their values are read once more: only where there are any.
void Batch::reportRepeats(const PlannedFile& file, Repeats& repeats) {
    std::set<long> rows;
    repeats.report([&](long row) { rows.insert(row); });
    if (rows.empty()) return;
    const auto& type = file.type;
    const auto& column = type.columns[type.key.front()].name;
    Problems reportedBefore;
    const auto reader = openFile(file, catalogue_, reportedBefore);
    while (reader->next()) {
        if (!rows.contains(reader->row())) continue;
        const auto wanted = "Give each record once; an earlier row of this file has the same " + column +
                            (type.key.size() > 1 ? " and details." : ".");
        problems_.add(file.source.name, reader->row(), column, reader->value(type.key.front()).value_or(""),
                      wanted);
        // It is not the record's fault: the earlier row holds it.
        rejected_[file.source.name][reader->row()] = {reader->row(), "", wanted};
    }
}

std::vector<RejectedRow> Batch::rejectedRows(const PlannedFile& file) const {
    std::vector<RejectedRow> rows;
    const auto found = rejected_.find(file.source.name);
    if (found == rejected_.end()) return rows;
    for (const auto& [number, row] : found->second) rows.push_back(row);
    return rows;
}

void Batch::reject(const FileType& type, const Row& row, const std::string& reason) {
    rejected_[file_][row.number] = {row.number, keyOf(type, row.values).value_or(""), reason};
}

void Batch::finish() {
    touched_.merge(records_.servicesOf(touchedPractitioners_));
    delivery::Touched::mark(tx_, touched_);
    for (const auto& [kind, keys] : settled_) RejectedRows::settle(tx_, authority_, kind, keys);
}

void Batch::checkScore(RecordReader& reader) {
    const auto& type = reader.type();
    const auto column = type.column("value");
    const auto& instrument = reader.value(type.column("instrument"));
    const auto& value = reader.value(column);
    if (!instrument || !value) return;
    const auto& spec = *catalogue_.instrument(*instrument);
    const double number = std::stod(*value);
    const auto text = [](double limit) {
        auto out = std::to_string(limit);
        out.erase(out.find_last_not_of('0') + 1);
        if (out.back() == '.') out.pop_back();
        return out;
    };
    if (number < spec.least || number > spec.most)
        reader.problem(column, "Give a score from " + text(spec.least) + " to " + text(spec.most) +
                                   ", the range of " + spec.name + ".");
}

void Batch::resolve(const FileType& type, const std::vector<Row>& rows) {
    std::map<RecordKind, std::set<std::string>> wanted;
    for (std::size_t column = 0; column < type.columns.size(); ++column) {
        const auto refers = type.columns[column].refers;
        if (!refers) continue;
        auto& known = known_[*refers];
        if (known.size() > kMostKnown) known.clear();
        const std::string* before = nullptr;
        for (const auto& row : rows) {
            const auto& value = row.values[column];
            if (!value || (before != nullptr && *before == *value)) continue;
            before = &*value;
            if (!known.contains(*value)) wanted[*refers].insert(*value);
        }
    }
    for (const auto& [kind, references] : wanted) known_[kind].merge(records_.find(kind, references));
}

/// Nothing where the row names none; null where it names one that is not there.
const Records::Reference* Batch::reference(const FileType& type, const Row& row, std::size_t column) {
    const auto kind = *type.columns[column].refers;
    const auto& value = row.values[column];
    if (!value) return nullptr;
    const auto& known = known_[kind];
    const auto found = known.find(*value);
    if (found != known.end()) return &found->second;
    if (!faulty_[kind].contains(*value))
        noteMissing(type, row, column,
                    std::string("Name a ") + wordFor(kind) +
                        " that you have sent, in these files or before; there is none with this reference.");
    return nullptr;
}

void Batch::noteMissing(const FileType& type, const Row& row, std::size_t column, const std::string& wanted) {
    problems_.add(file_, row.number, type.columns[column].name, row.values[column].value_or(""), wanted);
}

void Batch::storeRows(const FileType& type, const Rows& batch, FileReport& report) {
    const auto& rows = batch.rows;
    resolve(type, rows);
    if (type.kind == RecordKind::episode) recogniseChildren(type, rows);
    const auto [waiting, isNew] = waiting_.try_emplace(type.name);
    if (isNew && isWriting_) waiting->second = RejectedRows::keysOf(tx_, authority_, type.name);
    std::vector<Record> records;
    std::set<std::string> keys;
    records.reserve(rows.size());
    for (const auto& row : rows) {
        if (refuseErased(type, row)) continue;
        const auto missing = problems_.found();
        auto record = compose(type, row);
        if (row.isFaulty || problems_.found() > missing || !record) {
            const auto& reference = row.values[type.key.front()];
            if (reference && type.key.size() == 1) faulty_[type.kind].insert(*reference);
            reject(
                type, row,
                row.isFaulty || problems_.found() > missing ? "" : "It waits for a row that has a problem.");
            continue;
        }
        // A repetition is reported for the file as a whole; only its first row goes on.
        if (!keys.insert(record->key).second) continue;
        records.push_back(std::move(*record));
        if (waiting->second.empty()) continue;
        if (const auto key = keyOf(type, row.values); waiting->second.contains(*key))
            settled_[type.name].insert(*key);
    }
    const auto& parts = partsOf(type.kind);
    std::vector<bool> given(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i)
        given[i] = parts[i].source == Part::Source::scores || parts[i].source == Part::Source::checklist ||
                   batch.given[type.column(parts[i].column)];
    const auto results = records_.put(type.kind, records, given, !isWriting_);
    std::set<std::string> written;
    std::set<values::Id<delivery::Service>> services;
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (results[i].outcome == delivery::PutOutcome::unchanged) {
            ++report.unchanged;
            continue;
        }
        ++(results[i].outcome == delivery::PutOutcome::created ? report.created : report.changed);
        written.insert(records[i].key);
        if (records[i].service) services.insert(*records[i].service);
        touch(type.kind, records[i], results[i].previousOwner);
    }
    if (isWriting_) afterwards(type.kind, written, services);
}

/// A child who was erased does not come again unless somebody says so, nor does what belongs to it.
bool Batch::refuseErased(const FileType& type, const Row& row) {
    if (erasedChildren_.empty()) return false;
    for (std::size_t column = 0; column < type.columns.size(); ++column) {
        const auto& rule = type.columns[column];
        const auto& value = row.values[column];
        if (!value) continue;
        const bool isChild = rule.type == ColumnType::child && erasedChildren_.contains(*value);
        if (isChild)
            problems_.add(
                file_, row.number, rule.name, "",
                "Leave this child out: it was erased on request. If there is a reason to keep records of it "
                "again, have whoever runs the service say so with plumbline subject readmit.");
        if (!isChild && !(rule.refers && erasedRecords_[*rule.refers].contains(*value))) continue;
        if (const auto& reference = row.values[type.key.front()]; reference && type.key.size() == 1) {
            faulty_[type.kind].insert(*reference);
            erasedRecords_[type.kind].insert(*reference);
        }
        rejected_[file_][row.number] = {row.number, "", "", *value};
        return true;
    }
    return false;
}

/// What follows from records that were written.
void Batch::afterwards(RecordKind kind, const std::set<std::string>& written,
                       const std::set<values::Id<delivery::Service>>& services) {
    const auto today = values::londonDate(tx_.now());
    if (kind == RecordKind::service) {
        records_.noteStages(written, today);
        for (const auto& [reference, found] : records_.find(kind, written)) touched_.insert(found.service);
    }
    if (kind == RecordKind::stageChange) records_.followStages(services, today);
    if (kind == RecordKind::practitioner)
        for (const auto& [reference, found] : records_.find(kind, written))
            touchedPractitioners_.insert(found.id);
}

/// Finds, or makes, the id of each child that the rows name.
void Batch::recogniseChildren(const FileType& type, const std::vector<Row>& rows) {
    const auto column = type.column("child_ref");
    children_.clear();
    for (const auto& row : rows)
        if (const auto& name = row.values[column]; name && !children_.contains(*name)) {
            if (pseudonyms_.isErased(*name)) erasedChildren_.insert(*name);
            else children_.emplace(*name, pseudonyms_.of(*name));
        }
    records_.recognise(children_);
}

/// Marks the service whose figures a record changes, and the one it belonged to before.
void Batch::touch(RecordKind kind, const Record& record, const std::optional<std::string>& previousOwner) {
    if (!record.service) return;  // a service's own id is looked up once it is kept
    touched_.insert(*record.service);
    if (kind == RecordKind::supervision) touchedPractitioners_.insert(*record.columns.front());
    if (!previousOwner) return;
    if (kind == RecordKind::session || kind == RecordKind::familyMeeting)
        touched_.insert(records_.serviceOfEpisode(*previousOwner));
    else touched_.insert(serviceOf(*previousOwner));
}

/// What is kept of a row; nothing where a reference is missing or the row is faulty. References are followed
/// also in a faulty row, so that all its problems show at once.
std::optional<Record> Batch::compose(const FileType& type, const Row& row) {
    Record record;
    std::map<std::size_t, std::string> ids;  // of the columns that refer to something, in hexadecimal
    bool isWhole = !row.isFaulty;
    for (const auto& [name, source] : partsOf(type.kind)) {
        const auto column = type.column(name);
        const auto& value = row.values[column];
        std::optional<std::string> kept = value;
        switch (source) {
            case Part::Source::owner:
            case Part::Source::ownersName: {
                const auto* found = reference(type, row, column);
                if (found == nullptr) {
                    isWhole = isWhole && !value && !type.columns[column].isRequired;
                    break;
                }
                if (source == Part::Source::owner) {
                    kept = found->id;
                    ids[column] = hexOf(found->id);
                }
                if (!record.service) record.service = found->service;
                break;
            }
            case Part::Source::child:
                if (value && isWhole) kept = records_.child(children_.at(*value));
                break;
            case Part::Source::provider:
                if (value && isWhole) kept = records_.provider(*value);
                break;
            case Part::Source::checklist:
                kept = checklist_;
                break;
            case Part::Source::scores:
                kept = scoresOf(type, row);
                isWhole = isWhole && kept;
                break;
            case Part::Source::yesNo:
                if (value) kept = *value == "yes" ? "1" : "0";
                break;
            case Part::Source::fidelity:
                if (value)
                    kept = *value == "not known"
                               ? std::nullopt
                               : std::optional(std::string(*value == "consistent" ? "1" : "0"));
                break;
            case Part::Source::value:
                break;
        }
        record.columns.push_back(std::move(kept));
    }
    if (type.kind == RecordKind::review) checkReview(type, row);
    if (!isWhole) return std::nullopt;
    for (const auto column : type.key) {
        const auto& part = ids.contains(column) ? ids.at(column) : *row.values[column];
        record.key += (record.key.empty() ? "" : "|") + part;
        if (record.lookup.empty()) record.lookup = part;
    }
    return record;
}

void Batch::checkReview(const FileType& type, const Row& row) {
    const auto serviceOf = [&](const char* name) -> std::optional<values::Id<delivery::Service>> {
        const auto column = type.column(name);
        const auto& known = known_[*type.columns[column].refers];
        const auto found = row.values[column] ? known.find(*row.values[column]) : known.end();
        if (found == known.end()) return std::nullopt;
        return found->second.service;
    };
    const auto ofSession = serviceOf("session_ref");
    const auto ofService = serviceOf("service_ref");
    if (ofSession && ofService && *ofSession != *ofService)
        noteMissing(type, row, type.column("service_ref"), "Name the service that the session belongs to.");
}

/// One byte an item of the checklist version; nothing where there is no such version.
std::optional<std::string> Batch::scoresOf(const FileType& type, const Row& row) {
    const auto& v = row.values;
    const auto versionColumn = type.column("checklist_version");
    if (!v[versionColumn]) return std::nullopt;
    const auto* checklist = catalogue_.checklist(checklist_, std::stoi(*v[versionColumn]));
    if (checklist == nullptr) {
        noteMissing(type, row, versionColumn,
                    "Give a version of the checklist that the guidance catalogue holds.");
        return std::nullopt;
    }
    std::string scores;
    for (const auto& item : checklist->items) {
        const auto column = type.column("item_" + item.id);
        const auto score = v[column] ? static_cast<std::uint8_t>(v[column]->front()) : guidance::kBlank;
        if (score <= guidance::kMostItemPoints && score > item.most)
            problems_.add(file_, row.number, type.columns[column].name, std::to_string(score),
                          "Give points from 0 to " + std::to_string(item.most) + ", NA, or leave it empty.");
        scores += static_cast<char>(score);
    }
    return scores;
}

}  // namespace intake
