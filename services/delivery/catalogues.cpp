#include "delivery/catalogues.h"

#include <algorithm>

#include "delivery/touched.h"
#include "platform/digest.h"
#include "platform/text_file.h"
#include "values/errors.h"
#include "values/json.h"

namespace delivery {
namespace {

using guidance::Catalogue;
using platform::Account;
using platform::Statement;
using platform::Transaction;

/// An operator by command, and the worker for authors of guides.
constexpr auto kLoaders = Account::admin | Account::work;
constexpr auto kCatalogueReaders = Account::admin | Account::authority | Account::work | Account::national;

const Statement kInsertCatalogue("insert catalogue", kLoaders, R"(
    INSERT INTO catalogue (id, loaded_at, loaded_by, fingerprint, content) VALUES (?, ?, ?, ?, ?))");
const Statement kSelectFingerprint("select catalogue fingerprint", kCatalogueReaders,
                                   "SELECT id, fingerprint FROM catalogue ORDER BY id DESC LIMIT 1");
const Statement kSelectKnown("select the catalogue of a time", Account::work, R"(
    SELECT id, fingerprint FROM catalogue WHERE loaded_at <= ? ORDER BY id DESC LIMIT 1)");
const Statement kSelectContent("select catalogue content", kCatalogueReaders,
                               "SELECT content FROM catalogue WHERE id = ?");
const Statement kSelectUsedInterventions("select interventions in use", kLoaders,
                                         "SELECT DISTINCT intervention FROM service");
const Statement kSelectUsedChecklists("select checklists in use", kLoaders,
                                      "SELECT DISTINCT checklist, checklist_version FROM review");
const Statement kSelectUsedInstruments("select instruments in use", kLoaders,
                                       "SELECT DISTINCT instrument FROM outcome_score");

bool isSame(const guidance::Checklist& a, const guidance::Checklist& b) {
    return std::ranges::equal(a.items, b.items, [](const auto& x, const auto& y) {
        return x.id == y.id && x.most == y.most && x.isRequired == y.isRequired && x.dimension == y.dimension;
    });
}

/// Records point into the catalogue: what they use must stay, and a used checklist version must stay as it
/// is.
void refuseLosses(Transaction& tx, const Catalogue& before, const Catalogue& after) {
    for (auto rows = tx.query(kSelectUsedInterventions); rows.next();) {
        const auto id = rows.text(0);
        if (!after.intervention(id) && !after.approaches.contains(id))
            throw values::Conflict("services run " + id + ", which this catalogue does not hold");
    }
    for (auto rows = tx.query(kSelectUsedInstruments); rows.next();)
        if (!after.instrument(rows.text(0)))
            throw values::Conflict("scores use the instrument " + rows.text(0) +
                                   ", which this catalogue does not hold");
    for (auto rows = tx.query(kSelectUsedChecklists); rows.next();) {
        const auto version = static_cast<int>(rows.number(1));
        const auto label = rows.text(0) + " version " + std::to_string(version);
        const auto* now = after.checklist(rows.text(0), version);
        if (!now)
            throw values::Conflict("reviews use the checklist " + label +
                                   ", which this catalogue does not hold");
        const auto* was = before.checklist(rows.text(0), version);
        if (was && !isSame(*was, *now))
            throw values::Conflict("reviews use the checklist " + label +
                                   ", which this catalogue changes: give the changed one a new version");
    }
}

}  // namespace

CatalogueInForce::CatalogueInForce(std::string givenFingerprint, guidance::Guidance given)
    : fingerprint(std::move(givenFingerprint)), guidance(std::move(given)), latest(guidance.latest()) {
    const values::Date always(1900, 1, 1);
    editions_.emplace(always, std::make_unique<const Edition>(guidance.on(always)));
    for (const auto day : guidance.changes())
        editions_.emplace(day, std::make_unique<const Edition>(guidance.on(day)));
}

const Edition& CatalogueInForce::on(values::Quarter quarter) const {
    return *std::prev(editions_.upper_bound(quarter.first()))->second;
}

std::unique_ptr<const Edition> CatalogueInForce::supposing(values::Quarter quarter, const std::string& guide,
                                                           const std::string& version) const {
    const auto versions = guidance.versionsOf(guide);
    if (std::ranges::find(versions, version, &guidance::Guide::version) == versions.end())
        throw values::NotFound("there is no version " + version + " of the guide " + guide);
    return std::make_unique<const Edition>(guidance.on(quarter.first(), guide, version));
}

Catalogues::Catalogues(Paths paths) : paths_(std::move(paths)), schema_(platform::fileText(paths_.schema)) {}

guidance::Vocabulary Catalogues::vocabulary() const {
    guidance::Vocabulary words;
    const auto framework = values::parseJson(platform::fileText(paths_.framework));
    for (const auto& aim : framework.at("aims"))
        (aim.at("kind") == "outcome" ? words.outcomes : words.enablers)
            .insert(aim.at("id").get<std::string>());
    return words;
}

guidance::LoadedCatalogue Catalogues::check(const std::vector<std::string>& paths,
                                            const std::string& kept) const {
    constexpr int kStandard = 0;
    constexpr int kKept = 1;
    constexpr int kGiven = 2;
    std::vector<guidance::Document> documents{
        {paths_.measures, platform::fileText(paths_.measures), kStandard},
        {paths_.quality, platform::fileText(paths_.quality), kStandard}};
    if (!kept.empty()) documents.push_back({"the catalogue in force", kept, kKept});
    for (const auto& path : paths) documents.push_back({path, platform::fileText(path), kGiven});
    auto loaded = guidance::load(documents, schema_, vocabulary());
    const CatalogueInForce compiled("", loaded.guidance);  // refuses measures that cannot run
    return loaded;
}

std::string Catalogues::keptText(Transaction& tx) {
    auto newest = tx.query(kSelectFingerprint);
    if (!newest.next()) return "";
    auto content = tx.query(kSelectContent, newest.id<Catalogue>(0));
    content.next();
    return content.text(0);
}

bool Catalogues::load(Transaction& tx, const guidance::LoadedCatalogue& loaded, values::Ids& ids) {
    const auto before = inForce(tx);
    const auto fingerprint = platform::sha256Hex(loaded.text);
    if (before->fingerprint == fingerprint) return false;
    refuseLosses(tx, before->latest, loaded.guidance.latest());
    tx.run(kInsertCatalogue, ids.next<Catalogue>(), tx.now(), tx.actor().name, fingerprint, loaded.text);
    Touched::markAll(tx, false);
    tx.audit("catalogue loaded", fingerprint);
    return true;
}

std::shared_ptr<const CatalogueInForce> Catalogues::inForce(Transaction& tx) {
    auto rows = tx.query(kSelectFingerprint);
    if (!rows.next()) return take(tx, "", std::nullopt);
    return take(tx, rows.text(1), rows.id<Catalogues>(0));
}

std::shared_ptr<const CatalogueInForce> Catalogues::known(Transaction& tx, values::Instant at) {
    auto rows = tx.query(kSelectKnown, at);
    if (!rows.next()) return take(tx, "", std::nullopt);
    return take(tx, rows.text(1), rows.id<Catalogues>(0));
}

std::shared_ptr<const CatalogueInForce> Catalogues::take(Transaction& tx, const std::string& fingerprint,
                                                         const std::optional<values::Id<Catalogues>>& id) {
    constexpr std::size_t kMost = 3;
    {
        const std::lock_guard lock(mutex_);
        const auto found =
            std::ranges::find_if(kept_, [&](const auto& one) { return one->fingerprint == fingerprint; });
        if (found != kept_.end()) return *found;
    }
    // What was loaded holds its measures. The standard ones stand where nothing was, and under a catalogue of
    // the days before measures were data.
    std::string kept = "{}";
    if (id) {
        auto content = tx.query(kSelectContent, *id);
        content.next();
        kept = content.text(0);
    }
    std::vector<guidance::Document> documents{{"the catalogue in force", kept, 1}};
    const auto content = values::parseJson(kept);
    const auto measures = content.value("measures", nlohmann::json::array());
    const bool hasRules =
        std::ranges::any_of(measures, [](const auto& one) { return one.contains("quality"); });
    if (!hasRules)
        documents.insert(documents.begin(), {paths_.quality, platform::fileText(paths_.quality), 0});
    if (measures.empty())
        documents.insert(documents.begin(), {paths_.measures, platform::fileText(paths_.measures), 0});
    auto loaded = guidance::load(documents, schema_, vocabulary());
    auto fresh = std::make_shared<const CatalogueInForce>(fingerprint, std::move(loaded.guidance));
    const std::lock_guard lock(mutex_);
    kept_.insert(kept_.begin(), fresh);
    if (kept_.size() > kMost) kept_.pop_back();
    return fresh;
}

}  // namespace delivery
