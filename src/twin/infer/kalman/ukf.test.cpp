// If these failed, the points would not carry the first two moments, which is all they are for.
#include "twin/infer/kalman/ukf.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "twin/infer/kalman/dense.hpp"
#include "twin/infer/kalman/kf.hpp"

namespace twin::infer::kalman {
namespace {

using dense::message_of;
using Eigen::Dynamic;

template <int N, int M>
void agrees_with_kalman(const dense::Linear& model, const Scaling& scaling) {
  const Matrix<N, N> f = model.f;
  const Matrix<M, N> h = model.h;
  const ProcessNoise<N> q{Matrix<N, N>(model.q)};
  const ObservationNoise<M> r{Matrix<M, M>(model.r)};
  Gaussian<N> kalman = gaussian<N>(model.m, model.p);
  Gaussian<N> unscented = kalman;
  for (const Eigen::VectorXd& observed : model.y) {
    const Vector<M> y = observed;
    predict(kalman, f, q);
    predict_unscented(
        unscented, [&](const Vector<N>& x) -> Vector<N> { return f * x; }, q, scaling);
    const auto exact = update(kalman, y, h, r);
    const auto ours = update_unscented(
        unscented, y, [&](const Vector<N>& x) -> Vector<M> { return h * x; }, r, scaling);
    EXPECT_NEAR(ours.log_likelihood, exact.log_likelihood, 1e-10);
    EXPECT_EQ(ours.missing, exact.missing);
    EXPECT_LT((unscented.mean - kalman.mean).cwiseAbs().maxCoeff(), 1e-10);
    EXPECT_LT((unscented.covariance - kalman.covariance).cwiseAbs().maxCoeff(), 1e-10);
  }
}

// Wrong: on a linear model the points would not give the Kalman filter, whatever their spread. A
// small alpha leaves its mark: the mean's second difference loses eps |y| / alpha^2, 1e-11 at 0.01.
TEST(Ukf, IsTheKalmanFilterWhereAllIsLinear) {
  dense::Linear model = dense::linear(4, 2, 30, 7);
  model.y[3][0] = model.y[4][1] = std::numeric_limits<double>::quiet_NaN();
  agrees_with_kalman<4, 2>(model, {});
  agrees_with_kalman<4, 2>(model, {.alpha = 1e-2, .beta = 2.0, .kappa = 0.0});
  agrees_with_kalman<4, 2>(model, {.alpha = 1.0, .beta = 0.0, .kappa = -1.0});
  agrees_with_kalman<Dynamic, Dynamic>(dense::linear(1, 1, 30, 8), {});
  agrees_with_kalman<Dynamic, Dynamic>(dense::linear(20, 5, 10, 9), {});
}

// Wrong: what makes the filter better than a tangent would be missing. x ~ N(1, 0.25) squared has
// mean 1.25 and variance 4 * 0.25 + 2 * 0.0625 = 1.125: exact with n + kappa = 3 and with beta = 2,
// alpha small.
TEST(Ukf, MomentsOfASquare) {
  const auto square = [](const Vector<1>& x) -> Vector<1> { return x.cwiseProduct(x); };
  const Matrix<1, 1> one = Matrix<1, 1>::Ones();
  for (const Scaling& s : {Scaling{.alpha = 1.0, .beta = 0.0, .kappa = 2.0},
                           Scaling{.alpha = 1e-3, .beta = 2.0, .kappa = 0.0}}) {
    Gaussian<1> b = gaussian<1>(Vector<1>::Ones(), 0.25 * one);
    predict_unscented(b, square, ProcessNoise<1>(0.0 * one), s);
    EXPECT_NEAR(b.mean[0], 1.25, 1e-9);
    EXPECT_NEAR(b.covariance(0, 0), 1.125, 1e-6);
  }
}

TEST(Ukf, SaysWhatIsWrong) {  // Wrong: a user would search in the wrong place.
  const Eigen::MatrixXd one = Eigen::MatrixXd::Identity(2, 2);
  Gaussian<Dynamic> b = gaussian<Dynamic>(Eigen::VectorXd::Zero(2), one);
  const ProcessNoise<Dynamic> q(one);
  const auto same = [](const Eigen::VectorXd& x) { return x; };
  const auto three = [](const Eigen::VectorXd&) -> Eigen::VectorXd {
    return Eigen::VectorXd::Zero(3);
  };
  const auto with = [&](const Scaling& s) {
    return message_of([&] { predict_unscented(b, same, q, s); });
  };
  EXPECT_EQ(with({.alpha = 0.0}), "alpha = 0 (must be positive)");
  EXPECT_EQ(with({.beta = std::numeric_limits<double>::infinity()}), "beta = inf (must be finite)");
  EXPECT_EQ(with({.kappa = -2.0}), "kappa = -2 (must be above minus the number of variables, -2)");
  EXPECT_EQ(message_of([&] { predict_unscented(b, three, q); }), "f(x) is 3 x 1 (must be 2 x 1)");
  Gaussian<Dynamic> lost{.mean = b.mean, .covariance = -one};
  EXPECT_EQ(message_of([&] { predict_unscented(lost, same, q); }),
            "P is not positive definite (rounding, or a model that is not finite) would the "
            "square-root form do?");
}

}  // namespace
}  // namespace twin::infer::kalman
