#include "twin/link/plausible.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "twin/core/archive.hpp"
#include "twin/core/draw.hpp"

namespace twin::link {
namespace {

using event::Event;
using event::Kind;

constexpr core::Tick T0 = 1'700'000'000'000;
constexpr core::Tick Minute = 60'000;

Event phase(Kind kind, core::Tick at, std::uint32_t tool = 1, std::uint32_t visit = 5) {
  return {.at = at, .source = tool, .lot = 7, .tool = tool, .visit = visit, .kind = kind};
}

struct Story {
  Plausible plausible = {};
  event::Names names = {};
  QualityOptions options = {};
  // "none" where the events can be true; they are learnt then.
  std::string_view tell(const std::vector<Event>& events) {
    const Finding f = plausible.check(events, names, options);
    if (f.good()) plausible.learn(events);
    return to_string(f.fault);
  }
};

TEST(Plausible, ContradictionIsFoundInWhateverOrderItIsTold) {
  // If this failed, whether a lie is found would depend on the network. Four true phases of a stay,
  // and one that contradicts them all, told last.
  const std::vector<std::pair<Event, std::string_view>> lies = {
      {phase(Kind::ProcessingEnded, T0 - 10 * Minute), "ended-before-started"},
      {phase(Kind::Unloaded, T0 + Minute), "ended-before-started"},
      {phase(Kind::ProcessingStarted, T0 + 90 * Minute), "ended-before-started"},
      {phase(Kind::ProcessingStarted, T0 + Minute, 2), "two-tools"},
      {phase(Kind::LoadStarted, T0 + 10 * Minute, 2, 6), "two-tools"},
      {phase(Kind::Unloaded, T0 + 80 * Minute, 2, 4), "two-tools"},
      {phase(Kind::LoadStarted, T0 + 10 * Minute, 1, 6), "ended-before-started"},
      {phase(Kind::Unloaded, T0 + 40 * 24 * 60 * Minute), "too-long"},
  };
  const std::vector<Event> truth = {
      phase(Kind::LoadStarted, T0), phase(Kind::ProcessingStarted, T0 + 5 * Minute),
      phase(Kind::ProcessingEnded, T0 + 50 * Minute), phase(Kind::Unloaded, T0 + 60 * Minute)};
  for (const auto& [lie, fault] : lies) {
    std::vector<std::size_t> order = {0, 1, 2, 3};
    do {
      Story story;
      for (const std::size_t k : order) {
        const bool same = truth[k].kind == lie.kind && truth[k].visit == lie.visit;
        ASSERT_TRUE(same || story.tell({truth[k]}) == "none");
      }
      EXPECT_EQ(story.tell({lie}), fault);
    } while (std::ranges::next_permutation(order).found);
  }
}

TEST(Plausible, ClocksMayDisagreeALittle) {
  // If this failed, two tools' clocks that differ by seconds would put honest lots aside.
  Story story;
  EXPECT_EQ(story.tell({phase(Kind::Unloaded, T0, 1, 5)}), "none");
  EXPECT_EQ(story.tell({phase(Kind::LoadStarted, T0 - 4 * Minute, 2, 6)}), "none");
  EXPECT_EQ(story.tell({phase(Kind::LoadStarted, T0 - 6 * Minute, 3, 7)}), "two-tools");
  EXPECT_EQ(story.tell({phase(Kind::ProcessingEnded, T0 + 2'000, 1, 5)}), "none");
}

TEST(Plausible, WhatOnlyTheOrderOfAllSourcesShowsIsLeftToTheMirror) {
  // If this failed, a message that merely comes early would be set aside: the lot starts in the next
  // tool before we hear that the last one has let it go, and nothing says when it did.
  Story story;
  EXPECT_EQ(story.tell({phase(Kind::ProcessingStarted, T0, 1, 5)}), "none");
  EXPECT_EQ(story.tell({phase(Kind::ProcessingStarted, T0 + 60 * Minute, 2, 6)}), "none");
  EXPECT_EQ(story.tell({phase(Kind::Unloaded, T0 + 55 * Minute, 1, 5)}), "none");
  EXPECT_EQ(story.tell({phase(Kind::ProcessingEnded, T0, 1, event::None)}), "none");
}

TEST(Plausible, OneMessageMayNotContradictItself) {
  // If this failed, a lie would only need to be told at once. Nothing is learnt from it.
  Story story;
  EXPECT_EQ(story.tell({phase(Kind::ProcessingEnded, T0),
                        phase(Kind::ProcessingStarted, T0 + 10 * Minute)}),
            "ended-before-started");
  EXPECT_EQ(story.plausible, Plausible());
  EXPECT_EQ(story.tell({phase(Kind::ProcessingStarted, T0),
                        phase(Kind::ProcessingEnded, T0 + 10 * Minute)}),
            "none");
}

TEST(Plausible, RatesAreOfEventTimeAndOfOneSource) {
  // If this failed, a million lots could be done within a millisecond, or a backlog that comes at
  // once be refused.
  Story story;
  std::vector<Event> done;
  for (std::uint32_t k = 0; k < 1'000; ++k)
    done.push_back({.at = T0, .source = 1, .lot = k, .kind = Kind::Finished});
  EXPECT_EQ(story.tell(done), "none");
  EXPECT_EQ(story.tell({{.at = T0 + 999, .source = 1, .lot = 1, .kind = Kind::Finished}}),
            "too-fast");
  EXPECT_EQ(story.tell({{.at = T0 + 1'000, .source = 1, .lot = 1, .kind = Kind::Finished}}),
            "none");
  EXPECT_EQ(story.tell({{.at = T0, .source = 2, .lot = 1, .kind = Kind::Finished}}), "none");
  EXPECT_EQ(story.tell({{.at = T0, .source = 1, .lot = 1, .kind = Kind::Moved}}), "none");
  done.push_back(done.back());
  for (Event& e : done) e.at += 5'000;
  EXPECT_EQ(story.tell(done), "too-fast");  // in one message, too
  for (Event& e : done) e.kind = Kind::LotReleased;
  EXPECT_EQ(story.tell(done), "none");  // a snapshot of all lots comes in bulk
  // An hour's backlog within a second of arrival is no rate: event times count.
  for (std::uint32_t k = 0; k < 3'600; ++k) {
    ASSERT_EQ(story.tell({{.at = T0 + k * 1'000, .source = 3, .lot = 1, .kind = Kind::Finished}}),
              "none");
  }
}

TEST(Plausible, IsAValue) {
  // If this failed, a snapshot would forget what was told.
  const core::Draw draw{.seed = 2};
  Story story;
  for (std::uint32_t k = 0; k < 500; ++k) {
    const auto r = draw.block(1, k, 0);
    story.tell({phase(Kind::ProcessingStarted, T0 + r[0] % 100'000'000, r[1] % 9, r[2] % 20)});
  }
  EXPECT_EQ(core::load<Plausible>(core::save(story.plausible)), story.plausible);
}

}  // namespace
}  // namespace twin::link
