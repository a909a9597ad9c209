// Reference 2.17: a super-hot lot reserves a tool of its next step when it starts a step. Off by
// default.
#include <gmock/gmock.h>

#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::semantics {
namespace {

using testing::ElementsAre;

// Lot 0 is at A until 10, then needs B. Lot 1 comes to B at 5 and would be there until 25.
std::vector<std::string> starts(bool reserves, std::uint32_t tools_of_b = 1) {
  TinyFab fab;
  const auto a = fab.add_group("A"), b = fab.add_group("B", tools_of_b);
  const auto p = fab.add_route({step_at(a, 10), step_at(b, 20)}),
             q = fab.add_route({step_at(b, 20)});
  fab.add_lot(p, {.priority = 30, .reserves = reserves});
  fab.add_lot(q, {.at = 5});
  return Shift(fab).to(200).lines_of("start");
}

// Wrong: a super-hot lot would find its tool taken, or tools would be kept for lots that reserve
// none. Kept from 0 to 10 for lot 0; lot 1 then waits until 30.
TEST(Reservation, KeepsAToolUntilTheLotComes) {
  EXPECT_THAT(starts(true), ElementsAre("0 start 0 A#1", "10 start 0 B#1", "30 start 1 B#1"));
  EXPECT_THAT(starts(false), ElementsAre("0 start 0 A#1", "5 start 1 B#1", "25 start 0 B#1"));
}

// Wrong: it would keep the whole group.
TEST(Reservation, KeepsOneToolOfTheGroup) {
  EXPECT_THAT(starts(true, 2), ElementsAre("0 start 0 A#1", "5 start 1 B#2", "10 start 0 B#1"));
}

// Wrong: where all tools are busy nothing would be kept. B is busy until 4; lot 2 waits since 2 but
// the tool that comes free is kept.
TEST(Reservation, TakesTheNextToolThatComesFree) {
  TinyFab fab;
  const auto a = fab.add_group("A"), b = fab.add_group("B");
  const auto p = fab.add_route({step_at(a, 10), step_at(b, 20)});
  const auto q = fab.add_route({step_at(b, 4)});
  fab.add_lot(q);
  fab.add_lot(p, {.at = 1, .priority = 30, .reserves = true});
  fab.add_lot(q, {.at = 2});
  EXPECT_THAT(Shift(fab).to(200).lines_of("start"),
              ElementsAre("0 start 0 B#1", "1 start 1 A#1", "11 start 1 B#1", "31 start 2 B#1"));
}

// Wrong: the option would be on by default, or take hot lots for super-hot ones.
TEST(Reservation, IsAnOptionForTheHighestPriority) {
  EXPECT_FALSE(LayoutOptions{}.super_hot_reservation);
  TinyFab fab;
  const auto a = fab.add_group("A");
  const auto p = fab.add_route({step_at(a, 1)});
  fab.add_stream(p, 10, 1).priority = 10;
  fab.add_stream(p, 10, 1).priority = 20;
  fab.add_stream(p, 10, 1).priority = 30;
  const auto reserve = [&] {
    std::vector<bool> all;
    const auto layout = compile(fab.description, fab.options);
    for (const StreamInfo& s : layout->streams) all.push_back(s.reserves);
    return all;
  };
  EXPECT_THAT(reserve(), ElementsAre(false, false, false));
  fab.options.super_hot_reservation = true;
  EXPECT_THAT(reserve(), ElementsAre(false, false, true));
}

}  // namespace
}  // namespace twins::fab::semantics
