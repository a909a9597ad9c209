// If these failed, searches and modes that stand on eigenvectors would go astray, or differ by machine.
#include "twin/math/symmetric_eigen.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"

namespace twin::math {
namespace {

constexpr std::uint64_t SymmetricEigenSeed = 20261129;

std::vector<double> random_symmetric(std::uint32_t world, std::size_t n) {
  const core::Draw draw{SymmetricEigenSeed, world};
  std::vector<double> a(n * n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i; j < n; ++j) {
      a[i * n + j] = a[j * n + i] =
          normal(draw.uniform(0, static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j)));
    }
  }
  return a;
}

double at(const SymmetricEigen& e, std::size_t n, std::size_t k, std::size_t i) {
  return e.vectors[k * n + i];
}

// The largest of |A v - lambda v| and |V V' - I|.
double defect(const std::vector<double>& a, const SymmetricEigen& e, std::size_t n) {
  double worst = 0.0;
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t i = 0; i < n; ++i) {
      double product = 0.0, along = 0.0;
      for (std::size_t j = 0; j < n; ++j) {
        product += a[i * n + j] * at(e, n, k, j);
        along += at(e, n, k, j) * at(e, n, i, j);
      }
      worst = std::max({worst, std::abs(product - e.values[k] * at(e, n, k, i)),
                        std::abs(along - (i == k ? 1.0 : 0.0))});
    }
  }
  return worst;
}

// Wrong: they would be no eigenvectors. Errors of Jacobi are a few n eps |A|; |A| is about 2 sqrt(n).
TEST(SymmetricEigen, AreEigenvectors) {
  SCOPED_TRACE(SymmetricEigenSeed);
  for (const std::size_t n : {1U, 2U, 3U, 7U, 20U, 60U}) {
    const std::vector<double> a = random_symmetric(static_cast<std::uint32_t>(n), n);
    const SymmetricEigen e = symmetric_eigen(a, n);
    const auto size = static_cast<double>(n);
    EXPECT_TRUE(e.converged);
    EXPECT_TRUE(std::ranges::is_sorted(e.values));
    EXPECT_LT(defect(a, e, n),
              10.0 * size * std::numeric_limits<double>::epsilon() * 2.0 * std::sqrt(size));
  }
}

// Wrong: known values would come out otherwise. The second difference matrix of order n has the
// eigenvalues 2 - 2 cos(k pi / (n + 1)) (Golub and Van Loan 2013, section 4.8.6).
TEST(SymmetricEigen, OfTheSecondDifferenceAreTheKnownOnes) {
  constexpr std::size_t N = 12;
  std::vector<double> a(N * N, 0.0);
  for (std::size_t i = 0; i < N; ++i) {
    a[i * N + i] = 2.0;
    if (i + 1 < N) a[i * N + i + 1] = a[(i + 1) * N + i] = -1.0;
  }
  const SymmetricEigen e = symmetric_eigen(a, N);
  for (std::size_t k = 0; k < N; ++k) {
    const double angle = static_cast<double>(k + 1) * std::acos(-1.0) / (N + 1);
    EXPECT_NEAR(e.values[k], 2.0 - 2.0 * std::cos(angle), 1e-14);
  }
}

// Wrong: a search in a narrow valley would lose its smallest scale. D R D with D from 1 to 10^-8 has
// eigenvalues down to 10^-16, whose product is its determinant: 3/4 times those of D^2 for two.
TEST(SymmetricEigen, KeepsSmallOnesOfPositiveMatrices) {
  const double d = 1e-8;
  const SymmetricEigen e = symmetric_eigen(std::vector<double>{1.0, 0.5 * d, 0.5 * d, d * d}, 2);
  EXPECT_NEAR(e.values[0] * e.values[1] / (0.75 * d * d), 1.0, 1e-14);
  EXPECT_NEAR(e.values[0] / (0.75 * d * d), 1.0, 1e-14);
}

// Wrong: nothing, one number, or what has nothing to rotate would not come back as it is.
TEST(SymmetricEigen, OfWhatIsDiagonalIsItself) {
  EXPECT_TRUE(symmetric_eigen({}, 0).values.empty());
  EXPECT_EQ(symmetric_eigen(std::vector<double>{3.0}, 1).values, std::vector<double>{3.0});
  const SymmetricEigen e = symmetric_eigen(std::vector<double>{5, 0, 0, 0, -1, 0, 0, 0, 0}, 3);
  EXPECT_EQ(e.values, (std::vector<double>{-1, 0, 5}));
  EXPECT_EQ(e.vectors, (std::vector<double>{0, 1, 0, 0, 0, 1, 1, 0, 0}));
}

}  // namespace
}  // namespace twin::math
