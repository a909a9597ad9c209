// If these failed, entries would come back from the journal changed.
#include "twin/record/entry_codec.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "twin/contract/allocations.hpp"
#include "twin/core/draw.hpp"
#include "twin/record/example.hpp"

namespace twin::record {
namespace {

std::vector<core::Entry> through(const std::vector<core::Entry>& entries) {
  EntryEncoder encoder;
  for (const core::Entry& e : entries) encoder.add(e);
  EntryDecoder decoder(encoder.entries(), encoder.raw(), Raw::Kept, 5, encoder.count());
  std::vector<core::Entry> back;
  for (EntryView view; decoder.next(view);) {
    EXPECT_EQ(view.index, 5 + back.size());
    back.push_back(view.entry());
  }
  EXPECT_FALSE(decoder.damaged());
  return back;
}

// A field that is left out or cut.
TEST(EntryCodec, EveryKindComesBack) {
  const auto all = ExampleEntries(4).take(3000);
  EXPECT_EQ(through(all), all);
}

// Extreme numbers, NaN and empty fields.
TEST(EntryCodec, ExtremesComeBack) {
  constexpr core::Tick Least = std::numeric_limits<core::Tick>::min();
  constexpr core::Tick Most = std::numeric_limits<core::Tick>::max();
  constexpr std::uint32_t Max32 = std::numeric_limits<std::uint32_t>::max();
  constexpr std::uint64_t Max64 = std::numeric_limits<std::uint64_t>::max();
  const core::Observation o{.at = Least,
                            .arrived = Most,
                            .clock = Least + 1,
                            .sensor = Max32,
                            .epoch = Max32,
                            .sensor_seq = Max64,
                            .values = {-0.0, std::numeric_limits<double>::infinity()},
                            .event = {0},
                            .raw = {0}};
  const std::vector<core::Entry> all = {
      core::Advance{Most},
      core::Advance{Least},
      o,
      core::Observation{},
      core::Correction{.amends = Max64, .now = o},
      core::Correction{},
      core::Action{.at = Least, .kind = Max32, .on = Max32, .values = {1.0}},
      core::Action{},
      core::Note{.at = Most, .kind = std::string("\0k", 2), .text = std::string(1000, '\n')},
      core::Note{}};
  EXPECT_EQ(through(all), all);
}

// A reader that allocates for every event.
TEST(EntryCodec, ReadingAllocatesNothing) {
  if (!contract::allocations_are_counted()) GTEST_SKIP() << "a sanitizer counts for itself";
  EntryEncoder encoder;
  for (const core::Entry& e : ExampleEntries(4).take(1000)) encoder.add(e);
  EntryDecoder decoder(encoder.entries(), encoder.raw(), Raw::Kept, 0, encoder.count());
  EntryView view;
  const std::uint64_t before = contract::allocations();
  std::uint64_t sum = 0;
  while (decoder.next(view)) sum += view.raw.size() + view.event.size();
  EXPECT_EQ(contract::allocations(), before);
  EXPECT_GT(sum, 0U);
}

// An append that is taken back but leaves a trace.
TEST(EntryCodec, GoesBackToAMark) {
  EntryEncoder encoder, plain;
  for (const core::Entry& e : ExampleEntries(9).take(100)) {
    encoder.add(e);
    plain.add(e);
    const auto mark = encoder.mark();
    encoder.add(core::Observation{.arrived = 1, .raw = {1, 2}});
    encoder.back_to(mark);
  }
  EXPECT_EQ(encoder.entries(), plain.entries());
  EXPECT_EQ(encoder.raw(), plain.raw());
  EXPECT_EQ(encoder.count(), plain.count());
  EXPECT_EQ(encoder.latest(), plain.latest());
}

// Dropped raw bytes that are taken for "there were none".
TEST(EntryCodec, SaysThatRawBytesWereDropped) {
  EntryEncoder encoder;
  encoder.add(core::Observation{.raw = {1, 2, 3}});
  encoder.add(core::Observation{});
  EntryDecoder decoder(encoder.entries(), {}, Raw::Dropped, 0, 2);
  EntryView view;
  ASSERT_TRUE(decoder.next(view));
  EXPECT_EQ(view.raw_state, Raw::Dropped);
  ASSERT_TRUE(decoder.next(view));
  EXPECT_EQ(view.raw_state, Raw::None);
  EXPECT_FALSE(decoder.next(view));
  EXPECT_FALSE(decoder.damaged());
}

// Bytes that make the decoder read beyond them, allocate, or go on after it has said "damaged".
TEST(EntryCodec, AnyBytesAreSafe) {
  EntryEncoder encoder;
  for (const core::Entry& e : ExampleEntries(2).take(20)) encoder.add(e);
  const core::Draw draw{.seed = 3};
  std::uint32_t damaged = 0;
  for (std::uint32_t i = 0; i < 5000; ++i) {
    const core::Block b = draw.block(1, 0, i);
    Bytes entries = encoder.entries();
    if (b[3] % 3 == 0) entries.resize(b[2] % entries.size());
    if (!entries.empty()) entries[b[0] % entries.size()] = static_cast<std::uint8_t>(b[1]);
    entries.shrink_to_fit();
    EntryDecoder decoder(entries, encoder.raw(), Raw::Kept, 0, encoder.count());
    std::uint32_t count = 0;
    for (EntryView view; decoder.next(view); ++count) (void)view.entry();
    damaged += decoder.damaged() ? 1U : 0U;
    if (decoder.damaged()) {
      EntryView view;
      EXPECT_FALSE(decoder.next(view));
    }
  }
  EXPECT_GT(damaged, 1000U);
}

}  // namespace
}  // namespace twin::record
