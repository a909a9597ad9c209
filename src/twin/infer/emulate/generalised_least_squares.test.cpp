// If these failed, every variance and likelihood of an emulator would be wrong.
#include "twin/infer/emulate/generalised_least_squares.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "twin/infer/emulate/example.hpp"

namespace twin::infer {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct FittedRuns {
  MatrixXd k, f;
  VectorXd y;
};
FittedRuns fitted_runs(Index n) {
  const MatrixXd x =
      example::as_matrix(example::latin_hypercube(static_cast<std::size_t>(n), 2, 3), 2);
  FittedRuns r;
  correlations(CovarianceKernel::Matern52, x / 0.5, x / 0.5, r.k);
  for (Index i = 0; i < n; ++i) r.k(i, i) += 0.01 * static_cast<double>(i % 3);
  r.k *= 2.5;
  r.f.resize(n, 3);
  r.f << VectorXd::Ones(n), x;
  r.y = (3 * x.col(0)).array().sin() + x.col(1).array().square();
  return r;
}

TEST(GeneralisedLeastSquares, LikelihoodIsThatOfAllContrasts) {
  // Contrasts are the columns of a full QR that are at right angles to F; their density is the dense normal one.
  const FittedRuns r = fitted_runs(60);
  const auto g = GeneralisedLeastSquares::of(r.k, r.f, r.y);
  ASSERT_TRUE(g);
  const MatrixXd whole = Eigen::HouseholderQR<MatrixXd>(r.f).householderQ();
  const MatrixXd a = whole.rightCols(57);
  const VectorXd z = a.transpose() * r.y;
  for (const double scale : {1.0, 0.3}) {
    const MatrixXd k = scale * a.transpose() * r.k * a;
    const Eigen::LDLT<MatrixXd> ldlt(k);
    const double dense = -0.5 * (z.dot(ldlt.solve(z)) + ldlt.vectorD().array().log().sum() +
                                 57 * std::log(2 * std::numbers::pi));
    EXPECT_NEAR(g->log_likelihood(scale), dense, 1e-9 * std::abs(dense));
  }
}

TEST(GeneralisedLeastSquares, IsTheTextbookFormula) {
  // More runs than a block is wide.
  const FittedRuns r = fitted_runs(110);
  const auto g = GeneralisedLeastSquares::of(r.k, r.f, r.y);
  ASSERT_TRUE(g);
  const MatrixXd inverse = r.k.fullPivLu().inverse();
  const MatrixXd of_trend = (r.f.transpose() * inverse * r.f).inverse();
  const MatrixXd p = inverse - inverse * r.f * of_trend * r.f.transpose() * inverse;
  const double largest = p.cwiseAbs().maxCoeff();
  const MatrixXd lower = g->precision().triangularView<Eigen::Lower>();
  const MatrixXd expected = p.triangularView<Eigen::Lower>();
  EXPECT_LT((lower - expected).cwiseAbs().maxCoeff(), 1e-9 * largest);
  EXPECT_LT((g->precision_diagonal() - p.diagonal()).cwiseAbs().maxCoeff(), 1e-9 * largest);
  EXPECT_LT((g->weights() - p * r.y).cwiseAbs().maxCoeff(), 1e-9 * largest);
  EXPECT_NEAR(g->square(), r.y.dot(p * r.y), 1e-9 * g->square());
  EXPECT_LT((g->coefficients() - of_trend * r.f.transpose() * inverse * r.y).norm(), 1e-9);
  EXPECT_LT((g->trend_variances(r.f) - (r.f * of_trend * r.f.transpose()).diagonal()).norm(), 1e-9);
}

TEST(GeneralisedLeastSquares, AppendedRowsGiveTheSame) {
  const FittedRuns r = fitted_runs(60);
  const auto whole = GeneralisedLeastSquares::of(r.k, r.f, r.y);
  auto grown =
      GeneralisedLeastSquares::of(r.k.topLeftCorner(50, 50), r.f.topRows(50), r.y.head(50));
  ASSERT_TRUE(whole && grown);
  for (Index i = 50; i < 60; ++i)
    ASSERT_TRUE(grown->append(r.k.col(i).head(i), r.k(i, i), r.f.row(i), r.y[i]));
  EXPECT_NEAR(grown->log_likelihood(), whole->log_likelihood(), 1e-10);
  EXPECT_LT((grown->weights() - whole->weights()).norm(), 1e-10 * whole->weights().norm());
  EXPECT_LT((grown->coefficients() - whole->coefficients()).norm(), 1e-10);
}

TEST(GeneralisedLeastSquares, GivesNothingWhereThereIsNoFactor) {
  FittedRuns r = fitted_runs(20);
  auto good = GeneralisedLeastSquares::of(r.k, r.f, r.y);
  ASSERT_TRUE(good);
  const VectorXd before = good->weights();
  // The first run once more.
  EXPECT_FALSE(good->append(r.k.col(0), r.k(0, 0), r.f.row(0), 1.0));
  EXPECT_EQ(good->weights(), before);
  r.k.row(3) = r.k.row(0);
  r.k.col(3) = r.k.col(0);
  r.k(3, 3) = r.k(0, 0);
  EXPECT_FALSE(GeneralisedLeastSquares::of(r.k, r.f, r.y));
  FittedRuns twice = fitted_runs(20);
  twice.f.col(2) = 3 * twice.f.col(1);
  EXPECT_FALSE(GeneralisedLeastSquares::of(twice.k, twice.f, twice.y));
  EXPECT_FALSE(GeneralisedLeastSquares::of(twice.k.topLeftCorner(2, 2), twice.f.topRows(2),
                                           twice.y.head(2)));
}

}  // namespace
}  // namespace twin::infer
