// If these failed, results on Lorenz-96 could not be compared with anybody's.
#include "twins/toys/lorenz96.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/contract/check_model.hpp"
#include "twin/math/statistics.hpp"

namespace twins::toys {
namespace {

TWIN_CHECK_MODEL(Lorenz96Model, [] {
  return twin::contract::ModelCase<Lorenz96<>>{
      .model = {}, .theta = {8.0}, .draw = {.seed = 1, .member = 0}, .horizon = 300};
});

TEST(Lorenz96, RestsWhereAllEqualTheForcing) {
  // The equations would be others: x = F is a fixed point, stable for a small F.
  Lorenz96<>::State x;
  x.x.fill(0.5);
  Lorenz96<>().advance(x, std::vector<double>{0.5}, 100, {});
  for (const double v : x.x) EXPECT_EQ(v, 0.5);
}

TEST(Lorenz96, TurnsWithItsRing) {
  // A place on the ring would be treated unlike the others: shifting the start shifts the end.
  const std::vector<double> theta = {8.0};
  const Lorenz96<> model;
  const auto start = model.initial(theta, {.seed = 3, .member = 0});
  auto end = start;
  model.advance(end, theta, 200, {});
  for (std::size_t shift = 1; shift < 40; ++shift) {
    auto turned = start;
    for (std::size_t i = 0; i < 40; ++i) turned.x[(i + shift) % 40] = start.x[i];
    model.advance(turned, theta, 200, {});
    for (std::size_t i = 0; i < 40; ++i) ASSERT_EQ(turned.x[(i + shift) % 40], end.x[i]);
  }
}

TEST(Lorenz96, HasTheKnownClimate) {
  // The attractor would be another: mean 2.34 and standard deviation 3.64 at F = 8 (Lorenz, Emanuel
  // 1998, section 2, give 2.3 and 3.6). Batch means over 10,000 time units.
  const std::vector<double> theta = {8.0};
  const Lorenz96<> model;
  auto x = model.initial(theta, {.seed = 4, .member = 0});
  model.advance(x, theta, 1000, {});
  std::vector<double> means, squares;
  for (int i = 0; i < 20000; ++i) {
    model.advance(x, theta, x.now + 10, {});
    double mean = 0.0, square = 0.0;
    for (const double v : x.x) {
      mean += v / 40.0;
      square += v * v / 40.0;
    }
    means.push_back(mean);
    squares.push_back(square);
  }
  const double mean = twin::math::batch_means(means).interval.mean;
  const double deviation = std::sqrt(twin::math::batch_means(squares).interval.mean - mean * mean);
  EXPECT_NEAR(mean, 2.3, 0.05);  // half a unit of the last digit published
  EXPECT_NEAR(deviation, 3.6, 0.05);
}

}  // namespace
}  // namespace twins::toys
