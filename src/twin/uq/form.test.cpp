// If these failed, an engineer would be told of another weakest point than the one there is.
#include "twin/uq/form.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/contract/refusal.hpp"
#include "twin/uq/limit_state_example.hpp"

namespace twin::uq {
namespace {

using example::known_events;

TEST(Form, OfAPlaneIsExact) {
  const auto plane = example::linear(10, 5, 2.866515719e-7);
  const FormPoint p = form(pointwise(plane.g), {.inputs = 10});
  ASSERT_TRUE(p.converged);
  EXPECT_NEAR(p.index, 5.0, 1e-7);
  EXPECT_NEAR(p.probability, plane.probability, 1e-12);
  for (const double share : p.importance) EXPECT_NEAR(share, 0.1, 1e-8);
  const auto s = sorm(pointwise(plane.g), p, {.inputs = 10});
  ASSERT_TRUE(s);
  EXPECT_NEAR(s->breitung, plane.probability, 1e-10);
}

TEST(Form, KnowsOneOfFourBranchesAlone) {
  // A known trap: of four points the search finds one, and the probability is 1.35e-3 instead of 4.46e-3.
  const auto events = known_events();
  const FormPoint p = form(pointwise(events[3].g), {.inputs = 2, .start = {1, 1}});
  ASSERT_TRUE(p.converged);
  EXPECT_NEAR(p.probability, 1.349898e-3, 1e-7);
}

TEST(Sorm, SeesHowTheSurfaceBends) {
  // g = beta - u1 + (kappa / 2) u2^2, beta = 4: P = integral of phi(z) Phi(-(4 + kappa z^2 / 2)), by quadrature.
  constexpr double Kappa = 0.3;
  double exact = 0.0;
  for (int k = -8'000; k <= 8'000; ++k) {
    const double z = k * 1e-3;
    exact += 1e-3 * 0.3989422804014327 * std::exp(-z * z / 2) * 0.5 *
             std::erfc((4 + Kappa * z * z / 2) / std::sqrt(2.0));
  }
  const LimitState f =
      pointwise([](std::span<const double> u) { return 4 - u[0] + 0.5 * Kappa * u[1] * u[1]; });
  const FormPoint p = form(f, {.inputs = 2, .start = {0.3, 0.4}});
  ASSERT_TRUE(p.converged);
  EXPECT_NEAR(p.index, 4.0, 1e-6);
  const auto s = sorm(f, p, {.inputs = 2});
  ASSERT_TRUE(s);
  EXPECT_NEAR(s->curvatures[0], Kappa, 1e-5);
  EXPECT_GT(std::abs(p.probability / exact - 1), 0.4);  // flat: half as much again
  EXPECT_LT(std::abs(s->breitung / exact - 1), 0.04);   // asymptotic in beta
  EXPECT_LT(std::abs(s->hohenbichler / exact - 1), 0.01);
}

TEST(SampleNear, HoldsWhereThereIsOnePoint) {
  // Within 4.5 of its own standard errors, which is wrong one time in 10^5; and to a few percent.
  for (const auto& e : known_events()) {
    const std::string name = e.name;
    if (name.starts_with("four") || name == "RP25" || name == "RP33" || name == "RP24" ||
        name == "RP28" || name == "RP31")
      continue;  // these have several points, or are as near all along a surface
    const FormPoint p = form(pointwise(e.g), {.inputs = e.inputs});
    ASSERT_TRUE(p.converged) << name;
    const RareEvent r = sample_near(pointwise(e.g), p, {.points = 40'000, .seed = 5});
    EXPECT_NEAR(r.probability, e.probability, 4.5 * r.standard_error) << name;
    EXPECT_LT(r.coefficient_of_variation(), 0.05) << name;
    EXPECT_EQ(
        sample_near(pointwise(e.g), p, {.points = 40'000, .seed = 5, .threads = 3}).probability,
        r.probability);
  }
}

TEST(Form, SaysWhatIsMissing) {
  const auto why = [](auto f, const FormOptions& o) {
    return contract::refusal([&] { (void)form(pointwise(f), o); });
  };
  EXPECT_EQ(why([](auto) { return 1.0; }, {}), "a most probable point of no inputs");
  EXPECT_EQ(why([](auto) { return 1.0; }, {.inputs = 2, .start = {1}}),
            "a start of 1 numbers for 2 inputs");
  EXPECT_EQ(why([](auto) { return 1.0; }, {.inputs = 2}),
            "the limit state has no gradient where the search is: start elsewhere?");
  EXPECT_EQ(why([](auto u) { return std::log(u[0] - 1); }, {.inputs = 2}),
            "the limit state has no value at 1 of 1 points about the search");
}

}  // namespace
}  // namespace twin::uq
