#include "twin/link/gem/adapter.hpp"

#include <algorithm>

namespace twin::link::gem {

using event::Event;
using event::Kind;
using event::Table;
using secs::Item;
using secs::Message;
using tool::Heard;

Adapter::Adapter(const EquipmentModel& model, std::string tool, AdapterMemory memory)
    : model_(&model), tool_(std::move(tool)), source_("secs/" + tool_), memory_(std::move(memory)) {
  for (std::uint32_t v = 0; v < model.description.variables.size(); ++v) {
    if (model.description.variables[v].is == tool::Class::Status) status_.push_back(v);
  }
}

// A number for what the tool does not number.
void Adapter::number(Arrival& arrival, std::uint32_t sessions) {
  arrival.source = source_ + "/host";
  if (memory_.session != sessions) memory_.uncounted = 0;
  memory_.session = sessions;
  arrival.epoch = sessions;
  arrival.seq = memory_.uncounted++;
}

Read Adapter::read(const News& news, std::uint32_t sessions, event::Names& names) {
  Read read;
  before_ = memory_;
  Arrival& a = read.unreadable;
  a.source = source_;
  a.arrived = a.clock = news.at;
  a.raw = news.frame;
  const Message& m = news.message;
  read.arrival = a;
  if (m.is(6, 11)) {
    read_event(m, names, read);
  } else if (m.is(5, 1)) {
    read_alarm(m, names, read);
  } else if (m.is(6, 1)) {
    read_trace(m, sessions, names, read);
  } else if (m.is(1, 4)) {
    read_snapshot(news, names, read);
  } else {
    read.why = "no message of events (" + secs::name_of(m) + ")";
  }
  const bool silent = m.is(1, 4) && read.arrival->events.empty();
  if (!read.why.empty() || silent) {
    read.arrival.reset();
    return read;
  }
  Arrival& arrival = *read.arrival;
  if (arrival.source.empty()) number(arrival, sessions);
  for (Event& e : arrival.events) {
    e.at = arrival.clock;
    e.arrived = arrival.arrived;
  }
  return read;
}

void Adapter::became(Taken taken) {
  if (taken == Taken::Refused) memory_ = std::move(before_);
  if (taken == Taken::Duplicate) memory_.tracker = std::move(before_.tracker);
  before_ = {};
}

void Adapter::read_event(const Message& m, event::Names& names, Read& read) {
  std::uint32_t event = None;
  std::vector<tool::Told> told;
  const Heard heard = m.body ? model_->hearing.values(*m.body, event, told) : Heard::Malformed;
  Arrival& arrival = *read.arrival;
  const tool::Stamp stamp = model_->hearing.stamp(told);
  if (stamp.clock) arrival.clock = *stamp.clock;
  if (stamp.counter) {
    arrival.seq = *stamp.counter;
    arrival.epoch = stamp.epoch.value_or(0);
    read.unreadable.seq = arrival.seq;
    read.unreadable.epoch = arrival.epoch;
  } else {
    arrival.source.clear();  // numbered as it came
  }
  read.unreadable.clock = arrival.clock;
  if (heard == Heard::Malformed) {
    read.why = "S6F11 is not made as the tool's file says";
    return;
  }
  if (heard == Heard::UnknownEvent) {
    read.why = "S6F11 of an event that the tool's file does not have";
    return;
  }
  auto& events = arrival.events;
  if (model_->hearing.events(event, told, tool_, names, events) != Heard::Understood) {
    read.why = "a value that cannot be what the tool's file says it is, in event " +
               model_->description.events[event].name;
    events.clear();
    return;
  }
  memory_.tracker.hear(model_->description, event, told, tool_, names, events);
}

void Adapter::read_alarm(const Message& m, event::Names& names, Read& read) {
  const Item* code = m.at(0);
  const Item* id = m.at(1);
  const auto bits = code == nullptr ? std::nullopt : code->as_u64();
  const auto key = id == nullptr ? std::nullopt : id->as_key();
  if (!bits || !key) {
    read.why = "S5F1 is not made as an alarm is";
    return;
  }
  Arrival& arrival = *read.arrival;
  arrival.source.clear();
  const bool set = (*bits & 0x80) != 0;
  const std::uint32_t alarm = model_->hearing.alarm(*key);
  if (alarm != None) {
    memory_.tracker.alarm(model_->description, alarm, set, tool_, names, arrival.events);
    return;
  }
  Event e;
  e.kind = set ? Kind::AlarmSet : Kind::AlarmCleared;
  e.tool = names.add(Table::Tool, tool_);
  e.item = names.add(Table::Item, "alarm " + to_string(*key));
  arrival.events.push_back(e);
}

void Adapter::read_trace(const Message& m, std::uint32_t sessions, event::Names& names,
                         Read& read) {
  const Item* values = m.at(3);
  const auto key = values == nullptr ? std::nullopt : m.at(0)->as_key();
  const auto last = values == nullptr ? std::nullopt : m.at(1)->as_u64();
  const auto time = values == nullptr ? std::nullopt : m.at(2)->as_text();
  const auto& traces = model_->description.traces;
  const auto trace =
      std::ranges::find_if(traces, [&](const auto& t) { return key && t.id == *key; });
  if (!key || !last || *last == 0 || !values->is_list()) {
    read.why = "S6F1 is not made as a trace is";
    return;
  }
  if (trace == traces.end()) {
    read.why = "S6F1 of a trace that the tool's file does not have";
    return;
  }
  const std::size_t signals = trace->signals.size();
  const std::size_t samples = values->count() / signals;
  if (samples == 0 || values->count() % signals != 0) {
    read.why = "S6F1 holds another number of values than its trace has signals";
    return;
  }
  Arrival& arrival = *read.arrival;
  arrival.source += "/trace/" + (key->is_text() ? key->text() : std::to_string(key->number()));
  arrival.epoch = sessions;  // the trace is started anew in each
  arrival.seq = (*last - 1) / trace->group;
  const auto clock =
      time ? tool::parse_clock(*time, model_->description.utc_offset_minutes) : std::nullopt;
  if (clock) arrival.clock = *clock;
  for (std::size_t k = 0; k < signals; ++k) {
    Event e;
    e.kind = Kind::TraceSamples;
    e.tool = names.add(Table::Tool, tool_);
    e.item = names.add(Table::Item, trace->signals[k].parameter);
    e.value = static_cast<double>(samples);
    e.unit = event::Unit::Count;
    arrival.events.push_back(e);
    // The newest sample is a number for whoever wants no curves.
    const auto value = values->at((samples - 1) * signals + k)->as_f64();
    if (!value) continue;
    e.kind = Kind::Measurement;
    e.value = *value;
    e.unit = trace->signals[k].unit;
    arrival.events.push_back(e);
  }
}

// What all status variables are now: only the tool's state follows from it.
void Adapter::read_snapshot(const News& news, event::Names& names, Read& read) {
  const Message& m = news.message;
  if (!m.body || m.body->count() != status_.size() || !m.body->is_list()) {
    read.why = "S1F4 holds another number of values than was asked for";
    return;
  }
  std::vector<tool::Told> told;
  for (std::size_t k = 0; k < status_.size(); ++k) told.push_back({status_[k], m.at(k)});
  Arrival& arrival = *read.arrival;
  arrival.source.clear();
  const tool::Stamp stamp = model_->hearing.stamp(told);
  if (stamp.clock) arrival.clock = *stamp.clock;
  memory_.tracker.say_state(model_->description, told, tool_, names, arrival.events);
}

}  // namespace twin::link::gem
