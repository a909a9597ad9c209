// Model error as an explicit term, and additive inflation: noise of a stated covariance that is added
// to the members before an analysis, drawn by name.
#pragma once
#include <Eigen/Dense>
#include <cstdint>

#include "twin/core/draw.hpp"

namespace twin::infer {

enum ModelErrorDraw : std::uint32_t { ModelErrorDrawn = 0xA5000040 };

class ModelError {
 public:
  // Independent in each variable. variances: [variable], what one tick adds. Error unless each is
  // finite and not negative.
  static ModelError diagonal(const Eigen::VectorXd& variances);
  // Correlated. covariance: [variable][variable], may be singular. Error as kalman::ProcessNoise.
  static ModelError full(const Eigen::MatrixXd& covariance);

  [[nodiscard]] Eigen::Index size() const { return factor_.rows(); }
  // The noise of so many ticks in each member. x: [variable][member]. Draws have mean zero over the
  // members and are scaled by sqrt(N/(N-1)), so that the mean stays and the variance is that stated
  // (Evensen 2004). Error for another size, or a negative or infinite time.
  void add(double ticks, const core::Draw& draw, std::uint32_t occasion,
           Eigen::Ref<Eigen::MatrixXd> x) const;

 private:
  ModelError() = default;
  Eigen::MatrixXd factor_;  // A with A A^T = covariance; one column where it is diagonal
  bool diagonal_ = true;
};

}  // namespace twin::infer
