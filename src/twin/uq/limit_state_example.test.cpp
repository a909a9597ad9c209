// If this failed, samplers would be held against events that are not what their names say.
#include "twin/uq/limit_state_example.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace twin::uq::example {
namespace {

TEST(LimitStateExample, TheMiddleIsNoEvent) {
  for (const KnownEvent& e : known_events()) {
    EXPECT_GT(e.g(std::vector<double>(e.inputs, 0.0)), 0.0) << e.name;
    EXPECT_GT(e.probability, 0.0);
    EXPECT_LT(e.probability, 0.1);
  }
}

}  // namespace
}  // namespace twin::uq::example
