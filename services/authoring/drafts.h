#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "delivery/catalogues.h"
#include "platform/database.h"
#include "results/comparison.h"

namespace authoring {

/// The next version of a guide, as it is drafted.
struct Draft {
    values::Id<Draft> id;
    std::string guide;
    std::string content;  ///< JSON: one guide
    int edition = 1;
    std::string state;    ///< draft, asked, published or discarded
    std::string problem;  ///< why it could not be put in force; empty for nothing
    std::string begunBy;
    std::string changedAt;
    std::string changedBy;

    bool isOpen() const { return state == "draft"; }
};

/// How many authorities would stand where, by the newest signed returns.
struct LevelShift {
    std::string recommendation;  ///< title
    std::map<std::string, std::size_t> before;
    std::map<std::string, std::size_t> after;
};

/// What is to be known of a draft before it is published.
struct Review {
    std::vector<values::FieldProblem>
        problems;  ///< of the catalogue's own check; nothing else where there are any
    std::vector<results::GuideChange> changes;
    std::optional<values::Quarter> quarter;  ///< of the returns; none where nobody signed
    std::vector<LevelShift> shifts;
};

class Drafts {
public:
    /// Begins from the newest version of a guide. Throws NotFound, and Conflict where one is open.
    static values::Id<Draft> begin(platform::Transaction& tx, values::Ids& ids, const std::string& guide);
    /// Open ones and the last that were published, the newest change first.
    static std::vector<Draft> all(platform::Transaction& tx);
    /// Throws NotFound.
    static Draft byId(platform::Transaction& tx, values::Id<Draft> id);
    /// Throws Conflict where somebody else changed it since this edition, or it is not open.
    static void change(platform::Transaction& tx, const Draft& draft, const std::string& content);
    static void discard(platform::Transaction& tx, const Draft& draft);
    /// Asks for it to be put in force. Throws Conflict where its check finds problems, or it takes effect on
    /// a day that is past.
    static void publish(platform::Transaction& tx, delivery::Catalogues& catalogues, const Draft& draft,
                        values::Date today);

    static Review review(platform::Transaction& tx, delivery::Catalogues& catalogues, const Draft& draft);

    /// Puts one draft in force that waits for it; false where none does. For a worker.
    static bool work(platform::Database& database, delivery::Catalogues& catalogues, values::Ids& ids);
};

}  // namespace authoring
