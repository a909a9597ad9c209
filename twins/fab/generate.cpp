#include "twins/fab/generate.hpp"

#include <fmt/format.h>

#include "twin/core/error.hpp"
#include "twins/fab/generator/draft.hpp"
#include "twins/fab/generator/flow.hpp"
#include "twins/fab/generator/park.hpp"
#include "twins/fab/generator/sizing.hpp"
#include "twins/fab/generator/start.hpp"

namespace twins::fab {
namespace {

template <class T>
void expect_between(const char* name, T value, T low, T high) {
  if (value >= low && value <= high) return;  // false for NaN
  throw twin::core::Error(fmt::format("{} = {} (must be {} to {})", name, value, low, high));
}

void check(const GeneratorOptions& o) {
  expect_between("products", o.products, 1U, 100U);
  expect_between("tool_groups", o.tool_groups, generator::MinGroups, 400U);
  expect_between("tools", o.tools, o.tool_groups, 100'000U);
  expect_between("steps_min", o.steps_min, 40U, 2'000U);
  expect_between("steps_max", o.steps_max, 40U, 2'000U);
  if (o.steps_max < o.steps_min + 30) {
    throw twin::core::Error(
        fmt::format("steps_max = {} (must be 30 or more above steps_min = {}, a layer's length)",
                    o.steps_max, o.steps_min));
  }
  expect_between("bottleneck_load", o.bottleneck_load, 0.3, 0.99);
  expect_between("hot_share", o.hot_share, 0.0, 0.5);
  expect_between("wip_flow_factor", o.wip_flow_factor, 0.0, 10.0);
  if (o.wafers_per_week != 0.0) expect_between("wafers_per_week", o.wafers_per_week, 25.0, 1e6);
}

}  // namespace

Description generate(const GeneratorOptions& options) {
  check(options);
  const twin::core::Draw draw{options.seed, 0};
  const generator::Flow flow =
      generator::make_flow({options.products, options.steps_min, options.steps_max}, draw);
  const generator::Park park = generator::make_park(flow, options.tool_groups, draw);
  const generator::Sizing sizing = generator::size_fab(
      flow, park,
      {options.bottleneck_load, options.tools, {options.wafers_per_week, options.hot_share}}, draw);
  Description fab = generator::draft(flow, park, sizing.tuning, draw);
  fab.name = options.name;
  generator::add_streams(fab, sizing.release);
  const FabLoad load = fab_load(fab);
  generator::set_due_dates(fab, load);
  generator::add_wip(fab, load, options.wip_flow_factor, draw);
  return fab;
}

}  // namespace twins::fab
