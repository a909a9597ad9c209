// What is believed before looking, as variational methods take it: a root U of the covariance B = U U',
// so that a correction is dx = U v with a control v ~ N(0, I) (Lorenc 1988; Bannister, Q. J. R.
// Meteorol. Soc. 134, 2008). Which B it is, static, of an ensemble, localised or a blend, is only a
// choice of U; the minimiser sees no difference.
#pragma once
#include <Eigen/Dense>
#include <memory>
#include <string_view>
#include <vector>

#include "twin/infer/variational/operator.hpp"

namespace twin::infer::variational {

class Background {
 public:
  // Independent variables. variances: [variable], each positive and finite. name: as in an error.
  static Background diagonal(const Eigen::VectorXd& variances, std::string_view name = "B");
  // covariance: [variable][variable], symmetric and positive definite.
  static Background full(const Eigen::MatrixXd& covariance, std::string_view name = "B");
  // The same, but it may be singular, even zero: nothing is corrected where nothing is uncertain.
  static Background semidefinite(const Eigen::MatrixXd& covariance, std::string_view name = "B");
  // Of a sample, by its eigenvectors: those whose variance is that of round-off are left out, so that a
  // long run is a background even where it never varied. covariance: symmetric, finite.
  static Background sampled(const Eigen::MatrixXd& covariance);
  // U itself: [variable][control], finite.
  static Background root(const Eigen::MatrixXd& u);
  // U as two functions, forward: [control] -> [variable], and adjoint: [variable] -> [control]. They
  // must be linear and fit (dot_product_test of derivative_check.hpp).
  static Background of(Eigen::Index variables, Eigen::Index controls, Map forward, Map adjoint);

  // The sample covariance of members, x: [variable][member]. At least two.
  static Background ensemble(const Eigen::MatrixXd& x);
  // The sample covariance multiplied, entry by entry, by a correlation C = L L' that falls off with
  // distance: a field of weights for each member, dx = sum_j a_j o (L v_j) / sqrt(N - 1) (the alpha
  // control variable: Lorenc 2003; Buehner 2005). A state that repeats the places of C, for instance
  // moment after moment (4DEnVar: Liu, Xiao, Wang 2008), has the same weights in each repetition.
  static Background localised(const Eigen::MatrixXd& x, const Background& correlation);

  struct Part;
  // sum_i weight_i B_i (hybrid: Hamill, Snyder 2000; Wang, Snyder, Hamill 2007). Weights: not
  // negative, not all zero; a part of weight zero is left out.
  static Background hybrid(const std::vector<Part>& parts);
  // Parts of a longer state, one below another and independent of each other.
  static Background stacked(const std::vector<Background>& parts);

  [[nodiscard]] Eigen::Index variables() const { return variables_; }
  [[nodiscard]] Eigen::Index controls() const { return controls_; }
  // U v and U' x.
  [[nodiscard]] Eigen::VectorXd correction(const Eigen::VectorXd& v) const;
  [[nodiscard]] Eigen::VectorXd adjoint(const Eigen::VectorXd& x) const;
  // B written out [variable][variable]: for tests and small states.
  [[nodiscard]] Eigen::MatrixXd covariance() const;

 private:
  Background(Eigen::Index variables, Eigen::Index controls, Map forward, Map adjoint);

  Eigen::Index variables_, controls_;
  std::shared_ptr<const Map> forward_, adjoint_;
};

struct Background::Part {
  double weight = 0.0;  // beta^2: of the covariance
  Background background;
};

}  // namespace twin::infer::variational
