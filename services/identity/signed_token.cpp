#include "identity/signed_token.h"

#include <jansson.h>
extern "C" {
#include <jose/cfg.h>
#include <jose/jws.h>
}
#include <sodium.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <optional>
#include <stdexcept>

#include "values/json.h"

namespace identity {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestToken = std::size_t{16} * 1024;
constexpr long kLeeway = 60;

std::string decoded(std::string_view text) {
    // Looked at here: the library lets bytes beyond ASCII pass.
    const bool isInAlphabet = std::ranges::all_of(
        text, [](unsigned char c) { return c < 0x80 && (std::isalnum(c) != 0 || c == '-' || c == '_'); });
    if (!isInAlphabet) throw TokenFault("a part of the token is not base 64");
    std::string out(text.size(), '\0');
    std::size_t length = 0;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(),
                          nullptr, &length, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        throw TokenFault("a part of the token is not base 64");
    out.resize(length);
    return out;
}

json object(const std::string& text) {
    auto parsed = values::tryParseJson(text);
    if (!parsed.is_object()) throw TokenFault("a part of the token is no JSON object");
    return parsed;
}

struct Released {
    void operator()(json_t* value) const { json_decref(value); }
    void operator()(jose_cfg_t* value) const { jose_cfg_decref(value); }
};

/// The library would write to standard error.
void silent(void* /*misc*/, const char* /*file*/, int /*line*/, std::uint64_t /*code*/,
            const char* /*format*/, va_list /*arguments*/) {}

bool isSignedBy(const json& key, const json& token) {
    const std::unique_ptr<jose_cfg_t, Released> configuration(jose_cfg());
    jose_cfg_set_err_func(configuration.get(), silent, nullptr);
    const std::unique_ptr<json_t, Released> loadedKey(json_loads(key.dump().c_str(), 0, nullptr));
    const std::unique_ptr<json_t, Released> loadedToken(json_loads(token.dump().c_str(), 0, nullptr));
    return loadedKey && loadedToken &&
           jose_jws_ver(configuration.get(), loadedToken.get(), nullptr, loadedKey.get(), false);
}

}  // namespace

std::string base64Url(std::string_view bytes) {
    std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                      bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    out.resize(out.find('\0'));
    return out;
}

std::string claimText(const json& from, const char* name) {
    const auto found = from.find(name);
    return found != from.end() && found->is_string() ? found->get<std::string>() : "";
}

json claimsOf(std::string_view token, const std::string& keySet) {
    const auto first = token.find('.');
    const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (token.size() > kLongestToken || second == std::string_view::npos ||
        token.find('.', second + 1) != std::string_view::npos)
        throw TokenFault("this is not a signed token");
    const std::string head(token.substr(0, first));
    const std::string payload(token.substr(first + 1, second - first - 1));
    const std::string signature(token.substr(second + 1));
    const auto header = object(decoded(head));
    auto claims = object(decoded(payload));
    decoded(signature);
    const auto algorithm = claimText(header, "alg");
    // What the token says of its algorithm is believed only so far: two are known, each with its kind of key.
    if (algorithm != "RS256" && algorithm != "ES256")
        throw TokenFault("the token's algorithm is not accepted");
    if (header.contains("crit")) throw TokenFault("the token wants something that is not known here");
    const std::string kind = algorithm == "RS256" ? "RSA" : "EC";
    const auto id = claimText(header, "kid");
    const auto keys = values::tryParseJson(keySet);
    if (!keys.is_object() || !keys.contains("keys") || !keys.at("keys").is_array())
        throw TokenFault("the provider's keys cannot be read");
    const json signedToken{{"protected", head}, {"payload", payload}, {"signature", signature}};
    bool isTried = false;
    for (const auto& key : keys.at("keys")) {
        if (!key.is_object() || claimText(key, "kty") != kind || claimText(key, "kid") != id) continue;
        if (const auto use = claimText(key, "use"); !use.empty() && use != "sig") continue;
        isTried = true;
        if (isSignedBy(key, signedToken)) return claims;
    }
    if (!isTried) throw UnknownKey("the token is signed by a key that is not known");
    throw TokenFault("the token's signature is not right");
}

void checkClaims(const json& claims, const TokenRule& rule) {
    if (claimText(claims, "iss") != rule.issuer) throw TokenFault("the token has another issuer");
    const auto audience = claims.value("aud", json());
    const bool isAmong =
        audience.is_array() && std::ranges::find(audience, json(rule.audience)) != audience.end();
    if (!isAmong && audience != json(rule.audience)) throw TokenFault("the token is for someone else");
    if (audience.is_array() && audience.size() > 1 && claimText(claims, "azp") != rule.audience)
        throw TokenFault("the token was made for someone else");
    const auto time = [&](const char* name) -> std::optional<double> {
        const auto found = claims.find(name);
        if (found == claims.end()) return std::nullopt;
        if (!found->is_number()) throw TokenFault("a time of the token is no number");
        return found->get<double>();
    };
    const auto now = static_cast<double>(rule.now);
    const auto issued = time("iat");
    if (!issued || *issued > now + kLeeway) throw TokenFault("the token was not issued yet");
    if (const auto ends = time("exp"); ends && *ends < now - kLeeway)
        throw TokenFault("the token is too old");
    if (const auto begins = time("nbf"); begins && *begins > now + kLeeway)
        throw TokenFault("the token is not valid yet");
}

}  // namespace identity
