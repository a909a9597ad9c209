// What an ensemble filter knows after looking: the ensemble as the instruments would have seen it,
// whitened, beside what they did see. All filters here work from it in the space of the members
// (N x N), whatever the number of observations.
//
// Notation of this folder (N members, p observations, n variables):
//   S [p][N] = R^-1/2 (HX - mean) / sqrt(N - 1)    C [N][N] = S^T S
//   d [p]    = R^-1/2 (y - mean of HX)             b [N]    = S^T d
//   A [n][N] = X - mean                            X^a = mean + A (w 1^T + T)
#pragma once
#include <Eigen/Dense>
#include <cstdint>
#include <span>

#include "twin/core/draw.hpp"
#include "twin/infer/noise.hpp"

namespace twin::infer {

struct Observed {
  Eigen::MatrixXd anomalies;      // S: [observation][member]
  Eigen::VectorXd innovation;     // d: [observation]
  Eigen::MatrixXd perturbations;  // E: [observation][member], whitened; empty unless perturbed
  double log_determinant = 0.0;   // of R

  [[nodiscard]] Eigen::Index members() const { return anomalies.cols(); }
  [[nodiscard]] Eigen::Index size() const { return anomalies.rows(); }
};

// observed: HX, [observation][member]; y: [observation]. Error if sizes differ, there are fewer than
// two members, or a number is not finite. No observations at all are allowed.
void check_observed(const Eigen::Ref<const Eigen::MatrixXd>& observed,
                    const Eigen::Ref<const Eigen::VectorXd>& y, const Noise& noise);
Observed observe(const Eigen::Ref<const Eigen::MatrixXd>& observed,
                 const Eigen::Ref<const Eigen::VectorXd>& y, const Noise& noise);

// Draws observation errors for each member, with mean zero over the members in every observation. The
// centred draws are scaled by sqrt(N/(N-1)), so that each has variance 1 (Evensen 2004).
void perturb(Observed& observed, const core::Draw& draw, std::uint32_t what,
             std::uint32_t occasion);

// What observing told, whatever the filter made of it.
struct Innovation {
  Eigen::Index observations = 0;
  double chi_square = 0.0;      // (y - Hx)^T (H P H^T + R)^-1 (y - Hx); mean p if P and R are right
  double log_likelihood = 0.0;  // of y under N(Hx, H P H^T + R)
};

// C, b and d^T d: all that a filter needs of S and d.
struct Gram {
  Eigen::MatrixXd c;             // [member][member]
  Eigen::VectorXd b;             // [member]
  double square = 0.0;           // d^T d
  double log_determinant = 0.0;  // of R
  Eigen::Index observations = 0;
};
Gram gram_of(const Observed& observed);

// The eigenvectors V and eigenvalues of a symmetric C >= 0 with the coordinates V^T b.
struct Spectrum {
  Eigen::VectorXd values;     // [mode], ascending, at least 0
  Eigen::MatrixXd vectors;    // V: [member][mode]
  Eigen::VectorXd projected;  // V^T b: [mode]
};
Spectrum spectrum_of(const Eigen::MatrixXd& c, const Eigen::VectorXd& b);

// By the matrix determinant lemma and the Woodbury identity, in the space of the members.
Innovation innovation_of(const Gram& gram, const Spectrum& spectrum);

}  // namespace twin::infer
