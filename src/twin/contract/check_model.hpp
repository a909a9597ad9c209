// The laws that every model must keep, as tests that a new model runs with one line:
// TWIN_CHECK_MODEL(ToyQueue, [] { return ModelCase<ToyQueue<>>{...}; }) Each check is a function
// that answers what is wrong ("" if nothing), so that it can be tested too.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "twin/contract/allocations.hpp"
#include "twin/contract/nan.hpp"
#include "twin/core/archive.hpp"
#include "twin/core/ensemble.hpp"
#include "twin/core/model.hpp"
#include "twin/core/parallel.hpp"

namespace twin::contract {

template <core::Model M>
struct ModelCase {
  M model;
  std::vector<double> theta;  // [parameter], of one member
  core::Draw draw;
  core::Tick horizon = 0;  // run to here
  int pauses = 20;         // number of pause points to try
  // Answers when the next event of a state is due: pauses are then tried at and just before events,
  // where ties are. Without it they fall anywhere.
  std::function<core::Tick(const typename M::State&)> next_event = {};

  using State = typename M::State;
  [[nodiscard]] State initial() const { return model.initial(theta, draw); }
  void advance(State& x, core::Tick until) const { model.advance(x, theta, until, draw); }
  [[nodiscard]] State run() const {
    State x = initial();
    advance(x, horizon);
    return x;
  }
};

// What differs between two states, by ==, by fingerprint and by fields; "" if nothing does.
template <class State>
std::string difference(const State& got, const State& expected, const std::string& when) {
  const std::string fields = core::diff(got, expected);
  if (!fields.empty()) return when + ": " + fields;
  if (core::fingerprint(got) != core::fingerprint(expected)) {
    return when + ": the fingerprints differ, but no field does";
  }
  if (!(got == expected)) return when + ": == says they differ, but no listed field does";
  return "";
}

// Where to pause: the ends and their neighbours, points drawn by the case's seed, and events.
template <core::Model M>
std::vector<core::Tick> pause_points(const ModelCase<M>& c) {
  auto x = c.initial();
  const core::Tick begin = x.now;
  TWIN_EXPECT(begin < c.horizon, begin, c.horizon);
  std::vector<core::Tick> points = {begin, begin + 1, c.horizon - 1, c.horizon};
  constexpr std::uint32_t What = 0xC0FFEE;
  for (int i = 0; i < c.pauses; ++i) {
    const double u = c.draw.uniform(What, 0, static_cast<std::uint32_t>(i));
    points.push_back(begin + static_cast<core::Tick>(u * static_cast<double>(c.horizon - begin)));
  }
  std::sort(points.begin(), points.end());
  if (c.next_event) {
    for (const core::Tick p : std::vector<core::Tick>(points)) {
      c.advance(x, p);
      const core::Tick event = c.next_event(x);
      if (event <= p || event >= c.horizon) continue;
      points.push_back(event);
      points.push_back(event - 1);
    }
    std::sort(points.begin(), points.end());
  }
  return points;
}

// The same case twice gives the same, also after others have run.
template <core::Model M>
std::string check_repeat(const ModelCase<M>& c) {
  const auto first = c.run();
  auto unmoved = c.initial();
  unmoved.now = first.now;
  if (first == unmoved) return "nothing happens up to the horizon: this case checks nothing";
  return difference(c.run(), first, "second run");
}

// advance(a) then advance(b) equals advance(b), for every pause point alone and for all together.
template <core::Model M>
std::string check_pauses(const ModelCase<M>& c) {
  const auto reference = c.run();
  const auto points = pause_points(c);
  auto all = c.initial();
  for (const core::Tick p : points) {
    auto x = c.initial();
    c.advance(x, p);
    c.advance(x, c.horizon);
    auto wrong = difference(x, reference, "paused at " + std::to_string(p));
    if (!wrong.empty()) return wrong;
    c.advance(all, p);
    c.advance(all, p);  // and once more to the same time
  }
  return difference(all, reference, "paused at all points");
}

// What is saved comes back, and goes on as if it had never been away.
template <core::Model M>
std::string check_checkpoints(const ModelCase<M>& c) {
  using State = typename M::State;
  const auto reference = c.run();
  for (const core::Tick p : pause_points(c)) {
    const std::string at = " at " + std::to_string(p);
    auto x = c.initial();
    c.advance(x, p);
    auto back = core::load<State>(core::save(x));
    auto wrong = difference(back, x, "saved and loaded" + at);
    if (!wrong.empty()) return wrong;
    c.advance(back, c.horizon);
    wrong = difference(back, reference, "resumed" + at);
    if (!wrong.empty()) return wrong;
  }
  return "";
}

// The number of threads must not show in any member.
template <core::Model M>
std::string check_threads(const ModelCase<M>& c) {
  constexpr std::size_t Members = 7;
  std::vector<double> theta;
  for (std::size_t i = 0; i < Members; ++i) {
    theta.insert(theta.end(), c.theta.begin(), c.theta.end());
  }
  const auto run = [&](unsigned threads) {
    auto e = core::initial_ensemble(c.model, Members, theta, c.draw);
    core::for_each_member(Members, threads, [&](std::size_t i) {
      c.model.advance(e.x[i], e.theta_of(i), c.horizon, e.draw_of(i, c.draw.seed));
    });
    return e;
  };
  const auto reference = run(1);
  if (reference.x[0] == reference.x[1]) return "members 0 and 1 are the same: draw is not used";
  for (const unsigned threads : {2U, 3U, 7U}) {
    auto wrong = difference(run(threads), reference, std::to_string(threads) + " threads");
    if (!wrong.empty()) return wrong;
  }
  return "";
}

// Equal states have equal futures, whatever memory they came to lie in.
template <core::Model M>
std::string check_futures(const ModelCase<M>& c) {
  auto x = c.initial();
  auto used = c.run();  // with other capacities and another past
  c.advance(x, x.now + (c.horizon - x.now) / 2);
  auto copy = x;
  used = x;
  auto moved = std::move(copy);
  c.advance(x, c.horizon);
  c.advance(used, c.horizon);
  c.advance(moved, c.horizon);
  auto wrong = difference(used, x, "assigned to a used state");
  return wrong.empty() ? difference(moved, x, "copied and moved") : wrong;
}

// Once a state has been where it goes, going there again allocates nothing.
template <core::Model M>
std::string check_allocations(const ModelCase<M>& c) {
  const auto begin = c.initial();
  auto x = begin;
  c.advance(x, c.horizon);  // grows every capacity to what this path needs
  x = begin;                // and keeps it
  const std::uint64_t before = allocations();
  c.advance(x, c.horizon);
  const std::uint64_t made = allocations() - before;
  return made == 0 ? "" : std::to_string(made) + " allocations on a path that is warm";
}

// Time is where it was asked to be, and never goes back.
template <core::Model M>
std::string check_clock(const ModelCase<M>& c) {
  auto x = c.initial();
  for (const core::Tick p : pause_points(c)) {
    c.advance(x, p);
    if (x.now != p)
      return "now = " + std::to_string(x.now) + " after advance to " + std::to_string(p);
    if (c.next_event && c.next_event(x) <= x.now) {
      return "an event due at " + std::to_string(c.next_event(x)) +
             " is left at now = " + std::to_string(p);
    }
  }
  return "";
}

// Two models in one process, advanced in turns, each give what they give alone.
template <core::Model M>
std::string check_two_models(const ModelCase<M>& a, ModelCase<M> b) {
  b.draw.seed = a.draw.seed + 1;
  const auto a_alone = a.run();
  const auto b_alone = b.run();
  const auto points = pause_points(a);
  auto x = a.initial();
  auto y = b.initial();
  for (const core::Tick p : points) {
    a.advance(x, p);
    b.advance(y, p);
  }
  auto wrong = difference(x, a_alone, "first of two models");
  return wrong.empty() ? difference(y, b_alone, "second of two models") : wrong;
}

// Every number in the state is one.
template <core::Model M>
std::string check_numbers(const ModelCase<M>& c) {
  auto x = c.initial();
  for (const core::Tick p : pause_points(c)) {
    c.advance(x, p);
    const std::string found = find_nan(x);
    if (!found.empty()) return found + " is not a number at " + std::to_string(p);
  }
  return "";
}

}  // namespace twin::contract

// The last argument is a callable that makes the ModelCase.
#define TWIN_CHECK_MODEL(Suite, ...)                                                     \
  TEST(Suite, RepeatGivesTheSame) {                                                      \
    EXPECT_EQ(::twin::contract::check_repeat((__VA_ARGS__)()), "");                      \
  }                                                                                      \
  TEST(Suite, WhereItPausesDoesNotMatter) {                                              \
    EXPECT_EQ(::twin::contract::check_pauses((__VA_ARGS__)()), "");                      \
  }                                                                                      \
  TEST(Suite, CheckpointsComeBackAndGoOn) {                                              \
    EXPECT_EQ(::twin::contract::check_checkpoints((__VA_ARGS__)()), "");                 \
  }                                                                                      \
  TEST(Suite, ThreadsDoNotShow) {                                                        \
    EXPECT_EQ(::twin::contract::check_threads((__VA_ARGS__)()), "");                     \
  }                                                                                      \
  TEST(Suite, EqualStatesHaveEqualFutures) {                                             \
    EXPECT_EQ(::twin::contract::check_futures((__VA_ARGS__)()), "");                     \
  }                                                                                      \
  TEST(Suite, AllocatesNothingOnceWarm) {                                                \
    if (!::twin::contract::allocations_are_counted()) {                                  \
      GTEST_SKIP() << "a sanitizer brings its own operator new";                         \
    }                                                                                    \
    EXPECT_EQ(::twin::contract::check_allocations((__VA_ARGS__)()), "");                 \
  }                                                                                      \
  TEST(Suite, TimeNeverGoesBack) {                                                       \
    EXPECT_EQ(::twin::contract::check_clock((__VA_ARGS__)()), "");                       \
  }                                                                                      \
  TEST(Suite, TwoModelsDoNotInteract) {                                                  \
    EXPECT_EQ(::twin::contract::check_two_models((__VA_ARGS__)(), (__VA_ARGS__)()), ""); \
  }                                                                                      \
  TEST(Suite, NumbersAreNumbers) {                                                       \
    EXPECT_EQ(::twin::contract::check_numbers((__VA_ARGS__)()), "");                     \
  }                                                                                      \
  static_assert(true, "a semicolon follows")
