#include "measures/facts.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "measures/review.h"

namespace measures {

Facts::Facts() {
    for (std::size_t i = 0; i < kPopulations; ++i)
        tables_[i].columns.resize(fieldsOf(static_cast<Population>(i)).size());
}

double Facts::code(std::string_view word) {
    const auto [place, isNew] = codes_.emplace(std::string(word), static_cast<double>(words_.size()));
    if (isNew) words_.emplace_back(word);
    return place->second;
}

double Facts::codeIfThere(std::string_view word) const {
    const auto found = codes_.find(std::string(word));
    return found == codes_.end() ? kUnknown : found->second;
}

void Facts::addScores(std::string_view scores) {
    scores_.append(scores);
    scoreEnds_.push_back(static_cast<std::uint32_t>(scores_.size()));
}

std::string_view Facts::scoresOf(std::size_t review) const {
    const auto start = review == 0 ? 0 : scoreEnds_[review - 1];
    return std::string_view(scores_).substr(start, scoreEnds_[review] - start);
}

void Facts::complete(const guidance::Catalogue& catalogue) {
    scoreReviews(catalogue);
    pairScores(catalogue);
}

void Facts::scoreReviews(const guidance::Catalogue& catalogue) {
    auto& reviews = table(Population::reviews);
    const auto column = [&](std::string_view name) -> Column& {
        auto& found = reviews.columns[measures::column(Population::reviews, name)];
        found.resize(reviews.rows, kUnknown);
        return found;
    };
    const auto& checklists = column("checklist");
    const auto& versions = column("checklist_version");
    auto& isComplete = column("is_complete");
    auto& score = column("score");
    auto& points = column("points");
    auto& possible = column("possible_points");
    std::array<Column*, kDimensions> dimensions{};
    for (std::size_t d = 0; d < kDimensions; ++d)
        dimensions[d] = &column(std::string(kDimensionNames[d]) + "_score");

    // Reviews of one checklist version follow one another, or nearly: the last one's scoring is kept.
    std::optional<ReviewScoring> scoring;
    double lastChecklist = kUnknown;
    double lastVersion = kUnknown;
    for (std::size_t i = 0; i < reviews.rows; ++i) {
        if (checklists[i] != lastChecklist || versions[i] != lastVersion) {
            lastChecklist = checklists[i];
            lastVersion = versions[i];
            const auto* checklist = catalogue.checklist(word(lastChecklist), static_cast<int>(lastVersion));
            scoring.reset();
            if (checklist != nullptr) scoring.emplace(*checklist);
        }
        isComplete[i] = 0;
        if (!scoring) continue;
        const auto result = scoring->of(scoresOf(i));
        if (!result.isComplete) continue;
        isComplete[i] = 1;
        points[i] = result.points;
        possible[i] = result.possible;
        score[i] = static_cast<double>(result.points) / result.possible;
        for (std::size_t d = 0; d < kDimensions; ++d)
            if (const auto share = result.dimension(d)) (*dimensions[d])[i] = *share;
    }
}

void Facts::pairScores(const guidance::Catalogue& catalogue) {
    using enum Population;
    const auto& all = table(scores);
    const auto at = [&](std::string_view name) -> const Column& { return all.columns[column(scores, name)]; };
    struct Pair {
        std::size_t before = kNobody;
        std::size_t after = kNobody;
    };
    const auto& episode = all.owners[placeOf(episodes)];
    const auto& on = at("scored_on");
    const double before = codeIfThere("before");
    const double after = codeIfThere("after");
    std::map<std::tuple<std::uint32_t, double, double>, Pair> found;
    for (std::size_t i = 0; i < all.rows; ++i) {
        auto& pair = found[{episode[i], at("instrument")[i], at("respondent")[i]}];
        const double when = at("time_point")[i];
        if (when == before && (pair.before == kNobody || on[i] < on[pair.before])) pair.before = i;
        if (when == after && (pair.after == kNobody || on[i] >= on[pair.after])) pair.after = i;
    }
    Rows rows(*this, pairs);
    const auto& value = at("value");
    for (const auto& [key, pair] : found) {
        const auto [ofEpisode, instrument, respondent] = key;
        const auto of = [&](std::size_t row, const Column& column) {
            return row == kNobody ? kUnknown : column[row];
        };
        const double change = of(pair.after, value) - of(pair.before, value);
        const auto* known = catalogue.instrument(word(instrument));
        rows.add({instrument, respondent, of(pair.before, value), of(pair.after, value), of(pair.before, on),
                  of(pair.after, on), change,
                  known == nullptr ? kUnknown : (known->isLowerBetter ? -change : change)});
        rows.belongsTo(episodes, ofEpisode);
        rows.belongsTo(services, 0);
        if (!table(episodes).references.empty())
            table(pairs).references.push_back(table(episodes).references[ofEpisode] + " " + word(instrument) +
                                              " " + word(respondent));
    }
}

void Rows::add(std::initializer_list<double> values) {
    std::size_t place = 0;
    for (const double value : values) table_.columns[place++].push_back(value);
    ++table_.rows;
}

std::optional<QuarterSpan> quarterSpan(const Facts& facts) {
    using enum Population;
    double first = kUnknown;
    double last = kUnknown;
    for (const auto population : {episodes, sessions, reviews, scores}) {
        const auto fields = fieldsOf(population);
        for (std::size_t f = 0; f < fields.size(); ++f) {
            if (fields[f].type != Type::date) continue;
            for (const double day : facts.table(population).columns[f]) {
                if (!isKnown(day)) continue;
                if (!(first <= day)) first = day;
                if (!(last >= day)) last = day;
            }
        }
    }
    if (!isKnown(first)) return std::nullopt;
    const auto quarterOf = [](double day) {
        return values::Quarter::containing(values::Date::fromSerial(static_cast<int>(day)));
    };
    return QuarterSpan{quarterOf(first), quarterOf(last)};
}

}  // namespace measures
