#include "twin/uq/multi_indices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "twin/core/error.hpp"

namespace twin::uq {
namespace {

using core::Error;

// Of sums of powers that are equal but for their rounding.
constexpr double PowerSlack = 1e-10;

class Truncation {
 public:
  Truncation(const TruncationOptions& o, std::uint32_t degree)
      : o_(o), interaction_(o.interaction == 0 ? o.inputs : o.interaction) {
    for (std::uint32_t k = 0; k <= degree; ++k) power_.push_back(std::pow(k, o.norm));
  }

  // False where there are too many.
  bool collect() {
    terms_.add({});
    level_.push_back(0);
    return from(0, 0.0);
  }

  TruncatedIndices sorted() const {
    const auto total = [&](std::size_t k) {
      std::uint32_t sum = 0;
      for (const PolynomialFactor& f : terms_[k]) sum += f.degree;
      return sum;
    };
    std::vector<std::size_t> order(terms_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {},
                             [&](std::size_t k) { return std::pair(level_[k], total(k)); });
    TruncatedIndices result;
    result.upto.assign(power_.size(), 0);
    for (const std::size_t k : order) {
      result.terms.add(terms_[k]);
      ++result.upto[level_[k]];
    }
    std::partial_sum(result.upto.begin(), result.upto.end(), result.upto.begin());
    return result;
  }

 private:
  // Terms that go on with inputs from `first` on, of which the factors so far have this sum of powers.
  bool from(std::size_t first, double sum) {
    if (factors_.size() == interaction_) return true;
    const double most = power_.back() * (1 + PowerSlack);
    if (sum + 1.0 > most) return true;
    for (std::size_t i = first; i < o_.inputs; ++i) {
      for (std::uint32_t k = 1; k < power_.size() && sum + power_[k] <= most; ++k) {
        if (terms_.size() == o_.terms_most) return false;
        factors_.push_back({static_cast<std::uint32_t>(i), k});
        terms_.add(factors_);
        const auto least = std::ranges::lower_bound(power_, (sum + power_[k]) / (1 + PowerSlack));
        level_.push_back(static_cast<std::uint32_t>(least - power_.begin()));
        const bool within = from(i + 1, sum + power_[k]);
        factors_.pop_back();
        if (!within) return false;
      }
    }
    return true;
  }

  const TruncationOptions& o_;
  std::size_t interaction_;
  std::vector<double> power_;              // [degree] its q-th power
  std::vector<PolynomialFactor> factors_;  // of the term at hand
  MultiIndices terms_;
  std::vector<std::uint32_t> level_;  // [term] least p that it belongs to
};

}  // namespace

void MultiIndices::add(std::span<const PolynomialFactor> factors) {
  factors_.insert(factors_.end(), factors.begin(), factors.end());
  end_.push_back(factors_.size());
}

bool MultiIndices::whole(std::size_t inputs, std::uint32_t degree) const {
  std::uint64_t from = 0;
  for (const std::uint64_t to : end_) {
    if (to < from || to > factors_.size()) return false;
    for (std::uint64_t k = from; k < to; ++k) {
      const PolynomialFactor& f = factors_[k];
      if (f.input >= inputs || f.degree == 0 || f.degree > degree) return false;
      if (k > from && f.input <= factors_[k - 1].input) return false;
    }
    from = to;
  }
  return from == factors_.size();
}

void check_truncation(const TruncationOptions& o) {
  if (o.inputs == 0) throw Error("polynomials of no inputs");
  if (!(o.norm > 0.0 && o.norm <= 1.0))
    throw Error(fmt::format("a truncation by the norm {} (above 0, at most 1)", o.norm));
  if (o.degree == 0) throw Error("polynomials of degree 0 (at least 1)");
  if (o.terms_most < o.inputs + 1)
    throw Error(fmt::format("at most {} terms of {} inputs (at least {}: each has one of degree 1)",
                            o.terms_most, o.inputs, o.inputs + 1));
}

TruncatedIndices truncated_indices(const TruncationOptions& o) {
  check_truncation(o);
  TruncatedIndices best;
  for (std::uint32_t degree = 1; degree <= o.degree; ++degree) {
    Truncation t(o, degree);
    if (!t.collect()) break;
    best = t.sorted();
  }
  return best;
}

}  // namespace twin::uq
