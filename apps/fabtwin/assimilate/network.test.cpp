// If these failed, a filter would be told of other places than those that were seen.
#include "apps/fabtwin/assimilate/network.hpp"

#include <gtest/gtest.h>

#include <set>

namespace apps::fabtwin::assimilate {
namespace {

Network network(const std::string& keys) {
  Sheet model(read_toml("name = \"lorenz96\"\n", "x.toml"), "x.toml", "[model]");
  Sheet truth(read_toml("", "x.toml"), "x.toml", "[truth]");
  const Built built = build_model(model, truth, 2);
  Sheet sheet(read_toml(keys, "x.toml"), "x.toml", "[observations]");
  return Network::read(sheet, built);
}

TEST(Network, SeesTheseQuantities) {
  // Every third from the second on, or four evenly apart.
  const auto all = network("").places(1, 0);
  EXPECT_EQ(all.size(), 40U);
  EXPECT_EQ(all[39], 39);
  EXPECT_EQ(network("every = 13\nfirst = 1\n").places(1, 0),
            (std::vector<Eigen::Index>{1, 14, 27}));
  EXPECT_EQ(network("count = 4\n").places(1, 0), (std::vector<Eigen::Index>{0, 10, 20, 30}));
}

TEST(Network, MovesItsTracks) {
  // The same places would be seen for ever, or places beyond the end; and the same at another run.
  const Network n = network("count = 4\nmoving = true\n");
  std::set<Eigen::Index> firsts;
  for (std::uint32_t cycle = 0; cycle < 200; ++cycle) {
    const auto places = n.places(1, cycle);
    firsts.insert(places[0]);
    EXPECT_EQ(places[3], places[0] + 30);
    EXPECT_LT(places[3], 40);
  }
  EXPECT_EQ(firsts.size(), 10U);
  EXPECT_EQ(n.places(1, 7), n.places(1, 7));
}

TEST(Network, ShowsAFunctionOfWhatIsThere) {
  // An instrument would show another quantity than its error is of.
  const Eigen::MatrixXd x = Eigen::VectorXd::LinSpaced(40, -20.0, 19.0);
  const std::vector<Eigen::Index> places = {0, 39};
  EXPECT_EQ(network("").look(x, places), Eigen::Vector2d(-20.0, 19.0));
  EXPECT_EQ(network("function = \"magnitude\"\n").look(x, places), Eigen::Vector2d(20.0, 19.0));
  EXPECT_EQ(network("function = \"square\"\n").look(x, places), Eigen::Vector2d(400.0, 361.0));
}

TEST(Network, KnowsTheSlopeOfItsInstruments) {
  // A variational method would be led by a wrong gradient: tangent and adjoint against differences.
  const Eigen::VectorXd x = Eigen::VectorXd::LinSpaced(40, -20.5, 18.5);
  const std::vector<Eigen::Index> places = {0, 7, 39};
  for (const char* keys : {"", "function = \"magnitude\"\n", "function = \"square\"\n"}) {
    const Network n = network(keys);
    const auto at = n.instruments(places)(x);
    EXPECT_EQ(at.value, n.look(x, places));
    for (Eigen::Index k = 0; k < 3; ++k) {
      const Eigen::Index place = places[static_cast<std::size_t>(k)];
      const Eigen::VectorXd step = 0.25 * Eigen::VectorXd::Unit(40, place);
      const double slope = 2.0 * (n.look(x + step, places) - n.look(x - step, places))(k, 0);
      EXPECT_NEAR(at.tangent(Eigen::VectorXd::Unit(40, place))[k], slope, 1e-10) << keys;
      EXPECT_NEAR(at.adjoint(Eigen::VectorXd::Unit(3, k))[place], slope, 1e-10) << keys;
    }
  }
}

TEST(Network, CorrelatesNeighbours) {
  // Errors would be of another covariance.
  const Network n = network("every = 10\nvariance = 2\ncorrelation = 0.5\n");
  const Eigen::MatrixXd r = n.noise().covariance();
  EXPECT_NEAR(r(0, 0), 2.0, 1e-12);
  EXPECT_NEAR(r(1, 0), 1.0, 1e-12);
  EXPECT_NEAR(r(3, 0), 0.25, 1e-12);
  EXPECT_TRUE(network("").noise().is_diagonal());
}

}  // namespace
}  // namespace apps::fabtwin::assimilate
