// The particle filter (Gordon, Salmond, Smith 1993) on any model: members are weighed by how likely
// they make what was seen, and the unlikely ones are replaced by copies of the others when too few
// carry the weight. As an Estimator of core::Twin the members move by Advance, so that this is the
// bootstrap filter; auxiliary.hpp and guided.hpp have those that look at
// the observation before they move.
//
// The belief's log_weight are never normalised: from 0 at the start, the log of their mean is the
// log-evidence of all that was observed, which is unbiased as exp (Del Moral 1996).
#pragma once
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "twin/core/ensemble.hpp"
#include "twin/core/parallel.hpp"
#include "twin/core/record.hpp"
#include "twin/infer/particle/members.hpp"
#include "twin/infer/particle/report.hpp"
#include "twin/infer/particle/resampling.hpp"
#include "twin/infer/particle/weights.hpp"

namespace twin::infer::particle {

struct FilterOptions {
  Resampling resampling = Resampling::Systematic;
  double threshold = 0.5;  // resamples when the effective sample size is below this share of N
  // Standard deviation of the kernel that copies are drawn from, relative to rule_of_thumb; 0: copies
  // are equal. Needs a model that shows a vector (HasVector).
  double bandwidth = 0.0;
  // The discount of Liu and West (2001), in (0.5, 1]; 1: parameters of members stay as they are.
  double discount = 1.0;
  OnCollapse on_collapse = OnCollapse::KeepForecast;
};
void check_options(const FilterOptions& options);  // core::Error for a number where it may not be

// How the sensor H sees states: by numbers (core::Observes), or by the whole entry, which carries
// its time, its sensor and the encoded event.
template <class H, class M>
concept ObservesEntry = core::Model<M> &&
    requires(const H& h, const typename M::State& x, const core::Observation& entry) {
  { h.log_likelihood(x, entry) } -> std::same_as<double>;
};

// What the sensor says of a State changes that State too: the part of it that is known as a
// distribution is conditioned on y (Rao-Blackwell; see conditionally_linear.hpp).
template <class H, class M>
concept Conditions = core::Observes<H, M> &&
    requires(const H& h, typename M::State& x, std::span<const double> y) {
  { h.condition(x, y) } -> std::same_as<void>;
};

// Checks the values of one observation; Fate::Used if they can be used. `expected`: how many there
// should be, if the sensor says (observations()). core::Error if their number is wrong or one is
// infinite.
Fate fate_of(std::span<const double> values, std::optional<std::size_t> expected);

// log p(all that was observed), as the belief carries it.
template <core::Model M>
double log_evidence(const core::Ensemble<M>& belief) {
  return weights_of(belief.log_weight).log_mean;
}

template <class H, class ForEach = core::Threads>
class ParticleFilter {
 public:
  // core::Error as check_options. H may have observations(), the number of values it expects.
  explicit ParticleFilter(H sensor, FilterOptions options = {}, ForEach each = {})
      : sensor_(std::move(sensor)), options_(options), for_each_(std::move(each)) {
    check_options(options_);
  }

  // Weighs, then resamples if it is time. A member without a log-likelihood (NaN, or +infinity) has
  // lost its weight, is counted, and is replaced at once; a NaN among the values leaves the belief as
  // it is. draw is the estimator's own, which resampling takes; members are moved apart by draws of
  // their own numbers.
  template <core::Model M>
  Report update(core::Ensemble<M>& belief, const core::Observation& seen, const core::Draw& draw,
                std::uint32_t occasion) {
    const Report report = weigh(belief, seen);
    return report.fate == Fate::Used ? resample_if_due(belief, report, draw, occasion)
                                     : tally(report);
  }

  // The two halves of update(), for who wants to see the weighted members in between.
  template <core::Model M>
  Report weigh(core::Ensemble<M>& belief, const core::Observation& seen) const {
    require_members(belief);
    Report report;
    if constexpr (!ObservesEntry<H, M>) {
      std::optional<std::size_t> expected;
      if constexpr (requires { sensor_.observations(); }) {
        expected = static_cast<std::size_t>(sensor_.observations());
      }
      report.fate = fate_of(seen.values, expected);
      if (report.fate != Fate::Used) return report;
    }
    std::vector<double> log_weight(belief.size());
    for_blocks(for_each_, belief.size(), [&](std::size_t i) {
      if constexpr (ObservesEntry<H, M>) {
        log_weight[i] = sensor_.log_likelihood(std::as_const(belief.x[i]), seen);
      } else {
        static_assert(core::Observes<H, M>, "the sensor needs log_likelihood(state, values)");
        log_weight[i] = sensor_.log_likelihood(std::as_const(belief.x[i]), seen.values);
      }
    });
    report = accept(belief.log_weight, std::move(log_weight), options_.on_collapse);
    if constexpr (Conditions<H, M>) {
      if (report.fate == Fate::Used) {
        for_blocks(for_each_, belief.size(), [&](std::size_t i) {
          if (belief.log_weight[i] > -std::numeric_limits<double>::infinity()) {
            sensor_.condition(belief.x[i], seen.values);
          }
        });
      }
    }
    return report;
  }

  template <core::Model M>
  Report resample_if_due(core::Ensemble<M>& belief, Report report, const core::Draw& draw,
                         std::uint32_t occasion) {
    const Weights weights = weights_of(belief.log_weight);
    report.ess = weights.ess;
    // A lost member may hold no numbers: it must not move on.
    if (report.lost > 0 || weights.ess < options_.threshold * static_cast<double>(belief.size())) {
      const ResamplingOptions how{.scheme = options_.resampling,
                                  .bandwidth = options_.bandwidth,
                                  .discount = options_.discount,
                                  .what = ResamplingDraw,
                                  .occasion = occasion};
      report.copies = resample_members(belief, weights, draw, how, for_each_).count;
      report.resampled = true;
    }
    return tally(report);
  }

  [[nodiscard]] const Counts& counts() const { return counts_; }
  [[nodiscard]] const FilterOptions& options() const { return options_; }
  [[nodiscard]] const H& sensor() const { return sensor_; }

 private:
  Report tally(const Report& report) {
    counts_.add(report);
    return report;
  }

  H sensor_;
  FilterOptions options_;
  ForEach for_each_;
  Counts counts_;  // says what was done, and decides nothing
};

}  // namespace twin::infer::particle
