// If these failed, the form of the filter that is kept for hard numbers would be another filter.
#include "twin/infer/kalman/square_root.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "twin/infer/kalman/dense.hpp"
#include "twin/infer/kalman/kf.hpp"

namespace twin::infer::kalman {
namespace {

using dense::message_of;
using Eigen::Dynamic;

template <int N, int M>
void agrees_with_joseph(const dense::Linear& model, const Gate& gate) {
  Gaussian<N> b = gaussian<N>(model.m, model.p);
  SquareRoot<N> s = square_root_of(b);
  const ProcessNoise<N> q(model.q);
  const ObservationNoise<M> r(model.r);
  for (const Eigen::VectorXd& y : model.y) {
    predict(b, model.f, q);
    predict(s, model.f, q);
    const auto ours = update(s, Vector<M>(y), model.h, r, gate);
    const auto joseph = update(b, Vector<M>(y), model.h, r, gate);
    EXPECT_EQ(ours.fate, joseph.fate);
    EXPECT_NEAR(ours.nis, joseph.nis, 1e-10);
    EXPECT_NEAR(ours.log_determinant, joseph.log_determinant, 1e-10);
    EXPECT_NEAR(ours.log_likelihood, joseph.log_likelihood, 1e-10);
    EXPECT_LT((s.mean - b.mean).cwiseAbs().maxCoeff(), 1e-10);
    EXPECT_LT((gaussian_of(s).covariance - b.covariance).cwiseAbs().maxCoeff(), 1e-10);
    EXPECT_GT(s.factor.diagonal().minCoeff(), 0.0);
  }
}

// Wrong: the two forms of one filter would differ. With missing components, and with a gate that
// shuts out the larger innovations.
TEST(SquareRoot, IsJosephs) {
  dense::Linear model = dense::linear(4, 2, 12, 7);
  model.y[3][0] = model.y[5][1] = std::numeric_limits<double>::quiet_NaN();
  agrees_with_joseph<4, 2>(model, {});
  agrees_with_joseph<4, 2>(model, Gate(0.5, 2));
  agrees_with_joseph<Dynamic, Dynamic>(dense::linear(9, 5, 8, 8), {});
  agrees_with_joseph<Dynamic, Dynamic>(dense::linear(1, 3, 8, 9), {});
}

// Wrong: the form would lose what it is for. Two nearly equal sums of two variables, apart by e, are
// seen 500 times each with a noise of 1e-9: the information I + c ((2, 2), (2, 2 + 2 e^2)) has its
// inverse by hand, and a condition number that leaves a covariance no digit.
TEST(SquareRoot, KeepsDigitsWhereACovarianceHasNone) {
  SquareRoot<2> s = square_root_of(gaussian<2>(Vector<2>::Zero(), Matrix<2, 2>::Identity()));
  const Matrix<1, 1> tiny = Matrix<1, 1>::Constant(1e-18);
  for (int k = 0; k < 1000; ++k) {
    const Matrix<1, 2> h{1.0, 1.0 + (k % 2 == 0 ? 1e-8 : -1e-8)};
    update(s, Vector<1>::Zero().eval(), h, ObservationNoise<1>(tiny));
  }
  const double c = 500.0 / 1e-18;
  const double a = 1.0 + 2.0 * c;
  const double d = 1.0 + c * (2.0 + 2e-16);
  const double determinant = 1.0 + 4.0 * c + 2e-16 * c + 4e-16 * c * c;
  const Matrix<2, 2> p = gaussian_of(s).covariance;
  EXPECT_NEAR(p(1, 1) * determinant / a, 1.0, 1e-6);
  EXPECT_NEAR(p(0, 0) * determinant / d, 1.0, 1e-6);
}

TEST(SquareRoot, SaysWhatIsWrong) {  // Wrong: a user would search in the wrong place.
  const Eigen::MatrixXd one = Eigen::MatrixXd::Identity(2, 2);
  const Eigen::VectorXd zero = Eigen::VectorXd::Zero(2);
  EXPECT_EQ(
      message_of([&] { square_root_of(Gaussian<Dynamic>{.mean = zero, .covariance = -one}); }),
      "P(0, 0) = -1 (a variance must be positive)");
  EXPECT_EQ(
      message_of([&] {
        square_root_of(Gaussian<Dynamic>{.mean = Eigen::VectorXd::Zero(3), .covariance = one});
      }),
      "P is 2 x 2 (must be 3 x 3)");
  SquareRoot<Dynamic> s{.mean = zero, .factor = one};
  const Eigen::MatrixXd wide = Eigen::MatrixXd::Zero(2, 3);
  EXPECT_EQ(message_of([&] { predict(s, wide, ProcessNoise<Dynamic>(one)); }),
            "F is 2 x 3 (must be 2 x 2)");
  EXPECT_EQ(message_of([&] { update(s, zero, wide, ObservationNoise<Dynamic>(one)); }),
            "H is 2 x 3 (must be 2 x 2)");
}

}  // namespace
}  // namespace twin::infer::kalman
