// If these failed, what people read of a record would name other lots and tools than the site did.
#include "apps/fabtwin/record/journal_events.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <span>
#include <vector>

#include "twin/event/packed.hpp"
#include "twin/record/example.hpp"
#include "twin/record/journal.hpp"
#include "twin/record/simulated_disk.hpp"

namespace apps::fabtwin {
namespace {

using twin::core::Note;
using twin::core::Observation;
using twin::event::Event;
using twin::event::Table;

class JournalOfEvents : public ::testing::Test {
 protected:
  twin::record::SimulatedDisk disk{1};
  std::unique_ptr<twin::record::Journal> journal =
      twin::record::Journal::create(disk, "j", twin::record::example_origin());
  twin::event::Names names;
  std::vector<Event> events;

  // One event of a lot, held, by its numbers in the record.
  static Observation held(std::uint32_t sensor, std::uint64_t seq, std::uint32_t lot) {
    Observation o;
    o.sensor = sensor;
    o.sensor_seq = seq;
    Event e;
    e.kind = twin::event::Kind::Held;
    e.at = 1'800'000'000'000 + static_cast<twin::core::Tick>(seq);
    e.lot = lot;
    twin::event::Packer packer;
    packer.pack(std::span(&e, 1), o.event);
    return o;
  }
  JournalEvents read() {
    EXPECT_EQ(journal->commit(), twin::record::Committed::Durable);
    return read_journal(disk, "j", names, [&](const Event& e) { events.push_back(e); });
  }
};

TEST_F(JournalOfEvents, HaveTheNamesThatTheSiteGave) {
  // The reader's own table already counts otherwise.
  names.add(Table::Lot, "OTHER");
  (void)journal->append(Note{.kind = "names", .text = "lot\t0\tL7\nlot\t1\tL9\nsource\t3\tmes\n"});
  (void)journal->append(held(3, 1, 1));
  (void)journal->append(held(3, 2, 0));
  const JournalEvents found = read();
  EXPECT_EQ(found.entries, 3U);
  EXPECT_EQ(found.messages, 2U);
  EXPECT_FALSE(found.torn);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(names.name(Table::Lot, events[0].lot), "L9");
  EXPECT_EQ(names.name(Table::Lot, events[1].lot), "L7");
  EXPECT_EQ(names.name(Table::Source, events[0].source), "mes");
  EXPECT_EQ(events[1].source_seq, 2U);
}

TEST_F(JournalOfEvents, CountWhatIsNoEvent) {
  (void)journal->append(
      Note{.kind = "names", .text = "lot\t0\n\tx\nlot\tz\tL\nlot\t99999999\tL\n"});
  (void)journal->append(Observation{.sensor_seq = 1});  // set aside
  Observation broken;
  broken.sensor_seq = 2;
  broken.event = {0xFF, 0xFF, 0xFF};
  (void)journal->append(broken);
  (void)journal->append(held(0, 3, 5));  // of a lot that the record never named
  const JournalEvents found = read();
  EXPECT_EQ(found.quarantined, 1U);
  EXPECT_EQ(found.unreadable, 1U);
  EXPECT_EQ(found.messages, 1U);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].lot, twin::event::None);
}

}  // namespace
}  // namespace apps::fabtwin
