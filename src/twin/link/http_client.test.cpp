// If this failed, tests would take a server's silence for its answer.
#include "twin/link/http_client.hpp"

#include <gtest/gtest.h>

namespace twin::link {
namespace {

TEST(HttpClient, TakesAnswersApart) {
  const std::string answer = "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nab";
  EXPECT_EQ(status_of(answer), "404");
  EXPECT_EQ(body_of(answer), "ab");
  EXPECT_EQ(status_of(""), "none");
  EXPECT_EQ(body_of("x"), "");
}

}  // namespace
}  // namespace twin::link
