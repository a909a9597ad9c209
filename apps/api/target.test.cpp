// If these failed, an address could mean one thing to whoever guards the way in and another to us.
#include "apps/api/target.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"

namespace apps::api {
namespace {

std::string refused_target(const std::string& text) {
  return twin::contract::refusal([&] { static_cast<void>(read_target(text)); });
}

TEST(ApiTarget, IsNamesAndPairs) {
  EXPECT_EQ(read_target("/"), Target{});
  EXPECT_EQ(
      read_target("/v1/lots/L%2D7?a=b%26c&d=e+f&g"),
      (Target{.path = {"v1", "lots", "L-7"}, .query = {{"a", "b&c"}, {"d", "e f"}, {"g", ""}}}));
  const Target t = read_target("/v1?signal=a%2fb");
  ASSERT_NE(t.find("signal"), nullptr);
  EXPECT_EQ(*t.find("signal"), "a/b");
  EXPECT_EQ(t.find("other"), nullptr);
  EXPECT_EQ(read_target("/%2541").path[0], "%41") << "decoded twice";
  EXPECT_EQ(read_target("/?").query.size(), 0U);
}

TEST(ApiTarget, NothingClimbsOutOfAPath) {  // reliability C4, test 29
  const std::string none = "target: a name in the path that is none";
  for (const char* path :
       {"/v1/../x", "/..", "/v1/..", "/v1/./x", "/v1/%2e%2e/x", "/v1/%2E%2e", "/v1/.%2e/x",
        "/v1/lots/..%2f..%2fetc%2fpasswd", "/v1/lots/%2fetc", "/v1/lots/%5c..", "/v1/lots/%c0%ae",
        "/v1/lots/%20", "/v1/lots/-", "/v1/lots/%22"})
    EXPECT_EQ(refused_target(path), none) << path;
  const std::string empty = "target: an empty name in the path";
  for (const char* path : {"//", "//v1", "/v1//lots", "/v1/"})
    EXPECT_EQ(refused_target(path), empty) << path;
  EXPECT_EQ(refused_target("/v1/%00"), "target: holds the control character 0");
  EXPECT_EQ(refused_target("/v1?a=%0d%0aSet-Cookie:x"), "target: holds the control character 13");
  for (const char* path : {"/v1/%", "/v1/%2", "/v1/%zz", "/?a=%g0"})
    EXPECT_EQ(refused_target(path), "target: a '%' without two hexadecimal digits") << path;
  for (const std::string& path :
       {std::string("/a b"), std::string("/a\\b"), std::string("/a#b"), std::string("/\0", 2),
        std::string("/\xc3\xa4"), std::string("/\x7f")})
    EXPECT_EQ(refused_target(path), "target: holds what no target may") << path;
  for (const char* path : {"", "v1", "*", "http://x/v1", "x:443"})
    EXPECT_EQ(refused_target(path), "target: does not begin with '/'") << path;
}

TEST(ApiTarget, LimitsHold) {
  EXPECT_EQ(refused_target("/" + std::string(TargetMax, 'a')), "target: 2049 bytes (at most 2048)");
  EXPECT_EQ(refused_target("/?a=1&b=2&a=3"), "query: a name that stands there twice");
  std::string many = "/?n";
  for (int k = 0; k < 16; ++k) many += "&n" + std::to_string(k);
  EXPECT_EQ(refused_target(many), "query: more than 16 pairs");
}

}  // namespace
}  // namespace apps::api
