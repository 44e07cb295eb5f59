// Releases in the making: asked for, looked at, approved by a second person, published, withdrawn.
#include "releases/releases.h"

#include <fmt/format.h>

#include <algorithm>

#include "england/rollup.h"
#include "national/door.h"
#include "national/tables_page.h"

namespace national {

using entrance::row;
using entrance::table;
using entrance::Visit;
using identity::Permission;
using platform::Response;
using platform::Transaction;
using platform::View;
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

// the list

struct ReleasesPage {
    bool mayPrepare = false;
    entrance::Table releases;

    View view() const {
        return {{"title", "Releases"}, {"mayPrepare", mayPrepare}, {"releasesTable", releases}};
    }
};

entrance::Table releasesTable(const std::vector<Release>& releases) {
    std::vector<entrance::Row> rows;
    for (const auto& one : releases)
        rows.push_back(
            {one.title() + (one.version > 0 ? ", version " + std::to_string(one.version) : ""),
             {stateText(one.state), one.rules.title, one.askedBy, entrance::instantText(one.askedAt)},
             addressOf(one)});
    return table("releases", "Releases", {"Release", "State", "Rules", "Asked for by", "When"}, rows);
}

// asking for one

struct WishForm {
    entrance::Field quarter;
    entrance::Checkboxes tables;
    entrance::Checkboxes guides;
    entrance::Field rules;
    entrance::Field note;

    View view() const {
        return {
            {"quarterChoice", quarter}, {"tables", tables}, {"guides", guides},
            {"rulesChoice", rules},     {"note", note},     {"make", entrance::button("Make the release")}};
    }
};

struct NewReleasePage {
    std::optional<WishForm> wish;  ///< nothing where nobody has signed a return
    std::optional<entrance::ErrorSummary> problems;

    View view() const {
        return {{"title", "Make a release"},
                {"summaryOfErrors", problems},
                {"wish", wish},
                {"back", entrance::Link{"/releases", "Back to releases"}}};
    }
};

/// Everything is ticked to begin with.
bool isTicked(const Visit& visit, const std::string& name) {
    const auto& form = visit.request.form;
    return form.empty() || entrance::valueOf(form, name) == "yes";
}

entrance::Checkboxes tableBoxes(const Visit& visit) {
    std::vector<entrance::Box> boxes;
    for (const auto& kind : releases::tableKinds()) {
        const auto name = "table." + kind.name;
        boxes.push_back({name, kind.title, kind.about, isTicked(visit, name)});
    }
    return entrance::checkboxes("tables", "Tables", boxes, visit.problems);
}

entrance::Checkboxes guideBoxes(const Visit& visit, const guidance::Catalogue& catalogue) {
    std::vector<entrance::Box> boxes;
    for (const auto& guide : catalogue.guides) {
        const auto name = "guide." + guide.id;
        boxes.push_back({name, guide.title, "Version " + guide.version, isTicked(visit, name)});
    }
    return entrance::checkboxes("guides", "Guides, in the version by which the quarter is judged", boxes,
                                visit.problems);
}

entrance::Field rulesChoice(const Visit& visit, const std::vector<releases::RulePack>& packs) {
    const auto& form = visit.request.form;
    std::vector<entrance::Option> options;
    for (const auto& pack : packs) options.push_back({pack.id, pack.title + ": " + pack.why});
    return entrance::choice("rules", "Rules of disclosure", options,
                            form.empty() ? packs.front().id : entrance::valueOf(form, "rules"));
}

entrance::Field noteField(const Visit& visit) {
    return entrance::textArea(
        {"note", "For the person who approves it", entrance::valueOf(visit.request.form, "note"), "",
         "What is new, and what to look at. It is not published."},
        3, visit.problems);
}

// one of them

/// What a made release came to, for who decides on it.
struct Outcome {
    int version = 0;
    std::vector<std::string> guides;  ///< with their versions
    std::string fingerprint;
    std::int64_t unsafe = 0;  ///< so many small counts could be worked out
    bool isOpen = false;      ///< its figures may be looked at
    std::string disclosure;
    std::vector<std::string> rules;
    entrance::Table symbols;
    std::string coverage;
    std::string corrections;
    std::string missing;  ///< who did not sign; empty where everybody did
    entrance::Table regions;
    std::vector<std::string> faults;  ///< in its files
    std::vector<entrance::Link> previews;
    std::vector<FileLink> files;

    bool isSound() const { return unsafe == 0 && faults.empty(); }
    View view() const {
        return {{"version", version},         {"guideVersions", guides},
                {"fingerprint", fingerprint}, {"isSafe", unsafe == 0},
                {"unsafe", unsafe},           {"isOpen", isOpen},
                {"disclosure", disclosure},   {"rules", rules},
                {"symbolsTable", symbols},    {"coverage", coverage},
                {"corrections", corrections}, {"missing", missing},
                {"coverageTable", regions},   {"faults", faults},
                {"previews", previews},       {"files", files}};
    }
};

/// For who may approve or refuse it.
struct DecisionForms {
    bool mayApprove;  ///< it is safe, and its files are without fault
    entrance::Field approval;
    entrance::Field refusal;

    View view() const {
        return {{"mayApprove", mayApprove},
                {"approval", approval},
                {"approve", entrance::button("Approve")},
                {"refusal", refusal},
                {"refuse", entrance::secondaryButton("Refuse")}};
    }
};

struct WithdrawalForm {
    entrance::Field notice;

    View view() const {
        return {{"noticeField", notice}, {"withdraw", entrance::warningButton("Withdraw this release")}};
    }
};

struct ReleasePage {
    std::string title;
    std::string state;
    std::string path;
    std::string askedBy;
    std::string askedAt;
    std::string rules;
    std::string note;
    std::string decidedBy;
    std::string decision;
    std::string publishedAt;  ///< empty where it is not
    std::string publication;
    std::string withdrawal;
    bool isBeingMade = false;
    bool hasFailed = false;
    std::optional<Outcome> outcome;  ///< once it is made
    bool isOwnAndWaits = false;
    std::optional<DecisionForms> decide;
    std::optional<entrance::Button> publish;
    std::optional<WithdrawalForm> withdraw;
    std::optional<entrance::ErrorSummary> problems;

    View view() const {
        return {{"title", title},
                {"summaryOfErrors", problems},
                {"state", state},
                {"path", path},
                {"askedBy", askedBy},
                {"askedAt", askedAt},
                {"rulesTitle", rules},
                {"note", note},
                {"decidedBy", decidedBy},
                {"decision", decision},
                {"publishedAt", publishedAt},
                {"publication", publication},
                {"withdrawal", withdrawal},
                {"isBeingMade", isBeingMade},
                {"hasFailed", hasFailed},
                {"outcome", outcome},
                {"isOwnAndWaits", isOwnAndWaits},
                {"decisionForms", decide},
                {"publish", publish},
                {"withdrawalForm", withdraw},
                {"back", entrance::Link{"/releases", "Back to releases"}}};
    }
};

// What is kept of a made release, read.

entrance::Table regionsTable(const View& regions) {
    std::vector<entrance::Row> rows;
    for (const auto& one : regions)
        rows.push_back(
            row(one.at("region").text(), {one.at("returned").text(), one.at("authorities").text()}));
    return table("coverage", "Coverage", {"Region", "Signed returns", "Authorities"}, rows);
}

entrance::Table symbolsTable(const View& tables) {
    std::vector<entrance::Row> rows;
    for (const auto& one : tables) {
        const auto count = [&](const char* symbol) {
            return std::to_string(one.at("symbols").wholeOf(symbol));
        };
        rows.push_back(row(one.at("table").text(), {one.at("values").text(), count("c"), count("k"),
                                                    count("u"), count("x"), count("z")}));
    }
    return table("symbols", "Values and symbols",
                 {"Table", "Values", "Hidden (c)", "Rounds to nought (k)", "Not reliable (u)",
                  "Not available (x)", "Not applicable (z)"},
                 rows);
}

std::string disclosureText(const View& report) {
    const auto earlier = report.wholeOf("earlier");
    return fmt::format(
        "Of {} counts, {} are hidden because they are small, and {} so that those cannot be worked out. {} "
        "other {} of the quarter {} looked at together with this one.",
        report.at("counts").whole(), report.at("small").whole(), report.at("beside").whole(), earlier,
        earlier == 1 ? "release" : "releases", earlier == 1 ? "was" : "were");
}

std::vector<std::string> faultTexts(const View& faults) {
    std::vector<std::string> texts;
    for (const auto& one : faults) texts.push_back(one.at("where").text() + ": " + one.at("rule").text());
    return texts;
}

std::vector<entrance::Link> previewsOf(const Release& release) {
    std::vector<entrance::Link> previews;
    for (const auto& kind : releases::tableKinds())
        if (std::ranges::find(release.tables, kind.name) != release.tables.end())
            previews.push_back({addressOf(release) + "/tables/" + kind.name, kind.title});
    return previews;
}

Outcome outcomeOf(Transaction& tx, const Release& release) {
    const auto report = View::fromJson(release.report);
    return {release.version,
            report.at("guides").texts(),
            release.fingerprint,
            release.unsafe,
            release.isOpen(),
            disclosureText(report),
            report.at("rules").texts(),
            symbolsTable(report.at("symbols")),
            fmt::format("{} of {} authorities signed a return.", report.at("returned").whole(),
                        report.at("authorities").whole()),
            fmt::format("{} of the returns correct an earlier one; {} were first signed late.",
                        report.at("corrections").whole(), report.at("late").whole()),
            inOneLine(report.at("missing").texts()),
            regionsTable(report.at("regions")),
            faultTexts(report.at("faults")),
            previewsOf(release),
            fileLinks(Releases::files(tx, release), addressOf(release))};
}

ReleasePage pageOf(const Release& release) {
    ReleasePage page;
    page.title = release.title();
    page.state = stateText(release.state);
    page.path = addressOf(release);
    page.askedBy = release.askedBy;
    page.askedAt = entrance::instantText(release.askedAt);
    page.rules = release.rules.title;
    page.note = release.note;
    page.decidedBy = release.decidedBy;
    page.decision = release.decision;
    if (!release.publishedAt.empty()) page.publishedAt = entrance::instantText(release.publishedAt);
    page.publication = publicationOf(release);
    page.withdrawal = release.withdrawal;
    page.isBeingMade = release.state == "asked";
    page.hasFailed = release.state == "failed";
    return page;
}

/// Adds what this person may do with a release that is made.
void addDecisions(ReleasePage& page, const Release& release, const Visit& visit) {
    const auto area = [&](const char* field, const char* label, const char* hint) {
        return entrance::textArea({field, label, entrance::valueOf(visit.request.form, field), "", hint}, 2,
                                  visit.problems);
    };
    const bool isOwn = release.askedBy == visit.person->email;
    const bool isWaiting = release.state == "made";
    page.isOwnAndWaits = isWaiting && isOwn;
    if (isWaiting && !isOwn && visit.may(Permission::approveReleases))
        page.decide = {page.outcome->isSound(),
                       area("approval", "What you checked", "Kept with the release; may be left empty"),
                       area("words", "Why it is refused", "")};
    if (!visit.may(Permission::prepareReleases)) return;
    if (release.state == "approved") page.publish = entrance::button("Publish");
    if (release.state == "published")
        page.withdraw = {area("notice", "Notice", "Everyone reads it in place of the figures")};
}

}  // namespace

Response Door::releases(Visit& visit) {
    ReleasesPage page{visit.may(Permission::prepareReleases), {}};
    database_.read([&](Transaction& tx) { page.releases = releasesTable(Releases::all(tx)); });
    return entrance_.render(visit, "national/releases", page);
}

Response Door::newRelease(Visit& visit) {
    NewReleasePage page;
    database_.read([&](Transaction& tx) {
        const auto quarters = england::Rollup::quarters(tx);
        if (quarters.empty()) return;
        const auto wanted =
            Quarter::parse(entrance::valueOf(visit.request.form, "quarter")).value_or(quarters.front());
        const auto guidance = catalogues_.inForce(tx);  // keeps the edition
        page.wish = {quarterChoice(quarters, wanted), tableBoxes(visit),
                     guideBoxes(visit, guidance->on(wanted).catalogue), rulesChoice(visit, rulePacks_),
                     noteField(visit)};
    });
    page.problems = entrance::summaryOf(visit.problems);
    return entrance_.render(visit, "national/new_release", page);
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
    ReleasePage page;
    database_.read([&](Transaction& tx) {
        const auto release = releaseOf(tx, visit);
        page = pageOf(release);
        if (!release.isMade()) return;
        page.outcome = outcomeOf(tx, release);
        addDecisions(page, release, visit);
    });
    page.problems = entrance::summaryOf(visit.problems);
    return entrance_.render(visit, "national/release", page);
}

Response Door::releaseTable(Visit& visit) {
    TablePage page;
    database_.read([&](Transaction& tx) {
        const auto release = releaseOf(tx, visit);
        page = tablePage(*Releases::table(tx, release, visit.request.part("table")), visit.request);
        page.release = release.title() + ", " + stateText(release.state);
        page.back = {addressOf(release), "Back to the release"};
    });
    return entrance_.render(visit, "national/table", page);
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
