#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "guidance/catalogue.h"
#include "measures/population.h"
#include "values/date.h"
#include "values/quarter.h"

namespace measures {

/// One number for each record: a date is its days since 1970, a word its code in the facts' dictionary, yes
/// is 1 and no 0; what is blank is kUnknown.
using Column = std::vector<double>;
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
inline bool isKnown(double value) { return value == value; }
/// In place of a record's owner where it has none: a review of a session that is not recorded.
constexpr std::uint32_t kNobody = 0xFFFFFFFF;

/// The records of one population.
struct Table {
    std::size_t rows = 0;
    std::vector<Column> columns;  ///< in the order of fieldsOf
    /// By owning population: the row of each record's owner.
    std::array<std::vector<std::uint32_t>, kPopulations> owners;
    /// What the authority calls each record; empty where the facts were read without references.
    std::vector<std::string> references;
};

/// Every record that one service's figures are computed from, of all dates, in columns.
class Facts {
public:
    Facts();

    Table& table(Population population) { return tables_[placeOf(population)]; }
    const Table& table(Population population) const { return tables_[placeOf(population)]; }

    /// The code of a word, given one where it is new.
    double code(std::string_view word);
    /// kUnknown where no record holds the word.
    double codeIfThere(std::string_view word) const;
    const std::vector<std::string>& words() const { return words_; }
    /// The word of a code.
    const std::string& word(double code) const { return words_[static_cast<std::size_t>(code)]; }

    /// Which session each review is of; empty where the facts were read without references.
    std::vector<std::string> reviewedSessions;

    /// A review's item scores, one byte an item: points, guidance::kNotApplicable or guidance::kBlank.
    void addScores(std::string_view scores);
    std::string_view scoresOf(std::size_t review) const;

    /// Fills what is derived from other records, once all are in: what a review scored, and the pairs of
    /// scores. Checklists and instruments are the catalogue's.
    void complete(const guidance::Catalogue& catalogue);

private:
    void scoreReviews(const guidance::Catalogue& catalogue);
    void pairScores(const guidance::Catalogue& catalogue);

    std::array<Table, kPopulations> tables_;
    std::vector<std::string> words_;
    std::unordered_map<std::string, double> codes_;
    std::string scores_;                    ///< of all reviews, one after another
    std::vector<std::uint32_t> scoreEnds_;  ///< where each review's scores end
};

/// Adds records to one table: one value for each field of the population, in its order.
class Rows {
public:
    Rows(Facts& facts, Population population) : facts_(facts), table_(facts.table(population)) {}

    void add(std::initializer_list<double> values);
    void belongsTo(Population owner, std::uint32_t row) { table_.owners[placeOf(owner)].push_back(row); }
    double word(std::string_view text) { return text.empty() ? kUnknown : facts_.code(text); }
    std::size_t count() const { return table_.rows; }

private:
    Facts& facts_;
    Table& table_;
};

inline double dayOf(const std::optional<values::Date>& day) { return day ? day->serial() : kUnknown; }

/// A run of quarters, both ends included.
struct QuarterSpan {
    values::Quarter first;
    values::Quarter last;
};

/// The quarters in which any episode, session, review or score is dated. No value where there are none.
std::optional<QuarterSpan> quarterSpan(const Facts& facts);

}  // namespace measures
