// Tool groups with a plan (rules/group_plan.hpp): a tool takes the first job of its plan that has lots here. Where
// others of its lots are still to come it waits for them, until the job's latest time; a job nobody of which is here
// holds up nobody. Where none of its jobs has lots here, the rule chooses among the lots of no plan. What a job has
// come to is read from the State, so a plan has no memory.
#pragma once

namespace twins::fab {

template <class Rule, class Sink>
bool Engine<Rule, Sink>::is_planned(std::uint32_t l) const {
  const StepInfo& step = steps[lots[l].step];
  const std::uint32_t job = planned->job_of({lots[l].id, step.index});
  return job != None && x.now < planned->jobs[job].latest &&
         tool_group[planned->jobs[job].tool] == step.group;
}

// The lots of one job that are here, out of their queue and into the tool. False, and nothing is done: the tool may
// not, or they are no batch any more (one was scrapped, one has been split).
template <class Rule, class Sink>
bool Engine<Rule, Sink>::start_planned(std::uint32_t t, const std::vector<std::uint32_t>& slots) {
  const StepInfo& step = steps[lots[slots.front()].step];
  std::uint32_t wafers = 0;
  for (const std::uint32_t l : slots) {
    const StepInfo& own = steps[lots[l].step];
    const std::uint32_t in = own.dedication_in;
    const std::uint32_t bound = in == None ? None : x.dedication[l * m.dedication_slots + in];
    if (bound != None && bound != t) return false;
    if (bound == None && qualified != nullptr && !qualified->allows(t, lots[l].step)) return false;
    if (own.line != step.line) return false;
    wafers += lots[l].wafers;
  }
  if (infos[tool_group[t]].batch &&
      (wafers > step.batch_max || wafers < how.least_wafers(step.batch_min, step.batch_max)))
    return false;
  std::uint32_t first = None, last = None;
  for (const std::uint32_t l : slots) {
    dequeue(l);
    (first == None ? first : lots[last].next) = l;
    last = l;
  }
  start_job(t, first);
  return true;
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::dispatch_by_plan(std::uint32_t g) {
  // Where the lots of the group's jobs are: the jobs' numbers with slots, and which jobs somebody is still to come to.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> here;  // (job, slot)
  std::vector<std::uint32_t> coming;                          // jobs
  const auto& by_lot = planned->by_lot;
  for (std::uint32_t l = 0; l < x.lots.size(); ++l) {
    const Lot& lot = lots[l];
    if (lot.place == LotPlace::Free || lot.place == LotPlace::Finished) continue;
    const std::uint32_t index = steps[lot.step].index;
    auto at = std::lower_bound(by_lot.begin(), by_lot.end(), PlannedLot{lot.id, index},
                               [](const auto& a, const PlannedLot& b) { return a.first < b; });
    for (; at != by_lot.end() && at->first.lot == lot.id; ++at) {
      const PlannedJob& job = planned->jobs[at->second];
      if (tool_group[job.tool] != g || x.now >= job.latest) continue;
      if (at->first.index != index)
        coming.push_back(at->second);
      else if (steps[lot.step].group != g)
        continue;  // a step that the tool does not do: nobody knew the lot's route when the plan was read
      else if (lot.place == LotPlace::Queued)
        here.emplace_back(at->second, l);
      else if (lot.place != LotPlace::Processing)
        coming.push_back(at->second);
    }
  }
  std::sort(here.begin(), here.end());
  std::sort(coming.begin(), coming.end());
  std::vector<std::uint32_t> slots;
  const auto lots_here = [&](std::uint32_t job) {
    slots.clear();
    for (auto at = std::lower_bound(here.begin(), here.end(), std::pair{job, std::uint32_t{0}});
         at != here.end() && at->first == job; ++at)
      if (lots[at->second].place == LotPlace::Queued) slots.push_back(at->second);
    return !slots.empty();
  };
  const auto start_next = [&](std::uint32_t t) {
    for (std::uint32_t j = planned->first_job[t]; j < planned->first_job[t + 1]; ++j) {
      if (x.now >= planned->jobs[j].latest) continue;
      if (!lots_here(j)) continue;
      if (std::binary_search(coming.begin(), coming.end(), j)) return false;
      if (start_planned(t, slots)) return true;
    }
    beside_plan = true;
    const bool started = try_start(t);
    beside_plan = false;
    return started;
  };
  const Group& group = groups[g];
  for (std::uint32_t t = group.able_head; t != None && group.waiting != 0;) {
    std::uint32_t next = tools[t].next;
    const bool started = start_next(t);
    if (started && next == None && tools[t].able) next = t;  // went to the tail with room left
    t = next;
  }
  // A job becomes void without anything else happening: its tool waits for who does not come, or its lots wait for a
  // tool that is not there. One look at the next such time is enough, which looks at the one after it.
  Tick next_void = twin::core::Never;
  for (const auto& [j, l] : here)
    if (lots[l].place == LotPlace::Queued) next_void = std::min(next_void, planned->jobs[j].latest);
  if (next_void != twin::core::Never) schedule(next_void, Happens::Dispatch, g);
}

}  // namespace twins::fab
