// If these failed, a tool's reports would be lost, doubled or acknowledged before they are safe, or a
// host would hang on a tool that answers otherwise than most.
#include "twin/link/gem/host.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "twin/link/gem/simulated_line.hpp"
#include "twin/link/secs/changes.hpp"

namespace twin::link::gem {
namespace {

const EquipmentModel& fab_tool() {
  static const EquipmentModel model(
      tool::read_description(std::filesystem::path("data/tools/fab-tool.toml")));
  return model;
}

HostOptions site() { return {.tool = "TOOL", .configuration = hsms::Configuration::BySiteFile}; }

std::uint32_t event_named(const EquipmentModel& m, std::string_view name) {
  for (std::size_t k = 0; k < m.description.events.size(); ++k) {
    if (m.description.events[k].name == name) return static_cast<std::uint32_t>(k);
  }
  return None;
}

// The counters of the reports that were taken, in order.
struct Taking {
  explicit Taking(SimulatedLine& line) {
    line.take = [this](const News& news) {
      std::uint32_t event = 0;
      std::vector<tool::Told> told;
      if (news.message.is(6, 11) &&
          fab_tool().hearing.values(*news.message.body, event, told) == tool::Heard::Understood) {
        const tool::Stamp stamp = fab_tool().hearing.stamp(told);
        if (!stamp.counter) return Taken::Accepted;  // of the machinery
        counters.push_back(*stamp.counter);
        clocks[counters.back()] = stamp.clock.value_or(0);
      }
      return Taken::Accepted;
    };
  }
  std::vector<std::uint64_t> counters;
  std::map<std::uint64_t, Tick> clocks;
};

TEST(Host, BringsAToolToReports) {
  Equipment equipment(fab_tool(), {.start = Start::HostOffline, .reports = Reports::Bare});
  Host host(fab_tool(), site());
  SimulatedLine line(host, equipment, {});
  Taking taking(line);
  std::map<News::What, int> news;
  line.heard = [&](const News& n) { ++news[n.what]; };
  line.run(2'000);
  EXPECT_EQ(host.phase(), Phase::Running);
  EXPECT_EQ(host.control(), Control::Remote);
  EXPECT_EQ(equipment.control(), Control::Remote);
  EXPECT_EQ(news[News::What::Snapshot], 1);
  EXPECT_EQ(news[News::What::Clock], 1);
  EXPECT_EQ(news[News::What::Denied], 0);
  EXPECT_EQ(news[News::What::Difference], 0);
  EXPECT_EQ(news[News::What::Unsupported], 0);
  EXPECT_EQ(host.memory().sessions, 1U);
  EXPECT_NE(host.memory().defined, 0U);
  ASSERT_TRUE(equipment.raise(event_named(fab_tool(), "LoadStarted"), line.now));
  line.run(1'000);
  EXPECT_EQ(taking.counters, (std::vector<std::uint64_t>{0}));
  EXPECT_EQ(equipment.waiting(), 0U);
}

TEST(Host, WhatTheToolKeptIsNotDefinedAgain) {
  // Each reconnection would cost a busy tool a minute of definitions, during which it is deaf.
  Equipment equipment(fab_tool(), {.reports = Reports::Bare});
  HostMemory memory;
  const auto definitions = [&] {
    Host host(fab_tool(), site(), memory);
    SimulatedLine line(host, equipment, {});
    line.run(3'000);
    EXPECT_EQ(host.phase(), Phase::Running);
    memory = host.memory();
    line.cut();
    return host.counts().definitions;
  };
  EXPECT_EQ(definitions(), 1U);
  EXPECT_EQ(definitions(), 0U);
  equipment = Equipment(fab_tool(), {.reports = Reports::Bare});  // it has forgotten
  EXPECT_EQ(definitions(), 1U);
  EXPECT_EQ(memory.sessions, 3U);
}

TEST(Host, NothingIsLostWhereverTheLineIsCut) {
  // P1: what was acknowledged is durable, what was not comes again. The line is cut after each chunk
  // of bytes in turn, once during start-up and once while reports flow.
  std::size_t made_in_all = 0;
  std::uint64_t chunks = 1;  // that the first run has, whose line is never cut
  for (std::uint64_t cut = 0; cut < chunks; ++cut) {
    Equipment equipment(fab_tool(), {.window = 1 + static_cast<std::uint32_t>(cut % 3)});
    Host host(fab_tool(), site());
    SimulatedLine line(host, equipment, {});
    Taking taking(line);
    line.cut_after_frames = cut;
    std::set<std::uint64_t> made;
    for (int k = 0; k < 40; ++k) {
      const std::uint64_t number = equipment.counter();
      if (equipment.raise(event_named(fab_tool(), "LoadStarted"), line.now)) made.insert(number);
      line.run(30);
    }
    line.run(60'000);
    if (host.phase() != Phase::Running) line.run(30'000);  // it was cut at the very end
    if (cut == 0) chunks = line.chunks();
    made_in_all += made.size();
    const std::set<std::uint64_t> taken(taking.counters.begin(), taking.counters.end());
    EXPECT_EQ(equipment.spooled(), 0U) << "cut " << cut;
    EXPECT_EQ(equipment.waiting(), 0U) << "cut " << cut;
    EXPECT_EQ(equipment.counts().lost, 0U) << "cut " << cut;
    for (const std::uint64_t number : made)
      EXPECT_TRUE(taken.contains(number)) << cut << " " << number;
    EXPECT_EQ(host.phase(), Phase::Running) << "cut " << cut;
  }
  EXPECT_GT(chunks, 60U);  // the start takes 44 of them
  EXPECT_GT(made_in_all, 200U);
}

TEST(Host, ReportsOfADownLineComeLaterWithTheirOwnTimes) {
  Equipment equipment(fab_tool(), {});
  Host host(fab_tool(), site());
  SimulatedLine line(host, equipment, {});
  Taking taking(line);
  line.run(2'000);
  line.cut();
  line.hold_down(line.now + 3'600'000);
  std::map<std::uint64_t, Tick> when;
  for (int k = 0; k < 60; ++k) {
    line.run(60'000);
    const std::uint64_t number = equipment.counter();
    if (equipment.raise(event_named(fab_tool(), "Unloaded"), line.now)) when[number] = line.now;
  }
  line.run(300'000);
  EXPECT_GE(when.size(), 59U);
  for (const auto& [number, at] : when) EXPECT_EQ(taking.clocks[number], at) << number;
  EXPECT_FALSE(equipment.spooling());
  EXPECT_TRUE(std::ranges::is_sorted(taking.counters));
}

TEST(Host, NothingIsAcknowledgedBeforeItIsDurable) {
  Equipment equipment(fab_tool(), {});
  Host host(fab_tool(), site());
  SimulatedLine line(host, equipment, {.durable = 20'000});
  std::uint64_t handed_out = 0;
  line.take = [&](const News&) {
    ++handed_out;
    return Taken::Accepted;
  };
  line.run(30'000);
  const std::uint64_t before = handed_out;
  equipment.raise(event_named(fab_tool(), "LoadStarted"), line.now);
  line.run(19'000);
  EXPECT_EQ(handed_out, before + 1);
  EXPECT_EQ(equipment.waiting(), 1U);  // not yet
  line.run(2'000);
  EXPECT_EQ(equipment.waiting(), 0U);
}

TEST(Host, WhatIsRefusedStaysWithTheToolAndIsAskedForAgain) {
  // A full disk would lose reports, or stop the tool.
  Equipment equipment(fab_tool(), {});
  Host host(fab_tool(), site());
  SimulatedLine line(host, equipment, {});
  line.run(5'000);
  bool full = true;
  std::set<std::uint64_t> taken;
  line.take = [&](const News& news) {
    if (full) return Taken::Refused;
    if (news.message.is(6, 11)) taken.insert(taken.size());
    return Taken::Accepted;
  };
  for (int k = 0; k < 5; ++k) equipment.raise(event_named(fab_tool(), "LoadStarted"), line.now);
  line.run(100'000);  // T3 passes
  EXPECT_EQ(taken.size(), 0U);
  EXPECT_GE(equipment.spooled(), 5U);
  full = false;
  line.run(200'000);
  EXPECT_GE(taken.size(), 5U);
  EXPECT_EQ(equipment.spooled(), 0U);
  EXPECT_EQ(equipment.counts().lost, 0U);
}

TEST(Host, SendsNothingThatChangesAToolWithoutAPermit) {
  Equipment equipment(fab_tool(), {});
  Host host(fab_tool(), site());
  SimulatedLine line(host, equipment, {});
  line.run(2'000);
  std::vector<News> answers;
  line.heard = [&](const News& n) {
    if (n.what == News::What::Answer) answers.push_back(n);
  };
  const auto command =
      secs::primary(2, 41, secs::Reply::Wanted,
                    secs::list(secs::ascii("HOLD"),
                               secs::list(secs::list(secs::ascii("LOT"), secs::ascii("L1")))));
  EXPECT_EQ(host.ask(command).first, Request::NeedsPermit);
  auto other = command;
  other.body = secs::list(secs::ascii("RELEASE"), secs::list());
  EXPECT_EQ(host.ask(command, guard::TestGuard::grant("TOOL", secs::permit_bytes(other))).first,
            Request::NeedsPermit);
  EXPECT_EQ(host.ask(command, guard::TestGuard::grant("OTHER", secs::permit_bytes(command))).first,
            Request::NeedsPermit);
  EXPECT_EQ(host.ask(command, guard::TestGuard::grant("TOOL", secs::permit_bytes(command))).first,
            Request::Queued);
  line.run(100);
  bool asked = false;
  while (auto h = equipment.happened()) {
    if (h->what != Happening::What::Command) continue;
    asked = true;
    EXPECT_EQ(h->name, "HOLD");
    equipment.answer(h->request, {.code = Hcack::Later});
  }
  EXPECT_TRUE(asked);
  line.run(100);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].message.at(0)->as_u64(), 4U);
  equipment.switch_to(Control::Local, line.now);
  line.run(100);
  EXPECT_EQ(host.ask(command, guard::TestGuard::grant("TOOL", secs::permit_bytes(command))).first,
            Request::NotRemote);
}

TEST(Host, WithoutTheSitesWordItOnlyReads) {
  Equipment equipment(fab_tool(), {});
  Host host(fab_tool(), {.tool = "TOOL"});
  SimulatedLine line(host, equipment, {.configuration = hsms::Configuration::NeedsPermit});
  line.run(5'000);
  EXPECT_EQ(host.phase(), Phase::Running);
  EXPECT_TRUE(equipment.raise(event_named(fab_tool(), "LoadStarted"), line.now));  // as its file
  EXPECT_EQ(host.memory().defined, 0U);
}

TEST(Host, FollowsTheToolOffLineAndBack) {
  Equipment equipment(fab_tool(), {});
  Host host(fab_tool(), site());
  SimulatedLine line(host, equipment, {});
  line.run(2'000);
  equipment.go_offline(line.now);
  line.run(1'000);
  EXPECT_EQ(host.phase(), Phase::Offline);
  line.run(60'000);
  EXPECT_EQ(host.phase(), Phase::Offline);  // the operator has it
  equipment.go_online(line.now);
  line.run(5'000);
  EXPECT_EQ(host.phase(), Phase::Running);
  EXPECT_EQ(host.control(), Control::Remote);
}

TEST(Host, AThousandToolsStartAtOnce) {
  std::vector<std::unique_ptr<Equipment>> equipments;
  std::vector<std::unique_ptr<Host>> hosts;
  std::vector<std::unique_ptr<SimulatedLine>> lines;
  for (int k = 0; k < 1'000; ++k) {
    equipments.push_back(std::make_unique<Equipment>(fab_tool(), EquipmentOptions{}));
    hosts.push_back(std::make_unique<Host>(fab_tool(), site()));
    lines.push_back(std::make_unique<SimulatedLine>(*hosts.back(), *equipments.back(),
                                                    SimulatedLine::Options{}));
    lines.back()->run(2'000);
    EXPECT_EQ(hosts.back()->phase(), Phase::Running) << k;
  }
}

}  // namespace
}  // namespace twin::link::gem
