// If these failed, an experiment could promise more than it tells.
#include "twin/uq/nested_information.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"

namespace twin::uq {
namespace {

using contract::refusal;

constexpr std::uint64_t NestedInformationSeed = 20270201;

// y = theta + e, theta and e standard normal: the information is ln(2) / 2.
NestedInformation of_normals(std::uint32_t outer, std::uint32_t inner) {
  std::vector<double> own, others;
  const auto log_density = [](double d) { return -0.5 * d * d - 0.9189385332046727; };
  for (std::uint32_t n = 0; n < outer; ++n) {
    const core::Draw draw{NestedInformationSeed, n};
    const double error = math::normal(draw.uniform(0, 0, 0));
    const double y = math::normal(draw.uniform(1, 0, 0)) + error;
    own.push_back(log_density(error));
    for (std::uint32_t m = 0; m < inner; ++m)
      others.push_back(log_density(y - math::normal(draw.uniform(2, m, 0))));
  }
  return nested_information(own, others);
}

// Wrong: the bias would not fall as 1 / M, or be another than is stated: of the next order is less than
// 0.3 of it. ln(2) / 2 = 0.3466.
TEST(NestedInformation, ItsBiasHalvesWhenTheInnerDrawsDouble) {
  SCOPED_TRACE(NestedInformationSeed);
  const double truth = 0.5 * std::log(2.0);
  NestedInformation before = of_normals(20'000, 32);
  for (const std::uint32_t m : {64U, 128U}) {
    const NestedInformation n = of_normals(20'000, m);
    EXPECT_NEAR(n.information - n.excess, truth, 5.2 * n.standard_error + 0.3 * n.excess) << m;
    EXPECT_NEAR(n.excess / before.excess, 0.5, 0.1) << m;
    // The first draws are the same, so what changes has variance 2 (excess before - excess now) a draw.
    const double less = before.excess - n.excess;
    EXPECT_NEAR(before.information - n.information, less,
                5.2 * std::sqrt(2.0 * less / 20'000) + 0.3 * less)
        << m;
    before = n;
  }
}

// Wrong: an experiment that tells nothing would tell something, or large numbers overflow.
TEST(NestedInformation, OfNothingIsNothing) {
  const std::vector<double> own = {-5000, 4000}, same = {-5000, -5000, 4000, 4000};
  const NestedInformation n = nested_information(own, same);
  EXPECT_EQ(n.information, 0.0);
  EXPECT_EQ(n.excess, 0.0);
  const double none = -std::numeric_limits<double>::infinity();
  EXPECT_NEAR(nested_information(std::vector<double>{0}, std::vector<double>{none, 0}).information,
              std::log(2.0), 1e-15);
}

// Wrong: nonsense would be taken in.
TEST(NestedInformation, RefusesNonsense) {
  const double none = -std::numeric_limits<double>::infinity();
  const std::vector<double> two = {0, 0};
  EXPECT_EQ(refusal([&] { nested_information({}, two); }),
            "no log-likelihoods (needs at least one value); was everything filtered out?");
  EXPECT_EQ(refusal([&] {
              nested_information(two, std::vector<double>{1, 2, 3});
            }),
            "3 inner log-likelihoods (must be a whole number for each of 2)");
  EXPECT_EQ(
      refusal([&] {
        nested_information(two, std::vector<double>{0, none});
      }),
      "inner log-likelihoods of 1 (must be numbers, not all minus infinity); are there too few "
      "draws?");
}

}  // namespace
}  // namespace twin::uq
