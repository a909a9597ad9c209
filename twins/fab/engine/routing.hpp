// A lot's way: release, sampling, transport, arrival at a queue, completion, rework, finish
// (reference 2.2 to 2.5, 2.13).
#pragma once

namespace twins::fab {

template <class Rule, class Sink>
std::uint32_t Engine<Rule, Sink>::create_lot(std::uint32_t lot_class, std::uint32_t first_step,
                                             std::uint32_t wafers, std::int32_t priority, Tick due,
                                             double weight) {
  std::uint32_t slot = x.free_lot;
  if (slot != None) {
    x.free_lot = lots[slot].next;
  } else {
    slot = static_cast<std::uint32_t>(x.lots.size());
    x.lots.emplace_back();
    lots = x.lots.data();
    x.dedication.resize(x.dedication.size() + m.dedication_slots, None);
  }
  Lot lot;
  lot.id = x.next_lot_id++;
  lot.serial = x.next_serial++;
  lot.release = lot.since = x.now;
  lot.due = due;
  lot.weight = weight;
  lot.step = first_step;
  lot.lot_class = lot_class;
  lot.wafers = wafers;
  lot.priority = priority;
  lots[slot] = lot;
  std::fill_n(x.dedication.begin() + std::ptrdiff_t{slot} * m.dedication_slots, m.dedication_slots,
              None);
  ++x.wip;
  ClassTally& tally = x.class_tally[lot_class];
  ++tally.released;
  tally.release_ticks += x.now;
  return slot;
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::release(std::uint32_t stream) {
  const StreamInfo& s = m.streams[stream];
  const std::uint64_t k = x.releases[stream]++;
  for (std::uint32_t i = 0; i < s.lots_per_release; ++i) release_lot(stream);
  if (k + 1 < s.count) schedule(next_release(stream, k, x.now), Happens::Release, stream);
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::release_lot(std::uint32_t stream) {
  const StreamInfo& s = m.streams[stream];
  const std::uint32_t route = m.description.products[s.product].route;
  const std::uint32_t first = m.routes[route].first_step;
  const std::uint32_t slot =
      create_lot(s.lot_class, first, s.wafers, s.priority, x.now + s.due_offset, s.weight);
  Lot& lot = lots[slot];
  lot.reserves = s.reserves;
  if (s.due_spread > 0.0 || s.weight_levels != 0) {
    const twin::core::Block words =
        draw.block(static_cast<std::uint32_t>(What::DueDate), lot.serial, 0);
    const double z = 1.0 + (2.0 * twin::core::uniform_of(words[0]) - 1.0) * s.due_spread;
    lot.due = x.now + to_ticks(static_cast<double>(s.due_offset) * z);
    if (s.weight_levels != 0)
      lot.weight = 1.0 + std::floor(twin::core::uniform_of(words[1]) * s.weight_levels);
  }
  come(slot);
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::come(std::uint32_t slot) {
  if (gate == nullptr) return enter(slot);
  gate->add(x, slot);
  // At once where there is room: a control that never binds changes no bit.
  for (std::uint32_t next = gate->next(x); next != None; next = gate->next(x)) enter(next);
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::enter(std::uint32_t slot) {
  lots[slot].place = LotPlace::Moving;
  if constexpr (Sink::Enabled) sink.released(m, x, slot);
  const std::uint32_t step = lots[slot].step;
  route_from(slot, step, steps[step].route);
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::let_in() {
  for (std::uint32_t slot = gate->next(x); slot != None; slot = gate->next(x)) {
    enter(slot);
    settle();
  }
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::let_in_unheld(std::uint32_t slot) {
  if (gate != nullptr || lots[slot].place != LotPlace::Outside) return;
  Row(x).leave(x, slot);
  enter(slot);
}

// When the stream's release k + 1 comes, its release k being at `last`.
template <class Rule, class Sink>
Tick Engine<Rule, Sink>::next_release(std::uint32_t stream, std::uint64_t k, Tick last) const {
  const StreamInfo& s = m.streams[stream];
  if (s.law == Duration::Law::Constant)  // no drift: from the start, not from now
    return s.start + to_ticks(s.interval_ms * static_cast<double>(k + 1));
  const double u = draw.uniform(static_cast<std::uint32_t>(What::Release), stream,
                                static_cast<std::uint32_t>(k));
  return last + to_ticks(inverted(s.law, s.interval_ms, s.half_width_ms, u));
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::release_listed() {
  const auto& listed = m.description.lots;
  while (x.next_listed < listed.size() && to_ticks(listed[x.next_listed].start_ms) <= x.now) {
    const std::size_t i = x.next_listed++;
    const ListedLot& from = listed[i];
    const std::uint32_t route = m.description.products[from.product].route;
    const std::uint32_t step = m.routes[route].first_step + (from.step == None ? 0 : from.step);
    const std::uint32_t slot = create_lot(m.listed_class[i], step, from.wafers, from.priority,
                                          to_ticks(from.due_ms), from.weight);
    lots[slot].reserves = from.reserves;
    if (from.step == None) {
      come(slot);
    } else {  // stands in the queue of its step already: no sampling, no transport
      if constexpr (Sink::Enabled) sink.released(m, x, slot);
      Lot& lot = lots[slot];
      ++lot.visit;
      lot.word_process = visit_words(lot)[2];
      lot.place = LotPlace::Moving;
      arrive(slot);
    }
  }
  if (x.next_listed < listed.size())
    schedule(to_ticks(listed[x.next_listed].start_ms), Happens::Listed, 0);
}

// Sends a lot to the first step from `step` on at which it is processed, or out of the fab.
template <class Rule, class Sink>
void Engine<Rule, Sink>::route_from(std::uint32_t slot, std::uint32_t step, std::uint32_t route) {
  Lot& lot = lots[slot];
  const std::uint32_t end = m.routes[route].first_step + m.routes[route].steps;
  const std::uint32_t origin = lot.location;
  for (;; ++step) {
    if (step >= end) return finish(slot);
    const StepInfo& s = steps[step];
    ++lot.visit;
    const twin::core::Block words = visit_words(lot);
    if (s.sampled) {
      const double p = s.sampling * theta[m.theta_map.sampling(area_of(s.group))];
      if (twin::core::uniform_of(words[0]) >= p) {
        ++tallies[s.group].skipped;
        // Not performed: the later step is free. And who waits at a batch or a minimum run for this lot waits in vain.
        if (s.dedication_out != None)
          x.dedication[slot * m.dedication_slots + s.dedication_out] = None;
        if ((infos[s.group].batch || infos[s.group].minimum_run) && groups[s.group].waiting != 0)
          touch(s.group, None);
        if constexpr (Sink::Enabled) sink.skipped(m, x, slot, step);
        continue;
      }
    }
    lot.word_process = words[2];
    lot.step = step;
    lot.place = LotPlace::Moving;
    lot.since = x.now;
    Tick delay = 0;
    if (origin != None) {
      const std::size_t cell = origin * m.locations.size() + infos[s.group].location;
      if (m.transport_given[cell] != 0) {
        const Duration& d = m.transport[cell];
        const double scale = theta[m.theta_map.transport()];
        delay = to_ticks(
            inverted(d.law, d.mean_ms, d.half_width_ms, twin::core::uniform_of(words[1])) * scale);
      }
    }
    if (lot.reserved_group != None && lot.reserved_group != s.group) release_reservation(slot);
    if constexpr (Sink::Enabled) sink.moved(m, x, slot, delay);
    if (delay == 0) return arrive(slot);
    return schedule(x.now + delay, Happens::Arrive, slot);
  }
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::arrive(std::uint32_t slot) {
  Lot& lot = lots[slot];
  lot.since = x.now;
  const std::uint32_t g = steps[lot.step].group;
  if constexpr (Sink::Enabled) sink.arrived(m, x, slot);
  if (lot.hold_requested) {
    lot.hold_requested = false;
    lot.place = LotPlace::Held;
    if constexpr (Sink::Enabled) sink.held(m, x, slot);
    return;
  }
  lot.place = LotPlace::Queued;
  enqueue(slot);
  if (groups[g].able_head != None || (lot.reserves && lot.reserved_group == g)) touch(g, slot);
}

// The lot's part in the end of its job: its step is done, and may open a queue-time window.
template <class Rule, class Sink>
void Engine<Rule, Sink>::leave_tool(std::uint32_t slot) {
  Lot& lot = lots[slot];
  const StepInfo& s = steps[lot.step];
  lot.location = infos[s.group].location;
  lot.tool = None;
  if (s.window_exit != None) {
    lot.window_open = true;
    lot.window_step = lot.step;
    lot.window_from = x.now;
  }
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::complete_step(std::uint32_t slot) {
  Lot& lot = lots[slot];
  const StepInfo& s = steps[lot.step];
  leave_tool(slot);
  std::uint32_t next = lot.step + 1;
  if (s.reworked && twin::core::uniform_of(visit_words(lot)[3]) <
                        s.rework * theta[m.theta_map.rework(area_of(s.group))]) {
    next = s.rework_to;
    if (gate != nullptr) gate->stir();  // it is farther from the bottleneck
    ++tallies[s.group].reworks;
    if constexpr (Sink::Enabled) sink.reworked(m, x, slot, next);
  }
  route_from(slot, next, s.route);
}

// Bin of a cycle time in the histogram: 1/48 of an octave, from 1 minute on. Read back in kpi.hpp.
inline std::size_t cycle_bin(Tick cycle) {
  const double minutes = static_cast<double>(cycle) / MinuteMs;
  if (minutes <= 1.0) return 0;
  const double octaves = twin::math::log(minutes) * 1.4426950408889634;  // 1 / ln 2
  return std::min(static_cast<std::size_t>(octaves * 48.0), CycleBins - 1);
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::finish(std::uint32_t slot) {
  Lot& lot = lots[slot];
  if (lot.reserved_group != None) release_reservation(slot);
  ClassTally& tally = x.class_tally[lot.lot_class];
  const Tick cycle = x.now - lot.release;
  const double days = static_cast<double>(cycle) / DayMs;
  ++tally.finished;
  tally.wafers_finished += lot.wafers;
  tally.cycle_ticks += cycle;
  tally.cycle_days_squared += days * days;
  tally.exit_ticks += x.now;
  ++tally.cycle_histogram[cycle_bin(cycle)];
  if (x.now <= lot.due) ++tally.on_time;
  const Tick tardy = std::max<Tick>(x.now - lot.due, 0);
  tally.tardy_ticks += tardy;
  tally.weighted_tardy_days += lot.weight * (static_cast<double>(tardy) / DayMs);
  if constexpr (Sink::Enabled) sink.finished(m, x, slot);
  --x.wip;
  free_slot(slot);
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::free_slot(std::uint32_t slot) {
  lots[slot] = Lot{};
  lots[slot].next = x.free_lot;
  x.free_lot = slot;
}

}  // namespace twins::fab
