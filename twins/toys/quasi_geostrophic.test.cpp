// If these failed, results on the ocean gyre could not be compared with anybody's.
#include "twins/toys/quasi_geostrophic.hpp"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <memory>

#include "twin/contract/check_model.hpp"

namespace twins::toys {
namespace {

const std::vector<double> Published = {0.0, 0.0, 2e-12, 1e-5};
constexpr double Pi = 3.14159265358979323846;

TWIN_CHECK_MODEL(QuasiGeostrophicModel, [] {
  return twin::contract::ModelCase<QuasiGeostrophic<16>>{.model = QuasiGeostrophic<16>(),
                                                         .theta = {0.0, 0.0, 2e-10, 1e-5},
                                                         .draw = {.seed = 1, .member = 0},
                                                         .horizon = 60};
});

template <std::size_t Cells>
std::unique_ptr<Field<Cells>> random_field(std::uint32_t what) {
  auto field = std::make_unique<Field<Cells>>();
  const twin::core::Draw draw{.seed = 5, .member = 0};
  for (std::uint32_t y = 1; y < Cells; ++y) {
    for (std::uint32_t x = 1; x < Cells; ++x) field->row(y)[x] = draw.uniform(what, y, x) - 0.5;
  }
  return field;
}

template <std::size_t Cells>
double dot(const Field<Cells>& a, const Field<Cells>& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < Cells * Cells; ++i) sum += a.at[i] * b.at[i];
  return sum;
}

TEST(ArakawaJacobian, ConservesEnergyAndEnstrophy) {
  // Advection alone would make or destroy energy (sum of psi J) or enstrophy (sum of q J). Terms are
  // of size Cells^2, there are Cells^2 of them: their rounding is far below 1e-9.
  constexpr std::size_t Cells = 32;
  const auto psi = random_field<Cells>(1), q = random_field<Cells>(2);
  const auto j = std::make_unique<Field<Cells>>();
  arakawa_jacobian(*psi, *q, *j);
  EXPECT_GT(std::sqrt(dot(*j, *j)), 100.0);
  EXPECT_NEAR(dot(*psi, *j), 0.0, 1e-9);
  EXPECT_NEAR(dot(*q, *j), 0.0, 1e-9);
}

double jacobian_error(auto cells) {
  constexpr std::size_t Cells = decltype(cells)::value;
  const auto a = std::make_unique<Field<Cells>>(), b = std::make_unique<Field<Cells>>(),
             j = std::make_unique<Field<Cells>>();
  const auto place = [](std::size_t i) { return Pi * static_cast<double>(i) / Cells; };
  for (std::size_t y = 1; y < Cells; ++y) {
    for (std::size_t x = 1; x < Cells; ++x) {
      a->row(y)[x] = std::sin(place(x)) * std::sin(2.0 * place(y));
      b->row(y)[x] = std::sin(3.0 * place(x)) * std::sin(place(y));
    }
  }
  arakawa_jacobian(*a, *b, *j);
  double worst = 0.0;
  for (std::size_t y = 1; y < Cells; ++y) {
    for (std::size_t x = 1; x < Cells; ++x) {
      const double px = place(x), py = place(y);
      const double exact =
          Pi * Pi *
          (std::cos(px) * std::sin(2.0 * py) * std::sin(3.0 * px) * std::cos(py) -
           std::sin(px) * 2.0 * std::cos(2.0 * py) * 3.0 * std::cos(3.0 * px) * std::sin(py));
      worst = std::max(worst, std::abs(j->row(y)[x] - exact));
    }
  }
  return worst;
}

TEST(ArakawaJacobian, IsTheJacobianToSecondOrder) {
  // Sign or scale would be another: the error of smooth fields falls fourfold with half the spacing.
  const double coarse = jacobian_error(std::integral_constant<std::size_t, 64>());
  const double fine = jacobian_error(std::integral_constant<std::size_t, 128>());
  EXPECT_NEAR(std::log2(coarse / fine), 2.0, 0.05);
}

// The same model as a reader of the paper would write it: every term by its definition on an array
// with its edge, psi by a dense solver.
class SlowGyre {
 public:
  static constexpr int Cells = 8;
  using Array = std::array<std::array<double, Cells + 1>, Cells + 1>;  // [y][x]

  SlowGyre(std::vector<double> theta, double step) : theta_(std::move(theta)), step_(step) {
    constexpr int Inner = Cells - 1;
    Eigen::MatrixXd a = Eigen::MatrixXd::Zero(Inner * Inner, Inner * Inner);
    for (int y = 0; y < Inner; ++y) {
      for (int x = 0; x < Inner; ++x) {
        const int i = y * Inner + x;
        a(i, i) = -4.0 * Cells * Cells - 1600.0;
        if (x > 0) a(i, i - 1) = Cells * Cells;
        if (x + 1 < Inner) a(i, i + 1) = Cells * Cells;
        if (y > 0) a(i, i - Inner) = Cells * Cells;
        if (y + 1 < Inner) a(i, i + Inner) = Cells * Cells;
      }
    }
    solver_ = a.partialPivLu();
  }

  void step(Array& psi) const {
    const Array q = combine(lap(psi), -1600.0, psi);
    const Array k1 = slope(q), k2 = slope(combine(q, 0.5 * step_, k1)),
                k3 = slope(combine(q, 0.5 * step_, k2)), k4 = slope(combine(q, step_, k3));
    const Array sum = combine(combine(combine(k1, 2.0, k2), 2.0, k3), 1.0, k4);
    psi = stream(combine(q, step_ / 6.0, sum));
  }

 private:
  static Array combine(Array a, double f, const Array& b) {
    for (std::size_t y = 0; y <= Cells; ++y) {
      for (std::size_t x = 0; x <= Cells; ++x) a[y][x] += f * b[y][x];
    }
    return a;
  }
  static Array lap(const Array& a) {
    Array out{};
    for (std::size_t y = 1; y < Cells; ++y) {
      for (std::size_t x = 1; x < Cells; ++x) {
        out[y][x] =
            Cells * Cells * (a[y - 1][x] + a[y + 1][x] + a[y][x - 1] + a[y][x + 1] - 4.0 * a[y][x]);
      }
    }
    return out;
  }
  [[nodiscard]] Array stream(const Array& q) const {
    Eigen::VectorXd right((Cells - 1) * (Cells - 1));
    for (int y = 1; y < Cells; ++y) {
      for (int x = 1; x < Cells; ++x) {
        right[(y - 1) * (Cells - 1) + x - 1] =
            q[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)];
      }
    }
    const Eigen::VectorXd inner = solver_.solve(right);
    Array psi{};
    for (int y = 1; y < Cells; ++y) {
      for (int x = 1; x < Cells; ++x) {
        psi[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)] =
            inner[(y - 1) * (Cells - 1) + x - 1];
      }
    }
    return psi;
  }
  [[nodiscard]] Array slope(const Array& q) const {
    const Array psi = stream(q), z = lap(psi), z2 = lap(z), z4 = lap(z2);
    constexpr double D = 0.5 * Cells;  // of centred differences
    Array out{};
    for (std::size_t y = 1; y < Cells; ++y) {
      for (std::size_t x = 1; x < Cells; ++x) {
        // The mean of the three forms J++, J+x, Jx+ (Arakawa 1966, eqs. 36 to 38).
        const auto dx = [&](const Array& a, std::size_t j, std::size_t i) {
          return D * (a[j][i + 1] - a[j][i - 1]);
        };
        const auto dy = [&](const Array& a, std::size_t j, std::size_t i) {
          return D * (a[j + 1][i] - a[j - 1][i]);
        };
        const double pp = dx(psi, y, x) * dy(q, y, x) - dy(psi, y, x) * dx(q, y, x);
        const auto py = [&](std::size_t i) { return D * (psi[y + 1][i] - psi[y - 1][i]); };
        const auto px = [&](std::size_t j) { return D * (psi[j][x + 1] - psi[j][x - 1]); };
        const auto qy = [&](std::size_t i) { return D * (q[y + 1][i] - q[y - 1][i]); };
        const auto qx = [&](std::size_t j) { return D * (q[j][x + 1] - q[j][x - 1]); };
        const double px_ = D * (q[y + 1][x] * px(y + 1) - q[y - 1][x] * px(y - 1)) -
                           D * (q[y][x + 1] * py(x + 1) - q[y][x - 1] * py(x - 1));
        const double xp = D * (psi[y][x + 1] * qy(x + 1) - psi[y][x - 1] * qy(x - 1)) -
                          D * (psi[y + 1][x] * qx(y + 1) - psi[y - 1][x] * qx(y - 1));
        out[y][x] = -dx(psi, y, x) - theta_[3] * (pp + px_ + xp) / 3.0 - theta_[0] * z[y][x] +
                    theta_[1] * z2[y][x] - theta_[2] * z4[y][x] -
                    2.0 * Pi * std::sin(2.0 * Pi * static_cast<double>(y) / Cells);
      }
    }
    return out;
  }

  std::vector<double> theta_;
  double step_;
  Eigen::PartialPivLU<Eigen::MatrixXd> solver_;
};

TEST(QuasiGeostrophic, IsTheModelOfThePaper) {
  // A term would be missing or of another sign: all of them matter here, over 20 steps.
  const std::vector<double> theta = {1e-2, 1e-5, 1e-7, 1e-3};
  const QuasiGeostrophic<8> fast(1.25);
  const SlowGyre slow(theta, 1.25);
  auto x = fast.initial(theta, {.seed = 2, .member = 0});
  SlowGyre::Array psi{};
  for (std::size_t i = 0; i < 81; ++i) psi[i / 9][i % 9] = x.psi[i];
  fast.advance(x, theta, 20, {});
  double largest = 0.0;
  for (int i = 0; i < 20; ++i) slow.step(psi);
  for (std::size_t i = 0; i < 81; ++i) {
    largest = std::max(largest, std::abs(x.psi[i]));
    EXPECT_NEAR(x.psi[i], psi[i / 9][i % 9], 1e-11) << i;
  }
  EXPECT_GT(largest, 0.1);
}

TEST(QuasiGeostrophic, IsOfFourthOrderInTime) {
  // The error over 80 time units would not fall sixteenfold with half the step.
  const auto end = [](double step, int steps) {
    const QuasiGeostrophic<16> model(step);
    const std::vector<double> theta = {0.0, 0.0, 2e-10, 1e-3};
    auto x = model.initial(theta, {.seed = 3, .member = 0});
    model.advance(x, theta, steps, {});
    return x.psi;
  };
  const auto best = end(0.25, 320);
  const auto error = [&](double step, int steps) {
    const auto psi = end(step, steps);
    double square = 0.0;
    for (std::size_t i = 0; i < psi.size(); ++i) square += (psi[i] - best[i]) * (psi[i] - best[i]);
    return std::sqrt(square);
  };
  EXPECT_NEAR(std::log2(error(4.0, 20) / error(2.0, 40)), 4.0, 0.2);
}

// Stommel's gyre ("The westward intensification of wind-driven ocean currents", Trans. AGU 29, 1948)
// under this wind: without advection, bottom friction e alone, psi = g(x) sin(2 pi y) with
// e (g'' - 4 pi^2 g) + g' = -2 pi.
double stommel_error(auto cells) {
  constexpr std::size_t Cells = decltype(cells)::value;
  constexpr double Friction = 0.2;
  const QuasiGeostrophic<Cells> model(10.0);
  const std::vector<double> theta = {Friction, 0.0, 0.0, 0.0};
  auto x = model.initial(theta, {.seed = 4, .member = 0});
  model.advance(x, theta, 600, {});
  const double root = std::sqrt(1.0 + 16.0 * Pi * Pi * Friction * Friction);
  const double a = (-1.0 + root) / (2.0 * Friction), b = (-1.0 - root) / (2.0 * Friction);
  const double rest = 1.0 / (2.0 * Pi * Friction);
  const double ea = std::exp(a), eb = std::exp(b);
  const double of_a = rest * (eb - 1.0) / (ea - eb), of_b = -rest - of_a;
  double worst = 0.0;
  for (std::size_t i = 0; i <= Cells; ++i) {
    for (std::size_t j = 0; j <= Cells; ++j) {
      const double s = static_cast<double>(i) / Cells, y = static_cast<double>(j) / Cells;
      const double g = rest + of_a * std::exp(a * s) + of_b * std::exp(b * s);
      const double exact = g * std::sin(2.0 * Pi * y);
      worst = std::max(worst, std::abs(x.psi[j * (Cells + 1) + i] - exact));
    }
  }
  return worst;
}

TEST(QuasiGeostrophic, SettlesInStommelsGyre) {
  // Planetary, friction or wind term would have another sign or scale: the known steady state is
  // met, to second order in the spacing.
  const double coarse = stommel_error(std::integral_constant<std::size_t, 16>());
  const double fine = stommel_error(std::integral_constant<std::size_t, 32>());
  EXPECT_LT(fine, 5e-3);
  EXPECT_NEAR(std::log2(coarse / fine), 2.0, 0.1);
}

TEST(QuasiGeostrophic, TakesItsEdgeAsZero) {
  // What a filter leaves on the edge would leak into the ocean.
  const QuasiGeostrophic<8> model;
  auto x = model.initial(Published, {.seed = 6, .member = 0});
  auto y = x;
  y.psi[3] = y.psi[9] = y.psi[80] = 1.0;
  model.advance(x, Published, 3, {});
  model.advance(y, Published, 3, {});
  EXPECT_EQ(x, y);
}

}  // namespace
}  // namespace twins::toys
