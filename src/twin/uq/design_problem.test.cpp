// If these failed, a design would be said to be better or worse than it is.
#include "twin/uq/design_problem.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"

namespace twin::uq {
namespace {

constexpr std::uint64_t DesignProblemSeed = 20270311;

// Columns of very unequal size, so that a change of coordinates is not left out.
DesignProblem unequal_problem(Optimality optimality, std::size_t candidates) {
  DesignProblem problem{.optimality = optimality,
                        .precision = {{1, 0.5, 0}, {0.5, 1, 0}, {0, 0, 0}}};
  const core::Draw draw{DesignProblemSeed, 0};
  for (std::uint32_t i = 0; i < candidates; ++i) {
    const double x = math::normal(draw.uniform(0, i, 0)), y = math::normal(draw.uniform(0, i, 1));
    problem.candidates.push_back({1, 100 * x, 0.01 * y + x});
  }
  return problem;
}

// Wrong: an exchange would not do what was said of it. After each of 50 moves of weight, what was kept up to date is
// what is worked out anew, and the value is off by the gain that was told.
TEST(DesignProblem, AMoveIsWhatItWasSaidToBe) {
  SCOPED_TRACE(DesignProblemSeed);
  for (const Optimality optimality : {Optimality::D, Optimality::A, Optimality::I}) {
    const detail::WhiteProblem c = detail::whitened(unequal_problem(optimality, 12));
    detail::DesignState kept(c), anew(c);
    std::vector<double> runs(12, 1.0);
    detail::Seen seen{std::vector<double>(12), std::vector<double>(12)}, fresh = seen;
    ASSERT_TRUE(kept.set(runs));
    for (std::size_t i = 0; i < 12; ++i) kept.look_at(i, seen);
    for (std::uint32_t n = 0; n < 50; ++n) {
      const core::Draw draw{DesignProblemSeed, 1 + n};
      const auto in = static_cast<std::size_t>(12 * draw.uniform(0, 0, 0));
      const auto out = static_cast<std::size_t>(12 * draw.uniform(1, 0, 0));
      if (in == out) continue;
      const double step = runs[out] * draw.uniform(2, 0, 0);
      ASSERT_TRUE(anew.set(runs));
      const double before = anew.value();
      kept.leave(out);
      const detail::Shift s = kept.shift(in, out, seen);
      const double gain = kept.gain(s, step);
      kept.move(in, s, step);
      kept.follow(s, seen);
      runs[in] += step;
      runs[out] -= step;
      ASSERT_TRUE(anew.set(runs));
      EXPECT_NEAR(optimality == Optimality::D ? std::expm1(anew.value() - before)
                                              : 1 - anew.value() / before,
                  gain, 1e-11);
      EXPECT_NEAR(kept.whole() / anew.whole(), 1, 1e-11);
      for (std::size_t i = 0; i < 12; ++i) {
        anew.look_at(i, fresh);
        EXPECT_NEAR(seen.d[i], fresh.d[i], 1e-11 * fresh.d[i]);
        EXPECT_NEAR(seen.a[i], fresh.a[i], 1e-11 * fresh.a[i]);  // D: none, 0
      }
    }
  }
}

// Wrong: weight would stop short of, or beyond, where it is best: both sides of the best step are worse.
TEST(DesignProblem, TheBestStepIsTheBest) {
  for (const Optimality optimality : {Optimality::D, Optimality::A, Optimality::I}) {
    const detail::WhiteProblem c = detail::whitened(unequal_problem(optimality, 12));
    detail::DesignState state(c);
    ASSERT_TRUE(state.set(std::vector<double>(12, 1.0)));
    detail::Seen seen{std::vector<double>(12), std::vector<double>(12)};
    for (std::size_t i = 0; i < 12; ++i) state.look_at(i, seen);
    int inside = 0;
    for (std::size_t out = 0; out < 12; ++out) {
      state.leave(out);
      for (std::size_t in = 0; in < 12; ++in) {
        if (in == out) continue;
        const detail::Shift s = state.shift(in, out, seen);
        const double step = state.best_step(s, 1.0), gain = state.gain(s, step);
        EXPECT_GE(gain, 0.0);
        EXPECT_GE(gain, state.gain(s, 0.99 * step));
        if (step > 0.0 && step < 1.0) {
          ++inside;
          EXPECT_GE(gain, state.gain(s, 1.01 * step));
        } else {
          EXPECT_TRUE(step == 1.0 || state.gain(s, 0.01) <= 0.0);
        }
      }
    }
    EXPECT_GT(inside, 0);
  }
}

// Wrong: an efficiency would not be the share of runs that do as well.
TEST(DesignProblem, EfficiencyIsAShareOfRuns) {
  const DesignProblem three{.candidates = {{1, 2, 3}}},
      traces{.candidates = {{1}}, .optimality = Optimality::A};
  EXPECT_NEAR(design_efficiency(three, std::log(8.0), std::log(64.0)), 0.5, 1e-15);
  EXPECT_EQ(design_efficiency(traces, 4.0, 3.0), 0.75);
  const auto m = moment_matrix(std::vector<std::vector<double>>{{1, 2}, {1, 4}});
  EXPECT_EQ(m, (std::vector<std::vector<double>>{{1, 3}, {3, 10}}));
}

// Wrong: nonsense would be taken in.
TEST(DesignProblem, RefusesNonsense) {
  const auto why = [](const DesignProblem& problem) {
    return contract::refusal([&] { (void)detail::whitened(problem); });
  };
  EXPECT_EQ(why({}),
            "no candidates (needs at least one, with a column); was everything filtered out?");
  EXPECT_EQ(why({.candidates = {{1, 2}, {1}}}), "candidate 1 has 1 columns (others have 2)");
  EXPECT_EQ(why({.candidates = {{1, NAN}}}),
            "candidate 0[1] = nan (must be finite); was a missing value left in?");
  EXPECT_EQ(why({.candidates = {{1, 2}, {2, 4}}}),
            "2 columns of which some depend on the others, at all candidates");
  const std::vector<std::vector<double>> line = {{1, -1}, {1, 1}};
  EXPECT_EQ(why({.candidates = line, .precision = {{1}}}), "precision has 1 rows for 2 columns");
  EXPECT_EQ(why({.candidates = line, .precision = {{1}, {0, 1}}}),
            "precision[0] has 1 numbers for 2 columns");
  EXPECT_EQ(why({.candidates = line, .precision = {{1, 2}, {2, 1}}}),
            "precision has an eigenvalue of -1 (none below 0)");
  EXPECT_EQ(why({.candidates = line, .optimality = Optimality::I, .moments = {{1, 2}, {0, 1}}}),
            "moments is not symmetric (0 and 2)");
  EXPECT_EQ(contract::refusal([] { (void)moment_matrix({}); }), "moments of no points");
}

}  // namespace
}  // namespace twin::uq
