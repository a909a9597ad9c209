// If these failed, observations would move what they cannot know of, or miss what they can.
#include "twin/infer/craft/reach.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/infer/ensemble/taper.hpp"

namespace twin::infer {
namespace {

TEST(Reach, IsTheTaperOfTheDistance) {
  // A variable would be moved more or less than its distance allows.
  const Eigen::Vector2d places(0.0, 9.5);
  const auto reaches = ring_reaches(10, places, {.half_support = 2.0, .least_weight = 1e-3});
  ASSERT_EQ(reaches.size(), 2U);
  EXPECT_EQ(reaches[0].variables, (std::vector<Eigen::Index>{0, 1, 2, 3, 7, 8, 9}));
  for (std::size_t i = 0; i < reaches[0].variables.size(); ++i) {
    const double d = ring_distance(0.0, static_cast<double>(reaches[0].variables[i]), 10.0);
    EXPECT_EQ(reaches[0].weights[i], gaspari_cohn(d, 2.0));
  }
  EXPECT_EQ(reaches[0].observations, (std::vector<Eigen::Index>{0, 1}));
  EXPECT_EQ(reaches[0].observation_weights[0], 1.0);
  EXPECT_EQ(reaches[0].observation_weights[1], gaspari_cohn(0.5, 2.0));
}

TEST(Reach, SaysWhatIsWrong) {
  // A mistaken distance would switch the localisation off unseen.
  const Eigen::Vector2d places(0.0, 1.0);
  EXPECT_EQ(contract::refusal([&] { ring_reaches(4, places, {.half_support = 0.0}); }),
            "half support = 0 of the localisation (must be positive)");
  const Eigen::Vector2d nowhere(0.0, std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(contract::refusal([&] { ring_reaches(4, nowhere, {.half_support = 1.0}); }),
            "a distance is nan (must be at least 0)");
  const auto refused = [](const Reach& r) {
    return contract::refusal([&] { check_reaches({r}, 4, 1); });
  };
  EXPECT_EQ(refused({{0}, {1.0}, {0}, {1.0}}), "accepted");
  EXPECT_EQ(refused({{4}, {1.0}, {}, {}}), "a reach has variable 4 (there are 4)");
  EXPECT_EQ(refused({{}, {}, {-1}, {1.0}}), "a reach has observation -1 (there are 1)");
  EXPECT_EQ(refused({{0, 1}, {1.0}, {}, {}}),
            "a reach has 2 variables and 1 weights (must be as many)");
  EXPECT_EQ(refused({{0}, {1.5}, {}, {}}), "a reach has weight 1.5 (must lie in (0, 1])");
  EXPECT_EQ(contract::refusal([] { check_reaches({}, 4, 1); }),
            "0 reaches for 1 observations (must be as many)");
}

}  // namespace
}  // namespace twin::infer
