// What an authority says of each recommendation and key principle, beside what its records show.
#include <algorithm>

#include "authority/declared.h"
#include "authority/door.h"
#include "authority/quarters.h"
#include "authority/record_form.h"
#include "results/report.h"

namespace authority {

using delivery::RecordKind;
using intake::RecordView;
using measures::Level;
using platform::Response;
using platform::Transaction;
using platform::View;
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

using Declared = std::map<std::string, RecordView>;

/// What is declared of one recommendation or key principle, beside what the records show.
struct StatementRow {
    std::string title;
    std::string href;
    bool mayDeclare = false;
    std::optional<Tag> level;
    std::string status;  ///< empty where nothing is declared yet
    std::string declaredOn;
    std::string reason;
    std::string evidence;
    std::string difference;
    std::string confirmPath;  ///< empty where there is nothing to confirm

    View view() const {
        return {{"title", title},           {"href", href},
                {"mayDeclare", mayDeclare}, {"level", level},
                {"status", status},         {"declaredOn", declaredOn},
                {"reason", reason},         {"evidence", evidence},
                {"difference", difference}, {"confirmPath", confirmPath}};
    }
};

struct GuideStatements {
    std::string id;
    std::string title;
    std::vector<StatementRow> recommendations;
    std::vector<StatementRow> principles;

    View view() const {
        return {{"id", "guide-" + id},
                {"title", title},
                {"recommendations", recommendations},
                {"principles", principles}};
    }
};

struct DeclarationsPage {
    std::string quarter;
    std::string open;
    std::vector<GuideStatements> guides;

    View view() const {
        return {{"title", "Declarations"}, {"quarter", quarter}, {"open", open}, {"guides", guides}};
    }
};

struct DeclarationPage {
    std::string statement;
    std::string path;
    std::string quarter;
    std::optional<Tag> level;
    std::string before;
    std::vector<RecordField> fields;
    std::optional<entrance::ErrorSummary> summaryOfErrors;

    View view() const {
        return {{"title", "Declare: " + statement},
                {"statement", statement},
                {"path", path},
                {"quarter", quarter},
                {"level", level},
                {"before", before},
                {"fields", fields},
                {"save", button("Declare")},
                {"later", secondaryButton("Save for later")},
                {"summaryOfErrors", summaryOfErrors},
                {"back", Link{"/declarations", "Back to declarations"}}};
    }
};

std::string statusText(const values::Fields& declaration) {
    const auto by = Date::fromIso(entrance::valueOf(declaration, "planned_by"));
    return sentence(declaration.at("status")) + (by ? " by " + by->text() : "");
}

std::string declaredOnText(const RecordView& declaration) {
    return Date::fromIso(declaration.values.at("declared_on"))->text();
}

/// Rows of statements as they are declared now.
class Statements {
public:
    Statements(const Declared& declared, Date today, bool mayDeclare)
        : declared_(declared), today_(today), mayDeclare_(mayDeclare) {}

    StatementRow row(const std::string& id, const std::string& title) const {
        StatementRow row;
        row.title = title;
        row.href = "/declarations/" + id;
        row.mayDeclare = mayDeclare_;
        const auto found = declared_.find(id);
        if (found == declared_.end()) return row;
        row.status = statusText(found->second.values);
        row.declaredOn = declaredOnText(found->second);
        row.reason = entrance::valueOf(found->second.values, "reason");
        row.evidence = entrance::valueOf(found->second.values, "evidence");
        if (mayDeclare_ && isToConfirm(found->second, today_)) row.confirmPath = row.href + "/confirm";
        return row;
    }
    /// With the level that the records show.
    StatementRow row(const results::RecommendationResult& judged) const {
        const auto& id = judged.recommendation->id;
        auto made = row(id, judged.recommendation->title);
        made.level = levelTag(judged.result.level);
        if (const auto found = declared_.find(id); found != declared_.end())
            made.difference = differenceOf(found->second.values.at("status"), judged.result.level);
        return made;
    }

private:
    const Declared& declared_;
    Date today_;
    bool mayDeclare_;
};

std::vector<GuideStatements> sectionsOf(const results::Report& report, const Statements& statements) {
    std::vector<GuideStatements> sections;
    for (const auto& guide : report.edition->catalogue.guides) {
        GuideStatements section{guide.id, guide.title, {}, {}};
        for (const auto& judged : report.recommendations)
            if (judged.guide == &guide) section.recommendations.push_back(statements.row(judged));
        for (const auto& principle : guide.principles)
            section.principles.push_back(statements.row(principle.id, principle.text));
        sections.push_back(std::move(section));
    }
    return sections;
}

/// `2 have no declaration yet.`
std::string openText(const std::vector<GuideStatements>& sections) {
    std::int64_t open = 0;
    for (const auto& section : sections)
        for (const auto* rows : {&section.recommendations, &section.principles})
            open += std::ranges::count_if(*rows, [](const auto& row) { return row.status.empty(); });
    if (open == 0) return "";
    return std::to_string(open) + (open == 1 ? " has" : " have") + " no declaration yet.";
}

std::optional<Tag> levelOf(const results::Report& report, const std::string& recommendation) {
    const auto found = std::ranges::find(report.recommendations, recommendation,
                                         [](const auto& judged) { return judged.recommendation->id; });
    if (found == report.recommendations.end()) return std::nullopt;
    return levelTag(found->result.level);
}

}  // namespace

Response Door::declarations(Visit& visit) {
    DeclarationsPage page;
    const auto today = clock_.today();
    database_.read([&](Transaction& tx) {
        const auto quarters = quartersOf(tx, visit, today);
        const auto report = results::reportOf(tx, catalogues_, visit.authority(), quarters.chosen);
        const auto declared = latestDeclarations(tx, keeper_, visit.authority());
        page.quarter = quarters.chosen.name();
        page.guides =
            sectionsOf(report, Statements(declared, today, visit.may(identity::Permission::manageRegister)));
        page.open = openText(page.guides);
    });
    return render(visit, "declarations", page);
}

Response Door::declarationForm(Visit& visit) {
    const auto id = visit.request.part("recommendation");
    const auto& type = keeper_.type(RecordKind::declaration);
    const auto today = clock_.today();
    DeclarationPage page;
    page.path = visit.request.path;
    database_.read([&](Transaction& tx) {
        const auto inForce = catalogues_.inForce(tx);
        if (!inForce->latest.holdsStatement(id)) throw values::NotFound("no such recommendation");
        const auto declared = latestDeclarations(tx, keeper_, visit.authority());
        const auto before = declared.find(id);
        auto values = visit.request.form.empty() && before != declared.end()
                          ? before->second.values
                          : columnsIn(visit.request.form, type);
        values["recommendation"] = id;
        values["declared_on"] = today.iso();
        const auto choices = choicesOf(tx, keeper_, visit.authority(), type, inForce->latest, today);
        page.statement = inForce->latest.statementTitle(id);
        page.fields =
            fieldsOf(type, values, choices, visit.problems, {"recommendation", "declared_on"}, false);
        if (before != declared.end())
            page.before = "Filled in as you declared it on " + declaredOnText(before->second) + ".";
        const auto report =
            results::reportOf(tx, catalogues_, visit.authority(), quartersOf(tx, visit, today).chosen);
        page.quarter = report.quarter.name();
        page.level = levelOf(report, id);
    });
    if (!visit.problems.empty()) page.summaryOfErrors = errorSummary(visit.problems);
    return render(visit, "declaration", page);
}

Response Door::declare(Visit& visit) {
    const auto& type = keeper_.type(RecordKind::declaration);
    auto given = columnsIn(visit.request.form, type);
    given["recommendation"] = visit.request.part("recommendation");
    // A record says every day in one way: the one that was typed as the one that we know.
    values::Reader reader(visit.request.form);
    if (const auto by = reader.optionalDate("planned_by")) given["planned_by"] = by->iso();
    reader.refuseProblems();
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
