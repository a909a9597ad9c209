// If these failed, a forecast could be scored without the members that spoil its score.
#include "twin/score/checked.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "twin/contract/refusal.hpp"

namespace twin::score {
namespace {

using contract::refusal;

constexpr double NotANumber = std::numeric_limits<double>::quiet_NaN();
constexpr double Infinity = std::numeric_limits<double>::infinity();

// A lost member or a silent sensor would pass for a number.
TEST(Checked, NamesTheValueThatIsNone) {
  const std::array x = {1.0, 2.0, NotANumber};
  EXPECT_EQ(refusal([&] { need_finite(x, "ensemble"); }),
            "ensemble[2] = nan (must be finite); was a missing value left in?");
  EXPECT_EQ(refusal([] { need_finite(-Infinity, "observation"); }),
            "observation = -inf (must be finite); was a missing value left in?");
  EXPECT_EQ(refusal([] { need_finite(std::span<const double>(), "ensemble"); }),
            "no ensemble (needs at least one value); was everything filtered out?");
  EXPECT_EQ(refusal([&] { need_finite(std::span(x).first(2), "ensemble"); }), "accepted");
}

// Percent taken for shares would score as a bold forecast instead of a mistake.
TEST(Checked, NamesWhatIsOutOfRange) {
  EXPECT_EQ(refusal([] { need_positive(0.0, "deviation"); }), "deviation = 0 (must be positive)");
  EXPECT_EQ(refusal([] { need_positive(NotANumber, "deviation"); }),
            "deviation = nan (must be finite); was a missing value left in?");
  EXPECT_EQ(refusal([] { need_probability(30.0, "probability"); }),
            "probability = 30 (must lie in 0 to 1); is it in percent?");
  EXPECT_EQ(refusal([] { need_probability(NotANumber, "probability"); }),
            "probability = nan (must lie in 0 to 1); is it in percent?");
  EXPECT_EQ(refusal([] { need_probability(1.0, "probability"); }), "accepted");
  EXPECT_EQ(refusal([] { need_level(1.0, "confidence"); }),
            "confidence = 1 (must lie between 0 and 1, both excluded); is it in percent?");
  EXPECT_EQ(refusal([] { need_same_length(2, "values", 3, "weights"); }),
            "2 values and 3 weights (must be as many); do they belong together?");
}

}  // namespace
}  // namespace twin::score
