#pragma once

#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace identity {

/// Why a token is not believed.
struct TokenFault : public std::runtime_error {
    using std::runtime_error::runtime_error;
};
/// The token is signed by a key that the set does not hold: the provider may have changed its keys.
struct UnknownKey : public TokenFault {
    using TokenFault::TokenFault;
};

/// The claims of a JSON Web Token in its compact form (RFC 7519), under RS256 or ES256 and nothing else, once
/// one of the provider's keys (a JSON Web Key Set, RFC 7517) proves the signature. Says nothing yet of who it
/// is for and when. Throws TokenFault.
nlohmann::json claimsOf(std::string_view token, const std::string& keySet);

/// A member of an object that is a text; empty where there is none, or something else.
std::string claimText(const nlohmann::json& from, const char* name);

/// What every token of a provider must say.
struct TokenRule {
    std::string issuer;
    std::string audience;
    long now;  ///< seconds since 1970
};
/// Throws TokenFault where the issuer, the audience or the times are not right.
void checkClaims(const nlohmann::json& claims, const TokenRule& rule);

/// Base 64 for addresses, without padding (RFC 4648 §5).
std::string base64Url(std::string_view bytes);

}  // namespace identity
