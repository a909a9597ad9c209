// If these failed, a run would depend on the processor, or a member on how many others are drawn with
// it.
#include "twin/math/batch.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "twin/math/distributions.hpp"

namespace twin::math {
namespace {

std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

// Counters wrap, seeds fill both keys, and the last few are drawn one by one.
TEST(Batch, UniformsAreTheMembersOwn) {
  for (const std::uint64_t seed : {std::uint64_t{1}, ~std::uint64_t{0} - 12345}) {
    for (const std::uint32_t first : {0U, 4294967290U}) {
      for (const std::size_t count : {0U, 1U, 3U, 4U, 7U, 8U, 100U}) {
        std::vector<double> u(count);
        uniforms({seed, first}, 0xB5000001, 17, 0xFFFFFFFF, u);
        std::vector<double> v(count);
        uniforms_of_things({seed, 17}, 0xB5000001, first, 3, v);
        std::vector<double> a(count), b(count);
        uniform_pairs({seed, first}, 4, 5, 6, a, b);
        for (std::uint32_t j = 0; j < count; ++j) {
          const core::Block block = core::Draw{seed, first + j}.block(4, 5, 6);
          EXPECT_EQ(bits(a[j]), bits(core::uniform_of(block[0], block[1])));
          EXPECT_EQ(bits(b[j]), bits(core::uniform_of(block[2], block[3])));
          EXPECT_EQ(bits(v[j]), bits(core::Draw{seed, 17}.uniform(0xB5000001, first + j, 3)));
          EXPECT_EQ(bits(u[j]),
                    bits(core::Draw{seed, first + j}.uniform(0xB5000001, 17, 0xFFFFFFFF)));
        }
      }
    }
  }
}

TEST(Batch, NormalsHaveTheBitsOfOneAtATime) {
  std::vector<double> u(200'003);
  uniforms({.seed = 3, .member = 0}, 1, 2, 3, u);
  // The ends, the seams at |u - 1/2| = 0.425 and at r = 5, and far out.
  for (int i = 0; i < 4000; ++i) u[static_cast<std::size_t>(i)] = std::ldexp(1.0 + i, -53);
  for (int i = -50; i <= 50; ++i) {
    const auto at = static_cast<std::size_t>(5000 + 4 * (i + 50));
    u[at] = 0.075 + i * 0x1p-56;
    u[at + 1] = 0.925 + i * 0x1p-53;
    u[at + 2] = 1.3887943864964021e-11 * (1.0 + i * 1e-3);
    u[at + 3] = 1.0 - 1.3887943864964021e-11 * (1.0 + i * 1e-3);
  }
  for (int i = 0; i < 50; ++i) u[static_cast<std::size_t>(6000 + i)] = std::pow(0.5, i + 1);
  for (int i = 0; i < 50; ++i) u[static_cast<std::size_t>(6100 + i)] = 1.0 - std::pow(0.5, i + 1);
  std::vector<double> z = u;
  normals_of_uniforms(z);
  for (std::size_t i = 0; i < u.size(); ++i) ASSERT_EQ(bits(z[i]), bits(normal(u[i]))) << u[i];
}

TEST(Batch, ExponentialsHaveTheBitsOfOneAtATime) {
  constexpr double Infinity = std::numeric_limits<double>::infinity();
  std::vector<double> x = {0.0,    -0.0,         Infinity, -Infinity,        710.0, 709.9,
                           711.0,  -745.2,       -746.0,   -746.1,           1e308, -1e308,
                           5e-324, std::nan(""), -708.5,   709.7827128933841};
  for (int i = 0; i < 300'000; ++i) {
    const double u =
        core::Draw{.seed = 8, .member = static_cast<std::uint32_t>(i)}.uniform(0, 0, 0);
    x.push_back(i % 3 == 0 ? 1500.0 * (u - 0.5) : i % 3 == 1 ? -40.0 * u : u - 0.5);
  }
  std::vector<double> y = x;
  exponentials(y);
  for (std::size_t i = 0; i < x.size(); ++i) ASSERT_EQ(bits(y[i]), bits(exp(x[i]))) << x[i];
}

TEST(Batch, QuickExponentialsAreGoodToTwoUlp) {
  std::vector<double> x = {0.0, -0.0, -708.0, -708.1, -1e308, 708.0, 700.0};
  x.push_back(-std::numeric_limits<double>::infinity());
  for (std::uint32_t i = 0; i < 300'000; ++i) {
    const double u = core::Draw{.seed = 8, .member = i}.uniform(0, 0, 0);
    x.push_back(i % 3 == 0 ? 1400.0 * (u - 0.5) : i % 3 == 1 ? -40.0 * u : u - 0.5);
  }
  std::vector<double> y = x;
  quick_exponentials(x, 0.0, y);
  std::vector<double> shifted(x.size());
  quick_exponentials(x, 1.5, shifted);
  EXPECT_EQ(bits(shifted[0]), bits(quick_exp(-1.5)));
  for (std::size_t i = 0; i < x.size(); ++i) {
    ASSERT_EQ(bits(y[i]), bits(quick_exp(x[i]))) << x[i];
    if (x[i] < -708.0) {
      ASSERT_EQ(y[i], 0.0);
    } else {
      const double e = exp(x[i]);
      ASSERT_LE(std::abs(y[i] - e), 2.0 * (std::nextafter(e, 1e308) - e)) << x[i];
    }
  }
}

// Whatever this processor can do, the narrower instructions must give the same.
TEST(Batch, AllInstructionsGiveTheSame) {
  constexpr std::size_t Count = 20'011;
  const auto all = [](Instructions by) {
    std::vector<double> a(Count), b(Count);
    detail::uniform_pairs(by, {.seed = 5, .member = 7}, 1, 2, 3, a, b);
    std::vector<double> out = a;
    detail::normals_of_uniforms(by, a);
    out.insert(out.end(), a.begin(), a.end());
    for (double& x : a) x *= 200.0;
    detail::quick_exponentials(by, a, 500.0, b);
    detail::exponentials(by, a);
    out.insert(out.end(), a.begin(), a.end());
    out.insert(out.end(), b.begin(), b.end());
    return out;
  };
  const auto best = all(best_instructions());
  for (const Instructions by : {Instructions::Portable, Instructions::Avx2}) {
    if (by <= best_instructions()) {
      EXPECT_EQ(all(by), best) << name_of(by);
    }
  }
}

}  // namespace
}  // namespace twin::math
