// If these failed, a part of the state would be corrected by observations from elsewhere, or by none.
#include "twin/infer/ensemble/domains.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/infer/ensemble/taper.hpp"

namespace twin::infer {
namespace {

TEST(Domains, LieRoundTheRing) {
  // The ends of a ring would not be neighbours, or a variable would belong to two domains.
  const Eigen::VectorXd places = Eigen::VectorXd::LinSpaced(10, 0.0, 9.0);
  const auto domains = ring_domains(10, 2, places, {.half_support = 1.2, .least_weight = 1e-3});
  ASSERT_EQ(domains.size(), 5U);
  EXPECT_THAT(domains[0].variables, testing::ElementsAre(0, 1));
  EXPECT_THAT(domains[4].variables, testing::ElementsAre(8, 9));
  // The domain stands at 0.5; 8 and 3 are 2.5 away, beyond 2.4.
  EXPECT_THAT(domains[0].observations, testing::ElementsAre(0, 1, 2, 9));
  EXPECT_EQ(domains[0].weights[0], gaspari_cohn(0.5, 1.2));
  EXPECT_EQ(domains[0].weights[3], gaspari_cohn(1.5, 1.2));
  EXPECT_EQ(ring_distance(9.5, 0.5, 10.0), 1.0);
}

TEST(Domains, AnUnevenLastBatchIsShorter) {
  // A variable at the end would be left out, or one beyond it corrected.
  const auto domains = ring_domains(5, 2, Eigen::VectorXd(), {.half_support = 1.0});
  ASSERT_EQ(domains.size(), 3U);
  EXPECT_THAT(domains[2].variables, testing::ElementsAre(4));
  EXPECT_TRUE(domains[2].observations.empty());
}

TEST(Domains, WithoutEndSeeEverythingInFull) {
  // An infinite radius would still taper.
  const Eigen::VectorXd places = Eigen::VectorXd::LinSpaced(4, 0.0, 3.0);
  const auto domains =
      ring_domains(4, 1, places, {.half_support = std::numeric_limits<double>::infinity()});
  for (const Domain& domain : domains) {
    EXPECT_THAT(domain.weights, testing::ElementsAre(1.0, 1.0, 1.0, 1.0));
  }
}

TEST(Domains, SayWhatIsWrong) {
  // A radius of zero would silently cut all observations off.
  EXPECT_EQ(contract::refusal(
                [] { ring_domains(4, 1, Eigen::VectorXd::Zero(1), {.half_support = 0.0}); }),
            "half support = 0 of the localisation (must be positive)");
}

}  // namespace
}  // namespace twin::infer
