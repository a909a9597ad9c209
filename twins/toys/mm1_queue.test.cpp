// If these failed, a queue would not wait as queues do, and no method could be judged on it.
#include "twins/toys/mm1_queue.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "twin/contract/check_model.hpp"
#include "twin/math/statistics.hpp"

namespace twins::toys {
namespace {

using twin::core::Tick;

static_assert(twin::core::Observes<Mm1Sensor, Mm1Queue>);

TWIN_CHECK_MODEL(Mm1QueueModel, [] {
  return twin::contract::ModelCase<Mm1Queue>{.model = {},
                                             .theta = {1.25, 1.0},
                                             .draw = {.seed = 1, .member = 0},
                                             .horizon = 200 * Mm1Queue::Unit,
                                             .next_event = Mm1Queue::next_event};
});

struct
    Known {  // steady state at load r = 0.8 with services of mean 1 (Kleinrock 1975, section 3.2)
  double length = 4.0;  // L = r / (1 - r)
  double stay = 5.0;    // W = 1 / (1 - r)
  static double share_with(int n) { return 0.2 * std::pow(0.8, n); }
};

TEST(Mm1Queue, HasItsKnownSteadyState) {
  // L, W or P(n) would be another. 64 members, each 20000 time units after 1000 of warm-up; the
  // standard error is over independent members, and z = 5 is exceeded once in 10^6 (seed 7).
  const std::vector<double> theta = {1.25, 1.0};
  const Mm1Queue model;
  constexpr int Members = 64;
  constexpr Tick From = 1000 * Mm1Queue::Unit, To = 21000 * Mm1Queue::Unit;
  twin::math::Moments length, stay;
  std::array<twin::math::Moments, 8> with;
  for (std::uint32_t m = 0; m < Members; ++m) {
    const twin::core::Draw draw{.seed = 7, .member = m};
    auto x = model.initial(theta, draw);
    model.advance(x, theta, From, draw);
    const auto begin = x;
    model.advance(x, theta, To, draw);
    const double time = static_cast<double>(To - From);
    length.add(static_cast<double>(x.length_time - begin.length_time) / time);
    stay.add(static_cast<double>(x.stayed - begin.stayed) /
             static_cast<double>(x.departed - begin.departed) / Mm1Queue::Unit);
    for (std::size_t n = 0; n < with.size(); ++n) {
      with[n].add(static_cast<double>(x.time_with[n] - begin.time_with[n]) / time);
    }
  }
  const auto near = [](const twin::math::Moments& got, double expected) {
    const double error = got.deviation() / std::sqrt(static_cast<double>(got.count()));
    EXPECT_NEAR(got.mean(), expected, 5.0 * error);
    EXPECT_LT(error, 0.03 * expected);  // sharp enough to see a wrong law
  };
  near(length, Known().length);
  near(stay, Known().stay);
  for (std::size_t n = 0; n < with.size(); ++n)
    near(with[n], Known::share_with(static_cast<int>(n)));
}

TEST(Mm1Queue, CountsWhatHappened) {
  // Its books would not agree with each other.
  const std::vector<double> theta = {1.25, 1.0};
  const twin::core::Draw draw{.seed = 2, .member = 3};
  auto x = Mm1Queue().initial(theta, draw);
  Mm1Queue().advance(x, theta, 500 * Mm1Queue::Unit, draw);
  EXPECT_EQ(x.arrived - x.departed, Mm1Queue::length(x));
  EXPECT_EQ(std::accumulate(x.time_with.begin(), x.time_with.end(), Tick{0}), x.now);
  Tick present = 0;  // Little's identity, to the tick
  for (const Tick came : x.came) present += x.now - came;
  EXPECT_EQ(x.stayed + present, x.length_time);
}

TEST(Mm1Queue, MeetsTheSameCustomersAtAnotherSpeed) {
  // Comparisons would not be on common random numbers: with services half as long the same customers
  // come at the same times.
  const twin::core::Draw draw{.seed = 2, .member = 3};
  const std::vector<double> slow = {1.25, 1.0}, fast = {1.25, 0.5};
  auto x = Mm1Queue().initial(slow, draw), y = Mm1Queue().initial(fast, draw);
  Mm1Queue().advance(x, slow, 300 * Mm1Queue::Unit, draw);
  Mm1Queue().advance(y, fast, 300 * Mm1Queue::Unit, draw);
  EXPECT_EQ(x.arrived, y.arrived);
  EXPECT_LT(y.stayed, x.stayed);
}

TEST(Mm1Sensor, SharesOneLawBetweenDataAndLikelihood) {
  // Particle methods would weigh by another law than the data's: the probabilities of all counts sum to
  // one, and what observe() shows is as frequent as they say (seed 3; five standard errors).
  Mm1Queue::State x;
  x.came.assign(6, 0);
  x.departed = 40;
  const Mm1Sensor sensor(0.7, 2.0);
  std::array<double, 7> p{};
  const double density = -twin::math::log(2.0) - 0.91893853320467274178;  // at a count of 40
  for (std::size_t n = 0; n < 7; ++n) {
    const std::array<double, 2> y = {static_cast<double>(n), 40.0};
    p[n] = twin::math::exp(sensor.log_likelihood(x, y) - density);
  }
  EXPECT_NEAR(std::accumulate(p.begin(), p.end(), 0.0), 1.0, 1e-13);
  EXPECT_NEAR(p[6], std::pow(0.7, 6), 1e-14);
  constexpr std::uint32_t Looks = 20000;
  std::array<double, 7> frequency{};
  twin::math::Moments counted;
  for (std::uint32_t i = 0; i < Looks; ++i) {
    const auto y = sensor.observe(x, {.seed = 3, .member = 0}, i);
    frequency[static_cast<std::size_t>(y[0])] += 1.0 / Looks;
    counted.add(y[1]);
  }
  for (std::size_t n = 0; n < 7; ++n) {
    EXPECT_NEAR(frequency[n], p[n], 5.0 * std::sqrt(p[n] * (1.0 - p[n]) / Looks)) << n;
  }
  EXPECT_NEAR(counted.mean(), 40.0, 5.0 * 2.0 / std::sqrt(1.0 * Looks));
  EXPECT_NEAR(counted.variance(), 4.0, 5.0 * 4.0 * std::sqrt(2.0 / Looks));
}

TEST(Mm1Sensor, GivesTheImpossibleNoChance) {
  // More customers seen than there are would pass.
  Mm1Queue::State x;
  x.came.assign(2, 0);
  const Mm1Sensor sensor(0.7, 2.0);
  for (const double seen : {3.0, -1.0, 0.5}) {
    EXPECT_EQ(sensor.log_likelihood(x, std::array<double, 2>{seen, 0.0}),
              -std::numeric_limits<double>::infinity());
  }
}

}  // namespace
}  // namespace twins::toys
