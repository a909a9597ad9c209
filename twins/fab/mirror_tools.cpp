// A tool's breakdowns and maintenance, as events tell them.
#include <algorithm>

#include "twins/fab/mirror_move.hpp"
#include "twins/fab/tool_time.hpp"
#include "twins/fab/wafer_marks.hpp"

namespace twins::fab {

using twin::core::Never;

namespace {

// Maintenance by wafers has come due: those past its mark count towards the next.
void pass_mark(const Layout& m, State& x, std::uint32_t t, std::uint32_t k) {
  const PmInfo& pm = m.pms[m.groups[m.tool_group[t]].first_pm + k];
  if (pm.trigger != Maintenance::Trigger::Wafers) return;
  PmClock& clock = x.pms[t * m.max_pms + k];
  clock.mark = std::min(clock.mark, static_cast<double>(wafers_done(x.tools[t]))) + pm.interval;
  set_mark(m, x, t);
}

}  // namespace

Applied Mirror::Move::tool_down() {
  Tool& t = tool();
  if (e.item != None && mirror.names_.breakdown(group(), e.item) == None)
    return Applied::UnknownItem;
  if (t.pm != 0xff) return Applied::ToolStopped;
  if (t.breakdowns >= std::max(group().breakdowns, 1U)) return Applied::OutOfOrder;
  if (t.breakdowns++ == 0) {
    account();
    t.stopped_at = x.now;
    ++t.epoch;
  }
  floor.laws().refresh(e.tool);
  return Applied::Moved;
}

Applied Mirror::Move::tool_up() {
  Tool& t = tool();
  const std::uint32_t cause = e.item == None ? 0 : mirror.names_.breakdown(group(), e.item);
  if (cause == None) return Applied::UnknownItem;
  if (t.breakdowns == 0) return Applied::OutOfOrder;
  if (group().breakdowns != 0) ++x.breakdowns[m.first_breakdown_clock[e.tool] + cause].count;
  if (--t.breakdowns == 0) {
    const Tick stopped = x.now - t.stopped_at;
    x.tool_times[e.tool][static_cast<std::size_t>(ToolTime::Down)] += stopped;
    t.accounted = x.now;
    if (t.slot2_free != 0) t.slot2_free += stopped;
    for (Job& job : t.jobs) {
      if (job.first_lot == None) continue;
      for (Tick* tick : {&job.start, &job.setup_start, &job.setup_end, &job.load_end,
                         &job.process_start, &job.process_end})
        if (*tick != Never) *tick += stopped;
    }
  }
  floor.laws().refresh(e.tool);
  return Applied::Moved;
}

std::uint32_t Mirror::Move::calendar() const {
  if (e.item == None) return group().pms == 1 ? 0 : None;
  return mirror.names_.pm(group(), e.item);
}

Applied Mirror::Move::pm_due() {
  const std::uint32_t k = calendar();
  if (k == None) return Applied::UnknownItem;
  PmClock& clock = x.pms[e.tool * m.max_pms + k];
  if (clock.asked != 0 || tool().pm == k) return Applied::OutOfOrder;
  pass_mark(m, x, e.tool, k);
  clock.asked = ++tool().pms_asked;
  ++tool().pms_pending;
  floor.laws().refresh(e.tool);
  return Applied::Moved;
}

// Announced or not.
Applied Mirror::Move::pm_started() {
  Tool& t = tool();
  const std::uint32_t k = calendar();
  if (k == None) return Applied::UnknownItem;
  if (t.pm != 0xff) return Applied::OutOfOrder;
  if (t.breakdowns != 0) return Applied::ToolStopped;
  if (t.jobs_inside != 0) return Applied::ToolBusy;
  PmClock& clock = x.pms[e.tool * m.max_pms + k];
  if (clock.asked != 0)
    --t.pms_pending;
  else
    pass_mark(m, x, e.tool, k);
  clock.asked = 0;
  if (t.pms_pending == 0) t.pms_asked = 0;
  ++clock.count;
  t.pm = static_cast<std::uint8_t>(k);
  t.stopped_at = x.now;
  floor.laws().refresh(e.tool);
  return Applied::Moved;
}

Applied Mirror::Move::pm_ended() {
  Tool& t = tool();
  const std::uint32_t k = calendar();
  if (k == None) return Applied::UnknownItem;
  if (t.pm != k) return Applied::OutOfOrder;
  x.tool_times[e.tool][static_cast<std::size_t>(ToolTime::Pm)] += x.now - t.stopped_at;
  t.pm = 0xff;
  floor.laws().refresh(e.tool);
  return Applied::Moved;
}

}  // namespace twins::fab
