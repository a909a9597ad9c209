// The few of many that are worth most together, one after the other: for information, and all that is
// monotone and submodular (a thing is worth no more when more is had), at least 63.2 % of the best
// choice of as many (G. L. Nemhauser, L. A. Wolsey and M. L. Fisher, Mathematical Programming 14, 1978).
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/score/checked.hpp"

namespace twin::uq {

inline constexpr double GreedyBound = 0.6321205588285577;  // 1 - 1/e
// With costs: the better of the two greedy choices (A. Krause and C. Guestrin, "A note on the budgeted
// maximization of submodular functions", CMU-CALD-05-103, 2005, theorem 3).
inline constexpr double GreedyBudgetBound = 0.5 * GreedyBound;

enum class Gains : std::uint8_t {
  // What was worth little before is worth no more now, so it is not asked again until it leads (M. Minoux,
  // "Accelerated greedy algorithms", 1978). For submodular criteria, where the choice is the same.
  Diminishing,
  Any  // each asked each time: variance removed is not submodular, and has no bound
};

struct Picked {
  std::vector<std::size_t> order;  // as picked
  std::vector<double> gains;       // [picked] when picked
  double value = 0.0;              // their sum
  double cost = 0.0;               // of all picked
  std::uint64_t evaluations = 0;   // of gain()
};

// criterion: size(), gain(i) >= 0 given what was taken, take(i). Up to `count` of them, each once; stops
// early where nothing is worth anything. Ties go to the lower number.
template <class Criterion>
Picked greedy(Criterion criterion, std::size_t count, Gains gains = Gains::Diminishing);

// As many as the budget pays for: greedy by gain and by gain per cost, the better one (the first, if
// they are equal). costs[i] > 0. core::Error for costs that are none.
template <class Criterion>
Picked greedy_within(const Criterion& criterion, std::span<const double> costs, double budget,
                     Gains gains = Gains::Diminishing);

namespace detail {

// worth(i, gain): what is compared. affordable(i): may still be picked.
template <class Criterion, class Worth, class Affordable>
Picked greedy_by(Criterion& criterion, std::size_t count, std::span<const double> costs,
                 Gains gains, const Worth& worth, const Affordable& affordable) {
  struct Known {
    double gain = std::numeric_limits<double>::infinity();
    std::size_t after = 0;  // it was asked when so many had been picked
    bool asked = false, out = false;
  };
  std::vector<Known> known(criterion.size());
  Picked picked;
  while (picked.order.size() < count) {
    const std::size_t n = picked.order.size();
    std::size_t best = known.size();
    for (;;) {
      best = known.size();
      for (std::size_t i = 0; i < known.size(); ++i) {
        if (known[i].out) continue;
        if (!affordable(i, picked.cost)) {
          known[i].out = true;  // money is only spent: it stays too dear
          continue;
        }
        if (best == known.size() || worth(i, known[i].gain) > worth(best, known[best].gain))
          best = i;
        if (gains == Gains::Any && !(known[i].asked && known[i].after == n)) {
          best = i;
          break;
        }
      }
      if (best == known.size() || (known[best].asked && known[best].after == n)) break;
      known[best] = {.gain = criterion.gain(best), .after = n, .asked = true};
      ++picked.evaluations;
      TWIN_ENSURE(known[best].gain >= 0.0, best, known[best].gain);
    }
    if (best == known.size() || !(known[best].gain > 0.0)) break;
    criterion.take(best);
    known[best].out = true;
    picked.order.push_back(best);
    picked.gains.push_back(known[best].gain);
    picked.value += known[best].gain;
    picked.cost += costs.empty() ? 1.0 : costs[best];
  }
  return picked;
}

}  // namespace detail

template <class Criterion>
Picked greedy(Criterion criterion, std::size_t count, Gains gains) {
  return detail::greedy_by(
      criterion, count, {}, gains, [](std::size_t, double gain) { return gain; },
      [](std::size_t, double) { return true; });
}

template <class Criterion>
Picked greedy_within(const Criterion& criterion, std::span<const double> costs, double budget,
                     Gains gains) {
  score::need_same_length(criterion.size(), "candidates", costs.size(), "costs");
  for (const double c : costs) score::need_positive(c, "cost");
  score::need_finite(budget, "budget");
  const auto affordable = [&](std::size_t i, double spent) { return spent + costs[i] <= budget; };
  Criterion first = criterion, second = criterion;
  const Picked plain = detail::greedy_by(
      first, costs.size(), costs, gains, [](std::size_t, double gain) { return gain; }, affordable);
  const Picked dear = detail::greedy_by(
      second, costs.size(), costs, gains,
      [&](std::size_t i, double gain) { return gain / costs[i]; }, affordable);
  Picked better = dear.value > plain.value ? dear : plain;
  better.evaluations = plain.evaluations + dear.evaluations;
  return better;
}

}  // namespace twin::uq
