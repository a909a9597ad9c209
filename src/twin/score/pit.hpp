// The probability integral transform: what share of the forecast lay below what came. Uniform for a
// calibrated forecast (A. P. Dawid, JRSS A 147, 1984); unlike ranks it takes forecasts of any kind
// and size together. Where the forecast has steps, a draw u in (0, 1), named by the caller, picks
// the place on the step. Input that is empty or not finite: core::Error.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "twin/score/flatness.hpp"

namespace twin::score {

double normal_pit(double mean, double deviation, double y);

// (members below y + u (ties + 1)) / (N + 1): exactly uniform if y is drawn as the members are.
double ensemble_pit(std::span<const double> ensemble, double y, double u);

// Weight below y plus u times the weight on y, over all weight: uniform if the weighted values are
// the forecast itself, not a sample of it.
double weighted_pit(std::span<const double> values, std::span<const double> weights, double y,
                    double u);

class PitHistogram {
 public:
  PitHistogram() = default;  // takes nothing
  explicit PitHistogram(std::size_t bins);

  void add(double pit);                   // 0 to 1
  void merge(const PitHistogram& other);  // same bins

  [[nodiscard]] std::uint64_t total() const;
  [[nodiscard]] std::span<const std::uint64_t> counts() const { return counts_; }  // [bin]
  [[nodiscard]] std::optional<Flatness> flatness() const;  // nothing if nothing was added

  bool operator==(const PitHistogram&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("counts", self.counts_);
  }

 private:
  std::vector<std::uint64_t> counts_;  // [bin] of equal width from 0 to 1; the last holds 1 too
};

}  // namespace twin::score
