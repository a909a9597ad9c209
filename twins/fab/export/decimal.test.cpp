// Numbers and dates must come back from the text with the same bits.
#include "twins/fab/export/decimal.hpp"

#include <gtest/gtest.h>

#include "twin/core/draw.hpp"
#include "twins/fab/import/text.hpp"

namespace twins::fab {
namespace {

TEST(Decimal, IsShort) {
  // Wrong: files would be full of digits that nobody wrote.
  EXPECT_EQ(decimal_times(60'000.0, 60'000.0), "1");
  EXPECT_EQ(decimal_times(51.69 * 60'000.0, 60'000.0), "51.69");
  EXPECT_EQ(decimal_times(0.0426 * 60'000.0, 60'000.0), "0.0426");
  EXPECT_EQ(decimal_times(0.0, 1000.0), "0");
  EXPECT_EQ(decimal_times(200'000.0, 1.0), "200000");
  EXPECT_EQ(decimal_over(1.7 / 100.0, 100.0), "1.7");
  EXPECT_EQ(decimal_over(0.56, 100.0), "56");
}

TEST(Decimal, ComesBackExactly) {
  // Wrong: a fab that was written and read would run differently.
  const twin::core::Draw draw{20180101, 0};  // seed
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    const double thousandths =
        1.0 + static_cast<double>(static_cast<std::int64_t>(1e7 * draw.uniform(1, i, 0)));
    for (const double unit : {1000.0, 60'000.0, 3'600'000.0, 86'400'000.0}) {
      const double ms =
          thousandths / 1000.0 * unit;  // as the reader makes it of at most three decimals
      const std::string text = decimal_times(ms, unit);
      EXPECT_EQ(import::parse_number(text).value() * unit, ms) << text << " of unit " << unit;
      EXPECT_LE(text.size(), 9U) << text;
    }
    const double share = thousandths / 1e5 / 100.0;
    EXPECT_EQ(import::parse_number(decimal_over(share, 100.0)).value() / 100.0, share) << share;
  }
}

TEST(Decimal, DatesAreTheReaders) {
  // Wrong: releases would shift by a day or a leap day.
  const std::int64_t zero_s = import::parse_date("01/01/18 00:00:00").value();
  const char* dates[] = {"01/01/18 00:00:00", "02/29/20 23:59:59", "12/31/99 12:30:00",
                         "01/01/00 00:00:00", "02/23/18 20:07:47", "03/01/00 00:00:01"};
  for (const char* date : dates) {
    const double ms = static_cast<double>(import::parse_date(date).value() - zero_s) * 1000.0;
    EXPECT_EQ(date_of(ms), date);
  }
  EXPECT_EQ(date_of(1.0), "");                                          // not a whole second
  EXPECT_EQ(date_of(82.0 * 365.25 * 86'400'000.0 + 86'400'000.0), "");  // 2100
  EXPECT_EQ(date_of(-18.1 * 365.25 * 86'400'000.0), "");
}

}  // namespace
}  // namespace twins::fab
