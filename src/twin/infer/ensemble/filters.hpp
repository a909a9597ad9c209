// The ensemble Kalman filters, each as the transform that it makes of what was observed. Notation:
// observed.hpp. They agree on the mean and, but for DEnKF and the perturbed one, on the covariance
// of the Kalman filter; they differ in the anomalies that carry it.
#pragma once
#include <Eigen/Dense>

#include "twin/infer/ensemble/observed.hpp"
#include "twin/infer/ensemble/transform.hpp"

namespace twin::infer {

// Perturbed observations (Burgers, van Leeuwen, Evensen 1998; Evensen 2003): each member is updated
// with y plus an error of its own. Expects observed.perturbations (see perturb).
Transform perturbed_enkf(const Observed& observed);

// Ensemble transform Kalman filter with the symmetric root (Bishop et al. 2001; Hunt et al. 2007,
// eqs. 21, 23, 24): w = (I + C)^-1 b / sqrt(N - 1), T = (I + C)^-1/2.
Transform etkf(const Observed& observed);

// Deterministic EnKF (Sakov, Oke 2008, eq. 15): half the gain on the anomalies,
// T = I - (I + C)^-1 C / 2; right to first order in K H.
Transform denkf(const Observed& observed);

// Error-subspace transform Kalman filter (Nerger et al. 2012, eqs. 29 to 37) with the symmetric root
// in the N - 1 dimensions that the anomalies span.
Transform estkf(const Observed& observed);

// Serial square-root filter (Whitaker, Hamill 2002, eqs. 10 and 13): one whitened observation after
// the other, each with its scalar gain. Exact for correlated errors too, as they are whitened.
Transform serial_ensrf(const Observed& observed);

// Finite-size EnKF-N (Bocquet 2011), by its dual (Bocquet, Sakov 2012, eq. 36): an ETKF whose prior
// inflation is the minimiser of the dual cost. The hyperprior is corrected so that without
// information there is no inflation (Raanes, Bocquet, Carrassi 2019, section 4.4), and is certain as
// if there were certainty * N members: 1 for a chaotic or stochastic model, 2 for Lorenz-96.
Transform finite_size_enkf(const Observed& observed, double certainty);

// The factor^2 by which finite_size_enkf inflates the prior's covariance: the zero of the derivative
// of the dual cost. Exposed so that it can be checked.
double finite_size_inflation(const Spectrum& spectrum, double certainty);

// The same factor^2 where the weights w of the mean are given, the primal's answer: at the minimiser
// of the primal cost it is finite_size_inflation. square: w^T w.
double finite_size_inflation(const Spectrum& spectrum, double certainty, double square);

// The dual cost itself, as a function of the factor^2 u; not less anywhere near the minimiser.
double finite_size_cost(const Spectrum& spectrum, double certainty, double u);

// Orthonormal basis [member][member - 1] of the space orthogonal to 1 (Nerger et al. 2012, eq. 28).
Eigen::MatrixXd subspace_basis(Eigen::Index members);

// A random rotation that keeps the mean: uniform on the orthogonal matrices that leave 1 where it is
// (Sakov, Oke 2008b). [member][member]
Eigen::MatrixXd mean_preserving_rotation(Eigen::Index members, const core::Draw& draw,
                                         std::uint32_t what, std::uint32_t occasion);

// The like in the coordinates of subspace_basis, where it is any orthogonal matrix: uniform, from
// half as many random numbers (Stewart 1980; Diaconis, Shahshahani 1987). [member - 1][member - 1]
Eigen::MatrixXd subspace_rotation(Eigen::Index members, const core::Draw& draw, std::uint32_t what,
                                  std::uint32_t occasion);

}  // namespace twin::infer
