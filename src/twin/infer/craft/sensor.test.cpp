// If these failed, a sensor would be set up as it cannot be, or its data come at the wrong time.
#include "twin/infer/craft/sensor.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"

namespace twin::infer {
namespace {

TEST(Sensor, ArrivalsAreInTheirOrder) {
  // Data of several rates would be absorbed in an order that never was.
  const std::vector<Timing> timings = {{.sensor = 0, .period = 10, .first = 5, .delay = 7},
                                       {.sensor = 1, .period = 4, .first = 0, .delay = 0}};
  const auto all = arrivals(timings, 0, 24);
  const std::vector<Arrival> expected = {{4, 4, 1, 1},   {8, 8, 1, 2},   {5, 12, 0, 0},
                                         {12, 12, 1, 3}, {16, 16, 1, 4}, {20, 20, 1, 5},
                                         {15, 22, 0, 1}, {24, 24, 1, 6}};
  EXPECT_EQ(all, expected);
}

TEST(Sensor, ArrivalsDoNotDependOnWhereOnePauses) {
  // A look at a seam would be lost or come twice.
  const std::vector<Timing> timings = {{.sensor = 0, .period = 3, .first = 2, .delay = 5},
                                       {.sensor = 1, .period = 7, .first = 0, .delay = 1}};
  const auto whole = arrivals(timings, -1, 100);
  for (core::Tick pause = 0; pause < 100; ++pause) {
    auto parts = arrivals(timings, -1, pause);
    const auto rest = arrivals(timings, pause, 100);
    parts.insert(parts.end(), rest.begin(), rest.end());
    ASSERT_EQ(parts, whole) << pause;
  }
  EXPECT_EQ(whole.front().sensor_seq, 0U);
}

TEST(Sensor, SaysWhatIsWrong) {
  const auto refused = [](const SensorTraits& t) {
    return contract::refusal([&] { check_sensor(t); });
  };
  EXPECT_EQ(refused({.name = "s"}), "accepted");
  EXPECT_EQ(refused({.name = "s", .noise = Noise::equal(0, 1.0)}),
            "sensor s shows nothing (needs a component)");
  EXPECT_EQ(refused({.name = "s", .quality = {.gross = -1.0}}),
            "sensor s: gross = -1 (must be positive; infinite: off)");
  EXPECT_EQ(refused({.name = "s", .fault = {.threshold = -1.0}}),
            "sensor s: fault threshold = -1 (must be positive; infinite: off)");
  EXPECT_EQ(refused({.name = "s", .lower = {0.0, 1.0}}),
            "sensor s has 2 lower limits for 1 components (must be as many)");
  EXPECT_EQ(refused({.name = "s", .upper = {std::numeric_limits<double>::quiet_NaN()}}),
            "upper limit of sensor s is nan");
  EXPECT_EQ(refused({.name = "s", .lower = {1.0}, .upper = {1.0}}),
            "component 0 of sensor s has limits 1 and 1 (lower first)");
  EXPECT_EQ(
      refused({.name = "s", .noise = Noise::full(Eigen::MatrixXd::Identity(1, 1)), .lower = {0.0}}),
      "sensor s has limits of detection and correlated errors (a reading that is only known to "
      "lie beyond a limit needs an error of its own) give a diagonal covariance?");
  EXPECT_EQ(refused({.name = "s", .retain = -1}),
            "sensor s is remembered for -1 ticks (at least 0)");
  EXPECT_EQ(contract::refusal([] { arrivals(std::vector<Timing>{{.period = 0}}, 0, 1); }),
            "sensor 0 looks every 0 ticks and reports after 0 (must be positive, at least 0)");
}

}  // namespace
}  // namespace twin::infer
