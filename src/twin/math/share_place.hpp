// Where a share of counted values ends among their bins: what every quantile of a histogram starts
// from, whatever its bins are.
#pragma once
#include <cstddef>
#include <optional>

#include "twin/core/expect.hpp"

namespace twin::math {

struct SharePlace {
  std::size_t bin = 0;
  double within = 0.0;  // share of the bin's own values that the share takes, 0 to 1
};

// The share p of all values lies below this place; nothing where there is none. counts[bin]: whole
// numbers, up to 2^53 in all.
template <class Counts>
std::optional<SharePlace> place_of_share(const Counts& counts, double p) {
  TWIN_EXPECT(p >= 0.0 && p <= 1.0, p);
  double total = 0.0;
  for (const auto n : counts) total += static_cast<double>(n);
  const double wanted = p * total;
  double below = 0.0;
  for (std::size_t bin = 0; bin < counts.size(); ++bin) {
    const auto here = static_cast<double>(counts[bin]);
    if (here > 0.0 && below + here >= wanted) return SharePlace{bin, (wanted - below) / here};
    below += here;
  }
  return std::nullopt;
}

}  // namespace twin::math
