// If these failed, the square root would not be one.
#include "twin/infer/letkf/shifts.hpp"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <vector>

#include "twin/infer/letkf/aligned.hpp"
#include "twin/infer/letkf/rational_root.hpp"

namespace twin::infer::letkf {
namespace {

using V = Portable::V;

// T with this scale, the same in both lanes but for a factor 100 in the second.
struct Setting {
  std::size_t m;
  AlignedDoubles room;
  Shifts<Portable> shifts;
  V *diagonal, *beside, *b, *q, *out;

  Setting(std::size_t size, const RootNodes& nodes, double scale) : m(size) {
    const std::size_t work = Shifts<Portable>::work_vectors(m, nodes.terms);
    diagonal = reinterpret_cast<V*>(room.room(2 * (7 * m + work)));
    beside = diagonal + m;
    b = beside + m;
    q = b + m;
    out = q + 2 * m;
    shifts.size = m;
    shifts.diagonal = diagonal;
    shifts.beside = beside;
    shifts.work = out + 2 * m;
    for (std::size_t i = 0; i < m; ++i) {
      const double d = static_cast<double>(i);
      diagonal[i] = scale * (2.0 + std::sin(d)) * V{1.0, 100.0};
      beside[i] = i + 1 == m ? V{} : scale * 0.45 * V{1.0, 100.0};
      b[i] = V{1.0 + d, std::cos(d)};
      q[i] = V{std::sin(3.0 * d) + 1.0, 1.0};
      q[m + i] = V{0.5, std::cos(2.0 * d)};
    }
  }
  [[nodiscard]] Eigen::MatrixXd t(std::size_t lane) const {
    const auto n = static_cast<Eigen::Index>(m);
    Eigen::MatrixXd a = Eigen::MatrixXd::Zero(n, n);
    for (Eigen::Index i = 0; i < n; ++i) {
      a(i, i) = diagonal[i][lane];
      if (i + 1 < n) a(i, i + 1) = a(i + 1, i) = beside[i][lane];
    }
    return a;
  }
  [[nodiscard]] Eigen::VectorXd vector(const V* at, std::size_t lane) const {
    Eigen::VectorXd v(static_cast<Eigen::Index>(m));
    for (Eigen::Index i = 0; i < v.size(); ++i) v[i] = at[i][lane];
    return v;
  }
};

TEST(Shifts, AreTheInverseRootAndItsCorrection) {
  const RationalRoot root;
  for (const std::size_t m : {1U, 2U, 7U, 30U}) {
    for (const double scale : {1e-3, 1.0, 1e6}) {
      Setting s(m, root.nodes(), scale);
      V product[2];
      std::vector<double> extra(4 * m);
      V* pivots = reinterpret_cast<V*>(extra.data());
      for (const Root kind : {Root::InverseRoot, Root::Correction}) {
        EXPECT_EQ(s.shifts.choose(root.nodes(), kind), 0U);
        s.shifts.apply(s.b, s.q, 2, s.out, product, pivots, pivots + m);
        for (std::size_t lane = 0; lane < 2; ++lane) {
          const Eigen::MatrixXd t = s.t(lane);
          const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(t);
          const Eigen::ArrayXd l = solver.eigenvalues();
          const Eigen::ArrayXd inverse = (1.0 + l).rsqrt();
          // ((1 + l)^-1/2 - 1) / l, written without the cancellation
          const Eigen::ArrayXd f = kind == Root::InverseRoot
                                       ? inverse
                                       : Eigen::ArrayXd(-inverse / (1.0 + (1.0 + l).sqrt()));
          for (std::size_t j = 0; j < 2; ++j) {
            const Eigen::VectorXd q = s.vector(s.q + j * m, lane);
            const Eigen::VectorXd in = solver.eigenvectors().transpose() * q;
            const Eigen::VectorXd should = solver.eigenvectors() * (f * in.array()).matrix();
            EXPECT_LT((s.vector(s.out + j * m, lane) - should).norm(), 1e-13 * should.norm() * 10)
                << m << ' ' << scale;
            const Eigen::MatrixXd whole = t + Eigen::MatrixXd::Identity(t.rows(), t.cols());
            const double mean = q.dot(whole.ldlt().solve(s.vector(s.b, lane)));
            EXPECT_NEAR(product[j][lane], mean, 1e-12 * (std::abs(mean) + q.norm()));
          }
        }
      }
      double determinant = 1.0;
      for (std::size_t i = 0; i < m && scale == 1.0; ++i) determinant *= pivots[i][0];
      if (scale == 1.0) {
        const Eigen::MatrixXd t = s.t(0);
        const double should = (t + Eigen::MatrixXd::Identity(t.rows(), t.cols())).determinant();
        EXPECT_NEAR(determinant * should, 1.0, 1e-12);
      }
    }
  }
}

TEST(Shifts, RefuseWhatNoLevelServes) {
  // A spectrum beyond all nodes would get the root of another one.
  const RationalRoot root;
  Setting s(3, root.nodes(), 1.0);
  s.diagonal[1] = V{1.0, 1e19};
  EXPECT_EQ(s.shifts.choose(root.nodes(), Root::InverseRoot), 2U);
  s.diagonal[1] = V{std::nan(""), 1.0};
  EXPECT_EQ(s.shifts.choose(root.nodes(), Root::InverseRoot), 1U);
}

}  // namespace
}  // namespace twin::infer::letkf
