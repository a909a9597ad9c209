// The stream function of a given vorticity: (Laplacian - f) psi = q on a unit square with psi = 0 on its
// edge, the Laplacian by five points. Exact but for rounding: sine waves in y (a fast transform), and
// for each of them a tridiagonal system in x (R. Hockney, J. ACM 12, 1965).
#pragma once
#include <array>
#include <cstddef>

#include "twins/toys/fourier.hpp"

namespace twins::toys {

// A field on the points of the square, [y][x] for 0 .. Cells - 1 each, and one more row: what lies on
// the edge is zero, so that a point's neighbours are always at hand (the point past a row's end is the
// next row's first, which is zero).
template <std::size_t Cells>
struct Field {
  static constexpr std::size_t Stride = Cells;
  alignas(64) std::array<double, (Cells + 1) * Cells + 8> at = {};
  [[nodiscard]] double* row(std::size_t y) { return &at[y * Stride]; }
  [[nodiscard]] const double* row(std::size_t y) const { return &at[y * Stride]; }
};

template <std::size_t Cells>
class Helmholtz {
 public:
  static_assert(Cells >= 8 && std::has_single_bit(Cells));
  static constexpr double Spacing = 1.0 / static_cast<double>(Cells);

  explicit Helmholtz(double f) {  // f >= 0
    for (std::size_t k = 1; k < Cells; ++k) {
      const double s = unit_circle(k, 4 * Cells).sin;  // of pi k / (2 Cells)
      const double diagonal = -(2.0 + f * Spacing * Spacing + 4.0 * s * s);
      double before = 0.0;
      for (std::size_t x = 1; x < Cells; ++x) {
        before = 1.0 / (diagonal - before);
        pivot_[k * Cells + x] = before;
      }
    }
  }

  // psi may be q itself. The edge of q is not read.
  void solve(const Field<Cells>& q, Field<Cells>& psi) const {
    sine_waves(q, psi, Spacing * Spacing * 2.0 / static_cast<double>(Cells));
    for (std::size_t k = 0; k < Cells; k += Side) solve_rows(k, psi);
    sine_waves(psi, psi, 1.0);
  }

 private:
  static constexpr std::size_t Side = 8;  // systems solved side by side: their chains overlap

  // Thomas's elimination, its pivots known beforehand.
  void solve_rows(std::size_t first, Field<Cells>& field) const {
    double* v = field.row(first);
    const double* pivot = &pivot_[first * Cells];
    for (std::size_t k = 0; k < Side; ++k) v[k * Cells] = 0.0;
    for (std::size_t x = 1; x < Cells; ++x) {
      for (std::size_t k = 0; k < Side; ++k) {
        const std::size_t i = k * Cells + x;
        v[i] = (v[i] - v[i - 1]) * pivot[i];
      }
    }
    for (std::size_t x = Cells - 2; x > 0; --x) {
      for (std::size_t k = 0; k < Side; ++k) {
        const std::size_t i = k * Cells + x;
        v[i] -= pivot[i] * v[i + 1];
      }
    }
  }

  // to[k][x] := scale * sum over y of from[y][x] sin(pi k y / Cells). By half a Fourier transform of
  // real numbers (J. W. Cooley, P. A. W. Lewis and P. D. Welch, J. Sound Vib. 12, 1970).
  static void sine_waves(const Field<Cells>& from, Field<Cells>& to, double scale) {
    constexpr std::size_t Half = Cells / 2;
    Desk<Half, Cells> desk;
    Waves<Half, Cells>& packed = desk.a;
    const auto auxiliary = [&](std::size_t y, double* out) {
      if (y == 0) {
        for (std::size_t x = 0; x < Cells; ++x) out[x] = 0.0;
        return;
      }
      const double* a = from.row(y);
      const double* b = from.row(Cells - y);
      const double sum = scale * unit_circle_half(y), difference = 0.5 * scale;
      TWIN_INDEPENDENT_TURNS
      for (std::size_t x = 0; x < Cells; ++x) {
        out[x] = sum * (a[x] + b[x]) + difference * (a[x] - b[x]);
      }
    };
    for (std::size_t y = 0; y < Half; ++y) {
      auxiliary(2 * y, &packed.re[y * Cells]);
      auxiliary(2 * y + 1, &packed.im[y * Cells]);
    }
    const Waves<Half, Cells>& z = fourier(desk);
    unfold(z, to);
  }

  static double unit_circle_half(std::size_t y) {  // sin(pi y / Cells)
    return detail::circle<2 * Cells>(y).sin;
  }

  // From the packed transform Z to that of the real sequence, R - i I, and from there to the sine
  // waves: to[2 k] = I_k, to[2 k + 1] = to[2 k - 1] + R_k.
  static void unfold(const Waves<Cells / 2, Cells>& z, Field<Cells>& to) {
    constexpr std::size_t Half = Cells / 2;
    double* first = to.row(1);
    for (std::size_t x = 0; x < Cells; ++x) {
      to.at[x] = 0.0;
      first[x] = 0.5 * (z.re[x] + z.im[x]);
    }
    for (std::size_t k = 1; k < Half; ++k) {
      const CirclePoint w = detail::circle<Cells>(k);
      const double* ar = &z.re[k * Cells];
      const double* ai = &z.im[k * Cells];
      const double* br = &z.re[(Half - k) * Cells];
      const double* bi = &z.im[(Half - k) * Cells];
      const double* before = to.row(2 * k - 1);
      double* even = to.row(2 * k);
      double* odd = to.row(2 * k + 1);
      TWIN_INDEPENDENT_TURNS
      for (std::size_t x = 0; x < Cells; ++x) {
        const double sum_r = ar[x] + br[x], dif_r = ar[x] - br[x];
        const double sum_i = ai[x] + bi[x], dif_i = ai[x] - bi[x];
        const double real = 0.5 * (sum_r + (w.cos * sum_i - w.sin * dif_r));
        even[x] = 0.5 * ((w.cos * dif_r + w.sin * sum_i) - dif_i);
        odd[x] = before[x] + real;
      }
    }
    for (std::size_t y = 0; y <= Cells; ++y) to.row(y)[0] = 0.0;
  }

  std::array<double, Cells* Cells> pivot_ = {};  // [wave][x] 1 / eliminated diagonal
};

}  // namespace twins::toys
