#include "platform/request_head.h"

#include <gtest/gtest.h>

#include <string>

using platform::judgeHead;
using platform::RequestHead;

namespace {
int statusOf(const std::string& text) {
    RequestHead head;
    const auto fault = judgeHead(text, head);
    return fault ? fault->status : 200;
}
const std::string kPost = "POST /a HTTP/1.1\r\nHost: x\r\n";
}  // namespace

TEST(RequestHead, TellsHowLongTheBodyIs) {
    RequestHead head;
    EXPECT_FALSE(judgeHead(kPost + "Content-Length: 12\r\nExpect: 100-continue\r\n\r\n", head));
    EXPECT_EQ(head.contentLength, 12U);
    EXPECT_TRUE(head.waitsToContinue);
    EXPECT_FALSE(head.isChunked);
    EXPECT_FALSE(judgeHead(kPost + "Transfer-Encoding: Chunked\r\n\r\n", head));
    EXPECT_TRUE(head.isChunked);
    EXPECT_FALSE(judgeHead("GET /a?b=%20 HTTP/1.0\r\n\r\n", head)) << "the oldest requests name no host";
}

/// What two servers in a row may read differently lets one request hide in another.
TEST(RequestHead, IsRefusedWhereItCanBeReadInTwoWays) {
    for (const auto* rest :
         {"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 4\r\nContent-Length: 5\r\n",
          "Content-Length: 4\r\nContent-Length: 4\r\n", "Content-Length: +4\r\n", "Content-Length: 4,4\r\n",
          "Content-Length: 0x4\r\n", "Content-Length:\r\n", "Content-Length: 99999999999999999999\r\n",
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "Transfer-Encoding: xchunked\r\n",
          "Transfer-Encoding: chunked, identity\r\n", "Transfer-Encoding : chunked\r\n",
          "Transfer-Encoding\r\n", "X: a\r\n b\r\n", "X: a\nTransfer-Encoding: chunked\r\n", "X: a\rb\r\n",
          "Host: y\r\n", "X\x0b: a\r\n", ": a\r\n"})
        EXPECT_EQ(statusOf(kPost + rest + "\r\n"), 400) << rest;
    EXPECT_EQ(statusOf("POST /a HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
    EXPECT_EQ(statusOf("GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n"), 400);
    EXPECT_EQ(statusOf("GET /a HTTP/1.1\r\n\r\n"), 400) << "no host";
    EXPECT_EQ(statusOf(std::string("GET /a HTTP/1.1\r\nHost: x\r\nX: a") + '\0' + "b\r\n\r\n"), 400);
}

TEST(RequestHead, HasAnAddressOfOursAndAKnownVersion) {
    for (const auto* line : {"GET http://x/a HTTP/1.1", "GET a HTTP/1.1", "GET  /a HTTP/1.1",
                             "GET /a b HTTP/1.1", "GET /\xc3\xa9 HTTP/1.1", "GET /a", "G@T /a HTTP/1.1",
                             " GET / HTTP/1.1", "CONNECT x:443 HTTP/1.1", ""})
        EXPECT_EQ(statusOf(std::string(line) + "\r\nHost: x\r\n\r\n"), 400) << line;
    EXPECT_EQ(statusOf("GET / HTTP/3.0\r\nHost: x\r\n\r\n"), 505);
    EXPECT_EQ(statusOf("GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n"), 414);
}

TEST(RequestHead, HasAHundredHeadersAtMost) {
    std::string headers;
    for (int i = 0; i < 99; ++i) headers += "X" + std::to_string(i) + ": a\r\n";
    EXPECT_EQ(statusOf(kPost + headers + "\r\n"), 200);
    EXPECT_EQ(statusOf(kPost + headers + "Y: a\r\n\r\n"), 431);
}
