#pragma once

#include <string>
#include <vector>

#include "identity/people.h"

namespace identity {

/// The second proof beside a password: six digits that an app on someone's telephone makes anew every half
/// minute (RFC 6238, SHA-1, 30 seconds), or one of ten recovery codes, each of which works once.
class OneTimeCodes {
public:
    /// `key`: 32 bytes, apart from the data; seals the secrets that are kept.
    explicit OneTimeCodes(std::string key) : key_(std::move(key)) {}

    /// What an app needs, in base 32; the same for the same browser, so that a page can be loaded again.
    std::string secretFor(const std::string& token) const;
    /// `otpauth://totp/…`: what the picture on the page holds.
    static std::string address(const std::string& secret, const Person& person);

    /// Starts with a secret once its app has shown that it works: gives ten recovery codes, to be shown once.
    /// Nothing, and nothing kept, where the code is not the secret's.
    std::vector<std::string> begin(platform::Transaction& tx, const Person& person, const std::string& secret,
                                   const std::string& code) const;
    /// New recovery codes in place of those before.
    std::vector<std::string> renewRecovery(platform::Transaction& tx, const Person& person) const;

    /// Whether it is a code of this moment (or half a minute off), not used before, or a recovery code, which
    /// is then used up.
    bool check(platform::Transaction& tx, const Person& person, const std::string& code) const;
    static std::int64_t recoveryCodesLeft(platform::Transaction& tx, const Person& person);

    /// Forgets the secrets of everybody, which nobody can read any more: their key is lost.
    static void forgetAll(platform::Transaction& tx);

    /// The code of a secret at an instant: for the demonstration's sign-ins and for tests.
    static std::string codeOf(const std::string& secret, values::Instant at);

private:
    std::string key_;
};

}  // namespace identity
