#include "identity/provider.h"

#include <algorithm>
#include <regex>
#include <sstream>

#include "identity/signed_token.h"
#include "platform/digest.h"
#include "platform/http.h"
#include "platform/log.h"
#include "platform/text_file.h"
#include "values/errors.h"
#include "values/json.h"

namespace identity {
namespace {

using nlohmann::json;
using platform::kDoors;
using platform::Statement;
using platform::Transaction;

const Statement kInsertWay("insert sign-in with a provider", kDoors, R"(
    INSERT INTO provider_sign_in (state_hash, token_hash, provider, nonce, verifier, next, expires_at)
    VALUES (?, ?, ?, ?, ?, ?, ?))");
const Statement kSelectWay("select sign-in with a provider", kDoors, R"(
    SELECT nonce, verifier, next FROM provider_sign_in
    WHERE state_hash = ? AND token_hash = ? AND provider = ? AND expires_at > ?)");
const Statement kDeleteWay("delete sign-in with a provider", kDoors,
                           "DELETE FROM provider_sign_in WHERE state_hash = ?");
const Statement kDeleteExpiredSignIns("delete expired sign-ins with providers", kDoors,
                                      "DELETE FROM provider_sign_in WHERE expires_at <= ?");
const Statement kSelectBySubject("select person by subject", kDoors, R"(
    SELECT email FROM person WHERE provider = ? AND subject = ? AND left_at IS NULL)");
const Statement kBindSubject("bind person to a provider's subject", kDoors,
                             "UPDATE person SET provider = ?, subject = ? WHERE id = ?");
const Statement kSetProvidedRole("set the role that a provider gives", kDoors,
                                 "UPDATE person SET role = ? WHERE id = ?");

constexpr auto kWayLife = std::chrono::minutes(10);
constexpr auto kMetadataLife = std::chrono::hours(1);
/// Someone who sends tokens with invented keys does not make us ask the provider for each.
constexpr auto kKeysRest = std::chrono::seconds(1);

bool holds(const json& claims, const std::string& claim, const std::string& value) {
    const auto found = claims.find(claim);
    if (found == claims.end()) return false;
    if (found->is_array()) return std::ranges::find(*found, json(value)) != found->end();
    return *found == json(value);
}

/// Reads one provider; gathers what is wrong with it.
class RuleReader {
public:
    RuleReader(const json& from, std::string path, std::string pointer,
               std::vector<values::FieldProblem>& problems)
        : from_(from), path_(std::move(path)), pointer_(std::move(pointer)), problems_(problems) {}

    std::string text(const char* name, bool isRequired, const std::string& wanted) {
        auto value = from_.is_object() ? claimText(from_, name) : "";
        if (value.empty() && isRequired) problem(name, "", wanted);
        return value;
    }
    void problem(const std::string& name, const std::string& got, const std::string& wanted) {
        problems_.push_back({{path_, 0, pointer_ + "/" + name}, got, wanted});
    }

private:
    const json& from_;
    std::string path_;
    std::string pointer_;
    std::vector<values::FieldProblem>& problems_;
};

}  // namespace

std::vector<ProviderRule> readProviders(const std::string& path) {
    const auto document = values::tryParseJson(platform::fileText(path));
    if (!document.is_array())
        throw values::Invalid({{{path, 0, ""},
                                "",
                                "Write a JSON array of providers; see the sign-in page of the "
                                "operators' documents."}});
    std::vector<values::FieldProblem> problems;
    std::vector<ProviderRule> rules;
    for (std::size_t i = 0; i < document.size(); ++i) {
        const auto& given = document[i];
        RuleReader reader(given, path, "/" + std::to_string(i), problems);
        ProviderRule rule{reader.text("id", true, "Give an id of lower-case letters, digits and hyphens."),
                          reader.text("name", true, "Give the name that people know it by."),
                          Door::authority,
                          reader.text("issuer", true, "Give the provider's issuer address."),
                          reader.text("client_id", true, "Give the id that the provider knows Plumbline by."),
                          "",
                          reader.text("scopes", false, ""),
                          reader.text("authority", false, ""),
                          std::nullopt,
                          given.is_object() && given.value("is_second_factor", false),
                          {}};
        if (!std::regex_match(rule.id, std::regex("[a-z0-9-]{1,40}")))
            reader.problem("id", rule.id, "Use lower-case letters, digits and hyphens.");
        if (rule.scopes.empty()) rule.scopes = "openid email profile";
        const auto door = reader.text("door", false, "");
        for (const auto known : {Door::authority, Door::inspection, Door::national})
            if (doorName(known) == door) rule.door = known;
        if (!door.empty() && doorName(rule.door) != door)
            reader.problem("door", door, "Give authority, inspection or national.");
        if (const auto secret = reader.text("client_secret_file", false, ""); !secret.empty()) {
            std::istringstream lines(platform::fileText(secret));
            std::getline(lines, rule.clientSecret);
        }
        const auto roles = given.is_object() ? given.value("roles", json::array()) : json::array();
        for (std::size_t r = 0; r < roles.size(); ++r) {
            RuleReader role(roles[r], path, "/" + std::to_string(i) + "/roles/" + std::to_string(r),
                            problems);
            const auto claim = role.text("claim", true, "Name the claim.");
            const auto value = role.text("value", true, "Give the value that the claim must hold.");
            const auto name = role.text("role", true, "Name a role.");
            const auto known = roleNamed(name);
            if (!known || doorOf(*known) != rule.door)
                role.problem("role", name, "Name a role of this door.");
            else rule.roles.push_back({claim, value, *known});
        }
        if (!rule.roles.empty() && rule.door == Door::authority && rule.authorityCode.empty())
            reader.problem("authority", "", "Say whose people the provider knows, where claims give roles.");
        rules.push_back(std::move(rule));
    }
    if (!problems.empty()) throw values::Invalid(problems);
    return rules;
}

std::string Provider::metadata(const std::string& name) {
    const std::lock_guard lock(mutex_);
    if (metadata_.empty() || clock_.now() - metadataAt_ > kMetadataLife) {
        const auto answer = client_.get(rule_.issuer + (rule_.issuer.ends_with('/') ? "" : "/") +
                                        ".well-known/openid-configuration");
        const auto document = values::tryParseJson(answer.body);
        if (answer.status != 200 || !document.is_object() || claimText(document, "issuer") != rule_.issuer)
            throw values::Unavailable(rule_.name + " does not describe itself as expected");
        metadata_ = document.dump();
        metadataAt_ = clock_.now();
    }
    auto value = claimText(values::parseJson(metadata_), name.c_str());
    if (value.empty()) throw values::Unavailable(rule_.name + " does not say its " + name);
    return value;
}

std::string Provider::keys(bool isFresh) {
    const auto address = metadata("jwks_uri");
    const std::lock_guard lock(mutex_);
    const bool isResting = clock_.now() - keysAt_ < kKeysRest;
    if (keys_.empty() || (isFresh && !isResting) || clock_.now() - keysAt_ > kMetadataLife) {
        const auto answer = client_.get(address);
        if (answer.status != 200) throw values::Unavailable(rule_.name + " does not give its keys");
        keys_ = answer.body;
        keysAt_ = clock_.now();
    }
    return keys_;
}

json Provider::believed(const std::string& token) {
    json claims;
    try {
        claims = claimsOf(token, keys(false));
    } catch (const UnknownKey&) {
        claims = claimsOf(token, keys(true));  // the provider may have changed its keys meanwhile
    }
    const auto now =
        std::chrono::duration_cast<std::chrono::seconds>(clock_.now().time_since_epoch()).count();
    checkClaims(claims, {rule_.issuer, rule_.clientId, now});
    return claims;
}

std::string Provider::start(platform::Database& database, const std::string& token, const std::string& next,
                            const std::string& back) {
    const auto endpoint = metadata("authorization_endpoint");
    const auto state = platform::randomHex(32);
    const auto nonce = platform::randomHex(32);
    const auto verifier = platform::randomHex(32);
    database.derive([&](Transaction& tx) {
        tx.run(kInsertWay, platform::sha256(state), platform::sha256(token), rule_.id, nonce, verifier,
               next.size() > 300 ? "/" : next, tx.now() + kWayLife);
    });
    return endpoint + (endpoint.find('?') == std::string::npos ? "?" : "&") +
           "response_type=code&client_id=" + platform::urlEncoded(rule_.clientId) +
           "&redirect_uri=" + platform::urlEncoded(back) + "&scope=" + platform::urlEncoded(rule_.scopes) +
           "&state=" + state + "&nonce=" + nonce +
           "&code_challenge=" + base64Url(platform::sha256(verifier)) + "&code_challenge_method=S256";
}

std::optional<Provider::Way> Provider::returned(Transaction& tx, const std::string& token,
                                                const std::string& state) const {
    auto rows = tx.query(kSelectWay, platform::sha256(state), platform::sha256(token), rule_.id, tx.now());
    if (!rows.next()) return std::nullopt;
    tx.run(kDeleteWay, platform::sha256(state));
    return Way{rows.text(0), rows.text(1), rows.text(2)};
}

ProvenPerson Provider::prove(const Way& way, const std::string& code, const std::string& back) {
    std::map<std::string, std::string> form{{"grant_type", "authorization_code"},
                                            {"code", code},
                                            {"redirect_uri", back},
                                            {"code_verifier", way.verifier}};
    if (rule_.clientSecret.empty()) form["client_id"] = rule_.clientId;
    const auto answer = client_.post(metadata("token_endpoint"), form,
                                     rule_.clientSecret.empty() ? "" : platform::urlEncoded(rule_.clientId),
                                     platform::urlEncoded(rule_.clientSecret));
    const auto document = values::tryParseJson(answer.body);
    const auto refuse = [&](const std::string& what) {
        platform::logEvent(platform::LogLevel::warning, "identity.provider_refused",
                           {{"provider", rule_.id}, {"what", what}});
        throw values::Forbidden("Signing in with " + rule_.name + " did not work. Try again.");
    };
    if (answer.status != 200 || !document.is_object())
        refuse("token endpoint answered " + std::to_string(answer.status));
    try {
        const auto claims = believed(claimText(document, "id_token"));
        if (!claims.contains("exp")) throw TokenFault("the token does not say how long it is valid");
        if (!platform::isEqualInConstantTime(claimText(claims, "nonce"), way.nonce))
            throw TokenFault("the token answers another sign-in");
        ProvenPerson person{claimText(claims, "sub"),
                            "",
                            claimText(claims, "name"),
                            claimText(claims, "sid"),
                            rule_.isSecondFactor || holds(claims, "amr", "mfa"),
                            std::nullopt};
        if (person.subject.empty() || person.subject.size() > 255)
            throw TokenFault("the token has no subject");
        if (claims.value("email_verified", json(false)) == json(true))
            person.email = normalisedEmail(claimText(claims, "email"));
        for (const auto& role : rule_.roles)
            if (!person.role && holds(claims, role.claim, role.value)) person.role = role.role;
        return person;
    } catch (const TokenFault& fault) {
        refuse(fault.what());
        throw;
    }
}

void Provider::logOut(platform::Database& database, const platform::Actor& actor,
                      const std::string& logoutToken) {
    try {
        const auto claims = believed(logoutToken);
        const auto events = claims.value("events", json::object());
        if (!events.is_object() || !events.contains("http://schemas.openid.net/event/backchannel-logout"))
            throw TokenFault("the token does not log out");
        if (claims.contains("nonce")) throw TokenFault("a logout token has no nonce");
        const auto subject = claimText(claims, "sub");
        const auto session = claimText(claims, "sid");
        if (subject.empty() && session.empty()) throw TokenFault("the token names nobody");
        database.inTransaction(
            actor, [&](Transaction& tx) { Sessions::endOfProvider(tx, rule_.id, subject, session); });
    } catch (const TokenFault& fault) {
        platform::logEvent(platform::LogLevel::warning, "identity.provider_refused",
                           {{"provider", rule_.id}, {"what", fault.what()}});
        throw values::Forbidden("This logout token is not to be believed.");
    }
}

std::optional<Person> Provider::admit(Transaction& tx, const People& people, const ProvenPerson& proven,
                                      values::Id<Person> newId) const {
    const bool isByClaims = !rule_.roles.empty();
    if (isByClaims && !proven.role) return std::nullopt;
    std::string email = proven.email;
    auto bySubject = tx.query(kSelectBySubject, rule_.id, proven.subject);
    const bool isKnown = bySubject.next();
    if (isKnown) email = bySubject.text(0);
    if (email.empty()) return std::nullopt;
    auto person = People::withEmail(tx, rule_.door, email);
    // Another authority's provider says nothing of our people.
    if (person && rule_.authority && person->authority != rule_.authority) return std::nullopt;
    if (!person) {
        if (isKnown) return std::nullopt;  // locked
        const auto invitation = Invitations::ofEmail(tx, email);
        const bool isInvited = invitation && doorOf(invitation->role) == rule_.door &&
                               (!rule_.authority || invitation->authority == rule_.authority);
        if (isInvited) person = Invitations::accept(tx, people, *invitation, newId, std::nullopt);
        else if (isByClaims) {
            const NewPerson joining{newId,           email,        proven.name.empty() ? email : proven.name,
                                    rule_.authority, *proven.role, std::nullopt};
            person = Person{people.add(tx, joining), email, joining.name, joining.authority, joining.role};
        } else {
            return std::nullopt;
        }
    }
    if (isByClaims && person->role != *proven.role) {
        tx.run(kSetProvidedRole, roleName(*proven.role), person->id);
        tx.audit("role changed", person->email, roleName(person->role) + " to " + roleName(*proven.role));
        person->role = *proven.role;
    }
    if (!isKnown) {
        tx.run(kBindSubject, rule_.id, proven.subject, person->id);
        tx.audit("person bound to provider", person->email, rule_.id);
    }
    return person;
}

void Provider::removeExpired(Transaction& tx) { tx.run(kDeleteExpiredSignIns, tx.now()); }

}  // namespace identity
