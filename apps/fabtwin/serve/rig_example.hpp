// The plant and its twin that tests of living twins begin with.
#pragma once
#include <cstdint>
#include <memory>

#include "apps/fabtwin/serve/rig.hpp"
#include "twins/fab/import/read.hpp"

namespace apps::fabtwin::serve {

inline std::shared_ptr<const twins::fab::Layout> example_fab() {
  static const auto layout = twins::fab::compile(twins::fab::import::read("data/example-fab"));
  return layout;
}

// A small fab that is nearly full, so that it matters who goes first.
inline std::shared_ptr<const twins::fab::Layout> crowded_fab() {
  static const auto layout = [] {
    twins::fab::Description d = twins::fab::import::read("data/minifab");
    for (twins::fab::Stream& s : d.streams) s.interval.mean_ms *= 0.93;
    return twins::fab::compile(std::move(d), {});
  }();
  return layout;
}

inline RigOptions example_rig(std::uint64_t seed) {
  RigOptions o;
  o.plant.fab.seed = seed;
  o.site.name = "test";
  o.site.record = "record";
  o.site.watermark_ms = 60'000;
  o.site.snapshot_every_ms = 6 * 3'600'000;
  o.site.stale_after_ms = 10 * 60'000;
  return o;
}

// It forecasts and advises twice a day, on the rule of dispatching alone.
inline RigOptions advised_rig(std::uint64_t seed) {
  constexpr Tick HalfDay = 12 * 3'600'000;
  RigOptions o = example_rig(seed);
  o.plant.fab.rule = o.site.rule = "fifo";
  o.beat_ms = 300'000;
  o.forecasts = o.advice = true;
  o.site.forecast = ForecastSettings{
      .every_ms = HalfDay, .horizons_ms = {2 * HalfDay}, .members = 8, .threads = 2};
  o.site.advice = AdviceSettings{.every_ms = HalfDay,
                                 .horizon_ms = 4 * HalfDay,
                                 .objective = "tardiness",
                                 .rules = {"fifo", "srpt", "edd"},
                                 .menu = 8,
                                 .worth_h = 0.05,
                                 .budget = 200,
                                 .threads = 2,
                                 .policy = {{*usual_policy(HalfDay).find("rule")}}};
  return o;
}

}  // namespace apps::fabtwin::serve
