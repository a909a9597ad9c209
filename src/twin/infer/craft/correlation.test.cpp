// If these failed, accidents of a small ensemble would be believed, or true relations thrown away.
#include "twin/infer/craft/correlation.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/contract/refusal.hpp"
#include "twin/infer/ensemble/taper.hpp"
#include "twin/infer/noise.hpp"
#include "twin/math/statistics.hpp"

namespace twin::infer {
namespace {

TEST(Correlation, SamplingErrorIsWhatASimulationFinds) {
  // The factor would not be the one that Anderson simulates: true correlations uniform in [-1, 1],
  // samples of N, those whose own correlation falls near r; five standard errors of the mean.
  const core::Draw draw{.seed = 7, .member = 0};
  for (const Eigen::Index members : {5, 12}) {
    math::Moments low, high;
    Eigen::MatrixXd z(2, members);
    for (std::uint32_t i = 0; i < 60000; ++i) {
      const double rho = 2.0 * draw.uniform(1, 0, i) - 1.0;
      standard_normal(draw, 2, i, z);
      const Eigen::ArrayXd a = z.row(0).transpose().array();
      const Eigen::ArrayXd b = rho * a + std::sqrt(1.0 - rho * rho) * z.row(1).transpose().array();
      const Eigen::ArrayXd u = a - a.mean(), v = b - b.mean();
      const double r = (u * v).sum() / std::sqrt(u.square().sum() * v.square().sum());
      if (std::abs(std::abs(r) - 0.3) < 0.05) low.add(std::copysign(1.0, r) * rho);
      if (std::abs(std::abs(r) - 0.8) < 0.05) high.add(std::copysign(1.0, r) * rho);
    }
    // Within a bin of half-width 0.05 the mean is nearly linear: its curvature adds below 0.002.
    const auto near = [&](double r, const math::Moments& m) {
      const double error = m.deviation() / std::sqrt(static_cast<double>(m.count()));
      EXPECT_NEAR(SamplingError::expected(r, members), m.mean(), 5.0 * error + 0.002) << members;
    };
    near(0.3, low);
    near(0.8, high);
  }
}

TEST(Correlation, TheTableFollowsTheQuadrature) {
  // Interpolation would bend the factor; and large samples would be mistrusted.
  const SamplingError table(10);
  for (double r = 0.005; r < 0.985; r += 0.0973) {
    EXPECT_NEAR(table.factor(r), SamplingError::expected(r, 10) / r, 1e-3) << r;
    EXPECT_EQ(table.factor(-r), table.factor(r));
  }
  EXPECT_EQ(table.factor(1.0), 1.0);
  EXPECT_LT(table.factor(0.1), table.factor(0.9));
  EXPECT_NEAR(SamplingError(2000).factor(0.5), 1.0, 0.002);
}

TEST(Correlation, ThresholdCutsNoiseOnly) {
  // What stands out of the noise would be cut, or the noise let through.
  EXPECT_NEAR(universal_threshold(100, 1000), std::sqrt(2.0 * std::log(1000.0) / 100.0), 1e-15);
  EXPECT_EQ(correlation_taper(1.0, 0.4), 1.0);
  EXPECT_EQ(correlation_taper(-1.0, 0.4), 1.0);
  EXPECT_EQ(correlation_taper(0.4, 0.4), gaspari_cohn(1.0, 1.0));
  EXPECT_EQ(correlation_taper(0.1, 0.6), 0.0);
}

TEST(Correlation, SaysWhatIsWrong) {
  // Three members have no density of correlations to speak of.
  EXPECT_EQ(contract::refusal([] { SamplingError(3); }),
            "sampling error correction of 3 members (its density of correlations needs at least "
            "4)");
}

}  // namespace
}  // namespace twin::infer
