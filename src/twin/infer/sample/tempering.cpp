#include "twin/infer/sample/tempering.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "twin/core/draw.hpp"
#include "twin/core/error.hpp"
#include "twin/infer/particle/resampling.hpp"
#include "twin/infer/particle/weights.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/elementary.hpp"

namespace twin::infer {
namespace {

enum TemperDraw : std::uint32_t { PriorDraw, ComeAgain, MoveDraw, MoveAccept };

particle::Weights weights_at(std::span<const double> likelihood, double power) {
  std::vector<double> log_weight;
  for (const double l : likelihood) log_weight.push_back(power * l);
  return particle::weights_of(log_weight);
}

// The greatest step of the power that leaves so many effective, at most what is left.
double step_of(std::span<const double> likelihood, double left, double effective) {
  const auto effective_at = [&](double step) {
    return weights_at(likelihood, step).ess / static_cast<double>(likelihood.size());
  };
  if (effective_at(left) >= effective) return left;
  double low = 0.0, high = left;
  for (int k = 0; k < 60; ++k) {
    const double middle = 0.5 * (low + high);
    (effective_at(middle) >= effective ? low : high) = middle;
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
  std::vector<std::uint32_t> copies(n), ancestors(n);
  for (std::size_t level = 0; level < o.levels && power < 1.0; ++level) {
    const auto occasion = static_cast<std::uint32_t>(level);
    const double step = step_of(t.likelihood, 1.0 - power, o.effective);
    const particle::Weights w = weights_at(t.likelihood, step);
    t.log_evidence += w.log_mean;
    power = step >= 1.0 - power ? 1.0 : power + step;
    t.powers.push_back(power);
    particle::resample(particle::Resampling::Systematic, w.relative, core::Draw{o.seed, 0},
                       ComeAgain, occasion, copies);
    particle::ancestors_of(copies, ancestors);
    for (std::size_t k = 0; k < n; ++k) {
      std::copy_n(t.x.begin() + static_cast<std::ptrdiff_t>(ancestors[k] * d), d,
                  x.begin() + static_cast<std::ptrdiff_t>(k * d));
      likelihood[k] = t.likelihood[ancestors[k]];
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
