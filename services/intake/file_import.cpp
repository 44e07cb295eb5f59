#include "intake/file_import.h"

#include <algorithm>
#include <array>
#include <future>
#include <utility>

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

/// The values that together name a record, as one text; nothing where one of them is missing.
std::optional<std::string> keyOf(const FileType& type,
                                 const std::vector<std::optional<std::string>>& values) {
    std::string key;
    for (const auto column : type.key) {
        if (!values[column]) return std::nullopt;
        key += (key.empty() ? "" : "|") + *values[column];
    }
    return key;
}

}  // namespace

Batch::Batch(platform::Transaction& tx, identity::AuthorityId authority, values::Ids& ids,
             const guidance::Catalogue& catalogue, const Pseudonyms& pseudonyms, Problems& problems)
    : records_(tx, authority, ids), catalogue_(catalogue), pseudonyms_(pseudonyms), problems_(problems) {}

FileReport Batch::importFile(const SourceFile& source, const FileType& type, const std::string& checklist,
                             const Progress& progress) {
    file_ = source.name;
    checklist_ = checklist;
    FileReport report{source.name, type.title, 0, 0, 0, 0, {}};
    Problems readingProblems;  // the reader's own, because rows are stored in another thread
    RecordReader reader(source.path, source.name, type, catalogue_, readingProblems);
    report.ignoredColumns = reader.ignoredColumns();
    Repeats repeats;
    std::vector<Row> rows;
    long read = 0;
    // While the database stores some rows, the next are read: one batch is under way at a time.
    std::future<void> storing;
    const auto flush = [&] {
        if (storing.valid()) storing.get();
        if (progress) progress(source.name, read);
        storing = std::async(std::launch::async, [this, &type, &report, batch = std::exchange(rows, {})] {
            storeRows(type, batch, report);
        });
    };
    while (reader.next()) {
        ++read;
        if (type.kind == RecordKind::episode || type.kind == RecordKind::service) checkDates(reader);
        if (type.kind == RecordKind::outcomeScore) checkScore(reader);
        const auto key = keyOf(type, reader.values());
        if (key && !reader.isFaulty()) repeats.add(*key, reader.row());
        rows.push_back({reader.row(), reader.values(), reader.isFaulty()});
        if (rows.size() == kRowsAtOnce) flush();
    }
    flush();
    storing.get();
    report.rows = read;
    problems_.take(std::move(readingProblems));
    reportRepeats(source, type, repeats);
    return report;
}

/// The rows are found by their numbers alone, so their values are read once more: only where there are any.
void Batch::reportRepeats(const SourceFile& source, const FileType& type, Repeats& repeats) {
    std::set<long> rows;
    repeats.report([&](long row) { rows.insert(row); });
    if (rows.empty()) return;
    const auto& column = type.columns[type.key.front()].name;
    Problems reportedBefore;
    RecordReader reader(source.path, source.name, type, catalogue_, reportedBefore);
    while (reader.next())
        if (rows.contains(reader.row()))
            problems_.add(source.name, reader.row(), column, reader.value(type.key.front()).value_or(""),
                          "Give each record once; an earlier row of this file has the same " + column +
                              (type.key.size() > 1 ? " and details." : "."));
}

std::set<values::Id<delivery::Service>> Batch::touchedServices() {
    touched_.merge(records_.servicesOf(touchedPractitioners_));
    touchedPractitioners_.clear();
    return touched_;
}

/// The dates of an episode or a service follow one another; each is compared with the latest before it.
void Batch::checkDates(RecordReader& reader) {
    const auto& type = reader.type();
    static constexpr std::array kSteps{"referred_on", "offered_on", "accepted_on", "started_on", "ended_on"};
    const std::string* latest = nullptr;
    const char* latestName = nullptr;
    for (const auto* step : kSteps) {
        const auto known = std::ranges::find(type.columns, step, &ColumnRule::name);
        if (known == type.columns.end()) continue;
        const auto column = static_cast<std::size_t>(known - type.columns.begin());
        const auto& day = reader.value(column);
        if (!day) continue;
        if (latest != nullptr && *day < *latest) {
            reader.problem(column, std::string("Give a day on or after ") + latestName + ", " +
                                       values::Date::fromIso(*latest)->text() + ".");
            continue;
        }
        latest = &*day;
        latestName = step;
    }
    if (type.kind != RecordKind::episode) return;
    const auto ended = type.column("ended_on");
    if (reader.value(type.column("end_reason")) && !reader.value(ended) && !reader.isFaulty())
        reader.problem(ended, "Give the day the episode ended; it has an end_reason.");
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

void Batch::storeRows(const FileType& type, const std::vector<Row>& rows, FileReport& report) {
    resolve(type, rows);
    if (type.kind == RecordKind::episode) recogniseChildren(type, rows);
    std::vector<Record> records;
    std::set<std::string_view> keys;
    records.reserve(rows.size());
    for (const auto& row : rows) {
        const auto missing = problems_.found();
        auto record = compose(type, row);
        if (row.isFaulty || problems_.found() > missing || !record) {
            const auto& reference = row.values[type.key.front()];
            if (reference && type.key.size() == 1) faulty_[type.kind].insert(*reference);
            continue;
        }
        records.push_back(std::move(*record));
        // A repetition is reported for the file as a whole; only its first row goes on.
        if (!keys.insert(records.back().key).second) records.pop_back();
    }
    const auto results = records_.put(type.kind, records);
    std::set<std::string> written;
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (results[i].outcome == delivery::PutOutcome::unchanged) {
            ++report.unchanged;
            continue;
        }
        ++(results[i].outcome == delivery::PutOutcome::created ? report.created : report.changed);
        written.insert(records[i].key);
        touch(type.kind, records[i], results[i].previousOwner);
    }
    if (type.kind == RecordKind::service)
        for (const auto& [reference, found] : records_.find(type.kind, written))
            touched_.insert(found.service);
    if (type.kind == RecordKind::practitioner)
        for (const auto& [reference, found] : records_.find(type.kind, written))
            touchedPractitioners_.insert(found.id);
}

/// Finds, or makes, the id of each child that the rows name.
void Batch::recogniseChildren(const FileType& type, const std::vector<Row>& rows) {
    const auto column = type.column("child_ref");
    children_.clear();
    for (const auto& row : rows)
        if (row.values[column] && !children_.contains(*row.values[column]))
            children_.emplace(*row.values[column], pseudonyms_.of(*row.values[column]));
    records_.recognise(children_);
}

/// Marks the service whose figures a record changes, and the one it belonged to before.
void Batch::touch(RecordKind kind, const Record& record, const std::optional<std::string>& previousOwner) {
    if (kind == RecordKind::service) return;  // its id is looked up once it is kept
    touched_.insert(record.service);
    if (kind == RecordKind::supervision) touchedPractitioners_.insert(*record.columns.front());
    if (!previousOwner) return;
    if (kind == RecordKind::episode || kind == RecordKind::review || kind == RecordKind::practitioner)
        touched_.insert(serviceOf(*previousOwner));
    if (kind == RecordKind::session) touched_.insert(records_.serviceOfEpisode(*previousOwner));
}

/// What is kept of a row; nothing where a reference is missing or the row is faulty.
std::optional<Record> Batch::compose(const FileType& type, const Row& row) {
    const auto& v = row.values;
    const auto at = [&](const char* column) -> const std::optional<std::string>& {
        return v[type.column(column)];
    };
    const auto refer = [&](const char* column) { return reference(type, row, type.column(column)); };
    // References are followed also in a faulty row, so that all its problems show at once.
    switch (type.kind) {
        case RecordKind::service: {
            if (row.isFaulty) return std::nullopt;
            std::optional<std::string> provider;
            if (at("provider")) provider = records_.provider(*at("provider"));
            // The id of a new service is not known before it is kept: figures follow from its later records.
            return Record{*at("service_ref"),
                          *at("service_ref"),
                          {at("service_ref"), at("intervention"), at("name"), provider, at("stage"),
                           at("started_on"), at("ended_on"), at("capacity_per_year")},
                          values::Id<delivery::Service>({})};
        }
        case RecordKind::practitioner: {
            const auto* service = refer("service_ref");
            if (row.isFaulty || service == nullptr) return std::nullopt;
            return Record{
                *at("practitioner_ref"),
                *at("practitioner_ref"),
                {service->id, at("practitioner_ref"), at("role"), at("trained_on"), at("accredited_until")},
                service->service};
        }
        case RecordKind::supervision: {
            const auto* practitioner = refer("practitioner_ref");
            if (row.isFaulty || practitioner == nullptr) return std::nullopt;
            const auto owner = hexOf(practitioner->id);
            return Record{owner + "|" + *at("held_on"),
                          owner,
                          {practitioner->id, at("held_on")},
                          practitioner->service};
        }
        case RecordKind::episode: {
            const auto* service = refer("service_ref");
            if (row.isFaulty || service == nullptr) return std::nullopt;
            return Record{
                *at("episode_ref"),
                *at("episode_ref"),
                {service->id, at("episode_ref"), records_.child(children_.at(*at("child_ref"))),
                 at("age_band"), at("sex"), at("ethnic_group"), at("disabled"), at("need"), at("referred_on"),
                 at("offered_on"), at("accepted_on"), at("started_on"), at("ended_on"), at("end_reason")},
                service->service};
        }
        case RecordKind::session: {
            const auto* episode = refer("episode_ref");
            const auto* practitioner = refer("practitioner_ref");
            if (row.isFaulty || episode == nullptr || practitioner == nullptr) return std::nullopt;
            return Record{*at("session_ref"),
                          *at("session_ref"),
                          {episode->id, practitioner->id, at("session_ref"), at("held_on"), at("status"),
                           at("minutes"), at("mode")},
                          episode->service};
        }
        case RecordKind::review:
            return composeReview(type, row);
        case RecordKind::outcomeScore: {
            const auto* episode = refer("episode_ref");
            if (row.isFaulty || episode == nullptr) return std::nullopt;
            const auto owner = hexOf(episode->id);
            return Record{owner + "|" + *at("instrument") + "|" + *at("respondent") + "|" + *at("timepoint") +
                              "|" + *at("scored_on"),
                          owner,
                          {episode->id, at("instrument"), at("respondent"), at("timepoint"), at("scored_on"),
                           at("value")},
                          episode->service};
        }
    }
    return std::nullopt;
}

std::optional<Record> Batch::composeReview(const FileType& type, const Row& row) {
    const auto& v = row.values;
    const auto at = [&](const char* column) -> const std::optional<std::string>& {
        return v[type.column(column)];
    };
    const auto* session = reference(type, row, type.column("session_ref"));
    const auto* service = reference(type, row, type.column("service_ref"));
    const auto* practitioner = reference(type, row, type.column("practitioner_ref"));
    if (session != nullptr && service != nullptr && session->service != service->service)
        noteMissing(type, row, type.column("service_ref"), "Name the service that the session belongs to.");

    std::string scores;
    const auto versionColumn = type.column("checklist_version");
    if (v[versionColumn]) {
        const auto* checklist = catalogue_.checklist(checklist_, std::stoi(*v[versionColumn]));
        if (checklist == nullptr) {
            noteMissing(type, row, versionColumn,
                        "Give a version of the checklist that the guidance catalogue holds.");
            return std::nullopt;
        }
        for (const auto& item : checklist->items) {
            const auto column = type.column("item_" + item.id);
            const auto score = v[column] ? static_cast<std::uint8_t>(v[column]->front()) : guidance::kBlank;
            if (score <= guidance::kMostItemPoints && score > item.most)
                problems_.add(
                    file_, row.number, type.columns[column].name, std::to_string(score),
                    "Give points from 0 to " + std::to_string(item.most) + ", NA, or leave it empty.");
            scores += static_cast<char>(score);
        }
    }
    if (row.isFaulty || session == nullptr || service == nullptr || practitioner == nullptr)
        return std::nullopt;
    return Record{*at("review_ref"),
                  *at("review_ref"),
                  {service->id, at("session_ref"), practitioner->id, at("review_ref"), at("reviewer"),
                   at("reviewed_on"), checklist_, at("checklist_version"), scores},
                  service->service};
}

}  // namespace intake
