#include "twin/event/csv.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "twin/core/error.hpp"
#include "twin/event/example.hpp"

namespace twin::event {
namespace {

constexpr std::uint64_t CsvSeed = 815;
constexpr const char* Header =
    "at,arrived,source,source_seq,kind,lot,wafers,carrier,tool,chamber,route,step,visit,recipe,job,"
    "item,value,unit,quality,raw_offset,raw_length\r\n";

std::string csv_of(const std::vector<Event>& events, const Names& names, CsvOptions options = {}) {
  std::ostringstream out;
  CsvWriter writer(out, names, options);
  for (const Event& e : events) writer.add(e);
  writer.flush();
  return out.str();
}

std::vector<Event> events_of(const std::string& text, Names& names, CsvOptions options = {}) {
  std::istringstream in(text);
  CsvReader reader(in, names, options);
  std::vector<Event> events;
  for (Event e; reader.next(e);) events.push_back(e);
  return events;
}

TEST(Csv, RoundTrip) {
  // If this failed, a log that went through a spreadsheet's format would be another log.
  const LogHeader header = example_header();
  std::vector<Event> events = ExampleFab(CsvSeed).take(500);
  for (std::uint32_t k = 0; k < 5'000; ++k) events.push_back(any_event({.seed = CsvSeed}, k));
  for (const auto time : {CsvOptions::Time::Iso, CsvOptions::Time::Millisecond}) {
    const CsvOptions options{.time = time, .time_zero_ms = header.time_zero_ms};
    Names names = header.names;
    const std::vector<Event> back = events_of(csv_of(events, names, options), names, options);
    ASSERT_EQ(back.size(), events.size());
    for (std::size_t k = 0; k < events.size(); ++k) {
      ASSERT_EQ(back[k], events[k]) << "seed " << CsvSeed << " event " << k;
      ASSERT_EQ(std::signbit(back[k].value), std::signbit(events[k].value)) << k;
    }
    EXPECT_EQ(names, header.names);
  }
}

TEST(Csv, WithoutNamesOnlyTheNumbersDiffer) {
  // If this failed, a file that is read without the log it came from would tell another story.
  const LogHeader header = example_header();
  const CsvOptions options{.time_zero_ms = header.time_zero_ms};
  const std::vector<Event> events = ExampleFab(CsvSeed).take(2'000);
  const std::string text = csv_of(events, header.names, options);
  Names names;
  EXPECT_EQ(csv_of(events_of(text, names, options), names, options), text);
}

TEST(Csv, LooksAsDocumented) {
  // If this failed, what people and other programs read from the file would change under their
  // hands.
  const LogHeader header = example_header();
  const CsvOptions options{.time_zero_ms = header.time_zero_ms};
  const Event e{.at = 60'000,
                .arrived = 60'250,
                .source_seq = 5,
                .value = 101.5,
                .raw_offset = 12,
                .raw_length = 34,
                .source = 0,
                .lot = 1,
                .wafers = 25,
                .carrier = 0,
                .tool = 2,
                .chamber = 0,
                .route = 1,
                .step = 12,
                .visit = 14,
                .recipe = 0,
                .job = 99,
                .item = 0,
                .kind = Kind::Measurement,
                .unit = Unit::Nanometre,
                .quality = Quality::Uncertain};
  EXPECT_EQ(
      csv_of({e, Event{}}, header.names, options),
      std::string(Header) +
          "2018-01-01T00:01:00.000Z,2018-01-01T00:01:00.250Z,model,5,measurement,\"with, "
          "comma\",25,FOUP-1,"
          "LITHO-01,ETCH-01/A,Route_4,12,14,\"poly, main "
          "etch\",99,thickness,101.5,nm,uncertain,12,34\r\n"
          "2018-01-01T00:00:00.000Z,2018-01-01T00:00:00.000Z,,0,unknown,,,,,,,,,,,,,,good,,\r\n");
}

TEST(Csv, QuotesAsRfc4180Says) {
  // If this failed, a name with a comma, a quote or a line end would shift all columns behind it.
  Names names;
  const std::string text =
      "kind,at,lot\n"
      "moved,1,\"a \"\"b\"\", c\"\r\n"
      "\n"
      "moved,2,\"line 1\nline 2\"\n"
      "moved,3,\"\"\n"
      "\"moved\",4,##x";
  const std::vector<Event> events = events_of(text, names);
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(names.name(Table::Lot, events[0].lot), "a \"b\", c");
  EXPECT_EQ(names.name(Table::Lot, events[1].lot), "line 1\nline 2");
  EXPECT_EQ(events[2].lot, None);
  EXPECT_EQ(names.name(Table::Lot, events[3].lot), "#x");
  EXPECT_EQ(events[3].arrived,
            4);  // a column that is missing says nothing, an arrival is then the event's time
}

TEST(Csv, LongNamesPass) {
  // If this failed, a name longer than the buffer would be cut or crash the export.
  Names names;
  names.add(Table::Lot, std::string(200'000, 'x') + ",");
  std::vector<Event> events(3, Event{.lot = 0, .kind = Kind::Moved});
  Names back = names;
  EXPECT_EQ(events_of(csv_of(events, names), back), events);
  EXPECT_EQ(back, names);
}

TEST(Csv, ManyLinesAcrossBuffers) {
  // If this failed, a line that lies across two reads would be torn.
  Names names;
  const std::vector<Event> events = ExampleFab(CsvSeed).take(20'000);
  const std::string text = csv_of(events, names);
  ASSERT_GT(text.size(), std::size_t{1} << 20);
  EXPECT_EQ(events_of(text, names), events);
}

TEST(Csv, MistakesAreSaidWithTheirPlace) {
  // If this failed, a user would have to look for the wrong cell among millions.
  struct Case {
    const char* text;
    const char* message;
  };
  const Case cases[] = {
      {"", "f.csv:1: the file is empty (its first line must name the columns)"},
      {"at,kind,tol\n",
       "f.csv:1: unknown column 'tol' (not a field of an event) did you mean 'tool'?"},
      {"1,moved\n",
       "f.csv:1: unknown column '1' (not a field of an event) is the header line missing?"},
      {"at,kind,at\n", "f.csv:1: column 'at' stands twice"},
      {"at,lot\n", "f.csv:1: column 'kind' is missing (every event has one)"},
      {"kind,lot\n", "f.csv:1: column 'at' is missing (every event has one)"},
      {"at,kind\n1,moved\n\n2\n",
       "f.csv:4: the line has 1 fields (the header line has 2) is a ',' in a name "
       "without quotes?"},
      {"at,kind\n1,moved,\n",
       "f.csv:2: the line has 3 fields (the header line has 2) is a ',' in a name without "
       "quotes?"},
      {"at,kind\n1,movd\n",
       "f.csv:2, column kind: kind = 'movd' (not a kind of event) did you mean 'moved'?"},
      {"at,kind\nnow,moved\n",
       "f.csv:2, column at: at = 'now' (must be ISO 8601 with an offset, "
       "\"2018-01-01T00:00:00.000Z\", or whole ms)"},
      {"at,kind\n,moved\n",
       "f.csv:2, column at: at = '' (must be ISO 8601 with an offset, "
       "\"2018-01-01T00:00:00.000Z\", or whole ms)"},
      {"at,kind\n2018-01-01T00:00:00,moved\n",
       "f.csv:2, column at: at = '2018-01-01T00:00:00' (must be a date and time with an offset and "
       "at most "
       "milliseconds, \"2018-01-01T00:00:00.000Z\")"},
      {"at,kind,wafers\n1,moved,-1\n",
       "f.csv:2, column wafers: wafers = '-1' (must be a whole number from 0 to 4294967295)"},
      {"at,kind,wafers\n1,moved,4294967296\n",
       "f.csv:2, column wafers: wafers = '4294967296' (must be a whole number from 0 to "
       "4294967295)"},
      {"at,kind,source_seq\n1,moved,1.5\n",
       "f.csv:2, column source_seq: source_seq = '1.5' (must be a whole number from 0 to "
       "18446744073709551615)"},
      {"at,kind,value\n1,moved,high\n", "f.csv:2, column value: value = 'high' (must be a number)"},
      {"at,kind,unit\n1,moved,NM\n",
       "f.csv:2, column unit: unit = 'NM' (not a unit of the schema; most are UCUM codes) did you "
       "mean 'nm'?"},
      {"at,kind,quality\n1,moved,fine\n",
       "f.csv:2, column quality: quality = 'fine' (must be good, uncertain, bad or substituted)"},
      {"at,kind,lot\n1,moved,#x\n",
       "f.csv:2, column lot: lot = 'x' (must be a name, or '#' and a number; a name "
       "that begins with '#' has two)"},
      {"at,kind,lot\n1,moved,A\n1,moved,#0\n",
       "f.csv:3, column lot: lot = '#0' (the number belongs to 'A')"},
      {"at,kind,lot\n1,moved,#1\n1,moved,A\n1,moved,B\n",
       "f.csv:4, column lot: lot = 'B' (its number 1 is in use as '#1')"},
      {"at,kind,lot\n1,moved,#4294967295\n",
       "f.csv:2, column lot: lot = '#4294967295' (this number means that there is none)"},
      {"at,kind,lot\n1,moved,\"A\n",
       "f.csv:2: a quoted field does not end (the file does) is a '\"' missing?"},
      {"at,kind,lot\n1,moved,\"A\"B\n",
       "f.csv:2: text follows a quoted field (only ',' or the line's end may)"},
      {"at,kind,lot\n1,moved,A\"B\n",
       "f.csv:2: a '\"' stands inside a field (it must be quoted and doubled)"},
      {"at,kind\n1,moved\r2,moved\n",
       "f.csv:2: a carriage return stands alone (lines end with CR LF or LF)"},
  };
  for (const Case& c : cases) {
    Names names;
    std::istringstream in(c.text);
    try {
      CsvReader reader(in, names, {}, "f.csv");
      for (Event e; reader.next(e);) {
      }
      ADD_FAILURE() << "not refused: " << c.text;
    } catch (const core::Error& e) {
      EXPECT_STREQ(e.what(), c.message);
    }
  }
}

TEST(Csv, SpreadsheetsMarkIsSkipped) {
  // If this failed, a file saved by a spreadsheet would have an unknown first column.
  Names names;
  EXPECT_EQ(events_of("\xEF\xBB\xBF"
                      "at,kind\r\n1,moved\r\n",
                      names)
                .size(),
            1U);
}

TEST(Csv, FullDiskIsTold) {
  // If this failed, an export would end well and be missing.
  std::ostringstream out;
  const Names names;
  CsvWriter writer(out, names);
  out.setstate(std::ios::badbit);
  EXPECT_THROW(writer.flush(), core::Error);
}

}  // namespace
}  // namespace twin::event
