// If these failed, a view would say something else than the entry that was written.
#include "twin/record/entry_view.hpp"

#include <gtest/gtest.h>

#include "twin/record/entry_codec.hpp"

namespace twin::record {
namespace {

// A field of the view that is another one's.
TEST(EntryView, ShowsTheFieldsOfAnObservation) {
  EntryEncoder encoder;
  encoder.add(core::Note{.at = 77, .kind = "k", .text = "t"});
  encoder.add(core::Observation{.at = 5,
                                .arrived = 9,
                                .clock = 4,
                                .sensor = 1,
                                .epoch = 2,
                                .sensor_seq = 3,
                                .values = {0.5, -1.25},
                                .event = {7, 8},
                                .raw = {9}});
  EntryDecoder decoder(encoder.entries(), encoder.raw(), Raw::Kept, 0, 2);
  EntryView v;
  ASSERT_TRUE(decoder.next(v));
  EXPECT_EQ(v.kind, EntryKind::Note);
  EXPECT_EQ(v.arrived, 77);
  EXPECT_EQ(v.note_kind, "k");
  EXPECT_EQ(v.note_text, "t");
  ASSERT_TRUE(decoder.next(v));
  EXPECT_EQ(v.kind, EntryKind::Observation);
  EXPECT_EQ(v.index, 1U);
  EXPECT_EQ(v.at, 5);
  EXPECT_EQ(v.arrived, 9);
  EXPECT_EQ(v.clock, 4);
  EXPECT_EQ(v.sensor, 1U);
  EXPECT_EQ(v.epoch, 2U);
  EXPECT_EQ(v.sensor_seq, 3U);
  ASSERT_EQ(v.values.size(), 2U);
  EXPECT_EQ(v.values[1], -1.25);
  EXPECT_EQ(v.event.size(), 2U);
  EXPECT_EQ(v.event[1], 8);
  EXPECT_EQ(v.raw_state, Raw::Kept);
  EXPECT_EQ(v.raw[0], 9);
}

}  // namespace
}  // namespace twin::record
