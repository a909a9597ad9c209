// Flame fronts on a ring: the Kuramoto-Sivashinsky equation u_t = -c u u_x - u_xx - u_xxxx, the
// smallest chaotic model with space in it. Fourier modes, and exponential time differencing of fourth
// order (A.-K. Kassam and L. N. Trefethen, SIAM J. Sci. Comput. 26, 2005, section 4).
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <span>

#include "twin/core/expect.hpp"
#include "twin/math/elementary.hpp"
#include "twins/toys/fourier.hpp"
#include "twins/toys/row.hpp"

namespace twins::toys {

namespace detail {

// phi_k(z) = sum over j of z^j / (j + k)!, k = 0 .. 3: phi_0 = exp, phi_1 = (exp(z) - 1) / z, and so on.
// For z <= 0 or so; by the series near zero, where the closed forms cancel.
inline std::array<double, 4> phi_functions(double z) {
  std::array<double, 4> phi{};
  phi[0] = twin::math::exp(z);
  if (z < -1.0 || z > 1.0) {
    phi[1] = (phi[0] - 1.0) / z;
    phi[2] = (phi[1] - 1.0) / z;
    phi[3] = (phi[2] - 0.5) / z;
    return phi;
  }
  for (int j = 20; j >= 0; --j) phi[3] = 1.0 + phi[3] * z / static_cast<double>(j + 4);
  phi[3] /= 6.0;
  phi[2] = 0.5 + z * phi[3];
  phi[1] = 1.0 + z * phi[2];
  return phi;
}

}  // namespace detail

template <std::size_t Size = 128>
class KuramotoSivashinsky {
 public:
  static_assert(Size >= 8 && std::has_single_bit(Size));
  using State = Row<Size>;
  static constexpr double LengthOverTwoPi = 16.0;  // of the ring: 32 pi

  // step: of one tick [time unit], positive. 0.5 in Bocquet, Farchi 2019; 0.25 in Kassam, Trefethen.
  explicit KuramotoSivashinsky(double step = 0.5) {
    TWIN_EXPECT(step > 0.0, step);
    for (std::size_t k = 0; k <= Half; ++k) {
      const double wave = static_cast<double>(k) / LengthOverTwoPi;
      const double z = step * (wave * wave - wave * wave * wave * wave);
      const auto whole = detail::phi_functions(z), half = detail::phi_functions(0.5 * z);
      Mode& m = modes_[k];
      m.decay = whole[0];
      m.half_decay = half[0];
      m.half_gain = 0.5 * step * half[1];
      m.first = step * (whole[1] - 3.0 * whole[2] + 4.0 * whole[3]);
      m.middle = step * 2.0 * (whole[2] - 2.0 * whole[3]);
      m.last = step * (4.0 * whole[3] - whole[2]);
      // The shortest wave has no derivative on the grid. (It is damped here; in Kassam and Trefethen's
      // program it lives on for ever, which does not show where it starts at zero.)
      m.advection = k < Half ? -0.5 * wave : 0.0;
    }
    // Their initial field, 150 time units later: a point on the attractor.
    State x;
    for (std::size_t i = 0; i < Size; ++i) {
      const CirclePoint p = unit_circle(i + 1, Size);
      x.x[i] = p.cos * (1.0 + p.sin);
    }
    const std::array<double, 1> nominal = {1.0};
    advance(x, nominal, static_cast<twin::core::Tick>(150.0 / step), {});
    on_attractor_ = x.x;
  }

  // theta = {c}, 1. Starts at a point on the attractor with variance 0.001, as DAPPER's
  // KS/bocquet2019.
  [[nodiscard]] State initial(std::span<const double> theta, twin::core::Draw draw) const {
    TWIN_EXPECT(theta.size() == 1, theta.size());
    return drawn_row(on_attractor_, 0.03162277660168379, draw);
  }

  void advance(State& state, std::span<const double> theta, twin::core::Tick until,
               twin::core::Draw /*draw*/) const {
    TWIN_EXPECT(state.now <= until, state.now, until);
    for (; state.now < until; ++state.now) step(state.x, theta[0]);
  }

  static std::span<double> vector(State& state) { return state.x; }

 private:
  static constexpr std::size_t Half = Size / 2;

  struct Mode {               // what one step does to one wave; notation of the paper in brackets
    double decay = 0.0;       // exp(L h) [E]
    double half_decay = 0.0;  // exp(L h / 2) [E2]
    double half_gain = 0.0;   // [Q]
    double first = 0.0;       // weights of the slopes: at the start [f1],
    double middle = 0.0;      // of the two in the middle [2 f2],
    double last = 0.0;        // and at the end [f3]
    double advection = 0.0;   // of u^2: -wave number / 2, without the i
  };

  struct Spectrum {  // waves 0 .. Half of a real field
    std::array<double, Half + 1> re;
    std::array<double, Half + 1> im;
  };

  void step(std::array<double, Size>& u, double c) const {
    Spectrum v, a, b, slope, start, sum;
    to_waves(u, v);
    slope_of(v, c, start);
    half_step(v, start, a);
    slope_of(a, c, sum);  // [Na]
    half_step(v, sum, b);
    slope_of(b, c, slope);  // [Nb]
    for (std::size_t k = 0; k <= Half; ++k) {
      sum.re[k] += slope.re[k];
      sum.im[k] += slope.im[k];
      slope.re[k] = 2.0 * slope.re[k] - start.re[k];
      slope.im[k] = 2.0 * slope.im[k] - start.im[k];
    }
    half_step(a, slope, b);
    slope_of(b, c, slope);  // [Nc]
    for (std::size_t k = 0; k <= Half; ++k) {
      const Mode& m = modes_[k];
      v.re[k] =
          m.decay * v.re[k] + m.first * start.re[k] + m.middle * sum.re[k] + m.last * slope.re[k];
      v.im[k] =
          m.decay * v.im[k] + m.first * start.im[k] + m.middle * sum.im[k] + m.last * slope.im[k];
    }
    to_field(v, u);
  }

  // Half a step from v with this slope.
  void half_step(const Spectrum& v, const Spectrum& slope, Spectrum& out) const {
    for (std::size_t k = 0; k <= Half; ++k) {
      out.re[k] = modes_[k].half_decay * v.re[k] + modes_[k].half_gain * slope.re[k];
      out.im[k] = modes_[k].half_decay * v.im[k] + modes_[k].half_gain * slope.im[k];
    }
  }

  // The waves of -c u u_x = -c (u^2)_x / 2.
  void slope_of(const Spectrum& v, double c, Spectrum& out) const {
    std::array<double, Size> u;
    to_field(v, u);
    for (double& x : u) x *= x;
    Spectrum square;
    to_waves(u, square);
    for (std::size_t k = 0; k <= Half; ++k) {
      const double factor = c * modes_[k].advection;
      out.re[k] = -factor * square.im[k];
      out.im[k] = factor * square.re[k];
    }
  }

  // Two neighbours make one complex number: half the transform, unfolded.
  static void to_waves(const std::array<double, Size>& u, Spectrum& v) {
    Desk<Half, 1> desk;
    Waves<Half, 1>& packed = desk.a;
    for (std::size_t j = 0; j < Half; ++j) {
      packed.re[j] = u[2 * j];
      packed.im[j] = u[2 * j + 1];
    }
    const Waves<Half, 1>& z = fourier(desk);
    for (std::size_t k = 0; k <= Half; ++k) {
      const std::size_t a = k % Half, b = (Half - k) % Half;
      const CirclePoint w = detail::circle<Size>(k);
      const double sum_r = z.re[a] + z.re[b], dif_r = z.re[a] - z.re[b];
      const double sum_i = z.im[a] + z.im[b], dif_i = z.im[a] - z.im[b];
      v.re[k] = 0.5 * (sum_r + (w.cos * sum_i - w.sin * dif_r));
      v.im[k] = 0.5 * (dif_i - (w.cos * dif_r + w.sin * sum_i));
    }
  }

  // The inverse, by the forward transform of the conjugate.
  static void to_field(const Spectrum& v, std::array<double, Size>& u) {
    Desk<Half, 1> desk;
    Waves<Half, 1>& packed = desk.a;
    for (std::size_t k = 0; k < Half; ++k) {
      const std::size_t b = Half - k;
      const CirclePoint w = detail::circle<Size>(k);
      const double sum_r = v.re[k] + v.re[b], dif_r = v.re[k] - v.re[b];
      const double sum_i = v.im[k] + v.im[b], dif_i = v.im[k] - v.im[b];
      packed.re[k] = 0.5 * (sum_r - (w.cos * sum_i + w.sin * dif_r));
      packed.im[k] = -0.5 * (dif_i + (w.cos * dif_r - w.sin * sum_i));
    }
    constexpr double Scale = 1.0 / static_cast<double>(Half);
    const Waves<Half, 1>& z = fourier(desk);
    for (std::size_t j = 0; j < Half; ++j) {
      u[2 * j] = Scale * z.re[j];
      u[2 * j + 1] = -Scale * z.im[j];
    }
  }

  std::array<Mode, Half + 1> modes_ = {};
  std::array<double, Size> on_attractor_ = {};
};

}  // namespace twins::toys
