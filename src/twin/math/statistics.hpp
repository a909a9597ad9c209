// What a number from a simulation is worth: means with intervals across replications, inside one
// run (batch means) and of paired differences. Results are for people: to a tolerance, not to the
// bit.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace twin::math {

// Running mean and variance (B. P. Welford, Technometrics 4, 1962); merge: T. F. Chan, G. H. Golub
// and R. J. LeVeque, The American Statistician 37, 1983.
class Moments {
 public:
  void add(double x);
  void merge(const Moments& other);
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] double mean() const { return mean_; }  // 0 if there is nothing
  [[nodiscard]] double variance() const;               // unbiased; 0 below two values
  [[nodiscard]] double deviation() const;              // its square root

  bool operator==(const Moments&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("count", self.count_);
    archive("mean", self.mean_);
    archive("squares", self.squares_);
  }

 private:
  std::uint64_t count_ = 0;
  double mean_ = 0.0;
  double squares_ = 0.0;  // sum of (x - mean)^2
};

// Student's t with so many degrees of freedom: the x with P(T <= x) = p.
double student_t_quantile(double p, double degrees_of_freedom);

// mean +- half_width covers the true mean with this confidence if the values are independent and
// their mean nearly normal. half_width is infinite for fewer than two values.
struct Interval {
  double mean = 0.0;
  double half_width = 0.0;
  double confidence = 0.95;
  std::uint64_t count = 0;
  [[nodiscard]] double low() const { return mean - half_width; }
  [[nodiscard]] double high() const { return mean + half_width; }
  bool operator==(const Interval&) const = default;
};

Interval interval_of(const Moments& moments, double confidence = 0.95);
Interval interval_of(std::span<const double> independent, double confidence = 0.95);

// The interval of the mean of a[i] - b[i]: two policies under common random numbers.
Interval paired_interval(std::span<const double> a, std::span<const double> b,
                         double confidence = 0.95);

// A mean inside one run whose values follow each other: 20 nearly equal batches, whose means are
// nearly independent if the batches are long enough (L. W. Schmeiser, Operations Research 30, 1982:
// 10 to 30 are enough). Every value is in one batch: what belongs to the warm-up is not to be given.
struct BatchMeans {
  Interval interval;          // of the mean, from the batches' means
  std::vector<double> means;  // [batch] of those that have any
  // Autocorrelation of neighbouring batch means, as 1 - (sum of squared differences) / (2 sum of
  // squares): J. von Neumann, Annals of Mathematical Statistics 12, 1941.
  double lag1 = 0.0;
  double lag1_critical = 0.0;    // exceeded by independent batch means in 5 % of all cases
  std::uint64_t batch_size = 0;  // [values] of the shortest batch
  [[nodiscard]] bool long_enough() const { return lag1 <= lag1_critical; }
};
BatchMeans batch_means(std::span<const double> x, std::uint64_t batches = 20,
                       double confidence = 0.95);
// The same where sums[i] is the sum of counts[i] values, as the cycle times of a day's lots are: a
// batch's mean is over its values. A batch without values is left out.
BatchMeans batch_means_of_sums(std::span<const double> sums, std::span<const double> counts,
                               std::uint64_t batches = 20, double confidence = 0.95);

// Of a sample in ascending order; type 7 of R. J. Hyndman and Y. Fan, The American Statistician 50,
// 1996: linear between order statistics, p = 0 the least, p = 1 the greatest.
double quantile_of_sorted(std::span<const double> sorted, double p);

struct Range {
  double low = 0.0, high = 0.0;
  bool operator==(const Range&) const = default;
};

// Where one more value is, of the same kind as those of a sample in ascending order: between the order statistics
// (n + 1) (1 -+ share) / 2 (type 6 of Hyndman and Fan), which hold it with this probability whatever the distribution
// is (S. S. Wilks, Annals of Mathematical Statistics 12, 1941). The sample's own quantiles hold less: of 12 values
// those at 5 and 95 % hold 76 % of the next ones. Where even the least and the greatest hold less than the share, that
// is with fewer than 2 / (1 - share) - 1 values, normal values are assumed: mean +- t s sqrt(1 + 1/n), and at least all
// of the sample. Infinite below two values.
Range prediction_range(std::span<const double> sorted, double share);

// The median of what the values, in ascending order, are drawn from: between the k-th least and the k-th greatest, with
// the greatest k at which so many tosses of a coin bring at least k heads and k tails with the confidence (the sign
// test's). Infinite where no k is: 5 values or fewer at 95 %.
Range median_range(std::span<const double> sorted, double confidence = 0.95);

}  // namespace twin::math
