// Small fabs by hand, for tests: a Description built in minutes, and a run that writes down what
// happens, one line an event ("12.5 start 0+1 A#1"), so that a test reads like a shift's log.
#pragma once
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include "twin/core/expect.hpp"
#include "twins/fab/fab.hpp"
#include "twins/fab/kpi.hpp"
#include "twins/fab/rules/fifo.hpp"

namespace twins::fab::semantics {

inline Duration minutes(double mean) { return {Duration::Law::Constant, mean * MinuteMs, 0.0}; }
inline Duration uniform(double mean, double half_width) {  // [min]
  return {Duration::Law::Uniform, mean * MinuteMs, half_width * MinuteMs};
}
inline Duration exponential(double mean) {  // [min]
  return {Duration::Law::Exponential, mean * MinuteMs, 0.0};
}

// A step that takes `mean` minutes a lot (or a piece, or a batch).
inline Step step_at(std::uint32_t group, double mean, Step::Per per = Step::Per::Lot) {
  Step step;
  step.group = group;
  step.process = minutes(mean);
  step.per = per;
  return step;
}

struct LotSpec {
  double at = 0.0;  // [min] release
  std::int32_t priority = 10;
  std::uint32_t wafers = 25;
  double due = 1e6;           // [min]
  std::uint32_t step = None;  // in the queue of this step at time zero
  bool reserves = false;
  double weight = 1.0;
};

// What a test may change; everything in it is as the data set's reader would leave it.
struct TinyFab {
  Description description;
  LayoutOptions options;
  std::vector<std::pair<std::string, double>> theta;  // (name, value) of those that are not 1
  twin::core::Draw draw{.seed = 1, .member = 0};

  // Its own area, on the floor "Fab", ranked as SMT2020's groups: priority, least setup, FIFO.
  std::uint32_t add_group(const std::string& name, std::uint32_t tools = 1) {
    ToolGroup group;
    group.name = group.area = name;
    group.location = "Fab";
    group.tools = tools;
    group.rank = {Criterion::HighestPriority, Criterion::LeastSetup, Criterion::Fifo};
    description.tool_groups.push_back(group);
    return static_cast<std::uint32_t>(description.tool_groups.size() - 1);
  }
  ToolGroup& group(std::uint32_t g) { return description.tool_groups[g]; }

  std::uint32_t add_setup(const std::string& name, std::uint32_t minimum_run = 0) {
    description.setups.push_back({name, minimum_run});
    return static_cast<std::uint32_t>(description.setups.size() - 1);
  }
  void add_change(std::uint32_t from, std::uint32_t to, double mean) {  // [min]
    description.setup_changes.push_back({from, to, mean * MinuteMs});
  }

  // A route and the product that takes it; returns the product. Names: r0, p0, r1, p1.
  std::uint32_t add_route(std::vector<Step> steps) {
    const auto n = static_cast<std::uint32_t>(description.routes.size());
    description.routes.push_back({"r" + std::to_string(n), std::move(steps)});
    description.products.push_back({"p" + std::to_string(n), "family", n});
    return n;
  }

  // Listed in the order of release; where there are no streams the n-th one is lot n.
  void add_lot(std::uint32_t product, const LotSpec& spec = {}) {
    ListedLot lot;
    lot.name = "lot";
    lot.product = product;
    lot.start_ms = spec.at * MinuteMs;
    lot.priority = spec.priority;
    lot.wafers = spec.wafers;
    lot.due_ms = spec.due * MinuteMs;
    lot.step = spec.step;
    lot.reserves = spec.reserves;
    lot.weight = spec.weight;
    TWIN_EXPECT(description.lots.empty() || description.lots.back().start_ms <= lot.start_ms,
                lot.start_ms);
    description.lots.push_back(lot);
  }

  Stream& add_stream(std::uint32_t product, double interval, std::uint64_t count) {  // [min]
    Stream stream;
    stream.name = "stream" + std::to_string(description.streams.size());
    stream.product = product;
    stream.interval = minutes(interval);
    stream.count = count;
    description.streams.push_back(stream);
    return description.streams.back();
  }

  [[nodiscard]] std::vector<double> theta_for(const Layout& layout) const {
    const auto parameters = layout.parameters();
    std::vector<double> values = layout.nominal_theta();
    for (const auto& [name, value] : theta) values[twin::core::index_of(parameters, name)] = value;
    return values;
  }
};

// A sink that writes lines: time in minutes, what happened, to whom.
struct Trace {
  static constexpr bool Enabled = true;
  std::vector<std::string> lines;

  void say(const State& x, const std::string& what) {
    lines.push_back(fmt::format("{:.10g} {}", static_cast<double>(x.now) / MinuteMs, what));
  }
  static std::string lots_of(const State& x, std::uint32_t first) {
    std::string names;
    for (std::uint32_t l = first; l != None; l = x.lots[l].next)
      names += (names.empty() ? "" : "+") + std::to_string(x.lots[l].id);
    return names;
  }
  void job(const Layout& m, const State& x, std::uint32_t tool, std::uint32_t entry,
           const std::string& verb) {
    const std::uint32_t first = x.tools[tool].jobs[entry].first_lot;
    say(x, verb + " " + lots_of(x, first) + " " + m.tool_name(tool));
  }
  void lot(const State& x, std::uint32_t slot, const std::string& verb,
           const std::string& tail = "") {
    say(x, verb + " " + std::to_string(x.lots[slot].id) + tail);
  }

  void released(const Layout&, const State& x, std::uint32_t l) { lot(x, l, "release"); }
  void skipped(const Layout& m, const State& x, std::uint32_t l, std::uint32_t step) {
    lot(x, l, "skip", " " + m.step_name(step));
  }
  void moved(const Layout&, const State& x, std::uint32_t l, Tick delay) {
    if (delay != 0)
      lot(x, l, "move", fmt::format(" for {:.10g}", static_cast<double>(delay) / MinuteMs));
  }
  void arrived(const Layout& m, const State& x, std::uint32_t l) {
    lot(x, l, "arrive", " " + m.step_name(x.lots[l].step));
  }
  void held(const Layout&, const State& x, std::uint32_t l) { lot(x, l, "hold"); }
  void started(const Layout& m, const State& x, std::uint32_t t, std::uint32_t entry,
               bool changed) {
    job(m, x, t, entry, "start");
    if (changed) lines.back() += " setup " + m.description.setups[x.tools[t].setup].name;
  }
  void ended(const Layout& m, const State& x, std::uint32_t t, std::uint32_t entry) {
    job(m, x, t, entry, "end");
  }
  void reworked(const Layout& m, const State& x, std::uint32_t l, std::uint32_t to) {
    lot(x, l, "rework", " to " + m.step_name(to));
  }
  void finished(const Layout&, const State& x, std::uint32_t l) { lot(x, l, "finish"); }
  void went_down(const Layout& m, const State& x, std::uint32_t t, std::uint32_t) {
    say(x, "down " + m.tool_name(t));
  }
  void came_up(const Layout& m, const State& x, std::uint32_t t, std::uint32_t) {
    say(x, "up " + m.tool_name(t));
  }
  void pm_due(const Layout&, const State&, std::uint32_t, std::uint32_t) {}
  void pm_started(const Layout& m, const State& x, std::uint32_t t, std::uint32_t k) {
    const auto& calendars = m.description.tool_groups[m.tool_group[t]].maintenances;
    say(x, "pm " + calendars[k].name + " " + m.tool_name(t));
  }
  void pm_ended(const Layout& m, const State& x, std::uint32_t t, std::uint32_t) {
    say(x, "pm-end " + m.tool_name(t));
  }
};

template <class Rule = Fifo>
class Shift {
 public:
  explicit Shift(const TinyFab& fab, Rule rule = {}, Dispatching how = {})
      : Shift(fab, rule, Beside(how)) {}
  Shift(const TinyFab& fab, Rule rule, Beside beside)
      : layout_(compile(fab.description, fab.options)),
        fab_(layout_, rule, std::move(beside)),
        theta_(fab.theta_for(*layout_)),
        draw_(fab.draw),
        x_(fab_.initial(theta_, draw_)) {}

  Shift& to(double minute) {
    fab_.advance(x_, theta_, static_cast<Tick>(minute * MinuteMs), draw_, trace_);
    return *this;
  }
  [[nodiscard]] const State& x() const { return x_; }
  [[nodiscard]] const Layout& layout() const { return *layout_; }
  [[nodiscard]] const std::vector<std::string>& lines() const { return trace_.lines; }

  // The lines whose event is one of those named: lines_of("start end").
  [[nodiscard]] std::vector<std::string> lines_of(const std::string& verbs) const {
    std::vector<std::string> chosen;
    for (const std::string& line : trace_.lines) {
      const std::size_t from = line.find(' ') + 1;
      const std::string verb = line.substr(from, line.find(' ', from) - from);
      if ((" " + verbs + " ").find(" " + verb + " ") != std::string::npos) chosen.push_back(line);
    }
    return chosen;
  }
  // The times [min] of the lines of one event.
  [[nodiscard]] std::vector<double> times_of(const std::string& verbs) const {
    std::vector<double> times;
    for (const std::string& line : lines_of(verbs)) times.push_back(std::stod(line));
    return times;
  }

  // The lots in the order of their starts, batches as "0+1".
  [[nodiscard]] std::vector<std::string> order() const {
    std::vector<std::string> names;
    for (const std::string& line : lines_of("start")) {
      const std::size_t from = line.find("start ") + 6;
      names.push_back(line.substr(from, line.find(' ', from) - from));
    }
    return names;
  }

  // [min] in one state up to now.
  [[nodiscard]] double minutes_in(std::uint32_t tool, ToolTime state) const {
    const auto times = tool_times_now(*layout_, x_, tool);
    return static_cast<double>(times[static_cast<std::size_t>(state)]) / MinuteMs;
  }
  // The slot of a lot that is in the fab.
  [[nodiscard]] const Lot& lot(std::uint32_t id) const {
    for (const Lot& l : x_.lots)
      if (l.place != LotPlace::Free && l.id == id) return l;
    ADD_FAILURE() << "lot " << id << " is not in the fab";
    return x_.lots.front();
  }

 private:
  std::shared_ptr<const Layout> layout_;
  Fab<Rule> fab_;
  std::vector<double> theta_;
  twin::core::Draw draw_;
  State x_;
  Trace trace_;
};

}  // namespace twins::fab::semantics
