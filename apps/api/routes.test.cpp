// If these failed, a question would reach what it was not asked of, or be allowed by another one's permission.
#include "apps/api/routes.hpp"

#include <gtest/gtest.h>

#include <set>

namespace apps::api {
namespace {

TEST(ApiRoutes, EachIsThereOnceAndFindsItself) {
  std::set<std::string> seen;
  std::set<Op> ops;
  for (const Route& route : routes()) {
    EXPECT_TRUE(seen.insert(std::string(route.method) + std::string(route.path)).second);
    EXPECT_TRUE(ops.insert(route.op).second) << route.path;
    EXPECT_FALSE(route.summary.empty());
    Target target;
    for (const std::string_view name : names_of(route.path))
      target.path.emplace_back(is_open(name) ? std::string_view("X") : name);
    EXPECT_EQ(find_route(route.method, target).route, &route) << route.path;
  }
}

TEST(ApiRoutes, SayWhatAPathAnswers) {
  const auto found = [](const char* method, const char* target) {
    return find_route(method, read_target(target));
  };
  EXPECT_EQ(found("HEAD", "/v1/me").route, found("GET", "/v1/me").route);
  EXPECT_EQ(found("GET", "/v1/lots/L7").names, std::vector<std::string>{"L7"});
  const Found other = found("PATCH", "/v1/tokens");
  EXPECT_EQ(other.route, nullptr);
  EXPECT_EQ(other.allow, "GET, HEAD, POST");
  EXPECT_EQ(found("get", "/v1/me").route, nullptr) << "methods are case-sensitive (RFC 9110)";
  for (const char* none : {"/", "/v1", "/v2/me", "/v1/me/x", "/v1/lots/L7/x", "/V1/me"})
    EXPECT_EQ(found("GET", none).allow, "") << none;
}

TEST(ApiRoutes, WhatChangesSomethingIsNeverAsPermissiveAsReading) {
  using P = twin::people::Permission;
  for (const Route& route : routes()) {
    if (route.method == "GET") continue;
    EXPECT_NE(route.permission, P::None) << route.path;
    // A ticket for oneself; and looking back, which takes time and changes nothing.
    const bool own = route.path == "/v1/tickets" || route.path == "/v1/moments";
    EXPECT_EQ(route.permission == P::Read, own) << route.path;
  }
}

}  // namespace
}  // namespace apps::api
