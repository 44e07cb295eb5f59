// The register of evidence gaps: practice beside evidence, and the life of each gap.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "england/rollup.h"
#include "entrance/view.h"
#include "evidence/gaps.h"
#include "evidence/uptake.h"
#include "national/door.h"

namespace national {

using entrance::row;
using entrance::table;
using entrance::Visit;
using identity::Permission;
using nlohmann::json;
using platform::Response;
using platform::Transaction;

namespace {

constexpr double kUsualEffect = 0.3;

std::string strengthText(const std::string& strength) {
    return strength.empty() ? "Not confirmed" : entrance::sentence(strength);
}

std::string gapAddress(const std::string& reference) { return "/evidence/gaps/" + reference; }

std::vector<std::string> rulesInWords() {
    using namespace evidence;  // NOLINT: its thresholds
    return {
        fmt::format("Widely used without evidence: run by at least {} authorities and {:.0f}% of those that "
                    "signed, and no guide recommends it.",
                    kFewestUsing, kWidelyUsed * 100),
        fmt::format(
            "Well evidenced, and rarely offered: its evidence is strong or good, and fewer than {:.0f}% of "
            "those that signed offer it.",
            kRarelyOffered * 100),
        fmt::format(
            "Delivered, and not as intended: at least {} offer it and can be judged, and fewer than {:.0f}% "
            "of them meet every required standard.",
            kFewestJudged, kMostlyAsIntended * 100),
        fmt::format(
            "Results unlike the trials’ direction: of at least {} scores before and after in four quarters, "
            "more are reliably worse than reliably better.",
            kFewestPairs)};
}

json gapsView(const std::vector<evidence::Gap>& gaps) {
    json rows = json::array();
    for (const auto& gap : gaps) {
        auto entry = row(
            gap.text, {evidence::gapStatusWords(gap.status()), gap.guide.empty() ? "Noted here" : gap.guide,
                       gap.life.empty() ? "–" : gap.life.back().title});
        entry["href"] = gapAddress(gap.reference);
        rows.push_back(std::move(entry));
    }
    return table("gaps", "Gaps in the evidence, and where each stands",
                 {"Gap", "Stands at", "Named by", "Latest"}, rows);
}

}  // namespace

Response Door::evidence(Visit& visit) {
    json view{{"title", "Evidence and practice"}};
    const bool mayEdit = visit.may(Permission::editGuidance);
    database_.read([&](Transaction& tx) {
        const auto guidance = catalogues_.inForce(tx);  // keeps what is found in it
        const auto quarters = england::Rollup::quarters(tx);
        const auto& catalogue =
            quarters.empty() ? guidance->latest : guidance->on(quarters.front()).catalogue;
        view["hasPicture"] = !quarters.empty();
        if (!quarters.empty()) {
            const auto picture = evidence::pictureOf(tx, catalogue, quarters.front());
            view["quarter"] = fmt::format("{}: {} signed returns", picture.quarter.name(), picture.returned);
            view["findings"] = json::array();
            for (const auto& one : picture.findings)
                view["findings"].push_back({{"kind", evidence::findingTitle(one.kind)},
                                            {"subject", one.subject},
                                            {"text", one.text}});
            view["hasFindings"] = !picture.findings.empty();
            view["rules"] = rulesInWords();
            json uptake = json::array();
            for (const auto& one : picture.uptake) {
                auto entry = row(one.recommendation->title,
                                 {strengthText(one.recommendation->strength), std::to_string(one.offering),
                                  std::to_string(one.asIntended), std::to_string(one.planned)});
                entry["href"] = "/evidence/sites/" + one.recommendation->id;
                uptake.push_back(std::move(entry));
            }
            view["uptakeTable"] =
                table("uptake", "Recommendations by strength of evidence",
                      {"Recommendation", "Evidence", "Offer it", "As intended", "Plan to"}, uptake);
            json approaches = json::array();
            for (const auto& one : picture.approaches)
                approaches.push_back(row(one.name, {std::to_string(one.authorities), one.evidence}));
            view["hasApproaches"] = !approaches.empty();
            view["approachesTable"] = table("approaches", "Run, and recommended by no guide",
                                            {"Approach", "Authorities", "Evidence"}, approaches);
        }
        view["gapsTable"] = gapsView(evidence::Gaps::all(tx, catalogue));
        if (!mayEdit) return;
        std::vector<entrance::Option> recommendations{{"", "None in particular"}};
        for (const auto& guide : catalogue.guides)
            for (const auto& one : guide.recommendations) recommendations.push_back({one.id, one.title});
        const auto& form = visit.request.form;
        view["newGap"] = {
            {"text",
             entrance::textArea({"text", "What is not known", entrance::valueOf(form, "text"), "", ""}, 2,
                                visit.problems)},
            {"recommendation", entrance::choice("recommendation", "Recommendation", recommendations,
                                                entrance::valueOf(form, "recommendation"))},
            {"add", entrance::secondaryButton("Add to the register")}};
    });
    if (!visit.problems.empty()) view["summaryOfErrors"] = entrance::errorSummary(visit.problems);
    return entrance_.render(visit, "national/evidence", std::move(view));
}

Response Door::addGap(Visit& visit) {
    values::Reader form(visit.request.form);
    const auto text = form.text("text", "what is not known", 1000);
    form.refuseProblems();
    return once(visit, [&](Transaction& tx) {
        const auto guidance = catalogues_.inForce(tx);  // keeps what is found in it
        return gapAddress(evidence::Gaps::add(tx, ids_, guidance->latest, text,
                                              entrance::valueOf(visit.request.form, "recommendation")));
    });
}

Response Door::gap(Visit& visit) {
    json view;
    database_.read([&](Transaction& tx) {
        const auto guidance = catalogues_.inForce(tx);  // keeps what is found in it
        const auto gap = evidence::Gaps::byReference(tx, guidance->latest, visit.request.part("gap"));
        json life = json::array();
        for (const auto& one : gap.life)
            life.push_back({{"when", one.happenedOn.text()},
                            {"status", evidence::gapStatusWords(one.status)},
                            {"title", one.title},
                            {"detail", one.detail},
                            {"address", one.address},
                            {"by", one.addedBy}});
        view = {{"title", "A gap in the evidence"},
                {"text", gap.text},
                {"status", evidence::gapStatusWords(gap.status())},
                {"guide", gap.guide},
                {"recommendation",
                 gap.recommendation.empty() ? "" : guidance->latest.statementTitle(gap.recommendation)},
                {"life", life},
                {"hasLife", !life.empty()},
                {"path", gapAddress(gap.reference)},
                {"back", {{"href", "/evidence"}, {"text", "Back to evidence and practice"}}}};
        if (!visit.may(Permission::editGuidance)) return;
        const auto said = [&](const char* field) { return entrance::valueOf(visit.request.form, field); };
        std::vector<entrance::Option> statuses;
        for (const auto& one : evidence::gapStatuses()) statuses.push_back({one.name, one.words});
        view["entry"] = {
            {"statusChoice", entrance::choice("status", "Where it stands now", statuses,
                                              said("status").empty() ? gap.status() : said("status"))},
            {"entryTitle", entrance::input({"title", "What happened", said("title"), "text",
                                            "For example, call 2026-3, or the study’s name and who leads it"},
                                           visit.problems)},
            {"entryDetail",
             entrance::textArea({"detail", "More about it", said("detail"), "", ""}, 2, visit.problems)},
            {"entryAddress",
             entrance::input({"address", "Link", said("address"), "text", "May be left empty"},
                             visit.problems)},
            {"happenedOn",
             entrance::input({"happened_on", "When", said("happened_on"), "text", "For example, 1/6/2026"},
                             visit.problems)},
            {"add", entrance::button("Add to its life")}};
    });
    if (!visit.problems.empty()) view["summaryOfErrors"] = entrance::errorSummary(visit.problems);
    return entrance_.render(visit, "national/gap", std::move(view));
}

Response Door::noteGap(Visit& visit) {
    const auto& fields = visit.request.form;
    values::Reader form(fields);
    const auto title = form.text("title", "what happened", 300);
    const auto happenedOn = form.date("happened_on", "the day");
    const auto detail = form.optionalText("detail").value_or("");
    if (detail.size() > 2000) form.problem("detail", "Use at most 2,000 characters.");
    const auto address = form.optionalText("address").value_or("");
    if (address.size() > 500) form.problem("address", "Use at most 500 characters.");
    form.refuseProblems();
    return once(visit, [&](Transaction& tx) {
        const auto guidance = catalogues_.inForce(tx);  // keeps what is found in it
        const auto gap = evidence::Gaps::byReference(tx, guidance->latest, visit.request.part("gap"));
        evidence::Gaps::note(tx, ids_, gap,
                             {entrance::valueOf(fields, "status"), title, detail, address, *happenedOn, ""},
                             clock_.today());
        return gapAddress(gap.reference);
    });
}

Response Door::sites(Visit& visit) {
    auto effect = kUsualEffect;
    const auto said = entrance::valueOf(visit.request.query, "effect");
    if (!said.empty()) {
        std::size_t read = 0;
        try {
            effect = std::stod(said, &read);
        } catch (const std::exception&) {
            read = 0;
        }
        if (read != said.size() || effect < 0.05 || effect > 2) {
            visit.problems.push_back({{"", 0, "effect"}, said, "Give a number from 0.05 to 2."});
            effect = kUsualEffect;
        }
    }
    json view;
    database_.read([&](Transaction& tx) {
        const auto guidance = catalogues_.inForce(tx);  // keeps what is found in it
        const auto quarters = england::Rollup::quarters(tx);
        if (quarters.empty()) throw values::NotFound("nobody has signed a return");
        const guidance::Recommendation* found = nullptr;
        for (const auto& guide : guidance->on(quarters.front()).catalogue.guides)
            for (const auto& one : guide.recommendations)
                if (one.id == visit.request.part("recommendation")) found = &one;
        if (found == nullptr) throw values::NotFound("no such recommendation");
        const auto study = evidence::studyOf(tx, *found, quarters.front(), effect);
        json rows = json::array();
        const auto yes = [](bool is) { return is ? "Yes" : "No"; };
        std::size_t candidates = 0;
        for (const auto& one : study.sites) {
            candidates += one.isCandidate() ? 1 : 0;
            rows.push_back(row(one.authority, {std::to_string(one.started), yes(one.hasVariation),
                                               yes(one.hasOutcomes), yes(one.isCandidate())}));
        }
        view = {
            {"title", "Where a study could be done"},
            {"recommendation", found->title},
            {"path", visit.request.path},
            {"effect",
             entrance::input({"effect", "Effect to be found", said.empty() ? "0.3" : said, "text",
                              "As a standardised difference of means: 0.2 is small, 0.5 is middling"},
                             visit.problems)},
            {"show", entrance::secondaryButton("Work it out")},
            {"finding",
             fmt::format(
                 "{} candidate {}, with about {} families a year that would have scores before and after. In "
                 "two equal arms that finds an effect of {} with a power of {:.0f}%; {} in each arm are "
                 "needed for 80%.",
                 candidates, candidates == 1 ? "site" : "sites", study.families, study.effect,
                 study.power * 100, study.fewestPerArm)},
            {"conditions",
             {fmt::format("Volume: at least {} families started in the last four quarters.",
                          evidence::kFewestStarts),
              fmt::format(
                  "Variation: at least {} reviews, of which between {:.0f}% and {:.0f}% reach the threshold.",
                  evidence::kFewestReviews, evidence::kLeastAtFidelity * 100,
                  evidence::kMostAtFidelity * 100),
              fmt::format(
                  "Outcomes: scores before and after for at least {:.0f}% of families whose delivery ended.",
                  evidence::kCompleteOutcomes * 100)}},
            {"sitesTable",
             table("sites", "Authorities with the volume, and at most one condition missing",
                   {"Authority", "Started, rounded", "Variation", "Outcomes", "Candidate"}, rows)},
            {"hasSites", !rows.empty()},
            {"back", {{"href", "/evidence"}, {"text", "Back to evidence and practice"}}}};
    });
    if (!visit.problems.empty()) view["summaryOfErrors"] = entrance::errorSummary(visit.problems);
    return entrance_.render(visit, "national/sites", std::move(view));
}

}  // namespace national
