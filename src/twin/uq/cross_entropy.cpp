#include "twin/uq/cross_entropy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

#include "twin/core/error.hpp"
#include "twin/math/batch.hpp"
#include "twin/math/elementary.hpp"
#include "twin/score/normal.hpp"

namespace twin::uq {
namespace {

using core::Error;
using SampleRow = std::vector<double>;

constexpr double Never = -std::numeric_limits<double>::infinity();  // logarithm of no weight

// Phi(z) as a logarithm, also where it is no number above 0 (M. Abramowitz and I. Stegun, 1964, eq. 26.2.12).
double log_normal_below(double z) {
  constexpr double HalfLog2Pi = 0.9189385332046727;
  if (z > -30.0) return math::log(score::normal_below(z));
  return -0.5 * z * z - HalfLog2Pi - math::log(-z) - 1 / (z * z);
}

double effective_number(std::span<const double> weight) {
  double sum = 0.0, squares = 0.0;
  for (const double w : weight) {
    sum += w;
    squares += w * w;
  }
  return squares > 0.0 ? sum * sum / squares : 0.0;
}

// All samples so far.
class LevelPool {
 public:
  explicit LevelPool(std::size_t inputs) : u_(inputs) {}

  void add(const StratifiedMixture& q, const std::vector<SampleRow>& u,
           const std::vector<double>& g) {
    if (!g_.empty()) add_density(q.counted(), u_, 0);
    proposals_.push_back(q.counted());
    const std::size_t old = g_.size();
    density_.resize(old + g.size(), 0.0);
    for (const NormalMixture& p : proposals_) add_density(p, u, old);
    for (std::size_t i = 0; i < u.size(); ++i) u_[i].insert(u_[i].end(), u[i].begin(), u[i].end());
    g_.insert(g_.end(), g.begin(), g.end());
    log_weight_.clear();
    for (const double d : density_) log_weight_.push_back(-math::log(d));
  }

  // [sample] towards Phi(-g / sigma), or towards the event itself where sigma is 0; of any scale.
  [[nodiscard]] SampleRow weights(double sigma) const {
    SampleRow w(g_.size(), Never);
    double most = Never;
    for (std::size_t k = 0; k < w.size(); ++k) {
      if (sigma > 0.0 ? !std::isfinite(g_[k]) : g_[k] > 0.0) continue;
      w[k] = log_weight_[k] + (sigma > 0.0 ? log_normal_below(-g_[k] / sigma) : 0.0);
      most = std::max(most, w[k]);
    }
    if (most == Never) return SampleRow(w.size(), 0.0);
    math::quick_exponentials(w, most, w);
    return w;
  }

  // The least sigma, to a hundredth, at which so many samples are effective.
  [[nodiscard]] double sharpest(double sigma, double least, double wanted) const {
    const auto enough = [&](double s) { return effective_number(weights(s)) >= wanted; };
    while (sigma > least && enough(sigma / 2)) sigma /= 2;
    double low = sigma / 2;
    for (int halving = 0; halving < 6; ++halving) {
      const double middle = std::sqrt(low * sigma);
      (enough(middle) ? sigma : low) = middle;
    }
    return sigma;
  }

  // The median of |g| where it is above 0, which a few great ones do not move; 0 where there is none.
  [[nodiscard]] double typical_value() const {
    SampleRow values;
    for (const double g : g_)
      if (std::isfinite(g) && g != 0.0) values.push_back(std::abs(g));
    if (values.empty()) return 0.0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
  }
  [[nodiscard]] const std::vector<SampleRow>& points() const { return u_; }

 private:
  // Of a proposal, over that of standard normals and times its samples, at points that begin with number `from`.
  void add_density(const NormalMixture& counted, const std::vector<SampleRow>& u,
                   std::size_t from) {
    const SampleRow ratio = log_ratio(counted, u);
    for (std::size_t k = 0; k < ratio.size(); ++k) density_[from + k] += math::exp(ratio[k]);
  }

  std::vector<SampleRow> u_;              // [input][sample]
  SampleRow g_;                           // [sample] infinite where the run failed
  SampleRow density_;                     // [sample] sum over the proposals
  SampleRow log_weight_;                  // [sample] of standard normals against all proposals
  std::vector<NormalMixture> proposals_;  // [level] with numbers of samples for shares
};

void check_cross_entropy(const CrossEntropyOptions& o) {
  if (o.inputs == 0) throw Error("a rare event of no inputs");
  if (o.samples < 100 || o.samples < 5 * o.inputs)
    throw Error(fmt::format("{} samples a level for {} inputs (at least 100, and 5 an input)",
                            o.samples, o.inputs));
  if (o.parts == 0 || o.parts > o.samples / 10)
    throw Error(fmt::format("{} parts of a mixture (1 to {}, a tenth of the samples)", o.parts,
                            o.samples / 10));
  if (o.final_samples < 100 || o.final_samples < 10 * o.parts)
    throw Error(fmt::format("{} final samples (at least 100, and 10 a part)", o.final_samples));
  if (o.levels == 0) throw Error("no levels by which to come to the event");
  if (!(o.variation >= 0.1 && o.variation <= 3.0))
    throw Error(fmt::format("weights that vary by {} (0.1 to 3)", o.variation));
  if (!(o.nominal >= 0.01 && o.nominal <= 0.5))
    throw Error(fmt::format("a share of {} of standard normals (0.01 to 0.5)", o.nominal));
}

}  // namespace

CrossEntropyResult cross_entropy(const LimitState& f, const CrossEntropyOptions& o) {
  check_cross_entropy(o);
  const double wanted = static_cast<double>(o.samples) / (1 + o.variation * o.variation);
  CrossEntropyResult result;
  result.proposal = standard_normals(o.inputs);
  LevelPool pool(o.inputs);
  double sigma = 0.0, least = 0.0;
  for (std::uint32_t level = 0; level < o.levels && !result.reached; ++level) {
    const StratifiedMixture q(result.proposal, o.samples);
    const auto u = q.draw(o.seed, 1 + level, 0, o.samples);
    const Asked asked = ask(f, u, o.threads);
    result.event.evaluations += o.samples;
    result.event.failed += asked.failed;
    pool.add(q, u, asked.g);
    if (level == 0) {
      sigma = 100 * pool.typical_value();  // next to the same weight for all
      least = 1e-14 * sigma;
    }
    SampleRow weight = pool.weights(0.0);
    result.reached = effective_number(weight) >= wanted;
    if (!result.reached) {
      if (!(sigma > least)) break;  // no run gave a number, or none comes nearer the event
      sigma = pool.sharpest(sigma, least, wanted);
      weight = pool.weights(sigma);
    }
    result.smoothing.push_back(result.reached ? 0.0 : sigma);
    result.proposal = guarded(fit_mixture(pool.points(), weight, o.parts), o.nominal);
  }
  if (!result.reached) return result;
  ImportanceEstimate last = importance_sample(
      f, result.proposal, {.samples = o.final_samples, .seed = o.seed, .threads = o.threads});
  last.event.evaluations += result.event.evaluations;
  last.event.failed += result.event.failed;
  result.event = last.event;
  result.heaviest = last.heaviest;
  return result;
}

}  // namespace twin::uq
