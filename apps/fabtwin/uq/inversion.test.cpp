// If these failed, an inversion would be told for other data than were measured.
#include "apps/fabtwin/uq/inversion.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/contract/refusal.hpp"
#include "twin/infer/sample/discrepancy.hpp"

namespace apps::fabtwin::uq {
namespace {

struct Shown final : InvertAsked {
  using InvertAsked::InvertAsked;
  [[nodiscard]] Answer carry_out(const Work&) const override { return {}; }
  using InvertAsked::forward;
  using InvertAsked::laws;
  using InvertAsked::likelihood;
};

class Doubles final : public twin::uq::Runner {
 public:
  twin::uq::RunOutcome run(std::span<const double> x, double) override {
    if (x[0] > 100.0) return {.end = twin::uq::RunEnd::Died};
    return {.y = {x[0], 2 * x[0], 3 * x[0]}};
  }
};

Study one_input() {
  Study study{.model = {.title = "t", .words = "w", .outputs = {"a", "b", "c"}}};
  study.inputs.all.push_back(
      {.name = "x", .law = twin::infer::Prior::normal(0.0, 1.0), .group = {}});
  return study;
}

TEST(UqInversion, AsksForWhatWasMeasuredInItsOrder) {
  const Study study = one_input();
  twin::uq::EvaluationQueue queue([] { return std::make_unique<Doubles>(); }, {.outputs = 3});
  const Work work{.study = study, .queue = queue};
  const Shown asked({.outputs = {2, 0}, .values = {3.5, 1.0}, .errors = {0.5, 2.0}}, study);
  std::vector<double> g(8);
  asked.forward(work)(std::vector<double>{1.0, 200.0, std::nan(""), 2.0}, g);
  EXPECT_EQ((std::vector<double>{g[0], g[1], g[6], g[7]}), (std::vector<double>{3, 1, 6, 2}));
  for (const std::size_t k : {2U, 3U, 4U, 5U}) EXPECT_TRUE(std::isnan(g[k]));
  std::vector<double> value(2);
  asked.likelihood(work).log_density(std::vector<double>{1.0, 200.0}, value);
  // N(3.5; 3, 0.5) N(1; 1, 2)
  EXPECT_NEAR(value[0], -std::log(2 * M_PI * 0.5 * 2.0) - 0.5, 1e-14);
  EXPECT_TRUE(std::isnan(value[1]));
}

TEST(UqInversion, ADiscrepancyBringsTwoUnknowns) {
  const Study study = one_input();
  twin::uq::EvaluationQueue queue([] { return std::make_unique<Doubles>(); }, {.outputs = 3});
  const Work work{.study = study, .queue = queue};
  const Shown asked({.outputs = {2, 0},
                     .values = {3.5, 1.0},
                     .errors = {0.5, 2.0},
                     .discrepancy = DiscrepancyAsked{.places = {0, 1e9}}},
                    study);
  ASSERT_EQ(asked.laws().size(), 3U);
  std::vector<double> value(1);
  asked.likelihood(work).log_density(std::vector<double>{1.0, 1.5, 1.0}, value);
  // Places that know nothing of each other: variances 0.25 + 2.25 and 4 + 2.25.
  EXPECT_NEAR(value[0], -std::log(2 * M_PI) - 0.5 * std::log(2.5 * 6.25) - 0.5 * 0.25 / 2.5, 1e-12);
}

}  // namespace
}  // namespace apps::fabtwin::uq
