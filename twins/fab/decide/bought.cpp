#include "twins/fab/decide/bought.hpp"

#include <algorithm>
#include <utility>

#include "twin/core/expect.hpp"
#include "twins/fab/floor.hpp"
#include "twins/fab/wafer_marks.hpp"

namespace twins::fab::decide {

std::shared_ptr<const Layout> with_bought(std::shared_ptr<const Layout> layout,
                                          std::span<const Bought> bought) {
  if (bought.empty()) return layout;
  auto more = std::make_shared<Layout>(*layout);
  for (const Bought& b : bought) {
    for (std::uint32_t n = 0; n < b.count; ++n) {
      more->tool_group.push_back(b.group);
      more->first_breakdown_clock.push_back(more->breakdown_clocks);
      more->breakdown_clocks += more->groups[b.group].breakdowns;
    }
  }
  // The lines of single tools are counted from the group's first tool on: such a group gets new ones behind all others,
  // as far as its last tool. Those between the two are never used.
  for (std::uint32_t g = 0; g < more->groups.size(); ++g) {
    GroupInfo& group = more->groups[g];
    const auto is_of = [g](const Bought& b) { return b.group == g && b.count != 0; };
    if (!group.dedicated || std::none_of(bought.begin(), bought.end(), is_of)) continue;
    group.dedicated_line = more->lines;
    more->lines += more->tools() - group.first_tool;
  }
  const std::size_t cells = std::size_t{more->lines} * more->description.products.size();
  more->line_setup.resize(more->lines, None);
  more->line_batch_max.resize(more->lines, 0);
  more->line_last_step.resize(cells, None);
  more->line_reach.resize(cells, None);
  return more;
}

namespace {

void move_lines(const Layout& m, State& x) {
  const auto lines_before = static_cast<std::uint32_t>(x.lines.size());
  x.lines.resize(m.lines);
  for (std::uint32_t slot = 0; slot < x.lots.size(); ++slot) {
    Lot& lot = x.lots[slot];
    if (lot.place != LotPlace::Queued) continue;
    const StepInfo& step = m.steps[lot.step];
    const GroupInfo& group = m.groups[step.group];
    if (step.dedication_in == None || group.dedicated_line < lines_before) continue;
    const std::uint32_t tool = x.dedication[slot * m.dedication_slots + step.dedication_in];
    if (tool == None) continue;
    Line& to = x.lines[group.dedicated_line + (tool - group.first_tool)];
    if (to.count == 0) to = std::exchange(x.lines[lot.line], Line{});
    lot.line = group.dedicated_line + (tool - group.first_tool);
  }
}

struct NewTool {
  std::uint32_t tool = None;
  double share = 1.0;  // of a maintenance's first interval
  Tick from = 0;
};

void plan(Floor::Laws& laws, const NewTool& fresh) {
  const Layout& m = laws.m;
  State& x = laws.x;
  const auto [t, share, from] = fresh;
  const std::uint32_t g = m.tool_group[t];
  const GroupInfo& info = m.groups[g];
  for (std::uint32_t p = 0; p < info.breakdowns; ++p) {
    const Duration& first = m.breakdowns[info.first_breakdown + p].first;
    const double u = laws.draw.uniform(static_cast<std::uint32_t>(What::FirstFailure),
                                       m.first_breakdown_clock[t] + p, 0);
    const double scale =
        laws.theta[m.theta_map.mtbf(info.area)] * laws.theta[m.theta_map.mtbf_group(g)];
    laws.schedule(
        from + to_ticks(inverted(first.law, first.mean_ms, first.half_width_ms, u) * scale),
        Happens::Fail, t, p);
  }
  for (std::uint32_t k = 0; k < info.pms; ++k) {
    const PmInfo& pm = m.pms[info.first_pm + k];
    if (pm.trigger == Maintenance::Trigger::Calendar)
      laws.schedule(from + to_ticks(pm.first * share), Happens::PmDue, t, k);
  }
  Tool& tool = x.tools[t];
  if (from > x.now) {
    tool.breakdowns = 1;
    tool.stopped_at = x.now;
    ++tool.epoch;
    laws.schedule(from, Happens::PutBack, t);
    return;
  }
  laws.refresh(t);
  if (x.groups[g].waiting != 0 || x.groups[g].reserving_tool == t)
    laws.schedule(x.now, Happens::Dispatch, g);
}

}  // namespace

void carry_over(const AnyFab& fab, std::span<const Bought> bought, State& x,
                std::span<const double> theta, twin::core::Draw draw) {
  const Layout& m = fab.layout();
  std::uint32_t t = static_cast<std::uint32_t>(x.tools.size()), all = 0;
  for (const Bought& b : bought) all += b.count;
  TWIN_EXPECT(t + all == m.tools(), t, all, m.tools());
  if (all == 0) return;
  x.tools.resize(m.tools());
  x.tool_times.resize(m.tools());
  x.pms.resize(std::size_t{m.tools()} * m.max_pms);
  x.breakdowns.resize(m.breakdown_clocks);
  move_lines(m, x);
  const QueueRule rule{{}, &fab};
  NoSink none;
  Floor::Laws laws{m, rule, x, theta.data(), draw, none};
  for (const Bought& b : bought) {
    const GroupInfo& info = m.groups[b.group];
    for (std::uint32_t n = 1; n <= b.count; ++n, ++t) {
      const double share = static_cast<double>(n) / static_cast<double>(b.count);
      x.tools[t].setup = m.description.tool_groups[b.group].initial_setup;
      for (std::uint32_t k = 0; k < info.pms; ++k)
        x.pms[t * m.max_pms + k].mark = m.pms[info.first_pm + k].first * share;
      set_mark(m, x, t);
      plan(laws, {t, share, b.from});
    }
  }
}

}  // namespace twins::fab::decide
