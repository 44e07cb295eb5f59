// What the authority says of itself for the yearly talk with the inspectorate, beside what its records say.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "authority/door.h"
#include "authority/view.h"

namespace authority {

using inspections::Inspections;
using inspections::SelfEvaluation;
using nlohmann::json;
using nlohmann::ordered_json;
using platform::Response;
using platform::Transaction;

namespace {

std::string yearText(int year) { return std::to_string(year) + "-" + std::to_string((year + 1) % 100); }

/// The newest report that was made for the authority itself or for an inspection of it; nothing where there
/// is none.
std::optional<adherence::KeptReport> newestReport(Transaction& tx, identity::AuthorityId authority) {
    for (const auto& one : adherence::Reports::of(tx, authority))
        if (one.isMade()) return adherence::Reports::withContent(tx, authority, one.id);
    return std::nullopt;
}

const json* expectationOf(const json& report, const std::string& id) {
    for (const auto& one : report.at("expectations"))
        if (one.at("expectation") == id) return &one;
    return nullptr;
}

/// What the records say, in lines to begin from.
std::string linesOf(const json& expectation) {
    std::string text;
    for (const auto& line : expectation.at("lines"))
        text += (text.empty() ? "" : "\n") + line.get<std::string>();
    for (const auto& measure : expectation.at("measures"))
        if (measure.contains("denominator"))
            text += (text.empty() ? "" : "\n") + measure.at("title").get<std::string>() + ": " +
                    measure.at("numerator").dump() + " of " + measure.at("denominator").dump();
    return text;
}

std::string actionsOf(const json& report, const json& expectation) {
    std::string text;
    for (const auto& action : report.at("actions")) {
        if (!action.at("closed_on").is_null()) continue;
        const auto about = action.at("about").get<std::string>();
        const auto recommendations = expectation.at("recommendations").get<std::vector<std::string>>();
        if (std::ranges::find(recommendations, about) == recommendations.end()) continue;
        text += (text.empty() ? "" : "\n") + action.at("title").get<std::string>() + ", due " +
                values::Date::fromIso(action.at("due_on").get<std::string>())->text();
    }
    return text;
}

json area(const Visit& visit, const std::string& name, const std::string& label, const std::string& value,
          const std::string& hint) {
    return entrance::textArea({name, label, value, "", hint}, 6, visit.problems);
}

}  // namespace

Response Door::selfEvaluation(Visit& visit) {
    const int year = SelfEvaluation::yearOf(clock_.today());
    json view{{"title", "Self-evaluation, " + yearText(year)}, {"year", yearText(year)}};
    database_.read([&](Transaction& tx) {
        const auto guidance = catalogues_.inForce(tx);
        const auto said = SelfEvaluation::of(tx, visit.authority(), year);
        const auto report = newestReport(tx, visit.authority());
        const auto content = report ? json::parse(report->content) : json();
        const bool mayEdit = visit.may(identity::Permission::fillReturns);
        if (report)
            view["report"] = {{"href", "/reports/" + report->id.text()},
                              {"text", report->period.name() + ", as known on " + report->known.day.text()}};
        view["areas"] = json::array();
        std::size_t open = 0;
        for (const auto& one : guidance->latest.areas) {
            json expectations = json::array();
            for (const auto& expectation : guidance->latest.expectations) {
                if (expectation.area != one.id) continue;
                const auto found = said.find(expectation.id);
                const bool isSaid = found != said.end() && !found->second.isEmpty();
                open += isSaid ? 0 : 1;
                json entry{{"code", expectation.code},
                           {"statement", expectation.statement},
                           {"edit", mayEdit ? json{{"href", "/self-evaluation/" + expectation.id}} : json()},
                           {"isSaid", isSaid},
                           {"silent", expectation.silent}};
                if (isSaid) {
                    entry["known"] = found->second.known;
                    entry["knownBy"] = found->second.knownBy;
                    entry["plans"] = found->second.plans;
                    entry["changed"] =
                        found->second.changedBy + ", " + entrance::instantText(found->second.changedAt);
                }
                if (report)
                    if (const auto* shown = expectationOf(content, expectation.id);
                        shown != nullptr && expectation.silent.empty())
                        entry["records"] = shown->at("lines");
                entry["hasRecords"] = entry.contains("records") && !entry["records"].empty();
                expectations.push_back(std::move(entry));
            }
            view["areas"].push_back(
                {{"id", "area-" + one.id}, {"name", one.name}, {"expectations", expectations}});
        }
        view["open"] = std::to_string(open);
        view["mayEdit"] = mayEdit;
        view["ask"] = button("Make a report of our records");
        std::vector<Option> options;
        for (const auto& one : Inspections::of(tx, visit.authority()))
            if (one.isOpen(clock_.today()))
                options.push_back({one.id.text(), sentence(one.kind) + ", " + one.period.name()});
        if (mayEdit && !options.empty()) {
            view["inspectionChoice"] = choice("inspection", "Give it to", options, options.front().value);
            view["give"] = secondaryButton("Give it as it stands");
            view["mayGive"] = true;
        }
    });
    return render(visit, "self_evaluation", std::move(view));
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
    json view;
    database_.read([&](Transaction& tx) {
        const auto guidance = catalogues_.inForce(tx);
        const auto& all = guidance->latest.expectations;
        const auto expectation = std::ranges::find(all, id, &guidance::Expectation::id);
        if (expectation == all.end()) throw values::NotFound("no such expectation");
        const auto said = SelfEvaluation::of(tx, visit.authority(), year);
        const auto before = SelfEvaluation::of(tx, visit.authority(), year - 1);
        inspections::Statement statement;
        std::string origin;
        if (const auto found = said.find(id); found != said.end()) {
            statement = found->second;
        } else if (const auto last = before.find(id); last != before.end()) {
            statement = last->second;
            origin = "These are the words of " + yearText(year - 1) + ": change what is no longer so.";
        } else if (const auto report = newestReport(tx, visit.authority())) {
            const auto content = json::parse(report->content);
            if (const auto* shown = expectationOf(content, id)) {
                statement.knownBy = linesOf(*shown);
                statement.plans = actionsOf(content, *shown);
                origin = "Begun from your records, as known on " + report->known.day.text() +
                         ": change what you like.";
            }
        }
        const auto& form = visit.request.form;
        const auto value = [&](const char* field, const std::string& kept) {
            return form.contains(field) ? form.at(field) : kept;
        };
        view = {{"title", expectation->code + ". " + expectation->statement},
                {"path", "/self-evaluation/" + id},
                {"origin", origin.empty() ? json() : json{{"text", origin}}},
                {"known", area(visit, "known", "What do you know about the quality and impact of practice?",
                               value("known", statement.known), "")},
                {"knownBy",
                 area(visit, "known_by", "How do you know it?", value("known_by", statement.knownBy), "")},
                {"plans", area(visit, "plans", "What are your plans?", value("plans", statement.plans), "")},
                {"save", button("Save")},
                {"back", {{"href", "/self-evaluation"}, {"text", "Back to self-evaluation"}}}};
    });
    if (!visit.problems.empty()) view["summaryOfErrors"] = errorSummary(visit.problems);
    return render(visit, "self_evaluation_form", std::move(view));
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
        const auto& all = guidance->latest.expectations;
        if (std::ranges::find(all, id, &guidance::Expectation::id) == all.end())
            throw values::NotFound("no such expectation");
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
        ordered_json statements = ordered_json::array();
        for (const auto& one : guidance->latest.expectations) {
            const auto found = said.find(one.id);
            if (found == said.end() || found->second.isEmpty()) continue;
            statements.push_back({{"code", one.code},
                                  {"statement", one.statement},
                                  {"known", found->second.known},
                                  {"known_by", found->second.knownBy},
                                  {"plans", found->second.plans}});
        }
        if (statements.empty()) throw values::Conflict("Nothing is written yet for " + yearText(year) + ".");
        SelfEvaluation::give(tx, inspection,
                             ordered_json{{"year", yearText(year)}, {"statements", statements}}.dump(1));
        return "/inspections/" + inspection.id.text();
    });
    return platform::seeOther(place);
}

}  // namespace authority
