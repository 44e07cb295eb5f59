#pragma once

#include <optional>
#include <string>
#include <vector>

#include "inspections/inspections.h"

namespace inspections {

/// What a team writes down for itself. No authority's page, account or export holds it.
struct Note {
    std::string at;  ///< UTC, as the database keeps it
    std::string by;
    std::string about;  ///< an expectation's code, a finding; empty for the whole
    std::string words;
};

class Notes {
public:
    static void add(platform::Transaction& tx, values::Ids& ids, const Inspection& inspection,
                    const std::string& about, const std::string& words);
    /// The newest first.
    static std::vector<Note> of(platform::Transaction& tx, const Inspection& inspection);
};

/// What a team asks an authority for.
struct EvidenceRequest {
    values::Id<EvidenceRequest> id;
    values::Id<Inspection> inspection;
    int number;  ///< within its inspection, from 1
    std::string about;
    std::string words;
    std::optional<values::Date> dueOn;
    std::string askedAt;  ///< UTC, as the database keeps it
    std::string askedBy;
    std::optional<std::string> answer;
    std::optional<std::string> answeredAt;
    std::optional<std::string> answeredBy;
    bool isClosed;
};

class EvidenceRequests {
public:
    /// Gives its number.
    static int ask(platform::Transaction& tx, values::Ids& ids, const Inspection& inspection,
                   const std::string& about, const std::string& words, std::optional<values::Date> dueOn);
    /// Of an inspection, by number.
    static std::vector<EvidenceRequest> of(platform::Transaction& tx, const Inspection& inspection);
    /// What an authority has still to answer, by day.
    static std::vector<EvidenceRequest> openOf(platform::Transaction& tx, identity::AuthorityId authority);
    /// Throws NotFound, and Conflict for one that the team has closed.
    static void answer(platform::Transaction& tx, const Inspection& inspection, int number,
                       const std::string& words);
    /// The team has what it asked for. Throws NotFound.
    static void close(platform::Transaction& tx, const Inspection& inspection, int number);
};

}  // namespace inspections
