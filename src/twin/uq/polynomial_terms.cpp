#include "twin/uq/polynomial_terms.hpp"

#include <algorithm>
#include <array>

#include "twin/core/expect.hpp"

namespace twin::uq {
namespace {

// For the tables of one point, which are seldom large: on the stack then.
class PointRoom {
 public:
  explicit PointRoom(std::size_t size) : large_(size > small_.size() ? size : 0) {}
  double* data() { return large_.empty() ? small_.data() : large_.data(); }

 private:
  std::array<double, 256> small_;
  std::vector<double> large_;
};

}  // namespace

PolynomialTerms::PolynomialTerms(std::span<const PolynomialFamily> families,
                                 const MultiIndices& terms) {
  std::vector<std::uint32_t> degree(families.size(), 0);
  for (std::size_t k = 0; k < terms.size(); ++k) {
    for (const PolynomialFactor& f : terms[k]) {
      TWIN_EXPECT(f.input < families.size(), f.input, families.size());
      degree[f.input] = std::max(degree[f.input], f.degree);
    }
  }
  std::vector<std::size_t> at(families.size(), 0);
  for (std::size_t i = 0; i < families.size(); ++i) {
    if (degree[i] == 0) continue;
    at[i] = rows_;
    columns_.push_back({i, families[i], OrthonormalPolynomials(families[i], degree[i]), rows_});
    rows_ += degree[i];
  }
  for (std::size_t k = 0; k < terms.size(); ++k) {
    for (const PolynomialFactor& f : terms[k]) factor_.push_back(at[f.input] + f.degree - 1);
    end_.push_back(factor_.size());
  }
}

template <std::size_t Places, class At>
void PolynomialTerms::tabulate(const At& at, double* tables) const {
  std::array<double, Places> x;
  for (const Column& c : columns_) {
    for (std::size_t k = 0; k < Places; ++k) x[k] = at(c.input, k);
    germs(c.family, x);
    c.polynomials.fill<Places>(x.data(), tables + c.at * Places);
  }
}

// The lowest numbers of factors by themselves: most terms have no more, and need no room between then.
template <std::size_t Places, class Use>
void PolynomialTerms::product(std::size_t term, const double* tables, const Use& use) const {
  std::size_t f = term == 0 ? 0 : end_[term - 1];
  const std::size_t count = end_[term] - f;
  if (count == 0) {
    for (std::size_t k = 0; k < Places; ++k) use(k, 1.0);
    return;
  }
  const double* first = tables + factor_[f] * Places;
  if (count == 1) {
    for (std::size_t k = 0; k < Places; ++k) use(k, first[k]);
    return;
  }
  const double* second = tables + factor_[f + 1] * Places;
  if (count == 2) {
    for (std::size_t k = 0; k < Places; ++k) use(k, first[k] * second[k]);
    return;
  }
  std::array<double, Places> value;
  for (std::size_t k = 0; k < Places; ++k) value[k] = first[k] * second[k];
  for (f += 2; f < end_[term]; ++f) {
    const double* row = tables + factor_[f] * Places;
    for (std::size_t k = 0; k < Places; ++k) value[k] *= row[k];
  }
  for (std::size_t k = 0; k < Places; ++k) use(k, value[k]);
}

void PolynomialTerms::fill(const Points& points, std::size_t first, std::size_t last,
                           std::span<double> out) const {
  TWIN_EXPECT(first <= last && last <= size() && out.size() == (last - first) * points.count, first,
              last, out.size());
  std::vector<double> tables(rows_ * Block);
  std::array<double, Block> values;
  for (std::size_t from = 0; from < points.count; from += Block) {
    const std::size_t count = std::min(Block, points.count - from);
    tabulate<Block>([&](std::size_t input,
                        std::size_t k) { return points.at(input, from + std::min(k, count - 1)); },
                    tables.data());
    for (std::size_t term = first; term < last; ++term) {
      product<Block>(term, tables.data(), [&](std::size_t k, double v) { values[k] = v; });
      std::copy_n(values.begin(), count, out.data() + (term - first) * points.count + from);
    }
  }
}

void PolynomialTerms::fill(std::span<const double> u, std::span<double> out) const {
  TWIN_EXPECT(out.size() == size(), out.size(), size());
  PointRoom tables(rows_);
  tabulate<1>([&](std::size_t input, std::size_t) { return u[input]; }, tables.data());
  for (std::size_t term = 0; term < size(); ++term) {
    product<1>(term, tables.data(), [&](std::size_t, double v) { out[term] = v; });
  }
}

void PolynomialTerms::sum(const Points& points, std::size_t from,
                          std::span<const double> coefficients, std::span<double> y) const {
  TWIN_EXPECT(coefficients.size() == size(), coefficients.size(), size());
  std::vector<double> tables(rows_ * Block);
  std::array<double, Block> sums;
  for (std::size_t done = 0; done < y.size(); done += Block) {
    const std::size_t count = std::min(Block, y.size() - done);
    tabulate<Block>(
        [&](std::size_t input, std::size_t k) {
          return points.at(input, from + done + std::min(k, count - 1));
        },
        tables.data());
    sums.fill(0.0);
    for (std::size_t term = 0; term < size(); ++term) {
      product<Block>(term, tables.data(),
                     [&, c = coefficients[term]](std::size_t k, double v) { sums[k] += c * v; });
    }
    std::copy_n(sums.begin(), count, y.data() + done);
  }
}

double PolynomialTerms::sum(std::span<const double> u, std::span<const double> coefficients) const {
  TWIN_EXPECT(coefficients.size() == size(), coefficients.size(), size());
  PointRoom tables(rows_);
  tabulate<1>([&](std::size_t input, std::size_t) { return u[input]; }, tables.data());
  double sum = 0.0;
  for (std::size_t term = 0; term < size(); ++term) {
    product<1>(term, tables.data(),
               [&, c = coefficients[term]](std::size_t, double v) { sum += c * v; });
  }
  return sum;
}

}  // namespace twin::uq
