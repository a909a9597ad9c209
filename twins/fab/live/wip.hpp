// The fab as somebody says that it is: a table of its lots and tools, from which a twin begins cold.
// docs/live-mirror.md has the columns. Events from its moment on move the fab further; those shortly
// after it that it knew already are reconciled, not anomalies.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "twins/fab/live/live.hpp"

namespace twins::fab::live {

// A snapshot is seldom taken at one instant: events so much later may be in it already. [ms]
inline constexpr Tick Overlap = 600'000;

struct WipMoment {
  std::string file = "snapshot";  // for messages
  std::int64_t at_ms = 0;         // when it was so [ms since 1970]
  std::int64_t time_zero_ms = 0;  // of the fab's tick 0 [ms since 1970]
};

// The table (tab-separated, one header line) as a State at that moment; lots get their numbers from
// `dialect`. Appends a sentence for what it does not say. Error with line and column for what cannot
// be: names unknown to the data set, a lot twice or in a tool that does not do its step, times after
// the moment.
State read_wip(const AnyFab& fab, std::string_view table, const WipMoment& moment, Dialect& dialect,
               std::vector<std::string>& missing);

// The table of a State, such that reading it gives what `observe` sees of it. Lots without a name
// are called "L<number>".
std::string write_wip(const AnyFab& fab, const State& x, const Dialect& dialect,
                      std::int64_t time_zero_ms);

}  // namespace twins::fab::live
