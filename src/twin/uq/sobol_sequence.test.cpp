// If these failed, estimates over these points would have another error than the one that is told, or a bias.
#include "twin/uq/sobol_sequence.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/math/statistics.hpp"

namespace twin::uq {
namespace {

TEST(SobolSequence, IsThePublishedOne) {
  // The first points in three dimensions, as Joe and Kuo's program prints them.
  const SobolSequence sequence(3);
  const std::array<std::array<double, 8>, 3> known = {
      {{0, 0.5, 0.75, 0.25, 0.375, 0.875, 0.625, 0.125},
       {0, 0.5, 0.25, 0.75, 0.375, 0.875, 0.125, 0.625},
       {0, 0.5, 0.25, 0.75, 0.625, 0.125, 0.875, 0.375}}};
  for (std::size_t d = 0; d < 3; ++d) {
    std::array<double, 8> x{};
    sequence.fill(d, 0, x);
    for (std::size_t k = 0; k < 8; ++k) EXPECT_EQ(x[k], known[d][k] + 0x1p-33) << d << " " << k;
  }
}

TEST(SobolSequence, PiecesAreTheWhole) {
  const SobolSequence sequence(7, core::Draw{3});
  std::vector<double> all(1'000), part(1'000);
  for (std::size_t d = 0; d < 7; ++d) {
    sequence.fill(d, 5, all);
    for (std::size_t at = 0; at < 1'000;) {
      const std::size_t size = std::min<std::size_t>(1 + at % 37, 1'000 - at);
      sequence.fill(d, 5 + at, std::span(part).subspan(at, size));
      at += size;
    }
    EXPECT_EQ(all, part);
  }
  std::array<double, 20> last{};
  sequence.fill(6, SobolSequence::PointsMax - 20, last);
  for (const double x : last) EXPECT_TRUE(x > 0.0 && x < 1.0);
}

TEST(SobolSequence, EachStripHasItsPoint) {
  // Of 2^m points each of 2^m strips of every dimension has one, scrambled or not; in the first two dimensions each
  // elementary rectangle has one too.
  for (const auto& sequence : {SobolSequence(40), SobolSequence(40, core::Draw{11, 4})}) {
    std::vector<std::vector<double>> x(40, std::vector<double>(256));
    for (std::size_t d = 0; d < 40; ++d) {
      sequence.fill(d, 512, x[d]);
      std::set<int> strips;
      for (const double v : x[d]) strips.insert(static_cast<int>(v * 256));
      EXPECT_EQ(strips.size(), 256U) << d;
    }
    for (int wide = 1; wide <= 256; wide *= 2) {
      std::set<std::pair<int, int>> boxes;
      for (std::size_t k = 0; k < 256; ++k)
        boxes.emplace(static_cast<int>(x[0][k] * wide), static_cast<int>(x[1][k] * 256 / wide));
      EXPECT_EQ(boxes.size(), 256U) << wide;
    }
  }
}

TEST(SobolSequence, ScramblesAreUniformAndIndependent) {
  // The mean of x^2 y over 64 points by each of 400 scrambles: 1/6, within 4.5 standard errors by chance one time
  // in 10^5; and its deviation is far below that of as many points by chance, sqrt(Var(x^2 y) / 64) = 0.0246.
  constexpr std::uint64_t Seed = 20'261'130;
  math::Moments means;
  for (std::uint32_t member = 0; member < 400; ++member) {
    const SobolSequence sequence(2, core::Draw{Seed, member});
    std::array<double, 64> x{}, y{};
    sequence.fill(0, 0, x);
    sequence.fill(1, 0, y);
    double sum = 0.0;
    for (std::size_t k = 0; k < 64; ++k) sum += x[k] * x[k] * y[k];
    means.add(sum / 64);
  }
  EXPECT_NEAR(means.mean(), 1.0 / 6, 4.5 * means.deviation() / 20) << "seed " << Seed;
  EXPECT_LT(means.deviation(), 0.003);
  EXPECT_GT(means.deviation(), 1e-5);
}

TEST(SobolSequence, SaysHowManyDimensionsItHas) {
  EXPECT_EQ(contract::refusal([] { SobolSequence(0); }),
            "0 dimensions of a Sobol sequence (1 to 3667)");
  EXPECT_EQ(contract::refusal([] { SobolSequence(3'668); }),
            "3668 dimensions of a Sobol sequence (1 to 3667)");
  EXPECT_EQ(SobolSequence(3'667).dimensions(), 3'667U);
}

}  // namespace
}  // namespace twin::uq
