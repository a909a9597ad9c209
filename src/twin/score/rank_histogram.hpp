// Where what came falls among the members of the ensembles: for a calibrated forecast every place
// is equally frequent (J. L. Anderson, Journal of Climate 9, 1996; T. M. Hamill, Monthly Weather
// Review 129, 2001). Ties are broken by a draw u in (0, 1) that the caller names (core::Draw), so
// that the same record gives the same histogram.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "twin/score/flatness.hpp"

namespace twin::score {

// Number of members below y; with ties, any place among them, by u. 0 to N. core::Error for an
// empty ensemble and values that are not finite; u outside (0, 1) is our own mistake.
std::size_t rank_of(std::span<const double> ensemble, double y, double u);

class RankHistogram {
 public:
  RankHistogram() = default;  // takes nothing
  explicit RankHistogram(std::size_t members);

  // core::Error if the ensemble has another number of members.
  void add(std::span<const double> ensemble, double y, double u);
  void merge(const RankHistogram& other);  // same number of members

  [[nodiscard]] std::uint64_t total() const;
  [[nodiscard]] std::span<const std::uint64_t> counts() const { return counts_; }  // [rank]
  [[nodiscard]] std::optional<Flatness> flatness() const;  // nothing if nothing was added

  bool operator==(const RankHistogram&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("counts", self.counts_);
  }

 private:
  std::vector<std::uint64_t> counts_;  // [rank] occasions; one more than members
};

}  // namespace twin::score
