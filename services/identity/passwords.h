#pragma once

#include <optional>
#include <string>

namespace identity {

/// What makes a password acceptable: its length, and that no thief already has it. No rule about its letters.
class Passwords {
public:
    /// `breached`: a file of SHA-1 hashes in hexadecimal, sorted, one a line, each with `:` and a count
    /// behind it or not, as the lists of breached passwords come; empty for none.
    explicit Passwords(std::string breached = "") : breached_(std::move(breached)) {}

    /// A sentence that says what is wrong with a new password of someone; nothing where it will do. Throws
    /// Unavailable where the list cannot be read: then no password is accepted unseen.
    std::optional<std::string> fault(const std::string& password, const std::string& email) const;

private:
    bool isBreached(const std::string& password) const;

    std::string breached_;
};

/// Argon2id, with its salt and costs.
std::string passwordHash(const std::string& password);
/// Whether it is the password of that hash. Takes as long where there is no hash to compare with.
bool isPasswordOf(const std::optional<std::string>& hash, const std::string& password);

}  // namespace identity
