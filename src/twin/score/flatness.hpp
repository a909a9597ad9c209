// Whether counts that should be equal are: rank and PIT histograms of a calibrated forecast. The
// whole chi-square statistic, and the parts of it that a slope and a bowl explain, each with one
// degree of freedom (I. T. Jolliffe and C. Primo, Monthly Weather Review 136, 2008): a biased
// forecast slopes, one with too little spread is a bowl.
#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "twin/score/chi_square.hpp"

namespace twin::score {

struct Flatness {
  ChiSquareTest all;      // K - 1 degrees of freedom for K classes
  ChiSquareTest slope;    // linear in the class
  ChiSquareTest bowl;     // quadratic in the class; p-value 1 for two classes
  double expected = 0.0;  // [counts] per class
  double tilt = 0.0;      // sign: above 0 if upper classes are too full
  double curve = 0.0;     // sign: above 0 if outer classes are too full
  // Fewer than 5 expected counts per class: p-values are rough (W. G. Cochran, Biometrics 10, 1954).
  [[nodiscard]] bool enough() const { return expected >= 5.0; }
};

// Nothing if nothing was counted. The counts must come from independent occasions: ranks of
// forecasts that overlap in time follow each other, and such p-values are too small. Two classes at
// least [the caller's duty].
std::optional<Flatness> flatness(std::span<const std::uint64_t> counts);

}  // namespace twin::score
