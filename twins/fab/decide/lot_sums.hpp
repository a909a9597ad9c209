// Sums over the lots of one run that make the means of an Outcome: those that left between two States, and those inside
// that the caller counts too.
#pragma once
#include <cstdint>

#include "twin/math/sums.hpp"
#include "twins/fab/decide/rollouts.hpp"
#include "twins/fab/layout.hpp"
#include "twins/fab/state.hpp"

namespace twins::fab::decide {

class LotSums {
 public:
  // A lot above the lowest priority is a hot lot: that of all streams, and of whatever else the caller knows of.
  LotSums(const Layout& layout, std::int32_t lowest);

  // All that left from `before` to `after`, a later State of the same fab: as tardy as they were, with their cycle
  // times.
  void left(const State& before, const State& after);
  void inside(const Lot& lot, double tardy_ms);  // [ms]
  void cycle(double ms) {
    cycle_.add(ms), ++cycles_;
  }  // [ms] of a lot inside: the cycle time it will have

  void into(Outcome& outcome) const;  // the means [h], and how many left

 private:
  [[nodiscard]] bool hot(std::uint32_t lot_class) const {
    return layout_->classes[lot_class].priority > lowest_;
  }

  const Layout* layout_;
  std::int32_t lowest_;
  twin::math::Sum tardy_, weighted_, hot_, cycle_;                  // [ms]
  double lots_ = 0.0, hot_lots_ = 0.0, cycles_ = 0.0, left_ = 0.0;  // [lots]
};

}  // namespace twins::fab::decide
