// A plant that jumps between modes: one filter a mode, their beliefs mixed before each step
// (interacting multiple model: Blom & Bar-Shalom, IEEE Trans. Automatic Control 33(8), 1988). The
// filters are the caller's: any of this folder, each with its own model.
#pragma once
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "twin/infer/kalman/gaussian.hpp"

namespace twin::infer::kalman {

// All that changes.
template <int N>
struct Imm {
  std::vector<Gaussian<N>> beliefs;  // [mode]
  Eigen::VectorXd probability;       // [mode], sums to 1
};

// Throws core::Error unless every entry lies in [0, 1] and they sum to 1 within 1e-9.
void require_probabilities(const Eigen::Ref<const Eigen::VectorXd>& p, std::string_view name);

// Probability to jump from mode i to mode j in one step [i][j]; checked when made.
class ModeTransition {
 public:
  explicit ModeTransition(Eigen::MatrixXd probability);
  [[nodiscard]] const Eigen::MatrixXd& probability() const { return probability_; }

 private:
  Eigen::MatrixXd probability_;  // [from][to], rows sum to 1
};

// What a step of all modes said.
struct ModeStep {
  double log_likelihood = 0.0;  // of the observation, over the modes
  bool collapsed = false;       // no mode could have made it: the probabilities are the predicted
};

namespace detail {
void require_modes(std::size_t beliefs, Eigen::Index probabilities, Eigen::Index transition);
// probability *= exp(log_likelihood), normalised; the log of the sum.
ModeStep weighed(Eigen::VectorXd& probability, const Eigen::VectorXd& log_likelihood);
}  // namespace detail

// Mean and covariance of a mixture: sum_j w_j (P_j + (m_j - m)(m_j - m)'). Members of weight 0 do
// not count, even when they are not finite.
template <int N>
Gaussian<N> moments(const std::vector<Gaussian<N>>& members, const Eigen::VectorXd& weight) {
  const Eigen::Index n = members.front().size();
  Gaussian<N> out{.mean = Vector<N>::Zero(n), .covariance = Matrix<N, N>::Zero(n, n)};
  for (std::size_t j = 0; j < members.size(); ++j) {
    const double w = weight[static_cast<Eigen::Index>(j)];
    if (w > 0.0) out.mean += w * members[j].mean;
  }
  for (std::size_t j = 0; j < members.size(); ++j) {
    const double w = weight[static_cast<Eigen::Index>(j)];
    if (!(w > 0.0)) continue;
    const Vector<N> apart = members[j].mean - out.mean;
    out.covariance += w * (members[j].covariance + apart * apart.transpose());
  }
  return out;
}

template <int N>
Gaussian<N> moments(const Imm<N>& imm) {
  return moments(imm.beliefs, imm.probability);
}

// One cycle: mix, filter each, weigh. filter(mode, belief) predicts and updates the belief with the
// model of that mode and returns the log-likelihood of the observation: Innovation's for an
// observation that was used, 0 for one that is missing. A mode that nothing reaches (predicted
// probability 0) keeps its belief unmixed. Throws core::Error when the numbers of beliefs,
// probabilities and modes differ.
template <int N, class Filter>
ModeStep step(Imm<N>& imm, const ModeTransition& transition, Filter&& filter) {
  const Eigen::MatrixXd& p = transition.probability();
  detail::require_modes(imm.beliefs.size(), imm.probability.size(), p.rows());
  require_probabilities(imm.probability, "mode probability");
  const Eigen::VectorXd predicted = p.transpose() * imm.probability;
  const std::vector<Gaussian<N>> before = imm.beliefs;
  Eigen::VectorXd log_likelihood(p.rows());
  for (std::size_t j = 0; j < before.size(); ++j) {
    const auto to = static_cast<Eigen::Index>(j);
    if (predicted[to] > 0.0) {
      const Eigen::VectorXd from = p.col(to).cwiseProduct(imm.probability) / predicted[to];
      imm.beliefs[j] = moments(before, from);
    }
    log_likelihood[to] = filter(j, imm.beliefs[j]);
  }
  imm.probability = predicted;
  return detail::weighed(imm.probability, log_likelihood);
}

}  // namespace twin::infer::kalman
