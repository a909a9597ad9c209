#include "twin/decide/run_to_run.hpp"

#include <algorithm>
#include <cmath>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/score/checked.hpp"

namespace twin::decide {
namespace {

void check_run_to_run(const Knob& k, double first_recipe) {
  score::need_finite(k.gain, "gain");
  score::need_finite(k.target, "target");
  score::need_finite(first_recipe, "first recipe");
  if (k.gain == 0.0) throw core::Error("gain = 0 (a knob that moves nothing cannot control)");
  if (!(k.low <= k.high)) {
    throw core::Error("bounds " + core::show_values(k.low) + " to " + core::show_values(k.high) +
                      " (low must not be above high); are they swapped?");
  }
  if (!(k.most_change > 0.0)) {
    throw core::Error("most_change = " + core::show_values(k.most_change) + " (must be positive)");
  }
  if (!(first_recipe >= k.low && first_recipe <= k.high)) {
    throw core::Error("first recipe = " + core::show_values(first_recipe) + " (must lie within " +
                      core::show_values(k.low) + " to " + core::show_values(k.high) + ")");
  }
}

void need_weight(double lambda, const char* what) {
  if (!(lambda > 0.0 && lambda <= 1.0)) {
    throw core::Error(std::string(what) + " = " + core::show_values(lambda) +
                      " (must lie above 0, at most 1)");
  }
}

void need_variance(double v, const char* what) {
  score::need_finite(v, what);
  if (v < 0.0)
    throw core::Error(std::string(what) + " = " + core::show_values(v) + " (must not be negative)");
}

}  // namespace

double Knob::recipe(double offset, double last) const {
  const double wanted = (target - offset) / gain;
  // The bounds have the last word: if a run was made outside them, the way back may be a long one.
  const double near = std::clamp(wanted, last - most_change, last + most_change);
  return std::clamp(near, low, high);
}

Ewma::Ewma(const Knob& knob, double lambda, double first_recipe)
    : knob_(knob), lambda_(lambda), offset_(0.0), last_(first_recipe) {
  check_run_to_run(knob, first_recipe);
  need_weight(lambda, "lambda");
  offset_ = knob.target - knob.gain * first_recipe;  // so that the first recipe is the first one
}

void Ewma::measured(double u, double y) {
  TWIN_EXPECT(std::isfinite(u), u);
  last_ = u;
  if (std::isfinite(y)) offset_ = lambda_ * (y - knob_.gain * u) + (1.0 - lambda_) * offset_;
}

DoubleEwma::DoubleEwma(const Knob& knob, double level_weight, double drift_weight,
                       double first_recipe)
    : knob_(knob), level_weight_(level_weight), drift_weight_(drift_weight), last_(first_recipe) {
  check_run_to_run(knob, first_recipe);
  need_weight(level_weight, "level weight");
  need_weight(drift_weight, "drift weight");
  offset_ = knob.target - knob.gain * first_recipe;
}

void DoubleEwma::measured(double u, double y) {
  TWIN_EXPECT(std::isfinite(u), u);
  if (!std::isfinite(y)) return skipped(u);
  last_ = u;
  const double seen = y - knob_.gain * u, before = offset_;
  offset_ = level_weight_ * seen + (1.0 - level_weight_) * (offset_ + drift_);
  drift_ = drift_weight_ * (seen - before) + (1.0 - drift_weight_) * drift_;
}

void DoubleEwma::skipped(double u) {
  last_ = u;
  offset_ += drift_;
}

KalmanRunToRun::KalmanRunToRun(const Knob& knob, const DriftNoise& noise, double first_recipe)
    : knob_(knob),
      noise_(noise),
      aa_(noise.first_level),
      dd_(noise.first_drift),
      last_(first_recipe) {
  check_run_to_run(knob, first_recipe);
  score::need_positive(noise.measurement, "measurement variance");
  need_variance(noise.level, "level variance");
  need_variance(noise.drift, "drift variance");
  need_variance(noise.first_level, "first level variance");
  need_variance(noise.first_drift, "first drift variance");
  offset_ = knob.target - knob.gain * first_recipe;
}

void KalmanRunToRun::measured(double u, double y) {
  TWIN_EXPECT(std::isfinite(u), u);
  if (std::isfinite(y)) {
    const double s = aa_ + noise_.measurement, ka = aa_ / s, kd = ad_ / s;
    const double innovation = y - knob_.gain * u - offset_;
    offset_ += ka * innovation;
    drift_ += kd * innovation;
    // Joseph's form for one number: no variance turns negative.
    const double keep = 1.0 - ka, r = noise_.measurement;
    dd_ = dd_ - 2.0 * kd * ad_ + kd * kd * s;
    ad_ = keep * (ad_ - kd * aa_) + ka * kd * r;
    aa_ = keep * keep * aa_ + ka * ka * r;
  }
  skipped(u);
}

void KalmanRunToRun::skipped(double u) {
  last_ = u;
  offset_ += drift_;
  aa_ += 2.0 * ad_ + dd_ + noise_.level;
  ad_ += dd_;
  dd_ += noise_.drift;
}

}  // namespace twin::decide
