#include "apps/plant/source.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "apps/plant/chance.hpp"
#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twins/fab/event_names.hpp"

namespace apps::plant {

using twin::core::Never;
using twin::core::uniform_of;
using twin::event::Event;
using twin::event::Kind;
using twins::fab::DayMs;
using twins::fab::EventNames;
using twins::fab::None;

namespace {

constexpr double MonthMs = 30.0 * DayMs;

Tick next_of(double per_month, Tick now, double u) {
  return per_month > 0.0 ? now + exponential(MonthMs / per_month, u) : Never;
}

}  // namespace

std::string_view to_string(Fault::Kind kind) {
  constexpr std::array Words = {"dropped",   "ack dropped", "doubled",   "reordered", "delayed",
                                "corrupted", "cut",         "restored",  "rebooted",  "clock set",
                                "lied",      "ghosted",     "spool full"};
  return Words[static_cast<std::size_t>(kind)];
}

Sources::Sources(const twins::fab::Layout& layout, SourceOptions options, OnFault on_fault)
    : layout_(layout), options_(std::move(options)), on_fault_(std::move(on_fault)) {
  const bool per_tool = options_.links == Links::PerTool;
  const auto links = per_tool ? layout.tools() : static_cast<std::uint32_t>(layout.groups.size());
  for (std::uint32_t s = 0; s < links; ++s) {
    names_.push_back("secs/" +
                     (per_tool ? layout.tool_name(s) : layout.description.tool_groups[s].name));
  }
  names_.emplace_back("mqtt/mes");
  counters_.resize(names_.size());
  const twin::core::Draw draw{options_.seed, PlantMember};
  const Faults& f = options_.faults;
  for (std::uint32_t s = 0; s < size(); ++s) {
    Counter& c = counters_[s];
    const auto words = draw.block(static_cast<std::uint32_t>(Chance::Clock), s, 0);
    c.offset_ms = std::round((2.0 * uniform_of(words[0], words[1]) - 1.0) * f.skew_ms);
    c.drift = (2.0 * uniform_of(words[2], words[3]) - 1.0) * f.drift_ppm * 1e-6;
    const auto u = [&](Chance what) {
      return draw.uniform(static_cast<std::uint32_t>(what), s, 0);
    };
    c.next_reboot = next_of(f.reboots_per_month, 0, u(Chance::Reboot));
    c.next_step = next_of(f.clock_steps_per_month, 0, u(Chance::ClockStep));
  }
}

std::uint32_t Sources::source_of(const Event& event) const {
  if (event.source == EventNames::Fab) return mes();
  const std::uint32_t tool = event.source - 1;
  TWIN_EXPECT(tool < layout_.tools(), event.source);
  return options_.links == Links::PerTool ? tool : layout_.tool_group[tool];
}

// Restarts and settings of the clock up to this time.
void Sources::keep_time(std::uint32_t source, Tick at) {
  Counter& c = counters_[source];
  const twin::core::Draw draw{options_.seed, PlantMember};
  while (c.next_step <= at) {
    const Tick then = c.next_step;
    const auto words = draw.block(static_cast<std::uint32_t>(Chance::ClockStep), source, ++c.steps);
    const double by =
        std::round((2.0 * uniform_of(words[2]) - 1.0) * options_.faults.clock_step_ms);
    c.offset_ms += by;
    c.next_step =
        next_of(options_.faults.clock_steps_per_month, then, uniform_of(words[0], words[1]));
    say({.kind = Fault::Kind::ClockSet,
         .at = then,
         .source = source,
         .epoch = c.epoch,
         .seq = c.seq,
         .value = by});
  }
  while (c.next_reboot <= at) reboot(source, c.next_reboot);
}

void Sources::reboot(std::uint32_t source, Tick at) {
  Counter& c = counters_[source];
  ++c.epoch;
  c.seq = 0;
  const twin::core::Draw draw{options_.seed, PlantMember};
  c.next_reboot =
      next_of(options_.faults.reboots_per_month, at,
              draw.uniform(static_cast<std::uint32_t>(Chance::Reboot), source, c.epoch));
  say({.kind = Fault::Kind::Rebooted, .at = at, .source = source, .epoch = c.epoch});
}

Tick Sources::clock(std::uint32_t source, Tick at) {
  keep_time(source, at);
  return shown(source, at);
}

Tick Sources::shown(std::uint32_t source, Tick at) const {
  const Counter& c = counters_[source];
  const double wrong = c.offset_ms + c.drift * static_cast<double>(at);
  return options_.time_zero_ms + at + static_cast<Tick>(std::llround(wrong));
}

Message Sources::message(std::uint32_t source, const Event& event) {
  Message m;
  m.source = source;
  m.at = event.at;
  m.clock = clock(source, event.at);
  m.epoch = counters_[source].epoch;
  m.seq = counters_[source].seq++;
  m.event = event;
  return m;
}

void Sources::tell(const Event& event, std::vector<Message>& out) {
  const std::uint32_t source = source_of(event);
  const Faults& f = options_.faults;
  if (!f.any_lies()) {
    ++counters_[source].events;
    out.push_back(message(source, event));
    return;
  }
  const twin::core::Draw draw{options_.seed, PlantMember};
  const auto words = draw.block(static_cast<std::uint32_t>(Chance::Lie), source,
                                static_cast<std::uint32_t>(counters_[source].events++));
  const bool lies = uniform_of(words[0]) < f.lies;
  out.push_back(message(source, event));
  const auto put_wrong = [&](Told told, Fault::Kind kind) {
    Message& m = out.back();
    Fault fault{.kind = kind, .at = m.at, .source = source, .epoch = m.epoch, .seq = m.seq};
    m.event = wrong(event, words[2], fault.text);
    m.told = told;
    say(std::move(fault));
  };
  if (lies) put_wrong(Told::Lie, Fault::Kind::Lied);
  if (uniform_of(words[1]) >= f.ghosts) return;
  out.push_back(message(source, event));
  put_wrong(Told::Ghost, Fault::Kind::Ghosted);
}

// One value is not what it was: each is something that cannot be, so that it can be found out.
Event Sources::wrong(const Event& event, std::uint32_t word, std::string& how) {
  Event e = event;
  const bool of_lot = e.lot != None;
  switch (of_lot ? word % 5 : 5 + word % 2) {
    case 0:  // a lot that is not there
      e.lot += 10'000'000;
      how = "lot";
      break;
    case 1:
      if (e.step != None) {  // a step that the route does not have
        e.step += 100'000;
        how = "step";
        break;
      }
      [[fallthrough]];
    case 2:
      e.wafers = 1'000'000;
      how = "wafers";
      break;
    case 3:  // a number that is none
      e.value = std::numeric_limits<double>::quiet_NaN();
      how = "value";
      break;
    case 4:
      if (e.tool != None) {  // a tool that is not there
        e.tool += 1'000'000;
        how = "tool";
        break;
      }
      e.lot += 10'000'000;
      how = "lot";
      break;
    case 5:
      e.tool += 1'000'000;
      how = "tool";
      break;
    default:
      e.value = -std::numeric_limits<double>::infinity();
      how = "value";
      break;
  }
  return e;
}

void Sources::take_up(std::vector<Counter> counters) {
  if (counters.size() != counters_.size())
    throw twin::core::Error("a saved plant with other links (--tools must be as it was)");
  counters_ = std::move(counters);
}

}  // namespace apps::plant
