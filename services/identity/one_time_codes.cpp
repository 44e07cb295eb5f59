#include "identity/one_time_codes.h"

#include <liboath/oath.h>

#include <Poco/URI.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <stdexcept>

#include "platform/digest.h"

namespace identity {
namespace {

using platform::Account;
using platform::kDoors;
using platform::Statement;
using platform::Transaction;

const Statement kSelectSecret("select secret of one-time codes", kDoors,
                              "SELECT code_secret, code_counter FROM person WHERE id = ? FOR UPDATE");
const Statement kForgetAll("forget everybody's one-time codes", platform::Account::admin,
                           "UPDATE person SET code_secret = NULL");
const Statement kUseCode("use one-time code", kDoors, "UPDATE person SET code_counter = ? WHERE id = ?");
const Statement kSetSecret("set secret of one-time codes", kDoors | Account::admin,
                           "UPDATE person SET code_secret = ?, code_counter = ? WHERE id = ?");
const Statement kDeleteRecovery("delete recovery codes", kDoors | Account::admin,
                                "DELETE FROM recovery_code WHERE person_id = ?");
const Statement kInsertRecovery("insert recovery code", kDoors | Account::admin,
                                "INSERT INTO recovery_code (person_id, code_hash) VALUES (?, ?)");
const Statement kUseRecovery("use recovery code", kDoors,
                             "DELETE FROM recovery_code WHERE person_id = ? AND code_hash = ?");
const Statement kCountRecovery("count recovery codes", kDoors,
                               "SELECT COUNT(*) FROM recovery_code WHERE person_id = ?");

constexpr unsigned kStep = 30;
constexpr unsigned kDigits = 6;
constexpr std::size_t kSecretBytes = 20;
constexpr std::size_t kWindow = 1;
constexpr int kRecoveryCodes = 10;
constexpr std::size_t kRecoveryBytes = 10;  // 80 bits: nobody guesses one, so a plain hash keeps it

std::string base32(const std::string& bytes) {
    char* out = nullptr;
    std::size_t length = 0;
    if (oath_base32_encode(bytes.data(), bytes.size(), &out, &length) != OATH_OK)
        throw std::runtime_error("a secret cannot be written in base 32");
    std::string text(out, length);
    std::free(out);  // NOLINT: the library allocates it
    std::erase(text, '=');
    return text;
}

std::string bytesOf(const std::string& secret) {
    char* out = nullptr;
    std::size_t length = 0;
    if (oath_base32_decode(secret.data(), secret.size(), &out, &length) != OATH_OK)
        throw std::runtime_error("a secret is not base 32");
    std::string bytes(out, length);
    std::free(out);  // NOLINT: the library allocates it
    return bytes;
}

/// What someone typed: digits and letters, whatever stands between them.
std::string typed(const std::string& code) {
    std::string out;
    for (const char c : code)
        if (std::isalnum(static_cast<unsigned char>(c)) != 0)
            out += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return out;
}

std::time_t secondsOf(values::Instant at) {
    return std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
}

/// The counter of the half minute that the code belongs to; nothing where it belongs to none near by.
std::optional<std::int64_t> counterOf(const std::string& secret, const std::string& code,
                                      values::Instant at) {
    if (code.size() != kDigits ||
        !std::ranges::all_of(code, [](unsigned char c) { return std::isdigit(c) != 0; }))
        return std::nullopt;
    const auto bytes = bytesOf(secret);
    int position = 0;
    std::uint64_t counter = 0;
    if (oath_totp_validate3(bytes.data(), bytes.size(), secondsOf(at), kStep, 0, kWindow, &position, &counter,
                            code.c_str()) < 0)
        return std::nullopt;
    return static_cast<std::int64_t>(counter);
}

std::string recoveryHash(const std::string& code) { return platform::sha256("recovery|" + code); }

std::string grouped(const std::string& code) {
    std::string out;
    for (std::size_t i = 0; i < code.size(); ++i) out += (i > 0 && i % 4 == 0 ? "-" : "") + code.substr(i, 1);
    return out;
}

}  // namespace

std::string OneTimeCodes::secretFor(const std::string& token) const {
    return base32(platform::hmacSha256(key_, "codes|" + token).substr(0, kSecretBytes));
}

std::string OneTimeCodes::address(const std::string& secret, const Person& person) {
    std::string label;
    Poco::URI::encode("Plumbline:" + person.email, "?#/&=", label);
    return "otpauth://totp/" + label + "?secret=" + secret + "&issuer=Plumbline";
}

std::vector<std::string> OneTimeCodes::begin(Transaction& tx, const Person& person, const std::string& secret,
                                             const std::string& code) const {
    const auto counter = counterOf(secret, typed(code), tx.now());
    if (!counter) return {};
    tx.run(kSetSecret, platform::sealedUnder(key_, secret), *counter, person.id);
    tx.audit("one-time codes set up", person.email);
    return renewRecovery(tx, person);
}

std::vector<std::string> OneTimeCodes::renewRecovery(Transaction& tx, const Person& person) const {
    tx.run(kDeleteRecovery, person.id);
    std::vector<std::string> codes;
    for (int i = 0; i < kRecoveryCodes; ++i) {
        std::array<std::uint8_t, kRecoveryBytes> bytes{};
        platform::fillRandom(bytes);
        const auto code = base32({bytes.begin(), bytes.end()});
        tx.run(kInsertRecovery, person.id, recoveryHash(code));
        codes.push_back(grouped(code));
    }
    tx.audit("recovery codes made", person.email);
    return codes;
}

bool OneTimeCodes::check(Transaction& tx, const Person& person, const std::string& code) const {
    auto rows = tx.query(kSelectSecret, person.id);
    if (!rows.next() || rows.isNull(0)) return false;
    const auto secret = platform::openedUnder(key_, rows.text(0));
    if (!secret) throw std::runtime_error("a secret of one-time codes was sealed with another key");
    const auto given = typed(code);
    if (const auto counter = counterOf(*secret, given, tx.now()); counter && *counter > rows.number(1)) {
        tx.run(kUseCode, *counter, person.id);
        return true;
    }
    if (tx.run(kUseRecovery, person.id, recoveryHash(given)) == 0) return false;
    tx.audit("recovery code used", person.email);
    return true;
}

std::int64_t OneTimeCodes::recoveryCodesLeft(Transaction& tx, const Person& person) {
    auto rows = tx.query(kCountRecovery, person.id);
    return rows.next() ? rows.number(0) : 0;
}

void OneTimeCodes::forgetAll(platform::Transaction& tx) { tx.run(kForgetAll); }

std::string OneTimeCodes::codeOf(const std::string& secret, values::Instant at) {
    const auto bytes = bytesOf(secret);
    std::array<char, kDigits + 1> out{};
    if (oath_totp_generate(bytes.data(), bytes.size(), secondsOf(at), kStep, 0, kDigits, out.data()) !=
        OATH_OK)
        throw std::runtime_error("a one-time code cannot be made");
    return out.data();
}

}  // namespace identity
