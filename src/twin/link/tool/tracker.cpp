#include "twin/link/tool/tracker.hpp"

#include <algorithm>
#include <array>

namespace twin::link::tool {

using event::Event;
using event::Kind;
using event::Table;
using event::ToolState;

namespace {

// Of a tool at once: more is a tool that never tells the end of anything.
constexpr std::size_t JobsMax = 1'000, TrackedLotsMax = 1'000, WafersMax = 1'000;

std::string text_of(const secs::Item* item) {
  if (item == nullptr) return {};
  if (const auto text = item->as_text()) {
    std::string_view view = *text;
    while (!view.empty() && (view.back() == ' ' || view.back() == '\0')) view.remove_suffix(1);
    return std::string(view.substr(0, 256));
  }
  const auto key = item->as_key();
  return key && !key->is_text() ? std::to_string(key->number()) : std::string();
}

const secs::Item* value_of(std::span<const Told> told, std::uint32_t variable) {
  if (variable == None) return nullptr;
  const auto it = std::ranges::find(told, variable, &Told::variable);
  return it == told.end() ? nullptr : it->value;
}

// The entry of that name; a new one where there is none, or the oldest's place if there are many.
template <class T>
T& entry(std::vector<std::pair<std::string, T>>& all, const std::string& name, std::size_t most) {
  for (auto& [key, value] : all) {
    if (key == name) return value;
  }
  if (all.size() >= most) all.erase(all.begin());
  return all.emplace_back(name, T{}).second;
}

bool is_down(ToolState s) { return s == ToolState::UnscheduledDown; }
bool is_maintained(ToolState s) { return s == ToolState::ScheduledDown; }

bool tells(const Description& d, Kind kind) {
  return std::ranges::any_of(
      d.events, [&](const CollectionEvent& e) { return e.meaning && e.meaning->kind == kind; });
}

// The state that the values say, if any does.
std::optional<std::uint8_t> state_told(const Description& d, std::span<const Told> told) {
  std::optional<std::uint8_t> said;
  for (const Told& t : told) {
    const auto& states = d.variables[t.variable].states;
    if (states.empty()) continue;
    const std::string text = text_of(t.value);
    for (const auto& [value, state] : states) {
      if (value == text) said = static_cast<std::uint8_t>(state);
    }
  }
  return said;
}

}  // namespace

bool is_transition(JobState from, JobState to) noexcept {
  using enum JobState;
  constexpr std::array Known = {
      std::pair(Queued, SettingUp),         std::pair(SettingUp, WaitingForStart),
      std::pair(SettingUp, Processing),     std::pair(WaitingForStart, Processing),
      std::pair(Processing, Complete),      std::pair(SettingUp, Pausing),
      std::pair(Processing, Pausing),       std::pair(WaitingForStart, Pausing),
      std::pair(Pausing, Paused),           std::pair(Paused, Processing),
      std::pair(Paused, SettingUp),         std::pair(Paused, WaitingForStart),
      std::pair(Paused, Stopping),          std::pair(Paused, Aborting),
      std::pair(Pausing, Stopping),         std::pair(Pausing, Aborting),
      std::pair(SettingUp, Stopping),       std::pair(Processing, Stopping),
      std::pair(WaitingForStart, Stopping), std::pair(SettingUp, Aborting),
      std::pair(Processing, Aborting),      std::pair(WaitingForStart, Aborting),
      std::pair(Stopping, Aborting),        std::pair(Stopping, Complete),
      std::pair(Aborting, Complete),        std::pair(Queued, Aborting),
  };
  return from == to || std::ranges::find(Known, std::pair(from, to)) != Known.end();
}

struct Tracker::Out {
  std::string_view tool;
  event::Names& names;
  std::vector<Event>& events;

  Event& put(Kind kind) const {
    Event e;
    e.kind = kind;
    if (!tool.empty()) e.tool = names.add(Table::Tool, tool);
    events.push_back(e);
    return events.back();
  }
  Event& put_lot(Kind kind, const std::string& lot) const {
    Event& e = put(kind);
    if (!lot.empty()) e.lot = names.add(Table::Lot, lot);
    return e;
  }
};

std::optional<ToolState> Tracker::state() const {
  if (!shown_) return std::nullopt;
  return static_cast<ToolState>(*shown_);
}

// An alarm's state stands before what else was told; of several the last that was set.
void Tracker::show(const Description& d, Out& out) {
  std::optional<std::uint8_t> now = told_;
  if (!alarms_.empty()) {
    now = static_cast<std::uint8_t>(*d.alarms[alarms_.back()].state);
  }
  // An alarm is gone and nothing else was ever told: the tool waits for work.
  if (!now && shown_) now = static_cast<std::uint8_t>(ToolState::Standby);
  if (!now || now == shown_) return;
  const auto before = state();
  shown_ = now;
  const auto after = static_cast<ToolState>(*now);
  Event& changed = out.put(Kind::ToolStateChanged);
  changed.value = *now;
  changed.unit = event::Unit::State;
  // What the tool does not tell in events of its own follows from its state.
  const auto edge = [&](bool was, bool is, Kind begin, Kind end) {
    if (was == is || tells(d, begin) || tells(d, end)) return;
    out.put(is ? begin : end);
  };
  edge(before && is_down(*before), is_down(after), Kind::ToolDown, Kind::ToolUp);
  edge(before && is_maintained(*before), is_maintained(after), Kind::PmStarted, Kind::PmEnded);
}

void Tracker::hear(const Description& d, std::uint32_t event, std::span<const Told> told,
                   std::string_view tool, event::Names& names, std::vector<Event>& to) {
  Out out{.tool = tool, .names = names, .events = to};
  if (const auto state = state_told(d, told)) told_ = state;
  if (event != None && d.events[event].state) {
    told_ = static_cast<std::uint8_t>(*d.events[event].state);
  }
  show(d, out);
  hear_modules(d, told, out);
  hear_jobs(d, told, out);
  hear_wafers(d, told, out);
}

void Tracker::alarm(const Description& d, std::uint32_t alarm, bool set, std::string_view tool,
                    event::Names& names, std::vector<Event>& to) {
  Out out{.tool = tool, .names = names, .events = to};
  Event& e = out.put(set ? Kind::AlarmSet : Kind::AlarmCleared);
  const std::string& text = d.alarms[alarm].text;
  e.item = names.add(Table::Item, text.empty() ? to_string(d.alarms[alarm].id) : text);
  if (!d.alarms[alarm].state) return;
  std::erase(alarms_, alarm);
  if (set) alarms_.push_back(alarm);
  show(d, out);
}

void Tracker::say_state(const Description& d, std::span<const Told> told, std::string_view tool,
                        event::Names& names, std::vector<Event>& to) const {
  Out out{.tool = tool, .names = names, .events = to};
  std::optional<std::uint8_t> now = state_told(d, told);
  if (now && !alarms_.empty()) now = static_cast<std::uint8_t>(*d.alarms[alarms_.back()].state);
  if (!now) return;
  Event& is = out.put(Kind::ToolStateChanged);
  is.value = *now;
  is.unit = event::Unit::State;
}

// E116: busy makes its task, idle and blocked make nothing; a blocked module says by what.
void Tracker::hear_modules(const Description& d, std::span<const Told> told, Out& out) {
  for (const Module& m : d.modules) {
    const secs::Item* item = value_of(told, m.state);
    const auto number = item == nullptr ? std::nullopt : item->as_u64();
    if (!number || *number > 2) continue;
    std::uint64_t& last = entry(modules_, m.name, d.modules.size());
    if (last == *number + 1) continue;
    last = *number + 1;
    Event& e = out.put(Kind::ToolStateChanged);
    e.chamber = out.names.add(Table::Chamber, m.name);
    e.value = static_cast<double>(*number == 1 ? ToolState::Productive : ToolState::Standby);
    e.unit = event::Unit::State;
    std::string what = *number == 0 ? "idle" : *number == 1 ? "busy" : "blocked";
    const std::string more = text_of(value_of(told, *number == 1 ? m.task : m.blocked));
    if (*number != 0 && !more.empty()) what += ": " + more;
    e.item = out.names.add(Table::Item, what);
  }
}

// E40: a job's states are its lots' events.
void Tracker::hear_jobs(const Description& d, std::span<const Told> told, Out& out) {
  const secs::Item* state = value_of(told, d.jobs.state);
  const std::string name = text_of(value_of(told, d.jobs.job));
  const auto number = state == nullptr ? std::nullopt : state->as_u64();
  if (!number || *number > 9 || name.empty()) return;
  Job& job = entry(jobs_, name, JobsMax);
  if (const secs::Item* lots = value_of(told, d.jobs.lots); lots != nullptr) {
    std::vector<std::string> all;
    for (const secs::Item& lot : lots->items()) all.push_back(text_of(&lot));
    if (!lots->is_list()) all.push_back(text_of(lots));
    std::erase(all, std::string());
    if (!all.empty() && all.size() <= TrackedLotsMax) job.lots = std::move(all);
  }
  if (const std::string recipe = text_of(value_of(told, d.jobs.recipe)); !recipe.empty()) {
    job.recipe = recipe;
  }
  const auto from = static_cast<JobState>(job.state);
  const auto to = static_cast<JobState>(*number);
  if (!is_transition(from, to)) ++odd_;
  job.state = static_cast<std::uint8_t>(*number);
  std::optional<Kind> kind;
  switch (to) {
    case JobState::SettingUp:
      kind = from == JobState::Queued ? Kind::BatchFormed : Kind::Unknown;
      break;
    case JobState::Processing:
      kind = from == JobState::Paused || from == JobState::Pausing ? Kind::ProcessingResumed
                                                                   : Kind::ProcessingStarted;
      break;
    case JobState::Paused: kind = Kind::ProcessingSuspended; break;
    case JobState::Complete: kind = Kind::ProcessingEnded; break;
    default: break;
  }
  if (from != to && kind && *kind != Kind::Unknown) {
    for (const std::string& lot : job.lots) {
      Event& e = out.put_lot(*kind, lot);
      if (!job.recipe.empty()) e.recipe = out.names.add(Table::Recipe, job.recipe);
      e.item = out.names.add(Table::Item, name);
    }
  }
  if (to == JobState::Complete)
    std::erase_if(jobs_, [&](const auto& j) { return j.first == name; });
}

// E90: the first wafer that leaves its carrier loads the lot, the first in process starts it, the
// last processed ends it, the last at its destination unloads it.
void Tracker::hear_wafers(const Description& d, std::span<const Told> told, Out& out) {
  const Substrates& s = d.substrates;
  const std::string id = text_of(value_of(told, s.id));
  const std::string lot_name = text_of(value_of(told, s.lot));
  if (id.empty() || lot_name.empty()) return;
  Lot& lot = entry(lots_, lot_name, TrackedLotsMax);
  if (lot.wafers.size() >= WafersMax) return;
  Wafer& wafer = entry(lot.wafers, id, WafersMax);
  const auto number = [&](std::uint32_t v) {
    const secs::Item* item = value_of(told, v);
    return item == nullptr ? std::nullopt : item->as_u64();
  };
  if (const auto n = number(s.wafers); n && *n > 0 && *n <= WafersMax) {
    lot.expected = static_cast<std::uint32_t>(*n);
  }
  if (const auto n = number(s.location); n && *n <= 2)
    wafer.location = static_cast<std::uint8_t>(*n);
  if (const auto n = number(s.processing); n && *n <= 6) {
    wafer.processing = static_cast<std::uint8_t>(*n);
  }
  const auto all = [&](auto is) {
    return lot.wafers.size() >= std::max<std::size_t>(lot.expected, 1) &&
           std::ranges::all_of(lot.wafers, [&](const auto& w) { return is(w.second); });
  };
  const auto put = [&](Kind kind) {
    Event& e = out.put_lot(kind, lot_name);
    e.wafers = static_cast<std::uint32_t>(lot.wafers.size());
  };
  if (lot.phase == 0 && (wafer.location != 0 || wafer.processing != 0)) {
    lot.phase = 1;
    put(Kind::LoadStarted);
  }
  if (lot.phase == 1 && wafer.processing != 0) {
    lot.phase = 2;
    put(Kind::ProcessingStarted);
  }
  // Without a number of wafers the last is known only by all of those seen being done.
  if (lot.phase == 2 && all([](const Wafer& w) { return w.processing >= 2; })) {
    lot.phase = 3;
    put(Kind::ProcessingEnded);
  }
  if (lot.phase == 3 && all([](const Wafer& w) { return w.location == 2; })) {
    put(Kind::Unloaded);
    std::erase_if(lots_, [&](const auto& l) { return l.first == lot_name; });
  }
}

}  // namespace twin::link::tool
