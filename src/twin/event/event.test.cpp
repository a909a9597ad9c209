#include "twin/event/event.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "twin/core/archive.hpp"
#include "twin/event/example.hpp"

namespace twin::event {
namespace {

TEST(Event, IsPlainData) {
  // If this failed, an event could not be copied by the million, nor compared and hashed byte by
  // byte.
  EXPECT_EQ(sizeof(Event), 96U);
  EXPECT_TRUE(std::is_trivially_copyable_v<Event>);
  EXPECT_TRUE(core::detail::dense_of<Event>().dense);
}

TEST(Event, SaysNothingUnlessTold) {
  // If this failed, an event would name objects that its writer never mentioned.
  const Event e;
  for (const std::uint32_t id : {e.source, e.lot, e.carrier, e.tool, e.chamber, e.route, e.step,
                                 e.visit, e.recipe, e.job, e.item}) {
    EXPECT_EQ(id, None);
  }
  EXPECT_EQ(e.wafers, 0U);
  EXPECT_EQ(e.kind, Kind::Unknown);
  EXPECT_EQ(e.unit, Unit::None);
  EXPECT_EQ(e.quality, Quality::Good);
}

TEST(Event, EveryFieldCountsAndIsSaved) {
  // If this failed, two different events would be one to the record: a changed byte must show in
  // ==, in the fingerprint, and in what is loaded again.
  const Event e;
  for (std::size_t byte = 0; byte < sizeof(Event); ++byte) {
    Event other = e;
    auto* bytes = reinterpret_cast<unsigned char*>(&other);
    bytes[byte] ^= 0x01;
    EXPECT_NE(other, e) << byte;
    EXPECT_NE(core::fingerprint(other), core::fingerprint(e)) << byte;
    EXPECT_EQ(core::load<Event>(core::save(other)), other) << byte;
  }
}

}  // namespace
}  // namespace twin::event
