// If these failed, the tracker would begin with other durations than the data set's.
#include "twins/fab/track/laws.hpp"

#include <gtest/gtest.h>

#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::track {
namespace {

using semantics::step_at;
using semantics::TinyFab;

TEST(Laws, BeginWithTheDataSet) {
  TinyFab fab;
  const auto a = fab.add_group("A"), b = fab.add_group("B");
  fab.group(b).job_slots = 2;
  fab.description.transports = {{"Fab", "Fab", semantics::minutes(5)}};
  Step piece = step_at(a, 2, Step::Per::Piece), chain = step_at(b, 10, Step::Per::Piece);
  piece.process.law = Duration::Law::Uniform;
  piece.process.half_width_ms = 0.5 * MinuteMs;
  piece.rework = 0.25;
  piece.rework_to = 0;
  chain.cascade_interval_ms = MinuteMs;
  chain.sampling = 0.5;
  const auto p = fab.add_route({piece, chain});
  fab.add_lot(p);
  fab.add_lot(p, {.priority = 20});
  const auto layout = compile(fab.description);
  auto theta = layout->nominal_theta();
  theta[layout->theta_map.rework(layout->groups[a].area)] = 2.0;
  const Laws laws(*layout, theta);

  EXPECT_EQ(laws.process_alone_ms(0, 25), 50 * MinuteMs);
  EXPECT_EQ(laws.process_alone_ms(1, 25), 34 * MinuteMs);  // p + (n - 1) c
  EXPECT_DOUBLE_EQ(laws.process[a].beyond(1.0), 0.5);
  EXPECT_EQ(laws.process[a].beyond(0.7), 1.0);
  EXPECT_EQ(laws.process[b].beyond(1.0), 0.0);
  EXPECT_EQ(laws.rework(0), 0.5);
  EXPECT_EQ(laws.rework(1), 0.0);
  EXPECT_EQ(laws.sampling(0), 1.0);
  EXPECT_EQ(laws.sampling(1), 0.5);
  const auto cell = laws.transport_cell(0, 0);
  EXPECT_EQ(laws.transport[cell].between(0.0, 1e9, 0.5), 5 * MinuteMs);
  EXPECT_EQ(laws.transport_cell(None, 0), None);
  EXPECT_EQ(laws.queue_of(b, 10), 2U);
  EXPECT_EQ(laws.queue_of(b, 20), 3U);  // above the lowest priority
}

}  // namespace
}  // namespace twins::fab::track
