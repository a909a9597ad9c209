#include "twins/fab/import/cell.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "twins/fab/import/text.hpp"

namespace twins::fab::import {
namespace {

// A table of one row with the columns A, B, C, D.
class OneRow {
 public:
  explicit OneRow(const std::string& cells)
      : table_("t.txt", "A\tB\tC\tD\tE\n" + cells + "\tx\n") {}
  [[nodiscard]] Cell a() const { return {table_, 0, {"A", 0}}; }
  [[nodiscard]] Cell b() const { return {table_, 0, {"B", 1}}; }
  [[nodiscard]] Cell c() const { return {table_, 0, {"C", 2}}; }
  [[nodiscard]] Cell d() const { return {table_, 0, {"D", 3}}; }

 private:
  Table table_;
};

std::string why_not(const std::string& cells, const std::function<void(const OneRow&)>& read) {
  const OneRow row(cells);
  try {
    read(row);
  } catch (const twin::core::Error& e) {
    return e.what();
  }
  return "read";
}

std::string number(const std::string& cell) {
  return why_not(cell, [](const OneRow& r) { static_cast<void>(r.a().not_negative()); });
}
std::string count(const std::string& cell) {
  return why_not(cell, [](const OneRow& r) { static_cast<void>(r.a().count(100)); });
}
std::string law(const std::string& cells) {
  return why_not(cells, [](const OneRow& r) { duration({r.a(), r.b(), r.c(), r.d()}); });
}

// A slip in a number would be read as another number, or be named without its place.
TEST(Cell, numbers) {
  EXPECT_EQ(OneRow("10.0").a().number(), 10.0);
  EXPECT_EQ(
      number("1O"),
      "t.txt:2, column A: '1O' is not a number (digits with a decimal point) did you mean 10?");
  EXPECT_EQ(number("ten"),
            "t.txt:2, column A: 'ten' is not a number (digits with a decimal point)");
  EXPECT_EQ(number("nan"),
            "t.txt:2, column A: 'nan' is not a number (digits with a decimal point)");
  EXPECT_EQ(number(""), "t.txt:2, column A: missing value (this cell must not be blank)");
  EXPECT_EQ(number("-1"), "t.txt:2, column A: '-1' is negative (zero or more is needed)");
  EXPECT_EQ(number("1e16"), "t.txt:2, column A: '1e16' is too large (at most 1e15)");
  EXPECT_EQ(OneRow("25.0").a().count(100), 25U);
  EXPECT_EQ(count("2.5"), "t.txt:2, column A: '2.5' is not a whole number (this is a count)");
  EXPECT_EQ(count("0"), "t.txt:2, column A: '0' is too small (at least 1)");
  EXPECT_EQ(count("101"), "t.txt:2, column A: '101' is too large (at most 100)");
}

// A time would be in the wrong unit, or run backwards.
TEST(Cell, times_have_a_unit) {
  for (const auto& [unit, ms] :
       {std::pair{"sec", 1e3}, {"min", 6e4}, {"hr", 3.6e6}, {"day", 8.64e7}}) {
    const OneRow row(std::string("2\t") + unit);
    EXPECT_EQ(time_ms(row.a(), row.b()), 2 * ms);
  }
  const auto time = [](const OneRow& r) { static_cast<void>(time_ms(r.a(), r.b())); };
  const auto interval = [](const OneRow& r) { static_cast<void>(interval_ms(r.a(), r.b())); };
  EXPECT_EQ(
      why_not("2\tmins", time),
      "t.txt:2, column B: unknown word 'mins' (it must be sec, min, hr or day) did you mean min?");
  EXPECT_EQ(why_not("2\t", time),
            "t.txt:2, column B: missing value (it must be sec, min, hr or day)");
  EXPECT_EQ(why_not("-2\tmin", time),
            "t.txt:2, column A: '-2' is negative (a time is zero or more)");
  EXPECT_EQ(why_not("1e12\tday", time),
            "t.txt:2, column A: '1e12' is too long (at most 3170 years)");
  EXPECT_EQ(why_not("0\tmin", interval),
            "t.txt:2, column A: '0' is too short (an interval lasts 1 ms or more)");
}

// The second number of a uniform time would be read as its upper end, or a negative time be drawn.
TEST(Cell, durations_have_a_law) {
  const OneRow uniform("uniform\t7.5\t2.5\tmin");
  EXPECT_EQ(duration({uniform.a(), uniform.b(), uniform.c(), uniform.d()}),
            (Duration{Duration::Law::Uniform, 450'000, 150'000}));
  const OneRow plain("\t3\t\thr");
  EXPECT_EQ(duration({plain.a(), plain.b(), plain.c(), plain.d()}),
            (Duration{Duration::Law::Constant, 3 * HourMs, 0}));
  const OneRow exponential("exponential\t10080\t0\tmin");
  EXPECT_EQ(duration({exponential.a(), exponential.b(), exponential.c(), exponential.d()}),
            (Duration{Duration::Law::Exponential, 7 * DayMs, 0}));
  EXPECT_EQ(law("uniform\t2\t3\tmin"),
            "t.txt:2, column C: half-width '3' exceeds the mean '2' (times would be negative)");
  EXPECT_EQ(law("uniform\t2\t\tmin"),
            "t.txt:2, column C: missing value (this cell must not be blank)");
  EXPECT_EQ(law("constant\t2\t1\tmin"),
            "t.txt:2, column C: half-width given for a law that has none (only a uniform time has "
            "one) did "
            "you mean uniform?");
  EXPECT_EQ(
      law("normal\t2\t1\tmin"),
      "t.txt:2, column A: unknown word 'normal' (it must be constant, uniform or exponential)");
}

// A probability, a flag or a date would be taken from a cell that holds none.
TEST(Cell, percentages_flags_dates_and_names) {
  EXPECT_EQ(OneRow("100").a().percent(), 1.0);
  EXPECT_EQ(OneRow("0.5").a().percent(), 0.005);
  const auto percent = [](const OneRow& r) { static_cast<void>(r.a().percent()); };
  EXPECT_EQ(why_not("0", percent),
            "t.txt:2, column A: '0' is no percentage (above 0 and at most 100)");
  EXPECT_EQ(why_not("101", percent),
            "t.txt:2, column A: '101' is no percentage (above 0 and at most 100)");
  EXPECT_TRUE(OneRow("yes").a().yes());
  EXPECT_FALSE(OneRow("no").a().yes());
  EXPECT_FALSE(OneRow("").a().yes());
  EXPECT_EQ(why_not("ye", [](const OneRow& r) { static_cast<void>(r.a().yes()); }),
            "t.txt:2, column A: 'ye' is neither yes nor no (blank means no) did you mean yes?");
  const std::int64_t zero = *parse_date("01/01/18 00:00:00");
  EXPECT_EQ(OneRow("01/02/18 00:00:01").a().date_ms(zero), DayMs + 1000);
  EXPECT_EQ(OneRow("12/31/17 00:00:00").a().date_ms(zero), -DayMs);
  EXPECT_EQ(why_not("02/30/18 00:00:00",
                    [&](const OneRow& r) { static_cast<void>(r.a().date_ms(zero)); }),
            "t.txt:2, column A: '02/30/18 00:00:00' is not a date (MM/DD/YY HH:MM:SS in the years "
            "2000 to 2099)");
  EXPECT_EQ(OneRow("DefMEt_FE_118").a().name(), "DefMEt_FE_118");
  EXPECT_NE(why_not(std::string(201, 'n'), [](const OneRow& r) { static_cast<void>(r.a().name()); })
                .find("is too long (a name has at most 200 bytes)"),
            std::string::npos);
}

}  // namespace
}  // namespace twins::fab::import
