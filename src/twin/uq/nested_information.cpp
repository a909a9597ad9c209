#include "twin/uq/nested_information.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/math/statistics.hpp"
#include "twin/score/checked.hpp"

namespace twin::uq {

NestedInformation nested_information(std::span<const double> own, std::span<const double> inner) {
  score::need_finite(own, "log-likelihoods");
  if (inner.empty() || inner.size() % own.size() != 0) {
    throw core::Error(std::to_string(inner.size()) +
                      " inner log-likelihoods (must be a whole number for " + "each of " +
                      std::to_string(own.size()) + ")");
  }
  const std::size_t m = inner.size() / own.size();
  math::Moments told, excess;
  for (std::size_t n = 0; n < own.size(); ++n) {
    const std::span<const double> here = inner.subspan(n * m, m);
    const double largest = *std::ranges::max_element(here);
    if (std::ranges::any_of(here, [](double l) { return std::isnan(l); }) ||
        !std::isfinite(largest)) {
      throw core::Error("inner log-likelihoods of " + std::to_string(n) +
                        " (must be numbers, not all minus infinity); are there too few draws?");
    }
    math::Moments density;  // relative to the largest: no exponential leaves the range
    for (const double l : here) density.add(std::exp(l - largest));
    told.add(own[n] - largest - std::log(density.mean()));
    const double spread = density.deviation() / density.mean();
    excess.add(0.5 * spread * spread / static_cast<double>(m));
  }
  return {.information = told.mean(),
          .standard_error = told.count() < 2
                                ? std::numeric_limits<double>::infinity()
                                : told.deviation() / std::sqrt(static_cast<double>(told.count())),
          .excess = excess.mean()};
}

}  // namespace twin::uq
