// If these failed, a filter of a file would not be the filter that the published cases prove.
#include "apps/fabtwin/assimilate/ensemble_filters.hpp"

#include <gtest/gtest.h>

#include "apps/fabtwin/assimilate/run_example.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/infer/craft/prior_inflation.hpp"
#include "twin/infer/craft/serial.hpp"
#include "twin/infer/ensemble/taper.hpp"

namespace apps::fabtwin::assimilate {
namespace {

using example::Seed;
using twin::infer::Noise;
using twin::infer::SerialScheme;

const std::string Serial =
    "name = \"serial\"\nmembers = 7\ninflation = 1.07\nrotate = true\nradius = 6\n"
    "order = \"random\"\n";

// As cases/filters/craft.long.test.cpp runs it.
twin::infer::Scores serially(const SerialScheme& scheme, bool adapts) {
  const auto reaches = twin::infer::ring_reaches(
      40, Eigen::VectorXd::LinSpaced(40, 0.0, 39.0),
      {.half_support = twin::infer::half_support_of_radius(6.0), .least_weight = 1e-3});
  const Noise noise = Noise::equal(40, 1.0);
  twin::infer::MomentInflation found;
  return twin::infer::run_experiment(
      twins::toys::Lorenz96<>(), example::lorenz96(7), noise, Seed, example::Everything,
      [&](const Eigen::MatrixXd& hx, const Eigen::VectorXd& y, std::uint32_t occasion,
          Eigen::MatrixXd& x) {
        twin::infer::SerialObservations o{.observed = hx, .y = y, .readings = {}};
        if (adapts) {
          found.update(hx, y, noise);
          const Eigen::VectorXd lambda = Eigen::VectorXd::Constant(40, found.lambda);
          twin::infer::inflate(lambda, x);
          twin::infer::inflate(lambda, o.observed);
        }
        analyse_serially(scheme, reaches, o, noise, {.seed = Seed, .member = 0}, occasion, x);
      });
}

TEST(EnsembleFilters, SerialIsThatOfTheCases) {
  const SerialScheme scheme{.inflation = {.factor = 1.07},
                            .rotation = twin::infer::Rotation::Random,
                            .order = twin::infer::Order::Random};
  const RunScores s = example::run_once(example::Lorenz96 + Serial);
  const auto expected = serially(scheme, false);
  EXPECT_EQ(s.rmse_a, expected.rmse_a);
  EXPECT_EQ(s.rmse_f, expected.rmse_f);
  EXPECT_EQ(s.spread, expected.spread);
}

TEST(EnsembleFilters, AdaptiveInflationIsThatOfTheCases) {
  const RunScores s = example::run_once(
      example::Lorenz96 + "name = \"serial\"\nmembers = 7\nradius = 6\nadaptive = true\n");
  const auto expected = serially({}, true);
  EXPECT_EQ(s.rmse_a, expected.rmse_a);
  EXPECT_EQ(s.spread, expected.spread);
  EXPECT_NE(s.rmse_a, serially({}, false).rmse_a);
}

TEST(EnsembleFilters, SerialOptionsAreThoseOfTheScheme) {
  // An option would be taken for another.
  const RunScores s = example::run_once(
      example::Lorenz96 +
      "name = \"serial\"\nmembers = 7\nradius = 6\nrtps = 0.3\nfilter = \"enkf\"\n"
      "correlations = \"sampling-error\"\n");
  EXPECT_EQ(s.rmse_a, serially({.filter = twin::infer::SerialFilter::Perturbed,
                                .inflation = {.rtps = 0.3},
                                .adaptive = twin::infer::Adaptive::SamplingError},
                               false)
                          .rmse_a);
}

TEST(EnsembleFilters, AreTheSameForAnyNumberOfThreads) {
  EXPECT_EQ(example::thread_difference(example::Lorenz96 + Serial + "adaptive = true\n"), "");
}

TEST(EnsembleFilters, RefuseOptionsThatAreNone) {
  const auto refused = [](const std::string& option) {
    return twin::contract::refusal([&] {
      read_experiment(example::Lorenz96 + "name = \"serial\"\nmembers = 7\n" + option, "x.toml",
                      {});
    });
  };
  EXPECT_EQ(refused("order = \"reverse\"\n"),
            "x.toml:9: order = \"reverse\" (one of given, random)");
  EXPECT_EQ(refused("filter = \"eak\"\n"),
            "x.toml:9: filter = \"eak\" (one of eakf, enkf) did you mean eakf?");
  EXPECT_EQ(refused("correlations = \"no\"\n"),
            "x.toml:9: correlations = \"no\" (one of none, sampling-error, threshold)");
  EXPECT_EQ(refused("radius = -1\n"), "x.toml:9: radius = -1 (must be from 0 to 1000000)");
}

}  // namespace
}  // namespace apps::fabtwin::assimilate
