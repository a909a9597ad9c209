#include "twin/decide/machine_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <tuple>
#include <utility>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

#ifdef TWIN_GECODE

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpragmas"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wcast-align"
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
#pragma GCC diagnostic ignored "-Woverloaded-virtual"
#pragma GCC diagnostic ignored "-Wdouble-promotion"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#include <gecode/int.hh>
#include <gecode/search.hh>
#pragma GCC diagnostic pop

namespace twin::decide {

namespace {

using SearchUnits = std::int64_t;

constexpr SearchUnits MostUnits = Gecode::Int::Limits::max / 2;

// What the decisions are about, the same for all trees of one search.
struct Decisions {
  explicit Decisions(const MachineProblem& of);

  struct Pair {
    int i = 0, j = 0;  // i < j, and some machine may do both
    int gap_ij =
        0;  // [unit] from the start of i to that of j, where i goes before j on one machine
    int gap_ji = 0;
    bool batch = false;  // they may run together
  };

  const MachineProblem& p;
  std::vector<SearchUnits>
      soonest;  // [setup][family] [unit] from a free machine of that setup to a start
  std::vector<Pair> pairs;
  SearchUnits end = 0;  // [unit] no schedule that is worth anything begins a job later

  [[nodiscard]] SearchUnits soonest_of(std::uint32_t setup, std::uint32_t family) const {
    return soonest[setup * p.families.size() + family];
  }

 private:
  void find_soonest();
};

// A detour over other jobs may be shorter than the changeover itself, where the data are odd: the shortest counts, so
// that what holds for any two jobs of a machine holds for two that are not neighbours too.
void Decisions::find_soonest() {
  const std::size_t families = p.families.size();
  std::vector<SearchUnits> least(families, -1);
  for (const MachineJob& job : p.jobs)
    if (least[job.family] < 0 || job.occupies < least[job.family]) least[job.family] = job.occupies;
  soonest = p.changeover;
  for (bool shorter = true; shorter;) {
    shorter = false;
    for (std::uint32_t s = 0; s < p.setups; ++s)
      for (std::uint32_t by = 0; by < families; ++by) {
        if (least[by] < 0) continue;
        const SearchUnits first = p.changing(s, by) + least[by];
        for (std::uint32_t f = 0; f < families; ++f) {
          const SearchUnits way = first + soonest_of(p.after(s, by), f);
          if (way >= soonest_of(s, f)) continue;
          soonest[s * families + f] = way;
          shorter = true;
        }
      }
  }
}

Decisions::Decisions(const MachineProblem& of) : p(of) {
  find_soonest();
  SearchUnits longest_change = 0;
  for (const SearchUnits t : p.changeover) longest_change = std::max(longest_change, t);
  for (const Machine& m : p.machines) end = std::max(end, m.ready);
  for (const MachineJob& job : p.jobs) end = std::max(end, job.release);
  for (const MachineJob& job : p.jobs) end += std::max(job.occupies, job.takes) + longest_change;
  const auto n = static_cast<std::uint32_t>(p.jobs.size());
  end = std::max(end, p.left_at);
  // From one job to another: whatever setup the first leaves, since a family may leave the setup as it was.
  const auto gap = [&](const MachineJob& a, const MachineJob& b) {
    SearchUnits least = end;
    for (std::uint32_t s = 0; s < p.setups; ++s)
      least = std::min(least, soonest_of(p.after(s, a.family), b.family));
    return static_cast<int>(a.occupies + least);
  };
  if (end > MostUnits) return;
  for (std::uint32_t i = 0; i < n; ++i)
    for (std::uint32_t j = i + 1; j < n; ++j) {
      bool meet = false;
      for (std::uint32_t m = 0; m < p.machines.size(); ++m)
        meet = meet || (p.may_run(i, m) && p.may_run(j, m));
      if (!meet) continue;
      const MachineJob &a = p.jobs[i], &b = p.jobs[j];
      const bool batch = a.family == b.family && p.families[a.family].most >= a.size + b.size;
      pairs.push_back({static_cast<int>(i), static_cast<int>(j), gap(a, b), gap(b, a), batch});
    }
}

// Its decisions and what must hold of them. Costs are no more than the true ones: that a changeover waits for its job
// is not in it. So `timed` judges what comes out, and a tree goes on below the best true cost: one that comes to its
// end has proved that there is nothing better.
class MachineSpace final : public Gecode::Space {
 public:
  MachineSpace(const Decisions& of, const SearchUnits& beaten);
  MachineSpace(MachineSpace& other);
  Gecode::Space* copy() override { return new MachineSpace(*this); }  // NOLINT: Gecode owns it
  // Below the best true cost, not below this solution's own.
  void constrain(const Gecode::Space& /*best*/) override { below(*beaten_); }

  // All but the jobs of `open` as in the schedule.
  void keep(const MachineSchedule& schedule, const std::vector<bool>& open);
  void below(SearchUnits cost) {
    Gecode::rel(*this, cost_, Gecode::IRT_LE, static_cast<int>(cost));
  }
  // Chooses machines by `round`'s draws, then the order by who can start first.
  void branch_by(core::Draw draw, std::uint32_t round);

  [[nodiscard]] std::vector<MachineRun> runs() const;

 private:
  void post_jobs();
  void post_pairs();
  void post_batches();

  const Decisions* d_;
  const SearchUnits* beaten_;                                // [cost] of the best schedule so far
  Gecode::IntVarArray starts_, machines_, tardy_, overdue_;  // [job]
  Gecode::IntVar cost_;
  Gecode::BoolVarArray first_, second_, together_;  // [pair]
};

MachineSpace::MachineSpace(const Decisions& of, const SearchUnits& beaten)
    : d_(&of), beaten_(&beaten) {
  post_jobs();
  post_pairs();
  post_batches();
}

MachineSpace::MachineSpace(MachineSpace& other)
    : Gecode::Space(other), d_(other.d_), beaten_(other.beaten_) {
  starts_.update(*this, other.starts_);
  machines_.update(*this, other.machines_);
  tardy_.update(*this, other.tardy_);
  overdue_.update(*this, other.overdue_);
  cost_.update(*this, other.cost_);
  first_.update(*this, other.first_);
  second_.update(*this, other.second_);
  together_.update(*this, other.together_);
}

void MachineSpace::post_jobs() {
  using namespace Gecode;
  const MachineProblem& p = d_->p;
  const auto n = static_cast<int>(p.jobs.size());
  const auto machines = static_cast<int>(p.machines.size());
  const auto end = static_cast<int>(d_->end);
  starts_ = IntVarArray(*this, n, 0, end);
  machines_ = IntVarArray(*this, n, 0, machines + n);
  tardy_ = IntVarArray(*this, n, 0, 2 * end);
  overdue_ = IntVarArray(*this, n, 0, end);
  cost_ = IntVar(*this, 0, static_cast<int>(*beaten_));
  IntArgs weights;
  IntVarArgs terms;
  SearchUnits fixed = 0;
  const auto cost = [&](IntVar of, SearchUnits each) {
    weights << static_cast<int>(each);
    terms << of;
  };
  for (int j = 0; j < n; ++j) {
    const MachineJob& job = p.jobs[static_cast<std::size_t>(j)];
    rel(*this, starts_[j], IRT_GQ, static_cast<int>(job.release));
    // A job that is left is on a machine of its own, that no other one is on.
    IntArgs may, lead(machines + n);
    for (int m = 0; m < machines + n; ++m) lead[m] = 0;
    for (std::uint32_t m = 0; m < p.machines.size(); ++m) {
      lead[static_cast<int>(m)] =
          static_cast<int>(p.machines[m].ready + d_->soonest_of(p.machines[m].setup, job.family));
      if (p.may_run(static_cast<std::uint32_t>(j), m)) may << static_cast<int>(m);
    }
    if (p.may_be_left(static_cast<std::uint32_t>(j))) may << machines + j;
    dom(*this, machines_[j], IntSet(may));
    IntVar lead_of(*this, 0, end);
    element(*this, lead, machines_[j], lead_of);
    rel(*this, starts_[j], IRT_GQ, lead_of);
    if (p.may_be_left(static_cast<std::uint32_t>(j))) {
      BoolVar left(*this, 0, 1);
      rel(*this, machines_[j], IRT_GQ, machines, Reify(left));
      rel(*this, starts_[j], IRT_EQ, static_cast<int>(p.left_at), Reify(left, RM_IMP));
    }
    const SearchUnits wanted = job.due - job.takes;  // to start by
    if (wanted < d_->end) {
      linear(*this, IntArgs({1, -1}), IntVarArgs() << tardy_[j] << starts_[j], IRT_GQ,
             static_cast<int>(-std::max(wanted, -d_->end)));
      fixed += wanted < -d_->end ? job.weight * p.costs.tardy * (-d_->end - wanted) : 0;
    }
    if (job.latest < d_->end)
      linear(*this, IntArgs({1, -1}), IntVarArgs() << overdue_[j] << starts_[j], IRT_GQ,
             static_cast<int>(-std::max<SearchUnits>(job.latest, 0)));
    if (job.weight == 0) continue;
    cost(starts_[j], job.weight * p.costs.flow);
    fixed += job.weight * p.costs.flow * (job.takes - job.release);
    if (p.costs.tardy != 0) cost(tardy_[j], job.weight * p.costs.tardy);
    if (p.costs.overdue != 0) cost(overdue_[j], job.weight * p.costs.overdue);
  }
  weights << -1;
  terms << cost_;
  linear(*this, weights, terms, IRT_EQ, static_cast<int>(-fixed));
}

void MachineSpace::post_pairs() {
  using namespace Gecode;
  const auto n = static_cast<int>(d_->pairs.size());
  first_ = BoolVarArray(*this, n, 0, 1);
  second_ = BoolVarArray(*this, n, 0, 1);
  together_ = BoolVarArray(*this, n, 0, 1);
  for (int k = 0; k < n; ++k) {
    const Decisions::Pair& pair = d_->pairs[static_cast<std::size_t>(k)];
    const IntVar si = starts_[pair.i], sj = starts_[pair.j];
    BoolVar same(*this, 0, 1);
    rel(*this, machines_[pair.i], IRT_EQ, machines_[pair.j], Reify(same));
    linear(*this, IntArgs({1, 1, 1, -1}),
           BoolVarArgs() << first_[k] << second_[k] << together_[k] << same, IRT_EQ, 0);
    linear(*this, IntArgs({1, -1}), IntVarArgs() << sj << si, IRT_GQ, pair.gap_ij,
           Reify(first_[k], RM_IMP));
    linear(*this, IntArgs({1, -1}), IntVarArgs() << si << sj, IRT_GQ, pair.gap_ji,
           Reify(second_[k], RM_IMP));
    if (pair.batch)
      rel(*this, si, IRT_EQ, sj, Reify(together_[k], RM_IMP));
    else
      rel(*this, together_[k], IRT_EQ, 0);
  }
}

void MachineSpace::post_batches() {
  using namespace Gecode;
  const MachineProblem& p = d_->p;
  std::vector<std::pair<IntArgs, BoolVarArgs>> with(p.jobs.size());
  for (int k = 0; k < together_.size(); ++k) {
    const Decisions::Pair& pair = d_->pairs[static_cast<std::size_t>(k)];
    if (!pair.batch) continue;
    for (const auto& [own, other] : {std::pair{pair.i, pair.j}, std::pair{pair.j, pair.i}}) {
      with[static_cast<std::size_t>(own)].first
          << static_cast<int>(p.jobs[static_cast<std::size_t>(other)].size);
      with[static_cast<std::size_t>(own)].second << together_[k];
    }
  }
  for (std::size_t j = 0; j < p.jobs.size(); ++j) {
    const JobFamily& family = p.families[p.jobs[j].family];
    if (family.most == 0) continue;
    const auto own = static_cast<int>(p.jobs[j].size);
    const auto& [sizes, others] = with[j];
    if (others.size() > 0)
      linear(*this, sizes, others, IRT_LQ, static_cast<int>(family.most) - own);
    if (static_cast<int>(family.least) <= own) continue;
    const auto machines = static_cast<int>(p.machines.size());
    if (others.size() == 0) {
      rel(*this, machines_[static_cast<int>(j)], IRT_GQ, machines);
      continue;
    }
    BoolVar planned(*this, 0, 1);
    rel(*this, machines_[static_cast<int>(j)], IRT_LE, machines, Reify(planned));
    linear(*this, sizes, others, IRT_GQ, static_cast<int>(family.least) - own,
           Reify(planned, RM_IMP));
  }
}

void MachineSpace::keep(const MachineSchedule& schedule, const std::vector<bool>& open) {
  using namespace Gecode;
  std::vector<std::pair<int, int>> place(d_->p.jobs.size(),
                                         {-1, -1});  // machine, number of the run
  for (std::size_t r = 0; r < schedule.runs.size(); ++r)
    for (const std::uint32_t j : schedule.runs[r].jobs)
      place[j] = {static_cast<int>(schedule.runs[r].machine), static_cast<int>(r)};
  const auto machines = static_cast<int>(d_->p.machines.size());
  for (int j = 0; j < machines_.size(); ++j) {
    const auto at = static_cast<std::size_t>(j);
    if (open[at]) continue;
    rel(*this, machines_[j], IRT_EQ, place[at].first < 0 ? machines + j : place[at].first);
  }
  for (int k = 0; k < first_.size(); ++k) {
    const Decisions::Pair& pair = d_->pairs[static_cast<std::size_t>(k)];
    const auto i = static_cast<std::size_t>(pair.i), j = static_cast<std::size_t>(pair.j);
    if (open[i] || open[j] || place[i].first < 0 || place[i].first != place[j].first) continue;
    const int ri = place[i].second, rj = place[j].second;
    rel(*this, ri < rj ? first_[k] : ri > rj ? second_[k] : together_[k], IRT_EQ, 1);
  }
}

void MachineSpace::branch_by(core::Draw draw, std::uint32_t round) {
  using namespace Gecode;
  // Who could start first is decided first.
  branch(*this, machines_, INT_VAR_MERIT_MIN([](const Space& home, IntVar, int j) -> double {
    return static_cast<const MachineSpace&>(home).starts_[j].min();
  }),
         INT_VAL([draw, round](const Space&, IntVar x, int j) -> int {
           const double u = draw.uniform(1, static_cast<std::uint32_t>(j), round);
           auto skip = static_cast<unsigned>(u * static_cast<double>(x.size()));
           for (IntVarValues v(x); v(); ++v)
             if (skip-- == 0) return v.val();
           return x.min();
         }));
  BoolVarArgs order;
  for (int k = 0; k < first_.size(); ++k) order << together_[k] << first_[k] << second_[k];
  const auto soon = [](const Space& home, BoolVar, int at) -> double {
    const auto& own = static_cast<const MachineSpace&>(home);
    const Decisions::Pair& pair = own.d_->pairs[static_cast<std::size_t>(at / 3)];
    const IntVar &i = own.starts_[pair.i], &j = own.starts_[pair.j];
    return static_cast<double>(i.min()) + static_cast<double>(j.min());
  };
  branch(*this, order, BOOL_VAR_MERIT_MIN(soon),
         BOOL_VAL([](const Space& home, BoolVar, int at) -> int {
           const auto& own = static_cast<const MachineSpace&>(home);
           const Decisions::Pair& pair = own.d_->pairs[static_cast<std::size_t>(at / 3)];
           const int i = own.starts_[pair.i].min(), j = own.starts_[pair.j].min();
           if (at % 3 == 0) return 1;
           return (at % 3 == 1) == (i <= j) ? 1 : 0;
         }));
  // All that is left is as early and as small as can be: nothing else is worth a look.
  assign(*this, starts_, INT_ASSIGN_MIN());
  assign(*this, tardy_, INT_ASSIGN_MIN());
  assign(*this, overdue_, INT_ASSIGN_MIN());
  assign(*this, cost_, INT_ASSIGN_MIN());
}

std::vector<MachineRun> MachineSpace::runs() const {
  const MachineProblem& p = d_->p;
  struct Placed {
    std::uint32_t machine, job, family;
    int start;
  };
  std::vector<Placed> placed;
  for (int j = 0; j < machines_.size(); ++j) {
    const auto m = static_cast<std::uint32_t>(machines_[j].val());
    const auto job = static_cast<std::uint32_t>(j);
    if (m < p.machines.size()) placed.push_back({m, job, p.jobs[job].family, starts_[j].val()});
  }
  std::sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
    return std::tie(a.machine, a.start, a.family, a.job) <
           std::tie(b.machine, b.start, b.family, b.job);
  });
  std::vector<MachineRun> runs;
  const Placed* last = nullptr;
  for (const Placed& one : placed) {
    const bool joins = last != nullptr && last->machine == one.machine &&
                       last->start == one.start && last->family == one.family &&
                       p.families[one.family].most != 0;
    if (!joins) runs.push_back({one.machine, {}});
    runs.back().jobs.push_back(one.job);
    last = &one;
  }
  return runs;
}

struct MachineSearch {
  const Decisions& d;
  const MachineSearchAsked& asked;
  MachineFound found;

  // Goes through a tree with the best so far to be beaten. True: to its end.
  bool look(std::unique_ptr<MachineSpace> root, std::uint64_t failures);
  [[nodiscard]] std::vector<bool> open_jobs(std::uint32_t round, std::size_t size) const;
};

bool MachineSearch::look(std::unique_ptr<MachineSpace> root, std::uint64_t failures) {
  Gecode::Search::FailStop stop(failures);
  Gecode::Search::Options options;
  options.threads = 1;
  options.stop = &stop;
  options.clone = false;  // the engine takes the root
  Gecode::BAB<MachineSpace> tree(root.release(), options);
  while (const std::unique_ptr<MachineSpace> better{tree.next()}) {
    MachineSchedule schedule = timed(d.p, better->runs());
    if (schedule.cost >= found.schedule.cost) continue;
    found.schedule = std::move(schedule);
    ++found.improvements;
  }
  found.failures += tree.statistics().fail;
  found.work += tree.statistics().propagate;
  return !tree.stopped();
}

// Four kinds in turn: anybody; who starts within a stretch of time; who is on two machines; who is of one family, and
// others.
std::vector<bool> MachineSearch::open_jobs(std::uint32_t round, std::size_t size) const {
  const MachineProblem& p = d.p;
  const std::size_t n = p.jobs.size();
  std::vector<double> rank(n);
  std::vector<SearchUnits> start(n, 0);
  std::vector<std::uint32_t> machine(n, 0);
  for (const MachineRun& run : found.schedule.runs)
    for (const std::uint32_t j : run.jobs) start[j] = run.changed, machine[j] = run.machine;
  const auto u = [&](std::uint32_t who) { return asked.draw.uniform(2, who, round); };
  const auto some = [&](std::uint32_t who, std::size_t of) {
    return static_cast<std::uint32_t>(u(who) * static_cast<double>(of));
  };
  const auto jobs = static_cast<std::uint32_t>(n);
  const std::uint32_t middle = some(jobs, n);
  const std::uint32_t a = some(jobs + 1, p.machines.size()), b = some(jobs + 2, p.machines.size());
  for (std::uint32_t j = 0; j < n; ++j) {
    rank[j] = u(j);
    const auto far = static_cast<double>(std::abs(start[j] - start[middle]));
    if (round % 4 == 1) rank[j] = far + 0.001 * rank[j];
    if (round % 4 == 2) rank[j] += machine[j] == a || machine[j] == b ? 0.0 : 1.0;
    if (round % 4 == 3) rank[j] += p.jobs[j].family == p.jobs[middle].family ? 0.0 : 0.5;
  }
  std::vector<std::uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t l, std::uint32_t r) {
    return rank[l] != rank[r] ? rank[l] < rank[r] : l < r;
  });
  std::vector<bool> open(n, false);
  for (std::size_t k = 0; k < std::min(size, n); ++k) open[order[k]] = true;
  return open;
}

}  // namespace

bool has_constraint_solver() { return true; }

MachineFound search_schedule(const MachineProblem& problem, MachineSchedule start,
                             const MachineSearchAsked& asked,
                             const std::function<bool(std::uint64_t)>& going) {
  TWIN_EXPECT(flaw_of(problem).empty(), flaw_of(problem));
  TWIN_EXPECT(schedule_flaw(problem, start).empty(), schedule_flaw(problem, start));
  const Decisions decisions(problem);
  SearchUnits released = 0;  // cost that the terms have beside the variables
  for (const MachineJob& job : problem.jobs)
    released += job.weight * problem.costs.flow * job.release;
  if (decisions.end > MostUnits / 2 || start.cost >= Gecode::Int::Limits::max ||
      released >= Gecode::Int::Limits::max)
    throw core::Error(fmt::format(
        "a schedule over {} units of time that costs {} (beyond whole numbers of 31 bits; take "
        "coarser units)",
        decisions.end, start.cost));
  MachineSearch search{decisions, asked, {std::move(start)}};
  MachineFound& found = search.found;
  if (found.schedule.cost == 0) {
    found.optimal = true;
    return std::move(found);
  }
  auto whole = std::make_unique<MachineSpace>(decisions, found.schedule.cost);
  // The decisions once, before any is made, to copy from.
  TWIN_ENSURE(whole->status() != Gecode::SS_FAILED, found.schedule.cost);  // it has a schedule
  const std::unique_ptr<MachineSpace> fresh(static_cast<MachineSpace*>(whole->clone()));
  whole->branch_by(asked.draw, 0);
  whole->below(found.schedule.cost);
  found.optimal = search.look(std::move(whole), asked.whole);
  std::size_t size = 4;
  for (std::uint64_t round = 1; round <= asked.rounds && !found.optimal; ++round) {
    if (found.work >= asked.work || (going && !going(round))) break;
    const auto named = static_cast<std::uint32_t>(round);
    std::unique_ptr<MachineSpace> root(static_cast<MachineSpace*>(fresh->clone()));
    root->keep(found.schedule, search.open_jobs(named, size));
    root->branch_by(asked.draw, named);
    root->below(found.schedule.cost);
    const std::uint64_t before = found.improvements;
    const bool ended = search.look(std::move(root), asked.failures);
    ++found.rounds;
    // As many as a tree of this size can be gone through for.
    if (ended && found.improvements == before) size = std::min(size + 1, problem.jobs.size());
    if (!ended && size > 3) --size;
  }
  return std::move(found);
}

}  // namespace twin::decide

#else

namespace twin::decide {

bool has_constraint_solver() { return false; }

MachineFound search_schedule(const MachineProblem&, MachineSchedule, const MachineSearchAsked&,
                             const std::function<bool(std::uint64_t)>&) {
  throw core::Error(
      "no constraint solver (this build found no Gecode; install libgecode-dev and build again)");
}

}  // namespace twin::decide

#endif
