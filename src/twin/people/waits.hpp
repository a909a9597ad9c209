// How long things took, counted in fixed bins that grow with the time, so that a median of any number of
// decisions takes 1 kB of a State. The bin is cut out of the number's own bits (G. Tene's HdrHistogram): eight
// to an octave, so a quantile is right to 1/16 of itself.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "twin/core/tick.hpp"

namespace twin::people {

class Waits {
 public:
  // Whole ms up to 8 ms, eight bins an octave up to 2^32 ms (49.7 days), one for all beyond.
  static constexpr std::size_t Bins = 8 + 29 * 8 + 1;

  void add(core::Tick ms);  // below zero, where a clock was put back, counts as none
  [[nodiscard]] std::uint64_t total() const;
  // [ms] the middle of the bin in which the share p of all is reached, 0 < p <= 1; of the last bin, its lower edge.
  // Nothing: there is none.
  [[nodiscard]] std::optional<core::Tick> quantile(double p) const;

  [[nodiscard]] static std::size_t bin_of(core::Tick ms);
  [[nodiscard]] static core::Tick lower_edge(std::size_t bin);  // [ms]

  bool operator==(const Waits&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("counts", self.counts_);
  }

 private:
  std::array<std::uint32_t, Bins> counts_{};  // [bin]
};

}  // namespace twin::people
