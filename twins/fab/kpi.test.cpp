// If these failed, the printed figures would not be those of the run.
#include "twins/fab/kpi.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twins/fab/semantics/busy_fab.hpp"

namespace twins::fab {
namespace {

using semantics::Shift;
using semantics::step_at;
using semantics::TinyFab;

constexpr auto KpiDay = static_cast<Tick>(DayMs);

// One product of one step: 2 min a piece, 25 pieces, on two tools.
std::shared_ptr<const Layout> plain() {
  TinyFab fab;
  fab.add_group("A", 2);
  const auto p = fab.add_route({step_at(0, 2, Step::Per::Piece)});
  fab.add_stream(p, 10, 1000).priority = 10;
  fab.add_stream(p, 10, 1000).priority = 20;
  return compile(fab.description);
}

Reading empty_reading(const Layout& m, Tick at) {
  Reading r;
  r.at = at;
  r.classes.resize(m.classes.size());
  r.groups.resize(m.groups.size());
  r.waiting.assign(m.groups.size(), 0);
  r.group_times.resize(m.groups.size());
  return r;
}

// Wrong: a window would count what was before it, or divide by the wrong thing. Ten days from day 5:
// 40 released, 20 finished, of them 15 on time; cycle times sum to 60 d, squares to 200 d^2.
TEST(Kpi, ClassesByHand) {
  const auto m = plain();
  Reading a = empty_reading(*m, 5 * KpiDay), b = empty_reading(*m, 15 * KpiDay);
  a.classes[0].released = 100;
  a.classes[0].finished = 90;
  a.classes[0].cycle_ticks = 77 * KpiDay;
  b.classes[0] = a.classes[0];
  b.classes[0].released += 40;
  b.classes[0].finished += 20;
  b.classes[0].wafers_finished += 500;
  b.classes[0].on_time += 15;
  b.classes[0].cycle_ticks += 60 * KpiDay;
  b.classes[0].cycle_days_squared += 200.0;
  b.classes[0].tardy_ticks += 10 * KpiDay;
  b.classes[0].weighted_tardy_days += 30.0;
  const Kpi kpi = key_figures(*m, a, b);
  const ClassKpi& k = kpi.classes[0];
  EXPECT_DOUBLE_EQ(k.released, 40.0);
  EXPECT_DOUBLE_EQ(k.finished, 20.0);
  EXPECT_DOUBLE_EQ(k.throughput_per_day, 2.0);
  EXPECT_DOUBLE_EQ(k.cycle_days, 3.0);
  EXPECT_NEAR(k.cycle_days_sd, 1.0, 1e-12);  // 200/20 - 3^2 = 1
  EXPECT_DOUBLE_EQ(k.on_time, 0.75);
  EXPECT_DOUBLE_EQ(k.tardy_days, 0.5);
  EXPECT_DOUBLE_EQ(k.weighted_tardy_days, 1.5);
  EXPECT_DOUBLE_EQ(k.x_factor, 3.0 / (50.0 / 1440.0));  // raw process time 50 min
  EXPECT_DOUBLE_EQ(k.flow_factor, k.x_factor);          // no load, transport or rework
  EXPECT_DOUBLE_EQ(kpi.starts_per_day, 4.0);
  EXPECT_DOUBLE_EQ(kpi.outs_per_day, 2.0);
  EXPECT_DOUBLE_EQ(kpi.regular.finished, 20.0);
  EXPECT_DOUBLE_EQ(kpi.classes[1].finished, 0.0);
}

// Wrong: utilisation would be of all time, not of available time. Two tools, 10 days = 20 tool-days:
// down 2, pm 2, setup 1, process 10, load 0.5, unload 0.5; 16 available, 12 busy.
TEST(Kpi, GroupsByHand) {
  const auto m = plain();
  const Reading a = empty_reading(*m, 0);
  Reading b = empty_reading(*m, 10 * KpiDay);
  b.group_times[0] = {2 * KpiDay, 2 * KpiDay, KpiDay, 10 * KpiDay, KpiDay / 2, KpiDay / 2};
  b.groups[0].jobs = 50;
  b.groups[0].lots = 100;
  b.groups[0].wafers = 2500;
  b.groups[0].setups = 10;
  b.groups[0].batch_wafers_max = 5000;
  b.groups[0].wait_ticks = 100 * 2 * 3'600'000;
  b.groups[0].queue_ticks = 30 * KpiDay;
  const GroupKpi k = key_figures(*m, a, b).groups[0];
  EXPECT_DOUBLE_EQ(k.down, 0.1);
  EXPECT_DOUBLE_EQ(k.pm, 0.1);
  EXPECT_DOUBLE_EQ(k.availability, 0.8);
  EXPECT_DOUBLE_EQ(k.utilisation, 0.75);
  EXPECT_NEAR(k.down + k.pm + k.setup + k.process + k.load + k.unload + k.idle, 1.0, 1e-12);
  EXPECT_DOUBLE_EQ(k.wait_hours, 2.0);
  EXPECT_DOUBLE_EQ(k.queue, 3.0);
  EXPECT_DOUBLE_EQ(k.batch_fill, 0.5);
  EXPECT_DOUBLE_EQ(k.setup_share, 0.2);
}

// Wrong: violations would be shares of the wrong number. 10 litho windows, 4 late; 30 others, 2 late.
TEST(Kpi, WindowsByHand) {
  const auto m = plain();
  const Reading a = empty_reading(*m, 0);
  Reading b = empty_reading(*m, KpiDay);
  b.windows[0] = {10, 4, 3, 2, 1, 5 * 3'600'000, 20 * 3'600'000};
  b.windows[1] = {30, 2, 0, 0, 0, 3 * 3'600'000, 60 * 3'600'000};
  const Kpi kpi = key_figures(*m, a, b);
  EXPECT_DOUBLE_EQ(kpi.windows_litho.violated, 0.4);
  EXPECT_DOUBLE_EQ(kpi.windows_litho.over_4h, 0.1);
  EXPECT_DOUBLE_EQ(kpi.windows_litho.violation_hours, 0.5);
  EXPECT_DOUBLE_EQ(kpi.windows.closed, 40.0);
  EXPECT_DOUBLE_EQ(kpi.windows.violated, 6.0 / 40.0);
  EXPECT_DOUBLE_EQ(kpi.windows.slack_hours, 2.0);
}

// Wrong: the ranking of bottlenecks would not be by utilisation, highest first.
TEST(Kpi, BottlenecksByUtilisation) {
  Kpi kpi;
  kpi.groups.resize(3);
  kpi.groups[0].utilisation = 0.5;
  kpi.groups[1].utilisation = 0.9;
  kpi.groups[2].utilisation = 0.7;
  EXPECT_EQ(bottlenecks(kpi), (std::vector<std::uint32_t>{1, 2, 0}));
}

// Wrong: quantiles would be off by more than a bin. Bins are 1/48 of an octave (1.5 %): 1,000 cycle
// times of 1, 2, ..., 1000 h in one fab of unlimited tools; the median is 500.5 h.
TEST(Kpi, QuantilesAreWithinABin) {
  TinyFab fab;
  fab.add_group("A", 1000);
  for (int i = 1; i <= 1000; ++i) fab.add_lot(fab.add_route({step_at(0, 60.0 * i)}));
  Shift shift(fab);
  shift.to(61'000);
  std::vector<std::uint64_t> histogram(CycleBins, 0);
  for (const ClassTally& c : shift.x().class_tally)
    for (std::size_t i = 0; i < CycleBins; ++i) histogram[i] += c.cycle_histogram[i];
  const double bin = std::exp2(1.0 / 48.0);
  for (const double q : {0.05, 0.5, 0.95}) {
    const double exact = (q * 1000.0 + 0.5) / 24.0;
    EXPECT_LE(cycle_quantile(histogram, q), exact * bin) << q;
    EXPECT_GE(cycle_quantile(histogram, q), exact / bin) << q;
  }
  EXPECT_EQ(cycle_quantile(std::vector<std::uint64_t>(CycleBins, 0), 0.5), 0.0);
  for (std::size_t i = 1; i < CycleBins; ++i)
    EXPECT_GT(cycle_days_of_bin(i), cycle_days_of_bin(i - 1));
}

// Wrong: a curve over the histogram's scale would stand beside the bins. Bin 480 begins ten octaves
// above one minute.
TEST(Kpi, TheScaleReadsBothWays) {
  EXPECT_DOUBLE_EQ(cycle_days_at(0.0), 1.0 / 1440.0);
  EXPECT_DOUBLE_EQ(cycle_days_at(480.0), 1024.0 / 1440.0);
  EXPECT_EQ(cycle_days_of_bin(480), cycle_days_at(480.5));
  for (const double place : {0.0, 17.25, 480.0, 1023.5})
    EXPECT_NEAR(cycle_place_of(cycle_days_at(place)), place, 1e-10);
}

// Wrong: Little's law would not hold on the very path. The integral of WIP that follows from the
// counters equals the sum over lots of their time in the fab inside the window, taken by stepping from
// event to event with the State alone. The same for the queue of every group. Exact in whole ticks.
TEST(Kpi, LittlesLawIsAnIdentityOnThePath) {
  SCOPED_TRACE("seed 1");
  const semantics::TinyFab fab = semantics::busy_fab();
  const auto m = compile(fab.description);
  const Fab<Fifo> model(m);
  const auto theta = m->nominal_theta();
  State x = model.initial(theta, fab.draw);
  const Tick from = KpiDay + 12'345, to = 4 * KpiDay + 777;
  model.advance(x, theta, from, fab.draw);
  const Reading a = read_counters(*m, x);
  double lot_ticks = 0.0;
  std::vector<double> queued_ticks(m->groups.size(), 0.0);
  while (x.now < to) {
    std::uint32_t inside = 0;
    std::vector<std::uint32_t> queued(m->groups.size(), 0);
    for (const Lot& lot : x.lots) {
      if (lot.place == LotPlace::Free || lot.place == LotPlace::Finished) continue;
      ++inside;
      if (lot.place == LotPlace::Queued) ++queued[m->steps[lot.step].group];
    }
    ASSERT_EQ(inside, x.wip);
    const Tick next = std::min(x.agenda.next_at(), to);
    const double span = static_cast<double>(next - x.now);
    lot_ticks += inside * span;
    for (std::size_t g = 0; g < queued.size(); ++g) queued_ticks[g] += queued[g] * span;
    model.advance(x, theta, next, fab.draw);
  }
  const Kpi kpi = key_figures(*m, a, read_counters(*m, x));
  const double window = static_cast<double>(to - from);
  EXPECT_NEAR(kpi.wip * window, lot_ticks, 1e-9 * lot_ticks);
  EXPECT_GT(kpi.wip, 5.0);
  double by_class = 0.0;
  for (const ClassKpi& c : kpi.classes) by_class += c.wip;
  EXPECT_NEAR(by_class, kpi.wip, 1e-9);
  for (std::size_t g = 0; g < queued_ticks.size(); ++g)
    EXPECT_NEAR(kpi.groups[g].queue * window, queued_ticks[g], 1e-9 * (1.0 + queued_ticks[g]))
        << kpi.groups[g].name;
}

// Wrong: a reading in the middle of a job, a repair or a maintenance would not count the part that has
// passed: tool times read every hour must not jump, and all states add up to at most the time.
TEST(Kpi, ReadingsCountWhatIsUnderWay) {
  Shift shift(semantics::busy_fab());
  const Layout& m = shift.layout();
  Reading last = read_counters(m, shift.x());
  for (int hour = 1; hour <= 100; ++hour) {
    const Reading now = read_counters(m, shift.to(60.0 * hour).x());
    for (std::size_t g = 0; g < m.groups.size(); ++g) {
      Tick sum = 0;
      for (std::size_t s = 0; s < ToolTimes; ++s) {
        const Tick passed = now.group_times[g][s] - last.group_times[g][s];
        EXPECT_GE(passed, 0) << m.description.tool_groups[g].name << " state " << s;
        sum += passed;
      }
      EXPECT_LE(sum, static_cast<Tick>(HourMs) * m.groups[g].tools)
          << m.description.tool_groups[g].name << " hour " << hour;
    }
    last = now;
  }
}

}  // namespace
}  // namespace twins::fab
