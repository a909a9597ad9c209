#include "twin/event/iso_time.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <string>

#include "twin/core/draw.hpp"

namespace twin::event {
namespace {

std::string text_of(std::int64_t ms, std::int64_t zero = 0) {
  IsoTime iso(zero);
  std::array<char, IsoTimeLength> text;
  if (!iso.write(ms, text.data())) return "none";
  return {text.data(), text.size()};
}

TEST(IsoTime, KnownMoments) {
  // If this failed, our logs would disagree with every other clock. Expected values: GNU date -u
  // -d.
  EXPECT_EQ(text_of(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(text_of(-1), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(text_of(1'514'764'800'000), "2018-01-01T00:00:00.000Z");
  EXPECT_EQ(text_of(951'782'400'000), "2000-02-29T00:00:00.000Z");
  EXPECT_EQ(text_of(253'402'300'799'999), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(text_of(61'001, 1'514'764'800'000), "2018-01-01T00:01:01.001Z");
}

TEST(IsoTime, TimesWithoutDateAreRefused) {
  // If this failed, a time far out would be written as a date that is another one's.
  EXPECT_EQ(text_of(253'402'300'800'000), "none");
  EXPECT_EQ(text_of(-62'167'219'200'000), "0000-01-01T00:00:00.000Z");
  EXPECT_EQ(text_of(-62'167'219'200'001), "none");
  EXPECT_EQ(text_of(std::numeric_limits<std::int64_t>::max(), 1), "none");
  EXPECT_EQ(text_of(std::numeric_limits<std::int64_t>::min(), -1), "none");
}

TEST(IsoTime, RoundTrip) {
  // If this failed, an event would move in time by being exported and read again. 200,000 moments
  // of all years, with one writer, whose remembered day must never be a wrong one.
  IsoTime iso(0);
  const core::Draw draw{.seed = 11};
  for (std::uint32_t k = 0; k < 200'000; ++k) {
    const double u = draw.uniform(0, k, 0);
    const auto ms = static_cast<std::int64_t>(-62'167'219'200'000.0 + u * 315'569'520'000'000.0);
    std::array<char, IsoTimeLength> text;
    ASSERT_TRUE(iso.write(ms, text.data())) << ms;
    ASSERT_EQ(parse_iso_time({text.data(), text.size()}), ms) << ms;
  }
}

TEST(IsoTime, ReadsOffsetsAndFractions) {
  // If this failed, a source in another time zone would be hours off.
  EXPECT_EQ(parse_iso_time("1970-01-01T01:00:00+01:00"), 0);
  EXPECT_EQ(parse_iso_time("1969-12-31T19:30:00-04:30"), 0);
  EXPECT_EQ(parse_iso_time("1970-01-01T00:00:00.5Z"), 500);
  EXPECT_EQ(parse_iso_time("1970-01-01T00:00:00.123000Z"), 123);
}

TEST(IsoTime, RefusesWhatIsNoMoment) {
  // If this failed, a mistyped or ambiguous time would silently become some time.
  for (const char* text :
       {"", "1970-01-01", "1970-01-01T00:00:00", "1970-01-01 00:00:00Z", "1970-13-01T00:00:00Z",
        "1970-02-30T00:00:00Z", "1971-02-29T00:00:00Z", "1970-01-01T24:00:00Z",
        "1970-01-01T00:60:00Z", "1970-01-01T00:00:60Z", "1970-01-01T00:00:00.Z",
        "1970-01-01T00:00:00.0001Z", "1970-01-01T00:00:00Zx", "1970-01-01T00:00:00+1:00",
        "1970-01-01T00:00:00+0100", "1970-01-01T00:00:00+24:00", "1970-01-01T00:00:00+00:60",
        "x970-01-01T00:00:00Z", "-970-01-01T00:00:00Z"}) {
    EXPECT_FALSE(parse_iso_time(text)) << text;
  }
}

}  // namespace
}  // namespace twin::event
