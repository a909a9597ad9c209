// If these failed, domains would miss observations near them, and nobody would see it in a score.
#include "twin/infer/letkf/cell_list.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

#include "twin/contract/refusal.hpp"
#include "twin/infer/ensemble/taper.hpp"
#include "twin/infer/noise.hpp"
#include "twin/math/elementary.hpp"

namespace twin::infer::letkf {
namespace {

constexpr double CellListInfinite = std::numeric_limits<double>::infinity();

// Uniform in [-0.2, 1.2] times the side: some lie outside a period of one side.
Eigen::MatrixXd random_places(Eigen::Index directions, Eigen::Index count, double side,
                              std::uint32_t what) {
  Eigen::MatrixXd places(directions, count);
  const core::Draw draw{.seed = 31, .member = 0};
  for (Eigen::Index k = 0; k < count; ++k) {
    for (Eigen::Index i = 0; i < directions; ++i) {
      const double u =
          draw.uniform(what, static_cast<std::uint32_t>(k), static_cast<std::uint32_t>(i));
      places(i, k) = side * (1.4 * u - 0.2);
    }
  }
  return places;
}

double weight_of(const Reach& reach, double distance) {
  switch (reach.taper) {
    case Taper::Boxcar: return distance <= reach.length ? 1.0 : 0.0;
    case Taper::Gaussian:
      return math::exp(-0.5 * distance * distance / (reach.length * reach.length));
    case Taper::GaspariCohn: break;
  }
  return gaspari_cohn(distance, reach.length);
}

// Everybody against everybody.
void compare(const CellList::Space& space, const Eigen::MatrixXd& observations,
             const Eigen::MatrixXd& domains, const Reach& reach) {
  const CellList near(space, observations, domains, reach);
  Sights out;
  near.look(0, near.domains(), out);
  ASSERT_EQ(out.size(), static_cast<std::size_t>(domains.cols()));
  for (Eigen::Index g = 0; g < domains.cols(); ++g) {
    std::map<std::uint32_t, double> found;
    const Sight sight = out.of(static_cast<std::size_t>(g));
    for (std::size_t i = 0; i < sight.count; ++i) {
      EXPECT_TRUE(found.emplace(sight.observations[i], sight.weights[i]).second) << "seen twice";
    }
    for (Eigen::Index k = 0; k < observations.cols(); ++k) {
      double square = 0.0;
      for (Eigen::Index i = 0; i < observations.rows(); ++i) {
        const double period = space.period[static_cast<std::size_t>(i)];
        double way = std::abs(observations(i, k) - domains(i, g));
        if (period > 0.0) way = std::abs(std::remainder(way, period));
        square += way * way;
      }
      const double weight = weight_of(reach, std::sqrt(square));
      const auto at = found.find(static_cast<std::uint32_t>(k));
      // On the very edge round-off may decide either way.
      if (std::abs(weight - reach.least_weight) < 1e-9) continue;
      if (reach.taper == Taper::Boxcar && std::abs(std::sqrt(square) - reach.length) < 1e-9) {
        continue;
      }
      const bool counts = weight > 0.0 && weight >= reach.least_weight;
      ASSERT_EQ(at != found.end(), counts) << g << ' ' << k << ' ' << weight;
      if (!counts) continue;
      ASSERT_NEAR(at->second, weight, 1e-12);
    }
  }
}

TEST(CellList, FindsWhatEverybodyAgainstEverybodyFinds) {
  const std::array<Reach, 4> reaches = {{{.length = 0.07},
                                         {.length = 0.3, .least_weight = 0.0},
                                         {.taper = Taper::Boxcar, .length = 0.21},
                                         {.taper = Taper::Gaussian, .length = 0.06}}};
  for (const Eigen::Index directions : {1, 2, 3}) {
    const Eigen::MatrixXd observations = random_places(directions, 150, 1.0, 1);
    const Eigen::MatrixXd domains = random_places(directions, 60, 1.0, 2);
    for (Reach reach : reaches) {
      for (const std::array<double, 3> period :
           {std::array<double, 3>{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {1, 1, 1}, {1.7, 0.9, 1}}) {
        compare({.directions = static_cast<std::size_t>(directions), .period = period},
                observations, domains, reach);
      }
    }
    compare({.directions = static_cast<std::size_t>(directions), .period = {}}, observations,
            domains, {.length = 1e-4});
    compare({.directions = static_cast<std::size_t>(directions), .period = {}}, observations,
            domains, {.length = 100.0});
    compare({.directions = static_cast<std::size_t>(directions), .period = {}}, observations,
            domains, {.length = CellListInfinite});
    compare({.directions = static_cast<std::size_t>(directions), .period = {}},
            observations.leftCols(1), domains, {.length = 0.3});
    compare({.directions = static_cast<std::size_t>(directions), .period = {}},
            observations.leftCols(0), domains, {.length = 0.3});
  }
}

TEST(CellList, IsRingDomainsOnARing) {
  // The house's other search, to the bit.
  const Eigen::VectorXd places = Eigen::VectorXd::LinSpaced(40, 0.0, 39.0);
  const auto domains = ring_domains(40, 1, places, {.half_support = 7.28, .least_weight = 1e-3});
  const CellList near({.directions = 1, .period = {40, 0, 0}}, places.transpose(),
                      Grid{.shape = {40, 1, 1}}, {.length = 7.28});
  Sights out;
  near.look(0, 40, out);
  for (std::size_t g = 0; g < 40; ++g) {
    std::map<Eigen::Index, double> found, should;
    for (std::size_t i = 0; i < out.of(g).count; ++i) {
      found[out.of(g).observations[i]] = out.of(g).weights[i];
    }
    for (std::size_t i = 0; i < domains[g].weights.size(); ++i) {
      should[domains[g].observations[i]] = domains[g].weights[i];
    }
    EXPECT_EQ(found, should) << g;
  }
}

TEST(CellList, GridCountsTheFirstDirectionFastest) {
  const Grid grid{.shape = {3, 2, 2}, .origin = {10, 20, 30}, .spacing = {1, 2, 3}};
  Eigen::MatrixXd at(3, 1);
  at << 12.0, 22.0, 33.0;  // number 2 + 3 (1 + 2 * 1) = 11
  const CellList near({.directions = 3, .period = {}}, at, grid, {.length = 0.4});
  EXPECT_EQ(near.domains(), 12U);
  Sights out;
  near.look(0, 12, out);
  for (std::size_t g = 0; g < 12; ++g) EXPECT_EQ(out.of(g).count, g == 11 ? 1U : 0U) << g;
}

TEST(CellList, SaysWhatIsWrong) {
  const Eigen::MatrixXd places = Eigen::MatrixXd::Zero(1, 3);
  const auto refusal = [&](const CellList::Space& space, const Eigen::MatrixXd& observations,
                           const Places& domains, const Reach& reach) {
    return contract::refusal([&] { (void)CellList(space, observations, domains, reach); });
  };
  EXPECT_EQ(refusal({}, places, places, {.length = 0.0}),
            "length = 0 of the localisation (must be positive)");
  EXPECT_EQ(
      refusal({}, places, places, {.taper = Taper::Gaussian, .length = 1.0, .least_weight = 0.0}),
      "least weight = 0 of the localisation (must lie in (0, 1])");
  EXPECT_EQ(refusal({}, places, places, {.length = 1.0, .least_weight = -1.0}),
            "least weight = -1 of the localisation (must lie in [0, 1])");
  EXPECT_EQ(refusal({.directions = 1, .period = {-1.0, 0, 0}}, places, places, {.length = 1.0}),
            "period = -1 in direction 0 (must be 0 or positive, finite)");
  EXPECT_EQ(refusal({.directions = 2, .period = {}}, places, places, {.length = 1.0}),
            "places of observations with 1 coordinates (the space has 2)");
  EXPECT_EQ(refusal({}, places, Eigen::MatrixXd::Zero(2, 3), {.length = 1.0}),
            "places of domains with 2 coordinates (the space has 1)");
  Eigen::MatrixXd lost = places;
  lost(0, 2) = CellListInfinite;
  EXPECT_EQ(refusal({}, lost, places, {.length = 1.0}), "the place of observation 2 is not finite");
  EXPECT_EQ(refusal({}, places, lost, {.length = 1.0}), "the place of domain 2 is not finite");
}

}  // namespace
}  // namespace twin::infer::letkf
