#include "intake/uploads.h"

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "intake/rejected_rows.h"
#include "platform/file_writer.h"
#include "platform/log.h"
#include "platform/temporary_files.h"
#include "platform/text_file.h"
#include "platform/workbook.h"
#include "values/errors.h"
#include "values/json.h"

namespace intake {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;
using platform::Account;
using platform::Meanwhile;
using platform::Statement;
using platform::Transaction;

const Statement kInsertUpload("insert upload", Account::authority, R"(
    INSERT INTO upload (id, authority_id, sent_by, sent_at, state, changed_at, files, report)
    VALUES (?, ?, ?, ?, ?, ?, ?, ''))");
const Statement kSelectUpload("select upload", Account::authority, R"(
    SELECT id, authority_id, sent_by, state, sent_at, files, report, rows_done, rows_expected, is_cancelled, changed_at FROM upload WHERE authority_id = ? AND id = ?)");
const Statement kSelectRecent("select recent uploads", Account::authority, R"(
    SELECT id, authority_id, sent_by, state, sent_at, files, '', rows_done, rows_expected, is_cancelled, changed_at FROM upload
    WHERE authority_id = ? ORDER BY sent_at DESC, id DESC LIMIT 10)");
const Statement kMoveUpload("move upload to its next state", Account::authority, R"(
    UPDATE upload SET state = ?, changed_at = ? WHERE authority_id = ? AND id = ? AND state = ?)");
const Statement kCancelUpload("cancel a step of an upload", Account::authority, R"(
    UPDATE upload SET is_cancelled = TRUE, changed_at = ? WHERE authority_id = ? AND id = ?
        AND state IN ('sent', 'checking', 'confirmed', 'storing'))");
const Statement kNoteProgress(
    "note the progress of an upload", Account::work,
    "UPDATE upload SET rows_done = ?, rows_expected = ?, changed_at = ? WHERE id = ?");
const Statement kSaySo("say that an upload is worked on", Account::work, R"(
    UPDATE upload SET changed_at = ? WHERE id = ? AND state IN ('checking', 'storing'))");
const Statement kIsCancelled("whether an upload is cancelled", Account::work,
                             "SELECT is_cancelled FROM upload WHERE id = ?");
const Statement kCountWaiting("count uploads that wait for a worker", Account::work, R"(
    SELECT COUNT(*) FROM upload WHERE state IN ('sent', 'confirmed', 'checking', 'storing'))");
const Statement kIsThere("whether an upload is there", Account::work, "SELECT 1 FROM upload WHERE id = ?");
const Statement kTakeUpload("take an upload to work on", Account::work, R"(
    SELECT id, authority_id, sent_by, state, sent_at, files, report, rows_done, rows_expected, is_cancelled, changed_at FROM upload
    WHERE state IN ('sent', 'confirmed') OR (state IN ('checking', 'storing') AND changed_at < ?)
    ORDER BY changed_at LIMIT 1 FOR UPDATE SKIP LOCKED)");
const Statement kSetState("set an upload's state", Account::work,
                          "UPDATE upload SET state = ?, changed_at = ?, rows_done = 0 WHERE id = ?");
const Statement kFinish("finish a step of an upload", Account::work,
                        "UPDATE upload SET state = ?, changed_at = ?, report = ? WHERE id = ?",
                        Meanwhile::expected);
const Statement kSelectAbandoned("select abandoned uploads", Account::work, R"(
    SELECT id FROM upload WHERE state IN ('checked', 'unmapped', 'refused') AND changed_at < ?)");

/// A worker that died leaves its upload to another one after this time. One that lives says so more often
/// than this, however long a step takes.
constexpr auto kStepLife = std::chrono::seconds(12);
constexpr auto kSaysSoEvery = std::chrono::seconds(3);
/// Nothing was heard of a worker for two times that it should have said something.
constexpr auto kSilence = 2 * kSaysSoEvery;

Upload uploadOf(const platform::Rows& rows) {
    return {rows.id<Upload>(0), identity::AuthorityId::of(rows, 1),
            rows.text(2),       rows.text(3),
            rows.text(4),       values::parseOrderedJson(rows.text(5)).get<std::vector<std::string>>(),
            rows.text(6),       rows.number(7),
            rows.number(8),     rows.number(9) != 0,
            rows.text(10)};
}

/// Says every few seconds that an upload is being worked on, while this lives.
class Lease {
public:
    Lease(platform::Database& database, values::Id<Upload> upload)
        : thread_([&database, upload, this] { run(database, upload); }) {}
    ~Lease() {
        {
            const std::lock_guard lock(mutex_);
            isEnding_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

private:
    void run(platform::Database& database, values::Id<Upload> upload) {
        std::unique_lock lock(mutex_);
        while (!changed_.wait_for(lock, kSaysSoEvery, [&] { return isEnding_; })) {
            try {
                database.derive([&](Transaction& tx) { tx.run(kSaySo, tx.now(), upload); });
            } catch (const std::exception&) {
                // The work itself will meet the same fault, and say it.
            }
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    bool isEnding_ = false;
    std::thread thread_;
};

/// The step that is under way was cancelled.
struct Cancelled {};

constexpr auto kNoteEvery = std::chrono::milliseconds(400);

/// Lines of the files that are text: about as many rows.
std::int64_t rowsOf(const std::vector<SourceFile>& files) {
    std::int64_t rows = 0;
    std::vector<char> buffer(1 << 20);
    for (const auto& file : files) {
        if (platform::isWorkbook(file.name)) continue;
        std::ifstream in(file.path, std::ios::binary);
        while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0)
            rows += std::count(buffer.begin(), buffer.begin() + in.gcount(), '\n');
    }
    return rows;
}

/// What a file of rows to correct is called: as the file that they came in, so that it is known when it comes
/// back.
std::string correctionName(const RefusedFile& file) {
    const auto& source = file.file.source;
    return (source.stem.empty() ? fs::path(source.name).stem().string() : source.stem) + ".csv";
}

/// What is wrong with each row of a file, as one text a row.
std::map<long, std::string> reasonsOf(const RefusedFile& file, const values::Invalid& refusal) {
    std::map<long, std::string> reasons;
    for (const auto& row : file.rejected)
        if (!row.reason.empty()) reasons[row.number] = row.reason;
    for (const auto& problem : refusal.problems()) {
        if (problem.where.file != file.file.source.name) continue;
        auto& reason = reasons[problem.where.row];
        reason += (reason.empty() ? "" : " ") +
                  (problem.where.column.empty() ? "" : problem.where.column + ": ") + problem.wanted;
    }
    return reasons;
}

std::string dumped(const ordered_json& document) {
    return document.dump(1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string faultJson(const std::string& words) { return dumped({{"stored", false}, {"fault", words}}); }

}  // namespace

bool Upload::isLeftAlone(values::Instant now) const {
    const auto isTaken = state == "checking" || state == "storing";
    const auto changed = values::instantFromDatabase(changedAt);
    return isUnderWay() && changed && now - *changed > (isTaken ? kSilence : kStepLife);
}

std::string reportJson(const ImportReport& report, bool isStored) {
    ordered_json out{{"stored", isStored},
                     {"seconds", report.seconds},
                     {"rows", report.rows()},
                     {"created", report.created()},
                     {"changed", report.changed()},
                     {"unchanged", report.rows() - report.created() - report.changed()},
                     {"files", ordered_json::array()}};
    for (const auto& file : report.files)
        out["files"].push_back({{"file", file.name},
                                {"title", file.title},
                                {"rows", file.rows},
                                {"created", file.created},
                                {"changed", file.changed},
                                {"unchanged", file.unchanged},
                                {"ignored_columns", file.ignoredColumns}});
    return dumped(out);
}

std::string problemsJson(const values::Invalid& refusal, long storable) {
    ordered_json out{{"stored", false}, {"found", refusal.found()}, {"problems", ordered_json::array()}};
    if (storable > 0) out["storable"] = storable;
    for (const auto& problem : refusal.problems())
        out["problems"].push_back({{"file", problem.where.file},
                                   {"row", problem.where.row},
                                   {"column", problem.where.column},
                                   {"value", problem.got},
                                   {"rule", problem.wanted}});
    return dumped(out);
}

std::vector<std::string> Uploads::takeFiles(values::Id<Upload> id,
                                            const std::vector<SourceFile>& files) const {
    const auto folder = folderOf(id);
    platform::makePrivateFolder(folder);
    std::vector<std::string> names;
    for (const auto& file : files) {
        // The place is ours, the name is only remembered: a name cannot lead anywhere.
        std::error_code fault;
        fs::rename(file.path, folder + "/" + std::to_string(names.size()), fault);
        if (fault) {
            removeFiles(id);
            throw platform::NoRoom(folder);
        }
        names.push_back(file.name);
    }
    return names;
}

void Uploads::removeFiles(values::Id<Upload> id) const {
    std::error_code ignored;
    fs::remove_all(folderOf(id), ignored);
}

std::vector<SourceFile> Uploads::filesOf(const Upload& upload) const {
    std::vector<SourceFile> files;
    for (std::size_t i = 0; i < upload.files.size(); ++i)
        files.push_back({folderOf(upload.id) + "/" + std::to_string(i), upload.files[i]});
    return files;
}

void Uploads::send(Transaction& tx, values::Id<Upload> id, identity::AuthorityId authority,
                   const std::vector<std::string>& names, bool isConfirmed) {
    tx.run(kInsertUpload, id, authority, tx.actor().name, tx.now(), isConfirmed ? "confirmed" : "sent",
           tx.now(), dumped(names));
    tx.audit("files sent", id.text(), dumped(names));
}

std::optional<Upload> Uploads::find(Transaction& tx, identity::AuthorityId authority, values::Id<Upload> id) {
    auto rows = tx.query(kSelectUpload, authority, id);
    if (!rows.next()) return std::nullopt;
    return uploadOf(rows);
}

Upload Uploads::byId(Transaction& tx, identity::AuthorityId authority, values::Id<Upload> id) {
    auto found = find(tx, authority, id);
    if (!found) throw values::NotFound("no such upload");
    return std::move(*found);
}

std::vector<Upload> Uploads::recent(Transaction& tx, identity::AuthorityId authority) {
    std::vector<Upload> uploads;
    for (auto rows = tx.query(kSelectRecent, authority); rows.next();) uploads.push_back(uploadOf(rows));
    return uploads;
}

std::string columnsJson(const std::vector<UnknownFile>& files) {
    auto out = ordered_json::array();
    for (const auto& file : files)
        out.push_back({{"file", file.name}, {"stem", file.stem}, {"header", file.header}});
    return dumped({{"unknown", out}});
}

std::int64_t Uploads::waiting(Transaction& tx) {
    auto rows = tx.query(kCountWaiting);
    rows.next();
    return rows.number(0);
}

void Uploads::confirm(Transaction& tx, const Upload& upload) {
    // Of a refused upload the rows without problems, where there are any.
    const bool isPart =
        upload.state == "refused" && values::parseOrderedJson(upload.report).contains("storable");
    if (tx.run(kMoveUpload, "confirmed", tx.now(), upload.authority, upload.id,
               isPart ? "refused" : "checked") == 0)
        throw values::Conflict(
            "These files are not waiting to be stored. They may be stored already, or withdrawn.");
    tx.audit("upload confirmed", upload.id.text(), isPart ? "without the rows that have problems" : "");
}

void Uploads::withdraw(Transaction& tx, const Upload& upload) {
    const auto from = upload.state == "refused" || upload.state == "unmapped" ? upload.state : "checked";
    if (tx.run(kMoveUpload, "withdrawn", tx.now(), upload.authority, upload.id, from) == 0)
        throw values::Conflict(
            "These files are not waiting to be stored. They may be stored already, or withdrawn.");
    RejectedRows::dismiss(tx, upload.authority, upload.id);
    tx.audit("upload withdrawn", upload.id.text());
}

void Uploads::cancel(Transaction& tx, const Upload& upload) {
    if (tx.run(kCancelUpload, tx.now(), upload.authority, upload.id) == 0)
        throw values::Conflict("Nothing of these files is under way any more.");
    tx.audit("upload cancelled", upload.id.text());
}

void Uploads::goOn(Transaction& tx, const Upload& upload) {
    if (tx.run(kMoveUpload, "sent", tx.now(), upload.authority, upload.id, "unmapped") == 0)
        throw values::Conflict("Nobody asks any more what these columns mean.");
    tx.audit("columns of an upload explained", upload.id.text());
}

std::optional<std::string> Uploads::corrections(const Upload& upload, std::size_t file) const {
    const auto path = folderOf(upload.id) + "/rejected-" + std::to_string(file) + ".csv";
    if (!fs::exists(path)) return std::nullopt;
    return platform::fileText(path);
}

void Uploads::finish(platform::Database& database, const Upload& upload, const std::string& state,
                     const std::string& report) const {
    database.derive([&](Transaction& tx) { tx.run(kFinish, state, tx.now(), report, upload.id); });
    const bool isWaiting = state == "checked" || state == "unmapped" ||
                           (state == "refused" && report.find("\"storable\"") != std::string::npos);
    if (!isWaiting) removeOriginals(upload.id);
}

/// What is left is what there is to correct.
void Uploads::removeOriginals(values::Id<Upload> id) const {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folderOf(id), ignored))
        if (entry.path().filename().string().rfind("rejected-", 0) != 0) fs::remove(entry.path(), ignored);
    if (fs::is_empty(folderOf(id), ignored)) fs::remove(folderOf(id), ignored);
}

long Uploads::keepRefused(platform::Database& database, const Upload& upload,
                          const std::vector<RefusedFile>& files, const values::Invalid& refusal) const {
    long storable = 0;
    bool isRowByRow = refusal.found() == refusal.problems().size();
    for (const auto& problem : refusal.problems()) isRowByRow = isRowByRow && problem.where.row > 1;
    ordered_json leftOut = ordered_json::object();
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto& file = files[i];
        storable += file.rows - static_cast<long>(file.rejected.size());
        if (file.rejected.empty()) continue;
        std::set<long> numbers;
        std::set<long> toCorrect;
        for (const auto& row : file.rejected) {
            numbers.insert(row.number);
            if (row.erased.empty()) toCorrect.insert(row.number);
        }
        leftOut[file.file.source.name] = numbers;
        if (!toCorrect.empty() && !file.file.source.name.ends_with(".ndjson"))
            platform::writeFile(folderOf(upload.id) + "/rejected-" + std::to_string(i) + ".csv",
                                correctionFile(file.file.source.path, toCorrect, reasonsOf(file, refusal)));
    }
    if (!isRowByRow) return 0;
    platform::writeFile(folderOf(upload.id) + "/left-out.json", leftOut.dump());
    database.derive([&](Transaction& tx) {
        for (const auto& file : files) RejectedRows::keep(tx, upload.authority, upload.id, file);
    });
    return storable;
}

void Uploads::check(platform::Database& database, Importer& importer, const Upload& upload,
                    const delivery::Authority& authority, const ImportOptions& told) const {
    const platform::Actor actor{upload.sentBy, upload.authority.code(), "upload " + upload.id.text()};
    auto options = told;
    options.asksForColumns = true;
    long storable = 0;
    std::vector<std::string> names;
    std::size_t erased = 0;
    options.refused = [&](const std::vector<RefusedFile>& files, const values::Invalid& refusal) {
        names.clear();
        erased = files.empty() ? 0 : files.front().erasedChildren;
        for (const auto& file : files) names.push_back(correctionName(file));
        storable = keepRefused(database, upload, files, refusal);
    };
    try {
        const auto report = importer.run(actor, authority, filesOf(upload), ImportMode::check, options);
        finish(database, upload, "checked", reportJson(report, false));
    } catch (const UnknownColumns& unknown) {
        finish(database, upload, "unmapped", columnsJson(unknown.files()));
    } catch (const values::Invalid& refusal) {
        auto document = values::parseOrderedJson(problemsJson(refusal, storable));
        document["corrections"] = names;
        if (erased > 0) document["erased_children"] = erased;
        finish(database, upload, "refused", dumped(document));
    }
}

void Uploads::store(platform::Database& database, Importer& importer, const Upload& upload,
                    const delivery::Authority& authority, ImportOptions options) const {
    const platform::Actor actor{upload.sentBy, upload.authority.code(), "upload " + upload.id.text()};
    options.upload = upload.id;
    long leftOut = 0;
    if (const auto path = folderOf(upload.id) + "/left-out.json"; fs::exists(path)) {
        options.leftOut =
            values::parseOrderedJson(platform::fileText(path)).get<std::map<std::string, std::set<long>>>();
        for (const auto& [file, numbers] : options.leftOut) leftOut += static_cast<long>(numbers.size());
    }
    options.alsoDo = [&](Transaction& tx, const ImportReport& report) {
        auto document = values::parseOrderedJson(reportJson(report, true));
        if (leftOut > 0) document["left_out"] = leftOut;
        if (const auto before = values::tryParseOrderedJson(upload.report);
            before.is_object() && before.contains("corrections"))
            document["corrections"] = before.at("corrections");
        tx.run(kFinish, "stored", tx.now(), dumped(document), upload.id);
    };
    try {
        importer.run(actor, authority, filesOf(upload), ImportMode::store, options);
        removeOriginals(upload.id);
    } catch (const values::Invalid& refusal) {
        // Something that the files refer to has changed since they were checked.
        finish(database, upload, "refused", problemsJson(refusal));
    }
}

bool Uploads::work(platform::Database& database, Importer& importer, const values::Clock& clock) const {
    std::optional<Upload> taken;
    database.derive([&](Transaction& tx) {
        taken.reset();
        auto rows = tx.query(kTakeUpload, clock.now() - kStepLife);
        if (!rows.next()) return;
        taken = uploadOf(rows);
        const bool isChecked = taken->state == "confirmed" || taken->state == "storing";
        taken->state = isChecked ? "storing" : "checking";
        tx.run(kSetState, taken->state, tx.now(), taken->id);
    });
    if (!taken) return false;
    const Lease lease(database, taken->id);
    auto noted = std::chrono::steady_clock::time_point{};
    const auto expected = rowsOf(filesOf(*taken));
    std::map<std::string, long> done;
    ImportOptions options;
    options.progress = [&](const std::string& file, long rows) {
        done[file] = rows;
        if (std::chrono::steady_clock::now() - noted < kNoteEvery) return;
        noted = std::chrono::steady_clock::now();
        bool isCancelled = false;
        database.derive([&](Transaction& tx) {
            std::int64_t sum = 0;
            for (const auto& [name, count] : done) sum += count;
            tx.run(kNoteProgress, sum, expected, tx.now(), taken->id);
            auto found = tx.query(kIsCancelled, taken->id);
            isCancelled = found.next() && found.number(0) != 0;
        });
        if (isCancelled) throw Cancelled();
    };
    try {
        if (taken->isCancelled) throw Cancelled();
        std::optional<delivery::Authority> authority;
        database.read(
            [&](Transaction& tx) { authority = delivery::Authorities::byId(tx, taken->authority); });
        if (taken->state == "checking") check(database, importer, *taken, *authority, options);
        else store(database, importer, *taken, *authority, options);
    } catch (const Cancelled&) {
        finish(database, *taken, "withdrawn", "");
    } catch (const platform::NoRoom& fault) {
        finish(database, *taken, "failed", faultJson(fault.what()));
    } catch (const values::Unavailable&) {
        throw;  // another try later
    } catch (const std::exception& fault) {
        platform::logEvent(platform::LogLevel::error, "intake.upload_failed",
                           {{"upload", taken->id.text()}, {"what", fault.what()}});
        finish(database, *taken, "failed", "");
    }
    return true;
}

std::set<std::string> Uploads::naming(const std::function<bool(std::string_view)>& names) const {
    const auto areIn = [&](const std::string& path) {
        std::ifstream file(path, std::ios::binary);
        for (std::string line; std::getline(file, line);)
            if (names(line)) return true;
        return false;
    };
    const auto areInWorkbook = [&](const std::string& path) {
        const platform::TemporaryPlace place;
        try {
            return std::ranges::any_of(platform::sheetsOf(path, "a workbook", place.path()),
                                       [&](const auto& sheet) { return areIn(sheet.path); });
        } catch (const values::Invalid&) {
            return false;  // nobody could read it, and nothing of it was kept
        }
    };
    std::set<std::string> found;
    std::error_code ignored;
    for (const auto& folder : fs::directory_iterator(folder_, ignored))
        for (const auto& file : fs::directory_iterator(folder.path(), ignored)) {
            const auto path = file.path().string();
            char begin[2] = {};
            std::ifstream(path, std::ios::binary).read(begin, 2);
            const bool isZip = begin[0] == 'P' && begin[1] == 'K';
            if (areIn(path) || (isZip && areInWorkbook(path)))
                found.insert(folder.path().filename().string());
        }
    return found;
}

void Uploads::removeAbandoned(platform::Database& database, std::chrono::hours keep) const {
    std::vector<values::Id<Upload>> abandoned;
    database.derive([&](Transaction& tx) {
        abandoned.clear();
        for (auto rows = tx.query(kSelectAbandoned, tx.now() - keep); rows.next();)
            abandoned.push_back(rows.id<Upload>(0));
        for (const auto& id : abandoned) tx.run(kSetState, "withdrawn", tx.now(), id);
    });
    for (const auto& id : abandoned) removeOriginals(id);
    // What an upload left behind goes with the upload.
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
        const auto id = values::Id<Upload>::parse(entry.path().filename().string());
        if (!id) continue;
        bool isThere = false;
        database.read([&](Transaction& tx) { isThere = tx.query(kIsThere, *id).next(); });
        if (!isThere && fs::last_write_time(entry.path(), ignored) < fs::file_time_type::clock::now() - keep)
            removeFiles(*id);
    }
}

}  // namespace intake
