#include "twin/infer/particle/filter.hpp"

#include <fmt/core.h>

#include "twin/core/error.hpp"

namespace twin::infer::particle {

void check_options(const FilterOptions& o) {
  if (!(o.threshold >= 0.0) || !std::isfinite(o.threshold)) {
    throw core::Error(fmt::format(
        "the resampling threshold is {} (must be a share of the members, 0 or more)", o.threshold));
  }
  if (!(o.bandwidth >= 0.0) || !std::isfinite(o.bandwidth)) {
    throw core::Error(
        fmt::format("the kernel's bandwidth is {} (must be finite, 0 or more)", o.bandwidth));
  }
  if (!(o.discount > 0.5 && o.discount <= 1.0)) {
    throw core::Error(fmt::format(
        "the discount of parameters is {} (must be above 0.5 and at most 1)", o.discount));
  }
}

Fate fate_of(std::span<const double> values, std::optional<std::size_t> expected) {
  if (values.empty()) return Fate::Nothing;
  if (expected && values.size() != *expected) {
    throw core::Error(
        fmt::format("{} values were observed (the sensor has {})", values.size(), *expected));
  }
  Fate fate = Fate::Used;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isinf(values[i])) {
      throw core::Error(fmt::format("observation {} is {} (must be finite)", i, values[i]));
    }
    if (std::isnan(values[i])) fate = Fate::Missing;
  }
  return fate;
}

}  // namespace twin::infer::particle
