#include "intake/import.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <numeric>

#include "delivery/touched.h"
#include "intake/file_import.h"
#include "values/errors.h"
#include "values/text.h"

namespace intake {
namespace {

namespace fs = std::filesystem;

/// A file and the type its name says it is. Reviews carry their checklist: fidelity_reviews.kn-core.csv.
struct PlannedFile {
    SourceFile source;
    FileType type;
    std::string checklist;
};

/// Review files have a column for each item of any version of their checklist.
void addItems(FileType& type, const std::map<int, guidance::Checklist>& versions) {
    for (const auto& [version, checklist] : versions) {
        for (const auto& item : checklist.items) {
            const auto name = "item_" + item.id;
            const auto known = std::ranges::find(type.columns, name, &ColumnRule::name);
            if (known != type.columns.end()) {
                known->most = std::max(known->most, static_cast<long>(item.most));
                continue;
            }
            ColumnRule rule;
            rule.name = name;
            rule.type = ColumnType::item;
            rule.most = item.most;
            type.columns.push_back(std::move(rule));
        }
    }
}

std::vector<PlannedFile> plan(const std::vector<SourceFile>& files, const std::vector<FileType>& types,
                              const guidance::Catalogue& catalogue, Problems& problems) {
    std::vector<PlannedFile> planned;
    std::set<std::string> seen;
    for (const auto& file : files) {
        const auto stem = values::lowered(fs::path(file.name).stem().string());
        const auto dot = stem.find('.');
        const auto base = stem.substr(0, dot);
        const auto checklist = dot == std::string::npos ? "" : stem.substr(dot + 1);
        const auto type = std::ranges::find(types, base, &FileType::name);
        const bool isReview = type != types.end() && type->kind == delivery::RecordKind::review;
        if (type == types.end() || isReview == checklist.empty()) {
            problems.add(file.name, 0, "", file.name,
                         "Name the file after what it holds: services, practitioners, supervisions, "
                         "episodes, sessions, "
                         "outcome_scores, or fidelity_reviews. with its checklist, each with .csv.");
            continue;
        }
        if (!seen.insert(stem).second) {
            problems.add(file.name, 0, "", file.name, "Send each file once.");
            continue;
        }
        PlannedFile one{file, *type, checklist};
        if (isReview) {
            const auto versions = catalogue.checklists.find(checklist);
            if (versions == catalogue.checklists.end()) {
                problems.add(file.name, 0, "", checklist,
                             "Name a checklist that the guidance catalogue holds.");
                continue;
            }
            addItems(one.type, versions->second);
        }
        planned.push_back(std::move(one));
    }
    std::ranges::stable_sort(planned, [](const auto& a, const auto& b) { return a.type.kind < b.type.kind; });
    return planned;
}

long sumOf(const std::vector<FileReport>& files, long FileReport::*count) {
    return std::accumulate(files.begin(), files.end(), 0L,
                           [&](long sum, const FileReport& file) { return sum + file.*count; });
}

}  // namespace

long ImportReport::rows() const { return sumOf(files, &FileReport::rows); }
long ImportReport::created() const { return sumOf(files, &FileReport::created); }
long ImportReport::changed() const { return sumOf(files, &FileReport::changed); }

Importer::Importer(platform::Database& database, delivery::Catalogues& catalogues, values::Ids& ids,
                   std::vector<FileType> types, std::string keyFolder)
    : database_(database),
      catalogues_(catalogues),
      ids_(ids),
      types_(std::move(types)),
      keyFolder_(std::move(keyFolder)) {}

std::vector<SourceFile> Importer::filesOf(const std::string& folder) {
    if (!fs::is_directory(folder)) throw values::NotFound("there is no folder " + folder);
    std::vector<SourceFile> files;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (values::lowered(entry.path().extension().string()) == ".csv")
            files.push_back({entry.path().string(), entry.path().filename().string()});
    }
    if (files.empty()) throw values::NotFound("there is no CSV file in " + folder);
    std::ranges::sort(files, {}, &SourceFile::name);
    return files;
}

ImportReport Importer::run(const platform::Actor& actor, const delivery::Authority& authority,
                           const std::vector<SourceFile>& files, ImportMode mode, const Progress& progress,
                           const std::function<void(platform::Transaction&, const ImportReport&)>& alsoDo) {
    const auto started = std::chrono::steady_clock::now();
    const Pseudonyms pseudonyms(keyFolder_, authority.id.code(), authority.code);
    ImportReport report;
    const auto unit = [&](platform::Transaction& tx) {
        report = {};  // the unit may run again
        const auto inForce = catalogues_.inForce(tx);
        if (inForce->fingerprint.empty())
            throw values::Conflict("no guidance catalogue is loaded yet; run: plumbline catalogue load");
        Problems problems;
        const auto planned = plan(files, types_, inForce->latest, problems);
        Batch batch(tx, authority.id, ids_, inForce->latest, pseudonyms, problems);
        std::vector<std::string> order;
        for (const auto& file : planned) {
            order.push_back(file.source.name);
            report.files.push_back(batch.importFile(file.source, file.type, file.checklist, progress));
        }
        problems.refuse(order);
        delivery::Touched::mark(tx, batch.touchedServices());
        tx.audit("records imported", authority.code,
                 std::to_string(report.created()) + " new, " + std::to_string(report.changed()) +
                     " changed of " + std::to_string(report.rows()));
        if (alsoDo) alsoDo(tx, report);
    };
    if (mode == ImportMode::check) database_.rehearse(actor, unit);
    else database_.inTransaction(actor, unit);
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    return report;
}

}  // namespace intake
