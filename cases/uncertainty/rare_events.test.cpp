// Rare events whose probabilities are known, with what subset simulation gives, its own statement of error, and FORM.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "cases/kit/table.hpp"
#include "twin/uq/cross_entropy.hpp"
#include "twin/uq/example.hpp"
#include "twin/uq/form.hpp"
#include "twin/uq/gev.hpp"
#include "twin/uq/limit_state_example.hpp"
#include "twin/uq/subset_simulation.hpp"

namespace cases {
namespace {

using namespace twin;

void tell_known(const uq::example::KnownEvent& e, const std::string& method,
                const std::string& setting, const uq::RareEvent& found, bool reached) {
  const double off = (found.probability - e.probability) / found.standard_error;
  publish(
      fmt::format("Rare events > {}, {} inputs, {:.3g}, by {}", e.name, e.inputs, e.probability,
                  method),
      {setting, fmt::format("{:.6e} within 3 reported errors", e.probability),
       "closed form or quadrature",
       fmt::format("{:.4e}, coefficient of variation {:.3f}, {:+.2f} errors off, {} evaluations",
                   found.probability, found.coefficient_of_variation(), off, found.evaluations),
       reached && std::abs(off) <= 3});
}

TEST(CaseRareEvents, SubsetSimulation) {
  for (const auto& e : uq::example::known_events()) {
    const auto r = uq::subset_simulation(
        uq::pointwise(e.g), {.inputs = e.inputs, .runs = 20, .seed = 2026, .threads = 2});
    tell_known(e, "subset simulation", "2,000 samples a level, 20 runs", r.event, r.reached);
  }
}

TEST(CaseRareEvents, CrossEntropy) {
  for (const auto& e : uq::example::known_events()) {
    const auto r =
        uq::cross_entropy(uq::pointwise(e.g), {.inputs = e.inputs, .seed = 2026, .threads = 2});
    tell_known(e, "cross-entropy", "2,000 samples a level, 5,000 for the probability", r.event,
               r.reached);
  }
}

TEST(CaseRareEvents, PortPirie) {
  const auto fit = uq::fit_gev(uq::example::PortPirie);
  ASSERT_TRUE(fit);
  publish("Rare events > greatest sea level of a year at Port Pirie, location, scale and shape",
          {"65 years, maximum likelihood", "3.87475, 0.19804, -0.05009", "ismev (Coles 2001)",
           fmt::format("{:.5f}, {:.5f}, {:.5f}", fit->law.location, fit->law.scale, fit->law.shape),
           std::abs(fit->law.location - 3.87474692) < 2e-5 &&
               std::abs(fit->law.scale - 0.19804120) < 2e-5 &&
               std::abs(fit->law.shape + 0.05008773) < 5e-5});
  publish("Rare events > level that Port Pirie's sea is to exceed in one year in a hundred [m]",
          {"delta method, 95 %", "4.69, 4.38 to 5.00", "Coles 2001, section 3.4.1",
           fmt::format("{:.2f}, {:.2f} to {:.2f}", fit->law.return_level(100),
                       fit->law.return_level(100) - 1.96 * fit->return_level_error(100),
                       fit->law.return_level(100) + 1.96 * fit->return_level_error(100)),
           std::abs(fit->law.return_level(100) - 4.69) < 0.005});
}

TEST(CaseRareEvents, FormOfFourBranches) {
  // The trap: one of four points is found.
  const auto e = uq::example::known_events()[3];
  const auto p = uq::form(uq::pointwise(e.g), {.inputs = 2, .start = {1, 1}});
  publish("Rare events > four branches by FORM, which knows one",
          {"from (1, 1)", "1.35e-3, a third of the whole", "OpenTURNS 1.20",
           fmt::format("{:.3e}", p.probability), std::abs(p.probability / 1.35e-3 - 1) < 0.005});
}

}  // namespace
}  // namespace cases
