// Reference 2.4 and 2.5: sampled steps and transport between the steps that are performed.
#include <gmock/gmock.h>

#include <cmath>

#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::semantics {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Wrong: metrology would see too many lots, or the same lots at every step. 20,000 lots at two
// steps of 30 %: each share within 5 standard errors (false alarm 6e-7), and so is the share of
// lots measured at both, 0.09 if the draws are independent.
TEST(Sampling, IsIndependentPerLotAndVisit) {
  SCOPED_TRACE("seed 1");
  constexpr double N = 20'000;
  TinyFab fab;
  const auto a = fab.add_group("A"), b = fab.add_group("B");
  Step first = step_at(a, 0), second = step_at(b, 0);
  first.sampling = second.sampling = 0.3;
  fab.add_stream(fab.add_route({first, second}), 1, static_cast<std::uint64_t>(N));
  const Shift shift = Shift(fab).to(30'000);
  const auto near = [&](double count, double p) {
    EXPECT_NEAR(count / N, p, 5.0 * std::sqrt(p * (1.0 - p) / N));
  };
  near(static_cast<double>(shift.x().group_tally[a].lots), 0.3);
  near(static_cast<double>(shift.x().group_tally[b].lots), 0.3);
  EXPECT_EQ(shift.x().group_tally[a].skipped + shift.x().group_tally[a].lots, 20'000U);
  double both = 0.0;
  std::vector<int> performed(static_cast<std::size_t>(N), 0);
  for (const std::string& line : shift.lines_of("arrive")) {
    const std::size_t id =
        static_cast<std::size_t>(std::stoul(line.substr(line.find("arrive ") + 7)));
    if (++performed[id] == 2) both += 1.0;
  }
  near(both, 0.09);
}

// Wrong: a step that nobody performs would still cost time.
TEST(Sampling, SkippedStepsTakeNoTime) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.description.transports = {{"Fab", "Fab", minutes(7)}};
  Step never = step_at(a, 10);
  never.sampling = 0.0;
  fab.add_lot(fab.add_route({never, never, never}));
  const Shift shift = Shift(fab).to(60);
  EXPECT_THAT(shift.lines(), ElementsAre("0 release 0", "0 skip 0 r0/1", "0 skip 0 r0/2",
                                         "0 skip 0 r0/3", "0 finish 0"));
}

// Wrong: lots would travel where the file names no way. Only Fab -> Fab is listed: nothing before
// the first step, nothing into Delay (10), out of it (20) or to Bay (36); 6 min at 30.
TEST(Transport, OnlyBetweenListedPlaces) {
  TinyFab fab;
  const auto a = fab.add_group("A"), d = fab.add_group("D"), b = fab.add_group("B");
  const auto bay = fab.add_group("C");
  fab.group(d).location = "Delay";
  fab.group(bay).location = "Bay";
  fab.description.transports = {{"Fab", "Fab", minutes(6)}};
  fab.add_lot(fab.add_route(
      {step_at(a, 10), step_at(d, 10), step_at(a, 10), step_at(b, 10), step_at(bay, 10)}));
  const Shift shift = Shift(fab).to(100);
  EXPECT_THAT(shift.lines_of("move"), ElementsAre("30 move 0 for 6"));
  EXPECT_THAT(shift.times_of("start"), ElementsAre(0.0, 10.0, 20.0, 36.0, 46.0));
}

// Wrong: a skipped step would count as a place the lot has been to. First lot: Fab, (Delay skipped),
// Fab: 6 min. Second lot: Delay, (Fab skipped), Fab: none.
TEST(Transport, GoesFromTheLastPerformedStep) {
  TinyFab fab;
  const auto a = fab.add_group("A", 2), d = fab.add_group("D", 2), b = fab.add_group("B", 2);
  fab.group(d).location = "Delay";
  fab.description.transports = {{"Fab", "Fab", minutes(6)}};
  Step no_delay = step_at(d, 10), no_fab = step_at(a, 10);
  no_delay.sampling = no_fab.sampling = 0.0;
  fab.add_lot(fab.add_route({step_at(a, 10), no_delay, step_at(b, 10)}));
  fab.add_lot(fab.add_route({step_at(d, 10), no_fab, step_at(b, 10)}));
  EXPECT_THAT(Shift(fab).to(100).lines_of("move"), ElementsAre("10 move 0 for 6"));
}

// Wrong: lots would queue for vehicles that the data do not have.
TEST(Transport, HasUnlimitedCapacity) {
  TinyFab fab;
  const auto a = fab.add_group("A", 3), b = fab.add_group("B", 3);
  fab.description.transports = {{"Fab", "Fab", minutes(6)}};
  const auto p = fab.add_route({step_at(a, 10), step_at(b, 10)});
  for (int i = 0; i < 3; ++i) fab.add_lot(p);
  EXPECT_THAT(Shift(fab).to(100).times_of("finish"), ElementsAre(26.0, 26.0, 26.0));
}

}  // namespace
}  // namespace twins::fab::semantics
