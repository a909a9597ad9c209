// The benchmark of Aristoff and Bangerth: its test vectors; and posteriors whose moments are known.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include "cases/kit/shared.hpp"
#include "cases/kit/table.hpp"
#include "twin/infer/sample/example.hpp"
#include "twin/infer/sample/nuts.hpp"
#include "twin/infer/sample/posterior.hpp"
#include "twin/infer/sample/tempering.hpp"
#include "twin/math/statistics.hpp"
#include "twins/toys/membrane.hpp"

namespace cases {
namespace {

using namespace twin;
using twins::toys::Membrane;

std::vector<double> numbers_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<double> all;
  for (double v = 0.0; in >> v;) all.push_back(v);
  return all;
}

TEST(CaseInversion, AristoffBangerthVectors) {
  if (reference_absent()) GTEST_SKIP() << ReferenceAbsent;
  const auto folder = reference_folder() / "aristoff-bangerth";
  for (int k = 0; k < 3; ++k) {
    const auto file = [&](const std::string& name) {
      return folder / fmt::format(fmt::runtime(name), k);
    };
    const auto a = numbers_of(file("input.{}.txt")), z = numbers_of(file("output.{}.z.txt"));
    ASSERT_EQ(a.size(), Membrane::Coefficients);
    ASSERT_EQ(z.size(), Membrane::Points);
    std::vector<double> seen(Membrane::Points), logs;
    Membrane::deflections(a, seen);
    for (const double v : a) logs.push_back(std::log(v));
    double squares = 0.0;
    for (std::size_t i = 0; i < seen.size(); ++i) squares += (seen[i] - z[i]) * (seen[i] - z[i]);
    const double likelihood = numbers_of(file("output.{}.loglikelihood.txt")).at(0),
                 prior = numbers_of(file("output.{}.logprior.txt")).at(0);
    const double off = std::sqrt(squares),
                 off_likelihood = std::abs(Membrane::log_likelihood(seen) - likelihood),
                 off_prior = std::abs(Membrane::log_prior(logs) - prior);
    const auto below = [](double v) {
      return fmt::format("1e{:.0f}", std::ceil(std::log10(std::max(v, 1e-16))));
    };
    publish(
        fmt::format("Inversion > Aristoff and Bangerth, test vector {}", k),
        {"64 coefficients, 169 points",
         "distance of z from theirs below 1e-10, logarithms of densities within 1e-8",
         "deal.II code gallery",
         fmt::format("below {}, {} and {}", below(off), below(off_likelihood), below(off_prior)),
         off < 1e-10 && off_likelihood < 1e-8 && off_prior < 1e-8});
  }
}

void tell(const std::string& name, const std::string& source, const infer::Chains& chains,
          double (*of)(std::span<const double>), double known, double error) {
  const auto d = infer::diagnose(chains.of(of));
  const double off =
      std::abs(d.mean - known) / std::sqrt(d.mean_error * d.mean_error + error * error);
  publish("Inversion > " + name,
          {"NUTS, 4 chains of 10,000 draws",
           error > 0 ? fmt::format("{} ± {} within 4 MCSE", known, error)
                     : fmt::format("{} within 4 MCSE", known),
           source,
           fmt::format("{:.4f} (MCSE {:.4f}, R-hat {:.3f})", d.mean, d.mean_error, d.split_r_hat),
           off <= 4});
}

TEST(CaseInversion, AnalyticDensities) {
  const infer::NutsOptions o = {.starts = {{-2, 0}, {2, 0}, {0, 1}, {1, 2}},
                                .draws = 10'000,
                                .acceptance = 0.95,
                                .seed = 21,
                                .threads = 2};
  const auto banana = infer::nuts(infer::example::banana(), o);
  tell(
      "banana, E x2", "UM-Bridge, closed form", banana, [](auto x) { return x[1]; }, 0.4, 0);
  tell(
      "banana, Var x1", "UM-Bridge, closed form", banana, [](auto x) { return x[0] * x[0]; }, 4.0,
      0);
  tell(
      "banana, Var x2", "UM-Bridge, closed form", banana,
      [](auto x) { return (x[1] - 0.4) * (x[1] - 0.4); }, 1.53, 0);
  const auto donut = infer::nuts(infer::example::donut(), o);
  tell(
      "donut, mean radius", "UM-Bridge, quadrature", donut,
      [](auto x) { return std::hypot(x[0], x[1]); }, 2.60634615, 0);
  tell(
      "donut, mean squared radius", "UM-Bridge, quadrature", donut,
      [](auto x) { return x[0] * x[0] + x[1] * x[1]; }, 6.8095, 0);
  const auto mixture = infer::nuts(infer::example::mixture(), o);
  tell(
      "Gaussian mixture, E x1", "UM-Bridge, closed form", mixture, [](auto x) { return x[0]; },
      -0.66666667, 0);
  tell(
      "Gaussian mixture, covariance", "UM-Bridge, closed form", mixture,
      [](auto x) { return (x[0] + 2.0 / 3) * (x[1] - 2.0 / 3); }, 0.61111, 0);
  const auto funnel = infer::nuts(infer::example::funnel(),
                                  {.starts = std::vector<std::vector<double>>(4, {0.1, 0.1}),
                                   .draws = 10'000,
                                   .acceptance = 0.95,
                                   .seed = 6,
                                   .threads = 2});
  tell(
      "funnel, Var x1", "UM-Bridge, closed form", funnel, [](auto x) { return x[0] * x[0]; }, 9.0,
      0);
}

TEST(CaseInversion, FunnelByTempering) {
  // Its neck is not for chains that follow slopes. Particles begin wide, and are weighed on the way; few of them,
  // moved little, would tell too little of its tails (8.7 of 2,000 with 10 moves).
  const std::vector<infer::Prior> wide = {infer::Prior::normal(0, 3), infer::Prior::cauchy(0, 1)};
  const auto funnel = infer::example::funnel();
  const infer::Target ratio = {
      .dimensions = 2, .log_density = [&](std::span<const double> x, std::span<double> value) {
        funnel.log_density(x, value);
        for (std::size_t k = 0; k < value.size(); ++k)
          value[k] -= wide[0].log_density(x[2 * k]) + wide[1].log_density(x[2 * k + 1]);
      }};
  // Runs weigh as their evidence, whose products with means have no bias; the error is that of a ratio.
  constexpr int Runs = 16;
  std::vector<double> weight, mean;
  for (std::uint64_t seed = 1; seed <= Runs; ++seed) {
    const auto t = infer::temper(infer::on_normals(wide, ratio),
                                 {.particles = 8'000, .moves = 40, .seed = seed});
    math::Moments of_run;
    for (std::size_t k = 0; k < t.x.size(); k += 2) of_run.add(9 * t.x[k] * t.x[k]);
    weight.push_back(std::exp(t.log_evidence));
    mean.push_back(of_run.mean());
  }
  double all = 0.0, sum = 0.0, squares = 0.0;
  for (std::size_t k = 0; k < Runs; ++k) {
    all += weight[k];
    sum += weight[k] * mean[k];
  }
  const double found = sum / all;
  for (std::size_t k = 0; k < Runs; ++k)
    squares += std::pow(weight[k] / all * (mean[k] - found), 2);
  const double error = std::sqrt(squares * Runs / (Runs - 1.0));
  publish("Inversion > funnel, Var x1, by tempering",
          {"16 runs of 8,000 particles, 40 moves, begun from N(0, 3) and Cauchy",
           "9.0 within 4 errors", "UM-Bridge, closed form",
           fmt::format("{:.3f} (error {:.3f})", found, error), std::abs(found - 9) <= 4 * error});
}

TEST(CaseInversion, EightSchools) {
  const auto c =
      infer::nuts(infer::example::eight_schools(),
                  {.starts = std::vector<std::vector<double>>(4, std::vector<double>(10, 0.1)),
                   .draws = 10'000,
                   .acceptance = 0.9,
                   .seed = 8,
                   .threads = 2});
  tell(
      "eight schools, mu", "posteriordb", c, [](auto x) { return x[8]; }, 4.4105, 0.033);
  tell(
      "eight schools, tau", "posteriordb", c, [](auto x) { return std::exp(x[9]); }, 3.6021, 0.032);
  tell(
      "eight schools, theta 1", "posteriordb", c,
      [](auto x) { return x[8] + std::exp(x[9]) * x[0]; }, 6.1505, 0.056);
}

}  // namespace
}  // namespace cases
