#include "twins/fab/decide/advise.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "twin/core/expect.hpp"
#include "twin/decide/kn.hpp"
#include "twin/decide/ocba.hpp"
#include "twin/decide/paired.hpp"
#include "twin/decide/risk_ranking.hpp"

namespace twins::fab::decide {

std::string_view to_string(Objective objective) {
  switch (objective) {
    case Objective::Tardiness: return "mean tardiness";
    case Objective::WeightedTardiness: return "mean weighted tardiness";
    case Objective::HotTardiness: return "mean tardiness of hot lots";
    case Objective::CycleTime: return "mean cycle time";
  }
  return "";
}

double value_of(Objective objective, const Outcome& o) {
  switch (objective) {
    case Objective::Tardiness: return o.tardy_hours;
    case Objective::WeightedTardiness: return o.weighted_tardy_hours;
    case Objective::HotTardiness: return o.hot_tardy_hours;
    case Objective::CycleTime: return o.cycle_hours;
  }
  return 0.0;
}

namespace {

using twin::decide::Paired;
using twin::decide::Runs;

double late_share(const Outcome& o) { return o.windows > 0.0 ? o.late_windows / o.windows : 0.0; }

// All pairs that both have.
Weighed weighed_of(const Rollouts& rollouts, std::size_t alternative, const AdviceAsked& asked) {
  const auto standing = rollouts.outcomes(0), other = rollouts.outcomes(alternative);
  const auto reference = rollouts.outcomes(asked.cycle_reference);
  Weighed w;
  w.alternative = alternative;
  w.pairs = std::min(standing.size(), other.size());
  if (w.pairs == 0) return w;
  twin::decide::Outcomes outcomes;
  twin::math::Moments base;
  Paired cycle, late;
  std::uint64_t broken = 0;  // members in which too many windows are too late
  for (std::size_t r = 0; r < w.pairs; ++r) {
    base.add(value_of(asked.objective, standing[r]));
    outcomes.benefit.push_back(value_of(asked.objective, standing[r]) -
                               value_of(asked.objective, other[r]));
    if (r < reference.size()) cycle.add(other[r].cycle_hours, reference[r].cycle_hours);
    late.add(late_share(other[r]), late_share(standing[r]));
    broken += late_share(other[r]) > asked.late_share ? 1U : 0U;
  }
  const twin::decide::Ranked ranked =
      twin::decide::rank({&outcomes, 1}, {.level = asked.level, .confidence = asked.confidence})
          .front();
  w.benefit = ranked.benefit;
  w.worse = ranked.worse;
  w.downside = ranked.downside;
  w.benefit_share = base.mean() > 0.0 ? w.benefit.mean / base.mean() : 0.0;
  w.cycle = cycle.interval(asked.confidence);
  w.later = late.interval(asked.confidence);
  w.late = twin::uq::chance(broken, w.pairs, asked.late_risk, asked.confidence);
  w.cycle_share = w.cycle.mean / rollouts.asked().horizon_hours;
  std::sort(outcomes.benefit.begin(), outcomes.benefit.end());
  const twin::math::Range likely = twin::math::prediction_range(outcomes.benefit, 0.9);
  w.likely_low = likely.low, w.likely_high = likely.high;
  return w;
}

// Is it shown to break the chance constraint; and is it not shown to keep it?
bool breaks(const Weighed& w, const Weighed& standing, const AdviceAsked& asked) {
  if (asked.late_share >= 1.0) return false;
  if (standing.late.kept == twin::uq::Kept::Yes) return w.late.kept == twin::uq::Kept::No;
  return w.late.kept == twin::uq::Kept::No && w.later.low() > 0.0;
}
bool may_break(const Weighed& w, const Weighed& standing, const AdviceAsked& asked) {
  if (asked.late_share >= 1.0 || w.late.kept == twin::uq::Kept::Yes) return false;
  return standing.late.kept == twin::uq::Kept::Yes || w.later.mean > 0.0;
}

// Replications that show whether the winner keeps its constraint, one violation among them or two.
std::uint64_t of_winner(const AdviceAsked& asked) {
  if (asked.late_share >= 1.0) return asked.of_best;
  return std::max(asked.of_best,
                  2 * twin::uq::scenarios_to_show(asked.late_risk, asked.confidence));
}

struct Race {
  std::size_t best = 0;
  double probability = 1.0;
  bool promised = true;
};

template <class Selection>
Race raced(Selection selection, Rollouts& rollouts, const std::vector<std::size_t>& in,
           const AdviceAsked& asked, unsigned threads, const Going& going) {
  for (std::vector<Runs> wanted = selection.wanted(); !wanted.empty();
       wanted = selection.wanted()) {
    std::vector<Runs> ours = wanted;
    for (Runs& r : ours) r.alternative = in[r.alternative];
    rollouts.run(ours, threads);
    std::vector<double> values;
    for (const Runs& r : ours) {
      const auto outcomes = rollouts.outcomes(r.alternative);
      for (std::uint64_t i = r.first; i < r.first + r.count; ++i)
        values.push_back(value_of(asked.objective, outcomes[i]));
    }
    selection.take(values);
    if (going && !going(rollouts.spent())) break;
  }
  return {in[selection.best()], selection.probability(),
          selection.stand() == twin::decide::Stand::Decided};
}

Race race(Rollouts& rollouts, const std::vector<std::size_t>& in, double zone,
          const AdviceAsked& asked, unsigned threads, const Going& going) {
  if (in.size() == 1) return {in[0]};
  if (asked.procedure == Procedure::Kn) {
    twin::decide::KnOptions o;
    o.indifference = zone;
    o.confidence = asked.confidence;
    o.first = asked.first;
    o.step = asked.step;
    o.budget = asked.budget;
    return raced(twin::decide::Kn(in.size(), o), rollouts, in, asked, threads, going);
  }
  twin::decide::OcbaOptions o;
  o.indifference = zone;
  o.confidence = asked.confidence;
  o.first = asked.first;
  o.step = std::max<std::uint64_t>(asked.step * in.size() / 2, 1);
  o.budget = asked.budget;
  return raced(twin::decide::Ocba(in.size(), o), rollouts, in, asked, threads, going);
}

std::vector<Runs> up_to(const Rollouts& rollouts, std::span<const std::size_t> alternatives,
                        std::uint64_t replications) {
  std::vector<Runs> wanted;
  for (const std::size_t a : alternatives) {
    const std::uint64_t have = rollouts.outcomes(a).size();
    if (have < replications) wanted.push_back({a, have, replications - have});
  }
  return wanted;
}

Validity checked(const Rollouts& rollouts, std::size_t best, const AdviceAsked& asked,
                 unsigned threads) {
  Validity v;
  const std::uint64_t pairs = std::max<std::uint64_t>(asked.of_best / 2, 10);
  const auto against = [&](std::uint64_t seed, bool nominal) {
    Rollouts other = rollouts.again(std::array<std::size_t, 2>{0, best}, seed, nominal);
    AdviceAsked of_two = asked;
    of_two.cycle_reference = 0;
    return weigh(other, 1, pairs, of_two, threads).benefit;
  };
  const std::uint64_t other_seed = rollouts.asked().seed ^ 0x9e3779b97f4a7c15ULL;
  v.again = against(other_seed, false);
  v.nominal = against(rollouts.asked().seed, true);
  for (std::uint32_t member = 0; member < 2; ++member)
    for (std::string& what : rollouts.broken(best, member)) v.broken.push_back(std::move(what));
  v.holds = v.again.low() > 0.0 && v.nominal.low() > 0.0 && v.broken.empty();
  return v;
}

}  // namespace

Weighed weigh(Rollouts& rollouts, std::size_t alternative, std::uint64_t pairs,
              const AdviceAsked& asked, unsigned threads) {
  const std::array<std::size_t, 3> all = {0, alternative, asked.cycle_reference};
  rollouts.run(up_to(rollouts, all, pairs), threads);
  return weighed_of(rollouts, alternative, asked);
}

Stay stay_of(Objective objective, std::span<const Outcome> standing, std::span<const Outcome> other,
             std::span<const Outcome> reference, double confidence) {
  TWIN_EXPECT(standing.size() == other.size() && reference.size() == other.size(), standing.size(),
              other.size(), reference.size());
  Paired benefit, cycle;
  for (std::size_t r = 0; r < other.size(); ++r) {
    benefit.add(value_of(objective, standing[r]), value_of(objective, other[r]));
    cycle.add(other[r].cycle_hours / std::max(reference[r].cycle_hours, 1e-9), 1.0);
  }
  return {benefit.interval(confidence), cycle.interval(confidence)};
}

Advice advise(Rollouts& rollouts, const AdviceAsked& asked, unsigned threads, const Going& going) {
  const std::size_t n = rollouts.menu().size();
  TWIN_EXPECT(asked.cycle_reference < n, asked.cycle_reference, n);
  TWIN_EXPECT(asked.stays.empty() || asked.stays.size() == n, asked.stays.size(), n);
  const auto stay = [&](std::size_t a) {
    return asked.stays.empty() ? std::optional<Stay>() : asked.stays[a];
  };
  std::vector<std::size_t> all(n);
  for (std::size_t a = 0; a < n; ++a) all[a] = a;
  rollouts.run(up_to(rollouts, all, asked.first), threads);
  Advice advice;
  twin::math::Moments base;
  for (const Outcome& o : rollouts.outcomes(0)) base.add(value_of(asked.objective, o));
  advice.zone = std::max(asked.zone_share * base.mean(), asked.zone_least);
  const double worst_cycle = asked.cycle_worse * rollouts.asked().horizon_hours;
  std::vector<std::size_t> in = {0};
  std::vector<bool> out(n, false), late(n, false);
  const Weighed first = weighed_of(rollouts, 0, asked);
  for (std::size_t a = 1; a < n; ++a) {
    const Weighed w = weighed_of(rollouts, a, asked);
    late[a] = breaks(w, first, asked);
    out[a] = late[a] || w.cycle.low() > worst_cycle;
    if (const auto s = stay(a))
      out[a] = out[a] || s->cycle_share.mean > asked.cycle_worse || s->benefit.mean < 0.0;
    if (!out[a]) in.push_back(a);
  }
  // Whether it keeps what an advice must keep, now that it is looked at closely; else it is out.
  const auto stands = [&](std::size_t a) {
    if (a == 0 && asked.late_share >= 1.0) return true;  // nothing is promised, nothing to keep
    const std::array<std::size_t, 3> all_of = {0, a, asked.cycle_reference};
    rollouts.run(up_to(rollouts, all_of, of_winner(asked)), threads);
    const Weighed w = weighed_of(rollouts, a, asked);
    late[a] = a != 0 && may_break(w, weighed_of(rollouts, 0, asked), asked);
    if (a == 0 || (!late[a] && w.cycle.mean <= worst_cycle)) return true;
    out[a] = true;
    std::erase(in, a);
    return false;
  };
  // The winner may still turn out to be too slow, or not to keep its queue times: then the race goes on without it.
  do {
    const Race r = race(rollouts, in, advice.zone, asked, threads, going);
    advice.best = r.best;
    advice.probability = r.probability;
    advice.promised = r.promised;
  } while (!stands(advice.best));
  while (advice.best == 0 && asked.best_by_stay) {
    std::size_t most = 0;
    double benefit = 0.0;
    for (const std::size_t a : in) {
      const auto s = a == 0 ? std::optional<Stay>() : stay(a);
      if (s && s->benefit.low() > 0.0 && s->benefit.mean > benefit)
        most = a, benefit = s->benefit.mean;
    }
    if (most == 0) break;
    if (!stands(most)) continue;
    advice.best = most;
    advice.probability = asked.confidence;
    advice.promised = false;
    advice.by_stay = true;
  }
  for (std::size_t a = 0; a < n; ++a) {
    advice.weighed.push_back(weighed_of(rollouts, a, asked));
    advice.weighed.back().out = out[a];
    advice.weighed.back().late_out = late[a];
    advice.weighed.back().stay = stay(a);
  }
  advice.runs = rollouts.spent();
  if (advice.best != 0 && advice.weighed[advice.best].benefit_share > asked.too_good)
    advice.validity = checked(rollouts, advice.best, asked, threads);
  return advice;
}

}  // namespace twins::fab::decide
