#pragma once

#include <string>
#include <vector>

#include "identity/people.h"

namespace identity {

/// A director lets someone of their authority sign off in their place, on certain days.
struct Delegation {
    values::Id<Delegation> id;
    std::string givenBy;  ///< names
    std::string givenTo;
    values::Date from;
    values::Date until;
};

struct NewDelegation {
    values::Id<Delegation> id;
    values::Id<Person> to;
    values::Date from;
    values::Date until;
};

class Delegations {
public:
    /// Who can be named: everyone of the authority who sees its records and cannot sign off anyway.
    static std::vector<Person> candidates(platform::Transaction& tx, AuthorityId authority);
    /// Throws NotFound where that person is no candidate.
    static void give(platform::Transaction& tx, const Person& director, const NewDelegation& delegation);
    /// Those of an authority that last or are to come, by their first day.
    static std::vector<Delegation> of(platform::Transaction& tx, AuthorityId authority);
    /// Throws NotFound where the authority has no such delegation, or it has ended.
    static void end(platform::Transaction& tx, AuthorityId authority, values::Id<Delegation> id);
};

}  // namespace identity
