// If these failed, weights of an index policy would be searched for at many times the price, or by a
// method that only bears a known one's name.
#include "twin/decide/cma_es.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/statistics.hpp"

namespace twin::decide {
namespace {

using contract::refusal;
constexpr std::uint64_t CmaEsSeed = 20261201;
constexpr double CmaEsInf = std::numeric_limits<double>::infinity();

using Landscape = std::function<double(const Point&)>;

double sphere(const Point& x) {
  double sum = 0.0;
  for (const double v : x) sum += v * v;
  return sum;
}
double ellipsoid(const Point& x) {
  const auto n = static_cast<double>(x.size());
  double sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i)
    sum += std::pow(1e6, static_cast<double>(i) / (n - 1.0)) * x[i] * x[i];
  return sum;
}
double rosenbrock(const Point& x) {
  double sum = 0.0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    const double a = x[i + 1] - x[i] * x[i], b = 1.0 - x[i];
    sum += 100.0 * a * a + b * b;
  }
  return sum;
}

CmaOptions around(std::size_t n, double start, double step) {
  return {.box = {Point(n, -CmaEsInf), Point(n, CmaEsInf)},
          .start = Point(n, start),
          .step = Point(n, step)};
}

// Evaluations until 10^-10 in those of so many worlds that got there.
math::Moments evaluations(const Landscape& f, std::size_t n, double start, std::uint32_t worlds) {
  math::Moments spent;
  for (std::uint32_t w = 0; w < worlds; ++w) {
    CmaOptions o = around(n, start, 0.5);
    o.target = 1e-10;
    o.budget = 200'000;
    const CmaEs search = searched(CmaEs(o, {CmaEsSeed, w}), f);
    if (search.end() == CmaEnd::Target) spent.add(static_cast<double>(search.spent()));
  }
  return spent;
}

// Orthogonal, by Gram and Schmidt from normal numbers: [row][column].
std::vector<Point> rotation(std::size_t n, std::uint32_t world) {
  std::vector<Point> r(n, Point(n));
  for (std::uint32_t i = 0; i < n; ++i) {
    for (std::uint32_t j = 0; j < n; ++j)
      r[i][j] = math::normal(core::Draw{CmaEsSeed, world}.uniform(7, i, j));
    for (std::uint32_t k = 0; k < i; ++k) {
      double along = 0.0;
      for (std::size_t j = 0; j < n; ++j) along += r[i][j] * r[k][j];
      for (std::size_t j = 0; j < n; ++j) r[i][j] -= along * r[k][j];
    }
    const double length = std::sqrt(sphere(r[i]));
    for (double& v : r[i]) v /= length;
  }
  return r;
}
Point turned(const std::vector<Point>& r, const Point& x) {
  Point y(x.size(), 0.0);
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j < x.size(); ++j) y[i] += r[i][j] * x[j];
  }
  return y;
}

// Wrong: constants would be others than the tutorial's table 1. n = 10, lambda = 10 by hand: mu 5, weights
// ln 5.5 - ln i, mu_eff 3.1673 (the figure its author's program prints is 3.2, w_1 = 46 %).
TEST(CmaConstants, AreThoseOfTheTutorial) {
  const CmaConstants k = cma_constants(10, 10);
  double plus = 0.0, minus = 0.0;
  for (const double w : k.weights) (w > 0.0 ? plus : minus) += w;
  EXPECT_NEAR(plus, 1.0, 1e-15);
  EXPECT_NEAR(k.weights[0], 0.4563, 5e-5);
  EXPECT_NEAR(k.mu_eff, 3.1673, 5e-5);
  EXPECT_NEAR(k.c_sigma, (3.1673 + 2) / (10 + 3.1673 + 5), 1e-5);
  EXPECT_EQ(k.d_sigma, 1.0 + k.c_sigma);
  EXPECT_NEAR(k.c_1, 2.0 / (11.3 * 11.3 + 3.1673), 1e-6);
  EXPECT_NEAR(k.c_mu, 2.0 * (0.25 + 3.1673 + 1 / 3.1673 - 2) / (144 + 3.1673), 1e-5);
  EXPECT_NEAR(k.chi, 3.0847, 1e-4);  // sqrt(2) Gamma(5.5) / Gamma(5) = 3.0843
  EXPECT_NEAR(minus, -std::min(1.0 + k.c_1 / k.c_mu, (1.0 - k.c_1 - k.c_mu) / (10.0 * k.c_mu)),
              0.15);
  // Any population keeps C positive: what it keeps of itself is not negative.
  for (std::size_t lambda = 4; lambda < 300; lambda += 7) {
    const CmaConstants c = cma_constants(3, lambda);
    double all = 0.0;
    for (const double w : c.weights) all += w;
    EXPECT_GE(1.0 - c.c_1 - c.c_mu * all, -1e-15) << lambda;
    EXPECT_LE(c.c_1 + c.c_mu, 1.0);
  }
}

struct Reference {
  const char* name;
  Landscape f;
  std::size_t n;
  double start;
  double mean, deviation, runs;  // evaluations of the reference
};

// Wrong: it would not be the method that its author publishes. Reference: pycma 4.4.0, its author's
// program, default options, the same start, first step 0.5 and target 10^-10, seeds from 1 on: mean and
// deviation of its 40 runs (16 in 20 dimensions). In 10 dimensions 3 of its 40 ended in the other valley
// of Rosenbrock's function, and so may some of ours. 5 standard errors of the difference, and 6 % for what
// is not the same: its constants are of another version than the tutorial's.
TEST(CmaEs, TakesAsManyEvaluationsAsItsAuthorsProgram) {
  SCOPED_TRACE(CmaEsSeed);
  const Reference references[] = {{"sphere", sphere, 5, 1.0, 781.2, 46.6, 40},
                                  {"sphere", sphere, 10, 1.0, 1614.5, 103.6, 40},
                                  {"sphere", sphere, 20, 1.0, 3059.3, 108.4, 16},
                                  {"ellipsoid", ellipsoid, 5, 1.0, 1566.4, 94.5, 40},
                                  {"ellipsoid", ellipsoid, 10, 1.0, 4287.3, 195.3, 40},
                                  {"ellipsoid", ellipsoid, 20, 1.0, 13278, 273.3, 16},
                                  {"rosenbrock", rosenbrock, 5, 0.0, 1809.6, 203.9, 40},
                                  {"rosenbrock", rosenbrock, 10, 0.0, 5378.9, 481.1, 37}};
  for (const Reference& r : references) {
    const std::uint32_t worlds = r.n < 20 ? 40 : 8;
    const math::Moments ours = evaluations(r.f, r.n, r.start, worlds);
    EXPECT_GE(ours.count(), r.start == 0.0 ? worlds * 3 / 4 : worlds) << r.name << r.n;
    const double error = std::sqrt(ours.variance() / static_cast<double>(ours.count()) +
                                   r.deviation * r.deviation / r.runs);
    EXPECT_NEAR(ours.mean(), r.mean, 0.06 * r.mean + 5.0 * error) << r.name << r.n;
    RecordProperty(r.name + std::to_string(r.n),
                   std::to_string(ours.mean()) + " of " + std::to_string(r.mean));
  }
}

// Wrong: policies whose weights work together would be found less often than others. A rotated ellipsoid
// costs what the plain one does: 40 worlds each, 5 standard errors.
TEST(CmaEs, DoesNotCareForRotation) {
  SCOPED_TRACE(CmaEsSeed);
  const auto r = rotation(10, 1);
  const math::Moments plain = evaluations(ellipsoid, 10, 1.0, 40);
  const Point start = turned(r, Point(10, 1.0));
  math::Moments rotated;
  for (std::uint32_t w = 0; w < 40; ++w) {
    CmaOptions o = around(10, 0.0, 0.5);
    // r' start has all coordinates 1 for the turned landscape.
    for (std::size_t i = 0; i < 10; ++i) {
      o.start[i] = 0.0;
      for (std::size_t j = 0; j < 10; ++j) o.start[i] += r[j][i];
    }
    o.target = 1e-10;
    const CmaEs s = searched(CmaEs(o, {CmaEsSeed, 500 + w}),
                             [&](const Point& x) { return ellipsoid(turned(r, x)); });
    EXPECT_EQ(s.end(), CmaEnd::Target);
    rotated.add(static_cast<double>(s.spent()));
  }
  EXPECT_NEAR(plain.mean(), rotated.mean(),
              5.0 * std::sqrt((plain.variance() + rotated.variance()) / 40.0));
}

// m 2^e -> m 4^e: monotone and without rounding.
double stretched(double f) {
  int e = 0;
  const double m = std::frexp(f, &e);
  return std::ldexp(m, 2 * e);
}

// Wrong: a KPI and its square, or minutes and hours, would give other policies. Bit for bit.
TEST(CmaEs, SeesOnlyTheOrderOfValuesAndNoUnits) {
  CmaOptions o = around(6, 1.5, 0.25);
  o.least_difference = 0.0;
  CmaOptions scaled = o;
  for (double& x : scaled.start) x *= 1024.0;
  for (double& x : scaled.step) x *= 1024.0;
  CmaEs plain(o, {CmaEsSeed, 3}), other(o, {CmaEsSeed, 3}), large(scaled, {CmaEsSeed, 3});
  for (int g = 0; g < 200; ++g) {
    std::vector<double> a, b, c;
    for (const Point& x : plain.wanted()) a.push_back(rosenbrock(x));
    for (const Point& x : other.wanted()) b.push_back(stretched(rosenbrock(x)));
    for (Point x : large.wanted()) {
      for (double& v : x) v /= 1024.0;
      c.push_back(rosenbrock(x));
    }
    ASSERT_EQ(plain.wanted(), other.wanted()) << g;
    ASSERT_EQ(a, c) << g;
    plain.take(a);
    other.take(b);
    large.take(c);
  }
  EXPECT_LT(plain.best().value, 1e-2);
}

// Wrong: a best on a bound would not be found, or a point outside be run. The sphere around 2 in a box up
// to 1, and down to 0.5 in every other parameter: 1 and 2 away in each.
TEST(CmaEs, FindsWhatLiesOnABound) {
  SCOPED_TRACE(CmaEsSeed);
  for (std::uint32_t w = 0; w < 10; ++w) {
    CmaOptions o = around(6, 0.75, 0.3);
    for (std::size_t i = 0; i < 6; ++i) {
      o.box.high[i] = 1.0;
      if (i % 2 == 0) o.box.low[i] = 0.5;
    }
    o.start[2] = 0.5;  // at a bound from the first
    const CmaEs s = searched(CmaEs(o, {CmaEsSeed, w}), [&](const Point& x) {
      EXPECT_TRUE(o.box.contains(x));
      double sum = 0.0;
      for (const double v : x) sum += (v - 2.0) * (v - 2.0);
      return sum;
    });
    EXPECT_EQ(s.stand(), Stand::Decided);
    EXPECT_NEAR(s.best().value, 6.0, 1e-9) << w;
    EXPECT_TRUE(o.box.contains(s.mean()));
    EXPECT_LT(s.spent(), 4'000U);
  }
}

// Wrong: many valleys would hide the best one. Rastrigin's function in 5 dimensions, -5 to 5: doubled
// populations find it in nearly all worlds, single runs in few (Auger and Hansen 2005, figure for f9).
TEST(CmaEs, RestartsWithMoreFindTheDeepestValley) {
  SCOPED_TRACE(CmaEsSeed);
  const auto rastrigin = [](const Point& x) {
    double sum = 0.0;
    for (const double v : x) sum += 10.0 + v * v - 10.0 * std::cos(2.0 * std::acos(-1.0) * v);
    return sum;
  };
  int single = 0, restarted = 0;
  std::uint64_t spent = 0;
  for (std::uint32_t w = 0; w < 20; ++w) {
    CmaOptions o = around(5, 3.0, 2.0);
    o.box = {Point(5, -5.0), Point(5, 5.0)};
    o.target = 1e-8;
    single += searched(CmaEs(o, {CmaEsSeed, w}), rastrigin).end() == CmaEnd::Target;
    o.restarts = 7;
    o.budget = 200'000;
    const CmaEs s = searched(CmaEs(o, {CmaEsSeed, w}), rastrigin);
    restarted += s.end() == CmaEnd::Target;
    spent += s.spent();
    EXPECT_EQ(s.population(), 8U << s.run());
  }
  EXPECT_LE(single, 10);
  EXPECT_GE(restarted, 19);
  RecordProperty("rastrigin_single", single);
  RecordProperty("rastrigin_restarted", restarted);
  RecordProperty("rastrigin_evaluations", std::to_string(spent / 20));
}

// Wrong: noise that all points share would mislead, or noise that they do not share would go unnoticed.
// A mean over 4 replications whose noise has the same draws for all points is a landscape: the search
// ends where that lies, within what 4 draws of deviation 0.1 shift it.
TEST(CmaEs, LivesWithCommonRandomNumbers) {
  SCOPED_TRACE(CmaEsSeed);
  const core::Draw world{CmaEsSeed, 77};
  const auto f = [&](const Point& x) {
    double sum = 0.0;
    for (std::uint32_t r = 0; r < 4; ++r) {
      for (std::uint32_t i = 0; i < x.size(); ++i) {
        const double d = x[i] - 0.1 * math::normal(world.uniform(9, i, r));
        sum += d * d / 4.0;
      }
    }
    return sum;
  };
  const CmaEs s = searched(CmaEs(around(5, 1.0, 0.5), {CmaEsSeed, 1}), f);
  EXPECT_EQ(s.end(), CmaEnd::Flat);
  for (std::uint32_t i = 0; i < 5; ++i) {
    double best = 0.0;
    for (std::uint32_t r = 0; r < 4; ++r) best += 0.1 * math::normal(world.uniform(9, i, r)) / 4.0;
    EXPECT_NEAR(s.mean()[i], best, 1e-5);
  }
}

// Wrong: a search under way could not be kept, or would depend on when it was.
TEST(CmaEs, IsAValue) {
  CmaOptions o = around(4, 0.0, 0.5);
  o.restarts = 1;
  o.budget = 3'000;
  CmaEs s(o, {CmaEsSeed, 5});
  for (int g = 0; g < 30; ++g) {
    std::vector<double> values;
    for (const Point& x : s.wanted()) values.push_back(rosenbrock(x));
    s.take(values);
  }
  const CmaEs loaded = core::load<CmaEs>(core::save(s));
  EXPECT_EQ(loaded, s);
  EXPECT_EQ(searched(loaded, rosenbrock), searched(s, rosenbrock));
  EXPECT_EQ(CmaEs(), CmaEs());
  EXPECT_TRUE(CmaEs().wanted().empty());
}

// Wrong: it would run for ever, or a plain of equal values be taken for an answer still to come.
TEST(CmaEs, Stops) {
  CmaOptions o = around(3, 1.0, 1.0);
  o.budget = 100;
  const CmaEs broke = searched(CmaEs(o, {CmaEsSeed, 1}), rosenbrock);
  EXPECT_EQ(broke.stand(), Stand::BudgetSpent);
  EXPECT_LE(broke.spent(), 100U);
  EXPECT_GT(broke.spent(), 100U - broke.population());
  o.budget = 1'000'000;
  const CmaEs flat = searched(CmaEs(o, {CmaEsSeed, 1}), [](const Point&) { return 1.0; });
  EXPECT_EQ(flat.end(), CmaEnd::Flat);
  EXPECT_LT(flat.spent(), 400U);
  const CmaEs lost = searched(CmaEs(o, {CmaEsSeed, 1}), [](const Point&) { return CmaEsInf; });
  EXPECT_EQ(lost.end(), CmaEnd::Flat);
  EXPECT_TRUE(lost.best().x.empty());
  // Half of the plane cannot be run: the best lies at its edge.
  const CmaEs edge = searched(CmaEs(o, {CmaEsSeed, 1}),
                              [](const Point& x) { return x[0] < 0.5 ? CmaEsInf : sphere(x); });
  EXPECT_NEAR(edge.best().value, 0.25, 1e-3);
  // Without end downhill: sigma grows, and the budget ends it, not an overflow.
  const CmaEs down = searched(CmaEs(o, {CmaEsSeed, 1}), [](const Point& x) { return x[0]; });
  EXPECT_TRUE(std::isfinite(down.best().value));
  EXPECT_NE(down.stand(), Stand::Open);
  // One parameter.
  CmaOptions one = around(1, 3.0, 1.0);
  EXPECT_NEAR(searched(CmaEs(one, {CmaEsSeed, 1}), sphere).best().value, 0.0, 1e-12);
}

// Wrong: nonsense would be searched, or a lost run decide.
TEST(CmaEs, RefusesNonsense) {
  const CmaOptions good = around(2, 0.0, 1.0);
  const auto with = [&](auto change) {
    CmaOptions o = good;
    change(o);
    return refusal([&] { CmaEs(o, {}); });
  };
  EXPECT_EQ(with([](CmaOptions&) {}), "accepted");
  EXPECT_EQ(with([](CmaOptions& o) { o.step[1] = 0.0; }), "step = 0 (must be positive)");
  EXPECT_EQ(with([](CmaOptions& o) { o.population = 3; }),
            "population = 3 (must be at least 4; 0 for the usual one)");
  EXPECT_EQ(with([](CmaOptions& o) { o.budget = 5; }),
            "budget = 5 evaluations (a generation has 6)");
  EXPECT_NE(with([](CmaOptions& o) { o.start[0] = CmaEsInf; }), "accepted");
  EXPECT_NE(with([](CmaOptions& o) { o.least_step = -1; }), "accepted");
  EXPECT_NE(with([](CmaOptions& o) { o.step.pop_back(); }), "accepted");
  CmaEs s(good, {});
  const CmaEs before = s;
  std::vector<double> values(s.wanted().size(), 1.0);
  values[1] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_NE(refusal([&] { s.take(values); }), "accepted");
  EXPECT_EQ(s, before);
}

}  // namespace
}  // namespace twin::decide
