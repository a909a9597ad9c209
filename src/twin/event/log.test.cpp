#include "twin/event/log.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "twin/event/example.hpp"
#include "twin/event/frame.hpp"

namespace twin::event {
namespace {

constexpr std::uint64_t LogSeed = 4711;

std::string log_of(const std::vector<Event>& events, LogWriter::Options options = {}) {
  std::ostringstream out;
  LogWriter writer(out, example_header(), options);
  for (const Event& e : events) writer.add(e);
  writer.close();
  return out.str();
}

struct Outcome {
  std::vector<Event> events;
  bool damaged = false;
  LogDamaged::Cause cause{};
  std::uint64_t offset = 0;
};

Outcome read(const std::string& bytes) {
  Outcome outcome;
  std::istringstream in(bytes);
  try {
    LogReader reader(in);
    for (Event e; reader.next(e);) outcome.events.push_back(e);
  } catch (const LogDamaged& e) {
    outcome.damaged = true;
    outcome.cause = e.cause();
    outcome.offset = e.offset();
  }
  return outcome;
}

std::vector<Event> awkward_events(std::uint32_t count) {
  std::vector<Event> events;
  for (std::uint32_t k = 0; k < count; ++k) events.push_back(any_event({.seed = LogSeed}, k));
  return events;
}

TEST(Log, RoundTrip) {
  // If this failed, calibration would not read what the fab wrote.
  const std::vector<Event> events = awkward_events(5'000);
  for (const std::uint32_t block : {1U, 7U, 5'000U, 65'536U}) {
    std::istringstream in(log_of(events, {.events_per_block = block}));
    LogReader reader(in);
    EXPECT_EQ(reader.header(), example_header());
    std::vector<Event> back;
    for (Event e; reader.next(e);) back.push_back(e);
    EXPECT_EQ(back, events) << "seed " << LogSeed << " block " << block;
    Event none;
    EXPECT_FALSE(reader.next(none));  // the end stays the end
  }
}

TEST(Log, EmptyLogIsWhole) {
  // If this failed, a run in which nothing happened would look like a crash.
  const Outcome outcome = read(log_of({}));
  EXPECT_FALSE(outcome.damaged);
  EXPECT_TRUE(outcome.events.empty());
}

TEST(Log, SameEventsSameBytes) {
  // If this failed, logs of identical runs could not be compared as files; where blocks end is part
  // of the bytes.
  const std::vector<Event> events = ExampleFab(LogSeed).take(1'000);
  EXPECT_EQ(log_of(events), log_of(events));
}

TEST(Log, NamesAreKnownBeforeTheirFirstEvent) {
  // If this failed, a lot that was released during the run would have no name.
  std::stringstream file;
  LogWriter writer(file, example_header());
  writer.add({.kind = Kind::Moved});
  const std::uint32_t lot = writer.learn(Table::Lot, "new lot");
  EXPECT_EQ(lot, example_header().names.of(Table::Lot).size());
  EXPECT_EQ(writer.learn(Table::Lot, "new lot"), lot);
  EXPECT_EQ(writer.learn(Table::Lot, "plain"), 0U);
  writer.add({.lot = lot, .kind = Kind::LotReleased});
  writer.flush();
  writer.learn(Table::Tool, "never used");
  writer.close();
  EXPECT_EQ(writer.events(), 2U);

  LogReader reader(file);
  EXPECT_FALSE(reader.header().names.find(Table::Lot, "new lot"));
  for (Event e; reader.next(e);) {
    if (e.lot != None) {
      EXPECT_EQ(reader.header().names.name(Table::Lot, e.lot), "new lot");
    }
  }
  EXPECT_EQ(reader.header().names, writer.names());
}

TEST(Log, CutAnywhereGivesWholeBlocksAndSaysWhere) {
  // If this failed, a crash of the writer would cost more than its last block, or a reader would
  // crash too.
  const std::vector<Event> events = awkward_events(30);
  const std::string whole = log_of(events, {.events_per_block = 4});
  std::vector<std::size_t> block_at;  // [bytes] where each block of events begins
  for (std::size_t at = LogPreambleBytes; at < whole.size();) {
    const Frame frame = read_frame(reinterpret_cast<const std::uint8_t*>(whole.data()) + at);
    if (frame.tag == EventsTag) block_at.push_back(at);
    at += Frame::Bytes + frame.bytes;
  }
  block_at.push_back(whole.size() - Frame::Bytes - 8);  // the closing block
  ASSERT_EQ(block_at.size(), 9U);
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    const Outcome outcome = read(whole.substr(0, cut));
    ASSERT_TRUE(outcome.damaged) << cut;
    ASSERT_EQ(outcome.cause, LogDamaged::Cause::Truncated) << cut;
    ASSERT_LE(outcome.offset, cut);
    const auto whole_blocks = static_cast<std::size_t>(
        std::upper_bound(block_at.begin(), block_at.end(), cut) - block_at.begin());
    const std::size_t expected =
        whole_blocks == 0 ? 0 : std::min<std::size_t>(4 * (whole_blocks - 1), events.size());
    ASSERT_EQ(outcome.events.size(), expected) << cut;
    if (whole_blocks > 0) {
      ASSERT_EQ(outcome.offset, block_at[whole_blocks - 1]) << cut;
    }
    ASSERT_TRUE(std::equal(outcome.events.begin(), outcome.events.end(), events.begin())) << cut;
  }
  EXPECT_FALSE(read(whole).damaged);
}

TEST(Log, EveryFlippedBitIsNoticed) {
  // If this failed, a changed bit on a disk would become an event that never happened.
  const std::vector<Event> events = awkward_events(20);
  const std::string whole = log_of(events, {.events_per_block = 5});
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string bytes = whole;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    const Outcome outcome = read(bytes);
    ASSERT_TRUE(outcome.damaged) << "bit " << bit;
    ASSERT_LE(outcome.offset, bit / 8) << "bit " << bit;
    ASSERT_TRUE(std::equal(outcome.events.begin(), outcome.events.end(), events.begin()))
        << "bit " << bit;
  }
}

TEST(Log, WhatIsNoEventLogIsForeign) {
  // If this failed, another program's file would be called damaged and thrown away.
  for (const char* text : {"hello, this is no log at all", "x"}) {
    const Outcome outcome = read(text);
    EXPECT_TRUE(outcome.damaged);
    EXPECT_EQ(outcome.cause, LogDamaged::Cause::Foreign);
  }
  std::string later = log_of({});
  later[8] = 2;  // the version
  EXPECT_EQ(read(later).cause, LogDamaged::Cause::Foreign);
}

TEST(Log, BytesBehindTheEndAreNoticed) {
  // If this failed, two logs written into one file would pass for the first one.
  const Outcome outcome = read(log_of({}) + "x");
  EXPECT_TRUE(outcome.damaged);
  EXPECT_EQ(outcome.cause, LogDamaged::Cause::Corrupt);
}

TEST(Log, WriterThatIsNotClosedLeavesAnUnfinishedLog) {
  // If this failed, the log of a run that was stopped would pass for the whole run.
  const std::vector<Event> events = awkward_events(10);
  std::ostringstream out;
  {
    LogWriter writer(out, example_header());
    for (const Event& e : events) writer.add(e);
  }
  const Outcome outcome = read(out.str());
  EXPECT_EQ(outcome.events, events);
  EXPECT_TRUE(outcome.damaged);
  EXPECT_EQ(outcome.cause, LogDamaged::Cause::Truncated);
  EXPECT_EQ(outcome.offset, out.str().size());
}

TEST(Log, ChangedBlockWithRightCheckIsRefused) {
  // If this failed, a log forged or written by a faulty program could crash us: checks fit here,
  // contents do not.
  const std::vector<Event> events = awkward_events(3);
  const std::string whole = log_of(events);
  std::size_t at = LogPreambleBytes;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(whole.data());
  at += Frame::Bytes + read_frame(bytes + at).bytes;
  const Frame frame = read_frame(bytes + at);
  ASSERT_EQ(frame.tag, EventsTag);
  for (std::uint32_t tag : {EventsTag, NamesTag, CloseTag, HeadTag, 0U}) {
    for (const std::uint32_t count : {0U, 1U, 2U, 4U, 0xFFFFFFFFU}) {
      std::string forged = whole;
      seal_block(reinterpret_cast<std::uint8_t*>(forged.data()) + at, tag, frame.bytes, count);
      const Outcome outcome = read(forged);
      EXPECT_TRUE(outcome.damaged) << tag << " " << count;
      EXPECT_EQ(outcome.cause, LogDamaged::Cause::Corrupt) << tag << " " << count;
      EXPECT_EQ(outcome.offset, at) << tag << " " << count;
      EXPECT_LE(outcome.events.size(), tag == EventsTag ? std::min<std::size_t>(count, 3) : 0U);
    }
  }
}

TEST(Log, EventsAreCounted) {
  // If this failed, a block that was cut out of a log whole would not be missed.
  std::string forged = log_of(awkward_events(3));
  auto* close = reinterpret_cast<std::uint8_t*>(forged.data()) + forged.size() - Frame::Bytes - 8;
  put_little(close + Frame::Bytes, 4, 8);
  seal_block(close, CloseTag, 8, 0);
  const Outcome outcome = read(forged);
  EXPECT_EQ(outcome.events.size(), 3U);
  EXPECT_TRUE(outcome.damaged);
  EXPECT_EQ(outcome.cause, LogDamaged::Cause::Corrupt);
}

TEST(Log, MessageSaysWhatWhereAndWhy) {
  // If this failed, a user would not know which of his files is damaged, nor where.
  const std::string whole = log_of({});
  std::istringstream in(whole.substr(0, whole.size() - 1));
  LogReader reader(in, "run-7.events");
  Event e;
  try {
    reader.next(e);
    FAIL();
  } catch (const LogDamaged& damage) {
    EXPECT_EQ(std::string(damage.what()), "run-7.events: damaged at byte " +
                                              std::to_string(whole.size() - Frame::Bytes - 8) +
                                              " (it ends within a block)");
  }
}

TEST(Log, FullDiskIsTold) {
  // If this failed, a run would end well and its log would be missing.
  std::ostringstream out;
  LogWriter writer(out, example_header());
  out.setstate(std::ios::badbit);
  EXPECT_THROW(writer.flush(), core::Error);
}

}  // namespace
}  // namespace twin::event
