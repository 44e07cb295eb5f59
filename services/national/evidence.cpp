// The register of evidence gaps: practice beside evidence, and the life of each gap.
#include <fmt/format.h>

#include <algorithm>

#include "england/rollup.h"
#include "evidence/gaps.h"
#include "evidence/uptake.h"
#include "national/door.h"
#include "national/england_pages.h"
#include "national/parts.h"

namespace national {

using entrance::row;
using entrance::table;
using entrance::Visit;
using identity::Permission;
using platform::Response;
using platform::Transaction;
using platform::View;

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

// practice beside evidence

/// What signed returns say of a quarter.
struct PracticeView {
    struct Finding {
        std::string kind;
        std::string subject;
        std::string text;

        View view() const { return {{"kind", kind}, {"subject", subject}, {"text", text}}; }
    };
    std::string quarter;
    std::vector<Finding> findings;
    std::vector<std::string> rules;  ///< by which something is found
    entrance::Table uptake;
    entrance::Table approaches;

    View view() const {
        return {{"quarter", quarter},
                {"findings", findings},
                {"rules", rules},
                {"uptakeTable", uptake},
                {"approachesTable", approaches}};
    }
};

struct NewGapForm {
    entrance::Field text;
    entrance::Field recommendation;

    View view() const {
        return {{"text", text},
                {"recommendation", recommendation},
                {"add", entrance::secondaryButton("Add to the register")}};
    }
};

struct EvidencePage {
    std::optional<PracticeView> practice;  ///< nothing where nobody has signed a return
    entrance::Table gaps;
    std::optional<NewGapForm> newGap;  ///< for authors of guides
    std::optional<entrance::ErrorSummary> problems;

    View view() const {
        return {{"title", "Evidence and practice"},
                {"summaryOfErrors", problems},
                {"practice", practice},
                {"gapsTable", gaps},
                {"newGap", newGap}};
    }
};

entrance::Table uptakeTable(const std::vector<evidence::Uptake>& uptake) {
    std::vector<entrance::Row> rows;
    for (const auto& one : uptake)
        rows.push_back({one.recommendation->title,
                        {strengthText(one.recommendation->strength), std::to_string(one.offering),
                         std::to_string(one.asIntended), std::to_string(one.planned)},
                        "/evidence/sites/" + one.recommendation->id});
    return table("uptake", "Recommendations by strength of evidence",
                 {"Recommendation", "Evidence", "Offer it", "As intended", "Plan to"}, rows);
}

entrance::Table approachesTable(const std::vector<evidence::ApproachUse>& approaches) {
    std::vector<entrance::Row> rows;
    for (const auto& one : approaches)
        rows.push_back(row(one.name, {std::to_string(one.authorities), one.evidence}));
    return table("approaches", "Run, and recommended by no guide", {"Approach", "Authorities", "Evidence"},
                 rows);
}

PracticeView practiceOf(const evidence::Picture& picture) {
    PracticeView practice{fmt::format("{}: {} signed {}", picture.quarter.name(), picture.returned,
                                      picture.returned == 1 ? "return" : "returns"),
                          {},
                          rulesInWords(),
                          uptakeTable(picture.uptake),
                          approachesTable(picture.approaches)};
    for (const auto& one : picture.findings)
        practice.findings.push_back({evidence::findingTitle(one.kind), one.subject, one.text});
    return practice;
}

entrance::Table gapsTable(const std::vector<evidence::Gap>& gaps) {
    std::vector<entrance::Row> rows;
    for (const auto& gap : gaps)
        rows.push_back({gap.text,
                        {evidence::gapStatusWords(gap.status()), gap.guide.empty() ? "Noted here" : gap.guide,
                         gap.life.empty() ? "–" : gap.life.back().title},
                        gapAddress(gap.reference)});
    return table("gaps", "Gaps in the evidence, and where each stands",
                 {"Gap", "Stands at", "Named by", "Latest"}, rows);
}

NewGapForm newGapForm(const Visit& visit, const guidance::Catalogue& catalogue) {
    const auto& form = visit.request.form;
    std::vector<entrance::Option> recommendations{{"", "None in particular"}};
    for (const auto& guide : catalogue.guides)
        for (const auto& one : guide.recommendations) recommendations.push_back({one.id, one.title});
    return {entrance::textArea({"text", "What is not known", entrance::valueOf(form, "text"), "", ""}, 2,
                               visit.problems),
            entrance::choice("recommendation", "Recommendation", recommendations,
                             entrance::valueOf(form, "recommendation"))};
}

// the life of a gap

/// Something that happened about a gap.
struct LifeEntry {
    std::string when;
    std::string status;
    std::string title;
    std::string detail;
    std::string address;
    std::string addedBy;

    View view() const {
        return {{"when", when},     {"status", status},   {"title", title},
                {"detail", detail}, {"address", address}, {"by", addedBy}};
    }
};

/// Adds to a gap's life.
struct LifeForm {
    entrance::Field status;
    entrance::Field title;
    entrance::Field detail;
    entrance::Field address;
    entrance::Field happenedOn;

    View view() const {
        return {{"statusChoice", status},   {"entryTitle", title},
                {"entryDetail", detail},    {"entryAddress", address},
                {"happenedOn", happenedOn}, {"add", entrance::button("Add to its life")}};
    }
};

struct GapPage {
    std::string text;
    std::string status;
    std::string guide;           ///< that names it; empty for one of ours
    std::string recommendation;  ///< that it concerns; empty for none
    std::vector<LifeEntry> life;
    std::string path;
    std::optional<LifeForm> entry;  ///< for authors of guides
    std::optional<entrance::ErrorSummary> problems;

    View view() const {
        return {{"title", "A gap in the evidence"},
                {"summaryOfErrors", problems},
                {"text", text},
                {"status", status},
                {"guide", guide},
                {"recommendation", recommendation},
                {"life", life},
                {"path", path},
                {"entry", entry},
                {"back", entrance::Link{"/evidence", "Back to evidence and practice"}}};
    }
};

GapPage gapPage(const evidence::Gap& gap, const guidance::Catalogue& catalogue) {
    GapPage page;
    page.text = gap.text;
    page.status = evidence::gapStatusWords(gap.status());
    page.guide = gap.guide;
    if (!gap.recommendation.empty()) page.recommendation = catalogue.statementTitle(gap.recommendation);
    for (const auto& one : gap.life)
        page.life.push_back({one.happenedOn.text(), evidence::gapStatusWords(one.status), one.title,
                             one.detail, one.address, one.addedBy});
    page.path = gapAddress(gap.reference);
    return page;
}

LifeForm lifeForm(const Visit& visit, const evidence::Gap& gap) {
    const auto said = [&](const char* field) { return entrance::valueOf(visit.request.form, field); };
    const auto text = [&](const char* name, const char* label, const char* hint) {
        return entrance::input({name, label, said(name), "text", hint}, visit.problems);
    };
    std::vector<entrance::Option> statuses;
    for (const auto& one : evidence::gapStatuses()) statuses.push_back({one.name, one.words});
    return {entrance::choice("status", "Where it stands now", statuses,
                             said("status").empty() ? gap.status() : said("status")),
            text("title", "What happened", "For example, call 2026-3, or the study’s name and who leads it"),
            entrance::textArea({"detail", "More about it", said("detail"), "", ""}, 2, visit.problems),
            text("address", "Link", "May be left empty"),
            text("happened_on", "When", "For example, 1/6/2026")};
}

// where a study could be done

struct SitesPage {
    std::string recommendation;
    std::string path;
    entrance::Field effect;
    std::string finding;
    std::vector<std::string> conditions;
    entrance::Table sites;
    std::optional<entrance::ErrorSummary> problems;

    View view() const {
        return {{"title", "Where a study could be done"},
                {"summaryOfErrors", problems},
                {"recommendation", recommendation},
                {"path", path},
                {"effect", effect},
                {"show", entrance::secondaryButton("Work it out")},
                {"finding", finding},
                {"conditions", conditions},
                {"sitesTable", sites},
                {"back", entrance::Link{"/evidence", "Back to evidence and practice"}}};
    }
};

/// The effect that is asked for; the usual one, with a problem noted, where it is no sensible number.
double effectOf(Visit& visit, const std::string& said) {
    if (said.empty()) return kUsualEffect;
    std::size_t read = 0;
    double effect = 0;
    try {
        effect = std::stod(said, &read);
    } catch (const std::exception&) {
        read = 0;
    }
    if (read == said.size() && effect >= 0.05 && effect <= 2) return effect;
    visit.problems.push_back({{"", 0, "effect"}, said, "Give a number from 0.05 to 2."});
    return kUsualEffect;
}

std::string findingText(const evidence::Study& study) {
    const auto candidates = std::ranges::count_if(study.sites, &evidence::Site::isCandidate);
    return fmt::format(
        "{} candidate {}, with about {} families a year that would have scores before and after. In two "
        "equal arms that finds an effect of {} with a power of {:.0f}%; {} in each arm are needed for 80%.",
        candidates, candidates == 1 ? "site" : "sites", study.families, study.effect, study.power * 100,
        study.fewestPerArm);
}

std::vector<std::string> conditionsInWords() {
    return {fmt::format("Volume: at least {} families started in the last four quarters.",
                        evidence::kFewestStarts),
            fmt::format(
                "Variation: at least {} reviews, of which between {:.0f}% and {:.0f}% reach the threshold.",
                evidence::kFewestReviews, evidence::kLeastAtFidelity * 100, evidence::kMostAtFidelity * 100),
            fmt::format("Outcomes: scores before and after for at least {:.0f}% of families whose delivery "
                        "ended.",
                        evidence::kCompleteOutcomes * 100)};
}

entrance::Table sitesTable(const std::vector<evidence::Site>& sites) {
    const auto yes = [](bool is) { return is ? "Yes" : "No"; };
    std::vector<entrance::Row> rows;
    for (const auto& one : sites)
        rows.push_back(row(one.authority, {std::to_string(one.started), yes(one.hasVariation),
                                           yes(one.hasOutcomes), yes(one.isCandidate())}));
    return table("sites", "Authorities with the volume, and at most one condition missing",
                 {"Authority", "Started, rounded", "Variation", "Outcomes", "Candidate"}, rows);
}

}  // namespace

Response Door::evidence(Visit& visit) {
    EvidencePage page;
    database_.read([&](Transaction& tx) {
        const auto guidance = catalogues_.inForce(tx);  // keeps what is found in it
        const auto quarters = england::Rollup::quarters(tx);
        const auto& catalogue =
            quarters.empty() ? guidance->latest : guidance->on(quarters.front()).catalogue;
        if (!quarters.empty())
            page.practice = practiceOf(evidence::pictureOf(tx, catalogue, quarters.front()));
        page.gaps = gapsTable(evidence::Gaps::all(tx, catalogue));
        if (visit.may(Permission::editGuidance)) page.newGap = newGapForm(visit, catalogue);
    });
    page.problems = entrance::summaryOf(visit.problems);
    return entrance_.render(visit, "national/evidence", page);
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
    GapPage page;
    database_.read([&](Transaction& tx) {
        const auto guidance = catalogues_.inForce(tx);  // keeps what is found in it
        const auto gap = evidence::Gaps::byReference(tx, guidance->latest, visit.request.part("gap"));
        page = gapPage(gap, guidance->latest);
        if (visit.may(Permission::editGuidance)) page.entry = lifeForm(visit, gap);
    });
    page.problems = entrance::summaryOf(visit.problems);
    return entrance_.render(visit, "national/gap", page);
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
    const auto said = entrance::valueOf(visit.request.query, "effect");
    const auto effect = effectOf(visit, said);
    SitesPage page;
    database_.read([&](Transaction& tx) {
        const auto guidance = catalogues_.inForce(tx);  // keeps what is found in it
        const auto quarters = england::Rollup::quarters(tx);
        if (quarters.empty()) throw values::NotFound("nobody has signed a return");
        const auto& found =
            recommendationOf(guidance->on(quarters.front()).catalogue, visit.request.part("recommendation"));
        const auto study = evidence::studyOf(tx, found, quarters.front(), effect);
        page.recommendation = found.title;
        page.finding = findingText(study);
        page.sites = sitesTable(study.sites);
    });
    page.path = visit.request.path;
    page.effect = entrance::input({"effect", "Effect to be found", said.empty() ? "0.3" : said, "text",
                                   "As a standardised difference of means: 0.2 is small, 0.5 is middling"},
                                  visit.problems);
    page.conditions = conditionsInWords();
    page.problems = entrance::summaryOf(visit.problems);
    return entrance_.render(visit, "national/sites", page);
}

}  // namespace national
