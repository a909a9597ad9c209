// What durations of uniform law around known nominal values say about a common multiplier of their mean and of their
// spread: exact, from the least and greatest ratio of each kind of duration alone.
#pragma once
#include <cstdint>
#include <vector>

namespace twin::infer {

// Durations d = p (a + s h z), z of U(-1, 1): nominal value a > 0 and half width h known for each, multipliers p (mean) and
// s (spread) not. With q = p s, k = h / a and r = d / a the likelihood is in proportion to q^-n where p - q k <= r <= p + q k
// for all, so all that counts is n and, for each k, the least and greatest r. Prior: flat in (p, log q). For one k the
// mean is (a' + b') / 2 of the ends of one uniform law, whose error follows a symmetric Pareto law
// (P(|p - mid| > t) = (1 + 2 t / R)^-(n - 1), R the range of r); for several k one integral is done by quadrature.
class UniformScale {
 public:
  struct Kind {
    double k = 0.0;                      // half width over nominal value, above 0
    double least = 0.0, greatest = 0.0;  // ratio observed to nominal
    std::uint64_t count = 0;
    bool operator==(const Kind&) const = default;
  };
  struct Interval {
    double low = 0.0, median = 0.0, high = 0.0;
  };
  struct Belief {
    Interval mean, spread;  // of p and of s
  };

  // nominal and half_width must be above 0, the duration finite and above 0. Throws twin::core::Error.
  void saw(double duration, double nominal, double half_width);
  void saw_all(const UniformScale& other);  // joins what two parts have seen

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] const std::vector<Kind>& kinds() const { return kinds_; }  // by rising k
  // Central intervals of probability `share`. Expects at least 3 durations that are not all of one ratio.
  [[nodiscard]] Belief belief(double share) const;
  [[nodiscard]] bool knows() const;  // are there enough for a belief?
  bool operator==(const UniformScale&) const = default;

 private:
  std::uint64_t count_ = 0;
  std::vector<Kind> kinds_;
};

}  // namespace twin::infer
