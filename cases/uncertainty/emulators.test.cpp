// Functions in a model's place, held against what is known of the models that they are usually tried on.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "cases/kit/table.hpp"
#include "twin/infer/emulate/example.hpp"
#include "twin/infer/emulate/multi_fidelity_process.hpp"
#include "twin/math/statistics.hpp"
#include "twin/uq/chaos_fit.hpp"
#include "twin/uq/example.hpp"
#include "twin/uq/sample_points.hpp"

namespace cases {
namespace {

using namespace twin;

// The mean square of what is missed, over the variance of the truth.
double missed(const std::vector<double>& told, const std::vector<double>& truth) {
  math::Moments squares, values;
  for (std::size_t k = 0; k < truth.size(); ++k) {
    squares.add((told[k] - truth[k]) * (told[k] - truth[k]));
    values.add(truth[k]);
  }
  return squares.mean() / values.variance();
}

// One digit, rounded up: the same on every machine.
std::string at_most(double v) {
  const double unit = std::pow(10.0, std::floor(std::log10(v)));
  return fmt::format("{:.0e}", std::ceil(v / unit) * unit);
}

struct Columns {
  std::vector<std::vector<double>> u;
  std::vector<const double*> begin = {};
  explicit Columns(const uq::PointsWanted& wanted) : u(uq::sample_points(wanted)) {
    for (const auto& column : u) begin.push_back(column.data());
  }
  [[nodiscard]] uq::Points points() const { return {begin, u.front().size()}; }
};

double missed_by_chaos(const uq::AnyFunction& f, std::size_t inputs, std::size_t runs,
                       const uq::ChaosOptions& options) {
  const Columns at({.inputs = inputs, .points = runs, .replications = 1, .seed = 4}),
      other({.inputs = inputs, .points = 8'192, .replications = 1, .seed = 77});
  std::vector<double> y(runs), truth(8'192), told(8'192);
  f(at.points(), y);
  f(other.points(), truth);
  uq::fit_chaos(options, at.points(), y).value(other.points(), told);
  return missed(told, truth);
}

TEST(CaseEmulators, SparsePolynomials) {
  using enum uq::PolynomialFamily;
  const double ishigami = missed_by_chaos(uq::pointwise(uq::example::ishigami), 3, 400, {});
  publish("Emulators > Ishigami by a sparse polynomial, share of the variance that it misses",
          {"400 runs, degree 12", "9.3e-9", "OpenTURNS 1.20, beside ours",
           fmt::format("at most {}", at_most(ishigami)), ishigami < 2e-8});
  const double borehole = missed_by_chaos(
      uq::pointwise(uq::example::borehole), 8, 200,
      {.families = {Hermite, Hermite, Legendre, Legendre, Legendre, Legendre, Legendre, Legendre}});
  publish("Emulators > borehole by a sparse polynomial, share of the variance that it misses",
          {"200 runs", "below 1e-3", "goal", fmt::format("at most {}", at_most(borehole)),
           borehole < 1e-3});
}

std::vector<double> of_rows(const std::vector<double>& x, std::size_t inputs,
                            double (*f)(std::span<const double>)) {
  std::vector<double> y;
  for (std::size_t k = 0; k < x.size(); k += inputs)
    y.push_back(f(std::span(x).subspan(k, inputs)));
  return y;
}

TEST(CaseEmulators, Processes) {
  const auto x = infer::example::latin_hypercube(80, 8, 1),
             other = infer::example::latin_hypercube(2'000, 8, 2);
  const auto y = of_rows(x, 8, infer::example::borehole);
  const infer::GaussianProcess g({.x = x, .y = y}, {.inputs = 8, .trend = infer::Trend::Linear});
  const double off = missed(g.means(other), of_rows(other, 8, infer::example::borehole));
  publish("Emulators > borehole by a Gaussian process, share of the variance that it misses",
          {"80 runs, Matérn 5/2, linear trend", "below 1e-3", "goal",
           fmt::format("at most {}", at_most(off)), off < 1e-3});
}

TEST(CaseEmulators, CoKriging) {
  std::vector<double> low, grid;
  for (int k = 0; k <= 10; ++k) low.push_back(k / 10.0);
  for (int k = 0; k <= 100; ++k) grid.push_back(k / 100.0);
  const std::vector<double> high = {0, 0.4, 0.6, 1};
  const auto of = [](double (*f)(double), const std::vector<double>& at) {
    std::vector<double> y;
    for (const double v : at) y.push_back(f(v));
    return y;
  };
  const auto y_low = of(infer::example::forrester_low, low),
             y_high = of(infer::example::forrester_high, high),
             truth = of(infer::example::forrester_high, grid);
  const std::array<infer::SimulatedRuns, 2> runs = {
      {{.x = low, .y = y_low}, {.x = high, .y = y_high}}};
  const infer::EmulatorOptions level = {.inputs = 1,
                                        .kernel = infer::CovarianceKernel::SquaredExponential};
  const infer::MultiFidelityProcess both(runs, {.level = level});
  const infer::GaussianProcess alone(runs[1], level);
  const double factor = both.factor(1, std::vector<double>{0.5}).rho,
               with = missed(both.predict(grid).mean, truth),
               without = missed(alone.means(grid), truth);
  publish(
      "Emulators > Forrester's pair by co-kriging, share of the variance missed, and the factor",
      {"4 dear runs, 11 cheap ones",
       "a small part of what 4 runs alone miss; factor 2 (closed form)",
       "Forrester, Sóbester and Keane 2008",
       fmt::format("at most {}, alone {:.1f}; factor {:.1f}", at_most(with), without, factor),
       with < 0.01 * without && std::abs(factor - 2) < 0.1});
}

}  // namespace
}  // namespace cases
