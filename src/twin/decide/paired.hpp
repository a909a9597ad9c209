// Two alternatives under common random numbers: the mean of their differences, pair by pair, with an
// interval; what the pairing saved; how many pairs are still needed. Never the difference of two
// intervals: that throws away what the alternatives share.
#pragma once
#include <cstdint>
#include <optional>

#include "twin/math/statistics.hpp"

namespace twin::decide {

class Paired {
 public:
  // One replication of both, run with the same draws. core::Error, and nothing is counted, unless
  // both are finite.
  void add(double a, double b);
  void merge(const Paired& other);

  [[nodiscard]] std::uint64_t count() const { return difference_.count(); }      // [pairs]
  [[nodiscard]] const math::Moments& a() const { return a_; }                    // of a alone
  [[nodiscard]] const math::Moments& b() const { return b_; }                    // of b alone
  [[nodiscard]] const math::Moments& difference() const { return difference_; }  // of a - b
  [[nodiscard]] math::Interval interval(double confidence = 0.95) const;         // of a - b

  // Of a - b, and holds at all numbers of pairs at once: look after each pair, stop when it pleases.
  // Normal differences (below); infinite at first. best_at: about the number of pairs at which it is
  // to be narrowest, at least 2.
  [[nodiscard]] math::Interval anytime_interval(double confidence = 0.95,
                                                std::uint64_t best_at = 30) const;

  // Runs of a and b apart would need so many times as many pairs: (Var a + Var b) / Var(a - b).
  // Nothing below two pairs or without any variance; infinite if only the difference has none.
  [[nodiscard]] std::optional<double> variance_ratio() const;
  [[nodiscard]] std::optional<double> correlation() const;  // of a with b; nothing: one is constant

  bool operator==(const Paired&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("a", self.a_);
    archive("b", self.b_);
    archive("difference", self.difference_);
  }

 private:
  math::Moments a_, b_, difference_;
};

// Half the width of the anytime interval, in standard deviations of the differences: with n values,
// t^2 = n (mean - mu)^2 / s^2 and a normal prior of mu / sigma worth g values,
//   E_n(mu) = sqrt(g / (n + g)) [(1 + t^2/(n-1)) / (1 + (g / (n + g)) t^2/(n-1))]^(n/2)
// is a martingale of mean 1 under mu whatever sigma is (right Haar prior; A. Hendriksen, R. de Heide
// and P. Gruenwald, Bayesian Analysis 16, 2021; H. Wang and A. Ramdas, "Anytime-valid t-tests and
// confidence sequences for Gaussian means with unknown variance", 2023, theorem 4.9), so that by
// Ville's inequality E_n(mu) < 1 / (1 - confidence) for all n at once. Solved here for the mean.
double anytime_half_width(std::uint64_t n, double confidence, double g);

// How many pairs give a half-width of at most this, if the deviation stays as it is: the least n with
// t_{n-1} s / sqrt(n) <= half_width. At least 2. core::Error unless half_width is positive.
std::uint64_t pairs_for(double half_width, double deviation, double confidence = 0.95);

// The same as a promise: after these pairs, n of them, mean +- half_width of max(n, so many) pairs
// covers the true mean with at least this confidence, exactly so for normal differences (C. Stein,
// Annals of Mathematical Statistics 16, 1945). The first pairs' deviation alone may decide.
std::uint64_t pairs_for_stein(double half_width, const math::Moments& first,
                              double confidence = 0.95);

enum class Finding : std::uint8_t {
  Open,    // the interval holds too much to say
  Less,    // a is less than b
  Alike,   // no further apart than the margin
  Greater  // a is greater than b
};
// What an interval of a - b says; margin >= 0: differences of no practical worth. What lies within it
// for sure is Alike even where its sign is known.
Finding finding(const math::Interval& difference, double margin = 0.0);

}  // namespace twin::decide
