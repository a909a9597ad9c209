// If these failed, what a tool said would reach the door under another name, number or time.
#include "twin/link/gem/adapter.hpp"

#include <gtest/gtest.h>

#include "twin/link/gem/simulated_line.hpp"

namespace twin::link::gem {
namespace {

using event::Kind;
using event::Names;
using event::Table;

constexpr const char* File = R"(
[class]
name = "t"
time_format = "iso"
[[variables]]
id = 1
name = "N"
format = "U8"
role = "counter"
[[variables]]
id = 2
name = "T"
role = "clock"
[[variables]]
id = 3
name = "E"
format = "U4"
role = "epoch"
[[variables]]
id = 4
name = "Lot"
class = "discrete"
[[variables]]
id = 5
name = "P"
format = "F8"
[[variables]]
id = 6
name = "Step"
class = "discrete"
format = "U4"
[[variables]]
id = 7
name = "State"
format = "U1"
default = 1
states = { "1" = "standby", "2" = "productive" }
[fields]
lot = "Lot"
step = "Step"
[[reports]]
id = 1
variables = ["N", "E", "T", "Lot", "Step"]
[[reports]]
id = 2
variables = ["Lot"]
[[events]]
id = 10
name = "Start"
reports = [1]
kind = "processing_started"
[[events]]
id = 11
name = "Uncounted"
reports = [2]
kind = "unloaded"
[[alarms]]
id = 7
text = "hot"
state = "unscheduled_down"
[[traces]]
id = 3
period_s = 1
samples = 4
group = 2
signals = [{ variable = "P", parameter = "pressure", unit = "Pa" }]
)";

// A tool, its host and what came of it.
struct Rig {
  Rig() {
    line.take = [this](const News& n) {
      reads.push_back(adapter.read(n, host.memory().sessions, names));
      return Taken::Accepted;
    };
    line.heard = [this](const News& n) {
      if (n.what == News::What::Snapshot)
        reads.push_back(adapter.read(n, host.memory().sessions, names));
    };
  }
  EquipmentModel model{tool::read_description(File, "t.toml")};
  Equipment equipment{model, {.reports = Reports::Bare, .epoch = 3}};
  Host host{model, {.tool = "TOOL", .configuration = hsms::Configuration::BySiteFile}};
  SimulatedLine line{host, equipment, {}};
  Names names;
  Adapter adapter{model, "ETCH_01"};
  std::vector<Read> reads;
};

TEST(Adapter, SourcesNumbersAndTimesAreTheTools) {
  Rig rig;
  rig.line.run(900);
  ASSERT_EQ(rig.reads.size(), 1U);  // the snapshot
  EXPECT_EQ(rig.reads[0].arrival->source, "secs/ETCH_01/host");
  ASSERT_EQ(rig.reads[0].arrival->events.size(), 1U);
  EXPECT_EQ(rig.reads[0].arrival->events[0].kind, Kind::ToolStateChanged);
  rig.reads.clear();
  rig.equipment.set(3, secs::ascii("L1"), rig.line.now);
  rig.equipment.set(5, secs::u4(17), rig.line.now);
  const Tick when = rig.line.now;
  rig.equipment.raise(0, when);
  rig.equipment.raise(1, when);
  rig.equipment.alarm(0, true, when);
  rig.line.run(100);
  ASSERT_EQ(rig.reads.size(), 3U);
  const Arrival& start = *rig.reads[0].arrival;
  EXPECT_EQ(start.source, "secs/ETCH_01");
  EXPECT_EQ(start.epoch, 3U);
  EXPECT_EQ(start.seq, 0U);
  EXPECT_EQ(start.clock, when);
  EXPECT_GT(start.arrived, when);
  ASSERT_EQ(start.events.size(), 1U);
  EXPECT_EQ(start.events[0].at, when);
  EXPECT_EQ(start.events[0].step, 17U);
  EXPECT_EQ(rig.names.name(Table::Lot, start.events[0].lot), "L1");
  EXPECT_EQ(rig.names.name(Table::Tool, start.events[0].tool), "ETCH_01");
  EXPECT_EQ(start.raw.at(2), 0x86);  // header and text of S6F11, W
  EXPECT_EQ(start.raw.at(3), 11);
  const Arrival& uncounted = *rig.reads[1].arrival;
  EXPECT_EQ(uncounted.source, "secs/ETCH_01/host");
  EXPECT_EQ(uncounted.epoch, 1U);
  EXPECT_EQ(uncounted.seq, 1U);  // after the snapshot
  EXPECT_EQ(uncounted.clock, uncounted.arrived);
  const Arrival& alarm = *rig.reads[2].arrival;
  ASSERT_EQ(alarm.events.size(), 3U);
  EXPECT_EQ(alarm.events[0].kind, Kind::AlarmSet);
  EXPECT_EQ(alarm.events[2].kind, Kind::ToolDown);
}

TEST(Adapter, AnAnswerIsNoChange) {
  // Wrong: what the tool spooled before it was asked is older, and would be told as a change back.
  Rig rig;
  rig.line.run(900);
  ASSERT_EQ(rig.reads.size(), 1U);
  const Arrival& state = *rig.reads[0].arrival;
  EXPECT_EQ(state.events[0].value, 2.0);  // standby
  EXPECT_EQ(state.raw.at(2), 0x01);       // S1F4, whole
  EXPECT_EQ(state.raw.at(3), 0x04);
  EXPECT_EQ(rig.adapter.memory().tracker, tool::Tracker{});
}

TEST(Adapter, WhatWasNotTakenHasToldNothing) {
  // Wrong: a report that a full disk refused, and that the tool sends again, would change nothing the
  // second time; one that comes twice would take the tool back to where it was.
  Rig rig;
  rig.line.run(900);
  rig.reads.clear();
  rig.equipment.alarm(0, true, rig.line.now);
  rig.line.run(100);
  ASSERT_EQ(rig.reads.size(), 1U);
  const News set{
      .what = News::What::Report,
      .at = rig.line.now,
      .message = secs::primary(5, 1, secs::Reply::Wanted,
                               secs::list(secs::binary(0x80), secs::u4(7), secs::ascii("hot")))};
  News cleared = set;
  cleared.message.body = secs::list(secs::binary(0x00), secs::u4(7), secs::ascii("hot"));
  const AdapterMemory down = rig.adapter.memory();
  for (int tries = 0; tries < 3; ++tries) {
    const Read read = rig.adapter.read(cleared, 1, rig.names);
    ASSERT_TRUE(read.arrival);
    EXPECT_EQ(read.arrival->events.size(), 3U) << tries;  // cleared, the state, up
    EXPECT_EQ(read.arrival->seq, down.uncounted) << tries;
    rig.adapter.became(Taken::Refused);
    EXPECT_EQ(rig.adapter.memory(), down);
  }
  (void)rig.adapter.read(cleared, 1, rig.names);
  rig.adapter.became(Taken::Accepted);
  const AdapterMemory up = rig.adapter.memory();
  EXPECT_NE(up.tracker, down.tracker);
  (void)rig.adapter.read(set, 1, rig.names);
  rig.adapter.became(Taken::Duplicate);
  EXPECT_EQ(rig.adapter.memory().tracker, up.tracker);
}

TEST(Adapter, TracesAreNumberedByTheirSamples) {
  Rig rig;
  rig.equipment.set(4, secs::f8(2.5), rig.line.now);
  rig.line.run(6'000);
  std::vector<std::uint64_t> numbers;
  for (const Read& read : rig.reads) {
    ASSERT_EQ(read.why, "");
    if (read.arrival->source != "secs/ETCH_01/trace/3") continue;
    numbers.push_back(read.arrival->seq);
    ASSERT_EQ(read.arrival->events.size(), 2U);
    EXPECT_EQ(read.arrival->events[0].kind, Kind::TraceSamples);
    EXPECT_EQ(read.arrival->events[0].value, 2.0);
    EXPECT_EQ(read.arrival->events[1].kind, Kind::Measurement);
    EXPECT_EQ(read.arrival->events[1].value, 2.5);
    EXPECT_EQ(read.arrival->events[1].unit, event::Unit::Pascal);
  }
  EXPECT_EQ(numbers, (std::vector<std::uint64_t>{0, 1}));
}

// The frames that secsgem 0.3.0 sent over loopback, byte for byte: other integer widths than the
// reports were defined with, and an alarm that asks for no reply.
TEST(Adapter, CapturedFramesAreUnderstood) {
  const EquipmentModel model(tool::read_description(R"(
[class]
name = "captured"
[[variables]]
id = 2001
name = "Lot"
[[variables]]
id = 3001
name = "Value"
class = "discrete"
format = "F8"
[fields]
lot = "Lot"
value = "Value"
[[reports]]
id = 100
variables = ["Lot", "Value"]
[[events]]
id = 5001
name = "Measured"
reports = [100]
kind = "measurement"
fixed = { item = "thickness", unit = "nm" }
[[alarms]]
id = 77
text = "chuck over temperature"
)",
                                                    "captured.toml"));
  Names names;
  Adapter adapter(model, "T");
  const auto read = [&](std::vector<std::uint8_t> frame) {
    News news{.what = News::What::Report, .at = 5};
    const auto header = hsms::header_from(frame);
    news.message = hsms::message_from(header);
    auto body = secs::decode(std::span(frame).subspan(hsms::HeaderBytes));
    news.message.body = std::get<secs::Item>(std::move(body));
    news.frame = std::move(frame);
    return adapter.read(news, 1, names);
  };
  const Read event = read({0x00, 0x00, 0x86, 0x0b, 0x00, 0x00, 0x0e, 0xa5, 0xab, 0xac, 0x01, 0x03,
                           0xa5, 0x01, 0x01, 0xa9, 0x02, 0x13, 0x89, 0x01, 0x01, 0x01, 0x02, 0xa5,
                           0x01, 0x64, 0x01, 0x02, 0x41, 0x05, 'L',  'O',  'T',  '4',  '2',  0x81,
                           0x08, 0x40, 0x7c, 0x48, 0x00, 0x00, 0x00, 0x00, 0x00});
  ASSERT_EQ(event.why, "");
  ASSERT_EQ(event.arrival->events.size(), 1U);
  EXPECT_EQ(event.arrival->events[0].value, 452.5);
  EXPECT_EQ(names.name(Table::Lot, event.arrival->events[0].lot), "LOT42");
  std::vector<std::uint8_t> frame = {0x00, 0x00, 0x05, 0x01, 0x00, 0x00, 0x0e, 0xa5, 0xab, 0xaf,
                                     0x01, 0x03, 0x21, 0x01, 0x84, 0xa5, 0x01, 0x4d, 0x41, 0x16};
  for (const char c : std::string_view("chuck over temperature")) {
    frame.push_back(static_cast<std::uint8_t>(c));
  }
  const Read alarm = read(frame);
  ASSERT_EQ(alarm.why, "");
  EXPECT_EQ(alarm.arrival->events.at(0).kind, Kind::AlarmSet);
  EXPECT_EQ(names.name(Table::Item, alarm.arrival->events.at(0).item), "chuck over temperature");
  // What the host defines is what the captured host defined, but for the widths, which are the
  // tool's: S2F33 { 0, { 100, { 2001, 3001 } } }.
  Host host(model, {.tool = "T", .configuration = hsms::Configuration::BySiteFile});
  Equipment equipment(model, {.reports = Reports::Bare});
  SimulatedLine line(host, equipment, {});
  line.run(3'000);
  EXPECT_EQ(host.phase(), Phase::Running);
  EXPECT_EQ(host.counts().definitions, 1U);
}

TEST(Adapter, WhatCannotBeReadIsKeptWithItsReason) {
  Rig rig;
  const auto why = [&](int s, int f, std::optional<secs::Item> body) {
    News news{.what = News::What::Report, .at = 5};
    news.message = {.stream = static_cast<std::uint8_t>(s),
                    .function = static_cast<std::uint8_t>(f),
                    .body = std::move(body)};
    news.frame = {1, 2, 3};
    const Read read = rig.adapter.read(news, 1, rig.names);
    EXPECT_FALSE(read.arrival);
    EXPECT_EQ(read.unreadable.source, "secs/ETCH_01");
    EXPECT_EQ(read.unreadable.raw.size(), 3U);
    return read.why;
  };
  using secs::list;
  using secs::u1;
  EXPECT_EQ(why(6, 11, {}), "S6F11 is not made as the tool's file says");
  EXPECT_EQ(why(6, 11, list(u1(0), u1(99), list())),
            "S6F11 of an event that the tool's file does not have");
  const secs::Item bad = list(secs::u8(9), secs::u4(3), secs::ascii("2018-01-01T00:00:00.000Z"),
                              secs::ascii("L1"), secs::ascii("x"));
  EXPECT_EQ(why(6, 11, list(u1(0), u1(10), secs::list(std::vector<secs::Item>{list(u1(1), bad)}))),
            "a value that cannot be what the tool's file says it is, in event Start");
  EXPECT_EQ(why(5, 1, list(u1(0))), "S5F1 is not made as an alarm is");
  EXPECT_EQ(why(6, 1, list(u1(3))), "S6F1 is not made as a trace is");
  EXPECT_EQ(why(6, 1, list(u1(3), u1(0), secs::ascii(""), list(u1(1)))),
            "S6F1 is not made as a trace is");
  EXPECT_EQ(why(6, 1, list(u1(9), u1(1), secs::ascii(""), list(u1(1)))),
            "S6F1 of a trace that the tool's file does not have");
  EXPECT_EQ(why(6, 1, list(u1(3), u1(1), secs::ascii(""), list())),
            "S6F1 holds another number of values than its trace has signals");
  EXPECT_EQ(why(1, 4, list(u1(3))), "S1F4 holds another number of values than was asked for");
  EXPECT_EQ(why(6, 3, list()), "no message of events (S6F3)");
}

}  // namespace
}  // namespace twin::link::gem
