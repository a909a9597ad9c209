// If these failed, a route could give something else than its documentation says.
#include "apps/api/gives.hpp"

#include <gtest/gtest.h>

namespace apps::api {
namespace {

const Route& route_of(Op op) {
  for (const Route& r : routes()) {
    if (r.op == op) return r;
  }
  throw std::runtime_error("no such route");
}

TEST(ApiGives, WhatTheRouteSays) {
  const Answer a = give(route_of(Op::Health), Health{.now = 5});
  EXPECT_EQ(a.body, R"({"status":"ok","now":5})");
  EXPECT_EQ(give(route_of(Op::Enter), SessionGiven{}).status, 201U);
  EXPECT_EQ(body_of<TrialAsked>(route_of(Op::TryValue), {.body = R"({"value":2})"}).value, 2.0);
}

TEST(ApiGivesDeathTest, AnythingElseIsOurMistake) {
  EXPECT_DEATH(static_cast<void>(give(route_of(Op::Health), Me{})), "Health|gives");
}

}  // namespace
}  // namespace apps::api
