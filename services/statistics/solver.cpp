#include "statistics/solver.h"

#include <glpk.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string_view>

namespace statistics {
namespace {

constexpr double kNoBound = std::numeric_limits<double>::infinity();
/// How far from a whole number the solver's answer may be and still be it.
constexpr double kNearly = 1e-5;

/// What the solver keeps for each thread that asks it; given back when the thread ends.
struct Surroundings {
    Surroundings() { glp_init_env(); }
    ~Surroundings() { glp_free_env(); }
    Surroundings(const Surroundings&) = delete;
    Surroundings& operator=(const Surroundings&) = delete;
};

/// The sums that belong together, as the solver takes them: one variable for each count that is not known.
class Programme {
public:
    Programme(const std::vector<CountSum>& sums, const std::vector<CountBounds>& bounds,
              const std::vector<std::size_t>& chosen)
        : bounds_(bounds), problem_(glp_create_prob(), glp_delete_prob) {
        glp_term_out(GLP_OFF);
        for (const auto place : chosen) addSum(sums[place]);
        isReady_ = glp_get_num_cols(problem_.get()) > 0 && solve();
    }

    bool knows(std::size_t cell) const { return columns_.contains(cell); }

    /// The least (towards -1) or most (towards 1) that this sum of cells can be; infinite where there is
    /// none, nothing where the solver gave up. The point at which it is so stays to be asked.
    std::optional<double> furthest(const std::vector<std::size_t>& cells, int towards) {
        if (!isReady_) return std::nullopt;
        for (const auto cell : cells) glp_set_obj_coef(problem_.get(), columns_.at(cell), 1);
        glp_set_obj_dir(problem_.get(), towards > 0 ? GLP_MAX : GLP_MIN);
        const bool isSolved = solve();
        for (const auto cell : cells) glp_set_obj_coef(problem_.get(), columns_.at(cell), 0);
        if (!isSolved) return std::nullopt;
        if (glp_get_status(problem_.get()) == GLP_UNBND) return towards * kNoBound;
        double sum = 0;
        for (const auto cell : cells) sum += at(cell);
        return sum;
    }
    /// Of the point that was found last.
    double at(std::size_t cell) const { return glp_get_col_prim(problem_.get(), columns_.at(cell)); }
    bool hasPoint() const { return isReady_ && glp_get_status(problem_.get()) == GLP_OPT; }

private:
    void addSum(const CountSum& sum) {
        std::vector<int> places{0};  // the solver counts from one
        std::vector<double> factors{0};
        double known = 0;
        const auto addTerm = [&](std::size_t cell, double factor) {
            const auto& of = bounds_[cell];
            if (of.least == of.most) {
                known += factor * static_cast<double>(of.least);
                return;
            }
            const auto column = columnOf(cell);
            const auto found = std::find(places.begin() + 1, places.end(), column);
            if (found != places.end()) {
                factors[static_cast<std::size_t>(found - places.begin())] += factor;
                return;
            }
            places.push_back(column);
            factors.push_back(factor);
        };
        addTerm(sum.total, -1);
        for (const auto part : sum.parts) addTerm(part, 1);
        if (places.size() == 1) return;
        const int row = glp_add_rows(problem_.get(), 1);
        glp_set_row_bnds(problem_.get(), row, GLP_FX, -known, -known);
        glp_set_mat_row(problem_.get(), row, static_cast<int>(places.size()) - 1, places.data(),
                        factors.data());
    }

    int columnOf(std::size_t cell) {
        const auto [found, isNew] = columns_.try_emplace(cell, 0);
        if (!isNew) return found->second;
        found->second = glp_add_cols(problem_.get(), 1);
        const auto& of = bounds_[cell];
        const bool isOpen = of.most >= kUnboundedCount;
        glp_set_col_bnds(problem_.get(), found->second, isOpen ? GLP_LO : GLP_DB,
                         static_cast<double>(of.least), isOpen ? 0 : static_cast<double>(of.most));
        return found->second;
    }

    /// From where it stood last; from the beginning where that fails.
    bool solve() {
        glp_smcp how;
        glp_init_smcp(&how);
        how.msg_lev = GLP_MSG_OFF;
        const auto isAnswered = [&] {
            if (glp_simplex(problem_.get(), &how) != 0) return false;
            const auto status = glp_get_status(problem_.get());
            return status == GLP_OPT || status == GLP_UNBND;
        };
        if (isAnswered()) return true;
        glp_adv_basis(problem_.get(), 0);
        return isAnswered();
    }

    const std::vector<CountBounds>& bounds_;
    std::unique_ptr<glp_prob, void (*)(glp_prob*)> problem_;
    std::map<std::size_t, int> columns_;
    bool isReady_ = false;
};

/// What is known to be possible of one cell: every value between two that are.
struct Range {
    double least = kNoBound;
    double most = -kNoBound;

    void takeIn(double value) {
        least = std::min(least, value);
        most = std::max(most, value);
    }
    std::int64_t values(const DisclosurePolicy& policy) const {
        const auto from = std::max(static_cast<double>(policy.leastSmall()), std::ceil(least - kNearly));
        const auto to = std::min(static_cast<double>(policy.threshold), std::floor(most + kNearly));
        return to < from ? 0 : static_cast<std::int64_t>(to - from) + 1;
    }
};

/// Of cells of one group: those that are not shown to keep enough values.
std::vector<std::size_t> narrowedIn(Programme& programme, const std::vector<CountCell>& cells,
                                    const std::vector<CountBounds>& bounds,
                                    const std::vector<std::size_t>& asked, const DisclosurePolicy& policy) {
    std::map<std::size_t, Range> ranges;
    std::vector<std::size_t> open;
    for (const auto cell : asked) {
        auto& range = ranges[cell];
        range.takeIn(static_cast<double>(cells[cell].value));
        if (programme.knows(cell)) {
            open.push_back(cell);
            continue;
        }
        range.takeIn(static_cast<double>(bounds[cell].least));  // in no sum that matters
        range.takeIn(static_cast<double>(bounds[cell].most));
    }
    const auto isEnough = [&](std::size_t cell) { return ranges[cell].values(policy) >= policy.fewest; };
    // Any point that fits everything counts for all cells at once, so most need no question of their own.
    const auto lookRound = [&] {
        if (!programme.hasPoint()) return;
        for (const auto cell : open) ranges[cell].takeIn(programme.at(cell));
        std::erase_if(open, isEnough);
    };
    for (const int towards : {1, -1})
        if (!open.empty()) {
            programme.furthest(open, towards);
            lookRound();
        }
    std::vector<std::size_t> narrowed;
    for (const auto cell : asked) {
        if (!programme.knows(cell)) {
            if (!isEnough(cell)) narrowed.push_back(cell);
            continue;
        }
        for (const int towards : {1, -1}) {
            if (isEnough(cell)) break;
            const auto end = programme.furthest({cell}, towards);
            if (!end) continue;
            ranges[cell].takeIn(*end);
            lookRound();
        }
        if (!isEnough(cell)) narrowed.push_back(cell);
    }
    return narrowed;
}

}  // namespace

std::vector<std::size_t> narrowedTogether(const std::vector<CountCell>& cells,
                                          const std::vector<CountSum>& sums,
                                          const std::vector<CountBounds>& bounds,
                                          const std::vector<std::size_t>& asked,
                                          const DisclosurePolicy& policy) {
    std::map<std::string_view, std::vector<std::size_t>> askedOf;
    for (const auto cell : asked) askedOf[cells[cell].group].push_back(cell);
    std::map<std::string_view, std::vector<std::size_t>> sumsOf;
    for (std::size_t place = 0; place < sums.size(); ++place) {
        std::vector<std::string_view> reached{cells[sums[place].total].group};
        for (const auto part : sums[place].parts) reached.emplace_back(cells[part].group);
        std::ranges::sort(reached);
        reached.erase(std::unique(reached.begin(), reached.end()), reached.end());
        for (const auto group : reached) sumsOf[group].push_back(place);
    }
    static thread_local const Surroundings surroundings;
    std::vector<std::size_t> narrowed;
    for (const auto& [group, its] : askedOf) {
        Programme programme(sums, bounds, sumsOf[group]);
        const auto found = narrowedIn(programme, cells, bounds, its, policy);
        narrowed.insert(narrowed.end(), found.begin(), found.end());
    }
    std::ranges::sort(narrowed);
    return narrowed;
}

}  // namespace statistics
