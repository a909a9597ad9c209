// What yes-or-no outcomes of known nominal probabilities say about a common multiplier of them.
#pragma once
#include <cstdint>
#include <vector>

namespace twin::bayes {

// Outcomes of probability min(1, m p), p known for each, m not. The likelihood m^yes prod (1 - m p)^no is integrated
// over m in (0, 1 / greatest p) by quadrature; prior: density in proportion to m^-1/2 (Jeffreys for rare outcomes).
class ScaledShare {
 public:
  struct Kind {
    double p = 0.0;  // nominal probability
    std::uint64_t yes = 0, no = 0;
    bool operator==(const Kind&) const = default;

    template <class Archive>
    static void fields(Archive& a, auto& self) {
      a("p", self.p);
      a("yes", self.yes);
      a("no", self.no);
    }
  };

  // The nominal probability must lie in (0, 1]. Throws twin::core::Error.
  void saw(bool yes, double nominal);
  // As if all that the other saw had been seen here too.
  void include(const ScaledShare& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] const std::vector<Kind>& kinds() const {
    return kinds_;
  }  // in the order of first sight
  // Of the multiplier; expects at least one outcome and every q in (0, 1). One value a q, which must rise.
  [[nodiscard]] std::vector<double> quantiles(const std::vector<double>& q) const;
  bool operator==(const ScaledShare&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("count", self.count_);
    a("kinds", self.kinds_);
  }

 private:
  std::uint64_t count_ = 0;
  std::vector<Kind> kinds_;
};

}  // namespace twin::bayes
