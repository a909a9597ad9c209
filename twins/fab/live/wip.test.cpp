// A twin that begins cold: from a table of lots and tools.
#include "twins/fab/live/wip.hpp"

#include <gtest/gtest.h>

#include <array>

#include "twin/contract/refusal.hpp"
#include "twin/core/error.hpp"
#include "twins/fab/invariants.hpp"
#include "twins/fab/live/followed_fab.hpp"

namespace twins::fab::live {
namespace {

constexpr std::int64_t Zero = 1'514'764'800'000;

const FollowedFab& lively_wip() {
  static const FollowedFab fab(lively_fab(), 10 * Day, 3 * Hour + 7);
  return fab;
}

struct Followed {
  Follower follower{*lively_wip().fab, {.time_zero_ms = Zero, .reach = 30 * Day}};
  Live live = follower.start();
  Followed() {
    follower.absorb(live, lively_wip().names(follower));
    for (const auto& o : scramble(lively_wip().log, {.time_zero_ms = Zero}).come)
      follower.absorb(live, o);
    follower.settle(live);
  }
};

TEST(Wip, SaysAllThatIsSeen) {
  // Wrong: a twin that begins from a table of the fab would begin from another fab.
  Followed f;
  const Layout& layout = *lively_wip().layout;
  for (const auto& [at, view] : lively_wip().truth) {
    const State x = f.follower.belief(f.live, at).x;
    const std::string table = write_wip(*lively_wip().fab, x, f.live.dialect, Zero);
    Dialect dialect = f.live.dialect;
    std::vector<std::string> missing;
    const State again =
        read_wip(*lively_wip().fab, table, {"wip.txt", at + Zero, Zero}, dialect, missing);
    ASSERT_EQ(first_difference(layout, observe(layout, again), view), "") << "at " << at;
    ASSERT_EQ(check_state(layout, again, Future::Unknown), std::vector<std::string>{});
    ASSERT_EQ(missing, std::vector<std::string>{});
  }
}

TEST(Wip, BeginsATwinThatIsExactFromThenOn) {
  // Wrong: a twin could only follow a fab from its first lot on. The table comes as a note in the
  // middle of the log, among late messages from before it and early ones from after.
  Followed f;
  const FollowedFab& of = lively_wip();
  const auto messages =
      scramble(of.log, {.draw = {.seed = 3}, .delay_max = 40 * 60'000, .time_zero_ms = Zero}).come;
  for (std::size_t k = 8; k < of.truth.size(); k += 20) {
    const Tick at = of.truth[k].first;
    const State x = f.follower.belief(f.live, at).x;
    Live cold = f.follower.start();
    EXPECT_FALSE(missing(*of.layout, cold).empty());
    bool told = false;
    f.follower.absorb(cold, of.names(f.follower));
    for (const auto& o : messages) {
      if (o.arrived < at + Zero - Hour) continue;
      if (!told && o.arrived > at + Zero + 1'200'000) {
        told = true;
        f.follower.absorb(cold,
                          twin::core::Note{.at = at + Zero,
                                           .kind = "wip",
                                           .text = write_wip(*of.fab, x, f.live.dialect, Zero)});
        ASSERT_TRUE(cold.begun);
      }
      f.follower.absorb(cold, o);
    }
    f.follower.settle(cold);
    for (std::size_t j = k; j < of.truth.size(); ++j)
      ASSERT_EQ(first_difference(*of.layout,
                                 observe(*of.layout, f.follower.belief(cold, of.truth[j].first).x),
                                 of.truth[j].second),
                "")
          << "from " << at << " at " << of.truth[j].first;
    EXPECT_EQ(cold.settled.anomalous, 0U);
    EXPECT_EQ(cold.settled.x.class_tally.size(), of.layout->classes.size());
  }
}

TEST(Wip, ReconcilesWhatItKnewAlready) {
  // Wrong: a table that was drawn up while things went on would make anomalies of true events. It
  // is dated five minutes before it was so.
  Followed f;
  const FollowedFab& of = lively_wip();
  const auto messages = scramble(of.log, {.time_zero_ms = Zero}).come;
  std::uint64_t reconciled = 0;
  for (std::size_t k = 8; k < of.truth.size(); k += 5) {
    const Tick at = of.truth[k].first, dated = at - 300'000;
    State x = f.follower.belief(f.live, at).x;
    for (Lot& lot : x.lots) lot.since = std::min(lot.since, dated);
    for (Tool& tool : x.tools) {
      if (tool.breakdowns != 0 || tool.pm != 0xff)
        tool.stopped_at = std::min(tool.stopped_at, dated);
      for (Job& job : tool.jobs)
        for (Tick* tick :
             {&job.start, &job.setup_start, &job.setup_end, &job.process_start, &job.process_end})
          if (*tick <= at) *tick = std::min(*tick, dated);
    }
    for (Lot& lot : x.lots) lot.release = std::min(lot.release, dated);
    Live cold = f.follower.start();
    f.follower.absorb(cold, of.names(f.follower));
    f.follower.begin(cold, write_wip(*of.fab, x, f.live.dialect, Zero),
                     {"wip.txt", dated + Zero, Zero});
    for (const auto& o : messages)
      if (o.at >= dated + Zero) f.follower.absorb(cold, o);
    f.follower.settle(cold);
    EXPECT_EQ(cold.settled.anomalous, 0U);
    reconciled += cold.settled.reconciled;
  }
  EXPECT_GT(reconciled, 5U);
}

TEST(Wip, AnyTableIsReadToAFabThatHangsTogetherOrIsRefused) {
  // Wrong: a table that somebody typed would stop the twin, or begin it with a fab that cannot be.
  Followed f;
  const FollowedFab& of = lively_wip();
  const Tick at = of.truth[20].first;
  const std::string good =
      write_wip(*of.fab, f.follower.belief(f.live, at).x, f.live.dialect, Zero);
  static constexpr std::array Words = {"",     "-1",        "1e300", "4294967295",
                                       "held", "in tool",   "nan",   "2018-01-01T00:00:00.000Z",
                                       "lot",  "999999999", "\xff",  "9999-12-31T23:59:59.999Z",
                                       "0.5",  "0=Etch#1",  "yes",   "0000-01-01T00:00:00.000Z"};
  std::size_t read = 0, refused = 0;
  for (std::uint32_t k = 0; k < 2'000; ++k) {
    const Draw draw{.seed = 20261129};
    std::string table = good;
    for (std::uint32_t n = 0; n <= k % 3; ++n) {  // a field becomes another one or any word
      const auto b = draw.block(1, k, n);
      const std::size_t from = table.find_first_of("\t\n", b[0] % table.size());
      if (from == table.npos) continue;
      const std::size_t end = std::min(table.find_first_of("\t\n", from + 1), table.size());
      const std::size_t other = table.find_first_of("\t\n", b[1] % table.size());
      std::string word = Words[b[2] % Words.size()];
      if (b[3] % 2 == 0 && other != table.npos)
        word = table.substr(other + 1, table.find_first_of("\t\n", other + 1) - other - 1);
      table.replace(from + 1, end - from - 1, word);
    }
    Dialect dialect = f.live.dialect;
    std::vector<std::string> missing;
    try {
      const State x = read_wip(*of.fab, table, {"wip.txt", at + Zero, Zero}, dialect, missing);
      EXPECT_EQ(check_state(*of.layout, x, Future::Unknown), std::vector<std::string>{}) << k;
      ++read;
    } catch (const twin::core::Error&) {
      ++refused;
    }
  }
  EXPECT_GT(read, 200U);
  EXPECT_GT(refused, 200U);
}

class BadWip : public ::testing::Test {
 protected:
  void refuses(const std::string& rows, const std::string& message) {
    const std::string table =
        "what\tname\tplace\tproduct\tstep\ttool\tsince\tpm\tkept_tools\twafers_due\n" + rows;
    EXPECT_EQ(twin::contract::refusal([&] {
                Dialect dialect;
                std::vector<std::string> missing;
                static_cast<void>(
                    read_wip(*lively_wip().fab, table, {"wip.txt", Zero, Zero}, dialect, missing));
              }),
              message);
  }
};

TEST_F(BadWip, TimesOutOfOrderAreRefused) {
  // Wrong: a job whose process began before it entered the tool would take longer than it does.
  const std::string table =
      "what\tname\tplace\tproduct\tstep\ttool\tentered\tprocess_started\n"
      "lot\tX\tin tool\tA\t0\tLitho#1\t2018-01-01T00:00:00Z\t2017-12-31T23:00:00Z\n";
  EXPECT_EQ(twin::contract::refusal([&] {
              Dialect dialect;
              std::vector<std::string> missing;
              static_cast<void>(
                  read_wip(*lively_wip().fab, table, {"wip.txt", Zero, Zero}, dialect, missing));
            }),
            "wip.txt:2, column name: the times of lot 'X' are out of order (entered, "
            "setup_started, load_started, process_started, process_ended)");
}

TEST_F(BadWip, IsRefusedInWords) {
  // Wrong: a person could not find the slip in a table of thousands of lots.
  const std::string in = "wip.txt:2, column ";
  refuses("cow\tX\n", in + "what: unknown word 'cow' (it must be lot or tool)");
  refuses("lot\tX\twaiting\tAA\t0\n",
          in + "product: 'AA' is no product (the data set has none of that name)");
  refuses("lot\tX\twaiting\tA\t7\n", in + "step: '7' is out of range (a whole number up to 6)");
  refuses("lot\tX\twaitin\tA\t0\n", in + "place: unknown word 'waitin' (it must be moving, "
                                         "waiting, in tool or held) did you mean waiting?");
  refuses("lot\tX\tmoving\tA\t0\nlot\tX\tmoving\tA\t0\n",
          "wip.txt:3, column name: 'X' stands twice (one row a lot)");
  refuses(
      "lot\tX\tin tool\tA\t0\tLito#1\n",
      in + "tool: 'Lito#1' is no tool (the data set has none of that name) did you mean Litho#1?");
  refuses("lot\tX\tin tool\tA\t0\tEtch#1\n",
          in + "tool: lot 'X' cannot be in 'Etch#1' (tool does not do this step)");
  refuses("lot\tX\twaiting\tA\t0\t\tyesterday\n",
          in + "since: 'yesterday' is no time (ISO 8601 with its offset) such as "
               "2026-01-31T06:00:00.000Z");
  refuses("lot\tX\twaiting\tA\t0\t\t2030-01-01T00:00:00Z\n",
          in + "since: '2030-01-01T00:00:00Z' is after the snapshot (it tells what has been)");
  refuses("lot\tX\twaiting\tA\t0\t\t\t\t0=Nowhere\n",
          in + "kept_tools: '0=Nowhere' is no number=tool (which tool the lot must come back to)");
  refuses(
      "tool\tLitho#1\n"
      "tool\tLitho#1\n",
      "wip.txt:3, column name: 'Litho#1' stands twice (one row a tool)");
  refuses("tool\tLitho#1\t\t\t\t\t\tweakly\n",
          in + "pm: 'weakly' is no maintenance of this tool (the data set has none of that name) "
               "did you mean weekly?");
  refuses("tool\tLitho#1\t\t\t\t\t\t\t\tweekly=1\nlot\tX\tin tool\tA\t0\tLitho#1\n", "accepted");
  refuses("tool\tLitho#1\t\t\t\t\t\tweekly\nlot\tX\tin tool\tA\t0\tLitho#1\n",
          in + "pm: maintenance of 'Litho#1' (it is down or has lots inside)");
  refuses("tool\tLitho#1\t\t\t\t\t\t\t\tmonthly\n",
          in + "wafers_due: 'monthly' is no maintenance=wafers (when it is due)");
}

TEST(Wip, ABadNoteChangesNothing) {
  // Wrong: a table with a slip, sent to a live twin, would stop it or empty its fab.
  Followed f;
  Live live = f.live;
  f.follower.absorb(live,
                    twin::core::Note{.at = Zero, .kind = "wip", .text = "what\tname\nlot\tX\n"});
  EXPECT_EQ(belief_hash(live), belief_hash(f.live));
  ASSERT_EQ(live.missing.size(), 1U);
  EXPECT_EQ(live.missing[0], "note:2, column product: missing value (this cell must not be blank)");
}

}  // namespace
}  // namespace twins::fab::live
