// If these failed, the checks of a model would be tested on a model that is itself wrong.
#include "twin/contract/toy_queue.hpp"

#include <gtest/gtest.h>

#include "twin/core/model.hpp"

namespace twin::contract {
namespace {

// Little's law along one path, as an identity: what every customer waited sums to the area under
// the queue's length.
TEST(ToyQueue, KeepsLittlesLaw) {
  static_assert(core::Model<ToyQueue<>>);
  const ToyQueue<> queue;
  const std::vector<double> theta = {100.0, 80.0};
  const core::Draw draw{.seed = 1, .member = 0};
  auto x = queue.initial(theta, draw);
  queue.advance(x, theta, 1'000'000, draw);
  EXPECT_GT(x.departed, 9'000U);
  const auto in_service = x.departure_at == core::Never ? 0U : 1U;
  EXPECT_EQ(x.arrived, x.departed + in_service + x.waiting.size());
  double still_waiting = 0.0;
  for (const core::Tick came : x.waiting) still_waiting += static_cast<double>(x.cost_until - came);
  const double waited = static_cast<double>(x.waited) + still_waiting;
  EXPECT_NEAR(x.cost, 0.1 * waited, 1e-9 * x.cost);
}

}  // namespace
}  // namespace twin::contract
