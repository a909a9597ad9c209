// If these failed, the fast analysis would be another filter, or the same one with other bits here and
// there.
#include "twin/infer/letkf/batch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "twin/infer/letkf/example.hpp"
#include "twin/infer/letkf/letkf.hpp"

namespace twin::infer::letkf {
namespace {

Eigen::MatrixXd fast(const Example& e, const std::vector<Domain>& domains,
                     const Letkf::Options& options) {
  Eigen::MatrixXd x = e.x;
  Letkf letkf(options);
  letkf.analyse(Listed(domains, static_cast<std::size_t>(e.y.size())),
                DomainRows::listed(domains, static_cast<std::size_t>(x.rows())), e.hx(), e.y,
                Noise::diagonal(e.r.diagonal()), x);
  EXPECT_EQ(letkf.slow_domains(), 0U);
  return x;
}

TEST(BatchAnalysis, IsTheLetkfForAnySizes) {
  // 13 domains leave a remainder of every number of lanes. 4 to 8 digits more than the filters need:
  // a difference above round-off would be an error of the method.
  for (const Eigen::Index members : {2, 3, 4, 7, 8, 9, 16, 24, 40, 64, 100}) {
    const Example e = random_example(13, 130, members, 7);
    for (const Eigen::Index seen : {0, 1, 2, 5, 13, 21, 22, 29, 36, 64, 65, 100, 128}) {
      const auto domains = sliding_domains(13, 130, seen);
      const Eigen::MatrixXd slow = slow_letkf(e, domains);
      for (const Path path : Paths) {
        if (!is_available(path)) continue;
        EXPECT_LT(worst_row(fast(e, domains, {.path = path}), slow), 1e-12)
            << kernel_of(path).name << ", N = " << members << ", p = " << seen;
      }
    }
  }
}

TEST(BatchAnalysis, IsTheLetkfWhenObservationsAreSure) {
  // Spectra of I + C up to 1e8 and more: the rational root must follow.
  for (const double variance : {1e-2, 1e-4, 1e-6}) {
    Example e = random_example(9, 50, 12, 8);
    e.r = Eigen::VectorXd::Constant(50, variance).asDiagonal();
    for (const Eigen::Index seen : {6, 40}) {
      const auto domains = sliding_domains(9, 50, seen);
      // Both know the spectrum to some units in the last place of its greatest value, which is below
      // the square of all anomalies: so much of the least value, 1, and of the result may differ.
      const Observed all = observe(e.hx(), e.y, Noise::diagonal(e.r.diagonal()));
      EXPECT_LT(worst_row(fast(e, domains, {}), slow_letkf(e, domains)),
                20.0 * 2.2e-16 * all.anomalies.squaredNorm())
          << variance;
    }
  }
}

TEST(BatchAnalysis, KeepsASmallSpreadAboutALargeMean) {
  // Temperatures in kelvin: what is small against the mean would drown in it.
  Example e = random_example(9, 30, 8, 9);
  const auto domains = sliding_domains(9, 30, 10);
  const Eigen::MatrixXd should = slow_letkf(e, domains);
  const Eigen::MatrixXd hx = e.hx();
  Eigen::MatrixXd x = e.x.array() + 1e6;
  Letkf({}).analyse(Listed(domains, 30), DomainRows::listed(domains, 9), hx, e.y,
                    Noise::diagonal(e.r.diagonal()), x);
  EXPECT_LT(((x.array() - 1e6).matrix() - should).cwiseAbs().maxCoeff(), 1e-8);
}

TEST(BatchAnalysis, BitsDoNotDependOnNeighbours) {
  // Domains that see 0 to 60 observations, in order, in reverse, and each alone.
  const Example e = random_example(40, 80, 24, 10);
  std::vector<Domain> domains;
  for (Eigen::Index g = 0; g < 40; ++g) {
    domains.push_back(sliding_domains(40, 80, (7 * g) % 60)[static_cast<std::size_t>(g)]);
  }
  for (const Path path : Paths) {
    if (!is_available(path)) continue;
    const Eigen::MatrixXd together = fast(e, domains, {.path = path});
    std::vector<Domain> reversed(domains.rbegin(), domains.rend());
    EXPECT_EQ(fast(e, reversed, {.path = path}), together) << kernel_of(path).name;
    for (std::size_t g = 0; g < domains.size(); ++g) {
      const auto row = static_cast<Eigen::Index>(g);
      ASSERT_EQ(fast(e, {domains[g]}, {.path = path}).row(row), together.row(row))
          << kernel_of(path).name << ' ' << g;
    }
  }
}

TEST(BatchAnalysis, PathsAgree) {
  // The paths with a fused multiply-add to the bit; the portable one to round-off: each of the about
  // N^2 + p operations behind a number may differ by one unit, the spectrum is below 100.
  const Example e = random_example(30, 60, 24, 11);
  for (const Eigen::Index seen : {10, 30, 50}) {
    const auto domains = sliding_domains(30, 60, seen);
    const Eigen::MatrixXd portable = fast(e, domains, {.path = Path::Portable});
    if (is_available(Path::Avx2)) {
      const Eigen::MatrixXd avx2 = fast(e, domains, {.path = Path::Avx2});
      EXPECT_LT(worst_row(avx2, portable), 1e-13);
      if (is_available(Path::Avx512)) {
        EXPECT_EQ(fast(e, domains, {.path = Path::Avx512}), avx2);
      }
    }
  }
}

TEST(BatchAnalysis, InflationsAndRotationAsTheSlowOne) {
  const Example e = random_example(21, 60, 10, 12);
  const Inflation inflation{.factor = 1.07, .rtpp = 0.2, .rtps = 0.4};
  const core::Draw draw{.seed = 4, .member = 0};
  const Eigen::MatrixXd basis = subspace_basis(10);
  const Eigen::MatrixXd turned = subspace_rotation(10, draw, 1, 2).transpose();  // row-major
  Eigen::MatrixXd rotation = basis * turned.transpose() * basis.transpose();
  rotation.array() += 0.1;
  for (const Eigen::Index seen : {0, 5, 30}) {
    auto domains = sliding_domains(7, 60, seen);
    for (Eigen::Index g = 0; g < 7; ++g) {  // of 1 to 7 variables, apart from each other
      domains[static_cast<std::size_t>(g)].variables.clear();
    }
    for (Eigen::Index i = 0; i < 21; ++i) {
      domains[static_cast<std::size_t>((i * i) % 7)].variables.push_back(i);
    }
    for (const Path path : Paths) {
      if (!is_available(path)) continue;
      Letkf letkf({.inflation = inflation, .path = path});
      letkf.rotate_by({turned.data(), turned.data() + turned.size()});
      Eigen::MatrixXd x = e.x;
      letkf.analyse(Listed(domains, 60), DomainRows::listed(domains, 21), e.hx(), e.y,
                    Noise::diagonal(e.r.diagonal()), x);
      EXPECT_LT(worst_row(x, slow_letkf(e, domains, inflation, rotation)), 1e-12)
          << kernel_of(path).name << ' ' << seen;
    }
  }
}

}  // namespace
}  // namespace twin::infer::letkf
