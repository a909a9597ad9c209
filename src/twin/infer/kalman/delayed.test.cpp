// If these failed, a slow sensor would be worth less, or more, than what it saw.
#include "twin/infer/kalman/delayed.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "twin/infer/kalman/dense.hpp"

namespace twin::infer::kalman {
namespace {

using dense::message_of;

// Wrong: the belief would depend on the order of arrival. Two half steps of one model; the
// observation between them comes last.
template <int N, int M>
void agrees_with_the_order_of_time(const dense::Linear& model) {
  const Matrix<N, N> f = model.f;
  const Matrix<M, N> h = model.h;
  const ProcessNoise<N> q{Matrix<N, N>(model.q)};
  const ObservationNoise<M> r{Matrix<M, M>(model.r)};
  const Vector<M> between = model.y[0];
  const Vector<M> newer = model.y[1];
  Gaussian<N> in_order = gaussian<N>(model.m, model.p);
  Gaussian<N> now = in_order;
  predict(in_order, f, q);
  const double first = update(in_order, between, h, r).log_likelihood;
  predict(in_order, f, q);
  const double second = update(in_order, newer, h, r).log_likelihood;
  predict(now, f, q);
  predict(now, f, q);
  const Gaussian<N> before = now;
  const auto innovation = update(now, newer, h, r);
  const auto late = update_delayed(now, retained(before, innovation, h, r), f, q, between, h, r);
  EXPECT_LT((now.mean - in_order.mean).cwiseAbs().maxCoeff(), 1e-10);
  EXPECT_LT((now.covariance - in_order.covariance).cwiseAbs().maxCoeff(), 1e-10);
  // p(newer) p(between | newer) = p(between) p(newer | between)
  EXPECT_NEAR(innovation.log_likelihood + late.log_likelihood, first + second, 1e-10);
}

TEST(Delayed, IsTheOrderOfTime) {
  dense::Linear model = dense::linear(4, 2, 2, 7);
  agrees_with_the_order_of_time<4, 2>(model);
  agrees_with_the_order_of_time<Eigen::Dynamic, Eigen::Dynamic>(dense::linear(3, 1, 2, 9));
  model.y[1][0] = model.y[0][1] = std::numeric_limits<double>::quiet_NaN();
  agrees_with_the_order_of_time<4, 2>(model);
  model.y[1][1] = std::numeric_limits<double>::quiet_NaN();  // the newer one is missing whole
  agrees_with_the_order_of_time<4, 2>(model);
}

TEST(Delayed, SaysWhatIsWrong) {  // Wrong: a user would search in the wrong place.
  const Matrix<1, 1> one = Matrix<1, 1>::Ones();
  Gaussian<1> b = gaussian<1>(Vector<1>::Zero(), one);
  const ObservationNoise<1> r(one);
  const Gaussian<1> before = b;
  const Vector<1> y = Vector<1>::Ones();
  const Retained<1> last = retained(before, update(b, y, one, r), one, r);
  const ProcessNoise<1> q(one);
  EXPECT_EQ(message_of([&] { update_delayed(b, last, 0.0 * one, q, y, one, r); }),
            "F from the observation's time to now is singular (looking back needs its inverse)");
  EXPECT_DOUBLE_EQ(b.mean[0], 0.5);
}

}  // namespace
}  // namespace twin::infer::kalman
