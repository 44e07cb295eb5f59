// /api/v1 as a case system uses it: tokens and scopes, one record and many, repeats, tags, pages; and its
// description.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "authority/openapi.h"
#include "support/at_once.h"
#include "support/doors.h"
#include "values/errors.h"

using identity::Role;
using nlohmann::json;
using platform::Account;
using platform::Response;
using support::atOnce;
using support::header;
using support::TestHouse;
using ::testing::Each;
using ::testing::HasSubstr;

namespace {

class ApiTest : public testing::Test {
protected:
    static void SetUpTestSuite() {
        house = new TestHouse(support::Begins::delivered);
        doors = new support::Doors(*house);
        doors->add("administrator@one.example", 805, Role::authorityAdministrator);
        doors->add("administrator@two.example", 806, Role::authorityAdministrator);
        token = admit("administrator@one.example", {"records:read", "records:write", "results:read"});
    }
    static void TearDownTestSuite() {
        delete doors;
        delete house;
    }
    static std::string admit(const std::string& who, const std::vector<std::string>& scopes) {
        const auto session = doors->signIn(identity::Door::authority, who);
        values::Fields form{{"name", "Case system"}, {"ends_on", "31/12/2025"}};
        for (const auto& scope : scopes) form["scope." + scope] = "yes";
        const auto page = doors->ask(identity::Door::authority, "POST", "/systems", session, form);
        std::smatch found;
        return std::regex_search(page.body, found, std::regex("<code>([0-9a-f]{64})</code>")) ? found[1].str()
                                                                                              : "";
    }
    static Response ask(const std::string& method, const std::string& path, const json& body = json(),
                        const values::Fields& headers = {}, const values::Fields& query = {}) {
        return doors->askMachine(method, path, token, body.is_null() ? "" : body.dump(), headers, query);
    }
    static json site(const std::string& name) { return {{"service_ref", "S1"}, {"name", name}}; }
    static std::string value(const std::string& sql) {
        auto rows = house->superuser().ask(std::regex_replace(sql, std::regex("@"), house->name + "."));
        return rows.next() && !rows.isNull(0) ? rows.text(0) : "";
    }
    static void work() {
        intake::Uploads(support::temporaryFolder() + "/door-uploads")
            .work(house->as(Account::work), house->importer(), house->clock);
    }

    static inline TestHouse* house = nullptr;
    static inline support::Doors* doors = nullptr;
    static inline std::string token;
};

}  // namespace

TEST_F(ApiTest, NeedsATokenWithTheScope) {
    ASSERT_EQ(token.size(), 64U);
    const auto nobody = doors->askMachine("GET", "/api/v1/services", "");
    EXPECT_EQ(nobody.status, 401);
    EXPECT_EQ(header(nobody, "WWW-Authenticate"), "Bearer");
    EXPECT_EQ(nobody.type, "application/problem+json");
    EXPECT_EQ(doors->askMachine("GET", "/api/v1/services", std::string(64, 'a')).status, 401);
    const auto reader = admit("administrator@one.example", {"records:read"});
    EXPECT_EQ(doors->askMachine("GET", "/api/v1/services", reader).status, 200);
    EXPECT_EQ(doors->askMachine("PUT", "/api/v1/sites/X", reader, site("x").dump()).status, 403);
    EXPECT_EQ(doors->askMachine("GET", "/api/v1/results", reader).status, 403);
    EXPECT_EQ(value("SELECT COUNT(*) FROM @case_system WHERE token_hash = '" + token + "'"), "0")
        << "a hash alone is kept";
}

TEST_F(ApiTest, AddsReadsAndChangesOneRecordWithTags) {
    const auto added = ask("PUT", "/api/v1/sites/A1", site("First"));
    EXPECT_EQ(added.status, 201) << added.body;
    const auto tag = header(added, "ETag");
    const auto read = ask("GET", "/api/v1/sites/A1");
    EXPECT_EQ(json::parse(read.body), (json{{"site_ref", "A1"}, {"service_ref", "S1"}, {"name", "First"}}));
    EXPECT_EQ(header(read, "ETag"), tag);
    EXPECT_EQ(ask("GET", "/api/v1/sites/A1", {}, {{"if-none-match", tag}}).status, 304);
    EXPECT_EQ(ask("PUT", "/api/v1/sites/A1", site("Second"), {{"if-match", tag}}).status, 200);
    const auto stale = ask("PUT", "/api/v1/sites/A1", site("Third"), {{"if-match", tag}});
    EXPECT_EQ(stale.status, 412);
    EXPECT_EQ(ask("PUT", "/api/v1/sites/A1", site("Third"), {{"if-none-match", "*"}}).status, 422);
    EXPECT_EQ(ask("PUT", "/api/v1/sites/A2", site("New"), {{"if-match", "\"x\""}}).status, 404);
    EXPECT_EQ(json::parse(ask("PUT", "/api/v1/sites/A1",
                              {{"service_ref", "S1"}, {"name", "Second"}, {"area", "North"}})
                              .body)["area"],
              "North");
    EXPECT_EQ(json::parse(ask("PUT", "/api/v1/sites/A1", site("Fourth")).body)["area"], "North")
        << "left out, it stays";
    EXPECT_FALSE(json::parse(ask("PUT", "/api/v1/sites/A1",
                                 {{"service_ref", "S1"}, {"name", "Fifth"}, {"area", nullptr}})
                                 .body)
                     .contains("area"));
    EXPECT_EQ(value("SELECT actor FROM @audit_entry WHERE action = 'site created' AND subject = 'A1'"),
              "system Case system");
}

TEST_F(ApiTest, LosesNothingOfEightWhoChangeOneRecordAtOnce) {
    ASSERT_EQ(ask("PUT", "/api/v1/sites/Race", site("0")).status, 201);
    const auto writing = [](int) {
        for (int done = 0; done < 3;) {
            const auto seen = ask("GET", "/api/v1/sites/Race");
            const auto next = std::stoi(json::parse(seen.body)["name"].get<std::string>()) + 1;
            const auto answer = ask("PUT", "/api/v1/sites/Race", site(std::to_string(next)),
                                    {{"if-match", header(seen, "ETag")}});
            if (answer.status == 200) ++done;
            else if (answer.status != 412) return answer.status;
        }
        return 200;
    };
    EXPECT_THAT(atOnce<int>(8, writing), Each(200));
    EXPECT_EQ(value("SELECT name FROM @site WHERE reference = 'Race'"), "24");
    EXPECT_EQ(value("SELECT COUNT(*) FROM @audit_entry WHERE action = 'site changed' AND subject = 'Race'"),
              "24");
}

TEST_F(ApiTest, GivesAReferenceToOneOfEightWhoAddItAtOnce) {
    const auto answers = atOnce<int>(8, [](int i) {
        return ask("PUT", "/api/v1/sites/Only", site(std::to_string(i)), {{"if-none-match", "*"}}).status;
    });
    EXPECT_EQ(std::ranges::count(answers, 201), 1);
    EXPECT_EQ(std::ranges::count_if(answers, [](int status) { return status == 412 || status == 422; }), 7);
    EXPECT_EQ(
        value("SELECT GROUP_CONCAT(action) FROM @audit_entry WHERE subject = 'Only' AND action LIKE 'site%'"),
        "site created");
}

TEST_F(ApiTest, TakesANewProviderFromEightWhoNameItAtOnce) {
    const auto answers = atOnce<int>(8, [](int i) {
        return ask("PUT", "/api/v1/services/New" + std::to_string(i),
                   {{"intervention", "kinship-navigator"},
                    {"name", "N"},
                    {"provider", "Brand new"},
                    {"stage", "full"},
                    {"started_on", "2025-04-01"}})
            .status;
    });
    EXPECT_THAT(answers, Each(201));
    EXPECT_EQ(value("SELECT COUNT(*) FROM @provider WHERE name = 'Brand new'"), "1");
}

TEST_F(ApiTest, NamesEachProblemAtItsMember) {
    const auto refused = ask("PUT", "/api/v1/sites/B1", {{"service_ref", "S999"}, {"name", ""}});
    EXPECT_EQ(refused.status, 422);
    const auto problem = json::parse(refused.body);
    EXPECT_EQ(problem["type"], "/problems/invalid");
    std::set<std::string> places;
    for (const auto& error : problem["errors"]) places.insert(error["pointer"]);
    EXPECT_EQ(places, (std::set<std::string>{"/service_ref", "/name"}));
    EXPECT_EQ(ask("PUT", "/api/v1/sites/B1", {{"nmae", "x"}}).status, 422);
    EXPECT_EQ(doors->askMachine("PUT", "/api/v1/sites/B1", token, "not json").status, 400);
    EXPECT_EQ(
        ask("PUT", "/api/v1/sites/B1", {{"site_ref", "other"}, {"service_ref", "S1"}, {"name", "x"}}).status,
        422);
    EXPECT_EQ(ask("GET", "/api/v1/unheard-of").status, 404);
}

TEST_F(ApiTest, DoesARequestWithAKeyOnce) {
    const values::Fields key{{"idempotency-key", "k-1"}};
    EXPECT_EQ(ask("PUT", "/api/v1/sites/K1", site("Once"), key).status, 201);
    EXPECT_EQ(ask("PUT", "/api/v1/sites/K1", site("Once"), key).status, 201) << "the same answer";
    EXPECT_EQ(value("SELECT COUNT(*) FROM @audit_entry WHERE action LIKE 'site %' AND subject = 'K1'"), "1");
    EXPECT_EQ(ask("PUT", "/api/v1/sites/K1", site("Another"), key).status, 422) << "a key is for one request";
}

TEST_F(ApiTest, GoesThroughAllByPages) {
    std::set<std::string> seen;
    values::Fields query{{"limit", "7"}};
    for (int page = 0; page < 100; ++page) {
        const auto answer = json::parse(ask("GET", "/api/v1/episodes", {}, {}, query).body);
        for (const auto& one : answer["data"]) {
            EXPECT_TRUE(seen.insert(one["episode_ref"]).second);
            EXPECT_FALSE(one.contains("child_ref"));
        }
        if (answer["next"].is_null()) break;
        const std::string next = answer["next"];
        query["after"] = next.substr(next.rfind("after=") + 6);
    }
    EXPECT_EQ(std::to_string(seen.size()), value("SELECT COUNT(*) FROM @episode WHERE authority_id = 805"));
    EXPECT_EQ(ask("GET", "/api/v1/episodes", {}, {}, {{"limit", "501"}}).status, 422);
}

TEST_F(ApiTest, TakesManyRecordsAsLines) {
    std::string lines;
    for (int i = 0; i < 50; ++i)
        lines += json{{"site_ref", "N" + std::to_string(i)}, {"service_ref", "S1"}, {"name", "Site"}}.dump() +
                 "\n";
    const auto taken =
        doors->askMachine("POST", "/api/v1/sites", token, lines, {{"idempotency-key", "bulk-1"}});
    EXPECT_EQ(taken.status, 202) << taken.body;
    const auto place = header(taken, "Location");
    EXPECT_EQ(
        header(doors->askMachine("POST", "/api/v1/sites", token, lines, {{"idempotency-key", "bulk-1"}}),
               "Location"),
        place);
    work();
    const auto state = json::parse(ask("GET", place).body);
    EXPECT_EQ(state["state"], "stored") << state.dump();
    EXPECT_EQ(state["report"]["created"], 50);
    EXPECT_EQ(value("SELECT COUNT(*) FROM @site WHERE reference LIKE 'N%' AND authority_id = 805"), "50");
    const auto bad =
        doors->askMachine("POST", "/api/v1/sites", token,
                          lines + R"({"site_ref":"Z1","service_ref":"S999","name":"x"})" + "\n[]\n");
    work();
    const auto refused = json::parse(ask("GET", header(bad, "Location")).body);
    EXPECT_EQ(refused["state"], "refused");
    EXPECT_EQ(refused["report"]["found"], 2);
    EXPECT_EQ(refused["report"]["problems"][0]["row"], 52);
}

TEST_F(ApiTest, KeepsReviewsWithTheirItems) {
    const auto list = json::parse(ask("GET", "/api/v1/fidelity_reviews", {}, {}, {{"limit", "1"}}).body);
    auto review = list["data"][0];
    const std::string reference = review["review_ref"];
    EXPECT_TRUE(review.contains("checklist"));
    const auto same = ask("PUT", "/api/v1/fidelity_reviews/" + reference, review);
    EXPECT_EQ(same.status, 200) << same.body;
    for (auto& [name, member] : review.items())
        if (name.rfind("item_", 0) == 0) member = "0";
    EXPECT_EQ(ask("PUT", "/api/v1/fidelity_reviews/" + reference, review).status, 200);
    EXPECT_EQ(json::parse(ask("GET", "/api/v1/fidelity_reviews/" + reference).body), review);
}

TEST_F(ApiTest, ReachesNothingOfAnotherAuthority) {
    const auto other = admit("administrator@two.example", {"records:read", "records:write", "results:read"});
    EXPECT_EQ(doors->askMachine("GET", "/api/v1/services/S1", other).status, 404);
    EXPECT_EQ(json::parse(doors->askMachine("GET", "/api/v1/episodes", other).body)["data"].size(), 0U);
    EXPECT_EQ(doors->askMachine("PUT", "/api/v1/sites/S", other, site("x").dump()).status, 422)
        << "the service is not theirs";
    EXPECT_EQ(json::parse(doors->askMachine("GET", "/api/v1/results", other).body)["services"].size(), 0U);
}

TEST_F(ApiTest, EndsWithItsRevocationAndItsLastDay) {
    const auto brief = admit("administrator@one.example", {"records:read"});
    const auto session = doors->signIn(identity::Door::authority, "administrator@one.example");
    const auto page = doors->ask(identity::Door::authority, "GET", "/systems", session).body;
    EXPECT_THAT(page, HasSubstr("/revoke"));
    const auto id =
        value("SELECT LOWER(HEX(id)) FROM @case_system WHERE token_hash = UNHEX(SHA2('" + brief + "', 256))");
    const auto revoke = [&] {
        return doors->ask(identity::Door::authority, "POST", "/systems/" + id + "/revoke", session,
                          {{"submission", house->ids.next<Response>().text()},
                           {"form_token", identity::Sessions::formToken(session)}});
    };
    EXPECT_EQ(doors->askMachine("GET", "/api/v1/services", brief).status, 200);
    EXPECT_EQ(revoke().status, 303);
    EXPECT_EQ(revoke().status, 409);
    EXPECT_EQ(doors->askMachine("GET", "/api/v1/services", brief).status, 401);
}

TEST_F(ApiTest, IsLimitedInAMinute) {
    const auto busy = admit("administrator@one.example", {"records:read"});
    int refused = 0;
    for (int i = 0; i < 650; ++i) {
        const auto answer = doors->askMachine("GET", "/api/v1/sites/none", busy);
        if (answer.status != 429) continue;
        ++refused;
        EXPECT_EQ(header(answer, "Retry-After"), "60");
    }
    EXPECT_GT(refused, 0);
    EXPECT_EQ(ask("GET", "/api/v1/services").status, 200) << "another system is not held up";
}

/// Every operation that the description names is asked for, and answers with a status that it names.
TEST_F(ApiTest, DoesWhatItsDescriptionSays) {
    const auto text = doors->askMachine("GET", "/api/v1/openapi.json", "");
    EXPECT_EQ(text.status, 200);
    support::expectGolden("openapi.json", text.body);
    const auto document = json::parse(text.body);
    EXPECT_EQ(document["openapi"], "3.1.0");
    int asked = 0;
    for (const auto& [pattern, operations] : document["paths"].items())
        for (const auto& [method, operation] : operations.items()) {
            if (method == "parameters") continue;
            auto path = std::regex_replace(pattern, std::regex("\\{key\\}"), "no-such-record");
            path = std::regex_replace(path, std::regex("\\{upload\\}"), std::string(32, '0'));
            std::string upper = method;
            for (auto& c : upper) c = static_cast<char>(std::toupper(c));
            for (const bool hasToken : {true, false}) {
                const auto answer = doors->askMachine(upper, path, hasToken ? token : "",
                                                      method == "put"    ? "{}"
                                                      : method == "post" ? "{}\n"
                                                                         : "",
                                                      {}, {{"checklist", "support-visit"}});
                EXPECT_TRUE(operation["responses"].contains(std::to_string(answer.status)))
                    << method << " " << path << " gave " << answer.status << " " << answer.body;
                ++asked;
            }
        }
    EXPECT_GT(asked, 100);
}
