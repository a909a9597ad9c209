// Q and R of a linear model from the innovations of a filter that runs with a gain of its own, right
// or wrong: the autocovariances of innovations are linear in Q and R (Mehra, "On the identification of
// variances and adaptive Kalman filtering", IEEE Trans. Automatic Control 15, 1970), so they are fitted
// by least squares (Odelson, Rajamani, Rawlings, "A new autocovariance least-squares method for
// estimating noise covariances", Automatica 42, 2006).
#pragma once
#include <Eigen/Dense>
#include <vector>

namespace twin::infer {

// x <- F x + G w, y = H x + v; w and v independent with variances to be found, diagonal both. The
// filter: prediction F (x + K d), innovation d = y - H x.
struct LinearFilter {
  Eigen::MatrixXd transition;  // F [variable][variable]
  Eigen::MatrixXd entrance;    // G [variable][noise]
  Eigen::MatrixXd op;          // H [observation][variable]
  Eigen::MatrixXd gain;  // K [variable][observation], the same at all times; F (I - K H) stable
};

struct NoiseVariances {
  Eigen::VectorXd process;      // of w, [noise], at least 0
  Eigen::VectorXd observation;  // of v, [observation], at least 0
  double residual = 0.0;        // root mean square of what the fit leaves of the autocovariances
};

// The autocovariances E[d_{k+lag} d_k^T], lag = 0 .. lags - 1, that these variances would give: [lag]
// of [observation][observation]. The unconditioned stationary solution.
std::vector<Eigen::MatrixXd> autocovariances(const LinearFilter& filter,
                                             const Eigen::VectorXd& process,
                                             const Eigen::VectorXd& observation, Eigen::Index lags);

// innovations: [observation][time], past the filter's transient. Variances below 0 are held at 0 and the
// others fitted again (active set). Errors: sizes that do not fit; a filter that is not stable; fewer
// times than ten for each unknown; a number that is not finite; unknowns that the lags do not tell apart.
NoiseVariances estimate_noise(const LinearFilter& filter, const Eigen::MatrixXd& innovations,
                              Eigen::Index lags);

}  // namespace twin::infer
