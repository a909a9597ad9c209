// The cumulative sum monitor: finds a small lasting shift of a mean whose normal value and deviation
// are known, sooner than any other for the same rate of false alarms (E. S. Page, Biometrika 41,
// 1954; G. Moustakides, Annals of Statistics 14, 1986). How long it takes: cusum_run_length.hpp.
#pragma once
#include <cstdint>
#include <optional>

#include "twin/score/monitor.hpp"

namespace twin::score {

struct CusumOptions {
  double target = 0.0;     // the mean where nothing has changed [the values' unit]
  double deviation = 1.0;  // of one value [the values' unit]
  double slack = 0.5;      // half the shift to be found [deviations]
  double threshold = 5.0;  // of the sums [deviations]; 5 with 0.5: a false alarm in 465 values
  bool operator==(const CusumOptions&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("target", self.target);
    archive("deviation", self.deviation);
    archive("slack", self.slack);
    archive("threshold", self.threshold);
  }
};

class Cusum {
 public:
  Cusum() = default;
  // core::Error for options that are not finite, deviation or threshold not positive, slack
  // negative.
  explicit Cusum(const CusumOptions& options);

  Change add(double x);
  void reset();  // sums, counts and alarm; the options stay

  [[nodiscard]] const CusumOptions& options() const { return options_; }
  [[nodiscard]] const std::optional<Alarm>& alarm() const { return sums_.alarm(); }
  [[nodiscard]] double up() const { return sums_.up().value(); }      // [deviations]
  [[nodiscard]] double down() const { return sums_.down().value(); }  // [deviations]
  [[nodiscard]] std::uint64_t count() const { return count_; }        // missing ones too
  [[nodiscard]] std::uint64_t missing() const { return missing_; }

  bool operator==(const Cusum&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("options", self.options_);
    archive("sums", self.sums_);
    archive("count", self.count_);
    archive("missing", self.missing_);
  }
  void loaded() const;

 private:
  CusumOptions options_;
  PagePair sums_;
  std::uint64_t count_ = 0;
  std::uint64_t missing_ = 0;
};

}  // namespace twin::score
