#include "intake/uploads.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "platform/log.h"
#include "values/errors.h"

namespace intake {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;
using platform::Account;
using platform::Statement;
using platform::Transaction;

const Statement kInsertUpload("insert upload", Account::authority, R"(
    INSERT INTO upload (id, authority_id, sent_by, sent_at, state, changed_at, files, report)
    VALUES (?, ?, ?, ?, 'sent', ?, ?, ''))");
const Statement kSelectUpload("select upload", Account::authority, R"(
    SELECT id, authority_id, sent_by, state, sent_at, files, report FROM upload WHERE authority_id = ? AND id = ?)");
const Statement kSelectRecent("select recent uploads", Account::authority, R"(
    SELECT id, authority_id, sent_by, state, sent_at, files, '' FROM upload
    WHERE authority_id = ? ORDER BY sent_at DESC, id DESC LIMIT 10)");
const Statement kMoveUpload("move upload to its next state", Account::authority, R"(
    UPDATE upload SET state = ?, changed_at = ? WHERE authority_id = ? AND id = ? AND state = ?)");
const Statement kTakeUpload("take an upload to work on", Account::work, R"(
    SELECT id, authority_id, sent_by, state, sent_at, files, report FROM upload
    WHERE state IN ('sent', 'confirmed') OR (state IN ('checking', 'storing') AND changed_at < ?)
    ORDER BY changed_at LIMIT 1 FOR UPDATE SKIP LOCKED)");
const Statement kSetState("set an upload's state", Account::work,
                          "UPDATE upload SET state = ?, changed_at = ? WHERE id = ?");
const Statement kFinish("finish a step of an upload", Account::work,
                        "UPDATE upload SET state = ?, changed_at = ?, report = ? WHERE id = ?");
const Statement kSelectAbandoned("select abandoned uploads", Account::work, R"(
    SELECT id FROM upload WHERE state = 'checked' AND changed_at < ?)");

/// A worker that died leaves its upload to another one after this time.
constexpr auto kStepLife = std::chrono::minutes(5);

Upload uploadOf(const platform::Rows& rows) {
    return {rows.id<Upload>(0), identity::AuthorityId::of(rows, 1),
            rows.text(2),       rows.text(3),
            rows.text(4),       ordered_json::parse(rows.text(5)).get<std::vector<std::string>>(),
            rows.text(6)};
}

std::string dumped(const ordered_json& document) {
    return document.dump(1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

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

std::string problemsJson(const values::Invalid& refusal) {
    ordered_json out{{"stored", false}, {"found", refusal.found()}, {"problems", ordered_json::array()}};
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
    fs::create_directories(folder);
    fs::permissions(folder, fs::perms::owner_all);
    std::vector<std::string> names;
    for (const auto& file : files) {
        // The place is ours, the name is only remembered: a name cannot lead anywhere.
        fs::rename(file.path, folder + "/" + std::to_string(names.size()));
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
                   const std::vector<std::string>& names) {
    tx.run(kInsertUpload, id, authority, tx.actor().name, tx.now(), tx.now(), dumped(names));
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

void Uploads::confirm(Transaction& tx, const Upload& upload) {
    if (tx.run(kMoveUpload, "confirmed", tx.now(), upload.authority, upload.id, "checked") == 0)
        throw values::Conflict(
            "These files are not waiting to be stored. They may be stored already, or withdrawn.");
    tx.audit("upload confirmed", upload.id.text());
}

void Uploads::withdraw(Transaction& tx, const Upload& upload) {
    if (tx.run(kMoveUpload, "withdrawn", tx.now(), upload.authority, upload.id, "checked") == 0)
        throw values::Conflict(
            "These files are not waiting to be stored. They may be stored already, or withdrawn.");
    tx.audit("upload withdrawn", upload.id.text());
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
    const bool isCheck = taken->state == "checking";
    const auto finish = [&](const std::string& state, const std::string& report) {
        database.derive([&](Transaction& tx) { tx.run(kFinish, state, tx.now(), report, taken->id); });
        if (state != "checked") removeFiles(taken->id);
    };
    try {
        std::optional<delivery::Authority> authority;
        database.read(
            [&](Transaction& tx) { authority = delivery::Authorities::byId(tx, taken->authority); });
        const platform::Actor actor{taken->sentBy, taken->authority.code(), "upload " + taken->id.text()};
        const auto markStored = [&](Transaction& tx, const ImportReport& report) {
            tx.run(kFinish, "stored", tx.now(), reportJson(report, true), taken->id);
        };
        if (isCheck) {
            const auto report = importer.run(actor, *authority, filesOf(*taken), ImportMode::check);
            finish("checked", reportJson(report, false));
        } else {
            importer.run(actor, *authority, filesOf(*taken), ImportMode::store, {}, markStored);
            removeFiles(taken->id);
        }
    } catch (const values::Invalid& refusal) {
        finish("refused", problemsJson(refusal));
    } catch (const values::Unavailable&) {
        throw;  // another try later
    } catch (const std::exception& fault) {
        platform::logEvent(platform::LogLevel::error, "intake.upload_failed",
                           {{"upload", taken->id.text()}, {"what", fault.what()}});
        finish("failed", "");
    }
    return true;
}

void Uploads::removeAbandoned(platform::Database& database, std::chrono::hours keep) const {
    std::vector<values::Id<Upload>> abandoned;
    database.derive([&](Transaction& tx) {
        abandoned.clear();
        for (auto rows = tx.query(kSelectAbandoned, tx.now() - keep); rows.next();)
            abandoned.push_back(rows.id<Upload>(0));
        for (const auto& id : abandoned) tx.run(kSetState, "withdrawn", tx.now(), id);
    });
    for (const auto& id : abandoned) removeFiles(id);
}

}  // namespace intake
