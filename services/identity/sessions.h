#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "identity/people.h"

namespace identity {

/// How long a browser stays signed in.
struct SessionRule {
    std::chrono::minutes idle{60};
    std::chrono::hours absolute{12};
    std::chrono::minutes confirmed{10};  ///< how long a proof of who one is serves for what is weighty
    std::chrono::minutes halfway{10};    ///< between the password and the code
};

/// A browser that is signed in, or on its way.
struct Session {
    values::Id<Session> id;
    Person person;
    bool isComplete;   ///< false between the password and the one-time code
    bool isConfirmed;  ///< whether the person proved lately who they are
};

/// As its person sees it in the list of their browsers. Times are UTC, as the database keeps them.
struct OpenSession {
    values::Id<Session> id;
    std::string startedAt;
    std::string lastSeenAt;
    std::string cameFrom;
    std::string browser;
};

/// What a new session is opened with.
struct NewSession {
    values::Id<Session> id;
    std::string token;
    bool isComplete;
    std::string cameFrom;
    std::string browser;
    std::optional<std::string> provider;
    std::optional<std::string> providerSession;
};

/// Browsers that are signed in at one door. The token goes to the browser alone; the database keeps its hash.
class Sessions {
public:
    Sessions(Door door, SessionRule rule) : door_(door), rule_(rule) {}

    Door door() const { return door_; }

    /// A fresh token for a browser, signed in or not: 256 random bits as 64 hexadecimal digits.
    static std::string newToken();
    /// What a form of this browser must carry: derived from the token, which other sites cannot read.
    static std::string formToken(const std::string& token);

    void open(platform::Transaction& tx, const Person& person, const NewSession& session) const;
    static void close(platform::Transaction& tx, const std::string& token);
    /// Who is signed in; nothing where the token is unknown here, too old, or its person has left. Notes that
    /// they were seen, at most once a minute.
    std::optional<Session> find(platform::Transaction& tx, const std::string& token) const;
    /// Whose session it was, also where it has ended by itself within the last day; it opens nothing.
    std::optional<values::Id<Person>> ownerOf(platform::Transaction& tx, const std::string& token) const;
    /// The person has just proved again who they are.
    static void confirm(platform::Transaction& tx, const Session& session);
    /// Counts that the person failed to prove it. At the fifth in a row the session ends: false.
    static bool countWrongProof(platform::Transaction& tx, const Session& session);

    /// The browsers where a person is signed in, the newest first.
    std::vector<OpenSession> of(platform::Transaction& tx, const Person& person) const;
    /// Signs one of a person's browsers out. Throws NotFound where it is not theirs.
    static void end(platform::Transaction& tx, const Person& person, values::Id<Session> session);
    /// Signs all of a person's browsers out but one; gives how many.
    static std::int64_t endOthers(platform::Transaction& tx, const Person& person, values::Id<Session> kept);
    /// A provider ended someone's session, or all that it opened for them; gives how many ended here.
    static std::int64_t endOfProvider(platform::Transaction& tx, const std::string& provider,
                                      const std::string& subject, const std::string& providerSession);

    /// Forgets sessions that are too old to be used.
    void removeExpired(platform::Transaction& tx) const;

private:
    Door door_;
    SessionRule rule_;
};

}  // namespace identity
