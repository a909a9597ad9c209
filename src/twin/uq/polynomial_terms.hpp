// The terms of a polynomial chaos expansion at many points: the polynomials of each input are worked out once for
// some points at a time, and multiplied term by term.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "twin/uq/multi_indices.hpp"
#include "twin/uq/orthogonal_polynomials.hpp"
#include "twin/uq/points.hpp"

namespace twin::uq {

class PolynomialTerms {
 public:
  static constexpr std::size_t Block = 64;  // points at a time: their tables fit the nearest cache

  // families: [input]. TWIN_EXPECT: each term's inputs have one.
  PolynomialTerms(std::span<const PolynomialFamily> families, const MultiIndices& terms);

  [[nodiscard]] std::size_t size() const { return end_.size(); }

  // out[term - first][point] of terms from first to last - 1.
  void fill(const Points& points, std::size_t first, std::size_t last, std::span<double> out) const;
  // out[term] at one point.
  void fill(std::span<const double> u, std::span<double> out) const;

  // y[point]: sum of coefficient x term, for points from .. from + y.size() - 1.
  void sum(const Points& points, std::size_t from, std::span<const double> coefficients,
           std::span<double> y) const;
  // The same bits for one point.
  [[nodiscard]] double sum(std::span<const double> u, std::span<const double> coefficients) const;

 private:
  struct Column {
    std::size_t input;                   // whose polynomials these are
    PolynomialFamily family;             // of theirs
    OrthonormalPolynomials polynomials;  // up to the greatest degree of any term
    std::size_t at;                      // row of its degree 1 in the tables
  };

  // Tables of the polynomials at some points: [row][place].
  template <std::size_t Places, class At>
  void tabulate(const At& at, double* tables) const;
  // use(place, value of the term)
  template <std::size_t Places, class Use>
  void product(std::size_t term, const double* tables, const Use& use) const;

  std::vector<Column> columns_;      // of inputs that some term has
  std::size_t rows_ = 0;             // of the tables
  std::vector<std::size_t> factor_;  // rows that terms are the products of, one after the other
  std::vector<std::size_t> end_;     // [term] of its factors
};

}  // namespace twin::uq
