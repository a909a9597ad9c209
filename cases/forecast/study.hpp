// The forecasts' experiments: a plant with hidden numbers tells its events; a mirror follows, theta is learnt,
// forecasts are made and scored when their moment comes. Nothing here knows the plant's numbers.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "apps/plant/scenario.hpp"
#include "cases/forecast/plant.hpp"
#include "twins/fab/forecast/effective.hpp"
#include "twins/fab/forecast/learner.hpp"
#include "twins/fab/forecast/ledger.hpp"

namespace cases {

struct ForecastStudyOptions {
  double learn_days = 20.0;       // theta alone is learnt
  double train_days = 10.0;       // forecasts teach the recalibration and the rules
  double held_days = 24.0;        // held out
  double every_days = 2.0;        // from forecast to forecast
  double short_every_days = 0.0;  // from forecast to forecast of a day alone, between them; 0: none
  double learn_every_days = 2.0;  // from posterior to posterior, at the time of a forecast
  std::uint32_t horizon_hours = 168;
  std::uint32_t members = 40, nominal_members = 10;  // the latter 0: not compared
  unsigned threads = 1;                              // of a forecast; results do not depend on it
  HiddenOptions hidden;
  // At `change_day`, one tool of the group with the highest load (and fewest tools among equals), or all of that
  // group, become this many times as slow; 1: nothing does.
  double slow_tool = 1.0, slow_group = 1.0;
  double change_day = 0.0;
  // The stand-in plant of apps/plant, in which disturbed() happens, instead of this case's own, whose hidden numbers
  // and changes are not asked for then.
  bool disturbances = false;

  template <class Archive>  // for the name of what is kept; `threads` is none of it
  static void fields(Archive& a, auto& self) {
    a("learn_days", self.learn_days);
    a("train_days", self.train_days);
    a("held_days", self.held_days);
    a("every_days", self.every_days);
    a("short_every_days", self.short_every_days);
    a("learn_every_days", self.learn_every_days);
    a("horizon_hours", self.horizon_hours);
    a("members", self.members);
    a("nominal_members", self.nominal_members);
    a("shifted", self.hidden.shifted);
    a("load_max", self.hidden.load_max);
    a("slow_tool", self.slow_tool);
    a("slow_group", self.slow_group);
    a("change_day", self.change_day);
    a("disturbances", self.disturbances);
  }
};

// What the model knows nothing of and what the study's disturbed plants meet, drawn by the seed before any result was
// looked at. Operators hold a waiting lot every 8 hours for 12 on average, from the first day. In the held-out days, in
// a third of them each: a wave of 12 hot lots of one product, one every 2 hours; repairs of the busiest group that
// breaks down twice as long for a week; one tool of the group with the highest load slower by 10 % and by 2
// % more a day.
apps::plant::Scenario disturbed(const twins::fab::Layout& layout, std::uint32_t seed,
                                const ForecastStudyOptions& options);

struct ForecastStudy {
  std::uint32_t seed = 0;
  twins::fab::Tick held_from = 0;
  std::vector<twins::fab::forecast::Window> windows;  // all, also of the training
  std::vector<twins::fab::forecast::ToolAlarm> alarms;
  std::uint32_t changed_group = twins::fab::None, changed_tool = twins::fab::None;
  double watches_due_day = -1.0;     // [day] when a watch of the whole fab rang; -1: never
  std::uint64_t refused_events = 0;  // by the mirror
  bool operator==(const ForecastStudy&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("seed", self.seed);
    a("held_from", self.held_from);
    a("windows", self.windows);
    a("alarms", self.alarms);
    a("changed_group", self.changed_group);
    a("changed_tool", self.changed_tool);
    a("watches_due_day", self.watches_due_day);
    a("refused_events", self.refused_events);
  }
};

// Of a plant that tells its events for so many days, theta asked for every learn_every_days until forecasts end, and no
// forecast made: what the watch of its tools says.
struct WatchedTools {
  std::vector<twins::fab::forecast::ToolAlarm> alarms;
  std::uint64_t jobs = 0;  // with a process time
};
WatchedTools watched_tools(const std::shared_ptr<const twins::fab::Layout>& layout,
                           std::uint32_t seed, const ForecastStudyOptions& options = {});

ForecastStudy forecast_study(const std::shared_ptr<const twins::fab::Layout>& layout,
                             std::uint32_t seed, const ForecastStudyOptions& options = {});

// The windows of one quantity at one horizon with `now` in [from, until) as clusters of each study.
using Pick = std::function<twins::fab::forecast::Cluster(const twins::fab::forecast::Window&)>;
std::vector<std::vector<twins::fab::forecast::Cluster>> clusters(
    const std::vector<ForecastStudy>& studies,
    const std::function<bool(const ForecastStudy&, const twins::fab::forecast::Window&)>& counts,
    const Pick& pick);

}  // namespace cases
