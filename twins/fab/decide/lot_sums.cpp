#include "twins/fab/decide/lot_sums.hpp"

#include <algorithm>

namespace twins::fab::decide {

LotSums::LotSums(const Layout& layout, std::int32_t lowest) : layout_(&layout), lowest_(lowest) {
  for (const StreamInfo& s : layout.streams) lowest_ = std::min(lowest_, s.priority);
}

void LotSums::left(const State& before, const State& after) {
  for (std::uint32_t c = 0; c < after.class_tally.size(); ++c) {
    const ClassTally &a = before.class_tally[c], &b = after.class_tally[c];
    const auto finished = static_cast<double>(b.finished - a.finished);
    const auto late = static_cast<double>(b.tardy_ticks - a.tardy_ticks);
    tardy_.add(late);
    weighted_.add((b.weighted_tardy_days - a.weighted_tardy_days) * DayMs);
    cycle_.add(static_cast<double>(b.cycle_ticks - a.cycle_ticks));
    left_ += finished;
    lots_ += finished;
    cycles_ += finished;
    if (!hot(c)) continue;
    hot_.add(late);
    hot_lots_ += finished;
  }
}

void LotSums::inside(const Lot& lot, double tardy_ms) {
  tardy_.add(tardy_ms);
  weighted_.add(lot.weight * tardy_ms);
  lots_ += 1.0;
  if (!hot(lot.lot_class)) return;
  hot_.add(tardy_ms);
  hot_lots_ += 1.0;
}

void LotSums::into(Outcome& o) const {
  const auto mean_hours = [](const twin::math::Sum& sum, double n) {
    return n > 0.0 ? sum.value() / n / HourMs : 0.0;
  };
  o.tardy_hours = mean_hours(tardy_, lots_);
  o.weighted_tardy_hours = mean_hours(weighted_, lots_);
  o.hot_tardy_hours = mean_hours(hot_, hot_lots_);
  o.cycle_hours = mean_hours(cycle_, cycles_);
  o.out = left_;
}

}  // namespace twins::fab::decide
