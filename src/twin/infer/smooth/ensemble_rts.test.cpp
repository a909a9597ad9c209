// If these failed, the backward pass over stored ensembles would not say what the smoother says that
// corrected the past at once.
#include "twin/infer/smooth/ensemble_rts.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"
#include "twin/infer/ensemble/analysis.hpp"
#include "twin/infer/ensemble/example.hpp"
#include "twin/infer/kalman/dense.hpp"
#include "twin/infer/smooth/trail.hpp"

namespace twin::infer::smooth {
namespace {

constexpr core::Draw EnsembleRtsSeed{.seed = 6, .member = 0};

struct Both {
  std::vector<Eigen::MatrixXd> backward, at_once;  // [moment]
};

Both both(const kalman::dense::Linear& model, Eigen::MatrixXd x) {
  const Noise noise = Noise::full(model.r);
  Trail trail(WholeRecord);
  std::vector<Kept> record;
  for (std::uint32_t k = 0; k < model.y.size(); ++k) {
    x = (model.f * x).eval();
    Kept kept{.forecast = x, .analysed = {}};
    analyse({}, model.h * x, model.y[k], noise, EnsembleRtsSeed, k, x, trail.past());
    static_cast<void>(trail.remember(x));
    kept.analysed = x;
    record.push_back(kept);
  }
  return {ensemble_rts(record), {trail.past().begin(), trail.past().end()}};
}

TEST(EnsembleRts, IsTheEnsembleKalmanSmoother) {
  // The two smoothers would differ, whether members are more or fewer than variables (Raanes 2016).
  kalman::dense::Linear model = kalman::dense::linear(6, 3, 7, 29);
  for (const Eigen::Index members : {3, 6, 7, 15}) {
    Eigen::MatrixXd x(6, members);
    standard_normal(EnsembleRtsSeed, 1, 0, x);
    const Both b = both(model, x);
    for (std::size_t k = 0; k < b.backward.size(); ++k)
      EXPECT_LT((b.backward[k] - b.at_once[k]).norm(), 1e-10) << members << ' ' << k;
  }
}

TEST(EnsembleRts, IsTheKalmanSmoother) {
  // With exact moments and a perfect linear model: mean and covariance of Rauch, Tung and Striebel.
  // Turning, so that no direction dies out: the pass back divides by what is left of each.
  kalman::dense::Linear model = kalman::dense::linear(4, 2, 9, 31);
  model.f = 0.9 * Eigen::MatrixXd(model.f.householderQr().householderQ());
  model.q.setZero();
  const auto answer = kalman::dense::conditioned(model);
  const auto ours = both(model, with_moments(model.m, model.p, 11)).backward;
  for (std::size_t k = 0; k < ours.size(); ++k) {
    EXPECT_LT((ours[k].rowwise().mean() - answer.mean[k]).norm(), 1e-10) << k;
    EXPECT_LT((covariance_of(ours[k]) - answer.covariance[k]).norm(), 1e-10) << k;
  }
}

TEST(EnsembleRts, SaysWhatIsWrong) {
  // A record put together wrongly would be smoothed into nonsense.
  const Eigen::MatrixXd x = Eigen::MatrixXd::Identity(2, 3);
  const auto of = [](const std::vector<Kept>& record) {
    return contract::refusal([&] { static_cast<void>(ensemble_rts(record)); });
  };
  EXPECT_EQ(of({}), "accepted");
  EXPECT_EQ(of({{{}, x.leftCols(1)}}),
            "the ensemble has 1 member (its covariance needs at least 2)");
  EXPECT_EQ(of({{{}, x}, {x.leftCols(2), x}}),
            "moment 1 has 2 members in its forecast and 3 analysed ones (the first moment has 3)");
  EXPECT_EQ(of({{{}, x}, {x.topRows(1), x}}),
            "moment 1 has 1 variables in its forecast and 2 analysed ones (must be as many)");
  EXPECT_EQ(of({{{}, x}, {x, x / 0.0}}), "moment 1 is not finite (a member is lost)");
}

}  // namespace
}  // namespace twin::infer::smooth
