// The bootstrap filter for models whose state is one number, worked on by whole arrays: nothing is
// called for one particle. The same method as ParticleFilter, but copies stand in the order of their
// ancestors, since a number is cheaper to copy than to keep in place.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/core/expect.hpp"
#include "twin/infer/particle/report.hpp"
#include "twin/infer/particle/resampling.hpp"
#include "twin/infer/particle/weights.hpp"
#include "twin/math/batch.hpp"

namespace twin::infer::particle {

// z: standard normals, [member]; x: [member].
template <class L>
concept ScalarLaw = requires(const L& law, std::span<const double> z, std::span<double> x,
                             std::span<const double> seen_from, double y) {
  law.start(z, x);                      // x is drawn at time 0
  law.move(z, x);                       // x goes on by one tick
  law.log_likelihood(seen_from, y, x);  // the last argument becomes log p(y | the first)
};

namespace detail {

struct Reweighted {
  double largest = 0.0;  // of the new log-weights; -infinity if nothing has weight
  std::size_t lost = 0;
};
// out := log_weight + log_likelihood, -infinity where the latter is NaN or +infinity.
Reweighted reweigh(std::span<const double> log_likelihood, std::span<const double> log_weight,
                   std::span<double> out);

// Systematic resampling and copying in one pass: out[k] is the x that owns point k + u of a ruler of
// N. out has Margin numbers more than x, which are overwritten.
inline constexpr std::size_t Margin = 4;
void copy_systematically(std::span<const double> relative, double total, double u,
                         std::span<const double> x, std::span<double> out);

}  // namespace detail

template <ScalarLaw Law>
class ScalarParticles {
 public:
  // Members i and i + half, half of the members rounded up, take the two halves of the block of
  // core::Draw{seed, i} with what = ProposalDraw, who = 0, occasion = tick.
  // Resamples systematically when the effective sample size is below threshold * members.
  ScalarParticles(Law law, std::size_t members, std::uint64_t seed, double threshold = 0.5)
      : law_(std::move(law)),
        seed_(seed),
        threshold_(threshold),
        members_(members),
        x_(members + detail::Margin),
        next_(members + detail::Margin),
        z_(members + members % 2),
        log_weight_(members),
        relative_(members) {
    TWIN_EXPECT(members > 0);
    TWIN_EXPECT(threshold >= 0.0, threshold);
    draw_normals();
    law_.start(normals(), here());
  }

  // To the next tick, where y was seen; NaN: nothing was. The first observation is at tick 1.
  Report step(double y) {
    ++tick_;
    draw_normals();
    law_.move(normals(), here());
    Report report;
    if (std::isnan(y)) {
      report.fate = Fate::Missing;
      return report;
    }
    law_.log_likelihood(here(), y, normals());
    const detail::Reweighted now = detail::reweigh(normals(), log_weight_, relative_);
    report.lost = now.lost;
    if (now.largest == -std::numeric_limits<double>::infinity()) {
      report.fate = Fate::Collapsed;
      return report;
    }
    log_weight_.swap(relative_);
    math::quick_exponentials(log_weight_, now.largest, relative_);
    const SumAndSquares sums = sum_and_squares(relative_);
    const double n = static_cast<double>(members_);
    const double log_mean = now.largest + math::log(sums.sum / n);
    report.log_evidence = log_mean - log_evidence_;
    report.ess = sums.sum * sums.sum / sums.squares;
    log_evidence_ = log_mean;
    if (report.lost > 0 || report.ess < threshold_ * n) {
      const core::Draw draw{.seed = seed_, .member = std::numeric_limits<std::uint32_t>::max()};
      detail::copy_systematically(relative_, sums.sum, draw.uniform(ResamplingDraw, 0, tick_),
                                  here(), next_);
      x_.swap(next_);
      std::ranges::fill(log_weight_, log_evidence_);
      report.resampled = true;
    }
    return report;
  }

  [[nodiscard]] std::span<const double> x() const { return std::span(x_).first(members_); }
  [[nodiscard]] std::span<const double> log_weight() const { return log_weight_; }
  [[nodiscard]] double log_evidence() const { return log_evidence_; }  // of all that was observed

 private:
  std::span<double> normals() { return std::span(z_).first(members_); }
  std::span<double> here() { return std::span(x_).first(members_); }
  void draw_normals() {
    const std::size_t half = z_.size() / 2;
    math::uniform_pairs({.seed = seed_, .member = 0}, ProposalDraw, 0, tick_,
                        std::span(z_).first(half), std::span(z_).last(half));
    math::normals_of_uniforms(normals());
  }

  Law law_;
  std::uint64_t seed_;
  double threshold_;
  std::size_t members_;
  std::uint32_t tick_ = 0;
  double log_evidence_ = 0.0;
  std::vector<double> x_, next_;    // [member], and Margin more
  std::vector<double> z_;           // [member] normals, then log-likelihoods
  std::vector<double> log_weight_;  // [member]
  std::vector<double> relative_;    // [member]
};

// The model of stochastic volatility: x is the log-variance of a return y (Taylor 1982; in this form
// Kim, Shephard, Chib 1998): x' = mu + rho (x - mu) + sigma N(0, 1), y ~ N(0, exp(x)); x starts in
// its stationary law.
struct StochasticVolatility {
  double mu = -1.0;
  double rho = 0.95;   // in (-1, 1)
  double sigma = 0.3;  // positive
  void start(std::span<const double> z, std::span<double> x) const;
  void move(std::span<const double> z, std::span<double> x) const;
  void log_likelihood(std::span<const double> x, double y, std::span<double> out) const;
};

}  // namespace twin::infer::particle
