// If these failed, a run that failed would poison an emulator, or one would be asked far from its runs.
#include "twin/infer/emulate/simulated_runs.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "twin/contract/refusal.hpp"

namespace twin::infer {
namespace {

constexpr double NoValue = std::numeric_limits<double>::quiet_NaN();

TEST(SimulatedRuns, ThoseThatFailedAreLeftOutAndCounted) {
  const std::vector<double> x = {0, 1, 2, 3, 4, 5, 6, 7}, y = {1, NoValue, 3, 1 / 0.0},
                            noise = {0.1, NoValue, 0.3, 0.4};
  const KeptRuns kept = kept_runs({.x = x, .y = y, .noise = noise}, 2);
  EXPECT_EQ(kept.failed, 2U);
  ASSERT_EQ(kept.y.size(), 2);
  EXPECT_EQ(kept.x(1, 0), 4.0);
  EXPECT_EQ(kept.x(1, 1), 5.0);
  EXPECT_EQ(kept.y[1], 3.0);
  EXPECT_EQ(kept.noise[1], 0.3);
  EXPECT_EQ(kept_runs({.x = x, .y = y}, 2).noise, Eigen::VectorXd::Zero(2));
}

TEST(SimulatedRuns, SaysWhatCannotBe) {
  const auto why = [](std::vector<double> x, std::vector<double> y, std::vector<double> noise,
                      std::size_t inputs) {
    return contract::refusal([&] { (void)kept_runs({.x = x, .y = y, .noise = noise}, inputs); });
  };
  EXPECT_EQ(why({1}, {1}, {}, 0), "an emulator of no inputs");
  EXPECT_EQ(why({1, 2, 3}, {1}, {}, 2), "3 numbers for points of 2 inputs");
  EXPECT_EQ(why({1, 2, 3, NoValue}, {1, 2}, {}, 2), "point 1 has nan as input 1 (must be finite)");
  EXPECT_EQ(why({1, 2}, {1}, {}, 1),
            "2 points with 1 outputs and 0 noises (as many, or no noises)");
  EXPECT_EQ(why({1}, {1}, {1, 2}, 1),
            "1 points with 1 outputs and 2 noises (as many, or no noises)");
  EXPECT_EQ(why({1}, {1}, {-1}, 1), "run 0 has a noise of -1 (a variance)");
  EXPECT_EQ(contract::refusal([] {
              (void)point_of_row(std::vector<double>{1, 2}, 1);
            }),
            "2 numbers for a point of 1 inputs");
  EXPECT_EQ(contract::refusal([] { (void)RunBox(Eigen::MatrixXd(0, 2)); }), "no run has a value");
}

TEST(RunBox, HoldsWhatIsNear) {
  Eigen::MatrixXd x(3, 2);
  x << 0, 10, 1, 30, 0.5, 20;
  RunBox box(x);
  EXPECT_TRUE(box.holds(Eigen::Vector2d(1.1, 8.0), 0.1));
  EXPECT_FALSE(box.holds(Eigen::Vector2d(1.1, 8.0), 0.09));
  EXPECT_FALSE(box.holds(Eigen::Vector2d(0.5, 33.0), 0.1));
  box.hold(Eigen::Vector2d(0.5, 33.0));
  EXPECT_TRUE(box.holds(Eigen::Vector2d(0.5, 33.0), 0.0));
}

TEST(TrendBasis, RunsFromMinusOneToOneOverTheBox) {
  Eigen::MatrixXd x(2, 2);
  x << 2, 7, 6, 7;
  const RunBox box(x);
  EXPECT_EQ(TrendBasis(Trend::Constant, box).of(x), Eigen::MatrixXd::Ones(2, 1));
  Eigen::MatrixXd linear(2, 3);
  linear << 1, -1, 0, 1, 1, 0;
  EXPECT_EQ(TrendBasis(Trend::Linear, box).of(x), linear);
  EXPECT_EQ(TrendBasis(Trend::Linear, box).size(), 3);
}

}  // namespace
}  // namespace twin::infer
