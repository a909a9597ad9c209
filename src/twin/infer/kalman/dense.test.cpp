// If these failed, the filters would be held against a wrong answer.
#include "twin/infer/kalman/dense.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"

namespace twin::infer::kalman::dense {
namespace {

using Eigen::Index;

Eigen::MatrixXd normals(Index rows, Index columns, std::uint32_t seed, std::uint32_t what) {
  Eigen::MatrixXd out(rows, columns);
  for (Index i = 0; i < rows; ++i) {
    for (Index j = 0; j < columns; ++j)
      out(i, j) = math::normal(core::Draw{seed}.uniform(what, static_cast<std::uint32_t>(i),
                                                        static_cast<std::uint32_t>(j)));
  }
  return out;
}

Eigen::MatrixXd definite_dense(Index n, std::uint32_t seed, std::uint32_t what) {
  const Eigen::MatrixXd a = normals(n, n, seed, what);
  return Eigen::MatrixXd::Identity(n, n) + a * a.transpose() / static_cast<double>(n);
}

}  // namespace

Linear linear(Index n, Index m, int observations, std::uint32_t seed) {
  Linear out{.f = 0.5 * Eigen::MatrixXd::Identity(n, n) +
                  0.5 * normals(n, n, seed, 1) / std::sqrt(static_cast<double>(n)),
             .q = 0.3 * definite_dense(n, seed, 2),
             .h = normals(m, n, seed, 3),
             .r = definite_dense(m, seed, 4),
             .p = definite_dense(n, seed, 5),
             .m = normals(n, 1, seed, 6),
             .y = {}};
  for (int k = 0; k < observations; ++k)
    out.y.emplace_back(2.0 * normals(m, 1, seed, 100U + static_cast<std::uint32_t>(k)));
  return out;
}

Answer conditioned(const Linear& model) {
  const Index n = model.m.size();
  const auto steps = static_cast<Index>(model.y.size());
  // The joint of x_1 .. x_steps, cov(x_j, x_k) = f^(k - j) cov(x_j)' for j <= k.
  Eigen::VectorXd mean(n * steps);
  Eigen::MatrixXd joint(n * steps, n * steps);
  Eigen::VectorXd m = model.m;
  Eigen::MatrixXd p = model.p;
  for (Index k = 0; k < steps; ++k) {
    m = (model.f * m).eval();
    p = (model.f * p * model.f.transpose() + model.q).eval();
    mean.segment(k * n, n) = m;
    Eigen::MatrixXd block = p;
    for (Index j = k; j < steps; ++j) {
      joint.block(j * n, k * n, n, n) = block;
      joint.block(k * n, j * n, n, n) = block.transpose();
      block = (model.f * block).eval();
    }
  }
  std::vector<std::pair<Index, Index>> there;  // observation number, component
  for (Index k = 0; k < steps; ++k) {
    for (Index i = 0; i < model.h.rows(); ++i) {
      if (!std::isnan(model.y[static_cast<std::size_t>(k)][i])) there.emplace_back(k, i);
    }
  }
  const auto all = static_cast<Index>(there.size());
  Eigen::MatrixXd h = Eigen::MatrixXd::Zero(all, n * steps);
  Eigen::MatrixXd r = Eigen::MatrixXd::Zero(all, all);
  Eigen::VectorXd y(all);
  for (Index a = 0; a < all; ++a) {
    const auto [k, i] = there[static_cast<std::size_t>(a)];
    h.row(a).segment(k * n, n) = model.h.row(i);
    y[a] = model.y[static_cast<std::size_t>(k)][i];
    for (Index b = 0; b < all; ++b) {
      const auto [l, j] = there[static_cast<std::size_t>(b)];
      if (k == l) r(a, b) = model.r(i, j);
    }
  }
  const Eigen::MatrixXd s = h * joint * h.transpose() + r;
  const Eigen::FullPivLU<Eigen::MatrixXd> lu(s);
  const Eigen::VectorXd d = y - h * mean;
  const Eigen::MatrixXd gain = joint * h.transpose() * lu.inverse();
  const Eigen::VectorXd x = mean + gain * d;
  const Eigen::MatrixXd c = joint - gain * h * joint;
  Answer out;
  for (Index k = 0; k < steps; ++k) {
    out.mean.emplace_back(x.segment(k * n, n));
    out.covariance.emplace_back(c.block(k * n, k * n, n, n));
  }
  out.log_likelihood = -0.5 * (d.dot(lu.solve(d)) + std::log(lu.determinant()) +
                               static_cast<double>(all) * std::log(2.0 * std::acos(-1.0)));
  return out;
}

namespace {

// One scalar observation by hand: x ~ N(0, 2) after the step, y = 3, r = 2: mean 1.5, variance 1,
// y ~ N(0, 4). A second one that is missing has the forecast.
TEST(Dense, ScalarByHand) {
  const Eigen::MatrixXd one = Eigen::MatrixXd::Ones(1, 1);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Linear model{.f = one,
                     .q = one,
                     .h = one,
                     .r = 2.0 * one,
                     .p = one,
                     .m = Eigen::VectorXd::Zero(1),
                     .y = {3.0 * Eigen::VectorXd::Ones(1), nan * Eigen::VectorXd::Ones(1)}};
  const Answer answer = conditioned(model);
  EXPECT_NEAR(answer.mean[0][0], 1.5, 1e-15);
  EXPECT_NEAR(answer.mean[1][0], 1.5, 1e-15);
  EXPECT_NEAR(answer.covariance[0](0, 0), 1.0, 1e-15);
  EXPECT_NEAR(answer.covariance[1](0, 0), 2.0, 1e-15);
  EXPECT_NEAR(answer.log_likelihood, -0.5 * (9.0 / 4.0 + std::log(8.0 * std::acos(-1.0))), 1e-14);
}

}  // namespace
}  // namespace twin::infer::kalman::dense
