// What befalls the plant that the model does not know: tools that drift or slow down, longer repairs,
// hot lots that nobody planned, an operator who holds lots. From a TOML file or as values.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/tick.hpp"
#include "twins/fab/layout.hpp"

namespace apps::plant {

using twin::core::Tick;

struct Drift {  // process times of a tool group change little by little
  std::uint32_t group = 0;
  Tick from = 0, until = twin::core::Never;  // [tick] they stay where they are then
  double per_day = 0.0;                      // share of the process time added a day
};

struct SlowTool {  // one tool is slower than its group from a moment on
  std::uint32_t tool = 0;
  Tick from = 0, until = twin::core::Never;  // [tick] then it is as good as new
  double factor = 1.0;                       // of its process times, at once
  double per_day = 0.0;                      // added to the factor a day: it degrades
};

struct LongRepairs {
  std::uint32_t group = 0;
  Tick from = 0, until = twin::core::Never;  // [tick] for repairs that begin meanwhile
  double factor = 1.0;                       // of their times
};

struct HotLots {  // a wave of lots beside the streams
  std::uint32_t product = 0;
  Tick from = 0;           // [tick] release of the first
  Tick every = 0;          // [tick] between two
  std::uint32_t lots = 1;  // [lots]
  std::uint32_t wafers = 25;
  std::int32_t priority = 20;
  Tick due = 0;  // [tick] after the release
};

struct Operator {                            // takes lots out of dispatch and gives them back
  std::uint32_t group = twins::fab::None;    // lots that wait here; None: anywhere
  Tick from = 0, until = twin::core::Never;  // [tick] of holds; a release may come later
  Tick every = 0;                            // [tick] mean time between two holds, exponential
  Tick hold = 0;                             // [tick] mean time on hold, exponential
};

struct Scenario {
  std::vector<Drift> drifts;
  std::vector<SlowTool> slow_tools;
  std::vector<LongRepairs> repairs;
  std::vector<HotLots> hot_lots;
  std::vector<Operator> operators;
};

// The file's text (docs/plant.md says what may stand there), its names looked up in the layout.
// Throws twin::core::Error with file and line.
Scenario read_scenario(std::string_view text, const std::string& file,
                       const twins::fab::Layout& layout);

// The layout of a plant in which this happens: the hot lots come by a list. The same layout where
// there are none. Numbers of tools, groups, steps, setups and products are those of `layout`.
std::shared_ptr<const twins::fab::Layout> layout_with(
    const std::shared_ptr<const twins::fab::Layout>& layout, const Scenario& scenario);

}  // namespace apps::plant
