// What there is to do, and what others did since the last visit.
#include "authority/tasks.h"

#include <algorithm>
#include <set>

#include "authority/declared.h"
#include "identity/audit.h"
#include "identity/kept_forms.h"
#include "inspections/correspondence.h"
#include "intake/rejected_rows.h"
#include "results/cells.h"
#include "returns/returns.h"

namespace authority {
namespace {

using identity::Permission;
using platform::Transaction;
using platform::View;
using returns::QuarterlyReturn;
using values::Date;
using values::Quarter;

constexpr int kReturnsLookedBack = 4;
constexpr int kSoonDays = 14;
constexpr int kNewsEntries = 400;

using Tasks = std::vector<Task>;

constexpr const char* kRed = "govuk-tag--red";
constexpr const char* kYellow = "govuk-tag--yellow";
constexpr const char* kBlue = "govuk-tag--blue";

std::string counted(std::int64_t count, const std::string& one, const std::string& many) {
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

void addReturns(Tasks& tasks, const Visit& visit, const std::vector<QuarterlyReturn>& all, Quarter first,
                Date today) {
    auto quarter = Quarter::containing(today).previous();
    for (int i = 0; i < kReturnsLookedBack && quarter >= first; ++i, quarter = quarter.previous()) {
        const auto found = std::ranges::find(all, quarter, &QuarterlyReturn::quarter);
        const bool isSent = found != all.end() && found->state == "sent";
        // Of earlier quarters only what was begun: nobody owes returns for the years before they joined.
        if (found == all.end() ? i > 0 : found->isSigned()) continue;
        const auto due = quarter.last().plusDays(returns::kDueDays);
        const bool isOverdue = due < today;
        const auto when = isOverdue ? "Overdue" : "Due " + due.text();
        if (isSent && !visit.may(Permission::signOff)) continue;  // it waits for the director
        tasks.push_back({(isSent ? "Sign off the return for " : "Fill in the return for ") + quarter.name(),
                         "/returns/" + quarter.slug(),
                         {when, isOverdue ? kRed : kBlue}});
    }
}

void addActions(Tasks& tasks, const std::vector<intake::RecordView>& actions, Date today) {
    std::int64_t overdue = 0;
    std::int64_t soon = 0;
    for (const auto& action : actions) {
        if (action.values.contains("closed_on")) continue;
        const auto due = Date::fromIso(action.values.at("due_on"));
        if (due && *due < today) ++overdue;
        else if (due && *due <= today.plusDays(kSoonDays)) ++soon;
    }
    if (overdue > 0)
        tasks.push_back(
            {counted(overdue, "action is overdue", "actions are overdue"), "/actions", {"Overdue", kRed}});
    if (soon > 0)
        tasks.push_back({counted(soon, "action is due within two weeks", "actions are due within two weeks"),
                         "/actions",
                         {"Soon", kYellow}});
}

void addDeclarations(Tasks& tasks, const results::Report& report,
                     const std::map<std::string, intake::RecordView>& declared, Date today) {
    std::int64_t open = 0;
    std::int64_t old = 0;
    std::int64_t different = 0;
    for (const auto& judged : report.recommendations) {
        const auto found = declared.find(judged.recommendation->id);
        if (found == declared.end()) {
            ++open;
            continue;
        }
        old += isToConfirm(found->second, today) ? 1 : 0;
        different += differenceOf(found->second.values.at("status"), judged.result.level).empty() ? 0 : 1;
    }
    if (old > 0)
        tasks.push_back({counted(old, "declaration waits to be confirmed for this year",
                                 "declarations wait to be confirmed for this year"),
                         "/declarations",
                         {"Confirm", kYellow}});
    if (different > 0)
        tasks.push_back({counted(different, "declaration differs from what the records show",
                                 "declarations differ from what the records show"),
                         "/declarations",
                         {"Look", kBlue}});
    if (open > 0)
        tasks.push_back({counted(open, "recommendation has no declaration yet",
                                 "recommendations have no declaration yet"),
                         "/declarations",
                         {"Open", kBlue}});
}

/// Versions of guides that take effect soon, or did lately: nobody is to learn of them from a figure.
void addGuidance(Tasks& tasks, const guidance::Guidance& guidance, Date today) {
    constexpr int kNewDays = 60;
    for (const auto& guide : guidance.guides) {
        const auto from = guide.validity.from;
        if (!from || from->plusDays(kNewDays) < today) continue;
        tasks.push_back({guide.title + ": version " + guide.version + (*from > today ? " takes" : " took") +
                             " effect on " + from->text() +
                             (guide.changes.empty() ? "" : ". " + guide.changes),
                         "/guides/" + guide.id,
                         {"New guidance", kBlue}});
    }
}

/// Running services whose delivery nobody reviewed in the quarter, and impossible records.
void addFigures(Tasks& tasks, const results::Report& report) {
    std::int64_t unreviewed = 0;
    std::int64_t impossible = 0;
    for (const auto& [service, figures] : report.services) {
        if (service.countsOnly) continue;
        const auto started = figures.find("dose");
        const auto reviews = figures.find("fidelity");
        const bool delivers = started != figures.end();
        if (delivers && (reviews == figures.end() || reviews->second.parts.proportion.denominator == 0))
            ++unreviewed;
        for (const auto& measure : report.edition->catalogue.measures)
            if (measure.shown == guidance::Shown::quality && measure.quality.severity == "impossible")
                if (const auto found = figures.find(measure.id); found != figures.end())
                    impossible += found->second.parts.proportion.numerator;
    }
    const auto slug = report.quarter.slug();
    if (impossible > 0)
        tasks.push_back({counted(impossible, "record says what cannot be", "records say what cannot be"),
                         "/quality?quarter=" + slug,
                         {"Correct", kRed}});
    if (unreviewed > 0)
        tasks.push_back({counted(unreviewed, "service had no fidelity review in ",
                                 "services had no fidelity review in ") +
                             report.quarter.name(),
                         "/services",
                         {"Plan", kYellow}});
}

void addUploads(Tasks& tasks, Transaction& tx, identity::AuthorityId authority) {
    std::int64_t rows = 0;
    for (const auto& waiting : intake::RejectedRows::of(tx, authority)) rows += std::ssize(waiting.numbers);
    if (rows > 0)
        tasks.push_back(
            {counted(rows, "row of an upload has to be corrected", "rows of uploads have to be corrected"),
             "/uploads",
             {"Correct", kRed}});
    const auto checked = std::ranges::count_if(intake::Uploads::recent(tx, authority), [](const auto& one) {
        return one.state == "checked" || one.state == "unmapped";
    });
    if (checked > 0)
        tasks.push_back({counted(checked, "upload waits for you", "uploads wait for you"),
                         "/uploads",
                         {"Finish", kYellow}});
}

void addRequests(Tasks& tasks, Transaction& tx, identity::AuthorityId authority, Date today) {
    const auto open = inspections::EvidenceRequests::openOf(tx, authority);
    const bool isLate =
        std::ranges::any_of(open, [&](const auto& one) { return one.dueOn && *one.dueOn < today; });
    if (!open.empty())
        tasks.push_back({counted(std::ssize(open), "request of inspectors waits for your answer",
                                 "requests of inspectors wait for your answer"),
                         "/inspections",
                         {isLate ? "Overdue" : "Answer", isLate ? kRed : kYellow}});
}

void addKeptForms(Tasks& tasks, Transaction& tx, const Visit& visit) {
    const auto forms = std::ssize(identity::KeptForms::of(tx, visit.person->id));
    if (forms > 0)
        tasks.push_back({counted(forms, "form of yours is unfinished", "forms of yours are unfinished"),
                         "/kept-forms",
                         {"Finish", kBlue}});
}

/// `added`, `changed`: what was done, so that alike things are counted together.
std::string newsLine(const std::string& action, std::size_t count, const std::string& who) {
    if (count == 1) return sentence(action) + ", by " + who;
    return sentence(action) + ", " + std::to_string(count) + " times, by " + who;
}

}  // namespace

View Task::view() const { return {{"text", text}, {"href", href}, {"state", state}}; }

Tasks tasksOf(Transaction& tx, const Visit& visit, const results::Report& report,
              const intake::Keeper& keeper, Date today) {
    Tasks tasks;
    const auto authority = visit.authority();
    const auto known = results::Cells::quartersOf(tx, authority);
    if (visit.may(Permission::fillReturns) && known)
        addReturns(tasks, visit, returns::Returns::all(tx, authority), known->first, today);
    if (visit.may(Permission::uploadRecords)) addUploads(tasks, tx, authority);
    addGuidance(tasks, report.guidance->guidance, today);
    addFigures(tasks, report);
    if (visit.may(Permission::manageRegister)) {
        delivery::RecordQuestion question;
        question.most = 2000;
        addActions(tasks, keeper.list(tx, authority, keeper.type(delivery::RecordKind::action), question),
                   today);
        addDeclarations(tasks, report, latestDeclarations(tx, keeper, authority), today);
    }
    if (visit.may(Permission::fillReturns)) addRequests(tasks, tx, authority, today);
    addKeptForms(tasks, tx, visit);
    return tasks;
}

View News::view() const { return {{"since", since}, {"lines", lines}}; }

std::optional<News> newsOf(Transaction& tx, const Visit& visit) {
    const auto before = identity::People::previousVisit(tx, visit.person->id);
    if (!before) return std::nullopt;
    identity::AuditQuestion question;
    if (const auto day = Date::fromIso(before->substr(0, 10))) question.from = *day;
    // What was only read, and what we did ourselves, is no news.
    static const std::set<std::string> kQuiet{"signed in", "password accepted", "submission repeated",
                                              "form opened", "signed out"};
    std::map<std::pair<std::string, std::string>, std::size_t> counts;
    for (const auto& entry : identity::Audit::search(
             tx, visit.authority(), question, std::numeric_limits<std::int64_t>::max(), kNewsEntries)) {
        if (entry.happenedAt < *before) break;
        const bool isReading = entry.action.ends_with("read") || entry.action.ends_with("explained") ||
                               entry.action.ends_with("made");
        if (entry.actor == visit.person->email || isReading || kQuiet.contains(entry.action)) continue;
        ++counts[{entry.action, entry.actor}];
    }
    if (counts.empty()) return std::nullopt;
    News news{entrance::instantText(*before), {}};
    for (const auto& [what, count] : counts) news.lines.push_back(newsLine(what.first, count, what.second));
    return news;
}

}  // namespace authority
