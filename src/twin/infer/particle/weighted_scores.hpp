// How good weighted members are: error and spread as experiment.hpp has them, with weights. Taken after
// weighing and before resampling, which only adds noise.
#pragma once
#include <Eigen/Dense>
#include <cmath>

namespace twin::infer::particle {

struct WeightedScores {
  double rmse = 0.0;    // of the weighted mean
  double spread = 0.0;  // root of the mean weighted variance, over the sum of the weights
};

// x: [variable][member]; weights: [member], not negative, their sum `total` positive.
inline WeightedScores weighted_scores(const Eigen::MatrixXd& x,
                                      const Eigen::Ref<const Eigen::VectorXd>& weights,
                                      double total, const Eigen::VectorXd& truth) {
  const Eigen::VectorXd mean = x * weights / total;
  const double n = static_cast<double>(x.rows());
  const Eigen::MatrixXd anomalies = x.colwise() - mean;
  return {.rmse = (mean - truth).norm() / std::sqrt(n),
          .spread = std::sqrt(((anomalies.array().square().matrix() * weights) / total).sum() / n)};
}

}  // namespace twin::infer::particle
