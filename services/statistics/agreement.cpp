#include "statistics/agreement.h"

#include <algorithm>
#include <cmath>

namespace statistics {
namespace {

Coefficient coefficient(double value, double variance) {
    const double error = std::sqrt(std::max(0.0, variance));
    return {value, error, {std::max(-1.0, value - kZ95 * error), std::min(1.0, value + kZ95 * error)}};
}

/// Shares in place of counts, with their margins.
struct Shares {
    explicit Shares(const AgreementTable& counts)
        : size(counts.size()), cells(size, std::vector<double>(size)), rows(size), columns(size) {
        for (const auto& row : counts)
            for (const auto count : row) total += count;
        for (std::size_t i = 0; i < size; ++i)
            for (std::size_t j = 0; j < size; ++j) {
                cells[i][j] = static_cast<double>(counts[i][j]) / static_cast<double>(total);
                rows[i] += cells[i][j];
                columns[j] += cells[i][j];
            }
    }

    std::int64_t total = 0;
    std::size_t size;
    std::vector<std::vector<double>> cells;
    std::vector<double> rows;
    std::vector<double> columns;
};

std::optional<Coefficient> cohen(const Shares& p, double observed) {
    double expected = 0;
    for (std::size_t k = 0; k < p.size; ++k) expected += p.rows[k] * p.columns[k];
    if (expected >= 1) return std::nullopt;
    const double kappa = (observed - expected) / (1 - expected);
    double agreed = 0;
    double differed = 0;
    for (std::size_t i = 0; i < p.size; ++i)
        for (std::size_t j = 0; j < p.size; ++j) {
            const double pull =
                i == j ? 1 - (p.rows[i] + p.columns[i]) * (1 - kappa) : p.columns[i] + p.rows[j];
            (i == j ? agreed : differed) += p.cells[i][j] * pull * pull;
        }
    const double drift = kappa - expected * (1 - kappa);
    const double variance = (agreed + (1 - kappa) * (1 - kappa) * differed - drift * drift) /
                            (static_cast<double>(p.total) * (1 - expected) * (1 - expected));
    return coefficient(kappa, variance);
}

std::optional<double> weighted(const Shares& p, int power) {
    double observed = 0;
    double expected = 0;
    for (std::size_t i = 0; i < p.size; ++i)
        for (std::size_t j = 0; j < p.size; ++j) {
            const double apart =
                std::abs(static_cast<double>(i) - static_cast<double>(j)) / static_cast<double>(p.size - 1);
            const double weight = 1 - std::pow(apart, power);
            observed += weight * p.cells[i][j];
            expected += weight * p.rows[i] * p.columns[j];
        }
    if (expected >= 1) return std::nullopt;
    return (observed - expected) / (1 - expected);
}

std::optional<Coefficient> gwet(const Shares& p, double observed) {
    const auto others = static_cast<double>(p.size - 1);
    std::vector<double> prevalence(p.size);
    double chance = 0;
    for (std::size_t k = 0; k < p.size; ++k) {
        prevalence[k] = (p.rows[k] + p.columns[k]) / 2;
        chance += prevalence[k] * (1 - prevalence[k]) / others;
    }
    if (chance >= 1) return std::nullopt;
    const double ac1 = (observed - chance) / (1 - chance);
    double squares = 0;
    for (std::size_t i = 0; i < p.size; ++i)
        for (std::size_t j = 0; j < p.size; ++j) {
            const double own = ((i == j ? 1.0 : 0.0) - chance) / (1 - chance);
            const double ownChance = (2 - prevalence[i] - prevalence[j]) / 2 / others;
            const double apart = own - 2 * (1 - ac1) * (ownChance - chance) / (1 - chance) - ac1;
            squares += p.cells[i][j] * apart * apart;
        }
    return coefficient(ac1, p.total < 2 ? 0 : squares / static_cast<double>(p.total - 1));
}

}  // namespace

std::optional<Agreement> agreement(const AgreementTable& counts) {
    const Shares p(counts);
    if (p.total == 0 || p.size < 2) return std::nullopt;
    Agreement result;
    result.ratings = p.total;
    for (std::size_t k = 0; k < p.size; ++k) result.observed += p.cells[k][k];
    result.kappa = cohen(p, result.observed);
    result.linearKappa = weighted(p, 1);
    result.quadraticKappa = weighted(p, 2);
    result.ac1 = gwet(p, result.observed);
    return result;
}

std::optional<IntraclassCorrelation> intraclassCorrelation(const std::vector<std::vector<double>>& scores) {
    if (scores.size() < 2 || scores[0].size() < 2) return std::nullopt;
    const auto n = static_cast<double>(scores.size());
    const auto k = static_cast<double>(scores[0].size());
    double mean = 0;
    std::vector<double> ofTarget(scores.size());
    std::vector<double> ofRater(scores[0].size());
    for (std::size_t i = 0; i < scores.size(); ++i)
        for (std::size_t j = 0; j < scores[0].size(); ++j) {
            mean += scores[i][j] / (n * k);
            ofTarget[i] += scores[i][j] / k;
            ofRater[j] += scores[i][j] / n;
        }
    double between = 0;
    double raters = 0;
    double within = 0;
    for (const double one : ofTarget) between += k * (one - mean) * (one - mean);
    for (const double one : ofRater) raters += n * (one - mean) * (one - mean);
    for (std::size_t i = 0; i < scores.size(); ++i)
        for (const double score : scores[i]) within += (score - ofTarget[i]) * (score - ofTarget[i]);
    const double msr = between / (n - 1);
    const double msc = raters / (k - 1);
    const double mse = std::max(0.0, within - raters) / ((n - 1) * (k - 1));
    const double msw = within / (n * (k - 1));
    if (msr == 0 && mse == 0) return std::nullopt;
    return IntraclassCorrelation{(msr - msw) / (msr + (k - 1) * msw),
                                 (msr - mse) / (msr + (k - 1) * mse + k * (msc - mse) / n),
                                 (msr - mse) / (msr + (k - 1) * mse)};
}

}  // namespace statistics
