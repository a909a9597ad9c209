#include "twins/fab/decide/outlook.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "twin/core/expect.hpp"
#include "twin/core/parallel.hpp"
#include "twin/math/sums.hpp"
#include "twin/score/normal.hpp"
#include "twins/fab/ahead.hpp"
#include "twins/fab/forecast/sightings.hpp"
#include "twins/fab/rules/rule.hpp"

namespace twins::fab::decide {

const Pace& Outlook::of(std::int32_t priority) const {
  TWIN_EXPECT(!paces.empty());
  const Pace* found = paces.data();
  for (const Pace& p : paces)
    if (p.priority <= priority) found = &p;
  return *found;
}

double Outlook::remaining_ms(const Layout& m, const Lot& lot) const {
  return of(lot.priority).flow_factor * fab::remaining_ms(m, lot);
}

double Outlook::tardy_ms(const Layout& m, const Lot& lot, Tick now) const {
  const Pace& pace = of(lot.priority);
  const double work = fab::remaining_ms(m, lot);
  const double late = static_cast<double>(now - lot.due) + pace.flow_factor * work;
  const double deviation = std::sqrt(pace.spread_ms * work);
  if (deviation <= 0.0) return std::max(late, 0.0);
  return deviation * twin::score::normal_area_below(late / deviation);
}

namespace {

struct Remaining {  // one lot of one member
  std::int32_t priority = 0;
  double work_ms = 0.0;    // R at the start
  double passed_ms = 0.0;  // time to its end, or to the horizon
  double left_ms = 0.0;    // R at the horizon; 0: it has left
};

struct Sums {
  twin::math::Sum work, time;
  std::uint64_t lots = 0;
};

std::vector<Remaining> watched(const AnyFab& fab, const State& x, std::span<const double> theta,
                               twin::core::Draw draw, double horizon_days) {
  const Layout& m = fab.layout();
  State now = with_future(fab, x, theta, draw);
  const std::vector<bool> none(m.groups.size(), false);
  forecast::Sightings sightings(now, none);
  std::vector<Remaining> lots;
  std::vector<std::uint32_t> slots, ids;
  for (std::uint32_t slot = 0; slot < now.lots.size(); ++slot) {
    const Lot& lot = now.lots[slot];
    if (lot.place == LotPlace::Free || lot.place == LotPlace::Finished) continue;
    // How long it is held, or waits outside, is no law of the fab.
    if (lot.place == LotPlace::Held || lot.place == LotPlace::Outside) continue;
    lots.push_back({lot.priority, remaining_ms(m, lot)});
    slots.push_back(slot);
    ids.push_back(lot.id);
  }
  const Tick start = now.now, end = start + static_cast<Tick>(horizon_days * DayMs);
  fab.advance(now, theta, end, draw, sightings);
  for (std::size_t i = 0; i < lots.size(); ++i) {
    const Tick finished = sightings.of_slot(slots[i]).finished;
    const bool out = finished != forecast::Sightings::NotYet;
    lots[i].passed_ms = static_cast<double>((out ? finished : end) - start);
    if (!out) lots[i].left_ms = remaining_ms(m, now.lots[slots[i]]);
  }
  return lots;
}

}  // namespace

Outlook learn_outlook(const AnyFab& fab, const State& x,
                      std::span<const calibrate::Posterior> posterior, const OutlookAsked& asked) {
  TWIN_EXPECT(asked.members > 0 && asked.threads > 0, asked.members, asked.threads);
  TWIN_EXPECT(asked.horizon_days > 0.0, asked.horizon_days);
  const Layout& m = fab.layout();
  const std::vector<calibrate::Posterior> believed(posterior.begin(), posterior.end());
  std::vector<std::vector<Remaining>> members(asked.members);
  twin::core::for_each_member(asked.members, asked.threads, [&](std::size_t member) {
    const twin::core::Draw draw{asked.seed, static_cast<std::uint32_t>(member)};
    const std::vector<double> theta =
        believed.empty() ? m.nominal_theta() : calibrate::draw_theta(m, believed, draw);
    members[member] = watched(fab, x, theta, draw, asked.horizon_days);
  });
  // What is done per time passed is the pace, whether or not a lot has come out: no lot is left out for being slow.
  std::map<std::int32_t, Sums> by_priority;
  for (const auto& lots : members) {
    for (const Remaining& lot : lots) {
      Sums& sums = by_priority[lot.priority];
      sums.work.add(lot.work_ms - lot.left_ms);
      sums.time.add(lot.passed_ms);
      ++sums.lots;
    }
  }
  Outlook outlook;
  for (const auto& [priority, sums] : by_priority) {
    if (!(sums.work.value() > 0.0)) continue;
    Pace pace{priority, sums.time.value() / sums.work.value(), 0.0, sums.lots};
    twin::math::Sum spread;
    std::uint64_t counted = 0;
    for (const auto& lots : members) {
      for (const Remaining& lot : lots) {
        const double work = lot.work_ms - lot.left_ms;
        if (lot.priority != priority || !(work > 0.0)) continue;
        const double off = lot.passed_ms - pace.flow_factor * work;
        spread.add(off * off / work);
        ++counted;
      }
    }
    pace.spread_ms = spread.value() / static_cast<double>(counted);
    outlook.paces.push_back(pace);
  }
  if (outlook.paces.empty()) outlook.paces.push_back({});
  return outlook;
}

}  // namespace twins::fab::decide
