// Polynomials that are orthonormal under a law, by their three-term recurrence (W. Gautschi, Orthogonal
// Polynomials: Computation and Approximation, 2004, section 1.3): with D. Xiu and G. E. Karniadakis (SIAM J.
// Scientific Computing 24, 2002), one family for each law of an input, which is a uniform of (0, 1) here.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace twin::uq {

enum class PolynomialFamily : std::uint8_t {
  Legendre,  // in 2 u - 1: a uniform
  Hermite,   // in Phi^-1(u): what a normal is made of, or its exponential
  Laguerre   // in -ln(1 - u): an exponential time
};

// The variable of the family's polynomials, for each u; NaN where it has no finite one.
void germs(PolynomialFamily family, std::span<double> u);

class OrthonormalPolynomials {
 public:
  static constexpr std::uint32_t DegreeMax = 100;

  // TWIN_EXPECT: degree <= DegreeMax
  OrthonormalPolynomials(PolynomialFamily family, std::uint32_t degree);

  [[nodiscard]] std::uint32_t degree() const { return static_cast<std::uint32_t>(steps_.size()); }

  // Of degrees 1, 2, ... at each of some places: out[degree - 1][place]. That of degree 0 is 1; leading
  // coefficients are above 0.
  template <std::size_t Places>
  void fill(const double* x, double* out) const {
    std::array<double, Places> before{}, last{};
    last.fill(1.0);
    for (const Step& s : steps_) {
      for (std::size_t k = 0; k < Places; ++k) {
        const double next = ((x[k] - s.centre) * last[k] - s.before * before[k]) * s.scale;
        before[k] = last[k];
        out[k] = last[k] = next;
      }
      out += Places;
    }
  }

 private:
  struct Step {
    double centre;  // a_n
    double before;  // sqrt(b_n)
    double scale;   // 1 / sqrt(b_(n + 1))
  };
  std::vector<Step> steps_;  // [degree - 1]
};

}  // namespace twin::uq
