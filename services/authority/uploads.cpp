#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <sstream>
#include <thread>

#include "authority/door.h"
#include "authority/record_form.h"
#include "authority/view.h"
#include "intake/rejected_rows.h"
#include "platform/csv.h"
#include "platform/workbook.h"
#include "values/text.h"

namespace authority {
namespace {

using intake::Upload;
using platform::Response;
using platform::Transaction;
using platform::View;

constexpr std::size_t kProblemsOnPage = 100;
constexpr std::size_t kFilesAtOnce = 50;
/// A small upload is checked in well under this time: then its page shows the result at once.
constexpr auto kWaitForResult = std::chrono::seconds(3);

std::string stateText(const std::string& state) {
    static const std::map<std::string, std::string> words{
        {"sent", "waiting to be checked"},
        {"unmapped", "waiting for you to say what the columns mean"},
        {"checking", "being checked"},
        {"checked", "checked, not stored yet"},
        {"refused", "refused, nothing stored"},
        {"confirmed", "waiting to be stored"},
        {"storing", "being stored"},
        {"stored", "stored"},
        {"withdrawn", "withdrawn, nothing stored"},
        {"failed", "failed, nothing stored"}};
    return words.at(state);
}

std::string plural(std::int64_t count, const std::string& word) {
    return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

// What the pages show

struct UploadsPage {
    struct Column {
        std::string name;
        bool isRequired;
        std::string hint;
        std::string values;
        View view() const {
            return {{"name", name}, {"isRequired", isRequired}, {"hint", hint}, {"values", values}};
        }
    };
    /// A kind of file that Plumbline knows.
    struct Type {
        std::string title;
        std::string file;
        std::string workbook;  ///< to fill in; empty where there is none
        std::vector<Column> columns;
        View view() const {
            return {{"title", title}, {"file", file}, {"template", workbook}, {"columns", columns}};
        }
    };
    struct Sent {
        std::string href;
        std::string count;
        std::string sentAt;
        std::string state;
        View view() const { return {{"href", href}, {"count", count}, {"sentAt", sentAt}, {"state", state}}; }
    };
    std::optional<ErrorSummary> summaryOfErrors;
    std::string waiting;  ///< rows to correct; empty where there are none
    Field files;
    std::vector<Type> types;
    std::vector<Sent> recent;
    View view() const {
        return {{"title", "Upload records"},
                {"summaryOfErrors", summaryOfErrors},
                {"waiting", waiting},
                {"files", files},
                {"submit", button("Check the files")},
                {"types", types},
                {"recent", recent}};
    }
};

struct UploadPage {
    struct Progress {
        std::int64_t done;
        std::int64_t expected;
        std::string text;
        View view() const { return {{"done", done}, {"expected", expected}, {"text", text}}; }
    };
    struct Problem {
        std::string place;
        std::string value;
        std::string rule;
        View view() const { return {{"place", place}, {"value", value}, {"rule", rule}}; }
    };
    /// Every problem of a refused upload, of which the page shows the first.
    struct Problems {
        std::string found;
        std::vector<Problem> shown;
        View view() const { return {{"found", found}, {"shown", shown}}; }
    };
    /// Rows that are still to be corrected, in files to download.
    struct Corrections {
        struct File {
            std::string href;
            std::size_t number;
            View view() const { return {{"href", href}, {"number", number}}; }
        };
        std::string count;
        std::vector<File> files;
        View view() const { return {{"count", count}, {"files", files}}; }
    };
    /// Whether to store what was checked. The two forms are told from each other.
    struct Decision {
        std::string confirm;
        std::string withdrawal;  ///< names the form that withdraws
        View view() const { return {{"confirm", button(confirm)}, {"withdrawal", withdrawal}}; }
    };
    std::string heading;
    std::string lead;
    std::string path;
    std::optional<ErrorSummary> summaryOfErrors;
    std::optional<Text> success;
    bool isUnderWay = false;
    bool isLeftAlone = false;  ///< by whoever works on it
    std::optional<Progress> progress;
    bool isUnmapped = false;
    std::optional<Table> files;
    std::vector<std::string> ignored;  ///< columns, in sentences
    std::optional<Decision> decision;
    std::optional<Corrections> corrections;
    std::optional<Problems> problems;
    std::optional<Link> next;
    View view() const {
        return {{"title", heading},
                {"heading", heading},
                {"lead", lead},
                {"path", path},
                {"summaryOfErrors", summaryOfErrors},
                {"success", success},
                {"isUnderWay", isUnderWay},
                {"isLeftAlone", isLeftAlone},
                {"progress", progress},
                {"cancel", secondaryButton("Stop, and store nothing")},
                {"isUnmapped", isUnmapped},
                {"filesTable", files},
                {"ignored", ignored},
                {"decision", decision},
                {"withdraw", secondaryButton("Withdraw them")},
                {"corrections", corrections},
                {"dismiss", secondaryButton("These rows are not needed any more")},
                {"problems", problems},
                {"hasErrors", problems.has_value()},  // the layout asks: the title says so
                {"next", next},
                {"back", Link{"/uploads", "Back to uploads"}}};
    }
};

/// What the columns of a file mean that nobody has explained yet.
struct ColumnsPage {
    struct Column {
        Field column;
        Field constant;
        std::optional<Field> words;  ///< theirs for ours, where a column has words of its own
        View view() const { return {{"column", column}, {"constant", constant}, {"words", words}}; }
    };
    std::string file;
    std::string path;
    Link back;
    std::optional<ErrorSummary> summaryOfErrors;
    Field stemChoice;
    std::string stem;
    std::vector<Column> columns;
    View view() const {
        return {{"title", "What do these columns mean?"},
                {"file", file},
                {"path", path},
                {"summaryOfErrors", summaryOfErrors},
                {"stemChoice", stemChoice},
                {"show", secondaryButton("Show the columns")},
                {"stem", stem},
                {"columns", columns},
                {"save", button("Remember this, and check the file")},
                {"back", back}};
    }
};

// How they are made

std::string addressOf(const Upload& upload) { return "/uploads/" + upload.id.text(); }

UploadsPage::Type shown(const intake::FileType& type) {
    const bool isReview = type.kind == delivery::RecordKind::review;
    UploadsPage::Type made{type.title,
                           type.name + (isReview ? ".CHECKLIST.csv" : ".csv"),
                           isReview ? "" : type.name + ".xlsx",
                           {}};
    for (const auto& column : type.columns)
        made.columns.push_back(
            {column.name, column.isRequired, column.hint, fmt::format("{}", fmt::join(column.values, ", "))});
    if (isReview)
        made.columns.push_back(
            {"item_…", false, "one column for each item of the checklist: points, NA, or empty", ""});
    return made;
}

UploadsPage::Sent shown(const Upload& upload) {
    return {addressOf(upload), plural(static_cast<std::int64_t>(upload.files.size()), "file"),
            entrance::instantText(upload.sentAt), stateText(upload.state)};
}

/// Rows that are still to be corrected: of one upload, or of all where none is named.
std::int64_t rowsWaiting(const std::vector<intake::RejectedRows::Waiting>& waiting,
                         const std::optional<values::Id<Upload>>& upload = std::nullopt) {
    std::int64_t rows = 0;
    for (const auto& one : waiting)
        if (!upload || one.upload == *upload) rows += static_cast<std::int64_t>(one.numbers.size());
    return rows;
}

std::string rowsWaitingText(std::int64_t rows) {
    if (rows == 0) return "";
    return plural(rows, "row") + (rows == 1 ? " is" : " are") + " still to be corrected.";
}

std::optional<UploadPage::Progress> progressOf(const Upload& upload) {
    if (!upload.isUnderWay() || upload.rowsExpected == 0) return std::nullopt;
    const auto done = std::min(upload.rowsDone, upload.rowsExpected);
    return UploadPage::Progress{done, upload.rowsExpected,
                                std::to_string(done) + " of about " + plural(upload.rowsExpected, "row") +
                                    (upload.state == "storing" ? " stored" : " checked")};
}

Table filesOf(const View& report) {
    std::vector<Row> rows;
    for (const auto& file : report.at("files"))
        rows.push_back({file.at("title"),
                        {file.at("rows").json(), file.at("created").json(), file.at("changed").json(),
                         file.at("unchanged").json()}});
    return table("files", "What the files hold", {"File", "Rows", "New", "Changed", "Unchanged"}, rows);
}

std::vector<std::string> ignoredOf(const View& report) {
    std::vector<std::string> ignored;
    for (const auto& file : report.at("files"))
        for (const auto& column : file.at("ignored_columns"))
            ignored.push_back("The column " + column.text() + " of " + file.at("file").text() +
                              " is not one that Plumbline keeps; it is left out.");
    return ignored;
}

/// `episodes.csv, row 14, offered_on`
std::string placeText(const View& problem) {
    std::string text = problem.at("file").text();
    if (problem.at("row").whole() > 0) text += ", row " + problem.at("row").json();
    if (const auto column = problem.at("column").text(); !column.empty()) text += ", " + column;
    return text;
}

UploadPage::Problems problemsOf(const View& report) {
    UploadPage::Problems problems{plural(report.wholeOf("found"), "problem"), {}};
    for (const auto& problem : report.at("problems")) {
        if (problems.shown.size() == kProblemsOnPage) break;
        problems.shown.push_back({placeText(problem), problem.at("value"), problem.at("rule")});
    }
    return problems;
}

ErrorSummary summaryOfProblems(const View& report, const UploadPage::Problems& problems) {
    const auto shown = problems.shown.size();
    const bool isAll = report.wholeOf("found") <= static_cast<std::int64_t>(shown);
    return {
        {{"", problems.found + " found" + (isAll ? "" : ", the first " + std::to_string(shown) + " shown")}},
        report.contains("storable") ? "Nothing is stored yet. You can store the rows without problems "
                                      "now, and send the others again once they are corrected."
        : report.contains("corrections")
            ? "Nothing was stored. Correct the rows below and send them again."
            : "Nothing was stored. Correct the files and send all of them again."};
}

/// The files of an upload that have rows to correct, each to download; nothing where no row waits.
std::optional<UploadPage::Corrections> correctionsOf(std::int64_t rows, const Upload& upload,
                                                     const intake::Uploads& uploads) {
    UploadPage::Corrections corrections{plural(rows, "row"), {}};
    for (std::size_t i = 0; i < kFilesAtOnce; ++i)
        if (uploads.corrections(upload, i))
            corrections.files.push_back(
                {addressOf(upload) + "/corrections/" + std::to_string(i), corrections.files.size() + 1});
    if (rows == 0 || corrections.files.empty()) return std::nullopt;
    return corrections;
}

/// Heading and first sentence of each state.
std::pair<std::string, std::string> wordsFor(const Upload& upload, const View& report) {
    const auto rows = report.isNothing() ? 0 : report.wholeOf("rows");
    if (upload.state == "checked" && report.wholeOf("created") + report.wholeOf("changed") == 0)
        return {"Nothing new in these files",
                "All " + plural(rows, "row") + " are already here and unchanged."};
    if (upload.state == "checked")
        return {"These files can be stored",
                "Nothing is wrong with " + plural(rows, "row") + ". Nothing is stored yet."};
    if (upload.state == "refused" && report.contains("erased_children"))
        return {report.wholeOf("erased_children") == 1
                    ? "These files name a child who was erased"
                    : "These files name " + std::to_string(report.wholeOf("erased_children")) +
                          " children who were erased",
                "Nothing is stored. They were erased on request, and nothing is kept about them again unless "
                "whoever "
                "runs the service says that there is a reason." +
                    (report.contains("storable")
                         ? " " + plural(report.wholeOf("storable"), "other row") + " can be stored."
                         : std::string())};
    if (upload.state == "refused")
        return report.contains("storable")
                   ? std::pair<std::string, std::string>{"Some rows have problems",
                                                         plural(report.wholeOf("storable"), "row") +
                                                             " can be stored. Each problem below names its "
                                                             "file, row and column."}
                   : std::pair<std::string, std::string>{
                         "These files cannot be stored",
                         "Each problem below names its file, row and column."};
    if (upload.state == "stored")
        return {"Your records are stored",
                plural(report.wholeOf("created"), "new record") + ", " +
                    plural(report.wholeOf("changed"), "changed record") + "." +
                    (report.contains("left_out")
                         ? " " + plural(report.wholeOf("left_out"), "row") + " had problems and " +
                               (report.wholeOf("left_out") == 1 ? "was" : "were") + " left out."
                         : "")};
    if (upload.state == "withdrawn") return {"These files were withdrawn", "Nothing of them was stored."};
    if (upload.state == "failed" && report.contains("fault"))
        return {"These files could not be read", report.at("fault").text()};
    if (upload.state == "failed")
        return {"Sorry, these files could not be read",
                "That is a fault of ours. Nothing was stored; try again later."};
    if (upload.state == "unmapped")
        return {"What do these columns mean?",
                "Plumbline does not know these names yet. Say once what they mean: it is remembered for your "
                "authority."};
    return {"Your files are " + stateText(upload.state),
            plural(static_cast<std::int64_t>(upload.files.size()), "file") + "."};
}

/// Without what can be decided and corrected: those need more than the upload itself.
UploadPage pageOf(const Upload& upload, const View& report, bool isLeftAlone) {
    const auto [heading, lead] = wordsFor(upload, report);
    UploadPage page;
    page.heading = heading;
    page.lead = lead;
    page.path = addressOf(upload);
    page.isUnderWay = upload.isUnderWay();
    page.isLeftAlone = isLeftAlone;
    page.isUnmapped = upload.state == "unmapped";
    page.progress = progressOf(upload);
    if (upload.state == "checked" || upload.state == "stored") {
        page.files = filesOf(report);
        page.ignored = ignoredOf(report);
    }
    if (upload.state == "refused") {
        page.problems = problemsOf(report);
        page.summaryOfErrors = summaryOfProblems(report, *page.problems);
    }
    if (upload.state == "stored") {
        page.success = Text{"Stored. The figures are being brought up to date."};
        page.next = Link{"/", "See your services against the guidance"};
    }
    return page;
}

}  // namespace

Upload Door::uploadOf(const Visit& visit, Transaction& tx) const {
    const auto id = visit.request.partId<Upload>("upload");
    return intake::Uploads::byId(tx, visit.authority(), id);
}

Upload Door::uploadOf(const Visit& visit) {
    std::optional<Upload> found;
    database_.read([&](Transaction& tx) { found = uploadOf(visit, tx); });
    return *found;
}

Response Door::uploadForm(Visit& visit) {
    UploadsPage page;
    page.summaryOfErrors = summaryOf(visit.problems);
    page.files = {"files", "Files: CSV, XLSX or ODS", ""};
    page.files.hint = "You can choose several at once.";
    page.files.error = errorOf(visit.problems, "files");
    page.files.accept = ".csv,.xlsx,.ods";
    page.files.isMultiple = true;
    for (const auto& type : keeper_.types()) page.types.push_back(shown(type));
    database_.read([&](Transaction& tx) {
        page.waiting = rowsWaitingText(rowsWaiting(intake::RejectedRows::of(tx, visit.authority())));
        page.recent.clear();
        for (const auto& upload : intake::Uploads::recent(tx, visit.authority()))
            page.recent.push_back(shown(upload));
    });
    return render(visit, "uploads", page);
}

Response Door::sendFiles(Visit& visit) {
    values::Reader form(visit.request.form);
    const auto submission = form.id<Upload>("submission", "the page's form again; reload the page");
    std::vector<intake::SourceFile> files;
    for (const auto& file : visit.request.files) {
        files.push_back({file.path, file.name});
        const auto name = values::lowered(file.name);
        if (!(name.ends_with(".csv") || platform::isWorkbook(name)) || file.name.size() > 200)
            form.problem("files",
                         "Choose files that end in .csv, .xlsx or .ods; " + file.name + " does not.");
        if (file.size == 0) form.problem("files", "Choose files that are not empty; " + file.name + " is.");
    }
    if (files.empty()) form.problem("files", "Choose at least one file.");
    if (files.size() > kFilesAtOnce) form.problem("files", "Choose 50 files or fewer.");
    form.refuseProblems();
    // The upload is named by its form, so a second press of the button finds the first one's upload, and
    // leaves its files alone.
    bool isSent = false;
    database_.read([&](Transaction& tx) {
        isSent = intake::Uploads::find(tx, visit.authority(), *submission).has_value();
    });
    if (isSent) return platform::seeOther("/uploads/" + submission->text());
    const auto names = uploads_.takeFiles(*submission, files);
    return platform::seeOther(
        database_.once(submission->text(), entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
            intake::Uploads::send(tx, *submission, visit.authority(), names);
            return "/uploads/" + submission->text();
        }));
}

Response Door::upload(Visit& visit) {
    auto upload = uploadOf(visit);
    const auto until = std::chrono::steady_clock::now() + kWaitForResult;
    while (upload.isUnderWay() && std::chrono::steady_clock::now() < until) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        upload = uploadOf(visit);
    }
    // What a file got wrong may be a child's reference.
    if (upload.state == "refused")
        database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
            tx.audit("problems of an upload read", upload.id.text());
        });
    const auto report = upload.report.empty() ? View() : View::fromJson(upload.report);
    auto page = pageOf(upload, report, upload.isLeftAlone(clock_.now()));
    if (upload.state == "checked" || (upload.state == "refused" && report.contains("storable")))
        page.decision = {
            upload.state == "refused" ? "Store the rows without problems" : "Store these records",
            ids_.next<Upload>().text()};
    if (upload.state == "refused" || upload.state == "stored")
        database_.read([&](Transaction& tx) {
            const auto waiting = intake::RejectedRows::of(tx, visit.authority());
            page.corrections = correctionsOf(rowsWaiting(waiting, upload.id), upload, uploads_);
        });
    return render(visit, "upload", page);
}

Response Door::uploadProblems(Visit& visit) {
    std::optional<Upload> found;
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        found = uploadOf(visit, tx);
        tx.audit("problems of an upload read", found->id.text());
    });
    const auto& upload = *found;
    if (upload.state != "refused") throw values::NotFound("no problems");
    std::string body = "file,row,column,value,rule\r\n";
    const auto report = View::fromJson(upload.report);
    for (const auto& problem : report.at("problems"))
        body += csvCell(problem.at("file")) + "," + problem.at("row").json() + "," +
                csvCell(problem.at("column")) + "," + csvCell(problem.at("value")) + "," +
                csvCell(problem.at("rule")) + "\r\n";
    return {200,
            "text/csv; charset=utf-8",
            "\xEF\xBB\xBF" + body,
            {{"Content-Disposition", "attachment; filename=\"problems.csv\""}}};
}

Response Door::confirmUpload(Visit& visit) {
    const auto upload = uploadOf(visit);
    return platform::seeOther(database_.once(visit.request.form["submission"],
                                             entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
                                                 intake::Uploads::confirm(tx, upload);
                                                 return addressOf(upload);
                                             }));
}

Response Door::withdrawUpload(Visit& visit) {
    const auto upload = uploadOf(visit);
    const auto place = database_.once(visit.request.form["submission"], entrance::Entrance::actorOf(visit),
                                      [&](Transaction& tx) {
                                          intake::Uploads::withdraw(tx, upload);
                                          return addressOf(upload);
                                      });
    uploads_.removeFiles(upload.id);
    return platform::seeOther(place);
}

Response Door::cancelUpload(Visit& visit) {
    const auto upload = uploadOf(visit);
    return platform::seeOther(once(visit, [&](Transaction& tx) {
        intake::Uploads::cancel(tx, upload);
        return addressOf(upload);
    }));
}

Response Door::dismissRejected(Visit& visit) {
    const auto upload = uploadOf(visit);
    return platform::seeOther(once(visit, [&](Transaction& tx) {
        intake::RejectedRows::dismiss(tx, visit.authority(), upload.id);
        return addressOf(upload);
    }));
}

/// Rows to correct, as they were sent, with why each cannot be stored.
Response Door::corrections(Visit& visit) {
    std::optional<Upload> found;
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        found = uploadOf(visit, tx);
        tx.audit("problems of an upload read", found->id.text());
    });
    values::Reader part(visit.request.path_parts);
    const auto number = part.optionalWhole("number", 0, static_cast<int>(kFilesAtOnce) * 200);
    const auto text = number ? uploads_.corrections(*found, static_cast<std::size_t>(*number)) : std::nullopt;
    if (!text) throw values::NotFound("no such file");
    // Under the name that it came by, so that sent again it is known for what it is.
    const auto position = static_cast<std::size_t>(*number);
    auto name = position < found->files.size() ? found->files[position] : "corrections.csv";
    if (const auto report = View::fromJsonOrNothing(found->report);
        report.isObject() && report.contains("corrections") && position < report.at("corrections").size())
        name = report.at("corrections").at(position).text();
    std::erase_if(name, [](unsigned char c) { return c < 0x20 || c == '"' || c == '\\' || c > 0x7E; });
    if (!name.ends_with(".csv")) name += ".csv";
    return {200,
            "text/csv; charset=utf-8",
            *text,
            {{"Content-Disposition", "attachment; filename=\"" + name + "\""}}};
}

/// A workbook to fill in, with the authority's own references to choose from.
Response Door::templateFile(Visit& visit) {
    const auto file = visit.request.part("file");
    const auto dot = file.find(".xlsx");
    if (dot == std::string::npos) throw values::NotFound("no such template");
    const auto& type = keeper_.type(file.substr(0, dot));
    platform::WorkbookSheet sheet{type.name, {}, {}, 2000};
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        const auto inForce = catalogues_.inForce(tx);
        const auto choices = choicesOf(tx, keeper_, visit.authority(), type, inForce->latest, clock_.today());
        sheet.columns.clear();
        for (const auto& column : type.columns) {
            platform::WorkbookColumn one{column.name, (column.isRequired ? "Needed. " : "") + column.hint, 18,
                                         column.type == intake::ColumnType::date, column.values};
            if (const auto found = choices.find(column.name); found != choices.end())
                for (const auto& option : found->second) one.choices.push_back(option.value);
            sheet.columns.push_back(std::move(one));
        }
        tx.audit("template made", type.name);
    });
    return {200,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            platform::workbookOf({sheet}),
            {{"Content-Disposition", "attachment; filename=\"" + type.name + ".xlsx\""}}};
}

namespace {

/// A file of an upload that waits for an explanation.
struct Unexplained {
    std::string name;
    std::string stem;
    std::vector<std::string> header;
};

Unexplained firstUnexplained(const Upload& upload) {
    if (upload.state != "unmapped")
        throw values::Conflict("Nobody asks any more what the columns of these files mean.");
    const auto file = View::fromJson(upload.report).at("unknown").at(0);
    return {file.at("file"), file.at("stem"), file.at("header").texts()};
}

/// Every kind that a file can hold, reviews once for each checklist.
std::vector<Option> stemsOf(const std::vector<intake::FileType>& types,
                            const guidance::Catalogue& catalogue) {
    std::vector<Option> stems;
    for (const auto& type : types) {
        if (type.kind != delivery::RecordKind::review) {
            stems.push_back({type.name, type.title});
            continue;
        }
        for (const auto& [id, versions] : catalogue.checklists)
            stems.push_back({type.name + "." + id, type.title + ", checklist " + id});
    }
    return stems;
}

/// The header that sounds most like a column; empty where none does.
std::string likely(const intake::ColumnRule& column, const std::vector<std::string>& header) {
    for (const auto& one : header)
        if (intake::folded(one) == intake::folded(column.name) ||
            intake::folded(one) == intake::folded(column.label))
            return one;
    return "";
}

/// `sites`, or `fidelity_reviews.group-session`: reviews have the columns of their checklist.
intake::FileType typeOf(Transaction& tx, const intake::Keeper& keeper, const std::string& stem) {
    const auto dot = stem.find('.');
    return dot == std::string::npos ? keeper.type(stem) : keeper.reviewType(tx, stem.substr(dot + 1));
}

/// Where a column stands in the file.
Field placeOf(const intake::ColumnRule& column, const std::vector<std::string>& header, const Visit& visit) {
    std::vector<Option> headers{{"", column.isRequired ? "Choose" : "Not in the file"}};
    for (const auto& one : header)
        if (!one.empty()) headers.push_back({one, one});
    const auto& form = visit.request.form;
    const auto name = "column." + column.name;
    auto place = choice(name, column.label + (column.isRequired ? "" : " (optional)"), headers,
                        form.contains(name) ? form.at(name) : likely(column, header));
    place.hint = column.hint == column.label ? "" : column.hint;
    place.error = errorOf(visit.problems, name);
    return place;
}

ColumnsPage::Column explanationOf(const intake::ColumnRule& column, const std::vector<std::string>& header,
                                  const Visit& visit) {
    const auto typed = [&](const std::string& field, const std::string& label, const std::string& hint) {
        const auto name = field + "." + column.name;
        return entrance::input({name, label, entrance::valueOf(visit.request.form, name), "text", hint},
                               visit.problems);
    };
    ColumnsPage::Column made{
        placeOf(column, header, visit), typed("constant", "or the same in every row", ""), {}};
    if (column.type == intake::ColumnType::code)
        made.words = typed("words", "Their words for ours",
                           "Where the file says other words, like M = male, F = female");
    return made;
}

}  // namespace

Response Door::columnsForm(Visit& visit) {
    const auto upload = uploadOf(visit);
    const auto file = firstUnexplained(upload);
    const auto& form = visit.request.form;
    const auto asked = entrance::valueOf(form.contains("stem") ? form : visit.request.query, "stem");
    ColumnsPage page;
    page.file = file.name;
    page.path = addressOf(upload) + "/columns";
    page.back = {addressOf(upload), "Back to the upload"};
    page.summaryOfErrors = summaryOf(visit.problems);
    page.stem = asked.empty() ? file.stem : asked;
    database_.read([&](Transaction& tx) {
        auto stems = stemsOf(keeper_.types(), catalogues_.inForce(tx)->latest);
        const bool isKnown = std::ranges::find(stems, page.stem, &Option::value) != stems.end();
        stems.insert(stems.begin(), {"", "Choose"});
        page.stemChoice = choice("stem", "What does each row of " + file.name + " hold?", stems, page.stem);
        page.columns.clear();
        if (!isKnown) return;
        for (const auto& column : typeOf(tx, keeper_, page.stem).columns)
            page.columns.push_back(explanationOf(column, file.header, visit));
    });
    return render(visit, "columns", page);
}

Response Door::explainColumns(Visit& visit) {
    const auto upload = uploadOf(visit);
    const auto file = firstUnexplained(upload);
    const auto& form = visit.request.form;
    values::Reader reader(form);
    intake::Mapping mapping;
    mapping.stem = reader.text("stem", "what each row holds");
    reader.refuseProblems();
    return platform::seeOther(once(visit, [&](Transaction& tx) {
        const auto type = typeOf(tx, keeper_, mapping.stem);
        mapping.columns.clear();
        values::Reader said(form);
        for (const auto& column : type.columns) {
            const auto header = entrance::valueOf(form, "column." + column.name);
            const auto constant = entrance::valueOf(form, "constant." + column.name);
            if (!header.empty()) mapping.columns[intake::folded(header)] = column.name;
            else if (!constant.empty()) mapping.constants[column.name] = constant;
            else if (column.isRequired)
                said.problem("column." + column.name,
                             "Say where “" + column.label + "” stands, or what it is in every row.");
            std::istringstream pairs(entrance::valueOf(form, "words." + column.name));
            for (std::string pair; std::getline(pairs, pair, ',');) {
                const auto equals = pair.find('=');
                if (equals == std::string::npos) {
                    said.problem("words." + column.name,
                                 "Write pairs like M = male, with a comma between them.");
                    break;
                }
                mapping.words[column.name][values::lowered(platform::trimmed(pair.substr(0, equals)))] =
                    std::string(platform::trimmed(pair.substr(equals + 1)));
            }
        }
        said.refuseProblems();
        intake::Mappings::keep(tx, visit.authority(), intake::Mappings::nameOf(file.header), mapping);
        intake::Uploads::goOn(tx, upload);
        return addressOf(upload);
    }));
}

}  // namespace authority
