#include "apps/fabtwin/comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace apps::fabtwin {
namespace {

using ::testing::HasSubstr;

// Cycle times of replications that share much and differ by little.
RuledResult with_cycles(const std::string& rule, const std::vector<double>& cycles) {
  RuledResult r;
  r.rule = rule;
  for (std::size_t i = 0; i < cycles.size(); ++i) {
    r.result.replications.emplace_back();
    r.result.replications.back().member = static_cast<std::uint32_t>(i);
    r.result.replications.back().kpi.regular.finished = 1.0;
    r.result.replications.back().kpi.regular.cycle_days = cycles[i];
  }
  return r;
}

// Chance that both rules share would hide their difference: by hand, d = -1.0, -1.2, -0.8 has mean
// -1, deviation 0.2, and t(2) at 97.5 % is 4.302653, so the half-width is 4.302653 * 0.2 / sqrt(3).
TEST(Comparison, TakesPairs) {
  const auto a = with_cycles("fifo", {50.0, 60.0, 40.0});
  const auto b = with_cycles("cr", {49.0, 58.8, 39.2});
  const auto d = paired_difference(measures().front(), a.result, b.result);
  EXPECT_NEAR(d.mean, -1.0, 1e-9);
  EXPECT_NEAR(d.half_width, 4.302653 * 0.2 / std::sqrt(3.0), 1e-5);
  EXPECT_TRUE(is_significant(d));
  EXPECT_THAT(comparison_table({a, b}), HasSubstr("-1.00 ± 0.50 *"));
}

// Replications of different numbers would be paired.
TEST(Comparison, PairsByNumber) {
  auto a = with_cycles("fifo", {50.0, 60.0, 40.0});
  const auto b = with_cycles("cr", {49.0, 59.0, 39.0});
  a.result.replications.erase(a.result.replications.begin());
  const auto d = paired_difference(measures().front(), a.result, b.result);
  EXPECT_EQ(d.n, 2U);
  EXPECT_NEAR(d.mean, -1.0, 1e-12);
}

// One pair would be called significant.
TEST(Comparison, NeedsTwoPairs) {
  const auto a = with_cycles("fifo", {50.0}), b = with_cycles("cr", {49.0});
  const auto d = paired_difference(measures().front(), a.result, b.result);
  EXPECT_FALSE(is_significant(d));
  EXPECT_THAT(comparison_table({a, b}), HasSubstr("tells no interval"));
  EXPECT_FALSE(comparison_json({a, b})["differences"][0]["regular.cycle_days"]["significant"]);
}

}  // namespace
}  // namespace apps::fabtwin
