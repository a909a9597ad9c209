// If these failed, the simplest filter would not be the exact one, and no other could be held
// against it.
#include "twin/infer/kalman/kf.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "twin/contract/allocations.hpp"
#include "twin/infer/kalman/dense.hpp"

namespace twin::infer::kalman {
namespace {

using dense::message_of;
using Eigen::Dynamic;
constexpr double KfNan = std::numeric_limits<double>::quiet_NaN();

// Wrong: the gain would settle elsewhere than where the Riccati equation does:
// P = q / 2 + sqrt(q^2 / 4 + q r), the golden ratio for q = r = 1.
TEST(Kf, SteadyStatesOfTheRandomWalk) {
  struct Case {
    double q, forecast, gain;
  };
  for (const Case& c :
       {Case{1.0, 1.6180339888, 0.6180339888}, Case{0.1, 0.3701562119, 0.2701562119}}) {
    const Matrix<1, 1> one = Matrix<1, 1>::Ones();
    Gaussian<1> b = gaussian<1>(Vector<1>::Zero(), one);
    const ProcessNoise<1> q(c.q * one);
    const ObservationNoise<1> r(one);
    double forecast = 0.0;
    for (int k = 0; k < 200; ++k) {
      predict(b, one, q);
      forecast = b.covariance(0, 0);
      b.mean[0] = 0.0;
      update(b, Vector<1>::Ones().eval(), one, r);
    }
    EXPECT_NEAR(forecast, c.forecast, 1e-10);
    EXPECT_NEAR(b.mean[0], c.gain, 1e-10);
    EXPECT_NEAR(b.covariance(0, 0), c.gain, 1e-10);  // r = 1: P_a = K
  }
}

template <int N, int M>
void agrees_with_dense(const dense::Linear& model) {
  Gaussian<N> b = gaussian<N>(model.m, model.p);
  const ProcessNoise<N> q(model.q);
  const ObservationNoise<M> r(model.r);
  double log_likelihood = 0.0;
  for (const Eigen::VectorXd& y : model.y) {
    predict(b, model.f, q);
    log_likelihood += update(b, Vector<M>(y), model.h, r).log_likelihood;
  }
  const dense::Answer answer = dense::conditioned(model);
  EXPECT_NEAR(log_likelihood, answer.log_likelihood, 1e-9);
  EXPECT_LT((b.mean - answer.mean.back()).cwiseAbs().maxCoeff(), 1e-10);
  EXPECT_LT((b.covariance - answer.covariance.back()).cwiseAbs().maxCoeff(), 1e-10);
  EXPECT_EQ(b.covariance, b.covariance.transpose());
}

// Wrong: models would be compared by a likelihood that is none, or the last state would not be the
// conditional one. Missing components too.
TEST(Kf, IsTheDenseNormal) {
  dense::Linear model = dense::linear(4, 2, 12, 7);
  agrees_with_dense<4, 2>(model);
  agrees_with_dense<Dynamic, Dynamic>(model);
  model.y[2][1] = model.y[5][0] = model.y[5][1] = model.y[11][0] = KfNan;
  agrees_with_dense<4, 2>(model);
  agrees_with_dense<Dynamic, Dynamic>(model);
  agrees_with_dense<Dynamic, Dynamic>(dense::linear(9, 5, 8, 8));
}

// Wrong: a sensor could be silent without anybody being told, or its silence could move the belief.
TEST(Kf, CountsWhatIsMissing) {
  const Matrix<2, 2> one = Matrix<2, 2>::Identity();
  Gaussian<2> b = gaussian<2>({1, 2}, one);
  const ObservationNoise<2> r(one);
  const auto none = update(b, Vector<2>(KfNan, KfNan), one, r);
  EXPECT_EQ(none.fate, Fate::Missing);
  EXPECT_EQ(none.missing, 2);
  EXPECT_EQ(none.present, 0);
  EXPECT_EQ(none.log_likelihood, 0.0);
  EXPECT_EQ(b.mean, Vector<2>(1, 2));
  const auto half = update(b, Vector<2>(KfNan, 4.0), one, r);
  EXPECT_EQ(half.fate, Fate::Used);
  EXPECT_EQ(half.missing, 1);
  EXPECT_TRUE(std::isnan(half.innovation[0]));
  EXPECT_EQ(half.innovation[1], 2.0);
  EXPECT_DOUBLE_EQ(half.nis, 2.0);  // 2^2 / (1 + 1)
  EXPECT_EQ(b.mean[0], 1.0);
  EXPECT_DOUBLE_EQ(b.mean[1], 3.0);
}

// Wrong: one broken sensor would carry the whole belief away.
TEST(Kf, GatesAGrossError) {
  const Matrix<1, 1> one = Matrix<1, 1>::Ones();
  Gaussian<1> b = gaussian<1>(Vector<1>::Zero(), one);
  const ObservationNoise<1> r(one);
  const Gate gate(0.05, 1);  // lets in |d| <= 1.96 sqrt 2 = 2.77
  const auto out = update(b, Vector<1>::Constant(2.8).eval(), one, r, gate);
  EXPECT_EQ(out.fate, Fate::Gated);
  EXPECT_DOUBLE_EQ(out.nis, 2.8 * 2.8 / 2.0);
  EXPECT_EQ(b.mean[0], 0.0);
  EXPECT_EQ(b.covariance(0, 0), 1.0);
  EXPECT_EQ(update(b, Vector<1>::Constant(2.7).eval(), one, r, gate).fate, Fate::Used);
  EXPECT_DOUBLE_EQ(b.mean[0], 1.35);
}

// Wrong: a precise sensor after a vague start would make a variance negative, as P - K H P does.
TEST(Kf, JosephKeepsAVarianceOfItsSize) {
  const Matrix<1, 1> one = Matrix<1, 1>::Ones();
  Gaussian<1> b = gaussian<1>(Vector<1>::Zero(), 1e20 * one);
  update(b, Vector<1>::Ones().eval(), one, ObservationNoise<1>(one));
  EXPECT_NEAR(b.covariance(0, 0), 1.0, 1e-12);
}

// Wrong: a small filter would wait for the heap at each step.
TEST(Kf, FixedSizesTakeNothingFromTheHeap) {
  const dense::Linear model = dense::linear(4, 2, 1, 7);
  Gaussian<4> b = gaussian<4>(model.m, model.p);
  const ProcessNoise<4> q{Matrix<4, 4>(model.q)};
  const ObservationNoise<2> r{Matrix<2, 2>(model.r)};
  const Matrix<4, 4> f = model.f;
  const Matrix<2, 4> h = model.h;
  const Gate gate(0.001, 2);
  const auto before = contract::allocations();
  predict(b, f, q);
  update(b, Vector<2>(1, 2), h, r, gate);
  update(b, Vector<2>(KfNan, 2), h, r, gate);
  EXPECT_EQ(contract::allocations(), before);
}

// Wrong: a user would search in the wrong place, or a mistake would change the belief first.
TEST(Kf, SaysWhatIsWrong) {
  const Eigen::MatrixXd one = Eigen::MatrixXd::Identity(2, 2);
  Gaussian<Dynamic> b = gaussian<Dynamic>(Eigen::VectorXd::Zero(2), one);
  const ProcessNoise<Dynamic> q(one);
  const ObservationNoise<Dynamic> r(one);
  const Eigen::VectorXd y = Eigen::VectorXd::Zero(2);
  const Eigen::MatrixXd wide = Eigen::MatrixXd::Zero(2, 3);
  EXPECT_EQ(message_of([&] { predict(b, wide, q); }), "F is 2 x 3 (must be 2 x 2)");
  EXPECT_EQ(
      message_of([&] { predict(b, one, ProcessNoise<Dynamic>(Eigen::MatrixXd::Identity(3, 3))); }),
      "Q is 3 x 3 (must be 2 x 2)");
  EXPECT_EQ(message_of([&] { update(b, y, wide, r); }), "H is 2 x 3 (must be 2 x 2)");
  EXPECT_EQ(message_of([&] {
              update(b, y, one, ObservationNoise<Dynamic>(Eigen::MatrixXd::Identity(1, 1)));
            }),
            "R is 1 x 1 (must be 2 x 2)");
  const Eigen::VectorXd infinite = Eigen::Vector2d(0.0, std::numeric_limits<double>::infinity());
  EXPECT_EQ(message_of([&] { update(b, infinite, one, r); }),
            "observation 1 = inf (must be finite; an observation's NaN means missing)");
  Gaussian<Dynamic> lost = b;
  lost.covariance = -2.0 * one;
  EXPECT_EQ(message_of([&] { update(lost, y, one, r); }),
            "the innovation's covariance is not positive definite (rounding, or a model that is "
            "not finite) would the square-root form do?");
  EXPECT_TRUE(b.mean.isZero(0.0));
  EXPECT_EQ(b.covariance, one);
}

}  // namespace
}  // namespace twin::infer::kalman
