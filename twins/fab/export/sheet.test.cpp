// One written file: header, cells in their columns, nothing behind the last one.
#include "twins/fab/export/sheet.hpp"

#include <gtest/gtest.h>

#include "twin/core/error.hpp"

namespace twins::fab {
namespace {

TEST(Sheet, WritesCellsInTheirColumns) {
  // Wrong: a time would be read as its unit's column.
  Sheet sheet({"NAME", "LAW", "TIME", "TIME2", "UNIT", "COUNT"});
  EXPECT_TRUE(sheet.empty());
  sheet.row();
  sheet.name("NAME", "a b").set("COUNT", std::uint64_t{3});
  sheet.duration({"LAW", "TIME", "TIME2", "UNIT"},
                 {Duration::Law::Uniform, 7.5 * MinuteMs, 2.5 * MinuteMs});
  sheet.row();
  sheet.name("NAME", "c").time("TIME", "UNIT", 1.0);  // 1 ms has no exact decimal in minutes
  EXPECT_FALSE(sheet.empty());
  EXPECT_EQ(sheet.text(),
            "NAME\tLAW\tTIME\tTIME2\tUNIT\tCOUNT\n"
            "a b\tuniform\t7.5\t2.5\tmin\t3\n"
            "c\t\t0.001\t\tsec\n");
}

TEST(Sheet, RefusesWhatCannotBeReadBack) {
  // Wrong: a name with a tab would move all cells behind it.
  Sheet sheet({"NAME", "LAW", "TIME", "UNIT"});
  sheet.row();
  for (const char* name : {"", " a", "a ", "a\tb", "a\nb", "~a"}) {
    EXPECT_THROW(sheet.name("NAME", name), twin::core::Error) << name;
  }
  EXPECT_THROW(
      sheet.duration({"LAW", "TIME", {}, "UNIT"}, {Duration::Law::Uniform, MinuteMs, MinuteMs}),
      twin::core::Error);
}

TEST(SheetDeathTest, ExpectsItsOwnColumns) {
  // Wrong: a slip in a column's name would lose the value silently.
  Sheet sheet({"NAME"});
  sheet.row();
  EXPECT_DEATH(sheet.set("NAEM", "x"), "expected");
}

}  // namespace
}  // namespace twins::fab
