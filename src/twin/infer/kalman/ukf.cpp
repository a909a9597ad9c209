#include "twin/infer/kalman/ukf.hpp"

#include <fmt/format.h>

#include "twin/core/error.hpp"

namespace twin::infer::kalman::detail {

double checked_reach(const Scaling& scaling, Eigen::Index size) {
  if (!(scaling.alpha > 0.0 && std::isfinite(scaling.alpha)))
    throw core::Error(fmt::format("alpha = {} (must be positive)", scaling.alpha));
  if (!std::isfinite(scaling.beta))
    throw core::Error(fmt::format("beta = {} (must be finite)", scaling.beta));
  const double n = static_cast<double>(size);
  if (!(n + scaling.kappa > 0.0 && std::isfinite(scaling.kappa)))
    throw core::Error(fmt::format("kappa = {} (must be above minus the number of variables, {})",
                                  scaling.kappa, -size));
  return scaling.alpha * std::sqrt(n + scaling.kappa);
}

}  // namespace twin::infer::kalman::detail
