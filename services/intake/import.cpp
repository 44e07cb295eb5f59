#include "intake/import.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <numeric>

#include "intake/file_import.h"
#include "intake/rejected_rows.h"
#include "intake/workbooks.h"
#include "platform/csv.h"
#include "platform/workbook.h"
#include "values/errors.h"
#include "values/text.h"

namespace intake {
namespace {

namespace fs = std::filesystem;

/// What a file is named after, in lower case: `episodes`, `fidelity_reviews.support-visit`.
std::string stemOf(const SourceFile& file) {
    return values::lowered(file.stem.empty() ? fs::path(file.name).stem().string() : file.stem);
}

/// The share of the columns that every row needs which the header has.
double shareOfNeeded(const FileType& type, const std::vector<std::string>& header) {
    double needed = 0;
    double found = 0;
    for (const auto& column : type.columns) {
        if (!column.isRequired) continue;
        ++needed;
        found += std::ranges::any_of(header, [&](const auto& h) { return folded(h) == folded(column.name); })
                     ? 1
                     : 0;
    }
    return needed == 0 ? 1 : found / needed;
}

bool correctsOnly(const SourceFile& file) {
    if (file.name.ends_with(".ndjson")) return true;
    const auto header = headerOf(file.path);
    return std::ranges::find(header, kReasonColumn) != header.end();
}

/// `services.csv: 2 new, 1 changed of 10; …`
std::string detailOf(const ImportReport& report) {
    std::string text;
    for (const auto& file : report.files)
        text += (text.empty() ? "" : "; ") + file.name + ": " + std::to_string(file.created) + " new, " +
                std::to_string(file.changed) + " changed of " + std::to_string(file.rows);
    return text;
}

long sumOf(const std::vector<FileReport>& files, long FileReport::*count) {
    return std::accumulate(files.begin(), files.end(), 0L,
                           [&](long sum, const FileReport& file) { return sum + file.*count; });
}

}  // namespace

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
            rule.label = item.text;
            rule.type = ColumnType::item;
            rule.most = item.most;
            type.columns.push_back(std::move(rule));
        }
    }
}

std::vector<std::string> headerOf(const std::string& path) {
    std::vector<std::string> header;
    const auto encoding = platform::encodingOf(path);
    if (encoding == platform::Encoding::utf16) return header;
    platform::CsvReader reader(path, encoding, platform::delimiterOf(path, encoding));
    if (!reader.next()) return header;
    for (std::size_t i = 0; i < reader.size(); ++i) header.emplace_back(reader.cell(i));
    return header;
}

UnknownColumns::UnknownColumns(std::vector<UnknownFile> files)
    : std::runtime_error("it is not known what some files hold"), files_(std::move(files)) {}

std::vector<PlannedFile> Importer::plan(platform::Transaction& tx, const delivery::Authority& authority,
                                        const std::vector<SourceFile>& files,
                                        const guidance::Catalogue& catalogue, const ImportOptions& options,
                                        Problems& problems) const {
    std::vector<PlannedFile> planned;
    std::vector<UnknownFile> unknown;
    std::set<std::string> seen;
    for (const auto& file : files) {
        auto stem = stemOf(file);
        const auto typeNamed = [&] {
            return std::ranges::find(types_, stem.substr(0, stem.find('.')), &FileType::name);
        };
        const bool isJson = file.name.ends_with(".ndjson");
        const auto header = isJson ? std::vector<std::string>{} : headerOf(file.path);
        std::optional<Mapping> mapping;
        if (!isJson && (typeNamed() == types_.end() || shareOfNeeded(*typeNamed(), header) < 0.5)) {
            mapping = Mappings::find(tx, authority.id, Mappings::nameOf(header));
            if (mapping) stem = mapping->stem;
            else if (options.asksForColumns && header.size() > 1) {
                unknown.push_back({file.name, typeNamed() == types_.end() ? "" : stem, header});
                continue;
            }
        }
        const auto type = typeNamed();
        const auto dot = stem.find('.');
        const auto checklist = dot == std::string::npos ? "" : stem.substr(dot + 1);
        const bool isReview = type != types_.end() && type->kind == delivery::RecordKind::review;
        if (type == types_.end() || isReview == checklist.empty()) {
            std::string names;
            for (const auto& one : types_)
                if (one.kind != delivery::RecordKind::review) names += one.name + ", ";
            problems.add(file.name, 0, "", file.name,
                         "Name the file after what it holds: " + names +
                             "or fidelity_reviews. with its checklist, each with .csv.");
            continue;
        }
        if (!mapping && !seen.insert(stem).second) {
            problems.add(file.name, 0, "", file.name, "Send each file once.");
            continue;
        }
        PlannedFile one{file, *type, checklist, std::move(mapping), false, {}};
        if (const auto left = options.leftOut.find(file.name); left != options.leftOut.end())
            one.leftOut = left->second;
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
    if (!unknown.empty()) throw UnknownColumns(std::move(unknown));
    std::ranges::stable_sort(planned, [](const auto& a, const auto& b) { return a.type.kind < b.type.kind; });
    for (std::size_t i = 0; i < planned.size(); ++i)
        for (auto later = i + 1; later < planned.size(); ++later)
            for (const auto& column : planned[later].type.columns)
                planned[i].isReferredTo = planned[i].isReferredTo || column.refers == planned[i].type.kind;
    return planned;
}

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
        const auto extension = values::lowered(entry.path().extension().string());
        if (extension == ".csv" || platform::isWorkbook(entry.path().filename().string()))
            files.push_back({entry.path().string(), entry.path().filename().string()});
    }
    if (files.empty()) throw values::NotFound("there is no CSV file in " + folder);
    std::ranges::sort(files, {}, &SourceFile::name);
    return files;
}

ImportReport Importer::run(const platform::Actor& actor, const delivery::Authority& authority,
                           const std::vector<SourceFile>& given, ImportMode mode,
                           const ImportOptions& options) {
    const auto started = std::chrono::steady_clock::now();
    const OpenedWorkbooks opened(given, types_);
    const auto& files = opened.files();
    ImportReport report;
    const auto unit = [&](platform::Transaction& tx) {
        report = {};  // the unit may run again
        const auto pseudonyms = Pseudonyms::held(tx, keyFolder_, authority.id, authority.code);
        const auto inForce = catalogues_.inForce(tx);
        if (inForce->fingerprint.empty())
            throw values::Conflict("no guidance catalogue is loaded yet; run: plumbline catalogue load");
        Problems problems;
        for (const auto& [file, wanted] : opened.problems()) problems.add(file, 0, "", "", wanted);
        const auto planned = plan(tx, authority, files, inForce->latest, options, problems);
        Batch batch(tx, authority.id, ids_, inForce->latest, pseudonyms, problems, mode == ImportMode::check);
        std::vector<std::string> order;
        for (const auto& file : planned) {
            order.push_back(file.source.name);
            report.files.push_back(batch.importFile(file, options.progress));
        }
        try {
            problems.refuse(order);
        } catch (const values::Invalid& refusal) {
            std::vector<RefusedFile> refused;
            for (std::size_t i = 0; i < planned.size(); ++i)
                refused.push_back({planned[i], report.files[i].rows, batch.rejectedRows(planned[i]),
                                   batch.erasedChildren()});
            if (options.refused) options.refused(refused, refusal);
            throw;
        }
        if (mode == ImportMode::check) return;
        for (const auto& file : planned)
            RejectedRows::supersede(tx, authority.id, file, correctsOnly(file.source), options.upload);
        batch.finish();
        tx.audit("records imported", authority.code, detailOf(report));
        if (options.alsoDo) options.alsoDo(tx, report);
    };
    if (mode == ImportMode::check) database_.rehearse(actor, unit);
    else database_.inTransaction(actor, unit);
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    return report;
}

}  // namespace intake
