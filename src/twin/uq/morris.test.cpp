// If these failed, an input that matters would be thrown out before it is looked at.
#include "twin/uq/morris.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/uq/example.hpp"

namespace twin::uq {
namespace {

// All moves of input i from the four levels of the others: what Ishigami's effects are exactly.
struct ExactEffect {
  double absolute = 0.0, mean = 0.0;
};
ExactEffect exact_effect(std::size_t i) {
  ExactEffect e;
  int count = 0;
  for (int a = 0; a < 4; ++a) {
    for (int b = 0; b < 4; ++b) {
      for (int low = 0; low < 2; ++low, ++count) {
        std::vector<double> u(3);
        std::size_t other = 0;
        for (std::size_t k = 0; k < 3; ++k)
          if (k != i) u[k] = ((other++ == 0 ? a : b) + 0.5) / 4;
        u[i] = (low + 0.5) / 4;
        const double before = example::ishigami(u);
        u[i] += 0.5;
        const double effect = (example::ishigami(u) - before) / 0.5;
        e.absolute += std::abs(effect);
        e.mean += effect;
      }
    }
  }
  return {e.absolute / count, e.mean / count};
}

TEST(Morris, EffectsAreThoseOfAllMoves) {
  const MorrisResult r =
      morris({.inputs = 3, .paths = 2'000, .seed = 4}, pointwise(example::ishigami));
  EXPECT_EQ(r.evaluations, 8'000U);
  for (std::size_t i = 0; i < 3; ++i) {
    const ExactEffect e = exact_effect(i);
    // 4.5 standard errors instead of the interval's 1.96.
    EXPECT_NEAR(r.effects[i].absolute.mean, e.absolute,
                4.5 / 1.96 * r.effects[i].absolute.half_width + 1e-12)
        << i;
    EXPECT_NEAR(r.effects[i].mean.mean, e.mean, 4.5 / 1.96 * r.effects[i].mean.half_width + 1e-12)
        << i;
  }
}

TEST(Morris, OfAPlaneAreItsSlopes) {
  const MorrisResult r =
      morris({.inputs = 40, .paths = 3}, pointwise([](std::span<const double> u) {
               double sum = 0.0;
               for (std::size_t i = 0; i < u.size(); ++i)
                 sum += (20.0 - static_cast<double>(i)) * u[i];
               return sum;
             }));
  for (std::size_t i = 0; i < 40; ++i) {
    EXPECT_NEAR(r.effects[i].mean.mean, 20.0 - static_cast<double>(i), 1e-12);
    EXPECT_NEAR(r.effects[i].absolute.mean, std::abs(20.0 - static_cast<double>(i)), 1e-12);
    EXPECT_NEAR(r.effects[i].deviation, 0.0, 1e-12);
  }
}

TEST(Morris, IsTheSameForAnyNumberOfThreadsAndLeavesOutWhatFails) {
  const auto f = pointwise([](std::span<const double> u) {
    return u[0] > 0.8 && u[1] > 0.8 ? std::numeric_limits<double>::quiet_NaN()
                                    : example::ishigami(u);
  });
  const MorrisResult one = morris({.inputs = 3}, f), three = morris({.inputs = 3, .threads = 3}, f);
  EXPECT_GT(one.failed, 0U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(one.effects[i].absolute, three.effects[i].absolute);
    EXPECT_GT(one.effects[i].missing, 0U);
    EXPECT_LT(one.effects[i].missing, 25U);
  }
}

TEST(Morris, SaysWhatCannotBe) {
  const auto why = [](const MorrisOptions& o, double y) {
    return contract::refusal([&] { (void)morris(o, pointwise([y](auto) { return y; })); });
  };
  EXPECT_EQ(why({}, 1), "elementary effects of no inputs");
  EXPECT_EQ(why({.inputs = 1, .paths = 1}, 1), "1 paths (at least 2)");
  EXPECT_EQ(why({.inputs = 1, .levels = 5}, 1), "5 levels (an even number)");
  EXPECT_EQ(why({.inputs = 1}, std::numeric_limits<double>::infinity()),
            "input 0 has 0 effects of 50 (at least 2: the others' runs failed)");
}

}  // namespace
}  // namespace twin::uq
