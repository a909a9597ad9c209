// Sensitivities and means that are known exactly, with what our estimators give beside them.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "cases/kit/table.hpp"
#include "twin/math/statistics.hpp"
#include "twin/uq/example.hpp"
#include "twin/uq/multi_fidelity.hpp"
#include "twin/uq/sobol_indices.hpp"

namespace cases {
namespace {

using namespace twin;

constexpr const char* Estimated =
    "Saltelli 2010 and Jansen, 16 scrambled Sobol sequences of 16,384 points";

// digits: that the source gives; further off than its rounding and 1.5 intervals (t with 15 degrees: 0.6 %) is not
// reached.
void tell(const std::string& name, const std::string& source, double known, int digits,
          const math::Interval& ours) {
  const double rounding = 0.5 * std::pow(10.0, -digits);
  publish("Sensitivity > " + name,
          {Estimated, fmt::format("{:.{}f}", known, digits), source,
           fmt::format("{:.5f} ± {:.5f}", ours.mean, ours.half_width),
           std::abs(ours.mean - known) <= rounding + 1.5 * ours.half_width});
}

void tell_all(const std::string& function, const std::string& source, std::span<const double> first,
              std::span<const double> total, int digits, const uq::SobolIndices& s) {
  for (std::size_t i = 0; i < first.size(); ++i) {
    tell(fmt::format("{}, first order of input {}", function, i + 1), source, first[i], digits,
         s.first[i]);
    tell(fmt::format("{}, total of input {}", function, i + 1), source, total[i], digits,
         s.total[i]);
  }
}

TEST(CaseSensitivity, Ishigami) {
  const auto s =
      uq::sobol_indices({.inputs = 3, .groups = {{0}, {1}, {2}, {0, 2}}, .points = 16'384},
                        uq::pointwise(uq::example::ishigami), 2);
  tell_all("Ishigami (a = 7, b = 0.1)", "closed form", uq::example::IshigamiFirst,
           uq::example::IshigamiTotal, 6, s);
  tell("Ishigami (a = 7, b = 0.1), of inputs 1 and 3 together", "closed form", 0.5575888552, 6,
       s.first[3]);
}

TEST(CaseSensitivity, G) {
  const auto exact = uq::example::g_indices();
  const auto s =
      uq::sobol_indices({.inputs = 8, .points = 16'384}, uq::pointwise(uq::example::g), 2);
  tell_all("g-function (0, 1, 4.5, 9, 99 four times)", "closed form", exact.first, exact.total, 6,
           s);
}

TEST(CaseSensitivity, Borehole) {
  constexpr std::array<double, 8> First = {0.66, 0, 0, 0.09, 0, 0.09, 0.09, 0.02},
                                  Total = {0.69, 0, 0, 0.11, 0, 0.11, 0.10, 0.02};
  const auto s =
      uq::sobol_indices({.inputs = 8, .points = 16'384}, uq::pointwise(uq::example::borehole), 2);
  tell_all("borehole", "otbenchmark, two digits", First, Total, 2, s);
}

TEST(CaseSensitivity, MultiFidelity) {
  constexpr std::array<double, 5> Costs = {1, 0.1, 0.01, 0.001, 0.0001};
  std::vector<uq::AnyFunction> models;
  for (int k = 0; k < 5; ++k)
    models.emplace_back(
        uq::pointwise([k](std::span<const double> u) { return std::pow(u[0], 5 - k); }));
  math::Moments means;
  for (std::uint64_t seed = 1; seed <= 1'000; ++seed)
    means.add(uq::multi_fidelity_mean({.inputs = 1,
                                       .costs = {Costs.begin(), Costs.end()},
                                       .budget = 200,
                                       .pilot = 1'000,
                                       .seed = seed},
                                      models)
                  .mean.mean);
  const double ratio = means.variance() / (0.0631313131 / 200);
  // A variance of 1,000 means is known to sqrt(2 / 999) = 4.5 %.
  publish(
      "Multi-fidelity > x^5 with the help of x^4 to x, error squared over Monte Carlo's at equal "
      "cost",
      {"costs 1 to 1e-4, budget 200, 1,000 studies", "0.0461404 (21.67 times as cheap)",
       "Peherstorfer, Willcox and Gunzburger 2016, worked out",
       fmt::format("{:.4f} ({:.1f} times)", ratio, 1 / ratio),
       std::abs(ratio / 0.0461404 - 1) < 3 * 0.045});
}

}  // namespace
}  // namespace cases
