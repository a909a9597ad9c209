#include "twin/infer/sample/metropolis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "twin/core/draw.hpp"
#include "twin/core/error.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/elementary.hpp"

namespace twin::infer {
namespace {

using core::Draw;

enum What : std::uint32_t { Move, Accept, SecondMove, SecondAccept, CheapAccept };
constexpr double SecondLength = 0.2;
constexpr double Impossible = -std::numeric_limits<double>::infinity();

// Covariance of all points so far, and the lower root of it.
class LearntMoves {
 public:
  explicit LearntMoves(const std::vector<double>& step)
      : d_(step.size()), mean_(d_, 0.0), squares_(d_ * d_, 0.0), root_(d_ * d_, 0.0) {
    for (std::size_t i = 0; i < d_; ++i) root_[i * d_ + i] = step[i];
  }
  void add(std::span<const double> x) {
    ++count_;
    std::vector<double> before(d_);
    for (std::size_t i = 0; i < d_; ++i) {
      before[i] = x[i] - mean_[i];
      mean_[i] += before[i] / static_cast<double>(count_);
    }
    for (std::size_t i = 0; i < d_; ++i)
      for (std::size_t j = 0; j <= i; ++j) squares_[i * d_ + j] += before[i] * (x[j] - mean_[j]);
  }
  // What was learnt of the far beginning is forgotten.
  void begin_again() {
    count_ = 0;
    std::ranges::fill(mean_, 0.0);
    std::ranges::fill(squares_, 0.0);
  }
  // The root of 2.38^2 / d times the covariance, drawn a little to its diagonal while little is known.
  void learn() {
    if (count_ < 2 * d_ + 10) return;
    const auto n = static_cast<double>(count_);
    const double shrink = 1 / (1 + n / (5.0 * static_cast<double>(d_) + 20));
    std::vector<double> next(d_ * d_, 0.0);
    for (std::size_t i = 0; i < d_; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        double sum = squares_[i * d_ + j] / (n - 1) * (i == j ? 1.0 : 1 - shrink);
        for (std::size_t k = 0; k < j; ++k) sum -= next[i * d_ + k] * next[j * d_ + k];
        if (i == j && !(sum > 0.0)) return;  // not yet of full rank
        next[i * d_ + j] = i == j ? std::sqrt(sum) : sum / next[j * d_ + j];
      }
    }
    const double scale = 2.38 / std::sqrt(static_cast<double>(d_));
    for (double& v : next) v *= scale;
    root_ = std::move(next);
  }
  [[nodiscard]] double root(std::size_t i, std::size_t j) const { return root_[i * d_ + j]; }
  // |root^-1 v|^2
  [[nodiscard]] double distance(std::span<const double> v) const {
    std::vector<double> w(d_);
    double sum = 0.0;
    for (std::size_t i = 0; i < d_; ++i) {
      double x = v[i];
      for (std::size_t j = 0; j < i; ++j) x -= root_[i * d_ + j] * w[j];
      w[i] = x / root_[i * d_ + i];
      sum += w[i] * w[i];
    }
    return sum;
  }

 private:
  std::size_t d_, count_ = 0;
  std::vector<double> mean_, squares_, root_;
};

// Chains that move together, and what becomes of them.
struct Walk {
  Walk(const Target& t, const std::vector<std::vector<double>>& starts, std::size_t draws)
      : target(t), d(t.dimensions), chains(starts.size()), x(chains * d), density(chains) {
    for (std::size_t c = 0; c < chains; ++c)
      std::ranges::copy(starts[c], x.begin() + static_cast<std::ptrdiff_t>(c * d));
    ask(x, density);
    result.dimensions = d;
    result.draws = draws;
    result.x.assign(chains, std::vector<double>(draws * d));
    result.density.assign(chains, std::vector<double>(draws));
    result.accepted.assign(chains, 0.0);
  }
  void ask(std::span<const double> points, std::span<double> values) {
    target.log_density(points, values);
    result.evaluations += values.size();
    for (double& v : values) {
      if (!std::isnan(v)) continue;
      ++result.failed;
      v = Impossible;
    }
  }
  void take(std::size_t c, std::span<const double> point, double value) {
    std::ranges::copy(point, x.begin() + static_cast<std::ptrdiff_t>(c * d));
    density[c] = value;
  }
  void keep(std::size_t draw) {
    for (std::size_t c = 0; c < chains; ++c) {
      std::copy_n(x.begin() + static_cast<std::ptrdiff_t>(c * d), d,
                  result.x[c].begin() + static_cast<std::ptrdiff_t>(draw * d));
      result.density[c][draw] = density[c];
    }
  }
  const Target& target;
  std::size_t d, chains;
  std::vector<double> x, density;
  Chains result;
};

// The density that is asked before the target.
class Surrogate {
 public:
  Surrogate(const Target& cheap, const Walk& w) : cheap_(cheap), now_(w.chains), tried_(w.chains) {
    cheap_.log_density(w.x, now_);
  }
  // value: of the target, where the surrogate accepts; else as of no density.
  void ask(Walk& w, std::span<const double> points, std::uint32_t move, std::uint64_t seed,
           std::span<double> value) {
    cheap_.log_density(points, tried_);
    std::vector<std::size_t> passed;
    std::vector<double> kept, of;
    for (std::size_t c = 0; c < w.chains; ++c) {
      value[c] = Impossible;
      const double u = Draw{seed, static_cast<std::uint32_t>(c)}.uniform(CheapAccept, 0, move);
      if (!(math::log(u) < gain(c))) continue;
      passed.push_back(c);
      const auto point = points.subspan(c * w.d, w.d);
      kept.insert(kept.end(), point.begin(), point.end());
    }
    if (passed.empty()) return;
    of.resize(passed.size());
    w.ask(kept, of);
    for (std::size_t k = 0; k < passed.size(); ++k) value[passed[k]] = of[k];
  }
  // Log of how much more probable it says the point is. Where it knows nothing of the start it says nothing of the
  // moves from there.
  [[nodiscard]] double gain(std::size_t c) const {
    return std::isfinite(now_[c]) ? tried_[c] - now_[c] : 0.0;
  }
  void take(std::size_t c) { now_[c] = tried_[c]; }

 private:
  const Target& cheap_;
  std::vector<double> now_, tried_;  // [chain]
};

double gain_of(double rate, std::size_t move) {
  return rate / std::sqrt(1.0 + static_cast<double>(move));
}

}  // namespace

Chains metropolis(const Target& target, const MetropolisOptions& o) {
  check_starts(target, o.starts, o.draws, "metropolis");
  const std::vector<double> step =
      o.step.empty() ? std::vector<double>(target.dimensions, 1.0) : o.step;
  if (step.size() != target.dimensions || o.thin == 0 ||
      !std::ranges::all_of(step, [](double s) { return s > 0.0 && std::isfinite(s); }))
    throw core::Error(
        fmt::format("metropolis: {} steps above 0 are wanted, and at least one move a draw",
                    target.dimensions));
  if (o.surrogate.log_density && (o.surrogate.dimensions != target.dimensions || o.second_try))
    throw core::Error(fmt::format("metropolis: a surrogate of {} dimensions for {}{}",
                                  o.surrogate.dimensions, target.dimensions,
                                  o.second_try ? ", with second tries" : ""));
  Walk w(target, o.starts, o.draws);
  std::optional<Surrogate> surrogate;
  if (o.surrogate.log_density) surrogate.emplace(o.surrogate, w);
  const std::size_t d = w.d;
  LearntMoves learnt(step);
  double scale = 1.0;
  const double wanted = d == 1 ? 0.44 : 0.234;
  std::vector<double> tried(w.chains * d), value(w.chains), again, again_value;
  const std::size_t moves = o.warmup + o.draws * o.thin;
  const auto propose = [&](std::size_t c, std::uint32_t what, std::uint32_t move, double length,
                           double* to) {
    const Draw draw{o.seed, static_cast<std::uint32_t>(c)};
    std::vector<double> z(d);
    for (std::size_t i = 0; i < d; ++i)
      z[i] = length * math::normal(draw.uniform(what, static_cast<std::uint32_t>(i), move));
    for (std::size_t i = 0; i < d; ++i) {
      double sum = w.x[c * d + i];
      for (std::size_t j = 0; j <= i; ++j) sum += learnt.root(i, j) * z[j];
      to[i] = sum;
    }
  };
  for (std::size_t m = 0; m < moves; ++m) {
    const auto move = static_cast<std::uint32_t>(m);
    for (std::size_t c = 0; c < w.chains; ++c) propose(c, Move, move, scale, &tried[c * d]);
    if (surrogate)
      surrogate->ask(w, tried, move, o.seed, value);
    else
      w.ask(tried, value);
    std::vector<std::size_t> refused;
    std::size_t accepted = 0;
    const auto count = [&](std::size_t c) {
      if (m >= o.warmup) w.result.accepted[c] += 1.0;
    };
    for (std::size_t c = 0; c < w.chains; ++c) {
      const double u = Draw{o.seed, static_cast<std::uint32_t>(c)}.uniform(Accept, 0, move);
      const double ratio = value[c] - w.density[c] - (surrogate ? surrogate->gain(c) : 0.0);
      if (math::log(u) < ratio) {
        w.take(c, std::span(tried).subspan(c * d, d), value[c]);
        if (surrogate) surrogate->take(c);
        ++accepted;
        count(c);
      } else {
        refused.push_back(c);
      }
    }
    if (o.second_try && !refused.empty()) {
      again.resize(refused.size() * d);
      again_value.resize(refused.size());
      for (std::size_t k = 0; k < refused.size(); ++k)
        propose(refused[k], SecondMove, move, scale * SecondLength, &again[k * d]);
      w.ask(again, again_value);
      std::vector<double> apart(d);
      for (std::size_t k = 0; k < refused.size(); ++k) {
        const std::size_t c = refused[k];
        // As probable as from the second point to the first one refused, and refused there too (Haario et al., eq.
        // 4).
        const double back = std::min(0.0, value[c] - again_value[k]),
                     there = std::min(0.0, value[c] - w.density[c]);
        if (!(back < 0.0) || !(again_value[k] > Impossible)) continue;
        for (std::size_t i = 0; i < d; ++i)
          apart[i] = (tried[c * d + i] - again[k * d + i]) / scale;
        const double from_second = learnt.distance(apart);
        for (std::size_t i = 0; i < d; ++i) apart[i] = (tried[c * d + i] - w.x[c * d + i]) / scale;
        const double from_here = learnt.distance(apart);
        const double ratio = again_value[k] - w.density[c] - 0.5 * (from_second - from_here) +
                             math::log1p(-math::exp(back)) - math::log1p(-math::exp(there));
        const double u = Draw{o.seed, static_cast<std::uint32_t>(c)}.uniform(SecondAccept, 0, move);
        if (!(math::log(u) < ratio)) continue;
        w.take(c, std::span(again).subspan(k * d, d), again_value[k]);
        count(c);
      }
    }
    if (m < o.warmup && o.learn) {
      for (std::size_t c = 0; c < w.chains; ++c) learnt.add(std::span(w.x).subspan(c * d, d));
      if (m == o.warmup / 5) learnt.begin_again();
      if (m % 20 == 19) learnt.learn();
      const double share = static_cast<double>(accepted) / static_cast<double>(w.chains);
      scale *= math::exp(gain_of(2.0, m) * (share - wanted));
    }
    if (m >= o.warmup && (m - o.warmup + 1) % o.thin == 0) w.keep((m - o.warmup) / o.thin);
  }
  for (double& share : w.result.accepted) share /= static_cast<double>(o.draws * o.thin);
  return std::move(w.result);
}

Chains preconditioned_crank_nicolson(const Target& likelihood, const PcnOptions& o) {
  check_starts(likelihood, o.starts, o.draws, "pcn");
  if (!(o.share > 0.0 && o.share <= 1.0) || o.thin == 0)
    throw core::Error(
        fmt::format("pcn: a share of {} (above 0, at most 1), {} moves a draw", o.share, o.thin));
  Walk w(likelihood, o.starts, o.draws);
  const std::size_t d = w.d;
  double share = o.share;
  std::vector<double> tried(w.chains * d), value(w.chains);
  const std::size_t moves = o.warmup + o.draws * o.thin;
  for (std::size_t m = 0; m < moves; ++m) {
    const auto move = static_cast<std::uint32_t>(m);
    const double stay = std::sqrt(1 - share * share);
    for (std::size_t c = 0; c < w.chains; ++c) {
      const Draw draw{o.seed, static_cast<std::uint32_t>(c)};
      for (std::size_t i = 0; i < d; ++i)
        tried[c * d + i] =
            stay * w.x[c * d + i] +
            share * math::normal(draw.uniform(Move, static_cast<std::uint32_t>(i), move));
    }
    w.ask(tried, value);
    std::size_t accepted = 0;
    for (std::size_t c = 0; c < w.chains; ++c) {
      const double u = Draw{o.seed, static_cast<std::uint32_t>(c)}.uniform(Accept, 0, move);
      if (!(math::log(u) < value[c] - w.density[c])) continue;
      w.take(c, std::span(tried).subspan(c * d, d), value[c]);
      ++accepted;
      if (m >= o.warmup) w.result.accepted[c] += 1.0;
    }
    if (m < o.warmup && o.learn) {
      const double of = static_cast<double>(accepted) / static_cast<double>(w.chains);
      share = std::clamp(share * math::exp(gain_of(1.0, m) * (of - 0.25)), 1e-4, 1.0);
    }
    if (m >= o.warmup && (m - o.warmup + 1) % o.thin == 0) w.keep((m - o.warmup) / o.thin);
  }
  for (double& of : w.result.accepted) of /= static_cast<double>(o.draws * o.thin);
  return std::move(w.result);
}

}  // namespace twin::infer
