// If these failed, a flood that comes once in a hundred years would be told to come once in a thousand.
#include "twin/uq/gev.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/core/draw.hpp"
#include "twin/uq/example.hpp"

namespace twin::uq {
namespace {

TEST(Gev, OfPortPirieIsThePublishedOne) {
  const auto fit = fit_gev(example::PortPirie);
  ASSERT_TRUE(fit);
  // ismev::gev.fit: 3.87474692, 0.19804120, -0.05008773; Coles, section 3.4.1, for the rest, with the digits there.
  EXPECT_NEAR(fit->law.location, 3.87474692, 2e-5);
  EXPECT_NEAR(fit->law.scale, 0.19804120, 2e-5);
  EXPECT_NEAR(fit->law.shape, -0.05008773, 5e-5);
  EXPECT_NEAR(fit->log_likelihood, 4.34, 0.005);
  EXPECT_NEAR(fit->covariance[0][0], 0.000780, 5e-6);
  EXPECT_NEAR(fit->covariance[0][1], 0.000197, 5e-6);
  EXPECT_NEAR(fit->covariance[0][2], -0.00107, 2e-5);
  EXPECT_NEAR(fit->covariance[1][1], 0.000410, 5e-6);
  EXPECT_NEAR(fit->covariance[1][2], -0.000778, 1e-5);
  EXPECT_NEAR(fit->covariance[2][2], 0.00965, 1e-4);
  EXPECT_NEAR(fit->law.return_level(10), 4.30, 0.005);
  EXPECT_NEAR(fit->law.return_level(100), 4.69, 0.005);
  // Its delta intervals: 4.19 to 4.41 and 4.38 to 5.00, of 1.96 errors.
  EXPECT_NEAR(1.96 * fit->return_level_error(10), 0.11, 0.006);
  EXPECT_NEAR(1.96 * fit->return_level_error(100), 0.31, 0.006);
}

TEST(Gev, IsALaw) {
  for (const double shape : {-0.3, 0.0, 1e-12, 0.4}) {
    const Gev law{.location = 2, .scale = 3, .shape = shape};
    EXPECT_NEAR(law.below(law.return_level(50)), 1 - 1.0 / 50, 1e-12) << shape;
    // The density is the slope of the distribution.
    for (const double x : {0.0, 2.5, 9.0}) {
      const double slope = (law.below(x + 1e-5) - law.below(x - 1e-5)) / 2e-5;
      EXPECT_NEAR(std::exp(law.log_density(x)), slope, 1e-8) << shape << " " << x;
    }
  }
  const Gev ends{.location = 0, .scale = 1, .shape = -0.5};
  EXPECT_EQ(ends.below(2.5), 1.0);
  EXPECT_TRUE(std::isinf(ends.log_density(2.5)));
}

TEST(Gev, ErrorsHoldAsTheySay) {
  // 200 samples of 100 maxima each of three shapes: intervals of one error for the 20-block level hold 0.683 of
  // the time for large samples; of 100 they are a little short: 137 of 200 +- 4.5 deviations of 6.6.
  for (const double shape : {-0.2, 0.0, 0.2}) {
    const Gev law{.location = 10, .scale = 2, .shape = shape};
    int held = 0, fitted = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
      std::vector<double> x;
      for (std::uint32_t k = 0; k < 100; ++k)
        x.push_back(law.return_level(1 / (1 - core::Draw{seed}.uniform(0, k, 0))));
      const auto fit = fit_gev(x);
      if (!fit) continue;
      ++fitted;
      held +=
          std::abs(fit->law.return_level(20) - law.return_level(20)) < fit->return_level_error(20);
    }
    EXPECT_EQ(fitted, 200) << shape;
    EXPECT_NEAR(held, 137, 30) << shape;
  }
}

TEST(Gev, RefusesWhatTellsNoLaw) {
  const auto why = [](const std::vector<double>& x) {
    return contract::refusal([&] { (void)fit_gev(x); });
  };
  EXPECT_EQ(why({1, 2, 3}), "3 maxima (at least 10)");
  EXPECT_EQ(why(std::vector<double>(12, 3.0)), "maxima that do not vary");
}

}  // namespace
}  // namespace twin::uq
