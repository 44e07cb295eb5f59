// Official figures: which files are loaded, and loading another.
#include <filesystem>

#include "context/official_figures.h"
#include "entrance/view.h"
#include "national/door.h"

namespace national {

using entrance::row;
using entrance::Visit;
using identity::Permission;
using platform::Response;
using platform::Transaction;
using platform::View;

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

/// The form that loads a published file.
struct LoadForm {
    entrance::Field data;
    entrance::Field meta;
    entrance::Field name;
    entrance::Field source;

    View view() const {
        return {{"data", data},
                {"meta", meta},
                {"name", name},
                {"source", source},
                {"send", entrance::button("Load the file")}};
    }
};

struct ContextPage {
    entrance::Table datasets;
    std::optional<LoadForm> load;  ///< for who may load some
    std::optional<entrance::ErrorSummary> problems;

    View view() const {
        return {{"title", "Official figures"},
                {"summaryOfErrors", problems},
                {"datasetsTable", datasets},
                {"load", load}};
    }
};

entrance::Table datasetsTable(Transaction& tx, values::Instant now) {
    std::vector<entrance::Row> rows;
    for (const auto& one : context::OfficialFigures::known(tx, now))
        rows.push_back(
            row(one.title, {one.source, std::to_string(one.figures), entrance::instantText(one.loadedAt)}));
    return entrance::table("datasets", "Published files that are loaded",
                           {"File", "Source", "Figures", "Loaded"}, rows);
}

LoadForm loadForm(const Visit& visit) {
    const auto file = [&](const char* name, const char* label, const char* hint) {
        auto field = entrance::input({name, label, "", "file", hint}, visit.problems);
        field.accept = ".csv";
        return field;
    };
    const auto text = [&](const char* name, const char* label, const char* hint) {
        return entrance::input({name, label, entrance::valueOf(visit.request.form, name), "text", hint},
                               visit.problems);
    };
    return {
        file("data", "Data file", "As it was published, such as cla_31_march.csv"),
        file("meta", "Metadata file", "Published beside it, such as cla_31_march.meta.csv; may be left out"),
        text("name", "What to call it", ""),
        text("source", "Source and date", "For example, Department for Education, 14 November 2026")};
}

/// Those of files lead to the file's field, and say their place.
std::optional<entrance::ErrorSummary> problemsInFiles(const Visit& visit) {
    std::vector<values::FieldProblem> problems;
    for (const auto& one : visit.problems)
        problems.push_back(one.where.file.empty()
                               ? one
                               : values::FieldProblem{{"", 0, "data"}, "", problemText(visit, one)});
    return entrance::summaryOf(problems);
}

}  // namespace

Response Door::context(Visit& visit) {
    ContextPage page;
    database_.read([&](Transaction& tx) { page.datasets = datasetsTable(tx, clock_.now()); });
    if (visit.may(Permission::prepareReleases)) page.load = loadForm(visit);
    page.problems = problemsInFiles(visit);
    return entrance_.render(visit, "national/context", page);
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
