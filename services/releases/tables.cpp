#include "releases/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <optional>
#include <set>
#include <variant>

#include "releases/cells.h"
#include "statistics/interval.h"
#include "statistics/rounding.h"

namespace releases {
namespace {

using guidance::Catalogue;
using values::Proportion;

constexpr auto kHidden = "c";
constexpr auto kRoundsToNothing = "k";
constexpr auto kUnreliable = "u";
constexpr auto kNotAvailable = "x";
constexpr auto kNotApplicable = "z";

constexpr auto kPathway = "practice_guide_pathway";
constexpr auto kAdoption = "practice_guide_adoption";
constexpr auto kFidelity = "practice_guide_fidelity";
constexpr auto kWorkforce = "practice_guide_dose_workforce";
constexpr auto kOutcomes = "practice_guide_outcomes";

using Counts = std::vector<std::optional<std::int64_t>>;

std::vector<AreaOf> areasOf(const Snapshot& snapshot) {
    std::vector<AreaOf> areas{{AreaOf::Level::national, "", "", 0}};
    for (const auto& one : snapshot.authorities)
        if (areas.back().regionCode != one.regionCode)
            areas.push_back({AreaOf::Level::regional, one.regionCode, one.regionName, 0});
    for (std::size_t i = 0; i < snapshot.authorities.size(); ++i)
        areas.push_back({AreaOf::Level::authority, snapshot.authorities[i].regionCode,
                         snapshot.authorities[i].regionName, i});
    return areas;
}

std::string sentence(std::string text) {
    if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    return text;
}

/// A share as it is published: both counts, or neither.
struct Share {
    const Slice* part;
    const Slice* whole;
};

/// Builds the tables of one release; twice, where earlier ones are looked at: their counts, then its own.
class Builder {
public:
    Builder(const Snapshot& snapshot, const Catalogue& catalogue, const RulePack& rules,
            const std::vector<std::string>& wanted)
        : snapshot_(snapshot),
          catalogue_(catalogue),
          rules_(rules),
          wanted_(wanted),
          areas_(areasOf(snapshot)),
          cells_(snapshot, areas_, rules) {
        programmes_.push_back({"", "Total"});
        for (const auto& [id, intervention] : catalogue.interventions)
            programmes_.push_back({id, intervention.name});
        std::ranges::sort(programmes_.begin() + 1, programmes_.end(), {}, &Programme::name);
        if (wants(kPathway)) countPathway();
        if (wants(kFidelity)) countFidelity();
        if (wants(kWorkforce)) countWorkforce();
        if (wants(kOutcomes)) countOutcomes();
    }

    CellSet& cells() { return cells_; }
    const std::vector<AreaOf>& areas() const { return areas_; }

    std::vector<PublishedTable> published() const {
        std::vector<PublishedTable> tables;
        for (const auto& kind : tableKinds()) {
            if (!wants(kind.name)) continue;
            PublishedTable table;
            table.name = kind.name;
            table.title = kind.title;
            table.about = kind.about;
            if (kind.name == kPathway) showPathway(table);
            if (kind.name == kAdoption) showAdoption(table);
            if (kind.name == kFidelity) showFidelity(table);
            if (kind.name == kWorkforce) showWorkforce(table);
            if (kind.name == kOutcomes) showOutcomes(table);
            tables.push_back(std::move(table));
        }
        return tables;
    }

private:
    struct Programme {
        std::string id;  ///< empty for all together
        std::string name;
    };
    struct Triple {
        Slice met;
        Slice all;
    };

    bool wants(const std::string& table) const { return std::ranges::find(wanted_, table) != wanted_.end(); }

    const SignedNumbers* numbersOf(std::size_t authority, const std::string& intervention,
                                   const std::string& measure) const {
        const auto of = snapshot_.numbers.find(authority);
        if (of == snapshot_.numbers.end()) return nullptr;
        const auto ofIntervention = of->second.find(intervention);
        if (ofIntervention == of->second.end()) return nullptr;
        const auto found = ofIntervention->second.find(measure);
        return found == ofIntervention->second.end() ? nullptr : &found->second;
    }

    /// Of one programme, or of all that the catalogue has.
    SignedNumbers sumOf(std::size_t authority, const Programme& programme, const std::string& measure) const {
        SignedNumbers sum;
        for (const auto& one : programmes_) {
            if (one.id.empty() || (!programme.id.empty() && one.id != programme.id)) continue;
            if (const auto* numbers = numbersOf(authority, one.id, measure)) sum += *numbers;
        }
        return sum;
    }

    /// Whether the authority returned, and everything that the table needs: a return from before a measure
    /// was kept has no part in a table of it.
    bool returned(std::size_t authority, const std::string& known, const std::string& needed) const {
        if (snapshot_.authorities[authority].returned.empty()) return false;
        for (const auto& one : programmes_) {
            const auto* first = numbersOf(authority, one.id, known);
            if (first != nullptr && first->denominator > 0 && numbersOf(authority, one.id, needed) == nullptr)
                return false;
        }
        return true;
    }

    template <class Of>
    Counts countsOf(const Of& of, const std::vector<bool>& isIn) const {
        Counts counts(snapshot_.authorities.size());
        for (std::size_t i = 0; i < counts.size(); ++i)
            if (isIn[i]) counts[i] = of(i);
        return counts;
    }

    std::vector<bool> returnedAll() const {
        std::vector<bool> all;
        for (const auto& one : snapshot_.authorities) all.push_back(!one.returned.empty());
        return all;
    }

    /// The first of them is the total of the others, everywhere.
    template <class Of>
    void tieProgrammes(const std::vector<Of>& ofProgrammes, Slice Of::*slice) {
        std::vector<const Slice*> parts;
        for (std::size_t i = 1; i < ofProgrammes.size(); ++i) parts.push_back(&(ofProgrammes[i].*slice));
        cells_.tie(ofProgrammes.front().*slice, parts);
    }

    /// `known`: a slice that may be the same whole; an equal count that was kept twice would be hidden apart.
    Triple countShare(const std::string& code, const Programme& programme, const std::string& measure,
                      const std::vector<bool>& isIn, const Slice* known = nullptr) {
        const bool ofTotal = programme.id.empty();
        const auto whole =
            countsOf([&](std::size_t i) { return sumOf(i, programme, measure).denominator; }, isIn);
        Triple triple;
        triple.all = known != nullptr && cells_.holds(*known, whole)
                         ? *known
                         : cells_.add(code + ", all", whole, ofTotal);
        triple.met = cells_.add(
            code + ", met",
            countsOf([&](std::size_t i) { return sumOf(i, programme, measure).numerator; }, isIn), ofTotal);
        cells_.leave(code + ", not met", triple.all, triple.met, ofTotal, true);
        return triple;
    }

    void countPathway() {
        std::vector<bool> isIn;
        for (std::size_t i = 0; i < snapshot_.authorities.size(); ++i)
            isIn.push_back(returned(i, "offered_of_referred", "accepted_of_referred") &&
                           returned(i, "offered_of_referred", "completed_of_referred"));
        static const std::vector<std::string> kMeasures{"offered_of_referred", "accepted_of_referred",
                                                        "started_of_referred", "completed_of_referred"};
        for (const auto& programme : programmes_) {
            const bool ofTotal = programme.id.empty();
            const auto code = std::string(kPathway) + ": " + programme.name;
            std::vector<Slice> steps;
            steps.push_back(cells_.add(
                code + ", Referred",
                countsOf([&](std::size_t i) { return sumOf(i, programme, kMeasures[0]).denominator; }, isIn),
                ofTotal));
            for (std::size_t step = 0; step < kMeasures.size(); ++step)
                steps.push_back(cells_.add(
                    code + ", " + kSteps[step + 1],
                    countsOf([&](std::size_t i) { return sumOf(i, programme, kMeasures[step]).numerator; },
                             isIn),
                    ofTotal));
            for (std::size_t step = 1; step < steps.size(); ++step) {
                cells_.leave(code + ", referred but not " + kSteps[step], steps[0], steps[step], ofTotal,
                             true);
                if (step > 1)
                    cells_.leave(code + ", " + kSteps[step - 1] + " but not " + kSteps[step], steps[step - 1],
                                 steps[step], ofTotal, false);
            }
            pathway_.push_back(std::move(steps));
        }
        for (std::size_t step = 0; step < kSteps.size(); ++step) {
            std::vector<const Slice*> parts;
            for (std::size_t i = 1; i < pathway_.size(); ++i) parts.push_back(&pathway_[i][step]);
            cells_.tie(pathway_[0][step], parts);
        }
    }

    void countFidelity() {
        const auto isIn = returnedAll();
        for (const auto& programme : programmes_) {
            const auto code = std::string(kFidelity) + ": " + programme.name;
            fidelity_.push_back(countShare(code, programme, "fidelity", isIn));
            std::vector<Slice> dimensions;
            for (const auto& [measure, title] : kDimensions) {
                dimensions.push_back(cells_.add(
                    code + ", " + title,
                    countsOf(
                        [&, name = measure](std::size_t i) { return sumOf(i, programme, name).denominator; },
                        isIn),
                    programme.id.empty()));
                cells_.leave(code + ", without a score for " + title, fidelity_.back().all, dimensions.back(),
                             programme.id.empty(), false);
            }
            dimensions_.push_back(std::move(dimensions));
        }
        tieProgrammes(fidelity_, &Triple::all);
        tieProgrammes(fidelity_, &Triple::met);
        for (std::size_t dimension = 0; dimension < kDimensions.size(); ++dimension) {
            std::vector<const Slice*> parts;
            for (std::size_t i = 1; i < dimensions_.size(); ++i) parts.push_back(&dimensions_[i][dimension]);
            cells_.tie(dimensions_[0][dimension], parts);
        }
    }

    void countWorkforce() {
        const auto isIn = returnedAll();
        for (auto& [measure, of] : std::vector<std::pair<std::string, std::vector<Triple>*>>{
                 {"completers", &completers_}, {"trained", &trained_}, {"supervised", &supervised_}}) {
            for (std::size_t i = 0; i < programmes_.size(); ++i)
                of->push_back(countShare(
                    std::string(kWorkforce) + ": " + programmes_[i].name + ", " + measure, programmes_[i],
                    measure, isIn, of == &supervised_ ? &trained_[i].all : nullptr));
            tieProgrammes(*of, &Triple::all);
            tieProgrammes(*of, &Triple::met);
        }
    }

    /// `better` less `worse` is what is left: the three exclude each other and leave nothing out.
    void countOutcomes() {
        std::set<std::string> respondents;
        for (const auto& [authority, ofInterventions] : snapshot_.byRespondent)
            for (const auto& [intervention, ofMeasures] : ofInterventions)
                for (const auto& [measure, of] : ofMeasures)
                    for (const auto& [respondent, numbers] : of) respondents.insert(respondent);
        informants_.assign(respondents.begin(), respondents.end());
        std::set<std::string> used;
        for (const auto& [id, intervention] : catalogue_.interventions)
            used.insert(intervention.instruments.begin(), intervention.instruments.end());
        instruments_.assign(used.begin(), used.end());
        for (const auto& instrument : instruments_) {
            std::vector<bool> isIn;
            for (std::size_t i = 0; i < snapshot_.authorities.size(); ++i)
                isIn.push_back(
                    returned(i, "outcome_improved:" + instrument, "outcome_worsened:" + instrument));
            std::vector<std::vector<Slice>> ofInformants;
            for (std::size_t informant = 0; informant <= informants_.size(); ++informant) {
                const auto code = std::string(kOutcomes) + ": " + instrument + ", " +
                                  (informant == 0 ? "all informants" : informants_[informant - 1]);
                const auto change = [&](std::size_t authority) {
                    return pairsOf(authority, instrument, informant);
                };
                std::vector<Slice> slices;
                for (std::size_t what = 0; what < kChanges.size(); ++what)
                    slices.push_back(cells_.add(
                        code + ", " + kChanges[what],
                        countsOf([&](std::size_t authority) { return change(authority)[what]; }, isIn),
                        informant == 0));
                cells_.tie(slices[0], {&slices[1], &slices[2], &slices[3]});
                ofInformants.push_back(std::move(slices));
            }
            for (std::size_t what = 0; what < kChanges.size(); ++what) {
                std::vector<const Slice*> parts;
                for (std::size_t i = 1; i < ofInformants.size(); ++i) parts.push_back(&ofInformants[i][what]);
                if (!parts.empty()) cells_.tie(ofInformants[0][what], parts);
            }
            outcomes_.push_back(std::move(ofInformants));
        }
    }

    /// All, better, no reliable change, worse; of one informant, or of all for place 0.
    std::array<std::int64_t, 4> pairsOf(std::size_t authority, const std::string& instrument,
                                        std::size_t informant) const {
        std::int64_t pairs = 0;
        std::int64_t better = 0;
        std::int64_t worse = 0;
        const auto own = snapshot_.byRespondent.find(authority);
        if (own != snapshot_.byRespondent.end())
            for (const auto& [intervention, measures] : own->second) {
                if (!catalogue_.interventions.contains(intervention)) continue;
                const auto add = [&, &of = measures](const std::string& measure, std::int64_t& part,
                                                     std::int64_t* whole) {
                    const auto found = of.find(measure + instrument);
                    if (found == of.end()) return;
                    for (const auto& [respondent, numbers] : found->second) {
                        if (informant > 0 && respondent != informants_[informant - 1]) continue;
                        part += numbers.numerator;
                        if (whole != nullptr) *whole += numbers.denominator;
                    }
                };
                add("outcome_improved:", better, &pairs);
                add("outcome_worsened:", worse, nullptr);
            }
        return {pairs, better, pairs - better - worse, worse};
    }

    // what is shown

    std::string countText(const Slice& slice, std::size_t area) const {
        if (!slice[area]) return kNotAvailable;
        if (cells_.isHidden(*slice[area])) return kHidden;
        const auto published = cells_.published(*slice[area]);
        if (published == 0 && !cells_.isTrueZero(*slice[area])) return kRoundsToNothing;
        return std::to_string(published);
    }

    /// The published counts of a share, or the symbol that stands in its place.
    std::variant<Proportion, std::string> shareOf(const Share& share, std::size_t area) const {
        if (!(*share.part)[area] || !(*share.whole)[area]) return kNotAvailable;
        const auto part = *(*share.part)[area];
        const auto whole = *(*share.whole)[area];
        if (cells_.isHidden(part) || cells_.isHidden(whole)) return kHidden;
        if (cells_.isTrueZero(whole)) return kNotApplicable;
        const Proportion counts{cells_.published(part), cells_.published(whole)};
        if (counts.denominator < rules_.fewestForPercent) return kUnreliable;
        if (counts.numerator == 0 && !cells_.isTrueZero(part)) return kRoundsToNothing;
        return counts;
    }

    std::string percentOf(const Share& share, std::size_t area) const {
        const auto found = shareOf(share, area);
        if (const auto* symbol = std::get_if<std::string>(&found)) return *symbol;
        const auto& counts = std::get<Proportion>(found);
        if (statistics::roundsToNothing(counts, rules_.percentDecimals)) return kRoundsToNothing;
        return statistics::percentText(counts, rules_.percentDecimals);
    }

    /// Lower and upper limit, from the published counts like the share itself.
    std::array<std::string, 2> limitsOf(const Share& share, std::size_t area) const {
        const auto found = shareOf(share, area);
        if (const auto* symbol = std::get_if<std::string>(&found)) return {*symbol, *symbol};
        const auto limits = statistics::wilson(std::get<Proportion>(found));
        const auto text = [&](double limit) {
            return fmt::format("{:.{}f}", std::clamp(limit * 100, 0.0, 100.0), rules_.percentDecimals);
        };
        return {text(limits->lower), text(limits->upper)};
    }

    Indicator percent(const std::string& name, const std::string& label, const std::string& grouping) const {
        return {name, label, grouping, "%", rules_.percentDecimals};
    }

    Filter programmeFilter() const {
        Filter filter{"programme", "Programme", "Filter by programme", "", {}};
        for (const auto& programme : programmes_) filter.items.push_back(programme.name);
        return filter;
    }

    void showPathway(PublishedTable& table) const {
        table.filters = {
            programmeFilter(),
            {"pathway_step", "Pathway step", "Filter by step of the pathway", kSteps[0], kSteps}};
        table.indicators = {
            {"family_count", "Number of families", "Families", "", 0},
            percent("family_percent", "Families as a percentage of those referred", "Families")};
        for (std::size_t area = 0; area < areas_.size(); ++area)
            for (std::size_t programme = 0; programme < programmes_.size(); ++programme)
                for (std::size_t step = 0; step < kSteps.size(); ++step) {
                    const auto& steps = pathway_[programme];
                    table.rows.push_back(
                        {area,
                         {programme, step},
                         {countText(steps[step], area), percentOf({&steps[step], &steps[0]}, area)}});
                }
    }

    void showAdoption(PublishedTable& table) const {
        static const std::vector<std::string> kStatuses{"Total",   "In place",     "Partly",
                                                        "Planned", "Not in place", "Not known"};
        static const std::map<std::string, std::size_t> kOfLevel{
            {"delivered as intended", 1}, {"partly delivered", 2}, {"planned", 3}, {"not offered", 4}};
        Filter recommendation{"recommendation", "Recommendation", "Filter by recommendation", "", {}};
        std::vector<std::string> ids;
        std::set<std::string> titles;
        for (const auto& guide : catalogue_.guides)
            for (const auto& one : guide.recommendations) {
                ids.push_back(one.id);
                // Two guides may say the same; an item is told apart by its guide.
                recommendation.items.push_back(
                    titles.insert(one.title).second ? one.title : one.title + ": " + guide.title);
            }
        if (!ids.empty()) recommendation.chosen = recommendation.items.front();
        table.filters = {recommendation,
                         {"adoption_status", "Adoption status", "Filter by adoption status", "", kStatuses}};
        table.indicators = {{"authority_count", "Number of local authorities", "Local authorities", "", 0}};
        for (std::size_t area = 0; area < areas_.size(); ++area) {
            if (areas_[area].level == AreaOf::Level::authority) break;
            for (std::size_t one = 0; one < ids.size(); ++one) {
                std::vector<std::int64_t> counts(kStatuses.size());
                for (std::size_t i = 0; i < snapshot_.authorities.size(); ++i) {
                    if (areas_[area].level == AreaOf::Level::regional &&
                        snapshot_.authorities[i].regionCode != areas_[area].regionCode)
                        continue;
                    ++counts[0];
                    std::size_t status = kStatuses.size() - 1;
                    if (const auto of = snapshot_.levels.find(i); of != snapshot_.levels.end())
                        if (const auto level = of->second.find(ids[one]); level != of->second.end())
                            if (const auto known = kOfLevel.find(level->second); known != kOfLevel.end())
                                status = known->second;
                    ++counts[status];
                }
                for (std::size_t status = 0; status < kStatuses.size(); ++status)
                    table.rows.push_back({area, {one, status}, {std::to_string(counts[status])}});
            }
        }
    }

    void showFidelity(PublishedTable& table) const {
        Filter dimension{"fidelity_dimension", "Dimension of fidelity", "Filter by dimension", "", {"Total"}};
        for (const auto& [measure, title] : kDimensions) dimension.items.push_back(title);
        table.filters = {programmeFilter(), dimension};
        table.indicators = {
            {"review_count", "Number of complete fidelity reviews", "Reviews", "", 0},
            percent("review_at_fidelity_percent", "Reviews at or above the programme's threshold", "Reviews"),
            percent("review_at_fidelity_lower_ci", "Lower limit of the 95% interval", "Reviews"),
            percent("review_at_fidelity_upper_ci", "Upper limit of the 95% interval", "Reviews"),
            {"score_average", "Average score, as a percentage of the points possible", "Scores", "%", 0}};
        for (std::size_t area = 0; area < areas_.size(); ++area)
            for (std::size_t programme = 0; programme < programmes_.size(); ++programme) {
                const Share share{&fidelity_[programme].met, &fidelity_[programme].all};
                const auto limits = limitsOf(share, area);
                table.rows.push_back({area,
                                      {programme, 0},
                                      {countText(fidelity_[programme].all, area), percentOf(share, area),
                                       limits[0], limits[1], kNotApplicable}});
                for (std::size_t i = 0; i < kDimensions.size(); ++i)
                    table.rows.push_back({area,
                                          {programme, i + 1},
                                          {countText(dimensions_[programme][i], area), kNotApplicable,
                                           kNotApplicable, kNotApplicable,
                                           meanOf(dimensions_[programme][i], programmes_[programme],
                                                  kDimensions[i].first, area)}});
            }
    }

    /// A mean score in whole per cent, where enough reviews are published. It is of true scores: so many
    /// reviews come to every whole percentage, whatever their exact number, which it therefore does not tell.
    std::string meanOf(const Slice& counts, const Programme& programme, const std::string& measure,
                       std::size_t area) const {
        if (!counts[area]) return kNotAvailable;
        if (cells_.isHidden(*counts[area])) return kHidden;
        if (cells_.isTrueZero(*counts[area])) return kNotApplicable;
        if (cells_.published(*counts[area]) < rules_.fewestForMean) return kUnreliable;
        const auto sum = sumIn(area, programme, measure);
        return fmt::format("{:.0f}", std::floor(100 * sum.sum / static_cast<double>(sum.denominator) + 0.5));
    }

    SignedNumbers sumIn(std::size_t area, const Programme& programme, const std::string& measure) const {
        SignedNumbers sum;
        const auto& of = areas_[area];
        for (std::size_t i = 0; i < snapshot_.authorities.size(); ++i)
            if (of.level == AreaOf::Level::national ||
                (of.level == AreaOf::Level::regional &&
                 snapshot_.authorities[i].regionCode == of.regionCode) ||
                (of.level == AreaOf::Level::authority && of.authority == i))
                sum += sumOf(i, programme, measure);
        return sum;
    }

    /// Sessions are not people: their share is shown where enough families stand behind it, and where it says
    /// no more of who completed than the counts beside it. It is of true sessions, in whole per cent: with a
    /// hundred sessions every number of families comes to each of them.
    std::string doseOf(std::size_t programme, std::size_t area) const {
        const auto& [completed, ended] = completers_[programme];
        if (!ended[area] || !completed[area]) return kNotAvailable;
        if (cells_.isHidden(*ended[area]) || cells_.isHidden(*completed[area])) return kHidden;
        if (cells_.isTrueZero(*ended[area])) return kNotApplicable;
        if (cells_.published(*ended[area]) < rules_.fewestForPercent) return kUnreliable;
        const auto sum = sumIn(area, programmes_[programme], "dose");
        if (sum.denominator == 0) return kNotApplicable;
        if (sum.denominator < kFewestSessions) return kUnreliable;
        if (tellsOfCompleters(programme, area, sum)) return kHidden;
        const Proportion sessions{std::min(sum.numerator, sum.denominator), sum.denominator};
        if (statistics::roundsToNothing(sessions, 0)) return kRoundsToNothing;
        return statistics::percentText(sessions, 0);
    }

    /// Whether so many sessions missed leave fewer numbers of families that did not complete than the counts
    /// that are shown. Guides say in public how many sessions are expected, and how many make a completer:
    /// who did not complete missed more than a completer may, and a completer no more than that.
    bool tellsOfCompleters(std::size_t programme, std::size_t area, const SignedNumbers& sum) const {
        std::int64_t fewestMissed = 0;  // by one who did not complete, in any of these programmes
        std::int64_t mostMissed = 0;    // by a completer
        std::int64_t expected = 0;
        for (const auto& [id, intervention] : catalogue_.interventions) {
            const auto& of = programmes_[programme];
            if (intervention.expectedSessions <= 0 || (!of.id.empty() && of.id != id)) continue;
            const std::int64_t may = intervention.expectedSessions - intervention.completerSessions();
            fewestMissed = expected == 0 ? may + 1 : std::min(fewestMissed, may + 1);
            mostMissed = std::max(mostMissed, may);
            expected = std::max<std::int64_t>(expected, intervention.expectedSessions);
        }
        if (expected == 0) return false;
        const auto missed = std::max<std::int64_t>(0, sum.denominator - sum.numerator);
        const auto all = cells_.told(*completers_[programme].all[area]);
        const auto met = cells_.told(*completers_[programme].met[area]);
        // Of `all` families that missed so many together, each at most `expected`.
        const auto most = missed / fewestMissed;
        const auto least =
            (missed - all.most * mostMissed) / std::max<std::int64_t>(1, expected - mostMissed);
        return most < all.most - met.least || least > all.least - met.most;
    }

    void showWorkforce(PublishedTable& table) const {
        table.filters = {programmeFilter()};
        table.indicators = {
            {"family_ended_count", "Number of families whose delivery ended", "Families", "", 0},
            percent("completer_percent", "Families that attended enough to count as completers", "Families"),
            {"dose_percent", "Sessions attended, of those expected", "Families", "%", 0},
            {"practitioner_count", "Number of practitioners delivering", "Practitioners", "", 0},
            percent("practitioner_trained_percent", "Practitioners trained", "Practitioners"),
            percent("practitioner_supervised_percent", "Practitioners supervised in time", "Practitioners")};
        for (std::size_t area = 0; area < areas_.size(); ++area)
            for (std::size_t i = 0; i < programmes_.size(); ++i)
                table.rows.push_back(
                    {area,
                     {i},
                     {countText(completers_[i].all, area),
                      percentOf({&completers_[i].met, &completers_[i].all}, area), doseOf(i, area),
                      countText(trained_[i].all, area), percentOf({&trained_[i].met, &trained_[i].all}, area),
                      percentOf({&supervised_[i].met, &supervised_[i].all}, area)}});
    }

    void showOutcomes(PublishedTable& table) const {
        Filter instrument{"instrument", "Instrument", "Filter by instrument", "", {}};
        for (const auto& id : instruments_) instrument.items.push_back(catalogue_.instruments.at(id).name);
        if (!instrument.items.empty()) instrument.chosen = instrument.items.front();
        Filter informant{"informant", "Who answered", "Filter by who answered", "", {"Total"}};
        for (const auto& one : informants_) informant.items.push_back(sentence(one));
        table.filters = {instrument, informant, {"change", "Change", "Filter by change", "", kChanges}};
        table.indicators = {{"pair_count", "Number of scores before and after", "Scores", "", 0},
                            percent("pair_percent", "Percentage of scores before and after", "Scores")};
        for (std::size_t area = 0; area < areas_.size(); ++area)
            for (std::size_t i = 0; i < instruments_.size(); ++i)
                for (std::size_t who = 0; who <= informants_.size(); ++who)
                    for (std::size_t what = 0; what < kChanges.size(); ++what) {
                        const auto& slices = outcomes_[i][who];
                        table.rows.push_back(
                            {area,
                             {i, who, what},
                             {countText(slices[what], area), percentOf({&slices[what], &slices[0]}, area)}});
                    }
    }

    static constexpr std::int64_t kFewestSessions = 100;
    inline static const std::vector<std::string> kSteps{"Referred", "Offered", "Accepted", "Started",
                                                        "Completed"};
    inline static const std::vector<std::string> kChanges{"Total", "Better", "No reliable change", "Worse"};
    inline static const std::vector<std::pair<std::string, std::string>> kDimensions{
        {"adherence_score", "Adherence"},
        {"exposure_score", "Exposure"},
        {"quality_score", "Quality"},
        {"responsiveness_score", "Responsiveness"}};

    const Snapshot& snapshot_;
    const Catalogue& catalogue_;
    const RulePack& rules_;
    const std::vector<std::string>& wanted_;
    std::vector<AreaOf> areas_;
    CellSet cells_;
    std::vector<Programme> programmes_;
    std::vector<std::vector<Slice>> pathway_;  ///< by programme and step
    std::vector<Triple> fidelity_;             ///< by programme
    std::vector<std::vector<Slice>> dimensions_;
    std::vector<Triple> completers_;
    std::vector<Triple> trained_;
    std::vector<Triple> supervised_;
    std::vector<std::string> instruments_;
    std::vector<std::string> informants_;
    std::vector<std::vector<std::vector<Slice>>> outcomes_;  ///< by instrument, informant and change
};

}  // namespace

const std::vector<TableKind>& tableKinds() {
    static const std::vector<TableKind> kinds{{kPathway, "From referral to completion",
                                               "Of the families referred in the quarter, how many reached "
                                               "each step by the day of signing. Services that "
                                               "give counts alone are left out."},
                                              {kAdoption, "Recommendations in place",
                                               "How many local authorities deliver each recommendation as "
                                               "intended, partly, plan to, or do not. Not known: "
                                               "no signed return, or too little to judge."},
                                              {kFidelity, "Fidelity reviews",
                                               "Complete reviews of sessions against the programme's "
                                               "checklist, by dimension, and how many reach its "
                                               "threshold."},
                                              {kWorkforce, "Dose and workforce",
                                               "How much of the programme families received, and whether "
                                               "those who deliver it are trained and supervised."},
                                              {kOutcomes, "Change in outcomes",
                                               "Scores before and after, by whether they changed by more "
                                               "than measurement error explains. Change is not "
                                               "proof of effect."}};
    return kinds;
}

BuiltTables buildTables(const Snapshot& snapshot, const Catalogue& catalogue, const RulePack& rules,
                        const std::vector<std::string>& wanted, const std::vector<EarlierRelease>& earlier) {
    Builder builder(snapshot, catalogue, rules, wanted);
    for (const auto& one : earlier) {
        Builder before(one.snapshot, *one.catalogue, one.rules, one.tables);
        builder.cells().remember(one, before.cells());
    }
    builder.cells().protect();
    return {builder.areas(), builder.published(), builder.cells().report(), builder.cells().hidden()};
}

}  // namespace releases
