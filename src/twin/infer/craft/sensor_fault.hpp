// Which sensor is at fault: each sensor's innovations, in their own standard deviations, go into a
// CUSUM of their mean and one of their size; a sensor that raises either is excluded, and counted,
// until it has been quiet again for as long as its policy asks, or somebody says so.
#pragma once
#include <Eigen/Dense>
#include <cstdint>
#include <span>

#include "twin/score/cusum.hpp"

namespace twin::infer {

struct FaultPolicy {
  double slack = 0.5;       // half the shift of the mean to be found [deviations]
  double threshold = 12.0;  // of the sums [deviations]; infinite: no sensor is ever excluded
  std::uint32_t quiet = 0;  // normal innovations in a row that bring a sensor back; 0: none do
  double normal = 3.0;      // what counts as one [deviations]
  bool operator==(const FaultPolicy&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("slack", self.slack);
    archive("threshold", self.threshold);
    archive("quiet", self.quiet);
    archive("normal", self.normal);
  }
};

// Error unless each number lies where it may.
void check_fault(const FaultPolicy& policy);

// A regular value for each sensor, part of the estimator's memory.
class FaultMonitor {
 public:
  FaultMonitor() = default;
  // Error as check_fault.
  explicit FaultMonitor(const FaultPolicy& policy);

  // normalised: d / sqrt(HPH^T + R) of each component of one observation; NaN: missing. It counts as
  // +-4 at most, so that one gross error alone is no fault. Answers
  // whether the sensor may be used now, this observation included.
  bool add(std::span<const double> normalised);
  void reinstate();  // it has been repaired: all begins anew

  [[nodiscard]] bool excluded() const { return excluded_; }
  [[nodiscard]] std::uint64_t exclusions() const { return exclusions_; }  // how often it fell

  bool operator==(const FaultMonitor&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("policy", self.policy_);
    archive("mean", self.mean_);
    archive("size", self.size_);
    archive("excluded", self.excluded_);
    archive("quiet", self.quiet_);
    archive("exclusions", self.exclusions_);
  }

 private:
  FaultPolicy policy_{};
  score::Cusum mean_;  // of normalised innovations: target 0, deviation 1
  score::Cusum size_;  // of their squares less 1, over sqrt(2)
  bool excluded_ = false;
  std::uint32_t quiet_ = 0;  // normal innovations in a row while excluded
  std::uint64_t exclusions_ = 0;
};

}  // namespace twin::infer
