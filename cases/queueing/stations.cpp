#include "cases/queueing/stations.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "twins/fab/any_fab.hpp"
#include "twins/fab/kpi.hpp"

namespace cases {

using twins::fab::Description;
using twins::fab::State;
using twins::fab::Tick;

Description stations(const Duration& interval, const std::vector<Station>& line) {
  Description fab;
  fab.name = "stations";
  twins::fab::Route route{"route", {}};
  for (std::size_t i = 0; i < line.size(); ++i) {
    twins::fab::ToolGroup group;
    group.name = "station " + std::to_string(i + 1);
    group.area = group.name;
    group.location = "hall";
    group.tools = line[i].servers;
    group.rank = {twins::fab::Criterion::Fifo};
    if (line[i].down_ms > 0.0) {
      const Duration up{Duration::Law::Exponential, line[i].up_ms, 0.0};
      const Duration down{Duration::Law::Exponential, line[i].down_ms, 0.0};
      group.breakdowns.push_back({"breakdown", up, up, down});
    }
    fab.tool_groups.push_back(group);
    twins::fab::Step step;
    step.name = group.name;
    step.group = static_cast<std::uint32_t>(i);
    step.process = line[i].service;
    step.rework = line[i].back;
    if (line[i].back > 0.0) step.rework_to = 0;
    route.steps.push_back(step);
  }
  fab.routes.push_back(route);
  fab.products.push_back({"product", "product", 0});
  twins::fab::Stream stream;
  stream.name = "lots";
  stream.product = 0;
  stream.wafers = 1;
  stream.interval = interval;
  stream.count = 1'000'000'000'000;
  fab.streams.push_back(stream);
  return fab;
}

std::vector<Observed> observe(const Description& fab, const Observation& how) {
  twins::fab::LayoutOptions options;
  options.breakdown = twins::fab::LayoutOptions::Breakdowns::Suspend;
  const auto layout = twins::fab::compile(fab, options);
  const auto model = twins::fab::make_fab(layout, "fifo");
  const auto theta = layout->nominal_theta();
  const auto ticks = [](double minutes) {
    return static_cast<Tick>(std::llround(minutes * Minute));
  };
  std::vector<Observed> runs;
  for (std::uint32_t member = 0; member < how.replications; ++member) {
    const twin::core::Draw draw{how.seed, member};
    State x = model->initial(theta, draw);
    if (how.warmup_minutes > 0.0) model->advance(x, theta, ticks(how.warmup_minutes), draw);
    const twins::fab::Reading from = twins::fab::read_counters(*layout, x);
    model->advance(x, theta, ticks(how.warmup_minutes + how.minutes), draw);
    const twins::fab::Reading to = twins::fab::read_counters(*layout, x);
    Observed seen;
    for (std::size_t g = 0; g < fab.tool_groups.size(); ++g) {
      const double lots = static_cast<double>(to.groups[g].lots - from.groups[g].lots);
      const double waited =
          static_cast<double>(to.groups[g].wait_ticks - from.groups[g].wait_ticks);
      seen.wait.push_back(lots > 0.0 ? waited / lots / Minute : 0.0);
      const double total = how.minutes * Minute * fab.tool_groups[g].tools;
      const auto share = [&](twins::fab::ToolTime what) {
        const auto i = static_cast<std::size_t>(what);
        return static_cast<double>(to.group_times[g][i] - from.group_times[g][i]) / total;
      };
      seen.busy.push_back(share(twins::fab::ToolTime::Process));
      seen.down.push_back(share(twins::fab::ToolTime::Down));
    }
    seen.lots = static_cast<double>(to.classes[0].finished - from.classes[0].finished);
    const double cycle =
        static_cast<double>(to.classes[0].cycle_ticks - from.classes[0].cycle_ticks);
    seen.cycle = seen.lots > 0.0 ? cycle / seen.lots / Minute : 0.0;
    runs.push_back(seen);
  }
  return runs;
}

Path follow(const Description& fab, Tick end) {
  const auto layout = twins::fab::compile(fab);
  const auto model = twins::fab::make_fab(layout, "fifo");
  const auto theta = layout->nominal_theta();
  const twin::core::Draw draw{7, 0};
  State x = model->initial(theta, draw);
  Path path;
  while (x.now < end) {
    const Tick next = std::min(x.agenda.next_at(), end);
    path.lot_ticks += (next - x.now) * x.wip;
    model->advance(x, theta, next, draw);
  }
  path.events = x.events;
  for (const auto& tally : x.class_tally) path.time_in_system += tally.cycle_ticks;
  for (const auto& lot : x.lots)
    if (lot.place != twins::fab::LotPlace::Free) path.time_in_system += x.now - lot.release;
  return path;
}

Interval millionth(const std::vector<Observed>& runs,
                   const std::function<double(const Observed&)>& of) {
  const auto n = static_cast<double>(runs.size());
  Interval i;
  for (const Observed& run : runs) i.mean += of(run) / n;
  double squares = 0.0;
  for (const Observed& run : runs) squares += (of(run) - i.mean) * (of(run) - i.mean);
  i.standard_error = std::sqrt(squares / (n - 1.0) / n);
  const boost::math::students_t t(n - 1.0);
  i.half_width = boost::math::quantile(boost::math::complement(t, 0.5e-6)) * i.standard_error;
  return i;
}

}  // namespace cases
