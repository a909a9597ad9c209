// If these failed, what is tested with the example twins would be tested on other moments than stated.
#include "twin/infer/craft/example_twins.hpp"

#include <gtest/gtest.h>

namespace twin::infer {
namespace {

TEST(ExampleTwins, CartsHaveTheMomentsTheySay) {
  const Cart model;
  auto belief = carts();
  Exact exact;
  EXPECT_LT((covariance_of(rows(belief)) - exact.p).norm(), 1e-12);
  for (core::Tick t = 1; t <= 3; ++t) {
    exact.step();
    for (auto& x : belief.x) model.advance(x, {}, t, {});
    EXPECT_LT((rows(belief).rowwise().mean() - exact.m).norm(), 1e-12);
    EXPECT_LT((covariance_of(rows(belief)) - exact.p).norm(), 1e-12);
  }
}

}  // namespace
}  // namespace twin::infer
