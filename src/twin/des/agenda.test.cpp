// If the agenda failed, events would happen in another order on another machine, or not at all.
#include "twin/des/agenda.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "twin/contract/allocations.hpp"
#include "twin/core/archive.hpp"
#include "twin/core/draw.hpp"

namespace twin::des {
namespace {

// The slow, obvious one: a sorted vector.
struct Sorted {
  std::vector<Event> events;
  std::uint64_t next_seq = 0;
  void push(Tick at, std::uint32_t who, std::uint16_t kind, std::uint16_t arg) {
    const Event event{at, next_seq++, who, kind, arg};
    events.insert(std::upper_bound(events.begin(), events.end(), event, before), event);
  }
  Event pop() {
    const Event event = events.front();
    events.erase(events.begin());
    return event;
  }
};

// How far ahead a random event lies: now, in the open bucket, in the wheel, at its rim, far beyond.
Tick ahead(const core::Block& words) {
  const Tick within[] = {1, 2, 300, 8'192, 40'000'000, 10'000'000'000};
  return static_cast<Tick>(words[1]) % within[words[0] % 6];
}

void compare(int width_bits, int count_bits, std::uint64_t seed) {
  SCOPED_TRACE("seed " + std::to_string(seed) + ", width " + std::to_string(width_bits) +
               ", buckets " + std::to_string(count_bits));
  const core::Draw draw{.seed = seed, .member = 0};
  Agenda agenda(width_bits, count_bits);
  Sorted slow;
  Tick now = 0;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    const core::Block words = draw.block(1, 0, i);
    // Grows to some hundreds, then shrinks to nothing, again and again.
    const bool grow = words[2] % 100 < (i / 1000 % 2 == 0 ? 65U : 35U);
    if (grow || slow.events.empty()) {
      const Tick at = now + ahead(words);
      const auto kind = static_cast<std::uint16_t>(words[3]);
      EXPECT_EQ(agenda.push(at, i, kind, 7), slow.next_seq);
      slow.push(at, i, kind, 7);
    } else {
      ASSERT_EQ(agenda.next_at(), slow.events.front().at);
      const Event event = agenda.pop();
      ASSERT_EQ(event, slow.pop());
      now = event.at;
    }
    ASSERT_EQ(agenda.size(), slow.events.size());
    if (i % 997 == 0) {
      ASSERT_EQ(agenda.sorted(), slow.events);
    }
  }
  while (!slow.events.empty()) ASSERT_EQ(agenda.pop(), slow.pop());
  EXPECT_TRUE(agenda.empty());
  EXPECT_EQ(agenda.next_at(), core::Never);
}

TEST(Agenda, OrdersLikeASortedVector) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    compare(13, 12, seed);
    compare(0, 6, seed);  // 64 buckets of a tick: the rim is crossed all the time
    compare(4, 6, seed);
    compare(20, 8, seed);
  }
}

// Wrong: events at one instant would swap. In order of scheduling, also when scheduled at that very
// instant, after looking ahead.
TEST(Agenda, EqualTimesKeepTheirOrder) {
  Agenda agenda;
  for (std::uint32_t who = 0; who < 5; ++who) agenda.push(100, who, 0, 0);
  EXPECT_EQ(agenda.next_at(), 100);
  EXPECT_EQ(agenda.pop().who, 0U);
  agenda.push(100, 5, 0, 0);
  for (std::uint32_t who = 1; who < 6; ++who) EXPECT_EQ(agenda.pop().who, who);
}

// Wrong: an event between now and the next known one would come late, once next_at has looked ahead.
TEST(Agenda, TakesEventsBeforeTheOneLookedAt) {
  Agenda agenda;
  agenda.push(0, 0, 0, 0);
  agenda.pop();
  agenda.push(50'000'000, 1, 0, 0);
  EXPECT_EQ(agenda.next_at(), 50'000'000);
  agenda.push(20'000, 2, 0, 0);
  agenda.push(0, 3, 0, 0);
  EXPECT_EQ(agenda.next_at(), 0);
  EXPECT_EQ(agenda.pop().who, 3U);
  EXPECT_EQ(agenda.pop().who, 2U);
  EXPECT_EQ(agenda.pop().who, 1U);
}

// Wrong: glance would show another event than comes.
TEST(Agenda, GlanceSeesWhatComesNext) {
  Agenda agenda;
  EXPECT_EQ(agenda.glance(0), nullptr);
  agenda.push(10, 1, 0, 0);
  agenda.push(5, 2, 0, 0);
  EXPECT_EQ(agenda.next_at(), 5);
  ASSERT_NE(agenda.glance(0), nullptr);
  EXPECT_EQ(agenda.glance(0)->who, 2U);
  ASSERT_NE(agenda.glance(1), nullptr);
  EXPECT_EQ(agenda.glance(1)->who, 1U);
  EXPECT_EQ(agenda.glance(2), nullptr);
}

Agenda busy(std::uint32_t pops) {
  const core::Draw draw{.seed = 7, .member = 0};
  Agenda agenda;
  for (std::uint32_t i = 0; i < 500; ++i) {
    const core::Block words = draw.block(1, 1, i);
    agenda.push(ahead(words), i, static_cast<std::uint16_t>(words[3]), 1);
  }
  for (std::uint32_t i = 0; i < pops; ++i) agenda.pop();
  return agenda;
}

std::vector<Event> drained(Agenda agenda) {
  std::vector<Event> events;
  while (!agenda.empty()) events.push_back(agenda.pop());
  return events;
}

// Wrong: a snapshot would have another future. Equality sees events, not where they lie: one agenda
// has looked ahead.
TEST(Agenda, CopiesAreEqualAndGoOnAlike) {
  for (const std::uint32_t pops : {0U, 1U, 250U, 499U, 500U}) {
    Agenda agenda = busy(pops);
    const Agenda copy = agenda;
    EXPECT_EQ(agenda.next_at(), pops == 500 ? core::Never : copy.sorted().front().at);
    EXPECT_EQ(agenda, copy);
    EXPECT_EQ(drained(agenda), copy.sorted());
    agenda.push(core::Tick{10'000'000'000}, 0, 0, 0);
    EXPECT_FALSE(agenda == copy);
    EXPECT_EQ(copy, busy(pops));
  }
  Agenda a, b;
  a.push(1, 0, 0, 0);
  a.pop();
  EXPECT_FALSE(a == b);  // both empty, but the next event would be numbered otherwise
}

// Wrong: a saved run would go on otherwise.
TEST(Agenda, ComesBackFromItsArchive) {
  for (const std::uint32_t pops : {0U, 250U, 500U}) {
    const Agenda agenda = busy(pops);
    Agenda back = core::load<Agenda>(core::save(agenda));
    EXPECT_EQ(back, agenda);
    EXPECT_EQ(core::fingerprint(back), core::fingerprint(agenda));
    EXPECT_EQ(back.push(10'000'000'000, 1, 2, 3), 500U);
    const auto rest = drained(back);
    EXPECT_EQ(rest.size(), 501U - pops);
    EXPECT_TRUE(std::is_sorted(rest.begin(), rest.end(), before));
  }
}

// Wrong: the inner loop would allocate. The second pass goes over the same ground.
TEST(Agenda, AllocatesNothingOnceWarm) {
  if (!contract::allocations_are_counted())
    GTEST_SKIP() << "a sanitizer brings its own operator new";
  const core::Draw draw{.seed = 3, .member = 0};
  const Agenda begin;
  Agenda agenda = begin;
  const auto work = [&] {
    Tick now = 0;
    for (std::uint32_t i = 0; i < 30'000; ++i) {
      agenda.push(now + ahead(draw.block(1, 2, i)), i, 0, 0);
      if (i > 1000) now = agenda.pop().at;
    }
  };
  work();
  agenda = begin;
  const std::uint64_t allocated = contract::allocations();
  work();
  EXPECT_EQ(contract::allocations() - allocated, 0U);
}

}  // namespace
}  // namespace twin::des
