#pragma once

#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "identity/invitations.h"
#include "identity/people.h"
#include "identity/sessions.h"
#include "platform/http_client.h"

namespace identity {

/// One identity provider (OpenID Connect 1.0), as the settings name it.
struct ProviderRule {
    struct RoleRule {
        std::string claim;
        std::string value;  ///< that the claim is, or holds among others
        Role role;
    };
    std::string id;    ///< in addresses: lower-case letters, digits, hyphens
    std::string name;  ///< on the button: `DfE Sign-in`
    Door door;
    std::string issuer;
    std::string clientId;
    std::string clientSecret;              ///< empty for a public client
    std::string scopes;                    ///< `openid email profile`
    std::string authorityCode;             ///< whose people it knows; empty: invitations say
    std::optional<AuthorityId> authority;  ///< of that code
    bool isSecondFactor;                   ///< it has asked for a second proof itself
    std::vector<RoleRule> roles;           ///< the first that fits; none: people come by invitation
};

/// Reads the providers' file: a JSON array. Throws Invalid with each fault at its pointer, NotFound where the
/// file or a secret's file cannot be read.
std::vector<ProviderRule> readProviders(const std::string& path);

/// Who came back from a provider.
struct ProvenPerson {
    std::string subject;
    std::string email;  ///< only where the provider says that it is verified
    std::string name;
    std::string session;  ///< the provider's name for its session; may be empty
    bool hasSecondFactor;
    std::optional<Role> role;  ///< that the claims give
};

/// Signing in with a provider: authorization code with PKCE, state and nonce.
class Provider {
public:
    Provider(ProviderRule rule, platform::HttpClient client, const values::Clock& clock)
        : rule_(std::move(rule)), client_(std::move(client)), clock_(clock) {}

    const ProviderRule& rule() const { return rule_; }

    struct Way {
        std::string nonce;
        std::string verifier;
        std::string next;
    };
    /// Sends a browser on its way; `back`: our address that it returns to. Gives where it goes. Throws
    /// Unavailable where the provider does not answer.
    std::string start(platform::Database& database, const std::string& token, const std::string& next,
                      const std::string& back);
    /// The way of a browser that returned, once: nothing for another browser, another provider, a state that
    /// is not ours, used, or older than ten minutes.
    std::optional<Way> returned(platform::Transaction& tx, const std::string& token,
                                const std::string& state) const;
    /// Exchanges the code for the provider's word. Throws Forbidden where it is not to be believed,
    /// Unavailable where there is none.
    ProvenPerson prove(const Way& way, const std::string& code, const std::string& back);
    /// Ends the sessions that a logout token names. Throws Forbidden where it is not to be believed.
    void logOut(platform::Database& database, const platform::Actor& actor, const std::string& logoutToken);

    /// The person this is here: known by subject, invited, known by a verified address, or given a role by
    /// claims. Nothing where they have no access.
    std::optional<Person> admit(platform::Transaction& tx, const People& people, const ProvenPerson& proven,
                                values::Id<Person> newId) const;

    static void removeExpired(platform::Transaction& tx);

private:
    nlohmann::json believed(const std::string& token);
    std::string metadata(const std::string& name);
    std::string keys(bool isFresh);

    ProviderRule rule_;
    platform::HttpClient client_;
    const values::Clock& clock_;
    std::mutex mutex_;
    std::string metadata_;
    values::Instant metadataAt_{};
    std::string keys_;
    values::Instant keysAt_{};
};

}  // namespace identity
