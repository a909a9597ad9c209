// Whether ensembles are as far apart as they are wrong: spread / skill is 1 for a calibrated
// ensemble of any size, below 1 if it is too sure.
#pragma once
#include <optional>
#include <span>

#include "twin/math/statistics.hpp"

namespace twin::score {

// Spread: root of the mean of (N + 1) / N times the unbiased variance of N members; skill: root mean
// square error of the ensemble's mean (V. Fortin, M. Abaza, F. Anctil and R. Turcotte, Journal of
// Hydrometeorology 15, 2014, eq. 15). The factor stands because the mean of N members errs too.
struct SpreadSkillAnswer {
  double spread = 0.0;          // [the values' unit]
  double skill = 0.0;           // [the values' unit]
  double bias = 0.0;            // mean of ensemble mean - y [the values' unit]
  double ratio = 0.0;           // spread / skill; infinite if no forecast ever erred
  double standard_error = 0.0;  // of the ratio, by the delta method, if occasions are independent
};

class SpreadSkill {
 public:
  // core::Error for fewer than two members and values that are not finite. Occasions may have
  // ensembles of different sizes.
  void add(std::span<const double> ensemble, double y);
  // The same from the ensemble's mean and unbiased variance.
  void add(double mean, double variance, std::size_t members, double y);
  void merge(const SpreadSkill& other);

  [[nodiscard]] std::uint64_t total() const { return errors_.count(); }  // [occasions]
  [[nodiscard]] std::optional<SpreadSkillAnswer> answer() const;         // nothing below two

  bool operator==(const SpreadSkill&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("errors", self.errors_);
    archive("squares", self.squares_);
    archive("variances", self.variances_);
    archive("sums", self.sums_);
  }

 private:
  math::Moments errors_;     // of mean - y
  math::Moments squares_;    // of its square
  math::Moments variances_;  // with the factor (N + 1) / N
  math::Moments sums_;       // of square + variance: from it the covariance of the two
};

}  // namespace twin::score
