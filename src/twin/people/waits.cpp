// See the header.
#include "twin/people/waits.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

#include "twin/core/expect.hpp"

namespace twin::people {

// The octave is the place of the highest bit, the bin in it the next three bits.
std::size_t Waits::bin_of(core::Tick ms) {
  const auto x = static_cast<std::uint64_t>(std::max<core::Tick>(0, ms));
  if (x < 8) return x;
  const auto octave = static_cast<std::size_t>(std::bit_width(x)) - 1;
  return std::min(Bins - 1, 8 * (octave - 2) + ((x >> (octave - 3)) & 7U));
}

core::Tick Waits::lower_edge(std::size_t bin) {
  if (bin < 8) return static_cast<core::Tick>(bin);
  const std::size_t octave = bin / 8 + 2;
  return static_cast<core::Tick>((8 + bin % 8) << (octave - 3));
}

void Waits::add(core::Tick ms) { ++counts_[bin_of(ms)]; }

std::uint64_t Waits::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

std::optional<core::Tick> Waits::quantile(double p) const {
  TWIN_EXPECT(p > 0.0 && p <= 1.0, p);
  const std::uint64_t all = total();
  if (all == 0) return {};
  std::uint64_t seen = 0;
  std::size_t bin = 0;
  for (; bin < Bins; ++bin) {
    seen += counts_[bin];
    if (static_cast<double>(seen) >= p * static_cast<double>(all)) break;
  }
  const core::Tick low = lower_edge(bin);
  return bin + 1 >= Bins ? low : low + (lower_edge(bin + 1) - low) / 2;
}

}  // namespace twin::people
