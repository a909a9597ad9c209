// If these failed, samplers that follow slopes would go astray where the slopes were not written by hand.
#include "twin/infer/sample/differentiated.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/infer/sample/example.hpp"
#include "twin/infer/sample/laplace.hpp"
#include "twin/infer/sample/nuts.hpp"

namespace twin::infer {
namespace {

struct MinusRosenbrock {
  template <class T>
  T operator()(std::span<const T> x) const {
    T sum = 0.0;
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
      const T a = x[i + 1] - x[i] * x[i], b = 1.0 - x[i];
      sum -= 100.0 * a * a + b * b;
    }
    return sum;
  }
};

struct MinusLogSumExp {
  template <class T>
  T operator()(std::span<const T> x) const {
    using std::exp, std::log;
    T sum = 0.0;
    for (const T& v : x) sum += exp(v);
    return -log(sum);
  }
};

struct Funnel {
  template <class T>
  T operator()(std::span<const T> x) const {
    using std::exp;
    return -x[0] * x[0] / 18.0 - x[0] / 2.0 - 0.5 * x[1] * x[1] * exp(-x[0]);
  }
};

std::vector<double> somewhere(std::size_t inputs) {
  std::vector<double> x;
  for (std::uint32_t i = 0; i < inputs; ++i) x.push_back(2 * core::Draw{7}.uniform(0, i, 0) - 1);
  return x;
}

TEST(Differentiated, SlopesAreTheKnownOnesForAnyNumberOfInputs) {
  for (const std::size_t n : {2U, 7U, 8U, 9U, 16U, 64U}) {
    const auto x = somewhere(n);
    std::vector<double> slope(n);
    const double value = value_and_slopes(MinusRosenbrock{}, x, slope);
    EXPECT_DOUBLE_EQ(value, MinusRosenbrock{}(std::span<const double>(x)));
    for (std::size_t i = 0; i < n; ++i) {
      double right = 0.0;
      if (i + 1 < n) right += 400 * x[i] * (x[i + 1] - x[i] * x[i]) + 2 * (1 - x[i]);
      if (i > 0) right -= 200 * (x[i] - x[i - 1] * x[i - 1]);
      EXPECT_NEAR(slope[i], right, 1e-12 * (1 + std::abs(right))) << n << " " << i;
    }
    double sum = 0.0;
    for (const double v : x) sum += std::exp(v);
    value_and_slopes(MinusLogSumExp{}, x, slope);
    for (std::size_t i = 0; i < n; ++i) EXPECT_NEAR(slope[i], -std::exp(x[i]) / sum, 1e-15);
  }
}

TEST(Differentiated, TargetsAreAsThoseByHand) {
  const Target by_hand = example::funnel(), made = differentiated(2, Funnel{});
  std::vector<double> x = {0.3, -1.2, -2.0, 0.4}, a(2), b(2), sa(4), sb(4);
  by_hand.log_density_and_slopes(x, a, sa);
  made.log_density_and_slopes(x, b, sb);
  for (std::size_t k = 0; k < 2; ++k) EXPECT_NEAR(a[k], b[k], 1e-14);
  for (std::size_t k = 0; k < 4; ++k) EXPECT_NEAR(sa[k], sb[k], 1e-13);
  made.log_density(x, a);
  EXPECT_EQ(a, b);
  EXPECT_LT(slope_error(differentiated(9, MinusRosenbrock{}), somewhere(9)), 1e-6);
}

TEST(Differentiated, ServesASearchAndASampler) {
  // The least of Rosenbrock's function is at 1; beside a prior about 0 and with much weight it is near there.
  const auto sharp = [](auto x) { return 1e4 * MinusRosenbrock{}(x); };
  const Laplace l = laplace(differentiated(4, sharp), {.steps = 5'000});
  ASSERT_TRUE(l.converged);
  for (const double v : l.mode) EXPECT_NEAR(v, 1.0, 0.01);
  // A sum of exponentials with a normal prior is known by its own symmetry: all means are the same. Five errors.
  const auto bent = [](auto x) {
    auto sum = MinusLogSumExp{}(x);
    for (const auto& v : x) sum -= 0.5 * v * v;
    return sum;
  };
  const Chains c = nuts(differentiated(3, bent), {.starts = {{0, 0, 0}, {1, 0, -1}}, .seed = 3});
  const Diagnostics first = diagnose(c.of(0)), last = diagnose(c.of(2));
  EXPECT_NEAR(first.mean, last.mean, 5 * std::hypot(first.mean_error, last.mean_error));
  EXPECT_LT(first.split_r_hat, 1.02);
  // E of the slope of a density's logarithm is 0: mean softmax is minus the mean, and softmax sums to 1.
  double sum = 0.0, error = 0.0;
  for (std::size_t i = 0; i < 3; ++i) {
    const Diagnostics d = diagnose(c.of(i));
    sum += d.mean;
    error += d.mean_error * d.mean_error;
  }
  EXPECT_NEAR(sum, -1.0, 5 * std::sqrt(error));
}

}  // namespace
}  // namespace twin::infer
