// If these failed, ensembles would start off the attractor, or with members that are one.
#include "twins/toys/sampled.hpp"

#include <gtest/gtest.h>

#include <set>

#include "twin/contract/check_model.hpp"
#include "twins/toys/lorenz96.hpp"

namespace twins::toys {
namespace {

const FreeRun Free{
    .theta = {8.0}, .draw = {.seed = 9, .member = 0}, .spin_up = 100, .spacing = 20, .samples = 30};

TWIN_CHECK_MODEL(SampledModel, [] {
  return twin::contract::ModelCase<Sampled<Lorenz96<>>>{.model = Sampled<Lorenz96<>>({}, Free),
                                                        .theta = {8.0},
                                                        .draw = {.seed = 1, .member = 0},
                                                        .horizon = 100};
});

TEST(Sampled, StartsFromItsRun) {
  // A sample would be no state of the free run.
  const Sampled<Lorenz96<>> model({}, Free);
  auto x = Lorenz96<>().initial(Free.theta, Free.draw);
  Lorenz96<>().advance(x, Free.theta, 100 + 3 * 20, Free.draw);
  EXPECT_EQ(model.samples()[3].x, x.x);
  EXPECT_EQ(model.samples()[3].now, 0);
}

TEST(Sampled, GivesEachMemberItsOwn) {
  // Two members would be one; or another seed would be no other ensemble.
  const Sampled<Lorenz96<>> model({}, Free);
  std::set<double> seen;
  int moved = 0;
  for (std::uint32_t i = 0; i < 30; ++i) {
    const auto one = model.initial(Free.theta, {.seed = 1, .member = i});
    const auto other = model.initial(Free.theta, {.seed = 2, .member = i});
    seen.insert(one.x[0]);
    moved += one == other ? 0 : 1;
  }
  EXPECT_EQ(seen.size(), 30U);
  EXPECT_GT(moved, 20);
}

}  // namespace
}  // namespace twins::toys
