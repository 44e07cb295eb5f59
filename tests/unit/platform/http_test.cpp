#include "platform/http.h"

#include <Poco/Exception.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

using platform::Problem;
using platform::Request;
using platform::Response;

namespace {

Response page(const Request&, const Problem& problem) {
    return platform::htmlPage(problem.title + "|" + problem.detail, problem.status);
}

template <class Error>
Response answerOf(Error error, bool wantsJson = false) {
    Request request;
    request.id = "r1";
    request.wantsJson = wantsJson;
    return platform::answer(
        request, [&](Request&) -> Response { throw error; }, page);
}

}  // namespace

TEST(Answer, GivesEachKindOfErrorItsStatus) {
    EXPECT_EQ(answerOf(values::Invalid({{{"", 0, "email"}, "", "Enter it."}})).status, 422);
    EXPECT_EQ(answerOf(values::Forbidden("no")).status, 403);
    EXPECT_EQ(answerOf(values::NotFound("no")).status, 404);
    EXPECT_EQ(answerOf(values::Conflict("no")).status, 409);
    EXPECT_EQ(answerOf(platform::HttpProblem(413, "large")).status, 413);
    const auto away = answerOf(values::Unavailable("away"));
    EXPECT_EQ(away.status, 503);
    EXPECT_EQ(away.headers, (std::vector<std::pair<std::string, std::string>>{{"Retry-After", "5"}}));
}

TEST(Answer, TellsNothingOfOurOwnFaults) {
    for (const auto& answer :
         {answerOf(std::runtime_error("secret")), answerOf(Poco::RuntimeException("secret")), answerOf(42)}) {
        EXPECT_EQ(answer.status, 500);
        EXPECT_EQ(answer.body.find("secret"), std::string::npos);
    }
    EXPECT_EQ(answerOf(values::Unavailable("secret address")).body.find("secret"), std::string::npos);
}

TEST(Answer, SaysSomethingEvenWhereThePageOfTheProblemFails) {
    Request request;
    request.id = "r1";
    const auto answer = platform::answer(
        request, [](Request&) -> Response { throw values::NotFound("no"); },
        [](const Request&, const Problem&) -> Response { throw std::runtime_error("no template"); });
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.body, "Page not found\nRequest r1\n");
}

TEST(Answer, GivesMachinesAProblemDocument) {
    const auto answer = answerOf(
        values::Invalid({{{"episodes.csv", 14, "offered_on"}, "31/06/2025", "Use a real date."}}), true);
    EXPECT_EQ(answer.type, "application/problem+json");
    EXPECT_EQ(nlohmann::json::parse(answer.body), nlohmann::json::parse(R"({
        "type": "/problems/invalid", "title": "There is a problem with what you sent", "status": 422,
        "instance": "urn:request:r1",
        "errors": [{"detail": "Use a real date.", "pointer": "/episodes.csv/14/offered_on", "got": "31/06/2025"}]})"));
}

TEST(MatchPath, TakesPartsByName) {
    EXPECT_TRUE(platform::matchPath("/", "/"));
    EXPECT_TRUE(platform::matchPath("/services", "/services"));
    EXPECT_EQ(platform::matchPath("/services/{service}/reviews", "/services/12/reviews")->at("service"),
              "12");
    for (const auto* other : {"/services", "/services/12", "/services/12/reviews/3", "/services//reviews",
                              "/other/12/reviews", ""})
        EXPECT_FALSE(platform::matchPath("/services/{service}/reviews", other)) << other;
}

TEST(SecurityHeaders, ForbidScriptsFromElsewhere) {
    const auto& headers = platform::securityHeaders();
    const auto policy =
        std::ranges::find(headers, "Content-Security-Policy", &std::pair<std::string, std::string>::first);
    ASSERT_NE(policy, headers.end());
    EXPECT_NE(policy->second.find("default-src 'none'"), std::string::npos);
    EXPECT_EQ(policy->second.find("unsafe"), std::string::npos);
}
