#include "twin/infer/sample/nuts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

#include "twin/core/draw.hpp"
#include "twin/core/error.hpp"
#include "twin/core/parallel.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/elementary.hpp"
#include "twin/math/statistics.hpp"

namespace twin::infer {
namespace {

using Vector = std::vector<double>;

constexpr double EnergyMost = 1'000.0;  // beyond it a path has left the energy it began with
enum Occasion : std::uint32_t { Momentum, Side, Leaf, Top, First };

double log_of_sum(double a, double b) {
  if (a < b) std::swap(a, b);
  return std::isinf(a) && a < 0 ? a : a + math::log1p(math::exp(b - a));
}

struct Place {  // on a path
  Vector x, p, slope;
  double density = 0.0;
};

// The step for an acceptance, as it goes (Y. Nesterov's dual averaging, Hoffman and Gelman, section 3.2).
class StepSize {
 public:
  explicit StepSize(double wanted) : wanted_(wanted) {}
  void begin(double step) {
    middle_ = math::log(10 * step);
    sum_ = mean_log_ = 0.0;
    count_ = 0.0;
  }
  double learn(double acceptance) {
    ++count_;
    const double share = 1 / (count_ + 10);
    sum_ = (1 - share) * sum_ + share * (wanted_ - acceptance);
    const double log_step = middle_ - std::sqrt(count_) / 0.05 * sum_;
    const double weight = math::exp(-0.75 * math::log(count_));
    mean_log_ = weight * log_step + (1 - weight) * mean_log_;
    return math::exp(log_step);
  }
  [[nodiscard]] double learnt() const { return math::exp(mean_log_); }

 private:
  double wanted_, middle_ = 0.0, sum_ = 0.0, mean_log_ = 0.0, count_ = 0.0;
};

class Chain {
 public:
  Chain(const Target& target, const NutsOptions& o, std::size_t number)
      : target_(target),
        o_(o),
        d_(target.dimensions),
        draw_{o.seed, static_cast<std::uint32_t>(number)},
        variance_(d_, 1.0),
        step_size_(o.acceptance) {
    now_.x = o.starts[number];
    now_.slope.resize(d_);
    now_.p.resize(d_);
    look(now_);
  }

  void run(Chains& all, std::size_t number) {
    std::vector<math::Moments> seen(d_);
    first_step();
    // Stan's windows: 75 for the step alone, then ever longer ones for the metric, 50 for the step again.
    const std::size_t head = o_.warmup >= 150 ? 75 : o_.warmup * 3 / 20,
                      tail = o_.warmup >= 150 ? 50 : o_.warmup / 10;
    std::size_t window = 25, end = head + window;
    const std::size_t last = o_.warmup > tail ? o_.warmup - tail : 0;
    for (std::size_t k = 0; k < o_.warmup; ++k) {
      step_ = step_size_.learn(move(static_cast<std::uint32_t>(k)));
      if (k < head || k >= last) continue;
      for (std::size_t i = 0; i < d_; ++i) seen[i].add(now_.x[i]);
      // A window that would leave less than the next one wants takes the rest too.
      if (k + 1 == (end + 2 * window > last ? last : end)) {
        metric(seen);
        std::ranges::fill(seen, math::Moments{});
        window *= 2;
        end = k + 1 + window;
        first_step();
      }
    }
    if (o_.warmup > 0) step_ = step_size_.learnt();
    divergences_ = 0;
    double accepted = 0.0;
    for (std::size_t k = 0; k < o_.draws; ++k) {
      accepted += move(static_cast<std::uint32_t>(o_.warmup + k));
      std::ranges::copy(now_.x, all.x[number].begin() + static_cast<std::ptrdiff_t>(k * d_));
      all.density[number][k] = now_.density;
    }
    all.accepted[number] = accepted / static_cast<double>(o_.draws);
  }
  [[nodiscard]] std::uint64_t evaluations() const { return evaluations_; }
  [[nodiscard]] std::uint64_t failed() const { return failed_; }
  [[nodiscard]] std::uint64_t divergences() const { return divergences_; }

 private:
  struct Tree {
    Place begin, end;  // as the path goes
    Vector momentum;   // summed
    Place chosen;
    double log_weight = 0.0;
    bool good = true;  // neither turned back nor left the energy
  };

  void look(Place& at) {
    target_.log_density_and_slopes(at.x, std::span(&at.density, 1), at.slope);
    ++evaluations_;
    const bool right = !std::isnan(at.density) &&
                       std::ranges::all_of(at.slope, [](double s) { return std::isfinite(s); });
    if (right) return;
    if (!(at.density == -std::numeric_limits<double>::infinity())) ++failed_;
    at.density = -std::numeric_limits<double>::infinity();
    std::ranges::fill(at.slope, 0.0);
  }
  [[nodiscard]] double energy(const Place& at) const {
    double sum = -at.density;
    for (std::size_t i = 0; i < d_; ++i) sum += 0.5 * at.p[i] * at.p[i] * variance_[i];
    return sum;
  }
  void leap(Place& at, double step) {
    for (std::size_t i = 0; i < d_; ++i) {
      at.p[i] += 0.5 * step * at.slope[i];
      at.x[i] += step * variance_[i] * at.p[i];
    }
    look(at);
    for (std::size_t i = 0; i < d_; ++i) at.p[i] += 0.5 * step * at.slope[i];
  }
  // Whether the summed momentum still points away from both ends.
  [[nodiscard]] bool goes_on(const Vector& begin, const Vector& end, const Vector& momentum) const {
    double first = 0.0, last = 0.0;
    for (std::size_t i = 0; i < d_; ++i) {
      first += variance_[i] * begin[i] * momentum[i];
      last += variance_[i] * end[i] * momentum[i];
    }
    return first > 0.0 && last > 0.0;
  }
  void give_momentum(std::uint32_t what, std::uint32_t occasion) {
    for (std::size_t i = 0; i < d_; ++i)
      now_.p[i] = math::normal(draw_.uniform(what, static_cast<std::uint32_t>(i), occasion)) /
                  std::sqrt(variance_[i]);
  }

  // A step for which one leap is accepted about eight times in ten (Stan's heuristic).
  void first_step() {
    if (o_.warmup == 0) return;
    const Place before = now_;
    double direction = 0.0;
    for (std::uint32_t tries = 0; tries < 100; ++tries) {
      now_ = before;
      give_momentum(First, first_tries_++);
      const double start = energy(now_);
      leap(now_, step_);
      const double gain = start - energy(now_), at = std::isnan(gain) ? -EnergyMost : gain;
      const double way = at > math::log(0.8) ? 1.0 : -1.0;
      if (direction != 0.0 && way != direction) break;
      direction = way;
      step_ *= way > 0 ? 2.0 : 0.5;
    }
    now_ = before;
    step_size_.begin(step_);
  }
  void metric(const std::vector<math::Moments>& seen) {
    for (std::size_t i = 0; i < d_; ++i) {
      const auto n = static_cast<double>(seen[i].count());
      variance_[i] = n / (n + 5) * seen[i].variance() + 1e-3 * 5 / (n + 5);
    }
  }

  // 2^depth steps on from a place, in a direction.
  Tree grow(Place& from, std::uint32_t depth, double direction, double start) {
    if (depth == 0) {
      leap(from, direction * step_);
      double gain = start - energy(from);
      if (std::isnan(gain)) gain = -std::numeric_limits<double>::infinity();
      Tree leaf{.begin = from,
                .end = from,
                .momentum = from.p,
                .chosen = from,
                .log_weight = gain,
                .good = -gain <= EnergyMost};
      if (!leaf.good) ++divergences_;
      acceptance_ += std::min(1.0, math::exp(gain));
      ++leaps_;
      return leaf;
    }
    Tree first = grow(from, depth - 1, direction, start);
    if (!first.good) return first;
    Tree second = grow(from, depth - 1, direction, start);
    if (!second.good) {
      first.good = false;
      return first;
    }
    Tree all{.begin = first.begin,
             .end = second.end,
             .momentum = first.momentum,
             .chosen = first.chosen,
             .log_weight = log_of_sum(first.log_weight, second.log_weight),
             .good = true};
    for (std::size_t i = 0; i < d_; ++i) all.momentum[i] += second.momentum[i];
    const double u = draw_.uniform(Leaf, choices_++, occasion_);
    if (math::log(u) < second.log_weight - all.log_weight) all.chosen = second.chosen;
    all.good = goes_on(first.begin.p, second.end.p, all.momentum) && between(first, second);
    return all;
  }
  // Nor may the path turn where two parts meet.
  [[nodiscard]] bool between(const Tree& first, const Tree& second) const {
    Vector sum = first.momentum;
    for (std::size_t i = 0; i < d_; ++i) sum[i] += second.begin.p[i];
    if (!goes_on(first.begin.p, second.begin.p, sum)) return false;
    sum = second.momentum;
    for (std::size_t i = 0; i < d_; ++i) sum[i] += first.end.p[i];
    return goes_on(first.end.p, second.end.p, sum);
  }

  // One draw; gives the mean acceptance along its path.
  double move(std::uint32_t occasion) {
    occasion_ = occasion;
    choices_ = 0;
    acceptance_ = leaps_ = 0.0;
    give_momentum(Momentum, occasion);
    const double start = energy(now_);
    Tree path{.begin = now_,
              .end = now_,
              .momentum = now_.p,
              .chosen = now_,
              .log_weight = 0.0,
              .good = true};
    for (std::uint32_t depth = 0; depth < o_.depth; ++depth) {
      const bool on = draw_.uniform(Side, depth, occasion) > 0.5;
      Place& from = on ? path.end : path.begin;
      Place grown_from = from;
      // Going back, momenta point the other way round; sums and tests are the same with begin and end exchanged.
      Tree more = grow(grown_from, depth, on ? 1.0 : -1.0, start);
      if (!more.good) break;
      if (math::log(draw_.uniform(Top, depth, occasion)) < more.log_weight - path.log_weight)
        path.chosen = more.chosen;
      if (!on) std::swap(more.begin, more.end);
      Tree &first = on ? path : more, &second = on ? more : path;
      Vector sum = path.momentum;
      for (std::size_t i = 0; i < d_; ++i) sum[i] += more.momentum[i];
      const bool good = goes_on(first.begin.p, second.end.p, sum) && between(first, second);
      path = {.begin = first.begin,
              .end = second.end,
              .momentum = sum,
              .chosen = path.chosen,
              .log_weight = log_of_sum(path.log_weight, more.log_weight),
              .good = good};
      if (!good) break;
    }
    now_ = path.chosen;
    return leaps_ > 0.0 ? acceptance_ / leaps_ : 0.0;
  }

  const Target& target_;
  const NutsOptions& o_;
  std::size_t d_;
  core::Draw draw_;
  Vector variance_;  // of the metric: the inverse of the masses
  StepSize step_size_;
  double step_ = 1.0;
  Place now_;
  double acceptance_ = 0.0, leaps_ = 0.0;
  std::uint32_t occasion_ = 0, choices_ = 0, first_tries_ = 0;
  std::uint64_t evaluations_ = 0, failed_ = 0, divergences_ = 0;
};

}  // namespace

Chains nuts(const Target& target, const NutsOptions& o) {
  check_starts(target, o.starts, o.draws, "nuts");
  if (!target.log_density_and_slopes) throw core::Error("nuts: the density has no slopes");
  if (!(o.acceptance > 0.0 && o.acceptance < 1.0) || o.depth == 0 || o.depth > 20)
    throw core::Error(fmt::format("nuts: acceptance {} (between 0 and 1), depth {} (1 to 20)",
                                  o.acceptance, o.depth));
  Chains all;
  all.dimensions = target.dimensions;
  all.draws = o.draws;
  all.x.assign(o.starts.size(), Vector(o.draws * target.dimensions));
  all.density.assign(o.starts.size(), Vector(o.draws));
  all.accepted.assign(o.starts.size(), 0.0);
  std::vector<Chains> counts(o.starts.size());
  core::for_each_member(o.starts.size(), o.threads, [&](std::size_t c) {
    Chain chain(target, o, c);
    chain.run(all, c);
    counts[c].evaluations = chain.evaluations();
    counts[c].failed = chain.failed();
    counts[c].divergences = chain.divergences();
  });
  for (const Chains& c : counts) {
    all.evaluations += c.evaluations;
    all.failed += c.failed;
    all.divergences += c.divergences;
  }
  return all;
}

}  // namespace twin::infer
