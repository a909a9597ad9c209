// If these failed, the same seed would mean other fabs on other machines or in the next version.
#include "twin/core/draw.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace twin::core {
namespace {

// Another generator than Philox4x32-10. Oracle: the known-answer vectors of Random123
// (kat_vectors).
TEST(Draw, GivesTheRandom123Vectors) {
  EXPECT_EQ(philox4x32_10({0, 0, 0, 0}, {0, 0}),
            (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr std::uint32_t F = 0xffffffff;
  EXPECT_EQ(philox4x32_10({F, F, F, F}, {F, F}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(
      philox4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
      (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
  static_assert(philox4x32_10({0, 0, 0, 0}, {0, 0})[0] == 0x6627e8d5);
}

// Seed, member, what, who or occasion that makes no difference: two things would share their luck.
TEST(Draw, EveryPartOfTheNameMatters) {
  const Draw d{.seed = 0x0102030405060708, .member = 3};
  EXPECT_EQ(d.block(1, 2, 4), philox4x32_10({3, 1, 2, 4}, {0x05060708, 0x01020304}));
  std::set<double> seen = {d.uniform(1, 2, 4),
                           d.uniform(2, 2, 4),
                           d.uniform(1, 3, 4),
                           d.uniform(1, 2, 5),
                           Draw{.seed = d.seed, .member = 4}.uniform(1, 2, 4),
                           Draw{.seed = d.seed + 1, .member = 3}.uniform(1, 2, 4),
                           Draw{.seed = d.seed + (1ULL << 32), .member = 3}.uniform(1, 2, 4)};
  EXPECT_EQ(seen.size(), 7U);
}

// A uniform of exactly 0 or 1 would make a logarithm infinite.
TEST(Draw, UniformsStayInside) {
  constexpr std::uint32_t F = 0xffffffff;
  EXPECT_GT(uniform_of(0U), 0.0);
  EXPECT_LT(uniform_of(F), 1.0);
  EXPECT_GT(uniform_of(0U, 0U), 0.0);
  EXPECT_LT(uniform_of(F, F), 1.0);
  EXPECT_EQ(uniform_of(0U, 0U) + uniform_of(F, F), 1.0);  // symmetric about a half
}

// Uniforms that are not: mean 1/2 with standard error sqrt(1/12n); mean square 1/3 with standard
// error sqrt(4/45n). |z| < 5 fails falsely once in 1.7 million. A bias of 0.002 in the mean would
// show with probability above 0.99 (z = 6.9).
TEST(Draw, UniformsAreUniform) {
  constexpr std::uint64_t Seed = 20240229;
  constexpr int N = 1'000'000;
  const Draw d{.seed = Seed, .member = 0};
  double sum = 0.0;
  double squares = 0.0;
  for (int i = 0; i < N; ++i) {
    const double u = d.uniform(1, static_cast<std::uint32_t>(i), 0);
    sum += u;
    squares += u * u;
  }
  EXPECT_LT(std::abs(sum / N - 0.5) / std::sqrt(1.0 / 12 / N), 5.0) << "seed " << Seed;
  EXPECT_LT(std::abs(squares / N - 1.0 / 3) / std::sqrt(4.0 / 45 / N), 5.0) << "seed " << Seed;
}

}  // namespace
}  // namespace twin::core
