#include "twin/score/vvuq/judge.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/statistics.hpp"
#include "twin/score/area_metric.hpp"
#include "twin/score/chi_square.hpp"
#include "twin/score/coverage.hpp"
#include "twin/score/crps.hpp"
#include "twin/score/log_score.hpp"
#include "twin/score/pit.hpp"
#include "twin/score/spread_skill.hpp"

namespace twin::score::vvuq {

namespace {

constexpr double Confidence = 0.95;
constexpr double Unknown = std::numeric_limits<double>::infinity();  // error of too few

// Half-width of the interval of a mean of values of which so many are independent.
double half_width(double standard_error, double effective) {
  if (!(effective >= 2.0)) return Unknown;
  return standard_error * math::student_t_quantile(0.5 + 0.5 * Confidence, effective - 1.0);
}

double standard_error(const math::Moments& m, double effective) {
  return m.count() < 2 ? Unknown : m.deviation() / std::sqrt(std::max(effective, 1.0));
}

Criterion criterion(std::string measure, double value, double low, double high,
                    std::optional<double> least, std::optional<double> most,
                    Proof proof = Proof::Shown) {
  Criterion c{std::move(measure), value, low, high, least, most, proof};
  c.outcome = outcome_of(c);
  return c;
}

double score_of(const std::vector<double>& members, double came) {
  return members.size() < 2 ? crps(members, came) : fair_crps(members, came);
}

math::Moments moments_of(const std::vector<double>& x) {
  math::Moments m;
  for (const double v : x) m.add(v);
  return m;
}

struct Judge {
  const QuantityInput& in;
  QuantityReport out;
  std::vector<double> z, pits, scores;
  math::Moments errors, squares, crps, came, variances;
  Coverage covered;
  SpreadSkill spread;
  PitHistogram pit;

  void take();
  void scores_of_all();
  void calibration();
  void references();
  void uncertainty();
  void criteria();
};

void Judge::take() {
  const std::size_t n = in.occasions.size();
  pit = PitHistogram(std::clamp<std::size_t>(n / 5, 2, 10));
  math::Moments expected, log_scores;
  bool spread_everywhere = true;
  for (const Occasion& o : in.occasions) {
    if (o.members.size() < 2)
      throw core::Error(in.name + ": an ensemble of " + std::to_string(o.members.size()) +
                        " (two members at least have a spread)");
    TWIN_EXPECT(o.references.size() == in.references.size(), o.references.size());
    std::vector<double> sorted = o.members;
    std::sort(sorted.begin(), sorted.end());
    const math::Moments m = moments_of(sorted);
    pits.push_back(ensemble_pit(sorted, o.came, o.u));
    z.push_back(math::normal(pits.back()));
    pit.add(pits.back());
    scores.push_back(fair_crps_of_sorted(sorted, o.came));
    crps.add(scores.back());
    came.add(o.came);
    errors.add(m.mean() - o.came);
    squares.add((m.mean() - o.came) * (m.mean() - o.came));
    variances.add(m.variance());
    spread.add(o.members, o.came);
    const CentralInterval central = central_interval(sorted.size());
    out.level = central.level;
    covered.add(sorted[central.rank - 1], sorted[sorted.size() - central.rank], o.came);
    // E|X - X'| / 2 over the members: the score of a forecast that is right, on average.
    double sum = 0.0;
    const auto size = static_cast<double>(sorted.size());
    for (std::size_t i = 0; i < sorted.size(); ++i)
      sum += (2.0 * static_cast<double>(i) + 1.0 - size) * sorted[i];
    expected.add(sum / (size * (size - 1.0)));
    if (m.variance() > 0.0)
      log_scores.add(normal_log_score(o.members, o.came));
    else
      spread_everywhere = false;
    const auto q = [&](double p) { return math::quantile_of_sorted(sorted, p); };
    out.fans.push_back({o.at, q(0.05), q(0.25), q(0.5), q(0.75), q(0.95), o.came, z.back()});
  }
  out.crps_expected = expected.mean();
  if (n != 0 && spread_everywhere) out.log_score = log_scores.mean();
}

void Judge::scores_of_all() {
  out.effective = effective_number(z, in.overlap);
  out.mean_came = came.mean();
  out.bias = errors.mean();
  out.bias_error = standard_error(errors, out.effective);
  out.rmse = std::sqrt(squares.mean());
  out.crps = crps.mean();
  out.crps_error = standard_error(crps, out.effective);
}

void Judge::calibration() {
  const auto n = static_cast<double>(out.occasions);
  const double shrink = out.effective / n;
  out.coverage = *covered.share();
  const auto trials = static_cast<std::uint64_t>(std::llround(out.effective));
  const auto held =
      static_cast<std::uint64_t>(std::llround(out.coverage * static_cast<double>(trials)));
  const Bounds bounds = clopper_pearson(held, trials, Confidence);
  out.coverage_low = bounds.low;
  out.coverage_high = bounds.high;
  out.pit.assign(pit.counts().begin(), pit.counts().end());
  const ChiSquareTest flat = pit.flatness()->all;
  out.flatness_p = chi_square_above(flat.statistic * shrink, flat.degrees_of_freedom);
  out.area = pooled_area_metric(pits);
  const auto answer = spread.answer();
  if (answer && std::isfinite(answer->ratio) && std::isfinite(answer->standard_error)) {
    out.spread_skill = answer->ratio;
    out.spread_skill_error = answer->standard_error / std::sqrt(shrink);
  }
}

void Judge::references() {
  for (std::size_t r = 0; r < in.references.size(); ++r) {
    math::Moments theirs, gain;
    for (std::size_t i = 0; i < in.occasions.size(); ++i) {
      const Occasion& o = in.occasions[i];
      if (o.references[r].empty()) continue;
      const double score = score_of(o.references[r], o.came);
      theirs.add(score);
      gain.add(score - scores[i]);
    }
    if (theirs.count() == 0 || !(theirs.mean() > 0.0)) continue;
    const double effective =
        out.effective * static_cast<double>(theirs.count()) / static_cast<double>(out.occasions);
    out.references.push_back({in.references[r], theirs.mean(), gain.mean() / theirs.mean(),
                              standard_error(gain, effective) / theirs.mean(), theirs.count()});
  }
}

void Judge::uncertainty() {
  UncertaintySplit& u = out.uncertainty;
  math::Moments numerical;
  for (const Occasion& o : in.occasions)
    numerical.add(moments_of(o.members).variance() / static_cast<double>(o.members.size()));
  u.numerical = numerical.mean();
  if (in.chance_alone) {
    math::Moments chance;
    for (const Occasion& o : in.occasions)
      if (o.references[*in.chance_alone].size() > 1)
        chance.add(moments_of(o.references[*in.chance_alone]).variance());
    if (chance.count() != 0) {
      u.aleatory = chance.mean();
      u.epistemic = std::max(variances.mean() - chance.mean(), 0.0);
    }
  } else {
    u.aleatory = variances.mean();
  }
  u.model_form = std::max(squares.mean() - variances.mean() - numerical.mean(), 0.0);
}

void Judge::criteria() {
  const Acceptance& a = out.acceptance;
  const double bias = half_width(out.bias_error, out.effective);
  const double scale = std::abs(out.mean_came);
  if (scale > 0.0)
    out.criteria.push_back(criterion("bias over mean", out.bias / scale, (out.bias - bias) / scale,
                                     (out.bias + bias) / scale, -a.bias_max, a.bias_max));
  out.criteria.push_back(
      criterion("coverage", out.coverage, out.coverage_low, out.coverage_high, a.coverage_min, {}));
  const ReferenceScore* best = nullptr;
  for (const ReferenceScore& r : out.references)
    if (best == nullptr || r.crps < best->crps) best = &r;
  if (best != nullptr) {
    const double half = half_width(best->skill_error, out.effective);
    out.criteria.push_back(criterion("skill against " + best->name, best->skill, best->skill - half,
                                     best->skill + half, a.skill_min, {}));
  }
  out.criteria.push_back(criterion("flatness p-value", out.flatness_p, out.flatness_p,
                                   out.flatness_p, a.flatness_p_min, {}, Proof::NotRefuted));
  if (out.spread_skill) {
    const double half = half_width(*out.spread_skill_error, out.effective);
    out.criteria.push_back(criterion("spread over skill", *out.spread_skill,
                                     *out.spread_skill - half, *out.spread_skill + half,
                                     a.spread_skill_low, a.spread_skill_high, Proof::NotRefuted));
  }
}

}  // namespace

CentralInterval central_interval(std::size_t members) {
  TWIN_EXPECT(members >= 2, members);
  const auto n = static_cast<double>(members);
  const auto rank = static_cast<std::size_t>(std::max(std::floor(0.05 * (n + 1.0)), 1.0));
  return {rank, 1.0 - 2.0 * static_cast<double>(rank) / (n + 1.0)};
}

double effective_number(const std::vector<double>& values, std::size_t lags) {
  const auto n = static_cast<double>(values.size());
  const math::Moments m = moments_of(values);
  if (values.size() < 3 || !(m.variance() > 0.0)) return n;
  const double sum = m.variance() * (n - 1.0);
  double factor = 1.0;
  for (std::size_t k = 1; k <= std::max<std::size_t>(lags, 1) && k + 1 < values.size(); ++k) {
    double products = 0.0;
    for (std::size_t i = k; i < values.size(); ++i)
      products += (values[i] - m.mean()) * (values[i - k] - m.mean());
    factor += 2.0 * (1.0 - static_cast<double>(k) / n) * std::max(products / sum, 0.0);
  }
  return n / factor;
}

Outcome outcome_of(const Criterion& c) {
  const bool whole = c.proof == Proof::Shown;
  const double low = whole ? c.low : c.value, high = whole ? c.high : c.value;
  const bool inside = (!c.least || low >= *c.least) && (!c.most || high <= *c.most);
  const bool outside = (c.least && c.high < *c.least) || (c.most && c.low > *c.most);
  return inside ? Outcome::Met : outside ? Outcome::Missed : Outcome::Undecided;
}

Verdict verdict_of(const std::vector<Criterion>& criteria, double effective,
                   double least_effective) {
  if (!(effective >= least_effective)) return Verdict::NotEnoughEvidence;
  bool all = !criteria.empty();
  for (const Criterion& c : criteria) {
    if (c.outcome == Outcome::Missed) return Verdict::NotFit;
    all = all && c.outcome == Outcome::Met;
  }
  return all ? Verdict::Fit : Verdict::NotEnoughEvidence;
}

QuantityReport judge(const QuantityInput& input, const Acceptance& acceptance) {
  Judge j{input, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}};
  j.out.name = input.name;
  j.out.unit = input.unit;
  j.out.horizon = input.horizon;
  j.out.acceptance = acceptance;
  j.out.occasions = input.occasions.size();
  j.out.missing = input.missing;
  if (!input.occasions.empty()) {
    j.take();
    j.scores_of_all();
    j.calibration();
    j.references();
    j.uncertainty();
    j.criteria();
  }
  j.out.verdict = verdict_of(j.out.criteria, j.out.effective, acceptance.least_effective);
  return std::move(j.out);
}

}  // namespace twin::score::vvuq
