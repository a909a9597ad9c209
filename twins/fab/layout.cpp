#include "twins/fab/layout.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "twin/core/error.hpp"

namespace twins::fab {

namespace core = twin::core;

namespace {

Tick ticks(double ms) { return static_cast<Tick>(std::llround(ms)); }

template <class T>
std::uint32_t index_of(std::vector<T>& known, const T& value) {
  const auto found = std::find(known.begin(), known.end(), value);
  if (found != known.end()) return static_cast<std::uint32_t>(found - known.begin());
  known.push_back(value);
  return static_cast<std::uint32_t>(known.size() - 1);
}

struct Compiler {
  Layout& out;
  const Description& d;

  void groups();
  void setups();
  void routes();
  void dedication(std::uint32_t route);
  using LineKey =
      std::pair<std::uint64_t, std::uint64_t>;  // kind, number: lots of one key share a line
  [[nodiscard]] LineKey line_key(std::uint32_t step) const;
  void lines();
  void remaining();
  void windows();
  void streams();
  void transports();
};

void Compiler::groups() {
  for (std::uint32_t g = 0; g < d.tool_groups.size(); ++g) {
    const ToolGroup& from = d.tool_groups[g];
    GroupInfo to;
    to.first_tool = out.tools();
    to.tools = from.tools;
    out.tool_group.insert(out.tool_group.end(), from.tools, g);
    to.area = index_of(out.areas, from.area);
    to.location = index_of(out.locations, from.location);
    to.load = ticks(from.load_ms);
    to.unload = ticks(from.unload_ms);
    to.slots = static_cast<std::uint8_t>(from.job_slots);
    to.batch = from.batch;
    to.minimum_run = from.keeps_minimum_run;
    to.wakes_least_setup = from.wakes_least_setup &&
                           out.options.wake != LayoutOptions::Wake::Never &&
                           (from.job_slots == 2 || out.options.wake == LayoutOptions::Wake::All);
    to.ranks_priority = std::find(from.rank.begin(), from.rank.end(), Criterion::HighestPriority) !=
                        from.rank.end();
    for (std::size_t i = 0, priority_seen = 0; i < from.rank.size(); ++i) {
      if (from.rank[i] == Criterion::HighestPriority) priority_seen = 1;
      if (from.rank[i] == Criterion::LeastSetup)
        to.setup_order = priority_seen != 0 || !to.ranks_priority ? 1 : 2;
      if (from.rank[i] == Criterion::CriticalRatio) to.critical_ratio = true;
    }
    to.first_pm = static_cast<std::uint32_t>(out.pms.size());
    if (out.options.maintenance)
      for (const Maintenance& m : from.maintenances)
        out.pms.push_back({m.trigger, m.interval, m.first, m.duration});
    to.pms = static_cast<std::uint32_t>(out.pms.size()) - to.first_pm;
    out.max_pms = std::max(out.max_pms, to.pms);
    to.first_breakdown = static_cast<std::uint32_t>(out.breakdowns.size());
    if (out.options.breakdowns)
      for (const Breakdown& b : from.breakdowns)
        out.breakdowns.push_back({b.first, b.time_to_failure, b.time_to_repair});
    to.breakdowns = static_cast<std::uint32_t>(out.breakdowns.size()) - to.first_breakdown;
    for (std::uint32_t t = 0, next = 0; t < to.tools; ++t, next += to.breakdowns)
      out.first_breakdown_clock.push_back(out.breakdown_clocks + next);
    out.breakdown_clocks += to.tools * to.breakdowns;
    if (to.slots < 1 || to.slots > 2)
      throw core::Error("job slots = " + std::to_string(from.job_slots) + " in tool group '" +
                        from.name + "' (only 1 and 2 are modelled)");
    if (to.pms > 200)
      throw core::Error("more than 200 maintenance calendars on tool group '" + from.name + "'");
    out.groups.push_back(to);
  }
}

void Compiler::setups() {
  std::vector<std::uint32_t> rank(d.setups.size(), 0);
  for (const SetupChange& c : d.setup_changes) {
    if (rank[c.to] == 0) rank[c.to] = out.setup_ranks++;
    if (c.from != None && rank[c.from] == 0) rank[c.from] = out.setup_ranks++;
  }
  const std::size_t n = out.setup_ranks;
  out.setup_ticks.assign(n * n, 0);
  for (int exact = 0; exact < 2;
       ++exact)  // a blank CURSETUP first, so that the exact pairs overwrite it
    for (const SetupChange& c : d.setup_changes) {
      if ((c.from != None) != (exact == 1)) continue;
      for (std::size_t from = 0; from < n; ++from)
        if (c.from == None || rank[c.from] == from)  // the same setup again: WHEN = always
          out.setup_ticks[from * n + rank[c.to]] = ticks(c.ms);
    }
  for (const Setup& s : d.setups) out.setup_minimum_run.push_back(s.minimum_run);
  for (StepInfo& s : out.steps)
    if (s.setup != None) s.setup_rank = rank[s.setup];
  for (std::uint32_t s = 0; s < d.setups.size(); ++s) out.setup_rank_of.push_back(rank[s]);
}

void Compiler::routes() {
  for (std::uint32_t r = 0; r < d.routes.size(); ++r) {
    const Route& route = d.routes[r];
    const auto first = static_cast<std::uint32_t>(out.steps.size());
    out.routes.push_back({first, static_cast<std::uint32_t>(route.steps.size())});
    const auto global = [&](std::uint32_t i) { return i == None ? None : first + i; };
    for (std::uint32_t i = 0; i < route.steps.size(); ++i) {
      const Step& from = route.steps[i];
      StepInfo to;
      to.group = from.group;
      to.route = r;
      to.index = i;
      to.process_ms = from.process.mean_ms;
      to.half_width_ms = from.process.half_width_ms;
      to.law = from.process.law;
      to.per = from.per;
      to.last = i + 1 == route.steps.size();
      to.setup_always = from.setup_always;
      to.cascade_ms = out.groups[from.group].slots == 2 ? from.cascade_interval_ms : 0.0;
      to.batch_min = from.batch_min;
      to.batch_max = from.batch_max;
      to.setup = from.setup;
      to.setup_own = from.setup_ms < 0.0 ? -1 : ticks(from.setup_ms);
      to.sampling = from.sampling;
      to.sampled = from.sampling < 1.0;
      to.rework = from.rework;
      to.reworked = from.rework > 0.0;
      to.rework_to = global(from.rework_to);
      to.dedicates = global(from.dedicates);
      to.window_exit = global(from.queue_time_exit);
      to.window_limit = ticks(from.queue_time_ms);
      out.steps.push_back(to);
    }
    dedication(r);
  }
}

// A lot carries one dedication a slot; links whose spans overlap get different slots (interval colouring).
void Compiler::dedication(std::uint32_t route) {
  const RouteInfo& info = out.routes[route];
  std::vector<std::uint32_t> busy_until;  // [slot] step that reads it
  for (std::uint32_t s = info.first_step; s < info.first_step + info.steps; ++s) {
    StepInfo& step = out.steps[s];
    if (step.dedicates == None) continue;
    const ToolGroup& there = d.tool_groups[out.steps[step.dedicates].group];
    if (there.batch)
      throw core::Error("step '" + out.step_name(s) + "' is dedicated to batch tool group '" +
                        there.name + "' (lots of one batch could be kept for different tools)");
    std::uint32_t slot = 0;
    while (slot < busy_until.size() && busy_until[slot] > s) ++slot;
    if (out.steps[step.dedicates].dedication_in != None)
      slot = out.steps[step.dedicates].dedication_in;
    if (slot >= busy_until.size()) busy_until.resize(slot + 1, 0);
    busy_until[slot] = std::max(busy_until[slot], step.dedicates);
    step.dedication_out = slot;
    out.steps[step.dedicates].dedication_in = slot;
    out.groups[step.group].dedicated = true;
  }
  out.dedication_slots =
      std::max(out.dedication_slots, static_cast<std::uint32_t>(busy_until.size()));
}

// Lots that every tool of a group ranks alike wait in one line: a batch group has a line a batch key, a group whose
// order or eligibility looks at setups a line a setup, any other one line.
Compiler::LineKey Compiler::line_key(std::uint32_t s) const {
  const StepInfo& step = out.steps[s];
  const GroupInfo& group = out.groups[step.group];
  if (group.batch) {
    const std::uint32_t given = d.routes[step.route].steps[step.index].batch_key;
    return given == None ? LineKey{1, s} : LineKey{2, given};
  }
  if (step.setup != None && (step.setup_rank != 0 || group.minimum_run || out.options.setup_lines))
    return {3, step.setup};
  return {0, 0};
}

// The lines by their keys, group by group; dedicated lots wait in their tool's own.
void Compiler::lines() {
  std::uint32_t next = 0;
  std::vector<std::map<LineKey, std::uint32_t>> classes(out.groups.size());
  for (std::uint32_t s = 0; s < out.steps.size(); ++s) {
    classes[out.steps[s].group].emplace(line_key(s), 0U);
  }
  for (std::uint32_t g = 0; g < out.groups.size(); ++g) {
    GroupInfo& group = out.groups[g];
    group.first_line = next;
    for (auto& [key, line] : classes[g]) line = next++;
    group.lines = next - group.first_line;
    if (group.dedicated) {
      group.dedicated_line = next;
      next += group.tools;
    }
    group.homogeneous = !group.dedicated && (group.batch || group.lines <= 1);
  }
  out.lines = next;
  out.line_batch_max.assign(next, 0);
  out.line_setup.assign(next, None);
  for (std::uint32_t s = 0; s < out.steps.size(); ++s) {
    StepInfo& step = out.steps[s];
    step.line = classes[step.group].at(line_key(s));
    out.line_batch_max[step.line] = step.batch_max;
    if (line_key(s).first == 3) out.line_setup[step.line] = step.setup;
  }
  out.line_last_step.assign(static_cast<std::size_t>(next) * d.products.size(), None);
  out.line_reach.assign(out.line_last_step.size(), None);
  for (std::uint32_t p = 0; p < d.products.size(); ++p) {
    const RouteInfo& route = out.routes[d.products[p].route];
    const std::uint32_t end = route.first_step + route.steps;
    for (std::uint32_t s = route.first_step; s < end; ++s)
      out.line_last_step[out.steps[s].line * d.products.size() + p] = s;
    for (std::uint32_t line = 0; line < next; ++line) {
      const std::size_t cell = line * d.products.size() + p;
      const std::uint32_t last = out.line_last_step[cell];
      if (last == None) continue;
      for (std::uint32_t s = last, back_to = last; s < end;
           ++s) {  // rework may lead back in several jumps
        if (out.steps[s].rework <= 0.0 || out.steps[s].rework_to > back_to) continue;
        out.line_reach[cell] = back_to = s;
      }
    }
  }
}

// Expected time at a step and from it to the end: load + mean process + unload, weighted by sampling (reference 2.10).
void Compiler::remaining() {
  for (StepInfo& s : out.steps) {
    const GroupInfo& g = out.groups[s.group];
    s.step_fixed_ms = static_cast<double>(g.load + g.unload);
    if (s.per == Step::Per::Piece && s.cascade_ms > 0.0) {
      s.step_fixed_ms += s.process_ms - s.cascade_ms;
      s.step_wafer_ms = s.cascade_ms;
    } else if (s.per == Step::Per::Piece) {
      s.step_wafer_ms = s.process_ms;
    } else {
      s.step_fixed_ms += s.process_ms;
    }
  }
  for (const RouteInfo& r : out.routes) {
    double fixed = 0.0, wafer = 0.0;
    for (std::uint32_t i = r.steps; i-- > 0;) {
      StepInfo& s = out.steps[r.first_step + i];
      fixed += s.sampling * s.step_fixed_ms;
      wafer += s.sampling * s.step_wafer_ms;
      s.remaining_fixed_ms = fixed;
      s.remaining_wafer_ms = wafer;
    }
  }
}

// Kopp et al. (WSC 2020) report the windows of lithography apart, without saying which these are.
// Taken here: those that end at a step of lithography or its metrology. They are 34 of LVHM's 264,
// 12.9 %; the shares that the paper gives for litho, rest and total imply 12.8 %.
void Compiler::windows() {
  for (StepInfo& step : out.steps) {
    if (step.window_exit == None) continue;
    const std::string& area = out.areas[out.groups[out.steps[step.window_exit].group].area];
    step.litho_window = area.rfind("Litho", 0) == 0;
  }
}

void Compiler::streams() {
  const double load = out.options.load;
  if (!(load > 0.0 && std::isfinite(load)))
    throw core::Error("load = " + std::to_string(load) + " (must be positive)");
  if (!(out.options.due_spread >= 0.0 && out.options.due_spread <= 1.0))
    throw core::Error("due spread = " + std::to_string(out.options.due_spread) +
                      " (must be 0 to 1)");
  std::int32_t highest = 0;
  for (const Stream& s : d.streams) highest = std::max(highest, s.priority);
  const auto class_of = [&](const std::string& name, std::uint32_t product, std::int32_t priority,
                            std::uint32_t wafers, bool initial) {
    for (std::uint32_t c = 0; c < out.classes.size(); ++c)
      if (out.classes[c].product == product && out.classes[c].priority == priority &&
          out.classes[c].initial == initial)
        return c;
    out.classes.push_back({name, product, priority, wafers, initial});
    return static_cast<std::uint32_t>(out.classes.size() - 1);
  };
  for (const Stream& s : d.streams) {
    StreamInfo to;
    to.product = s.product;
    to.lot_class = class_of(s.name, s.product, s.priority, s.wafers, false);
    to.priority = s.priority;
    to.wafers = s.wafers;
    to.start = ticks(s.start_ms / load);
    to.interval_ms = s.interval.mean_ms / load;
    to.half_width_ms = s.interval.half_width_ms / load;
    to.law = s.interval.law;
    to.count = s.count;
    to.lots_per_release = s.lots_per_release;
    to.due_offset = ticks(s.due_offset_ms);
    to.reserves = s.reserves ||
                  (out.options.super_hot_reservation && s.priority >= 30 && s.priority == highest);
    to.weight = s.weight;
    to.weight_levels = s.weight_levels;
    to.due_spread = out.options.due_spread > 0.0 ? out.options.due_spread : s.due_spread;
    if (to.law == Duration::Law::Constant && ticks(to.interval_ms) < 1)
      throw core::Error("release interval of stream '" + s.name +
                        "' rounds to 0 ms (load too high)");
    out.streams.push_back(to);
  }
  for (const ListedLot& l : d.lots) {
    const bool initial = l.step != None;
    const std::string name =
        d.products[l.product].name + (initial ? " (initial WIP)" : " (listed)");
    out.listed_class.push_back(
        class_of(name, l.product, initial ? 0 : l.priority, l.wafers, initial));
  }
}

void Compiler::transports() {
  const std::size_t n = out.locations.size();
  out.transport.assign(n * n, Duration{});
  out.transport_given.assign(n * n, 0);
  for (const Transport& t : d.transports) {
    const auto from = std::find(out.locations.begin(), out.locations.end(), t.from);
    const auto to = std::find(out.locations.begin(), out.locations.end(), t.to);
    if (from == out.locations.end() || to == out.locations.end()) continue;  // no tool stands there
    const auto cell = static_cast<std::size_t>(from - out.locations.begin()) * n +
                      static_cast<std::size_t>(to - out.locations.begin());
    out.transport[cell] = t.duration;
    out.transport_given[cell] = 1;
  }
}

}  // namespace

std::shared_ptr<const Layout> compile(Description description, LayoutOptions options) {
  auto layout = std::make_shared<Layout>();
  layout->description = std::move(description);
  layout->options = options;
  Compiler compiler{*layout, layout->description};
  compiler.groups();
  compiler.routes();
  compiler.setups();
  compiler.lines();
  compiler.remaining();
  compiler.windows();
  compiler.streams();
  compiler.transports();
  layout->theta_map = {static_cast<std::uint32_t>(layout->groups.size()),
                       static_cast<std::uint32_t>(layout->areas.size())};
  return layout;
}

std::string Layout::tool_name(std::uint32_t tool) const {
  const std::uint32_t g = tool_group[tool];
  std::uint32_t n = tool - groups[g].first_tool;
  if (n >= groups[g].tools)  // bought: it stands behind the tools of all groups
    n = static_cast<std::uint32_t>(std::count(tool_group.begin(), tool_group.begin() + tool, g));
  return description.tool_groups[g].name + "#" + std::to_string(n + 1);
}

std::string Layout::step_name(std::uint32_t step) const {
  const StepInfo& s = steps[step];
  return description.routes[s.route].name + "/" + std::to_string(s.index + 1);
}

std::vector<double> Layout::nominal_theta() const {
  return std::vector<double>(theta_map.size(), 1.0);
}

}  // namespace twins::fab
