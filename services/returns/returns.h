#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "results/report.h"

/// What an authority says of a quarter: filled in from its records, sent to its director, signed off,
/// corrected.
namespace returns {

/// A return is due so many days after its quarter has ended.
constexpr int kDueDays = 42;

/// One version of a return. One that is signed is never changed again.
struct QuarterlyReturn {
    values::Id<QuarterlyReturn> id;
    identity::AuthorityId authority;
    values::Quarter quarter;
    int version;
    std::string state;  ///< draft, sent or signed
    std::string comment;
    std::string reason;                 ///< of a correction; empty for the first version
    std::optional<std::string> sentAt;  ///< UTC, as the database keeps it
    std::optional<std::string> sentBy;
    std::optional<std::string> signedAt;
    std::optional<std::string> signedBy;
    std::string fingerprint;  ///< SHA-256 of what was signed; empty before
    std::string content;      ///< what was signed, as JSON; empty before

    bool isSigned() const { return state == "signed"; }
    values::Date dueOn() const { return quarter.last().plusDays(kDueDays); }
};

/// A rule about the quality of data, and how many records of a service break it in the quarter.
struct Finding {
    const guidance::Measure* rule;
    const delivery::Service* service;
    std::int64_t records;
    std::optional<std::string> reason;  ///< for which the authority has accepted it, where it has
    std::string reasonBefore;  ///< the one of the quarter before, to confirm; empty where there is none

    bool isImpossible() const { return rule->quality.severity == "impossible"; }
    bool needsAttention() const { return !reason; }
};

/// What a return is made of, as the records stand now.
struct Assembly {
    results::Report report;
    std::vector<Finding> findings;
    std::vector<const delivery::Service*>
        withoutCounts;         ///< give counts alone, and have none for the quarter
    std::int64_t waiting = 0;  ///< services whose figures are being brought up to date

    /// What has to be done before it can be signed, in sentences; empty where it can be.
    std::vector<std::string> blocks(values::Quarter quarter, values::Date today) const;
};

/// What filling a return in has taken so far.
struct Effort {
    std::int64_t interactions = 0;
    std::int64_t seconds = 0;
};

class Returns {
public:
    /// All versions, the newest first.
    static std::vector<QuarterlyReturn> versions(platform::Transaction& tx, identity::AuthorityId authority,
                                                 values::Quarter quarter);
    static std::optional<QuarterlyReturn> newest(platform::Transaction& tx, identity::AuthorityId authority,
                                                 values::Quarter quarter);
    /// The newest version of every quarter that has one, by quarter.
    static std::vector<QuarterlyReturn> all(platform::Transaction& tx, identity::AuthorityId authority);

    static Assembly assemble(platform::Transaction& tx, delivery::Catalogues& catalogues,
                             identity::AuthorityId authority, values::Quarter quarter);

    /// Keeps the comment; begins the return where nobody has. Throws Conflict where it is signed off.
    static void comment(platform::Transaction& tx, values::Ids& ids, identity::AuthorityId authority,
                        values::Quarter quarter, const std::string& text);
    /// Accepts a finding as it stands, for a reason. Impossible ones are not accepted (Invalid).
    static void accept(platform::Transaction& tx, const Finding& finding, values::Quarter quarter,
                       const std::string& reason);
    /// To the director. Throws Conflict where there is none, or it is signed off.
    static void send(platform::Transaction& tx, identity::AuthorityId authority, values::Quarter quarter);
    /// Freezes what the records say now. Throws Conflict, naming what blocks it.
    static void sign(platform::Transaction& tx, delivery::Catalogues& catalogues, values::Ids& ids,
                     identity::AuthorityId authority, values::Quarter quarter, values::Date today);
    /// Begins the next version of one that is signed off. Throws Conflict where it is not.
    static void correct(platform::Transaction& tx, values::Ids& ids, identity::AuthorityId authority,
                        values::Quarter quarter, const std::string& reason);

    static void noteEffort(platform::Transaction& tx, values::Ids& ids, identity::AuthorityId authority,
                           values::Quarter quarter, const Effort& effort);
    static Effort effortOf(platform::Transaction& tx, identity::AuthorityId authority,
                           values::Quarter quarter);
    /// Of every authority that has begun one, for the national door: what a return cost, and nothing of what
    /// it says.
    static std::vector<Effort> effortEverywhere(platform::Transaction& tx, values::Quarter quarter);
    static std::vector<values::Quarter> quartersWithEffort(platform::Transaction& tx);
};

/// One thing that differs between two signed versions.
struct Difference {
    std::string what;
    std::string was;
    std::string is;
};
std::vector<Difference> differencesBetween(const QuarterlyReturn& before, const QuarterlyReturn& after);

}  // namespace returns
