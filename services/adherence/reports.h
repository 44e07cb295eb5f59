#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adherence/question.h"
#include "adherence/report.h"

/// How an authority's delivery stands against what is expected of it: reports that an inspector, and the
/// authority itself, can trust to be the same tomorrow.
namespace adherence {

/// A report that was asked for. Once it is made it is never changed.
struct KeptReport {
    values::Id<KeptReport> id;
    identity::AuthorityId authority;
    Period period;
    KnownAs known;
    std::string askedBy;
    std::string state;        ///< asked, made or failed
    std::string fingerprint;  ///< SHA-256 of the content; empty before it is made
    std::string content;      ///< JSON; empty before it is made, and where it was not asked for

    bool isMade() const { return state == "made"; }
};

/// Reports, asked for at the doors and made by a worker.
class Reports {
public:
    /// Gives the report that answers this: one of a whole past day that was asked for before, or a new one,
    /// to be made. Audited by the caller.
    static values::Id<KeptReport> ask(platform::Transaction& tx, values::Ids& ids, const Question& question);
    /// Throws NotFound. Without its content.
    static KeptReport byId(platform::Transaction& tx, identity::AuthorityId authority,
                           values::Id<KeptReport> id);
    static KeptReport withContent(platform::Transaction& tx, identity::AuthorityId authority,
                                  values::Id<KeptReport> id);
    /// What stands behind a report's figures of a service or an intervention, as JSON. Throws NotFound.
    static std::optional<std::string> findDetail(platform::Transaction& tx, const KeptReport& report,
                                                 const std::string& subject);
    static std::string detail(platform::Transaction& tx, const KeptReport& report,
                              const std::string& subject);
    /// Of an authority, the newest question first; without content.
    static std::vector<KeptReport> of(platform::Transaction& tx, identity::AuthorityId authority);

    /// Makes one report that waits; false where none does. For a worker.
    static bool work(platform::Database& database, delivery::Catalogues& catalogues);
};

/// What changed between two reports on the same authority: levels, standards, figures of expectations.
struct ReportDifference {
    std::string what;
    std::string was;
    std::string is;
};
std::vector<ReportDifference> differencesBetween(const std::string& before, const std::string& after);

}  // namespace adherence
