#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "identity/people.h"

namespace identity {

/// How long a browser stays signed in.
struct SessionRule {
    std::chrono::minutes idle{60};
    std::chrono::hours absolute{12};
};

/// Browsers that are signed in. The token goes to the browser alone; the database keeps its hash.
class Sessions {
public:
    explicit Sessions(SessionRule rule) : rule_(rule) {}

    /// A fresh token for a browser, signed in or not: 256 random bits as 64 hexadecimal digits.
    static std::string newToken();
    /// What a form of this browser must carry: derived from the token, which other sites cannot read.
    static std::string formToken(const std::string& token);

    void open(platform::Transaction& tx, const std::string& token, const Person& person) const;
    void close(platform::Transaction& tx, const std::string& token) const;
    /// Who is signed in; nothing where the token is unknown or too old. Notes that they were seen, at most
    /// once a minute.
    std::optional<Person> find(platform::Transaction& tx, const std::string& token) const;
    /// Forgets sessions that are too old to be used.
    void removeExpired(platform::Transaction& tx) const;

private:
    SessionRule rule_;
};

}  // namespace identity
