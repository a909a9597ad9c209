#include "twin/uq/linear_design.hpp"

#include <cmath>
#include <string>
#include <utility>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/math/sums.hpp"
#include "twin/score/checked.hpp"

namespace twin::uq {
namespace {

using Rows = std::vector<std::vector<double>>;

double product(std::span<const double> a, std::span<const double> b) {
  double sum = 0.0;
  for (std::size_t j = 0; j < a.size(); ++j) sum += a[j] * b[j];
  return sum;
}

void check(const Rows& rows, std::size_t columns, const std::string& what) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    score::need_finite(rows[i], what + "[" + std::to_string(i) + "]");
    if (rows[i].size() != columns) {
      throw core::Error(what + "[" + std::to_string(i) + "] has " + std::to_string(rows[i].size()) +
                        " numbers (others have " + std::to_string(columns) +
                        "); are members missing?");
    }
  }
}

}  // namespace

void to_anomalies(std::vector<std::vector<double>>& rows) {
  for (auto& row : rows) {
    const auto n = static_cast<double>(row.size());
    const double mean = math::compensated_sum(row) / n, root = std::sqrt(n - 1.0);
    for (double& x : row) x = (x - mean) / root;
  }
}

LinearDesign::LinearDesign(Rows candidates, std::vector<double> noise, Rows quantities)
    : candidates_(std::move(candidates)),
      noise_(std::move(noise)),
      quantities_(std::move(quantities)) {
  score::need_same_length(candidates_.size(), "candidates", noise_.size(), "noise variances");
  if (candidates_.empty())
    throw core::Error("no candidates (needs at least one); was everything filtered out?");
  check(candidates_, candidates_.front().size(), "candidate");
  check(quantities_, candidates_.front().size(), "quantity");
  for (const double r : noise_) score::need_positive(r, "noise variance");
}

LinearDesign LinearDesign::of_members(Rows candidates, std::vector<double> noise, Rows quantities) {
  LinearDesign d(std::move(candidates), std::move(noise), std::move(quantities));
  if (d.candidates_.front().size() < 2) throw core::Error("1 member (needs at least 2 to vary)");
  to_anomalies(d.candidates_);
  to_anomalies(d.quantities_);
  return d;
}

double LinearDesign::information(std::size_t i) const {
  TWIN_EXPECT(i < size(), i, size());
  const auto& s = candidates_[i];
  return 0.5 * std::log1p(product(s, s) / noise_[i]);
}

double LinearDesign::variance_removed(std::size_t i) const {
  TWIN_EXPECT(i < size(), i, size());
  const auto& s = candidates_[i];
  double squares = 0.0;
  for (const auto& q : quantities_) {
    const double c = product(q, s);
    squares += c * c;
  }
  return squares / (product(s, s) + noise_[i]);
}

double LinearDesign::information_on(std::size_t quantity, std::size_t i) const {
  TWIN_EXPECT(i < size() && quantity < quantities_.size(), i, quantity);
  const auto& s = candidates_[i];
  const auto& q = quantities_[quantity];
  const double variance = product(q, q), c = product(q, s);
  if (!(variance > 0.0)) return 0.0;
  return -0.5 * std::log1p(-c * c / (variance * (product(s, s) + noise_[i])));
}

// s <- s - gamma (s . s_i) s_i has s_a . s_b less by (s_a . s_i)(s_b . s_i) / (v + r) when gamma =
// 1 / (v + r + sqrt(r (v + r))) (J. E. Potter, 1963, as in G. J. Bierman, Factorization Methods for
// Discrete Sequential Estimation, 1977).
void LinearDesign::take(std::size_t i) {
  TWIN_EXPECT(i < size(), i, size());
  taken_ += information(i);
  const std::vector<double> s = candidates_[i];
  const double v = product(s, s), r = noise_[i];
  const double gamma = 1.0 / (v + r + std::sqrt(r * (v + r)));
  const auto reduce = [&](Rows& rows) {
    for (auto& row : rows) {
      const double step = gamma * product(row, s);
      for (std::size_t j = 0; j < row.size(); ++j) row[j] -= step * s[j];
    }
  };
  reduce(candidates_);
  reduce(quantities_);
}

double LinearDesign::variance(std::size_t quantity) const {
  TWIN_EXPECT(quantity < quantities_.size(), quantity, quantities_.size());
  return product(quantities_[quantity], quantities_[quantity]);
}

double LinearDesign::variance_left() const {
  double sum = 0.0;
  for (const auto& q : quantities_) sum += product(q, q);
  return sum;
}

}  // namespace twin::uq
