// What an authority says of each recommendation and key principle, beside what its records show.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "authority/declared.h"
#include "authority/door.h"
#include "authority/quarters.h"
#include "authority/record_form.h"
#include "results/report.h"

namespace authority {

using delivery::RecordKind;
using intake::RecordView;
using measures::Level;
using nlohmann::json;
using platform::Response;
using platform::Transaction;
using values::Date;

std::map<std::string, RecordView> latestDeclarations(Transaction& tx, const intake::Keeper& keeper,
                                                     identity::AuthorityId authority) {
    std::map<std::string, RecordView> latest;
    delivery::RecordQuestion question;
    question.most = 10000;
    // Keys go by recommendation, then day: the last of each is the newest.
    for (auto& one : keeper.list(tx, authority, keeper.type(RecordKind::declaration), question))
        latest.insert_or_assign(one.values.at("recommendation"), std::move(one));
    return latest;
}

bool isToConfirm(const RecordView& declaration, Date today) {
    const auto declared = Date::fromIso(declaration.values.at("declared_on"));
    const int year = today.month() >= 4 ? today.year() : today.year() - 1;
    return !declared || *declared < Date(year, 4, 1);
}

std::string differenceOf(const std::string& status, Level level) {
    const bool isRunning = level == Level::deliveredAsIntended || level == Level::partlyDelivered;
    if (status == "in place" && level == Level::partlyDelivered)
        return "Declared in place; the records show part of it.";
    if (status == "in place" && level == Level::tooLittleToJudge)
        return "Declared in place; there is too little to judge.";
    if (status == "in place" && !isRunning) return "Declared in place; no service that it names is running.";
    if (status == "planned" && isRunning) return "Declared as planned; services that it names are running.";
    if ((status == "not adopted" || status == "not applicable") && isRunning)
        return "Declared as " + status + "; services that it names are running.";
    if (status == "partly" && level == Level::deliveredAsIntended)
        return "Declared partly in place; the records show all of it.";
    return "";
}

namespace {

json statementRow(const std::string& id, const std::string& title,
                  const std::map<std::string, RecordView>& declared,
                  const results::RecommendationResult* judged, Date today, bool mayDeclare) {
    const auto found = declared.find(id);
    const auto href = "/declarations/" + id;
    json view{{"title", title}, {"href", href}, {"mayDeclare", mayDeclare}};
    if (judged != nullptr) view["level"] = levelTag(judged->result.level);
    if (found == declared.end()) {
        view["isOpen"] = true;
        return view;
    }
    const auto& values = found->second.values;
    const auto& status = values.at("status");
    auto words = sentence(status);
    if (const auto by = Date::fromIso(entrance::valueOf(values, "planned_by"))) words += " by " + by->text();
    view["status"] = words;
    view["declaredOn"] = Date::fromIso(values.at("declared_on"))->text();
    view["reason"] = entrance::valueOf(values, "reason");
    view["evidence"] = entrance::valueOf(values, "evidence");
    if (judged != nullptr) view["difference"] = differenceOf(status, judged->result.level);
    if (isToConfirm(found->second, today) && mayDeclare) view["confirm"] = {{"path", href + "/confirm"}};
    return view;
}

}  // namespace

Response Door::declarations(Visit& visit) {
    json view{{"title", "Declarations"}, {"guides", json::array()}};
    const auto today = clock_.today();
    database_.read([&](Transaction& tx) {
        const auto quarters = quartersOf(tx, visit, today);
        const auto report = results::reportOf(tx, catalogues_, visit.authority(), quarters.chosen);
        const auto declared = latestDeclarations(tx, keeper_, visit.authority());
        const bool mayDeclare = visit.may(identity::Permission::manageRegister);
        view["guides"] = json::array();
        int open = 0;
        for (const auto& guide : report.edition->catalogue.guides) {
            json recommendations = json::array();
            json principles = json::array();
            for (const auto& judged : report.recommendations)
                if (judged.guide == &guide)
                    recommendations.push_back(statementRow(judged.recommendation->id,
                                                           judged.recommendation->title, declared, &judged,
                                                           today, mayDeclare));
            for (const auto& principle : guide.principles)
                principles.push_back(
                    statementRow(principle.id, principle.text, declared, nullptr, today, mayDeclare));
            for (const auto* list : {&recommendations, &principles})
                for (const auto& one : *list) open += one.contains("isOpen") ? 1 : 0;
            view["guides"].push_back({{"id", "guide-" + guide.id},
                                      {"title", guide.title},
                                      {"recommendations", recommendations},
                                      {"principles", principles},
                                      {"hasPrinciples", !principles.empty()}});
        }
        view["quarter"] = quarters.chosen.name();
        view["open"] =
            open == 0 ? "" : std::to_string(open) + (open == 1 ? " has" : " have") + " no declaration yet.";
    });
    return render(visit, "declarations", std::move(view));
}

Response Door::declarationForm(Visit& visit) {
    const auto id = visit.request.part("recommendation");
    const auto& type = keeper_.type(RecordKind::declaration);
    json view;
    database_.read([&](Transaction& tx) {
        const auto inForce = catalogues_.inForce(tx);
        if (!inForce->latest.holdsStatement(id)) throw values::NotFound("no such recommendation");
        const auto declared = latestDeclarations(tx, keeper_, visit.authority());
        const auto before = declared.find(id);
        auto values = visit.request.form.empty() && before != declared.end()
                          ? before->second.values
                          : columnsIn(visit.request.form, type);
        values["recommendation"] = id;
        values["declared_on"] = clock_.today().iso();
        const auto choices = choicesOf(tx, keeper_, visit.authority(), type, inForce->latest, clock_.today());
        view = {{"title", "Declare: " + inForce->latest.statementTitle(id)},
                {"statement", inForce->latest.statementTitle(id)},
                {"path", visit.request.path},
                {"fields",
                 fieldsOf(type, values, choices, visit.problems, {"recommendation", "declared_on"}, false)},
                {"save", button("Declare")},
                {"later", secondaryButton("Save for later")},
                {"before", before == declared.end()
                               ? ""
                               : "Filled in as you declared it on " +
                                     Date::fromIso(before->second.values.at("declared_on"))->text() + "."},
                {"back", {{"href", "/declarations"}, {"text", "Back to declarations"}}}};
        const auto report = results::reportOf(tx, catalogues_, visit.authority(),
                                              quartersOf(tx, visit, clock_.today()).chosen);
        for (const auto& judged : report.recommendations)
            if (judged.recommendation->id == id) {
                view["level"] = levelTag(judged.result.level);
                view["quarter"] = report.quarter.name();
            }
    });
    if (!visit.problems.empty()) view["summaryOfErrors"] = errorSummary(visit.problems);
    return render(visit, "declaration", std::move(view));
}

Response Door::declare(Visit& visit) {
    const auto& type = keeper_.type(RecordKind::declaration);
    auto given = columnsIn(visit.request.form, type);
    given["recommendation"] = visit.request.part("recommendation");
    given["declared_on"] = clock_.today().iso();
    return platform::seeOther(once(visit, [&](Transaction& tx) {
        keeper_.save(tx, visit.authority(), type, {given});
        return std::string("/declarations");
    }));
}

/// It stands as it did: the yearly confirmation.
Response Door::confirmDeclaration(Visit& visit) {
    const auto id = visit.request.part("recommendation");
    const auto& type = keeper_.type(RecordKind::declaration);
    return platform::seeOther(once(visit, [&](Transaction& tx) {
        const auto declared = latestDeclarations(tx, keeper_, visit.authority());
        const auto before = declared.find(id);
        if (before == declared.end()) throw values::NotFound("no such declaration");
        auto given = before->second.values;
        given["declared_on"] = clock_.today().iso();
        keeper_.save(tx, visit.authority(), type, {given, std::nullopt, false, false, "", "confirmed"});
        return std::string("/declarations");
    }));
}

}  // namespace authority
