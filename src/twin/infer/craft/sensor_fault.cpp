#include "twin/infer/craft/sensor_fault.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "twin/core/error.hpp"

namespace twin::infer {
namespace {

constexpr double Most = 4.0;  // what an innovation counts at most [deviations]

bool never(const FaultPolicy& policy) { return std::isinf(policy.threshold); }

}  // namespace

void check_fault(const FaultPolicy& policy) {
  if (!(policy.threshold > 0.0)) {
    throw core::Error(
        fmt::format("fault threshold = {} (must be positive; infinite: off)", policy.threshold));
  }
  if (!(policy.slack >= 0.0) || !std::isfinite(policy.slack)) {
    throw core::Error(
        fmt::format("fault slack = {} (must be finite and not negative)", policy.slack));
  }
  if (!(policy.normal > 0.0)) {
    throw core::Error(fmt::format("normal = {} of a sensor (must be positive)", policy.normal));
  }
}

FaultMonitor::FaultMonitor(const FaultPolicy& policy) : policy_(policy) {
  check_fault(policy);
  if (never(policy)) return;
  mean_ = score::Cusum({.slack = policy.slack, .threshold = policy.threshold});
  // A square has a longer tail than a normal: twice the threshold for the same patience.
  size_ = score::Cusum({.slack = policy.slack, .threshold = 2.0 * policy.threshold});
}

bool FaultMonitor::add(std::span<const double> normalised) {
  if (never(policy_)) return true;
  for (const double given : normalised) {
    if (std::isnan(given)) continue;
    const double z = std::clamp(given, -Most, Most);
    if (excluded_) {
      quiet_ = std::abs(z) <= policy_.normal ? quiet_ + 1 : 0;
      if (policy_.quiet > 0 && quiet_ >= policy_.quiet) reinstate();
      continue;
    }
    mean_.add(z);
    size_.add((z * z - 1.0) / std::numbers::sqrt2);
    const auto& grown = size_.alarm();
    if (mean_.alarm() || (grown && grown->change == score::Change::Up)) {
      excluded_ = true;
      ++exclusions_;
      quiet_ = 0;
    } else if (grown) {
      size_.reset();  // smaller innovations than expected are no fault
    }
  }
  return !excluded_;
}

void FaultMonitor::reinstate() {
  excluded_ = false;
  quiet_ = 0;
  if (never(policy_)) return;
  mean_.reset();
  size_.reset();
}

}  // namespace twin::infer
