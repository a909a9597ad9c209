#include "twin/score/watch.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/math/distributions.hpp"
#include "twin/score/checked.hpp"
#include "twin/score/crps.hpp"
#include "twin/score/cusum_run_length.hpp"

namespace twin::score {

namespace {

constexpr std::uint64_t FirstMissingCheck = 20;  // [occasions]
constexpr double Edge = 1e-12;  // PIT values are kept so far from 0 and 1: |z| <= 7

// Of a sample: half the mean distance of two of its members, the mean fair CRPS of a right forecast.
double expected_crps(std::span<const double> ensemble) {
  std::vector<double> x(ensemble.begin(), ensemble.end());
  std::sort(x.begin(), x.end());
  const auto n = static_cast<double>(x.size());
  double sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += (2.0 * static_cast<double>(i) + 1.0 - n) * x[i];
  return sum / (n * (n - 1.0));
}

}  // namespace

std::string_view to_string(Cause cause) {
  switch (cause) {
    case Cause::MeanShifted: return "mean shifted";
    case Cause::SpreadChanged: return "spread changed";
    case Cause::RealityMissing: return "reality missing";
    case Cause::ModelChanged: return "model changed";
    case Cause::PlantChanged: return "plant changed";
    case Cause::TaskChanged: return "task changed";
  }
  return "";
}

Watch::Watch(const WatchOptions& options) : options_(options) {
  if (!(options.false_alarm_every >= 20.0 && options.false_alarm_every <= 1e6))
    throw core::Error("a false alarm every " + std::to_string(options.false_alarm_every) +
                      " occasions (must be 20 to 1000000)");
  if (!(options.missing_share > 0.0 && options.missing_share <= 1.0))
    throw core::Error("allowed share of missing values " + std::to_string(options.missing_share) +
                      " (must be above 0 and at most 1)");
  // Four monitors that ring independently, each so often, ring together four times as often.
  const double threshold = options == WatchOptions{}
                               ? DefaultThreshold
                               : threshold_for(options.slack, 4.0 * options.false_alarm_every);
  set_monitors(threshold);
}

void Watch::set_monitors(double threshold) {
  CusumOptions cusum;
  cusum.slack = options_.slack;
  cusum.threshold = threshold;
  mean_ = spread_ = Cusum(cusum);
  PageHinkleyOptions learnt;
  learnt.tolerance = options_.slack;
  learnt.threshold = threshold;
  mean_learnt_ = spread_learnt_ = PageHinkley(learnt);
}

bool Watch::add(std::span<const double> ensemble, double came, double u) {
  need_finite(ensemble, "ensemble");
  if (ensemble.size() < 2)
    throw core::Error("an ensemble of 1 (two members at least have a spread)");
  if (!std::isfinite(came)) return miss();
  crps_.add(fair_crps(ensemble, came));
  crps_expected_.add(expected_crps(ensemble));
  return add_pit(ensemble_pit(ensemble, came, u));
}

bool Watch::add(double mean, double deviation, double came) {
  need_finite(mean, "mean");
  need_positive(deviation, "deviation");
  if (!std::isfinite(came)) return miss();
  crps_.add(normal_crps(mean, deviation, came));
  crps_expected_.add(deviation * std::numbers::inv_sqrtpi);
  return add_pit(normal_pit(mean, deviation, came));
}

bool Watch::add_pit(double pit) {
  need_probability(pit, "PIT");
  ++count_;
  pits_.add(pit);
  last_z_ = math::normal(std::clamp(pit, Edge, 1.0 - Edge));
  squares_.add(last_z_ * last_z_, 1);
  const double s = math::normal(std::clamp(std::abs(2.0 * pit - 1.0), Edge, 1.0 - Edge));
  mean_.add(last_z_);
  spread_.add(s);
  mean_learnt_.add(last_z_);
  spread_learnt_.add(s);
  const auto look = [&](Cause cause, const std::optional<Alarm>& alarm) {
    if (alarm) found(cause, alarm->change, alarm->began_at);
  };
  look(Cause::MeanShifted, mean_.alarm());
  look(Cause::SpreadChanged, spread_.alarm());
  look(Cause::MeanShifted, mean_learnt_.alarm());
  look(Cause::SpreadChanged, spread_learnt_.alarm());
  return due();
}

bool Watch::miss() {
  ++count_;
  ++missing_;
  for (Cusum* c : {&mean_, &spread_}) c->add(static_cast<double>(NAN));
  for (PageHinkley* p : {&mean_learnt_, &spread_learnt_}) p->add(static_cast<double>(NAN));
  if (count_ >= FirstMissingCheck &&
      static_cast<double>(missing_) > options_.missing_share * static_cast<double>(count_))
    found(Cause::RealityMissing, Change::None, count_);
  return due();
}

void Watch::tell(Cause cause) {
  TWIN_EXPECT(cause == Cause::ModelChanged || cause == Cause::PlantChanged ||
              cause == Cause::TaskChanged);
  found(cause, Change::None, count_ + 1);
}

void Watch::found(Cause cause, Change change, std::uint64_t since) {
  const bool known = std::any_of(reasons_.begin(), reasons_.end(),
                                 [&](const Reason& r) { return r.cause == cause; });
  if (!known) reasons_.push_back({cause, change, since, count_});
}

std::optional<double> Watch::crps_ratio() const {
  if (!(crps_expected_.value() > 0.0)) return {};
  return crps_.value() / crps_expected_.value();
}

void Watch::reset() {
  const WatchOptions options = options_;
  const double threshold = mean_.options().threshold;
  *this = Watch();
  options_ = options;
  set_monitors(threshold);
}

}  // namespace twin::score
