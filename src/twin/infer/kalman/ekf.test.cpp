// If these failed, the tangent filters would stop where the posterior has no maximum.
#include "twin/infer/kalman/ekf.hpp"

#include <gtest/gtest.h>

#include "twin/infer/kalman/dense.hpp"

namespace twin::infer::kalman {
namespace {

using dense::message_of;

// Range and bearing of a point, a curved observation.
Vector<2> polar(const Vector<2>& x) { return {x.norm(), std::atan2(x[1], x[0])}; }
Matrix<2, 2> polar_tangent(const Vector<2>& x) {
  const double square = x.squaredNorm();
  const double range = std::sqrt(square);
  Matrix<2, 2> out;
  out << x[0] / range, x[1] / range, -x[1] / square, x[0] / square;
  return out;
}

// Wrong: on a linear model the extended filter would not be the Kalman filter, nor would more steps
// of it stay there.
TEST(Ekf, IsTheKalmanFilterWhereAllIsLinear) {
  const dense::Linear model = dense::linear(4, 2, 6, 7);
  const Matrix<4, 4> f = model.f;
  const Matrix<2, 4> h = model.h;
  const ProcessNoise<4> q{Matrix<4, 4>(model.q)};
  const ObservationNoise<2> r{Matrix<2, 2>(model.r)};
  Gaussian<4> kalman = gaussian<4>(model.m, model.p);
  Gaussian<4> extended = kalman;
  Gaussian<4> iterated = kalman;
  const auto move = [&](const Vector<4>& x) -> Vector<4> { return f * x; };
  const auto moved = [&](const Vector<4>&) { return f; };
  const auto see = [&](const Vector<4>& x) -> Vector<2> { return h * x; };
  const auto seen = [&](const Vector<4>&) { return h; };
  for (const Eigen::VectorXd& observed : model.y) {
    const Vector<2> y = observed;
    predict(kalman, f, q);
    predict_extended(extended, move, moved, q);
    predict_extended(iterated, move, moved, q);
    const double exact = update(kalman, y, h, r).log_likelihood;
    EXPECT_EQ(update_extended(extended, y, see, seen, r).log_likelihood, exact);
    const auto out = update_iterated(iterated, y, see, seen, r);
    EXPECT_NEAR(out.first.log_likelihood, exact, 1e-12);
    EXPECT_TRUE(out.converged);
    EXPECT_EQ(out.steps, 2);
    EXPECT_EQ(extended.mean, kalman.mean);
    EXPECT_EQ(extended.covariance, kalman.covariance);
    EXPECT_LT((iterated.mean - kalman.mean).cwiseAbs().maxCoeff(), 1e-12);
    EXPECT_LT((iterated.covariance - kalman.covariance).cwiseAbs().maxCoeff(), 1e-12);
  }
}

// Wrong: the iterated filter would stop short of the most probable state (Bell & Cathey 1993). Here
// Gauss-Newton on the normal equations, written down apart, finds it.
TEST(Ekf, IteratedIsGaussNewton) {
  Matrix<2, 2> p;
  p << 1.0, 0.3, 0.3, 0.5;
  const Matrix<2, 2> r = Vector<2>(0.01, 0.001).asDiagonal();
  const Gaussian<2> prior = gaussian<2>({2.0, 1.0}, p);
  const Vector<2> y(2.9, 0.9);
  Vector<2> x = prior.mean;
  Matrix<2, 2> hessian;
  for (int i = 0; i < 100; ++i) {
    const Matrix<2, 2> h = polar_tangent(x);
    hessian = p.inverse() + h.transpose() * r.inverse() * h;
    const Vector<2> slope =
        h.transpose() * r.inverse() * (y - polar(x)) - p.inverse() * (x - prior.mean);
    x += hessian.inverse() * slope;
  }
  Gaussian<2> posterior = prior;
  const auto out = update_iterated(posterior, y, polar, polar_tangent, ObservationNoise<2>(r),
                                   {.most = 50, .tolerance = 1e-12});
  EXPECT_TRUE(out.converged);
  EXPECT_GT(out.steps, 3);
  EXPECT_LT((posterior.mean - x).cwiseAbs().maxCoeff(), 1e-11);
  EXPECT_LT((posterior.covariance - hessian.inverse()).cwiseAbs().maxCoeff(), 1e-11);
  // One step is the extended filter, and it is elsewhere.
  Gaussian<2> once = prior;
  EXPECT_FALSE(update_iterated(once, y, polar, polar_tangent, ObservationNoise<2>(r), {.most = 1})
                   .converged);
  EXPECT_GT((once.mean - x).norm(), 1e-3);
}

// Wrong: a gross error would be iterated upon, or a mistake would pass.
TEST(Ekf, GatesAndSaysWhatIsWrong) {
  const Eigen::MatrixXd one = Eigen::MatrixXd::Identity(2, 2);
  Gaussian<2> b = gaussian<2>({2.0, 1.0}, one);
  const auto out = update_iterated(b, Vector<2>(100.0, 0.4), polar, polar_tangent,
                                   ObservationNoise<2>(one), {}, Gate(0.001, 2));
  EXPECT_EQ(out.first.fate, Fate::Gated);
  EXPECT_EQ(out.steps, 0);
  EXPECT_EQ(b.mean, Vector<2>(2.0, 1.0));
  Gaussian<Eigen::Dynamic> d = gaussian<Eigen::Dynamic>(b.mean, one);
  const Eigen::VectorXd y = Eigen::VectorXd::Zero(2);
  const ObservationNoise<Eigen::Dynamic> r(one);
  const auto wide = [](const Eigen::VectorXd&) -> Eigen::MatrixXd {
    return Eigen::MatrixXd::Zero(2, 3);
  };
  const auto square = [&](const Eigen::VectorXd&) { return one; };
  const auto same = [](const Eigen::VectorXd& x) { return x; };
  const auto three = [](const Eigen::VectorXd&) -> Eigen::VectorXd {
    return Eigen::VectorXd::Zero(3);
  };
  EXPECT_EQ(message_of([&] { update_extended(d, y, same, wide, r); }),
            "Jacobian of h is 2 x 3 (must be 2 x 2)");
  EXPECT_EQ(message_of([&] { update_extended(d, y, three, square, r); }),
            "h(x) is 3 x 1 (must be 2 x 1)");
  const ProcessNoise<Eigen::Dynamic> q(one);
  EXPECT_EQ(message_of([&] { predict_extended(d, same, wide, q); }),
            "Jacobian of f is 2 x 3 (must be 2 x 2)");
  EXPECT_EQ(message_of([&] { predict_extended(d, three, square, q); }),
            "f(x) is 3 x 1 (must be 2 x 1)");
}

}  // namespace
}  // namespace twin::infer::kalman
