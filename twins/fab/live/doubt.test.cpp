// What the fold says of itself: where it is wrong it must say that it is not sure, and hardly
// anywhere else.
#include <gtest/gtest.h>

#include <algorithm>

#include "twins/fab/live/fold.hpp"
#include "twins/fab/live/followed_fab.hpp"

namespace twins::fab::live {
namespace {

using twin::event::Event;
using twin::event::Kind;

const FollowedFab& lively_doubt() {
  static const FollowedFab fab(lively_fab(), 3 * Day, Hour + 7);
  return fab;
}

bool has(const std::vector<std::uint32_t>& in, std::uint32_t one) {
  return std::binary_search(in.begin(), in.end(), one);
}

struct Sum {  // over all instants
  std::size_t lots = 0, wrong = 0, doubted = 0;
};

// The fold of these events against the truth: what is otherwise must be doubted.
void compare_doubt(Folder& folder, const std::vector<Told>& events, Tick from, Sum& sum,
                   const std::string& what) {
  const FollowedFab& of = lively_doubt();
  Fold fold{.x = folder.mirror().start()};
  for (const auto& [at, truth] : of.truth) {
    folder.advance(fold, events, at + 1);
    if (at < from || at > from + Day) continue;
    Fold then = fold;
    then.x.now = std::max(then.x.now, at);
    const View mine = without_times(observe(*of.layout, then.x)), was = without_times(truth);
    const Doubted doubted = folder.doubted(then);
    sum.lots += was.lots.size();
    sum.doubted += doubted.lots.size();
    for (const std::uint32_t lot : doubted.lots)  // and says why
      ASSERT_TRUE(std::ranges::count(doubted.because, lot, &Doubt::lot) != 0) << what;
    for (const std::uint32_t tool : doubted.tools)
      ASSERT_TRUE(std::ranges::count(doubted.because, tool, &Doubt::tool) != 0) << what;
    std::size_t k = 0;
    for (const LotView& lot : was.lots) {
      for (; k < mine.lots.size() && mine.lots[k].id < lot.id; ++k)
        ASSERT_TRUE(has(doubted.lots, mine.lots[k].id)) << what << ": lot " << mine.lots[k].id;
      const bool there = k < mine.lots.size() && mine.lots[k].id == lot.id;
      if (there && mine.lots[k++] == lot) continue;
      ++sum.wrong;
      ASSERT_TRUE(has(doubted.lots, lot.id))
          << what << ": lot " << lot.id << " at " << at << (there ? "" : " is not there");
    }
    for (; k < mine.lots.size(); ++k)
      ASSERT_TRUE(has(doubted.lots, mine.lots[k].id)) << what << ": lot " << mine.lots[k].id;
    for (std::uint32_t t = 0; t < was.tools.size(); ++t) {
      if (mine.tools[t] == was.tools[t]) continue;
      bool around = has(doubted.tools, t);  // or a lot is inside that is doubted
      for (const JobView& job : was.tools[t].jobs)
        for (const std::uint32_t lot : job.lots) around |= has(doubted.lots, lot);
      ASSERT_TRUE(around) << what << ": tool " << of.layout->tool_name(t) << " at " << at;
    }
  }
}

class Lie : public ::testing::TestWithParam<const char*> {};

TEST_P(Lie, IsDoubtedWhereItBendsTheMirror) {
  // Wrong: a message whose word is false would bend the mirror in silence. One event of the log at a
  // time is told falsely and never put right; wherever the mirror is then otherwise than the fab, it
  // says that it is not sure of that lot or tool, and in the mean it doubts few.
  const FollowedFab& of = lively_doubt();
  Folder folder(*of.fab, 30'000);
  const std::string how = GetParam();
  Sum sum;
  std::size_t tried = 0;
  for (std::size_t k = 7; k < of.log.size() && of.log[k].at < 2 * Day; k += 7) {
    if (of.log[k].at < Day / 2) continue;  // each source has spoken by then
    ++tried;
    std::vector<Told> events;
    for (const Event& e : of.log) events.push_back({e, 0, 0});
    Event& e = events[k].event;
    if (how == "bad quality") e.quality = twin::event::Quality::Bad;
    if (how == "step" && e.step != None) e.step += 100'000;
    if (how == "tool" && e.tool != None) e.tool = None;
    if (how == "lot" && e.lot != None) e.lot = 10'000'000;
    std::sort(events.begin(), events.end(), before);
    compare_doubt(folder, events, of.log[k].at, sum,
                  how + " of " + std::string(twin::event::to_string(of.log[k].kind)) + " of lot " +
                      std::to_string(of.log[k].lot) + " at " + std::to_string(of.log[k].at));
    if (HasFatalFailure()) return;
  }
  std::printf("%zu lies: %zu of %zu lots otherwise, %zu doubted\n", tried, sum.wrong, sum.lots,
              sum.doubted);
  EXPECT_GT(tried, 50U);
  EXPECT_GT(sum.wrong, 0U);
  EXPECT_LT(4 * sum.doubted, sum.lots);
}

INSTANTIATE_TEST_SUITE_P(Ways, Lie, ::testing::Values("bad quality", "step", "tool", "lot"),
                         [](const auto& how) {
                           std::string name = how.param;
                           std::replace(name.begin(), name.end(), ' ', '_');
                           return name;
                         });

TEST(Doubt, StandsOnALotOfWhichNothingButItsReleaseIsTold) {
  // Wrong: a false release would put a lot into the fab for good, and nobody would be told.
  const FollowedFab& of = lively_doubt();
  Folder folder(*of.fab, 30'000);
  std::vector<Told> events;
  for (const Event& e : of.log) events.push_back({e, 0, 0});
  const auto release = std::find_if(of.log.begin(), of.log.end(), [](const Event& e) {
    return e.kind == Kind::LotReleased && e.at > Hour;
  });
  ASSERT_NE(release, of.log.end());
  Event false_one = *release;
  false_one.lot = 10'000'000;
  events.push_back({false_one, 0, 1});
  std::sort(events.begin(), events.end(), before);
  Fold fold{.x = folder.mirror().start()};
  folder.advance(fold, events, 2 * Day);
  EXPECT_TRUE(has(folder.doubted(fold).lots, 10'000'000));
  EXPECT_FALSE(has(folder.doubted(fold).lots, release->lot));
  EXPECT_EQ(std::count_if(fold.doubts.begin(), fold.doubts.end(),
                          [](const Doubt& d) { return d.why == Doubt::Why::Alone; }),
            1);
}

}  // namespace
}  // namespace twins::fab::live
