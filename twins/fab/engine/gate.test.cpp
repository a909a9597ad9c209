// Lots at the gate of a fab: small cases by hand, and lines whose throughput under CONWIP is known.
#include "twins/fab/engine/gate.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "twin/math/statistics.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/floor.hpp"
#include "twins/fab/interventions.hpp"
#include "twins/fab/invariants.hpp"
#include "twins/fab/mirror.hpp"
#include "twins/fab/semantics/busy_fab.hpp"

namespace twins::fab {
namespace {

using semantics::minutes;
using semantics::Shift;
using semantics::step_at;
using semantics::TinyFab;
using testing::ElementsAre;

Beside under(const TinyFab& fab, std::vector<NamedValue> named) {
  Beside beside;
  beside.release = std::make_shared<const ReleaseControl>(
      *release_control(*compile(fab.description, fab.options), named, "test"));
  return beside;
}

// A of 5 min, then B of 10 min, a tool each; a lot is due each minute from 0 on, 25 min before it is to leave.
TinyFab two_steps(std::uint64_t lots) {
  TinyFab fab;
  const auto a = fab.add_group("A"), b = fab.add_group("B");
  const auto p = fab.add_route({step_at(a, 5), step_at(b, 10)});
  fab.add_stream(p, 1, lots).due_offset_ms = 25 * MinuteMs;
  return fab;
}

// Wrong: CONWIP would hold another number of lots in the fab than it says.
TEST(Gate, ConwipLetsALotInForEachThatLeaves) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.add_stream(fab.add_route({step_at(a, 10)}), 1, 5).due_offset_ms = 25 * MinuteMs;
  Shift shift(fab, Fifo{}, under(fab, {{"conwip", "2"}}));
  shift.to(9);
  EXPECT_EQ(shift.x().wip, 5U);
  EXPECT_EQ(waiting_outside(shift.x()).size(), 3U);
  EXPECT_EQ(shift.lot(2).place, LotPlace::Outside);
  EXPECT_TRUE(check_state(shift.layout(), shift.x()).empty());
  shift.to(100);
  EXPECT_THAT(shift.times_of("release"), ElementsAre(0.0, 1.0, 10.0, 20.0, 30.0));
  EXPECT_THAT(shift.times_of("finish"), ElementsAre(10.0, 20.0, 30.0, 40.0, 50.0));
}

// Wrong: to hold lots outside would look like shorter cycle times and less tardiness. One tool works without a
// pause whether its queue stands inside or outside, so nothing may change: 150 min of leaving less 10 of scheduled
// release, and 0 + 0 + 3 + 12 + 21 min late.
TEST(Gate, TimeOutsideCountsAsTimeOfTheLot) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.add_stream(fab.add_route({step_at(a, 10)}), 1, 5).due_offset_ms = 25 * MinuteMs;
  for (const bool held : {false, true}) {
    Shift shift(fab, Fifo{}, held ? under(fab, {{"conwip", "1"}}) : Beside{});
    shift.to(100);
    const ClassTally& k = shift.x().class_tally[0];
    EXPECT_EQ(k.cycle_ticks, static_cast<Tick>(140 * MinuteMs));
    EXPECT_EQ(k.tardy_ticks, static_cast<Tick>(36 * MinuteMs));
  }
}

// Wrong: the lots of a product without a cap would wait for those of another.
TEST(Gate, AProductsCapHoldsThatProductAlone) {
  TinyFab fab;
  const auto a = fab.add_group("A"), b = fab.add_group("B");
  const auto p = fab.add_route({step_at(a, 10)}), q = fab.add_route({step_at(b, 10)});
  for (const double at : {0.0, 1.0, 2.0}) {
    fab.add_lot(p, {.at = at});
    fab.add_lot(q, {.at = at});
  }
  Shift shift(fab, Fifo{}, under(fab, {{"conwip.p0", "1"}}));
  shift.to(100);
  EXPECT_THAT(shift.lines_of("release"),
              ElementsAre("0 release 0", "0 release 1", "1 release 3", "2 release 5",
                          "10 release 2", "20 release 4"));
}

// Wrong: a hot lot would stand at the end of the row.
TEST(Gate, PriorityEntersFirst) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  const auto p = fab.add_route({step_at(a, 10)});
  for (const double at : {0.0, 1.0, 2.0}) fab.add_lot(p, {.at = at});
  fab.add_lot(p, {.at = 3.0, .priority = 20});
  Shift shift(fab, Fifo{}, under(fab, {{"conwip", "1"}}));
  shift.to(100);
  EXPECT_THAT(shift.lines_of("release"),
              ElementsAre("0 release 0", "10 release 3", "20 release 1", "30 release 2"));
}

// Wrong: workload regulation would look at another work. Limit 15 min, 10 min a lot at B: the second enters at once
// (10 < 15), the third when B has begun the first (5), the fourth when it has begun the second (15).
TEST(Gate, WorkloadLooksAtWhatIsBoundForTheBottleneck) {
  const TinyFab fab = two_steps(4);
  for (std::vector<NamedValue> named :
       {std::vector<NamedValue>{{"workload", "0.25"}},
        std::vector<NamedValue>{{"workload", "0.25"}, {"bottleneck", "b"}}}) {
    Shift shift(fab, Fifo{}, under(fab, named));
    shift.to(100);
    EXPECT_THAT(shift.times_of("release"), ElementsAre(0.0, 1.0, 5.0, 15.0));
  }
}

// Wrong: starvation avoidance would starve the bottleneck, or keep more before it than it needs. A lot takes 5 min to
// B; while 10 min of work is on its way nobody else enters, and each comes to B just before it is free.
TEST(Gate, StarvationAvoidanceLetsInWhatArrivesInTime) {
  const TinyFab fab = two_steps(4);
  Shift shift(fab, Fifo{}, under(fab, {{"starvation", "1"}, {"bottleneck", "B"}}));
  shift.to(100);
  EXPECT_THAT(shift.times_of("release"), ElementsAre(0.0, 5.0, 15.0, 25.0));
  EXPECT_THAT(shift.times_of("finish"), ElementsAre(15.0, 25.0, 35.0, 45.0));
}

// Wrong: lots would be let in to wait before a tool that is down. B fails at 6 min, finishes its lot at 15 and is down
// for 30 min: the lot of 20 min would find no work before it, but 30 min of repair.
TEST(Gate, ATimeOfRepairIsWorkAhead) {
  TinyFab fab;
  const auto a = fab.add_group("A"), b = fab.add_group("B");
  fab.group(b).breakdowns = {{"BD", minutes(6), minutes(1e6), minutes(30)}};
  const auto p = fab.add_route({step_at(a, 5), step_at(b, 10)});
  fab.add_stream(p, 20, 2);
  Shift shift(fab, Fifo{}, under(fab, {{"starvation", "1"}, {"bottleneck", "B"}}));
  shift.to(100);
  EXPECT_THAT(shift.times_of("release"), ElementsAre(0.0, 45.0));
  EXPECT_THAT(Shift(fab).to(100).times_of("release"), ElementsAre(0.0, 20.0));
}

// Wrong: a control would change luck, order or events where it has nothing to hold back.
TEST(Gate, AControlThatNeverBindsChangesNoBit) {
  const TinyFab fab = semantics::busy_fab();
  const auto m = compile(fab.description);
  const auto theta = m->nominal_theta();
  const auto run = [&](const char* rule) {
    const auto made = make_fab(m, rule);
    State x = made->initial(theta, {3, 1});
    made->advance(x, theta, static_cast<Tick>(3 * DayMs), {3, 1});
    return x;
  };
  const State plain = run("cr");
  EXPECT_TRUE(run("cr:conwip=100000") == plain);
  EXPECT_TRUE(run("cr:conwip.p0=100000,workload=100000") == plain);
  EXPECT_TRUE(run("cr:starvation=100000") == plain);
  EXPECT_FALSE(run("cr:conwip=12") == plain);
}

// Wrong: what people do to a lot that waits outside would break the row, or be forgotten when it enters.
TEST(Gate, PeopleMayRankHoldAndScrapWhoWaitsOutside) {
  TinyFab tiny;
  const auto a = tiny.add_group("A");
  const auto p = tiny.add_route({step_at(a, 10)});
  for (const double at : {0.0, 1.0, 2.0, 3.0}) tiny.add_lot(p, {.at = at});
  const auto m = compile(tiny.description);
  const auto fab = make_fab(m, "fifo:conwip=1");
  const auto theta = m->nominal_theta();
  const auto minute = [](double n) { return static_cast<Tick>(n * MinuteMs); };
  State x = fab->initial(theta, {});
  fab->advance(x, theta, minute(5), {});
  ASSERT_EQ(waiting_outside(x).size(), 3U);
  Interventions people(*fab, x);
  EXPECT_EQ(people.set_priority(3, 50), Intervened::Now);
  EXPECT_EQ(people.scrap(1), Intervened::Now);
  EXPECT_EQ(people.hold(2), Intervened::Later);
  EXPECT_EQ(people.split(2, 5).outcome, Intervened::OnItsWay);
  EXPECT_EQ(people.merge(2, 3), Intervened::OnItsWay);
  EXPECT_THAT(check_state(*m, x), testing::IsEmpty());
  ASSERT_EQ(waiting_outside(x).size(), 2U);
  EXPECT_EQ(x.lots[waiting_outside(x)[0]].id, 3U);
  fab->advance(x, theta, minute(15), {});
  EXPECT_EQ(x.lots[find_lot(x, 3)].place, LotPlace::Processing);
  fab->advance(x, theta, minute(25), {});
  EXPECT_EQ(x.lots[find_lot(x, 2)].place, LotPlace::Held);
  EXPECT_EQ(x.wip, 1U);
  EXPECT_THAT(check_state(*m, x), testing::IsEmpty());
}

// Wrong: a mirror would refuse the release of a lot that it knows to wait, or keep it in the row as well.
TEST(Gate, AMirrorLetsInWhomTheFabLetIn) {
  const TinyFab tiny = two_steps(3);
  const auto m = compile(tiny.description);
  const auto fab = make_fab(m, "fifo:conwip=1");
  const auto theta = m->nominal_theta();
  State x = fab->initial(theta, {});
  fab->advance(x, theta, static_cast<Tick>(5 * MinuteMs), {});
  Mirror mirror(*fab);
  State seen = mirror.follow(x);
  ASSERT_EQ(waiting_outside(seen).size(), 2U);
  twin::event::Event e;
  e.kind = twin::event::Kind::LotReleased;
  e.at = static_cast<Tick>(15 * MinuteMs);
  e.lot = 1;
  EXPECT_EQ(mirror.apply(seen, e), Applied::Moved);
  EXPECT_EQ(mirror.apply(seen, e), Applied::KnownLot);
  EXPECT_EQ(seen.lots[find_lot(seen, 1)].place, LotPlace::Moving);
  EXPECT_EQ(seen.lots[find_lot(seen, 1)].release, static_cast<Tick>(MinuteMs)) << "as scheduled";
  EXPECT_EQ(waiting_outside(seen).size(), 1U);
  EXPECT_THAT(check_state(*m, seen, Future::Unknown), testing::IsEmpty());
}

// Wrong: a lot that leaves the middle of the row would take others with it.
TEST(Row, KeepsItsOrderWhateverIsTakenOut) {
  State x;
  x.lots.resize(5);
  for (std::uint32_t s = 0; s < 5; ++s) {
    x.lots[s].serial = x.lots[s].id = s;
    x.lots[s].release = 10 - s;  // the last made is the first due
  }
  Row row(x);
  for (std::uint32_t s = 0; s < 5; ++s) row.join(x, s);
  EXPECT_THAT(waiting_outside(x), ElementsAre(4U, 3U, 2U, 1U, 0U));
  row.leave(x, 2);
  x.lots[2].place = LotPlace::Free;
  row.leave(x, 4);
  x.lots[4].place = LotPlace::Free;
  EXPECT_THAT(waiting_outside(x), ElementsAre(3U, 1U, 0U));
  x.lots[4].priority = 1;
  Row again(x);
  EXPECT_EQ(again.lots(), 3U);
  again.join(x, 4);
  EXPECT_THAT(waiting_outside(x), ElementsAre(4U, 3U, 1U, 0U));
}

// Throughput of a closed line of single servers, exponential times, w lots: exact mean value analysis (M. Reiser,
// S. Lavenberg, J. ACM 27, 1980).
double closed_line(const std::vector<double>& service, std::uint32_t w) {
  std::vector<double> queue(service.size(), 0.0);
  double rate = 0.0;
  for (std::uint32_t n = 1; n <= w; ++n) {
    double time = 0.0;
    for (std::size_t k = 0; k < service.size(); ++k) time += service[k] * (1.0 + queue[k]);
    rate = n / time;
    for (std::size_t k = 0; k < service.size(); ++k)
      queue[k] = rate * service[k] * (1.0 + queue[k]);
  }
  return rate;
}

// Wrong: CONWIP would not be CONWIP. A row that never ends outside makes the line a closed one; where it is balanced,
// its throughput is w / (w + N - 1) of a station's rate (W. Hopp, M. Spearman, Factory Physics, the practical worst
// case). 20 replications; the interval misses once in a million, and is narrower than 4 %, so a line of one lot more
// or fewer would be seen.
TEST(Gate, ConwipHasTheThroughputOfAClosedLine) {
  for (const std::vector<double>& service : {std::vector<double>{10, 10, 10}, {10, 6, 8, 3}})
    for (const std::uint32_t w : {1U, 2U, 4U, 10U}) {
      TinyFab fab;
      std::vector<Step> steps;
      for (std::size_t k = 0; k < service.size(); ++k) {
        steps.push_back(step_at(fab.add_group("S" + std::to_string(k)), service[k]));
        steps.back().process.law = Duration::Law::Exponential;
      }
      fab.add_stream(fab.add_route(std::move(steps)), 9, 1'000'000);
      const std::string most = std::to_string(w);
      const auto m = compile(fab.description);
      const auto made = make_fab(m, "fifo:conwip=" + most);
      const auto theta = m->nominal_theta();
      std::vector<double> rates;
      constexpr double Warm = 2'000, Long = 40'000;  // [min]
      for (std::uint32_t member = 0; member < 20; ++member) {
        State x = made->initial(theta, {11, member});
        made->advance(x, theta, static_cast<Tick>(Warm * MinuteMs), {11, member});
        const auto before = static_cast<double>(x.class_tally[0].finished);
        made->advance(x, theta, static_cast<Tick>((Warm + Long) * MinuteMs), {11, member});
        EXPECT_GT(waiting_outside(x).size(), 20U);
        rates.push_back((static_cast<double>(x.class_tally[0].finished) - before) / Long);
      }
      const auto seen = twin::math::interval_of(rates, 1.0 - 1e-6);
      const double known = closed_line(service, w);
      if (service.size() == 3) {
        EXPECT_NEAR(known, w / (w + 2.0) / 10.0, 1e-12);
      }
      EXPECT_NEAR(seen.mean, known, seen.half_width) << "w = " << w << ", seed 11";
      EXPECT_LT(seen.half_width, 0.04 * known) << "w = " << w;
    }
}

}  // namespace
}  // namespace twins::fab
