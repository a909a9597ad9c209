// If this failed, what people read of a forecast would end in digits that mean nothing, or be another number.
#include "apps/fabtwin/serve/shown.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace apps::fabtwin::serve {
namespace {

TEST(Shown, IsTheShortestDecimalThatIsTheFloat) {
  EXPECT_EQ(nlohmann::json(shown(2.55F)).dump(), "2.55");
  EXPECT_EQ(nlohmann::json(shown(-0.1F)).dump(), "-0.1");
  EXPECT_EQ(nlohmann::json(shown(16777216.0F)).dump(), "16777216.0");
  EXPECT_EQ(shown(0.0F), 0.0);
  for (float x = 1e-30F; x < 1e30F; x *= 1.7F) EXPECT_EQ(static_cast<float>(shown(x)), x);
  EXPECT_EQ(shown(std::numeric_limits<float>::denorm_min()),
            1e-45);  // 1.4e-45 to two digits, and to one the same float
  EXPECT_TRUE(std::isinf(shown(std::numeric_limits<float>::infinity())));
  EXPECT_TRUE(std::isnan(shown(std::nanf(""))));
}

}  // namespace
}  // namespace apps::fabtwin::serve
