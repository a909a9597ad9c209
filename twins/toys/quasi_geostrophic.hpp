// A wind-driven ocean gyre in one and a half layers (P. Sakov and P. R. Oke, Tellus 60A, 2008, section
// 4): the large model that ensemble filters are compared on.
//   q_t = -psi_x - r J(psi, q) - rkb z + rkh Lap z - rkh2 Lap^2 z - 2 pi sin(2 pi y)
//   z = Lap psi, q = z - F psi, J(a, b) = a_x b_y - a_y b_x, psi = z = Lap z = 0 on the edge
// The paper prints the wind with the other sign; this one is that of its program (EnKF-Matlab), from
// which the published figures come, and gives the double gyre with its jet.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "twin/core/expect.hpp"
#include "twin/core/tick.hpp"
#include "twin/math/distributions.hpp"
#include "twins/toys/helmholtz.hpp"
#include "twins/toys/row.hpp"

namespace twins::toys {

// J(a, b) as a_x b_y - a_y b_x by nine points, which conserves energy and enstrophy (A. Arakawa, J.
// Comput. Phys. 1, 1966, eq. 46). a, b: zero on the edge; so is j.
template <std::size_t Cells>
void arakawa_jacobian(const Field<Cells>& a, const Field<Cells>& b, Field<Cells>& j) {
  constexpr double Scale = static_cast<double>(Cells * Cells) / 12.0;
  for (std::size_t y = 1; y < Cells; ++y) {
    const double* au = a.row(y - 1);  // up, here, down
    const double* am = a.row(y);
    const double* ad = a.row(y + 1);
    const double* bu = b.row(y - 1);
    const double* bm = b.row(y);
    const double* bd = b.row(y + 1);
    double* out = j.row(y);
    TWIN_INDEPENDENT_TURNS
    for (std::size_t x = 1; x < Cells; ++x) {
      const std::size_t w = x - 1, c = x, e = x + 1;
      out[x] =
          Scale *
          ((bd[c] * (am[e] + ad[e] - am[w] - ad[w]) - bu[c] * (am[e] + au[e] - am[w] - au[w])) +
           (bm[e] * (au[c] + au[e] - ad[c] - ad[e]) - bm[w] * (au[c] + au[w] - ad[c] - ad[w])) +
           ((bd[e] * (am[e] - ad[c]) - bu[w] * (au[c] - am[w])) +
            (bd[w] * (ad[c] - am[w]) - bu[e] * (am[e] - au[c]))));
    }
    out[0] = 0.0;
  }
}

// The five-point Laplacian, zero on the edge.
template <std::size_t Cells>
void laplacian(const Field<Cells>& a, Field<Cells>& out) {
  constexpr double Scale = static_cast<double>(Cells * Cells);
  for (std::size_t y = 1; y < Cells; ++y) {
    const double* up = a.row(y - 1);
    const double* at = a.row(y);
    const double* at_left = at - 1;
    const double* down = a.row(y + 1);
    double* o = out.row(y);
    TWIN_INDEPENDENT_TURNS
    for (std::size_t x = 0; x < Cells; ++x) {
      o[x] = Scale * ((up[x] + down[x]) + (at_left[x] + at[x + 1]) - 4.0 * at[x]);
    }
    o[0] = 0.0;
  }
}

template <std::size_t Cells = 128>
class QuasiGeostrophic {
 public:
  static constexpr std::size_t Side = Cells + 1;  // [points], the edge's with them
  static constexpr double Froude = 1600.0;        // F

  struct State {
    twin::core::Tick now = 0;  // [steps of the model]
    std::vector<double> psi;   // [y][x], Side x Side, zero on the edge

    bool operator==(const State&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("now", self.now);
      archive("psi", self.psi);
    }
  };

  // step: of one tick [time unit], positive; 1.25 in the published experiments.
  explicit QuasiGeostrophic(double step = 1.25) : step_(step), helmholtz_(Froude) {
    TWIN_EXPECT(step > 0.0, step);
  }

  // theta = {rkb, rkh, rkh2, r}; 0, 0, 2e-12 and 1e-5 as published. Starts as a few waves of random
  // height: far from the climate, to which a free run of some 3500 time units leads (see Sampled).
  [[nodiscard]] State initial(std::span<const double> theta, twin::core::Draw draw) const {
    TWIN_EXPECT(theta.size() == 4, theta.size());
    constexpr std::uint32_t Longest = 4;  // waves each way
    State state;
    state.psi.assign(Side * Side, 0.0);
    for (std::uint32_t wave = 0; wave < Longest * Longest; ++wave) {
      const double height = twin::math::normal(draw.uniform(InitialDraw, wave, 0));
      for (std::size_t y = 1; y < Cells; ++y) {
        const double along = height * unit_circle(y * (1 + wave / Longest), 2 * Cells).sin;
        for (std::size_t x = 1; x < Cells; ++x) {
          state.psi[y * Side + x] += along * unit_circle(x * (1 + wave % Longest), 2 * Cells).sin;
        }
      }
    }
    return state;
  }

  // Runge-Kutta 4 (Kutta 1901) in q. The edge of psi is set to zero first, whatever a filter put
  // there. The fields of a step lie on the stack: about 1.5 MB for 128 cells.
  void advance(State& state, std::span<const double> theta, twin::core::Tick until,
               twin::core::Draw /*draw*/) const {
    TWIN_EXPECT(state.now <= until, state.now, until);
    TWIN_EXPECT(state.psi.size() == Side * Side, state.psi.size());
    for (; state.now < until; ++state.now) step(state.psi, theta);
  }

  static std::span<double> vector(State& state) { return state.psi; }

 private:
  void step(std::vector<double>& values, std::span<const double> theta) const {
    Field<Cells> psi, q, slope, sum, stage;
    for (std::size_t y = 1; y < Cells; ++y) {
      for (std::size_t x = 1; x < Cells; ++x) psi.row(y)[x] = values[y * Side + x];
    }
    laplacian(psi, q);
    add(q, -Froude, psi, q);
    tendency(q, psi, theta, sum);
    add(q, 0.5 * step_, sum, stage);
    helmholtz_.solve(stage, psi);
    tendency(stage, psi, theta, slope);
    add(sum, 2.0, slope, sum);
    add(q, 0.5 * step_, slope, stage);
    helmholtz_.solve(stage, psi);
    tendency(stage, psi, theta, slope);
    add(sum, 2.0, slope, sum);
    add(q, step_, slope, stage);
    helmholtz_.solve(stage, psi);
    tendency(stage, psi, theta, slope);
    add(sum, 1.0, slope, sum);
    add(q, step_ / 6.0, sum, q);
    helmholtz_.solve(q, psi);
    for (std::size_t y = 0; y < Side; ++y) {
      for (std::size_t x = 0; x < Side; ++x) {
        const bool inside = y > 0 && y < Cells && x > 0 && x < Cells;
        values[y * Side + x] = inside ? psi.row(y)[x] : 0.0;
      }
    }
  }

  // out := a + factor b, all of it.
  static void add(const Field<Cells>& a, double factor, const Field<Cells>& b, Field<Cells>& out) {
    TWIN_INDEPENDENT_TURNS
    for (std::size_t i = 0; i < Cells * Cells; ++i) out.at[i] = a.at[i] + factor * b.at[i];
  }

  static void tendency(const Field<Cells>& q, const Field<Cells>& psi,
                       std::span<const double> theta, Field<Cells>& out) {
    const double rkb = theta[0], rkh = theta[1], rkh2 = theta[2], r = theta[3];
    constexpr double Centred = 0.5 * static_cast<double>(Cells);  // 1 / (2 spacing)
    constexpr double TwoPi = 6.28318530717958647693;
    Field<Cells> zeta, zeta2, zeta4;
    add(q, Froude, psi, zeta);
    laplacian(zeta, zeta2);
    laplacian(zeta2, zeta4);
    arakawa_jacobian(psi, q, out);
    for (std::size_t y = 1; y < Cells; ++y) {
      const double wind = TwoPi * detail::circle<Cells>(y).sin;
      const double* p = psi.row(y);
      const double* p_left = p - 1;
      const double* z = zeta.row(y);
      const double* z2 = zeta2.row(y);
      const double* z4 = zeta4.row(y);
      double* o = out.row(y);
      TWIN_INDEPENDENT_TURNS
      for (std::size_t x = 0; x < Cells; ++x) {
        o[x] = ((rkh * z2[x] - rkh2 * z4[x]) - rkb * z[x]) - r * o[x] -
               Centred * (p[x + 1] - p_left[x]) - wind;
      }
      o[0] = 0.0;
    }
  }

  double step_;  // [time unit]
  Helmholtz<Cells> helmholtz_;
};

}  // namespace twins::toys
