// If these failed, samplers that follow slopes would go astray where the slopes were not written by hand.
#include "twin/infer/sample/differentiated.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "twin/contract/allocations.hpp"
#include "twin/core/draw.hpp"
#include "twin/core/parallel.hpp"
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

// example::eight_schools, of which there is but the one place with the slopes by hand.
struct DualSchools {
  template <class T>
  T operator()(std::span<const T> x) const {
    using std::exp, std::log1p;
    constexpr std::array<double, 8> Y = {28, 8, -3, 7, -1, 1, 18, 12},
                                    Sigma = {15, 10, 16, 11, 9, 11, 10, 18};
    const T &mu = x[8], tau = exp(x[9]);
    T value = -mu * mu / 50.0 - log1p(tau * tau / 25.0) + x[9];
    for (std::size_t j = 0; j < 8; ++j) {
      const T off = (Y[j] - mu - tau * x[j]) / Sigma[j];
      value -= 0.5 * (x[j] * x[j] + off * off);
    }
    return value;
  }
};

// x and, where asked to, the first slope of itself at forty other numbers: of the logarithm of a sum, -1/40.
struct CallsItself {
  bool inner;  // whether it comes back
  template <class T>
  T operator()(std::span<const T> x) const {
    if (!inner) return MinusLogSumExp{}(x);
    std::vector<double> slope(40);
    value_and_slopes(CallsItself{.inner = false}, std::vector<double>(40, 0.0), slope);
    return x[0] + slope[0];
  }
};

// A bell whose variances are powers of two: all that is done with them is without rounding, in whatever order.
struct PowerBell {
  template <class T>
  T operator()(std::span<const T> x) const {
    T sum = 0.0;
    double weight = 0.5;
    for (const T& v : x) {
      sum -= weight * v * v;
      weight *= 2;
    }
    return sum;
  }
};

std::vector<double> somewhere(std::size_t inputs) {
  std::vector<double> x;
  for (std::uint32_t i = 0; i < inputs; ++i) x.push_back(2 * core::Draw{7}.uniform(0, i, 0) - 1);
  return x;
}

// Sums of up to n terms of the size that they have there: n ulps of their sizes hold.
TEST(Differentiated, SlopesAreTheKnownOnesForAnyNumberOfInputs) {
  for (const std::size_t n : {1U, 2U, 7U, 8U, 9U, 16U, 17U, 50U, 64U}) {
    const auto x = somewhere(n);
    std::vector<double> slope(n);
    const double value = value_and_slopes(MinusRosenbrock{}, x, slope);
    EXPECT_EQ(value, MinusRosenbrock{}(std::span<const double>(x)));
    for (std::size_t i = 0; i < n; ++i) {
      double right = 0.0;
      if (i + 1 < n) right += 400 * x[i] * (x[i + 1] - x[i] * x[i]) + 2 * (1 - x[i]);
      if (i > 0) right -= 200 * (x[i] - x[i - 1] * x[i - 1]);
      EXPECT_NEAR(slope[i], right, 1e-13 * (1 + std::abs(right))) << n << " " << i;
    }
    double sum = 0.0;
    for (const double v : x) sum += std::exp(v);
    value_and_slopes(MinusLogSumExp{}, x, slope);
    for (std::size_t i = 0; i < n; ++i) EXPECT_NEAR(slope[i], -std::exp(x[i]) / sum, 1e-15);
  }
}

TEST(Differentiated, ANormalLawHasTheSlopesOfItsPrecision) {
  // An autoregression of 50 steps, x_i = a x_(i-1) + noise of variance 1, whose precision has three diagonals
  // (Rue and Held, Gaussian Markov Random Fields, 2005, section 1.2.1): the slope is minus precision times x.
  constexpr std::size_t D = 50;
  constexpr double A = 0.9;
  const auto f = [](auto x) {
    auto value = -0.5 * (1 - A * A) * x[0] * x[0];
    for (std::size_t i = 1; i < D; ++i) {
      const auto off = x[i] - A * x[i - 1];
      value -= 0.5 * off * off;
    }
    return value;
  };
  const auto x = somewhere(D);
  std::vector<double> slope(D);
  value_and_slopes(f, x, slope);
  for (std::size_t i = 0; i < D; ++i) {
    const double own = i == 0 || i == D - 1 ? 1.0 : 1 + A * A;
    const double beside = (i > 0 ? x[i - 1] : 0.0) + (i + 1 < D ? x[i + 1] : 0.0);
    EXPECT_NEAR(slope[i], -(own * x[i] - A * beside), 1e-15 * 8) << i;
  }
}

TEST(Differentiated, AProductOfAHundredFactorsHasItsOthersAsSlopes) {
  constexpr std::size_t D = 100;
  std::vector<double> x, slope(D);
  for (const double u : somewhere(D)) x.push_back(1.5 + 0.9 * u);
  const double all = value_and_slopes(
      [](auto y) {
        auto product = y[0];
        for (std::size_t i = 1; i < y.size(); ++i) product *= y[i];
        return product;
      },
      x, slope);
  // A rounding each for 100 products here and there.
  for (std::size_t i = 0; i < D; ++i)
    EXPECT_NEAR(slope[i] / (all / x[i]), 1.0, 200 * std::numeric_limits<double>::epsilon()) << i;
}

TEST(Differentiated, TargetsAreAsThoseByHand) {
  const auto expect_as_by_hand = [](const Target& by_hand, const Target& made) {
    const std::size_t d = by_hand.dimensions;
    const auto x = somewhere(3 * d);
    std::vector<double> a(3), b(3), sa(3 * d), sb(3 * d);
    by_hand.log_density_and_slopes(x, a, sa);
    made.log_density_and_slopes(x, b, sb);
    for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(a[k], b[k], 1e-14 * (1 + std::abs(a[k])));
    for (std::size_t k = 0; k < 3 * d; ++k)
      EXPECT_NEAR(sa[k], sb[k], 1e-14 * (1 + std::abs(sa[k])));
    made.log_density(x, a);
    EXPECT_EQ(a, b);
    EXPECT_LT(slope_error(made, std::span(x).first(d)), 1e-8);
  };
  expect_as_by_hand(example::funnel(), differentiated(2, Funnel{}));
  expect_as_by_hand(example::eight_schools(), differentiated(10, DualSchools{}));
  EXPECT_LT(slope_error(differentiated(9, MinusRosenbrock{}), somewhere(9)), 1e-6);
}

TEST(Differentiated, NutsDrawsTheSameAsBySlopesByHand) {
  const Target by_hand =
      target_with_slopes(9, [](std::span<const double> x, std::span<double> slope) {
        double weight = 1.0, sum = 0.0;
        for (std::size_t i = 0; i < x.size(); ++i, weight *= 2) {
          slope[i] = -weight * x[i];
          sum -= 0.5 * weight * x[i] * x[i];
        }
        return sum;
      });
  NutsOptions o = {.starts = {std::vector<double>(9, 0.5), std::vector<double>(9, -0.25)},
                   .warmup = 200,
                   .draws = 200,
                   .seed = 5};
  const Chains hand = nuts(by_hand, o), made = nuts(differentiated(9, PowerBell{}), o);
  EXPECT_EQ(hand.x, made.x);  // to the bit
  EXPECT_EQ(hand.density, made.density);
  o.threads = 2;
  EXPECT_EQ(nuts(differentiated(9, PowerBell{}), o).x, made.x);
  // Elsewhere sums are rounded in another order, and paths part with time: the first draws are close, and the law
  // is the same (posteriordb's moments, and their errors, as in nuts.test.cpp).
  const NutsOptions few = {
      .starts = {std::vector<double>(10, 0.1)}, .warmup = 0, .draws = 3, .seed = 8};
  const Chains by = nuts(example::eight_schools(), few),
               as = nuts(differentiated(10, DualSchools{}), few);
  for (std::size_t k = 0; k < 30; ++k) EXPECT_NEAR(by.x[0][k], as.x[0][k], 1e-9) << k;
  const Chains c = nuts(differentiated(10, DualSchools{}),
                        {.starts = std::vector(4, std::vector<double>(10, 0.1)),
                         .draws = 2'500,
                         .acceptance = 0.9,
                         .seed = 8});
  const Diagnostics mu = diagnose(c.of(8));
  const Diagnostics tau = diagnose(c.of([](auto x) { return std::exp(x[9]); }));
  EXPECT_NEAR(mu.mean, 4.4105, 5 * std::hypot(mu.mean_error, 0.033));
  EXPECT_NEAR(tau.mean, 3.6021, 5 * std::hypot(tau.mean_error, 0.032));
}

TEST(Differentiated, ThreadsSeeTheSameAndAFunctionMayComeBack) {
  constexpr std::size_t Points = 64, D = 17;
  const Target t = differentiated(D, MinusRosenbrock{});
  const auto x = somewhere(Points * D);
  std::vector<double> value(Points), slope(Points * D), value_4(Points), slope_4(Points * D);
  t.log_density_and_slopes(x, value, slope);
  core::for_each_member(Points, 4, [&](std::size_t k) {
    t.log_density_and_slopes(std::span(x).subspan(k * D, D), std::span(value_4).subspan(k, 1),
                             std::span(slope_4).subspan(k * D, D));
  });
  EXPECT_EQ(value, value_4);
  EXPECT_EQ(slope, slope_4);
  std::vector<double> outer(1);
  const CallsItself f{.inner = true};
  EXPECT_NEAR(value_and_slopes(f, std::vector<double>{3.0}, outer), 3 - 1.0 / 40, 1e-15);
  EXPECT_EQ(outer[0], 1.0);
}

TEST(Differentiated, TakesNothingFromTheHeapAfterAThreadsFirstCall) {
  if (!contract::allocations_are_counted()) GTEST_SKIP() << "allocations are not counted";
  const Target t = differentiated(64, MinusRosenbrock{});
  const auto x = somewhere(64);
  std::vector<double> slope(64);
  double value = 0.0;
  t.log_density_and_slopes(x, std::span(&value, 1), slope);
  const auto before = contract::allocations();
  for (int k = 0; k < 10; ++k) t.log_density_and_slopes(x, std::span(&value, 1), slope);
  EXPECT_EQ(contract::allocations(), before);
}

TEST(Differentiated, ADensityWithoutAValueIsRefusedAndNotFollowed) {
  const Target half = differentiated(9, [](auto x) {
    using std::sqrt;
    auto sum = sqrt(x[0]);  // no number below 0
    for (const auto& v : x) sum -= 0.5 * v * v;
    return sum;
  });
  std::vector<double> x(9, 0.5), slope(9);
  x[0] = -1;
  double value = 0.0;
  half.log_density_and_slopes(x, std::span(&value, 1), slope);
  EXPECT_TRUE(std::isnan(value));
  x[0] = 0.0;  // an infinite slope there is of that input alone
  half.log_density_and_slopes(x, std::span(&value, 1), slope);
  EXPECT_EQ(slope[0], std::numeric_limits<double>::infinity());
  for (std::size_t i = 1; i < 9; ++i) EXPECT_EQ(slope[i], -0.5) << i;
  x[0] = 0.5;
  const Chains c = nuts(half, {.starts = {x}, .warmup = 200, .draws = 200, .seed = 4});
  EXPECT_GT(c.failed, 0U);
  for (std::size_t k = 0; k < 200; ++k) EXPECT_GT(c.x[0][9 * k], 0.0);
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
