// If these failed, the shifted systems would belong to another matrix.
#include "twin/infer/letkf/tridiagonal.hpp"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <vector>

#include "twin/infer/letkf/aligned.hpp"

namespace twin::infer::letkf {
namespace {

using TridiagonalV = Portable::V;
using Matrix = Eigen::MatrixXd;

// Two matrices side by side, with their room.
struct Pair {
  std::size_t size;
  AlignedDoubles room;
  Tridiagonal<Portable> t;

  explicit Pair(std::size_t m) : size(m) {
    TridiagonalV* v = reinterpret_cast<TridiagonalV*>(room.room(2 * ((m | 1) * m + 6 * m)));
    t.size = m;
    t.ld = m | 1;
    t.matrix = v;
    t.diagonal = v + (m | 1) * m;
    t.beside = t.diagonal + m;
    t.tau = t.beside + m;
    t.work = t.tau + m;
  }
  void set(std::size_t lane, const Matrix& a) const {
    for (std::size_t c = 0; c < size; ++c) {
      for (std::size_t r = c; r < size; ++r) {
        const auto i = static_cast<Eigen::Index>(r), j = static_cast<Eigen::Index>(c);
        t.matrix[c * t.ld + r][lane] = i < a.rows() ? a(i, j) : 0.0;
      }
    }
  }
  [[nodiscard]] Matrix tridiagonal(std::size_t lane) const {
    const auto m = static_cast<Eigen::Index>(size);
    Matrix a = Matrix::Zero(m, m);
    for (Eigen::Index i = 0; i < m; ++i) {
      a(i, i) = t.diagonal[i][lane];
      if (i + 1 < m) a(i, i + 1) = a(i + 1, i) = t.beside[i][lane];
    }
    return a;
  }
  [[nodiscard]] Matrix q(std::size_t lane) const {  // column by column
    const auto m = static_cast<Eigen::Index>(size);
    Matrix result(m, m);
    for (Eigen::Index j = 0; j < m; ++j) {
      std::vector<double> unit(2 * size, 0.0);
      TridiagonalV* v = reinterpret_cast<TridiagonalV*>(unit.data());
      v[j] = TridiagonalV{1.0, 1.0};
      t.back(v);
      for (Eigen::Index i = 0; i < m; ++i) result(i, j) = v[i][lane];
    }
    return result;
  }
};

Matrix random_symmetric(Eigen::Index m, unsigned seed) {
  std::srand(seed);
  const Matrix a = Matrix::Random(m, m);
  return a * a.transpose();
}

TEST(Tridiagonal, IsTheSameMatrixInOtherCoordinates) {
  for (const std::size_t m : {1U, 2U, 3U, 4U, 5U, 8U, 23U, 40U}) {
    const Pair pair(m);
    const auto n = static_cast<Eigen::Index>(m);
    const Matrix a = random_symmetric(n, 1), b = 10.0 * random_symmetric(n, 2);
    pair.set(0, a);
    pair.set(1, b);
    pair.t.reduce();
    for (const std::size_t lane : {0U, 1U}) {
      const Matrix& should = lane == 0 ? a : b;
      const Matrix q = pair.q(lane);
      EXPECT_LT((q * q.transpose() - Matrix::Identity(n, n)).norm(), 1e-13) << m;
      EXPECT_LT((q * pair.tridiagonal(lane) * q.transpose() - should).norm(), 1e-13 * should.norm())
          << m;
    }
    // into is the transpose of back.
    std::vector<double> room(4 * m);
    TridiagonalV* v = reinterpret_cast<TridiagonalV*>(room.data());
    for (std::size_t i = 0; i < 2 * m; ++i) v[i] = TridiagonalV{1.0 + static_cast<double>(i), 2.0};
    pair.t.into(v, 2);
    const Matrix q = pair.q(0);
    for (Eigen::Index i = 0; i < n; ++i) {
      const double should =
          q.col(i).dot(Eigen::VectorXd::LinSpaced(n, 1.0, static_cast<double>(n)));
      EXPECT_NEAR(v[i][0], should, 1e-12 * static_cast<double>(m * m));
    }
  }
}

TEST(Tridiagonal, ZerosBehindChangeNoBit) {
  // A domain's answer would depend on how many observations its neighbours see.
  for (const std::size_t m : {1U, 2U, 3U, 6U, 7U, 13U}) {
    const Matrix a = random_symmetric(static_cast<Eigen::Index>(m), 3);
    const Pair alone(m), padded(m + 5);
    alone.set(0, a);
    alone.set(1, a);
    padded.set(0, a);
    padded.set(1, random_symmetric(static_cast<Eigen::Index>(m + 5), 4));
    alone.t.reduce();
    padded.t.reduce();
    for (std::size_t i = 0; i < m; ++i) {
      EXPECT_EQ(alone.t.diagonal[i][0], padded.t.diagonal[i][0]);
      EXPECT_EQ(alone.t.beside[i][0], padded.t.beside[i][0]) << m << ' ' << i;
    }
    for (std::size_t i = m; i < m + 5; ++i) EXPECT_EQ(padded.t.diagonal[i][0], 0.0);
  }
}

TEST(Tridiagonal, OfADiagonalMatrixIsThatMatrix) {
  // A column of zeros would be divided by its own norm.
  const Pair pair(6);
  const Matrix a = Eigen::VectorXd::LinSpaced(6, 1.0, 6.0).asDiagonal();
  pair.set(0, a);
  pair.set(1, a);
  pair.t.reduce();
  EXPECT_EQ(pair.tridiagonal(0), a);
}

}  // namespace
}  // namespace twin::infer::letkf
