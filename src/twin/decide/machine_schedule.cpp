#include "twin/decide/machine_schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <tuple>

#include "twin/core/expect.hpp"

namespace twin::decide {

namespace {

using Units = std::int64_t;

Units over(Units a, Units b) { return std::max<Units>(a - b, 0); }

Units cost_at(const MachineProblem& p, const MachineJob& job, Units start) {
  const Units done = start + job.takes;
  return job.weight * (p.costs.tardy * over(done, job.due) + p.costs.flow * (done - job.release) +
                       (start > job.latest ? p.costs.overdue * (start - job.latest) : 0));
}

Units cost_of(const MachineProblem& p, const MachineSchedule& s) {
  Units cost = 0;
  for (const MachineRun& run : s.runs)
    for (const std::uint32_t j : run.jobs) cost += cost_at(p, p.jobs[j], run.changed);
  for (const std::uint32_t j : s.left) cost += cost_at(p, p.jobs[j], p.left_at);
  return cost;
}

}  // namespace

std::string flaw_of(const MachineProblem& p) {
  const std::size_t cells = std::size_t{p.setups} * p.families.size();
  if (p.changeover.size() != cells || p.setup_after.size() != cells)
    return fmt::format("{} changeovers for {} setups and {} families", p.changeover.size(),
                       p.setups, p.families.size());
  for (const Units t : p.changeover)
    if (t < 0) return fmt::format("a changeover of {}", t);
  for (const std::uint32_t s : p.setup_after)
    if (s >= p.setups) return fmt::format("setup {} of {}", s, p.setups);
  for (const Machine& m : p.machines)
    if (m.setup >= p.setups || m.ready < 0)
      return fmt::format("a machine with setup {}, ready at {}", m.setup, m.ready);
  std::vector<const MachineJob*> first(p.families.size(), nullptr);
  for (std::size_t j = 0; j < p.jobs.size(); ++j) {
    const MachineJob& job = p.jobs[j];
    if (job.family >= p.families.size()) return fmt::format("job {} of family {}", j, job.family);
    if (job.release < 0 || job.takes < 0 || job.occupies < 0 || job.weight < 0)
      return fmt::format("job {} with release {}, duration {}, {}, weight {}", j, job.release,
                         job.takes, job.occupies, job.weight);
    if (!job.machines.empty() && job.machines.size() != p.machines.size())
      return fmt::format("job {} for {} machines of {}", j, job.machines.size(), p.machines.size());
    bool any = false;
    for (std::uint32_t m = 0; m < p.machines.size(); ++m)
      any = any || p.may_run(static_cast<std::uint32_t>(j), m);
    if (!any) return fmt::format("job {} (no machine may do it)", j);
    const JobFamily& family = p.families[job.family];
    if (p.may_be_left(static_cast<std::uint32_t>(j)) && p.left_at < job.release)
      return fmt::format("job {}, which comes at {} and is left at {}", j, job.release, p.left_at);
    if (family.most == 0) continue;
    if (job.size > family.most)
      return fmt::format("job {} of {} wafers (a batch has {})", j, job.size, family.most);
    const MachineJob*& like = first[job.family];
    if (like == nullptr) like = &job;
    if (like->takes != job.takes || like->occupies != job.occupies)
      return fmt::format("job {} takes {} (others of its batches {})", j, job.takes, like->takes);
  }
  return "";
}

MachineSchedule timed(const MachineProblem& p, std::vector<MachineRun> runs) {
  std::stable_sort(runs.begin(), runs.end(),
                   [](const MachineRun& a, const MachineRun& b) { return a.machine < b.machine; });
  std::vector<Units> ready(p.machines.size());
  std::vector<std::uint32_t> setup(p.machines.size());
  for (std::size_t m = 0; m < p.machines.size(); ++m)
    ready[m] = p.machines[m].ready, setup[m] = p.machines[m].setup;
  std::vector<bool> planned(p.jobs.size(), false);
  for (MachineRun& run : runs) {
    TWIN_EXPECT(!run.jobs.empty() && run.machine < p.machines.size(), run.machine);
    std::sort(run.jobs.begin(), run.jobs.end());
    const std::uint32_t family = p.jobs[run.jobs.front()].family;
    Units start = ready[run.machine];
    for (const std::uint32_t j : run.jobs) {
      start = std::max(start, p.jobs[j].release);
      planned[j] = true;
    }
    const MachineJob& lead = p.jobs[run.jobs.front()];
    run.start = start;
    run.changed = start + p.changing(setup[run.machine], family);
    run.done = run.changed + lead.takes;
    ready[run.machine] = run.changed + lead.occupies;
    setup[run.machine] = p.after(setup[run.machine], family);
  }
  MachineSchedule s{std::move(runs), {}, 0};
  for (std::uint32_t j = 0; j < p.jobs.size(); ++j)
    if (!planned[j]) s.left.push_back(j);
  s.cost = cost_of(p, s);
  return s;
}

std::string schedule_flaw(const MachineProblem& p, const MachineSchedule& s) {
  std::vector<int> times(p.jobs.size(), 0);
  std::vector<const MachineRun*> before(p.machines.size(), nullptr);
  std::vector<std::uint32_t> setup(p.machines.size());
  for (std::size_t m = 0; m < p.machines.size(); ++m) setup[m] = p.machines[m].setup;
  for (const MachineRun& run : s.runs) {
    if (run.jobs.empty() || run.machine >= p.machines.size())
      return fmt::format("a run of {} jobs on machine {}", run.jobs.size(), run.machine);
    std::uint64_t wafers = 0;
    for (const std::uint32_t j : run.jobs) {
      if (j >= p.jobs.size() || ++times[j] > 1) return fmt::format("job {} twice, or none", j);
      if (!p.may_run(j, run.machine)) return fmt::format("job {} on machine {}", j, run.machine);
      if (run.start < p.jobs[j].release)
        return fmt::format("job {} starts at {}, comes at {}", j, run.start, p.jobs[j].release);
      if (p.jobs[j].family != p.jobs[run.jobs.front()].family)
        return fmt::format("jobs {} and {} in one batch", j, run.jobs.front());
      wafers += p.jobs[j].size;
    }
    const MachineJob& lead = p.jobs[run.jobs.front()];
    const JobFamily& family = p.families[lead.family];
    if (family.most == 0 ? run.jobs.size() > 1 : wafers > family.most || wafers < family.least)
      return fmt::format("a batch of {} wafers ({} to {})", wafers, family.least, family.most);
    const MachineRun* previous = before[run.machine];
    const Units free = previous == nullptr
                           ? p.machines[run.machine].ready
                           : previous->changed + p.jobs[previous->jobs.front()].occupies;
    if (run.start < free)
      return fmt::format("machine {} starts at {}, is free at {}", run.machine, run.start, free);
    const Units changing = run.changed - run.start;
    if (changing != p.changing(setup[run.machine], lead.family))
      return fmt::format("a changeover of {} at {}", changing, run.start);
    if (run.done != run.changed + lead.takes) return fmt::format("a run done at {}", run.done);
    setup[run.machine] = p.after(setup[run.machine], lead.family);
    before[run.machine] = &run;
  }
  for (const std::uint32_t j : s.left)
    if (j >= p.jobs.size() || ++times[j] > 1 || !p.may_be_left(j))
      return fmt::format("job {} left", j);
  for (std::size_t j = 0; j < times.size(); ++j)
    if (times[j] != 1) return fmt::format("job {} nowhere", j);
  if (s.cost != cost_of(p, s)) return fmt::format("a cost of {}, not {}", s.cost, cost_of(p, s));
  return "";
}

namespace {

struct Dispatcher {
  const MachineProblem& p;
  ListOrder order;
  std::vector<Units> ready = {};
  std::vector<std::uint32_t> setup = {};
  std::vector<bool> gone = {};

  // Smaller goes first.
  [[nodiscard]] std::tuple<double, Units, std::uint32_t> rank(std::uint32_t j,
                                                              std::uint32_t m) const {
    const MachineJob& job = p.jobs[j];
    const auto key = [&]() -> double {
      switch (order) {
        case ListOrder::Release: return 0.0;
        case ListOrder::Due: return static_cast<double>(job.due);
        case ListOrder::Weight:
          return static_cast<double>(job.takes) /
                 static_cast<double>(std::max<Units>(job.weight, 1));
        case ListOrder::Changeover: return static_cast<double>(p.changing(setup[m], job.family));
      }
      return 0.0;
    }();
    return {key, job.release, j};
  }
  // The jobs that machine m would start at `now` with this one at their head; empty: too few.
  [[nodiscard]] std::vector<std::uint32_t> batch_of(std::uint32_t lead, std::uint32_t m,
                                                    Units now) const;
  // The best start of machine m at `now`; empty: it has none.
  [[nodiscard]] std::vector<std::uint32_t> next_of(std::uint32_t m, Units now) const;
};

std::vector<std::uint32_t> Dispatcher::batch_of(std::uint32_t lead, std::uint32_t m,
                                                Units now) const {
  const std::uint32_t f = p.jobs[lead].family;
  const JobFamily& family = p.families[f];
  if (family.most == 0) return {lead};
  std::vector<std::uint32_t> with;
  for (std::uint32_t j = 0; j < p.jobs.size(); ++j)
    if (!gone[j] && j != lead && p.jobs[j].family == f && p.jobs[j].release <= now &&
        p.may_run(j, m))
      with.push_back(j);
  std::sort(with.begin(), with.end(),
            [&](std::uint32_t a, std::uint32_t b) { return rank(a, m) < rank(b, m); });
  std::vector<std::uint32_t> batch = {lead};
  std::uint32_t wafers = p.jobs[lead].size;
  for (const std::uint32_t j : with)
    if (wafers + p.jobs[j].size <= family.most) {
      wafers += p.jobs[j].size;
      batch.push_back(j);
    }
  if (wafers < family.least) return {};
  return batch;
}

std::vector<std::uint32_t> Dispatcher::next_of(std::uint32_t m, Units now) const {
  std::vector<std::uint32_t> best;
  for (std::uint32_t j = 0; j < p.jobs.size(); ++j) {
    if (gone[j] || p.jobs[j].release > now || !p.may_run(j, m)) continue;
    if (!best.empty() && !(rank(j, m) < rank(best.front(), m))) continue;
    if (std::vector<std::uint32_t> batch = batch_of(j, m, now); !batch.empty())
      best = std::move(batch);
  }
  return best;
}

}  // namespace

MachineSchedule as_dispatched(const MachineProblem& p, ListOrder order) {
  Dispatcher d{p, order};
  d.gone.assign(p.jobs.size(), false);
  for (const Machine& m : p.machines) {
    d.ready.push_back(m.ready);
    d.setup.push_back(m.setup);
  }
  std::vector<MachineRun> runs;
  std::vector<Units> moments;  // at which something new can start
  for (const MachineJob& job : p.jobs) moments.push_back(job.release);
  for (const Machine& m : p.machines) moments.push_back(m.ready);
  std::make_heap(moments.begin(), moments.end(), std::greater<>());
  while (!moments.empty()) {
    std::pop_heap(moments.begin(), moments.end(), std::greater<>());
    const Units now = moments.back();
    moments.pop_back();
    for (std::uint32_t m = 0; m < p.machines.size(); ++m) {
      if (d.ready[m] > now) continue;
      std::vector<std::uint32_t> batch = d.next_of(m, now);
      if (batch.empty()) continue;
      const MachineJob& lead = p.jobs[batch.front()];
      for (const std::uint32_t j : batch) d.gone[j] = true;
      d.ready[m] = now + p.changing(d.setup[m], lead.family) + lead.occupies;
      d.setup[m] = p.after(d.setup[m], lead.family);
      moments.push_back(std::max(d.ready[m], now + 1));
      std::push_heap(moments.begin(), moments.end(), std::greater<>());
      runs.push_back({m, std::move(batch)});
    }
  }
  return timed(p, std::move(runs));
}

}  // namespace twin::decide
