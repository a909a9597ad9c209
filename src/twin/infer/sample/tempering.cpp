#include "twin/infer/sample/tempering.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "twin/core/draw.hpp"
#include "twin/core/error.hpp"
#include "twin/core/parallel.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/elementary.hpp"

namespace twin::infer {
namespace {

enum TemperDraw : std::uint32_t { PriorDraw, ComeAgain, MoveDraw, MoveAccept };

struct Weighed {
  std::vector<double> weight;  // normalised
  double log_mean = 0.0;       // of the weights before
  double effective = 0.0;      // share
};

Weighed weigh(std::span<const double> likelihood, double power) {
  const double most = *std::ranges::max_element(likelihood);
  Weighed w;
  for (const double l : likelihood) w.weight.push_back(math::exp(power * (l - most)));
  const double sum = core::tree_sum(w.weight);
  double squares = 0.0;
  for (double& v : w.weight) {
    v /= sum;
    squares += v * v;
  }
  const auto n = static_cast<double>(likelihood.size());
  w.log_mean = power * most + math::log(sum / n);
  w.effective = 1 / squares / n;
  return w;
}

// The greatest step of the power that leaves so many effective, at most what is left.
double step_of(std::span<const double> likelihood, double left, double effective) {
  if (weigh(likelihood, left).effective >= effective) return left;
  double low = 0.0, high = left;
  for (int k = 0; k < 60; ++k) {
    const double middle = 0.5 * (low + high);
    (weigh(likelihood, middle).effective >= effective ? low : high) = middle;
  }
  return high;
}

}  // namespace

Tempered temper(const Target& target, const TemperingOptions& o) {
  using core::Error;
  const std::size_t d = target.dimensions, n = o.particles;
  if (d == 0) throw Error("tempering: a density of no dimensions");
  if (n < 10 || o.moves == 0)
    throw Error(
        fmt::format("tempering: {} particles (at least 10), {} moves (at least 1)", n, o.moves));
  if (!(o.effective > 0.0 && o.effective < 1.0))
    throw Error(fmt::format("tempering: a share of {} (between 0 and 1)", o.effective));
  Tempered t;
  t.dimensions = d;
  t.x.resize(n * d);
  t.likelihood.resize(n);
  const auto ask = [&](std::span<const double> x, std::span<double> value) {
    target.log_density(x, value);
    t.evaluations += value.size();
    for (double& v : value) {
      if (!std::isnan(v)) continue;
      ++t.failed;
      v = -std::numeric_limits<double>::infinity();
    }
  };
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t i = 0; i < d; ++i)
      t.x[k * d + i] = math::normal(core::Draw{o.seed, static_cast<std::uint32_t>(k)}.uniform(
          PriorDraw, static_cast<std::uint32_t>(i), 0));
  ask(t.x, t.likelihood);
  if (!std::ranges::any_of(t.likelihood, [](double l) { return std::isfinite(l); }))
    throw Error("tempering: no particle of the prior has a likelihood above 0");
  double power = 0.0, share = 0.5;
  std::vector<double> x(n * d), likelihood(n), tried(n * d), value(n);
  for (std::size_t level = 0; level < o.levels && power < 1.0; ++level) {
    const auto occasion = static_cast<std::uint32_t>(level);
    const double step = step_of(t.likelihood, 1.0 - power, o.effective);
    const Weighed w = weigh(t.likelihood, step);
    t.log_evidence += w.log_mean;
    power = step >= 1.0 - power ? 1.0 : power + step;
    t.powers.push_back(power);
    // Systematic resampling: one uniform, as many combs as particles.
    const double u = core::Draw{o.seed, 0}.uniform(ComeAgain, 0, occasion);
    double sum = 0.0;
    for (std::size_t k = 0, from = 0; k < n; ++k) {
      const double wanted = (static_cast<double>(k) + u) / static_cast<double>(n);
      while (from + 1 < n && sum + w.weight[from] < wanted) sum += w.weight[from++];
      std::copy_n(t.x.begin() + static_cast<std::ptrdiff_t>(from * d), d,
                  x.begin() + static_cast<std::ptrdiff_t>(k * d));
      likelihood[k] = t.likelihood[from];
    }
    double accepted = 0.0;
    for (std::size_t move = 0; move < o.moves; ++move) {
      const auto number = static_cast<std::uint32_t>(level * o.moves + move);
      const double stay = std::sqrt(1 - share * share);
      for (std::size_t k = 0; k < n; ++k)
        for (std::size_t i = 0; i < d; ++i)
          tried[k * d + i] =
              stay * x[k * d + i] +
              share * math::normal(core::Draw{o.seed, static_cast<std::uint32_t>(k)}.uniform(
                          MoveDraw, static_cast<std::uint32_t>(i), number));
      ask(tried, value);
      std::size_t count = 0;
      for (std::size_t k = 0; k < n; ++k) {
        const double v =
            core::Draw{o.seed, static_cast<std::uint32_t>(k)}.uniform(MoveAccept, 0, number);
        if (!(math::log(v) < power * (value[k] - likelihood[k]))) continue;
        ++count;
        likelihood[k] = value[k];
        std::copy_n(tried.begin() + static_cast<std::ptrdiff_t>(k * d), d,
                    x.begin() + static_cast<std::ptrdiff_t>(k * d));
      }
      const double of = static_cast<double>(count) / static_cast<double>(n);
      accepted += of / static_cast<double>(o.moves);
      // For the next move: as many particles tell it well.
      share = std::clamp(share * math::exp(of - 0.3), 1e-4, 1.0);
    }
    t.accepted.push_back(accepted);
    t.x = x;
    t.likelihood = likelihood;
  }
  return t;
}

}  // namespace twin::infer
