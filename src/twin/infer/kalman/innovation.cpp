#include "twin/infer/kalman/innovation.hpp"

#include <fmt/format.h>

#include "twin/core/error.hpp"

namespace twin::infer::kalman::detail {

void not_finite(std::string_view what, Eigen::Index component, double value) {
  throw core::Error(fmt::format("{} {} = {} (must be finite; an observation's NaN means missing)",
                                what, component, value));
}

void not_positive_definite(std::string_view what) {
  throw core::Error(
      fmt::format("{} is not positive definite (rounding, or a model that is not "
                  "finite) would the square-root form do?",
                  what));
}

}  // namespace twin::infer::kalman::detail
