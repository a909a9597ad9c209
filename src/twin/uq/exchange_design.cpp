#include "twin/uq/exchange_design.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "twin/core/draw.hpp"
#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/core/parallel.hpp"
#include "twin/math/elementary.hpp"
#include "twin/score/checked.hpp"
#include "twin/uq/permutation.hpp"

namespace twin::uq {
namespace {

using core::Error;
using detail::DesignState;
using detail::Seen;
using detail::Shift;
using detail::WhiteProblem;

constexpr double Worthwhile = 1e-9;          // an exchange gains at least this share
constexpr std::uint64_t Renewed = 64;        // exchanges after which rounding is taken out
constexpr std::size_t ExchangesOfRun = 100;  // at most, on average; they are few
constexpr std::uint32_t OrderWhat = 0, RestWhat = 1;

// Runs by chance [candidate], of which the first do not lie in one plane: each of them is the first, in an order by
// chance, that brings a hundredth or more of what the best would, beside a prior that is next to nothing.
std::vector<double> start_of(const WhiteProblem& c, const ExchangeOptions& o,
                             const core::Draw& draw) {
  constexpr double NextToNothing = 1e-6, Share = 0.01;
  const std::vector<std::size_t> order = permutation(c.candidates, draw, OrderWhat);
  std::vector<double> runs(c.candidates, 0.0);
  const auto free = [&](std::size_t i) { return o.repeats == Repeats::Allowed || runs[i] == 0.0; };
  WhiteProblem beside = c;
  beside.traces = false;
  for (std::size_t j = 0; j < c.p; ++j) beside.prior[j * c.p + j] += NextToNothing;
  DesignState state(beside);
  TWIN_ENSURE(state.set({}));
  Seen seen{.d = std::vector<double>(c.candidates), .a = {}};
  for (std::size_t i = 0; i < c.candidates; ++i) state.look_at(i, seen);
  std::size_t taken = 0;
  for (; taken < std::min(o.runs, c.p); ++taken) {
    double best = 0.0;
    for (std::size_t i = 0; i < c.candidates; ++i)
      if (free(i)) best = std::max(best, seen.d[i]);
    const std::size_t i = *std::ranges::find_if(
        order, [&](std::size_t k) { return free(k) && seen.d[k] >= Share * best; });
    const Shift here{.d_in = seen.d[i]};
    state.move(i, here, 1.0);
    state.follow(here, seen);
    ++runs[i];
  }
  for (std::size_t next = 0; taken < o.runs; ++taken) {
    std::size_t i = 0;
    if (o.repeats == Repeats::Allowed) {
      const double u = draw.uniform(RestWhat, static_cast<std::uint32_t>(taken), 0);
      i = static_cast<std::size_t>(u * static_cast<double>(c.candidates));
    } else {
      while (!free(order[next])) ++next;
      i = order[next];
    }
    ++runs[i];
  }
  return runs;
}

struct Exchanged {
  std::vector<std::size_t> runs;
  double value = 0.0;
  std::uint64_t exchanges = 0;
  bool converged = true;
};

// Each run in turn goes where it is worth most, until none of them moves (Cook and Nachtsheim's order).
Exchanged exchanged(const WhiteProblem& c, const ExchangeOptions& o, std::uint32_t start) {
  std::vector<double> count = start_of(c, o, {o.seed, start});
  Seen seen{.d = std::vector<double>(c.candidates), .a = std::vector<double>(c.candidates)};
  Exchanged e;
  for (std::size_t i = 0; i < c.candidates; ++i)
    e.runs.insert(e.runs.end(), static_cast<std::size_t>(count[i]), i);
  DesignState state(c);
  const auto renew = [&] {
    if (!state.set(count))
      throw Error(
          fmt::format("{} runs do not tell {} columns apart (more runs, or a prior)", o.runs, c.p));
    for (std::size_t i = 0; i < c.candidates; ++i) state.look_at(i, seen);
  };
  renew();
  // Candidates of which it is known that a run stays there: since so many exchanges, and one.
  std::vector<std::uint64_t> stays(c.candidates, 0);
  for (std::size_t r = 0, idle = 0; idle < o.runs; r = (r + 1) % o.runs, ++idle) {
    const std::size_t out = e.runs[r];
    if (stays[out] == e.exchanges + 1) continue;
    state.leave(out);
    std::size_t best = out;
    double most = Worthwhile;
    for (std::size_t in = 0; in < c.candidates; ++in) {
      if (in == out || (o.repeats == Repeats::None && count[in] > 0.0)) continue;
      const double gain = state.gain(state.shift(in, out, seen), 1.0);
      if (gain > most) {
        most = gain;
        best = in;
      }
    }
    stays[out] = e.exchanges + 1;
    if (best == out) continue;
    e.converged = e.exchanges < ExchangesOfRun * o.runs;
    if (!e.converged) break;
    const Shift s = state.shift(best, out, seen);
    state.move(best, s, 1.0);
    state.follow(s, seen);
    --count[out];
    ++count[best];
    e.runs[r] = best;
    idle = 0;
    if (++e.exchanges % Renewed == 0) renew();
  }
  renew();
  e.value = state.value();
  std::ranges::sort(e.runs);
  return e;
}

}  // namespace

ExactDesign exchange_design(const DesignProblem& problem, const ExchangeOptions& o) {
  if (o.runs == 0 || o.starts == 0)
    throw Error(fmt::format("{} runs from {} starts (at least 1)", o.runs, o.starts));
  const WhiteProblem c = detail::whitened(problem);
  if (o.repeats == Repeats::None && o.runs > c.candidates)
    throw Error(fmt::format("{} runs of {} candidates, each once", o.runs, c.candidates));
  std::vector<Exchanged> ends(o.starts);
  core::for_each_member(o.starts, o.threads, [&](std::size_t start) {
    ends[start] = exchanged(c, o, static_cast<std::uint32_t>(start));
  });
  ExactDesign design;
  const Exchanged* best = nullptr;
  for (const Exchanged& e : ends) {
    design.of_start.push_back(e.value);
    design.exchanges += e.exchanges;
    design.converged = design.converged && e.converged;
    if (best == nullptr || (c.traces ? e.value < best->value : e.value > best->value)) best = &e;
  }
  design.runs = best->runs;
  design.value = best->value;
  return design;
}

ApproximateDesign approximate_design(const DesignProblem& problem, const ApproximateOptions& o) {
  score::need_positive(o.runs, "runs");
  score::need_positive(o.tolerance, "tolerance");
  const WhiteProblem c = detail::whitened(problem);
  const double p = static_cast<double>(c.p);
  // Of runs, as they stand in M.
  std::vector<double> w(c.candidates, o.runs / static_cast<double>(c.candidates));
  ApproximateDesign result{.weights = {}, .sensitivity = std::vector<double>(c.candidates)};
  DesignState state(c);
  Seen seen{.d = std::vector<double>(c.candidates), .a = std::vector<double>(c.candidates)};
  double whole = 0.0, prior = 0.0;
  const auto renew = [&] {
    if (!state.set(w)) throw Error(fmt::format("{} runs beside a prior of another size", o.runs));
    whole = state.whole();
    prior = state.of_prior();
  };
  const auto sensitivity = [&](std::size_t i) {
    state.look_at(i, seen);
    return (prior + o.runs * (c.traces ? seen.a[i] : seen.d[i])) / whole;
  };
  for (;; ++result.iterations) {
    renew();
    for (std::size_t i = 0; i < c.candidates; ++i) result.sensitivity[i] = sensitivity(i);
    const auto best = static_cast<std::size_t>(std::ranges::max_element(result.sensitivity) -
                                               result.sensitivity.begin());
    result.efficiency = std::min(1.0, 1 / result.sensitivity[best]);
    result.value = state.value();
    // The p-th root of the determinant and the inverse of the trace are concave, and grow as M does.
    result.bound = c.traces ? result.value * result.efficiency
                            : result.value - p * math::log(result.efficiency);
    result.converged = result.sensitivity[best] <= 1 + o.tolerance;
    if (result.converged || result.iterations == o.iterations) break;
    for (std::size_t i = 0; i < c.candidates; ++i) {
      if (w[i] == 0.0 || i == best) continue;
      state.look_at(best, seen);
      state.look_at(i, seen);
      state.leave(i);
      const Shift s = state.shift(best, i, seen);
      const double step = state.best_step(s, w[i]);
      if (!(step > 0.0 && state.gain(s, step) > 0.0)) continue;
      state.move(best, s, step);
      w[i] -= step;
      w[best] += step;
    }
    renew();
    double sum = 0.0;
    for (std::size_t i = 0; i < c.candidates; ++i) {
      if (w[i] == 0.0) continue;
      w[i] *= c.traces ? std::sqrt(sensitivity(i)) : sensitivity(i);
      sum += w[i];
    }
    for (double& x : w) x *= o.runs / sum;
  }
  for (const double x : w) result.weights.push_back(x / o.runs);
  return result;
}

}  // namespace twin::uq
