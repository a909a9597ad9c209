#include "twin/infer/kalman/gaussian.hpp"

#include <fmt/format.h>

#include <cmath>

#include "twin/core/error.hpp"

namespace twin::infer::kalman::detail {

void require_finite(const Eigen::Ref<const Eigen::VectorXd>& values, std::string_view name) {
  for (Eigen::Index i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i]))
      throw core::Error(fmt::format("{}({}) = {} (must be finite)", name, i, values[i]));
  }
}

}  // namespace twin::infer::kalman::detail
