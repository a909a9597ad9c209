// Who goes next: able tools in their order take the best lot or batch of their group's lines (reference 2.8 to 2.12).
// All that happens at one instant happens first; then the touched groups are dispatched in the order of touching.
#pragma once

namespace twins::fab {

template <class Rule, class Sink>
void Engine<Rule, Sink>::touch(std::uint32_t g, std::uint32_t lot) {
  Group& group = groups[g];
  if (group.touched && (lot == None || !infos[g].wakes_least_setup)) return;
  group.touched = true;
  x.touched.push_back({g, lot});
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::settle() {
  // NOLINTNEXTLINE(modernize-loop-convert): starting jobs may touch further groups
  for (std::size_t i = 0; i < x.touched.size(); ++i) {
    const Touch t = x.touched[i];
    groups[t.group].touched = false;
    dispatch(t.group, t.lot);
  }
  x.touched.clear();
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::dispatch(std::uint32_t g, std::uint32_t arrived) {
  Group& group = groups[g];
  const GroupInfo& info = infos[g];
  if (group.reserving_lot != None && group.reserving_tool != None) {
    const std::uint32_t l = group.reserving_lot, t = group.reserving_tool;
    if (lots[l].place == LotPlace::Queued && steps[lots[l].step].group == g) {
      const std::uint32_t in = steps[lots[l].step].dedication_in;
      const std::uint32_t bound = in == None ? None : x.dedication[l * m.dedication_slots + in];
      const bool may = bound == t || qualified == nullptr || qualified->allows(t, lots[l].step);
      if ((bound == None || bound == t) && may) {
        dequeue(l);
        start_job(t, l);
      } else {
        release_reservation(l);
      }
    }
  }
  if (has_plan(g)) return dispatch_by_plan(g);
  if (info.wakes_least_setup && arrived != None && group.able_head != group.able_tail &&
      lots[arrived].place == LotPlace::Queued && steps[lots[arrived].step].group == g) {
    // wake_LeastSetupTime: of several able tools, the one with the least setup for the lot that came
    const StepInfo& step = steps[lots[arrived].step];
    std::uint32_t best = None;
    Tick least = 0;
    for (std::uint32_t t = group.able_head; t != None; t = tools[t].next) {
      if (qualified != nullptr && !qualified->allows(t, lots[arrived].step)) continue;
      const Tick setup = setup_ticks(tools[t], step);
      if (best == None || setup < least) best = t, least = setup;
    }
    if (best != None) try_start(best);
  }
  for (std::uint32_t t = group.able_head; t != None && group.waiting != 0;) {
    std::uint32_t next = tools[t].next;
    const bool started = try_start(t);
    if (!started && info.homogeneous && !is_restricted(g)) return;
    if (started && next == None && tools[t].able) next = t;  // went to the tail with room left
    t = next;
  }
}

template <class Rule, class Sink>
bool Engine<Rule, Sink>::try_start(std::uint32_t t) {
  const GroupInfo& info = infos[tool_group[t]];
  if (info.batch) return start_batch(t);
  std::uint32_t lot = None;
  if (!Rule::Dynamic && info.homogeneous && !info.minimum_run && !is_restricted_tool(t) &&
      !beside_plan) {
    lot = lines[info.first_line].head;
  } else {
    lot = select_lot(t);
  }
  if (lot == None) return false;
  dequeue(lot);
  start_job(t, lot);
  return true;
}

// The best lot for one tool. Priority first where the group ranks it, least setup where it does (setup.txt times
// alone; a step's own STIME counts 0 here), then the rule, then the lot's serial number.
template <class Rule, class Sink>
std::uint32_t Engine<Rule, Sink>::select_lot(std::uint32_t t) const {
  const Tool& tool = tools[t];
  const std::uint32_t g = tool_group[t];
  const GroupInfo& info = infos[g];
  const std::uint8_t setup_order = Rule::WeighsSetup ? 0 : how.setup_order(info.setup_order);
  const bool ranks_setup = setup_order != 0, setup_first = setup_order == 2;
  const bool restricted = is_restricted_tool(t) || beside_plan;
  const auto may_do = [&](std::uint32_t l) {
    return (qualified == nullptr || qualified->allows(t, lots[l].step)) && !is_passed_over(l);
  };
  bool holds = false;  // the minimum run forbids a change of setup
  if (info.minimum_run && tool.run_left > 0 && tool.setup != None) {
    std::uint32_t own = None;
    for (std::uint32_t line = info.first_line; line < info.first_line + info.lines; ++line)
      if (m.line_setup[line] == tool.setup) own = line;
    holds = own != None && (lines[own].count != 0 || may_still_come(own));
    if (holds && restricted) {  // what may still come may be none that it does
      std::uint32_t l = lines[own].head;
      while (l != None && !may_do(l)) l = lots[l].next;
      holds = l != None;
    }
  }
  const std::uint32_t from_rank = tool.setup == None ? 0 : m.setup_rank_of[tool.setup];
  Look look = look_at(t);

  std::uint32_t best = None;
  std::int32_t best_priority = 0;
  Tick best_setup = 0;
  double best_value = 0.0;
  const auto consider = [&](std::uint32_t l) {
    const Lot& lot = lots[l];
    const StepInfo& step = steps[lot.step];
    Tick setup = 0;
    if (ranks_setup && step.setup_rank != 0 && step.setup_own < 0 &&
        (tool.setup != step.setup || step.setup_always))
      setup = m.setup_ticks[from_rank * m.setup_ranks + step.setup_rank];
    const std::int32_t priority = info.ranks_priority ? lot.priority : 0;
    double value = lot.key;
    if constexpr (Rule::Dynamic) {
      if constexpr (Rule::WeighsSetup) look.setup_ms = static_cast<double>(setup_ticks(tool, step));
      value = rule(m, lot, look);
    }
    const auto better = [&] {
      if (best == None) return true;
      if (setup_first && setup != best_setup) return setup < best_setup;
      if (priority != best_priority) return priority > best_priority;
      if (setup != best_setup) return setup < best_setup;
      if (value != best_value) return value < best_value;
      return lot.serial < lots[best].serial;
    };
    if (better()) best = l, best_priority = priority, best_setup = setup, best_value = value;
  };
  const auto look_through = [&](std::uint32_t line) {
    std::uint32_t head = lines[line].head;
    if (restricted)
      while (head != None && !may_do(head)) head = lots[head].next;
    if (head == None) return;
    if constexpr (Rule::Dynamic) {
      // The line stands in order of priority, so only its first priority can win.
      for (std::uint32_t l = head; l != None; l = lots[l].next) {
        if (info.ranks_priority && lots[l].priority != lots[head].priority) break;
        if (restricted && !may_do(l)) continue;
        consider(l);
      }
    } else {
      consider(head);
    }
  };
  for (std::uint32_t line = info.first_line; line < info.first_line + info.lines; ++line)
    if (!holds || m.line_setup[line] == None || m.line_setup[line] == tool.setup)
      look_through(line);
  if (info.dedicated) {
    const std::uint32_t line = info.dedicated_line + (t - info.first_tool);
    for (std::uint32_t l = lines[line].head; l != None; l = lots[l].next) {
      const StepInfo& step = steps[lots[l].step];
      if (holds && step.setup != None && step.setup != tool.setup) continue;
      if (is_passed_over(l)) continue;
      consider(l);
      if (setup_order == 0 && !Rule::Dynamic) break;
    }
  }
  return best;
}

// What the rule sees of the queue from this tool. Means only where the rule looks at them: they cost a walk.
template <class Rule, class Sink>
Look Engine<Rule, Sink>::look_at(std::uint32_t t) const {
  Look look{x.now};
  look.draw = draw;
  if constexpr (Rule::WeighsSetup || Rule::SeesMeans) {
    const Tool& tool = tools[t];
    const GroupInfo& info = infos[tool_group[t]];
    double process = 0.0, setup = 0.0, count = 0.0;
    const bool restricted = is_restricted_tool(t);
    const auto add = [&](std::uint32_t line) {
      for (std::uint32_t l = lines[line].head; l != None; l = lots[l].next) {
        if (restricted && !qualified->allows(t, lots[l].step)) continue;
        process += process_ms(m, lots[l]);
        setup += static_cast<double>(setup_ticks(tool, steps[lots[l].step]));
        count += 1.0;
      }
    };
    for (std::uint32_t line = info.first_line; line < info.first_line + info.lines; ++line)
      add(line);
    if (info.dedicated) add(info.dedicated_line + (t - info.first_tool));
    if (count > 0.0) {
      look.mean_process_ms = std::max(process / count, 1.0);
      look.mean_setup_ms = setup / count;
    }
  }
  return look;
}

// The batching walk: keys in the order of their best lots (or of their batches, or of their fullness first: how.batch);
// the first key that fills its minimum starts. A lot that would overflow the maximum is passed over.
template <class Rule, class Sink>
bool Engine<Rule, Sink>::start_batch(std::uint32_t t) {
  const GroupInfo& info = infos[tool_group[t]];
  const bool restricted = is_restricted_tool(t);
  const bool fullest = how.batch.start == BatchPolicy::Start::Fullest;
  const bool as_a_whole = Rule::ScoresBatch || how.batch.start == BatchPolicy::Start::BestOfFamily;
  Look look = look_at(t);
  std::uint32_t chosen = None, lead = None;
  std::uint64_t chosen_wafers = 0, chosen_most = 1;  // its fullness
  double lead_value = 0.0;
  for (std::uint32_t line = info.first_line; line < info.first_line + info.lines; ++line) {
    if (lines[line].count == 0) continue;
    if (restricted && !qualified->allows(t, lots[lines[line].head].step)) continue;
    const std::uint32_t best = best_of(line, m.line_batch_max[line], look);
    if (best == None) continue;
    const StepInfo& step = steps[lots[best].step];
    if constexpr (Rule::WeighsSetup)
      look.setup_ms = static_cast<double>(setup_ticks(tools[t], step));
    const double v = as_a_whole ? batch_value(line, step, look) : value_of(lots[best], look);
    const std::uint64_t wafers = fullest ? fitting_wafers(line, step.batch_max) : 0;
    if (lead != None) {
      const std::uint64_t mine = wafers * chosen_most, theirs = chosen_wafers * step.batch_max;
      const bool same_priority = !info.ranks_priority || lots[best].priority == lots[lead].priority;
      if (fullest && same_priority && mine != theirs) {
        if (mine < theirs) continue;
      } else if (!wins(lots[best], v, lots[lead], lead_value)) {
        continue;
      }
    }
    if (!full_enough(line, step, lots[best]) && may_still_come(line)) continue;
    chosen = line, lead = best, lead_value = v;
    chosen_wafers = wafers, chosen_most = std::max(step.batch_max, 1U);
  }
  if (chosen == None) return false;
  std::uint32_t room = steps[lots[lead].step].batch_max;
  std::uint32_t first = None, last = None;
  while (room != 0) {
    const std::uint32_t l = best_of(chosen, room, look);
    if (l == None) break;
    room -= lots[l].wafers;
    dequeue(l);
    (first == None ? first : lots[last].next) = l;
    last = l;
  }
  start_job(t, first);
  return true;
}

// Does the line hold the wafers that a batch led by this lot needs? Where the share of the maximum counts, a batch that
// has no room for another such lot is full.
template <class Rule, class Sink>
bool Engine<Rule, Sink>::full_enough(std::uint32_t line, const StepInfo& step,
                                     const Lot& best) const {
  const std::uint32_t least = how.least_wafers(step.batch_min, step.batch_max);
  const std::uint32_t wafers = fitting_wafers(line, step.batch_max);
  return wafers >= least ||
         (how.batch.start == BatchPolicy::Start::Fill && step.batch_max - wafers < best.wafers);
}

template <class Rule, class Sink>
double Engine<Rule, Sink>::value_of(const Lot& lot, const Look& look) const {
  return Rule::Dynamic ? rule(m, lot, look) : lot.key;
}

// Does lot a, of value va, lead before lot b? A total order.
template <class Rule, class Sink>
bool Engine<Rule, Sink>::wins(const Lot& a, double va, const Lot& b, double vb) const {
  if (infos[steps[a.step].group].ranks_priority && a.priority != b.priority)
    return a.priority > b.priority;
  return va != vb ? va < vb : a.serial < b.serial;
}

// Best lot of a line that fits into so many wafers and comes after `last` (None: any); None: there is none.
template <class Rule, class Sink>
std::uint32_t Engine<Rule, Sink>::best_of(std::uint32_t line, std::uint32_t room, const Look& look,
                                          std::uint32_t last) const {
  std::uint32_t best = None;
  double best_value = 0.0;
  const double last_value = last == None ? 0.0 : value_of(lots[last], look);
  std::uint32_t l = Rule::Dynamic || last == None ? lines[line].head : lots[last].next;
  for (; l != None; l = lots[l].next) {
    if (lots[l].wafers > room || is_passed_over(l)) continue;
    const double v = value_of(lots[l], look);
    if (Rule::Dynamic && last != None && (l == last || wins(lots[l], v, lots[last], last_value)))
      continue;
    if (best == None || wins(lots[l], v, lots[best], best_value)) best = l, best_value = v;
    if (!Rule::Dynamic) break;
  }
  return best;
}

// Wafers of the fullest batch that the line gives in its standing order [wafers]. Under a dynamic rule lots of unequal
// size may be taken in another order, which can leave the batch below this.
template <class Rule, class Sink>
std::uint32_t Engine<Rule, Sink>::fitting_wafers(std::uint32_t line, std::uint32_t most) const {
  if (lines[line].wafers <= most && !beside_plan) return lines[line].wafers;
  std::uint32_t room = most;
  for (std::uint32_t l = lines[line].head; l != None && room != 0; l = lots[l].next)
    if (lots[l].wafers <= room && !is_passed_over(l)) room -= lots[l].wafers;
  return most - room;
}

// The score of the batch that this line would give now: by the rule, where it has one for batches, else the mean of
// what its lots count. Of more lots than fit, those count that would be taken.
template <class Rule, class Sink>
double Engine<Rule, Sink>::batch_value(std::uint32_t line, const StepInfo& step,
                                       const Look& look) const {
  double weight = 0.0, least_due = 0.0, value = 0.0, count = 0.0;
  std::uint32_t wafers = 0;
  const auto take = [&](const Lot& lot) {
    wafers += lot.wafers;
    count += 1.0;
    if constexpr (Rule::ScoresBatch) {
      weight += lot.weight;
      const double due = operation_due(m, lot);
      least_due = count == 1.0 ? due : std::min(least_due, due);
    } else {
      value += value_of(lot, look);
    }
  };
  if (lines[line].wafers <= step.batch_max && !beside_plan) {
    for (std::uint32_t l = lines[line].head; l != None; l = lots[l].next) take(lots[l]);
  } else {
    for (std::uint32_t l = best_of(line, step.batch_max, look); l != None;
         l = best_of(line, step.batch_max - wafers, look, l))
      take(lots[l]);
  }
  if constexpr (Rule::ScoresBatch) {
    const double fill = static_cast<double>(std::max(wafers, 1U)) /
                        static_cast<double>(std::max(step.batch_max, 1U));
    return rule.batch_value(weight / std::max(count, 1.0), step.process_ms, least_due, fill, look);
  } else {
    return value / std::max(count, 1.0);
  }
}

// Can a lot still join this line, from a stream or from upstream? (Ends waiting at the end of a run of releases.)
template <class Rule, class Sink>
bool Engine<Rule, Sink>::may_still_come(std::uint32_t line) const {
  const std::size_t products = m.description.products.size();
  for (std::uint32_t s = 0; s < m.streams.size(); ++s)
    if (x.releases[s] < m.streams[s].count &&
        m.line_last_step[line * products + m.streams[s].product] != None)
      return true;
  for (std::uint64_t i = x.next_listed; i < m.description.lots.size(); ++i)
    if (m.line_last_step[line * products + m.description.lots[i].product] != None) return true;
  for (const Lot& lot : x.lots) {
    if (lot.place == LotPlace::Free || lot.place == LotPlace::Finished) continue;
    const std::uint32_t last = m.line_last_step[line * products + m.classes[lot.lot_class].product];
    if (last == None) continue;
    const bool on_its_way = lot.place == LotPlace::Moving || lot.place == LotPlace::Held ||
                            lot.place == LotPlace::Outside;
    if (lot.step < last || (lot.step == last && on_its_way)) return true;
    const std::uint32_t reach = m.line_reach[line * products + m.classes[lot.lot_class].product];
    const bool there = lot.step == last && lot.place == LotPlace::Queued;
    if (reach != None && lot.step <= reach && !there) return true;  // rework may lead it back
  }
  return false;
}

}  // namespace twins::fab
