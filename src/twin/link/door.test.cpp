#include "twin/link/door.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twin/core/draw.hpp"
#include "twin/event/packed.hpp"
#include "twin/link/door_example.hpp"

namespace twin::link {
namespace {

TEST(Door, AnswersOnlyWhenTheRecordIsDurable) {
  // If this failed, a source would forget what a power cut then takes from us.
  Site site;
  std::vector<Taken> taken;
  const Done done = [&](Taken t) { taken.push_back(t); };
  site.door.take(site.move(1), site.names, done);
  site.door.take(site.move(1), site.names, done);  // while the first is not durable yet
  EXPECT_TRUE(taken.empty());
  EXPECT_EQ(site.door.waiting(), 2U);
  site.door.on_durable(site.recorder.size() - 1);
  EXPECT_TRUE(taken.empty());
  site.door.on_durable(site.recorder.size());
  EXPECT_EQ(taken, (std::vector{Taken::Accepted, Taken::Duplicate}));
  site.door.take(site.move(1), site.names, done);
  EXPECT_EQ(taken.back(), Taken::Duplicate);
}

TEST(Door, WritesNamesBeforeWhatUsesThemAndKeepsTheBytes) {
  // If this failed, a record could not be read without the process that wrote it.
  Site site;
  Arrival a = site.move(1);
  a.raw = {1, 2, 3};
  EXPECT_EQ(site.take(a), Taken::Accepted);
  ASSERT_EQ(site.recorder.all.size(), 2U);
  EXPECT_EQ(std::get<core::Note>(site.recorder.all[0]),
            (core::Note{.at = a.arrived,
                        .kind = "names",
                        .text = "source\t0\tsecs/T0\nlot\t0\tL1\ntool\t0\tT0\n"}));
  const auto& o = std::get<core::Observation>(site.recorder.all[1]);
  EXPECT_EQ(std::tie(o.at, o.arrived, o.clock, o.sensor, o.epoch, o.sensor_seq),
            std::make_tuple(a.clock, a.arrived, a.clock, 0U, 1U, 1U));
  EXPECT_EQ(o.raw, a.raw);
  std::vector<event::Event> events;
  ASSERT_TRUE(event::Packer().unpack(o.event, events));
  event::Event expected = a.events[0];
  expected.lot = expected.tool = expected.source = 0;
  expected.source_seq = 1;
  expected.arrived = a.arrived;
  EXPECT_EQ(events, std::vector{expected});
  // Known names are not written again, whatever numbers another adapter gives them.
  event::Names others;
  others.add(event::Table::Lot, "X");
  Arrival b = site.move(2);
  b.events[0].lot = others.add(event::Table::Lot, "L1");
  b.events[0].tool = others.add(event::Table::Tool, "T0");
  site.door.take(Arrival(b), others, {});
  ASSERT_EQ(site.recorder.all.size(), 3U);
}

TEST(Door, TakesEachOnceHoweverOftenAndInWhateverOrderItComes) {
  // If this failed, a lot would be moved twice (fault tests 6 and 7): 10 % of 2,000 messages come 1
  // to 100 times more, all shuffled, with restarts from the record alone in between.
  const core::Draw draw{.seed = 5};
  Site first;
  std::vector<Arrival> all;
  for (std::uint64_t seq = 0; seq < 2'000; ++seq) {
    const std::uint32_t times = draw.block(1, static_cast<std::uint32_t>(seq), 0)[0] % 10 == 0
                                    ? 2 + draw.block(1, static_cast<std::uint32_t>(seq), 1)[0] % 100
                                    : 1;
    for (std::uint32_t k = 0; k < times; ++k) all.push_back(first.move(seq));
  }
  for (std::size_t k = all.size() - 1; k > 0; --k)
    std::swap(all[k], all[draw.block(2, static_cast<std::uint32_t>(k), 0)[0] % (k + 1)]);

  std::vector<core::Entry> record;
  std::size_t accepted = 0, duplicates = 0;
  for (std::size_t k = 0; k < all.size();) {
    Site site;
    for (const core::Entry& entry : record) {
      site.door.learn(entry);
      site.recorder.all.push_back(entry);
    }
    for (const std::size_t end = std::min(all.size(), k + 3'000); k < end; ++k)
      (site.take(all[k]) == Taken::Accepted ? accepted : duplicates) += 1;
    record = site.recorder.all;
  }
  EXPECT_EQ(accepted, 2'000U);
  EXPECT_EQ(duplicates, all.size() - 2'000U);
  std::set<std::uint64_t> seen;
  for (const core::Entry& entry : record) {
    const auto* o = std::get_if<core::Observation>(&entry);
    EXPECT_TRUE(o == nullptr || seen.insert(o->sensor_seq).second);
  }
  EXPECT_EQ(seen.size(), 2'000U);
}

TEST(Door, MissesANumberAtTheNextOneAndClosesTheGapByBackfill) {
  // If this failed, a lost message would stay lost (fault test 9): 5 % are dropped.
  const core::Draw draw{.seed = 9};
  Site site;
  std::set<std::uint64_t> dropped;
  std::uint64_t missing = 0;  // dropped, with a later one seen
  for (std::uint64_t seq = 0; seq < 2'000; ++seq) {
    if (seq > 0 && draw.block(1, static_cast<std::uint32_t>(seq), 0)[0] % 20 == 0) {
      dropped.insert(seq);
      continue;
    }
    site.take(site.move(seq));
    missing = static_cast<std::uint64_t>(std::distance(dropped.begin(), dropped.lower_bound(seq)));
    ASSERT_EQ(site.state().missing, missing) << "after " << seq;
  }
  std::set<std::uint64_t> asked;
  for (const Gap& gap : site.door.gaps()) {
    EXPECT_EQ(gap.source, "secs/T0");
    for (auto n = gap.missing.first; n <= gap.missing.last; ++n) asked.insert(n);
  }
  EXPECT_EQ(asked.size(), missing);
  site.door.pass(Start + 3'000'000);
  EXPECT_GT(site.notes("gap").size(), 0U);
  for (const std::uint64_t seq : asked) EXPECT_EQ(site.take(site.move(seq)), Taken::Accepted);
  EXPECT_EQ(site.state().missing, 0U);
  EXPECT_TRUE(site.door.gaps().empty());
  EXPECT_EQ(site.door.counts().gaps_opened, site.door.counts().gaps_closed);
}

TEST(Door, ForgottenNamesAreNotTakenForNewOnes) {
  // If this failed, a link that is opened again at the same place in memory would speak of the lots
  // of the one before.
  Site site;
  std::optional<event::Names> names;
  for (const char* lot : {"A", "B"}) {
    names.emplace();
    Arrival a = site.move(lot[0] == 'A' ? 1 : 2);
    a.events[0].lot = names->add(event::Table::Lot, lot);
    a.events[0].tool = names->add(event::Table::Tool, "T");
    site.door.take(std::move(a), *names, {});
    std::vector<event::Event> events;
    const auto& o = std::get<core::Observation>(site.recorder.all.back());
    ASSERT_TRUE(event::Packer().unpack(o.event, events));
    EXPECT_EQ(site.door.names().name(event::Table::Lot, events.at(0).lot), lot);
  }
}

TEST(Door, RestartCountsAndNotesNothingAgain) {
  // If this failed, each restart would write the ends of all gaps once more.
  Site site;
  for (const std::uint64_t seq : {1U, 3U}) site.take(site.move(seq));
  site.door.pass(site.move(9).arrived);
  site.take(site.move(2));
  site.door.pass(site.move(9).arrived);
  ASSERT_EQ(site.notes("gap").size(), 2U);
  Site again;
  for (const core::Entry& entry : site.recorder.all) again.door.learn(entry);
  again.door.pass(site.move(9).arrived);
  EXPECT_TRUE(again.recorder.all.empty());
  EXPECT_EQ(again.door.counts().gaps_opened + again.door.counts().gaps_closed, 0U);
}

TEST(Door, NotesAGapThatStaysAndItsEnd) {
  // If this failed, nobody could tell from the record when it was incomplete.
  Site site;
  for (const std::uint64_t seq : {1U, 2U, 5U}) site.take(site.move(seq));
  site.door.pass(site.move(5).arrived + 1'999);
  EXPECT_TRUE(site.notes("gap").empty());
  site.door.pass(site.move(5).arrived + 2'000);
  EXPECT_EQ(site.notes("gap"), (std::vector<std::string>{"secs/T0\t1\t3\t4\topen"}));
  site.take(site.move(4));
  site.take(site.move(3));
  site.door.pass(site.move(6).arrived);
  EXPECT_EQ(site.notes("gap"),
            (std::vector<std::string>{"secs/T0\t1\t3\t4\topen", "secs/T0\t1\t3\t3\tclosed"}));
}

TEST(Door, RemembersWhatItsRecordSays) {
  // If this failed, a restart would forget: the memory is a fold over the record, and a saved one
  // goes on as if nothing had been.
  const core::Draw draw{.seed = 3};
  Site site;
  DoorMemory saved;
  for (std::uint32_t k = 0; k < 3'000; ++k) {
    const auto random = draw.block(1, k, 0);
    Arrival a = site.move(random[0] % 4'000, random[1] % 7);
    if (random[2] % 50 == 0) a.events[0].value = -1.0 / 0.0;
    if (random[2] % 50 == 1) a.clock = a.events[0].at = 5;
    if (random[2] % 50 == 2) a.clock += 90'000;
    if (random[2] % 50 == 3) a.events.clear();
    if (random[2] % 50 == 4) site.door.unreadable(a, "a\tb");
    if (random[2] % 200 == 5)
      site.door.clock_answer(a.source, {a.arrived, a.arrived + 10, a.clock - 7'000});
    site.take(a);
    if (k % 10 == 0) site.door.pass(a.arrived);
    if (random[2] % 50 == 6 && !site.door.quarantine().empty()) {
      const auto& q = site.door.quarantine()[random[3] % site.door.quarantine().size()];
      if (q.observation) {
        static_cast<void>(site.release(*q.observation, "right", a.arrived));
      }
    }
    if (k == 1'500) saved = core::load<DoorMemory>(core::save(site.door.memory()));
  }
  Site again, on;
  for (const core::Entry& entry : site.recorder.all) again.door.learn(entry);
  EXPECT_EQ(again.door.memory(), site.door.memory());
  const auto rest = static_cast<std::ptrdiff_t>(saved.entries);
  on.door.restore(std::move(saved));
  std::for_each(site.recorder.all.begin() + rest, site.recorder.all.end(),
                [&](const core::Entry& entry) { on.door.learn(entry); });
  EXPECT_EQ(on.door.memory(), site.door.memory());
  EXPECT_GT(site.door.memory().quarantined, 20U);
}

TEST(Door, RefusesARecordWhoseSourcesHaveNoNames) {
  // If this failed, one entry of another program's record would take all memory.
  Site site;
  site.take(site.move(1));
  Site again;
  again.door.learn(site.recorder.all[0]);
  EXPECT_EQ(
      contract::refusal(
          [&] { again.door.learn(core::Observation{.sensor = 4'000'000'000, .sensor_seq = 1}); }),
      "entry 1 is of source 4000000000, which no entry before it names (is it the record of a "
      "site?)");
}

TEST(Door, SetsAsideWithReasonAndReleasesWhatAPersonVouchesFor) {
  // If this failed, a wrong value would be believed, or an honest one be lost for ever.
  Site site;
  Arrival a = site.move(4);
  a.events[0].kind = event::Kind::Measurement;
  a.events[0].item = site.names.add(event::Table::Item, "chuck");
  a.events[0].value = -300.0;
  a.events[0].unit = event::Unit::Celsius;
  a.raw = {7, 8};
  EXPECT_EQ(site.take(a), Taken::Quarantined);
  EXPECT_EQ(site.take(a), Taken::Duplicate);
  ASSERT_EQ(site.door.quarantine().size(), 1U);
  const Quarantined q = site.door.quarantine()[0];
  EXPECT_EQ(q.reason, "out-of-range");
  EXPECT_EQ(q.words, "measurement of lot L4 in tool T0 (chuck): -300 Cel (-273.15 to 20000)");
  const auto& o = std::get<core::Observation>(site.recorder.all[*q.observation]);
  EXPECT_TRUE(o.event.empty());
  EXPECT_EQ(o.raw, a.raw);

  EXPECT_EQ(site.release(*q.observation, "cryo chuck", Start + 9), Release::Made);
  EXPECT_EQ(site.notes("release"),
            (std::vector<std::string>{std::to_string(*q.observation) + "\teva\tcryo chuck"}));
  const auto& c = std::get<core::Correction>(site.recorder.all.back());
  EXPECT_EQ(c.amends, q.observation);
  std::vector<event::Event> events;
  ASSERT_TRUE(event::Packer().unpack(c.now.event, events));
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].value, -300.0);
  EXPECT_EQ(c.now.raw, a.raw);
  EXPECT_EQ(site.release(*q.observation, "", 0), Release::Already);
  EXPECT_EQ(site.release(0, "", 0), Release::Unknown);
}

TEST(Door, AbsurdButWellFormedIsSetAside) {
  // If this failed, grammar would be taken for truth (fault test 12).
  Site site;
  const auto reason = [&](const Arrival& a) {
    return site.take(a) == Taken::Quarantined ? site.door.quarantine().back().reason : "";
  };
  // A million lots are done within a millisecond: as many are taken as one second may hold.
  std::size_t aside = 0;

  for (std::uint64_t k = 0; k < 20'000; ++k) {
    Arrival a = site.move(k);
    a.events[0].lot = site.lot("M" + std::to_string(k));
    a.clock = a.events[0].at = Start;
    a.arrived = Start + 5;
    if (site.take(a) == Taken::Quarantined) ++aside;
  }
  EXPECT_EQ(aside, 20'000U - 1'000U);
  EXPECT_EQ(site.door.quarantine().back().reason, "too-fast");

  const auto phase = [&](std::uint64_t seq, event::Kind kind, const char* tool, core::Tick at) {
    Arrival a = site.move(seq, 1);
    a.source = std::string("secs/") + tool;
    a.events[0].kind = kind;
    a.events[0].lot = site.lot("X");
    a.events[0].tool = site.names.add(event::Table::Tool, tool);
    a.events[0].visit = 7;
    a.clock = a.events[0].at = at;
    a.arrived = at + 10;
    return a;
  };
  const core::Tick later = Start + 100'000;
  EXPECT_EQ(reason(phase(1, event::Kind::ProcessingStarted, "A", later)), "");
  EXPECT_EQ(reason(phase(1, event::Kind::ProcessingStarted, "B", later + 500)), "two-tools");
  EXPECT_EQ(reason(phase(2, event::Kind::ProcessingEnded, "A", later - 60'000)),
            "ended-before-started");
  EXPECT_EQ(reason(phase(3, event::Kind::Unloaded, "A", later + 90'000)), "");
  EXPECT_EQ(reason(phase(4, event::Kind::ProcessingEnded, "A", later + 95'000)),
            "ended-before-started");
  Arrival next = phase(9, event::Kind::LoadStarted, "B", later - 600'000);
  next.events[0].visit = 8;
  EXPECT_EQ(reason(next), "two-tools");
}

TEST(Door, HonestMessagesMayComeInAnyOrder) {
  // If this failed, a slow line would put honest lots into quarantine (fault test 7): all moves of
  // 40 lots through 5 tools, from each tool its own source, wholly shuffled.
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    const core::Draw draw{.seed = seed};
    Site site;
    std::vector<Arrival> all;
    for (std::uint32_t lot = 0; lot < 40; ++lot) {
      core::Tick at = Start + lot * 1'000;
      for (std::uint32_t visit = 0; visit < 10; ++visit) {
        const std::uint32_t tool = draw.block(1, lot, visit)[0] % 5;
        for (const auto kind : {event::Kind::LoadStarted, event::Kind::ProcessingStarted,
                                event::Kind::ProcessingEnded, event::Kind::Unloaded}) {
          Arrival a = site.move(0, tool);
          a.events[0].kind = kind;
          a.events[0].lot = site.lot("L" + std::to_string(lot));
          a.events[0].visit = visit;
          a.clock = a.events[0].at = at += 30'000;
          a.arrived = Start + 20'000'000;
          all.push_back(a);
        }
      }
    }
    std::ranges::stable_sort(all, {}, &Arrival::clock);
    std::map<std::string, std::uint64_t> seqs;
    for (Arrival& a : all) a.seq = ++seqs[a.source];
    for (std::size_t k = all.size() - 1; k > 0; --k)
      std::swap(all[k], all[draw.block(2, static_cast<std::uint32_t>(k), 0)[0] % (k + 1)]);
    for (const Arrival& a : all)
      ASSERT_EQ(site.take(a), Taken::Accepted)
          << "seed " << seed << ": " << site.door.quarantine().back().words;
  }
}

TEST(Door, SkewIsRaisedWithinAMinuteAndTimesArePutRight) {
  // If this failed, the mirror would see a lot end in one tool before it began there (test 10).
  Site site;
  std::optional<core::Tick> raised;
  for (std::uint64_t seq = 1; seq < 200; ++seq) {
    Arrival a = site.move(seq);
    const core::Tick truth = a.clock;
    a.clock -= 90'000;
    a.events[0].at -= 90'000;
    site.take(a);
    const auto o = std::get<core::Observation>(site.recorder.all.back());
    site.door.pass(a.arrived);
    if (!raised && !site.notes("alarm").empty()) raised = a.arrived - site.move(1).arrived;
    if (!raised || o.arrived - *raised <= site.move(1).arrived) continue;
    std::vector<event::Event> events;
    ASSERT_TRUE(event::Packer().unpack(o.event, events));
    EXPECT_NEAR(static_cast<double>(o.at - truth), 0.0, 1'500.0);
    EXPECT_EQ(events[0].at, o.at);
  }
  ASSERT_TRUE(raised);
  EXPECT_LE(*raised, 60'000);
  EXPECT_EQ(site.notes("alarm").size(), 1U);
  EXPECT_TRUE(site.notes("alarm")[0].starts_with("skew\tsecs/T0\traised\t900"));
  EXPECT_TRUE(site.state().skewed);
}

TEST(Door, AcceleratedSiteKeepsItsHonestTimes) {
  // If this failed, a plant at 1,000 times our speed would have all its times moved by what a
  // message takes: 0.2 to 1.2 s of ours are minutes of its.
  const core::Draw draw{.seed = 4};
  Site site(at_speed({}, 1'000.0));
  for (std::uint64_t seq = 1; seq < 500; ++seq) {
    Arrival a = site.move(seq * 60);
    a.seq = seq;
    a.arrived += 200'000 + draw.block(1, static_cast<std::uint32_t>(seq), 0)[0] % 1'000'000;
    ASSERT_EQ(site.take(a), Taken::Accepted);
    EXPECT_EQ(std::get<core::Observation>(site.recorder.all.back()).at, a.clock);
    site.door.pass(a.arrived);
  }
  EXPECT_TRUE(site.notes("alarm").empty());
  EXPECT_EQ(at_speed({}, 0.5).clock.resolution_ms, DoorOptions().clock.resolution_ms);
}

TEST(Door, FilesClocksAreTakenAsTheyAre) {
  // If this failed, last year's log would be moved to today.
  Site site;
  for (std::uint64_t seq = 1; seq < 100; ++seq) {
    Arrival a = site.move(seq);
    a.source = "file/moves";
    a.arrived += 365LL * 86'400'000;
    site.take(a);
    EXPECT_EQ(std::get<core::Observation>(site.recorder.all.back()).at, a.clock);
  }
  EXPECT_EQ(site.state("file/moves").offset_ms, 0);
}

TEST(Door, FullRecordRefusesAndTakesAgainLater) {
  // If this failed, a full disk would lose messages, or take one without its names.
  Site site;
  site.recorder.room = 1;  // the names fit, the message does not
  EXPECT_EQ(site.take(site.move(1)), Taken::Refused);
  site.recorder.room = 0;
  EXPECT_EQ(site.take(site.move(2, 3)), Taken::Refused);
  EXPECT_EQ(site.door.counts().refused, 2U);
  site.recorder.room = 1'000;
  EXPECT_EQ(site.take(site.move(2, 3)), Taken::Accepted);
  EXPECT_EQ(site.take(site.move(1)), Taken::Accepted);
  Site again;
  for (const core::Entry& entry : site.recorder.all) again.door.learn(entry);
  EXPECT_EQ(again.door.memory(), site.door.memory());
}

TEST(Door, StormMeetsBackPressureAndLosesNothing) {
  // If this failed, ten times the usual traffic would fill the memory or be dropped (test 14). The
  // record makes 100 a turn durable, 1,000 come; what is refused comes again.
  Site site({.waiting_max = 500});
  std::deque<std::uint64_t> edge;  // the source's own log
  std::set<std::uint64_t> held;
  std::uint64_t next = 0;
  for (int turn = 0; turn < 1'200 && (turn < 50 || !edge.empty() || site.door.waiting() > 0);
       ++turn) {
    if (turn < 50) {
      for (int k = 0; k < 1'000; ++k) edge.push_back(next++);
    }
    while (!site.door.full() && !edge.empty()) {
      const std::uint64_t seq = edge.front();
      edge.pop_front();
      site.door.take(site.move(seq), site.names, [&, seq](Taken t) {
        if (t == Taken::Refused) edge.push_back(seq);
        if (t == Taken::Accepted) held.insert(seq);
      });
      ASSERT_LE(site.door.waiting(), 500U);
    }
    site.door.on_durable(std::min(site.recorder.size(), site.durable += 100));
  }
  EXPECT_EQ(held.size(), 50'000U);
  EXPECT_EQ(site.state().missing, 0U);
}

TEST(Door, SaysHowOldASourcesWordIs) {
  // If this failed, a frozen feed would look like a quiet fab.
  Site site;
  const Arrival a = site.move(1);
  site.take(a);
  EXPECT_FALSE(site.door.source("secs/T0", a.arrived + 60'000)->stale);
  const SourceState late = *site.door.source("secs/T0", a.arrived + 60'001);
  EXPECT_TRUE(late.stale);
  EXPECT_EQ(late.age_ms, 60'001);
  EXPECT_EQ(late.last_heard, a.arrived);
  EXPECT_FALSE(site.door.source("secs/T9", a.arrived));
}

TEST(Door, KeepsSomeOfWhatCannotBeReadAndCountsTheRest) {
  // If this failed, garbage would vanish in silence, or fill the disk (fault test 11).
  Site site;
  Arrival a = site.move(1);
  a.raw.assign(100'000, 0xAB);
  for (int k = 0; k < 1'000; ++k) site.door.unreadable(a, "payload: byte 1: no JSON");
  EXPECT_EQ(site.door.counts().unreadable, 1'000U);
  EXPECT_EQ(site.door.counts().unreadable_dropped, 900U);
  ASSERT_EQ(site.door.quarantine().size(), 100U);
  EXPECT_EQ(site.door.quarantine()[0].reason, "unreadable");
  EXPECT_LT(site.notes("quarantine")[0].size(), 132'000U);
  a.source = "bad\nname";
  EXPECT_EQ(site.take(a), Taken::Quarantined);
  EXPECT_EQ(site.door.quarantine().back().source, "bad?name");
}

TEST(Door, NewEpochCountsAnew) {
  // If this failed, a tool that was started again would be taken for its own echo.
  Site site;
  for (const std::uint64_t seq : {1U, 2U, 3U}) site.take(site.move(seq));
  Arrival a = site.move(1);
  a.epoch = 2;
  a.clock = a.events[0].at += 60'000;
  a.arrived += 60'000;
  EXPECT_EQ(site.take(a), Taken::Accepted);
  EXPECT_EQ(site.take(a), Taken::Duplicate);
  EXPECT_EQ(site.take(site.move(4)), Taken::Accepted);  // from before, late
  EXPECT_EQ(site.state().missing, 0U);
}

TEST(Door, ClosedDoorRefusesWhoeverWaits) {
  // If this failed, a source would wait for ever for a twin that is shutting down.
  Site site;
  Taken taken = Taken::Accepted;
  site.door.take(site.move(1), site.names, [&](Taken t) { taken = t; });
  site.door.close();
  EXPECT_EQ(taken, Taken::Refused);
  EXPECT_EQ(site.take(site.move(2)), Taken::Refused);
}

}  // namespace
}  // namespace twin::link
