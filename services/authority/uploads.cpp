#include <fmt/format.h>
#include <chrono>

#include <nlohmann/json.hpp>
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
using nlohmann::json;
using platform::Response;
using platform::Transaction;

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

/// `episodes.csv, row 14, offered_on`
std::string placeText(const json& problem) {
    std::string text = problem.at("file");
    if (problem.at("row") > 0) text += ", row " + problem.at("row").dump();
    if (const std::string column = problem.at("column"); !column.empty()) text += ", " + column;
    return text;
}

json fileTypeList(const std::vector<intake::FileType>& types) {
    json list = json::array();
    for (const auto& type : types) {
        json columns = json::array();
        for (const auto& column : type.columns)
            columns.push_back({{"name", column.name},
                               {"isRequired", column.isRequired},
                               {"hint", column.hint},
                               {"values", fmt::format("{}", fmt::join(column.values, ", "))}});
        const bool isReview = type.kind == delivery::RecordKind::review;
        if (isReview)
            columns.push_back({{"name", "item_…"},
                               {"isRequired", false},
                               {"hint", "one column for each item of the checklist: points, NA, or empty"},
                               {"values", ""}});
        list.push_back({{"title", type.title},
                        {"template", isReview ? "" : type.name + ".xlsx"},
                        {"file", type.name + (isReview ? ".CHECKLIST.csv" : ".csv")},
                        {"columns", columns}});
    }
    return list;
}

void addReport(json& view, const json& report) {
    json rows = json::array();
    view["ignored"] = json::array();
    for (const auto& file : report.at("files")) {
        rows.push_back(row(file.at("title"), {file.at("rows").dump(), file.at("created").dump(),
                                              file.at("changed").dump(), file.at("unchanged").dump()}));
        for (const auto& column : file.at("ignored_columns"))
            view["ignored"].push_back("The column " + column.get<std::string>() + " of " +
                                      file.at("file").get<std::string>() +
                                      " is not one that Plumbline keeps; it is left out.");
    }
    view["filesTable"] =
        table("files", "What the files hold", {"File", "Rows", "New", "Changed", "Unchanged"}, rows);
}

void addProblems(json& view, const json& report) {
    view["hasProblems"] = true;
    view["hasErrors"] = true;
    view["found"] = plural(report.at("found"), "problem");
    view["problems"] = json::array();
    for (const auto& problem : report.at("problems")) {
        if (view["problems"].size() == kProblemsOnPage) break;
        view["problems"].push_back(
            {{"place", placeText(problem)}, {"value", problem.at("value")}, {"rule", problem.at("rule")}});
    }
    const auto shown = view["problems"].size();
    view["summaryOfErrors"] = {
        {"description", report.contains("storable")
                            ? "Nothing is stored yet. You can store the rows without problems now, and send "
                              "the others again once they are corrected."
                        : report.contains("corrections")
                            ? "Nothing was stored. Correct the rows below and send them again."
                            : "Nothing was stored. Correct the files and send all of them again."},
        {"errors", json::array({{{"text", plural(report.at("found"), "problem") + " found" +
                                              (report.at("found") > shown
                                                   ? ", the first " + std::to_string(shown) + " shown"
                                                   : "")},
                                 {"href", ""}}})}};
}

/// The files of an upload that have rows to correct, each to download.
json correctionsOf(const std::vector<intake::RejectedRows::Waiting>& waiting, const Upload& upload,
                   const intake::Uploads& uploads) {
    json list = json::array();
    for (std::size_t i = 0; i < kFilesAtOnce; ++i) {
        if (!uploads.corrections(upload, i)) continue;
        list.push_back({{"href", "/uploads/" + upload.id.text() + "/corrections/" + std::to_string(i)},
                        {"number", std::to_string(list.size() + 1)}});
    }
    std::int64_t rows = 0;
    for (const auto& one : waiting)
        if (one.upload == upload.id) rows += static_cast<std::int64_t>(one.numbers.size());
    return {{"files", list}, {"count", plural(rows, "row")}, {"hasRows", rows > 0 && !list.empty()}};
}

/// Heading and first sentence of each state.
std::pair<std::string, std::string> wordsFor(const Upload& upload, const json& report) {
    const auto rows = report.is_null() ? 0 : report.value("rows", 0);
    if (upload.state == "checked" && report.value("created", 0) + report.value("changed", 0) == 0)
        return {"Nothing new in these files",
                "All " + plural(rows, "row") + " are already here and unchanged."};
    if (upload.state == "checked")
        return {"These files can be stored",
                "Nothing is wrong with " + plural(rows, "row") + ". Nothing is stored yet."};
    if (upload.state == "refused")
        return report.contains("storable")
                   ? std::pair<std::string, std::string>{"Some rows have problems",
                                                         plural(report.at("storable"), "row") +
                                                             " can be stored. Each problem below names its "
                                                             "file, row and column."}
                   : std::pair<std::string, std::string>{
                         "These files cannot be stored",
                         "Each problem below names its file, row and column."};
    if (upload.state == "stored")
        return {"Your records are stored",
                plural(report.value("created", 0), "new record") + ", " +
                    plural(report.value("changed", 0), "changed record") + "." +
                    (report.contains("left_out")
                         ? " " + plural(report.at("left_out"), "row") + " had problems and " +
                               (report.at("left_out") == 1 ? "was" : "were") + " left out."
                         : "")};
    if (upload.state == "withdrawn") return {"These files were withdrawn", "Nothing of them was stored."};
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
    json view{{"title", "Upload records"},
              {"submission", ids_.next<Upload>().text()},
              {"types", fileTypeList(keeper_.types())},
              {"submit", button("Check the files")},
              {"recent", json::array()}};
    const auto error = errorOf(visit.problems, "files");
    view["files"] = {{"id", "files"},
                     {"name", "files"},
                     {"label", "Files: CSV, XLSX or ODS"},
                     {"hint", "You can choose several at once."},
                     {"error", error},
                     {"isDescribed", true},
                     {"hasBoth", !error.empty()},
                     {"multiple", true},
                     {"accept", ".csv,.xlsx,.ods"}};
    if (!visit.problems.empty()) view["summaryOfErrors"] = errorSummary(visit.problems);
    database_.read([&](Transaction& tx) {
        view["recent"] = json::array();
        std::int64_t waiting = 0;
        for (const auto& one : intake::RejectedRows::of(tx, visit.authority()))
            waiting += static_cast<std::int64_t>(one.numbers.size());
        if (waiting > 0)
            view["waiting"] =
                plural(waiting, "row") + (waiting == 1 ? " is" : " are") + " still to be corrected.";
        for (const auto& upload : intake::Uploads::recent(tx, visit.authority()))
            view["recent"].push_back(
                {{"href", "/uploads/" + upload.id.text()},
                 {"count", plural(static_cast<std::int64_t>(upload.files.size()), "file")},
                 {"sentAt", upload.sentAt},
                 {"state", stateText(upload.state)}});
    });
    view["hasRecent"] = !view["recent"].empty();
    return render(visit, "uploads", std::move(view));
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
    const auto report = upload.report.empty() ? json() : json::parse(upload.report);
    // What a file got wrong may be a child's reference.
    if (upload.state == "refused")
        database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
            tx.audit("problems of an upload read", upload.id.text());
        });
    const auto [heading, lead] = wordsFor(upload, report);
    json view{{"title", heading},
              {"heading", heading},
              {"lead", lead},
              {"path", "/uploads/" + upload.id.text()},
              {"isUnderWay", upload.isUnderWay()},
              {"isUnmapped", upload.state == "unmapped"},
              {"canConfirm",
               upload.state == "checked" || (upload.state == "refused" && report.contains("storable"))},
              {"canCancel", upload.isUnderWay()},
              {"cancel", secondaryButton("Stop, and store nothing")},
              {"dismiss", secondaryButton("These rows are not needed any more")},
              {"submission", ids_.next<Upload>().text()},
              {"withdrawal", ids_.next<Upload>().text()},
              {"confirm",
               button(upload.state == "refused" ? "Store the rows without problems" : "Store these records")},
              {"withdraw", secondaryButton("Withdraw them")},
              {"back", {{"href", "/uploads"}, {"text", "Back to uploads"}}}};
    if (upload.state == "checked" || upload.state == "stored") addReport(view, report);
    if (upload.state == "refused") addProblems(view, report);
    if (upload.isUnderWay() && upload.rowsExpected > 0) {
        const auto done = std::min(upload.rowsDone, upload.rowsExpected);
        view["progress"] = {
            {"done", std::to_string(done)},
            {"expected", std::to_string(upload.rowsExpected)},
            {"text", std::to_string(done) + " of about " + plural(upload.rowsExpected, "row") +
                         (upload.state == "storing" ? " stored" : " checked")}};
    }
    if (upload.state == "refused" || upload.state == "stored")
        database_.read([&](Transaction& tx) {
            view["corrections"] =
                correctionsOf(intake::RejectedRows::of(tx, visit.authority()), upload, uploads_);
        });
    if (upload.state == "stored") {
        view["success"] = {{"text", "Stored. The figures are being brought up to date."}};
        view["next"] = {{"href", "/"}, {"text", "See your services against the guidance"}};
    }
    return render(visit, "upload", std::move(view));
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
    const auto report = json::parse(upload.report);
    for (const auto& problem : report.at("problems"))
        body += csvCell(problem.at("file")) + "," + problem.at("row").dump() + "," +
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
                                                 return "/uploads/" + upload.id.text();
                                             }));
}

Response Door::withdrawUpload(Visit& visit) {
    const auto upload = uploadOf(visit);
    const auto place = database_.once(visit.request.form["submission"], entrance::Entrance::actorOf(visit),
                                      [&](Transaction& tx) {
                                          intake::Uploads::withdraw(tx, upload);
                                          return "/uploads/" + upload.id.text();
                                      });
    uploads_.removeFiles(upload.id);
    return platform::seeOther(place);
}

Response Door::cancelUpload(Visit& visit) {
    const auto upload = uploadOf(visit);
    return platform::seeOther(once(visit, [&](Transaction& tx) {
        intake::Uploads::cancel(tx, upload);
        return "/uploads/" + upload.id.text();
    }));
}

Response Door::dismissRejected(Visit& visit) {
    const auto upload = uploadOf(visit);
    return platform::seeOther(once(visit, [&](Transaction& tx) {
        intake::RejectedRows::dismiss(tx, visit.authority(), upload.id);
        return "/uploads/" + upload.id.text();
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
    if (const auto report = json::parse(found->report, nullptr, false);
        report.is_object() && report.contains("corrections") && position < report.at("corrections").size())
        name = report.at("corrections").at(position);
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
    const auto file = json::parse(upload.report).at("unknown").at(0);
    return {file.at("file"), file.at("stem"), file.at("header").get<std::vector<std::string>>()};
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

}  // namespace

Response Door::columnsForm(Visit& visit) {
    const auto upload = uploadOf(visit);
    const auto file = firstUnexplained(upload);
    const auto& form = visit.request.form;
    const auto asked = form.contains("stem") ? entrance::valueOf(form, "stem")
                                             : entrance::valueOf(visit.request.query, "stem");
    json view;
    database_.read([&](Transaction& tx) {
        const auto inForce = catalogues_.inForce(tx);
        const auto stems = stemsOf(keeper_.types(), inForce->latest);
        const auto stem = asked.empty() ? file.stem : asked;
        auto options = stems;
        options.insert(options.begin(), {"", "Choose"});
        view = {
            {"title", "What do these columns mean?"},
            {"file", file.name},
            {"path", "/uploads/" + upload.id.text() + "/columns"},
            {"stemChoice", choice("stem", "What does each row of " + file.name + " hold?", options, stem)},
            {"show", secondaryButton("Show the columns")},
            {"stem", stem},
            {"save", button("Remember this, and check the file")},
            {"columns", json::array()},
            {"back", {{"href", "/uploads/" + upload.id.text()}, {"text", "Back to the upload"}}}};
        if (std::ranges::find(stems, stem, &Option::value) == stems.end()) return;
        const auto dot = stem.find('.');
        const auto type =
            dot == std::string::npos ? keeper_.type(stem) : keeper_.reviewType(tx, stem.substr(dot + 1));
        for (const auto& column : type.columns) {
            std::vector<Option> headers{{"", column.isRequired ? "Choose" : "Not in the file"}};
            for (const auto& one : file.header)
                if (!one.empty()) headers.push_back({one, one});
            const auto name = "column." + column.name;
            const auto chosen =
                form.contains(name) ? entrance::valueOf(form, name) : likely(column, file.header);
            auto select =
                choice(name, column.label + (column.isRequired ? "" : " (optional)"), headers, chosen);
            select["hint"] = column.hint == column.label ? "" : column.hint;
            select["error"] = errorOf(visit.problems, name);
            select["isDescribed"] =
                !select["hint"].get<std::string>().empty() || !select["error"].get<std::string>().empty();
            select["hasBoth"] =
                !select["hint"].get<std::string>().empty() && !select["error"].get<std::string>().empty();
            auto constant = entrance::input({"constant." + column.name, "or the same in every row",
                                             entrance::valueOf(form, "constant." + column.name)},
                                            visit.problems);
            auto words = entrance::input({"words." + column.name, "Their words for ours",
                                          entrance::valueOf(form, "words." + column.name), "text",
                                          "Where the file says other words, like M = male, F = female"},
                                         visit.problems);
            view["columns"].push_back({{"column", select},
                                       {"constant", constant},
                                       {"words", column.type == intake::ColumnType::code ? words : json()}});
        }
    });
    view["hasColumns"] = !view["columns"].empty();
    if (!visit.problems.empty()) view["summaryOfErrors"] = errorSummary(visit.problems);
    return render(visit, "columns", std::move(view));
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
        const auto dot = mapping.stem.find('.');
        const auto type = dot == std::string::npos ? keeper_.type(mapping.stem)
                                                   : keeper_.reviewType(tx, mapping.stem.substr(dot + 1));
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
        return "/uploads/" + upload.id.text();
    }));
}

}  // namespace authority
