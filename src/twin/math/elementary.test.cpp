// If these failed, the same seed would give another fab on another CPU, or a biased one on all.
#include "twin/math/elementary.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/core/hash.hpp"

namespace twin::math {
namespace {

constexpr double Inf = std::numeric_limits<double>::infinity();
constexpr double Nan = std::numeric_limits<double>::quiet_NaN();
constexpr double Tiny = std::numeric_limits<double>::denorm_min();
constexpr double Least = std::numeric_limits<double>::min();
constexpr double Largest = std::numeric_limits<double>::max();
constexpr std::uint64_t ElementarySeed = 20240229;
constexpr std::uint32_t Count = 400'000;

// The error of y in units in the last place of a double near the truth.
double error_ulp(double y, long double truth) {
  if (std::isinf(y) || y == 0.0) return static_cast<double>(truth) == y ? 0.0 : 1e9;
  int exponent = 0;
  std::frexp(truth, &exponent);
  const long double ulp = std::ldexp(1.0L, std::max(exponent - 53, -1074));
  return static_cast<double>(std::abs(static_cast<long double>(y) - truth) / ulp);
}

struct Worst {
  double ulp = 0.0;
  double at = 0.0;
};

template <class Mine, class Truth>
Worst worst(const std::vector<double>& xs, const Mine& mine, const Truth& truth) {
  Worst w;
  for (const double x : xs) {
    const double e = error_ulp(mine(x), truth(static_cast<long double>(x)));
    if (e > w.ulp) w = {e, x};
  }
  return w;
}

// Arguments: uniform in [low, high], log-uniform magnitudes of 2^-1074 to 2^1023 within it, and the
// neighbours of the ends and of multiples of ln 2 / 2, where the reduction changes.
std::vector<double> arguments(double low, double high) {
  std::vector<double> xs = {low, high, std::nextafter(low, high), std::nextafter(high, low)};
  const core::Draw draw{.seed = ElementarySeed, .member = 0};
  for (std::uint32_t i = 0; i < Count; ++i) {
    xs.push_back(low / 2 + (high / 2 - low / 2) * draw.uniform(1, i, 0) + low / 2);
    const double magnitude = std::ldexp(1.0 + draw.uniform(2, i, 0),
                                        static_cast<int>(2097 * draw.uniform(2, i, 1)) - 1074);
    xs.push_back(draw.uniform(2, i, 2) < 0.5 ? magnitude : -magnitude);
    const double near_one = std::ldexp(draw.uniform(3, i, 0), -static_cast<int>(i % 54));
    xs.push_back(i % 2 == 0 ? near_one : -near_one);
    xs.push_back(1.0 + xs.back());
  }
  for (int n = -2200; n <= 2200; ++n) {
    const double x = n * 0.34657359027997264;
    xs.insert(xs.end(), {x, std::nextafter(x, Inf), std::nextafter(x, -Inf)});
  }
  for (int n = -1074; n < 1024; ++n) {
    const double x = std::ldexp(1.0, n);
    xs.insert(xs.end(),
              {x, -x, std::nextafter(x, 0.0), std::nextafter(x, Inf), x * 1.4142135623730951});
  }
  std::erase_if(xs, [=](double x) { return !(x >= low && x <= high); });
  return xs;
}

// Further off than the header says, or than an ulp. Truth: long double libm, whose own error
// is below 0.001 of a double's ulp.
TEST(Elementary, IsWithinOneUlp) {
  static_assert(std::numeric_limits<long double>::digits >= 64,
                "the oracle needs extended precision");
  const Worst e = worst(
      arguments(-745.2, 709.9), [](double x) { return exp(x); },
      [](long double x) { return std::exp(x); });
  EXPECT_LE(e.ulp, 0.85) << "exp(" << e.at << "), seed " << ElementarySeed;
  const Worst m = worst(
      arguments(-745.2, 709.9), [](double x) { return expm1(x); },
      [](long double x) { return std::expm1(x); });
  EXPECT_LE(m.ulp, 0.85) << "expm1(" << m.at << "), seed " << ElementarySeed;
  const Worst l = worst(
      arguments(Tiny, Largest), [](double x) { return log(x); },
      [](long double x) { return std::log(x); });
  EXPECT_LE(l.ulp, 0.75) << "log(" << l.at << "), seed " << ElementarySeed;
  const Worst p = worst(
      arguments(std::nextafter(-1.0, 0.0), Largest), [](double x) { return log1p(x); },
      [](long double x) { return std::log1p(x); });
  EXPECT_LE(p.ulp, 0.75) << "log1p(" << p.at << "), seed " << ElementarySeed;
  RecordProperty("exp_ulp", std::to_string(e.ulp));
  RecordProperty("expm1_ulp", std::to_string(m.ulp));
  RecordProperty("log_ulp", std::to_string(l.ulp));
  RecordProperty("log1p_ulp", std::to_string(p.ulp));
}

// The ends of the range, where a wrong branch gives NaN instead of a limit.
TEST(Elementary, HasTheRightLimits) {
  EXPECT_EQ(exp(0.0), 1.0);
  EXPECT_EQ(exp(Inf), Inf);
  EXPECT_EQ(exp(-Inf), 0.0);
  EXPECT_EQ(exp(709.79), Inf);
  EXPECT_LT(exp(709.78), Inf);
  EXPECT_EQ(exp(-745.14), 0.0);
  EXPECT_EQ(exp(-744.44), Tiny);
  EXPECT_EQ(expm1(Inf), Inf);
  EXPECT_EQ(expm1(-Inf), -1.0);
  EXPECT_EQ(expm1(Tiny), Tiny);
  EXPECT_TRUE(std::signbit(expm1(-0.0)));
  EXPECT_EQ(log(1.0), 0.0);
  EXPECT_FALSE(std::signbit(log(1.0)));
  EXPECT_EQ(log(0.0), -Inf);
  EXPECT_EQ(log(-0.0), -Inf);
  EXPECT_EQ(log(Inf), Inf);
  EXPECT_TRUE(std::isnan(log(-Tiny)));
  EXPECT_TRUE(std::isnan(log(-Inf)));
  EXPECT_EQ(log1p(-1.0), -Inf);
  EXPECT_EQ(log1p(Inf), Inf);
  EXPECT_EQ(log1p(Least), Least);
  EXPECT_TRUE(std::signbit(log1p(-0.0)));
  EXPECT_TRUE(std::isnan(log1p(std::nextafter(-1.0, -2.0))));
  for (double (*f)(double) : {&exp, &expm1, &log, &log1p}) EXPECT_TRUE(std::isnan(f(Nan)));
}

// Other bits from another compiler, option or CPU. The values were computed by this code, whose
// accuracy the test above shows; they change only by intent.
TEST(Elementary, GivesTheSameBitsEverywhere) {
  core::Hash64 hash;
  const core::Draw draw{.seed = ElementarySeed, .member = 1};
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    const double u = draw.uniform(0, i, 0);
    for (const double y : {exp(1400 * u - 700), expm1(4 * u - 2), log(u), log1p(-u)}) {
      hash.absorb(&y, sizeof y);
    }
  }
  EXPECT_EQ(hash.digest(), 0x14780e2e3bd08500U) << std::hex << hash.digest();
  static_assert(exp(1.0) == 0x1.5bf0a8b145769p+1);  // e, rounded to nearest
  static_assert(log(10.0) == 0x1.26bb1bbb55516p+1);
}

}  // namespace
}  // namespace twin::math
