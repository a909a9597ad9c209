#include "twin/infer/kalman/gate.hpp"

#include <fmt/format.h>

#include <limits>

#include "twin/core/error.hpp"
#include "twin/score/chi_square.hpp"

namespace twin::infer::kalman {
Gate::Gate(double false_alarm, Eigen::Index components) {
  if (!(false_alarm > 0.0 && false_alarm < 1.0))
    throw core::Error(
        fmt::format("false alarm probability of the gate = {} (must lie between 0 "
                    "and 1)",
                    false_alarm));
  if (components < 1)
    throw core::Error(fmt::format("gate for {} components (must be at least 1)", components));
  for (Eigen::Index m = 1; m <= components; ++m)
    limits_.push_back(score::chi_square_quantile_above(false_alarm, static_cast<double>(m)));
}

double Gate::limit(Eigen::Index components) const {
  if (limits_.empty()) return std::numeric_limits<double>::infinity();
  const auto m = static_cast<std::size_t>(components);
  if (m > limits_.size())
    throw core::Error(
        fmt::format("gate for {} components met an observation of {}", limits_.size(), components));
  return limits_[m - 1];
}

}  // namespace twin::infer::kalman
