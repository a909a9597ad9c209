// What durations of uniform law around known nominal values say about a common multiplier of their means and of their
// spreads: exact, from the least and the greatest of each kind of duration alone.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace twin::bayes {

// A kind of duration: d = p a + s p h z, z of U(-1, 1), with nominal value a > 0 and half width h > 0 known, the
// multipliers p of the mean and s of the spread not. `parts` of the nominal value may be equal stretches of a /
// stretch each that a clock rounds to whole ticks one by one, so that the sum is off by up to half a tick a part.
struct UniformKind {
  double nominal = 0.0, half_width = 0.0;  // [tick]
  double parts = 0.0, stretch = 0.0;       // [1], [tick]
  bool operator==(const UniformKind&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("nominal", self.nominal);
    a("half_width", self.half_width);
    a("parts", self.parts);
    a("stretch", self.stretch);
  }
};

// With q = p s the likelihood is in proportion to q^-n where |d - D(p)| <= q h for all d, D the centre of their kind.
// Prior: flat in (p, log q). So p has a density in proportion to q0(p)^-n, q0(p) the least q that p allows, and given
// p, q has a Pareto law from q0(p) on with exponent n. For one kind without parts the mean is the middle of one
// uniform law: P(|p - mid| > t) = (1 + 2 t / R)^-(n - 1), R the range of d / a. One integral, by quadrature.
class UniformScale {
 public:
  struct Seen {
    UniformKind kind;
    double least = 0.0, greatest = 0.0;  // [tick]
    std::uint64_t count = 0;
    bool operator==(const Seen&) const = default;

    template <class Archive>
    static void fields(Archive& a, auto& self) {
      a("kind", self.kind);
      a("least", self.least);
      a("greatest", self.greatest);
      a("count", self.count);
    }
  };
  struct Interval {
    double low = 0.0, median = 0.0, high = 0.0;
  };
  struct Belief {
    Interval mean, spread;  // of p and of s
  };
  struct Quantiles {
    std::vector<double> mean, spread;  // [probability] of p and of s
  };

  // Nominal value and half width must be finite and above 0, and so must the duration. Throws twin::core::Error.
  void saw(double duration, const UniformKind& kind);
  // As if all that the other saw had been seen here too.
  void include(const UniformScale& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] const std::vector<Seen>& kinds() const { return kinds_; }  // by first sight
  // Central intervals of probability `share`. Expects that it knows enough.
  [[nodiscard]] Belief belief(double share) const;
  // At probabilities in (0, 1), in rising order, by one quadrature. Expects that it knows enough.
  [[nodiscard]] Quantiles quantiles(std::span<const double> probabilities) const;
  [[nodiscard]] bool knows() const;  // 3 durations or more that no single ratio explains
  bool operator==(const UniformScale&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("count", self.count_);
    a("kinds", self.kinds_);
  }

 private:
  [[nodiscard]] double least_q(double p) const;
  [[nodiscard]] double smooth_q(double p) const;  // without the rounding of parts: convex in p

  std::uint64_t count_ = 0;
  std::vector<Seen> kinds_;
};

}  // namespace twin::bayes
