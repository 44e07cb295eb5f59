#include "adherence/evidence.h"

#include <algorithm>
#include <array>
#include <set>

#include "delivery/entered_counts.h"
#include "delivery/facts_reader.h"
#include "values/json.h"

namespace adherence {
namespace {

using delivery::Service;
using measures::Facts;
using measures::Population;
using platform::Account;
using platform::Statement;
using platform::Transaction;
using values::Date;
using values::Quarter;

const Statement kSelectDeclared("select declarations for a report", Account::work, R"(
    SELECT recommendation, status, declared_on, COALESCE(reason, ''), COALESCE(evidence, ''), planned_by
    FROM declaration WHERE authority_id = ? AND declared_on <= ? ORDER BY recommendation, declared_on)");
const Statement kSelectActions("select actions for a report", Account::work, R"(
    SELECT reference, title, COALESCE(about, ''), raised_on, due_on, closed_on, COALESCE(closing_evidence, '') <> ''
    FROM action WHERE authority_id = ? ORDER BY due_on, reference)");
const Statement kSelectFeedback("count feedback for a report", Account::work, R"(
    SELECT service.reference, respondent, COUNT(*), COUNT(rating), COALESCE(SUM(rating), 0)
    FROM feedback JOIN service ON service.id = feedback.service_id
    WHERE feedback.authority_id = ? AND given_on BETWEEN ? AND ? GROUP BY service.reference, respondent
    ORDER BY service.reference, respondent)");
const Statement kSelectReturns("select signed returns for a report", Account::work, R"(
    SELECT id, quarter, version, CAST(signed_at AS CHAR), fingerprint FROM quarterly_return AS one
    WHERE authority_id = ? AND quarter BETWEEN ? AND ? AND state = 'signed' AND signed_at <= ? AND NOT EXISTS (
        SELECT 1 FROM quarterly_return AS later WHERE later.authority_id = one.authority_id
            AND later.quarter = one.quarter AND later.version > one.version AND later.state = 'signed'
            AND later.signed_at <= ?)
    ORDER BY quarter)");
const Statement kSelectSigned("select signed figures for a report", Account::work,
                              "SELECT service_id, figures FROM signed_figure WHERE return_id = ?");
// Shares of the interventions that are asked for, which alone are compared; in no order, for there are many.
const Statement kSelectCounts("select signed counts of every authority", Account::work, R"(
    SELECT wanted.place, signed_count.measure, one.authority_id, one.quarter, numerator, denominator
    FROM (SELECT authority_id, quarter, MAX(version) AS version FROM quarterly_return
          WHERE quarter BETWEEN ? AND ? AND state = 'signed' AND signed_at <= ? GROUP BY authority_id, quarter) AS newest
    STRAIGHT_JOIN quarterly_return AS one ON one.authority_id = newest.authority_id AND one.quarter = newest.quarter
        AND one.version = newest.version
    STRAIGHT_JOIN JSON_TABLE(?, '$[*]' COLUMNS (place FOR ORDINALITY, id VARCHAR(60) CHARACTER SET ascii PATH '$')) AS wanted
    STRAIGHT_JOIN signed_count ON signed_count.return_id = one.id AND signed_count.intervention = wanted.id
        AND signed_count.denominator > 0)");
const Statement kSelectRegions("select the region of every authority", Account::work, R"(
    SELECT authority.id, region.name FROM authority JOIN region ON region.code = authority.region_code
    WHERE (authority.valid_from IS NULL OR authority.valid_from <= ?)
      AND (authority.valid_to IS NULL OR authority.valid_to >= ?))");
const Statement kSelectNeighbours("select statistical neighbours", Account::work, R"(
    SELECT edition, neighbour_id, closeness FROM statistical_neighbour
    WHERE authority_id = ? AND edition = (
        SELECT edition FROM statistical_neighbour WHERE loaded_at <= ? ORDER BY loaded_at DESC, edition DESC LIMIT 1)
    ORDER BY place)");
const Statement kSelectAims("select aims of the National Framework", Account::work, R"(
    SELECT framework_aim.id, framework_aim.kind, framework_aim.name, framework_number.number, edition.name
    FROM framework_aim JOIN (SELECT id, name FROM framework_edition WHERE in_use_from <= ? ORDER BY in_use_from DESC LIMIT 1)
        AS edition LEFT JOIN framework_number ON framework_number.aim_id = framework_aim.id
        AND framework_number.edition_id = edition.id
    ORDER BY framework_aim.kind = 'enabler', COALESCE(framework_number.number, 99), framework_aim.name)");
const Statement kSelectPartners("count partners of services", Account::work, R"(
    SELECT service.reference, COUNT(*) FROM service JOIN service_partner ON service_partner.service_id = service.id
    WHERE service.authority_id = ? GROUP BY service.reference)");
const Statement kSelectStages("count changes of stage", Account::work, R"(
    SELECT service.reference, COUNT(*) FROM service JOIN stage_change ON stage_change.service_id = service.id
    WHERE service.authority_id = ? AND stage_change.changed_on BETWEEN ? AND ? GROUP BY service.reference)");

/// The latest day among records of the populations that delivery is dated by, up to a day.
std::optional<Date> lastRecordOf(const Facts& facts, Date until) {
    static constexpr std::array<std::pair<Population, const char*>, 4> kDated{
        {{Population::episodes, "referred_on"},
         {Population::sessions, "held_on"},
         {Population::reviews, "reviewed_on"},
         {Population::scores, "scored_on"}}};
    double last = -1;
    for (const auto& [population, field] : kDated)
        for (const double day : facts.table(population).columns[measures::column(population, field)])
            if (day <= until.serial() && day > last) last = day;
    if (last < 0) return std::nullopt;
    return Date::fromSerial(static_cast<int>(last));
}

/// Computes one service's figures quarter by quarter, each under the guidance in force on its first day.
class Gathering {
public:
    Gathering(Transaction& tx, Evidence& evidence) : tx_(tx), evidence_(evidence) {}

    void run() {
        readServices();
        readStatements();
        readReturns();
        readEngland();
        evidence_.recommendations = recommendationsOf(evidence_);
    }

private:
    const Question& question() const { return evidence_.question; }
    const Period& period() const { return evidence_.question.period; }

    void readServices() {
        std::vector<Service> all;
        for (auto& service : delivery::Services::of(tx_, question().authority))
            if (isLiveWithin(service)) all.push_back(std::move(service));
        const auto facts = delivery::FactsReader(evidence_.guidance->latest).of(tx_, all);
        for (std::size_t i = 0; i < all.size(); ++i) addService(std::move(all[i]), facts[i]);
    }

    bool isLiveWithin(const Service& service) const {
        for (auto quarter = period().first; quarter <= period().last; quarter = quarter.next())
            if (service.isLive(quarter)) return true;
        return false;
    }

    void addService(Service service, const Facts& facts) {
        auto one = std::make_unique<ServiceEvidence>(
            ServiceEvidence{std::move(service), nullptr, {}, {}, {}, {}, {}, 0, 0, std::nullopt});
        auto& found = *one;
        found.intervention = evidence_.edition->catalogue.intervention(found.service.intervention);
        if (found.service.countsOnly) addEntered(found);
        else addComputed(found, facts);
        poolQuarters(found, period());
        found.lastRecord = lastRecordOf(facts, evidence_.endsOn());
        evidence_.services.push_back(std::move(one));
    }

    void addEntered(ServiceEvidence& found) {
        for (const auto& [quarter, counts] : delivery::EnteredCounts::forWork(tx_, found.service))
            if (quarter <= period().last)
                for (const auto& [measure, count] : counts)
                    if (count > 0) found.byQuarter[quarter][measure].parts.proportion.numerator = count;
    }

    void addComputed(ServiceEvidence& found, const Facts& facts) {
        if (found.intervention == nullptr) return;
        const delivery::Edition* edition = nullptr;
        std::optional<measures::Evaluator> evaluator;
        std::map<std::uint32_t, values::Proportion> practitioners;
        for (auto quarter = Quarter::fromIndex(period().last.index() - kMostQuarters + 1);
             quarter <= period().last; quarter = quarter.next()) {
            if (!found.service.isLive(quarter)) continue;
            const auto& inForce = evidence_.guidance->on(quarter);
            const auto* intervention = inForce.catalogue.intervention(found.service.intervention);
            if (intervention == nullptr) continue;
            if (edition != &inForce) {
                edition = &inForce;
                evaluator.emplace(inForce.plan, facts, *intervention);
            }
            auto figures = evaluator->of(quarter);
            if (!figures.empty()) found.byQuarter.emplace(quarter, std::move(figures));
            if (quarter < period().first) continue;
            for (const auto* measure : inForce.plan.measuresOf(*intervention))
                if (measure->measure->shown != guidance::Shown::quality)
                    found.conditions[measure->name] +=
                        measures::conditionsOf(inForce.plan, facts, *evaluator, *measure, quarter);
            if (const auto* fidelity = inForce.plan.measure("fidelity"))
                for (const auto& [who, parts] :
                     evaluator->byOwner(*fidelity, quarter, Population::practitioners)) {
                    practitioners[who].numerator += parts.proportion.numerator;
                    practitioners[who].denominator += parts.proportion.denominator;
                }
            const auto steps = measures::cohortFunnel(facts, quarter);
            if (found.steps.empty()) found.steps = steps;
            else
                for (std::size_t i = 0; i < steps.size(); ++i) found.steps[i].episodes += steps[i].episodes;
        }
        for (const auto& [who, counts] : practitioners) found.practitioners.push_back(counts);
        std::ranges::sort(found.practitioners, [](const auto& a, const auto& b) {
            return std::pair(a.denominator, a.numerator) < std::pair(b.denominator, b.numerator);
        });
    }

    void readStatements() {
        const auto& authority = question().authority;
        const auto first = period().first.first();
        const auto last = evidence_.endsOn();
        for (auto rows = tx_.query(kSelectDeclared, authority, last); rows.next();)
            evidence_.declared.insert_or_assign(
                rows.text(0),
                Declared{rows.text(1), rows.date(2), rows.text(3), rows.text(4), rows.optionalDate(5)});
        for (auto rows = tx_.query(kSelectActions, authority); rows.next();)
            evidence_.actions.push_back({rows.text(0), rows.text(1), rows.text(2), rows.optionalDate(3),
                                         rows.date(4), rows.optionalDate(5), rows.number(6) != 0});
        for (auto rows = tx_.query(kSelectFeedback, authority, first, last); rows.next();)
            evidence_.feedback.push_back(
                {rows.text(0), rows.text(1), rows.number(2), rows.number(3), rows.number(4)});
        for (auto rows = tx_.query(kSelectPartners, authority); rows.next();)
            evidence_.partners[rows.text(0)] = static_cast<int>(rows.number(1));
        for (auto rows = tx_.query(kSelectStages, authority, first, last); rows.next();)
            evidence_.stageChanges[rows.text(0)] = static_cast<int>(rows.number(1));
        evidence_.context = context::OfficialFigures::about(tx_, authority, question().known.at);
        evidence_.meetings = familyMeetingsOf(tx_, authority, period());
        for (auto rows = tx_.query(kSelectAims, question().known.day); rows.next();) {
            evidence_.aims.push_back(
                {rows.text(0), rows.text(1), rows.text(2),
                 rows.isNull(3) ? std::optional<int>() : static_cast<int>(rows.number(3))});
            evidence_.aimsEdition = rows.text(4);
        }
    }

    /// Returns are frozen when they are signed: where the records say otherwise now, that is shown.
    void readReturns() {
        std::vector<std::pair<values::Id<SignedReturn>, SignedReturn>> found;
        const auto at = question().known.at;
        for (auto rows =
                 tx_.query(kSelectReturns, question().authority, period().first, period().last, at, at);
             rows.next();)
            found.emplace_back(rows.id<SignedReturn>(0),
                               SignedReturn{rows.quarter(1),
                                            static_cast<int>(rows.number(2)),
                                            values::instantFromDatabase(rows.text(3)).value(),
                                            rows.text(4),
                                            {}});
        for (auto& [id, one] : found) {
            for (auto rows = tx_.query(kSelectSigned, id); rows.next();) {
                const auto service = std::ranges::find_if(evidence_.services, [&](const auto& known) {
                    return known->service.id == rows.id<Service>(0);
                });
                if (service == evidence_.services.end()) continue;
                compare(one, **service, measures::figuresOf(rows.text(1)));
            }
            std::ranges::sort(one.changed);
            evidence_.returns.push_back(std::move(one));
        }
    }

    void compare(SignedReturn& one, const ServiceEvidence& service, const measures::Figures& were) const {
        const auto found = service.byQuarter.find(one.quarter);
        static const measures::Figures kNothing;
        const auto& are = found == service.byQuarter.end() ? kNothing : found->second;
        const auto text = [](const measures::Figures& figures, const guidance::Measure& measure,
                             const std::string& name) -> std::string {
            const auto figure = figures.find(name);
            const auto counts =
                figure == figures.end() ? values::Proportion{} : figure->second.parts.proportion;
            return measure.isShare()
                       ? std::to_string(counts.numerator) + " of " + std::to_string(counts.denominator)
                       : std::to_string(counts.numerator);
        };
        for (const auto* measure :
             evidence_.edition->plan.measures().empty() || service.intervention == nullptr
                 ? std::vector<const measures::CompiledMeasure*>{}
                 : evidence_.edition->plan.measuresOf(*service.intervention)) {
            if (measure->measure->shown != guidance::Shown::results) continue;
            const auto was = text(were, *measure->measure, measure->name);
            const auto is = text(are, *measure->measure, measure->name);
            if (was != is)
                one.changed.push_back(service.service.name + ", " +
                                      evidence_.edition->catalogue.measureTitle(measure->name) + ": " + was +
                                      " when signed, " + is + " now");
        }
    }

    void readEngland() {
        auto& england = evidence_.england;
        const auto at = question().known.at;
        const auto today = question().known.day;
        std::set<std::string> running;
        for (const auto& one : evidence_.services)
            if (one->counts()) running.insert(one->service.intervention);
        const std::vector<std::string> wanted(running.begin(), running.end());
        // Deciles look back over three years.
        constexpr int kDecileQuarters = 12;
        const auto first =
            std::min(period().first, Quarter::fromIndex(period().last.index() - kDecileQuarters + 1));
        for (auto rows = tx_.query(kSelectCounts, first, period().last, at, nlohmann::json(wanted).dump());
             rows.next();)
            england.counts[wanted[static_cast<std::size_t>(rows.number(0) - 1)]][rows.text(1)].push_back(
                {static_cast<int>(rows.number(2)), rows.quarter(3), {rows.number(4), rows.number(5)}});
        for (auto& [intervention, measures] : england.counts)
            for (auto& [measure, counts] : measures)
                std::ranges::sort(
                    counts, {}, [](const SignedCount& one) { return std::pair(one.quarter, one.authority); });
        for (auto rows = tx_.query(kSelectRegions, today, today); rows.next();)
            england.regions[static_cast<int>(rows.number(0))] = rows.text(1);
        for (auto rows = tx_.query(kSelectNeighbours, question().authority, at); rows.next();) {
            england.neighboursEdition = rows.text(0);
            england.neighbours.push_back(static_cast<int>(rows.number(1)));
            england.closeness.push_back(rows.text(2));
        }
    }

    Transaction& tx_;
    Evidence& evidence_;
};

}  // namespace

Evidence gather(platform::Database& database, delivery::Catalogues& catalogues, const Question& question) {
    std::optional<Evidence> evidence;
    const auto unit = [&](Transaction& tx) {
        evidence.emplace(question);
        evidence->authority = delivery::Authorities::byId(tx, question.authority);
        evidence->guidance =
            question.known.isWholeDay ? catalogues.known(tx, question.known.at) : catalogues.inForce(tx);
        evidence->edition = &evidence->guidance->on(question.period.last);
        Gathering(tx, *evidence).run();
    };
    if (question.known.isWholeDay) database.readAsOf(question.known.at, unit);
    else database.read(unit);
    return std::move(*evidence);
}

}  // namespace adherence
