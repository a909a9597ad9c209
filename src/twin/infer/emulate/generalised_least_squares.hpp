// y = F b + e, where e is normal with covariance K and nothing is known of b: what universal kriging, its likelihood
// and its leaving out of one run are made of. Where b is integrated out, K^-1 becomes P = K^-1 - K^-1 F (F' K^-1
// F)^-1 F' K^-1 (H. D. Patterson and R. Thompson, Biometrika 58, 1971).
#pragma once
#include <Eigen/Dense>
#include <optional>

namespace twin::infer {

class GeneralisedLeastSquares {
 public:
  // covariance: [run][run], of which the lower half is read; trend: F [run][regressor]; y: [run]. Nothing where K has
  // no factor beyond its rounding, or the columns of F depend on each other.
  static std::optional<GeneralisedLeastSquares> of(Eigen::MatrixXd covariance,
                                                   const Eigen::MatrixXd& trend,
                                                   const Eigen::VectorXd& y);

  [[nodiscard]] Eigen::Index runs() const { return root_.rows(); }
  [[nodiscard]] Eigen::Index regressors() const { return trend_.cols(); }
  [[nodiscard]] const Eigen::VectorXd& coefficients() const { return coefficients_; }  // b
  // K^-1 (y - F b) = P y: [run]
  [[nodiscard]] const Eigen::VectorXd& weights() const { return weights_; }
  [[nodiscard]] double square() const { return square_; }  // y' P y
  // log |K| + log |F' K^-1 F| - log |F' F|
  [[nodiscard]] double log_determinant() const { return log_determinant_; }
  // The logarithm of the density of all contrasts A'y, where A'A = 1 and A'F = 0, if K is scale x the one given
  // (D. A. Harville, Biometrika 61, 1974).
  [[nodiscard]] double log_likelihood(double scale = 1.0) const;

  // P: [run][run], lower half, and its diagonal alone, which is 0 for a run without which the others do not tell the
  // regressors apart. 4/3 n^3 operations, 2/3 n^3.
  [[nodiscard]] Eigen::MatrixXd precision() const;
  [[nodiscard]] Eigen::VectorXd precision_diagonal() const;

  // What the runs take from the variances of new values, and what not knowing b gives: var - of_runs + of_trend.
  // covariance: [run][point] with the runs; trend: [point][regressor]. The covariance is overwritten.
  void reduce(Eigen::MatrixXd& covariance, const Eigen::MatrixXd& trend, Eigen::VectorXd& of_runs,
              Eigen::VectorXd& of_trend) const;
  // f' (F' K^-1 F)^-1 f, the variance of f'b, of each row f of trend: [point][regressor]; [point].
  [[nodiscard]] Eigen::VectorXd trend_variances(const Eigen::MatrixXd& trend) const;

  // One more run in O(n^2): its covariance with the others [run], its own, its row of F, its y. False, with nothing
  // changed, where K would have no factor.
  bool append(const Eigen::VectorXd& covariance, double own, const Eigen::VectorXd& trend,
              double y);

 private:
  GeneralisedLeastSquares() = default;
  void solve();

  Eigen::MatrixXd root_;          // [run][run] lower L, K = L L'
  Eigen::MatrixXd trend_;         // [run][regressor] F
  Eigen::MatrixXd reduced_;       // [run][regressor] L^-1 F = Q R
  Eigen::VectorXd reduced_y_;     // [run] L^-1 y
  Eigen::MatrixXd across_;        // [run][regressor] Q
  Eigen::MatrixXd upper_;         // [regressor][regressor] R
  Eigen::VectorXd coefficients_;  // [regressor]
  Eigen::VectorXd weights_;       // [run]
  double square_ = 0.0;           // y' P y
  double log_determinant_ = 0.0;  // of the three above
  double largest_ = 0.0;          // of the variances in K: what its rounding is a share of
};

}  // namespace twin::infer
