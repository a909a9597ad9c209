#include "apps/plant/faults.hpp"

#include <vector>

#include "twin/core/error.hpp"
#include "twin/core/nearest.hpp"
#include "twin/sheet/sheet.hpp"

namespace apps::plant {

using twin::sheet::Range;
using twin::sheet::Sheet;

const std::array<std::string_view, 3> FaultLevels = {"none", "light", "heavy"};

Faults faults_of_level(std::string_view level) {
  Faults f;
  if (level == "none") return f;
  const bool light = level == "light";
  if (!light && level != "heavy") {
    const std::vector<std::string> known(FaultLevels.begin(), FaultLevels.end());
    std::string message =
        "unknown level of faults '" + std::string(level) + "' (known: none light heavy)";
    if (const auto near = twin::core::nearest(std::string(level), known))
      message += " did you mean " + *near + "?";
    throw twin::core::Error(message);
  }
  f.drop = light ? 0.001 : 0.05;
  f.twice = light ? 0.001 : 0.10;
  f.reorder = light ? 0.001 : 0.10;
  f.delay = light ? 0.0001 : 0.01;
  f.corrupt = light ? 0.0001 : 0.01;
  f.cuts_per_day = light ? 0.02 : 0.5;
  f.cut_minutes = light ? 5.0 : 30.0;
  f.reboots_per_month = light ? 0.5 : 4.0;
  f.skew_ms = light ? 500.0 : 90'000.0;
  f.drift_ppm = light ? 10.0 : 1000.0;
  f.clock_steps_per_month = light ? 0.0 : 1.0;
  f.clock_step_ms = light ? 0.0 : 3'600'000.0;
  f.ghosts = light ? 0.00001 : 0.0005;
  return f;
}

Faults read_faults(std::string_view text, const std::string& file) {
  Sheet s(twin::sheet::read_toml(text, file), file, "faults");
  const std::vector<std::string> levels(FaultLevels.begin(), FaultLevels.end());
  Faults f = faults_of_level(s.choice("level", levels, "none"));
  constexpr Range Share{0.0, 1.0};
  constexpr Range Rate{0.0, 100'000.0};
  constexpr double LongestMs = 7.0 * 86'400'000.0;
  const auto ms = [&](const char* key, Tick now) {
    return static_cast<Tick>(s.integer(key, {0.0, LongestMs}, now));
  };
  f.drop = s.number("drop", {0.0, 0.9}, f.drop);  // what always lost is is no line
  f.twice = s.number("twice", Share, f.twice);
  f.reorder = s.number("reorder", Share, f.reorder);
  f.delay = s.number("delay", Share, f.delay);
  f.corrupt = s.number("corrupt", {0.0, 0.9}, f.corrupt);
  f.latency_ms = ms("latency_ms", f.latency_ms);
  f.reorder_ms = ms("reorder_ms", f.reorder_ms);
  f.delay_ms = ms("delay_ms", f.delay_ms);
  f.cuts_per_day = s.number("cuts_per_day", Rate, f.cuts_per_day);
  f.cut_minutes = s.number("cut_minutes", Rate, f.cut_minutes);
  f.reboots_per_month = s.number("reboots_per_month", Rate, f.reboots_per_month);
  f.skew_ms = s.number("skew_ms", {0.0, LongestMs}, f.skew_ms);
  f.drift_ppm = s.number("drift_ppm", {0.0, 100'000.0}, f.drift_ppm);
  f.clock_steps_per_month = s.number("clock_steps_per_month", Rate, f.clock_steps_per_month);
  f.clock_step_ms = s.number("clock_step_ms", {0.0, LongestMs}, f.clock_step_ms);
  f.lies = s.number("lies", Share, f.lies);
  f.ghosts = s.number("ghosts", Share, f.ghosts);
  s.finish();
  return f;
}

}  // namespace apps::plant
