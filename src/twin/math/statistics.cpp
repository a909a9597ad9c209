#include "twin/math/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

#include "twin/core/expect.hpp"

namespace twin::math {

void Moments::add(double x) {
  ++count_;
  const double before = x - mean_;
  mean_ += before / static_cast<double>(count_);
  squares_ += before * (x - mean_);
}

void Moments::merge(const Moments& other) {
  if (other.count_ == 0) return;
  const auto mine = static_cast<double>(count_);
  const auto theirs = static_cast<double>(other.count_);
  const double apart = other.mean_ - mean_;
  count_ += other.count_;
  const auto all = static_cast<double>(count_);
  mean_ += apart * (theirs / all);
  squares_ += other.squares_ + apart * apart * (mine * theirs / all);
}

double Moments::variance() const {
  return count_ < 2 ? 0.0 : squares_ / static_cast<double>(count_ - 1);
}

double Moments::deviation() const { return std::sqrt(variance()); }

double student_t_quantile(double p, double degrees_of_freedom) {
  TWIN_EXPECT(p > 0.0 && p < 1.0 && degrees_of_freedom > 0.0, p, degrees_of_freedom);
  return boost::math::quantile(boost::math::students_t(degrees_of_freedom), p);
}

Interval interval_of(const Moments& moments, double confidence) {
  TWIN_EXPECT(confidence > 0.0 && confidence < 1.0, confidence);
  Interval i{.mean = moments.mean(),
             .half_width = std::numeric_limits<double>::infinity(),
             .confidence = confidence,
             .count = moments.count()};
  if (i.count < 2) return i;
  const auto n = static_cast<double>(i.count);
  i.half_width =
      student_t_quantile(0.5 * (1.0 + confidence), n - 1.0) * std::sqrt(moments.variance() / n);
  return i;
}

Interval interval_of(std::span<const double> independent, double confidence) {
  Moments m;
  for (const double x : independent) m.add(x);
  return interval_of(m, confidence);
}

Interval paired_interval(std::span<const double> a, std::span<const double> b, double confidence) {
  TWIN_EXPECT(a.size() == b.size(), a.size(), b.size());
  Moments m;
  for (std::size_t i = 0; i < a.size(); ++i) m.add(a[i] - b[i]);
  return interval_of(m, confidence);
}

BatchMeans batch_means(std::span<const double> x, std::uint64_t batches, double confidence) {
  return batch_means_of_sums(x, std::vector<double>(x.size(), 1.0), batches, confidence);
}

BatchMeans batch_means_of_sums(std::span<const double> sums, std::span<const double> counts,
                               std::uint64_t batches, double confidence) {
  TWIN_EXPECT(batches >= 2, batches);
  TWIN_EXPECT(sums.size() == counts.size(), sums.size(), counts.size());
  BatchMeans result;
  result.batch_size = sums.size() / batches;
  if (result.batch_size != 0) {
    for (std::uint64_t b = 0; b < batches; ++b) {
      double sum = 0.0, count = 0.0;
      for (std::size_t i = b * sums.size() / batches; i < (b + 1) * sums.size() / batches; ++i) {
        sum += sums[i];
        count += counts[i];
      }
      if (count > 0.0) result.means.push_back(sum / count);
    }
  }
  const std::vector<double>& means = result.means;
  Moments all;
  for (const double mean : means) all.add(mean);
  result.interval = interval_of(all, confidence);
  if (means.size() < 2) {  // too few values to say anything
    result.lag1 = 1.0;
    return result;
  }
  double differences = 0.0;
  for (std::size_t b = 0; b + 1 < means.size(); ++b) {
    differences += (means[b + 1] - means[b]) * (means[b + 1] - means[b]);
  }
  const auto n = static_cast<double>(means.size());
  const double squares = all.variance() * (n - 1.0);
  result.lag1 = squares > 0.0 ? 1.0 - differences / (2.0 * squares) : 0.0;
  // Independent normal batch means: mean 0 and variance (n - 2) / (n^2 - 1), nearly normal from
  // n = 8 on (von Neumann, eq. 35 ff.; G. S. Fishman, Operations Research 26, 1978).
  result.lag1_critical = 1.6448536269514722 * std::sqrt((n - 2.0) / (n * n - 1.0));
  return result;
}

double quantile_of_sorted(std::span<const double> sorted, double p) {
  TWIN_EXPECT(!sorted.empty() && p >= 0.0 && p <= 1.0, sorted.size(), p);
  const double place = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  if (below + 1 >= sorted.size()) return sorted.back();
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[below + 1] - sorted[below]);
}

Range prediction_range(std::span<const double> sorted, double share) {
  TWIN_EXPECT(share > 0.0 && share < 1.0, share);
  constexpr double Infinity = std::numeric_limits<double>::infinity();
  const auto n = static_cast<double>(sorted.size());
  if (sorted.size() < 2) return {-Infinity, Infinity};
  double place = (n + 1.0) * (1.0 - share) / 2.0;  // of the lower one, the least being at 1
  // 1 - 0.9 is a little less than 0.1: 19 values would not do for nine in ten.
  if (const double whole = std::round(place); std::abs(place - whole) < 1e-9 * whole) place = whole;
  if (place < 1.0) {
    Moments m;
    for (const double v : sorted) m.add(v);
    const double reach =
        student_t_quantile(0.5 + share / 2.0, n - 1.0) * m.deviation() * std::sqrt(1.0 + 1.0 / n);
    return {std::min(sorted.front(), m.mean() - reach), std::max(sorted.back(), m.mean() + reach)};
  }
  const auto below = static_cast<std::size_t>(place);
  const double part = place - static_cast<double>(below);
  const auto between = [&](std::size_t from, std::size_t to) {
    return sorted[from] + part * (sorted[to] - sorted[from]);
  };
  if (part == 0.0) return {sorted[below - 1], sorted[sorted.size() - below]};
  return {between(below - 1, below), between(sorted.size() - below, sorted.size() - below - 1)};
}

Range median_range(std::span<const double> sorted, double confidence) {
  TWIN_EXPECT(confidence > 0.0 && confidence < 1.0, confidence);
  constexpr double Infinity = std::numeric_limits<double>::infinity();
  const auto n = static_cast<double>(sorted.size());
  std::size_t k = 0;
  double log_choose = 0.0, fewer = 0.0;  // of n heads k; P(fewer than k + 1 heads)
  while (2 * k < sorted.size()) {
    fewer += std::exp(log_choose - n * std::log(2.0));
    if (2.0 * fewer > 1.0 - confidence) break;
    log_choose += std::log((n - static_cast<double>(k)) / (static_cast<double>(k) + 1.0));
    ++k;
  }
  if (k == 0) return {-Infinity, Infinity};
  return {sorted[k - 1], sorted[sorted.size() - k]};
}

}  // namespace twin::math
