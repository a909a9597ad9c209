// Times of provenance are the calendar's.
#include "twin/record/prov_time.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"

namespace twin::record {
namespace {

TEST(ProvTime, MomentsAreTheCalendars) {
  // A forecast would be dated to another day.
  EXPECT_EQ(moment_of(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(moment_of(1'514'764'800'001), "2018-01-01T00:00:00.001Z");
  EXPECT_EQ(moment_of(951'782'400'000 + 3'723'004), "2000-02-29T01:02:03.004Z");
  EXPECT_EQ(moment_of(-1), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(moment_of(-62'167'219'200'000), "0000-01-01T00:00:00.000Z");
  EXPECT_EQ(moment_of(253'402'300'799'999), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(contract::refusal([] { moment_of(253'402'300'800'000); }),
            "provenance: the time 253402300800000 ms since 1970 is in no year from 0000 to 9999");
}

TEST(ProvTime, KnowsAMomentFromATextThatLooksLikeOne) {
  // A document would be called well-typed that no other program reads.
  for (const char* good : {"2018-01-01T00:00:00.000Z", "2000-02-29T23:59:59Z",
                           "2018-01-01T00:00:00.123456+05:30", "2018-01-01T00:00:00-14:00"}) {
    EXPECT_TRUE(is_moment(good)) << good;
  }
  for (const char* bad :
       {"", "2018", "2018-01-01", "2018-01-01T00:00:00", "2018-13-01T00:00:00Z",
        "2018-02-29T00:00:00Z", "2018-01-01T24:00:00Z", "2018-01-01T00:60:00Z",
        "2018-01-01T00:00:60Z", "2018-01-01T00:00:00.Z", "2018-01-01T00:00:00+5:30",
        "2018-01-01T00:00:00+15:00", "2018-01-01T00:00:00+01:60", "2018-01-01 00:00:00Z",
        "2018-01-01T00:00:00Zz", "2018-01-01T00:00:00+01:0x"}) {
    EXPECT_FALSE(is_moment(bad)) << bad;
  }
}

TEST(ProvTime, ShownTextsFitALine) {
  // A message would be as long as the file, or clear the terminal.
  EXPECT_EQ(one_line("a\n\x1B[2J"), "a??[2J");
  EXPECT_EQ(one_line(std::string(1'000, 'x')).size(), 80U);
}

}  // namespace
}  // namespace twin::record
