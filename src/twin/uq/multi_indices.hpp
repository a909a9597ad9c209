// Which products of polynomials of single inputs are the terms of an expansion in many inputs: hyperbolic
// truncation (G. Blatman and B. Sudret, J. Computational Physics 230, 2011, section 3.2), with few inputs in a
// term.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace twin::uq {

struct PolynomialFactor {
  std::uint32_t input = 0;   // from 0
  std::uint32_t degree = 1;  // at least 1
  bool operator==(const PolynomialFactor&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("input", self.input);
    archive("degree", self.degree);
  }
};

// Terms by their factors, so that a term of two inputs of a hundred takes no more room than one of two inputs of
// two.
class MultiIndices {
 public:
  [[nodiscard]] std::size_t size() const { return end_.size(); }
  // By input; none for the constant.
  [[nodiscard]] std::span<const PolynomialFactor> operator[](std::size_t term) const {
    const std::size_t from = term == 0 ? 0 : end_[term - 1];
    return std::span(factors_).subspan(from, end_[term] - from);
  }
  void add(std::span<const PolynomialFactor> factors);
  // All terms have their factors, of inputs below `inputs`, by input, of degrees from 1 to `degree`: for what was
  // read.
  [[nodiscard]] bool whole(std::size_t inputs, std::uint32_t degree) const;

  bool operator==(const MultiIndices&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("factors", self.factors_);
    archive("end", self.end_);
  }

 private:
  std::vector<PolynomialFactor> factors_;  // of all terms, one after the other
  std::vector<std::uint64_t> end_;         // [term] of its factors
};

struct TruncationOptions {
  std::size_t inputs = 0;       // of the model
  std::uint32_t degree = 1;     // p
  double norm = 1.0;            // q in (0, 1]; 1: total degree. Less: fewer terms of several inputs
  std::size_t interaction = 0;  // inputs in a term at most; 0: any number
  std::size_t terms_most = 10'000;  // that there is room for
};

struct TruncatedIndices {
  MultiIndices terms;             // the constant first
  std::vector<std::size_t> upto;  // [degree 0, 1, ...] terms of the truncation at it: first ones
};

// core::Error for no inputs, no degree, q outside of (0, 1], or where not even degree 1 is within `terms_most`.
void check_truncation(const TruncationOptions& options);

// All terms with (sum of degree^q)^(1/q) <= p, in the order of the least p that they belong to, then of their total
// degrees; up to the greatest degree whose terms are no more than `terms_most`, which may be below the wanted one.
// core::Error as above.
TruncatedIndices truncated_indices(const TruncationOptions& options);

}  // namespace twin::uq
