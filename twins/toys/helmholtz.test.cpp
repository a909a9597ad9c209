// If these failed, the stream function would be that of another vorticity.
#include "twins/toys/helmholtz.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "twin/core/draw.hpp"

namespace twins::toys {
namespace {

constexpr double F = 1600.0;

// The five-point operator, point by point; everything, F included, on the grid's own scale.
template <std::size_t Cells>
double applied(const Field<Cells>& psi, std::size_t y, std::size_t x) {
  const auto at = [&](std::size_t j, std::size_t i) {
    return j == 0 || i == 0 || j == Cells || i == Cells ? 0.0 : psi.row(j)[i];
  };
  const double spacing = 1.0 / static_cast<double>(Cells);
  return (at(y - 1, x) + at(y + 1, x) + at(y, x - 1) + at(y, x + 1) - 4.0 * at(y, x)) /
             (spacing * spacing) -
         F * at(y, x);
}

template <std::size_t Cells>
void solves() {
  const auto solver = std::make_unique<Helmholtz<Cells>>(F);
  const auto q = std::make_unique<Field<Cells>>();
  const auto psi = std::make_unique<Field<Cells>>();
  for (std::size_t y = 0; y < Cells; ++y) {
    for (std::size_t x = 0; x < Cells; ++x) {  // what stands on the edge must not matter
      q->row(y)[x] = 1e4 * (twin::core::Draw{.seed = 1, .member = 0}.uniform(
                                0, static_cast<std::uint32_t>(y), static_cast<std::uint32_t>(x)) -
                            0.5);
    }
  }
  solver->solve(*q, *psi);
  for (std::size_t y = 1; y < Cells; ++y) {
    for (std::size_t x = 1; x < Cells; ++x) {
      // Rounding: the operator's largest entry times psi is near 1e4.
      ASSERT_NEAR(applied(*psi, y, x), q->row(y)[x], 1e-12 * 1e4)
          << Cells << ": " << y << ", " << x;
    }
    ASSERT_EQ(psi->row(y)[0], 0.0);
    ASSERT_EQ(psi->row(0)[y], 0.0);
  }
  solver->solve(*q, *q);  // in place
  EXPECT_EQ(q->at, psi->at);
}

TEST(Helmholtz, SolvesItsEquationExactly) {
  solves<8>();
  solves<16>();
  solves<32>();
  solves<128>();
}

TEST(Helmholtz, KnowsItsEigenfunctions) {
  // Scale or sign would be another: sin(pi k x) sin(pi l y) is divided by -(mu_k + mu_l + F) with
  // mu_k = (2 / spacing)^2 sin^2(pi k spacing / 2).
  constexpr std::size_t Cells = 64;
  constexpr double Pi = 3.14159265358979323846;
  const auto solver = std::make_unique<Helmholtz<Cells>>(F);
  const auto q = std::make_unique<Field<Cells>>();
  const auto mu = [](int k) {
    const double s = std::sin(Pi * k / (2.0 * Cells));
    return 4.0 * Cells * Cells * s * s;
  };
  const auto wave = [&](std::size_t y, std::size_t x) {
    return std::sin(3.0 * Pi * static_cast<double>(x) / Cells) *
           std::sin(5.0 * Pi * static_cast<double>(y) / Cells);
  };
  for (std::size_t y = 1; y < Cells; ++y) {
    for (std::size_t x = 1; x < Cells; ++x) q->row(y)[x] = wave(y, x);
  }
  solver->solve(*q, *q);
  for (std::size_t y = 1; y < Cells; ++y) {
    for (std::size_t x = 1; x < Cells; ++x) {
      ASSERT_NEAR(q->row(y)[x] * (mu(3) + mu(5) + F), -wave(y, x), 1e-12);
    }
  }
}

}  // namespace
}  // namespace twins::toys
