// The Page-Hinkley monitor: finds a lasting shift of a mean that nobody knows beforehand, by sums of
// what each value differs from the mean so far (D. V. Hinkley, Biometrika 58, 1971; in this form
// J. Gama, I. Zliobaite, A. Bifet, M. Pechenizkiy and A. Bouchachia, ACM Computing Surveys 46,
// 2014). Where mean and deviation are known, Cusum finds it sooner.
#pragma once
#include <cstdint>
#include <optional>

#include "twin/score/monitor.hpp"

namespace twin::score {

struct PageHinkleyOptions {
  double tolerance = 0.5;    // half the shift to be found [the values' unit]
  double threshold = 5.0;    // of the sums [the values' unit]
  std::uint64_t learn = 30;  // [values] first ones that only make the mean
  bool operator==(const PageHinkleyOptions&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("tolerance", self.tolerance);
    archive("threshold", self.threshold);
    archive("learn", self.learn);
  }
};

// With m(T) = sum over t <= T of (x(t) - mean(t) - tolerance), mean(t) over all values up to t, the
// upper alarm rings when m(T) - least m so far > threshold; the lower one mirrors it. Kept as
// S = max(0, S + step), which is the same number without sums that grow for ever. Departure from the
// source: the first `learn` values do not enter the sums, since their means are of too few.
class PageHinkley {
 public:
  PageHinkley() = default;
  // core::Error for options that are not finite, a threshold not positive, a tolerance negative.
  explicit PageHinkley(const PageHinkleyOptions& options);

  Change add(double x);
  void reset();  // forgets the mean too: what came before the change is not what is now

  [[nodiscard]] const PageHinkleyOptions& options() const { return options_; }
  [[nodiscard]] const std::optional<Alarm>& alarm() const { return sums_.alarm(); }
  [[nodiscard]] double mean() const { return mean_; }                 // 0 if there is nothing
  [[nodiscard]] double up() const { return sums_.up().value(); }      // [the values' unit]
  [[nodiscard]] double down() const { return sums_.down().value(); }  // [the values' unit]
  [[nodiscard]] std::uint64_t count() const { return count_; }        // missing ones too
  [[nodiscard]] std::uint64_t missing() const { return missing_; }

  bool operator==(const PageHinkley&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("options", self.options_);
    archive("sums", self.sums_);
    archive("mean", self.mean_);
    archive("count", self.count_);
    archive("missing", self.missing_);
  }
  void loaded() const;

 private:
  PageHinkleyOptions options_;
  PagePair sums_;
  double mean_ = 0.0;  // [the values' unit]
  std::uint64_t count_ = 0;
  std::uint64_t missing_ = 0;
};

}  // namespace twin::score
