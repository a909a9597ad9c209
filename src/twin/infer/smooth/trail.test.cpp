// If these failed, later observations would correct the past wrongly, or the smoother would not be the
// filter where nothing comes later.
#include "twin/infer/smooth/trail.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "twin/infer/ensemble/analysis.hpp"
#include "twin/infer/ensemble/example.hpp"
#include "twin/infer/kalman/dense.hpp"
#include "twin/infer/kalman/kf.hpp"
#include "twin/infer/kalman/rts.hpp"

namespace twin::infer::smooth {
namespace {

using kalman::dense::Linear;

constexpr core::Draw TrailSeed{.seed = 5, .member = 0};

// A perfect linear model, so that an ensemble of exact moments keeps them.
Linear perfect(Eigen::Index variables, Eigen::Index observations, int moments) {
  Linear model = kalman::dense::linear(variables, observations, moments, 23);
  model.q.setZero();
  return model;
}

// The members at each moment after all observations, by filter and trail.
std::vector<Eigen::MatrixXd> smoothed(const Linear& model, const Scheme& scheme, std::size_t lag,
                                      Eigen::MatrixXd x) {
  const Noise noise = Noise::full(model.r);
  Trail trail(lag);
  std::vector<Eigen::MatrixXd> out;
  for (std::uint32_t k = 0; k < model.y.size(); ++k) {
    x = (model.f * x).eval();
    analyse(scheme, model.h * x, model.y[k], noise, TrailSeed, k, x, trail.past());
    if (auto settled = trail.remember(x)) out.push_back(*settled);
  }
  out.insert(out.end(), trail.past().begin(), trail.past().end());
  return out;
}

TEST(Trail, WithoutLagIsTheFilter) {
  // A smoother that smooths nothing would filter otherwise than the filter, if only by a bit.
  const Linear model = perfect(6, 3, 8);
  const Scheme scheme{.filter = Filter::PerturbedEnkf,
                      .inflation = {.factor = 1.1, .rtpp = 0.1},
                      .rotation = Rotation::Random};
  Eigen::MatrixXd x(6, 4);
  standard_normal(TrailSeed, 1, 0, x);
  const auto ours = smoothed(model, scheme, 0, x);
  for (std::uint32_t k = 0; k < model.y.size(); ++k) {
    x = (model.f * x).eval();
    analyse(scheme, model.h * x, model.y[k], Noise::full(model.r), TrailSeed, k, x);
    EXPECT_EQ(ours[k], x) << k;
  }
}

TEST(Trail, OverTheWholeRecordIsTheKalmanSmoother) {
  // The past would not be what all observations say of it: with exact moments and a linear model mean
  // and covariance of every moment are those of Rauch, Tung and Striebel.
  const Linear model = perfect(4, 2, 9);
  const auto answer = kalman::dense::conditioned(model);
  for (const Filter filter : {Filter::Etkf, Filter::Estkf, Filter::SerialEnsrf}) {
    const auto ours =
        smoothed(model, {.filter = filter}, WholeRecord, with_moments(model.m, model.p, 12));
    ASSERT_EQ(ours.size(), answer.mean.size());
    for (std::size_t k = 0; k < ours.size(); ++k) {
      EXPECT_LT((ours[k].rowwise().mean() - answer.mean[k]).cwiseAbs().maxCoeff(), 1e-10) << k;
      EXPECT_LT((covariance_of(ours[k]) - answer.covariance[k]).cwiseAbs().maxCoeff(), 1e-10) << k;
    }
  }
}

TEST(Trail, OfALagSeesThatManyLaterObservations) {
  // A fixed lag would see more, or fewer, than it says: moment k must be that of a record which ends
  // at k + lag.
  constexpr std::size_t Lag = 3;
  const Linear model = perfect(4, 2, 9);
  const auto ours = smoothed(model, {}, Lag, with_moments(model.m, model.p, 8));
  ASSERT_EQ(ours.size(), model.y.size());
  for (std::size_t k = 0; k < ours.size(); ++k) {
    Linear shorter = model;
    shorter.y.resize(std::min(model.y.size(), k + Lag + 1));
    const auto answer = kalman::dense::conditioned(shorter);
    EXPECT_LT((ours[k].rowwise().mean() - answer.mean[k]).norm(), 1e-10) << k;
  }
}

TEST(Trail, RotationKeepsMembersAndTheirPastTogether) {
  // Rotated members would be smoothed by the past of others: mean and covariance must not notice.
  const Linear model = perfect(4, 2, 9);
  const Eigen::MatrixXd x = with_moments(model.m, model.p, 8);
  const auto plain = smoothed(model, {}, WholeRecord, x);
  const auto rotated = smoothed(model, {.rotation = Rotation::Random}, WholeRecord, x);
  for (std::size_t k = 0; k < plain.size(); ++k) {
    EXPECT_LT((plain[k].rowwise().mean() - rotated[k].rowwise().mean()).norm(), 1e-10);
    EXPECT_LT((covariance_of(plain[k]) - covariance_of(rotated[k])).norm(), 1e-10);
  }
}

TEST(Trail, LocalWithoutEndIsGlobal) {
  // Localisation would change the past where it restricts nothing.
  const Linear model = perfect(6, 6, 4);
  const Noise noise = Noise::diagonal(model.r.diagonal());
  const auto domains = ring_domains(6, 2, Eigen::VectorXd::LinSpaced(6, 0.0, 5.0),
                                    {.half_support = std::numeric_limits<double>::infinity()});
  Eigen::MatrixXd x(6, 5), past(6, 5);
  standard_normal(TrailSeed, 1, 0, x);
  standard_normal(TrailSeed, 1, 1, past);
  std::vector<Eigen::MatrixXd> global = {past}, local = {past};
  Eigen::MatrixXd y = x;
  analyse({}, model.h * x, model.y[0], noise, TrailSeed, 0, y, global);
  analyse({}, domains, model.h * x, model.y[0], noise, TrailSeed, 0, x, local);
  EXPECT_LT((global[0] - local[0]).norm(), 1e-10);
  EXPECT_GT((global[0] - past).norm(), 0.1);
}

TEST(Trail, InflationActsOnThePresentAlone) {
  // The past would be blown up anew by each later analysis.
  const Linear model = perfect(6, 6, 1);
  const Noise noise = Noise::diagonal(model.r.diagonal());
  const auto domains =
      ring_domains(6, 2, Eigen::VectorXd::LinSpaced(6, 0.0, 5.0), {.half_support = 2.0});
  Eigen::MatrixXd x(6, 5), past(6, 5);
  standard_normal(TrailSeed, 1, 0, x);
  standard_normal(TrailSeed, 1, 1, past);
  const auto of = [&](const Inflation& inflation, bool local) {
    std::vector<Eigen::MatrixXd> both = {past, x};
    const std::span<Eigen::MatrixXd> earlier(both.data(), 1);
    const Scheme scheme{.inflation = inflation};
    if (local) {
      analyse(scheme, domains, model.h * x, model.y[0], noise, TrailSeed, 0, both[1], earlier);
    } else {
      analyse(scheme, model.h * x, model.y[0], noise, TrailSeed, 0, both[1], earlier);
    }
    return both;
  };
  for (const bool local : {false, true}) {
    const auto plain = of({}, local);
    const auto inflated = of({.factor = 1.3, .rtpp = 0.2, .rtps = 0.1}, local);
    EXPECT_EQ(plain[0], inflated[0]);
    EXPECT_GT((plain[1] - inflated[1]).norm(), 0.01);
  }
}

TEST(Trail, WithoutObservationsThePastStays) {
  // A silent sensor would move what has been.
  Eigen::MatrixXd x(2, 3), past(2, 3);
  standard_normal(TrailSeed, 1, 0, x);
  standard_normal(TrailSeed, 1, 1, past);
  std::vector<Eigen::MatrixXd> trail = {past};
  analyse({}, Eigen::MatrixXd(0, 3), Eigen::VectorXd(), Noise::equal(0, 1.0), TrailSeed, 0, x,
          trail);
  EXPECT_EQ(trail[0], past);
}

}  // namespace
}  // namespace twin::infer::smooth
