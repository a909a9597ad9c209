// If these failed, emulators would take functions for smoother or rougher than they were told, or learn from
// slopes that are not those of the kernel.
#include "twin/infer/emulate/covariance_kernel.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace twin::infer {
namespace {

constexpr std::array<CovarianceKernel, 2> BothKernels = {CovarianceKernel::Matern52,
                                                         CovarianceKernel::SquaredExponential};

TEST(CovarianceKernel, IsTheFormula) {
  // At distance 1: (1 + sqrt 5 + 5/3) exp(-sqrt 5) and exp(-1/2), worked out with 30 digits.
  Eigen::MatrixXd a(2, 2), b(1, 2), value;
  a << 0.6, 0.8, 0.0, 0.0;
  b << 0.0, 0.0;
  correlations(CovarianceKernel::Matern52, a, b, value);
  EXPECT_NEAR(value(0, 0), 0.52399410883182031, 1e-15);
  EXPECT_EQ(value(1, 0), 1.0);
  correlations(CovarianceKernel::SquaredExponential, a, b, value);
  EXPECT_NEAR(value(0, 0), 0.60653065971263342, 1e-15);
  EXPECT_EQ(value(1, 0), 1.0);
}

TEST(CovarianceKernel, BendIsTheSlopeByALength) {
  // By central differences in the logarithm of each length, from far to near.
  Eigen::MatrixXd b(1, 2);
  b << 0.1, -0.3;
  for (const CovarianceKernel kernel : BothKernels)
    for (const double far : {0.01, 0.3, 1.0, 4.0})
      for (Eigen::Index j = 0; j < 2; ++j) {
        Eigen::MatrixXd a(1, 2), value, bend, up, down;
        a << 0.1 + far, -0.3 - 0.7 * far;
        correlations(kernel, a, b, value, &bend);
        const double step = 1e-5;
        const auto with = [&](double by, Eigen::MatrixXd& out) {
          Eigen::MatrixXd moved = a, other = b;
          moved.col(j) *= std::exp(-by);
          other.col(j) *= std::exp(-by);
          correlations(kernel, moved, other, out);
        };
        with(step, up);
        with(-step, down);
        const double apart = a(0, j) - b(0, j);
        EXPECT_NEAR(bend(0, 0) * apart * apart, (up(0, 0) - down(0, 0)) / (2 * step), 1e-9);
      }
}

TEST(CovarianceKernel, NearPointsKeepTheirDigits) {
  // 1 - correlation of points 1e-4 apart, far from the origin: r^2 times 5/6 and 1/2.
  Eigen::MatrixXd a(1, 1), b(1, 1), value;
  a << 1'000.0;
  b << 1'000.0001;
  const double square = (a(0, 0) - b(0, 0)) * (a(0, 0) - b(0, 0));
  correlations(CovarianceKernel::Matern52, a, b, value);
  EXPECT_NEAR(1 - value(0, 0), square * 5 / 6, 1e-15);
  correlations(CovarianceKernel::SquaredExponential, a, b, value);
  EXPECT_NEAR(1 - value(0, 0), square / 2, 1e-15);
}

}  // namespace
}  // namespace twin::infer
