// How promised gains compare with those that came, of one objective in one unit: how much too much is promised
// on average, and by which factor what comes must be expected; and, whatever the unit, how many of the
// promised intervals held. Plain sums, so that they are a fold.
#pragma once
#include <cstdint>
#include <optional>

#include "twin/people/recommendation.hpp"

namespace twin::people {

struct ShareBounds {
  double low = 0.0, high = 1.0;
  bool operator==(const ShareBounds&) const = default;
};
// 95 % bounds of a share of which `count` in `of` > 0 were seen (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927, 209-212).
// They hold what they say nearly, also for few and for shares near 0 and 1 (Brown, Cai and DasGupta, Statistical
// Science 16, 2001); the exact ones of Clopper and Pearson are wider.
[[nodiscard]] ShareBounds wilson(std::uint64_t count, std::uint64_t of);

struct Estimate {
  double value = 0.0;
  std::optional<double> error = {};  // standard error; nothing for a single case
  bool operator==(const Estimate&) const = default;
};

class Gains {
 public:
  void add(double promised, double realised);  // means [unit]
  [[nodiscard]] std::uint64_t count() const { return count_; }
  // Mean of realised - promised [unit]: below zero, too much is promised. Nothing: there was no case.
  [[nodiscard]] std::optional<Estimate> bias() const;
  // Least squares of realised = slope * promised. A promise that is the mean of what may come, given what is known,
  // has slope 1 whatever the noise of what comes; the reverse regression has not. Nothing: only zeros were promised.
  [[nodiscard]] std::optional<Estimate> slope() const;

  bool operator==(const Gains&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("count", self.count_);
    archive("excess", self.excess_);
    archive("excess_squares", self.excess_squares_);
    archive("promised_squares", self.promised_squares_);
    archive("products", self.products_);
  }

 private:
  // Sums in d = realised - promised instead of realised: nothing cancels where promises are good.
  std::uint64_t count_ = 0;
  double excess_ = 0.0;            // of d [unit]
  double excess_squares_ = 0.0;    // of d^2 [unit^2]
  double promised_squares_ = 0.0;  // of promised^2 [unit^2]
  double products_ = 0.0;          // of promised * d [unit^2]
};

struct Held {  // promised intervals
  std::uint64_t count = 0;
  std::uint64_t inside = 0;  // that held the realised mean
  double nominal = 0.0;      // sum of their shares: so many should have
  void add(const Interval& promised, bool held);
  bool operator==(const Held&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("count", self.count);
    archive("inside", self.inside);
    archive("nominal", self.nominal);
  }
};

}  // namespace twin::people
