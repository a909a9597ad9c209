// If these failed, the twin would promise benefits it cannot know, or run ten times what it needs to
// know them.
#include "twin/decide/paired.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"

namespace twin::decide {
namespace {

using contract::refusal;

constexpr std::uint64_t PairedSeed = 20260501;
constexpr double PairedInfinity = std::numeric_limits<double>::infinity();
constexpr double PairedNan = std::numeric_limits<double>::quiet_NaN();

struct Pair {
  double a, b;
};
// Normal with deviation 3, correlation rho, means apart by `apart`.
Pair pair_of(const core::Draw& draw, std::uint32_t n, double rho, double apart) {
  const double shared = math::normal(draw.uniform(0, 0, n));
  const double own = math::normal(draw.uniform(0, 1, n));
  return {10.0 + apart + 3.0 * shared,
          10.0 + 3.0 * (rho * shared + std::sqrt(1 - rho * rho) * own)};
}

// Wrong: the interval would not be that of the differences. By hand: differences 1, 2, 3, mean 2,
// s = 1, t_2(0.975) = 4.302653.
TEST(Paired, IsTheIntervalOfTheDifferences) {
  Paired p;
  p.add(5, 4);
  p.add(1, -1);
  p.add(9, 6);
  EXPECT_DOUBLE_EQ(p.interval().mean, 2.0);
  EXPECT_NEAR(p.interval().half_width, 4.302652729911275 / std::sqrt(3.0), 1e-9);
  const std::vector<double> a = {5, 1, 9}, b = {4, -1, 6};
  EXPECT_EQ(p.interval(0.9), math::paired_interval(a, b, 0.9));
  // Var a = 16, Var b = 13, Var(a - b) = 1.
  EXPECT_NEAR(*p.variance_ratio(), 29.0, 1e-12);
  EXPECT_NEAR(*p.correlation(), 14.0 / std::sqrt(16.0 * 13.0), 1e-12);
  Paired first, second;
  first.add(5, 4);
  second.add(1, -1);
  second.add(9, 6);
  first.merge(second);
  EXPECT_NEAR(first.interval().half_width, p.interval().half_width, 1e-12);
  EXPECT_EQ(core::load<Paired>(core::save(p)), p);
}

// Wrong: nobody would know what common random numbers save. With equal variances the ratio is
// 1 / (1 - rho); the log of the ratio of variances has a standard error below sqrt(2 (2 / n)).
TEST(Paired, SaysWhatThePairingSaved) {
  SCOPED_TRACE(PairedSeed);
  constexpr int N = 20'000;
  for (const double rho : {0.0, 0.5, 0.85, 0.99}) {
    Paired p;
    for (std::uint32_t n = 0; n < N; ++n) {
      const Pair x = pair_of({PairedSeed, 1}, n, rho, 0.0);
      p.add(x.a, x.b);
    }
    EXPECT_NEAR(std::log(*p.variance_ratio()), -std::log1p(-rho), 5.2 * std::sqrt(4.0 / N)) << rho;
    EXPECT_NEAR(*p.correlation(), rho, 5.2 / std::sqrt(N)) << rho;
  }
}

// Wrong: what is constant, or has been seen once, would be given a number.
TEST(Paired, SaysNothingWhereNothingIsKnown) {
  Paired p;
  EXPECT_FALSE(p.variance_ratio());
  EXPECT_EQ(p.interval().half_width, PairedInfinity);
  EXPECT_EQ(p.anytime_interval().half_width, PairedInfinity);
  EXPECT_EQ(finding(p.interval()), Finding::Open);
  p.add(2, 1);
  EXPECT_FALSE(p.variance_ratio());
  EXPECT_EQ(finding(p.interval(), 100.0), Finding::Open);
  p.add(2, 1);
  EXPECT_FALSE(p.variance_ratio());  // neither varies
  EXPECT_FALSE(p.correlation());
  EXPECT_EQ(finding(p.interval()), Finding::Greater);  // no variance at all: 1 is 1
  p.add(3, 2);
  EXPECT_EQ(*p.variance_ratio(), PairedInfinity);
  EXPECT_DOUBLE_EQ(*p.correlation(), 1.0);
}

// Wrong: the sequence of intervals would not be the law that its source proves. The e-value at both
// ends, computed from its definition, is 1 / alpha.
TEST(Anytime, EndsWhereItsMartingaleReachesItsBound) {
  for (const std::uint64_t n : {12U, 30U, 1000U}) {
    for (const double g : {0.5, 3.0, 20.0}) {
      const double width = anytime_half_width(n, 0.95, g);
      if (width == PairedInfinity) continue;
      const auto m = static_cast<double>(n);
      const double t2 = m * width * width;
      const double r = g / (m + g);
      const double e = std::sqrt(r) * std::pow((1 + t2 / (m - 1)) / (1 + r * t2 / (m - 1)), m / 2);
      EXPECT_NEAR(e, 20.0, 1e-9) << n << " " << g;
    }
  }
  EXPECT_EQ(anytime_half_width(2, 0.999, 1.0), PairedInfinity);
  // The price at the number it is made for, against one look: 3.26 standard errors at n = 30, where
  // one look has 2.05.
  Paired p;
  for (std::uint32_t n = 0; n < 30; ++n) p.add(n % 2, 0);
  const double price = p.anytime_interval().half_width / p.interval().half_width;
  EXPECT_GT(price, 1.0);
  EXPECT_LT(price, 1.75);
  for (const std::uint64_t other : {5U, 200U})  // and best about there
    EXPECT_GT(p.anytime_interval(0.95, other).half_width, p.anytime_interval(0.95, 30).half_width);
}

// Wrong: whoever looks after each pair would find differences where there are none. 2,000 histories of
// up to 400 pairs; a miss at any time has a probability of at most 0.1, and se = 0.0067. The plain
// interval, looked at as often, misses far more: planted, to see that the test can fail.
TEST(Anytime, HoldsAtAllTimesAtOnce) {
  SCOPED_TRACE(PairedSeed);
  constexpr int Histories = 2'000;
  int missed = 0, plain_missed = 0;
  for (std::uint32_t h = 0; h < Histories; ++h) {
    Paired p;
    bool miss = false, plain = false;
    for (std::uint32_t n = 0; n < 400; ++n) {
      const Pair x = pair_of({PairedSeed, 1000 + h}, n, 0.5, 1.0);
      p.add(x.a, x.b);
      if (n < 2) continue;
      const auto out = [](const math::Interval& i) { return i.low() > 1.0 || i.high() < 1.0; };
      miss = miss || out(p.anytime_interval(0.9));
      if (n % 20 == 0) plain = plain || out(p.interval(0.9));
    }
    missed += miss;
    plain_missed += plain;
  }
  EXPECT_LE(missed / double{Histories}, 0.1 + 5.2 * 0.0067);
  EXPECT_GE(plain_missed / double{Histories}, 0.25);
}

// Wrong: too few pairs would be run, or more than needed.
TEST(PairsFor, IsTheLeastNumber) {
  for (const double width : {0.05, 0.3, 1.0, 2.5, 30.0}) {
    for (const double confidence : {0.5, 0.9, 0.99}) {
      const std::uint64_t n = pairs_for(width, 1.5, confidence);
      const auto half = [&](std::uint64_t m) {
        const auto x = static_cast<double>(m);
        return math::student_t_quantile(0.5 * (1 + confidence), x - 1) * 1.5 / std::sqrt(x);
      };
      EXPECT_LE(half(n), width * (1 + 1e-12)) << n;
      if (n > 2) {
        EXPECT_GT(half(n - 1), width) << n;
      }
    }
  }
  EXPECT_EQ(pairs_for(1.0, 0.0), 2U);
  EXPECT_GE(pairs_for(1e-300, 1.0), 1'000'000'000'000U);  // and comes back at all
}

// Wrong: a promised half-width would not be kept. Stein's promise is exact: 4,000 histories with 10
// first pairs, confidence 0.9, se 0.0047.
TEST(PairsFor, SteinKeepsHisPromise) {
  SCOPED_TRACE(PairedSeed);
  constexpr int Histories = 4'000;
  int held = 0;
  for (std::uint32_t h = 0; h < Histories; ++h) {
    math::Moments m;
    std::uint32_t n = 0;
    const auto more = [&] {
      m.add(math::normal(core::Draw{PairedSeed, 9000 + h}.uniform(1, 0, n++)));
    };
    while (n < 10) more();
    const std::uint64_t all = pairs_for_stein(0.25, m, 0.9);
    while (n < all) more();
    held += std::abs(m.mean()) <= 0.25;
  }
  EXPECT_GE(held / double{Histories}, 0.9 - 5.2 * 0.0047);
  EXPECT_LE(held / double{Histories}, 0.93 + 5.2 * 0.0047);  // rounding up adds little
}

// Wrong: a sign would be called before it is known, or a trifle called a difference.
TEST(Finding, SaysWhatTheIntervalSays) {
  const auto of = [](double low, double high, double margin) {
    return finding({.mean = 0.5 * (low + high), .half_width = 0.5 * (high - low), .count = 5},
                   margin);
  };
  EXPECT_EQ(of(-2, -1, 0), Finding::Less);
  EXPECT_EQ(of(1, 2, 0), Finding::Greater);
  EXPECT_EQ(of(-1, 2, 0), Finding::Open);
  EXPECT_EQ(of(-1, 2, 2), Finding::Alike);
  EXPECT_EQ(of(1, 2, 3), Finding::Alike);
  EXPECT_EQ(of(0, 2, 0), Finding::Open);
  EXPECT_EQ(of(0, 0, 0), Finding::Alike);  // the same, without any variance
}

// Wrong: a lost run would end in the mean.
TEST(Paired, RefusesNonsense) {
  Paired p;
  EXPECT_EQ(refusal([&] { p.add(PairedNan, 1); }),
            "a = nan (must be finite); was a missing value left in?");
  EXPECT_EQ(refusal([&] { p.add(1, PairedInfinity); }),
            "b = inf (must be finite); was a missing value left in?");
  EXPECT_EQ(refusal([&] { p.add(1e308, -1e308); }),
            "a - b = inf (must be finite); was a missing value left in?");
  EXPECT_EQ(p, Paired{});
  EXPECT_EQ(refusal([] { pairs_for(0, 1); }), "half_width = 0 (must be positive)");
  EXPECT_EQ(refusal([&] { static_cast<void>(p.interval(95)); }),
            "confidence = 95 (must lie between 0 and 1, both excluded); is it in percent?");
}

}  // namespace
}  // namespace twin::decide
