#include <fmt/format.h>
#include <chrono>

#include <nlohmann/json.hpp>
#include <thread>

#include "authority/door.h"
#include "authority/view.h"

namespace authority {
namespace {

using intake::Upload;
using nlohmann::json;
using platform::Response;
using platform::Transaction;

constexpr std::size_t kProblemsOnPage = 100;
/// A small upload is checked in well under this time: then its page shows the result at once.
constexpr auto kWaitForResult = std::chrono::seconds(3);

std::string stateText(const std::string& state) {
    static const std::map<std::string, std::string> words{{"sent", "waiting to be checked"},
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
        {"description", "Nothing was stored. Correct the files and send all of them again."},
        {"errors", json::array({{{"text", plural(report.at("found"), "problem") + " found" +
                                              (report.at("found") > shown
                                                   ? ", the first " + std::to_string(shown) + " shown"
                                                   : "")},
                                 {"href", ""}}})}};
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
        return {"These files cannot be stored", "Each problem below names its file, row and column."};
    if (upload.state == "stored")
        return {"Your records are stored", plural(report.value("created", 0), "new record") + ", " +
                                               plural(report.value("changed", 0), "changed record") + "."};
    if (upload.state == "withdrawn") return {"These files were withdrawn", "Nothing of them was stored."};
    if (upload.state == "failed")
        return {"Sorry, these files could not be read",
                "That is a fault of ours. Nothing was stored; try again later."};
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
              {"types", fileTypeList(fileTypes_)},
              {"submit", button("Check the files")},
              {"recent", json::array()}};
    const auto error = errorOf(visit.problems, "files");
    view["files"] = {{"id", "files"},
                     {"name", "files"},
                     {"label", "CSV files"},
                     {"hint", "You can choose several at once."},
                     {"error", error},
                     {"isDescribed", true},
                     {"hasBoth", !error.empty()},
                     {"multiple", true},
                     {"accept", ".csv"}};
    if (!visit.problems.empty()) view["summaryOfErrors"] = errorSummary(visit.problems);
    database_.read([&](Transaction& tx) {
        view["recent"] = json::array();
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
        if (file.name.size() < 5 || file.name.size() > 200)
            form.problem("files", "Choose CSV files with short names, ending in .csv.");
        if (file.size == 0) form.problem("files", "Choose files that are not empty; " + file.name + " is.");
    }
    if (files.empty()) form.problem("files", "Choose at least one CSV file.");
    if (files.size() > 50) form.problem("files", "Choose 50 files or fewer.");
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
              {"canConfirm", upload.state == "checked"},
              {"submission", ids_.next<Upload>().text()},
              {"withdrawal", ids_.next<Upload>().text()},
              {"confirm", button("Store these records")},
              {"withdraw", secondaryButton("Withdraw them")},
              {"back", {{"href", "/uploads"}, {"text", "Back to uploads"}}}};
    if (upload.state == "checked" || upload.state == "stored") addReport(view, report);
    if (upload.state == "refused") addProblems(view, report);
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

}  // namespace authority
