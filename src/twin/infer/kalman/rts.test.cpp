// If these failed, a reconstruction of the past would not be what all the observations say of it.
#include "twin/infer/kalman/rts.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "twin/infer/kalman/dense.hpp"
#include "twin/infer/kalman/kf.hpp"

namespace twin::infer::kalman {
namespace {

using dense::message_of;

template <int N, int M>
void agrees_with_dense_rts(const dense::Linear& model) {
  Gaussian<N> b = gaussian<N>(model.m, model.p);
  const ProcessNoise<N> q(model.q);
  const ObservationNoise<M> r(model.r);
  std::vector<Passed<N>> record;
  for (const Eigen::VectorXd& y : model.y) {
    predict(b, model.f, q);
    const Gaussian<N> predicted = b;
    update(b, Vector<M>(y), model.h, r);
    record.push_back({.predicted = predicted, .filtered = b, .transition = model.f});
  }
  const std::vector<Gaussian<N>> ours = smooth<N>(record);
  const dense::Answer answer = dense::conditioned(model);
  ASSERT_EQ(ours.size(), answer.mean.size());
  for (std::size_t k = 0; k < ours.size(); ++k) {
    EXPECT_LT((ours[k].mean - answer.mean[k]).cwiseAbs().maxCoeff(), 1e-10) << k;
    EXPECT_LT((ours[k].covariance - answer.covariance[k]).cwiseAbs().maxCoeff(), 1e-10) << k;
  }
}

// Wrong: the smoother would not be the conditional distribution given everything.
TEST(Rts, IsTheDenseConditional) {
  dense::Linear model = dense::linear(4, 2, 12, 7);
  agrees_with_dense_rts<4, 2>(model);
  model.y[2][1] = model.y[5][0] = model.y[5][1] = std::numeric_limits<double>::quiet_NaN();
  agrees_with_dense_rts<Eigen::Dynamic, Eigen::Dynamic>(model);
}

TEST(Rts, OfNothingIsNothing) {  // Wrong: an empty record would be an error.
  EXPECT_TRUE(smooth<2>(std::span<const Passed<2>>{}).empty());
}

TEST(Rts, SaysWhatIsWrong) {  // Wrong: a user would search in the wrong place.
  const Eigen::MatrixXd one = Eigen::MatrixXd::Identity(2, 2);
  const Gaussian<Eigen::Dynamic> b{.mean = Eigen::VectorXd::Zero(2), .covariance = one};
  Passed<Eigen::Dynamic> next{.predicted = b, .filtered = b, .transition = one};
  next.transition = Eigen::MatrixXd::Zero(2, 3);
  EXPECT_EQ(message_of([&] { smoothed(b, next, b); }), "F is 2 x 3 (must be 2 x 2)");
  next.transition = one;
  next.predicted.covariance = 0.0 * one;
  EXPECT_EQ(message_of([&] { smoothed(b, next, b); }),
            "the predicted covariance is not positive definite (rounding, or a model that is not "
            "finite) would the square-root form do?");
}

}  // namespace
}  // namespace twin::infer::kalman
