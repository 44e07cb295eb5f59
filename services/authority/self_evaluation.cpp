// What the authority says of itself for the yearly talk with the inspectorate, beside what its records say.
#include <algorithm>

#include "authority/door.h"
#include "authority/view.h"

namespace authority {

using inspections::Inspections;
using inspections::SelfEvaluation;
using platform::Response;
using platform::Transaction;
using platform::View;

namespace {

std::string yearText(int year) { return std::to_string(year) + "-" + std::to_string((year + 1) % 100); }

/// The newest report that was made for the authority itself or for an inspection of it; nothing where there
/// is none.
std::optional<adherence::KeptReport> newestReport(Transaction& tx, identity::AuthorityId authority) {
    for (const auto& one : adherence::Reports::of(tx, authority))
        if (one.isMade()) return adherence::Reports::withContent(tx, authority, one.id);
    return std::nullopt;
}

const View* expectationOf(const View& report, const std::string& id) {
    for (const auto& one : report.at("expectations"))
        if (one.at("expectation") == id) return &one;
    return nullptr;
}

/// What the records say, in lines to begin from.
std::string linesOf(const View& expectation) {
    std::string text;
    for (const auto& line : expectation.at("lines")) text += (text.empty() ? "" : "\n") + line.text();
    for (const auto& measure : expectation.at("measures"))
        if (measure.contains("denominator"))
            text += (text.empty() ? "" : "\n") + measure.at("title").text() + ": " +
                    measure.at("numerator").json() + " of " + measure.at("denominator").json();
    return text;
}

std::string actionsOf(const View& report, const View& expectation) {
    std::string text;
    for (const auto& action : report.at("actions")) {
        if (!action.at("closed_on").isNothing()) continue;
        const auto about = action.at("about").text();
        const auto recommendations = expectation.at("recommendations").texts();
        if (std::ranges::find(recommendations, about) == recommendations.end()) continue;
        text += (text.empty() ? "" : "\n") + action.at("title").text() + ", due " +
                values::Date::fromIso(action.at("due_on").text())->text();
    }
    return text;
}

struct SelfEvaluationPage {
    struct Expectation {
        std::string code;
        std::string statement;
        std::optional<inspections::SelfStatement> said;
        std::vector<std::string> records;  ///< what the records say of it
        std::string silent;                ///< why they say nothing; empty where they speak
        std::optional<Link> edit;
        View view() const {
            return {{"code", code},
                    {"statement", statement},
                    {"said",
                     said ? View{{"known", said->known},
                                 {"knownBy", said->knownBy},
                                 {"plans", said->plans},
                                 {"changed", said->changedBy + ", " + entrance::instantText(said->changedAt)}}
                          : View()},
                    {"records", records},
                    {"silent", silent},
                    {"edit", edit}};
        }
    };
    struct Area {
        std::string id;
        std::string name;
        std::vector<Expectation> expectations;
        View view() const { return {{"id", "area-" + id}, {"name", name}, {"expectations", expectations}}; }
    };
    std::string year;
    std::size_t open = 0;  ///< expectations of which nothing is said yet
    std::optional<Link> report;
    bool mayEdit = false;
    std::optional<Field> inspectionChoice;  ///< to whom it can be given
    std::vector<Area> areas;
    View view() const {
        return {{"title", "Self-evaluation, " + year},
                {"open", open},
                {"report", report},
                {"mayEdit", mayEdit},
                {"ask", button("Make a report of our records")},
                {"inspectionChoice", inspectionChoice},
                {"give", secondaryButton("Give it as it stands")},
                {"areas", areas}};
    }
};

struct SelfEvaluationFormPage {
    std::string title;
    std::string path;
    std::optional<ErrorSummary> summaryOfErrors;
    std::optional<Text> origin;  ///< where the words come from that are not kept yet
    Field known;
    Field knownBy;
    Field plans;
    View view() const {
        return {{"title", title},
                {"path", path},
                {"summaryOfErrors", summaryOfErrors},
                {"origin", origin},
                {"known", known},
                {"knownBy", knownBy},
                {"plans", plans},
                {"save", button("Save")},
                {"back", Link{"/self-evaluation", "Back to self-evaluation"}}};
    }
};

using Said = std::map<std::string, inspections::SelfStatement>;

SelfEvaluationPage::Expectation shown(const guidance::Expectation& expectation, const Said& said,
                                      const View& report, bool mayEdit) {
    SelfEvaluationPage::Expectation one{
        expectation.code, expectation.statement, {}, {}, expectation.silent, {}};
    if (const auto found = said.find(expectation.id); found != said.end() && !found->second.isEmpty())
        one.said = found->second;
    if (!report.isNothing() && expectation.silent.empty())
        if (const auto* known = expectationOf(report, expectation.id))
            one.records = known->at("lines").texts();
    if (mayEdit) one.edit = Link{"/self-evaluation/" + expectation.id, "Write"};
    return one;
}

std::vector<SelfEvaluationPage::Area> areasOf(const guidance::Catalogue& catalogue, const Said& said,
                                              const View& report, bool mayEdit) {
    std::vector<SelfEvaluationPage::Area> areas;
    for (const auto& area : catalogue.areas) {
        auto& made = areas.emplace_back(SelfEvaluationPage::Area{area.id, area.name, {}});
        for (const auto& expectation : catalogue.expectations)
            if (expectation.area == area.id)
                made.expectations.push_back(shown(expectation, said, report, mayEdit));
    }
    return areas;
}

std::size_t unsaid(const std::vector<SelfEvaluationPage::Area>& areas) {
    std::size_t count = 0;
    for (const auto& area : areas)
        count += static_cast<std::size_t>(
            std::ranges::count_if(area.expectations, [](const auto& one) { return !one.said; }));
    return count;
}

/// The inspections that it can be given to; nothing where none is open.
std::optional<Field> openInspections(Transaction& tx, identity::AuthorityId authority, values::Date today) {
    std::vector<Option> options;
    for (const auto& one : Inspections::of(tx, authority))
        if (one.isOpen(today))
            options.push_back({one.id.text(), sentence(one.kind) + ", " + one.period.name()});
    if (options.empty()) return std::nullopt;
    return choice("inspection", "Give it to", options, options.front().value);
}

/// Words to begin from, and where they come from; nothing of the latter where they are this year's own.
struct Beginning {
    inspections::SelfStatement statement;
    std::optional<Text> origin;
};

Beginning beginningOf(Transaction& tx, identity::AuthorityId authority, int year,
                      const std::string& expectation) {
    const auto said = SelfEvaluation::of(tx, authority, year);
    if (const auto found = said.find(expectation); found != said.end()) return {found->second, {}};
    const auto before = SelfEvaluation::of(tx, authority, year - 1);
    if (const auto last = before.find(expectation); last != before.end())
        return {last->second,
                Text{"These are the words of " + yearText(year - 1) + ": change what is no longer so."}};
    const auto report = newestReport(tx, authority);
    if (!report) return {};
    const auto content = View::fromJson(report->content);
    const auto* evidence = expectationOf(content, expectation);
    if (evidence == nullptr) return {};
    inspections::SelfStatement statement;
    statement.knownBy = linesOf(*evidence);
    statement.plans = actionsOf(content, *evidence);
    return {statement, Text{"Begun from your records, as known on " + report->known.day.text() +
                            ": change what you like."}};
}

SelfEvaluationFormPage formPage(const Visit& visit, const guidance::Expectation& expectation,
                                const Beginning& beginning) {
    const auto& form = visit.request.form;
    const auto area = [&](const char* field, const char* label, const std::string& kept) {
        return entrance::textArea({field, label, form.contains(field) ? form.at(field) : kept}, 6,
                                  visit.problems);
    };
    return {expectation.code + ". " + expectation.statement,
            "/self-evaluation/" + expectation.id,
            summaryOf(visit.problems),
            beginning.origin,
            area("known", "What do you know about the quality and impact of practice?",
                 beginning.statement.known),
            area("known_by", "How do you know it?", beginning.statement.knownBy),
            area("plans", "What are your plans?", beginning.statement.plans)};
}

/// A year's words as an inspection is given them, and as they are kept from then on.
struct FrozenWords {
    struct Statement {
        std::string code;
        std::string expectation;
        inspections::SelfStatement said;
        View view() const {
            return {{"code", code},
                    {"statement", expectation},
                    {"known", said.known},
                    {"known_by", said.knownBy},
                    {"plans", said.plans}};
        }
    };
    std::string year;
    std::vector<Statement> statements;
    View view() const { return {{"year", year}, {"statements", statements}}; }
};

FrozenWords frozenWords(const std::string& year, const std::vector<guidance::Expectation>& expectations,
                        const Said& said) {
    FrozenWords frozen{year, {}};
    for (const auto& one : expectations)
        if (const auto found = said.find(one.id); found != said.end() && !found->second.isEmpty())
            frozen.statements.push_back({one.code, one.statement, found->second});
    return frozen;
}

/// Throws NotFound.
const guidance::Expectation& expectationOf(const guidance::Catalogue& catalogue, const std::string& id) {
    const auto found = std::ranges::find(catalogue.expectations, id, &guidance::Expectation::id);
    if (found == catalogue.expectations.end()) throw values::NotFound("no such expectation");
    return *found;
}

}  // namespace

Response Door::selfEvaluation(Visit& visit) {
    const int year = SelfEvaluation::yearOf(clock_.today());
    SelfEvaluationPage page;
    page.year = yearText(year);
    page.mayEdit = visit.may(identity::Permission::fillReturns);
    database_.read([&](Transaction& tx) {
        const auto guidance = catalogues_.inForce(tx);
        const auto report = newestReport(tx, visit.authority());
        if (report)
            page.report = Link{"/reports/" + report->id.text(),
                               report->period.name() + ", as known on " + report->known.day.text()};
        page.areas = areasOf(guidance->latest, SelfEvaluation::of(tx, visit.authority(), year),
                             report ? View::fromJson(report->content) : View(), page.mayEdit);
        page.open = unsaid(page.areas);
        if (page.mayEdit) page.inspectionChoice = openInspections(tx, visit.authority(), clock_.today());
    });
    return render(visit, "self_evaluation", page);
}

Response Door::askOwnReport(Visit& visit) {
    const auto last = values::Quarter::containing(clock_.today()).previous();
    const adherence::Period year{last.previous().previous().previous(), last};
    const auto known = adherence::KnownAs::now(clock_.now());
    const auto place = once(visit, [&](Transaction& tx) {
        const auto id = adherence::Reports::ask(tx, ids_, {visit.authority(), year, known});
        tx.audit("report asked for", id.text(), year.name());
        return "/reports/" + id.text();
    });
    return platform::seeOther(place);
}

Response Door::selfEvaluationForm(Visit& visit) {
    const int year = SelfEvaluation::yearOf(clock_.today());
    const auto id = visit.request.part("expectation");
    std::optional<SelfEvaluationFormPage> page;
    database_.read([&](Transaction& tx) {
        const auto guidance = catalogues_.inForce(tx);
        const auto& expectation = expectationOf(guidance->latest, id);
        page = formPage(visit, expectation, beginningOf(tx, visit.authority(), year, id));
    });
    return render(visit, "self_evaluation_form", *page);
}

Response Door::saveSelfEvaluation(Visit& visit) {
    const int year = SelfEvaluation::yearOf(clock_.today());
    const auto id = visit.request.part("expectation");
    const auto& form = visit.request.form;
    values::Reader reader(form);
    for (const auto* field : {"known", "known_by", "plans"})
        if (entrance::valueOf(form, field).size() > 4000)
            reader.problem(field, "Use at most 4,000 characters.");
    reader.refuseProblems();
    once(visit, [&](Transaction& tx) {
        const auto guidance = catalogues_.inForce(tx);
        expectationOf(guidance->latest, id);
        SelfEvaluation::put(tx, visit.authority(), year, id,
                            {entrance::valueOf(form, "known"), entrance::valueOf(form, "known_by"),
                             entrance::valueOf(form, "plans"), "", ""});
        return std::string();
    });
    return platform::seeOther("/self-evaluation");
}

Response Door::giveSelfEvaluation(Visit& visit) {
    const int year = SelfEvaluation::yearOf(clock_.today());
    values::Reader form(visit.request.form);
    const auto wanted = form.id<inspections::Inspection>("inspection", "an inspection");
    form.refuseProblems();
    const auto place = once(visit, [&](Transaction& tx) {
        const auto inspection = Inspections::byId(tx, visit.authority(), *wanted);
        const auto guidance = catalogues_.inForce(tx);
        const auto said = SelfEvaluation::of(tx, visit.authority(), year);
        const auto frozen = frozenWords(yearText(year), guidance->latest.expectations, said);
        if (frozen.statements.empty())
            throw values::Conflict("Nothing is written yet for " + yearText(year) + ".");
        SelfEvaluation::give(tx, inspection, frozen.view().json(1));
        return "/inspections/" + inspection.id.text();
    });
    return platform::seeOther(place);
}

}  // namespace authority
