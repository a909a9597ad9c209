// If these failed, the linear twin would not be linear, or its wave would wear off.
#include "twins/toys/linear_advection.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "twin/contract/check_model.hpp"

namespace twins::toys {
namespace {

TWIN_CHECK_MODEL(LinearAdvectionModel, [] {
  return twin::contract::ModelCase<LinearAdvection<100>>{
      .model = {}, .theta = {0.7}, .draw = {.seed = 1, .member = 0}, .horizon = 150};
});

TEST(LinearAdvection, ComesRoundUnchanged) {
  // The wave would wear off or lag: after one turn at a Courant number of 1 it is as it was.
  const LinearAdvection<100> model;
  const std::vector<double> theta = {1.0};
  const auto start = model.initial(theta, {.seed = 2, .member = 0});
  auto x = start;
  model.advance(x, theta, 1, {});
  EXPECT_EQ(x.x[1], start.x[0]);
  EXPECT_EQ(x.x[0], start.x[99]);
  model.advance(x, theta, 100, {});
  EXPECT_EQ(x.x, start.x);
}

TEST(LinearAdvection, KeepsItsSumAndStartsWithVarianceOne) {
  // Mass would appear or vanish; or the published start would be another. The variance of one field
  // is chi-square with 50 degrees of freedom over 50: 1 within 5 sqrt(2/50) but once in 10^6.
  const LinearAdvection<> model;
  const std::vector<double> theta = {0.5};
  auto x = model.initial(theta, {.seed = 3, .member = 0});
  const double variance = std::inner_product(x.x.begin(), x.x.end(), x.x.begin(), 0.0) / 1000.0;
  EXPECT_NEAR(variance, 1.0, 5.0 * std::sqrt(2.0 / 50.0));
  x.x[0] += 10.0;
  const double before = std::accumulate(x.x.begin(), x.x.end(), 0.0);
  model.advance(x, theta, 500, {});
  EXPECT_NEAR(std::accumulate(x.x.begin(), x.x.end(), 0.0), before, 1e-10);
}

}  // namespace
}  // namespace twins::toys
