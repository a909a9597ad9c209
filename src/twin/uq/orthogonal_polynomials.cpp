#include "twin/uq/orthogonal_polynomials.hpp"

#include <cmath>
#include <limits>

#include "twin/core/expect.hpp"
#include "twin/math/batch.hpp"
#include "twin/math/elementary.hpp"

namespace twin::uq {
namespace {

// a_n and the root of b_n in p_(n + 1) = (x - a_n) p_n - b_n p_(n - 1), leading coefficients 1 (Gautschi, table
// 1.1).
double recurrence_centre(PolynomialFamily family, std::uint32_t n) {
  return family == PolynomialFamily::Laguerre ? 2.0 * n + 1.0 : 0.0;
}
double recurrence_root(PolynomialFamily family, std::uint32_t n) {
  const double k = n;
  switch (family) {
    case PolynomialFamily::Legendre: return k / std::sqrt(4.0 * k * k - 1.0);
    case PolynomialFamily::Hermite: return std::sqrt(k);
    default: return k;
  }
}

}  // namespace

void germs(PolynomialFamily family, std::span<double> u) {
  constexpr double None = std::numeric_limits<double>::quiet_NaN();
  switch (family) {
    case PolynomialFamily::Legendre:
      for (double& v : u) v = v >= 0.0 && v <= 1.0 ? 2.0 * v - 1.0 : None;
      return;
    case PolynomialFamily::Laguerre:
      for (double& v : u) v = v >= 0.0 && v < 1.0 ? -math::log1p(-v) : None;
      return;
    default:
      bool all = true;
      for (const double v : u) all = all && v > 0.0 && v < 1.0;
      if (all) return math::normals_of_uniforms(u);
      for (double& v : u) {
        if (v > 0.0 && v < 1.0)
          math::normals_of_uniforms({&v, 1});
        else
          v = None;
      }
  }
}

OrthonormalPolynomials::OrthonormalPolynomials(PolynomialFamily family, std::uint32_t degree) {
  TWIN_EXPECT(degree <= DegreeMax, degree);
  for (std::uint32_t n = 0; n < degree; ++n)
    steps_.push_back({.centre = recurrence_centre(family, n),
                      .before = n == 0 ? 0.0 : recurrence_root(family, n),
                      .scale = 1.0 / recurrence_root(family, n + 1)});
}

}  // namespace twin::uq
