// If these failed, a wave would be taken for another, and every spectral toy would solve other
// equations than its own.
#include "twins/toys/fourier.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "twin/core/draw.hpp"

namespace twins::toys {
namespace {

// Against the defining sum. Errors grow with log2(Points) roundings of numbers below sqrt(Points).
template <std::size_t Points, std::size_t Lanes>
void compare() {
  auto desk = std::make_unique<Desk<Points, Lanes>>();
  Waves<Points, Lanes>* const z = &desk->a;
  const twin::core::Draw draw{.seed = Points, .member = 0};
  for (std::uint32_t i = 0; i < Points * Lanes; ++i) {
    z->re[i] = draw.uniform(0, i, 0) - 0.5;
    z->im[i] = draw.uniform(1, i, 0) - 0.5;
  }
  const Waves<Points, Lanes> from = *z;
  const Waves<Points, Lanes>& got = fourier(*desk);
  for (std::size_t lane = 0; lane < Lanes; ++lane) {
    for (std::size_t k = 0; k < Points; ++k) {
      double re = 0.0, im = 0.0;
      for (std::size_t j = 0; j < Points; ++j) {
        const CirclePoint w = unit_circle(j * k, Points);
        const double a = from.re[j * Lanes + lane], b = from.im[j * Lanes + lane];
        re += a * w.cos + b * w.sin;
        im += b * w.cos - a * w.sin;
      }
      ASSERT_NEAR(got.re[k * Lanes + lane], re, 1e-13) << Points << " points, wave " << k;
      ASSERT_NEAR(got.im[k * Lanes + lane], im, 1e-13) << Points << " points, wave " << k;
    }
  }
}

TEST(Fourier, IsTheSumThatDefinesIt) {
  compare<1, 3>();
  compare<2, 1>();
  compare<4, 5>();
  compare<8, 1>();
  compare<32, 2>();
  compare<64, 3>();
  compare<128, 1>();
}

}  // namespace
}  // namespace twins::toys
