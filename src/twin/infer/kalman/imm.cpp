#include "twin/infer/kalman/imm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "twin/core/error.hpp"
#include "twin/math/elementary.hpp"

namespace twin::infer::kalman {

void require_probabilities(const Eigen::Ref<const Eigen::VectorXd>& p, std::string_view name) {
  for (Eigen::Index i = 0; i < p.size(); ++i) {
    if (!(p[i] >= 0.0 && p[i] <= 1.0))
      throw core::Error(fmt::format("{} {} = {} (must lie in [0, 1])", name, i, p[i]));
  }
  if (!(std::abs(p.sum() - 1.0) <= 1e-9))
    throw core::Error(fmt::format("{} sums to {} (must be 1)", name, p.sum()));
}

ModeTransition::ModeTransition(Eigen::MatrixXd probability) : probability_(std::move(probability)) {
  if (probability_.rows() == 0) throw core::Error("mode transition of no modes (must have one)");
  require_shape("mode transition", probability_, probability_.rows(), probability_.rows());
  for (Eigen::Index i = 0; i < probability_.rows(); ++i)
    require_probabilities(probability_.row(i).transpose(),
                          fmt::format("mode transition from {} to", i));
}

namespace detail {

void require_modes(std::size_t beliefs, Eigen::Index probabilities, Eigen::Index transition) {
  if (static_cast<Eigen::Index>(beliefs) == transition && probabilities == transition) return;
  throw core::Error(
      fmt::format("{} beliefs and {} mode probabilities (the transition has {} modes)", beliefs,
                  probabilities, transition));
}

ModeStep weighed(Eigen::VectorXd& probability, const Eigen::VectorXd& log_likelihood) {
  constexpr double Never = -std::numeric_limits<double>::infinity();
  double most = Never;
  for (Eigen::Index j = 0; j < probability.size(); ++j) {
    if (probability[j] > 0.0) most = std::max(most, log_likelihood[j]);
  }
  // Not finite: every mode says impossible, or one says something that is no likelihood.
  if (!std::isfinite(most)) return {.log_likelihood = Never, .collapsed = true};
  Eigen::VectorXd weight = probability;
  for (Eigen::Index j = 0; j < weight.size(); ++j) {
    if (weight[j] > 0.0) weight[j] *= math::exp(log_likelihood[j] - most);
  }
  const double sum = weight.sum();
  if (!std::isfinite(sum)) return {.log_likelihood = Never, .collapsed = true};
  probability = weight / sum;
  return {.log_likelihood = most + math::log(sum), .collapsed = false};
}

}  // namespace detail
}  // namespace twin::infer::kalman
