// How often intervals hold what they promise to hold, and between which bounds the true share lies.
#pragma once
#include <cstdint>
#include <optional>

namespace twin::score {

struct Bounds {
  double low = 0.0;
  double high = 1.0;
};

// Of a probability of which `successes` of `trials` were seen: holds the true one with at least
// this confidence, whatever it is (C. J. Clopper and E. S. Pearson, Biometrika 26, 1934). 0 to 1
// for no trials. core::Error for a confidence outside 0 to 1; more successes than trials are our
// own mistake.
Bounds clopper_pearson(std::uint64_t successes, std::uint64_t trials, double confidence = 0.95);

class Coverage {
 public:
  // Both ends belong to the interval. core::Error if y is not finite, an end is NaN, or low > high;
  // infinite ends are fine.
  void add(double low, double high, double y);
  void merge(const Coverage& other);

  [[nodiscard]] std::uint64_t total() const { return below_ + inside_ + above_; }
  [[nodiscard]] std::uint64_t inside() const { return inside_; }
  [[nodiscard]] std::uint64_t below() const { return below_; }  // y was below the interval
  [[nodiscard]] std::uint64_t above() const { return above_; }
  [[nodiscard]] std::optional<double> share() const;  // nothing if nothing was added
  [[nodiscard]] Bounds bounds(double confidence = 0.95) const {
    return clopper_pearson(inside_, total(), confidence);
  }

  bool operator==(const Coverage&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("below", self.below_);
    archive("inside", self.inside_);
    archive("above", self.above_);
  }

 private:
  std::uint64_t below_ = 0;  // [intervals] by where y was
  std::uint64_t inside_ = 0;
  std::uint64_t above_ = 0;
};

}  // namespace twin::score
