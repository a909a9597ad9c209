// If these failed, a policy's few parameters would be tuned to the wrong place, or a crash in one run of
// the fab would end the program.
#include "twin/decide/nlopt_search.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <stdexcept>
#include <thread>

#include "twin/contract/refusal.hpp"

namespace twin::decide {
namespace {

using contract::refusal;
constexpr std::uint64_t NloptSearchSeed = 20261203;
constexpr double NloptSearchInf = std::numeric_limits<double>::infinity();

constexpr std::array Methods = {NloptMethod::Sbplx, NloptMethod::Crs2, NloptMethod::Isres};

NloptOptions square(NloptMethod method) {
  return {.method = method, .box = {{-3, -3}, {3, 3}}, .start = {-1, 2}, .budget = 20'000};
}
double rosenbrock_nlopt_search(const Point& x) {
  return 100.0 * (x[1] - x[0] * x[0]) * (x[1] - x[0] * x[0]) + (1.0 - x[0]) * (1.0 - x[0]);
}

// Wrong: the known minimum would not be found, or points outside be run.
TEST(NloptSearch, FindsTheMinimum) {
  for (const NloptMethod m : Methods) {
    NloptOptions o = square(m);
    o.target = 1e-8;
    std::uint64_t calls = 0;
    const NloptFound found = nlopt_search(o, {NloptSearchSeed, 0}, [&](const Point& x) {
      EXPECT_TRUE(o.box.contains(x));
      ++calls;
      return rosenbrock_nlopt_search(x);
    });
    EXPECT_EQ(found.stand, Stand::Decided) << found.end;
    EXPECT_LE(found.best.value, 1e-8);
    EXPECT_NEAR(found.best.x[0], 1.0, 1e-3);
    EXPECT_EQ(found.spent, calls);
  }
}

// Wrong: the best of several valleys would be missed by those that are to look everywhere.
TEST(NloptSearch, GlobalOnesLeaveAValley) {
  // Two valleys: depth 0 at (2, 2), depth 1 at (-2, -2), where it starts.
  const auto f = [](const Point& x) {
    const double a = std::hypot(x[0] - 2, x[1] - 2), b = std::hypot(x[0] + 2, x[1] + 2);
    return std::min(a * a, 1.0 + b * b);
  };
  for (const NloptMethod m : Methods) {
    NloptOptions o = square(m);
    o.start = {-2.2, -1.9};
    o.step = {0.1, 0.1};
    o.budget = 5'000;
    o.target = 1e-4;
    const double least = nlopt_search(o, {NloptSearchSeed, 1}, f).best.value;
    if (m == NloptMethod::Sbplx) {
      EXPECT_NEAR(least, 1.0, 1e-6);
    } else {
      EXPECT_LE(least, 1e-4);
    }
  }
}

// Wrong: a run that ends in an exception would end the program, or its message be lost.
TEST(NloptSearch, LetsExceptionsOutUnchanged) {
  struct Crash {
    int run;
  };
  for (const NloptMethod m : Methods) {
    int runs = 0;
    try {
      nlopt_search(square(m), {NloptSearchSeed, 0}, [&](const Point&) -> double {
        if (++runs == 7) throw Crash{7};
        return 1.0 * runs;
      });
      FAIL() << "swallowed";
    } catch (const Crash& c) {
      EXPECT_EQ(c.run, 7);
    }
    EXPECT_EQ(runs, 7);  // and nothing is run afterwards
  }
}

// Wrong: NaN would be the best of all; what cannot be run would stop the search.
TEST(NloptSearch, TakesInfinityAndRefusesNan) {
  for (const NloptMethod m : Methods) {
    EXPECT_EQ(
        refusal([&] {
          nlopt_search(square(m), {NloptSearchSeed, 0}, [](const Point&) { return std::nan(""); });
        }),
        "values[0] = nan (must be a number, or +infinity for what cannot be run)");
    NloptOptions o = square(m);
    o.start = {2, 2};
    const NloptFound edge = nlopt_search(o, {NloptSearchSeed, 0}, [](const Point& x) {
      return x[0] < 0.5 ? NloptSearchInf : x[0] * x[0] + x[1] * x[1];
    });
    EXPECT_NEAR(edge.best.value, 0.25, 1e-2);
    o.budget = 300;
    const NloptFound lost =
        nlopt_search(o, {NloptSearchSeed, 0}, [](const Point&) { return NloptSearchInf; });
    EXPECT_TRUE(lost.best.x.empty());
    EXPECT_LE(lost.spent, 300U);
  }
}

// Wrong: a budget would be overrun.
TEST(NloptSearch, KeepsItsBudget) {
  for (const NloptMethod m : Methods) {
    for (const std::uint64_t budget : {1U, 2U, 50U}) {
      NloptOptions o = square(m);
      o.budget = budget;
      const NloptFound found = nlopt_search(o, {NloptSearchSeed, 0}, rosenbrock_nlopt_search);
      EXPECT_EQ(found.spent, budget);
      EXPECT_EQ(found.stand, Stand::BudgetSpent);
    }
  }
}

// Wrong: the same search would give another answer, or two at once disturb each other.
TEST(NloptSearch, IsRepeatable) {
  for (const NloptMethod m : Methods) {
    NloptOptions o = square(m);
    o.budget = 3'000;
    const auto run = [&](std::uint32_t member) {
      return nlopt_search(o, {NloptSearchSeed, member}, rosenbrock_nlopt_search).best;
    };
    const Best alone[] = {run(1), run(2)};
    Best together[2];
    if (m == NloptMethod::Crs2) {  // not two at once
      together[0] = run(1);
      together[1] = run(2);
    } else {
      std::jthread a([&] { together[0] = run(1); });
      std::jthread b([&] { together[1] = run(2); });
    }
    EXPECT_EQ(together[0], alone[0]);
    EXPECT_EQ(together[1], alone[1]);
    EXPECT_EQ(alone[0] == alone[1], m == NloptMethod::Sbplx);
  }
}

// Wrong: nonsense would reach NLopt, which would say less about it.
TEST(NloptSearch, RefusesNonsense) {
  const auto with = [](NloptMethod m, auto change) {
    NloptOptions o = square(m);
    change(o);
    return refusal([&] { nlopt_search(o, {}, rosenbrock_nlopt_search); });
  };
  EXPECT_EQ(with(NloptMethod::Crs2, [](NloptOptions& o) { o.box.high[1] = NloptSearchInf; }),
            "bounds[1] = -3, inf (a global search needs finite ones)");
  EXPECT_EQ(with(NloptMethod::Sbplx, [](NloptOptions& o) { o.start[0] = 5; }),
            "start[0] = 5 (bounds are -3, 3)");
  EXPECT_EQ(with(NloptMethod::Sbplx,
                 [](NloptOptions& o) {
                   o.step = {1, 0};
                 }),
            "step = 0 (must be positive)");
  EXPECT_NE(with(NloptMethod::Sbplx, [](NloptOptions& o) { o.budget = 0; }), "accepted");
  EXPECT_NE(with(NloptMethod::Isres, [](NloptOptions& o) { o.least_step = -1; }), "accepted");
  // A population that the method cannot work with is said, not crashed on.
  EXPECT_NE(with(NloptMethod::Crs2, [](NloptOptions& o) { o.population = 2; }), "accepted");
}

}  // namespace
}  // namespace twin::decide
