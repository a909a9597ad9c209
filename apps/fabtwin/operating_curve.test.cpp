#include "apps/fabtwin/operating_curve.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace apps::fabtwin {
namespace {

using ::testing::HasSubstr;

// The curve's quantiles would belong to other lots than it says.
TEST(OperatingCurve, WeighsItsQuantiles) {
  const std::vector<WeightedValue> values = {{3.0, 1.0}, {1.0, 8.0}, {2.0, 1.0}};
  EXPECT_DOUBLE_EQ(weighted_quantile(values, 0.05), 1.0);
  EXPECT_DOUBLE_EQ(weighted_quantile(values, 0.80), 1.0);
  EXPECT_DOUBLE_EQ(weighted_quantile(values, 0.85), 2.0);
  EXPECT_DOUBLE_EQ(weighted_quantile(values, 0.95), 3.0);
  EXPECT_DOUBLE_EQ(weighted_quantile({}, 0.5), 0.0);
}

// The table, the CSV and the JSON would tell different curves.
TEST(OperatingCurve, IsToldTheSameWayThrice) {
  CurvePoint p;
  p.load = 0.95;
  p.flow_factor = {.mean = 1.75, .half_width = 0.25, .sd = 0.1, .n = 3};
  p.bottleneck = "Litho, track";
  p.utilisation = 0.875;
  EXPECT_THAT(curve_table({p}), HasSubstr("1.750 ± 0.250"));
  EXPECT_THAT(curve_table({p}), HasSubstr("87.5"));
  EXPECT_THAT(curve_csv({p}), HasSubstr("\n0.95,1.75,0.25,"));
  EXPECT_THAT(curve_csv({p}), HasSubstr(",0.875,\"Litho, track\"\n"));
  EXPECT_EQ(curve_json({p})[0]["flow_factor"]["mean"], 1.75);
  EXPECT_EQ(curve_json({p})[0]["bottleneck"]["utilisation"], 0.875);
}

}  // namespace
}  // namespace apps::fabtwin
