// The live picture: what a twin shows of a site on a terminal, as a plain value and as text.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/fabtwin/serve/departures.hpp"
#include "twin/core/tick.hpp"

namespace apps::fabtwin::serve {

struct Interval {  // of a distribution: its median and the ends of the central 90 %
  double low = 0.0, middle = 0.0, high = 0.0;
};

struct LinkRow {
  std::string name = {};
  std::string state = {};  // "61 of 61 selected"
  bool well = false;
};

struct SilentRow {         // lines of one kind that tell of nothing (silence.hpp)
  std::string lines = {};  // "secs"
  std::uint32_t count = 0;
  twin::core::Tick age_ms = 0;
};

struct BottleneckRow {
  std::string group = {};
  std::uint32_t able = 0, tools = 0;  // [tools] neither down nor in maintenance, and all
  std::uint32_t queue = 0;            // [lots] now
  bool forecast = false;              // whether the next one holds anything
  Interval queue_ahead = {};          // [lots] at the first horizon
};

struct OutRow {
  std::string horizon = {};  // "1 d"
  Interval out = {};         // [lots] finished until then
};

struct ScoreRow {
  std::string quantity = {};     // "WIP"
  std::string horizon = {};      // "1 d"
  std::uint64_t scores = 0;      // effectively independent
  double coverage = 0.0;         // of nominal 90 % intervals
  double low = 0.0, high = 1.0;  // 95 % bounds of that share, of so many independent scores
  // 1 - CRPS / CRPS of others on the same numbers, where those said anything: of the uncalibrated
  // simulator, and of the rule of thumb that `rule` names.
  std::optional<double> skill_nominal = {}, skill = {};
  std::string rule = {};  // "due-date rule" of lots, "persistence" of all else
};

struct Picture {
  std::string site = {};
  twin::core::Tick now_ms = 0;  // [ms since 1970]
  double speed = 1.0;
  std::vector<std::string> missing = {};  // what keeps it from being ready; empty: ready
  std::string trouble = {};               // of the record; empty: none
  twin::core::Tick data_age_ms = 0;       // the longest of those that are silent, where any are
  bool stale = false;
  std::string diverged =
      {};  // why its forecasts are not to be relied upon; empty: nothing against them
  std::vector<SilentRow> silent = {};  // which data are old
  std::uint32_t wip = 0;               // [lots]
  Leavings left = {};
  // [tools] down, in maintenance, setting up, processing, loading or unloading, idle
  std::uint32_t down = 0, maintenance = 0, setup = 0, processing = 0, handling = 0, idle = 0;
  std::uint64_t entries = 0;  // of the record, durable
  double messages_s = 0.0;    // [1/s of real time]
  std::uint64_t duplicates = 0, gaps = 0, missing_messages = 0, quarantined = 0, late = 0,
                anomalies = 0;
  std::vector<LinkRow> links = {};
  std::vector<BottleneckRow> bottlenecks = {};
  bool forecast = false;             // whether one was made
  twin::core::Tick forecast_ms = 0;  // when [ms since 1970]
  std::uint32_t members = 0;
  std::string horizon = {};             // the first one's, "1 d"
  Interval wip_ahead = {};              // [lots] at the first horizon
  std::vector<OutRow> out_ahead = {};   // until 1, 3 and 7 days from now, within the horizon
  std::vector<Interval> out_days = {};  // [day] [lots] finished during it
  std::vector<ScoreRow> scores = {};
  std::uint64_t forecasts_missed = 0;    // moments that could not be scored
  std::string rule = {};                 // of dispatching, in force; empty: nobody is advised
  std::vector<std::string> advice = {};  // newest first
  std::vector<std::string> alarms = {};  // newest first
};

// Why the twin is not to act by itself now; empty: nothing is known against it.
[[nodiscard]] std::string unwell(const Picture& picture);

enum class Colours : std::uint8_t { No, Ansi };

// "2026-03-01 08:00:00 UTC"; of [ms since 1970]
std::string time_text(twin::core::Tick ms);

// As text, lines of at most `width` columns.
std::string picture_text(const Picture& picture, std::size_t width, Colours colours);

// One line for a log: the same in short.
std::string picture_line(const Picture& picture);

}  // namespace apps::fabtwin::serve
