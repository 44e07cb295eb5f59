#include "identity/signed_token.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

using identity::claimsOf;
using identity::TokenFault;
using nlohmann::json;

namespace {

/// RFC 7515, appendices A.2 and A.3: tokens that others signed, with the public keys.
const std::string kKeys = R"({"keys": [
    {"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
    {"kty": "RSA", "e": "AQAB", "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"}]})";
const std::string kPayload =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
const std::string kRs256 =
    "eyJhbGciOiJSUzI1NiJ9." + kPayload +
    ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
    "O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_"
    "nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-"
    "eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_"
    "IoypGlUPQGe77Rw";
const std::string kEs256 =
    "eyJhbGciOiJFUzI1NiJ9." + kPayload +
    ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

json good() {
    return {{"iss", "https://p.example"}, {"aud", "us"}, {"iat", 1000}, {"exp", 2000}, {"sub", "x"}};
}
constexpr long kNow = 1500;
bool isRight(const json& claims, long now = kNow) {
    try {
        identity::checkClaims(claims, {"https://p.example", "us", now});
        return true;
    } catch (const TokenFault&) {
        return false;
    }
}

}  // namespace

TEST(SignedToken, IsBelievedUnderTheKeyThatSignedIt) {
    EXPECT_EQ(claimsOf(kRs256, kKeys)["iss"], "joe");
    EXPECT_EQ(claimsOf(kEs256, kKeys)["iss"], "joe");
}

TEST(SignedToken, IsNotBelievedOnceAnyPartIsChanged) {
    for (const auto& token : {kRs256, kEs256})
        for (std::size_t i = 0; i + 2 < token.size();
             i += 3) {  // the last character has bits that mean nothing
            auto changed = token;
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            EXPECT_THROW(claimsOf(changed, kKeys), TokenFault) << i;
        }
}

TEST(SignedToken, HasOneOfTwoAlgorithmsAndTheKeyOfItsKind) {
    for (const auto* header : {"eyJhbGciOiJub25lIn0", "eyJhbGciOiJIUzI1NiJ9", "eyJhbGciOiJQUzI1NiJ9"})
        EXPECT_THROW(claimsOf(std::string(header) + "." + kPayload + ".AAAA", kKeys), TokenFault) << header;
    EXPECT_THROW(claimsOf("eyJhbGciOiJub25lIn0." + kPayload + ".", kKeys), TokenFault);
    EXPECT_THROW(claimsOf(kRs256, R"({"keys": []})"), identity::UnknownKey);
    auto keys = json::parse(kKeys);
    keys["keys"][1]["use"] = "enc";
    EXPECT_THROW(claimsOf(kRs256, keys.dump()), TokenFault) << "a key for something else";
    keys["keys"][1]["use"] = "sig";
    keys["keys"][1]["kid"] = "named";
    EXPECT_THROW(claimsOf(kRs256, keys.dump()), identity::UnknownKey) << "the token names no key";
}

/// Found by fuzzing: bytes beyond ASCII passed as base 64, and broke the JSON that was made of them.
TEST(SignedToken, RefusesBytesThatAreNoBase64) {
    for (const auto& tail : {std::string(".\xff\xff\xff\xff") + "AAAA", std::string(".AA==")})
        EXPECT_THROW(claimsOf("eyJhbGciOiJSUzI1NiJ9.e30" + tail, kKeys), TokenFault);
    EXPECT_THROW(claimsOf("", kKeys), TokenFault);
    EXPECT_THROW(claimsOf("a.b", kKeys), TokenFault);
    EXPECT_THROW(claimsOf("a.b.c.d", kKeys), TokenFault);
    EXPECT_THROW(claimsOf(kRs256, "no keys"), TokenFault);
}

TEST(SignedToken, MustBeForUsFromTheIssuerAndOfNow) {
    EXPECT_TRUE(isRight(good()));
    const auto with = [](const char* name, const json& value) {
        auto claims = good();
        if (value.is_null()) claims.erase(name);
        else claims[name] = value;
        return claims;
    };
    for (const auto& [name, value] : std::vector<std::pair<const char*, json>>{{"iss", "https://q.example"},
                                                                               {"iss", nullptr},
                                                                               {"aud", "them"},
                                                                               {"aud", nullptr},
                                                                               {"aud", {"them", "others"}},
                                                                               {"aud", {"us", "them"}},
                                                                               {"exp", 1000},
                                                                               {"exp", "soon"},
                                                                               {"iat", 5000},
                                                                               {"iat", nullptr},
                                                                               {"nbf", 5000}})
        EXPECT_FALSE(isRight(with(name, value))) << name << " " << value;
    auto both = with("aud", {"us", "them"});
    both["azp"] = "us";
    EXPECT_TRUE(isRight(both));
    EXPECT_TRUE(isRight(good(), 2050)) << "clocks differ by a minute";
    EXPECT_FALSE(isRight(good(), 2070));
}
