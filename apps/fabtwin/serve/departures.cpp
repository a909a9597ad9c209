#include "apps/fabtwin/serve/departures.hpp"

#include "apps/fabtwin/serve/duration.hpp"
#include "twins/fab/route_time.hpp"

namespace apps::fabtwin::serve {

Departure departed(const twins::fab::Layout& layout, const twins::fab::live::Live& live,
                   std::uint32_t lot, Tick at) {
  const auto& rungs = live.rungs;
  for (auto rung = rungs.rbegin(); rung != rungs.rend(); ++rung) {
    if (rung->until > at) continue;
    for (const auto& l : rung->x.lots) {
      if (l.id != lot || l.place == twins::fab::LotPlace::Free) continue;
      return {.at = at,
              .released = l.release,
              .due = l.due,
              .product = layout.classes[l.lot_class].product};
    }
    break;
  }
  return {.at = at, .released = at};
}

std::vector<double> raw_days(const twins::fab::Layout& layout) {
  std::vector<double> days;
  for (const auto& product : layout.description.products) {
    const auto& route = layout.description.routes[product.route];
    days.push_back(twins::fab::route_time(layout.description, route).rpt_ms /
                   static_cast<double>(DayMs));
  }
  return days;
}

Leavings leavings(std::span<const Departure> departed, std::span<const double> raw_days,
                  const twins::fab::State& x, Tick now) {
  Leavings left;
  double days = 0.0, raw = 0.0;
  std::uint64_t timed = 0, known = 0, in_time = 0;
  const auto due = [&](Tick at) {
    if (at > now || at <= now - 7 * DayMs) return;
    ++left.due_week;
    if (at > now - DayMs) ++left.due_day;
  };
  for (const Departure& d : departed) {
    ++left.out_week;
    if (d.at > now - DayMs) ++left.out_day;
    if (d.product == twins::fab::None) continue;
    due(d.due);
    ++known;
    in_time += d.at <= d.due ? 1U : 0U;
    // Of a lot that was there when time began nobody knows when it was released.
    if (d.released <= HourMs || d.released >= d.at) continue;
    days += static_cast<double>(d.at - d.released) / static_cast<double>(DayMs);
    raw += raw_days[d.product];
    ++timed;
  }
  for (const auto& lot : x.lots)
    if (lot.place != twins::fab::LotPlace::Free && lot.place != twins::fab::LotPlace::Finished)
      due(lot.due);
  if (timed != 0) left.cycle_days = days / static_cast<double>(timed);
  if (raw > 0.0) left.flow_factor = days / raw;
  if (known != 0) left.on_time = static_cast<double>(in_time) / static_cast<double>(known);
  return left;
}

}  // namespace apps::fabtwin::serve
