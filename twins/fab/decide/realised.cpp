#include "twins/fab/decide/realised.hpp"

#include <algorithm>
#include <array>
#include <boost/math/distributions/fisher_f.hpp>
#include <cmath>
#include <vector>

#include "twin/core/expect.hpp"
#include "twin/math/statistics.hpp"

namespace twins::fab::decide {

namespace {

constexpr double Unlike = 0.001;  // likeness below which the line is not trusted alone
constexpr std::size_t Most = 5;   // columns: 1 and what a life is told by

// By what one life is like another.
std::array<double, Most - 1> told_by(Objective objective, const Outcome& o) {
  return {value_of(objective, o), o.cycle_hours, o.out, o.wip};
}

// Least squares by normal equations on columns that are standardised; what adds nothing new to the columns before is
// left out.
struct Fit {
  std::vector<std::size_t> columns;            // of told_by
  std::array<double, Most> mean{}, scale{};    // of those
  std::vector<std::array<double, Most>> rows;  // [member] 1, then the columns
  std::size_t p = 1;                           // columns with the 1
  std::array<std::array<double, Most>, Most> chol{};
  std::array<double, Most> weights{};
  double residual = 0.0, total = 0.0;  // sums of squares

  void take(const std::vector<std::array<double, Most - 1>>& lives, const std::vector<double>& y);
  [[nodiscard]] std::array<double, Most> row_of(const std::array<double, Most - 1>& life) const;
  [[nodiscard]] double leverage(const std::array<double, Most>& row) const;
  [[nodiscard]] double predicted(const std::array<double, Most>& row) const;

 private:
  bool factor(const std::vector<std::array<double, Most>>& of, std::size_t k);
};

std::array<double, Most> Fit::row_of(const std::array<double, Most - 1>& life) const {
  std::array<double, Most> row{1.0};
  for (std::size_t c = 0; c < columns.size(); ++c)
    row[c + 1] = (life[columns[c]] - mean[c]) / scale[c];
  return row;
}

// The Cholesky factor of the first k columns' products; false where the last one is a mixture of the others.
bool Fit::factor(const std::vector<std::array<double, Most>>& of, std::size_t k) {
  const std::size_t i = k - 1;
  for (std::size_t j = 0; j <= i; ++j) {
    double sum = 0.0;
    for (const auto& row : of) sum += row[i] * row[j];
    for (std::size_t c = 0; c < j; ++c) sum -= chol[i][c] * chol[j][c];
    if (i == j) {
      if (!(sum > 1e-8 * static_cast<double>(of.size()))) return false;
      chol[i][i] = std::sqrt(sum);
    } else {
      chol[i][j] = sum / chol[j][j];
    }
  }
  return true;
}

void Fit::take(const std::vector<std::array<double, Most - 1>>& lives,
               const std::vector<double>& y) {
  const std::size_t n = lives.size();
  rows.assign(n, {1.0});
  (void)factor(rows, 1);
  for (std::size_t c = 0; c < Most - 1; ++c) {
    twin::math::Moments moments;
    for (const auto& life : lives) moments.add(life[c]);
    if (!(moments.deviation() > 1e-12 * (1.0 + std::abs(moments.mean())))) continue;
    const std::size_t at = columns.size();
    mean[at] = moments.mean();
    scale[at] = moments.deviation();
    for (std::size_t k = 0; k < n; ++k) rows[k][at + 1] = (lives[k][c] - mean[at]) / scale[at];
    if (!factor(rows, at + 2)) continue;
    columns.push_back(c);
  }
  p = columns.size() + 1;
  std::array<double, Most> z{};
  for (std::size_t i = 0; i < p; ++i) {
    double sum = 0.0;
    for (std::size_t k = 0; k < n; ++k) sum += rows[k][i] * y[k];
    for (std::size_t c = 0; c < i; ++c) sum -= chol[i][c] * z[c];
    z[i] = sum / chol[i][i];
  }
  for (std::size_t i = p; i-- > 0;) {
    double sum = z[i];
    for (std::size_t c = i + 1; c < p; ++c) sum -= chol[c][i] * weights[c];
    weights[i] = sum / chol[i][i];
  }
  twin::math::Moments all;
  for (const double v : y) all.add(v);
  total = all.variance() * static_cast<double>(n - 1);
  for (std::size_t k = 0; k < n; ++k) {
    const double off = y[k] - predicted(rows[k]);
    residual += off * off;
  }
}

double Fit::predicted(const std::array<double, Most>& row) const {
  double sum = 0.0;
  for (std::size_t i = 0; i < p; ++i) sum += weights[i] * row[i];
  return sum;
}

double Fit::leverage(const std::array<double, Most>& row) const {
  std::array<double, Most> z{};
  double sum = 0.0;
  for (std::size_t i = 0; i < p; ++i) {
    double v = row[i];
    for (std::size_t c = 0; c < i; ++c) v -= chol[i][c] * z[c];
    z[i] = v / chol[i][i];
    sum += z[i] * z[i];
  }
  return sum;
}

}  // namespace

Realised realised(Rollouts& rollouts, const Outcome& came, const RealisedAsked& asked,
                  unsigned threads) {
  TWIN_EXPECT(asked.pairs >= 12 && asked.lived != asked.other, asked.pairs, asked.lived);
  std::vector<twin::decide::Runs> wanted;
  for (const std::size_t a : {asked.lived, asked.other}) {
    const std::uint64_t have = rollouts.outcomes(a).size();
    if (have < asked.pairs) wanted.push_back({a, have, asked.pairs - have});
  }
  rollouts.run(wanted, threads);
  const auto lived = rollouts.outcomes(asked.lived), other = rollouts.outcomes(asked.other);
  std::vector<std::array<double, Most - 1>> lives;
  std::vector<double> benefit;
  for (std::size_t k = 0; k < std::min(lived.size(), other.size()); ++k) {
    lives.push_back(told_by(asked.objective, lived[k]));
    benefit.push_back(value_of(asked.objective, other[k]) - value_of(asked.objective, lived[k]));
  }
  Fit fit;
  fit.take(lives, benefit);
  const auto n = static_cast<double>(lives.size()), p = static_cast<double>(fit.p);
  const auto row = fit.row_of(told_by(asked.objective, came));
  const double leverage = fit.leverage(row);
  // A new one, not the mean of many: the line's own doubt and what the line does not tell.
  const double deviation = std::sqrt(fit.residual / (n - p) * (1.0 + leverage));
  const double reach = deviation * twin::math::student_t_quantile(0.5 + asked.share / 2.0, n - p);
  Realised r;
  r.members = lives.size();
  r.mean = fit.predicted(row);
  r.low = r.mean - reach;
  r.high = r.mean + reach;
  r.explained = fit.total > 0.0 ? 1.0 - fit.residual / fit.total : 0.0;
  // Hotelling's T^2 of one new life (H. Hotelling, Annals of Mathematical Statistics 2, 1931).
  const double distance = (n - 1.0) * std::max(leverage - 1.0 / n, 0.0);
  const double features = p - 1.0;
  if (features == 0.0) {
    r.likeness = 1.0;
  } else {
    const double f = distance * n * (n - features) / (features * (n * n - 1.0));
    r.likeness =
        boost::math::cdf(boost::math::complement(boost::math::fisher_f(features, n - features), f));
  }
  if (r.likeness < Unlike) {
    std::sort(benefit.begin(), benefit.end());
    const twin::math::Range range = twin::math::prediction_range(benefit, asked.share);
    r.low = std::min(r.low, range.low);
    r.high = std::max(r.high, range.high);
  }
  return r;
}

}  // namespace twins::fab::decide
