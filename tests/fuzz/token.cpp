// Any bytes as a token that a provider signed; none of them is believed.
#include "identity/signed_token.h"

#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace {
constexpr const char* kKeys = R"({"keys": [
    {"kty": "EC", "kid": "e", "crv": "P-256", "alg": "ES256", "use": "sig",
     "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
    {"kty": "RSA", "kid": "r", "e": "AQAB", "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"}]})";
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto bar = text.find('|');  // before it a token; behind it, where there is one, other keys
    try {
        const auto claims = identity::claimsOf(
            text.substr(0, bar), bar == std::string_view::npos ? kKeys : std::string(text.substr(bar + 1)));
        identity::checkClaims(claims, {"https://provider.example", "plumbline", 1750000000});
        if (bar == std::string_view::npos) std::abort();  // nobody has the private keys
    } catch (const identity::TokenFault&) {
        return 0;
    }
    return 0;
}
