// If these failed, events would be told at another time than the tool said they happened.
#include "twin/link/tool/clock_text.hpp"

#include <gtest/gtest.h>

#include "twin/core/draw.hpp"

namespace twin::link::tool {
namespace {

constexpr core::Tick Y2018 = 1'514'764'800'000;  // 2018-01-01T00:00:00Z

TEST(ClockText, ReadsTheThreeForms) {
  EXPECT_EQ(parse_clock("180101000000"), Y2018);
  EXPECT_EQ(parse_clock("2018010100000012"), Y2018 + 120);
  EXPECT_EQ(parse_clock("20180101000001"), Y2018 + 1'000);  // without hundredths, as some tools do
  EXPECT_EQ(parse_clock("2018-01-01T00:00:00.123Z"), Y2018 + 123);
  EXPECT_EQ(parse_clock("2018-01-01T01:00:00.123+01:00"), Y2018 + 123);
  EXPECT_EQ(parse_clock("2018010100000012  "), Y2018 + 120);  // padded with blanks
  EXPECT_EQ(parse_clock("700101000000"), 0);
  EXPECT_EQ(parse_clock("690101000000"), 3'124'224'000'000);  // 2069
}

TEST(ClockText, TakesLocalTimeByItsOffset) {
  // A tool on Berlin's winter time would be an hour ahead of the fab.
  EXPECT_EQ(parse_clock("180101010000", 60), Y2018);
  EXPECT_EQ(parse_clock("2018-01-01T01:00:00.000", 60), Y2018);
  EXPECT_EQ(parse_clock("2018-01-01T00:00:00.000Z", 60), Y2018);  // it says its own
  EXPECT_EQ(clock_text(Y2018, TimeFormat::Long, 60), "2018010101000000");
  EXPECT_EQ(clock_text(Y2018, TimeFormat::Iso, 60), "2018-01-01T00:00:00.000Z");
}

TEST(ClockText, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "x", "18010100000", "181301000000", "180230000000", "180101240000", "180101006000",
        "180101000060", "2018-13-01T00:00:00.000Z", "-18010100000", "1801010000 0",
        "99999999999999999999999999999999999999999"})
    EXPECT_EQ(parse_clock(text), std::nullopt) << text;
}

TEST(ClockText, WritesWhatItReads) {
  const core::Draw draw{.seed = 3};
  for (std::uint32_t k = 0; k < 2'000; ++k) {
    const auto at = static_cast<core::Tick>(draw.block(1, k, 0)[0]) * 700 + draw.block(1, k, 1)[0];
    EXPECT_EQ(parse_clock(*clock_text(at, TimeFormat::Iso)), at);
    EXPECT_EQ(parse_clock(*clock_text(at, TimeFormat::Long, -300), -300), at - at % 10);
    EXPECT_EQ(parse_clock(*clock_text(at, TimeFormat::Short)), at - at % 1'000);
  }
  EXPECT_EQ(clock_text(core::Never, TimeFormat::Iso), std::nullopt);
  EXPECT_EQ(clock_text(core::Never, TimeFormat::Long, 60), std::nullopt);
  EXPECT_EQ(clock_text(-1, TimeFormat::Short), std::nullopt);  // 1969 would be read as 2069
}

}  // namespace
}  // namespace twin::link::tool
