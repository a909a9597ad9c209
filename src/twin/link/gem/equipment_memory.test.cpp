// If these failed, a tool that was saved and loaded again would lose reports, say them twice, or go on
// from another state: a simulated fab could not be stopped and resumed.
#include "twin/link/gem/equipment_memory.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twin/link/gem/equipment_test.hpp"
#include "twin/link/gem/simulated_line.hpp"

namespace twin::link::gem {
namespace {

const EquipmentModel& etcher() {
  static const EquipmentModel model(tool::read_description(Etcher, "etcher.toml"));
  return model;
}

EquipmentMemory again(const EquipmentMemory& memory) {
  return core::load<EquipmentMemory>(core::save(memory));
}

struct Outcome {
  std::vector<std::pair<Tick, std::vector<std::uint8_t>>> reports = {};  // as they came
  EquipmentMemory memory = {};
  std::uint64_t saves = 0;
};

// A busy hour of a tool whose line is cut now and then. With `every` it is another object each so many
// ms: what was loaded of what the one before saved. 0: never.
Outcome lived(Tick every) {
  Equipment equipment(etcher(), {.reports = Reports::Bare, .window = 3});
  Host host(etcher(), {.tool = "TOOL", .configuration = hsms::Configuration::BySiteFile});
  SimulatedLine line(host, equipment, {.window = 3});
  Outcome out;
  line.take = [&](const News& news) {
    out.reports.emplace_back(line.now, news.frame);
    return Taken::Accepted;
  };
  const Tick begin = line.now, end = begin + 3'600'000;
  for (std::uint32_t k = 0; line.now < end; ++k) {
    // Between two of these: in the midst of whatever is on the line.
    for (Tick until = line.now + 1'003; line.now < until;) {
      const Tick step = every == 0 ? until - line.now : std::min(every, until - line.now);
      line.run(step);
      if (every == 0) continue;
      equipment =
          Equipment(etcher(), {.reports = Reports::Bare, .window = 3}, again(equipment.memory()));
      ++out.saves;
    }
    equipment.set(3, secs::f8(0.1 * (k % 977)), line.now);
    (void)equipment.raise(0, line.now);
    if (k % 5 == 0) equipment.alarm(k % 2, k % 3 == 0, line.now);
    if (k % 97 == 0) equipment.store_recipe("R" + std::to_string(k), secs::ascii("do"));
    if (k % 301 == 300) line.cut();
    if (k % 1'201 == 1'200) equipment.go_offline(line.now);
    if (k % 1'201 == 1'210 % 1'201) equipment.go_online(line.now);
  }
  out.memory = equipment.memory();
  return out;
}

TEST(EquipmentMemory, GoesOnAsIfNothingHadHappened) {
  const Outcome whole = lived(0);
  EXPECT_GT(whole.reports.size(), 3'000U);
  EXPECT_GT(whole.memory.counts.spooled, 10U);
  for (const Tick every : {17, 1'003}) {
    const Outcome parts = lived(every);
    EXPECT_GT(parts.saves, 3'000U);
    EXPECT_EQ(parts.reports, whole.reports) << every;
    EXPECT_EQ(core::diff(parts.memory, whole.memory), "") << every;
    EXPECT_EQ(parts.memory, whole.memory) << every;
  }
}

TEST(EquipmentMemory, HoldsEverySortOfThing) {
  Spoken tool({.reports = Reports::AsFile});
  tool.begin();
  EXPECT_EQ(tool.code(2, 23,
                      secs::list(secs::u4(3), secs::ascii("000001"), secs::u4(100), secs::u4(10),
                                 secs::list(secs::u4(4)))),
            0);
  EXPECT_EQ(tool.code(2, 45,
                      secs::list(secs::u4(0),
                                 secs::list(secs::list(
                                     secs::u4(4), secs::list(secs::list(
                                                      secs::binary(1),
                                                      secs::list(secs::f8(50), secs::f8(40)))))))),
            0);
  EXPECT_EQ(tool.code(2, 43, secs::list(secs::list(secs::u1(6), secs::list(secs::u1(11))))), 0);
  (void)tool.ask(2, 41,
                 secs::list(secs::ascii("START"),
                            secs::list(secs::list(secs::ascii("LOT"), secs::ascii("L1")))));
  tool.equipment.store_recipe("R1", secs::list(secs::ascii("step"), secs::f8(0.5)));
  tool.now += 5'000;
  tool.equipment.tick(tool.now);
  (void)tool.equipment.raise(0, tool.now);
  const EquipmentMemory& memory = tool.equipment.memory();
  EXPECT_FALSE(memory.traces.empty() || memory.limits.empty() || memory.recipes.empty() ||
               memory.commands.empty() || memory.waiting.empty() || memory.open.empty() ||
               memory.outbox.empty() || memory.happenings.empty());
  EXPECT_EQ(again(memory), memory);
}

// Each member by hand, since one that is not listed comes back as it is at first.
TEST(EquipmentMemory, ForgetsNoMember) {
  const secs::Message m = secs::primary(6, 11, secs::Reply::Wanted, secs::u4(7));
  EquipmentMemory all = {.communication = Communication::WaitDelay,
                         .control = Control::Local,
                         .control_told = Control::Remote,
                         .wants_online = true,
                         .line = true,
                         .retry_at = 5,
                         .offset_ms = -3,
                         .epoch = 2,
                         .counter = 9,
                         .next_ticket = 4,
                         .next_request = 6,
                         .dataid = 8,
                         .values = {secs::f8(0.5)},
                         .events = {{.reports = {secs::Key("R")}, .enabled = true}},
                         .reports = {{secs::Key(3), {1, 2}}},
                         .alarm_set = {1},
                         .alarm_enabled = {0, 1}};
  all.traces = {{.id = 5,
                 .period = 10,
                 .next = 20,
                 .total = 30,
                 .group = 2,
                 .taken = 7,
                 .variables = {0},
                 .samples = {secs::u1(1)}}};
  all.limits[4][1] = {.upper = 2.0, .lower = 1.0, .zone = -1};
  all.recipes["r"] = secs::ascii("do");
  all.spooled_kinds = {{6, 0}};
  all.waiting.push_back({.message = m, .ticket = 3, .granted = false});
  all.spool.push_back(m);
  all.spool_active = true;
  all.spool_told = false;
  all.unloading = 4;
  all.unload_sent = true;
  all.spool_total = 11;
  all.spool_since = 12;
  all.spool_full = 13;
  all.open.push_back({.what = EquipmentMemory::Asked::Grant, .ticket = 2, .system = 77});
  all.conversations.push_back(
      {.message = "S07F03", .id = secs::u1(1), .stream = 7, .function = 3, .until = 99});
  all.commands.push_back({.request = 5, .message = m});
  all.happenings.push_back({.what = Happening::What::Command,
                            .request = 1,
                            .index = 2,
                            .name = "n",
                            .object = "o",
                            .text = "t",
                            .parameters = {{"p", secs::u1(3)}}});
  all.outbox.put({.message = m, .ticket = 6, .permit = {}});
  all.counts = {
      .reported = 1, .acknowledged = 2, .spooled = 3, .lost = 4, .aborted = 5, .complaints = 6};
  EXPECT_EQ(again(all), all);
}

TEST(EquipmentMemory, OfAnotherClassOfToolsIsRefused) {
  Spoken tool;
  EquipmentMemory memory = tool.equipment.memory();
  memory.values.pop_back();
  EXPECT_EQ(contract::refusal([&] { (void)Equipment(etcher(), {}, memory); }),
            "the saved state of an equipment is of another class than 'etcher'; was its file "
            "changed?");
  EquipmentMemory beyond = tool.equipment.memory();
  beyond.reports[secs::Key(5)] = {100'000};
  EXPECT_NE(contract::refusal([&] { (void)Equipment(etcher(), {}, beyond); }), "");
}

}  // namespace
}  // namespace twin::link::gem
