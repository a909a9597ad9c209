// What the residuals of a filter say about its covariances: if both are right, the products of what
// observations leave before and after the analysis are R and HBH^T (Desroziers, Berre, Chapnik, Poli,
// "Diagnosis of observation, background and analysis-error statistics in observation space", Q. J. R.
// Meteorol. Soc. 131, 2005). Under the wrong ones they say in which direction to go.
#pragma once
#include <Eigen/Dense>
#include <cstdint>
#include <optional>

namespace twin::infer {

struct DesroziersAnswer {
  Eigen::MatrixXd innovation;  // E[d_b d_b^T], should be HBH^T + R, [observation][observation]
  Eigen::MatrixXd error;       // E[d_a d_b^T]: R, made symmetric
  Eigen::MatrixXd background;  // E[(d_b - d_a) d_b^T]: HBH^T, made symmetric
  Eigen::MatrixXd analysis;    // E[(d_b - d_a) d_a^T]: HAH^T, made symmetric
  double asymmetry = 0.0;  // largest |R - R^T| over the root of its variances: 0 if all is right
  double effective_count = 0.0;  // [analyses], of equal weight
};

class Desroziers {
 public:
  // For so many observations, always the same ones. memory: analyses after which an old one counts
  // 1/e; infinite: all count alike. Error for a size below 1 or a memory that is not positive.
  explicit Desroziers(Eigen::Index observations, double memory);

  // before: y - H mean of the forecast; after: y - H mean of the analysis. Error for other sizes or
  // numbers that are not finite: nothing is counted then.
  void add(const Eigen::Ref<const Eigen::VectorXd>& before,
           const Eigen::Ref<const Eigen::VectorXd>& after);

  [[nodiscard]] std::optional<DesroziersAnswer> answer() const;  // nothing before the first
  [[nodiscard]] std::uint64_t count() const { return count_; }

 private:
  double kept_;                             // weight of the past at each analysis
  double weight_ = 0.0;                     // sum of weights
  double square_ = 0.0;                     // sum of their squares
  Eigen::MatrixXd before_, mixed_, after_;  // weighted sums of d_b d_b^T, d_a d_b^T, d_a d_a^T
  std::uint64_t count_ = 0;
};

}  // namespace twin::infer
