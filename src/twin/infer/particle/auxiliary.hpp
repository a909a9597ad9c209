// The auxiliary particle filter (Pitt, Shephard 1999): members that will hardly make what was seen are
// replaced before they move, by a preview of how likely each will. With a discount of parameters, the
// filter of Liu, West (2001) for parameters that do not change.
#pragma once
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "twin/infer/particle/filter.hpp"

namespace twin::infer::particle {

// log p(y | x, theta) or something like it, for a state that is to move to `until`: any number above
// -infinity is right on average, a good one makes the weights even.
template <class P, class M>
concept Previews = core::Model<M> &&
    requires(const P& preview, const typename M::State& x, std::span<const double> theta,
             core::Tick until, std::span<const double> y) {
  { preview(x, theta, until, y) } -> std::same_as<double>;
};

template <core::Model M, class H, Previews<M> Preview, class ForEach = core::Threads>
class AuxiliaryFilter {
  static_assert(core::Observes<H, M>, "the sensor needs log_likelihood(state, values)");

 public:
  // The model must outlive the filter. core::Error as check_options.
  AuxiliaryFilter(const M& model, H sensor, Preview preview, FilterOptions options = {},
                  ForEach each = {})
      : model_(&model),
        sensor_(std::move(sensor)),
        preview_(std::move(preview)),
        options_(options),
        for_each_(std::move(each)) {
    check_options(options_);
  }

  // Members go on to seen.at and are weighed there. What cannot be used moves them blindly, and is
  // reported as by ParticleFilter. The evidence is unbiased (Pitt, Silva, Giordani, Kohn 2012).
  template <class Belief = core::Ensemble<M>>
  Report step(Belief& belief, const core::Observation& seen, const core::Draw& draw,
              std::uint32_t occasion) {
    require_members(belief);
    const double evidence_before = weights_of(belief.log_weight).log_mean;
    std::optional<std::size_t> expected;
    if constexpr (requires { sensor_.observations(); }) {
      expected = static_cast<std::size_t>(sensor_.observations());
    }
    Report report;
    report.fate = fate_of(seen.values, expected);
    Ahead ahead;
    if (report.fate == Fate::Used) ahead = look_ahead(belief, seen, draw, occasion);
    std::vector<double> log_likelihood(belief.size());
    for_blocks(for_each_, belief.size(), [&](std::size_t i) {
      model_->advance(belief.x[i], belief.theta_of(i), seen.at, belief.draw_of(i, draw.seed));
      if (report.fate == Fate::Used) {
        log_likelihood[i] = sensor_.log_likelihood(std::as_const(belief.x[i]), seen.values);
      }
    });
    if (report.fate == Fate::Used) {
      report = accept(belief.log_weight, std::move(log_likelihood), options_.on_collapse);
      report.log_evidence = weights_of(belief.log_weight).log_mean - evidence_before;
    }
    report.resampled = ahead.resampled;
    report.copies = ahead.copies;
    counts_.add(report);
    return report;
  }

  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  struct Ahead {
    bool resampled = false;
    std::size_t copies = 0;
  };

  // Resamples by weight times preview if that is uneven, and takes the preview back out of the
  // weights, so that they are those of the forecast again.
  template <class Belief>
  Ahead look_ahead(Belief& belief, const core::Observation& seen, const core::Draw& draw,
                   std::uint32_t occasion) {
    std::vector<double> preview(belief.size()), first(belief.size());
    for_blocks(for_each_, belief.size(), [&](std::size_t i) {
      preview[i] = preview_(std::as_const(belief.x[i]), belief.theta_of(i), seen.at, seen.values);
      // No preview is no reason to be lost: such a member counts as the worst that has one.
      if (!std::isfinite(preview[i])) preview[i] = std::numeric_limits<double>::quiet_NaN();
    });
    double least = 0.0;
    bool any = false;
    for (const double p : preview) {
      if (std::isnan(p)) continue;
      least = any ? std::min(least, p) : p;
      any = true;
    }
    for (std::size_t i = 0; i < first.size(); ++i) {
      if (std::isnan(preview[i])) preview[i] = least;
      first[i] = belief.log_weight[i] + preview[i];
    }
    const Weights weights = weights_of(first);
    if (!(weights.ess > 0.0) ||
        weights.ess >= options_.threshold * static_cast<double>(belief.size())) {
      return {};
    }
    const ResamplingOptions how{.scheme = options_.resampling,
                                .bandwidth = options_.bandwidth,
                                .discount = options_.discount,
                                .what = LookAheadDraw,
                                .occasion = occasion};
    const Replaced replaced = resample_members(belief, weights, draw, how, for_each_);
    for (std::size_t i = 0; i < belief.size(); ++i) {
      belief.log_weight[i] -= preview[replaced.ancestors[i]];
    }
    return {true, replaced.count};
  }

  const M* model_;
  H sensor_;
  Preview preview_;
  FilterOptions options_;
  ForEach for_each_;
  Counts counts_;
};

}  // namespace twin::infer::particle
