// Releases in the making: asked for, looked at, approved by a second person, published, withdrawn.
#include "releases/releases.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "england/rollup.h"
#include "entrance/view.h"
#include "national/door.h"
#include "national/tables_page.h"

namespace national {

using entrance::row;
using entrance::table;
using entrance::Visit;
using identity::Permission;
using nlohmann::json;
using platform::Response;
using platform::Transaction;
using releases::Release;
using releases::Releases;
using values::Quarter;

namespace {

std::string stateText(const std::string& state) {
    return state == "asked"       ? "Being made"
           : state == "failed"    ? "Could not be made"
           : state == "made"      ? "Waits for approval"
           : state == "approved"  ? "Approved"
           : state == "refused"   ? "Refused"
           : state == "withdrawn" ? "Withdrawn"
                                  : "Published";
}

std::string addressOf(const Release& release) { return "/releases/" + release.id.text(); }

Release releaseOf(Transaction& tx, const Visit& visit) {
    return Releases::byId(tx, visit.request.partId<Release>("release"));
}

std::string symbolText(const json& symbols, const char* symbol) {
    return symbols.contains(symbol) ? symbols.at(symbol).dump() : "0";
}

/// What a made release came to, for who decides on it.
void addReport(json& view, const Release& release) {
    const auto report = json::parse(release.report);
    json regions = json::array();
    for (const auto& one : report.at("regions"))
        regions.push_back(row(one.at("region"), {one.at("returned").dump(), one.at("authorities").dump()}));
    view["coverageTable"] =
        table("coverage", "Coverage", {"Region", "Signed returns", "Authorities"}, regions);
    view["coverage"] = fmt::format("{} of {} authorities signed a return.", report.at("returned").get<int>(),
                                   report.at("authorities").get<int>());
    std::string missing;
    for (const auto& name : report.at("missing"))
        missing += (missing.empty() ? "" : ", ") + name.get<std::string>();
    view["missing"] = missing;
    view["corrections"] = fmt::format("{} of the returns correct an earlier one; {} were first signed late.",
                                      report.at("corrections").get<int>(), report.at("late").get<int>());
    view["disclosure"] = fmt::format(
        "Of {} counts, {} are hidden because they are small, and {} so that those cannot be worked out. {} "
        "earlier "
        "{} of the quarter {} looked at together with this one.",
        report.at("counts").get<int>(), report.at("small").get<int>(), report.at("beside").get<int>(),
        report.at("earlier").get<int>(), report.at("earlier") == 1 ? "release" : "releases",
        report.at("earlier") == 1 ? "was" : "were");
    view["rules"] = report.at("rules");
    view["unsafe"] = report.at("unsafe");
    view["isUnsafe"] = !report.at("unsafe").empty();
    view["isSafe"] = report.at("unsafe").empty();
    view["faults"] = json::array();
    for (const auto& one : report.at("faults"))
        view["faults"].push_back(one.at("where").get<std::string>() + ": " +
                                 one.at("rule").get<std::string>());
    view["hasFaults"] = !view["faults"].empty();
    json symbols = json::array();
    for (const auto& one : report.at("symbols")) {
        const auto& of = one.at("symbols");
        symbols.push_back(
            row(one.at("table"), {one.at("values").dump(), symbolText(of, "c"), symbolText(of, "k"),
                                  symbolText(of, "u"), symbolText(of, "x"), symbolText(of, "z")}));
    }
    view["symbolsTable"] = table("symbols", "Values and symbols",
                                 {"Table", "Values", "Hidden (c)", "Rounds to nought (k)", "Not reliable (u)",
                                  "Not available (x)", "Not applicable (z)"},
                                 symbols);
    view["guideVersions"] = report.at("guides");
}

}  // namespace

Response Door::releases(Visit& visit) {
    json view{{"title", "Releases"}};
    database_.read([&](Transaction& tx) {
        json rows = json::array();
        for (const auto& one : Releases::all(tx)) {
            auto entry =
                row(one.title() + (one.version > 0 ? ", version " + std::to_string(one.version) : ""),
                    {stateText(one.state), one.rules.title, one.askedBy, entrance::instantText(one.askedAt)});
            entry["href"] = addressOf(one);
            rows.push_back(std::move(entry));
        }
        view["hasReleases"] = !rows.empty();
        view["releasesTable"] =
            table("releases", "Releases", {"Release", "State", "Rules", "Asked for by", "When"}, rows);
    });
    if (visit.may(Permission::prepareReleases)) view["new"] = {{"href", "/releases/new"}};
    return entrance_.render(visit, "national/releases", std::move(view));
}

Response Door::newRelease(Visit& visit) {
    const auto& form = visit.request.form;
    json view{{"title", "Make a release"}, {"back", {{"href", "/releases"}, {"text", "Back to releases"}}}};
    database_.read([&](Transaction& tx) {
        std::vector<entrance::Option> quarters;
        for (const auto quarter : england::Rollup::quarters(tx))
            quarters.push_back({quarter.name(), quarter.name() + ", " + quarter.months()});
        view["isEmpty"] = quarters.empty();
        if (quarters.empty()) return;
        const auto wanted = Quarter::parse(entrance::valueOf(form, "quarter"))
                                .value_or(Quarter::parse(quarters.front().value).value());
        const bool isFirst = form.empty();
        const auto isTicked = [&](const std::string& name) {
            return isFirst || entrance::valueOf(form, name) == "yes";
        };
        std::vector<entrance::Box> tables;
        for (const auto& kind : releases::tableKinds())
            tables.push_back({"table." + kind.name, kind.title, kind.about, isTicked("table." + kind.name)});
        std::vector<entrance::Box> guides;
        const auto guidance = catalogues_.inForce(tx);  // keeps the edition
        for (const auto& guide : guidance->on(wanted).catalogue.guides)
            guides.push_back({"guide." + guide.id, guide.title, "Version " + guide.version,
                              isTicked("guide." + guide.id)});
        std::vector<entrance::Option> packs;
        for (const auto& pack : rulePacks_) packs.push_back({pack.id, pack.title + ": " + pack.why});
        view["quarterChoice"] = entrance::choice("quarter", "Quarter", quarters, wanted.name());
        view["tables"] = entrance::checkboxes("tables", "Tables", tables, visit.problems);
        view["guides"] = entrance::checkboxes(
            "guides", "Guides, in the version by which the quarter is judged", guides, visit.problems);
        view["rulesChoice"] =
            entrance::choice("rules", "Rules of disclosure", packs,
                             isFirst ? rulePacks_.front().id : entrance::valueOf(form, "rules"));
        view["note"] =
            entrance::textArea({"note", "For the person who approves it", entrance::valueOf(form, "note"), "",
                                "What is new, and what to look at. It is not published."},
                               3, visit.problems);
        view["make"] = entrance::button("Make the release");
    });
    if (!visit.problems.empty()) view["summaryOfErrors"] = entrance::errorSummary(visit.problems);
    return entrance_.render(visit, "national/new_release", std::move(view));
}

Response Door::askRelease(Visit& visit) {
    const auto& form = visit.request.form;
    values::Reader reader(form);
    const auto quarter = reader.optionalQuarter("quarter");
    if (!quarter) reader.problem("quarter", "Choose a quarter.");
    const auto pack =
        std::ranges::find(rulePacks_, entrance::valueOf(form, "rules"), &releases::RulePack::id);
    if (pack == rulePacks_.end()) reader.problem("rules", "Choose the rules of disclosure.");
    const auto note = reader.optionalText("note").value_or("");
    if (note.size() > 2000) reader.problem("note", "Use at most 2,000 characters.");
    reader.refuseProblems();
    releases::ReleaseWish wish{*quarter, {}, {}, *pack, note};
    for (const auto& kind : releases::tableKinds())
        if (entrance::valueOf(form, "table." + kind.name) == "yes") wish.tables.push_back(kind.name);
    return once(visit, [&](Transaction& tx) {
        const auto guidance = catalogues_.inForce(tx);  // keeps the edition
        wish.guides.clear();
        for (const auto& guide : guidance->on(*quarter).catalogue.guides)
            if (entrance::valueOf(form, "guide." + guide.id) == "yes") wish.guides.push_back(guide.id);
        return "/releases/" + Releases::ask(tx, ids_, wish).text();
    });
}

Response Door::release(Visit& visit) {
    json view;
    database_.read([&](Transaction& tx) {
        const auto release = releaseOf(tx, visit);
        const bool isOwn = release.askedBy == visit.person->email;
        view = {{"title", release.title()},
                {"state", stateText(release.state)},
                {"path", addressOf(release)},
                {"version", release.version},
                {"askedBy", release.askedBy},
                {"askedAt", entrance::instantText(release.askedAt)},
                {"rulesTitle", release.rules.title},
                {"note", release.note},
                {"fingerprint", release.fingerprint},
                {"decision", release.decision},
                {"decidedBy", release.decidedBy},
                {"withdrawal", release.withdrawal},
                {"isBeingMade", release.state == "asked"},
                {"hasFailed", release.state == "failed"},
                {"isMade", release.isMade()},
                {"isPublic", release.isPublic()},
                {"publication", publicationOf(release)},
                {"back", {{"href", "/releases"}, {"text", "Back to releases"}}}};
        if (!release.publishedAt.empty()) view["publishedAt"] = entrance::instantText(release.publishedAt);
        if (!release.isMade()) return;
        addReport(view, release);
        view["previews"] = json::array();
        for (const auto& kind : releases::tableKinds())
            if (std::ranges::find(release.tables, kind.name) != release.tables.end())
                view["previews"].push_back(
                    {{"href", addressOf(release) + "/tables/" + kind.name}, {"text", kind.title}});
        view["files"] = filesView(Releases::files(tx, release), addressOf(release));
        const bool isWaiting = release.state == "made";
        const bool mayApprove = visit.may(Permission::approveReleases);
        view["mayDecide"] = isWaiting && mayApprove && !isOwn;
        view["mayApprove"] = view["isSafe"] && !view["hasFaults"];
        view["isOwnAndWaits"] = isWaiting && isOwn;
        view["mayPublish"] = release.state == "approved" && visit.may(Permission::prepareReleases);
        view["mayWithdraw"] = release.state == "published" && visit.may(Permission::prepareReleases);
        const auto said = [&](const char* field) { return entrance::valueOf(visit.request.form, field); };
        view["approve"] = entrance::button("Approve");
        view["refuse"] = entrance::secondaryButton("Refuse");
        view["publish"] = entrance::button("Publish");
        view["withdraw"] = entrance::warningButton("Withdraw this release");
        view["approval"] = entrance::textArea({"approval", "What you checked", said("approval"), "",
                                               "Kept with the release; may be left empty"},
                                              2, visit.problems);
        view["refusal"] =
            entrance::textArea({"words", "Why it is refused", said("words"), "", ""}, 2, visit.problems);
        view["notice"] = entrance::textArea(
            {"notice", "Notice", said("notice"), "", "Everyone reads it in place of the figures"}, 2,
            visit.problems);
    });
    if (!visit.problems.empty()) view["summaryOfErrors"] = entrance::errorSummary(visit.problems);
    return entrance_.render(visit, "national/release", std::move(view));
}

Response Door::releaseTable(Visit& visit) {
    json view;
    database_.read([&](Transaction& tx) {
        const auto release = releaseOf(tx, visit);
        view = tableView(*Releases::table(tx, release, visit.request.part("table")), visit.request);
        view["release"] = release.title() + ", " + stateText(release.state);
        view["back"] = {{"href", addressOf(release)}, {"text", "Back to the release"}};
    });
    return entrance_.render(visit, "national/table", std::move(view));
}

Response Door::releaseFile(Visit& visit) {
    Response response;
    database_.read([&](Transaction& tx) {
        response = fileAnswer(Releases::file(tx, releaseOf(tx, visit), visit.request.part("file")));
    });
    return response;
}

Response Door::decide(Visit& visit,
                      const std::function<void(Transaction&, const Release&, const std::string&)>& decision) {
    values::Reader form(visit.request.form);
    std::string words;
    for (const auto* field : {"approval", "words", "notice"})
        if (const auto said = form.optionalText(field)) {
            words = *said;
            if (words.size() > 2000) form.problem(field, "Use at most 2,000 characters.");
        }
    form.refuseProblems();
    return once(visit, [&](Transaction& tx) {
        const auto release = releaseOf(tx, visit);
        decision(tx, release, words);
        return addressOf(release);
    });
}

Response Door::approveRelease(Visit& visit) { return decide(visit, Releases::approve); }
Response Door::refuseRelease(Visit& visit) { return decide(visit, Releases::refuse); }
Response Door::publishRelease(Visit& visit) {
    return decide(visit, [](Transaction& tx, const Release& release, const std::string& /*words*/) {
        Releases::publish(tx, release);
    });
}
Response Door::withdrawRelease(Visit& visit) { return decide(visit, Releases::withdraw); }

}  // namespace national
