#include "twins/fab/initial.hpp"

#include <algorithm>

#include "twins/fab/engine/engine.hpp"

namespace twins::fab {

State initial_state(const Layout& m, std::span<const double> theta, twin::core::Draw draw) {
  State x;
  const auto schedule = [&x](Tick at, Happens what, std::uint32_t who, std::uint32_t arg) {
    x.agenda.push(at, who, static_cast<std::uint16_t>(what), static_cast<std::uint16_t>(arg));
  };
  x.tools.resize(m.tools());
  x.groups.resize(m.groups.size());
  x.lines.resize(m.lines);
  x.pms.resize(static_cast<std::size_t>(m.tools()) * m.max_pms);
  x.breakdowns.resize(m.breakdown_clocks);
  x.releases.assign(m.streams.size(), 0);
  x.tool_times.resize(m.tools());
  x.class_tally.resize(m.classes.size());
  x.group_tally.resize(m.groups.size());
  const std::size_t lots = m.description.lots.size() + 1024;
  x.lots.reserve(2 * lots);
  x.dedication.reserve(2 * lots * m.dedication_slots);
  x.touched.reserve(m.groups.size() + 64);
  x.agenda.reserve(4 * static_cast<std::size_t>(m.tools()) + 2 * lots);

  for (std::uint32_t g = 0; g < m.groups.size();
       ++g) {  // all tools are able, in the order of their numbers
    const GroupInfo& info = m.groups[g];
    for (std::uint32_t k = 0; k < info.tools; ++k) {
      const std::uint32_t t = info.first_tool + k;
      Tool& tool = x.tools[t];
      tool.able = true;
      tool.setup = m.description.tool_groups[g].initial_setup;
      tool.prev = k == 0 ? None : t - 1;
      tool.next = k + 1 == info.tools ? None : t + 1;
    }
    x.groups[g].able_head = info.first_tool;
    x.groups[g].able_tail = info.first_tool + info.tools - 1;
  }
  // Listed lots first: those of time zero are older than what is released at that instant.
  if (!m.description.lots.empty())
    schedule(to_ticks(m.description.lots.front().start_ms), Happens::Listed, 0, 0);
  for (std::uint32_t s = 0; s < m.streams.size(); ++s)
    if (m.streams[s].count != 0) schedule(m.streams[s].start, Happens::Release, s, 0);

  for (std::uint32_t t = 0; t < m.tools(); ++t) {
    const GroupInfo& info = m.groups[m.tool_group[t]];
    for (std::uint32_t b = 0; b < info.breakdowns; ++b) {
      const Duration& d = m.breakdowns[info.first_breakdown + b].first;
      const double u = draw.uniform(static_cast<std::uint32_t>(What::FirstFailure),
                                    m.first_breakdown_clock[t] + b, 0);
      schedule(to_ticks(inverted(d.law, d.mean_ms, d.half_width_ms, u) *
                        theta[m.theta_map.mtbf(info.area)] *
                        theta[m.theta_map.mtbf_group(m.tool_group[t])]),
               Happens::Fail, t, b);
    }
    const double share =
        static_cast<double>(t - info.first_tool + 1) / static_cast<double>(info.tools);
    for (std::uint32_t k = 0; k < info.pms;
         ++k) {  // the k-th of N tools starts at FOA * k / N: staggered
      const PmInfo& pm = m.pms[info.first_pm + k];
      x.pms[t * m.max_pms + k].mark = pm.first * share;
      if (pm.trigger == Maintenance::Trigger::Calendar)
        schedule(to_ticks(pm.first * share), Happens::PmDue, t, k);
    }
    set_mark(m, x, t);
  }
  return x;
}

}  // namespace twins::fab
