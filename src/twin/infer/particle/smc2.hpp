// SMC^2 (Chopin, Jacob, Papaspiliopoulos 2013): the posterior of the parameters of any model that
// particles can filter, as observations come in. Each theta has a particle filter of its own, whose
// evidence weighs it; thetas are moved by particle marginal Metropolis-Hastings (Andrieu, Doucet,
// Holenstein 2010) when too few carry the weight, and filters get more particles when moves fail.
#pragma once
#include <Eigen/Dense>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "twin/infer/particle/filter.hpp"
#include "twin/math/elementary.hpp"

namespace twin::infer::particle {

struct Smc2Options {
  std::size_t thetas = 200;
  std::size_t particles = 100;        // of each filter at the start
  std::size_t most_particles = 3200;  // of each filter ever
  double threshold = 0.5;             // thetas are moved below this share of effective ones
  double threshold_inside = 0.5;      // of the filters (FilterOptions)
  int moves = 2;                      // of each theta each time
  double least_acceptance = 0.2;      // below it the number of particles is doubled
};
void check_options(const Smc2Options& options);  // core::Error for a number where it may not be

// A prior law: draws of thetas, [parameter], and its log-density up to a constant; -infinity outside.
template <class P>
concept Prior = requires(const P& prior, core::Draw draw, std::span<const double> theta) {
  { prior.sample(draw) } -> std::same_as<std::vector<double>>;
  { prior.log_density(theta) } -> std::same_as<double>;
};

struct Smc2Report {
  Fate fate = Fate::Used;
  double log_evidence = 0.0;  // log p(this observation | those before)
  double ess = 0.0;           // effective number of thetas before they were moved
  std::size_t lost = 0;       // thetas whose filter collapsed at this observation: weight zero
  bool moved = false;
  double acceptance = 0.0;    // share of moves accepted
  std::size_t particles = 0;  // of each filter afterwards
};

// Who resamples and moves thetas (Draw's what); the filters inside have seeds of their own.
enum Smc2Draw : std::uint32_t {
  ThetaDraw = 0xB6000000,  // resampling
  MoveDraw,                // who: the parameter
  AcceptDraw,
  SeedDraw
};

template <core::Model M, class H, Prior P, class ForEach = core::Threads>
class Smc2 {
 public:
  // The model must outlive it. core::Error as check_options.
  Smc2(const M& model, H sensor, P prior, Smc2Options options, std::uint64_t seed,
       ForEach each = {})
      : model_(&model),
        sensor_(std::move(sensor)),
        prior_(std::move(prior)),
        options_(options),
        seed_(seed),
        for_each_(std::move(each)),
        particles_(options.particles) {
    check_options(options_);
    thetas_.resize(options_.thetas);
    log_weight_.assign(options_.thetas, 0.0);
    for_each_(options_.thetas,
              [&](std::size_t j) { thetas_[j] = start(prior_.sample(draw_of(j)), seed_of(j, 0)); });
  }

  // All filters go on to seen.at, where values were seen.
  Smc2Report step(const core::Observation& seen) {
    ++steps_;
    history_.push_back(seen);
    const double before = weights_of(log_weight_).log_mean;
    std::vector<Report> reports(thetas_.size());
    for_each_(thetas_.size(), [&](std::size_t j) { reports[j] = filter(thetas_[j], seen); });

    Smc2Report out;
    out.particles = particles_;
    out.fate = Fate::Collapsed;
    std::vector<double> increment(thetas_.size());
    for (std::size_t j = 0; j < thetas_.size(); ++j) {
      const bool collapsed = reports[j].fate == Fate::Collapsed;
      out.lost += collapsed ? 1U : 0U;
      increment[j] = collapsed ? -std::numeric_limits<double>::infinity() : reports[j].log_evidence;
      if (!collapsed) out.fate = reports[j].fate;
    }
    if (out.fate != Fate::Used) {  // nobody can have made it, or nobody could use it
      history_.back().values.clear();
      return out;
    }
    const std::vector<double> kept = log_weight_;
    for (std::size_t j = 0; j < thetas_.size(); ++j) log_weight_[j] += increment[j];
    const Weights weights = weights_of(log_weight_);
    if (weights.total == 0.0) {  // only thetas that were lost before could have made it
      log_weight_ = kept;
      out.fate = Fate::Collapsed;
      history_.back().values.clear();
      return out;
    }
    out.log_evidence = weights.log_mean - before;
    out.ess = weights.ess;
    if (weights.ess < options_.threshold * static_cast<double>(thetas_.size())) {
      rejuvenate(weights, out);
    }
    return out;
  }

  [[nodiscard]] std::size_t size() const { return thetas_.size(); }
  [[nodiscard]] std::span<const double> theta(std::size_t j) const { return thetas_[j].theta; }
  [[nodiscard]] std::span<const double> log_weight() const { return log_weight_; }  // [theta]
  [[nodiscard]] const core::Ensemble<M>& belief(std::size_t j) const { return thetas_[j].belief; }
  [[nodiscard]] double log_evidence() const { return weights_of(log_weight_).log_mean; }

 private:
  struct Theta {
    std::vector<double> theta;  // [parameter]
    std::uint64_t seed = 0;     // of its filter
    core::Ensemble<M> belief;
  };

  [[nodiscard]] core::Draw draw_of(std::size_t j) const {
    return {.seed = seed_, .member = static_cast<std::uint32_t>(j)};
  }
  // Of the run-th filter that theta j gets.
  [[nodiscard]] std::uint64_t seed_of(std::size_t j, std::uint32_t run) const {
    const core::Block b = draw_of(j).block(SeedDraw, 0, run);
    return (std::uint64_t{b[0]} << 32) | b[1];
  }

  [[nodiscard]] Theta start(std::vector<double> theta, std::uint64_t seed) const {
    std::vector<double> all;
    for (std::size_t i = 0; i < particles_; ++i) all.insert(all.end(), theta.begin(), theta.end());
    auto belief = core::initial_ensemble(*model_, particles_, all, {.seed = seed, .member = 0});
    return {std::move(theta), seed, std::move(belief)};
  }
  Report filter(Theta& t, const core::Observation& seen) const {
    for (std::size_t i = 0; i < t.belief.size(); ++i) {
      model_->advance(t.belief.x[i], t.belief.theta_of(i), seen.at, t.belief.draw_of(i, t.seed));
    }
    ParticleFilter<H> inside(sensor_, {.threshold = options_.threshold_inside});
    const core::Draw own{.seed = t.seed, .member = std::numeric_limits<std::uint32_t>::max()};
    // Entries of one tick need names of their own.
    return inside.update(t.belief, seen, own, static_cast<std::uint32_t>(history_.size()));
  }
  // A filter of theta through all that was seen; nothing if it collapses on the way.
  [[nodiscard]] std::optional<Theta> rerun(std::vector<double> theta, std::uint64_t seed) const {
    Theta t = start(std::move(theta), seed);
    ParticleFilter<H> inside(sensor_, {.threshold = options_.threshold_inside});
    const core::Draw own{.seed = seed, .member = std::numeric_limits<std::uint32_t>::max()};
    for (std::size_t k = 0; k < history_.size(); ++k) {
      for (std::size_t i = 0; i < t.belief.size(); ++i) {
        model_->advance(t.belief.x[i], t.belief.theta_of(i), history_[k].at,
                        t.belief.draw_of(i, seed));
      }
      const Report r = inside.update(t.belief, history_[k], own, static_cast<std::uint32_t>(k + 1));
      if (r.fate == Fate::Collapsed) return std::nullopt;
    }
    return t;
  }

  void rejuvenate(const Weights& weights, Smc2Report& out) {
    const std::size_t n = thetas_.size();
    const auto parameters = static_cast<Eigen::Index>(thetas_[0].theta.size());
    Eigen::MatrixXd all(parameters, static_cast<Eigen::Index>(n));
    for (std::size_t j = 0; j < n; ++j) {
      all.col(static_cast<Eigen::Index>(j)) =
          Eigen::Map<const Eigen::VectorXd>(thetas_[j].theta.data(), parameters);
    }
    const Spread spread = spread_of(all, weights.relative);
    std::vector<std::uint32_t> copies(n), ancestors(n);
    resample(Resampling::Systematic, weights.relative, draw_of(n), ThetaDraw, steps_, copies);
    ancestors_of(copies, ancestors);
    for (std::size_t j = 0; j < n; ++j) {
      if (ancestors[j] == j) continue;
      thetas_[j] = thetas_[ancestors[j]];
      thetas_[j].seed = seed_of(j, next_run());  // a copy goes its own way from here
    }
    std::ranges::fill(log_weight_, weights.log_mean);

    std::size_t accepted = 0;
    for (int move = 0; move < options_.moves; ++move) {
      const std::uint32_t run = next_run();
      std::vector<std::uint8_t> taken(n);
      for_each_(n, [&](std::size_t j) { taken[j] = try_move(j, run, spread) ? 1 : 0; });
      for (const std::uint8_t t : taken) accepted += t;
    }
    out.moved = true;
    out.acceptance = static_cast<double>(accepted) /
                     static_cast<double>(n * static_cast<std::size_t>(options_.moves));
    if (out.acceptance < options_.least_acceptance && 2 * particles_ <= options_.most_particles) {
      exchange();
    }
    out.particles = particles_;
  }

  // One step of particle marginal Metropolis-Hastings: a normal proposal of the thetas' covariance
  // times 2.38^2 / parameters (Roberts, Gelman, Gilks 1997).
  bool try_move(std::size_t j, std::uint32_t run, const Spread& spread) {
    Theta& now = thetas_[j];
    const auto parameters = static_cast<Eigen::Index>(now.theta.size());
    Eigen::VectorXd step(parameters);
    kernel_deviate(spread, 2.38 / std::sqrt(static_cast<double>(parameters)), draw_of(j), MoveDraw,
                   run, step);
    std::vector<double> proposed = now.theta;
    for (Eigen::Index p = 0; p < parameters; ++p) proposed[static_cast<std::size_t>(p)] += step[p];
    const double prior = prior_.log_density(proposed);
    if (!(prior > -std::numeric_limits<double>::infinity())) return false;
    auto next = rerun(std::move(proposed), seed_of(j, run));
    if (!next) return false;
    const double ratio = particle::log_evidence(next->belief) - particle::log_evidence(now.belief) +
                         prior - prior_.log_density(now.theta);
    if (!(math::log(draw_of(j).uniform(AcceptDraw, 0, run)) < ratio)) return false;
    now = std::move(*next);
    return true;
  }

  // Twice the particles: each filter is run anew, and its theta weighed by how much the evidence
  // changed (Chopin et al. 2013, section 3.6.1).
  void exchange() {
    particles_ *= 2;
    const std::uint32_t run = next_run();
    for_each_(thetas_.size(), [&](std::size_t j) {
      auto next = rerun(thetas_[j].theta, seed_of(j, run));
      log_weight_[j] +=
          next ? particle::log_evidence(next->belief) - particle::log_evidence(thetas_[j].belief)
               : -std::numeric_limits<double>::infinity();
      if (next) thetas_[j] = std::move(*next);
    });
  }
  std::uint32_t next_run() { return ++runs_; }

  const M* model_;
  H sensor_;
  P prior_;
  Smc2Options options_;
  std::uint64_t seed_;
  ForEach for_each_;
  std::size_t particles_;
  std::uint32_t steps_ = 0;
  std::uint32_t runs_ = 0;
  std::vector<core::Observation> history_;
  std::vector<Theta> thetas_;
  std::vector<double> log_weight_;  // [theta]
};

}  // namespace twin::infer::particle
