// If these failed, domains would see what belongs to their neighbours in the list.
#include "twin/infer/letkf/sights.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"

namespace twin::infer::letkf {
namespace {

std::vector<Domain> three() {
  return {{.variables = {0}, .observations = {2, 5}, .weights = {0.5, 1.0}},
          {.variables = {1}, .observations = {}, .weights = {}},
          {.variables = {2}, .observations = {0}, .weights = {0.25}}};
}

TEST(Listed, GivesBackWhatWasListed) {
  const Listed near(three(), 6);
  EXPECT_EQ(near.domains(), 3U);
  EXPECT_EQ(near.observations(), 6U);
  Sights out;
  near.look(0, 1, out);
  near.look(1, 3, out);
  ASSERT_EQ(out.size(), 3U);
  EXPECT_EQ(out.of(0).count, 2U);
  EXPECT_EQ(out.of(0).observations[1], 5U);
  EXPECT_EQ(out.of(1).count, 0U);
  EXPECT_EQ(out.of(2).weights[0], 0.25);
  const Listed again(out, 6);
  EXPECT_EQ(again.domains(), 3U);
  out.clear();
  EXPECT_EQ(out.size(), 0U);
}

TEST(Listed, SaysWhatIsWrong) {
  auto domains = three();
  EXPECT_EQ(contract::refusal([&] { (void)Listed(domains, 5); }),
            "a domain has observation 5 (there are 5)");
  domains[0].observations[0] = -1;
  EXPECT_EQ(contract::refusal([&] { (void)Listed(domains, 6); }),
            "a domain has observation -1 (there are 6)");
  domains[0].weights.pop_back();
  EXPECT_EQ(contract::refusal([&] { (void)Listed(domains, 6); }),
            "a domain has 2 observations and 1 weights (must be as many)");
  Sights broken;
  broken.observations = {1, 2};
  broken.weights = {1.0, 1.0};
  EXPECT_EQ(
      contract::refusal([&] { (void)Listed(broken, 6); }),
      "2 observations in the lists of all domains and 2 weights (must be as many, and as many "
      "as the last offset says)");
  broken.close();
  EXPECT_EQ(contract::refusal([&] { (void)Listed(broken, 2); }),
            "a domain has observation 2 (there are 2)");
}

}  // namespace
}  // namespace twin::infer::letkf
