// What tools say of their state when they are asked, against what the mirror has of them.
#include <gtest/gtest.h>

#include <algorithm>

#include "twins/fab/invariants.hpp"
#include "twins/fab/live/followed_fab.hpp"

namespace twins::fab::live {
namespace {

using twin::event::Event;
using twin::event::Kind;
using twin::event::ToolState;

constexpr Tick BridgeStateMinute = 60'000;

const FollowedFab& lively_bridge_state() {
  static const FollowedFab fab(lively_fab(), 10 * Day, Hour + 7);
  return fab;
}

bool changes_state(const Event& e) {
  return e.kind == Kind::ToolDown || e.kind == Kind::ToolUp || e.kind == Kind::PmStarted ||
         e.kind == Kind::PmEnded;
}

Event state_said(std::uint32_t tool, Tick at, ToolState state) {
  Event e;
  e.kind = Kind::ToolStateChanged;
  e.tool = tool;
  e.at = at;
  e.value = static_cast<double>(state);
  e.unit = twin::event::Unit::State;
  return e;
}

// What every tool says when it is asked at each audited instant, by a source of its own.
std::vector<Event> with_states(const FollowedFab& of, std::vector<Event> log) {
  const auto source = static_cast<std::uint32_t>(of.layout->tools() + 1);
  std::uint64_t seq = 0;
  for (const auto& [at, view] : of.truth) {
    for (std::uint32_t t = 0; t < view.tools.size(); ++t) {
      const ToolMode mode = view.tools[t].mode;
      Event e = state_said(t, at,
                           mode == ToolMode::Down ? ToolState::UnscheduledDown
                           : mode == ToolMode::Pm ? ToolState::ScheduledDown
                                                  : ToolState::Productive);
      e.source = source;
      e.source_seq = seq++;
      log.push_back(e);
    }
  }
  std::stable_sort(log.begin(), log.end(),
                   [](const Event& a, const Event& b) { return a.at < b.at; });
  return log;
}

struct Outcome {
  std::size_t tools = 0, standing = 0, wrong = 0;  // [tools at instants] that truly stand; of all
  Live live = {};
};

Outcome follow(const FollowedFab& of, std::span<const Event> log) {
  Follower follower(*of.fab, {.reach = 30 * Day});
  Outcome out;
  out.live = follower.start();
  follower.absorb(out.live, of.names(follower));
  for (const auto& o : scramble(log, {}).come) follower.absorb(out.live, o);
  follower.settle(out.live);
  for (const auto& [at, view] : of.truth) {
    const Fold fold = follower.belief(out.live, at);
    EXPECT_EQ(check_state(*of.layout, fold.x, Future::Unknown), std::vector<std::string>{});
    const View mine = observe(*of.layout, fold.x);
    for (std::size_t t = 0; t < view.tools.size(); ++t) {
      const auto stands = [](ToolMode m) { return m == ToolMode::Down || m == ToolMode::Pm; };
      ++out.tools;
      out.standing += stands(view.tools[t].mode) ? 1U : 0U;
      out.wrong += stands(view.tools[t].mode) != stands(mine.tools[t].mode) ? 1U : 0U;
    }
  }
  return out;
}

TEST(BridgeState, WhatIsToldAnyhowNeedsNoAnswer) {
  // Wrong: asking a tool would count its breakdowns twice.
  const Outcome out =
      follow(lively_bridge_state(), with_states(lively_bridge_state(), lively_bridge_state().log));
  EXPECT_GT(out.standing, 100U);
  EXPECT_EQ(out.wrong, 0U);
  EXPECT_EQ(out.live.settled.inferred, 0U);
  EXPECT_EQ(out.live.settled.anomalous, 0U);
}

TEST(BridgeState, AnAnswerTellsWhatNoMessageTold) {
  // Wrong: a twin that comes to a fab at work would take every tool that stands for one that works,
  // until it is repaired. No word of breakdowns and maintenance comes at all.
  std::vector<Event> log = lively_bridge_state().log;
  std::erase_if(log, changes_state);
  const Outcome deaf = follow(lively_bridge_state(), log);
  EXPECT_EQ(deaf.wrong, deaf.standing);
  const Outcome told = follow(lively_bridge_state(), with_states(lively_bridge_state(), log));
  // A maintenance of a tool that has several is not known by a word that does not name it.
  EXPECT_LT(10 * told.wrong, deaf.wrong) << told.wrong << " of " << deaf.wrong;
  EXPECT_GT(told.live.settled.inferred, 100U);
  EXPECT_FALSE(told.live.settled.doubts.empty());
}

TEST(BridgeState, AnAnswerThatCrossesAChangeYieldsToIt) {
  // Wrong: "down", asked a second before the tool tells that it is up, would break it again.
  const FollowedFab& of = lively_bridge_state();
  std::vector<Event> log = of.log;
  std::uint64_t seq = 0;
  const std::size_t told = log.size();
  for (std::size_t k = 0; k < told; ++k) {
    if (log[k].kind != Kind::ToolUp) continue;
    Event e = state_said(log[k].tool, log[k].at + 1'000, ToolState::UnscheduledDown);
    e.source = static_cast<std::uint32_t>(of.layout->tools() + 1);
    e.source_seq = seq++;
    log.push_back(e);
  }
  EXPECT_GT(seq, 20U);
  std::stable_sort(log.begin(), log.end(),
                   [](const Event& a, const Event& b) { return a.at < b.at; });
  const Outcome out = follow(of, log);
  EXPECT_EQ(out.wrong, 0U);
  EXPECT_EQ(out.live.settled.inferred, 0U);
}

TEST(BridgeState, AdvanceMovesTheTimeOfASilentFab) {
  // Wrong: what was said just before the fab fell silent would never settle, and its forecasts would
  // begin in the past.
  const FollowedFab& of = lively_bridge_state();
  Follower follower(*of.fab, {.watermark = BridgeStateMinute, .patience = BridgeStateMinute / 2});
  Live live = follower.start();
  follower.absorb(live, of.names(follower));
  const std::span first(of.log.data(), of.log.size() / 2);
  for (const auto& o : scramble(first, {}).come) follower.absorb(live, o);
  follower.settle(live);
  const Tick silent = live.newest;
  EXPECT_LT(live.settled.until, silent);
  follower.absorb(live, twin::core::Advance{.until = silent + 10 * BridgeStateMinute});
  follower.settle(live);
  EXPECT_EQ(live.newest, silent + 10 * BridgeStateMinute);
  EXPECT_EQ(live.settled.until,
            silent + 10 * BridgeStateMinute - BridgeStateMinute - BridgeStateMinute / 2);
  EXPECT_EQ(live.settled.waiting.size(), 0U);
  follower.absorb(live,
                  twin::core::Advance{.until = silent});  // one that comes late takes nothing back
  EXPECT_EQ(live.newest, silent + 10 * BridgeStateMinute);
}

}  // namespace
}  // namespace twins::fab::live
