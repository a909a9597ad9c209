#include "twins/fab/report/ticks.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "twin/core/draw.hpp"

namespace twins::fab::report {
namespace {

double read_label(std::string label) {
  std::erase(label, ',');
  if (label.starts_with("−")) label = "-" + label.substr(std::string("−").size());
  return std::stod(label);
}

void expect_round(const Ticks& t, int most, double low, double high) {
  SCOPED_TRACE(testing::Message() << "from " << low << " to " << high << ", at most " << most);
  ASSERT_FALSE(t.at.empty());
  EXPECT_LE(t.at.size(), static_cast<std::size_t>(most));
  const double power = std::pow(10.0, std::floor(std::log10(t.step) + 1e-9));
  const double mantissa = t.step / power;
  EXPECT_TRUE(std::abs(mantissa - 1.0) < 1e-6 || std::abs(mantissa - 2.0) < 1e-6 ||
              std::abs(mantissa - 2.5) < 1e-6 || std::abs(mantissa - 5.0) < 1e-6)
      << t.step;
  for (std::size_t i = 0; i < t.at.size(); ++i) {
    EXPECT_NEAR(t.at[i] / t.step, std::round(t.at[i] / t.step), 1e-6);
    EXPECT_NEAR(read_label(t.label(t.at[i])), t.at[i], 1e-6 * t.step);
    if (i > 0) {
      EXPECT_NEAR(t.at[i] - t.at[i - 1], t.step, 1e-6 * t.step);
    }
  }
}

// An axis would stand at crooked numbers, leave values outside, or crowd its labels: ranges of all
// sizes, drawn from a fixed seed.
TEST(ReportTicks, AreRoundAndEncloseTheValues) {
  const twin::core::Draw draw{20201122, 0};
  for (std::uint32_t i = 0; i < 2000; ++i) {
    const double width = std::pow(10.0, -4.0 + 10.0 * draw.uniform(0, 0, i));
    const double low = (draw.uniform(1, 0, i) - 0.3) * 10.0 * width;
    const double high = low + width;
    const int most = 3 + static_cast<int>(10.0 * draw.uniform(2, 0, i));
    const Ticks t = round_ticks(low, high, most);
    expect_round(t, most, low, high);
    EXPECT_LE(t.low, low + 1e-6 * t.step);
    EXPECT_GE(t.high, high - 1e-6 * t.step);
    const Ticks inner = inner_ticks(low, high, most);
    expect_round(inner, most, low, high);
    EXPECT_GE(inner.at.front(), low - 1e-6 * inner.step);
    EXPECT_LE(inner.at.back(), high + 1e-6 * inner.step);
  }
}

// Known axes would change their marks.
TEST(ReportTicks, KnownAxes) {
  const Ticks share = inner_ticks(0.0, 100.0, 6);
  EXPECT_EQ(share.at, (std::vector{0.0, 20.0, 40.0, 60.0, 80.0, 100.0}));
  const Ticks tenths = round_ticks(0.0, 0.3, 4);
  ASSERT_EQ(tenths.at.size(), 4U);
  EXPECT_EQ(tenths.label(tenths.at[3]), "0.3");
  EXPECT_EQ(round_ticks(0.0, 1e6, 3).label(1e6), "1,000,000");
}

// A run in which nothing changes would have an axis of no height and divide by zero.
TEST(ReportTicks, GiveOneValueRoom) {
  for (const double v : {0.0, 5.0, -5.0, 1e-9, 1e9}) {
    const Ticks t = round_ticks(v, v, 5);
    EXPECT_LT(t.low, t.high);
    EXPECT_LE(t.low, v);
    EXPECT_GE(t.high, v);
  }
}

}  // namespace
}  // namespace twins::fab::report
