// Official figures: which files are loaded, and loading another.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "context/official_figures.h"
#include "entrance/view.h"
#include "national/door.h"

namespace national {

using entrance::row;
using entrance::Visit;
using identity::Permission;
using nlohmann::json;
using platform::Response;
using platform::Transaction;

namespace {

const platform::UploadedFile* fileOf(const Visit& visit, const char* field) {
    for (const auto& one : visit.request.files)
        if (one.field == field && one.size > 0) return &one;
    return nullptr;
}

/// What is wrong in a file, with the place as its sender knows it.
std::string problemText(const Visit& visit, const values::FieldProblem& problem) {
    std::string name = "The file";
    for (const auto& one : visit.request.files)
        if (one.path == problem.where.file) name = one.name;
    auto text = name + ", row " + std::to_string(problem.where.row);
    if (!problem.where.column.empty()) text += ", " + problem.where.column;
    return text + ": " + (problem.got.empty() ? "" : problem.got + ". ") + problem.wanted;
}

}  // namespace

Response Door::context(Visit& visit) {
    json view{{"title", "Official figures"}, {"datasets", json::array()}};
    database_.read([&](Transaction& tx) {
        json rows = json::array();
        for (const auto& one : context::OfficialFigures::known(tx, clock_.now()))
            rows.push_back(row(
                one.title, {one.source, std::to_string(one.figures), entrance::instantText(one.loadedAt)}));
        view["hasDatasets"] = !rows.empty();
        view["datasetsTable"] = entrance::table("datasets", "Published files that are loaded",
                                                {"File", "Source", "Figures", "Loaded"}, rows);
    });
    if (visit.may(Permission::prepareReleases)) {
        const auto said = [&](const char* field) { return entrance::valueOf(visit.request.form, field); };
        const auto file = [&](const char* name, const char* label, const char* hint) {
            auto field = entrance::input({name, label, "", "file", hint}, visit.problems);
            field["accept"] = ".csv";
            return field;
        };
        view["load"] = {
            {"data", file("data", "Data file", "As it was published, such as cla_31_march.csv")},
            {"meta", file("meta", "Metadata file",
                          "Published beside it, such as cla_31_march.meta.csv; may be left out")},
            {"name", entrance::input({"name", "What to call it", said("name"), "text", ""}, visit.problems)},
            {"source", entrance::input({"source", "Source and date", said("source"), "text",
                                        "For example, Department for Education, 14 November 2026"},
                                       visit.problems)},
            {"send", entrance::button("Load the file")}};
    }
    std::vector<values::FieldProblem> problems;
    for (const auto& one : visit.problems)
        problems.push_back(one.where.file.empty()
                               ? one
                               : values::FieldProblem{{"", 0, "data"}, "", problemText(visit, one)});
    if (!problems.empty()) view["summaryOfErrors"] = entrance::errorSummary(problems);
    return entrance_.render(visit, "national/context", std::move(view));
}

Response Door::loadContext(Visit& visit) {
    values::Reader form(visit.request.form);
    const auto* data = fileOf(visit, "data");
    const auto* meta = fileOf(visit, "meta");
    if (data == nullptr) form.problem("data", "Choose the data file.");
    const auto title = form.text("name", "a name");
    const auto source = form.text("source", "who published it, and when", 300);
    form.refuseProblems();
    const auto file = context::readOfficialFile(data->path, meta == nullptr ? "" : meta->path);
    const auto name = std::filesystem::path(data->name).stem().string();
    if (name.empty() || name.size() > 150)
        throw values::Invalid(
            {{{"", 0, "data"}, data->name, "Give the file a name of at most 150 characters."}});
    context::Loaded loaded;
    auto answer = once(visit, [&](Transaction& tx) {
        loaded = context::OfficialFigures::load(tx, ids_, file, name, title, source);
        return std::string("/context");
    });
    if (loaded.notes.empty()) return answer;
    // What was left out or mapped is said once, on the page that follows at once.
    visit.notice = std::to_string(loaded.figures) + " figures are loaded.";
    for (const auto& note : loaded.notes) visit.notice += " " + note;
    return context(visit);
}

}  // namespace national
