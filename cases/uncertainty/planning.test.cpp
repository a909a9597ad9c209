// What to run and what to measure, where the best is known in closed form.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "cases/kit/table.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"
#include "twin/score/normal.hpp"
#include "twin/uq/approximate_control_variates.hpp"
#include "twin/uq/exchange_design.hpp"
#include "twin/uq/multilevel_information.hpp"
#include "twin/uq/value_of_information.hpp"

namespace cases {
namespace {

using namespace twin;

TEST(CasePlanning, ControlVariates) {
  const std::vector<double> c = {1, 0.75, 0.25, 0.75, 1, 0.5, 0.25, 0.5, 1}, ratios = {1, 2, 3};
  const double mf = 1 - uq::acv_weights(c, ratios, uq::AcvFamily::Mf).r_squared,
               is = 1 - uq::acv_weights(c, ratios, uq::AcvFamily::Is).r_squared;
  publish("Multi-fidelity > three models, variance over Monte Carlo's by ACV-MF and ACV-IS",
          {"one run of the first, 2 and 3 of the others", "0.7179487179487, 0.7159090909091",
           "MXMCPy's tests", fmt::format("{:.13f}, {:.13f}", mf, is),
           std::abs(mf - 0.7179487179487178) < 1e-13 && std::abs(is - 63.0 / 88) < 1e-13});
  const std::vector<double> costs = {1, 0.1, 0.01, 0.001, 0.0001};
  std::vector<double> powers;
  for (int a = 5; a > 0; --a)
    for (int b = 5; b > 0; --b) powers.push_back(1.0 / (a + b + 1) - 1.0 / ((a + 1) * (b + 1)));
  const double plan =
      uq::acv_plan(powers, costs, 1'000, uq::AcvFamily::Mfmc).samples.variance_ratio;
  publish("Multi-fidelity > x^5 with the help of x^4 to x, the plan that a search finds",
          {"costs 1 to 1e-4", "0.0461404", "Peherstorfer, Willcox and Gunzburger 2016, worked out",
           fmt::format("{:.6f}", plan), std::abs(plan - 0.0461404) < 1e-4});
}

TEST(CasePlanning, Designs) {
  std::vector<std::vector<double>> line;
  for (int k = 0; k <= 20; ++k) {
    const double x = -1 + k / 10.0;
    line.push_back({1, x, x * x});
  }
  const std::vector<std::vector<double>> moments = {
      {1, 0, 1.0 / 3}, {0, 1.0 / 3, 0}, {1.0 / 3, 0, 0.2}};
  constexpr std::array<double, 3> Ends = {1.0 / 3, 0.25, 0.25};
  constexpr std::array<const char*, 3> Names = {"D", "A", "I"};
  constexpr std::array Criteria = {uq::Optimality::D, uq::Optimality::A, uq::Optimality::I};
  for (std::size_t k = 0; k < 3; ++k) {
    const uq::DesignProblem problem = {
        .candidates = line, .optimality = Criteria[k], .moments = moments};
    const auto a = uq::approximate_design(problem, {.tolerance = 1e-9});
    publish(
        fmt::format("Designs > a quadratic from -1 to 1, share of runs at either end, {}-optimal",
                    Names[k]),
        {"21 candidates", fmt::format("{:.6f}", Ends[k]), "closed form",
         fmt::format("{:.6f}", a.weights[0]), std::abs(a.weights[0] - Ends[k]) < 1e-6});
  }
  const auto exact = uq::exchange_design({.candidates = line}, {.runs = 7});
  publish("Designs > a quadratic from -1 to 1, determinant of the information of seven runs",
          {"exchange, ten starts", "48", "all tried", fmt::format("{:.6f}", std::exp(exact.value)),
           std::abs(std::exp(exact.value) - 48) < 1e-6});
}

TEST(CasePlanning, Information) {
  // y = a + b x with an error of 0.5 at -1 and 1, a and b standard normal: ln 9.
  constexpr double Deviation = 0.5;
  const auto value = [](std::span<const double> theta, std::size_t i) {
    return theta[0] + (i == 0 ? -theta[1] : theta[1]);
  };
  const uq::InformationModel model = {
      .parameters = 2,
      .noises = 2,
      .outcomes = 2,
      .prior =
          [](std::span<double> x) {
            for (double& v : x) v = math::normal(v);
          },
      .observe =
          [value](std::span<const double> theta, std::span<const double> u, std::span<double> y) {
            for (std::size_t i = 0; i < 2; ++i)
              y[i] = math::normal(u[i], value(theta, i), Deviation);
          },
      .log_likelihood =
          [value](std::span<const double> theta, std::span<const double> y) {
            double sum = 0.0;
            for (std::size_t i = 0; i < 2; ++i) {
              const double z = (y[i] - value(theta, i)) / Deviation;
              sum -= 0.5 * z * z;
            }
            return sum;
          }};
  const auto m = uq::multilevel_information(model, 32, {.tolerance = 0.02});
  publish("Designs > expected information of a line measured at two places [nat]",
          {"multilevel Monte Carlo, tolerance 0.02", "2.1972 (ln 9)", "closed form",
           fmt::format("{:.3f} ± {:.3f}", m.mean, 1.96 * m.standard_error),
           m.converged && std::abs(m.mean - std::log(9.0)) < 0.04});
}

TEST(CasePlanning, ValueOfInformation) {
  // N(-0.4, 1 + 1.6^2 + 2 x 1.6 x 0.6) or nothing, when all is learnt: the unit normal loss.
  std::vector<std::vector<double>> benefits(2, std::vector<double>(40'000, 0.0));
  const double deviation = std::sqrt(1 + 2.56 + 1.92);
  for (std::size_t s = 0; s < 40'000; ++s)
    benefits[1][s] = math::normal(
        core::Draw{20271201, static_cast<std::uint32_t>(s)}.uniform(0, 0, 0), -0.4, deviation);
  const double z = 0.4 / deviation;
  const double truth = deviation * (score::normal_density(z) - z * score::normal_below(-z));
  const auto v = uq::value_of_perfect_information(benefits);
  publish("Designs > value of knowing all, of a decision between nothing and a normal benefit",
          {"40,000 samples", fmt::format("{:.4f}", truth), "Raiffa and Schlaifer 1961",
           fmt::format("{:.4f}, error {:.4f}", v.value, v.standard_error),
           std::abs(v.value - truth) < 4 * v.standard_error});
}

}  // namespace
}  // namespace cases
