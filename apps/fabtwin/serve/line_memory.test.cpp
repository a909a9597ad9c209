// If these failed, a twin that comes back would take a tool for one that it has never heard of: it
// would define its reports again, and tell changes of state that never were.
#include "apps/fabtwin/serve/line_memory.hpp"

#include <gtest/gtest.h>

#include "twin/core/archive.hpp"
#include "twin/link/hsms/frame.hpp"
#include "twin/record/journal.hpp"
#include "twin/record/simulated_disk.hpp"

namespace apps::fabtwin::serve {
namespace {

namespace gem = twin::link::gem;
namespace secs = twin::link::secs;
using twin::core::Observation;

const gem::EquipmentModel& model() {
  static const gem::EquipmentModel tools(twin::link::tool::read_description(R"(
[class]
name = "t"
[[variables]]
id = 1
name = "Counter"
format = "U8"
role = "counter"
[[variables]]
id = 2
name = "State"
format = "U1"
states = { "1" = "productive", "2" = "standby", "5" = "unscheduled_down" }
[[reports]]
id = 1
variables = ["Counter", "State"]
[[events]]
id = 10
name = "Changed"
reports = [1]
[[alarms]]
id = 7
text = "hot"
)",
                                                                            "t.toml"));
  return tools;
}

std::vector<std::uint8_t> frame_of(const secs::Message& message) {
  std::vector<std::uint8_t> frame;
  twin::link::hsms::append_frame(message, frame);
  frame.erase(frame.begin(), frame.begin() + twin::link::hsms::LengthBytes);
  return frame;
}

secs::Message changed(std::uint64_t counter, int state) {
  return secs::primary(
      6, 11, secs::Reply::Wanted,
      secs::list(
          secs::u4(0), secs::u4(10),
          secs::list(secs::list(secs::u4(1), secs::list(secs::u8(counter), secs::u1(state))))));
}
secs::Message alarm(bool set) {
  return secs::primary(5, 1, secs::Reply::Wanted,
                       secs::list(secs::binary(set ? 0x80 : 0), secs::u4(7), secs::ascii("hot")));
}

// A life of a tool's line, and the record of it. [source] 0: the tool's, 1: what it does not number.
struct Life {
  twin::event::Names names = {};
  LineMemories memories = {};
  std::vector<twin::core::Entry> record = {};

  Life() {
    (void)names.add(twin::event::Table::Source, "secs/ETCH");
    (void)names.add(twin::event::Table::Source, "secs/ETCH/host");
    (void)names.add(twin::event::Table::Source, "mqtt/mes");
  }
  void hear(const secs::Message& message) {
    gem::Adapter adapter(model(), "ETCH", memories.of("ETCH").adapter);
    twin::event::Names scratch;
    const gem::Read read = adapter.read(
        {.what = gem::News::What::Report, .at = 5, .message = message, .frame = frame_of(message)},
        3, scratch);
    ASSERT_TRUE(read.arrival);
    memories.of("ETCH").adapter = adapter.memory();
    record.emplace_back(Observation{.arrived = 5,
                                    .sensor = read.arrival->source == "secs/ETCH" ? 0U : 1U,
                                    .epoch = read.arrival->epoch,
                                    .sensor_seq = read.arrival->seq,
                                    .raw = read.arrival->raw});
    record.emplace_back(
        Observation{.arrived = 5, .sensor = 2, .sensor_seq = record.size(), .raw = {'{', '}'}});
  }
  void acknowledge(std::uint64_t defined) {
    record.emplace_back(reports_note("ETCH", defined, 6));
    memories.of("ETCH").defined = defined;
  }
};

Life busy() {
  Life life;
  life.hear(changed(1, 2));
  life.acknowledge(77);
  life.hear(alarm(true));
  life.hear(changed(2, 5));
  life.hear(changed(3, 1));
  life.acknowledge(18'446'744'073'709'551'615U);
  life.hear(alarm(false));
  return life;
}

TEST(LineMemory, IsAFoldOverTheRecord) {
  const Life life = busy();
  EXPECT_EQ(life.memories.lines.at(0).adapter.uncounted, 2U);
  twin::record::SimulatedDisk disk(1);
  disk.make_folder("r");
  const auto journal = twin::record::Journal::create(disk, "r", {});
  for (const auto& entry : life.record) (void)journal->append(entry);
  ASSERT_EQ(journal->commit(), twin::record::Committed::Durable);
  // From nothing, and from what was saved anywhere in between.
  for (std::uint64_t saved = 0; saved <= life.record.size(); ++saved) {
    LineMemories memories;
    catch_up(memories, model(), disk, {.folder = "r", .durable = saved, .names = &life.names});
    EXPECT_EQ(memories.entries, saved);
    memories = twin::core::load<LineMemories>(twin::core::save(memories));
    catch_up(memories, model(), disk,
             {.folder = "r", .durable = life.record.size(), .names = &life.names});
    EXPECT_EQ(memories.lines, life.memories.lines) << saved;
  }
}

TEST(LineMemory, HearsOnlyWhatIsOfItsTools) {
  LineMemories memories;
  hear_again(memories, model(), "mqtt/mes", {.raw = frame_of(changed(1, 2))});
  hear_again(memories, model(), "secs/ETCH/trace/1", {.raw = frame_of(changed(1, 2))});
  hear_again(memories, model(), "secs/ETCH", {.raw = {}});
  hear_again(memories, model(), "secs/ETCH", {.raw = {1, 2, 3}});
  EXPECT_TRUE(memories.lines.empty());
  learn_reports(memories, {.kind = "gap", .text = "ETCH\t5"});
  learn_reports(memories, {.kind = "reports", .text = "ETCH"});
  learn_reports(memories, {.kind = "reports", .text = "ETCH\tx"});
  EXPECT_TRUE(memories.lines.empty());
  (void)memories.of("B"), (void)memories.of("A");
  EXPECT_EQ(memories.lines.front().tool, "A");
  EXPECT_EQ(&memories.of("B"), &memories.lines.back());
}

}  // namespace
}  // namespace apps::fabtwin::serve
